"""Variances and weighted means."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.reductions import count, extremum, extremum_tangent, reduced
from sorix.primitives.table import adjoint, tangent_of
from sorix.support import expand
from sorix.support.broadcasting import Axis


def _centred(x: Any, axis: Axis) -> Any:
    return x - np.mean(x, **reduced(axis, True))


@adjoint(np.var, oracle="fd5")
def var(
    y_bar: Any, y: Any, x: Any, axis: Axis = None, ddof: int = 0, keepdims: bool = False
) -> Any:
    scaled = y_bar * 2.0 / (count(x, axis) - ddof)
    return expand(scaled, x, **reduced(axis, keepdims)) * _centred(x, axis)


@tangent_of(np.var)
def var_tangent(
    dots: Any, y: Any, x: Any, axis: Axis = None, ddof: int = 0, keepdims: bool = False
) -> Any:
    total = np.sum(_centred(x, axis) * dots[0], **reduced(axis, keepdims))
    return total * 2.0 / (count(x, axis) - ddof)


@adjoint(np.std, oracle="fd5")
def std(
    y_bar: Any, y: Any, x: Any, axis: Axis = None, ddof: int = 0, keepdims: bool = False
) -> Any:
    # 0 where all entries are equal and no derivative exists.
    scaled = y_bar / (np.where(y == 0, 1.0, y) * (count(x, axis) - ddof))
    return expand(scaled, x, **reduced(axis, keepdims)) * _centred(x, axis)


@tangent_of(np.std)
def std_tangent(
    dots: Any, y: Any, x: Any, axis: Axis = None, ddof: int = 0, keepdims: bool = False
) -> Any:
    total = np.sum(_centred(x, axis) * dots[0], **reduced(axis, keepdims))
    return total / (np.where(y == 0, 1.0, y) * (count(x, axis) - ddof))


@adjoint(np.ptp, oracle="fd5")
def ptp(y_bar: Any, y: Any, x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    high, low = np.max(x, **reduced(axis, keepdims)), np.min(x, **reduced(axis, keepdims))
    return extremum(y_bar, high, x, axis, keepdims) - extremum(y_bar, low, x, axis, keepdims)


@tangent_of(np.ptp)
def ptp_tangent(dots: Any, y: Any, x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    high, low = np.max(x, **reduced(axis, keepdims)), np.min(x, **reduced(axis, keepdims))
    return extremum_tangent(dots, high, x, axis, keepdims) - extremum_tangent(
        dots, low, x, axis, keepdims
    )


@adjoint(np.average, wrt=(0, 2))
def average(y_bar: Any, y: Any, x: Any, axis: Any, weights: Any, keepdims: bool = False) -> Any:
    if isinstance(axis, tuple):
        raise UnsupportedFunctionError("np.average has a rule only for one axis, or all")
    if weights is None:
        return expand(y_bar / count(x, axis), x, **reduced(axis, keepdims))
    w = _aligned(weights, x, axis)
    spread = expand(y_bar / np.sum(w, **reduced(axis, keepdims)), x, **reduced(axis, keepdims))
    mean = expand(y, x, **reduced(axis, keepdims))
    return lambda: spread * w, None, lambda: _weights_bar(spread * (x - mean), weights, x, axis)


@tangent_of(np.average)
def average_tangent(
    dots: Any, y: Any, x: Any, axis: Any, weights: Any, keepdims: bool = False
) -> Any:
    x_dot, _, w_dot = dots
    if weights is None:
        return np.mean(x_dot, **reduced(axis, keepdims))
    w = _aligned(weights, x, axis)
    moved = 0.0 if x_dot is None else w * x_dot
    if w_dot is not None:
        mean = expand(y, x, **reduced(axis, keepdims))
        moved = moved + _aligned(w_dot, x, axis) * (x - mean)
    return np.sum(moved, **reduced(axis, keepdims)) / np.sum(w, **reduced(axis, keepdims))


def _aligned(weights: Any, x: Any, axis: Any) -> Any:
    """Weights of one axis shaped to multiply `x`."""
    rank = np.ndim(x)
    if np.ndim(weights) == rank:
        return weights
    shape = [1] * rank
    shape[axis] = -1
    return np.reshape(weights, shape) + np.zeros_like(x)


def _weights_bar(v: Any, weights: Any, x: Any, axis: Any) -> Any:
    if np.ndim(weights) == np.ndim(x):
        return v
    return np.sum(v, axis=tuple(i for i in range(np.ndim(x)) if i != axis % np.ndim(x)))
