"""Norms of vectors and matrices; 0 at the origin, where no derivative exists."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.reductions import extremum, extremum_tangent, reduced
from sorix.primitives.table import adjoint, tangent_of
from sorix.support import expand, reshape_like

Ord = float | str | None


@adjoint(np.linalg.norm, oracle="fd5")
def norm(
    y_bar: Any, y: Any, x: Any, ord: Ord = None, axis: Any = None, keepdims: bool = False
) -> Any:
    if _of_matrix(x, ord, axis):
        return _matrix_norm_bar(y_bar, y, x, ord)
    if _of_matrices(ord, axis):
        slope = np.moveaxis(_slopes(_in_last_axes(x, axis), ord), (-2, -1), axis)
        return expand(y_bar, x, **reduced(axis, keepdims)) * slope
    return _vector_norm_bar(y_bar, y, x, ord, axis, keepdims)


def _vector_norm_bar(y_bar: Any, y: Any, x: Any, ord: Ord, axis: Any, keepdims: bool) -> Any:
    p = _power_of(ord)
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
    if _of_matrix(x, ord, axis):
        return np.sum(_matrix_norm_bar(1.0, y, x, ord) * dots[0], **reduced(None, keepdims))
    if _of_matrices(ord, axis):
        slope = np.moveaxis(_slopes(_in_last_axes(x, axis), ord), (-2, -1), axis)
        return np.sum(slope * dots[0], **reduced(axis, keepdims))
    return _vector_norm_dot(dots, y, x, ord, axis, keepdims)


def _vector_norm_dot(dots: Any, y: Any, x: Any, ord: Ord, axis: Any, keepdims: bool) -> Any:
    p = _power_of(ord)
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


def _of_matrix(x: Any, ord: Ord, axis: Any) -> bool:
    """Whether it is a norm of a matrix other than Frobenius', which is that of a vector."""
    if ord is None or ord == "fro":
        return False
    return axis is None and np.ndim(x) == 2


def _of_matrices(ord: Ord, axis: Any) -> bool:
    """Whether it is such a norm of the matrices in two axes."""
    return ord is not None and ord != "fro" and isinstance(axis, tuple | list) and len(axis) == 2


def _in_last_axes(x: Any, axis: Any) -> Any:
    return np.moveaxis(x, axis, (-2, -1))


def _slopes(x: Any, ord: Ord) -> Any:
    """The derivatives of norms of the matrices in the last two axes."""
    if ord == "nuc" or ord in (2, -2):
        u, _, vh = np.linalg.svd(x, full_matrices=False)
        if ord == "nuc":
            return u @ vh
        if ord == 2:
            return u[..., :1] @ vh[..., :1, :]
        return u[..., -1:] @ vh[..., -1:, :]
    if ord in (1, -1, np.inf, -np.inf):
        axis = -2 if ord in (1, -1) else -1
        sums = np.sum(np.abs(x), axis=axis, keepdims=True)
        most = np.max(sums, axis=(-2, -1), keepdims=True)
        least = np.min(sums, axis=(-2, -1), keepdims=True)
        hit = sums == (most if ord > 0 else least)
        return np.sign(x) * (hit / np.sum(hit, axis=(-2, -1), keepdims=True))
    raise UnsupportedFunctionError(f"np.linalg.norm has no rule for ord={ord!r} of a matrix")


def _power_of(ord: Ord) -> float:
    if ord is None or ord == "fro":
        return 2.0
    if isinstance(ord, str) or ord == 0:
        raise UnsupportedFunctionError(f"np.linalg.norm has no rule for ord={ord!r} of a vector")
    return float(ord)


def _matrix_norm_bar(y_bar: Any, y: Any, x: Any, ord: Ord) -> Any:
    """Of one matrix: from its singular values, or the largest sum of a column or row."""
    if ord == "nuc" or ord in (2, -2):
        u, _, vh = np.linalg.svd(x, full_matrices=False)
        if ord == "nuc":
            return y_bar * (u @ vh)
        return y_bar * (u[:, :1] @ vh[:1] if ord == 2 else u[:, -1:] @ vh[-1:])
    if ord in (1, -1, np.inf, -np.inf):
        axis = 0 if ord in (1, -1) else 1
        sums = np.sum(np.abs(x), axis=axis)
        return np.sign(x) * expand(extremum(y_bar, y, sums), x, axis=axis)
    raise UnsupportedFunctionError(f"np.linalg.norm has no rule for ord={ord!r} of a matrix")


@adjoint(np.linalg.vector_norm, oracle="fd5")
def vector_norm(
    y_bar: Any, y: Any, x: Any, axis: Any = None, keepdims: bool = False, ord: Ord = 2
) -> Any:
    if axis is None and np.ndim(x) > 1:
        return reshape_like(norm(np.reshape(y_bar, ()), np.reshape(y, ()), np.ravel(x), ord), x)
    return _vector_norm_bar(y_bar, y, x, ord, axis, keepdims)


@tangent_of(np.linalg.vector_norm)
def vector_norm_tangent(
    dots: Any, y: Any, x: Any, axis: Any = None, keepdims: bool = False, ord: Ord = 2
) -> Any:
    if axis is None and np.ndim(x) > 1:
        flat = (np.ravel(dots[0]),)
        return reshape_like(norm_tangent(flat, np.reshape(y, ()), np.ravel(x), ord), y)
    return _vector_norm_dot(dots, y, x, ord, axis, keepdims)
