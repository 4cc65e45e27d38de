"""The contents of cells, copied at every branch of the program and compared where ways meet.

A long function has a cell for every array that it ever made, and an ``if`` changes a few of them.
So a copy shares what both sides have in common, and each keeps what it changed since; what may
differ is looked for there alone.

>>> from sorix.compiler.frontend.values import Cell
>>> x, y = Cell("x"), Cell("y")
>>> before = Cells()
>>> before[x] = before[y] = 1
>>> after = before.copy()
>>> after[y] = 2
>>> [cell.label for cell in after.apart(before)]
['y']
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sorix.compiler.frontend.values import Cell

_GONE = object()
_FEW = 32


class Cells:
    """A map from cells to contents, in the order in which the cells were first met."""

    __slots__ = ("_changed", "_shared")

    def __init__(self) -> None:
        self._shared: dict[Cell, Any] = {}
        self._changed: dict[Cell, Any] = {}

    def copy(self) -> Cells:
        """A map with the same contents; a change of one is not seen in the other."""
        if len(self._changed) > _FEW and len(self._changed) ** 2 > len(self._shared):
            self._shared = self._joined()
            self._changed = {}
        other = Cells()
        other._shared = self._shared
        other._changed = dict(self._changed)
        return other

    def apart(self, other: Cells) -> list[Cell]:
        """The cells whose contents here and there are not the same object."""
        if self._shared is other._shared:
            candidates = {**self._changed, **other._changed}
        else:
            candidates = {**self._joined(), **other._joined()}
        return [c for c in candidates if self.get(c, _GONE) is not other.get(c, _GONE)]

    def _joined(self) -> dict[Cell, Any]:
        joined = {**self._shared, **self._changed}
        for cell in [cell for cell, found in self._changed.items() if found is _GONE]:
            del joined[cell]
        return joined

    def get(self, cell: Cell, default: Any = None) -> Any:
        found = self._changed.get(cell)
        if found is None:
            return self._shared.get(cell, default)
        return default if found is _GONE else found

    def pop(self, cell: Cell, default: Any) -> Any:
        found = self.get(cell, default)
        if cell in self:
            del self[cell]
        return found

    def items(self) -> Iterator[tuple[Cell, Any]]:
        for cell in self:
            yield cell, self[cell]

    def __getitem__(self, cell: Cell) -> Any:
        found = self.get(cell, _GONE)
        if found is _GONE:
            raise KeyError(cell)
        return found

    def __setitem__(self, cell: Cell, content: Any) -> None:
        self._changed[cell] = content

    def __delitem__(self, cell: Cell) -> None:
        if cell in self._shared:
            self._changed[cell] = _GONE
        else:
            del self._changed[cell]

    def __contains__(self, cell: Cell) -> bool:
        found = self._changed.get(cell)
        return found is not _GONE if found is not None else cell in self._shared

    def __iter__(self) -> Iterator[Cell]:
        changed = self._changed
        yield from (cell for cell in self._shared if changed.get(cell) is not _GONE)
        yield from (cell for cell in changed if cell not in self._shared)

    def __len__(self) -> int:
        return sum(1 for _ in self)
