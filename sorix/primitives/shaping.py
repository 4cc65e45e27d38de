"""Reshaping, reordering and broadcasting: linear, with transposes of the same kind."""

from __future__ import annotations

import copy as copying
from typing import Any

import numpy as np

from sorix.primitives.table import linear, tangent_of
from sorix.primitives.versions import numpy_functions
from sorix.support import broadcast_like, cast, reshape_like, unbroadcast


@linear(np.reshape)
def reshape(y_bar: Any, y: Any, x: Any, shape: Any, order: Any = "C") -> Any:
    if order == "C":
        return reshape_like(y_bar, x)
    return np.reshape(y_bar, np.shape(x), order=order)


@linear(np.ravel)
def ravel(y_bar: Any, y: Any, x: Any, order: Any = "C") -> Any:
    if order == "C":
        return reshape_like(y_bar, x)
    return np.reshape(y_bar, np.shape(x), order=order)


@linear(np.squeeze)
def squeeze(y_bar: Any, y: Any, x: Any, axis: Any = None) -> Any:
    return reshape_like(y_bar, x)


@linear(np.expand_dims)
def expand_dims(y_bar: Any, y: Any, x: Any, axis: Any) -> Any:
    return reshape_like(y_bar, x)


@linear(np.atleast_1d, np.atleast_2d, np.atleast_3d)
def atleast(y_bar: Any, y: Any, x: Any) -> Any:
    return reshape_like(y_bar, x)


@linear(reshape_like)
def reshape_like_(z_bar: Any, z: Any, y: Any, x: Any) -> Any:
    return reshape_like(z_bar, y)


@linear(np.transpose)
def transpose(y_bar: Any, y: Any, x: Any, axes: Any = None) -> Any:
    if axes is None:
        return np.transpose(y_bar)
    rank = len(axes)
    inverse = sorted(range(rank), key=lambda i: axes[i] % rank)
    return np.transpose(y_bar, axes=tuple(inverse))


@linear(np.matrix_transpose, np.linalg.matrix_transpose)
def matrix_transpose(y_bar: Any, y: Any, x: Any) -> Any:
    return np.matrix_transpose(y_bar)


@linear(np.swapaxes)
def swapaxes(y_bar: Any, y: Any, x: Any, axis1: Any, axis2: Any) -> Any:
    return np.swapaxes(y_bar, axis1, axis2)


@linear(np.moveaxis)
def moveaxis(y_bar: Any, y: Any, x: Any, source: Any, destination: Any) -> Any:
    return np.moveaxis(y_bar, destination, source)


@linear(np.rollaxis)
def rollaxis(y_bar: Any, y: Any, x: Any, axis: Any, start: int = 0) -> Any:
    rank = np.ndim(x)
    axis, start = axis % rank, start + rank if start < 0 else start
    return np.moveaxis(y_bar, start - 1 if axis < start else start, axis)


@linear(np.broadcast_to)
def broadcast_to(y_bar: Any, y: Any, x: Any, shape: Any) -> Any:
    return y_bar  # summed over the new axes by the machinery


@linear(broadcast_like)
def broadcast_like_(z_bar: Any, z: Any, y: Any, x: Any) -> Any:
    return unbroadcast(z_bar, y)


@linear(unbroadcast)
def unbroadcast_(z_bar: Any, z: Any, y_bar: Any, x: Any) -> Any:
    return broadcast_like(z_bar, y_bar)


@linear(np.copy)
def copy_in(y_bar: Any, y: Any, x: Any, order: str = "K") -> Any:
    return y_bar


@tangent_of(np.copy)
def copy_in_tangent(dots: Any, y: Any, x: Any, order: str = "K") -> Any:
    return dots[0]


@linear(np.ascontiguousarray, np.asfortranarray, copying.copy)
def copy(y_bar: Any, y: Any, x: Any) -> Any:
    return y_bar


@tangent_of(np.ascontiguousarray, np.asfortranarray, copying.copy)
def copy_tangent(dots: Any, y: Any, x: Any) -> Any:
    return dots[0]


@linear(np.conjugate)
def conjugate(y_bar: Any, y: Any, x: Any) -> Any:
    return np.conjugate(y_bar)


@linear(cast)
def cast_(y_bar: Any, y: Any, x: Any, dtype: Any) -> Any:
    return y_bar if np.dtype(dtype).kind in "fc" else None


@tangent_of(cast)
def cast_tangent(dots: Any, y: Any, x: Any, dtype: Any) -> Any:
    return cast(dots[0], dtype) if np.dtype(dtype).kind in "fc" else None


@linear(*numpy_functions("astype"))
def astype(y_bar: Any, y: Any, x: Any, dtype: Any) -> Any:
    return y_bar if np.dtype(dtype).kind in "fc" else None


@tangent_of(*numpy_functions("astype"))
def astype_tangent(dots: Any, y: Any, x: Any, dtype: Any) -> Any:
    return cast(dots[0], dtype) if np.dtype(dtype).kind in "fc" else None


@linear(np.flip)
def flip(y_bar: Any, y: Any, x: Any, axis: Any = None) -> Any:
    return np.flip(y_bar) if axis is None else np.flip(y_bar, axis=axis)


@linear(np.fliplr)
def fliplr(y_bar: Any, y: Any, x: Any) -> Any:
    return np.fliplr(y_bar)


@linear(np.flipud)
def flipud(y_bar: Any, y: Any, x: Any) -> Any:
    return np.flipud(y_bar)


@linear(np.rot90)
def rot90(y_bar: Any, y: Any, x: Any, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Any:
    return np.rot90(y_bar, k=-k, axes=axes)


@linear(np.roll)
def roll(y_bar: Any, y: Any, x: Any, shift: Any, axis: Any = None) -> Any:
    back = tuple(-n for n in shift) if isinstance(shift, tuple | list) else -shift
    return np.roll(y_bar, back) if axis is None else np.roll(y_bar, back, axis=axis)
