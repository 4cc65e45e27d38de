"""Which memory is reached, from values or from names, and whether it is the same as before."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from sorix.compiler.frontend import likeness
from sorix.compiler.frontend.frames import Frame
from sorix.compiler.frontend.free_names import free_names
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.state import State
from sorix.compiler.frontend.values import (
    LOST,
    MISSING,
    Cell,
    Closure,
    InstanceContent,
    Private,
    Static,
    Value,
)
from sorix.compiler.ir.nodes import Const, Var


def cells(it: Interpreter, values: Iterable[Any]) -> dict[Cell, Any]:
    """The cells that can be reached from the values, with what they hold.

    Of a function these are the variables that it reads of the functions around, of a class that
    the program defines its attributes. What is `Private` is passed over.
    """
    found: dict[Cell, Any] = {}
    known: set[int] = set()
    pending = list(values)
    while pending:
        value = pending.pop()
        if isinstance(value, Private) or id(value) in known:
            continue
        known.add(id(value))
        if isinstance(value, Cell):
            found[value] = it.state.get(value) if it.state.holds(value) else MISSING
            pending.append(found[value])
        else:
            pending += _parts(value)
    return found


def _parts(value: Any) -> Iterable[Any]:
    match value:
        case Closure():
            return [*value.defaults, *value.kw_defaults, *_variables(value)]
        case Static(value=type()):
            return _attributes(value.value)
        case InstanceContent():
            return value.fields.values()
        case tuple() | list():
            return value
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, Const | Var | type):
            return [getattr(value, field.name) for field in dataclasses.fields(value)]
    return ()


def _attributes(cls: type) -> list[Cell]:
    """The attributes of a class that the program defines, its bases' too."""
    return [m.cell for c in cls.__mro__ for m in vars(c).values() if _is_member(m)]


def _is_member(attribute: Any) -> bool:
    return isinstance(getattr(attribute, "cell", None), Cell)


def _variables(function: Closure) -> list[Cell]:
    """The variables of the functions around that a function reads."""
    found = (function.frame.cell(name) for name in sorted(free_names([function.node])))
    return [cell for cell in found if cell is not None]


def new_cells(it: Interpreter, value: Any, before: State) -> list[Cell]:
    """The cells of a value that were not there before, nor are the caller's."""
    known = (before.cells, before.initial)
    return [cell for cell in cells(it, [value]) if not any(cell in cells_ for cells_ in known)]


def within_reach(
    it: Interpreter, value: Value, unread: frozenset[Cell] = frozenset()
) -> tuple[list[Cell], tuple[Var, ...]]:
    """The cells that the program can still reach, and the variables in a value and in them.

    From names that are `unread`, nothing is reached.
    """
    cells = dict.fromkeys(root for root in it.roots() if root not in unread)
    variables: dict[Var, None] = {}
    todo: deque[Any] = deque([value, *(_content(it, cell) for cell in cells)])
    seen: set[int] = set()
    while todo:
        item = todo.popleft()
        if isinstance(item, Var):
            variables[item] = None
        elif isinstance(item, Cell):
            if item not in cells:
                cells[item] = None
                todo.append(_content(it, item))
        elif id(item) not in seen:
            seen.add(id(item))
            todo.extend(_all_parts(item))
    held = it.state.cells
    return [cell for cell in cells if cell in held], tuple(variables)


def _content(it: Interpreter, cell: Cell) -> Any:
    """What a cell holds; nothing where that was lost, as no name that is read leads there."""
    return None if it.state.cells.get(cell) is LOST else it.state.get(cell)


def _all_parts(item: Any) -> Iterator[Any]:
    """What a value or content of the interpreter's refers to; nothing of the caller's objects."""
    parts: Iterable[Any] = ()
    if isinstance(item, tuple | list):
        parts = item
    elif isinstance(item, dict):
        parts = item.values()
    elif isinstance(item, Frame):
        parts = (*item.variables.values(), *item.captured.values(), item.parent)
    elif isinstance(item, Static) and isinstance(item.value, type):
        parts = _attributes(item.value)
    elif dataclasses.is_dataclass(item) and _is_ours(item):
        parts = (getattr(item, f.name) for f in dataclasses.fields(item) if f.name != "external")
    yield from parts


def _is_ours(item: Any) -> bool:
    module = type(item).__module__
    return module.startswith("sorix.compiler.") and not isinstance(item, Static | Const)


def same(a: Any, b: Any) -> bool:
    """Whether two contents of a cell, or parts of them, are the same."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    match a:
        case Const():
            return likeness.same_constant(a, b)
        case Var() | Cell() | type():
            return False
        case tuple():
            return len(a) == len(b) and all(map(same, a, b))
        case dict():
            return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
        case Static():
            return bool(a.value is b.value)
        case _ if dataclasses.is_dataclass(a):
            return all(same(getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(a))
    return bool(a == b)
