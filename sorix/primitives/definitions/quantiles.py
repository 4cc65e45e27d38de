"""Medians and quantiles, by every method that takes neighbours in the order of the values."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.definitions.kinds import array_of
from sorix.primitives.definitions.registry import defines

PLOTTING = {
    "interpolated_inverted_cdf": (0.0, 1.0),
    "hazen": (0.5, 0.5),
    "weibull": (0.0, 0.0),
    "linear": (1.0, 1.0),
    "median_unbiased": (1 / 3, 1 / 3),
    "normal_unbiased": (3 / 8, 3 / 8),
}
"""The two numbers from which a quantile's place follows, of each continuous method (Hyndman and
Fan, *Sample quantiles in statistical packages*, 1996)."""


@defines(np.median)
def median(a: Any, axis: Any = None, overwrite_input: Any = False, keepdims: Any = False) -> Any:
    a = array_of(a)
    if isinstance(axis, list | tuple):
        return with_axes(np.median(as_one(a, axis), axis=-1), a, axis, keepdims)
    return np.median(a, axis=axis, keepdims=keepdims)


def as_one(a: Any, axes: Any) -> Any:
    """Several axes as one, the last."""
    along = [k % np.ndim(a) for k in axes]
    kept = [k for k in range(np.ndim(a)) if k not in along]
    moved = np.transpose(a, tuple(kept + sorted(along)))
    return np.reshape(moved, tuple([np.shape(a)[k] for k in kept]) + (-1,))


def with_axes(y: Any, a: Any, axes: Any, keepdims: Any) -> Any:
    """What was reduced over several axes, these kept with length 1 where that is asked for."""
    if not keepdims:
        return y
    along = [k % np.ndim(a) for k in axes]
    return np.reshape(y, tuple([1 if k in along else np.shape(a)[k] for k in range(np.ndim(a))]))


@defines(np.quantile)
def quantile(
    a: Any,
    q: Any,
    axis: Any = None,
    overwrite_input: Any = False,
    method: Any = "linear",
    keepdims: Any = False,
) -> Any:
    a, q = array_of(a), array_of(q)
    if np.ndim(q) > 0:
        parts = [quantile(a, part, axis, False, method, keepdims) for part in np.ravel(q)]
        found = np.stack(parts)
        if np.ndim(q) == 1:
            return found
        return np.reshape(found, np.shape(q) + np.shape(found)[1:])
    if isinstance(axis, list | tuple):
        one = quantile(as_one(a, axis), q, -1, False, method)
        return with_axes(one, a, axis, keepdims)
    if method == "linear":
        return np.quantile(a, q, axis=axis, keepdims=keepdims)
    found = _between_neighbours(
        np.ravel(a) if axis is None else np.moveaxis(a, axis, -1), q, method
    )
    if not keepdims:
        return found
    return np.reshape(found, (1,) * np.ndim(a)) if axis is None else np.expand_dims(found, axis)


def _between_neighbours(a: Any, q: Any, method: Any) -> Any:
    """A quantile along the last axis."""
    n = np.shape(a)[-1]
    ordered = np.sort(a)
    if method in PLOTTING:
        alpha, beta = PLOTTING[method]
        place = n * q + (alpha + q * (1.0 - alpha - beta)) - 1.0
        return _mixed(ordered, place, place - np.floor(place))
    if method == "inverted_cdf":
        return _mixed(ordered, np.ceil(n * q - 1.0), 0)
    if method == "averaged_inverted_cdf":
        place = n * q - 1.0
        return _mixed(ordered, place, np.where(place == np.floor(place), 0.5, 1.0))
    place = q * (n - 1)
    if method == "lower":
        return _mixed(ordered, np.floor(place), 0)
    if method == "higher":
        return _mixed(ordered, np.ceil(place), 0)
    if method == "midpoint":
        return _mixed(ordered, place, np.where(place == np.floor(place), 0.0, 0.5))
    if method == "nearest":
        return _mixed(ordered, np.rint(place), 0)
    raise UnsupportedFunctionError("np.quantile has no definition for this method")


def _mixed(ordered: Any, place: Any, weight: Any) -> Any:
    """The element below a place with those above it, by a weight; at the ends, the end's."""
    last = np.shape(ordered)[-1] - 1
    below = int(np.floor(place))
    low = _last_axis_at(ordered, min(max(below, 0), last))
    if isinstance(weight, int):
        return low
    high = _last_axis_at(ordered, min(max(below + 1, 0), last))
    return low + float(weight) * (high - low)


def _last_axis_at(a: Any, k: Any) -> Any:
    return a[k] if np.ndim(a) == 1 else a[..., k]


@defines(np.percentile)
def percentile(
    a: Any,
    q: Any,
    axis: Any = None,
    overwrite_input: Any = False,
    method: Any = "linear",
    keepdims: Any = False,
) -> Any:
    return quantile(a, array_of(q) / 100.0, axis, False, method, keepdims)


# -- leaving out NaN ------------------------------------------------------------------------


@defines(np.nanmedian)
def nanmedian(a: Any, axis: Any = None, overwrite_input: Any = False, keepdims: Any = False) -> Any:
    found = nanquantile(a, 0.5, axis, False, "linear", keepdims)
    kept = array_of(a).dtype
    return found if found.dtype == kept else found.astype(kept)


@defines(np.nanquantile)
def nanquantile(
    a: Any,
    q: Any,
    axis: Any = None,
    overwrite_input: Any = False,
    method: Any = "linear",
    keepdims: Any = False,
) -> Any:
    a, q = array_of(a), array_of(q)
    if method != "linear":
        raise UnsupportedFunctionError("np.nanquantile has a definition only with method='linear'")
    if axis is None and not keepdims:
        a = np.ravel(a)
        return np.quantile(a[~np.isnan(a)], q)
    if np.ndim(q) > 0:
        return np.stack([nanquantile(a, part, axis, False, method, keepdims) for part in q])
    if axis is None or isinstance(axis, list | tuple):
        axes = tuple(range(np.ndim(a))) if axis is None else axis
        return with_axes(_known_quantile(as_one(a, axes), q, -1), a, axes, keepdims)
    found = _known_quantile(a, q, axis)
    return np.expand_dims(found, axis) if keepdims else found


def _known_quantile(a: Any, q: Any, axis: Any) -> Any:
    """A quantile of what is not NaN, along one axis."""
    ordered = np.sort(a, axis=axis)  # With the NaN after all others.
    place = q * (np.sum(~np.isnan(a), axis=axis, keepdims=True) - 1)
    below = np.floor(place).astype(np.int64)
    above = np.ceil(place).astype(np.int64)
    low = np.take_along_axis(ordered, below, axis=axis)
    high = np.take_along_axis(ordered, above, axis=axis)
    return np.squeeze(low + (high - low) * (place - below), axis=axis)


@defines(np.nanpercentile)
def nanpercentile(
    a: Any,
    q: Any,
    axis: Any = None,
    overwrite_input: Any = False,
    method: Any = "linear",
    keepdims: Any = False,
) -> Any:
    return nanquantile(a, array_of(q) / 100.0, axis, False, method, keepdims)
