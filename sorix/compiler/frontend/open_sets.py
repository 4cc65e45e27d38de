"""Sets whose elements the run decides: the nodes that a search has visited.

As with dicts, see `open_dicts`, a program is interpreted so last: where a set is asked for an
element that only the run knows, or differs where two paths meet, it is interpreted again, with
the sets that are made at this place as objects of `prelude_sets.OpenSet`. The elements must be
integers, or tuples of integers.
"""

from __future__ import annotations

from sorix.compiler.frontend import (
    calls,
    containers,
    iterables,
    open_dicts,
    prelude_sets,
    prelude_steps,
)
from sorix.compiler.frontend.builtin_table import builtin
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    Cell,
    InstanceContent,
    Kwargs,
    Reference,
    Value,
)


def made_of(it: Interpreter, items: Value, place: open_dicts.Site, what: str) -> Value:
    """A new set of these items, as one whose elements the run decides where that is needed."""
    if place in it.inputs.demanded:
        held = it.hold(_empty(it))
        calls.call_method(it, it.state.get(held.cell), "update", [items], {})
        return it.release(held)
    with open_dicts.demanded_where_refused(it, place):
        made = containers.new_set(it, iterables.known_items(it, items, what))
    it.put(made.cell, it.state.get(made.cell).made_at(place))
    return made


def _empty(it: Interpreter) -> Reference:
    cell = Cell("set")
    items = containers.new_list(it, [])
    it.put(cell, InstanceContent(prelude_sets.OpenSet, {"set_items": items}))
    return Reference(cell)


@builtin(prelude_steps.copied_set)
def _copied(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    found = _empty(it)
    items = containers.content_of(it, args[0]).fields["set_items"]
    kept = containers.content_of(it, found).fields["set_items"]
    it.put(kept.cell, containers.content_of(it, items))
    return found
