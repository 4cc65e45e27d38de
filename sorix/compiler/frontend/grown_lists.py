"""What changes a list or deque whose length, or the place that is changed, the run decides.

Each change is a function of `prelude_lists`, of the list and the arguments of the method; what it
returns is what the list then holds.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sorix.compiler.frontend import calls, containers, prelude_lists, subscripts, wording
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    NONE,
    Cell,
    GrownList,
    ListContent,
    Reference,
    Sequence,
    SliceValue,
    Static,
    Value,
)
from sorix.compiler.ir.nodes import Const
from sorix.errors import UnsupportedTypeError


def change(it: Interpreter, owner: Reference, how: Callable[..., Any], *args: Value) -> Value:
    """Let a list hold what a function makes of it."""
    subscripts.writable(it, owner)
    held = it.hold(owner)
    made = made_of(it, owner, how, *args)
    owner = it.release(held)
    take_over(it, owner, made)
    return NONE


def made_of(it: Interpreter, owner: Reference, how: Callable[..., Any], *args: Value) -> Value:
    """What a function makes of a list, which it is given as one that grows."""
    return calls.call_function(it, how, [as_grown(it, owner), *args], {})


def as_grown(it: Interpreter, owner: Reference) -> Reference:
    """A list of the same items, at places that the run may choose."""
    cell = Cell("list")
    content = replace(it.state.get(owner.cell), cls=list)
    it.put(cell, content)
    found = Reference(cell)
    if isinstance(content, ListContent) and containers.regular(it, content.items):
        containers.grow(it, found)
    return found


def take_over(it: Interpreter, owner: Reference, made: Value) -> None:
    """Let a list, a deque if it is one, hold the items of another."""
    content, kept = containers.content_of(it, made), it.state.get(owner.cell)
    it.put(owner.cell, replace(content, cls=kept.cls))


def pop(it: Interpreter, owner: Reference, index: Value) -> Value:
    """``owner.pop(index)``."""
    subscripts.writable(it, owner)
    held = it.hold(owner)
    made = made_of(it, owner, prelude_lists.taken, index, *_said(_pop_of))
    assert isinstance(made, Sequence)
    item, rest = made.items
    take_over(it, it.release(held), rest)
    return item


def _pop_of(items: list[None]) -> None:
    items.pop(1)


def _said(change: Callable[[list[None]], None]) -> tuple[Value, Value]:
    """What Python says where an item is changed that is not there, and where there is none."""
    return Static(wording.said(change, [None])), Static(wording.said(change, []))


def said_of_absent(cls: type, method: str) -> tuple[Value, Value]:
    """What a method says that looks for an item in vain, and whether it names the item first."""
    said = wording.said(getattr(cls(), method), 0)
    names = said.startswith("0 ")
    return Static(said[1:] if names else said), Const(names)


def set_slice(it: Interpreter, owner: Reference, index: SliceValue, value: Reference) -> None:
    """``owner[start:stop] = value``."""
    if not (isinstance(index.step, Static) and index.step.value is None):
        raise UnsupportedTypeError(
            "a slice with a step of a list whose length the run decides is assigned",
            "assign the elements in a loop",
        )
    change(it, owner, prelude_lists.with_slice, index.start, index.stop, value)


def delete(it: Interpreter, owner: Reference, index: Value) -> None:
    """``del owner[index]``."""
    if isinstance(index, SliceValue):
        set_slice(it, owner, index, containers.new_list(it, []))
        return
    cls = it.state.get(owner.cell).cls
    said = _said(lambda items: operator.delitem(cls(items), 1))
    change(it, owner, prelude_lists.without, index, *said)


def is_grown(it: Interpreter, owner: Reference) -> bool:
    return isinstance(it.state.get(owner.cell), GrownList)
