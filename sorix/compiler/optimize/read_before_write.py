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

from collections.abc import Iterator
from dataclasses import replace

from sorix.compiler.analyses.effects import is_pure
from sorix.compiler.ir.nodes import Assign, Block, Call, Function, Stmt, Var
from sorix.compiler.ir.walk import call_vars, defined, map_blocks
from sorix.compiler.optimize.updates import is_view, updated_buffers


def read_before_write(function: Function) -> Function:
    """The function with readers of views moved; see the module's docstring."""
    return replace(function, body=_block(function.body))


def _block(block: Block) -> Block:
    order = _Order()
    for stmt in block.stmts:
        order.put(map_blocks(stmt, _block))
    return Block(tuple(order.stmts()), block.results)


class _Order:
    """The statements of a block, each where it was or before an update that was."""

    def __init__(self) -> None:
        self._kept: list[Stmt | None] = []
        self._moved: dict[int, list[Stmt]] = {}  # by the update that they stand before
        self._views: dict[Var, Var] = {}
        self._updated: dict[Var, int] = {}  # where the first update of a buffer stands
        self._made: dict[Var, int] = {}  # after which statements: those with a lower number

    def put(self, stmt: Stmt) -> None:
        """Put the next statement where it is to stand."""
        place = self._place(stmt)
        made = len(self._kept) if place is None else place - 1
        self._made.update(dict.fromkeys(defined(stmt), made))
        if isinstance(stmt, Assign) and isinstance(stmt.value, Call):
            self._note(stmt, stmt.value)
        if place is None:
            self._kept.append(stmt)
            return
        # It is part of what is done there; a line of its own would say where it came from.
        origin = getattr(self._kept[place], "origin", None)
        self._moved.setdefault(place, []).append(replace(stmt, origin=origin))
        self._kept.append(None)

    def stmts(self) -> Iterator[Stmt]:
        """All statements, in their order."""
        for place, stmt in enumerate(self._kept):
            yield from self._moved.get(place, ())
            if stmt is not None:
                yield stmt

    def _note(self, stmt: Assign, call: Call) -> None:
        if is_view(stmt) and isinstance(call.args[0], Var):
            self._views[stmt.targets[0]] = call.args[0]
        for buffer in updated_buffers(stmt):
            assert isinstance(buffer, Var)
            self._updated.setdefault(buffer, len(self._kept))

    def _place(self, stmt: Stmt) -> int | None:
        """Before which statement a reader of a view is to stand; None for where it is."""
        if not (isinstance(stmt, Assign) and isinstance(stmt.value, Call)):
            return None
        if not (self._views and self._updated):
            return None
        if any(updated_buffers(stmt)) or not is_pure(stmt.value):
            return None
        operands = set(call_vars(stmt.value))
        viewed = (self._views.get(var) for var in operands)
        places = [self._updated[array] for array in viewed if array in self._updated]
        if not places:
            return None
        first = min(places)
        late = any(self._made.get(var, -1) >= first for var in operands)
        return None if late else first
