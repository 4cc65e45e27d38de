"""np.linalg: matrices in the last two axes, stacks of them in those before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from sorix import support
from sorix.compiler.ir.inference.operands import FALSE, NONE, TRUE, UNKNOWN, num, sequence, static
from sorix.compiler.ir.inference.probing import probe_dtype
from sorix.compiler.ir.inference.products import check_contracted, matmul_shape, product_type
from sorix.compiler.ir.inference.reductions import reduced
from sorix.compiler.ir.inference.registry import Types, available, typed
from sorix.compiler.ir.nodes import Atom
from sorix.compiler.ir.shapes import broadcast, differ, fresh_dim, show
from sorix.compiler.ir.types import ONE, Dim, Num, Shape, Type, lower_bound
from sorix.errors import ShapeError


def _float(fn: Callable[..., Any], x: Num) -> str | None:
    """The dtype of `fn` of a one-by-one matrix."""
    return probe_dtype(_on_matrix(fn), Num(x.dtype, (ONE,), "array"))


def _on_matrix(fn: Callable[..., Any]) -> Callable[..., Any]:
    return _ON_MATRIX.setdefault(fn, lambda a: fn(a.reshape(1, 1)))


_ON_MATRIX: dict[Callable[..., Any], Callable[..., Any]] = {}


def _inverse(a: Any) -> Any:
    return np.linalg.inv(a)


def _number(dtype: str | None, shape: Shape | None) -> Num:
    return Num(dtype, shape, "any" if shape is None else "array" if shape else "scalar")


def _square(x: Num) -> Shape | None:
    if x.shape is None:
        return None
    if len(x.shape) < 2 or differ(x.shape[-1], x.shape[-2]):
        raise ShapeError(f"a square matrix is needed, not an array of shape {show(x.shape)}")
    return x.shape


@typed(*available(np.linalg, "inv", "cholesky"), support.cofactors)
def same_matrix(fn: Callable[..., Any], a: Atom) -> Type:
    x = num(a)
    return Num(_float(fn, x), _square(x), "array")


@typed(support.cofactors_along)
def same_matrices(fn: Callable[..., Any], x: Atom, g: Atom) -> Type:
    return same_matrix(support.cofactors, x)


@typed(np.linalg.matrix_power)
def matrix_power(fn: Callable[..., Any], a: Atom, n: Atom) -> Type:
    x, exponent = num(a), static(n)
    known = isinstance(exponent, int)
    inverted = known and exponent < 0
    return Num((_float(_inverse, x) if inverted else x.dtype) if known else None, _square(x))


@typed(np.linalg.det)
def det(fn: Callable[..., Any], a: Atom) -> Type:
    x = num(a)
    shape = _square(x)
    return _number(_float(np.linalg.det, x), None if shape is None else shape[:-2])


@typed(np.linalg.slogdet)
def slogdet(fn: Callable[..., Any], a: Atom) -> Types:
    x = num(a)
    shape = _square(x)
    lead = None if shape is None else shape[:-2]
    dtype = _float(np.linalg.det, x)
    real = _real(dtype)
    return _number(dtype, lead), _number(real, lead)


def _real(dtype: str | None) -> str | None:
    return (
        None
        if dtype is None
        else {"complex128": "float64", "complex64": "float32"}.get(dtype, dtype)
    )


@typed(np.linalg.solve, support.solve_by_r)
def solve(fn: Callable[..., Any], a: Atom, b: Atom) -> Type:
    x, y = num(a), num(b)
    shape, dtype = _square(x), probe_dtype(_solved, _line(x), _line(y))
    if shape is None or y.shape is None:
        return Num(dtype, None, "array")
    if len(y.shape) == 1:
        check_contracted(shape[-1], y.shape[0], shape, y.shape)
        return Num(dtype, (*shape[:-2], y.shape[0]), "array")
    check_contracted(shape[-1], y.shape[-2], shape, y.shape)
    lead = broadcast(shape[:-2], y.shape[:-2])
    return Num(dtype, (*lead, *y.shape[-2:]), "array")


def _line(x: Num) -> Num:
    return Num(x.dtype, (ONE,), "array")


def _solved(a: Any, b: Any) -> Any:
    return np.linalg.solve(a.reshape(1, 1), b)


@typed(np.linalg.lstsq)
def lstsq(fn: Callable[..., Any], a: Atom, b: Atom, rcond: Atom = NONE) -> Types:
    x, y = num(a), num(b)
    dtype = probe_dtype(_solved, _line(x), _line(y))
    if x.shape is None or y.shape is None:
        return Num(dtype), Num(dtype), Num("int32", (), "any"), Num(dtype)
    smaller = _least(x.shape[0], x.shape[1])
    solution = Num(dtype, (x.shape[1], *y.shape[1:]), "array")
    residuals = Num(dtype, (fresh_dim(),), "array")
    return solution, residuals, Num("int32", (), "any"), Num(_real(dtype), (smaller,), "array")


def _least(a: Dim, b: Dim) -> Dim:
    if a == b:
        return a
    if a.symbol is None and b.symbol is None:
        return a if a.offset < b.offset else b
    for x, y in ((a, b), (b, a)):
        if x.symbol is None and lower_bound(y) >= x.offset:
            return x
    return fresh_dim()


# ----------------------------------------------------------------------- decompositions


@typed(np.linalg.eigh)
def eigh(fn: Callable[..., Any], a: Atom, UPLO: Atom = NONE) -> Types:
    x = num(a)
    shape, dtype = _square(x), _float(_inverse, x)
    values = None if shape is None else shape[:-1]
    return Num(_real(dtype), values, "array"), Num(dtype, shape, "array")


@typed(np.linalg.eigvalsh)
def eigvalsh(fn: Callable[..., Any], a: Atom, UPLO: Atom = NONE) -> Type:
    shape = _square(num(a))
    dtype = _real(_float(_inverse, num(a)))
    return Num(dtype, None if shape is None else shape[:-1], "array")


@typed(np.linalg.eig)
def eig(fn: Callable[..., Any], a: Atom) -> Types:
    # Whether the eigenvalues are real is seen when the program runs.
    shape = _square(num(a))
    return Num(None, None if shape is None else shape[:-1], "array"), Num(None, shape, "array")


@typed(np.linalg.eigvals)
def eigvals(fn: Callable[..., Any], a: Atom) -> Type:
    shape = _square(num(a))
    return Num(None, None if shape is None else shape[:-1], "array")


@typed(np.linalg.svd)
def svd(
    fn: Callable[..., Any], a: Atom, full_matrices: Atom = TRUE, compute_uv: Atom = TRUE
) -> Types:
    x = num(a)
    dtype = _float(_inverse, x)
    wanted, full = static(compute_uv), static(full_matrices)
    if wanted is UNKNOWN:
        return Num(dtype)
    u, s, vh = _svd_shapes(x.shape, full)
    values = Num(_real(dtype), s, "array")
    if not wanted:
        return values
    return Num(dtype, u, "array"), values, Num(dtype, vh, "array")


def _svd_shapes(shape: Shape | None, full: Any) -> tuple[Shape | None, ...]:
    if shape is None:
        return None, None, None
    *lead, m, n = shape
    k = _least(m, n)
    if full is UNKNOWN:
        return (*lead, m, fresh_dim()), (*lead, k), (*lead, fresh_dim(), n)
    return (*lead, m, m if full else k), (*lead, k), (*lead, n if full else k, n)


@typed(np.linalg.qr)
def qr(fn: Callable[..., Any], a: Atom, mode: Atom = NONE) -> Types:
    x, how = num(a), static(mode)
    dtype = _float(_inverse, x)
    if how not in (None, "reduced", "complete", "r"):
        return Num(dtype)
    if x.shape is None:
        return Num(dtype) if how == "r" else (Num(dtype), Num(dtype))
    *lead, m, n = x.shape
    k = m if how == "complete" else _least(m, n)
    r = Num(dtype, (*lead, k, n), "array")
    return r if how == "r" else (Num(dtype, (*lead, m, k), "array"), r)


@typed(np.linalg.pinv)
def pinv(fn: Callable[..., Any], a: Atom, rcond: Atom = NONE, hermitian: Atom = FALSE) -> Type:
    x = num(a)
    shape = None if x.shape is None else (*x.shape[:-2], x.shape[-1], x.shape[-2])
    return Num(_float(_inverse, x), shape, "array")


@typed(np.linalg.matrix_rank)
def matrix_rank(fn: Callable[..., Any], A: Atom, tol: Atom = NONE) -> Type:
    shape = num(A).shape
    return _number("int64", None if shape is None else shape[:-2])


# --------------------------------------------------------------------- norms and products


@typed(np.linalg.norm)
def norm(
    fn: Callable[..., Any],
    x: Atom,
    ord: Atom = NONE,
    axis: Atom = NONE,
    keepdims: Atom = FALSE,
) -> Type:
    array = num(x)
    return _number(_real(_float(_inverse, array)), reduced(array, axis, keepdims))


@typed(*available(np.linalg, "vector_norm", "matrix_norm"))
def norm_of_kind(
    fn: Callable[..., Any],
    x: Atom,
    axis: Atom = NONE,
    keepdims: Atom = FALSE,
    ord: Atom = NONE,
) -> Type:
    array = num(x)
    dtype = _real(_float(_inverse, array))
    if fn is np.linalg.vector_norm:
        return _number(dtype, reduced(array, axis, keepdims))
    lead = None if array.shape is None or static(keepdims) else array.shape[:-2]
    return _number(dtype, lead)


@typed(*available(np.linalg, "cond"))
def cond(fn: Callable[..., Any], x: Atom, p: Atom = NONE) -> Type:
    array = num(x)
    shape = None if array.shape is None else array.shape[:-2]
    return replace(_number(_real(_float(_inverse, array)), shape), kind="any")


@typed(np.linalg.multi_dot)
def multi_dot(fn: Callable[..., Any], arrays: Atom) -> Type:
    items = sequence(arrays)
    if not items or any(x.shape is None or len(x.shape) > 2 for x in items):
        return Num()
    result = items[0]
    for other in items[1:]:
        result = product_type(result, other, matmul_shape(result.shape or (), other.shape or ()))
    return result
