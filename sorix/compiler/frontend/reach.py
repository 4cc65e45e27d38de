"""What the program can still reach in memory, from its names."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from sorix.compiler.frontend import reached
from sorix.compiler.frontend.frames import Frame
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import LOST, Cell, Static, Value
from sorix.compiler.ir.nodes import Const, Var


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
            todo.extend(_parts(item))
    held = it.state.cells
    return [cell for cell in cells if cell in held], tuple(variables)


def _content(it: Interpreter, cell: Cell) -> Any:
    """What a cell holds; nothing where that was lost, as no name that is read leads there."""
    return None if it.state.cells.get(cell) is LOST else it.state.get(cell)


def _parts(item: Any) -> Iterator[Any]:
    """What a value or content of the interpreter's refers to; nothing of the caller's objects."""
    parts: Iterable[Any] = ()
    if isinstance(item, tuple | list):
        parts = item
    elif isinstance(item, dict):
        parts = item.values()
    elif isinstance(item, Frame):
        parts = (*item.variables.values(), *item.captured.values(), item.parent)
    elif isinstance(item, Static) and isinstance(item.value, type):
        parts = reached.attributes(item.value)
    elif dataclasses.is_dataclass(item) and _is_ours(item):
        parts = (getattr(item, f.name) for f in dataclasses.fields(item) if f.name != "external")
    yield from parts


def _is_ours(item: Any) -> bool:
    module = type(item).__module__
    return module.startswith("sorix.compiler.") and not isinstance(item, Static | Const)
