"""Functions that join arrays or take them apart along an axis."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from sorix.compiler.ir.inference.operands import (
    NONE,
    UNKNOWN,
    ZERO,
    axis_in,
    axis_of,
    num,
    plain,
    sequence,
    static,
)
from sorix.compiler.ir.inference.probing import probe
from sorix.compiler.ir.inference.registry import Types, available, typed
from sorix.compiler.ir.nodes import Atom
from sorix.compiler.ir.shapes import (
    differ,
    fresh_dim,
    fresh_shape,
    product,
    show,
    total,
)
from sorix.compiler.ir.types import ONE, Dim, ListOf, Num, Opaque, Shape, Type, constant
from sorix.errors import ShapeError


def _join_dtype(*operands: Num) -> str | None:
    """The dtype of joined arrays; Python numbers have become arrays before."""
    strong = [Num(x.dtype, (ONE,), "array") for x in operands]
    dtype = strong[0].dtype
    for other in strong[1:]:
        dtype = probe(_joined, Num(dtype, (ONE,), "array"), other)[0]
        if dtype is None:
            return None
    return dtype


def _joined(a: Any, b: Any) -> Any:
    return np.concatenate([a, b])


def _explicit(dtype: Atom, items: tuple[Num, ...]) -> str | None:
    value = static(dtype)
    if value is UNKNOWN:
        return None
    return _join_dtype(*items) if value is None else np.dtype(value).name


def joined_shape(shapes: list[Shape | None], axis: int | None) -> Shape | None:
    """The shape of arrays laid end to end along an axis (None: an unknown one)."""
    known = [shape for shape in shapes if shape is not None]
    if len(known) < len(shapes):
        return fresh_shape(len(known[0])) if known else None
    rank = len(known[0])
    if any(len(shape) != rank for shape in known):
        text = " and ".join(map(show, known))
        raise ShapeError(f"arrays of different rank cannot be joined: {text}")
    if axis is None:
        return fresh_shape(rank)
    along = axis_in(axis, rank)
    columns = list(zip(*known, strict=True))
    return tuple(
        total(dims) if i == along else reduce(_common, dims) for i, dims in enumerate(columns)
    )


def _common(a: Dim, b: Dim) -> Dim:
    """The size of an axis along which the arrays must agree."""
    if differ(a, b):
        raise ShapeError(f"arrays of sizes {a} and {b} cannot be joined along another axis")
    if a.symbol is None or b.symbol is None:
        return a if a.symbol is None else b
    return b if a.symbol.startswith("_") else a


@typed(*available(np, "concatenate", "concat"))
def concatenate(
    fn: Callable[..., Any], arrays: Atom, axis: Atom = ZERO, dtype: Atom = NONE
) -> Type:
    items = sequence(arrays)
    if not items:
        return _joined_unknown(arrays)
    result = _explicit(dtype, items)
    shapes = [x.shape for x in items]
    if static(axis) is None:
        flat = [None if s is None else product(s) for s in shapes]
        known = [dim for dim in flat if dim is not None]
        length = total(known) if len(known) == len(flat) else fresh_dim()
        return Num(result, (length,), "array")
    rank = next((len(s) for s in shapes if s is not None), None)
    return Num(result, joined_shape(shapes, axis_of(axis, rank)), "array")


def _joined_unknown(arrays: Atom) -> Num:
    """Of arrays in a list of unknown length, the rank is known at best."""
    x = num(arrays)
    rank = None if x.rank is None or x.rank < 2 else x.rank - 1
    return Num(x.dtype, None if rank is None else fresh_shape(rank), "array")


@typed(np.stack)
def stack(fn: Callable[..., Any], arrays: Atom, axis: Atom = ZERO, dtype: Atom = NONE) -> Type:
    items = sequence(arrays)
    if not items:
        x = num(arrays)
        return Num(x.dtype, None if x.shape is None else fresh_shape(len(x.shape)), "array")
    result = _explicit(dtype, items)
    shapes = [x.shape for x in items if x.shape is not None]
    if len(shapes) < len(items):
        return Num(result, fresh_shape(len(shapes[0]) + 1) if shapes else None, "array")
    if len({len(s) for s in shapes}) > 1:
        raise ShapeError("arrays of different rank cannot be stacked")
    common = tuple(reduce(_common, dims) for dims in zip(*shapes, strict=True))
    where = static(axis)
    if where is UNKNOWN:
        return Num(result, fresh_shape(len(common) + 1), "array")
    at = axis_in(where, len(common) + 1)
    return Num(result, (*common[:at], constant(len(items)), *common[at:]), "array")


@typed(*available(np, "vstack", "hstack", "dstack", "column_stack"))
def stack_by_name(fn: Callable[..., Any], tup: Atom) -> Type:
    items = sequence(tup)
    if not items:
        return Num(num(tup).dtype)
    shapes = [None if x.shape is None else _LIFTS[fn](x.shape) for x in items]
    first = next((s for s in shapes if s is not None), None)
    axis = _AXES[fn] if fn is not np.hstack else 0 if first and len(first) == 1 else 1
    return Num(_join_dtype(*items), joined_shape(shapes, axis), "array")


def _lift_v(shape: Shape) -> Shape:
    return shape if len(shape) >= 2 else (ONE, *(shape or (ONE,)))


def _lift_h(shape: Shape) -> Shape:
    return shape or (ONE,)


def _lift_d(shape: Shape) -> Shape:
    shape = _lift_v(shape)
    return shape if len(shape) >= 3 else (*shape, ONE)


def _lift_columns(shape: Shape) -> Shape:
    return shape if len(shape) >= 2 else (*(shape or (ONE,)), ONE)


_LIFTS: dict[Any, Callable[[Shape], Shape]] = {
    np.vstack: _lift_v,
    np.hstack: _lift_h,
    np.dstack: _lift_d,
    np.column_stack: _lift_columns,
}
_AXES: dict[Any, int] = {np.vstack: 0, np.dstack: 2, np.column_stack: 1}


@typed(np.append)
def append(fn: Callable[..., Any], arr: Atom, values: Atom, axis: Atom = NONE) -> Type:
    items = (num(arr), num(values))
    dtype = _join_dtype(*items)
    if static(axis) is None:
        shapes = [x.shape for x in items if x.shape is not None]
        length = total(map(product, shapes)) if len(shapes) == 2 else fresh_dim()
        return Num(dtype, (length,), "array")
    return Num(dtype, joined_shape([x.shape for x in items], axis_of(axis, items[0].rank)), "array")


@typed(np.delete, np.insert)
def edited(fn: Callable[..., Any], arr: Atom, obj: Atom, *values: Atom, axis: Atom = NONE) -> Type:
    x, options = num(arr), list(values)
    where = options.pop() if len(options) > (fn is np.insert) else axis
    if static(where) is None:
        return Num(x.dtype, (fresh_dim(),), "array")
    along = axis_of(where, x.rank)
    if x.shape is None or along is None:
        return Num(x.dtype, None if x.rank is None else fresh_shape(x.rank), "array")
    return Num(x.dtype, (*x.shape[:along], fresh_dim(), *x.shape[along + 1 :]), "array")


# ---------------------------------------------------------------------------- taken apart


@typed(*available(np, "split", "array_split", "hsplit", "vsplit", "dsplit"))
def split(
    fn: Callable[..., Any], ary: Atom, indices_or_sections: Atom, axis: Atom | None = None
) -> Types:
    x, where = num(ary), static(indices_or_sections)
    if where is UNKNOWN:
        return ListOf(plain(x, None if x.rank is None else fresh_shape(x.rank)))
    count = where if isinstance(where, int) else len(where) + 1
    along = _split_axis(fn, x, axis)
    if x.shape is None or along is None:
        return (plain(x, None if x.rank is None else fresh_shape(x.rank)),) * count
    before, dim, after = x.shape[:along], x.shape[along], x.shape[along + 1 :]
    return tuple(plain(x, (*before, d, *after)) for d in _pieces(fn, dim, where))


def _split_axis(fn: Any, x: Num, axis: Atom | None) -> int | None:
    fixed = {np.vsplit: 0, np.dsplit: 2, np.hsplit: 1 if (x.rank or 0) > 1 else 0}
    if fn in fixed:
        return fixed[fn]
    return 0 if axis is None else axis_of(axis, x.rank)


def _pieces(fn: Any, dim: Dim, where: Any) -> tuple[Dim, ...]:
    count = where if isinstance(where, int) else len(where) + 1
    if dim.symbol is not None:
        return tuple(fresh_dim() for _ in range(count))
    try:
        parts = (
            fn(np.empty((dim.offset,) * 3), where)
            if fn in _BY_NAME
            else (
                (np.array_split if fn is np.array_split else np.split)(np.empty(dim.offset), where)
            )
        )
    except ValueError as error:
        raise ShapeError(f"size {dim}: {error}") from None
    at = {np.vsplit: 0, np.hsplit: 1, np.dsplit: 2}.get(fn, 0)
    return tuple(constant(part.shape[at]) for part in parts)


_BY_NAME = (np.vsplit, np.hsplit, np.dsplit)


@typed(*available(np, "unstack"))
def unstack(fn: Callable[..., Any], x: Atom, axis: Atom = ZERO) -> Types:
    return unstacked(num(x), axis_of(axis, num(x).rank))


def unstacked(x: Num, axis: int | None) -> Types:
    """The types of an array's slices along an axis; a list where their number is not known."""
    if x.shape is None:
        return Opaque()
    if axis is None:
        return ListOf(plain(x, fresh_shape(len(x.shape) - 1)))
    rest = (*x.shape[:axis], *x.shape[axis + 1 :])
    one = Num(x.dtype, rest, "array" if rest else "scalar")
    dim = x.shape[axis]
    return (one,) * dim.offset if dim.symbol is None else ListOf(one)
