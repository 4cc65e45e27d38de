"""Decide the branches whose condition is known where they stand.

After it no branch asks what a branch around it or before it, or the loop it is in, has settled: in
the body of ``if c`` c is true, and d is false where c is ``not d``; after ``if c: raise`` c is
false; in the body of a ``while`` its condition is true; at the head of a ``for`` that is left when
a flag turns true, the flag is false.

    going = not done
    if going:                   if not done:
        if going:                   x = 2
            x = 2

Only what is known of bools is put in the place of a variable; of a condition of another kind (an
array of one element) only the branches on it are decided.

>>> from sorix.compiler.ir.nodes import Block, Const, Function, If, Var
>>> from sorix.compiler.ir.types import BOOL, FLOAT
>>> c, x, y = Var("c", BOOL), Var("x", FLOAT), Var("y", FLOAT)
>>> inner = If(c, Block((), (Const(1.0),)), Block((), (Const(2.0),)), (x,))
>>> outer = If(c, Block((inner,), (x,)), Block((), (Const(3.0),)), (y,))
>>> (found,) = settle_conditions(Function("f", (c,), Block((outer,), (y,)))).body.stmts
>>> found.then.stmts, found.then.results
((), (Const(1.0),))
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
    For,
    Function,
    If,
    Slc,
    Stmt,
    Tup,
    Var,
    While,
)
from sorix.compiler.ir.types import NUMBERS, Num
from sorix.compiler.ir.walk import map_atom, raises, rebuild, statements

Facts = dict[Var, bool]


def settle_conditions(function: Function) -> Function:
    """The function without branches that are decided; see the module's docstring."""
    if not any(isinstance(stmt, If) for stmt in statements(function.body)):
        return function
    return replace(function, body=_Settler().block(function.body, {}))


class _Settler:
    def __init__(self) -> None:
        self._made: dict[Var, Call] = {}
        self._stands_for: dict[Var, Atom] = {}
        self._since_raised: Facts = {}  # What held where the program would else have raised.

    def block(self, block: Block, facts: Facts) -> Block:
        stmts: list[Stmt] = []
        learnt: list[Var] = []
        for stmt in block.stmts:
            self._stmt(stmt, facts, stmts)
            learnt += self._learn(stmt)
        for var in learnt:
            del self._since_raised[var]
        return Block(tuple(stmts), tuple(map(self._resolved, block.results)))

    def _learn(self, stmt: Stmt) -> list[Var]:
        """Note what holds after a branch one way of which raises."""
        if not isinstance(stmt, If) or raises(stmt.then) == raises(stmt.orelse):
            return []
        implied = self._implied(self._resolved(stmt.cond), raises(stmt.orelse))
        new = [var for var in implied if var not in self._since_raised]
        self._since_raised.update((var, implied[var]) for var in new)
        return new

    def _known(self, atom: Atom, facts: Facts) -> bool | None:
        """Whether a condition is true, where that is known."""
        if not isinstance(atom, Var):
            return None
        found = facts.get(atom)
        return self._since_raised.get(atom) if found is None else found

    def _resolved(self, atom: Atom) -> Atom:
        while isinstance(atom, Var) and atom in self._stands_for:
            atom = self._stands_for[atom]
        return map_atom(atom, self._resolved) if isinstance(atom, Tup | Slc) else atom

    def _atom(self, atom: Atom, facts: Facts) -> Atom:
        atom = self._resolved(atom)
        if isinstance(atom, Var) and _is_bool(atom):
            known = self._known(atom, facts)
            if known is not None:
                return Const(known)
            made = self._made.get(atom)
            if made is not None and made.fn is operator.not_:
                denied = self._known(made.args[0], facts)
                return atom if denied is None else Const(not denied)
        return atom

    def _stmt(self, stmt: Stmt, facts: Facts, done: list[Stmt]) -> None:
        if isinstance(stmt, If):
            self._if(stmt, facts, done)
            return
        inside = facts
        if isinstance(stmt, For) and stmt.until:
            first = self._atom(stmt.inits[-1], facts)
            if isinstance(first, Const) and first.value is False:
                inside = {**facts, stmt.params[-1]: False}
        if isinstance(stmt, While):
            done.append(self._while(stmt, facts))
            return
        new = rebuild(
            stmt,
            lambda atom: self._atom(atom, facts),
            lambda var: var,
            lambda block: self.block(block, inside),
        )
        if isinstance(new, Assign) and len(new.targets) == 1 and isinstance(new.value, Call):
            known = _decided(new.value)
            if known is not None and _is_bool(new.targets[0]):
                self._stands_for[new.targets[0]] = known
                return
            self._made[new.targets[0]] = new.value
        done.append(new)

    def _while(self, stmt: While, facts: Facts) -> While:
        inits = tuple(self._atom(atom, facts) for atom in stmt.inits)
        test = self.block(stmt.test, facts)
        inside = {**facts, **self._implied(test.results[0], True)}
        return replace(stmt, inits=inits, test=test, body=self.block(stmt.body, inside))

    def _if(self, stmt: If, facts: Facts, done: list[Stmt]) -> None:
        cond = self._atom(stmt.cond, facts)
        known = self._known(cond, facts)
        if isinstance(cond, Const) and isinstance(cond.value, bool):
            known = cond.value
        if known is not None:
            taken = stmt.then if known else stmt.orelse
            if not raises(taken) and not any(result is UNDEFINED for result in taken.results):
                block = self.block(taken, facts)
                done += block.stmts
                for out, result in zip(stmt.outs, block.results, strict=True):
                    if isinstance(result, Var | Const):
                        self._stands_for[out] = result
                    else:
                        done.append(Assign((out,), result, stmt.origin))
                return
        on_then = {**facts, **self._implied(cond, True)}
        on_else = {**facts, **self._implied(cond, False)}
        then, orelse = self.block(stmt.then, on_then), self.block(stmt.orelse, on_else)
        kept: list[int] = []
        for k, out in enumerate(stmt.outs):
            a, b = self._atom(_result(then, k), on_then), self._atom(_result(orelse, k), on_else)
            if isinstance(a, Const) and isinstance(b, Const) and _same_bool(a, b):
                self._stands_for[out] = a
            else:
                kept.append(k)
        outs = tuple(stmt.outs[k] for k in kept)
        done.append(
            replace(stmt, cond=cond, then=_only(then, kept), orelse=_only(orelse, kept), outs=outs)
        )

    def _implied(self, cond: Atom, value: bool) -> Facts:
        """What follows from a condition being true, or false."""
        facts: Facts = {}
        todo = [(cond, value)]
        while todo:
            atom, holds = todo.pop()
            if not isinstance(atom, Var) or atom in facts:
                continue
            facts[atom] = holds
            call = self._made.get(atom)
            if call is None or not _is_bool(atom):
                continue
            if call.fn is operator.not_:
                todo.append((call.args[0], not holds))
            elif call.fn is (operator.and_ if holds else operator.or_):
                todo += [(arg, holds) for arg in call.args if _is_bool(arg)]
        return facts


def _is_bool(atom: Atom) -> bool:
    """Whether the atom is a bool, and no array."""
    if isinstance(atom, Const):
        return isinstance(atom.value, bool)
    type_ = atom.type if isinstance(atom, Var) else None
    return isinstance(type_, Num) and type_.dtype == "bool" and type_.kind in NUMBERS


def _decided(call: Call) -> Atom | None:
    """What ``not``, ``and`` and ``or`` of bools are where one of them is known."""
    if call.kwargs or not all(map(_is_bool, call.args)):
        return None
    if call.fn is operator.not_ and isinstance(call.args[0], Const):
        return Const(not call.args[0].value)
    if call.fn not in (operator.and_, operator.or_):
        return None
    for one, other in (call.args, call.args[::-1]):
        if isinstance(one, Const):
            return other if one.value is (call.fn is operator.and_) else one
    return None


def _same_bool(a: Const, b: Const) -> bool:
    return isinstance(a.value, bool) and a.value is b.value


def _result(block: Block, k: int) -> Atom:
    return block.results[k] if k < len(block.results) else UNDEFINED


def _only(block: Block, kept: list[int]) -> Block:
    return Block(block.stmts, tuple(_result(block, k) for k in kept))
