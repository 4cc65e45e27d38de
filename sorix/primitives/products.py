"""Matrix and tensor products of every pair of ranks."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.table import bilinear
from sorix.support import reshape_like


def swapped(x: Any) -> Any:
    """The last two axes exchanged."""
    return x.T if np.ndim(x) == 2 else np.swapaxes(x, -1, -2)


@bilinear(np.matmul, np.linalg.matmul, operator.matmul)
def matmul(z_bar: Any, z: Any, x: Any, y: Any) -> Any:
    return lambda: _matmul_first(z_bar, x, y), lambda: _matmul_second(z_bar, x, y)


def _matmul_first(z_bar: Any, x: Any, y: Any) -> Any:
    if np.ndim(y) == 1:
        return z_bar * y if np.ndim(x) == 1 else z_bar[..., None] * y
    if np.ndim(x) == 1:
        return y @ z_bar if np.ndim(y) == 2 else (y @ z_bar[..., None])[..., 0]
    return z_bar @ swapped(y)


def _matmul_second(z_bar: Any, x: Any, y: Any) -> Any:
    if np.ndim(x) == 1:
        return x * z_bar if np.ndim(y) == 1 else x[:, None] * z_bar[..., None, :]
    if np.ndim(y) == 1:
        return x.T @ z_bar if np.ndim(x) == 2 else (swapped(x) @ z_bar[..., None])[..., 0]
    if np.ndim(y) == 2 and np.ndim(x) > 2:
        # A stack times one matrix: the sum over the stack is part of one product.
        stack = tuple(range(np.ndim(x) - 1))
        return np.tensordot(x, z_bar, axes=(stack, stack))
    return swapped(x) @ z_bar


@bilinear(np.dot)
def dot(z_bar: Any, z: Any, x: Any, y: Any) -> Any:
    if np.ndim(x) == 0 or np.ndim(y) == 0:
        return z_bar * y, z_bar * x
    if np.ndim(y) <= 2 and np.ndim(x) <= 2:
        return lambda: _matmul_first(z_bar, x, y), lambda: _matmul_second(z_bar, x, y)
    return _contracted(z_bar, x, y, (np.ndim(x) - 1,), (max(np.ndim(y) - 2, 0),))


@bilinear(np.inner)
def inner(z_bar: Any, z: Any, x: Any, y: Any) -> Any:
    if np.ndim(x) == 0 or np.ndim(y) == 0:
        return z_bar * y, z_bar * x
    return _contracted(z_bar, x, y, (np.ndim(x) - 1,), (np.ndim(y) - 1,))


@bilinear(np.tensordot, np.linalg.tensordot)
def tensordot(z_bar: Any, z: Any, x: Any, y: Any, axes: Any = 2) -> Any:
    return _contracted(z_bar, x, y, *_contracted_axes(axes, np.ndim(x), np.ndim(y)))


def _contracted_axes(
    axes: Any, x_rank: int, y_rank: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if isinstance(axes, int):
        return tuple(range(x_rank - axes, x_rank)), tuple(range(axes))
    of_x, of_y = ((a,) if isinstance(a, int) else tuple(a) for a in axes)
    return tuple(a % x_rank for a in of_x), tuple(a % y_rank for a in of_y)


def _contracted(z_bar: Any, x: Any, y: Any, of_x: tuple[int, ...], of_y: tuple[int, ...]) -> Any:
    """Cotangents of the sum of products over the axes `of_x` of x and `of_y` of y."""
    x_free = tuple(i for i in range(np.ndim(x)) if i not in of_x)
    y_free = tuple(i for i in range(np.ndim(y)) if i not in of_y)
    return (
        lambda: _contracted_first(z_bar, y, of_x, of_y, x_free, y_free),
        lambda: _contracted_second(z_bar, x, of_x, of_y, x_free, y_free),
    )


Axes = tuple[int, ...]


def _contracted_first(
    z_bar: Any, y: Any, of_x: Axes, of_y: Axes, x_free: Axes, y_free: Axes
) -> Any:
    last = tuple(range(len(x_free), len(x_free) + len(y_free)))
    order = sorted(range(len(of_y)), key=lambda k: of_y[k])
    return _ordered(np.tensordot(z_bar, y, axes=(last, y_free)), x_free, of_x, order)


def _contracted_second(
    z_bar: Any, x: Any, of_x: Axes, of_y: Axes, x_free: Axes, y_free: Axes
) -> Any:
    first = tuple(range(len(x_free)))
    order = sorted(range(len(of_x)), key=lambda k: of_x[k])
    return _ordered(np.tensordot(z_bar, x, axes=(first, x_free)), y_free, of_y, order)


def _ordered(v: Any, free: Axes, summed: Axes, order: list[int]) -> Any:
    """Put the axes of `v`, the free ones and then the summed, where they belong."""
    places = [*free, *(summed[k] for k in order)]
    if places == sorted(places):
        return v
    return np.transpose(v, axes=tuple(places.index(i) for i in range(len(places))))


@bilinear(np.vdot)
def vdot(z_bar: Any, z: Any, x: Any, y: Any) -> Any:
    return reshape_like(z_bar * np.ravel(y), x), reshape_like(z_bar * np.ravel(x), y)


@bilinear(np.outer, np.linalg.outer)
def outer(z_bar: Any, z: Any, x: Any, y: Any) -> Any:
    return (
        lambda: reshape_like(z_bar @ np.ravel(y), x),
        lambda: reshape_like(np.ravel(x) @ z_bar, y),
    )


@bilinear(np.kron)
def kron(z_bar: Any, z: Any, x: Any, y: Any) -> Any:
    rank = max(np.ndim(x), np.ndim(y))
    x_sizes = (1,) * (rank - np.ndim(x)) + tuple(np.shape(x))
    y_sizes = (1,) * (rank - np.ndim(y)) + tuple(np.shape(y))
    blocks = np.reshape(
        z_bar, tuple(n for pair in zip(x_sizes, y_sizes, strict=True) for n in pair)
    )
    evens, odds = tuple(range(0, 2 * rank, 2)), tuple(range(1, 2 * rank, 2))
    each = tuple(range(rank))
    return (
        lambda: reshape_like(np.tensordot(blocks, np.reshape(y, y_sizes), axes=(odds, each)), x),
        lambda: reshape_like(np.tensordot(blocks, np.reshape(x, x_sizes), axes=(evens, each)), y),
    )


@bilinear(np.cross)
def cross(
    z_bar: Any,
    z: Any,
    x: Any,
    y: Any,
    axisa: int = -1,
    axisb: int = -1,
    axisc: int = -1,
    axis: int | None = None,
) -> Any:
    a, b, c = (axisa, axisb, axisc) if axis is None else (axis, axis, axis)
    _require_aligned(x, y, (a, b, c))
    if np.ndim(z) < max(np.ndim(x), np.ndim(y)):
        if (a, b) != (-1, -1):
            raise UnsupportedFunctionError(
                "np.cross of vectors in a plane has a rule only along the last axis"
            )
        return (
            lambda: np.stack((z_bar * y[..., 1], -z_bar * y[..., 0]), axis=-1),
            lambda: np.stack((-z_bar * x[..., 1], z_bar * x[..., 0]), axis=-1),
        )
    return (
        lambda: np.cross(y, z_bar, axisa=b, axisb=c, axisc=a),
        lambda: np.cross(z_bar, x, axisa=c, axisb=a, axisc=b),
    )


@bilinear(np.linalg.cross)
def linalg_cross(z_bar: Any, z: Any, x: Any, y: Any, axis: int = -1) -> Any:
    _require_aligned(x, y, (axis,))
    return np.linalg.cross(y, z_bar, axis=axis), np.linalg.cross(z_bar, x, axis=axis)


def _require_aligned(x: Any, y: Any, axes: tuple[int, ...]) -> None:
    """Axes that are turned to the end before arrays are broadcast leave cotangents elsewhere."""
    if set(axes) != {-1} and np.ndim(x) != np.ndim(y):
        raise UnsupportedFunctionError(
            "np.cross of arrays of different ranks has a rule only along the last axis"
        )


@bilinear(np.vecdot, np.linalg.vecdot)
def vecdot(z_bar: Any, z: Any, x: Any, y: Any) -> Any:
    return z_bar[..., None] * y, z_bar[..., None] * x
