"""Special functions that derivatives of NumPy's functions need."""

from __future__ import annotations

from math import factorial, pi
from typing import Any

import numpy as np

from sorix.support.dispatch import primitive


@primitive
def sinc_derivative(x: Any, order: int = 1) -> Any:
    """The derivative of ``np.sinc`` of the given order, accurate also near 0.

    Examples
    --------
    >>> round(float(sinc_derivative(0.0, order=2)), 6)
    -3.289868
    """
    dtype = np.result_type(x, 0.0)
    # In single precision the factorials of the series would overflow.
    t = pi * np.asarray(x, np.result_type(x, np.float64))
    near = np.abs(t) < order + 1.5
    far = _sinc_recurrence(np.where(near, 1.0, t), order)
    y = np.where(near, _sinc_series(np.where(near, t, 0.0), order), far)
    return (pi**order * y).astype(dtype)[()]


def _sinc_series(t: Any, order: int) -> Any:
    """Derivative of ``sin(t)/t`` by its power series, for small `t`."""
    total = np.zeros_like(t)
    for k in range((order + 1) // 2, (order + 1) // 2 + 20 + 2 * order):
        scale = factorial(2 * k + 1) // factorial(2 * k) * factorial(2 * k - order)
        total = total + (-1) ** k * t ** (2 * k - order) / scale
    return total


def _sinc_recurrence(t: Any, order: int) -> Any:
    """Derivative of ``sin(t)/t`` from ``t f(n) + n f(n-1) = sin(t + n pi/2)``."""
    f = np.sin(t) / t
    for n in range(1, order + 1):
        f = (np.sin(t + n * pi / 2) - n * f) / t
    return f


@primitive
def polygamma(x: Any, order: int = 0) -> Any:
    """The derivative of ``log(gamma(x))`` of order ``order + 1``: digamma where `order` is 0.

    By the asymptotic series for great `x`, the recurrence for small ones and the reflection for
    negative ones: Abramowitz and Stegun, *Handbook of Mathematical Functions*, 6.3 and 6.4.

    Examples
    --------
    >>> round(float(polygamma(1.0)), 12)
    -0.577215664902
    >>> round(float(polygamma(-0.5, order=1)), 12)
    8.934802200545
    """
    dtype = np.result_type(x, 0.0)
    x = np.asarray(x, np.result_type(x, np.float64))
    below = x <= 0
    found = _polygamma_of_positive(np.where(below, 1.0 - x, x), order)
    if np.any(below):
        turned = (-1) ** order * found - pi * _cotangent_derivative(np.where(below, x, 0.5), order)
        found = np.where(below, turned, found)
    return found.astype(dtype)[()]


def _polygamma_of_positive(x: Any, order: int) -> Any:
    """Moved up to where the asymptotic series is exact, by ``f(x) = f(x + 1) - step(x)``."""
    far = 14 + order
    total, moved = np.zeros_like(x), x
    for _ in range(far):
        near = moved < far
        step = (-1) ** order * factorial(order) / np.where(near, moved, 1.0) ** (order + 1)
        total = total - np.where(near, step, 0.0)
        moved = np.where(near, moved + 1.0, moved)
    return total + _polygamma_series(moved, order)


_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
"""The Bernoulli numbers of even index, from the second on."""


def _polygamma_series(x: Any, n: int) -> Any:
    """6.3.18 and 6.4.11."""
    if n == 0:
        terms = [-b / (2 * k * x ** (2 * k)) for k, b in enumerate(_BERNOULLI, 1)]
        return sum(reversed(terms)) - 0.5 / x + np.log(x)
    total = sum(
        b * (factorial(2 * k + n - 1) // factorial(2 * k)) / x ** (2 * k)
        for k, b in reversed(tuple(enumerate(_BERNOULLI, 1)))
    )
    total = total + 0.5 * factorial(n) / x + factorial(n - 1)
    return (-1) ** (n - 1) * total / x**n


def _cotangent_derivative(x: Any, order: int) -> Any:
    """The derivative of ``cot(pi x)``, a polynomial in the cotangent itself."""
    turned = x - np.round(x)
    with np.errstate(divide="ignore"):
        cotangent = 1.0 / np.tan(pi * turned)
    coefficients = np.array([0.0, 1.0])
    for _ in range(order):
        slope = coefficients[1:] * np.arange(1, len(coefficients))
        coefficients = -pi * np.convolve(slope, [1.0, 0.0, 1.0])
    return np.polyval(coefficients[::-1], cotangent)
