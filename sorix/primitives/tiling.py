"""Repeating and padding, and the sums over copies that are their transposes."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.primitives.table import linear, tangent_of
from sorix.support import unpad, unrepeat, untile


@linear(np.tile)
def tile(y_bar: Any, y: Any, x: Any, reps: Any) -> Any:
    return untile(y_bar, x, reps)


@linear(untile)
def untile_(z_bar: Any, z: Any, y_bar: Any, x: Any, reps: Any) -> Any:
    return np.tile(z_bar, reps)


@linear(np.repeat)
def repeat(y_bar: Any, y: Any, x: Any, repeats: Any, axis: int | None = None) -> Any:
    return unrepeat(y_bar, x, repeats, axis=axis)


@linear(unrepeat)
def unrepeat_(z_bar: Any, z: Any, y_bar: Any, x: Any, repeats: Any, axis: int | None = None) -> Any:
    return np.repeat(z_bar, repeats, axis=axis)


@linear(np.pad)
def pad(
    y_bar: Any, y: Any, x: Any, pad_width: Any, mode: str = "constant", constant_values: Any = 0
) -> Any:
    return unpad(y_bar, x, pad_width, mode=mode)


@tangent_of(np.pad)
def pad_tangent(
    dots: Any, y: Any, x: Any, pad_width: Any, mode: Any = "constant", constant_values: Any = 0
) -> Any:
    return np.pad(dots[0], pad_width, mode=mode)


@linear(unpad)
def unpad_(z_bar: Any, z: Any, y_bar: Any, x: Any, pad_width: Any, mode: Any = "constant") -> Any:
    return np.pad(z_bar, pad_width, mode=mode)
