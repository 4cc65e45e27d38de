"""Reading and writing entries of arrays and lists."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from sorix.primitives.table import linear
from sorix.support import (
    add_at,
    eye_like,
    list_add,
    list_add_at,
    list_item,
    list_set,
    reshape_like,
    scatter,
    scatter_along,
    steps_along,
    store,
    take_last,
    zeros_like,
)


@linear(operator.getitem)
def getitem(y_bar: Any, y: Any, x: Any, idx: Any) -> Any:
    whole = _without_new_axes(idx)
    return (scatter(y_bar, x, idx) if whole is None else y_bar[whole],)


@linear(scatter)
def scatter_(z_bar: Any, z: Any, v: Any, x: Any, idx: Any) -> Any:
    if isinstance(z_bar, tuple | list) and not isinstance(idx, int | slice):
        return (list_item(list(z_bar), idx),)
    return (z_bar if _names_all(idx) else z_bar[idx],)


@linear(add_at, wrt=(0, 2))
def add_at_(z_bar: Any, z: Any, x: Any, idx: Any, v: Any) -> Any:
    return z_bar, None, lambda: z_bar if _names_all(idx) else z_bar[idx]


@linear(store, wrt=(0, 2))
def store_(z_bar: Any, z: Any, x: Any, idx: Any, v: Any) -> Any:
    if _names_all(idx):
        return lambda: zeros_like(x), None, z_bar
    read = operator.getitem if _names_once(idx) else take_last
    return lambda: store(z_bar, idx, 0.0), None, lambda: read(z_bar, idx)


def _names_all(idx: Any) -> bool:
    """Whether an index names the whole: the cotangent of an array without dimensions may be a
    number, which has no elements."""
    return idx is Ellipsis or isinstance(idx, tuple) and not idx


def _names_once(idx: Any) -> bool:
    """Whether it is certain that an index names no element twice: a mask, or no index array."""
    parts = idx if isinstance(idx, tuple) else (idx,)
    if len(parts) == 1 and getattr(idx, "dtype", None) == np.bool_:
        return True
    return not any(isinstance(p, list) or not isinstance(p, slice) and np.ndim(p) for p in parts)


def _without_new_axes(idx: Any) -> Any:
    """The index ``(slice(None), 0)`` that takes away what ``x[:, None]`` adds to all of x, or None
    where an index does something else."""
    parts = idx if isinstance(idx, tuple) else (idx,)
    if not any(part is None for part in parts) or not all(_keeps_all(part) for part in parts):
        return None
    return tuple(0 if part is None else part for part in parts)


def _keeps_all(part: Any) -> bool:
    if isinstance(part, slice):
        return part.start is None and part.stop is None and part.step is None
    return part is None or part is Ellipsis


@linear(take_last)
def take_last_(y_bar: Any, y: Any, x: Any, idx: Any) -> Any:
    return (store(zeros_like(x), idx, y_bar),)


@linear(list_set, wrt=(0, 2))
def list_set_(z_bar: Any, z: Any, items: Any, i: Any, v: Any) -> Any:
    return lambda: list_set(z_bar, i, zeros_like(items[i])), None, lambda: z_bar[i]


@linear(list_add_at, wrt=(0, 2))
def list_add_at_(z_bar: Any, z: Any, items: Any, i: Any, v: Any) -> Any:
    return z_bar, None, lambda: z_bar[i]


@linear(list_add, wrt=(0, 1))
def list_add_(z_bar: Any, z: Any, a: Any, b: Any) -> Any:
    return z_bar, z_bar


@linear(np.take)
def take(y_bar: Any, y: Any, x: Any, indices: Any, axis: int | None = None) -> Any:
    if getattr(indices, "dtype", None) == np.bool_:
        indices = np.where(indices, 1, 0)  # To np.take() they are places.
    if axis is None or np.ndim(x) == 0:
        return reshape_like(scatter(y_bar, np.ravel(x), indices), x)
    return scatter(y_bar, x, (slice(None),) * (axis % np.ndim(x)) + (indices,))


@linear(np.take_along_axis)
def take_along_axis(y_bar: Any, y: Any, x: Any, indices: Any, axis: int | None = -1) -> Any:
    return scatter_along(y_bar, x, indices, axis=axis)


@linear(scatter_along)
def scatter_along_(z_bar: Any, z: Any, v: Any, x: Any, indices: Any, axis: int | None = -1) -> Any:
    return np.take_along_axis(z_bar, indices, axis=axis)


@linear(np.diagonal)
def diagonal(y_bar: Any, y: Any, x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    return _diagonal_bar(y_bar, x, offset, axis1, axis2)


@linear(np.linalg.diagonal)
def linalg_diagonal(y_bar: Any, y: Any, x: Any, offset: int = 0) -> Any:
    return _diagonal_bar(y_bar, x, offset, -2, -1)


def _diagonal_bar(y_bar: Any, x: Any, offset: int, axis1: int, axis2: int) -> Any:
    if np.ndim(x) == 2 and axis1 % 2 == 0 and axis2 % 2 == 1:
        steps = steps_along(y_bar)
        return scatter(y_bar, x, (steps + max(-offset, 0), steps + max(offset, 0)))
    moved = np.moveaxis(x, (axis1, axis2), (-2, -1))
    steps = steps_along(y_bar, axis=-1)
    idx = (Ellipsis, steps + max(-offset, 0), steps + max(offset, 0))
    return np.moveaxis(scatter(y_bar, moved, idx), (-2, -1), (axis1, axis2))


@linear(np.trace)
def trace(y_bar: Any, y: Any, x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    if np.ndim(x) == 2:
        return y_bar * (eye_like(x, k=offset) if axis1 % 2 == 0 else eye_like(x, k=-offset))
    eye = eye_like(np.moveaxis(x, (axis1, axis2), (-2, -1)), k=offset)
    return np.moveaxis(np.expand_dims(y_bar, (-2, -1)) * eye, (-2, -1), (axis1, axis2))


@linear(np.linalg.trace)
def linalg_trace(y_bar: Any, y: Any, x: Any, offset: int = 0) -> Any:
    spread = y_bar if np.ndim(x) == 2 else np.expand_dims(y_bar, (-2, -1))
    return spread * eye_like(x, k=offset)


@linear(np.diag)
def diag(y_bar: Any, y: Any, x: Any, k: int = 0) -> Any:
    if np.ndim(x) == 1:
        return np.diagonal(y_bar, offset=k)
    steps = steps_along(y_bar)
    return scatter(y_bar, x, (steps + max(-k, 0), steps + max(k, 0)))


@linear(np.diagflat)
def diagflat(y_bar: Any, y: Any, x: Any, k: int = 0) -> Any:
    return reshape_like(np.diagonal(y_bar, offset=k), x)


@linear(np.tril)
def tril(y_bar: Any, y: Any, x: Any, k: int = 0) -> Any:
    return np.tril(y_bar, k=k)


@linear(np.triu)
def triu(y_bar: Any, y: Any, x: Any, k: int = 0) -> Any:
    return np.triu(y_bar, k=k)


@linear(np.compress, wrt=(1,))
def compress(y_bar: Any, y: Any, condition: Any, x: Any, axis: int | None = None) -> Any:
    hits = np.flatnonzero(condition)
    if axis is None or np.ndim(x) == 0:
        return None, reshape_like(scatter(y_bar, np.ravel(x), hits), x)
    return None, scatter(y_bar, x, (slice(None),) * (axis % np.ndim(x)) + (hits,))


@linear(np.extract, wrt=(1,))
def extract(y_bar: Any, y: Any, condition: Any, x: Any) -> Any:
    hits = np.flatnonzero(condition)
    return None, reshape_like(scatter(y_bar, np.ravel(x), hits), x)


@linear(np.bincount, wrt=(1,))
def bincount(y_bar: Any, y: Any, x: Any, weights: Any, minlength: int = 0) -> Any:
    return None, lambda: np.take(y_bar, x)
