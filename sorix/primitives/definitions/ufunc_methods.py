"""``reduce``, ``accumulate`` and ``reduceat`` of any ufunc of two numbers, step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.primitives.definitions.kinds import array_of


def reduce(ufunc: Any, array: Any, axis: Any = 0, keepdims: Any = False) -> Any:
    """``ufunc.reduce(array, axis)``."""
    array = array_of(array)
    parts = np.ravel(array) if axis is None else np.moveaxis(array, axis, 0)
    total = parts[0]
    for k in range(1, len(parts)):
        total = ufunc(total, parts[k])
    if keepdims:
        return np.expand_dims(total, tuple(range(np.ndim(array))) if axis is None else axis)
    return total


def accumulate(ufunc: Any, array: Any, axis: Any = 0) -> Any:
    """``ufunc.accumulate(array, axis)``."""
    parts = np.moveaxis(array_of(array), axis, 0)
    total = parts[0]
    found = [total]
    for k in range(1, len(parts)):
        total = ufunc(total, parts[k])
        found.append(total)
    return np.moveaxis(np.stack(found), 0, axis)


def reduceat(ufunc: Any, array: Any, indices: Any, axis: Any = 0) -> Any:
    """``ufunc.reduceat(array, indices, axis)``."""
    parts, starts = np.moveaxis(array_of(array), axis, 0), array_of(indices)
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
