"""Joining arrays, cutting them apart, and filling new ones with given values."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.errors import UnsupportedTypeError
from sorix.primitives.table import linear, tangent_of
from sorix.support import (
    broadcast_like,
    entries,
    list_append,
    list_pop,
    list_repeat,
    list_sum,
    packed,
    reshape_like,
    split_like,
    steps_along,
    unstack,
    zeros_like,
)


@linear(np.concatenate)
def concatenate(y_bar: Any, y: Any, xs: Any, axis: int | None = 0) -> Any:
    return (split_like(y_bar, xs) if axis == 0 else split_like(y_bar, xs, axis=axis),)


@linear(split_like)
def split_like_(z_bars: Any, zs: Any, y_bar: Any, xs: Any, axis: int | None = 0) -> Any:
    joined = np.concatenate(z_bars) if axis == 0 else np.concatenate(z_bars, axis=axis)
    return reshape_like(joined, y_bar) if axis is None else joined


@linear(np.stack)
def stack(y_bar: Any, y: Any, xs: Any, axis: int = 0) -> Any:
    return (unstack(y_bar) if axis == 0 else unstack(y_bar, axis=axis),)


@linear(unstack)
def unstack_(z_bars: Any, zs: Any, y_bar: Any, axis: int = 0) -> Any:
    return np.stack(z_bars) if axis == 0 else np.stack(z_bars, axis=axis)


def _split_shaped(y_bar: Any, xs: Any, shaped: Any, axis: int) -> Any:
    """The transpose of joining the `shaped` forms of `xs` along an axis."""
    parts = split_like(y_bar, shaped, axis=axis)
    return (tuple(reshape_like(part, x) for part, x in zip(parts, xs, strict=True)),)


@linear(np.vstack)
def vstack(y_bar: Any, y: Any, xs: Any) -> Any:
    return _split_shaped(y_bar, xs, tuple(np.atleast_2d(x) for x in xs), 0)


@linear(np.hstack)
def hstack(y_bar: Any, y: Any, xs: Any) -> Any:
    return _split_shaped(y_bar, xs, tuple(np.atleast_1d(x) for x in xs), int(np.ndim(y) > 1))


@linear(np.dstack)
def dstack(y_bar: Any, y: Any, xs: Any) -> Any:
    return _split_shaped(y_bar, xs, tuple(np.atleast_3d(x) for x in xs), 2)


@linear(np.column_stack)
def column_stack(y_bar: Any, y: Any, xs: Any) -> Any:
    columns = tuple(np.reshape(x, (-1, 1)) if np.ndim(x) < 2 else x for x in xs)
    return _split_shaped(y_bar, xs, columns, 1)


@linear(np.append, wrt=(0, 1))
def append(y_bar: Any, y: Any, x: Any, values: Any, axis: int | None = None) -> Any:
    return split_like(y_bar, (x, values), axis=axis)


@linear(np.split, np.array_split)
def split(y_bars: Any, ys: Any, x: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    return np.concatenate(y_bars, axis=axis)


@linear(np.vsplit)
def vsplit(y_bars: Any, ys: Any, x: Any, indices_or_sections: Any) -> Any:
    return np.concatenate(y_bars, axis=0)


@linear(np.hsplit)
def hsplit(y_bars: Any, ys: Any, x: Any, indices_or_sections: Any) -> Any:
    return np.concatenate(y_bars, axis=min(np.ndim(x) - 1, 1))


@linear(np.dsplit)
def dsplit(y_bars: Any, ys: Any, x: Any, indices_or_sections: Any) -> Any:
    return np.concatenate(y_bars, axis=2)


@linear(np.array)
def array(y_bar: Any, y: Any, x: Any, dtype: Any = None) -> Any:
    return (_nested_entries(y_bar, x),)


@linear(np.asarray, np.asanyarray)
def asarray(y_bar: Any, y: Any, x: Any, dtype: Any = None) -> Any:
    return (_nested_entries(y_bar, x),)


def _nested_entries(y_bar: Any, x: Any) -> Any:
    if isinstance(x, tuple | list):
        return tuple(_nested_entries(y_bar[i], item) for i, item in enumerate(x))
    return y_bar if _is_array(x) else entries(y_bar, x)


def _is_array(x: Any) -> bool:
    """Whether `x` is known to be an array or a number, not a list."""
    try:
        return isinstance(np.ndim(x), int)
    except UnsupportedTypeError:
        return False


@tangent_of(np.array, np.asarray, np.asanyarray)
def array_tangent(dots: Any, y: Any, x: Any, dtype: Any = None) -> Any:
    # np.array itself does not give way to Tensors and symbols.
    if isinstance(x, tuple | list):
        return packed(_filled(dots[0], x))
    return dots[0] if _is_array(x) else packed(dots[0])


def _filled(dots: Any, xs: Any) -> Any:
    """A nested sequence of tangents with zeros for what is missing."""
    if dots is None:
        return zeros_like(xs)
    if isinstance(xs, tuple | list):
        return tuple(_filled(dot, x) for dot, x in zip(dots, xs, strict=True))
    return dots


@linear(packed)
def packed_(y_bar: Any, y: Any, x: Any) -> Any:
    return (_nested_entries(y_bar, x),)


@linear(entries)
def entries_(z_bar: Any, z: Any, y_bar: Any, x: Any) -> Any:
    return packed(z_bar)


@linear(np.full, wrt=(1,))
def full(y_bar: Any, y: Any, shape: Any, fill_value: Any, dtype: Any = None) -> Any:
    return None, y_bar


@linear(np.full_like, wrt=(1,))
def full_like(y_bar: Any, y: Any, x: Any, fill_value: Any, dtype: Any = None) -> Any:
    return None, y_bar


@tangent_of(np.full, np.full_like)
def full_tangent(dots: Any, y: Any, like: Any, fill_value: Any, dtype: Any = None) -> Any:
    return broadcast_like(dots[1], y)


@linear(list_append, wrt=(0, 1))
def list_append_(z_bar: Any, z: Any, items: Any, v: Any) -> Any:
    return list_pop(z_bar)


@linear(list_pop)
def list_pop_(z_bars: Any, zs: Any, items: Any) -> Any:
    rest, last = z_bars
    return list_append(rest, last)


@linear(list_repeat)
def list_repeat_(z_bar: Any, z: Any, v: Any, count: Any) -> Any:
    return (list_sum(z_bar, v),)


@linear(list_sum)
def list_sum_(z_bar: Any, z: Any, items: Any, v: Any) -> Any:
    return (list_repeat(z_bar, items),)


@linear(np.meshgrid, wrt=tuple(range(8)))
def meshgrid(y_bars: Any, ys: Any, *xs: Any, indexing: str = "xy") -> Any:
    rank = len(xs)
    axes = list(range(rank))
    if indexing == "xy" and rank > 1:
        axes[:2] = [1, 0]
    others = [tuple(i for i in range(rank) if i != axes[k]) for k in range(rank)]
    return tuple(
        reshape_like(np.sum(y_bar, axis=other), x)
        for y_bar, other, x in zip(y_bars, others, xs, strict=True)
    )


@linear(np.broadcast_arrays, wrt=tuple(range(8)))
def broadcast_arrays(y_bars: Any, ys: Any, *xs: Any) -> Any:
    return tuple(y_bars)


@linear(np.linspace, wrt=(0, 1))
def linspace(
    y_bar: Any,
    y: Any,
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    dtype: Any = None,
) -> Any:
    if isinstance(num, int | np.integer):
        weight = np.linspace(0.0, 1.0, num=num, endpoint=endpoint)
    else:  # Known at run time only.
        weight = steps_along(y) / np.maximum(num - 1 if endpoint else num, 1)
    if np.ndim(y_bar) > 1:
        weight = np.reshape(weight, (-1,) + (1,) * (np.ndim(y_bar) - 1))
    return np.sum(y_bar * (1.0 - weight), axis=0), np.sum(y_bar * weight, axis=0)
