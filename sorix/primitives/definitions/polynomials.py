"""Polynomials as arrays of coefficients, the highest power first."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.definitions.kinds import (
    Coefficients,
    array_of,
    coefficients_of,
    trimmed,
    vector_of,
)
from sorix.primitives.definitions.registry import defines


@defines(np.polyval)
def polyval(p: Any, x: Any) -> Any:
    p, x = array_of(p.kept if isinstance(p, Coefficients) else p), array_of(x)
    y = np.zeros_like(x)
    for k in range(len(p)):
        y = y * x + p[k]
    return y


@defines(np.vander)
def vander(x: Any, N: Any = None, increasing: Any = False) -> Any:
    x = array_of(x)
    if np.ndim(x) != 1:
        raise ValueError("x must be a one-dimensional array or sequence.")
    powers = np.arange(len(x) if N is None else N)
    return x[:, None] ** (powers if increasing else powers[::-1])


@defines(np.polyder)
def polyder(p: Any, m: Any = 1) -> Any:
    p = coefficients_of(p)
    for _ in range(m):
        p = p[:-1] * np.arange(len(p) - 1, 0, -1)
    return p


@defines(np.polyint)
def polyint(p: Any, m: Any = 1, k: Any = None) -> Any:
    p = coefficients_of(p)
    constants = np.zeros(m) if k is None else vector_of(k) * np.ones(m)
    for i in range(m):
        p = np.concatenate((p / np.arange(len(p), 0, -1), constants[i : i + 1]))
    return p


@defines(np.polyadd)
def polyadd(a1: Any, a2: Any) -> Any:
    a1, a2 = vector_of(coefficients_of(a1)), vector_of(coefficients_of(a2))
    size = max(len(a1), len(a2))
    return _led_by_zeros(a1, size) + _led_by_zeros(a2, size)


@defines(np.polysub)
def polysub(a1: Any, a2: Any) -> Any:
    a1, a2 = vector_of(coefficients_of(a1)), vector_of(coefficients_of(a2))
    size = max(len(a1), len(a2))
    return _led_by_zeros(a1, size) - _led_by_zeros(a2, size)


def _led_by_zeros(p: Any, size: Any) -> Any:
    return np.concatenate((np.zeros(size - len(p)), p))


@defines(np.polymul)
def polymul(a1: Any, a2: Any) -> Any:
    a1, a2 = vector_of(coefficients_of(a1)), vector_of(coefficients_of(a2))
    return np.convolve(trimmed(a1), trimmed(a2))


@defines(np.poly)
def poly(seq_of_zeros: Any) -> Any:
    zeros = vector_of(seq_of_zeros)
    if np.ndim(zeros) == 2:
        zeros = np.linalg.eigvals(zeros)
    p = np.ones(1)
    for k in range(len(zeros)):
        p = np.concatenate((p, np.zeros(1))) - zeros[k] * np.concatenate((np.zeros(1), p))
    return p


@defines(np.polyfit)
def polyfit(
    x: Any,
    y: Any,
    deg: Any,
    rcond: Any = None,
    full: Any = False,
    w: Any = None,
    cov: Any = False,
) -> Any:
    if full:
        raise UnsupportedFunctionError("np.polyfit has a definition only without full=True")
    x, y, w = array_of(x), array_of(y), array_of(w)
    columns = x[:, None] ** np.arange(deg, -1, -1)
    if w is not None:
        columns = columns * w[:, None]
        y = y * (w if np.ndim(y) == 1 else w[:, None])
    scale = np.sqrt(np.sum(columns * columns, axis=0))
    columns = columns / scale
    q, r = np.linalg.qr(columns)
    if rcond is None:
        found = np.linalg.solve(r, q.T @ y)
    else:
        found = np.linalg.lstsq(columns, y, rcond=rcond)[0]
    fitted = found / scale if np.ndim(y) == 1 else found / scale[:, None]
    if not cov:
        return fitted
    base = np.linalg.inv(r.T @ r) / np.outer(scale, scale)
    spread = 1.0
    if cov != "unscaled":
        if len(x) <= deg + 1:
            raise ValueError(
                "the number of data points must exceed order to scale the covariance matrix"
            )
        misfit = y - columns @ found
        spread = np.sum(misfit * misfit, axis=0) / (len(x) - deg - 1)
    return fitted, base * spread if np.ndim(y) == 1 else base[:, :, None] * spread
