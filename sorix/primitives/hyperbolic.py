"""Hyperbolic functions and their inverses."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sorix.primitives.table import elementwise


@elementwise(np.sinh, math.sinh)
def sinh(y: Any, x: Any) -> Any:
    return np.cosh(x)


@elementwise(np.cosh, math.cosh)
def cosh(y: Any, x: Any) -> Any:
    return np.sinh(x)


@elementwise(np.tanh, math.tanh)
def tanh(y: Any, x: Any) -> Any:
    return 1 - y * y


@elementwise(np.arcsinh, math.asinh)
def arcsinh(y: Any, x: Any) -> Any:
    return 1 / np.sqrt(x * x + 1)


@elementwise(np.arccosh, math.acosh)
def arccosh(y: Any, x: Any) -> Any:
    return 1 / np.sqrt((x - 1) * (x + 1))


@elementwise(np.arctanh, math.atanh)
def arctanh(y: Any, x: Any) -> Any:
    return 1 / ((1 - x) * (1 + x))
