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
