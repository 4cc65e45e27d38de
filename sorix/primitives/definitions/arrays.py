"""Arrays joined, cut, shifted and looked at in windows."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.primitives.definitions.kinds import array_of, axis_in, size_of
from sorix.primitives.definitions.registry import defines


@defines(np.block)
def block(arrays: Any) -> Any:
    depth, part, leaves = 0, arrays, [arrays]
    while isinstance(part, list | tuple):
        depth, part = depth + 1, part[0]
        leaves = [leaf for one in leaves for leaf in one]
    if depth == 0:
        return np.copy(arrays)
    return _joined(arrays, depth, max([depth, *[np.ndim(leaf) for leaf in leaves]]))


def _joined(part: Any, depth: Any, rank: Any) -> Any:
    """The innermost lists joined along the last axis, those around them along those before."""
    if depth == 0:
        part = array_of(part)
        return np.reshape(part, (1,) * (rank - np.ndim(part)) + np.shape(part))
    return np.concatenate([_joined(one, depth - 1, rank) for one in part], axis=-depth)


@defines("row_stack")
def row_stack(tup: Any) -> Any:
    return np.vstack(tup)


@defines("cumulative_sum")
def cumulative_sum(x: Any, axis: Any = None, include_initial: Any = False) -> Any:
    x = array_of(x)
    sums = np.cumsum(x, axis=axis)
    return _led_by(np.zeros_like(sums), sums, axis) if include_initial else sums


@defines("cumulative_prod")
def cumulative_prod(x: Any, axis: Any = None, include_initial: Any = False) -> Any:
    x = array_of(x)
    products = np.cumprod(x, axis=axis)
    return _led_by(np.ones_like(products), products, axis) if include_initial else products


def _led_by(first: Any, rest: Any, axis: Any) -> Any:
    along = 0 if axis is None else axis
    return np.concatenate((np.take(first, [0], axis=along), rest), axis=along)


@defines("unstack")
def unstack(x: Any, axis: Any = 0) -> Any:
    moved = np.moveaxis(x, axis, 0)
    return tuple([moved[k] for k in range(len(moved))])


@defines(np.delete)
def delete(arr: Any, obj: Any, axis: Any = None) -> Any:
    arr = array_of(arr)
    if isinstance(obj, list | tuple) and not obj:
        return np.ravel(arr) * 1 if axis is None else arr * 1
    obj = array_of(obj)
    if axis is None:
        arr = np.ravel(arr)
    along = 0 if axis is None else axis_in(axis, np.ndim(arr))
    n = np.shape(arr)[along]
    kept = np.ones(n, dtype=bool)
    if isinstance(obj, slice):
        kept[obj] = False
    elif np.ndim(obj) == 1 and obj.dtype == bool:
        kept = ~obj
    else:
        kept[obj] = False
    return np.take(arr, np.flatnonzero(kept), axis=along)


@defines(np.insert)
def insert(arr: Any, obj: Any, values: Any, axis: Any = None) -> Any:
    arr, obj, values = array_of(arr), array_of(obj), array_of(values)
    if isinstance(obj, slice):
        obj = np.arange(np.size(arr) if axis is None else np.shape(arr)[axis])[obj]
    if axis is None:
        arr, axis = np.ravel(arr), 0
        values = np.ravel(values)
    along = axis_in(axis, np.ndim(arr))
    moved = np.moveaxis(arr, along, 0)
    lifted = (1,) * (np.ndim(arr) - np.ndim(values)) + np.shape(values)
    rows = np.reshape(values, lifted)
    if rows.dtype != arr.dtype:
        rows = rows.astype(arr.dtype)
    if np.ndim(obj) > 0:
        rows = np.moveaxis(rows, along, 0)
        return np.moveaxis(_insert_at(moved, obj, rows), 0, along)
    at = obj if obj >= 0 else obj + len(moved)
    if not 0 <= at <= len(moved):
        raise IndexError("the index is out of bounds for the axis")
    if lifted[1:] != np.shape(moved)[1:]:
        rows = np.broadcast_to(rows, lifted[:1] + np.shape(moved)[1:])
    return np.moveaxis(np.concatenate((moved[:at], rows, moved[at:])), 0, along)


def _insert_at(arr: Any, places: Any, rows: Any) -> Any:
    """Rows before each of several places, counted before any is inserted."""
    n = len(arr)
    if places.dtype == bool:
        places = np.flatnonzero(places)
    count = len(rows) if len(places) == 1 else len(places)
    before = np.where(places < 0, places + n, places) + np.zeros(count, dtype=int)
    order = np.argsort(before, kind="stable")
    taken = np.zeros(count, dtype=int)
    taken[order] = before[order] + np.arange(count)
    old = np.ones(n + count, dtype=bool)
    old[taken] = False
    source = np.zeros(n + count, dtype=int)
    source[taken] = n + np.arange(count)
    source[old] = np.arange(n)
    rows = np.broadcast_to(rows, (count,) + np.shape(arr)[1:])
    return np.take(np.concatenate((arr, rows)), source, axis=0)


@defines(np.resize)
def resize(a: Any, new_shape: Any) -> Any:
    flat = np.ravel(array_of(a))
    if np.size(flat) == 0:
        return np.zeros(new_shape, dtype=flat.dtype)
    count = size_of(new_shape if isinstance(new_shape, list | tuple) else (new_shape,))
    return np.reshape(flat[np.arange(count) % np.size(flat)], new_shape)


@defines(np.diff)
def diff(a: Any, n: Any = 1, axis: Any = -1, prepend: Any = None, append: Any = None) -> Any:
    a = array_of(a)
    if n == 0:
        return a
    parts = [a]
    if prepend is not None:
        parts = [_beside(prepend, a, axis), *parts]
    if append is not None:
        parts = [*parts, _beside(append, a, axis)]
    return np.diff(np.concatenate(parts, axis=axis), n=n, axis=axis)


def _beside(value: Any, a: Any, axis: Any) -> Any:
    """A number as an array that can be joined to `a`."""
    value = np.asarray(value)
    if np.ndim(value) > 0:
        return value
    return np.expand_dims(np.take(a, 0, axis=axis), axis) * 0 + value


@defines(np.ediff1d)
def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    steps = np.diff(np.ravel(array_of(ary)))
    before = [] if to_begin is None else [_end_of(steps, to_begin)]
    after = [] if to_end is None else [_end_of(steps, to_end)]
    return np.concatenate([*before, steps, *after])


def _end_of(steps: Any, given: Any) -> Any:
    """What stands beside differences, which keep their dtype."""
    end = np.ravel(array_of(given))
    if end.dtype == steps.dtype:
        return end
    if end.dtype.kind == "f" and steps.dtype.kind != "f":
        raise TypeError("dtype must be compatible with input `ary` under the `same_kind` rule.")
    return end.astype(steps.dtype)


@defines(np.take)
def take(a: Any, indices: Any, axis: Any = None, mode: Any = "raise") -> Any:
    a, indices = array_of(a), array_of(indices)
    if axis is None:
        a = np.ravel(a)
    n = np.shape(a)[0 if axis is None else axis]
    if mode == "wrap":
        indices = indices % n
    elif mode == "clip":
        indices = np.clip(indices, 0, n - 1)
    return np.take(a, indices, axis=0 if axis is None else axis)


@defines(np.lib.stride_tricks.sliding_window_view)
def sliding_window_view(x: Any, window_shape: Any, axis: Any = None) -> Any:
    windows = window_shape if isinstance(window_shape, list | tuple) else (window_shape,)
    axes: Any = tuple(range(np.ndim(x)))
    if axis is not None:
        axes = axis if isinstance(axis, list | tuple) else (axis,)
    for k in range(len(windows)):
        x = _windows(x, windows[k], axes[k] % np.ndim(x))
    return x


def _windows(x: Any, size: Any, axis: Any) -> Any:
    """Windows along one axis, their elements along a new last axis."""
    starts = np.arange(np.shape(x)[axis] - size + 1)
    found = np.take(x, starts[:, None] + np.arange(size), axis=axis)
    return np.moveaxis(found, axis + 1, -1)


@defines(np.fft.fftshift)
def fftshift(x: Any, axes: Any = None) -> Any:
    x = array_of(x)
    for axis in _axes(x, axes):
        x = np.roll(x, np.shape(x)[axis] // 2, axis=axis)
    return x


@defines(np.fft.ifftshift)
def ifftshift(x: Any, axes: Any = None) -> Any:
    x = array_of(x)
    for axis in _axes(x, axes):
        x = np.roll(x, -(np.shape(x)[axis] // 2), axis=axis)
    return x


def _axes(x: Any, axes: Any) -> Any:
    if axes is None:
        return range(np.ndim(x))
    return [axes] if isinstance(axes, int) else axes


# -- of real numbers ------------------------------------------------------------------------


@defines(np.real, np.real_if_close, np.asarray_chkfinite)
def as_it_is(val: Any) -> Any:
    return array_of(val)


@defines(np.around)
def around(a: Any, decimals: Any = 0) -> Any:
    return np.round(array_of(a), decimals)


@defines(np.imag)
def imag(val: Any) -> Any:
    return np.zeros_like(array_of(val))


@defines(np.angle)
def angle(z: Any, deg: Any = False) -> Any:
    return np.where(array_of(z) < 0, 180.0 if deg else np.pi, 0.0)
