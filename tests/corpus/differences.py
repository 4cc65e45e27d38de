"""Derivatives by differences: central ones at two steps, extrapolated, the error estimated.

Nothing here uses sorix: floats are found in arguments, nudged and put back by code of its own.
"""

from __future__ import annotations

import collections
import copy
import io
import enum
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


def pack(tree: Any) -> Vector:
    """The floats of a structure, in one vector."""
    return np.array(list(_floats(tree)), dtype=float)


def _floats(tree: Any) -> Iterator[float]:
    if isinstance(tree, float):
        yield tree
    elif isinstance(tree, np.ndarray | np.generic):
        if tree.dtype.kind == "f":
            yield from np.ravel(tree).tolist()
    elif isinstance(tree, tuple | list | collections.deque):
        for item in tree:
            yield from _floats(item)
    elif isinstance(tree, dict):
        for item in tree.values():
            yield from _floats(item)
    elif is_instance(tree):
        yield from _floats(fields(tree))


def is_instance(tree: Any) -> bool:
    """Whether a value is an object of a class that a program defines."""
    own = type(tree).__module__.startswith("tests.") and not isinstance(tree, enum.Enum)
    return own or (hasattr(tree, "__dict__") and not callable(tree))


def fields(tree: Any) -> dict[str, Any]:
    """What an object holds, in its dict and in its slots."""
    slots = [n for cls in reversed(type(tree).__mro__) for n in vars(cls).get("__slots__", ())]
    return {**getattr(tree, "__dict__", {}), **{n: getattr(tree, n) for n in slots}}


def unpack(tree: Any, values: Iterator[float]) -> Any:
    """A copy of a structure with its floats taken from `values`."""
    if isinstance(tree, np.generic):
        return type(tree)(next(values)) if tree.dtype.kind == "f" else tree
    if isinstance(tree, float):
        return next(values)
    if isinstance(tree, np.ndarray):
        return _unpacked_array(tree, values)
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(unpack(item, values) for item in tree))
    if isinstance(tree, tuple | list):
        return type(tree)([unpack(item, values) for item in tree])
    if isinstance(tree, dict):
        return {key: unpack(item, values) for key, item in tree.items()}
    if isinstance(tree, collections.deque):
        return collections.deque((unpack(item, values) for item in tree), tree.maxlen)
    if is_instance(tree):
        return _unpacked_object(tree, values)
    return copy.deepcopy(tree)


def _unpacked_array(tree: NDArray[Any], values: Iterator[float]) -> NDArray[Any]:
    if tree.dtype.kind != "f":
        return tree.copy()
    return np.array([next(values) for _ in range(tree.size)], tree.dtype).reshape(tree.shape)


def _unpacked_object(tree: Any, values: Iterator[float]) -> Any:
    new = copy.copy(tree)
    for name, item in fields(tree).items():
        object.__setattr__(new, name, unpack(item, values))
    return new


def with_floats(args: tuple[Any, ...], argnums: tuple[int, ...], point: Vector) -> list[Any]:
    """Copies of arguments, with the floats of some of them replaced."""
    values = iter(point.tolist())
    return [unpack(a, values) if k in argnums else copied(a) for k, a in enumerate(args)]


def copied(value: Any) -> Any:
    """A copy; a file, to which a program prints, is the same."""
    return value if isinstance(value, io.IOBase) else copy.deepcopy(value)


def differentiate(
    function: Callable[[Vector], Any], point: Vector, step: float
) -> tuple[NDArray[Any], float]:
    """The derivative in every coordinate, along the first axis, and an estimate of its error."""
    rows, errors = [], [0.0]
    for k in range(point.size):
        h = step * max(1.0, abs(point[k]))
        direction = np.zeros_like(point)
        direction[k] = h
        row, error = derivative_along(function, point, direction)
        rows.append(row / h)
        errors.append(error / h)
    return np.array(rows), max(errors)


def derivative_along(function: Callable[[Vector], Any], point: Vector, d: Vector) -> tuple[Any, float]:
    """The derivative along `d`: four-point central differences at `d` and `d / 2`."""
    halves = {k: np.asarray(function(point + 0.5 * k * d)) for k in (-4, -2, -1, 1, 2, 4)}
    coarse = (8 * (halves[2] - halves[-2]) - (halves[4] - halves[-4])) / 12
    fine = (8 * (halves[1] - halves[-1]) - (halves[2] - halves[-2])) / 6
    error = float(np.max(np.abs(fine - coarse), initial=0.0))
    return fine + (fine - coarse) / 15, error
