"""Constant arrays as long as an axis of another array, whose values do not matter.

Unlike ``np.arange(np.size(x, 0))``, these give way to arguments that override.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.support.broadcasting import shape_of
from sorix.support.dispatch import primitive


def _float_dtype(x: Any) -> np.dtype[Any]:
    dtype = getattr(x, "dtype", np.dtype(np.float64))
    return dtype if dtype.kind in "fc" else np.dtype(np.float64)


@primitive
def steps_along(x: Any, axis: int = 0) -> Any:
    """The positions along an axis: ``np.arange(x.shape[axis])``.

    Examples
    --------
    >>> import numpy as np
    >>> steps_along(np.zeros((2, 3)), axis=1)
    array([0, 1, 2])
    """
    return np.arange(shape_of(x)[axis])


@primitive
def ones_along(x: Any, axis: int = 0) -> Any:
    """A vector of ones as long as an axis, of the dtype of `x`.

    Examples
    --------
    >>> import numpy as np
    >>> ones_along(np.zeros((2, 3)), axis=1)
    array([1., 1., 1.])
    """
    return np.ones(shape_of(x)[axis], _float_dtype(x))


@primitive
def eye_along(x: Any, axis: int = 0) -> Any:
    """The identity matrix as large as an axis is long, of the dtype of `x`.

    Examples
    --------
    >>> import numpy as np
    >>> eye_along(np.zeros((2, 3)))
    array([[1., 0.],
           [0., 1.]])
    """
    return np.eye(shape_of(x)[axis], dtype=_float_dtype(x))


@primitive
def eye_like(x: Any, k: int = 0) -> Any:
    """Ones on a diagonal of a matrix shaped as the last two axes of `x`, of its dtype.

    Examples
    --------
    >>> import numpy as np
    >>> eye_like(np.zeros((2, 3)), k=1)
    array([[0., 1., 0.],
           [0., 0., 1.]])
    """
    rows, columns = shape_of(x)[-2:]
    return np.eye(rows, columns, k=k, dtype=_float_dtype(x))
