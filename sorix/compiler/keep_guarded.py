"""Keep what may raise an exception that the program handles.

Requires a lowered program. After it, each computation in whose place the program's handler may have
to run stands in what is compiled, and in all that is made of that, whatever becomes of its value:
a mark reads it (`ir.marks`). So the exception occurs wherever it occurs in the program.

    try:
        np.linalg.cholesky(A)          t = np.linalg.cholesky(A)
    except LinAlgError:         is     computed(t)
        return 0.0

All are marked, not only those that nothing else reads: what reads ``np.size(x + y)`` may be found
without the sum, and a derivative does not need all that the function needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sorix import support
from sorix.compiler.frontend.lower import Lowered
from sorix.compiler.ir.marks import mark
from sorix.compiler.ir.nodes import Assign, Block, Call, Function, Routine, Stmt, Var
from sorix.compiler.ir.routines import map_functions, routines
from sorix.compiler.ir.walk import defined, map_blocks, statements


def keep_guarded(lowered: Lowered) -> Lowered:
    """The program with marks; itself where nothing needs one."""
    called = routines(lowered.function)
    guarded = _refusing((lowered.function, *(r.function for r in called)))
    if lowered.handled:
        guarded |= frozenset(lowered.guarded)
    if not guarded:
        return lowered
    raising = _raising(guarded, called)
    (function,) = map_functions((lowered.function,), lambda f: _marked(f, guarded, raising))
    return replace(lowered, function=function)


def _refusing(functions: Iterable[Function]) -> frozenset[Var]:
    """The variables that are refused where they are complex, also where nothing else needs them."""
    return frozenset(
        stmt.targets[0]
        for function in functions
        for stmt in statements(function.body)
        if isinstance(stmt, Assign)
        and isinstance(stmt.value, Call)
        and stmt.value.fn is support.real_number
    )


def _raising(guarded: frozenset[Var], called: Iterable[Routine]) -> frozenset[Routine]:
    """The routines that compute such a variable, or call one that does."""
    own = {
        routine
        for routine in called
        if any(not guarded.isdisjoint(defined(s)) for s in statements(routine.function.body))
    }
    return frozenset(r for r in called if r in own or not own.isdisjoint(routines(r.function)))


def _marked(function: Function, guarded: frozenset[Var], raising: frozenset[Routine]) -> Function:
    def block(old: Block) -> Block:
        return Block(tuple(new for stmt in old.stmts for new in with_mark(stmt)), old.results)

    def with_mark(stmt: Stmt) -> tuple[Stmt, ...]:
        if not isinstance(stmt, Assign):
            return (map_blocks(stmt, block),)
        calls_one = isinstance(stmt.value, Call) and stmt.value.fn in raising
        if not calls_one and guarded.isdisjoint(stmt.targets):
            return (stmt,)
        return (stmt, mark(stmt.targets[0], stmt.origin))

    return replace(function, body=block(function.body))
