"""Tensors that stand for the floats of a Python program, which are no NumPy scalars.

The two differ where there is nothing to compute: ``1.0 / 0.0`` raises and ``np.float64(1.0) / 0.0``
is infinite, a negative number to a broken power is complex and is NaN, ``(a > b) - (a < b)`` is an
int and is refused. So what is computed of Python's numbers alone by its operators is computed by
Python first, which raises what it raises; what a NumPy function returns is NumPy's again.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.errors import NotDifferentiableError
from sorix.runtime.modes import array_meaning
from sorix.runtime.record import CONSTANTS, as_number, number_class, wrap
from sorix.runtime.tape import Node
from sorix.runtime.tensor import Tensor

_SEEN = frozenset({"data", "requires_grad"})
"""What the compiler reads of a tensor, where a function that it is given has one at hand."""


class Number(Tensor):
    """A tensor of no dimensions that stands for a float of Python's."""

    __slots__ = ()

    def __init__(self, value: float) -> None:
        super().__init__(np.array(value), requires_grad=True)

    def __getattribute__(self, name: str) -> Any:
        hidden = name[:1] != "_" and name not in _SEEN and not hasattr(float, name)
        if hidden and array_meaning():
            raise AttributeError(f"'float' object has no attribute {name!r}")
        return super().__getattribute__(name)

    def __getattr__(self, name: str) -> Any:
        if array_meaning() and not hasattr(float, name):
            raise AttributeError(f"'float' object has no attribute {name!r}")
        return super().__getattr__(name)

    # What is computed of it by NumPy, or beside its values, is no number of Python's.

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return Tensor.__array_ufunc__(self, ufunc, method, *map(as_tensor, inputs), **kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        options = {name: as_tensor(value) for name, value in kwargs.items()}
        return Tensor.__array_function__(self, function, types, as_tensor(args), options)

    def __sorix_function__(self, function: Any, args: Any, kwargs: Any) -> Any:
        options = {name: as_tensor(value) for name, value in kwargs.items()}
        return Tensor.__sorix_function__(self, function, as_tensor(args), options)

    def _meant(self) -> Any:
        return float(super()._meant())

    def _copied(self) -> Number:
        return self

    def __getitem__(self, index: Any) -> Any:
        raise TypeError("'float' object is not subscriptable")

    def __setitem__(self, index: Any, value: Any) -> None:
        raise TypeError("'float' object does not support item assignment")

    def __round__(self, ndigits: int | None = None) -> Any:
        return round(self._number(), ndigits)

    # What floats have.

    @property
    def real(self) -> Number:
        return self

    @property
    def imag(self) -> float:
        return 0.0

    def __divmod__(self, other: Any) -> Any:
        if type(other) in _PYTHONS:
            divmod(_own(self), _own(other))  # It has a message of its own.
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        if type(other) in _PYTHONS:
            divmod(other, _own(self))
        return other // self, other % self

    def __hash__(self) -> int:
        return super().__hash__()

    def conjugate(self) -> Number:
        return self

    def is_integer(self) -> bool:
        return bool(self._number().is_integer())


@number_class
def _make(data: np.ndarray, node: Node | None) -> Any:
    """The number of a value and its place on the tape; the value alone without a place."""
    if node is None:
        return data.item()
    number: Any = object.__new__(Number)
    plain = wrap(data, node)
    for name in ("_data", "_node", "_grad", "_family"):
        setattr(number, name, getattr(plain, name))
    return number


def as_tensor(value: Any) -> Any:
    """A number as the tensor that it would be of NumPy's; also in a tuple or list."""
    if isinstance(value, Number):
        return wrap(value._data, value._node)
    if type(value) in (tuple, list):
        return type(value)(map(as_tensor, value))
    return value


_PYTHONS = (Number, int, float, bool)
_COMPUTED = (Tensor, *CONSTANTS)


def _own(value: Any) -> Any:
    return value._data.item() if isinstance(value, Number) else value


def _computed(name: str, function: Callable[..., Any], swapped: bool = False) -> Any:
    """The operator of a name, computed by Python where both operands are its numbers."""
    inherited = getattr(Tensor, name)

    def method(self: Number, *others: Any) -> Any:
        if array_meaning() and not all(isinstance(other, _COMPUTED) for other in others):
            return NotImplemented  # A float leaves to every other object what it says.
        if not array_meaning() or any(type(other) not in _PYTHONS for other in others):
            return inherited(as_tensor(self), *map(as_tensor, others))
        operands = [self, *others][:: -1 if swapped else 1]
        value = function(*map(_own, operands))
        if type(value) is not float:
            return _without_derivative(name, value)
        found = inherited(self, *map(as_tensor, others))
        return as_number(found) if isinstance(found, Tensor) and found._node is not None else value

    method.__name__, method.__qualname__ = name, f"Number.{name}"
    return method


def _without_derivative(name: str, value: Any) -> Any:
    """What comparisons and divmod() give; a complex number is not differentiated."""
    if isinstance(value, complex):
        raise NotDifferentiableError(
            "a negative number is raised to a broken power on the tape, which is complex",
            "test the sign before, or take the power of its absolute value",
        )
    return value


_BINARY = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow")
for _name in _BINARY:
    _function = getattr(operator, _name)
    setattr(Number, f"__{_name}__", _computed(f"__{_name}__", _function))
    setattr(Number, f"__r{_name}__", _computed(f"__r{_name}__", _function, swapped=True))
for _name in ("neg", "pos", "abs"):
    setattr(Number, f"__{_name}__", _computed(f"__{_name}__", getattr(operator, _name)))
for _name in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(Number, f"__{_name}__", _computed(f"__{_name}__", getattr(operator, _name)))
