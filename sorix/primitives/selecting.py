"""Choosing between values: where, extrema of two, clipping, absolute values.

A cotangent is chosen the same way as the value, never multiplied by a mask: so an infinite one
of the side that was not taken leaves no NaN.
"""

from __future__ import annotations

import builtins
import math
import operator
from typing import Any

import numpy as np

from sorix.primitives.apply import added
from sorix.primitives.table import adjoint, elementwise, linear, tangent_of


@linear(np.where, wrt=(1, 2))
def where(z_bar: Any, z: Any, condition: Any, x: Any, y: Any) -> Any:
    return (
        None,
        lambda: np.where(condition, z_bar, 0.0),
        lambda: np.where(condition, 0.0, z_bar),
    )


@tangent_of(np.where)
def where_tangent(dots: Any, z: Any, condition: Any, x: Any, y: Any) -> Any:
    _, x_dot, y_dot = dots
    return np.where(condition, 0.0 if x_dot is None else x_dot, 0.0 if y_dot is None else y_dot)


def _won(v: Any, x: Any, y: Any) -> Any:
    """`v` where `x` is greater, half of it where they tie."""
    return np.where(x > y, v, np.where(x == y, 0.5 * v, 0.0))


@adjoint(np.maximum, oracle="fd5")
def maximum(z_bar: Any, z: Any, x: Any, y: Any) -> Any:
    return lambda: _won(z_bar, x, y), lambda: _won(z_bar, y, x)


@tangent_of(np.maximum)
def maximum_tangent(dots: Any, z: Any, x: Any, y: Any) -> Any:
    return _chosen(dots, x, y)


@adjoint(np.minimum, oracle="fd5")
def minimum(z_bar: Any, z: Any, x: Any, y: Any) -> Any:
    return lambda: _won(z_bar, y, x), lambda: _won(z_bar, x, y)


@tangent_of(np.minimum)
def minimum_tangent(dots: Any, z: Any, x: Any, y: Any) -> Any:
    return _chosen(dots, y, x)


def _chosen(dots: Any, x: Any, y: Any) -> Any:
    """The tangents of two arguments as the share of each, by which of `x` and `y` is greater."""
    first = None if dots[0] is None else _won(dots[0], x, y)
    return added(first, None if dots[1] is None else _won(dots[1], y, x))


def _won_unless_nan(v: Any, x: Any, y: Any) -> Any:
    return np.where((x > y) | np.isnan(y), v, np.where(x == y, 0.5 * v, 0.0))


def _chosen_unless_nan(dots: Any, x: Any, y: Any) -> Any:
    first = None if dots[0] is None else _won_unless_nan(dots[0], x, y)
    return added(first, None if dots[1] is None else _won_unless_nan(dots[1], y, x))


@adjoint(np.fmax, oracle="fd5")
def fmax(z_bar: Any, z: Any, x: Any, y: Any) -> Any:
    return lambda: _won_unless_nan(z_bar, x, y), lambda: _won_unless_nan(z_bar, y, x)


@tangent_of(np.fmax)
def fmax_tangent(dots: Any, z: Any, x: Any, y: Any) -> Any:
    return _chosen_unless_nan(dots, x, y)


@adjoint(np.fmin, oracle="fd5")
def fmin(z_bar: Any, z: Any, x: Any, y: Any) -> Any:
    return lambda: _won_unless_nan(z_bar, -x, -y), lambda: _won_unless_nan(z_bar, -y, -x)


@tangent_of(np.fmin)
def fmin_tangent(dots: Any, z: Any, x: Any, y: Any) -> Any:
    return _chosen_unless_nan(dots, -x, -y)


@adjoint(np.clip, oracle="fd5")
def clip(y_bar: Any, y: Any, x: Any, a_min: Any, a_max: Any) -> Any:
    """On a bound the derivative is 1, as PyTorch has it; the upper bound wins over the lower."""
    return (
        lambda: np.where(_inside(x, a_min, a_max), y_bar, 0.0),
        None if a_min is None else lambda: np.where(_below(x, a_min, a_max), y_bar, 0.0),
        None if a_max is None else lambda: np.where(_above(x, a_min, a_max), y_bar, 0.0),
    )


@tangent_of(np.clip)
def clip_tangent(dots: Any, y: Any, x: Any, a_min: Any, a_max: Any) -> Any:
    total = None
    for dot, chosen in zip(dots, (_inside, _below, _above), strict=True):
        if dot is not None:
            total = added(total, np.where(chosen(x, a_min, a_max), dot, 0.0))
    return total


def _inside(x: Any, a_min: Any, a_max: Any) -> Any:
    if a_min is None:
        return x <= (np.inf if a_max is None else a_max)
    return x >= a_min if a_max is None else (x >= a_min) & (x <= a_max)


def _below(x: Any, a_min: Any, a_max: Any) -> Any:
    return x < a_min if a_max is None else (x < a_min) & (a_min <= a_max)


def _above(x: Any, a_min: Any, a_max: Any) -> Any:
    return x > a_max if a_min is None else np.maximum(x, a_min) > a_max


@elementwise(np.absolute, np.fabs, operator.abs, builtins.abs, math.fabs, oracle="fd5")
def absolute(y: Any, x: Any) -> Any:
    return np.sign(x)


@elementwise(np.copysign, math.copysign, wrt=(0,), oracle="fd5")
def copysign(z: Any, x: Any, y: Any) -> Any:
    return lambda: np.copysign(1.0, x) * np.copysign(1.0, y), None


@adjoint(np.select, wrt=(1, 2), oracle="exact")
def select(y_bar: Any, y: Any, condlist: Any, choicelist: Any, default: Any) -> Any:
    """The first condition that holds decides."""
    cotangents, left = [], y_bar
    for condition in condlist:
        cotangents.append(np.where(condition, left, 0.0))
        left = np.where(condition, 0.0, left)
    return None, tuple(cotangents), left


@tangent_of(np.select)
def select_tangent(dots: Any, y: Any, condlist: Any, choicelist: Any, default: Any) -> Any:
    _, choices, y_dot = dots
    y_dot = 0.0 if y_dot is None else y_dot
    pairs = list(zip(condlist, choices or (None,) * len(condlist), strict=True))
    for condition, dot in reversed(pairs):
        y_dot = np.where(condition, 0.0 if dot is None else dot, y_dot)
    return y_dot


@elementwise(builtins.min, builtins.max, wrt=(0, 1), oracle="fd5")
def builtin_extremum(z: Any, x: Any, y: Any) -> Any:
    """Of two numbers: Python returns the first where they tie."""
    first = z == x
    return np.where(first, 1.0, 0.0), np.where(first, 0.0, 1.0)
