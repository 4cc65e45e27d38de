"""Loops that are printed with a ``break``: which carried flag only says when to leave.

In the IR a loop that a condition inside leaves carries a flag, false at first, which the last
statement of the body, an ``If``, makes true; the loop ends with the iteration that does so. Such a
loop is printed without the flag: ``while True`` with ``if cond: break`` in it. The flag itself is
written only if it is read after the loop.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass

from sorix.compiler.ir.nodes import Assign, Atom, Block, Call, Const, For, If, Stmt, Var, While
from sorix.compiler.ir.walk import atom_vars, blocks, statements, stmt_atoms


@dataclass(frozen=True, slots=True, eq=False)
class Exit:
    """The branch that leaves a loop: `leaving` is the side of `branch` that makes the flag true."""

    flag: Var
    out: Var
    branch: If
    leaving: Block
    staying: Block
    position: int

    @property
    def is_then(self) -> bool:
        """Whether the loop is left where the branch's condition holds."""
        return self.leaving is self.branch.then


@dataclass(frozen=True, slots=True, eq=False)
class Test:
    """The test of a ``while`` without the flag: its statements, and the condition besides."""

    flag: Var
    stmts: Sequence[Stmt]
    cond: Atom | None


def exit_of(loop: For | While, flag: Var) -> Exit | None:
    """How the body of a loop makes its flag true, where it is the last thing that it does."""
    at = loop.params.index(flag)
    result = loop.body.results[at]
    last = loop.body.stmts[-1] if loop.body.stmts else None
    if not isinstance(last, If) or result not in last.outs or not _is(loop.inits[at], False):
        return None
    position = last.outs.index(result)
    then, orelse = last.then.results[position], last.orelse.results[position]
    if _is(then, True) and (_is(orelse, False) or orelse is flag):
        leaving, staying = last.then, last.orelse
    elif _is(orelse, True) and (_is(then, False) or then is flag):
        leaving, staying = last.orelse, last.then
    else:
        return None
    kept = staying.results[position]
    allowed = 1 if kept is flag else 0
    if _reads(loop.body, flag) > allowed or list(loop.body.results).count(result) > 1:
        return None
    return Exit(flag, loop.outs[at], last, leaving, staying, position)


def flagged(loop: While) -> Test | None:
    """The test of a loop that goes on while a flag is false, and perhaps something else true."""
    stmts = loop.test.stmts
    first = stmts[0] if stmts else None
    match first:
        case Assign(targets=(going,), value=Call(fn=fn, args=(Var() as flag,))) if (
            fn is operator.not_ and flag in loop.params
        ):
            pass
        case _:
            return None
    if loop.test.results[0] is going:
        return Test(flag, (), None) if len(stmts) == 1 else None
    match stmts[-1]:
        case Assign(targets=(both,), value=Call(fn=fn, args=(left, cond))) if (
            fn is operator.and_ and left is going and loop.test.results[0] is both
        ):
            inner = Block(stmts[1:-1], (cond,))
            clean = not _reads(inner, going) and not _reads(inner, flag)
            unread = not _reads(loop.body, going) and not _reads(loop.body, both)
            return Test(flag, stmts[1:-1], cond) if clean and unread else None
    return None


def _is(atom: Atom, value: bool) -> bool:
    return isinstance(atom, Const) and atom.value is value


def _reads(block: Block, var: Var) -> int:
    """How often a block reads a variable, its results and inner blocks included."""
    atoms = list(block.results)
    for stmt in statements(block):
        atoms += stmt_atoms(stmt)
        atoms += [atom for inner in blocks(stmt) for atom in inner.results]
    return sum(found is var for atom in atoms for found in atom_vars(atom))
