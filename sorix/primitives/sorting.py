"""Orderings: the cotangent goes back to where each value came from."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.apply import refuse_tangent, refused
from sorix.primitives.reductions import reduced
from sorix.primitives.table import adjoint, tangent_of
from sorix.support import cast, detach, reshape_like, scatter, scatter_along


@adjoint(np.sort, oracle="fd5")
def sort(y_bar: Any, y: Any, x: Any, axis: int | None = -1) -> Any:
    if axis is None:
        return reshape_like(scatter_along(y_bar, np.ravel(x), np.argsort(x, axis=None)), x)
    return scatter_along(y_bar, x, np.argsort(x, axis=axis), axis=axis)


@tangent_of(np.sort)
def sort_tangent(dots: Any, y: Any, x: Any, axis: int | None = -1) -> Any:
    if axis is None:
        return np.ravel(dots[0])[np.argsort(x, axis=None)]
    return np.take_along_axis(dots[0], np.argsort(x, axis=axis), axis=axis)


@adjoint(np.partition, oracle="fd5", wrt=(0,))
def partition(y_bar: Any, y: Any, x: Any, kth: Any, axis: int = -1) -> Any:
    return scatter_along(y_bar, x, np.argpartition(x, kth, axis=axis), axis=axis)


@tangent_of(np.partition)
def partition_tangent(dots: Any, y: Any, x: Any, kth: Any, axis: int = -1) -> Any:
    return np.take_along_axis(dots[0], np.argpartition(x, kth, axis=axis), axis=axis)


@adjoint(np.median, oracle="fd5")
def median(y_bar: Any, y: Any, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return _quantile_bar(y_bar, x, 0.5, axis, keepdims)


@tangent_of(np.median)
def median_tangent(dots: Any, y: Any, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return _quantile_dot(dots[0], x, 0.5, axis, keepdims)


@adjoint(np.quantile, oracle="fd5")
def quantile(y_bar: Any, y: Any, x: Any, q: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return lambda: _quantile_bar(y_bar, x, q, axis, keepdims), refused("a quantile's place")


@tangent_of(np.quantile)
def quantile_tangent(
    dots: Any, y: Any, x: Any, q: Any, axis: Any = None, keepdims: bool = False
) -> Any:
    refuse_tangent(dots[1:], "a quantile's place")
    return _quantile_dot(dots[0], x, q, axis, keepdims)


@adjoint(np.percentile, oracle="fd5")
def percentile(y_bar: Any, y: Any, x: Any, q: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return lambda: _quantile_bar(y_bar, x, q / 100.0, axis, keepdims), refused("a quantile's place")


@tangent_of(np.percentile)
def percentile_tangent(
    dots: Any, y: Any, x: Any, q: Any, axis: Any = None, keepdims: bool = False
) -> Any:
    refuse_tangent(dots[1:], "a quantile's place")
    return _quantile_dot(dots[0], x, q / 100.0, axis, keepdims)


def _neighbours(x: Any, q: Any, axis: int) -> tuple[Any, Any, Any]:
    """Where along `axis` the entries below and above a quantile stand, and the upper's weight."""
    if np.ndim(q) > 0:
        raise UnsupportedFunctionError("np.quantile has a rule only for one quantile at a time")
    order = np.argsort(x, axis=axis)
    place = q * (np.size(x, axis) - 1)
    if isinstance(place, float | int):
        low, high = math.floor(place), math.ceil(place)
    else:
        low, high = cast(np.floor(place), np.int64), cast(np.ceil(place), np.int64)
    lower = np.expand_dims(np.take(order, low, axis=axis), axis)
    upper = np.expand_dims(np.take(order, high, axis=axis), axis)
    return lower, upper, place - low


def _one_axis(axis: Any) -> None:
    if isinstance(axis, tuple):
        raise UnsupportedFunctionError("a quantile has a rule only for one axis, or all")


def _quantile_bar(y_bar: Any, x: Any, q: Any, axis: Any, keepdims: bool) -> Any:
    _one_axis(axis)
    if axis is None:
        flat = np.ravel(x)
        return reshape_like(_quantile_bar(np.reshape(y_bar, (1,)), flat, q, 0, True), x)
    lower, upper, weight = _neighbours(x, q, axis)
    spread = y_bar if keepdims else np.expand_dims(y_bar, axis)
    return scatter_along(spread * (1.0 - weight), x, lower, axis=axis) + scatter_along(
        spread * weight, x, upper, axis=axis
    )


def _quantile_dot(x_dot: Any, x: Any, q: Any, axis: Any, keepdims: bool) -> Any:
    _one_axis(axis)
    if axis is None:
        y_dot = _quantile_dot(np.ravel(x_dot), np.ravel(x), q, 0, False)
        return np.reshape(y_dot, (1,) * np.ndim(x)) if keepdims else y_dot
    lower, upper, weight = _neighbours(x, q, axis)
    y_dot = (1.0 - weight) * np.take_along_axis(x_dot, lower, axis=axis)
    y_dot = y_dot + weight * np.take_along_axis(x_dot, upper, axis=axis)
    return np.sum(y_dot, **reduced(axis, keepdims))


@adjoint(np.unique, oracle="fd5")
def unique(
    y_bar: Any,
    y: Any,
    x: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    equal_nan: bool = True,
    sorted: bool = True,
) -> Any:
    several = return_index or return_inverse or return_counts
    first = _first_places(x, axis, equal_nan)
    flat = scatter(y_bar[0] if several else y_bar, np.ravel(x), first)
    return reshape_like(flat, x)


@tangent_of(np.unique)
def unique_tangent(
    dots: Any,
    y: Any,
    x: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    equal_nan: bool = True,
    sorted: bool = True,
) -> Any:
    y_dot = np.take(dots[0], _first_places(x, axis, equal_nan))
    rest = (None,) * sum((return_index, return_inverse, return_counts))
    return (y_dot, *rest) if rest else y_dot


def _first_places(x: Any, axis: int | None, equal_nan: bool) -> Any:
    """Where in the flattened array each of its values stands first."""
    if axis is not None:
        raise UnsupportedFunctionError("np.unique has a rule only for all values together")
    return np.unique(detach(x), return_index=True, equal_nan=equal_nan)[1]
