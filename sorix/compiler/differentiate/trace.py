"""Run a rule on symbols: the statements it writes, and what it returns.

A rule may write more than is asked for (the partial derivative in an exponent that is a
constant, say); only what the cotangents kept depend on stays.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Union

import numpy as np

from sorix.compiler.analyses.liveness import needed_statements
from sorix.compiler.differentiate.symbols import (
    emit,
    lift,
    lower,
    needs_broadcast,
    needs_unbroadcast,
)
from sorix.compiler.ir.builder import Builder
from sorix.compiler.ir.nodes import Assign, Atom, Call, Const, Origin, Slc, Stmt, Tup, Var
from sorix.compiler.ir.types import Num
from sorix.compiler.ir.walk import atom_vars, stmt_vars, substitute_atom, substitute_stmt
from sorix.primitives.apply import apply_adjoint, apply_tangent
from sorix.primitives.table import Rule
from sorix.support import add_at, list_add_at, list_append, list_pop, list_set, store

Dot = Union[Atom, None, Sequence["Dot"]]  # noqa: UP007 (a recursive alias)
"""The tangent of an argument: for a sequence of arrays, a sequence with None for zero."""

WRITES: frozenset[object] = frozenset({store, add_at, list_set, list_add_at, list_append, list_pop})
"""Functions whose calls may become writes into their first argument."""


@dataclass
class Trace:
    """What a rule wrote; `found` are its results as atoms, None where zero."""

    stmts: list[Stmt]
    found: tuple[Atom | None, ...]

    def producer(self, atom: Atom | None) -> Call | None:
        """The call of the trace that bound the atom, if one did."""
        for stmt in reversed(self.stmts):
            if isinstance(stmt, Assign) and atom in stmt.targets:
                return stmt.value if isinstance(stmt.value, Call) else None
        return None

    def keep(self, atoms: Iterable[Atom]) -> list[Stmt]:
        """The statements that these atoms depend on."""
        needed = [var for atom in atoms for var in atom_vars(atom)]
        return _writes_last(needed_statements(self.stmts, needed))

    def name(self, position: int, hint: str) -> None:
        """Give the result at a position the name of what it is, where the trace bound it."""
        old = self.found[position]
        if not isinstance(old, Var) or self.producer(old) is None:
            return
        self._replace(old, Var(hint, old.type))

    def shape_like(self, position: int, argument: Atom) -> None:
        """Let the result at a position have the dimensions of the argument it belongs to."""
        old = self.found[position]
        if not isinstance(old, Var) or self.producer(old) is None:
            return
        if isinstance(old.type, Num) and isinstance(argument, Var):
            assert isinstance(argument.type, Num)
            self._replace(old, Var(old.hint, replace(old.type, shape=argument.type.shape)))

    def _replace(self, old: Var, new: Var) -> None:
        mapping: dict[Var, Atom] = {old: new}
        self.stmts = [_renamed(stmt, old, new) for stmt in self.stmts]
        self.found = tuple(
            [None if atom is None else substitute_atom(atom, mapping) for atom in self.found]
        )


def _renamed(stmt: Stmt, old: Var, new: Var) -> Stmt:
    if isinstance(stmt, Assign) and old in stmt.targets:
        targets = tuple([new if var is old else var for var in stmt.targets])
        return Assign(targets, stmt.value, stmt.origin)
    return substitute_stmt(stmt, {old: new}) if old in stmt_vars(stmt) else stmt


def _writes_last(stmts: list[Stmt]) -> list[Stmt]:
    """Reads before writes: ``a_bar[i]`` first, then ``store(a_bar, i, 0.0)`` may be in place."""
    read = {var for stmt in stmts for var in stmt_vars(stmt)}
    last = [
        stmt
        for stmt in stmts
        if isinstance(stmt, Assign)
        and isinstance(stmt.value, Call)
        and stmt.value.fn in WRITES
        and read.isdisjoint(stmt.targets)
    ]
    return [stmt for stmt in stmts if stmt not in last] + last


def trace_adjoint(
    rule: Rule,
    call: Call,
    bars: Atom,
    y: Atom,
    wanted: Sequence[bool],
    origin: Origin | None,
) -> Trace:
    """The cotangents of a call's positional arguments, from those of its results."""
    builder = Builder(origin)
    args = [lift(builder, atom) for atom in call.args]
    options = {name: lift(builder, atom) for name, atom in call.kwargs}
    found = apply_adjoint(
        rule,
        lift(builder, bars),
        lift(builder, y),
        args,
        options,
        wanted=wanted,
        needs=_never if contracts(call) else needs_unbroadcast,
    )
    trace = Trace(builder.stmts, tuple(_lowered(part) for part in found))
    if contracts(call):
        for position, atom in enumerate(call.args):
            trace.shape_like(position, atom)
    return trace


def contracts(call: Call) -> bool:
    """Whether the call is a product of vectors and matrices, which broadcasts nothing."""
    ranks = [getattr(getattr(atom, "type", None), "rank", None) for atom in call.args]
    return call.fn in (np.matmul, operator.matmul, np.dot) and ranks in _CONTRACTED


_CONTRACTED = [[1, 1], [1, 2], [2, 1], [2, 2]]


def _never(value: Any, like: Any) -> bool:
    return False


def trace_tangent(
    rule: Rule,
    call: Call,
    dots: Sequence[Dot],
    y: Atom,
    origin: Origin | None,
) -> Trace:
    """The tangents of a call's results, one atom (a tuple of them where there are several)."""
    builder = Builder(origin)
    args = [lift(builder, atom) for atom in call.args]
    options = {name: lift(builder, atom) for name, atom in call.kwargs}
    lifted = [_lift_dot(builder, dot) for dot in dots]
    # Called on symbols, NumPy would ask a list for its length; the call is only written down.
    fn = rule.function
    write = functools.wraps(fn, updated=())(lambda *args, **kwargs: emit(builder, fn, args, kwargs))
    written = replace(rule, function=write)
    found = apply_tangent(written, lifted, lift(builder, y), args, options, needs=needs_broadcast)
    return Trace(builder.stmts, (_lowered(found),))


def _lift_dot(builder: Builder, dot: Dot) -> Any:
    if dot is None:
        return None
    if isinstance(dot, Var | Const | Tup | Slc):
        return lift(builder, dot)
    items = [_lift_dot(builder, item) for item in dot]
    return items if isinstance(dot, list) else tuple(items)


def _lowered(value: Any) -> Atom | None:
    if isinstance(value, tuple | list) and any(item is None for item in value):
        return None if all(item is None for item in value) else _with_holes(value)
    return None if value is None else lower(value)


def _with_holes(value: Any) -> Tup:
    items = tuple(Const(None) if v is None else lower(v) for v in value)
    return Tup(items, isinstance(value, list))
