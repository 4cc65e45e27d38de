"""Grids, index arrays, and functions that pick elements by them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.compiler.ir.inference.operands import (
    FALSE,
    NONE,
    TWO,
    UNKNOWN,
    ZERO,
    axis_of,
    num,
    plain,
    sequence,
    shape_of,
    size_or_fresh,
    static,
)
from sorix.compiler.ir.inference.probing import probe
from sorix.compiler.ir.inference.registry import Types, available, typed
from sorix.compiler.ir.nodes import Atom
from sorix.compiler.ir.shapes import (
    broadcast,
    fresh_dim,
    fresh_shape,
    product,
)
from sorix.compiler.ir.types import (
    Num,
    Opaque,
    Shape,
    Type,
    constant,
)

# ---------------------------------------------------------------- grids and index arrays


@typed(np.meshgrid)
def meshgrid(
    fn: Callable[..., Any], *xi: Atom, indexing: Atom = NONE, sparse: Atom = NONE
) -> Types:
    arrays = [num(atom) for atom in xi]
    order = static(indexing)
    sizes = [product(x.shape) if x.shape is not None else fresh_dim() for x in arrays]
    if order is UNKNOWN or static(sparse):
        return tuple(plain(x, fresh_shape(len(arrays))) for x in arrays)
    if order != "ij" and len(sizes) >= 2:
        sizes[0], sizes[1] = sizes[1], sizes[0]
    return tuple(plain(x, tuple(sizes)) for x in arrays)


@typed(*available(np, "argwhere", "flatnonzero"))
def index_arrays(fn: Callable[..., Any], a: Atom) -> Type:
    x = num(a)
    if fn is np.flatnonzero:
        return Num("int64", (fresh_dim(),), "array")
    columns = fresh_dim() if x.rank is None else constant(x.rank)
    return Num("int64", (fresh_dim(), columns), "array")


@typed(np.searchsorted)
def searchsorted(
    fn: Callable[..., Any], a: Atom, v: Atom, side: Atom = NONE, sorter: Atom = NONE
) -> Type:
    shape = num(v).shape
    return Num("int64", shape, "any" if shape is None else "array" if shape else "scalar")


@typed(np.take)
def take(
    fn: Callable[..., Any], a: Atom, indices: Atom, axis: Atom = NONE, mode: Atom = NONE
) -> Type:
    x, index = num(a), num(indices)
    along = axis_of(axis, x.rank)
    if static(axis) is None:
        shape = index.shape
    elif x.shape is None or index.shape is None or along is None:
        shape = None
    else:
        shape = (*x.shape[:along], *index.shape, *x.shape[along + 1 :])
    return Num(x.dtype, shape, "array" if shape else "any" if shape is None else "scalar")


@typed(np.take_along_axis)
def take_along_axis(
    fn: Callable[..., Any], arr: Atom, indices: Atom, axis: Atom | None = None
) -> Type:
    x, index = num(arr), num(indices)
    if axis is not None and static(axis) is None:
        return plain(x, index.shape)
    along = -1 if axis is None else axis_of(axis, x.rank)
    if x.shape is None or index.shape is None or along is None:
        return plain(x, None if index.rank is None else fresh_shape(index.rank))
    at = along % len(x.shape)
    pairs = enumerate(zip(x.shape, index.shape, strict=True))
    shape = tuple(i if axis_ == at else broadcast((d,), (i,))[0] for axis_, (d, i) in pairs)
    return plain(x, shape)


@typed(np.select)
def select(fn: Callable[..., Any], condlist: Atom, choicelist: Atom, default: Atom = ZERO) -> Type:
    conditions, choices = sequence(condlist), sequence(choicelist)
    if conditions is None or choices is None:
        return Num()
    operands = (*conditions, *choices, num(default))
    shapes = [x.shape for x in operands if x.shape is not None]
    shape = broadcast(*shapes) if len(shapes) == len(operands) else None
    dtype = probe(_first_choice, num(default), *choices)[0] if len(choices) < 4 else None
    return Num(dtype, shape, "array")


def _first_choice(default: Any, *choices: Any) -> Any:
    return np.select([np.True_] * len(choices), list(choices), default)


@typed(np.unique)
def unique(
    fn: Callable[..., Any],
    ar: Atom,
    return_index: Atom = FALSE,
    return_inverse: Atom = FALSE,
    return_counts: Atom = FALSE,
    axis: Atom = NONE,
    equal_nan: Atom = NONE,
) -> Types:
    x, several = num(ar), [static(flag) for flag in (return_index, return_inverse, return_counts)]
    if UNKNOWN in several or static(axis) is not None:
        return Num()
    count = fresh_dim()
    lengths = (count, product(x.shape) if x.shape is not None else fresh_dim(), count)
    index = tuple(
        Num("int64", None if k == 1 and x.rank != 1 else (length,), "array")
        for k, (flag, length) in enumerate(zip(several, lengths, strict=True))
        if flag
    )
    values = plain(x, (count,))
    return (values, *index) if index else values


@typed(np.compress, np.extract)
def compressed(fn: Callable[..., Any], condition: Atom, a: Atom, axis: Atom = NONE) -> Type:
    x = num(a)
    along = axis_of(axis, x.rank)
    if static(axis) is None:
        return plain(x, (fresh_dim(),))
    if x.shape is None or along is None:
        return plain(x, None)
    return plain(x, (*x.shape[:along], fresh_dim(), *x.shape[along + 1 :]))


@typed(np.digitize)
def digitize(fn: Callable[..., Any], x: Atom, bins: Atom, right: Atom = NONE) -> Type:
    return searchsorted(fn, bins, x)


@typed(np.bincount)
def bincount(fn: Callable[..., Any], x: Atom, weights: Atom = NONE, minlength: Atom = ZERO) -> Type:
    counts = static(weights) is None
    return Num("int64" if counts else "float64", (fresh_dim(),), "array")


@typed(np.indices)
def indices(fn: Callable[..., Any], dimensions: Atom) -> Type:
    shape = shape_of(dimensions)
    return Num("int64", None if shape is None else (constant(len(shape)), *shape), "array")


@typed(np.tril_indices, np.triu_indices)
def index_pair(fn: Callable[..., Any], n: Atom, k: Atom = ZERO, m: Atom = NONE) -> Types:
    given = static(n), static(k), static(m)
    known = UNKNOWN not in given and max(n or 0 for n in (given[0], given[2])) <= _COUNTED
    index = Num("int64", (constant(fn(*given)[0].size) if known else fresh_dim(),), "array")
    return index, index


_COUNTED = 100
"""Of triangles of so many rows, the elements are counted to know their number."""


@typed(np.unravel_index)
def index_in_every_axis(
    fn: Callable[..., Any], indices: Atom, shape: Atom, order: Atom = NONE
) -> Types:
    sizes = shape_of(shape)
    if sizes is None:
        return Opaque()
    return (_index_like(num(indices).shape),) * len(sizes)


@typed(np.ravel_multi_index)
def index_in_all(
    fn: Callable[..., Any], multi_index: Atom, dims: Atom, mode: Atom = NONE, order: Atom = NONE
) -> Type:
    parts = sequence(multi_index)
    shapes = [part.shape for part in parts or ()]
    known = [shape for shape in shapes if shape is not None]
    return _index_like(broadcast(*known) if parts and len(known) == len(shapes) else None)


def _index_like(shape: Shape | None) -> Num:
    return Num("int64", shape, "any" if shape is None else "array" if shape else "scalar")


@typed(np.lexsort)
def lexsort(fn: Callable[..., Any], keys: Atom, axis: Atom = NONE) -> Type:
    parts = sequence(keys)
    shape = parts[0].shape if parts else num(keys).shape[1:]  # type: ignore[index]
    return _index_like(shape)


@typed(np.diag_indices)
def diagonal_indices(fn: Callable[..., Any], n: Atom, ndim: Atom = TWO) -> Types | Type:
    if static(ndim) is UNKNOWN:
        return Opaque()
    return (Num("int64", (size_or_fresh(n),), "array"),) * int(static(ndim))


@typed(np.ndenumerate, np.ndindex)
def iterator(fn: Callable[..., Any], *args: Atom) -> Type:
    return Opaque()


@typed(np.histogramdd)
def histogramdd(fn: Callable[..., Any], sample: Atom, *options: Atom, **named: Atom) -> Types:
    # As many dimensions as the sample has columns; the edges are a list or a tuple of arrays.
    return Num("float64", None, "array"), Opaque()
