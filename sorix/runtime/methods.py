"""The methods of tensors, from the table that the compiler reads as well.

They have PyTorch's names and meanings, with NumPy's names (``axis=``, ``keepdims=``) accepted.
Where the two libraries give one name different meanings (``std``, ``transpose(0, 1)``,
``repeat``), PyTorch's holds, except inside `as_arrays`, where tensors stand in for the arrays
of a NumPy program.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from sorix import support
from sorix.errors import DTypeError, UnsupportedMethodError
from sorix.primitives.methods import METHODS, TENSOR_METHODS, method_call
from sorix.primitives.table import rule_of
from sorix.runtime.inplace import PRIVATE, adopt
from sorix.runtime.modes import array_meaning
from sorix.runtime.record import apply, unary
from sorix.runtime.tape import Op, op_of

if TYPE_CHECKING:
    from sorix.runtime.tensor import Tensor

Method = Callable[..., Any]


def flat_shape(shape: tuple[Any, ...]) -> tuple[int, ...]:
    """``(2, 3)`` from ``f(2, 3)``, ``f((2, 3))`` or ``f([2, 3])``."""
    if len(shape) == 1 and isinstance(shape[0], tuple | list):
        shape = tuple(shape[0])
    return tuple(int(n) for n in shape)


def viewed(x: Any, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """``function(x, ...)``, which writes will keep in step with `x` if it shares its memory."""
    return viewed_by(x, lambda parent: apply(function, (parent, *args), options))


def viewed_by(x: Any, view: Callable[[Any], Any]) -> Any:
    """``view(x)``, in step with `x` likewise."""
    out = view(x)
    if x._family is PRIVATE:
        return out
    if type(out) in (tuple, list):
        for i, part in enumerate(out):
            _adopt(part, x, lambda parent, i=i: view(parent)[i])
    else:
        _adopt(out, x, view)
    return out


def _adopt(out: Any, x: Any, remake: Callable[..., Any]) -> None:
    if hasattr(out, "_node") and _shares_memory(out._data, x._data) and not _is_number(x):
        adopt(out, x, remake)


def _is_number(x: Any) -> bool:
    """Whether a tensor stands in for an element taken out of an array, which has no views."""
    owner = x._family is None or x._family.parent is None
    return array_meaning() and not x._data.ndim and owner


def _shares_memory(out: np.ndarray, x: np.ndarray) -> bool:
    return out is x or (out.base is not None and np.may_share_memory(out, x))


_TRANSPOSE = op_of(np.transpose)


def _transposed(x: Any) -> Any:
    return unary(_TRANSPOSE, x)


class Methods:
    """What Tensor inherits its methods from; `METHODS` and `TENSOR_METHODS` add the rest."""

    __slots__ = ()

    _data: np.ndarray
    _family: Any

    if TYPE_CHECKING:
        abs: Method
        all: Method
        any: Method
        argmax: Method
        argmin: Method
        clamp: Method
        clip: Method
        clone: Method
        copy: Method
        cos: Method
        cumsum: Method
        diagonal: Method
        dot: Method
        exp: Method
        flatten: Method
        log: Method
        matmul: Method
        max: Method
        mean: Method
        min: Method
        mm: Method
        norm: Method
        permute: Method
        pow: Method
        prod: Method
        ravel: Method
        relu: Method
        repeat: Method
        reshape: Method
        sigmoid: Method
        sin: Method
        softmax: Method
        sqrt: Method
        square: Method
        squeeze: Method
        std: Method
        sum: Method
        swapaxes: Method
        t: Method
        tanh: Method
        transpose: Method
        unsqueeze: Method
        var: Method
        view: Method
        where: Method

    @property
    def T(self) -> Tensor:
        """The tensor with its dimensions in reverse order."""
        if self._family is PRIVATE:
            return unary(_TRANSPOSE, self)
        out = unary(_TRANSPOSE, self)
        adopt(out, self, _transposed)
        return out

    @property
    def mT(self) -> Tensor:
        """The tensor with its last two dimensions swapped."""
        return viewed(self, np.swapaxes, -1, -2)

    def expand(self, *sizes: Any) -> Tensor:
        """The tensor broadcast to a shape, in which -1 keeps a dimension."""
        wide, own = flat_shape(sizes), self._data.shape
        lead = len(wide) - len(own)
        full = tuple(own[i - lead] if n == -1 else n for i, n in enumerate(wide))
        return viewed(self, np.broadcast_to, full)

    def broadcast_to(self, *shape: Any) -> Tensor:
        """The tensor broadcast to a shape."""
        return viewed(self, np.broadcast_to, flat_shape(shape))

    def astype(self, dtype: Any, *, copy: bool = True) -> Tensor:
        """The tensor in another dtype; itself if it has that already and need not be a copy."""
        wanted = np.dtype(dtype)
        if not copy and wanted == self._data.dtype:
            return self  # type: ignore[return-value]
        if wanted.kind not in "biufc":
            raise DTypeError(f"a Tensor holds numbers: it cannot be turned into dtype {wanted}")
        return apply(support.cast, (self, wanted), {})

    def to(self, dtype: Any) -> Tensor:
        """The tensor in another dtype; itself if it has that already."""
        try:
            wanted = np.dtype(dtype)
        except TypeError as error:
            raise DTypeError(f"to() takes a dtype, not {dtype!r}") from error
        return self.astype(wanted, copy=False)

    type = to

    def float(self) -> Tensor:
        """The tensor in float32."""
        return self.to(np.float32)

    def double(self) -> Tensor:
        """The tensor in float64."""
        return self.to(np.float64)

    def int(self) -> Tensor:
        """The tensor in int32."""
        return self.to(np.int32)

    def long(self) -> Tensor:
        """The tensor in int64."""
        return self.to(np.int64)

    def bool(self) -> Tensor:
        """The tensor as truth values."""
        return self.to(np.bool_)


def _short(name: str) -> Op | None:
    """The operation of a method that, without arguments, is one of one argument, and no view."""
    x = object()
    try:
        call = method_call(name, (x,), {}, tensor=True)
    except TypeError:
        return None
    if call is None or call != (call[0], (x,), {}):
        return None
    rule = rule_of(call[0])
    if rule is not None and (rule.kind == "elementwise" or call[0] in _NEVER_VIEWS):
        return op_of(call[0])
    return None


_NEVER_VIEWS = {np.sum, np.mean, np.prod, np.max, np.min, np.amax, np.amin, np.copy}


_ITSELF = {"view", "conj", "conjugate"}
"""Methods that give a NumPy array of real numbers back, or a view of all of it."""


def _method(name: str) -> Method:
    short = _short(name)

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        if short is not None and not args and not kwargs:
            return unary(short, self)
        tensor = not array_meaning()
        if name in _ITSELF and not tensor and not args and not kwargs:
            return self[...]
        if name == "view" and not tensor:
            raise UnsupportedMethodError(
                "view() of a Tensor with a dtype or a class. Hint: use astype(), or a function of "
                "NumPy that has a derivative rule."
            )
        call = method_call(name, (self, *args), kwargs, tensor=tensor)
        if call is None:
            call = method_call(name, (self, *args), kwargs, tensor=True)
            assert call is not None
        function, arguments, options = call
        if name == "flatten" and not tensor:
            return apply(np.copy, (apply(function, arguments, options),), {"order": "C"})
        if kwargs.get("copy") is True and function is np.reshape:
            return apply(np.copy, (apply(function, arguments, options),), {"order": "C"})
        if arguments[0] is self:
            return viewed(self, function, *arguments[1:], **options)
        return apply(function, arguments, options)

    method.__name__, method.__qualname__ = name, f"Tensor.{name}"
    method.__doc__ = f"``{name}``, as of PyTorch's tensors or NumPy's arrays, recorded."
    return method


def _add_from_table() -> None:
    for name in METHODS | TENSOR_METHODS:
        if name not in _OWN and not hasattr(Methods, name):
            setattr(Methods, name, _method(name))


# Written out in Tensor or Operators: they are no calls of primitives there.
_OWN = {"item", "__len__", "__abs__", "size", "dim", "numel", "contiguous"}

_add_from_table()
