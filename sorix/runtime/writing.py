"""The operators and methods that write into a tensor; how that is right, says `inplace`."""

from __future__ import annotations

import operator
from typing import Any, Self

import numpy as np

from sorix.errors import InPlaceError
from sorix.runtime.inplace import require_array, store_at, update
from sorix.runtime.writes import note_write


class Writes:
    """What Tensor inherits its operations in place from."""

    __slots__ = ()

    _data: np.ndarray

    def __iadd__(self, other: Any) -> Self:
        return update(self, operator.add, other)

    def __isub__(self, other: Any) -> Self:
        return update(self, operator.sub, other)

    def __imul__(self, other: Any) -> Self:
        return update(self, operator.mul, other)

    def __itruediv__(self, other: Any) -> Self:
        return update(self, operator.truediv, other)

    def __ipow__(self, other: Any) -> Self:
        return update(self, operator.pow, other)

    def __ifloordiv__(self, other: Any) -> Self:
        return update(self, operator.floordiv, other)

    def __imod__(self, other: Any) -> Self:
        return update(self, operator.mod, other)

    def __imatmul__(self, other: Any) -> Self:
        raise InPlaceError("@= is not supported. Hint: write x = x @ y.")

    def __setitem__(self, index: Any, value: Any) -> None:
        store_at(self, index, value)

    @property
    def flat(self) -> Any:
        """May be assigned: values for the elements in their order, from the first again."""
        raise AttributeError

    @flat.setter
    def flat(self, values: Any) -> None:
        each = np.ravel(values)
        places = np.arange(self._data.size) % np.size(each)
        store_at(self, ..., each[places].reshape(self._data.shape))

    def zero_(self) -> Self:
        """Set all elements to zero."""
        return self.fill_(0)

    def fill_(self, value: Any) -> Self:
        """Set all elements to `value`."""
        store_at(self, ..., value)
        return self

    def fill(self, value: Any) -> Self:
        """NumPy's name for `fill_`."""
        require_array(self)
        return self.fill_(value)

    def copy_(self, other: Any) -> Self:
        """Take over the values of `other`."""
        store_at(self, ..., other)
        return self

    def add_(self, other: Any, *, alpha: float = 1) -> Self:
        """``self += alpha * other``."""
        self += other if alpha == 1 else other * alpha
        return self

    def sub_(self, other: Any, *, alpha: float = 1) -> Self:
        """``self -= alpha * other``."""
        self -= other if alpha == 1 else other * alpha
        return self

    def mul_(self, other: Any) -> Self:
        """``self *= other``."""
        self *= other
        return self

    def div_(self, other: Any) -> Self:
        """``self /= other``."""
        self /= other
        return self

    def mark_written(self) -> None:
        """Tell the tape that ``data`` was written directly, past it; optimisers do."""
        note_write(self._data)
