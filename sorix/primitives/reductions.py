"""Sums, means, products and extrema along axes."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.primitives.table import adjoint, elementwise, linear, tangent_of
from sorix.support import expand, item, product_of_others
from sorix.support.broadcasting import Axis


def count(x: Any, axis: Axis) -> Any:
    """The number of entries that a reduction of `x` along `axis` takes together."""
    if axis is None:
        return np.size(x)
    if not isinstance(axis, tuple):
        return np.size(x, axis)
    total = 1
    for i in axis:
        total = total * np.size(x, i)
    return total


def reduced(axis: Axis, keepdims: bool, **more: Any) -> dict[str, Any]:
    """The options of a reduction, those at their default left out."""
    options = {} if axis is None else {"axis": axis}
    if keepdims:
        options["keepdims"] = keepdims
    return {**options, **more}


@linear(np.sum)
def sum_(
    y_bar: Any, y: Any, x: Any, axis: Axis = None, keepdims: bool = False, dtype: Any = None
) -> Any:
    return expand(y_bar, x, **reduced(axis, keepdims))


@linear(expand)
def expand_(
    z_bar: Any, z: Any, y_bar: Any, x: Any, axis: Axis = None, keepdims: bool = False
) -> Any:
    return np.sum(z_bar, **reduced(axis, keepdims))


@linear(np.mean)
def mean(
    y_bar: Any, y: Any, x: Any, axis: Axis = None, keepdims: bool = False, dtype: Any = None
) -> Any:
    return expand(y_bar / count(x, axis), x, **reduced(axis, keepdims))


@linear(item)
def item_(y_bar: Any, y: Any, x: Any) -> Any:
    return expand(y_bar, x)


@adjoint(np.nansum)
def nansum(y_bar: Any, y: Any, x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    return np.where(np.isnan(x), 0.0, expand(y_bar, x, **reduced(axis, keepdims)))


@tangent_of(np.nansum)
def nansum_tangent(dots: Any, y: Any, x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    return np.sum(np.where(np.isnan(x), 0.0, dots[0]), **reduced(axis, keepdims))


@adjoint(np.prod)
def prod(
    y_bar: Any, y: Any, x: Any, axis: Axis = None, keepdims: bool = False, dtype: Any = None
) -> Any:
    return expand(y_bar, x, **reduced(axis, keepdims)) * _others(x, axis)


@tangent_of(np.prod)
def prod_tangent(
    dots: Any, y: Any, x: Any, axis: Axis = None, keepdims: bool = False, dtype: Any = None
) -> Any:
    return np.sum(dots[0] * _others(x, axis), **reduced(axis, keepdims))


def _others(x: Any, axis: Axis) -> Any:
    if not isinstance(axis, tuple):
        return product_of_others(x, **reduced(axis, False))
    if not axis:
        return np.ones_like(x)
    if len(axis) == np.ndim(x):
        return product_of_others(x)
    return _others_of_axes(x, axis)


def _others_of_axes(x: Any, axes: tuple[int, ...]) -> Any:
    """Several axes: moved to the end and there made one."""
    last = tuple(range(-len(axes), 0))
    moved = np.moveaxis(x, axes, last)
    flat = np.reshape(moved, (*np.shape(moved)[: -len(axes)], -1))
    others = np.reshape(product_of_others(flat, axis=-1), np.shape(moved))
    return np.moveaxis(others, last, axes)


@adjoint(np.nanmean, oracle="fd5")
def nanmean(y_bar: Any, y: Any, x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    options = reduced(axis, keepdims)
    known = np.sum(~np.isnan(x), **options, dtype=dtype_like(x))
    return np.where(np.isnan(x), 0.0, expand(y_bar / known, x, **options))


@tangent_of(np.nanmean)
def nanmean_tangent(dots: Any, y: Any, x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    options = reduced(axis, keepdims)
    known = np.sum(~np.isnan(x), **options, dtype=dtype_like(x))
    return np.sum(np.where(np.isnan(x), 0.0, dots[0]), **options) / known


@adjoint(np.max, np.amax, np.min, np.amin, np.nanmax, np.nanmin, oracle="fd5")
def extremum(y_bar: Any, y: Any, x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Entries that tie share the cotangent equally."""
    options = reduced(axis, keepdims)
    hit = x == expand(y, x, **options)
    share = y_bar / np.sum(hit, **options, dtype=dtype_like(x))
    return np.where(hit, expand(share, x, **options), 0.0)


@tangent_of(np.max, np.amax, np.min, np.amin, np.nanmax, np.nanmin)
def extremum_tangent(dots: Any, y: Any, x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    options = reduced(axis, keepdims)
    hit = x == expand(y, x, **options)
    total = np.sum(np.where(hit, dots[0], 0.0), **options)
    return total / np.sum(hit, **options, dtype=dtype_like(x))


def dtype_like(x: Any) -> Any:
    """The dtype to count in, so that dividing by the count keeps float32."""
    return getattr(x, "dtype", None)


@elementwise(np.nan_to_num, oracle="fd5")
def nan_to_num(
    y: Any, x: Any, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None
) -> Any:
    return np.where(np.isfinite(x), 1.0, 0.0)
