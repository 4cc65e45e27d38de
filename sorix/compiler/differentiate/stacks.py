"""The reverse of stacks, met where the program differentiated is itself a derivative.

What the primal popped, its reverse pushes: the cotangent of the value, on a stack of cotangents
made at the start of the reverse sweep. What the primal pushed, its reverse pops and adds to the
cotangent of the value pushed. The primal's last pop is the reverse's first push, so the order
is right at every nesting.
"""

from __future__ import annotations

from collections.abc import Sequence

from sorix.compiler.differentiate.accumulate import accumulate, bar_or_zero
from sorix.compiler.differentiate.scopes import Scope, bar_hint, bar_type
from sorix.compiler.differentiate.sweep import Sweep
from sorix.compiler.ir.nodes import Pop, Push, Stmt, Var


def reverse_push(sweep: Sweep, stmt: Stmt, scope: Scope) -> Sequence[Stmt]:
    assert isinstance(stmt, Push)
    if sweep.is_active(stmt.stack):
        hint = stmt.value.hint if isinstance(stmt.value, Var) else stmt.stack.hint
        type_ = getattr(stmt.value, "type", None)
        popped = Var(bar_hint(hint), bar_type(type_) if type_ is not None else stmt.stack.type)
        scope.builder.add(Pop(popped, sweep.bar_stack(stmt.stack), scope.builder.origin))
        accumulate(sweep, scope, stmt.value, popped)
    return (stmt,)


def reverse_pop(sweep: Sweep, stmt: Stmt, scope: Scope) -> Sequence[Stmt]:
    assert isinstance(stmt, Pop)
    if sweep.is_active(stmt.stack):
        bar = bar_or_zero(scope, stmt.target)
        scope.builder.add(Push(sweep.bar_stack(stmt.stack), bar, scope.builder.origin))
    return (stmt,)
