"""Programs of several functions: which routines are reached, and passes over all of them.

A routine is a handle, and its function is given once. So a pass that changes functions makes new
handles for all routines that are reached, and lets every call refer to these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sorix.compiler.ir.nodes import Assign, Block, Call, Effect, Function, Routine, Stmt, Update
from sorix.compiler.ir.walk import calls, map_blocks


def routines(*functions: Function) -> tuple[Routine, ...]:
    """The routines that are called from the functions, or from such a routine, as first met.

    Into one that is not defined yet nothing is looked.
    """
    found: dict[Routine, None] = {}
    todo = list(functions)
    while todo:
        for call in calls(todo.pop(0).body):
            if isinstance(call.fn, Routine) and call.fn not in found:
                found[call.fn] = None
                todo += [call.fn.function] if call.fn.is_defined else []
    return tuple(found)


def map_functions(
    functions: Sequence[Function], change: Callable[[Function], Function]
) -> tuple[Function, ...]:
    """The functions changed, and with them all routines that they reach."""
    old = routines(*functions)
    if not old:
        return tuple(map(change, functions))
    new = {r: Routine(r.name, r.params, r.results) for r in old}
    for routine, handle in new.items():
        handle.define(redirected(change(routine.function), new))
    return tuple(redirected(change(function), new) for function in functions)


def redirected(function: Function, routines: Mapping[Routine, Routine]) -> Function:
    """The function with calls of other routines in the place of these."""

    def block(old: Block) -> Block:
        return Block(tuple(map(stmt, old.stmts)), old.results)

    def called(call: Call) -> Call:
        if isinstance(call.fn, Routine) and call.fn in routines:
            return replace(call, fn=routines[call.fn])
        return call

    def stmt(old: Stmt) -> Stmt:
        match old:
            case Assign(value=Call() as call):
                return replace(old, value=called(call))
            case Effect(call=call) | Update(call=call):
                return replace(old, call=called(call))
        return map_blocks(old, block)

    return replace(function, body=block(function.body))
