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


class LostError(InternalCompilerError):
    """What a merge has lost is read."""


class RemadeError(StructureError):
    """An iteration leaves a function that it made, which sees that iteration's variables."""


class State:
    """Cells and their contents; `initial` (shared) holds what was fetched from the caller."""

    __slots__ = ("cells", "frozen", "functions", "initial", "returned")

    def __init__(self, initial: dict[Cell, Any], functions: list[Any] | None = None) -> None:
        self.functions: list[Any] = [] if functions is None else functions
        self.cells = Cells()
        self.frozen: dict[Cell, str] = {}
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
        other.returned = dict(self.returned)
        return other

    def freeze_returned(self, depth: int) -> None:
        """Freeze what calls at this depth or deeper returned a snapshot of."""
        for cell in [cell for cell, at in self.returned.items() if at >= depth]:
            del self.returned[cell]
            self.frozen.setdefault(cell, AMBIGUOUS)
