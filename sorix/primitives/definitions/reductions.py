"""Reductions with ``where=`` and ``initial=``, which their rules do not take."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.primitives.definitions.kinds import array_of
from sorix.primitives.definitions.registry import defines


@defines(np.sum)
def sum_(
    a: Any, axis: Any = None, keepdims: Any = False, initial: Any = None, where: Any = True
) -> Any:
    a = array_of(a)
    chosen = a if where is True else np.where(array_of(where), a, 0)
    total = np.sum(chosen, axis=axis, keepdims=keepdims)
    return total if initial is None else _started(np.add, total, initial)


def _started(function: Any, total: Any, initial: Any) -> Any:
    """A result with what it begins with, which is of its dtype: 0.5 adds 0 to integers."""
    found = function(total, initial)
    if found.dtype == total.dtype:
        return found
    return function(total, np.array(initial, dtype=total.dtype))


@defines(np.prod)
def prod(
    a: Any, axis: Any = None, keepdims: Any = False, initial: Any = None, where: Any = True
) -> Any:
    a = array_of(a)
    chosen = a if where is True else np.where(array_of(where), a, 1)
    product = np.prod(chosen, axis=axis, keepdims=keepdims)
    return product if initial is None else _started(np.multiply, product, initial)


@defines(np.max, np.amax)
def max_(
    a: Any, axis: Any = None, keepdims: Any = False, initial: Any = None, where: Any = True
) -> Any:
    a = array_of(a)
    chosen = a if where is True else np.where(array_of(where), a, _least(a, initial, -np.inf))
    if initial is not None and a.size == 0:
        return _only_started(chosen, axis, keepdims, initial)
    found = np.max(chosen, axis=axis, keepdims=keepdims)
    return found if initial is None else _started(np.maximum, found, initial)


def _only_started(a: Any, axis: Any, keepdims: Any, initial: Any) -> Any:
    """Of nothing, what it begins with: without it NumPy has no extreme of no elements."""
    return _started(np.add, np.sum(a, axis=axis, keepdims=keepdims, dtype=a.dtype), initial)


def _least(a: Any, initial: Any, least: Any) -> Any:
    """What stands where nothing is chosen: of integers what the search begins with."""
    return least if a.dtype.kind == "f" else np.array(initial, dtype=a.dtype)


@defines(np.min, np.amin)
def min_(
    a: Any, axis: Any = None, keepdims: Any = False, initial: Any = None, where: Any = True
) -> Any:
    a = array_of(a)
    chosen = a if where is True else np.where(array_of(where), a, _least(a, initial, np.inf))
    if initial is not None and a.size == 0:
        return _only_started(chosen, axis, keepdims, initial)
    found = np.min(chosen, axis=axis, keepdims=keepdims)
    return found if initial is None else _started(np.minimum, found, initial)


@defines(np.mean)
def mean(a: Any, axis: Any = None, keepdims: Any = False, where: Any = True) -> Any:
    a = array_of(a)
    chosen = np.broadcast_to(array_of(where), np.shape(a))
    count = _count(a, chosen, axis, keepdims)
    return np.sum(np.where(chosen, a, 0.0), axis=axis, keepdims=keepdims) / count


def _count(a: Any, chosen: Any, axis: Any, keepdims: Any) -> Any:
    """How many are chosen, in a dtype by which float32 can be divided."""
    if a.dtype == np.float32:
        return np.sum(chosen, axis=axis, keepdims=keepdims, dtype=np.float32)
    return np.sum(chosen, axis=axis, keepdims=keepdims)


@defines(np.var)
def var(
    a: Any,
    axis: Any = None,
    ddof: Any = 0,
    keepdims: Any = False,
    where: Any = True,
    mean: Any = None,
    correction: Any = None,
) -> Any:
    a = array_of(a)
    chosen = np.broadcast_to(array_of(where), np.shape(a))
    count = _count(a, chosen, axis, True)
    if mean is None:
        mean = np.sum(np.where(chosen, a, 0.0), axis=axis, keepdims=True) / count
    d = np.where(chosen, a - mean, 0.0)
    lost = ddof if correction is None else correction
    degrees = _count(a, chosen, axis, keepdims) - lost
    return np.sum(d * d, axis=axis, keepdims=keepdims) / degrees


@defines(np.std)
def std(
    a: Any,
    axis: Any = None,
    ddof: Any = 0,
    keepdims: Any = False,
    where: Any = True,
    mean: Any = None,
    correction: Any = None,
) -> Any:
    variance = var(a, axis, ddof, keepdims, where, mean, correction)
    # The derivative is 0 where all are equal.
    equal = variance == 0
    return np.where(equal, 0.0, np.sqrt(np.where(equal, 1.0, variance)))[()]


@defines(np.apply_over_axes)
def apply_over_axes(func: Any, a: Any, axes: Any) -> Any:
    a = array_of(a)
    for axis in [axes] if isinstance(axes, int) else axes:
        reduced = func(a, axis)
        a = reduced if np.ndim(reduced) == np.ndim(a) else np.expand_dims(reduced, axis)
    return a
