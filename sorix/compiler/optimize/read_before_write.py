"""Compute with a view before the array it is part of is updated, not after.

In ``v = x[1:]; x2 = store(x, 0, 1.0); y = v * 2`` the update could not be made in place, since v
shows the old values later. After this pass y is computed before the update: every pure statement
that reads a view stands before the next update of the viewed array, if what else it reads is
there already. Only statements of one block change places, and only pure ones are passed by what is
pure.

>>> from sorix.compiler.ir.nodes import Assign, Block, Call, Const, Function, Slc, Var
>>> from sorix.compiler.ir.types import Dim, Num
>>> import operator
>>> from sorix.support import store
>>> array = Num("float64", (Dim("n"),), "array")
>>> x, v, w, y = (Var(name, array) for name in "xvwy")
>>> tail = Call(operator.getitem, (x, Slc(Const(1), Const(None), Const(None))))
>>> late = Assign((y,), Call(operator.mul, (v, Const(2))))
>>> stmts = (Assign((v,), tail), Assign((w,), Call(store, (x, Const(0), Const(1.0)))), late)
>>> moved = read_before_write(Function("f", (x,), Block(stmts, (w, y)))).body.stmts
>>> [stmt.targets[0].hint for stmt in moved]
['v', 'y', 'w']
"""

from __future__ import annotations

from dataclasses import replace

from sorix.compiler.analyses.effects import is_pure
from sorix.compiler.ir.nodes import Assign, Block, Call, Function, Stmt, Var
from sorix.compiler.ir.walk import call_vars, defined, map_blocks
from sorix.compiler.optimize.updates import is_update, is_view, updated_buffers


def read_before_write(function: Function) -> Function:
    """The function with readers of views moved; see the module's docstring."""
    return replace(function, body=_block(function.body))


def _block(block: Block) -> Block:
    stmts: list[Stmt] = []
    views: dict[Var, Var] = {}
    updated: dict[Var, int] = {}  # where the first update of a buffer stands
    for stmt in block.stmts:
        stmt = map_blocks(stmt, _block)
        place = _place(stmt, stmts, views, updated)
        if place is None:
            stmts.append(stmt)
        else:
            # It is part of what is done there; a line of its own would say where it came from.
            stmts.insert(place, replace(stmt, origin=getattr(stmts[place], "origin", None)))
            updated = {buffer: at + (at >= place) for buffer, at in updated.items()}
        if isinstance(stmt, Assign) and isinstance(stmt.value, Call):
            _note(stmt, stmt.value, len(stmts) - 1, views, updated)
    return Block(tuple(stmts), block.results)


def _note(
    stmt: Assign, call: Call, at: int, views: dict[Var, Var], updated: dict[Var, int]
) -> None:
    if is_view(stmt) and isinstance(call.args[0], Var):
        views[stmt.targets[0]] = call.args[0]
    for buffer in updated_buffers(stmt):
        assert isinstance(buffer, Var)
        updated.setdefault(buffer, at)


def _place(
    stmt: Stmt, before: list[Stmt], views: dict[Var, Var], updated: dict[Var, int]
) -> int | None:
    """Before which statement a reader of a view is to stand; None for where it is."""
    if not (isinstance(stmt, Assign) and isinstance(stmt.value, Call)) or is_update(stmt):
        return None
    operands = set(call_vars(stmt.value))
    places = [updated[views[var]] for var in operands if views.get(var) in updated]
    if not places or not is_pure(stmt.value):
        return None
    first = min(places)
    late = any(var in operands for other in before[first:] for var in defined(other))
    return None if late else first
