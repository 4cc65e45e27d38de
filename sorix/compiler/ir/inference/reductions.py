"""Reductions over axes, and scans along one axis."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from sorix.compiler.ir.inference.operands import (
    FALSE,
    NONE,
    UNKNOWN,
    ZERO,
    as_num,
    axes_of,
    axis_of,
    is_integer,
    num,
    static,
)
from sorix.compiler.ir.inference.probing import probe
from sorix.compiler.ir.inference.registry import available, typed
from sorix.compiler.ir.nodes import Atom
from sorix.compiler.ir.shapes import add, broadcast, cut, fresh_dim, fresh_shape, product, show
from sorix.compiler.ir.types import ONE, Dim, Num, Shape, Type, lower_bound
from sorix.errors import ShapeError


def reduced(x: Num, axis: Atom, keepdims: Atom) -> Shape | None:
    """The shape left of x; None where not even its rank is known."""
    keep = static(keepdims)
    if x.shape is None or keep is UNKNOWN:
        return _scalar_shape(axis, keep)
    axes = axes_of(axis, len(x.shape))
    if axes is None:
        return _after_unknown_axis(x.shape, axis, bool(keep))
    if keep:
        return tuple(ONE if i in axes else dim for i, dim in enumerate(x.shape))
    return tuple(dim for i, dim in enumerate(x.shape) if i not in axes)


def _scalar_shape(axis: Atom, keep: Any) -> Shape | None:
    """Whatever its rank, an array reduced over all axes is a number."""
    return () if static(axis) is None and keep is not UNKNOWN and not keep else None


def _after_unknown_axis(shape: Shape, axis: Atom, keep: bool) -> Shape | None:
    if keep:
        return fresh_shape(len(shape))
    return fresh_shape(len(shape) - 1) if is_integer(axis) and shape else None


def reduction(
    fn: Callable[..., Any], x: Num, axis: Atom, keepdims: Atom, dtype: Atom = NONE
) -> Num:
    """The type of a reduction whose result has the dtype that `fn` gives for one element."""
    shape = reduced(x, axis, keepdims)
    options = {} if static(dtype) is None else {"dtype": static(dtype)}
    if not all(isinstance(value, Hashable) and value is not UNKNOWN for value in options.values()):
        return Num(None, shape)
    # A single number has no axis to name; its dtype is the same.
    result, kind = probe(fn, replace(x, value=None), **options)
    return Num(result, shape, kind if shape == () else "array" if shape else "any")


@typed(*available(np, "sum", "prod", "nansum", "nanprod"))
def accumulation(
    fn: Callable[..., Any],
    a: Atom,
    axis: Atom = NONE,
    dtype: Atom = NONE,
    keepdims: Atom = FALSE,
    initial: Atom = NONE,
) -> Type:
    return reduction(fn, num(a), axis, keepdims, dtype)


@typed(*available(np, "max", "min", "amax", "amin", "nanmax", "nanmin", "ptp"))
def extremum(
    fn: Callable[..., Any],
    a: Atom,
    axis: Atom = NONE,
    keepdims: Atom = FALSE,
    initial: Atom = NONE,
) -> Type:
    return reduction(fn, num(a), axis, keepdims)


@typed(
    *available(np, "all", "any", "argmax", "argmin", "nanargmax", "nanargmin"),
    np.count_nonzero,
)
def reduction_to_axis(
    fn: Callable[..., Any], a: Atom, axis: Atom = NONE, keepdims: Atom = FALSE
) -> Type:
    return reduction(fn, num(a), axis, keepdims)


@typed(np.median, np.nanmedian)
def median(fn: Callable[..., Any], a: Atom, axis: Atom = NONE, keepdims: Atom = FALSE) -> Type:
    found = reduction(fn, num(a), axis, keepdims)
    kept = static(keepdims) is not False  # Even of no axes, an array comes of it.
    return replace(found, kind="any") if found.shape == () and kept else found


@typed(np.mean, np.nanmean)
def mean(
    fn: Callable[..., Any],
    a: Atom,
    axis: Atom = NONE,
    dtype: Atom = NONE,
    keepdims: Atom = FALSE,
) -> Type:
    return reduction(fn, num(a), axis, keepdims, dtype)


@typed(np.std, np.var, np.nanstd, np.nanvar)
def spread(
    fn: Callable[..., Any],
    a: Atom,
    axis: Atom = NONE,
    dtype: Atom = NONE,
    ddof: Atom = ZERO,
    keepdims: Atom = FALSE,
    correction: Atom = NONE,
) -> Type:
    return reduction(fn, num(a), axis, keepdims, dtype)


@typed(np.average)
def average(
    fn: Callable[..., Any],
    a: Atom,
    axis: Atom = NONE,
    weights: Atom = NONE,
    keepdims: Atom = FALSE,
) -> Type:
    x, w = num(a), num(weights)
    if static(weights) is None:
        return reduction(np.average, x, axis, keepdims)
    dtype, _ = probe(_weighted, replace(x, shape=()), replace(w, shape=()))
    return replace(reduction(np.average, x, axis, keepdims), dtype=dtype)


def _weighted(a: Any, weights: Any) -> Any:
    return np.average(np.atleast_1d(a), weights=np.atleast_1d(weights))


@typed(np.quantile, np.percentile, np.nanquantile, np.nanpercentile)
def quantile(
    fn: Callable[..., Any], a: Atom, q: Atom, axis: Atom = NONE, keepdims: Atom = FALSE
) -> Type:
    x, levels = num(a), num(q)
    rest = reduced(x, axis, keepdims)
    shape = None if rest is None or levels.shape is None else (*levels.shape, *rest)
    dtype, kind = probe(fn, x, levels)
    kept = static(keepdims) is not False  # Even of no axes, an array comes of it.
    return Num(dtype, shape, "array" if shape else kind if shape == () and not kept else "any")


# ---------------------------------------------------------------------------------- scans


@typed(*available(np, "cumsum", "cumprod", "nancumsum", "nancumprod"))
def scan(fn: Callable[..., Any], a: Atom, axis: Atom = NONE, dtype: Atom = NONE) -> Type:
    x = num(a)
    options = {} if static(dtype) is None else {"dtype": static(dtype)}
    known = static(dtype) is not UNKNOWN
    result = probe(fn, x, **options)[0] if known else None
    return Num(result, _flat_or_same(x, axis), "array")


@typed(*available(np, "cumulative_sum", "cumulative_prod"))
def standard_scan(
    fn: Callable[..., Any],
    x: Atom,
    axis: Atom = NONE,
    dtype: Atom = NONE,
    include_initial: Atom = FALSE,
) -> Type:
    """Of the array API standard: a vector needs no axis; a neutral element may come first."""
    array = num(x)
    old = scan(np.cumsum, x, ZERO if static(axis) is None else axis, dtype)
    first, along = static(include_initial), axis_of(axis, array.rank) or 0
    if first is False or not isinstance(old, Num) or not old.shape:
        return old
    if first is UNKNOWN or (static(axis) is UNKNOWN):
        return replace(old, shape=fresh_shape(len(old.shape)))
    longer = add(old.shape[along], ONE)
    return replace(old, shape=(*old.shape[:along], longer, *old.shape[along + 1 :]))


@typed(np.sort, np.argsort)
def sort(
    fn: Callable[..., Any],
    a: Atom,
    axis: Atom | None = None,
    kind: Atom = NONE,
    stable: Atom = NONE,
) -> Type:
    x = num(a)
    shape = _flat_or_same(x, ZERO if axis is None else axis)
    return Num("int64" if fn is np.argsort else x.dtype, shape, "array")


@typed(np.partition, np.argpartition)
def partition(fn: Callable[..., Any], a: Atom, kth: Atom, axis: Atom | None = None) -> Type:
    x = num(a)
    shape = x.shape if axis is None else _flat_or_same(x, axis)
    return Num("int64" if fn is np.argpartition else x.dtype, shape, "array")


@typed(np.unwrap)
def unwrap(
    fn: Callable[..., Any], p: Atom, discont: Atom = NONE, axis: Atom = NONE, *, period: Atom = NONE
) -> Type:
    x = num(p)
    return Num(probe(_unwrapped, x)[0], x.shape, "array")


def _unwrapped(p: Any) -> Any:
    return np.unwrap(np.atleast_1d(p))


@typed(np.ediff1d)
def ediff1d(fn: Callable[..., Any], ary: Atom) -> Type:
    x = num(ary)
    length = fresh_dim() if x.shape is None else cut(product(x.shape), 1)
    return Num(x.dtype, (length,), "array")


def _flat_or_same(x: Num, axis: Atom) -> Shape | None:
    """x's shape where an axis is named; that of x laid out flat for ``axis=None``."""
    if static(axis) is None:
        return None if x.shape is None else (product(x.shape),)
    if x.shape == ():  # A number has one element to go along.
        return (ONE,)
    return x.shape if static(axis) is not UNKNOWN or is_integer(axis) else None


@typed(np.diff)
def diff(fn: Callable[..., Any], a: Atom, n: Atom | None = None, axis: Atom | None = None) -> Type:
    x = num(a)
    times = 1 if n is None else static(n)
    along = -1 if axis is None else axis_of(axis, x.rank)
    dtype = probe(_difference, x)[0]
    if x.shape is None:
        return Num(dtype, None, "array")
    if times is UNKNOWN or along is None:
        return Num(dtype, fresh_shape(len(x.shape)), "array")
    shape = list(x.shape)
    shape[along] = cut(shape[along], times)
    return Num(dtype, tuple(shape), "array")


def _difference(x: Any) -> Any:
    return np.diff(np.atleast_1d(x))


@typed(np.trapezoid)
def trapezoid(
    fn: Callable[..., Any], y: Atom, x: Atom = NONE, dx: Atom = NONE, axis: Atom | None = None
) -> Type:
    heights = num(y)
    operands = [heights, *(as_num(num(atom)) for atom in (x, dx) if static(atom) is not None)]
    dtype, _ = probe(_weighted_sum, *operands)
    shape = _broadcast_without(heights, None if static(x) is None else num(x), axis)
    return Num(dtype, shape, "array" if shape else "scalar" if shape == () else "any")


def _broadcast_without(y: Num, x: Num | None, axis: Atom | None) -> Shape | None:
    """The shape of `y` without an axis, and beside that of `x` where it has as many."""
    if y.shape is None or (x is not None and (x.shape is None or x.rank not in (1, y.rank))):
        return None
    along = -1 if axis is None else axis_of(axis, y.rank)
    if along is None:
        return fresh_shape(len(y.shape) - 1)
    shape = _without(y.shape, along)
    if x is None or x.shape is None or x.rank != y.rank:
        return shape
    return broadcast(shape, _without(x.shape, along))


def _weighted_sum(y: Any, spacing: Any = 1.0) -> Any:
    return spacing * (y + y) / 2.0


def _without(shape: Shape, axis: int) -> Shape:
    axis %= len(shape)
    return shape[:axis] + shape[axis + 1 :]


@typed(np.gradient)
def gradient(
    fn: Callable[..., Any], f: Atom, *spacing: Atom, axis: Atom = NONE, edge_order: Atom = NONE
) -> Any:
    x = num(f)
    axes = axes_of(axis, x.rank)
    bare = replace(x, value=None)
    steps = [[num(atom)] for atom in spacing] or [[]]
    dtypes = [probe(_weighted_sum, bare, *step)[0] for step in steps]
    if axes is None or x.shape is None or len(steps) not in (1, len(axes)):
        known = x.rank == 1 or static(axis) not in (None, UNKNOWN)
        return Num(dtypes[0]) if known and len(steps) == 1 else Num()
    _require_neighbours(x.shape, axes, edge_order)
    many = dtypes * len(axes) if len(dtypes) == 1 else dtypes
    parts = tuple(Num(dtype, x.shape, "array") for dtype in many)
    return parts if len(axes) != 1 else parts[0]


def _require_neighbours(shape: Shape, axes: Iterable[int], edge_order: Atom) -> None:
    order = static(edge_order)
    need = 1 + (order if isinstance(order, int) else 1)
    for axis in axes:
        dim = shape[axis]
        if dim.symbol is None and dim.offset < need:
            raise ShapeError(
                f"np.gradient needs {need} elements along axis {axis} of {show(shape)}"
            )


@typed(np.interp)
def interp(fn: Callable[..., Any], x: Atom, xp: Atom, fp: Atom, *rest: Atom, **kw: Atom) -> Type:
    points, values = num(x), num(fp)
    dtype = None
    if values.dtype is not None:
        dtype = "complex128" if np.dtype(values.dtype).kind == "c" else "float64"
    if points.shape is None:
        return Num(dtype)
    return Num(dtype, points.shape, "array" if points.shape else "any")


@typed(np.convolve, np.correlate)
def convolve(fn: Callable[..., Any], a: Atom, v: Atom, mode: Atom | None = None) -> Type:
    x, y = num(a), num(v)
    default = "full" if fn is np.convolve else "valid"
    how = default if mode is None else static(mode)
    dtype = probe(fn, *(Num(t.dtype, (ONE,), "array") for t in (x, y)))[0]
    if x.shape is None or y.shape is None:
        return Num(dtype, fresh_shape(1), "array")
    length = _convolved(how, (x.shape or (ONE,))[0], (y.shape or (ONE,))[0])
    return Num(dtype, (length,), "array")


def _convolved(mode: object, a: Dim, b: Dim) -> Dim:
    if mode == "full":
        return cut(add(a, b), 1)
    if a.symbol is None:
        a, b = b, a
    if b.symbol is not None or lower_bound(a) < b.offset or mode not in ("same", "valid"):
        return fresh_dim()
    return a if mode == "same" else cut(a, b.offset - 1)


@typed(*available(np.linalg, "trace"))
def matrix_trace(fn: Callable[..., Any], x: Atom, offset: Atom = ZERO) -> Type:
    array = num(x)
    shape = None if array.shape is None or len(array.shape) < 2 else array.shape[:-2]
    dtype = probe(np.sum, array)[0]
    return Num(dtype, shape, "scalar" if shape == () else "array" if shape else "any")


@typed(np.trace)
def trace(
    fn: Callable[..., Any], a: Atom, offset: Atom = ZERO, axis1: Atom = NONE, axis2: Atom = NONE
) -> Type:
    x = num(a)
    shape = None
    if x.shape is not None and len(x.shape) >= 2:
        default = static(axis1) is None and static(axis2) is None
        shape = x.shape[2:] if default else fresh_shape(len(x.shape) - 2)
    dtype = probe(np.sum, x)[0]
    return Num(dtype, shape, "scalar" if shape == () else "array" if shape else "any")
