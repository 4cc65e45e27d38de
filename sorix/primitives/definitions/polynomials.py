"""Polynomials as arrays of coefficients: the highest power first in the functions of `np`, the
lowest first in those of `np.polynomial`."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.definitions.kinds import Coefficients, array_of, coefficients_of, vector_of
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
    return np.convolve(vector_of(coefficients_of(a1)), vector_of(coefficients_of(a2)))


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
    found = np.linalg.solve(r, q.T @ y)
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


# -- np.polynomial: sums of basis functions -------------------------------------------------


@defines(np.polynomial.polynomial.polyval)
def power_series(x: Any, c: Any, tensor: Any = True) -> Any:
    x, c = array_of(x), array_of(c)
    n = len(c)
    y = c[n - 1] + x * 0
    for k in range(2, n + 1):
        y = c[n - k] + y * x
    return y


@defines(np.polynomial.polynomial.polyder)
def derivative_of_series(c: Any, m: Any = 1) -> Any:
    return np.polyder(array_of(c)[::-1], m)[::-1]


@defines(np.polynomial.polynomial.polyint)
def integral_of_series(c: Any, m: Any = 1) -> Any:
    return np.polyint(array_of(c)[::-1], m)[::-1]


@defines(np.polynomial.polynomial.polyfit)
def fitted_series(x: Any, y: Any, deg: Any, w: Any = None) -> Any:
    return np.flip(np.polyfit(x, y, deg, w=w), 0)


@defines(np.polynomial.polynomial.polyvander)
def powers(x: Any, deg: Any) -> Any:
    return array_of(x)[..., None] ** np.arange(deg + 1)


@defines(np.polynomial.polynomial.polymul)
def product_of_series(c1: Any, c2: Any) -> Any:
    return np.convolve(vector_of(c1), vector_of(c2))


@defines(np.polynomial.polynomial.polyadd)
def sum_of_series(c1: Any, c2: Any) -> Any:
    return np.polyadd(vector_of(c1)[::-1], vector_of(c2)[::-1])[::-1]


@defines(np.polynomial.chebyshev.chebval)
def chebyshev_series(x: Any, c: Any, tensor: Any = True) -> Any:
    x, c = array_of(x), array_of(c)
    b1, b2 = x * 0.0, x * 0.0
    for k in range(len(c) - 1, 0, -1):
        b1, b2 = c[k] + 2 * x * b1 - b2, b1
    return c[0] + x * b1 - b2


@defines(np.polynomial.legendre.legval)
def legendre_series(x: Any, c: Any, tensor: Any = True) -> Any:
    x, c = array_of(x), array_of(c)
    b1, b2 = x * 0.0, x * 0.0
    for k in range(len(c) - 1, 0, -1):
        b1, b2 = c[k] + (2 * k + 1) / (k + 1) * x * b1 - (k + 1) / (k + 2) * b2, b1
    return c[0] + x * b1 - 0.5 * b2


@defines(np.polynomial.hermite.hermval)
def hermite_series(x: Any, c: Any, tensor: Any = True) -> Any:
    x, c = array_of(x), array_of(c)
    b1, b2 = x * 0.0, x * 0.0
    for k in range(len(c) - 1, 0, -1):
        b1, b2 = c[k] + 2 * x * b1 - 2 * (k + 1) * b2, b1
    return c[0] + 2 * x * b1 - 2 * b2


@defines(np.polynomial.hermite_e.hermeval)
def hermite_e_series(x: Any, c: Any, tensor: Any = True) -> Any:
    x, c = array_of(x), array_of(c)
    b1, b2 = x * 0.0, x * 0.0
    for k in range(len(c) - 1, 0, -1):
        b1, b2 = c[k] + x * b1 - (k + 1) * b2, b1
    return c[0] + x * b1 - b2


@defines(np.polynomial.laguerre.lagval)
def laguerre_series(x: Any, c: Any, tensor: Any = True) -> Any:
    x, c = array_of(x), array_of(c)
    b1, b2 = x * 0.0, x * 0.0
    for k in range(len(c) - 1, 0, -1):
        b1, b2 = c[k] + (2 * k + 1 - x) / (k + 1) * b1 - (k + 1) / (k + 2) * b2, b1
    return c[0] + (1 - x) * b1 - 0.5 * b2
