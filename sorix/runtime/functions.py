"""Functions of tensors: ``sorix.exp(x)``, ``sorix.sum(x, dim=0)``, ``sorix.cat([x, y])``.

A function made by `_method`, whose meaning and argument names are those of a method of
Tensor, carries that in ``__sorix_method__``; where the NumPy function of that name means the
same, and in those made by `_numpy`, it stands in ``__sorix_lowers_to__``. By these the compiler
resolves a call. Arrays and numbers are accepted; the result is a Tensor in any case.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sorix import support
from sorix.runtime.creation import as_tensor
from sorix.runtime.record import apply, strip
from sorix.runtime.tensor import Tensor

Function = Callable[..., Any]


def tensor_of(result: Any) -> Any:
    """A result computed from arrays and numbers alone, as a tensor."""
    return as_tensor(result) if isinstance(result, np.ndarray | np.generic) else result


def _method(name: str, pytorch: bool = False) -> Function:
    def function(input: Any, *args: Any, **kwargs: Any) -> Any:
        x = input if isinstance(input, Tensor) else as_tensor(input)
        return getattr(x, name)(*args, **kwargs)

    lowers_to = getattr(np, name, None) or getattr(support, name, None)
    function.__sorix_method__ = name  # type: ignore[attr-defined]
    if lowers_to is not None and not pytorch:
        function.__sorix_lowers_to__ = lowers_to  # type: ignore[attr-defined]
    return _named(function, name, f"``{name}`` of a tensor, see `Tensor.{name}`; recorded.")


def _numpy(numpy: Function) -> Function:
    name = numpy.__name__

    def function(*args: Any, **kwargs: Any) -> Any:
        if "dim" in kwargs:
            kwargs["axis"] = kwargs.pop("dim")
        return tensor_of(apply(numpy, args, kwargs))

    function.__sorix_lowers_to__ = numpy  # type: ignore[attr-defined]
    text = f"``{name}``, with the arguments of NumPy's (``dim`` for ``axis``); recorded."
    return _named(function, name, text)


def _named(function: Function, name: str, text: str) -> Function:
    function.__name__ = function.__qualname__ = name
    function.__module__, function.__doc__ = "sorix", text
    return function


def cat(tensors: Any, dim: int = 0) -> Tensor:
    """The tensors joined along a dimension.

    Examples
    --------
    >>> import sorix
    >>> sorix.cat([sorix.zeros(1), sorix.ones(2)])
    tensor([0., 1., 1.])
    """
    return tensor_of(apply(np.concatenate, (tensors,), {"axis": dim} if dim else {}))


cat.__sorix_lowers_to__ = np.concatenate  # type: ignore[attr-defined]


def allclose(
    input: Any, other: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> bool:
    """Whether two tensors agree within ``atol + rtol * |other|``, element by element.

    Examples
    --------
    >>> import sorix
    >>> sorix.allclose(sorix.ones(2), sorix.ones(2) + 1e-9)
    True
    """
    return np.allclose(strip(input), strip(other), rtol, atol, equal_nan)


def is_tensor(obj: object) -> bool:
    """Whether an object is a Tensor.

    Examples
    --------
    >>> import sorix
    >>> sorix.is_tensor(sorix.ones(2)), sorix.is_tensor(1.0)
    (True, False)
    """
    return isinstance(obj, Tensor)


# Below this line builtins such as abs, sum and max are shadowed.

exp = _method("exp")
exp2 = _method("exp2")
expm1 = _method("expm1")
log = _method("log")
log1p = _method("log1p")
log2 = _method("log2")
log10 = _method("log10")
sqrt = _method("sqrt")
square = _method("square")
reciprocal = _method("reciprocal")
sin = _method("sin")
cos = _method("cos")
tan = _method("tan")
arcsin = _method("arcsin")
arccos = _method("arccos")
arctan = _method("arctan")
arctan2 = _method("arctan2")
sinh = _method("sinh")
cosh = _method("cosh")
tanh = _method("tanh")
arcsinh = _method("arcsinh")
arccosh = _method("arccosh")
arctanh = _method("arctanh")
abs = _method("abs")
absolute = _method("absolute")
sign = _method("sign")
floor = _method("floor")
ceil = _method("ceil")
trunc = _method("trunc")
hypot = _method("hypot")
logaddexp = _method("logaddexp")
maximum = _method("maximum")
minimum = _method("minimum")
clip = _method("clip")
clamp = _method("clamp")
sigmoid = _method("sigmoid")
relu = _method("relu")
softmax = _method("softmax")
log_softmax = _method("log_softmax")
logsumexp = _method("logsumexp")
isnan = _method("isnan")
isinf = _method("isinf")
isfinite = _method("isfinite")
matmul = _method("matmul")
dot = _method("dot")
outer = _method("outer")
norm = _method("norm")
sum = _method("sum")
mean = _method("mean")
prod = _method("prod")
max = _method("max")
min = _method("min")
amax = _method("amax")
amin = _method("amin")
any = _method("any")
all = _method("all")
argmax = _method("argmax")
argmin = _method("argmin")
cumsum = _method("cumsum")
cumprod = _method("cumprod")
reshape = _method("reshape")
ravel = _method("ravel")
flatten = _method("flatten")
permute = _method("permute")
swapaxes = _method("swapaxes")
squeeze = _method("squeeze")
unsqueeze = _method("unsqueeze")
flip = _method("flip")
roll = _method("roll")
tril = _method("tril")
triu = _method("triu")
diag = _method("diag")
diagonal = _method("diagonal")
trace = _method("trace")

# Where NumPy gives the name another meaning, or none.
std = _method("std", pytorch=True)
var = _method("var", pytorch=True)
transpose = _method("transpose", pytorch=True)
t = _method("t", pytorch=True)
tile = _method("tile", pytorch=True)
asin = _method("asin", pytorch=True)
acos = _method("acos", pytorch=True)
atan = _method("atan", pytorch=True)
atan2 = _method("atan2", pytorch=True)
asinh = _method("asinh", pytorch=True)
acosh = _method("acosh", pytorch=True)
atanh = _method("atanh", pytorch=True)

# NumPy's functions, with ``dim`` understood as ``axis``.
add = _numpy(np.add)
subtract = _numpy(np.subtract)
multiply = _numpy(np.multiply)
divide = _numpy(np.divide)
power = _numpy(np.power)
negative = _numpy(np.negative)
where = _numpy(np.where)
concatenate = _numpy(np.concatenate)
stack = _numpy(np.stack)
hstack = _numpy(np.hstack)
vstack = _numpy(np.vstack)
einsum = _numpy(np.einsum)
tensordot = _numpy(np.tensordot)
inner = _numpy(np.inner)
kron = _numpy(np.kron)
cross = _numpy(np.cross)
broadcast_to = _numpy(np.broadcast_to)
expand_dims = _numpy(np.expand_dims)
moveaxis = _numpy(np.moveaxis)
logical_and = _numpy(np.logical_and)
logical_or = _numpy(np.logical_or)
logical_not = _numpy(np.logical_not)
round = _numpy(np.round)
softplus = _numpy(support.softplus)
silu = _numpy(support.silu)
