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
    return total if initial is None else total + initial


@defines(np.prod)
def prod(
    a: Any, axis: Any = None, keepdims: Any = False, initial: Any = None, where: Any = True
) -> Any:
    a = array_of(a)
    chosen = a if where is True else np.where(array_of(where), a, 1)
    product = np.prod(chosen, axis=axis, keepdims=keepdims)
    return product if initial is None else product * initial


@defines(np.max, np.amax)
def max_(
    a: Any, axis: Any = None, keepdims: Any = False, initial: Any = None, where: Any = True
) -> Any:
    a = array_of(a)
    chosen = a if where is True else np.where(array_of(where), a, -np.inf)
    found = np.max(chosen, axis=axis, keepdims=keepdims)
    return found if initial is None else np.maximum(found, initial)


@defines(np.min, np.amin)
def min_(
    a: Any, axis: Any = None, keepdims: Any = False, initial: Any = None, where: Any = True
) -> Any:
    a = array_of(a)
    chosen = a if where is True else np.where(array_of(where), a, np.inf)
    found = np.min(chosen, axis=axis, keepdims=keepdims)
    return found if initial is None else np.minimum(found, initial)


@defines(np.mean)
def mean(a: Any, axis: Any = None, keepdims: Any = False, where: Any = True) -> Any:
    a = array_of(a)
    chosen = np.broadcast_to(array_of(where), np.shape(a))
    count = np.sum(chosen, axis=axis, keepdims=keepdims)
    return np.sum(np.where(chosen, a, 0.0), axis=axis, keepdims=keepdims) / count


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
    count = np.sum(chosen, axis=axis, keepdims=True)
    if mean is None:
        mean = np.sum(np.where(chosen, a, 0.0), axis=axis, keepdims=True) / count
    d = np.where(chosen, a - mean, 0.0)
    lost = ddof if correction is None else correction
    degrees = np.sum(chosen, axis=axis, keepdims=keepdims) - lost
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
    return np.sqrt(var(a, axis, ddof, keepdims, where, mean, correction))


@defines(np.apply_over_axes)
def apply_over_axes(func: Any, a: Any, axes: Any) -> Any:
    a = array_of(a)
    for axis in [axes] if isinstance(axes, int) else axes:
        reduced = func(a, axis)
        a = reduced if np.ndim(reduced) == np.ndim(a) else np.expand_dims(reduced, axis)
    return a
