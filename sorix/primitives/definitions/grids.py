"""Points spread between bounds, and functions sampled on them."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.definitions.kinds import array_of
from sorix.primitives.definitions.registry import defines


@defines(np.arange)
def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None) -> Any:
    if stop is None:
        start, stop = 0.0 * start, start
    count = max(int(np.ceil((stop - start) / step)), 0)
    points = start + step * np.arange(count)
    return points if dtype is None else points.astype(dtype)


@defines(np.linspace)
def linspace(
    start: Any, stop: Any, num: Any = 50, endpoint: Any = True, retstep: Any = False, axis: Any = 0
) -> Any:
    start, stop = array_of(start), array_of(stop)
    points = np.linspace(start, stop, num=num, endpoint=endpoint)
    if axis != 0:
        points = np.moveaxis(points, 0, axis)
    if retstep:
        return points, (stop - start) / (num - 1 if endpoint else num)
    return points


@defines(np.logspace)
def logspace(start: Any, stop: Any, num: Any = 50, endpoint: Any = True, base: Any = 10.0) -> Any:
    return base ** np.linspace(start, stop, num=num, endpoint=endpoint)


@defines(np.geomspace)
def geomspace(start: Any, stop: Any, num: Any = 50, endpoint: Any = True) -> Any:
    start, stop = _in_double(array_of(start)), _in_double(array_of(stop))
    if _any_zero(start) or _any_zero(stop):
        raise ValueError("Geometric sequence cannot include zero")
    turn = np.sign(start)
    exponents = np.linspace(
        np.log10(turn * start), np.log10(turn * stop), num=num, endpoint=endpoint
    )
    points = turn * 10.0**exponents
    # The ends are what was given, also where their signs differ and nothing lies between.
    if num > 0:
        points[0] = start
    if num > 1 and endpoint:
        points[-1] = stop
    return points


def _in_double(x: Any) -> Any:
    return x if isinstance(x, float | int) or x.dtype != np.float32 else x.astype(np.float64)


def _any_zero(x: Any) -> Any:
    return x == 0 if np.ndim(x) == 0 else np.any(x == 0)


@defines(np.meshgrid)
def meshgrid(*xi: Any, copy: Any = True, sparse: Any = False, indexing: Any = "xy") -> Any:
    axes = [array_of(x) for x in xi]
    if not sparse:
        return np.meshgrid(*axes, indexing=indexing)
    grids = []
    for k in range(len(axes)):
        along = 1 - k if indexing == "xy" and k < 2 and len(axes) > 1 else k
        shape = tuple([-1 if i == along else 1 for i in range(len(axes))])
        grids.append(np.reshape(axes[k], shape))
    return tuple(grids)


@defines(np.ix_)
def ix_(*args: Any) -> Any:
    grids = []
    for k in range(len(args)):
        index = array_of(args[k])
        if index.dtype == bool:
            index = np.flatnonzero(index)
        grids.append(np.reshape(index, tuple([-1 if i == k else 1 for i in range(len(args))])))
    return tuple(grids)


@defines(np.fft.fftfreq)
def fftfreq(n: Any, d: Any = 1.0) -> Any:
    turns = np.concatenate((np.arange(0, (n - 1) // 2 + 1), np.arange(-(n // 2), 0)))
    return turns * (1.0 / (n * d))


@defines(np.fft.rfftfreq)
def rfftfreq(n: Any, d: Any = 1.0) -> Any:
    return np.arange(0, n // 2 + 1) * (1.0 / (n * d))


@defines(np.tril_indices_from)
def tril_indices_from(arr: Any, k: Any = 0) -> Any:
    return np.tril_indices(np.shape(arr)[0], k=k, m=np.shape(arr)[1])


@defines(np.triu_indices_from)
def triu_indices_from(arr: Any, k: Any = 0) -> Any:
    return np.triu_indices(np.shape(arr)[0], k=k, m=np.shape(arr)[1])


@defines(np.diag_indices_from)
def diag_indices_from(arr: Any) -> Any:
    return np.diag_indices(np.shape(arr)[0], ndim=np.ndim(arr))


@defines(np.fromfunction)
def fromfunction(function: Any, shape: Any, dtype: Any = float, **kwargs: Any) -> Any:
    grid = np.indices(shape)
    return function(*[grid[k] * 1.0 if dtype is float else grid[k] for k in range(len(shape))])


@defines(np.interp)
def interp(
    x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None
) -> Any:
    x, xp, fp = array_of(x), array_of(xp), array_of(fp)
    if period is not None:
        x, xp = x % abs(period), xp % abs(period)
        order = np.argsort(xp)
        xp, fp = xp[order], fp[order]
        xp = np.concatenate((xp[-1:] - abs(period), xp, xp[:1] + abs(period)))
        fp = np.concatenate((fp[-1:], fp, fp[:1]))
        return np.interp(x, xp, fp)
    y = np.interp(x, xp, fp)
    if left is not None:
        y = np.where(x < xp[0], left, y)
    return y if right is None else np.where(x > xp[-1], right, y)


@defines(np.correlate)
def correlate(a: Any, v: Any, mode: Any = "valid") -> Any:
    if mode != "same":
        raise UnsupportedFunctionError("np.correlate has no definition for this mode")
    a, v = array_of(a), array_of(v)
    n, m = len(a), len(v)
    # NumPy exchanges the two where the second is longer, and reverses what it found.
    start = (m - 1) // 2 if m <= n else n // 2
    return np.correlate(a, v, mode="full")[start : start + max(n, m)]


@defines(np.unwrap)
def unwrap(p: Any, discont: Any = None, axis: Any = -1, period: Any = 2 * np.pi) -> Any:
    p = np.moveaxis(array_of(p), axis, -1)
    steps = np.diff(p)
    half = period / 2
    wrapped = (steps + half) % period - half
    wrapped = np.where((wrapped == -half) & (steps > 0), half, wrapped)
    kept = np.abs(steps) < (half if discont is None else discont)
    turns = np.cumsum(np.where(kept, 0.0, wrapped - steps), axis=-1)
    return np.moveaxis(np.concatenate((p[..., :1], p[..., 1:] + turns), axis=-1), -1, axis)


@defines(np.trapezoid)
def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: Any = -1) -> Any:
    y = array_of(y)
    if x is not None:
        return np.trapezoid(y, x, axis=axis)
    if np.ndim(dx) > 0:
        raise UnsupportedFunctionError("np.trapezoid has a rule only for one number as dx")
    return dx * np.trapezoid(y, axis=axis)
