"""The reverse of an ``Assign``: each argument's cotangent grows by what the rule gives.

A rule that the primitive lacks is missed only where a derivative is to pass: an integer, a
comparison, or a value that no output depends on needs none.
"""

from __future__ import annotations

from collections.abc import Sequence

from sorix.compiler.analyses.activity import rule_of_call
from sorix.compiler.differentiate.accumulate import (
    accumulate,
    accumulate_scattered,
    is_scatter_into,
    touches_active,
)
from sorix.compiler.differentiate.errors import at_origin, no_rule, refuse_objects
from sorix.compiler.differentiate.scopes import Scope, bar_hint
from sorix.compiler.differentiate.sweep import Sweep
from sorix.compiler.differentiate.trace import Trace, trace_adjoint
from sorix.compiler.ir.nodes import Assign, Atom, Call, Const, Stmt, Tup, Var
from sorix.errors import UnsupportedTypeError


def reverse_assign(sweep: Sweep, stmt: Stmt, scope: Scope) -> Sequence[Stmt]:
    """Write the reverse of an assignment, which itself stays as it is."""
    assert isinstance(stmt, Assign)
    bars = [scope.bar(var) if sweep.is_active(var) else None for var in stmt.targets]
    if all(bar is None for bar in bars):
        return (stmt,)
    with at_origin(stmt.origin):
        refuse_objects(stmt.targets, sweep.active)
        if isinstance(stmt.value, Call):
            _reverse_call(sweep, stmt, stmt.value, bars, scope)
        else:
            _reverse_copy(sweep, stmt, stmt.value, bars, scope)
    return (stmt,)


def _reverse_copy(
    sweep: Sweep, stmt: Assign, value: Atom, bars: Sequence[Atom | None], scope: Scope
) -> None:
    """Of ``x = atom``, ``x = [a, b]`` and ``x, y = (a, b)``."""
    if len(bars) == 1:
        accumulate(sweep, scope, value, bars[0])
    elif isinstance(value, Tup):
        for item, bar in zip(value.items, bars, strict=True):
            accumulate(sweep, scope, item, bar)
    else:
        raise UnsupportedTypeError("a value unpacked at run time has no derivative")


def _reverse_call(
    sweep: Sweep, stmt: Assign, call: Call, bars: Sequence[Atom | None], scope: Scope
) -> None:
    wanted = [touches_active(sweep, atom) for atom in call.args]
    if call.fn is list:
        return accumulate_copy(sweep, call, bars, scope)
    rule = rule_of_call(call)
    if rule is None or any(touches_active(sweep, atom) for _, atom in call.kwargs):
        raise no_rule(call)
    wanted = [want and position in rule.wrt for position, want in enumerate(wanted)]
    y, y_bar = _joined(stmt.targets), _joined([Const(None) if b is None else b for b in bars])
    trace = trace_adjoint(rule, call, y_bar, y, wanted, scope.builder.origin)
    _take(sweep, call, trace, scope)


def accumulate_copy(
    sweep: Sweep, call: Call, bars: Sequence[Atom | None], scope: Scope
) -> None:
    """Of ``list(x)``, a copy."""
    for atom in call.args:
        accumulate(sweep, scope, atom, bars[0])


def _joined(atoms: Sequence[Atom]) -> Atom:
    return atoms[0] if len(atoms) == 1 else Tup(tuple(atoms))


def _take(sweep: Sweep, call: Call, trace: Trace, scope: Scope) -> None:
    """Keep what the trace needs for its results, and accumulate them."""
    sparse: dict[int, Call] = {}
    for position, atom in enumerate(call.args):
        if trace.found[position] is None or not isinstance(atom, Var):
            continue
        producer = trace.producer(trace.found[position])
        if scope.bar(atom) is None:
            trace.name(position, bar_hint(atom.hint))
        elif producer is not None and is_scatter_into(producer, atom):
            sparse[position] = producer
    scope.builder.stmts += trace.keep(_kept(trace, sparse))
    for position, atom in enumerate(call.args):
        if position in sparse:
            assert isinstance(atom, Var)
            accumulate_scattered(scope, atom, sparse[position])
        else:
            accumulate(sweep, scope, atom, trace.found[position])


def _kept(trace: Trace, sparse: dict[int, Call]) -> list[Atom]:
    """The atoms of the trace that are used: of a scatter, its value and its index."""
    atoms: list[Atom] = []
    for position, found in enumerate(trace.found):
        if position in sparse:
            value, _, index = sparse[position].args
            atoms += [value, index]
        elif found is not None:
            atoms.append(found)
    return atoms
