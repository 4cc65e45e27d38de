"""Transforms that are read as Python of the library's own: a Jacobian as its columns.

That Python calls the function that is differentiated once for each column, where the transform
runs it once for all. So a function whose call is noticed, as it prints, draws numbers or changes
what is around it, is refused.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from sorix.compiler.frontend import calls
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.likeness import same_constant
from sorix.compiler.frontend.state import State
from sorix.compiler.frontend.values import (
    Array,
    Cell,
    DictContent,
    GrownList,
    InstanceContent,
    ListContent,
    Value,
)
from sorix.compiler.ir.nodes import Assign, Block, Call, Const, Effect, Method, Routine, Stmt, Var
from sorix.compiler.ir.routines import routines
from sorix.compiler.ir.types import Num
from sorix.compiler.ir.walk import statements
from sorix.errors import UnsupportedCallError
from sorix.primitives.table import rule_of

_CHANGED = (Var, Const, ListContent, GrownList, DictContent, InstanceContent)


def call_unnoticed(it: Interpreter, fn: Value, args: list[Value]) -> Value:
    """Call a function of the library's that calls the user's for each column."""
    before, count = it.state.copy(), len(it.builder.stmts)
    value = calls.call(it, fn, args, {})
    if _is_noticed(it.builder.stmts[count:]) or _changes(it.state, before):
        raise UnsupportedCallError(
            "a Jacobian inside of the function calls what it is taken of for each column, and that"
            " prints, draws numbers or changes what is around it",
            "do that before or after, and not in what the Jacobian is taken of",
        )
    return value


def require_array(it: Interpreter, value: Value, what: Value) -> Value:
    """The value, where it is a number or an array."""
    is_const = isinstance(value, Const) and isinstance(value.value, float | int)
    atom = it.read(value) if isinstance(value, Array | Var) else None
    if is_const or isinstance(getattr(atom, "type", None), Num):
        return value
    raise UnsupportedCallError(
        f"inside of the function, a Jacobian is taken {what.value} {describe(value, it)}",
        "join the numbers in one array",
    )


def _is_noticed(stmts: Iterable[Stmt]) -> bool:
    """Whether a user could notice that the statements are run more than once."""
    return any(
        isinstance(stmt, Effect)
        or (isinstance(stmt, Assign) and isinstance(stmt.value, Call) and _does_more(stmt.value))
        for stmt in statements(Block(tuple(stmts)))
    )


def _does_more(call: Call) -> bool:
    if isinstance(call.fn, Routine):
        reached = (call.fn, *routines(call.fn.function)) if call.fn.is_defined else ()
        return any(_is_noticed(each.function.body.stmts) for each in reached)
    return isinstance(call.fn, Method) or (call.fn is not list and rule_of(call.fn) is None)


def _changes(state: State, before: State) -> bool:
    """Whether a number, list, dict or object that was there before is another now.

    Of arrays, a transform works on copies.
    """
    return any(
        isinstance(was, _CHANGED) and before.holds(cell) and not _is_same(state.get(cell), was)
        for cell, was in before.cells.items()
    )


def _is_same(content: Any, was: Any) -> bool:
    """Whether two contents hold the same; a merge makes new ones of what did not change."""
    if content is was:
        return True
    if type(content) is not type(was) or isinstance(was, Var | Cell):
        return False
    if isinstance(was, Const):
        return same_constant(content, was)
    if isinstance(was, tuple):
        return len(content) == len(was) and all(map(_is_same, content, was))
    if isinstance(was, dict):
        return list(content) == list(was) and all(map(_is_same, content.values(), was.values()))
    if dataclasses.is_dataclass(was):
        names = [field.name for field in dataclasses.fields(was)]
        return all(_is_same(getattr(content, n), getattr(was, n)) for n in names)
    return isinstance(was, str | int | frozenset) and bool(content == was)
