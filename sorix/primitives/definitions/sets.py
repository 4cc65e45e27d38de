"""Sets of numbers, as sorted arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.primitives.definitions.kinds import array_of
from sorix.primitives.definitions.registry import defines


@defines(np.setdiff1d)
def setdiff1d(ar1: Any, ar2: Any, assume_unique: Any = False) -> Any:
    left = np.ravel(array_of(ar1)) if assume_unique else np.unique(array_of(ar1))
    return left[~np.isin(left, array_of(ar2))]


@defines(np.union1d)
def union1d(ar1: Any, ar2: Any) -> Any:
    return np.unique(np.concatenate((np.ravel(array_of(ar1)), np.ravel(array_of(ar2)))))


@defines(np.intersect1d)
def intersect1d(ar1: Any, ar2: Any, assume_unique: Any = False) -> Any:
    left = np.sort(np.ravel(array_of(ar1))) if assume_unique else np.unique(array_of(ar1))
    return left[np.isin(left, array_of(ar2))]


@defines(np.setxor1d)
def setxor1d(ar1: Any, ar2: Any, assume_unique: Any = False) -> Any:
    return union1d(setdiff1d(ar1, ar2), setdiff1d(ar2, ar1))


@defines("unique_values")
def unique_values(x: Any) -> Any:
    return np.unique(array_of(x))


@defines("in1d")
def in1d(ar1: Any, ar2: Any, assume_unique: Any = False, invert: Any = False) -> Any:
    return np.isin(np.ravel(array_of(ar1)), array_of(ar2), invert=invert)
