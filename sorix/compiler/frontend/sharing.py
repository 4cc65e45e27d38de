"""Arrays and containers that a merge could not tell apart, told apart again.

After ``dst = a if even else b`` three names stand for two arrays: a write into any of them would
have to be seen through another. It is refused as long as another can be read. Once no name leads
to `dst` any more, `a` and `b` are two arrays as before, and may be written.
"""

from __future__ import annotations

from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.reach import reached
from sorix.compiler.frontend.values import LOST, NONE, Cell


def told_apart(it: Interpreter, cell: Cell) -> bool:
    """Whether nothing that can be read shares this cell's memory any more.

    If so, it is free to be written; to read one of the others would be an error from here on.
    """
    others = it.state.others.get(cell)
    if others is None or it.recursions or any(other in it.inputs.initial for other in others):
        return False  # The caller, too, sees what was fetched from it.
    if not others.isdisjoint(reached(it, NONE)[0]):
        return False
    for other in [known for known in it.state.cells if known in others]:
        it.put(other, LOST)
    it.state.release(cell)
    return True
