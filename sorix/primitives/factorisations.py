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

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.products import swapped
from sorix.primitives.table import adjoint, tangent_of
from sorix.support import eye_like


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


@adjoint(np.linalg.svd, oracle="fd5")
def svd(y_bars: Any, ys: Any, x: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    if not compute_uv:
        u, _, vh = np.linalg.svd(x, full_matrices=False)
        return (u * y_bars[..., None, :]) @ vh
    _check_reduced(full_matrices)
    u_bar, s_bar, vh_bar = y_bars
    u, s, vh = ys
    u_t, v, v_bar = swapped(u), swapped(vh), swapped(vh_bar)
    gaps, columns = _gaps(s * s), s[..., None, :]
    left, right = u_t @ u_bar, vh @ v_bar
    inner = (gaps * (left - swapped(left))) * columns + s[..., :, None] * (
        gaps * (right - swapped(right))
    )
    outside_u = (u_bar - u @ left) / columns
    outside_v = (v_bar - v @ right) / columns
    return (u @ inner + u * s_bar[..., None, :] + outside_u) @ vh + u @ swapped(outside_v)


@tangent_of(np.linalg.svd)
def svd_tangent(
    dots: Any, ys: Any, x: Any, full_matrices: bool = True, compute_uv: bool = True
) -> Any:
    x_dot = dots[0]
    u, s, vh = ys if compute_uv else np.linalg.svd(x, full_matrices=False)
    inner = swapped(u) @ x_dot @ swapped(vh)
    s_dot = np.diagonal(inner, axis1=-2, axis2=-1)
    if not compute_uv:
        return s_dot
    _check_reduced(full_matrices)
    v, gaps, columns, rows = swapped(vh), _gaps(s * s), s[..., None, :], s[..., :, None]
    xv, xu = x_dot @ v, swapped(x_dot) @ u
    u_turn = gaps * (inner * columns + rows * swapped(inner))
    v_turn = gaps * (rows * inner + swapped(inner) * columns)
    u_dot = u @ u_turn + (xv - u @ (swapped(u) @ xv)) / columns
    v_dot = v @ v_turn + (xu - v @ (vh @ xu)) / columns
    return u_dot, s_dot, swapped(v_dot)


def _check_reduced(full_matrices: bool) -> None:
    if full_matrices:
        raise UnsupportedFunctionError(
            "np.linalg.svd has a rule for its vectors only with full_matrices=False"
        )


@adjoint(np.linalg.qr, oracle="fd5")
def qr(y_bars: Any, ys: Any, x: Any) -> Any:
    """Of a matrix with no fewer rows than columns."""
    q_bar, r_bar = y_bars
    q, r = ys
    inner = r @ swapped(r_bar) - swapped(q_bar) @ q
    lower = np.tril(inner, k=-1)
    turned = q_bar + q @ (lower + swapped(lower) + _diagonal_part(inner))
    return swapped(np.linalg.solve(r, swapped(turned)))


@tangent_of(np.linalg.qr)
def qr_tangent(dots: Any, ys: Any, x: Any) -> Any:
    q, r = ys
    scaled = swapped(np.linalg.solve(swapped(r), swapped(dots[0])))
    inner = swapped(q) @ scaled
    lower = np.tril(inner, k=-1)
    upper = inner - lower + swapped(lower)
    return scaled - q @ upper, upper @ r
