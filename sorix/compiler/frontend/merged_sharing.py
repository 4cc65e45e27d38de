"""Of cells that a merge froze: with which others each may share its memory.

Every cell of a side has its *images*, the cells that stand for it after the merge. Two images of
one cell share its memory if the run came by that side; and what could share memory before, may
after. Where it is not known who else sees an array (its elements went into a list, the caller has
it), it is frozen for good, and no others are told of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sorix.compiler.frontend.state import State
from sorix.compiler.frontend.values import Cell


class Images:
    """By the cells of each side, those that stand for them after the merge."""

    def __init__(self) -> None:
        self._of: tuple[dict[Cell, set[Cell]], dict[Cell, set[Cell]]] = (
            defaultdict(set),
            defaultdict(set),
        )

    def add(self, side: int, cell: Cell, image: Cell) -> None:
        self._of[side][cell].add(image)

    def of(self, side: int, cell: Cell) -> set[Cell]:
        """Its images; of one that nothing was found to lead to, the cell itself."""
        return self._of[side].get(cell) or {cell}

    def of_all(self, side: int, cells: Iterable[Cell]) -> set[Cell]:
        return {image for cell in cells for image in self.of(side, cell)}

    def of_side(self, side: int) -> Iterable[tuple[Cell, set[Cell]]]:
        """The cells of a side that something leads to, with their images."""
        return self._of[side].items()

    def all(self) -> set[Cell]:
        """Every cell that something leads to after the merge."""
        return {image for images in self._of for found in images.values() for image in found}

    def stays(self, cell: Cell) -> bool:
        """Whether something was found to lead to a cell of the first side."""
        return cell in self._of[0]


def tell_others(
    result: State, sides: tuple[State, State], images: Images, for_good: set[Cell]
) -> None:
    """Tell of what is frozen in `result`, but `for_good`, with which cells it may share memory."""
    sharing: dict[Cell, set[Cell]] = defaultdict(set)
    for side, state in enumerate(sides):
        for cell in state.frozen:
            targets = images.of(side, cell) | {cell}
            if cell not in state.others:
                for_good |= targets
            for target in targets:
                sharing[target] |= images.of_all(side, state.others.get(cell, ()))
    came_from: dict[Cell, set[Cell]] = defaultdict(set)
    for cell, found in (*images.of_side(0), *images.of_side(1)):
        for target in found:
            sharing[target] |= found
            came_from[target].add(cell)
    for_good |= {other for cell in for_good for other in sharing[cell]}
    for cell in result.frozen:
        others = frozenset(sharing[cell] - {cell} or came_from[cell] - {cell})
        if cell not in for_good and others:
            result.others[cell] = others


def tells_more(first: State, result: State, images: Images) -> bool:
    """Whether a cell is frozen in `result`, or beside more others, than on the first side.

    Others that nothing leads to after the merge do not count.
    """
    in_reach = images.all()
    for cell, found in images.of_side(0):
        frozen = found & result.frozen.keys()
        if frozen and cell not in first.frozen:
            return True
        if cell in first.others:
            known = first.others[cell]
            allowed = {cell, *known, *images.of_all(0, known)}
            for target in frozen:
                if target not in result.others or result.others[target] & in_reach - allowed:
                    return True
    return False
