"""Writes into arrays as functions of values: the argument stays as it is, a copy is changed.

The compiler turns these calls back into writes in place wherever nobody can see the difference.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.support.broadcasting import as_kind_of, zeros_like
from sorix.support.dispatch import primitive


def is_basic(idx: Any) -> bool:
    """Whether an index names each element at most once: integers, slices, None, Ellipsis, masks."""
    parts = idx if isinstance(idx, tuple) else (idx,)
    if all(_is_basic_part(part) for part in parts):
        return True
    return len(parts) == 1 and isinstance(parts[0], np.ndarray) and parts[0].dtype == np.bool_


def _is_basic_part(part: Any) -> bool:
    return (
        part is None
        or part is Ellipsis
        or isinstance(part, slice | int | np.integer)
        and not isinstance(part, bool)
    )


def _accumulate(out: Any, idx: Any, v: Any) -> None:
    """``out[idx] += v`` in which an element named twice receives both."""
    if is_basic(idx):
        out[idx] += v
    else:
        np.add.at(out, idx, v)


@primitive
def store(x: Any, idx: Any, v: Any) -> Any:
    """A copy of `x` with ``x[idx] = v``.

    Examples
    --------
    >>> import numpy as np
    >>> store(np.zeros(3), 1, 5.0)
    array([0., 5., 0.])
    """
    out = np.array(x)
    out[idx] = v
    return out


@primitive
def add_at(x: Any, idx: Any, v: Any) -> Any:
    """A copy of `x` with `v` added at `idx`; an element named twice receives both.

    Examples
    --------
    >>> import numpy as np
    >>> add_at(np.zeros(3), np.array([0, 0, 2]), 1.0)
    array([2., 0., 1.])
    """
    out = np.array(x)
    _accumulate(out, idx, v)
    return out


@primitive
def scatter(v: Any, x: Any, idx: Any) -> Any:
    """Zeros shaped as `x` with `v` added at `idx`: the transpose of ``x[idx]``.

    `x` may be a Python list or tuple, of whose elements `idx` picks one or a slice.

    Examples
    --------
    >>> import numpy as np
    >>> scatter(1.0, np.ones(3), 2)
    array([0., 0., 1.])
    """
    out = zeros_like(x)
    if isinstance(out, list | tuple):
        return _scatter_items(v, out, idx)
    if not isinstance(out, np.ndarray):  # A number, of which x[None] is an array.
        return as_kind_of(out + np.sum(v), x)
    _accumulate(out, idx, v)
    return out


def _scatter_items(v: Any, zeros: Any, idx: Any) -> Any:
    out = list(zeros)
    out[idx] = _copied(v)
    return type(zeros)(out)


def _copied(v: Any) -> Any:
    """What is put into a list of its own, which may be written into."""
    if isinstance(v, list | tuple):
        items = [_copied(item) for item in v]
        return tuple(items) if isinstance(v, tuple) else items
    return v.copy() if isinstance(v, np.ndarray) else v


@primitive
def take_last(x: Any, idx: Any) -> Any:
    """``x[idx]``, with zeros where an element of `x` is named again later in `idx`.

    The transpose of ``x[idx] = v`` in `v`: of what is written to one element, the last remains.

    Examples
    --------
    >>> import numpy as np
    >>> take_last(np.array([5.0, 6.0]), np.array([1, 1, 0]))
    array([0., 6., 5.])
    """
    taken = x[idx]
    numbers = np.arange(np.size(taken)).reshape(np.shape(taken))
    written_last = np.zeros(np.shape(x), dtype=np.intp)
    written_last[idx] = numbers
    return np.where(written_last[idx] == numbers, taken, 0.0)


@primitive
def scatter_along(v: Any, x: Any, indices: Any, axis: int | None = -1) -> Any:
    """Zeros shaped as `x` with `v` added: the transpose of ``np.take_along_axis(x, ...)``.

    Examples
    --------
    >>> import numpy as np
    >>> scatter_along(np.array([1.0, 2.0]), np.ones(3), np.array([2, 2]), axis=0)
    array([0., 0., 3.])
    """
    if axis is None:
        return scatter(v, np.ravel(x), indices).reshape(np.shape(x))
    out = zeros_like(x)
    # The indices may be broadcast along the other axes.
    grid = list(np.ogrid[tuple(slice(n) for n in np.shape(x))])
    grid[axis] = indices
    np.add.at(out, tuple(grid), v)
    return out
