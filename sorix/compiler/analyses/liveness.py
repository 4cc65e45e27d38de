"""Which statements are needed for given variables.

Requires single assignment. A statement is needed if it binds a variable that is, or touches a
stack that a needed statement pops from later. Yields the needed statements in their order;
what else a statement does (`effects`) is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from sorix.compiler.ir.nodes import Block, Pop, Push, Stmt, Var
from sorix.compiler.ir.walk import blocks, defined, free_variables, statements


def needed_statements(
    stmts: Sequence[Stmt],
    needed: Iterable[Var],
    keep: Callable[[Stmt], bool] = lambda stmt: False,
) -> list[Stmt]:
    """The statements that `needed`, and those that `keep` is true of, depend on; in order."""
    live = set(needed)
    kept: list[Stmt] = []
    for stmt in reversed(stmts):
        used = not (live.isdisjoint(defined(stmt)) and live.isdisjoint(stacks_of(stmt)))
        if not used and not keep(stmt):
            continue
        kept.append(stmt)
        live.update(free_variables(stmt))
    return kept[::-1]


def stacks_of(stmt: Stmt) -> Iterator[Var]:
    """The stacks that the statement pushes to or pops from, nested blocks included."""
    if isinstance(stmt, Push | Pop):
        yield stmt.stack
    elif blocks(stmt):
        nested = statements(Block((stmt,)))
        yield from (inner.stack for inner in nested if isinstance(inner, Push | Pop))
