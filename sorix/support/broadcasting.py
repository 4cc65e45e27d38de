"""Shapes given and taken back: the transposes of broadcasting, summing and reshaping.

Each function takes the array whose shape it needs, not a shape, so that generated code reads
``expand(y_bar, x)``. All accept Python numbers, NumPy scalars and arrays of any rank.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.support.dispatch import primitive

Axis = int | tuple[int, ...] | None


def shape_of(x: Any) -> tuple[int, ...]:
    """The shape of an array, or ``()`` for a Python number."""
    try:
        return x.shape  # type: ignore[no-any-return]
    except AttributeError:
        return np.shape(x)


def as_kind_of(value: Any, x: Any) -> Any:
    """`value`, which holds one number: as a Python number where `x` is one."""
    return value.item() if isinstance(x, float | int) and hasattr(value, "item") else value


def filled(y: Any, shape: tuple[int, ...], x: Any) -> Any:
    """A new array of the given shape that holds the broadcast `y`.

    A Python number takes the dtype of `x`, as it would in arithmetic.
    """
    dtype = getattr(y, "dtype", None)
    if dtype is None:
        dtype = np.result_type(y, x if hasattr(x, "dtype") else np.float64)
    out = np.empty(shape, dtype)
    out[...] = y
    return out


@primitive
def unbroadcast(y_bar: Any, x: Any) -> Any:
    """Sum `y_bar` over the axes along which `x` was broadcast.

    Parameters
    ----------
    y_bar : array of the broadcast shape
    x : array or number
        Gives the shape of the result; its values do not matter.

    Returns
    -------
    array of `x`'s shape; `y_bar` itself where the shapes agree already.

    Examples
    --------
    >>> import numpy as np
    >>> unbroadcast(np.ones((4, 3)), np.zeros((1, 3)))
    array([[4., 4., 4.]])
    >>> unbroadcast(np.ones((4, 3)), 2.0)
    12.0
    """
    shape, wide = shape_of(x), shape_of(y_bar)
    if wide == shape:
        return y_bar
    if not shape:
        return as_kind_of(np.add.reduce(y_bar, axis=None), x)
    lead = len(wide) - len(shape)
    axes = list(range(lead))
    axes += [i + lead for i, n in enumerate(shape) if i + lead >= 0 and n == 1 != wide[i + lead]]
    if axes:
        y_bar = np.add.reduce(y_bar, axis=tuple(axes), keepdims=True)
    if lead > 0:
        y_bar = y_bar.reshape(y_bar.shape[lead:])
    return y_bar if shape_of(y_bar) == shape else filled(y_bar, shape, x)


@primitive
def broadcast_like(y: Any, x: Any) -> Any:
    """`y` broadcast to the shape of `x`: the transpose of `unbroadcast`.

    The result is `y` itself where the shapes agree already, otherwise a new array.

    Examples
    --------
    >>> import numpy as np
    >>> broadcast_like(2.0, np.zeros(3))
    array([2., 2., 2.])
    """
    shape = shape_of(x)
    if shape_of(y) == shape:
        return y
    if not shape:
        return as_kind_of(np.reshape(y, ()), x)
    return filled(y, shape, x)


@primitive
def expand(y_bar: Any, x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Spread `y_bar` back over the axes that ``np.sum(x, axis, keepdims=keepdims)`` summed.

    Parameters
    ----------
    y_bar : array of the shape of the sum
    x : array or number
        Gives the shape of the result; its values do not matter.
    axis, keepdims
        As of the sum.

    Returns
    -------
    a new array of `x`'s shape.

    Examples
    --------
    >>> import numpy as np
    >>> expand(np.array([1.0, 2.0]), np.zeros((2, 3)), axis=1)
    array([[1., 1., 1.],
           [2., 2., 2.]])
    """
    shape = shape_of(x)
    if not shape:
        return as_kind_of(y_bar, x)
    if 0 in shape:
        # Of an empty list of rows NumPy makes an array of rank 1, whatever is added to its sum.
        return filled(0.0, shape, x)
    if axis is not None and not keepdims:
        axes = axis if isinstance(axis, tuple) else (axis,)
        kept = list(shape)
        for i in axes:
            kept[i] = 1
        y_bar = np.reshape(y_bar, kept)
    return filled(y_bar, shape, x)


@primitive
def reshape_like(y: Any, x: Any) -> Any:
    """`y` reshaped to the shape of `x`; a view where NumPy makes one.

    Examples
    --------
    >>> import numpy as np
    >>> reshape_like(np.arange(4.0), np.zeros((2, 2)))
    array([[0., 1.],
           [2., 3.]])
    """
    shape = shape_of(x)
    if shape_of(y) == shape:
        return y
    if not shape:
        return as_kind_of(np.reshape(y, ()), x)
    return np.reshape(y, shape)


@primitive
def zeros_like(x: Any) -> Any:
    """Zeros shaped as `x`: the cotangent of a value that nothing depends on.

    A Python number gives ``0.0``, a list or tuple one of zeros, None ``0.0``; an array keeps
    its dtype where that can carry a derivative and is float64 otherwise.

    Examples
    --------
    >>> import numpy as np
    >>> zeros_like([1, np.ones(2)])
    [0.0, array([0., 0.])]
    """
    if isinstance(x, list | tuple):
        return type(x)(zeros_like(item) for item in x)
    dtype = getattr(x, "dtype", None)
    if dtype is None:
        return 0.0
    dtype = dtype if dtype.kind in "fc" else np.dtype(np.float64)
    return np.zeros(x.shape, dtype) if isinstance(x, np.ndarray) else dtype.type(0)


@primitive
def cast(x: Any, dtype: Any) -> Any:
    """`x` as a new array (or scalar) of the given dtype: ``x.astype(dtype)``.

    Examples
    --------
    >>> import numpy as np
    >>> cast(np.ones(2), np.float32).dtype
    dtype('float32')
    """
    return x.astype(dtype) if hasattr(x, "astype") else np.dtype(dtype).type(x)


@primitive
def dtype_of(x: Any) -> Any:
    """The dtype in which `x` takes part in arithmetic; a Python float's is float64.

    Examples
    --------
    >>> dtype_of(1.0)
    dtype('float64')
    """
    return x.dtype if hasattr(x, "dtype") else np.result_type(x)


@primitive
def item(x: Any) -> Any:
    """The one number in `x`, as a Python number: ``x.item()``.

    Examples
    --------
    >>> import numpy as np
    >>> item(np.array([[2.0]]))
    2.0
    """
    return x.item() if hasattr(x, "item") else x


@primitive
def detach(x: Any) -> Any:
    """`x`, taken for a constant of differentiation.

    Examples
    --------
    >>> detach(2.0)
    2.0
    """
    return x
