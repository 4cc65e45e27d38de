"""Functions that show the names of a scope: ``locals``, ``globals``, ``vars``, ``dir``."""

from __future__ import annotations

from typing import Any, NoReturn

from sorix.compiler.frontend import calls, containers, objects, unassigned
from sorix.compiler.frontend.builtin_table import builtin
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    MISSING,
    Cell,
    DictContent,
    Kwargs,
    Reference,
    Static,
    Torn,
    Value,
)
from sorix.errors import StructureError, UnsupportedCallError


@builtin(locals)
def _locals(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return _variables(it, "locals()")


@builtin(vars)
def _vars(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return objects.attribute(it, args[0], "__dict__") if args else _variables(it, "vars()")


@builtin(globals)
def _globals(it: Interpreter, args: list[Value], kwargs: Kwargs) -> NoReturn:
    raise UnsupportedCallError("globals() inside the function", "name the global variables")


@builtin(dir)
def _dir(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if args and isinstance(args[0], Static):
        return containers.lifted(it, dir(args[0].value))
    if args:
        return calls.call_opaque(it, Static(dir), args, kwargs)
    names = containers.dict_items(containers.content_of(it, _variables(it, "dir()")))
    return containers.lifted(it, sorted(name for name, _ in names))


def _variables(it: Interpreter, what: str) -> Reference:
    """The variables of the function as a new dict, in the order they were first assigned."""
    frame = it.frame
    if frame.parent is not None or frame.captured or frame.is_class:
        raise UnsupportedCallError(
            f"{what} inside a function in a function, a comprehension or a class",
            "make a dict of the variables",
        )
    items: list[tuple[Any, Value]] = []
    uncertain = set()
    for name, cell in frame.variables.items():
        value = it.state.get(cell) if it.state.holds(cell) else MISSING
        if name.startswith(".") or value is MISSING:
            continue
        if isinstance(value, Torn):
            raise StructureError(value.reason, value.hint)
        if unassigned.possibly(value):
            uncertain.add(name)
        items.append((name, value))
    made = Cell("dict")
    it.put(made, DictContent(tuple(items), dict, frozenset(uncertain)))
    return Reference(made)
