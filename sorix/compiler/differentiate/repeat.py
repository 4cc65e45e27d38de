"""Functions that are run once more, for their derivative.

Requires a defined function. Yields one that computes the same again and that nobody notices: what
the first run printed is not printed again, neither here nor in the routines that are called. A
function that may compute something else the second time (it draws random numbers of somebody
else's, say) is refused.
"""

from __future__ import annotations

from dataclasses import replace

from sorix.compiler.analyses.repeatable import unrepeatable
from sorix.compiler.differentiate.errors import callee_name, placed
from sorix.compiler.ir.nodes import Block, Effect, Function, Routine
from sorix.compiler.ir.routines import redirected, routines
from sorix.compiler.ir.walk import map_blocks, statements
from sorix.errors import UnsupportedCallError


def runs_again(function: Function, known: dict[Routine, Routine]) -> Function:
    """The function as it is run again; `known` are the routines for which that was asked before."""
    require_repeatable(function)
    called = [r for r in routines(function) if any(map(_has_effects, (r, *_reached(r))))]
    for routine in called:
        if routine not in known:
            known[routine] = routine.renewed()
            known[routine].define(runs_again(routine.function, known))
    return redirected(replace(function, body=_without_effects(function.body)), known)


def _reached(routine: Routine) -> tuple[Routine, ...]:
    return routines(routine.function)


def _has_effects(routine: Routine) -> bool:
    return any(isinstance(stmt, Effect) for stmt in statements(routine.function.body))


def _without_effects(block: Block) -> Block:
    stmts = (stmt for stmt in block.stmts if not isinstance(stmt, Effect))
    return Block(tuple(map_blocks(stmt, _without_effects) for stmt in stmts), block.results)


def require_repeatable(function: Function) -> None:
    """Refuse a function that may compute something else when it is run again."""
    for stmt, call in unrepeatable(function):
        raise placed(
            UnsupportedCallError(
                f"{callee_name(call)} is called in a function that its derivative runs"
                " again, and may return something else then",
                "call it outside, and pass what it returns",
            ),
            stmt.origin,
        )
