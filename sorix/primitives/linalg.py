"""Solves, inverses, determinants and norms; stacks of matrices throughout.

Formulas: M. Giles, *An extended collection of matrix derivative results for forward and reverse
mode algorithmic differentiation*, 2008.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.products import swapped
from sorix.primitives.reductions import extremum, extremum_tangent, reduced
from sorix.primitives.table import adjoint, tangent_of
from sorix.support import expand

Ord = float | str | None


@adjoint(np.linalg.inv)
def inv(y_bar: Any, y: Any, x: Any) -> Any:
    y_t = swapped(y)
    return -y_t @ y_bar @ y_t


@tangent_of(np.linalg.inv)
def inv_tangent(dots: Any, y: Any, x: Any) -> Any:
    return -y @ dots[0] @ y


@adjoint(np.linalg.solve)
def solve(x_bar: Any, x: Any, a: Any, b: Any) -> Any:
    b_bar = _solve(swapped(a), x_bar, np.ndim(b) == 1)
    return lambda: -_outer(b_bar, x, np.ndim(b) == 1), b_bar


@tangent_of(np.linalg.solve)
def solve_tangent(dots: Any, x: Any, a: Any, b: Any) -> Any:
    a_dot, b_dot = dots
    vectors = np.ndim(b) == 1
    if a_dot is None:
        return np.linalg.solve(a, b_dot)
    pull = (a_dot @ x[..., None])[..., 0] if vectors else a_dot @ x
    return _solve(a, -pull if b_dot is None else b_dot - pull, vectors)


def _solve(a: Any, b: Any, vectors: bool) -> Any:
    """NumPy takes a stack of vectors for a matrix, so each becomes a column."""
    if vectors and np.ndim(a) > 2:
        return np.linalg.solve(a, b[..., None])[..., 0]
    return np.linalg.solve(a, b)


def _outer(x: Any, y: Any, vectors: bool) -> Any:
    return x[..., None] * y[..., None, :] if vectors else x @ swapped(y)


@adjoint(np.linalg.det)
def det(y_bar: Any, y: Any, x: Any) -> Any:
    return _spread(y_bar * y, x) * swapped(np.linalg.inv(x))


def _spread(v: Any, x: Any) -> Any:
    """One number a matrix, shaped to multiply the matrices."""
    return v if np.ndim(x) == 2 else np.expand_dims(v, (-2, -1))


@tangent_of(np.linalg.det)
def det_tangent(dots: Any, y: Any, x: Any) -> Any:
    return y * np.trace(np.linalg.solve(x, dots[0]), axis1=-2, axis2=-1)


@adjoint(np.linalg.slogdet, oracle="fd5")
def slogdet(y_bars: Any, ys: Any, x: Any) -> Any:
    _, y_bar = y_bars
    return _spread(y_bar, x) * swapped(np.linalg.inv(x))


@tangent_of(np.linalg.slogdet)
def slogdet_tangent(dots: Any, ys: Any, x: Any) -> Any:
    return None, np.trace(np.linalg.solve(x, dots[0]), axis1=-2, axis2=-1)


@adjoint(np.linalg.matrix_power, wrt=(0,))
def matrix_power(y_bar: Any, y: Any, x: Any, n: int) -> Any:
    if n < 0:
        y_t = swapped(np.linalg.inv(x))
        return -y_t @ _power_bar(y_bar, np.linalg.inv(x), -n) @ y_t
    return None if n == 0 else _power_bar(y_bar, x, n)


def _power_bar(y_bar: Any, x: Any, n: int) -> Any:
    """The sum over the place of the factor, by Horner's rule."""
    x_t, right = swapped(x), y_bar
    total = y_bar
    for _ in range(n - 1):
        right = right @ x_t
        total = x_t @ total + right
    return total


@tangent_of(np.linalg.matrix_power)
def matrix_power_tangent(dots: Any, y: Any, x: Any, n: int) -> Any:
    x_dot = dots[0]
    if n == 0:
        return None
    if n < 0:
        x = np.linalg.inv(x)
        x_dot, n = -x @ x_dot @ x, -n
    return _power_bar(x_dot, swapped(x), n)


@adjoint(np.linalg.pinv, oracle="fd5")
def pinv(y_bar: Any, y: Any, x: Any) -> Any:
    y_t, y_bar_t = swapped(y), swapped(y_bar)
    moved = y_bar_t @ y @ y_t
    turned = y_t @ y @ y_bar_t
    return -y_t @ y_bar @ y_t + moved - x @ (y @ moved) + turned - (turned @ y) @ x


@tangent_of(np.linalg.pinv)
def pinv_tangent(dots: Any, y: Any, x: Any) -> Any:
    x_dot, y_t = dots[0], swapped(y)
    moved = y @ y_t @ swapped(x_dot)
    turned = swapped(x_dot) @ y_t @ y
    return -y @ x_dot @ y + moved - (moved @ x) @ y + turned - y @ (x @ turned)


@adjoint(np.linalg.norm, oracle="fd5")
def norm(
    y_bar: Any, y: Any, x: Any, ord: Ord = None, axis: Any = None, keepdims: bool = False
) -> Any:
    p, axis = _vector_norm(x, ord, axis)
    options = reduced(axis, keepdims)
    if p == 2:
        return expand(y_bar / _nonzero(y), x, **options) * x
    if p == 1:
        return expand(y_bar, x, **options) * np.sign(x)
    if abs(p) == np.inf:
        return extremum(y_bar, y, np.abs(x), axis, keepdims) * np.sign(x)
    scaled = y_bar * _nonzero(y) ** (1 - p)
    return expand(scaled, x, **options) * np.sign(x) * _safe_power(np.abs(x), p - 1)


@tangent_of(np.linalg.norm)
def norm_tangent(
    dots: Any, y: Any, x: Any, ord: Ord = None, axis: Any = None, keepdims: bool = False
) -> Any:
    p, axis = _vector_norm(x, ord, axis)
    options = reduced(axis, keepdims)
    if p == 2:
        return np.sum(x * dots[0], **options) / _nonzero(y)
    turned = np.sign(x) * dots[0]
    if p == 1:
        return np.sum(turned, **options)
    if abs(p) == np.inf:
        return extremum_tangent((turned,), y, np.abs(x), axis, keepdims)
    total = np.sum(turned * _safe_power(np.abs(x), p - 1), **options)
    return total * _nonzero(y) ** (1 - p)


def _nonzero(y: Any) -> Any:
    """`y`, or 1 where it is 0: what is divided by it is 0 there as well."""
    return np.where(y == 0, 1.0, y)


def _safe_power(x: Any, n: float) -> Any:
    return x**n if n >= 0 else np.where(x == 0, 0.0, _nonzero(x) ** n)


def _vector_norm(x: Any, ord: Ord, axis: Any) -> tuple[float, Any]:
    """Which norm of a vector it is, and along which axes; refuses other norms of matrices."""
    rank = np.ndim(x)
    matrix = isinstance(axis, tuple) and len(axis) == 2 or axis is None and rank == 2
    if ord is None or ord == "fro" and matrix:
        return 2.0, axis
    if matrix or isinstance(ord, str) or ord == 0:
        raise UnsupportedFunctionError(f"np.linalg.norm has no rule for ord={ord!r} here")
    return float(ord), axis
