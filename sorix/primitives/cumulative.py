"""Running sums and products, differences, and the recurrences behind them."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.primitives.table import adjoint, linear, tangent_of
from sorix.primitives.versions import numpy_functions
from sorix.support import (
    diff_transpose,
    linear_recurrence,
    product_of_others,
    reshape_like,
    shift,
)


@linear(np.cumsum)
def cumsum(y_bar: Any, y: Any, x: Any, axis: int | None = None, dtype: Any = None) -> Any:
    if axis is None:
        return reshape_like(np.flip(np.cumsum(np.flip(y_bar))), x)
    return np.flip(np.cumsum(np.flip(y_bar, axis=axis), axis=axis), axis=axis)


@linear(*numpy_functions("cumulative_sum"))
def cumulative_sum(y_bar: Any, y: Any, x: Any, axis: int | None = None, dtype: Any = None) -> Any:
    return cumsum(y_bar, y, x, axis)


@linear(np.diff)
def diff(y_bar: Any, y: Any, x: Any, n: int = 1, axis: int = -1) -> Any:
    return diff_transpose(y_bar, x, n=n, axis=axis)


@linear(np.ediff1d)
def ediff1d(y_bar: Any, y: Any, x: Any) -> Any:
    return reshape_like(diff_transpose(y_bar, np.ravel(x)), x)


@linear(diff_transpose)
def diff_transpose_(z_bar: Any, z: Any, y_bar: Any, x: Any, n: int = 1, axis: int = -1) -> Any:
    return np.diff(z_bar, n=n, axis=axis)


@linear(shift)
def shift_(y_bar: Any, y: Any, x: Any, axis: int = 0, by: int = 1, fill: float = 0.0) -> Any:
    return shift(y_bar, axis=axis, by=-by)


@tangent_of(shift)
def shift_tangent(dots: Any, y: Any, x: Any, axis: int = 0, by: int = 1, fill: float = 0.0) -> Any:
    return shift(dots[0], axis=axis, by=by)


@adjoint(linear_recurrence)
def linear_recurrence_(
    y_bar: Any, y: Any, a: Any, b: Any, axis: int = 0, reverse: bool = False
) -> Any:
    by = -1 if reverse else 1
    b_bar = linear_recurrence(shift(a, axis=axis, by=-by), y_bar, axis=axis, reverse=not reverse)
    return lambda: b_bar * shift(y, axis=axis, by=by), b_bar


@tangent_of(linear_recurrence)
def linear_recurrence_tangent(
    dots: Any, y: Any, a: Any, b: Any, axis: int = 0, reverse: bool = False
) -> Any:
    a_dot, b_dot = dots
    if a_dot is not None:
        forced = a_dot * shift(y, axis=axis, by=-1 if reverse else 1)
        b_dot = forced if b_dot is None else forced + b_dot
    return linear_recurrence(a, b_dot, axis=axis, reverse=reverse)


@adjoint(np.cumprod, *numpy_functions("cumulative_prod"))
def cumprod(y_bar: Any, y: Any, x: Any, axis: int | None = None, dtype: Any = None) -> Any:
    if axis is None:
        return reshape_like(_cumprod_bar(y_bar, y, np.ravel(x), 0), x)
    return _cumprod_bar(y_bar, y, x, axis)


@tangent_of(np.cumprod, *numpy_functions("cumulative_prod"))
def cumprod_tangent(dots: Any, y: Any, x: Any, axis: int | None = None, dtype: Any = None) -> Any:
    if axis is None:
        return _cumprod_dot(np.ravel(dots[0]), y, np.ravel(x), 0)
    return _cumprod_dot(dots[0], y, x, axis)


def _cumprod_bar(y_bar: Any, y: Any, x: Any, axis: int) -> Any:
    """Without a division by `x`, which may hold zeros."""
    later = linear_recurrence(shift(x, axis=axis, by=-1), y_bar, axis=axis, reverse=True)
    return later * shift(y, axis=axis, fill=1.0)


def _cumprod_dot(x_dot: Any, y: Any, x: Any, axis: int) -> Any:
    return linear_recurrence(x, x_dot * shift(y, axis=axis, fill=1.0), axis=axis)


@adjoint(product_of_others)
def product_of_others_(y_bar: Any, y: Any, x: Any, axis: int | None = None) -> Any:
    if axis is None:
        return reshape_like(_others_bar(np.ravel(y_bar), np.ravel(x), 0), x)
    return _others_bar(y_bar, x, axis)


@tangent_of(product_of_others)
def product_of_others_tangent(dots: Any, y: Any, x: Any, axis: int | None = None) -> Any:
    if axis is None:
        return reshape_like(_others_dot(np.ravel(dots[0]), np.ravel(x), 0), x)
    return _others_dot(dots[0], x, axis)


def _others_parts(x: Any, axis: int) -> tuple[Any, Any, Any, Any]:
    """Entries before and after each one, and their running products; the latter reversed."""
    before = shift(x, axis=axis, fill=1.0)
    after = np.flip(shift(x, axis=axis, by=-1, fill=1.0), axis=axis)
    return before, np.cumprod(before, axis=axis), after, np.cumprod(after, axis=axis)


def _others_bar(y_bar: Any, x: Any, axis: int) -> Any:
    before, left, after, right = _others_parts(x, axis)
    left_bar = y_bar * np.flip(right, axis=axis)
    right_bar = np.flip(y_bar * left, axis=axis)
    before_bar = _cumprod_bar(left_bar, left, before, axis)
    after_bar = np.flip(_cumprod_bar(right_bar, right, after, axis), axis=axis)
    return shift(before_bar, axis=axis, by=-1) + shift(after_bar, axis=axis)


def _others_dot(x_dot: Any, x: Any, axis: int) -> Any:
    before, left, after, right = _others_parts(x, axis)
    left_dot = _cumprod_dot(shift(x_dot, axis=axis), left, before, axis)
    after_dot = np.flip(shift(x_dot, axis=axis, by=-1), axis=axis)
    right_dot = _cumprod_dot(after_dot, right, after, axis)
    return left_dot * np.flip(right, axis=axis) + left * np.flip(right_dot, axis=axis)
