"""Bring statements into the form the reverse sweep requires, and its result into a whole one.

``complete_results``  a block that raises leaves as many results as its siblings, unassigned.
``repeat_tests``  the test of a ``while`` contains no ``if`` and no loop, unless nothing in it is
                  read by the body: where it did, the body begins with a copy of the test, so
                  that what the reverse needs of it is recorded as often as the body runs.
``settle``        a variable that some branch or a loop without iterations leaves unassigned has
                  a value there (nan, 0, an empty list), where the reverse sweep reads it
                  whether it was assigned or not: to record it, or to make zeros like it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from sorix.compiler.analyses.effects import has_effect
from sorix.compiler.ir.marks import without_marks
from sorix.compiler.ir.nodes import (
    UNDEFINED,
    Assign,
    Atom,
    Block,
    Call,
    Const,
    For,
    If,
    Stmt,
    Tup,
    Var,
    While,
)
from sorix.compiler.ir.types import ListOf, Num, Type
from sorix.compiler.ir.walk import (
    atom_vars,
    blocks,
    clone,
    defined,
    free_variables,
    map_blocks,
    raises,
    statements,
)
from sorix.errors import InternalCompilerError
from sorix.support import zeros_like

# ------------------------------------------------------------------- blocks that raise


def complete_results(stmts: Sequence[Stmt]) -> tuple[Stmt, ...]:
    """The statements with ``UNDEFINED`` for the results that blocks which raise do not leave."""
    return tuple(_complete_results(stmt) for stmt in stmts)


def _complete_results(stmt: Stmt) -> Stmt:
    if not blocks(stmt):
        return stmt
    stmt = _with_blocks(stmt, lambda block: _with_stmts(block, complete_results(block.stmts)))
    match stmt:
        case If():
            count = len(stmt.outs)
            return _with_blocks(stmt, lambda block: _padded(block, count))
        case For() | While():
            body, count = stmt.body, len(stmt.params)
            return _with_blocks(stmt, lambda b: _padded(b, count) if b is body else b)
    return stmt


def _padded(block: Block, count: int) -> Block:
    missing = count - len(block.results)
    return Block(block.stmts, (*block.results, *(UNDEFINED,) * missing)) if missing > 0 else block


# What is as it should be stays the same object: where a derivative is taken inside a loop, the
# statements that stand before it can no longer be replaced.


def _with_stmts(block: Block, stmts: tuple[Stmt, ...]) -> Block:
    """The block with other statements, itself where they are its own."""
    same = all(old is new for old, new in zip(block.stmts, stmts, strict=True))
    return block if same else Block(stmts, block.results)


def _with_blocks(stmt: Stmt, change: Callable[[Block], Block]) -> Stmt:
    """The statement with its blocks changed, itself where none is."""
    changed = {block: change(block) for block in blocks(stmt)}
    if all(old is new for old, new in changed.items()):
        return stmt
    return map_blocks(stmt, changed.__getitem__)


# ------------------------------------------------------------------------ tests of loops


def repeat_tests(stmts: Sequence[Stmt]) -> tuple[Stmt, ...]:
    """The statements with the nested tests of ``while`` repeated in its body."""
    return tuple(_repeat_tests(stmt) for stmt in stmts)


def _repeat_tests(stmt: Stmt) -> Stmt:
    if not blocks(stmt):
        return stmt
    stmt = _with_blocks(stmt, lambda block: _with_stmts(block, repeat_tests(block.stmts)))
    if not isinstance(stmt, While) or not any(blocks(inner) for inner in stmt.test.stmts):
        return stmt
    bound = {var for inner in stmt.test.stmts for var in defined(inner)}
    if bound.isdisjoint(free_variables(stmt.body)):
        return stmt
    test = without_marks(stmt.test)
    if has_effect(test.stmts):
        # Interpreted, such a condition is a part of the body that decides whether to leave.
        raise InternalCompilerError("what a test with effects computes is used in the body")
    together = clone(Block((*test.stmts, *stmt.body.stmts), stmt.body.results))
    return replace(stmt, body=together)


# ----------------------------------------------------------------- unassigned variables


def settle(stmts: Sequence[Stmt], read: Iterable[Var]) -> tuple[Stmt, ...]:
    """The statements with a value for what is read though it may be unassigned."""
    sources: dict[Var, list[Atom]] = {}
    for stmt in statements(Block(tuple(stmts))):
        for var, atom in _joins(stmt):
            sources.setdefault(var, []).append(atom)
    wanted = set(read)
    todo = list(wanted)
    while todo:
        for atom in sources.get(todo.pop(), ()):
            if isinstance(atom, Var) and atom not in wanted:
                wanted.add(atom)
                todo.append(atom)
    if not any(UNDEFINED in sources.get(var, ()) for var in wanted):
        return tuple(stmts)
    return tuple(_settle(stmt, wanted) for stmt in stmts)


def _joins(stmt: Stmt) -> Iterator[tuple[Var, Atom]]:
    """Each variable a statement joins, with each atom that it may be."""
    match stmt:
        case If():
            for block in (stmt.then, stmt.orelse):
                if not raises(block):
                    yield from zip(stmt.outs, block.results, strict=True)
        case For() | While():
            for atoms in (stmt.inits, stmt.body.results):
                yield from zip(stmt.params, atoms, strict=True)
                yield from zip(stmt.outs, atoms, strict=True)


def _settle(stmt: Stmt, wanted: set[Var]) -> Stmt:
    if not blocks(stmt):
        return stmt
    stmt = map_blocks(
        stmt, lambda block: Block(tuple(_settle(s, wanted) for s in block.stmts), block.results)
    )
    match stmt:
        case If():
            then, orelse = (_settled(block, stmt.outs, wanted) for block in blocks(stmt))
            return replace(stmt, then=then, orelse=orelse)
        case For() | While():
            both = zip(stmt.inits, stmt.params, stmt.outs, strict=True)
            inits = tuple(
                _value(atom, out.type) if {param, out} & wanted else atom
                for atom, param, out in both
            )
            left = zip(stmt.body.results, stmt.params, stmt.outs, strict=True)
            # What an iteration leaves unassigned stays as it was, which has the right shape.
            results = tuple(
                param if atom is UNDEFINED and {param, out} & wanted else atom
                for atom, param, out in left
            )
            return replace(stmt, inits=inits, body=Block(stmt.body.stmts, results))
    return stmt


def _settled(block: Block, outs: Sequence[Var], wanted: set[Var]) -> Block:
    if raises(block):
        return block
    pairs = zip(block.results, outs, strict=True)
    return Block(
        block.stmts, tuple(_value(atom, out.type) if out in wanted else atom for atom, out in pairs)
    )


def _value(atom: Atom, type_: Type) -> Atom:
    """The atom, or a value of the type where it is unassigned."""
    if atom is not UNDEFINED:
        return atom
    if isinstance(type_, ListOf):
        return Tup((), is_list=True)
    if not isinstance(type_, Num):
        return Const(None)
    if type_.dtype == "bool":
        return Const(False)
    value = 0 if type_.is_float is False else math.nan
    if type_.kind == "array" and type_.rank:
        # Of the right rank, so that it has what arrays have; its shape fits by broadcasting.
        return Const(np.full((1,) * type_.rank, value, type_.dtype or np.float64))
    return Const(value)


def zeroed(stmts: Sequence[Stmt]) -> Iterator[Var]:
    """The variables that the statements make zeros like."""
    for stmt in statements(Block(tuple(stmts))):
        if isinstance(stmt, Assign) and isinstance(stmt.value, Call):
            if stmt.value.fn is zeros_like:
                yield from atom_vars(stmt.value.args[0])
