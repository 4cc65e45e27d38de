"""The truth that derivatives on the tape are compared with: differences of plain NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

# Weights of the five-point formula, exact for polynomials of degree four.
_STENCIL = ((-2, 1.0), (-1, -8.0), (1, 8.0), (2, -1.0))


def gradient(f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-3) -> np.ndarray:
    """Five-point differences of a scalar function, one entry of `x` at a time."""
    out = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        for steps, weight in _STENCIL:
            moved = x.copy()
            moved[i] += steps * h
            out[i] += weight * float(f(moved)) / (12 * h)
    return out


def complex_gradient(f: Callable[[np.ndarray], Any], x: np.ndarray) -> np.ndarray:
    """Complex steps of a scalar function that is analytic: exact to rounding."""
    out = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        moved = x.astype(complex)
        moved[i] += 1e-30j
        out[i] = f(moved).imag / 1e-30
    return out


def assert_close(actual: Any, expected: np.ndarray, rtol: float = 1e-8) -> None:
    """Agreement relative to the largest entry, and of the shapes."""
    actual = np.asarray(actual)
    assert actual.shape == np.shape(expected)
    scale = max(np.abs(expected).max(initial=0.0), 1e-3)
    np.testing.assert_allclose(actual, expected, rtol=0, atol=rtol * scale)
