"""Programs of several functions: which routines are reached, and passes over all of them.

A routine is a handle, and its function is given once. So a pass that changes functions makes new
handles for all routines that are reached, and lets every call refer to these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sorix.compiler.ir.nodes import (
    Assign,
    Block,
    Call,
    Effect,
    Function,
    Routine,
    Stmt,
    Update,
    Var,
)
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
    new = {r: r.renewed() for r in old}
    for routine, handle in new.items():
        handle.define(redirected(change(routine.function), new))
    return tuple(redirected(change(function), new) for function in functions)


def redirected(function: Function, routines: Mapping[Routine, Routine]) -> Function:
    """The function with calls of other routines in the place of these."""

    def called(call: Call) -> Call:
        if isinstance(call.fn, Routine) and call.fn in routines:
            return replace(call, fn=routines[call.fn])
        return call

    return replace(function, body=_redirected(function.body, called))


def _redirected(block: Block, called: Callable[[Call], Call]) -> Block:
    """The block with every call changed."""

    def nested(old: Block) -> Block:
        return Block(tuple(map(stmt, old.stmts)), old.results)

    def stmt(old: Stmt) -> Stmt:
        match old:
            case Assign(value=Call() as call):
                return replace(old, value=called(call))
            case Effect(call=call) | Update(call=call):
                return replace(old, call=called(call))
        return map_blocks(old, nested)

    return nested(block)


def handed_on(block: Block, old: Routine, new: Routine, outside: tuple[Var, ...]) -> Block:
    """The block with calls of `new` for those of `old`, and `outside` as further arguments.

    Routines that the block calls, and that call `old` themselves, get these as parameters.
    """
    reached = routines(Function("", (), block))
    callers = [r for r in reached if r.is_defined and old in routines(r.function)]
    extra = {caller: tuple(Var(v.hint, v.type) for v in outside) for caller in callers}
    renewed = {old: new}
    for caller in callers:
        renewed[caller] = caller.renewed(extra[caller])

    def rewritten(block: Block, handed: tuple[Var, ...]) -> Block:
        return _redirected(
            block,
            lambda call: (
                replace(call, fn=renewed[call.fn], args=(*call.args, *handed))
                if isinstance(call.fn, Routine) and call.fn in renewed
                else call
            ),
        )

    for caller in callers:
        function = caller.function
        body = rewritten(function.body, extra[caller])
        params = (*function.params, *extra[caller])
        renewed[caller].define(replace(function, params=params, body=body))
    return rewritten(block, outside)
