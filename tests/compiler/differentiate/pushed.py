"""What the forward sweep of an adjoint records: the values pushed, and in how many loops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sorix.compiler.ir.nodes import For, Push, Stmt, Var, While
from sorix.compiler.ir.walk import blocks


def pushed(stmts: Sequence[Stmt], loops: int = 0) -> Iterator[tuple[Var, int]]:
    """Each value pushed on a stack, with the number of loops around."""
    for stmt in stmts:
        if isinstance(stmt, Push) and isinstance(stmt.value, Var):
            yield stmt.value, loops
        for inner in blocks(stmt):
            yield from pushed(inner.stmts, loops + isinstance(stmt, For | While))
