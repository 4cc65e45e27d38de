"""Cholesky, eigenvalue, singular value and QR factorisations; stacks of matrices throughout.

NumPy reads the lower triangle of a symmetric argument, and so does the derivative: the cotangent is
lower triangular, and of a tangent the upper triangle does not matter. Where singular values or
eigenvalues coincide, the vectors have no derivative, and their part of the cotangent is dropped.
Formulas: J. Townsend, *Differentiating the singular value decomposition*, 2016; I. Murray,
*Differentiation of the Cholesky decomposition*, 2016.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.primitives.products import swapped
from sorix.primitives.table import adjoint, tangent_of
from sorix.support import eye_like, solve_by_r, spans_all


def _as_read(x_dot: Any) -> Any:
    """The tangent of the symmetric matrix that is read off the lower triangle."""
    half = _lower_half(x_dot)
    return half + swapped(half)


def _to_lower(x_bar: Any) -> Any:
    """The transpose of `_as_read`."""
    return _lower_half(x_bar + swapped(x_bar))


def _lower_half(x: Any) -> Any:
    """The lower triangle with half the diagonal."""
    return np.tril(x, k=-1) + 0.5 * _diagonal_part(x)


def _diagonal_part(x: Any) -> Any:
    return x * eye_like(x)


@adjoint(np.linalg.cholesky, oracle="fd5")
def cholesky(y_bar: Any, y: Any, x: Any) -> Any:
    y_t = swapped(y)
    inner = np.linalg.solve(y_t, _lower_half(y_t @ y_bar))
    return _to_lower(np.linalg.solve(y_t, swapped(inner)))


@tangent_of(np.linalg.cholesky)
def cholesky_tangent(dots: Any, y: Any, x: Any) -> Any:
    half = np.linalg.solve(y, _as_read(dots[0]))
    return y @ _lower_half(np.linalg.solve(y, swapped(half)))


def _gaps(w: Any) -> Any:
    """``1 / (w[j] - w[i])``, and 0 where they coincide."""
    gap = w[..., None, :] - w[..., :, None]
    return np.where(gap == 0, 0.0, 1.0 / np.where(gap == 0, 1.0, gap))


@adjoint(np.linalg.eigh, oracle="fd5")
def eigh(y_bars: Any, ys: Any, x: Any) -> Any:
    w_bar, v_bar = y_bars
    w, v = ys
    v_t = swapped(v)
    turned = _gaps(w) * (v_t @ v_bar)
    return _to_lower(v @ turned @ v_t + (v * w_bar[..., None, :]) @ v_t)


@tangent_of(np.linalg.eigh)
def eigh_tangent(dots: Any, ys: Any, x: Any) -> Any:
    w, v = ys
    inner = swapped(v) @ _as_read(dots[0]) @ v
    return np.diagonal(inner, axis1=-2, axis2=-1), v @ (_gaps(w) * inner)


@adjoint(np.linalg.eigvalsh, oracle="fd5")
def eigvalsh(w_bar: Any, w: Any, x: Any) -> Any:
    _, v = np.linalg.eigh(x)
    return _to_lower((v * w_bar[..., None, :]) @ swapped(v))


@tangent_of(np.linalg.eigvalsh)
def eigvalsh_tangent(dots: Any, w: Any, x: Any) -> Any:
    _, v = np.linalg.eigh(x)
    return np.diagonal(swapped(v) @ _as_read(dots[0]) @ v, axis1=-2, axis2=-1)


# -- singular values ------------------------------------------------------------------------
#
# Only differences of the cotangents of U and V meet ``1 / (s[j] - s[i])``, and only what is alike
# in both meets ``1 / (s[j] + s[i])``. Of ``1 / (s[j]**2 - s[i]**2)`` for both, the polar factor
# ``U @ Vh`` of a matrix with a singular value of 0, where it is smooth, would be nothing but noise.


@adjoint(np.linalg.svd, oracle="fd5")
def svd(y_bars: Any, ys: Any, x: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    if not compute_uv:
        u, _, vh = np.linalg.svd(x, full_matrices=False)
        return (u * y_bars[..., None, :]) @ vh
    (u_bar, s_bar, vh_bar), (u, s, vh) = y_bars, ys
    v, v_bar = swapped(vh), swapped(vh_bar)
    u, u_bar, u_beside, u_beside_bar = _parts(u, u_bar, s, full_matrices)
    v, v_bar, v_beside, v_beside_bar = _parts(v, v_bar, s, full_matrices)
    left, right = swapped(u) @ u_bar, swapped(v) @ v_bar
    turn, back = left - swapped(left), right - swapped(right)
    inner = 0.5 * (_gaps(s) * (turn + back) + _inverse_sums(s) * (turn - back))
    outside_u = _outside(u_bar, u, s, left)
    outside_v = _outside(v_bar, v, s, right)
    if full_matrices:
        columns = _columns(u, s), _columns(v, s)
        outside_u = outside_u - u_beside @ (swapped(u_beside_bar) @ u) / columns[0]
        outside_v = outside_v - v_beside @ (swapped(v_beside_bar) @ v) / columns[1]
    return (u @ inner + u * s_bar[..., None, :] + outside_u) @ swapped(v) + u @ swapped(outside_v)


@tangent_of(np.linalg.svd)
def svd_tangent(
    dots: Any, ys: Any, x: Any, full_matrices: bool = True, compute_uv: bool = True
) -> Any:
    x_dot = dots[0]
    u, s, vh = ys if compute_uv else np.linalg.svd(x, full_matrices=False)
    v = swapped(vh)
    if compute_uv:
        u, _, u_beside, _ = _parts(u, u, s, full_matrices)
        v, _, v_beside, _ = _parts(v, v, s, full_matrices)
    xv, xu = x_dot @ v, swapped(x_dot) @ u
    inner = swapped(u) @ xv
    s_dot = np.diagonal(inner, axis1=-2, axis2=-1)
    if not compute_uv:
        return s_dot
    even, odd = _gaps(s) * (inner + swapped(inner)), _inverse_sums(s) * (inner - swapped(inner))
    u_out, v_out = _outside(xv, u, s, inner), _outside(xu, v, s, swapped(inner))
    u_dot = u @ (0.5 * (even + odd)) + u_out
    v_dot = v @ (0.5 * (even - odd)) + v_out
    if full_matrices:
        u_dot = np.concatenate((u_dot, -u @ (swapped(u_out) @ u_beside)), axis=-1)
        v_dot = np.concatenate((v_dot, -v @ (swapped(v_out) @ v_beside)), axis=-1)
    return u_dot, s_dot, swapped(v_dot)


def _parts(u: Any, u_bar: Any, s: Any, full: bool) -> tuple[Any, ...]:
    """The columns that belong to singular values, and those beside them, each with cotangents.

    Those beside them span what the others leave, and any basis of it is as good as another:
    they move with what they span, and do not turn in it.
    """
    if not full:
        return u, u_bar, None, None
    k = np.size(s, -1)
    return u[..., :k], u_bar[..., :k], u[..., k:], u_bar[..., k:]


def _inverse_sums(s: Any) -> Any:
    """``1 / (s[j] + s[i])``, and 0 where both are 0."""
    both = s[..., None, :] + s[..., :, None]
    return np.where(both == 0, 0.0, 1.0 / np.where(both == 0, 1.0, both))


def _outside(x: Any, u: Any, s: Any, inside: Any) -> Any:
    """The part of `x` outside the columns of `u`, divided by `s`; none where these span all."""
    return np.where(spans_all(u), 0.0, x - u @ inside) / _columns(u, s)


def _columns(u: Any, s: Any) -> Any:
    """`s`, to divide by where there is anything outside the columns of `u`."""
    return np.where(spans_all(u), 1.0, s[..., None, :])


@adjoint(np.linalg.qr, oracle="fd5")
def qr(y_bars: Any, ys: Any, x: Any) -> Any:
    """Of a matrix with no fewer rows than columns."""
    q_bar, r_bar = y_bars
    q, r = ys
    inner = r @ swapped(r_bar) - swapped(q_bar) @ q
    lower = np.tril(inner, k=-1)
    turned = q_bar + q @ (lower + swapped(lower) + _diagonal_part(inner))
    return swapped(solve_by_r(r, swapped(turned)))


@tangent_of(np.linalg.qr)
def qr_tangent(dots: Any, ys: Any, x: Any) -> Any:
    q, r = ys
    scaled = swapped(solve_by_r(swapped(r), swapped(dots[0])))
    inner = swapped(q) @ scaled
    lower = np.tril(inner, k=-1)
    upper = inner - lower + swapped(lower)
    return scaled - q @ upper, upper @ r
