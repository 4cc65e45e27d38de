"""Compute what a loop or branch hands on after the last use of what it replaces.

In ``y = a * b; c = c + a; next y`` of a loop that carries a, y is named beside a until the
iteration ends. Computed last, it takes a's place: ``c += a; a *= b``. So it does in a branch, of
which the other leaves a as it is. Only pure statements whose value nothing else in the block reads
change places.

>>> from sorix.compiler.ir.nodes import Assign, Block, Call, Const, For, Function, Var
>>> from sorix.compiler.ir.types import FLOAT
>>> import operator
>>> a, b, c, x, y, z, i = (Var(name, FLOAT) for name in "abcxyzi")
>>> early = Assign((y,), Call(operator.mul, (a, b)))
>>> late = Assign((z,), Call(operator.add, (c, a)))
>>> body = Block((early, late), (y, z))
>>> loop = For(i, Const(0), Const(3), Const(1), (a, c), (b, b), body, (x, Var("w", FLOAT)))
>>> moved = carry_last(Function("f", (b,), Block((loop,), (x,)))).body.stmts[0].body.stmts
>>> [stmt.targets[0].hint for stmt in moved]
['z', 'y']
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sorix.compiler.analyses.effects import is_pure
from sorix.compiler.ir.nodes import Assign, Atom, Block, Call, For, Function, If, Stmt, Var, While
from sorix.compiler.ir.walk import call_vars, free_variables
from sorix.compiler.optimize.updates import is_view, updated_buffers


def carry_last(function: Function) -> Function:
    """The function with what its loops carry computed last; see the module's docstring."""
    return replace(function, body=_block(function.body, ()))


def _block(block: Block, replaced: Sequence[Atom | None]) -> Block:
    """The block with each result last that may take the place of a variable."""
    handed = {
        result: old
        for result, old in zip(block.results, replaced, strict=False)
        if isinstance(result, Var) and block.results.count(result) == 1
        if old is not None and replaced.count(old) == 1
    }
    block = Block(tuple(_stmt(stmt, handed) for stmt in block.stmts), block.results)
    for result, old in handed.items():
        block = _after_last_use(block, old, result)
    return block


def _stmt(stmt: Stmt, handed: Mapping[Var, Atom]) -> Stmt:
    """The statement, of a block that has results `handed` on in the place of variables."""
    match stmt:
        case For() | While():
            return replace(stmt, body=_block(stmt.body, stmt.params))
        case If():
            then = _block(stmt.then, _replaced(stmt.outs, stmt.orelse.results, handed))
            orelse = _block(stmt.orelse, _replaced(stmt.outs, stmt.then.results, handed))
            return replace(stmt, then=then, orelse=orelse)
    return stmt


def _replaced(
    outs: Sequence[Var], others: Sequence[Atom], handed: Mapping[Var, Atom]
) -> list[Atom | None]:
    """What the results of a branch take the place of.

    That is what the block around has them take the place of, or else what the other branch leaves
    as it is.
    """
    taken = {handed[out] for out in outs if out in handed}
    return [
        handed.get(out, None if other in taken else other)
        for out, other in zip(outs, others, strict=True)
    ]


def _after_last_use(body: Block, param: Atom, result: Var) -> Block:
    """The body with the statement that computes `result` last, if what it replaces is read later.

    At the very end, since what reads `param` may be printed inside of a later statement.
    """
    stmts = body.stmts
    made = next((k for k, stmt in enumerate(stmts) if _makes(stmt, result)), None)
    if made is None:
        return body
    later = [free_variables(stmt) for stmt in stmts[made + 1 :]]
    if not any(param in read for read in later) or any(result in read for read in later):
        return body
    if not _may_pass(stmts[made], stmts[:made], stmts[made + 1 :]):
        return body
    return Block((*stmts[:made], *stmts[made + 1 :], stmts[made]), body.results)


def _makes(stmt: Stmt, var: Var) -> bool:
    return isinstance(stmt, Assign) and stmt.targets == (var,) and isinstance(stmt.value, Call)


def _may_pass(stmt: Stmt, before: tuple[Stmt, ...], passed: tuple[Stmt, ...]) -> bool:
    """Whether a statement reads what it reads now also where updates were made in place."""
    assert isinstance(stmt, Assign) and isinstance(stmt.value, Call)
    if any(True for _ in updated_buffers(stmt)) or not is_pure(stmt.value):
        return False
    operands = set(call_vars(stmt.value))
    views = {v for s in before if isinstance(s, Assign) and is_view(s) for v in s.targets}
    return not operands & views and all(_leaves(operands, other) for other in passed)


def _leaves(operands: set[Var], stmt: Stmt) -> bool:
    """Whether a statement certainly writes into none of the operands."""
    if not (isinstance(stmt, Assign) and isinstance(stmt.value, Call)):
        return False
    return operands.isdisjoint(updated_buffers(stmt))
