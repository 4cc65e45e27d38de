"""Solves, inverses, determinants and powers; stacks of matrices throughout.

Formulas: M. Giles, *An extended collection of matrix derivative results for forward and reverse
mode algorithmic differentiation*, 2008.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.primitives.apply import added
from sorix.primitives.products import swapped
from sorix.primitives.table import adjoint, tangent_of
from sorix.support import cofactors, cofactors_along, reshape_like, solve_by_r


@adjoint(np.linalg.inv)
def inv(y_bar: Any, y: Any, x: Any) -> Any:
    y_t = swapped(y)
    return -y_t @ y_bar @ y_t


@tangent_of(np.linalg.inv)
def inv_tangent(dots: Any, y: Any, x: Any) -> Any:
    return -y @ dots[0] @ y


@adjoint(np.linalg.solve, solve_by_r)
def solve(x_bar: Any, x: Any, a: Any, b: Any) -> Any:
    b_bar = _solve(swapped(a), x_bar, np.ndim(b) == 1)
    return lambda: -_outer(b_bar, x, np.ndim(b) == 1), b_bar


@tangent_of(np.linalg.solve, solve_by_r)
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


# -- determinants ---------------------------------------------------------------------------
#
# The determinant is a polynomial: its derivatives exist where there is no inverse.


@adjoint(np.linalg.det, oracle="fd5")
def det(y_bar: Any, y: Any, x: Any) -> Any:
    return _spread(y_bar, x) * cofactors(x)


def _spread(v: Any, x: Any) -> Any:
    """One number a matrix, shaped to multiply the matrices."""
    return v if np.ndim(x) == 2 else np.expand_dims(v, (-2, -1))


@tangent_of(np.linalg.det)
def det_tangent(dots: Any, y: Any, x: Any) -> Any:
    return np.sum(cofactors(x) * dots[0], axis=(-2, -1))


@adjoint(cofactors, oracle="fd5")
def cofactors_rule(y_bar: Any, y: Any, x: Any) -> Any:
    return cofactors_along(x, y_bar)


@tangent_of(cofactors)
def cofactors_tangent(dots: Any, y: Any, x: Any) -> Any:
    return cofactors_along(x, dots[0])


@adjoint(cofactors_along, oracle="fd5")
def cofactors_along_rule(y_bar: Any, y: Any, x: Any, g: Any) -> Any:
    return lambda: _third_of_det(x, g, y_bar), lambda: cofactors_along(x, y_bar)


@tangent_of(cofactors_along)
def cofactors_along_tangent(dots: Any, y: Any, x: Any, g: Any) -> Any:
    x_dot, g_dot = dots
    total = None if x_dot is None else _third_of_det(x, g, x_dot)
    return total if g_dot is None else added(total, cofactors_along(x, g_dot))


def _third_of_det(x: Any, g: Any, h: Any) -> Any:
    """The derivative of ``cofactors_along(x, g)`` along `h`, where there is an inverse."""
    inverse = np.linalg.inv(x)
    by_g, by_h = inverse @ g, inverse @ h
    trace_g, trace_h = _trace(by_g), _trace(by_h)
    both = by_g @ by_h
    plain = trace_g * trace_h - _trace(both)
    turned = both + by_h @ by_g - trace_h * by_g - trace_g * by_h
    return _spread(np.linalg.det(x), x) * swapped(plain * inverse + turned @ inverse)


def _trace(x: Any) -> Any:
    return _spread(np.trace(x, axis1=-2, axis2=-1), x)


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


@adjoint(np.linalg.multi_dot, oracle="fd5")
def multi_dot(y_bar: Any, y: Any, xs: Any) -> Any:
    return (tuple(reshape_like(_middle_bar(y_bar, xs, i), xs[i]) for i in range(len(xs))),)


@tangent_of(np.linalg.multi_dot)
def multi_dot_tangent(dots: Any, y: Any, xs: Any) -> Any:
    total = None
    for i, dot in enumerate(dots[0]):
        if dot is not None:
            total = added(total, np.linalg.multi_dot([*xs[:i], dot, *xs[i + 1 :]]))
    return total


def _middle_bar(y_bar: Any, xs: Any, i: int) -> Any:
    """The cotangent of one factor of a chain, whose ends may be vectors."""
    first = xs[0][None, :] if np.ndim(xs[0]) == 1 else xs[0]
    last = xs[-1][:, None] if np.ndim(xs[-1]) == 1 else xs[-1]
    chain = [first, *xs[1:-1], last]
    bar = reshape_like(y_bar, first[:, :1] @ last[:1])  # y_bar may be a bare number
    for x in chain[:i]:
        bar = x.T @ bar
    for x in reversed(chain[i + 1 :]):
        bar = bar @ x.T
    return bar
