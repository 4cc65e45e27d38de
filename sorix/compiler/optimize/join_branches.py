"""Make one of two branches on one condition that follow each other.

After it what the first left on one side, the second reads there directly:

    if c:           if c:
        y = 1           y = 1
    if c:               x = y
        x = y

A second branch on the negation of the condition is turned round for that. Statements of the
forward and of the reverse sweep are not joined; an adjoint that is still to be cut in two (`split`)
must not go through this pass at all.

>>> from sorix.compiler.ir.nodes import Origin
>>> from sorix.compiler.ir.types import BOOL, FLOAT
>>> c, x, y = Var("c", BOOL), Var("x", FLOAT), Var("y", FLOAT)
>>> here, no = Origin("f.py", 1), Block((), (Const(0.0),))
>>> pair = (If(c, Block((), (Const(1.0),)), no, (y,), here), If(c, Block((), (y,)), no, (x,), here))
>>> (joined,) = join_branches(Function("f", (c,), Block(pair, (x,)))).body.stmts
>>> joined.outs, joined.then.results
((y:float, x:float), (Const(1.0), Const(1.0)))
"""

from __future__ import annotations

import operator
from dataclasses import replace

from sorix.compiler.ir.nodes import (
    UNDEFINED,
    Assign,
    Atom,
    Block,
    Call,
    Const,
    Function,
    If,
    Stmt,
    Var,
)
from sorix.compiler.ir.walk import free_variables, map_blocks, raises, statements, substitute


def join_branches(function: Function) -> Function:
    """The function with such pairs joined; see the module's docstring."""
    negated: dict[Atom, Atom] = {
        stmt.targets[0]: stmt.value.args[0]
        for stmt in statements(function.body)
        if isinstance(stmt, Assign)
        and isinstance(stmt.value, Call)
        and stmt.value.fn is operator.not_
    }

    def joined(block: Block) -> Block:
        stmts: list[Stmt] = []
        for stmt in block.stmts:
            before = stmts[-1] if stmts else None
            if isinstance(stmt, If) and isinstance(before, If):
                if negated.get(stmt.cond) is before.cond:
                    stmt = replace(stmt, cond=before.cond, then=stmt.orelse, orelse=stmt.then)
                if _may_join(before, stmt):
                    stmts[-1] = _joined(before, stmt)
                    continue
            stmts.append(stmt)
        return Block(tuple(map_blocks(stmt, joined) for stmt in stmts), block.results)

    return replace(function, body=joined(function.body))


def _may_join(first: If, second: If) -> bool:
    if first.cond is not second.cond or first.origin is None or second.origin is None:
        return False
    blocks = (first.then, first.orelse, second.then, second.orelse)
    if first.origin.adjoint != second.origin.adjoint or any(map(raises, blocks)):
        return False
    sides = ((first.then, second.then), (first.orelse, second.orelse))
    return not any(_reads_more(first.outs, a, b) for a, b in sides)


def _reads_more(outs: tuple[Var, ...], first: Block, second: Block) -> bool:
    """Whether the second reads of the first what is unassigned there, or a list written out."""
    pairs = zip(outs, first.results, strict=True)
    others = {out for out, r in pairs if r is UNDEFINED or not isinstance(r, Var | Const)}
    return not others.isdisjoint(free_variables(*second.stmts))


def _joined(first: If, second: If) -> If:
    then, orelse = (
        _followed(first.outs, a, b)
        for a, b in ((first.then, second.then), (first.orelse, second.orelse))
    )
    return replace(first, then=then, orelse=orelse, outs=(*first.outs, *second.outs))


def _followed(outs: tuple[Var, ...], first: Block, second: Block) -> Block:
    mapping: dict[Var, Atom] = dict(zip(outs, first.results, strict=True))
    later = substitute(second, mapping)
    return Block((*first.stmts, *later.stmts), (*first.results, *later.results))
