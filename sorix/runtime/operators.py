"""Python's operators on tensors; each is one call of the short way in `record`."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from sorix.errors import NotDifferentiableError
from sorix.runtime.beside import unknown
from sorix.runtime.methods import viewed
from sorix.runtime.modes import array_meaning
from sorix.runtime.record import CONSTANTS, apply, binary, compare, reflected, unary
from sorix.runtime.tape import op_of

if TYPE_CHECKING:
    from sorix.runtime.tensor import Tensor

_ADD = op_of(operator.add)
_SUB = op_of(operator.sub)
_MUL = op_of(operator.mul)
_DIV = op_of(operator.truediv)
_POW = op_of(operator.pow)
_MATMUL = op_of(operator.matmul)
_NEG = op_of(operator.neg)
_ABS = op_of(np.absolute)
_SQUARE = op_of(np.square)


def _require_nonzero(divisor: Any) -> None:
    """Refuse to divide by the number 0: Python raises, NumPy gives inf, and a tensor is either."""
    value = getattr(divisor, "_data", divisor) if isinstance(divisor, Operators) else divisor
    if isinstance(value, int | float | np.ndarray | np.generic) and np.ndim(value) == 0:
        if value == 0:
            raise NotDifferentiableError(
                "a number is divided by zero on the tape",
                "test whether the divisor is 0 before",
            )


class Operators:
    """What Tensor inherits its operators from."""

    __slots__ = ()

    def __add__(self, other: Any) -> Tensor:
        return binary(_ADD, self, other)

    def __radd__(self, other: Any) -> Tensor:
        return reflected(_ADD, self, other)

    def __sub__(self, other: Any) -> Tensor:
        return binary(_SUB, self, other)

    def __rsub__(self, other: Any) -> Tensor:
        return reflected(_SUB, self, other)

    def __mul__(self, other: Any) -> Tensor:
        return binary(_MUL, self, other)

    def __rmul__(self, other: Any) -> Tensor:
        return reflected(_MUL, self, other)

    def __truediv__(self, other: Any) -> Tensor:
        if array_meaning():
            _require_nonzero(other)
        return binary(_DIV, self, other)

    def __rtruediv__(self, other: Any) -> Tensor:
        if array_meaning():
            _require_nonzero(self)
        return reflected(_DIV, self, other)

    def __pow__(self, other: Any) -> Tensor:
        if type(other) is int and other == 2:
            return unary(_SQUARE, self)
        return binary(_POW, self, other)

    def __rpow__(self, other: Any) -> Tensor:
        return reflected(_POW, self, other)

    def __matmul__(self, other: Any) -> Tensor:
        return binary(_MATMUL, self, other)

    def __rmatmul__(self, other: Any) -> Tensor:
        return reflected(_MATMUL, self, other)

    def __neg__(self) -> Tensor:
        return unary(_NEG, self)

    def __pos__(self) -> Tensor:
        return apply(np.positive, (self,), {})

    def __abs__(self) -> Tensor:
        return unary(_ABS, self)

    def __mod__(self, other: Any) -> Tensor:
        if array_meaning():
            _require_nonzero(other)
        return self._apply(operator.mod, self, other)

    def __rmod__(self, other: Any) -> Tensor:
        if array_meaning():
            _require_nonzero(self)
        return self._apply(operator.mod, other, self)

    def __floordiv__(self, other: Any) -> Tensor:
        if array_meaning():
            _require_nonzero(other)
        return self._apply(operator.floordiv, self, other)

    def __rfloordiv__(self, other: Any) -> Tensor:
        if array_meaning():
            _require_nonzero(self)
        return self._apply(operator.floordiv, other, self)

    def __divmod__(self, other: Any) -> tuple[Tensor, Tensor]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Tensor, Tensor]:
        return other // self, other % self

    def _apply(self, function: Any, *args: Any) -> Any:
        others = [arg for arg in args if not isinstance(arg, (Operators, *CONSTANTS))]
        if others:
            side = "r" if args[0] is self else ""
            return unknown(self, others[0], f"__{side}{function.__name__}__")
        return apply(function, args, {})

    def __eq__(self, other: Any) -> Tensor:  # type: ignore[override]
        return compare(operator.eq, self, other)

    def __ne__(self, other: Any) -> Tensor:  # type: ignore[override]
        return compare(operator.ne, self, other)

    def __lt__(self, other: Any) -> Tensor:
        return compare(operator.lt, self, other)

    def __le__(self, other: Any) -> Tensor:
        return compare(operator.le, self, other)

    def __gt__(self, other: Any) -> Tensor:
        return compare(operator.gt, self, other)

    def __ge__(self, other: Any) -> Tensor:
        return compare(operator.ge, self, other)

    def __and__(self, other: Any) -> Tensor:
        return compare(operator.and_, self, other)

    def __rand__(self, other: Any) -> Tensor:
        return compare(operator.and_, self, other)

    def __or__(self, other: Any) -> Tensor:
        return compare(operator.or_, self, other)

    def __ror__(self, other: Any) -> Tensor:
        return compare(operator.or_, self, other)

    def __xor__(self, other: Any) -> Tensor:
        return compare(operator.xor, self, other)

    def __rxor__(self, other: Any) -> Tensor:
        return compare(operator.xor, self, other)

    def __invert__(self) -> Tensor:
        return apply(np.invert, (self,), {})

    __hash__ = object.__hash__

    def __getitem__(self, index: Any) -> Tensor:
        return viewed(self, operator.getitem, index)
