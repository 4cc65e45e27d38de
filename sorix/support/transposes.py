"""Transposes of linear NumPy functions that NumPy itself does not offer.

``untile`` undoes ``np.tile`` in the sense of linear algebra: it sums the copies. Each takes the
cotangent of the result and the argument (for its shape), and the options of the function.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.support.broadcasting import as_kind_of, shape_of, zeros_like
from sorix.support.dispatch import primitive


@primitive
def untile(y_bar: Any, x: Any, reps: Any) -> Any:
    """Transpose of ``np.tile(x, reps)``: the sum of the copies.

    Examples
    --------
    >>> import numpy as np
    >>> untile(np.arange(4.0), np.zeros(2), 2)
    array([2., 4.])
    """
    counts = (reps,) if np.ndim(reps) == 0 else tuple(reps)
    shape = shape_of(x)
    rank = max(len(shape), len(counts))
    counts = (1,) * (rank - len(counts)) + counts
    sizes = (1,) * (rank - len(shape)) + shape
    split = [n for pair in zip(counts, sizes, strict=True) for n in pair]
    total = np.sum(np.reshape(y_bar, split), axis=tuple(range(0, 2 * rank, 2)))
    return as_kind_of(np.reshape(total, shape), x)


@primitive
def unrepeat(y_bar: Any, x: Any, repeats: Any, axis: int | None = None) -> Any:
    """Transpose of ``np.repeat(x, repeats, axis)``: the sum of the copies.

    Examples
    --------
    >>> import numpy as np
    >>> unrepeat(np.arange(4.0), np.zeros(2), 2)
    array([1., 5.])
    """
    shape = shape_of(x)
    axis = axis if shape else None
    length = int(np.prod(shape)) if axis is None else shape[axis]
    source = np.repeat(np.arange(length), repeats)
    out = np.zeros(length if axis is None else _moved_first(shape, axis), y_bar.dtype)
    np.add.at(out, source, y_bar if axis is None else np.moveaxis(y_bar, axis, 0))
    if axis is None:
        return as_kind_of(out.reshape(shape), x)
    return np.moveaxis(out, 0, axis)


def _moved_first(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    rest = list(shape)
    return (rest.pop(axis), *rest)


@primitive
def unpad(y_bar: Any, x: Any, pad_width: Any, mode: str = "constant") -> Any:
    """Transpose of ``np.pad(x, pad_width, mode)`` for modes that copy entries of `x`.

    The modes are constant (whose fill does not depend on `x`), edge, wrap, reflect, symmetric.

    Examples
    --------
    >>> import numpy as np
    >>> unpad(np.ones(5), np.zeros(2), (2, 1), mode="edge")
    array([3., 2.])
    """
    shape = shape_of(x)
    if mode == "constant":
        starts = np.broadcast_to(pad_width, (len(shape), 2))[:, 0]
        return y_bar[tuple(slice(i, i + n) for i, n in zip(starts, shape, strict=True))]
    source = np.arange(int(np.prod(shape))).reshape(shape)
    out = np.zeros(source.size, y_bar.dtype)
    np.add.at(out, np.pad(source, pad_width, mode=mode), y_bar)  # type: ignore[call-overload]
    return out.reshape(shape)


@primitive
def diff_transpose(y_bar: Any, x: Any, n: int = 1, axis: int = -1) -> Any:
    """Transpose of ``np.diff(x, n, axis)``; zeros where `x` is too short to have differences.

    Examples
    --------
    >>> import numpy as np
    >>> diff_transpose(np.array([1.0, 5.0]), np.zeros(3))
    array([-1., -4.,  5.])
    """
    if np.size(y_bar) == 0:
        return np.zeros(shape_of(x), y_bar.dtype)
    for _ in range(n):
        edge = list(y_bar.shape)
        edge[axis] = 1
        zero = np.zeros(edge, y_bar.dtype)
        y_bar = -np.diff(y_bar, axis=axis, prepend=zero, append=zero)
    return y_bar


@primitive
def convolve_transpose(y_bar: Any, v: Any, a: Any, mode: str = "full") -> Any:
    """Transpose of ``np.convolve(a, v, mode)`` in `a`.

    Examples
    --------
    >>> import numpy as np
    >>> convolve_transpose(np.ones(3), np.array([1.0, 2.0]), np.zeros(2))
    array([3., 3.])
    """
    v = np.atleast_1d(v)
    n, m = np.size(a), len(v)
    start = {"full": 0, "same": (min(n, m) - 1) // 2, "valid": min(n, m) - 1}[mode]
    full = np.zeros(n + m - 1, np.result_type(y_bar, v))
    full[start : start + len(y_bar)] = y_bar
    found = np.convolve(full, v[::-1])[m - 1 : m - 1 + n]
    return found if np.ndim(a) else as_kind_of(np.reshape(found, ()), a)


@primitive
def gradient_transpose(
    y_bar: Any, x: Any, spacing: Any = 1.0, axis: int = 0, edge_order: int = 1
) -> Any:
    """Transpose of ``np.gradient(x, spacing, axis=axis, edge_order=edge_order)``.

    `spacing` is a number, or the coordinates along the axis.

    Examples
    --------
    >>> import numpy as np
    >>> gradient_transpose(np.array([1.0, 0.0, 0.0]), np.zeros(3))
    array([-1.,  1.,  0.])
    """
    # The matrix of the operation along one axis, applied transposed.
    identity: Any = np.eye(shape_of(x)[axis])
    matrix = np.gradient(identity, spacing, axis=0, edge_order=edge_order)  # type: ignore[call-overload]
    return np.moveaxis(np.tensordot(matrix, y_bar, axes=(0, axis)), 0, axis)


@primitive
def linear_recurrence(a: Any, b: Any, axis: int = 0, reverse: bool = False) -> Any:
    """``y[k] = a[k] * y[k - 1] + b[k]`` along an axis, with ``y[-1] = 0``.

    With `reverse`, from the end: ``y[k] = a[k] * y[k + 1] + b[k]``. A cumulative product is one,
    and so is its adjoint; unlike a division by the entries, it is exact where they are zero.

    Examples
    --------
    >>> import numpy as np
    >>> linear_recurrence(np.full(3, 2.0), np.ones(3))
    array([1., 3., 7.])
    """
    a, b = (np.moveaxis(np.atleast_1d(v), axis, 0) for v in np.broadcast_arrays(a, b))
    y = np.empty(b.shape, np.result_type(a, b))
    state = zeros_like(b[0]) if len(b) else 0.0
    for k in range(len(b) - 1, -1, -1) if reverse else range(len(b)):
        state = a[k] * state + b[k]
        y[k] = state
    return np.moveaxis(y, 0, axis)


@primitive
def shift(x: Any, axis: int = 0, by: int = 1, fill: float = 0.0) -> Any:
    """Entries moved `by` places along an axis, with `fill` where nothing moves in.

    A number is taken for an array of one element, as running sums and products take it.

    Examples
    --------
    >>> import numpy as np
    >>> shift(np.array([1.0, 2.0, 3.0]), by=-1)
    array([2., 3., 0.])
    """
    x = np.atleast_1d(x)
    out = np.full_like(x, fill)
    source, target = np.moveaxis(x, axis, 0), np.moveaxis(out, axis, 0)
    n = len(source)
    if abs(by) < n:
        target[max(by, 0) : n + min(by, 0)] = source[max(-by, 0) : n - max(by, 0)]
    return out


@primitive
def product_of_others(x: Any, axis: int | None = None) -> Any:
    """For each entry, the product of all other entries along an axis; exact where some are 0.

    Examples
    --------
    >>> import numpy as np
    >>> product_of_others(np.array([2.0, 0.0, 5.0]))
    array([ 0., 10.,  0.])
    """
    if axis is None or np.ndim(x) == 0:
        return product_of_others(np.ravel(x), axis=0).reshape(np.shape(x))
    before = np.cumprod(shift(x, axis=axis, fill=1.0), axis=axis)
    after = np.flip(np.cumprod(np.flip(shift(x, axis=axis, by=-1, fill=1.0), axis), axis), axis)
    return before * after
