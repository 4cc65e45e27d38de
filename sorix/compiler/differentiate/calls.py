"""The reverse of an ``Assign``: each argument's cotangent grows by what the rule gives.

A rule that the primitive lacks is missed only where a derivative is to pass: an integer, a
comparison, or a value that no output depends on needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sorix.compiler.analyses.activity import rule_of_call
from sorix.compiler.differentiate.accumulate import (
    accumulate,
    accumulate_scattered,
    bar_or_zero,
    is_scatter_into,
    touches_active,
    zero,
)
from sorix.compiler.differentiate.errors import at_origin, no_rule, refuse_objects
from sorix.compiler.differentiate.scopes import Scope, bar_hint, bar_type, bar_var
from sorix.compiler.differentiate.sweep import Sweep
from sorix.compiler.differentiate.trace import Trace, trace_adjoint
from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Call,
    Const,
    Routine,
    Slc,
    Stmt,
    Tup,
    Var,
)
from sorix.compiler.ir.shapes import anywhere
from sorix.compiler.ir.types import ListOf, Opaque
from sorix.errors import InternalCompilerError, UnsupportedCallError


def reverse_assign(sweep: Sweep, stmt: Stmt, scope: Scope) -> Sequence[Stmt]:
    """Write the reverse of an assignment, which itself stays as it is."""
    assert isinstance(stmt, Assign)
    bars = [_bar(sweep, scope, var) for var in stmt.targets]
    if all(bar is None for bar in bars):
        return (stmt,)
    with at_origin(stmt.origin):
        refuse_objects(stmt.targets, sweep.active)
        match stmt.value:
            case Call(fn=Routine() as callee) as call:
                return (_reverse_routine(sweep, stmt, call, callee, bars, scope),)
            case Call() as call if call.fn is list:
                _reverse_list(sweep, call, bars, scope)
            case Call() as call:
                _reverse_call(sweep, stmt, call, bars, scope)
            case Var() | Const() | Tup() | Slc() as atom:
                _reverse_copy(sweep, stmt, atom, bars, scope)
    return (stmt,)


def _bar(sweep: Sweep, scope: Scope, var: Var) -> Atom | None:
    """The cotangent of what an assignment bound; of a stack, the list popped values left."""
    if not sweep.is_active(var):
        return None
    return sweep.stack_bars.get(var) or scope.bar(var)


def _reverse_copy(
    sweep: Sweep, stmt: Assign, value: Atom, bars: Sequence[Atom | None], scope: Scope
) -> None:
    """Of ``x = atom``, ``x = [a, b]`` and ``x, y = (a, b)``."""
    if len(bars) == 1:
        accumulate(sweep, scope, value, bars[0])
    elif isinstance(value, Tup):
        for item, bar in zip(value.items, bars, strict=True):
            accumulate(sweep, scope, item, bar)
    elif isinstance(value, Var) and isinstance(value.type, ListOf):
        parts = (bar_or_zero(scope, var) for var in stmt.targets)
        accumulate(sweep, scope, value, _named(scope, value, Tup(tuple(parts), is_list=True)))
    else:
        raise InternalCompilerError(f"{value!r} is unpacked, and has no cotangent")


def _named(scope: Scope, var: Var, bar: Atom) -> Var:
    """A cotangent written out, under a name."""
    named = bar_var(var)
    scope.builder.add(Assign((named,), bar, scope.builder.origin))
    return named


def _reverse_call(
    sweep: Sweep, stmt: Assign, call: Call, bars: Sequence[Atom | None], scope: Scope
) -> None:
    rule = rule_of_call(call)
    if rule is None or any(touches_active(sweep, atom) for _, atom in call.kwargs):
        raise no_rule(call)
    wanted = [
        position in rule.wrt and touches_active(sweep, atom)
        for position, atom in enumerate(call.args)
    ]
    y, y_bar = _joined(stmt.targets), _joined([Const(None) if b is None else b for b in bars])
    trace = trace_adjoint(rule, call, y_bar, y, wanted, scope.builder.origin)
    _take(sweep, call, trace, scope)


def _reverse_list(sweep: Sweep, call: Call, bars: Sequence[Atom | None], scope: Scope) -> None:
    """Of ``list(x)``, a copy."""
    for atom in call.args:
        accumulate(sweep, scope, atom, bars[0])


def _reverse_routine(
    sweep: Sweep,
    stmt: Assign,
    call: Call,
    callee: Routine,
    bars: Sequence[Atom | None],
    scope: Scope,
) -> Assign:
    """Of a call of a routine: of its gradient, which runs it again first, or of its reverse.

    Returns the call as it stands in the forward sweep.
    """
    wrt = [k for k, atom in enumerate(call.args) if touches_active(sweep, atom)]
    if not wrt:
        return stmt
    if not callee.is_defined:
        raise UnsupportedCallError(
            f"{callee.name}() calls itself, and is differentiated inside of itself",
            "differentiate it from outside",
        )
    asked = (callee, wrt, [bar is not None for bar in bars])
    added_to = _first_of_each(call, sweep.routines.added_to(callee, wrt))
    given = [_to_add_to(scope, call.args[k], first) for k, first in added_to.items()]
    seeds = (*(bar for bar in bars if bar is not None), *given)
    pair = sweep.routines.pair(*asked)
    if pair is None:
        reverse = Call(sweep.routines.gradient(*asked), (*call.args, *seeds))
    else:
        kept = Var(f"{callee.name}_kept", Opaque())
        sweep.introduce(scope, kept)
        stmt = replace(stmt, targets=(*stmt.targets, kept), value=replace(call, fn=pair[0]))
        reverse = Call(pair[1], (kept, *seeds))
    targets = tuple(_bar_of_argument(callee.params[k], call.args[k]) for k in wrt)
    scope.builder.add(Assign(targets, reverse, scope.builder.origin))
    for k, bar in zip(wrt, targets, strict=True):
        atom = call.args[k]
        if isinstance(atom, Var) and added_to.get(k):
            scope.bars[atom] = bar
        else:
            accumulate(sweep, scope, atom, bar)
    return stmt


def _first_of_each(call: Call, positions: Sequence[int]) -> dict[int, bool]:
    """For the positions, whether the argument there was at none before."""
    return {k: call.args[k] not in [call.args[j] for j in positions if j < k] for k in positions}


def _to_add_to(scope: Scope, argument: Atom, first: bool) -> Atom:
    """The cotangent that a derivative adds to; what an argument gets twice is added up here."""
    assert isinstance(argument, Var)
    return bar_or_zero(scope, argument) if first else zero(scope, argument)


def _bar_of_argument(param: Var, atom: Atom) -> Var:
    """Called as the parameter, and shaped as the argument: the sizes of a parameter are others'."""
    type_ = atom.type if isinstance(atom, Var) else anywhere(param.type)
    return Var(bar_hint(param.hint), bar_type(type_))


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
