"""The methods and properties of arrays and Tensors, as calls of primitives.

``METHODS`` are ndarray's; ``TENSOR_METHODS`` are those that Tensor adds, or gives another
meaning, after PyTorch (``dim=``, ``keepdim=``, ``x.transpose(0, 1)``, an unbiased ``x.std()``).
``PROPERTIES`` are read without a call. Methods that write into the array are not here.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

import sorix.support as support

Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
Adapter = Callable[..., Call]


def method_call(
    name: str, args: Sequence[Any], kwargs: Mapping[str, Any], tensor: bool = False
) -> Call | None:
    """The primitive call that ``args[0].name(*args[1:], **kwargs)`` stands for.

    Parameters
    ----------
    name
        Of the method.
    args
        The object itself, then the arguments.
    kwargs
        The arguments by name.
    tensor
        Whether the object is a Tensor.

    Returns
    -------
    (function, args, kwargs), not yet in canonical form; None where the name is not known.

    Examples
    --------
    >>> fn, args, kwargs = method_call("reshape", ("x", 2, 3), {})
    >>> fn.__name__, args
    ('reshape', ('x', (2, 3)))
    """
    adapter = (TENSOR_METHODS.get(name) if tensor else None) or METHODS.get(name)
    return None if adapter is None else adapter(*args, **kwargs)


def _plain(fn: Callable[..., Any], **renamed: str) -> Adapter:
    """The same arguments, with keywords renamed."""

    def adapt(*args: Any, **kwargs: Any) -> Call:
        return fn, args, {renamed.get(name, name): value for name, value in kwargs.items()}

    return adapt


def _packed(fn: Callable[..., Any], keyword: str) -> Adapter:
    """``x.f(2, 3)`` and ``x.f((2, 3))`` alike; without arguments, none."""

    def adapt(x: Any, *sizes: Any, **kwargs: Any) -> Call:
        if keyword in kwargs:
            sizes = (kwargs.pop(keyword),)
        packed = sizes[0] if len(sizes) == 1 else sizes
        return fn, (x, packed) if sizes else (x,), kwargs

    return adapt


def _reduction(fn: Callable[..., Any]) -> Adapter:
    """PyTorch's ``x.sum(dim, keepdim)``, with NumPy's names accepted as well."""

    def adapt(x: Any, dim: Any = None, keepdim: Any = None, **kwargs: Any) -> Call:
        dim = kwargs.pop("axis", dim)
        keepdim = kwargs.pop("keepdims", keepdim)
        if isinstance(dim, list):
            dim = tuple(dim)
        if dim is not None:
            kwargs["axis"] = dim
        if keepdim is not None:
            kwargs["keepdims"] = keepdim
        return fn, (x,), kwargs

    return adapt


def _spread(fn: Callable[..., Any]) -> Adapter:
    """PyTorch's ``x.var(dim, unbiased, keepdim)``: the divisor is n - 1 unless asked otherwise."""
    reduce = _reduction(fn)

    def adapt(x: Any, *args: Any, unbiased: bool = True, **kwargs: Any) -> Call:
        if args and isinstance(args[0], bool):
            unbiased, args = args[0], args[1:]
        if "ddof" not in kwargs:
            kwargs["ddof"] = kwargs.pop("correction", 1 if unbiased else 0)
        return reduce(x, *args, **kwargs)

    return adapt


def _swap(x: Any, *dims: Any, dim0: Any = 0, dim1: Any = 1, axes: Any = None) -> Call:
    """PyTorch's ``x.transpose(0, 1)`` swaps two axes; NumPy's forms mean what they mean there."""
    if axes is not None or len(dims) not in (0, 2):
        return np.transpose, (x, *((axes,) if axes is not None else dims[:1])), {}
    first, second = dims if dims else (dim0, dim1)
    return np.swapaxes, (x, first, second), {}


def _compress(x: Any, condition: Any, axis: Any = None) -> Call:
    return np.compress, (condition, x), {"axis": axis}


def _clamp(x: Any, min: Any = None, max: Any = None) -> Call:
    return np.clip, (x, min, max), {}


def _masked_fill(x: Any, mask: Any, value: Any) -> Call:
    return np.where, (mask, value, x), {}


def _where(x: Any, condition: Any, other: Any) -> Call:
    return np.where, (condition, x, other), {}


def _gather(x: Any, dim: Any, index: Any) -> Call:
    return np.take_along_axis, (x, index), {"axis": dim}


def _rsqrt(x: Any) -> Call:
    return operator.pow, (x, -0.5), {}


def _cast_to(dtype: Any) -> Adapter:
    def adapt(x: Any) -> Call:
        return support.cast, (x, dtype), {}

    return adapt


def _norm(x: Any, p: Any = None, dim: Any = None, keepdim: bool = False, **kwargs: Any) -> Call:
    """PyTorch flattens a matrix whose norm is asked for without `dim`."""
    if p in (None, 2, "fro") and dim is None and not keepdim and not kwargs:
        return np.linalg.norm, (x,), {}
    options = {"ord": p, "axis": dim, "keepdims": keepdim}
    return np.linalg.norm, (x,), {**options, **kwargs}


def _size(x: Any, dim: Any = None) -> Call:
    if dim is None:
        return np.shape, (x,), {}
    return np.size, (x, dim), {}


def _expand(x: Any, *sizes: Any) -> Call:
    return np.broadcast_to, (x, sizes[0] if len(sizes) == 1 else sizes), {}


def _copy(x: Any, order: str = "C") -> Call:
    """The method's order is C where ``np.copy`` keeps that of its argument."""
    return np.copy, (x,), {"order": order}


def _named(module: Any, names: str) -> dict[str, Adapter]:
    return {name: _plain(getattr(module, name)) for name in names.split()}


METHODS: dict[str, Adapter] = {
    **_named(np, "sum mean max min prod std var any all argmax argmin argsort cumsum cumprod"),
    **_named(np, "round trace diagonal repeat take dot squeeze swapaxes ravel conj conjugate"),
    **_named(np, "nonzero searchsorted clip"),
    "compress": _compress,
    "copy": _copy,
    "reshape": _packed(np.reshape, "shape"),
    "transpose": _packed(np.transpose, "axes"),
    "flatten": _plain(np.ravel),
    "astype": _plain(support.cast),
    "item": _plain(support.item),
    "__len__": _plain(len),
    "__abs__": _plain(operator.abs),
}

PROPERTIES: dict[str, Callable[..., Any]] = {
    "T": np.transpose,
    "mT": np.matrix_transpose,
    "shape": np.shape,
    "ndim": np.ndim,
    "size": np.size,
    "dtype": support.dtype_of,
}

TENSOR_METHODS: dict[str, Adapter] = {
    name: _reduction(getattr(np, name))
    for name in "sum mean prod max min amax amin any all argmax argmin".split()
}
TENSOR_METHODS |= {
    name: _plain(getattr(np, name))
    for name in (
        "exp exp2 expm1 log log1p log2 log10 sin cos tan arcsin arccos arctan sinh cosh tanh "
        "arcsinh arccosh arctanh sqrt square reciprocal sign floor ceil trunc abs hypot arctan2 "
        "maximum minimum fmax fmin matmul outer isnan isinf isfinite tril triu diag logaddexp "
        "sinc deg2rad rad2deg positive negative nan_to_num"
    ).split()
}
TENSOR_METHODS |= {
    "asin": _plain(np.arcsin),
    "acos": _plain(np.arccos),
    "atan": _plain(np.arctan),
    "atan2": _plain(np.arctan2),
    "asinh": _plain(np.arcsinh),
    "acosh": _plain(np.arccosh),
    "atanh": _plain(np.arctanh),
    "absolute": _plain(np.absolute),
    "neg": _plain(operator.neg),
    "add": _plain(operator.add),
    "sub": _plain(operator.sub),
    "mul": _plain(operator.mul),
    "multiply": _plain(operator.mul),
    "div": _plain(operator.truediv),
    "divide": _plain(operator.truediv),
    "pow": _plain(operator.pow, exponent="b"),
    "rsqrt": _rsqrt,
    "eq": _plain(operator.eq),
    "ne": _plain(operator.ne),
    "lt": _plain(operator.lt),
    "le": _plain(operator.le),
    "gt": _plain(operator.gt),
    "ge": _plain(operator.ge),
    "mm": _plain(np.matmul),
    "bmm": _plain(np.matmul),
    "mv": _plain(np.matmul),
    "std": _spread(np.std),
    "var": _spread(np.var),
    "norm": _norm,
    "sigmoid": _plain(support.sigmoid),
    "relu": _plain(support.relu),
    "softmax": _plain(support.softmax, dim="axis"),
    "log_softmax": _plain(support.log_softmax, dim="axis"),
    "logsumexp": _reduction(support.logsumexp),
    "view": _packed(np.reshape, "shape"),
    "permute": _packed(np.transpose, "dims"),
    "transpose": _swap,
    "t": _plain(np.transpose),
    "unsqueeze": _plain(np.expand_dims, dim="axis"),
    "squeeze": _plain(np.squeeze, dim="axis"),
    "expand": _expand,
    "expand_as": _plain(support.broadcast_like),
    "view_as": _plain(support.reshape_like),
    "reshape_as": _plain(support.reshape_like),
    "repeat": _packed(np.tile, "repeats"),
    "tile": _packed(np.tile, "dims"),
    "clamp": _clamp,
    "clip": _clamp,
    "cumsum": _plain(np.cumsum, dim="axis"),
    "cumprod": _plain(np.cumprod, dim="axis"),
    "flip": _packed(np.flip, "dims"),
    "roll": _plain(np.roll, shifts="shift", dims="axis"),
    "clone": _plain(np.copy),
    "contiguous": _plain(np.copy),
    "float": _cast_to(np.float32),
    "double": _cast_to(np.float64),
    "numel": _plain(np.size),
    "dim": _plain(np.ndim),
    "size": _size,
    "where": _where,
    "masked_fill": _masked_fill,
    "gather": _gather,
    "unbind": _plain(support.unstack, dim="axis"),
    "det": _plain(np.linalg.det),
    "inverse": _plain(np.linalg.inv),
    "diff": _plain(np.diff, dim="axis"),
}
