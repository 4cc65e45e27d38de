"""Marks on values that must be computed although nothing reads them.

Where a program handles what a computation may raise, the computation stays, whatever becomes of its
value. A mark is an effect that reads the value: no pass leaves it out, and what the value is made
of stays with it. It is not printed, so the text has the computation alone.
"""

from __future__ import annotations

from sorix.compiler.ir.nodes import Block, Call, Effect, Origin, Stmt, Var
from sorix.compiler.ir.walk import map_blocks


def computed(value: object) -> None:
    """What a mark calls."""


def mark(var: Var, origin: Origin | None) -> Effect:
    """The statement that keeps what computes the variable."""
    return Effect(Call(computed, (var,)), origin)


def is_mark(stmt: Stmt) -> bool:
    """Whether the statement is a mark."""
    return isinstance(stmt, Effect) and stmt.call.fn is computed


def without_marks(block: Block) -> Block:
    """The block as it is printed, or run once more: nothing is left out of it any more."""
    stmts = (stmt for stmt in block.stmts if not is_mark(stmt))
    return Block(tuple(map_blocks(stmt, without_marks) for stmt in stmts), block.results)
