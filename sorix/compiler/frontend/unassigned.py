"""What some path leaves unassigned: the run that took such a path raises where it is read.

Where two paths meet of which one assigned it, a flag says which was taken (`Maybe.assigned`). What
nobody asks is left out of the generated code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

from sorix.compiler.frontend import branching, conditions, containers, exceptions, wording
from sorix.compiler.frontend.frames import UndefinedRead
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    MISSING,
    Cell,
    DictContent,
    InstanceContent,
    Maybe,
    Reference,
    Static,
    Value,
)
from sorix.compiler.ir.nodes import Atom, Const
from sorix.errors import StructureError, UndefinedNameError


def load(it: Interpreter, name: str) -> Value:
    """What a name stands for, which the run must have assigned."""
    cell = it.frame.cell(name)
    value = it.state.get(cell) if cell is not None else None
    if cell is not None and possibly(value):
        _require(it, cell, name)
    try:
        return it.load(name)
    except UndefinedRead as error:
        _raise_where_handled(it, *error.said)
        raise
    except UndefinedNameError:
        _raise_where_handled(it, NameError, wording.said_of_global(name))
        raise


def delete(it: Interpreter, name: str) -> None:
    """``del name``, which must be assigned."""
    load(it, name)
    cell = it.frame.cell(name)
    assert cell is not None
    it.put(cell, MISSING)


def possibly(value: object) -> bool:
    """Whether some path leaves it unassigned."""
    return isinstance(value, Maybe) and value.assigned is not None


def is_assigned(value: Maybe) -> Atom:
    """Whether the run assigned it."""
    return Const(True) if value.assigned is None else value.assigned


def known(value: Maybe) -> Value:
    """What it is where it is assigned."""
    if value.none and not (isinstance(value.value, Static) and value.value.value is None):
        return Maybe(value.value, True, value.present)
    return value.value


def _require(it: Interpreter, cell: Cell, name: str) -> None:
    """Raise where the run did not assign a name; afterwards it is certain."""
    if it.frame.is_class:
        refuse_in_class(name)
    said = wording.said_of_local if it.frame.owns(name) else wording.said_of_free
    cls, message = said(name)
    fail = lambda: exceptions.raise_error(it, cls, (Static(message),))  # noqa: E731
    raise_if_not(it, it.state.get(cell), fail)
    value = it.state.get(cell)
    if possibly(value):
        it.put(cell, known(value))


def refuse_in_class(name: str) -> NoReturn:
    raise StructureError(
        f"whether {name!r} is assigned in the body of a class depends on a branch",
        "assign it on every path",
    )


def raise_if_not(it: Interpreter, value: Maybe, fail: Callable[[], None]) -> None:
    """Fail in a run that did not assign it."""
    it.doubtful += 1
    branching.branch(it, is_assigned(value), lambda: None, fail)


def _raise_where_handled(it: Interpreter, cls: type, message: str) -> None:
    if exceptions.handled(it, cls):
        exceptions.raise_error(it, cls, (Static(message),))


# -- keys and fields ------------------------------------------------------------------------


def decided(it: Interpreter, owner: Value, name: Any, act: Callable[[Value], Value]) -> Value:
    """What is done with a dict at a key, or with a field of an object.

    Where only the run knows whether it is there, either way is a branch: in one it certainly is.
    """
    content = containers.content_of(it, owner)
    found = _held_at(content, name)
    if not (isinstance(owner, Reference) and possibly(found)):
        return act(owner)
    it.doubtful += 1
    held = it.hold(owner)

    def where(certain: Any) -> Value:
        same: Any = it.state.get(held.cell)
        it.put(same.cell, certain)
        return act(same)

    there, absent = _with(content, name, known(found)), _without(content, name)
    cond = is_assigned(found)
    value = conditions.either(it, cond, lambda: where(there), lambda: where(absent))
    it.forget(held)
    return value


def _held_at(content: Any, name: Any) -> Any:
    if isinstance(content, DictContent):
        return content.get(name)
    return content.fields.get(name) if isinstance(content, InstanceContent) else None


def _with(content: Any, name: Any, value: Value) -> Any:
    if isinstance(content, InstanceContent):
        return content.with_field(name, value)
    items = tuple((k, value if k == name else v) for k, v in content.items)
    return replace(content, items=items, uncertain=content.uncertain - {name})


def _without(content: Any, name: Any) -> Any:
    if isinstance(content, DictContent):
        return content.with_items((k, v) for k, v in content.items if k != name)
    fields = {k: v for k, v in content.fields.items() if k != name}
    return replace(content, fields=fields)
