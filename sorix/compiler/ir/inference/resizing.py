"""Functions that make an array larger or smaller: broadcast, repeat, pad, diagonals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.compiler.ir.inference.operands import (
    NONE,
    UNKNOWN,
    ZERO,
    axis_of,
    num,
    plain,
    shape_of,
    size,
    static,
)
from sorix.compiler.ir.inference.registry import Types, available, typed
from sorix.compiler.ir.nodes import Atom
from sorix.compiler.ir.shapes import (
    as_size,
    broadcast,
    cut,
    fresh_dim,
    fresh_shape,
    grow,
    product,
    show,
)
from sorix.compiler.ir.types import (
    ONE,
    Dim,
    Shape,
    Type,
    constant,
)
from sorix.errors import ShapeError

# ----------------------------------------------------------------------- larger, smaller


@typed(np.broadcast_to)
def broadcast_to(fn: Callable[..., Any], array: Atom, shape: Atom) -> Type:
    x, target = num(array), shape_of(shape)
    if x.shape is not None and target is not None:
        broadcast(x.shape, target)
        if len(x.shape) > len(target):
            raise ShapeError(f"shape {show(x.shape)} does not broadcast to {show(target)}")
    return plain(x, target)


@typed(np.broadcast_arrays)
def broadcast_arrays(fn: Callable[..., Any], *args: Atom) -> Types:
    arrays = [num(arg) for arg in args]
    shapes = [x.shape for x in arrays]
    known = [shape for shape in shapes if shape is not None]
    shape = broadcast(*known) if len(known) == len(shapes) else None
    return tuple(plain(x, shape) for x in arrays)


@typed(np.repeat)
def repeat(fn: Callable[..., Any], a: Atom, repeats: Atom, axis: Atom = NONE) -> Type:
    x, times = num(a), size(repeats)
    if x.shape is None:
        return plain(x, (fresh_dim(),) if static(axis) is None else None)
    if static(axis) is None:
        return plain(x, (_times(product(x.shape), times),))
    along = axis_of(axis, len(x.shape))
    if along is None:
        return plain(x, fresh_shape(len(x.shape)))
    return plain(x, _replaced(x.shape, along, _times(x.shape[along], times)))


def _times(dim: Dim, times: Dim | None) -> Dim:
    return fresh_dim() if times is None else product((dim, as_size(times)))


def _replaced(shape: Shape, axis: int, dim: Dim) -> Shape:
    axis %= len(shape)
    return (*shape[:axis], dim, *shape[axis + 1 :])


@typed(np.tile)
def tile(fn: Callable[..., Any], A: Atom, reps: Atom) -> Type:
    x, times = num(A), shape_of(reps)
    if x.shape is None or times is None:
        return plain(x, None)
    rank = max(len(x.shape), len(times))
    old = (ONE,) * (rank - len(x.shape)) + x.shape
    new = (ONE,) * (rank - len(times)) + times
    return plain(x, tuple(map(_times, old, new)))


@typed(np.pad)
def pad(
    fn: Callable[..., Any], array: Atom, pad_width: Atom, mode: Atom = NONE, **options: Atom
) -> Type:
    x, width = num(array), static(pad_width)
    if x.shape is None:
        return plain(x, None)
    if width is UNKNOWN or isinstance(width, dict):
        return plain(x, fresh_shape(len(x.shape)))
    pairs = np.broadcast_to(np.asarray(width, int), (len(x.shape), 2)).tolist()
    return plain(x, tuple(grow(dim, a + b) for dim, (a, b) in zip(x.shape, pairs, strict=True)))


@typed(np.diagonal)
def diagonal(
    fn: Callable[..., Any], a: Atom, offset: Atom = ZERO, axis1: Atom = NONE, axis2: Atom = NONE
) -> Type:
    x = num(a)
    if x.shape is None or len(x.shape) < 2:
        return plain(x, None)
    if static(axis1) is not None or static(axis2) is not None:
        return plain(x, fresh_shape(len(x.shape) - 1))
    return plain(x, (*x.shape[2:], _diagonal_length(x.shape[0], x.shape[1], static(offset))))


def _diagonal_length(rows: Dim, columns: Dim, offset: object) -> Dim:
    if not isinstance(offset, int):
        return fresh_dim()
    if rows == columns:
        return cut(rows, abs(offset))
    if rows.symbol is None and columns.symbol is None:
        within = min(rows.offset + min(offset, 0), columns.offset - max(offset, 0))
        return constant(max(0, within))
    return fresh_dim()


@typed(*available(np.linalg, "diagonal"))
def matrix_diagonal(fn: Callable[..., Any], x: Atom, offset: Atom = ZERO) -> Type:
    a = num(x)
    if a.shape is None or len(a.shape) < 2:
        return plain(a, None)
    return plain(a, (*a.shape[:-2], _diagonal_length(a.shape[-2], a.shape[-1], static(offset))))


@typed(np.diag)
def diag(fn: Callable[..., Any], v: Atom, k: Atom = ZERO) -> Type:
    x, offset = num(v), static(k)
    if x.shape is None:
        return plain(x, None)
    if len(x.shape) != 1:
        return diagonal(fn, v, k)
    side = grow(x.shape[0], abs(offset)) if isinstance(offset, int) else fresh_dim()
    return plain(x, (side, side))


@typed(np.diagflat)
def diagflat(fn: Callable[..., Any], v: Atom, k: Atom = ZERO) -> Type:
    x, offset = num(v), static(k)
    if x.shape is None or not isinstance(offset, int):
        return plain(x, fresh_shape(2))
    side = grow(product(x.shape), abs(offset))
    return plain(x, (side, side))
