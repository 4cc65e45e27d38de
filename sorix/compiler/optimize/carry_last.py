"""Compute what a loop carries on after the last use of what it replaces.

In ``y = a * b; c = c + a; next y`` of a loop that carries a, y is named beside a until the
iteration ends. Computed last, it takes a's place: ``c += a; a *= b``. Only pure statements whose
value nothing else in the block reads change places.

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

from dataclasses import replace

from sorix.compiler.analyses.effects import is_pure
from sorix.compiler.ir.nodes import Assign, Block, Call, For, Function, Stmt, Var, While
from sorix.compiler.ir.walk import call_vars, free_variables, map_blocks
from sorix.compiler.optimize.updates import is_view, updated_buffers


def carry_last(function: Function) -> Function:
    """The function with what its loops carry computed last; see the module's docstring."""
    return replace(function, body=_block(function.body))


def _block(block: Block) -> Block:
    return Block(tuple(map(_stmt, block.stmts)), block.results)


def _stmt(stmt: Stmt) -> Stmt:
    stmt = map_blocks(stmt, _block)
    if not isinstance(stmt, For | While):
        return stmt
    body = stmt.body
    for param, result in zip(stmt.params, body.results, strict=True):
        if isinstance(result, Var) and body.results.count(result) == 1:
            body = _after_last_use(body, param, result)
    return replace(stmt, body=body)


def _after_last_use(body: Block, param: Var, result: Var) -> Block:
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
    updates = any(True for _ in updated_buffers(stmt))
    return not updates or not operands & set(call_vars(stmt.value))
