"""NumPy's functions called with tensors: recorded where there is a rule, refused otherwise."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.errors import DTypeError, UnsupportedFunctionError, withdraw
from sorix.primitives.definitions import arranged, definition_of, ufunc_methods
from sorix.primitives.outs import with_out_named
from sorix.primitives.table import rule_of
from sorix.primitives.versions import numpy_functions
from sorix.runtime import inplace
from sorix.runtime.methods import viewed_by
from sorix.runtime.record import apply, edge_of, refuse_out, strip, unary
from sorix.runtime.tape import op_of
from sorix.support import add_at

_REDUCTIONS: dict[Any, Callable[..., Any]] = {
    np.add: np.sum,
    np.multiply: np.prod,
    np.maximum: np.max,
    np.minimum: np.min,
    np.logical_and: np.all,
    np.logical_or: np.any,
}
_ACCUMULATIONS: dict[Any, Callable[..., Any]] = {np.add: np.cumsum, np.multiply: np.cumprod}

_WITHOUT_VALUES = {np.shape, np.ndim, np.size, np.array_repr, np.array_str, np.array2string}


def as_ndarray(value: Any) -> np.ndarray:
    """The values of a tensor or array, shared; anything else as a new array."""
    array = np.asarray(strip(value))
    if array.dtype.kind not in "fiubc":
        raise DTypeError(
            f"can't convert values of dtype {array.dtype} to a Tensor. The only supported types "
            "are floats, integers and bool."
        )
    return array


def call_ufunc(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: Any) -> Any:
    """What ``Tensor.__array_ufunc__`` does."""
    if method == "__call__" and not kwargs:
        if len(inputs) == 1 and op_of(ufunc).kind == "elementwise":
            return unary(op_of(ufunc), inputs[0])
        return apply(ufunc, inputs, kwargs)
    refuse_out(ufunc, kwargs)
    if method == "__call__":
        return apply(ufunc, inputs, kwargs)
    if method == "at" and ufunc is np.add and hasattr(inputs[0], "_node"):
        inplace.require_writable(inputs[0])
        return inplace.store_at(inputs[0], ..., apply(add_at, inputs, {}))
    table = {"reduce": _REDUCTIONS, "accumulate": _ACCUMULATIONS}.get(method, {})
    function = table.get(ufunc)
    defined = ufunc_methods.DEFINED.get(method)
    if function is None and defined is not None and ufunc.nin == 2:
        if kwargs.keys() <= inspect.signature(defined).parameters.keys():
            return defined(ufunc, *inputs, **kwargs)
    if function is None:
        raise UnsupportedFunctionError(
            f"np.{ufunc.__name__}.{method} has no derivative rule, so it cannot take a Tensor."
        )
    options = {name: value for name, value in kwargs.items() if name != "out"}
    if len(inputs) < 2:
        options.setdefault("axis", 0)
    return apply(function, inputs, options)


def call_numpy(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """What ``Tensor.__array_function__`` does."""
    if function is np.ndim and args:
        return args[0]._data.ndim
    if function in _WITHOUT_VALUES:
        return function(*map(strip, args), **kwargs)
    refuse_out(function, with_out_named(function, args, kwargs)[1])
    if function is np.copyto and hasattr(args[0], "_node") and len(args) == 2 and not kwargs:
        return inplace.store_at(args[0], ..., args[1])
    if function in _CASTS and kwargs.get("copy") is False:
        return args[0].to(*args[1:], *(kwargs[k] for k in kwargs if k == "dtype"))
    if function is np.lib.stride_tricks.sliding_window_view:
        raise UnsupportedFunctionError(
            "np.lib.stride_tricks.sliding_window_view makes a view that is not followed, so it "
            "cannot take a Tensor. Hint: index with np.arange(n - w + 1)[:, None] + np.arange(w)."
        )
    definition = definition_of(function)
    if definition is not None and (
        rule_of(function) is None or _of_several(function, args, kwargs)
    ):
        return _by_definition(function, args, kwargs)
    try:
        if function is np.reshape and kwargs.get("copy") is True:
            return apply(np.copy, (apply(function, args, kwargs),), {"order": "C"})
        if function is np.einsum and len(args) == 2 and hasattr(args[1], "_node"):
            return viewed_by(args[1], lambda x: apply(function, (args[0], x), kwargs))
        if args and hasattr(args[0], "_node") and edge_of(args[1:]) is None:
            return viewed_by(args[0], lambda parent: apply(function, (parent, *args[1:]), kwargs))
        return apply(function, args, kwargs)
    except UnsupportedFunctionError as refusal:
        if definition is None:
            raise
        withdraw(refusal)
        return _by_definition(function, args, kwargs)


def _by_definition(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    args, kwargs = arranged(function, args, kwargs)  # type: ignore[assignment]
    return definition_of(function)(*args, **kwargs)  # type: ignore[misc]


_CASTS = numpy_functions("astype")


def _of_several(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> bool:
    """Whether several quantiles are asked for at once, or a product of vectors in a plane; the
    rules are of one, and of vectors in space."""
    if function is np.cross:
        return any(2 in np.shape(a)[-1:] for a in args[:2]) or bool(kwargs)
    if function in (np.median, np.quantile, np.percentile, np.average):
        if isinstance(kwargs.get("axis", args[-1]), tuple):
            return True
    if function not in (np.quantile, np.percentile):
        return False
    return np.ndim(args[1] if len(args) > 1 else kwargs.get("q", 0)) > 0
