"""``reduce``, ``accumulate`` and ``reduceat`` of any ufunc of two numbers, step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.primitives.definitions.kinds import array_of, axis_in, size_of

# Only of these does NumPy take several axes at once.
REORDERABLE = (
    *(np.add, np.multiply, np.maximum, np.minimum, np.fmax, np.fmin),
    *(np.logaddexp, np.logaddexp2, np.hypot, np.gcd, np.lcm),
    *(np.logical_and, np.logical_or, np.logical_xor),
    *(np.bitwise_and, np.bitwise_or, np.bitwise_xor),
)

SUMS = (np.add, np.multiply)
"""These take small integers, and truths, as integers of the machine's size."""


def reduce(
    ufunc: Any, array: Any, axis: Any = 0, keepdims: Any = False, initial: Any = None
) -> Any:
    """``ufunc.reduce(array, axis)``."""
    array = array_of(array)
    axes = _axes_of(ufunc, axis, np.ndim(array))
    parts = _in_result_dtype(ufunc, _along(array, axes))
    count = len(parts)
    if initial is not None:
        total, first = initial, 0
    elif count == 0:
        total, first = _identity(ufunc, parts), 0
    else:
        total, first = parts[0], 1
    for k in range(first, count):
        total = ufunc(total, parts[k])
    return np.expand_dims(total, axes) if keepdims and axes else total


def _axes_of(ufunc: Any, axis: Any, rank: Any) -> Any:
    """The axes to reduce, counted from 0."""
    given = tuple(axis) if isinstance(axis, list | tuple) else (axis,)
    if axis is None:
        given = tuple(range(rank))
    elif rank == 0 and (axis == 0 or axis == -1):
        given = ()
    axes = tuple([axis_in(one, rank) for one in given])
    if len(set(axes)) < len(axes):
        raise ValueError("duplicate value in 'axis'")
    if len(axes) > 1 and ufunc not in REORDERABLE:
        raise ValueError("the operation is not reorderable, so at most one axis may be specified")
    return axes


def _along(array: Any, axes: Any) -> Any:
    """An array of the parts that a reduction takes together."""
    if len(axes) == 1:
        return np.moveaxis(array, axes[0], 0)
    moved = np.moveaxis(array, axes, tuple(range(len(axes))))
    shape = np.shape(moved)
    return np.reshape(moved, (size_of(shape[: len(axes)]), *shape[len(axes) :]))


def _in_result_dtype(ufunc: Any, parts: Any) -> Any:
    """Integers in the dtype of their result, which one of them alone has, too."""
    if parts.dtype.kind == "f":
        return parts
    dtype = np.sum(parts).dtype if ufunc in SUMS else ufunc(parts, parts).dtype
    return parts if dtype == parts.dtype else parts.astype(dtype)


def _identity(ufunc: Any, parts: Any) -> Any:
    """What NumPy gives for no parts at all."""
    if ufunc.identity is None:
        raise ValueError("zero-size array to a reduction operation which has no identity")
    return np.full(np.shape(parts)[1:], ufunc.identity, dtype=parts.dtype)[()]


def accumulate(ufunc: Any, array: Any, axis: Any = 0) -> Any:
    """``ufunc.accumulate(array, axis)``."""
    array = array_of(array)
    if np.ndim(array) == 0:
        raise TypeError("cannot accumulate on a scalar")
    along = axis_in(axis, np.ndim(array))
    parts = _in_result_dtype(ufunc, np.moveaxis(array, along, 0))
    if len(parts) == 0:
        return ufunc(array, array)
    total = parts[0]
    found = [total]
    for k in range(1, len(parts)):
        total = ufunc(total, parts[k])
        found.append(total)
    return np.moveaxis(np.stack(found), 0, along)


def reduceat(ufunc: Any, array: Any, indices: Any, axis: Any = 0) -> Any:
    """``ufunc.reduceat(array, indices, axis)``."""
    parts = _in_result_dtype(ufunc, np.moveaxis(array_of(array), axis, 0))
    starts = array_of(indices)
    found = []
    for k in range(len(starts)):
        stop = starts[k + 1] if k + 1 < len(starts) else len(parts)
        total = parts[starts[k]]
        for i in range(starts[k] + 1, stop):
            total = ufunc(total, parts[i])
        found.append(total)
    return np.moveaxis(np.stack(found), 0, axis)


DEFINED: dict[str, Callable[..., Any]] = {
    "reduce": reduce,
    "accumulate": accumulate,
    "reduceat": reduceat,
}
