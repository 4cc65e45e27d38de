"""What operators of tensors give beside what is no number, array or tensor."""

from __future__ import annotations

from typing import Any

from sorix.errors import UnsupportedFunctionError
from sorix.primitives import deferring
from sorix.runtime.modes import array_meaning

_OF_PYTHON = (type(None), str, bytes, dict, set, frozenset)

_INSTEAD: dict[type, str] = dict.fromkeys((list, tuple), "make an array of it before, np.array(xs)")


def unknown(tensor: Any, other: Any, *names: str) -> Any:
    """NotImplemented, so that Python asks the other operand by its method of one of these names.

    Raises
    ------
    UnsupportedFunctionError
        In a NumPy program, if NumPy would not ask it.
    """
    cls, is_array = type(other), bool(tensor._data.ndim)
    if array_meaning() and cls not in _OF_PYTHON and _is_taken(cls, is_array, names):
        what = f"an object of class {cls.__name__}"
        raise UnsupportedFunctionError(
            f"{deferring.refusal(is_array, what)}. Hint: {_INSTEAD.get(cls, deferring.INSTEAD)}."
        )
    return NotImplemented


def unknown_in_place(tensor: Any, other: Any) -> Any:
    """The same of ``tensor op= other``, which NumPy leaves to nobody."""
    if array_meaning() and tensor._data.ndim and type(other) not in _OF_PYTHON:
        raise UnsupportedFunctionError(
            f"an array is changed in place by an object of class {type(other).__name__}. Hint: "
            "write x = x + y."
        )
    return NotImplemented


def _is_taken(cls: type, is_array: bool, names: tuple[str, ...]) -> bool:
    """Whether NumPy computes with such an object itself, or with each element beside it."""
    if not is_array and any("matmul" in name for name in names):
        return False
    by_element = is_array and any(_answers(cls, name) for name in names)
    priority = deferring.OF_ARRAYS if is_array else deferring.OF_NUMBERS
    return (by_element or deferring.is_sequence(cls)) and not deferring.is_left(cls, priority)


def _answers(cls: type, name: str) -> bool:
    """Whether a class has a method of its own; of any two objects, NumPy finds out whether they
    are equal element by element."""
    own = getattr(cls, name, None)
    return name in ("__eq__", "__ne__") or own is not getattr(object, name, None)


_SWAPPED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}


def names_of(function: Any) -> tuple[str, ...]:
    """The methods that are asked of an operand beside a comparison, or one bit by bit."""
    name = function.__name__.strip("_")
    swapped = _SWAPPED.get(name)
    return (f"__{name}__", f"__r{name}__") if swapped is None else (f"__{swapped}__",)
