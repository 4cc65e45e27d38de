"""Objects beside arrays and NumPy's numbers: where NumPy leaves an operator to the object.

An array applies an operator to each of its elements, and a number of NumPy's makes an array of a
sequence; neither asks the object, unless its class says that it is to be asked. A number beside an
object that is no sequence is one of Python's to it, which asks the object. So do all numbers with
``@``, which they lack.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

OF_ARRAYS, OF_NUMBERS = 0.0, -1e6
"""What NumPy takes for the ``__array_priority__`` of its own."""
INSTEAD = "give the class __array_ufunc__ = None, or write the object first"


def is_sequence(cls: type) -> bool:
    """Whether NumPy makes an array of the elements of such an object."""
    if issubclass(cls, dict | str | bytes):
        return False
    has_items = hasattr(cls, "__len__") and hasattr(cls, "__getitem__")
    return has_items or hasattr(cls, "__array__") or hasattr(cls, "__array_interface__")


def is_left(cls: type, priority: float, said: Callable[[type, str], Any] = getattr) -> bool:
    """Whether a class says that NumPy is to leave operators to it; `said` reads what it has."""
    if hasattr(cls, "__array_ufunc__"):
        return said(cls, "__array_ufunc__") is None
    own = said(cls, "__array_priority__") if hasattr(cls, "__array_priority__") else None
    return isinstance(own, int | float) and own > priority


def refusal(of_array: bool, what: str) -> str:
    """Why an operator is refused that NumPy does not leave to the object beside."""
    one, made = ("an array", "an array of objects") if of_array else ("a number", "an array of it")
    return f"an operator is applied to {one} and {what}: NumPy makes {made}"
