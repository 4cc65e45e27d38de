"""Add what is put into zeros to the array that it is added to in the end.

Before it, ``s = scatter(v, x, i); s = add_at(s, j, w); y = s + z``; after it ``s = add_at(z, i, v);
y = add_at(s, j, w)``: no zeros, and no sum of whole arrays. Only for cotangents, since the terms
are added in another order; only where nobody else reads the parts, and z is there before them.

>>> from sorix.compiler.ir.nodes import Const, Origin
>>> from sorix.compiler.ir.types import FLOAT, Dim, Num
>>> array = Num("float64", (Dim("n"),), "array")
>>> (x, z, s, t, y), v = (Var(name, array) for name in "xzsty"), Var("v", FLOAT)
>>> calls = Call(scatter, (v, x, Const(0))), Call(add_at, (s, Const(1), v))
>>> calls = zip((s, t, y), (*calls, Call(operator.add, (t, z))))
>>> here = Origin("f.py", 1, adjoint=True)
>>> stmts = tuple(Assign((target,), call, here) for target, call in calls)
>>> written = add_into_sum(Function("f", (x, z, v), Block(stmts, (y,)))).body.stmts
>>> [stmt.value.fn.__name__ for stmt in written]
['add_at', 'add_at']
"""

from __future__ import annotations

import operator
from collections import Counter
from dataclasses import replace

from sorix.compiler.ir.nodes import Assign, Atom, Block, Call, Function, Stmt, Var
from sorix.compiler.ir.walk import count_reads, defined, map_blocks
from sorix.compiler.optimize.identity_table import same_type, shape_of
from sorix.support import add_at, scatter


def add_into_sum(function: Function) -> Function:
    """The function with fewer arrays of zeros; see the module's docstring."""
    reads = count_reads(function)
    return replace(function, body=_block(function.body, reads))


def _block(block: Block, reads: Counter[Var]) -> Block:
    adding = _Adding(reads)
    for stmt in block.stmts:
        adding.add(map_blocks(stmt, lambda inner: _block(inner, reads)))
    return Block(tuple(adding.stmts), block.results)


class _Adding:
    """The statements of one block so far."""

    def __init__(self, reads: Counter[Var]) -> None:
        self.stmts: list[Stmt] = []
        self._reads = reads
        self._place: dict[Atom, int] = {}

    def add(self, stmt: Stmt) -> None:
        match stmt:
            case Assign(targets=(target,), value=Call(fn=operator.add, args=(a, b))):
                if stmt.origin is not None and stmt.origin.adjoint:
                    if self._joined(target, a, b) or self._joined(target, b, a):
                        return
        for var in defined(stmt):
            self._place[var] = len(self.stmts)
        self.stmts.append(stmt)

    def _joined(self, target: Var, parts: Atom, whole: Atom) -> bool:
        """Whether the parts could be added to `whole` one by one; then they make `target`."""
        if not isinstance(whole, Var) or not same_type(whole.type, target.type):
            return False
        first = self._first(parts) if shape_of(parts) == shape_of(target) else None
        if first is None or self._place.get(whole, -1) >= self._place[first]:
            return False
        made = self._made(first)
        assert made is not None and isinstance(made.value, Call)
        v, _, index = made.value.args
        self._put(first, replace(made, value=Call(add_at, (whole, index, v))))
        last = self._made(parts)
        assert last is not None
        self._put(parts, replace(last, targets=(target,)))
        self._place[target] = self._place.pop(parts)
        return True

    def _first(self, part: Atom) -> Var | None:
        """The zeros with one part, to which all other parts are added."""
        while True:
            made = self._made(part)
            if made is None or not isinstance(part, Var) or self._reads[part] != 1:
                return None
            assert isinstance(made.value, Call)
            if made.value.fn is scatter:
                return part
            if made.value.fn is not add_at:
                return None
            part = made.value.args[0]

    def _made(self, var: Atom) -> Assign | None:
        place = self._place.get(var)
        stmt = None if place is None else self.stmts[place]
        match stmt:
            case Assign(targets=(_,), value=Call()):
                return stmt  # What is put into a tuple has as many targets as that has elements.
        return None

    def _put(self, var: Atom, stmt: Stmt) -> None:
        self.stmts[self._place[var]] = stmt
