"""Leave out what neither a result nor an effect depends on.

After it there is no

* pure statement whose targets are all unread;
* branch merge or carried variable that nothing needed reads (a carried variable that only feeds
  itself is unread);
* branch or loop that leaves nothing and does nothing;
* stack nobody pops from, nor its pushes.

What is needed is found from the results and effects backwards, through all that a needed value
is made of; so rings of variables that feed each other only are not.

>>> from sorix.compiler.ir.nodes import Assign, Block, Const, Function, Var
>>> import numpy as np
>>> x, y = Var("x"), Var("y")
>>> f = Function("f", (x,), Block((Assign((y,), Call(np.sin, (x,))),), (x,)))
>>> prune(f).body
Block(stmts=(), results=(x:object,))
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from sorix.compiler.analyses.effects import is_pure
from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Block,
    Call,
    Effect,
    For,
    Function,
    If,
    Pop,
    Push,
    Raise,
    Stmt,
    Update,
    Var,
    While,
)
from sorix.compiler.ir.walk import atom_vars, blocks, defined, stmt_atoms

T = TypeVar("T")


def prune(function: Function) -> Function:
    """The function without what nothing depends on; see the module's docstring."""
    needs = _Needs(function)
    return replace(function, body=needs.prune_block(function.body))


class _Needs:
    def __init__(self, function: Function) -> None:
        self._vars: set[Var] = set()
        self._stmts: set[Stmt] = set()
        self._todo: list[Var] = []
        self._maker: dict[Var, Stmt] = {}
        self._position: dict[Var, int] = {}
        self._parent: dict[Stmt, Stmt] = {}
        self._users: dict[Var, list[Push | Pop]] = {}
        effects = list(self._scan(function.body, None))
        self._read(function.body.results)
        for stmt in effects:
            self._keep(stmt)
        while self._todo:
            self._need_maker(self._todo.pop())

    def _scan(self, block: Block, parent: Stmt | None) -> Iterator[Stmt]:
        """Note who binds what; yields the statements that have an effect."""
        for stmt in block.stmts:
            if parent is not None:
                self._parent[stmt] = parent
            for var in defined(stmt):
                self._maker[var] = stmt
            if isinstance(stmt, Assign):
                if _acts(stmt):
                    yield stmt
                continue
            if isinstance(stmt, Push | Pop):
                self._users.setdefault(stmt.stack, []).append(stmt)
            if isinstance(stmt, For | While):
                self._maker.update(dict.fromkeys(stmt.params, stmt))
                for position, pair in enumerate(zip(stmt.params, stmt.outs, strict=True)):
                    self._position.update(dict.fromkeys(pair, position))
            if isinstance(stmt, For):
                self._maker[stmt.index] = stmt
            if isinstance(stmt, If):
                self._position.update({out: k for k, out in enumerate(stmt.outs)})
            if _acts(stmt):
                yield stmt
            for inner in blocks(stmt):
                yield from self._scan(inner, stmt)

    def _read(self, atoms: Iterable[Atom]) -> None:
        for atom in atoms:
            for var in (atom,) if isinstance(atom, Var) else atom_vars(atom):
                if var not in self._vars:
                    self._vars.add(var)
                    self._todo.append(var)

    def _keep(self, stmt: Stmt) -> None:
        """Keep the statement, what decides whether it runs, and what it reads."""
        while stmt not in self._stmts:
            self._stmts.add(stmt)
            if isinstance(stmt, For):
                self._read((stmt.start, stmt.stop, stmt.step))
                if stmt.until:
                    self._read(stmt.params[-1:])
            elif isinstance(stmt, While):
                self._read(stmt.test.results)
            else:
                self._read(stmt_atoms(stmt))
            if stmt not in self._parent:
                return
            stmt = self._parent[stmt]

    def _need_maker(self, var: Var) -> None:
        for user in self._users.get(var, ()):
            self._keep(user)
        stmt = self._maker.get(var)
        if stmt is None:
            return
        self._keep(stmt)
        position = self._position.get(var)
        if position is None:
            return
        match stmt:
            case If():
                self._read((stmt.then.results[position], stmt.orelse.results[position]))
            case For() | While():
                # Carried and left behind are one: both stay or both go.
                both = (stmt.params[position], stmt.outs[position])
                self._read((*both, stmt.inits[position], stmt.body.results[position]))

    # ------------------------------------------------------------------ leaving out

    def prune_block(self, block: Block, results: Sequence[Atom] | None = None) -> Block:
        stmts = tuple(self._prune(stmt) for stmt in block.stmts if stmt in self._stmts)
        return Block(stmts, block.results if results is None else tuple(results))

    def _needed(self, variables: Sequence[Var], along: Sequence[T]) -> tuple[T, ...]:
        """Those of `along` whose variable is needed."""
        pairs = zip(variables, along, strict=True)
        return tuple(item for var, item in pairs if var in self._vars)

    def _prune(self, stmt: Stmt) -> Stmt:
        if isinstance(stmt, Assign):
            return stmt
        match stmt:
            case If():
                then, orelse = (
                    self.prune_block(b, self._needed(stmt.outs, b.results))
                    for b in (stmt.then, stmt.orelse)
                )
                return replace(
                    stmt, then=then, orelse=orelse, outs=self._needed(stmt.outs, stmt.outs)
                )
            case For():
                return replace(
                    stmt,
                    params=self._needed(stmt.params, stmt.params),
                    inits=self._needed(stmt.params, stmt.inits),
                    body=self._prune_body(stmt),
                    outs=self._needed(stmt.params, stmt.outs),
                    trips=stmt.trips if stmt.trips in self._vars else None,
                )
            case While():
                return replace(
                    stmt,
                    params=self._needed(stmt.params, stmt.params),
                    inits=self._needed(stmt.params, stmt.inits),
                    test=self.prune_block(stmt.test),
                    body=self._prune_body(stmt),
                    outs=self._needed(stmt.params, stmt.outs),
                    trips=stmt.trips if stmt.trips in self._vars else None,
                )
        return stmt

    def _prune_body(self, stmt: For | While) -> Block:
        return self.prune_block(stmt.body, self._needed(stmt.params, stmt.body.results))


def _acts(stmt: Stmt) -> bool:
    """Whether the statement itself, not a block in it, does more than bind variables."""
    if isinstance(stmt, Assign):
        return isinstance(stmt.value, Call) and not is_pure(stmt.value)
    return isinstance(stmt, (Effect, Raise, Update))
