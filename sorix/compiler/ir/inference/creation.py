"""Functions that make arrays: of zeros, of ranges, of nested lists, of another's shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from sorix import support
from sorix.compiler.ir.inference.operands import (
    FALSE,
    NONE,
    TRUE,
    UNKNOWN,
    ZERO,
    dtype_of,
    num,
    shape_of,
    size,
    size_or_fresh,
    static,
)
from sorix.compiler.ir.inference.probing import probe
from sorix.compiler.ir.inference.registry import Types, available, typed
from sorix.compiler.ir.nodes import Atom, Const
from sorix.compiler.ir.shapes import as_size, broadcast, cut, fresh_dim
from sorix.compiler.ir.types import Dim, Num, Type, constant


@typed(np.zeros, np.ones, np.empty)
def filled(fn: Callable[..., Any], shape: Atom, dtype: Atom = NONE, order: Atom = NONE) -> Type:
    return Num(dtype_of(dtype, "float64"), shape_of(shape), "array")


@typed(np.full)
def full(
    fn: Callable[..., Any], shape: Atom, fill_value: Atom, dtype: Atom = NONE, order: Atom = NONE
) -> Type:
    return Num(dtype_of(dtype, num(fill_value).dtype), shape_of(shape), "array")


@typed(np.zeros_like, np.ones_like, np.empty_like)
def like(
    fn: Callable[..., Any], a: Atom, dtype: Atom = NONE, order: Atom = NONE, shape: Atom = NONE
) -> Type:
    x = num(a)
    given = static(shape) is not None
    return Num(dtype_of(dtype, x.dtype), shape_of(shape) if given else x.shape, "array")


@typed(np.full_like)
def full_like(
    fn: Callable[..., Any], a: Atom, fill_value: Atom, dtype: Atom = NONE, shape: Atom = NONE
) -> Type:
    return like(fn, a, dtype, shape=shape)


@typed(np.array, np.asarray, np.asanyarray, support.packed)
def array(
    fn: Callable[..., Any],
    object: Atom,
    dtype: Atom = NONE,
    copy: Atom = NONE,
    order: Atom = NONE,
    ndmin: Atom = ZERO,
) -> Type:
    x = num(object)
    known = static(ndmin) == 0
    return Num(dtype_of(dtype, x.dtype), x.shape if known else None, "array")


@typed(*available(np, "astype"))
def astype(fn: Callable[..., Any], x: Atom, dtype: Atom, copy: Atom = TRUE) -> Type:
    source = num(x)
    return Num(dtype_of(dtype, "float64"), source.shape, "array" if source.shape else "any")


_SCALAR_TYPES = (
    *available(np, "float16", "float32", "float64", "complex64", "complex128", "bool_"),
    *available(np, "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
)


@typed(*_SCALAR_TYPES)
def cast(fn: Any, x: Atom = ZERO) -> Type:
    """``np.float32(x)``: a NumPy scalar of a number, an array of an array."""
    source = num(x)
    kind = "any" if source.shape is None else "array" if source.shape else "scalar"
    return Num(np.dtype(fn).name, source.shape, kind)  # type: ignore[arg-type]


# --------------------------------------------------------------------------------- ranges


@typed(np.arange)
def arange(
    fn: Callable[..., Any],
    start: Atom,
    stop: Atom = NONE,
    step: Atom = NONE,
    dtype: Atom = NONE,
) -> Type:
    given = [num(atom) for atom in (start, stop, step) if static(atom) is not None]
    natural = probe(np.arange, *(replace(x, value=None) for x in given))[0]
    low, high = (Const(0), start) if static(stop) is None else (start, stop)
    length = range_length(low, high, step)
    return Num(dtype_of(dtype, natural), (length or fresh_dim(),), "array")


def range_length(start: Atom, stop: Atom, step: Atom) -> Dim | None:
    """The number of elements of ``range(start, stop, step)``; None where unknown."""
    values = [static(atom) for atom in (start, stop, step)]
    if values[2] is None:
        values[2] = 1
    if UNKNOWN not in values:
        return constant(len(np.arange(*values))) if values[2] else None
    low, high = size(start), size(stop)
    if values[2] != 1 or low is None or high is None:
        return None
    if low.symbol is None:
        # Where `high` is negative there are none, which is what its sum means as a size.
        return cut(as_size(high), low.offset) if low.offset >= 0 else None
    if low.symbol == high.symbol:
        return constant(max(0, high.offset - low.offset))
    return None


@typed(np.linspace, np.logspace, np.geomspace)
def linspace(
    fn: Callable[..., Any], start: Atom, stop: Atom, *points: Atom, **options: Atom
) -> Types:
    count = points[0] if points else options.get("num", NONE)
    if len(points) > 1 or "base" in options or static(options.get("axis", ZERO)) != 0:
        return Num()
    retstep, dtype = options.get("retstep", FALSE), options.get("dtype", NONE)
    return _spaced(fn, start, stop, count, retstep, dtype)


def _spaced(
    fn: Callable[..., Any], start: Atom, stop: Atom, points: Atom, retstep: Atom, dtype: Atom
) -> Types:
    a, b = num(start), num(stop)
    length = constant(50) if static(points) is None else size_or_fresh(points)
    natural = probe(_two_points, a, b)[0]
    shape = None
    if a.shape is not None and b.shape is not None:
        shape = (length, *broadcast(a.shape, b.shape))
    values = Num(dtype_of(dtype, natural), shape, "array")
    if static(retstep) is UNKNOWN:
        return Num()
    rest = None if shape is None else shape[1:]
    return (values, Num(natural, rest)) if static(retstep) else values


def _two_points(a: Any, b: Any) -> Any:
    return np.linspace(a, b, 2)


@typed(np.eye)
def eye(
    fn: Callable[..., Any], N: Atom, M: Atom = NONE, k: Atom = ZERO, dtype: Atom = NONE
) -> Type:
    columns = N if static(M) is None else M
    rows = size_or_fresh(N)
    return Num(
        dtype_of(dtype, "float64"), (rows, rows if columns is N else size_or_fresh(M)), "array"
    )


@typed(np.identity)
def identity(fn: Callable[..., Any], n: Atom, dtype: Atom = NONE) -> Type:
    return eye(np.eye, n, dtype=dtype)


@typed(np.tri)
def tri(
    fn: Callable[..., Any], N: Atom, M: Atom = NONE, k: Atom = ZERO, dtype: Atom = NONE
) -> Type:
    return eye(np.eye, N, M, k, dtype)


@typed(np.vander)
def vander(fn: Callable[..., Any], x: Atom, N: Atom = NONE, increasing: Atom = FALSE) -> Type:
    a = num(x)
    dtype = probe(np.multiply, a, Num("int64", (constant(1),), "array"))[0]
    if a.shape is None or len(a.shape) != 1:
        return Num(dtype)
    return Num(dtype, (a.shape[0], a.shape[0] if static(N) is None else size_or_fresh(N)), "array")


# ---------------------------------------------------------------- windows and quadrature


@typed(np.hanning, np.hamming, np.blackman, np.bartlett, np.kaiser)
def window(fn: Callable[..., Any], M: Atom, beta: Atom = NONE) -> Type:
    return Num("float64", (size_or_fresh(M),), "array")


@typed(
    np.polynomial.legendre.leggauss,
    np.polynomial.chebyshev.chebgauss,
    np.polynomial.hermite.hermgauss,
    np.polynomial.hermite_e.hermegauss,
    np.polynomial.laguerre.laggauss,
)
def quadrature(fn: Callable[..., Any], deg: Atom) -> Types:
    points = Num("float64", (size_or_fresh(deg),), "array")
    return points, points
