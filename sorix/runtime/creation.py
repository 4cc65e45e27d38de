"""Making tensors: from data, filled, in sequence, at random.

Python floats and lists of them become the default dtype, Python ints int64; arrays and NumPy
scalars keep their dtype.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.errors import NoGradientError
from sorix.runtime import dtypes
from sorix.runtime.dtypes import DType
from sorix.runtime.interop import as_ndarray
from sorix.runtime.intrinsic import intrinsic
from sorix.runtime.methods import flat_shape
from sorix.runtime.random import generator
from sorix.runtime.record import edge_of, strip
from sorix.runtime.tensor import Tensor


def _array(data: Any, dtype: DType) -> np.ndarray:
    """`data` as a new array of the dtype it shall have."""
    if type(data) in (list, tuple) and edge_of(data) is not None:
        raise NoGradientError(
            "a Tensor that requires grad cannot be copied into a new one without losing its "
            "derivative. Hint: sorix.stack(...) joins tensors; detach() drops the derivative."
        )
    array = np.array(strip(data), dtype=dtype)
    if dtype is None and array.dtype.kind == "f" and not _keeps_dtype(data):
        array = array.astype(dtypes.get_default_dtype())
    return as_ndarray(array)


def _keeps_dtype(data: Any) -> bool:
    """Whether the numbers in `data` come with a dtype of their own."""
    while isinstance(data, list | tuple) and data:
        data = data[0]
    return isinstance(data, np.ndarray | np.generic | Tensor)


@intrinsic("tensor")
def tensor(data: Any, dtype: DType = None, requires_grad: bool = False) -> Tensor:
    """A new leaf tensor with a copy of `data`.

    Parameters
    ----------
    data : array_like
        Numbers, nested lists, an ndarray or a tensor (of which the values are copied).
    dtype : dtype, optional
        By default that of an array, and the default dtype for Python floats.
    requires_grad : bool
        Whether operations on it are recorded.

    Raises
    ------
    DTypeError
        If `requires_grad` and the dtype is not a floating point one, or for data of no number.

    Examples
    --------
    >>> import numpy as np, sorix
    >>> sorix.tensor([[1.0, 2.0]]).dtype
    dtype('float32')
    >>> sorix.tensor(np.array([1.0, 2.0])).dtype
    dtype('float64')
    """
    return Tensor(_array(data, dtype), requires_grad)


@intrinsic("as_tensor")
def as_tensor(data: Any, dtype: DType = None) -> Tensor:
    """`data` as a tensor: itself if it is one, sharing memory if it is an array.

    Examples
    --------
    >>> import numpy as np, sorix
    >>> a = np.zeros(2)
    >>> sorix.as_tensor(a).data is a
    True
    """
    if isinstance(data, Tensor):
        return data if dtype is None else data.to(dtype)
    if isinstance(data, np.ndarray) and (dtype is None or data.dtype == dtype):
        return Tensor(data)
    return tensor(data, dtype)


@intrinsic("from_numpy")
def from_numpy(ndarray: np.ndarray) -> Tensor:
    """A tensor that shares the memory of an array.

    Examples
    --------
    >>> import numpy as np, sorix
    >>> sorix.from_numpy(np.arange(3))
    tensor([0, 1, 2])
    """
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(ndarray).__name__})")
    return Tensor(ndarray)


def _float(dtype: DType) -> np.dtype[Any]:
    return dtypes.get_default_dtype() if dtype is None else np.dtype(dtype)


@intrinsic("zeros")
def zeros(*size: Any, dtype: DType = None, requires_grad: bool = False) -> Tensor:
    """A tensor of zeros.

    Examples
    --------
    >>> import sorix
    >>> sorix.zeros(2, 3).shape, sorix.zeros((2, 3)).shape
    ((2, 3), (2, 3))
    """
    return Tensor(np.zeros(flat_shape(size), _float(dtype)), requires_grad)


@intrinsic("ones")
def ones(*size: Any, dtype: DType = None, requires_grad: bool = False) -> Tensor:
    """A tensor of ones.

    Examples
    --------
    >>> import sorix
    >>> sorix.ones(2)
    tensor([1., 1.])
    """
    return Tensor(np.ones(flat_shape(size), _float(dtype)), requires_grad)


@intrinsic("empty")
def empty(*size: Any, dtype: DType = None, requires_grad: bool = False) -> Tensor:
    """A tensor whose values are whatever its memory holds.

    Examples
    --------
    >>> import sorix
    >>> sorix.empty(3).shape
    (3,)
    """
    return Tensor(np.empty(flat_shape(size), _float(dtype)), requires_grad)


@intrinsic("full")
def full(size: Any, fill_value: Any, dtype: DType = None, requires_grad: bool = False) -> Tensor:
    """A tensor of one value.

    Examples
    --------
    >>> import sorix
    >>> sorix.full((2,), 3.0), sorix.full((2,), 3)
    (tensor([3., 3.]), tensor([3, 3]))
    """
    value = _array(fill_value, dtype)
    return Tensor(np.full(flat_shape((size,)), value, value.dtype), requires_grad)


@intrinsic("arange")
def arange(
    start: Any, end: Any = None, step: Any = 1, dtype: DType = None, requires_grad: bool = False
) -> Tensor:
    """The numbers from `start` (or 0) up to but without `end`.

    Examples
    --------
    >>> import sorix
    >>> sorix.arange(3), sorix.arange(0.0, 1.0, 0.5)
    (tensor([0, 1, 2]), tensor([0. , 0.5]))
    """
    start, end = (0, start) if end is None else (start, end)
    values = np.arange(strip(start), strip(end), strip(step))
    return Tensor(values.astype(_default_of(values, dtype)), requires_grad)


def _default_of(values: np.ndarray, dtype: DType) -> np.dtype[Any]:
    if dtype is not None:
        return np.dtype(dtype)
    return dtypes.get_default_dtype() if values.dtype.kind == "f" else values.dtype


@intrinsic("linspace")
def linspace(
    start: Any, end: Any, steps: int, dtype: DType = None, requires_grad: bool = False
) -> Tensor:
    """`steps` evenly spaced numbers from `start` to `end`, both included.

    Examples
    --------
    >>> import sorix
    >>> sorix.linspace(0, 1, 3)
    tensor([0. , 0.5, 1. ])
    """
    values = np.linspace(strip(start), strip(end), steps)
    return Tensor(values.astype(_float(dtype)), requires_grad)


@intrinsic("eye")
def eye(n: int, m: int | None = None, dtype: DType = None, requires_grad: bool = False) -> Tensor:
    """The identity matrix.

    Examples
    --------
    >>> import sorix
    >>> sorix.eye(2)
    tensor([[1., 0.],
            [0., 1.]])
    """
    return Tensor(np.eye(n, m, dtype=_float(dtype)), requires_grad)


@intrinsic("rand")
def rand(*size: Any, dtype: DType = None, requires_grad: bool = False) -> Tensor:
    """Numbers drawn uniformly from [0, 1).

    Examples
    --------
    >>> import sorix
    >>> sorix.rand(2, 3).shape
    (2, 3)
    """
    values = generator().random(flat_shape(size))
    return Tensor(np.asarray(values, _float(dtype)), requires_grad)


@intrinsic("randn")
def randn(*size: Any, dtype: DType = None, requires_grad: bool = False) -> Tensor:
    """Numbers drawn from the standard normal distribution.

    Examples
    --------
    >>> import sorix
    >>> sorix.randn(2, 3).shape
    (2, 3)
    """
    values = generator().standard_normal(flat_shape(size))
    return Tensor(np.asarray(values, _float(dtype)), requires_grad)


@intrinsic("randint")
def randint(low: int, high: Any = None, size: Any = None, dtype: DType = None) -> Tensor:
    """Integers drawn uniformly from `low` (or 0) up to but without `high`.

    Examples
    --------
    >>> import sorix
    >>> sorix.randint(0, 10, (2, 3)).dtype
    dtype('int64')
    >>> sorix.randint(10, (4,)).shape
    (4,)
    """
    if size is None:
        low, high, size = 0, low, high
    values = generator().integers(low, high, flat_shape((size,)))
    return Tensor(np.asarray(values, dtype))


@intrinsic("randperm")
def randperm(n: int) -> Tensor:
    """The integers below `n` in random order.

    Examples
    --------
    >>> import sorix
    >>> sorted(sorix.randperm(3).tolist())
    [0, 1, 2]
    """
    return Tensor(generator().permutation(n))


def _like(x: Any, dtype: DType) -> tuple[tuple[int, ...], np.dtype[Any]]:
    data = np.asarray(strip(x))
    return data.shape, data.dtype if dtype is None else np.dtype(dtype)


@intrinsic("zeros_like", np.zeros_like)
def zeros_like(input: Any, dtype: DType = None, requires_grad: bool = False) -> Tensor:
    """Zeros of the shape and dtype of another tensor.

    Examples
    --------
    >>> import sorix
    >>> sorix.zeros_like(sorix.rand(2))
    tensor([0., 0.])
    """
    return Tensor(np.zeros(*_like(input, dtype)), requires_grad)


@intrinsic("ones_like", np.ones_like)
def ones_like(input: Any, dtype: DType = None, requires_grad: bool = False) -> Tensor:
    """Ones of the shape and dtype of another tensor.

    Examples
    --------
    >>> import sorix
    >>> sorix.ones_like(sorix.rand(2))
    tensor([1., 1.])
    """
    return Tensor(np.ones(*_like(input, dtype)), requires_grad)


@intrinsic("empty_like", np.empty_like)
def empty_like(input: Any, dtype: DType = None, requires_grad: bool = False) -> Tensor:
    """A tensor of the shape and dtype of another, with whatever values.

    Examples
    --------
    >>> import sorix
    >>> sorix.empty_like(sorix.rand(2)).shape
    (2,)
    """
    return Tensor(np.empty(*_like(input, dtype)), requires_grad)


@intrinsic("full_like", np.full_like)
def full_like(
    input: Any, fill_value: Any, dtype: DType = None, requires_grad: bool = False
) -> Tensor:
    """A tensor of one value, of the shape and dtype of another.

    Examples
    --------
    >>> import sorix
    >>> sorix.full_like(sorix.rand(2), 3)
    tensor([3., 3.])
    """
    shape, dtype = _like(input, dtype)
    return Tensor(np.full(shape, strip(fill_value), dtype), requires_grad)


@intrinsic("rand_like")
def rand_like(input: Any, dtype: DType = None, requires_grad: bool = False) -> Tensor:
    """Numbers drawn uniformly from [0, 1), of the shape and dtype of another tensor.

    Examples
    --------
    >>> import sorix
    >>> sorix.rand_like(sorix.zeros(2)).shape
    (2,)
    """
    shape, dtype = _like(input, dtype)
    return rand(shape, dtype=dtype, requires_grad=requires_grad)


@intrinsic("randn_like")
def randn_like(input: Any, dtype: DType = None, requires_grad: bool = False) -> Tensor:
    """Standard normal numbers, of the shape and dtype of another tensor.

    Examples
    --------
    >>> import sorix
    >>> sorix.randn_like(sorix.zeros(2)).shape
    (2,)
    """
    shape, dtype = _like(input, dtype)
    return randn(shape, dtype=dtype, requires_grad=requires_grad)
