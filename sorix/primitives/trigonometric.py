"""Circular functions and their inverses."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sorix.primitives.table import elementwise
from sorix.support import sinc_derivative


@elementwise(np.sin, math.sin)
def sin(y: Any, x: Any) -> Any:
    return np.cos(x)


@elementwise(np.cos, math.cos)
def cos(y: Any, x: Any) -> Any:
    return -np.sin(x)


@elementwise(np.tan, math.tan)
def tan(y: Any, x: Any) -> Any:
    return 1 + y * y


@elementwise(np.arcsin, math.asin)
def arcsin(y: Any, x: Any) -> Any:
    return 1 / np.sqrt((1 - x) * (1 + x))


@elementwise(np.arccos, math.acos)
def arccos(y: Any, x: Any) -> Any:
    return -1 / np.sqrt((1 - x) * (1 + x))


@elementwise(np.arctan, math.atan)
def arctan(y: Any, x: Any) -> Any:
    return 1 / (1 + x * x)


@elementwise(np.arctan2, math.atan2, oracle="fd5")
def arctan2(z: Any, y: Any, x: Any) -> Any:
    # 0 at the origin, where no derivative exists.
    r2 = x * x + y * y
    r2 = np.where(r2 == 0, 1.0, r2)
    return x / r2, -(y / r2)


@elementwise(np.sinc, oracle="fd5")
def sinc(y: Any, x: Any) -> Any:
    return sinc_derivative(x)


@elementwise(sinc_derivative, oracle="fd5")
def sinc_derivative_(y: Any, x: Any, order: int = 1) -> Any:
    return sinc_derivative(x, order=order + 1)


@elementwise(np.deg2rad, np.radians, math.radians, oracle="fd5")
def deg2rad(y: Any, x: Any) -> Any:
    return math.pi / 180.0


@elementwise(np.rad2deg, np.degrees, math.degrees, oracle="fd5")
def rad2deg(y: Any, x: Any) -> Any:
    return 180.0 / math.pi


@elementwise(np.unwrap, oracle="fd5")
def unwrap(y: Any, x: Any, axis: int = -1) -> Any:
    # Whole turns are added, which do not depend on x.
    return 1
