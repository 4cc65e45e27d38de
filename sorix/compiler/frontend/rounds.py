"""What ends a recursion that is inlined: an integer of the caller, or only data."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sorix.compiler.frontend.frames import Frame, routine_key
from sorix.compiler.frontend.inputs import Demand
from sorix.compiler.frontend.values import Cell, GrownList, Reference
from sorix.compiler.ir.nodes import Const, Var

if TYPE_CHECKING:
    from sorix.compiler.frontend.interpreter import Interpreter


def unwind(it: Interpreter) -> None:
    """A recursion that an integer of the caller's ends is inlined with that integer known.

    One that data end becomes a routine.
    """
    often = Counter(id(caller.node) for caller in it.frames).most_common(1)[0][0]
    rounds = [caller for caller in it.frames if id(caller.node) == often]
    if len(rounds) < 2:
        return
    keys: frozenset[Any] = frozenset()
    for caller in rounds:
        for cell in filter(it.state.holds, caller.variables.values()):
            value = it.state.get(cell)
            if isinstance(value, Var):
                keys |= it.inputs.sources.get(value, frozenset())
    if keys - it.inputs.demanded:
        raise Demand(keys, unwinding=True)
    outline(it, rounds[0])


def demand_changing(it: Interpreter, rounds: list[Frame]) -> None:
    """Ask for the integers of the caller's that a recursion counts with, if it does.

    Further down each round is dearer than the one before, as there is more to be merged.
    """
    last, before = rounds[-1].variables, rounds[-2].variables
    keys: frozenset[Any] = frozenset()
    for name in last.keys() & before.keys():
        values = [it.state.get(c[name]) for c in (last, before) if it.state.holds(c[name])]
        if len(values) == 2 and values[0] is not values[1] and isinstance(values[0], Var):
            keys |= it.inputs.sources.get(values[0], frozenset())
    if keys - it.inputs.demanded:
        raise Demand(keys, unwinding=True)
    if _is_counted_by_lists(it, last, before):
        outline(it, rounds[-1])


def _is_counted_by_lists(it: Interpreter, last: dict[str, Cell], before: dict[str, Cell]) -> bool:
    """Whether a round differs from the one before in a list whose length the run decides, and
    in no number that is known: nothing but data can end such a recursion."""
    lists = False
    for name in last.keys() & before.keys():
        values = [it.state.get(c[name]) for c in (last, before) if it.state.holds(c[name])]
        if len(values) < 2 or values[0] is values[1]:
            continue
        if all(isinstance(v, Const) for v in values):
            return False
        contents = [it.state.get(v.cell) for v in values if isinstance(v, Reference)]
        lists |= len(contents) == 2 and all(isinstance(c, GrownList) for c in contents)
    return lists


def outline(it: Interpreter, frame: Frame) -> None:
    """Interpret a function that calls itself on its own, see `recursion`."""
    key = frozenset([routine_key(frame)])
    if not key <= it.inputs.demanded:
        raise Demand(key)
