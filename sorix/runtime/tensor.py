"""The tensor: an array that may have a place on the tape."""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn

import numpy as np

from sorix.errors import (
    DTypeError,
    NoGradientError,
    NonScalarError,
    ShapeError,
    UnsupportedMethodError,
)
from sorix.runtime import backward as sweeps
from sorix.runtime import inplace
from sorix.runtime.display import show
from sorix.runtime.dtypes import DType
from sorix.runtime.interop import as_ndarray, call_numpy, call_ufunc
from sorix.runtime.methods import Methods
from sorix.runtime.modes import array_meaning, readable, recording
from sorix.runtime.operators import Operators
from sorix.runtime.record import apply, as_number, strip, tensor_class, wrap
from sorix.runtime.tape import Node, leaf
from sorix.runtime.writing import Writes

CANNOT_NUMPY = (
    "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."
)


@tensor_class
class Tensor(Operators, Writes, Methods):
    """An n-dimensional array that can record what is computed from it.

    Parameters
    ----------
    data : array_like
        The values; an ndarray is shared, not copied (use `sorix.tensor` for a copy).
    requires_grad : bool
        Whether operations on it are recorded, so that `backward` fills its ``grad``.

    Examples
    --------
    >>> import sorix
    >>> x = sorix.tensor([1.0, 2.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> x.grad
    tensor([2., 4.])
    """

    __slots__ = ("__weakref__", "_data", "_family", "_grad", "_node")
    __array_priority__ = 1000.0

    _data: np.ndarray
    _node: Node | None
    _grad: Tensor | None
    _family: inplace.Family | None

    def __init__(self, data: Any, requires_grad: bool = False) -> None:
        self._data = as_ndarray(data)
        self._node = None
        self._grad = None
        self._family = None
        if requires_grad:
            self.requires_grad = True

    # value

    @property
    def data(self) -> np.ndarray:
        """The values, an ndarray; may be assigned. Writes into it are not seen by the tape."""
        if self._node is not None:
            self._check_conversion("data")
        return self._data

    @data.setter
    def data(self, value: Any) -> None:
        array = as_ndarray(value)
        if self._node is not None and array.dtype.kind not in "fc":
            raise DTypeError("only Tensors of floating point dtype can require gradients")
        self._data = array

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the dimensions."""
        return self._data.shape

    @shape.setter
    def shape(self, value: Any) -> NoReturn:
        raise UnsupportedMethodError("the shape of a Tensor is assigned. Hint: y = y.reshape(...).")

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of the values."""
        return self._data.dtype

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return self._data.ndim

    @property
    def size(self) -> int:
        """The number of elements, as in NumPy; the lengths of the dimensions are ``shape``."""
        return self._data.size

    @property
    def nbytes(self) -> int:
        """The bytes the values take."""
        return self._data.nbytes

    @property
    def itemsize(self) -> int:
        """The bytes one value takes."""
        return self._data.itemsize

    def numel(self) -> int:
        """The number of elements."""
        return self._data.size

    def dim(self) -> int:
        """The number of dimensions."""
        return self._data.ndim

    def item(self, *index: Any) -> Any:
        """The one element as a Python number; in a NumPy program, also that at an index.

        Raises
        ------
        NonScalarError
            If there is not exactly one.
        """
        if array_meaning():
            chosen = self.reshape(-1) if len(index) == 1 and type(index[0]) is not tuple else self
            place = index[0] if len(index) == 1 and type(index[0]) is tuple else index
            one = chosen[place] if index else self
            if one.size == 1 and self._node is not None and one.dtype.kind == "f":
                return as_number(one.reshape(()))
            return one.item() if index else self._number()
        if index:
            raise UnsupportedMethodError("item() of a Tensor takes no index. Hint: x[i, j].item().")
        return self._number()

    def _number(self) -> Any:
        if self._data.size != 1:
            raise NonScalarError(
                f"a Tensor with {self._data.size} elements cannot be converted to Scalar"
            )
        return self._data.item()

    def tolist(self) -> Any:
        """The values as nested lists of Python numbers."""
        self._check_conversion("tolist")
        return self._data.tolist()

    def numpy(self) -> np.ndarray:
        """The values as an ndarray that shares their memory.

        Raises
        ------
        NoGradientError
            If the tensor requires grad.
        """
        if self._node is not None:
            raise NoGradientError(CANNOT_NUMPY)
        return self._data

    def cpu(self) -> Tensor:
        """The tensor itself, which is in the memory of the processor already."""
        return self

    def contiguous(self) -> Tensor:
        """The tensor itself if its memory is in row order, else a copy that is."""
        return self if self._data.flags.c_contiguous else self.clone()

    # place on the tape

    @property
    def requires_grad(self) -> bool:
        """Whether operations on the tensor are recorded."""
        return self._node is not None

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        if not self.is_leaf:
            if not value:
                raise NoGradientError(
                    "you can only change requires_grad flags of leaf variables. If you want to "
                    "use a computed variable in a subgraph that doesn't require differentiation "
                    "use var_no_grad = var.detach()."
                )
            return
        if not value:
            self._node = None
        elif self._data.dtype.kind != "f":
            raise DTypeError("only Tensors of floating point dtype can require gradients")
        elif self._node is None:
            self._node = leaf(self)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Set `requires_grad` and return the tensor."""
        self.requires_grad = requires_grad
        return self

    @property
    def is_leaf(self) -> bool:
        """Whether the tensor was not computed by a recorded operation."""
        return self._node is None or self._node.op is None

    @property
    def grad_fn(self) -> Node | None:
        """The node of the operation the tensor was computed by; None for a leaf."""
        return None if self.is_leaf else self._node

    @property
    def grad(self) -> Tensor | None:
        """The gradient accumulated by `backward`; None before. May be assigned."""
        return self._grad

    @grad.setter
    def grad(self, value: Tensor | np.ndarray | None) -> None:
        if isinstance(value, np.ndarray):
            value = wrap(value)
        if value is not None:
            self._check_grad(value)
        self._grad = value

    def _check_grad(self, value: Any) -> None:
        if not isinstance(value, Tensor):
            raise TypeError(f"assigned grad expected to be a Tensor or None but got {value!r}")
        if value.shape != self.shape:
            raise ShapeError(
                f"assigned grad has data of a different size: {value.shape}, not {self.shape}"
            )
        if value.dtype != self.dtype:
            raise DTypeError(
                f"assigned grad has data of a different type: {value.dtype}, not {self.dtype}"
            )

    def retain_grad(self) -> None:
        """Keep in ``grad`` what `backward` computes for this tensor, though it is not a leaf."""
        if self._node is None:
            raise NoGradientError("can't retain_grad on Tensor that has requires_grad=False")
        if self._node.target is None:
            self._node.target = weakref.ref(self)

    @property
    def retains_grad(self) -> bool:
        """Whether the tensor is not a leaf and keeps its gradient."""
        return not self.is_leaf and self._node is not None and self._node.target is not None

    def backward(
        self,
        gradient: Any = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Tensor | Sequence[Tensor] | None = None,
    ) -> None:
        """Accumulate the gradient of this tensor in the ``grad`` of the leaves.

        Parameters
        ----------
        gradient : array_like, optional
            The cotangent to start from; may be left out where the tensor has one element.
        retain_graph : bool, optional
            Whether the graph can be used again; by default as `create_graph`.
        create_graph : bool
            Whether the gradients are themselves recorded, so that they can be differentiated.
        inputs : Tensor or sequence of Tensor, optional
            Accumulate only in these.

        Raises
        ------
        NonScalarError
            If the tensor has several elements and no `gradient` is given.
        NoGradientError
            If the tensor does not require grad.
        GraphFreedError
            If the graph was freed by an earlier sweep.

        Examples
        --------
        >>> import sorix
        >>> x = sorix.tensor(3.0, requires_grad=True)
        >>> (x**2).backward()
        >>> x.grad
        tensor(6.)
        """
        given = None if gradient is None else [gradient]
        sweeps.backward(self, given, retain_graph, create_graph, inputs)

    def detach(self) -> Tensor:
        """A tensor that shares the memory and is not on the tape."""
        out = wrap(self._data)
        inplace.adopt(out, self, Tensor.detach)
        return out

    def detach_(self) -> Tensor:
        """Take this tensor off the tape."""
        self._node = None
        return self

    def __copy__(self) -> Tensor:
        if array_meaning():
            return self._copied()
        kind, *rest = self.__reduce__()[1]
        return _restore(kind, *rest)

    def _copied(self) -> Tensor:
        """A copy in a NumPy program, with the derivative of what is copied."""
        return apply(np.copy, (self,), {"order": "K"})

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        if array_meaning():
            memo[id(self)] = made = self._copied()
            return made
        if not self.is_leaf:
            raise NoGradientError(
                "Only Tensors created explicitly by the user (graph leaves) support the deepcopy "
                "protocol at the moment. Hint: clone().detach() first."
            )
        twin = memo[id(self)] = _restore(type(self), self._data.copy(), self.requires_grad)
        twin.__dict__.update(getattr(self, "__dict__", {})) if hasattr(twin, "__dict__") else None
        if self._grad is not None:
            twin._grad = wrap(self._grad._data.copy())
        return twin

    def __reduce__(self) -> tuple[Any, ...]:
        self._check_conversion("pickling")
        if not self.is_leaf:
            raise NoGradientError("Only leaf Tensors can be pickled. Hint: detach() first.")
        return _restore, (type(self), self._data, self.requires_grad)

    # Python and NumPy

    def __len__(self) -> int:
        if not self._data.ndim:
            raise TypeError("len() of a 0-d tensor")
        return len(self._data)

    def __iter__(self) -> Iterator[Tensor]:
        if not self._data.ndim:
            raise TypeError("iteration over a 0-d tensor")
        return (self[i] for i in range(len(self._data)))

    def __bool__(self) -> bool:
        if self._data.size != 1:
            raise NonScalarError(
                "Boolean value of Tensor with more than one value is ambiguous. "
                "Hint: use any() or all()."
            )
        return bool(self._data.item())

    def __float__(self) -> float:
        self._check_conversion("float")
        return float(self._number())

    def __int__(self) -> int:
        return int(self._number())

    def __complex__(self) -> complex:
        self._check_conversion("complex")
        return complex(self._number())

    def __index__(self) -> int:
        if self._data.dtype.kind not in "iub" or self._data.size != 1:
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return int(self._data.item())

    def __floor__(self) -> Any:
        return math.floor(self._number())

    def __ceil__(self) -> Any:
        return math.ceil(self._number())

    def __trunc__(self) -> Any:
        return math.trunc(self._number())

    def __hash__(self) -> int:
        if not array_meaning():
            return object.__hash__(self)
        if self._node is not None and recording() and not self._data.ndim:
            raise NoGradientError(
                "a number that a derivative is taken of is put, or looked for, in a dict, a set or"
                " a cache, which may keep it beyond the call. Hint: use a list."
            )
        return hash(self._data[()])  # Of an array, this raises TypeError as NumPy does.

    def __round__(self, ndigits: int | None = None) -> Any:
        if ndigits is None and array_meaning():
            return round(self._number())
        return apply(np.round, (self,), {"decimals": ndigits} if ndigits else {})

    def _check_conversion(self, name: str) -> None:
        if self._node is not None and recording() and array_meaning():
            raise NoGradientError(
                f"{name}() of a Tensor that requires grad would lose its derivative. Hint: "
                "detach() it where that is meant; use NumPy's functions instead of math's."
            )

    def __getattr__(self, name: str) -> NoReturn:
        known = hasattr(np.ndarray, name) or hasattr(float, name)
        if known and not name.startswith("__"):
            raise UnsupportedMethodError(
                f"'Tensor' object has no attribute {name!r}, which arrays or numbers have. "
                "Hint: use a NumPy function that has a derivative rule."
            )
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __contains__(self, value: Any) -> bool:
        return bool((self._data == strip(value)).any())

    def __repr__(self) -> str:
        return repr(self._meant()) if array_meaning() else show(self)

    def __str__(self) -> str:
        return str(self._meant()) if array_meaning() else show(self)

    def __format__(self, spec: str) -> str:
        if array_meaning():
            return format(self._meant(), spec)
        return format(self.item() if spec and not self._data.ndim else str(self), spec)

    def _meant(self) -> Any:
        """What the tensor stands for in a NumPy program, to be shown."""
        if not readable():
            self._check_conversion("the text")
        return self._data[()]

    def __array__(self, dtype: DType = None, copy: bool | None = None) -> np.ndarray:
        if self._node is not None:
            raise NoGradientError(CANNOT_NUMPY)
        return np.array(self._data, dtype=dtype, copy=copy)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return call_ufunc(ufunc, method, inputs, kwargs)

    def __array_function__(
        self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any
    ) -> Any:
        return call_numpy(function, args, kwargs)

    def __sorix_function__(self, function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        return apply(function, args, kwargs)


def _restore(kind: type[Tensor], data: np.ndarray, requires_grad: bool) -> Tensor:
    """A leaf, made without the constructor of a subclass."""
    out = kind.__new__(kind)
    Tensor.__init__(out, data, requires_grad)
    return out
