"""Which arrays may have another shape when the program runs than their type says.

A variable that a path leaves unassigned is given a stand-in there (an array of one element), so
that a reverse sweep can hand it on; nothing the program means to compute depends on it, but what
is computed from it has its shape. Requires single assignment. Yields the variables such a
stand-in may flow to; an element-wise operation with another operand of the full shape ends the
flow.
"""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Call,
    Const,
    For,
    Function,
    If,
    Method,
    Pop,
    Push,
    Stmt,
    Var,
    While,
)
from sorix.compiler.ir.types import Num
from sorix.compiler.ir.walk import atom_vars, call_vars, statements

_ELEMENTWISE = frozenset({operator.add, operator.sub, operator.mul, operator.truediv, operator.pow})


def uncertain_shapes(function: Function) -> frozenset[Var]:
    """The variables whose run-time shape may differ from their type's."""
    stmts = tuple(statements(function.body))
    uncertain: set[Var] = set()
    for stmt in stmts:
        for target, value in _joined(stmt):
            if _is_stand_in(target, value):
                uncertain.add(target)
    if not uncertain:
        return frozenset()
    readers: dict[Var, list[tuple[Var, Call | None]]] = defaultdict(list)
    for stmt in stmts:
        for source, target, call in _flows(stmt):
            readers[source].append((target, call))
    todo = list(uncertain)
    while todo:
        for target, call in readers[todo.pop()]:
            if target not in uncertain and not _restored(target, call, uncertain):
                uncertain.add(target)
                todo.append(target)
    return frozenset(uncertain)


def _is_stand_in(target: Var, value: Atom) -> bool:
    is_array = isinstance(target.type, Num) and bool(target.type.rank)
    return is_array and isinstance(value, Const)


def _restored(target: Var, call: Call | None, uncertain: set[Var]) -> bool:
    """Whether another operand has the full shape."""
    if call is None or not (call.fn in _ELEMENTWISE or isinstance(call.fn, np.ufunc)):
        return False
    full = target.type.shape if isinstance(target.type, Num) else None
    return full is not None and any(
        var not in uncertain and isinstance(var.type, Num) and var.type.shape == full
        for var in call_vars(call)
    )


def _joined(stmt: Stmt) -> Iterator[tuple[Var, Atom]]:
    match stmt:
        case If():
            yield from zip(stmt.outs, stmt.then.results, strict=True)
            yield from zip(stmt.outs, stmt.orelse.results, strict=True)
        case For() | While():
            for values in (stmt.inits, stmt.body.results):
                yield from zip(stmt.params, values, strict=True)
                yield from zip(stmt.outs, values, strict=True)


def _flows(stmt: Stmt) -> Iterator[tuple[Var, Var, Call | None]]:
    """From what is read to what is bound, with the call in between."""
    match stmt:
        case Assign(value=Call() as call):
            yield from _all(call_vars(call), stmt.targets, call)
        case Assign():
            assert not isinstance(stmt.value, Call | Method)
            yield from _all(atom_vars(stmt.value), stmt.targets, None)
        case Push():
            yield from _all(atom_vars(stmt.value), (stmt.stack,), None)
        case Pop():
            yield stmt.stack, stmt.target, None
    for target, value in _joined(stmt):
        yield from _all(atom_vars(value), (target,), None)


def _all(
    sources: Iterable[Var], targets: tuple[Var, ...], call: Call | None
) -> Iterator[tuple[Var, Var, Call | None]]:
    for source in sources:
        for target in targets:
            yield source, target, call
