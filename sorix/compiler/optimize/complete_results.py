"""Let a block that raises leave as many results as its siblings: ``UNDEFINED`` ones.

After it the results of every block are as many as the variables they are bound to, and the other
passes need not ask.
"""

from __future__ import annotations

from dataclasses import replace

from sorix.compiler.ir.nodes import UNDEFINED, Block, For, Function, If, Stmt, While
from sorix.compiler.ir.walk import blocks, map_blocks, statements


def complete_results(function: Function) -> Function:
    """The function with all results written out; itself where they are."""
    if not any(_missing(stmt) for stmt in statements(function.body)):
        return function
    return replace(function, body=_complete(function.body))


def _bound(stmt: Stmt) -> int | None:
    if isinstance(stmt, If):
        return len(stmt.outs)
    return len(stmt.params) if isinstance(stmt, (For, While)) else None


def _missing(stmt: Stmt) -> bool:
    count = _bound(stmt)
    if count is None:
        return False
    bodies = blocks(stmt)[1:] if isinstance(stmt, While) else blocks(stmt)
    return any(len(body.results) < count for body in bodies)


def _complete(block: Block) -> Block:
    return Block(tuple(map(_complete_stmt, block.stmts)), block.results)


def _complete_stmt(stmt: Stmt) -> Stmt:
    stmt = map_blocks(stmt, _complete)
    count = _bound(stmt)
    if count is None or not _missing(stmt):
        return stmt
    if isinstance(stmt, If):
        return replace(stmt, then=_padded(stmt.then, count), orelse=_padded(stmt.orelse, count))
    assert isinstance(stmt, For | While)
    return replace(stmt, body=_padded(stmt.body, count))


def _padded(block: Block, count: int) -> Block:
    return Block(block.stmts, (*block.results, *(UNDEFINED,) * (count - len(block.results))))
