"""Writes into tensors, such that the tape stays right.

Two cases. Where nothing is recorded (recording is off, or neither the tensor nor what is written
requires grad) the memory is written and the write noted, so that a graph which still needs the
old values refuses to use the new ones. Where it is recorded the memory is left as it is: the
tensor takes on the value of a pure operation, and so do its views and what it is a view of.

For that, a tensor made as a view (an index with slices, a reshape, a transpose) knows its parent
and how it was made, and a parent knows its views, weakly.
"""

from __future__ import annotations

import operator
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from sorix.errors import DTypeError, InPlaceError, ShapeError
from sorix.runtime import record
from sorix.runtime.beside import unknown_in_place
from sorix.runtime.modes import array_meaning, recording
from sorix.runtime.record import CONSTANTS, edge_of, strip, wrap
from sorix.runtime.writes import note_write
from sorix.support import store

if TYPE_CHECKING:
    from sorix.runtime.tensor import Tensor

__all__ = ["CONSTANTS", "Family", "adopt", "store_at", "update"]


class Family:
    """What a tensor is a view of, how it was made, and the views made of it."""

    __slots__ = ("parent", "remake", "views")

    def __init__(self) -> None:
        self.parent: Any = None
        self.remake: Callable[[Any], Any] | None = None
        self.views: list[weakref.ref[Any]] = []


PRIVATE = Family()
"""The family of tensors that only a rule sees: nobody writes them, so their views are not noted."""


def adopt(view: Any, parent: Any, remake: Callable[[Any], Any]) -> None:
    """Note that `view` looks at the memory of `parent` and is what ``remake(parent)`` gives."""
    if parent._family is PRIVATE:
        view._family = PRIVATE
        return
    family = view._family = Family()
    family.parent, family.remake = parent, remake
    if parent._family is None:
        parent._family = Family()
    views = parent._family.views
    if len(views) > 8:
        views[:] = [ref for ref in views if ref() is not None]
    views.append(weakref.ref(view))


def update(tensor: Any, function: Callable[[Any, Any], Any], other: Any) -> Any:
    """``tensor = function(tensor, other)``, in place."""
    if not isinstance(strip(other), CONSTANTS):
        array = record.beside(tensor, other)
        return unknown_in_place(tensor, other) if array is None else update(tensor, function, array)
    if array_meaning() and not tensor._data.ndim:
        if not _stands_for_number(tensor):
            raise InPlaceError(
                "an array without dimensions may be changed in place for another name, and whether"
                " this is one or a number a Tensor does not tell. Hint: write t = t + v."
            )
        return function(tensor, other)  # No other name sees a number change.
    if array_meaning() and not tensor._data.flags.writeable:
        raise ValueError("output array is read-only")
    if _in_memory(tensor, other):
        _write(tensor, ..., function(tensor._data, strip(other)))
    else:
        _check_leaf(tensor)
        _become(tensor, _fitting(function(_same(tensor), other), tensor))
    return tensor


def _stands_for_number(tensor: Any) -> bool:
    """Whether a tensor without dimensions certainly is no array in the program: it was given as a
    number, or computed by what makes numbers of arrays without dimensions, too."""
    node = tensor._node
    if tensor._family is not None:
        return False
    if node is None or node.op is None:
        return True  # A given array has a family, see `stand_for_array`; a constant is no Tensor.
    function = getattr(node.op, "function", None)
    if function is operator.getitem:
        return bool(np.ndim(node.args[0]))  # ``a[...]`` of an array is seen in its family.
    return getattr(node.op, "kind", "") == "elementwise" or function in _MAKING_NUMBERS


def stand_for_array(tensor: Any) -> Any:
    """The same new tensor, noted to be an array whatever its dimensions."""
    tensor._family = Family()
    return tensor


_MAKING_NUMBERS = frozenset(
    (operator.matmul, np.sum, np.prod, np.mean, np.var, np.std, np.max, np.min)
    + (np.median, np.dot, np.vdot, np.inner, np.trace, np.linalg.norm, np.linalg.det)
)


def store_at(tensor: Any, index: Any, value: Any) -> None:
    """``tensor[index] = value``."""
    if array_meaning() and not tensor._data.flags.writeable:
        raise ValueError("assignment destination is read-only")
    if _in_memory(tensor, value):
        _write(tensor, strip(index), strip(value))
        return
    _check_leaf(tensor)
    if getattr(strip(index), "dtype", None) == np.bool_ and _root(value) is _root(tensor):
        raise InPlaceError(
            "values from a Tensor are written into it where a mask is set, one after the other. "
            "Hint: copy them before: a[mask] = a[0].copy()."
        )
    _become(tensor, record.apply(store, (_same(tensor), index, value), {}))


def _root(value: Any) -> Any:
    """What a tensor is a view of in the end."""
    family = getattr(value, "_family", None)
    while family is not None and family.parent is not None:
        value, family = family.parent, family.parent._family
    return value


def require_writable(tensor: Any) -> None:
    """Refuse a write into a read-only array where NumPy does not."""
    if array_meaning() and not tensor._data.flags.writeable:
        raise InPlaceError(
            "np.add.at writes into a read-only array, and NumPy lets it. Hint: write to the array"
            " that it is a view of, with an index."
        )


def require_array(tensor: Any) -> None:
    """Refuse a write that reaches an array without dimensions, and not a number; the tensor may
    stand for either."""
    if array_meaning() and not tensor._data.ndim:
        raise InPlaceError(
            "an array without dimensions is written by fill() or through a view, and whether it is"
            " one or a number a Tensor does not tell. Hint: give it a dimension."
        )


def _same(tensor: Any) -> Tensor:
    """A tensor of the same value at the same place in the graph, which no write will reach."""
    return wrap(tensor._data, tensor._node)


def _in_memory(tensor: Any, other: Any) -> bool:
    return not recording() or (tensor._node is None and edge_of(other) is None)


def _write(tensor: Any, index: Any, value: Any) -> None:
    data = tensor._data
    shape, dtype = np.shape(value), np.asarray(value).dtype
    if index is ... and np.broadcast_shapes(shape, data.shape) != data.shape:
        raise _too_wide(data.shape, shape)
    if isinstance(value, np.ndarray | np.generic) and not np.can_cast(
        dtype, data.dtype, "same_kind"
    ):
        raise _misfit(dtype, data.dtype)
    try:
        data[index] = value
    except ValueError as error:
        raise ShapeError(str(error)) from error
    note_write(data)


def _fitting(value: Any, tensor: Any) -> Any:
    data = tensor._data
    if value._data.shape != data.shape:
        raise _too_wide(data.shape, value._data.shape)
    if value._data.dtype == data.dtype:
        return value
    if not np.can_cast(value._data.dtype, data.dtype, "same_kind"):
        raise _misfit(value._data.dtype, data.dtype)
    return value.astype(data.dtype)


def _too_wide(shape: tuple[int, ...], wide: tuple[int, ...]) -> ShapeError:
    return ShapeError(
        f"output with shape {list(shape)} doesn't match the broadcast shape {list(wide)}"
    )


def _misfit(dtype: Any, kept: Any) -> DTypeError:
    return DTypeError(
        f"result type {dtype} can't be cast to the desired output type {kept}. "
        "Hint: an operation in place keeps the dtype of the tensor it writes."
    )


def _check_leaf(tensor: Any) -> None:
    root, what = tensor, "a leaf Variable"
    while root._family is not None and root._family.parent is not None:
        root, what = root._family.parent, "a view of a leaf Variable"
    if root._node is not None and root._node.op is None:
        raise InPlaceError(
            f"{what} that requires grad is being used in an in-place operation. Hint: write it "
            "inside sorix.no_grad(), or compute a new tensor instead."
        )


def _become(tensor: Any, value: Any) -> None:
    """Let `tensor` have the value and place in the graph of `value`, and all who share memory."""
    family = tensor._family
    if family is None or family.parent is None:
        tensor._data, tensor._node = _laid_out(value._data, tensor._data), value._node
        _remake_views(tensor)
        return
    parent = family.parent
    require_array(parent)
    numbered = np.arange(parent._data.size).reshape(parent._data.shape)
    places = strip(family.remake(wrap(numbered)))
    if places.size != np.unique(places).size:
        raise InPlaceError(
            "unsupported operation: more than one element of the written-to tensor refers to a "
            "single memory location. Hint: clone() the tensor before performing the operation."
        )
    old = _same(parent)
    flat = record.apply(store, (old.reshape(-1), places.ravel(), value.reshape(-1)), {})
    _become(parent, flat.reshape(parent._data.shape))


def _laid_out(data: np.ndarray, like: np.ndarray) -> np.ndarray:
    """The elements in the order in memory that they had before, on which views depend."""
    if data.strides == like.strides:
        return data
    kept = np.empty_like(like)
    kept[...] = data
    return kept


def _remake_views(tensor: Any) -> None:
    if tensor._family is None:
        return
    for ref in tensor._family.views:
        view = ref()
        if view is not None:
            fresh = view._family.remake(_same(tensor))
            view._data, view._node = fresh._data, fresh._node
            _remake_views(view)
