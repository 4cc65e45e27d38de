"""Covariances, histograms, and statistics that leave out NaN."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.definitions.kinds import array_of
from sorix.primitives.definitions.registry import defines


@defines(np.cov)
def cov(
    m: Any,
    y: Any = None,
    rowvar: Any = True,
    bias: Any = False,
    ddof: Any = None,
    fweights: Any = None,
    aweights: Any = None,
) -> Any:
    m, y = array_of(m), array_of(y)
    if np.ndim(m) > 2 or np.ndim(y) > 2:
        raise ValueError("m has more than 2 dimensions")
    x = _variables(m, rowvar)
    if y is not None:
        x = np.concatenate((x, _variables(y, rowvar)))
    lost = (0 if bias else 1) if ddof is None else ddof
    w, repeats = array_of(aweights), array_of(fweights)
    if repeats is not None:
        w = repeats if w is None else w * repeats
    if w is None:
        d = x - np.mean(x, axis=1)[:, None]
        c = d @ d.T / max(np.shape(x)[1] - lost, 0)
    else:
        total = np.sum(w)
        d = x - (x @ w / total)[:, None]
        lost = lost if aweights is None else lost * np.sum(w * array_of(aweights)) / total
        c = (d * w) @ d.T / (total - lost)
    return np.squeeze(c)


def _variables(m: Any, rowvar: Any) -> Any:
    """A matrix with a variable in each row."""
    m = array_of(m)
    if m.dtype != np.float64:
        m = m.astype(np.float64)
    if np.ndim(m) < 2:
        return np.atleast_2d(m)
    return m if rowvar else m.T


@defines(np.corrcoef)
def corrcoef(x: Any, y: Any = None, rowvar: Any = True) -> Any:
    c = cov(x, y, rowvar)
    if np.ndim(c) == 0:
        return c / c
    d = np.sqrt(np.diag(c))
    return np.clip(c / d[:, None] / d, -1, 1)


@defines(np.histogram)
def histogram(
    a: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> Any:
    a, weights = array_of(a), array_of(weights)
    edges = histogram_bin_edges(a, bins, range)
    count = np.size(edges) - 1
    a = np.ravel(a)
    inside = (a >= edges[0]) & (a <= edges[-1])
    place = np.minimum(np.searchsorted(edges, a[inside], side="right") - 1, count - 1)
    if weights is None:
        found = np.bincount(place, minlength=count)
    else:
        found = np.bincount(place, np.ravel(weights)[inside], minlength=count)
        if weights.dtype == np.float32:
            found = found.astype(np.float32)
    return (found / np.diff(edges) / np.sum(found) if density else found), edges


@defines(np.histogram_bin_edges)
def histogram_bin_edges(a: Any, bins: Any = 10, range: Any = None, weights: Any = None) -> Any:
    if isinstance(bins, str):
        raise UnsupportedFunctionError(
            "np.histogram has a definition only for numbers of bins, or edges"
        )
    bins = array_of(bins)
    if np.ndim(bins) == 1:
        if np.any(bins[:-1] > bins[1:]):
            raise ValueError("`bins` must increase monotonically, when an array")
        return bins
    low, high = _outer_edges(array_of(a), range)
    same = low == high
    low, high = np.where(same, low - 0.5, low), np.where(same, high + 0.5, high)
    return np.linspace(low, high, bins + 1)


def _outer_edges(a: Any, range: Any) -> Any:
    if range is not None:
        low, high = range
        if low > high:
            raise ValueError("max must be larger than min in range parameter.")
        return low, high
    if np.size(a) == 0:
        return 0.0, 1.0
    low, high = np.min(a), np.max(a)
    if not np.isfinite(high - low):
        raise ValueError("the autodetected range is not finite")
    return low, high


# -- leaving out NaN ------------------------------------------------------------------------


@defines(np.nanvar)
def nanvar(a: Any, axis: Any = None, ddof: Any = 0, keepdims: Any = False) -> Any:
    a = array_of(a)
    known = ~np.isnan(a)
    d = np.where(known, a - np.nanmean(a, axis=axis, keepdims=True), 0.0)
    count = np.sum(known, axis=axis, keepdims=keepdims)
    found = np.sum(d * d, axis=axis, keepdims=keepdims) / (count - ddof)
    return found if found.dtype == d.dtype else found.astype(d.dtype)


@defines(np.nanstd)
def nanstd(a: Any, axis: Any = None, ddof: Any = 0, keepdims: Any = False) -> Any:
    variance = nanvar(a, axis, ddof, keepdims)
    # Where all are equal, the derivative is 0, as that of np.std.
    return np.where(variance == 0, 0.0, np.sqrt(np.where(variance == 0, 1.0, variance)))[()]


@defines(np.nanprod)
def nanprod(a: Any, axis: Any = None, keepdims: Any = False) -> Any:
    a = array_of(a)
    return np.prod(np.where(np.isnan(a), 1.0, a), axis=axis, keepdims=keepdims)


@defines(np.nancumsum)
def nancumsum(a: Any, axis: Any = None) -> Any:
    a = array_of(a)
    return np.cumsum(np.where(np.isnan(a), 0.0, a), axis=axis)


@defines(np.nancumprod)
def nancumprod(a: Any, axis: Any = None) -> Any:
    a = array_of(a)
    return np.cumprod(np.where(np.isnan(a), 1.0, a), axis=axis)


@defines(np.average)
def average(
    a: Any, axis: Any = None, weights: Any = None, returned: Any = False, keepdims: Any = False
) -> Any:
    a, weights = array_of(a), array_of(weights)
    if isinstance(axis, list | tuple):
        if returned or not (weights is None or np.shape(weights) == np.shape(a)):
            raise UnsupportedFunctionError(
                "np.average over several axes has a definition only with a weight for each element"
            )
        if weights is None:
            return np.mean(a, axis=tuple(axis), keepdims=keepdims)
        total = np.sum(a * weights, axis=tuple(axis), keepdims=keepdims)
        return total / np.sum(weights, axis=tuple(axis), keepdims=keepdims)
    mean = np.average(a, axis=axis, weights=weights, keepdims=keepdims)
    if not returned:
        return mean
    shares = np.ones_like(a) if weights is None else weights
    if np.ndim(shares) < np.ndim(a):
        across = tuple([-1 if k == axis % np.ndim(a) else 1 for k in range(np.ndim(a))])
        shares = np.reshape(shares, across) * np.ones_like(a)
    return mean, np.sum(shares, axis=axis, keepdims=keepdims)


@defines(np.histogram2d)
def histogram2d(
    x: Any, y: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> Any:
    x, y, weights = array_of(x), array_of(y), array_of(weights)
    by_axis = isinstance(bins, list | tuple) and len(bins) == 2
    of_x, of_y = bins if by_axis else (bins, bins)
    within_x, within_y = (None, None) if range is None else range
    left = histogram_bin_edges(x, of_x, within_x)
    right = histogram_bin_edges(y, of_y, within_y)
    n, m = np.size(left) - 1, np.size(right) - 1
    inside = (x >= left[0]) & (x <= left[-1]) & (y >= right[0]) & (y <= right[-1])
    row = np.minimum(np.searchsorted(left, x[inside], side="right") - 1, n - 1)
    column = np.minimum(np.searchsorted(right, y[inside], side="right") - 1, m - 1)
    shares = np.ones_like(x) if weights is None else weights
    found: Any = np.bincount(row * m + column, shares[inside], minlength=n * m)
    found = np.reshape(found, (n, m))
    if density:
        found = found / np.outer(np.diff(left), np.diff(right)) / np.sum(found)
    return found, left, right
