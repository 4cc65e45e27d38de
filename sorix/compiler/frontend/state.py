"""The memory of the interpreted program: a map from cells to contents."""

from __future__ import annotations

from typing import Any

from sorix.compiler.frontend import likeness
from sorix.compiler.frontend.cells import Cells
from sorix.compiler.frontend.values import (
    LOST,
    MISSING,
    Cell,
)
from sorix.errors import InternalCompilerError, StructureError

AMBIGUOUS = "which array the name stands for depends on a branch or an iteration"
SHARED_ELEMENT = "it is also an element of a list whose length the run decides"

CHOSEN_ELEMENT = "it is also an element of a list or tuple, at an index that the run decides"
KEPT_APART = ("kept apart", "lists")
"""Demanded, short lists of numbers or arrays stay of known length, so that the arrays in them may
be written."""


class LostError(InternalCompilerError):
    """What a merge has lost is read."""


class RemadeError(StructureError):
    """An iteration leaves a function that it made, which sees that iteration's variables."""


class State:
    """Cells and their contents; `initial` (shared) holds what was fetched from the caller.

    Of a cell that is `frozen`, and must not be written, `others` are those that it may share memory
    with, where these are known: it is free again once nothing leads to them.
    """

    __slots__ = ("cells", "frozen", "functions", "initial", "others", "returned")

    def __init__(self, initial: dict[Cell, Any], functions: list[Any] | None = None) -> None:
        self.functions: list[Any] = [] if functions is None else functions
        self.cells = Cells()
        self.frozen: dict[Cell, str] = {}
        self.others: dict[Cell, frozenset[Cell]] = {}
        self.returned: dict[Cell, int] = {}
        self.initial = initial

    def get(self, cell: Cell) -> Any:
        found = self.cells.get(cell, MISSING)
        if found is LOST:
            raise LostError(f"what {cell.label!r} stands for was lost at a merge")
        return self.initial.get(cell, MISSING) if found is MISSING else found

    def holds(self, cell: Cell) -> bool:
        """Whether there is a content that can be read."""
        return self.cells.get(cell) is not LOST and self.get(cell) is not MISSING

    def differs_from(self, earlier: State) -> bool:
        """Whether a cell that was there earlier has another content now."""
        return any(cell in earlier.cells for cell in self.cells.apart(earlier.cells))

    def number(self, function: Any) -> int:
        """The number of a function that the run may choose; every state knows the same ones."""
        for k, known in enumerate(self.functions):
            if likeness.same_function(known, function):
                return k
        self.functions.append(function)
        return len(self.functions) - 1

    def set(self, cell: Cell, content: Any) -> None:
        self.cells[cell] = content

    def copy(self) -> State:
        other = State(self.initial, self.functions)
        other.cells = self.cells.copy()
        other.frozen = dict(self.frozen)
        other.others = dict(self.others)
        other.returned = dict(self.returned)
        return other

    def freeze(self, cell: Cell, why: str) -> None:
        """Let a cell not be written any more, whatever can still be read.

        Nor those that it may share memory with: who else sees the cell would see them.
        """
        for other in self.others.get(cell, ()):
            self.others.pop(other, None)
        known = self.others.pop(cell, None) is None and cell in self.frozen
        if not known or why is SHARED_ELEMENT:  # The one reason that writing a loop out helps.
            self.frozen[cell] = why

    def freeze_as_one_of(self, cell: Cell, why: str, cells: frozenset[Cell]) -> None:
        """Freeze a cell that is one of these, and these, as long as another can be read."""
        for_good = any(c in self.frozen and c not in self.others for c in cells)
        beside = cells.union(*(self.others.get(c, ()) for c in cells))
        for other in beside:
            self._freeze_beside(other, why, frozenset([cell]))
        self._freeze_beside(cell, why, beside)
        if for_good:
            self.freeze(cell, why)

    def _freeze_beside(self, cell: Cell, why: str, others: frozenset[Cell]) -> None:
        if cell not in self.frozen:
            self.frozen[cell], self.others[cell] = why, others
        elif cell in self.others:
            self.others[cell] |= others

    def release(self, cell: Cell) -> None:
        """Let a cell be written again."""
        del self.frozen[cell], self.others[cell]

    def freeze_returned(self, depth: int) -> None:
        """Freeze what calls at this depth or deeper returned a snapshot of."""
        for cell in [cell for cell, at in self.returned.items() if at >= depth]:
            del self.returned[cell]
            self.freeze(cell, AMBIGUOUS)
