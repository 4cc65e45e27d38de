"""Arrays that a merge could not tell apart, told apart again.

After ``dst = a if even else b`` three names stand for two arrays: a write into any of them would
have to be seen through another. It is refused as long as another can be read. Once no name leads
to `dst` any more, `a` and `b` are two arrays as before, and may be written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sorix.compiler.frontend import lifetimes
from sorix.compiler.frontend.frames import Frame
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.reached import within_reach
from sorix.compiler.frontend.state import State
from sorix.compiler.frontend.values import LOST, NONE, Cell
from sorix.compiler.ir.nodes import Var


def told_apart(it: Interpreter, cell: Cell) -> bool:
    """Whether nothing that can be read shares this cell's memory any more.

    If so, it is free to be written; to read one of the others would be an error from here on.
    """
    others = it.state.others.get(cell)
    if others is None or it.recursions or not it.state.holds(cell):
        return False
    if any(other in it.inputs.initial for other in others):
        return False  # The caller, too, sees what was fetched from it.
    if not others.isdisjoint(within_reach(it, NONE, _unread(it))[0]):
        return False
    for other in [known for known in it.state.cells if known in others]:
        it.put(other, LOST)
    it.state.release(cell)
    return True


@contextmanager
def ending(it: Interpreter, statement: Any) -> Iterator[None]:
    """What a statement does last is a write: the names that nobody reads after it lead nowhere."""
    outer, it.ending = it.ending, (it.frame, statement)
    try:
        yield
    finally:
        it.ending = outer


def _unread(it: Interpreter) -> frozenset[Cell]:
    frame, statement = it.ending
    if frame is not it.frame or _may_have_exited(frame, it.state):
        return frozenset()
    return lifetimes.dead_after_a_write(frame, statement)


def _may_have_exited(frame: Frame, state: State) -> bool:
    """Whether this is one of two ways, the other of which has left a loop or the function: both
    meet after each statement, and a name keeps one value there."""
    exits = [frame.returned, *(cell for e in frame.loops for cell in (e.broke, e.continued))]
    return any(isinstance(state.get(cell), Var) for cell in exits)
