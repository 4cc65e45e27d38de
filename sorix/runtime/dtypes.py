"""The dtypes, NumPy's own, and the one that Python floats and lists of them become."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.errors import DTypeError

float16 = np.dtype(np.float16)
float32 = np.dtype(np.float32)
float64 = np.dtype(np.float64)
int32 = np.dtype(np.int32)
int64 = np.dtype(np.int64)
bool_ = np.dtype(np.bool_)

DType = Any
"""Whatever NumPy accepts as a dtype."""

_default: np.dtype[Any] = float32


def get_default_dtype() -> np.dtype[Any]:
    """The dtype that Python floats become.

    Examples
    --------
    >>> import sorix
    >>> sorix.get_default_dtype()
    dtype('float32')
    """
    return _default


def set_default_dtype(d: DType) -> None:
    """Set the dtype that Python floats, and lists of them, become.

    Parameters
    ----------
    d : dtype
        A floating point dtype.

    Raises
    ------
    DTypeError
        If `d` is not a floating point dtype.

    Examples
    --------
    >>> import sorix
    >>> sorix.set_default_dtype(sorix.float64)
    >>> sorix.tensor([1.0]).dtype
    dtype('float64')
    >>> sorix.set_default_dtype(sorix.float32)
    """
    global _default
    dtype = np.dtype(d)
    if dtype.kind != "f":
        raise DTypeError("only floating-point types are supported as the default type")
    _default = dtype
