"""The reverse of loops: a counted loop over the iterations that were made, last first.

It carries the cotangents of the primal's carried variables, and those of the outer variables its
body uses. At the head of the reverse body the carried cotangents belong to what the primal body
leaves, at its end to the parameters the body began with.

A ``for`` runs over the same indices backwards; one that was left early, and a ``while``, over as
many iterations as the primal counted.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sorix.compiler.analyses.recording import is_scalar, is_steady
from sorix.compiler.differentiate.accumulate import accumulate, bar_or_zero, zero
from sorix.compiler.differentiate.plan import Handed
from sorix.compiler.differentiate.record import record_loop
from sorix.compiler.differentiate.scopes import LoopScope, Scope, bar_hint, bar_type, bar_var
from sorix.compiler.differentiate.sweep import Sweep
from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Block,
    Call,
    Const,
    For,
    Pop,
    Push,
    Stmt,
    Var,
    While,
)
from sorix.compiler.ir.types import INT
from sorix.compiler.ir.walk import defined, statements
from sorix.support import zeros_like

ZERO, ONE = Const(0), Const(1)


@dataclass(frozen=True, slots=True)
class Reversed:
    """The header of a reverse loop; `index` maps the primal's index where both are the same."""

    index: dict[Var, Var]
    counter: Var
    start: Atom
    stop: Atom
    step: Atom
    backwards: bool


def reverse_for(sweep: Sweep, stmt: Stmt, scope: Scope) -> Sequence[Stmt]:
    """Write the reverse of a ``for``; returns it as it stands in the forward sweep."""
    assert isinstance(stmt, For)
    if not _has_reverse(sweep, stmt, scope):
        return (stmt,)
    if stmt.until and stmt.trips is None:
        stmt = replace(stmt, trips=_counter(sweep, scope))
    own = [stmt.index, *stmt.params, *_defined_in(stmt.body)]
    body, reverse, inner = _reverse_body(sweep, stmt, scope, own, stmt.body.stmts)
    header = _header(sweep, stmt, scope)
    head = (stmt.index, *stmt.params)
    forward, reverse, handed = record_loop(sweep, inner, stmt, body, reverse, head, header.index)
    _close(sweep, stmt, scope, inner, header, reverse, handed)
    return (replace(stmt, body=Block(tuple(forward), stmt.body.results)),)


def reverse_while(sweep: Sweep, stmt: Stmt, scope: Scope) -> Sequence[Stmt]:
    """Write the reverse of a ``while``; returns it, counting, as it stands in the forward sweep."""
    assert isinstance(stmt, While)
    if not _has_reverse(sweep, stmt, scope):
        return (stmt,)
    trips = stmt.trips or _counter(sweep, scope)
    stmt = replace(stmt, trips=trips)
    tested = _defined_in(stmt.test)
    own = [*stmt.params, *tested, *_defined_in(stmt.body)]
    both = (*stmt.test.stmts, *stmt.body.stmts)
    body, reverse, inner = _reverse_body(sweep, stmt, scope, own, both)
    # What the test binds is recorded at the head of the body: the last test has no reverse.
    head = (*stmt.params, *tested)
    rest = body[len(stmt.test.stmts) :]
    forward, reverse, handed = record_loop(sweep, inner, stmt, rest, reverse, head, {})
    header = Reversed({}, Var("_", INT), ZERO, trips, ONE, backwards=False)
    _close(sweep, stmt, scope, inner, header, reverse, handed)
    return (replace(stmt, body=Block(tuple(forward), stmt.body.results)),)


def _counter(sweep: Sweep, scope: Scope) -> Var:
    """A new variable for the number of iterations of a loop."""
    trips = Var("trips", INT)
    sweep.introduce(scope, trips)
    return trips


def _defined_in(block: Block) -> list[Var]:
    return [var for stmt in block.stmts for var in defined(stmt)]


def _has_reverse(sweep: Sweep, stmt: For | While, scope: Scope) -> bool:
    """Whether a cotangent reaches the loop: from what it leaves, or through a stack."""
    if any(sweep.is_active(out) and scope.bar(out) is not None for out in stmt.outs):
        return True
    return any(
        isinstance(inner, Push | Pop) and sweep.is_active(inner.stack)
        for inner in statements(Block((stmt,)))
    )


def _carried(sweep: Sweep, stmt: For | While) -> list[int]:
    """The positions of the carried variables whose cotangents the reverse carries."""
    pairs = enumerate(zip(stmt.params, stmt.outs, strict=True))
    return [k for k, pair in pairs if any(map(sweep.is_active, pair))]


def _reverse_body(
    sweep: Sweep, stmt: For | While, scope: Scope, own: list[Var], stmts: Sequence[Stmt]
) -> tuple[list[Stmt], Block, LoopScope]:
    """The body's forward statements, its reverse and the reverse's scope.

    The reverse's results are the carried cotangents, then those of outer variables.
    """
    inner = LoopScope(scope, own)
    carried = _carried(sweep, stmt)
    heads = [_head_bar(stmt, k) for k in carried]
    for k, head in zip(carried, heads, strict=True):
        accumulate(sweep, inner, stmt.body.results[k], head)
    forward = sweep.block(stmts, inner)
    ends = [_end_bar(inner, stmt, k, head) for k, head in zip(carried, heads, strict=True)]
    ends += [inner.bars[var] for var in inner.carried]
    inner.heads = heads
    return forward, inner.builder.block(*ends), inner


def _head_bar(stmt: For | While, k: int) -> Var:
    """The carried cotangent of the k-th carried variable at the head of the reverse body.

    There it belongs to what the body left, whose shape may not be the parameter's.
    """
    param, result = stmt.params[k], stmt.body.results[k]
    return Var(bar_hint(param.hint), bar_type((result if isinstance(result, Var) else param).type))


def _end_bar(inner: LoopScope, stmt: For | While, k: int, head: Var) -> Atom:
    """The cotangent of the k-th parameter at the end of the reverse body."""
    param = stmt.params[k]
    found = inner.bar(param)
    if found is not None:
        return found
    if not is_scalar(param.type) and is_steady(param.type) and head.type == bar_type(param.type):
        # All have one shape, so the zeros need nothing of the primal's.
        return inner.builder.call(zeros_like, head, hint=head.hint)
    return zero(inner, param)


def _out_bar(param: Var, init: Atom) -> Var:
    """What the reverse leaves of a carried cotangent: that of the value the loop began with."""
    return Var(bar_hint(param.hint), bar_type((init if isinstance(init, Var) else param).type))


def _successor(sweep: Sweep, scope: Scope, atom: Atom) -> Atom:
    """The integer ``atom + 1``; of ``n - 1`` it is n."""
    if isinstance(atom, Const):
        return Const(atom.value + 1)
    match sweep.definition.get(atom) if isinstance(atom, Var) else None:
        case Assign(value=Call(fn=operator.sub, args=(before, Const(value=1)))):
            return before
        case Assign(value=Call(fn=operator.sub, args=(before, Const(value=int() as less)))):
            return scope.builder.call(operator.sub, before, Const(less - 1), hint="stop")
    return scope.builder.call(operator.add, atom, ONE, hint="stop")


def _header(sweep: Sweep, stmt: For, scope: Scope) -> Reversed:
    """Over which indices the reverse of a ``for`` runs."""
    index = Var(stmt.index.hint, stmt.index.type)
    if not stmt.until:
        if isinstance(stmt.step, Const) and stmt.step.value == -1 and not stmt.backwards:
            # The other way round it is a plain range.
            first, stop = (_successor(sweep, scope, atom) for atom in (stmt.stop, stmt.start))
            return Reversed({stmt.index: index}, index, first, stop, ONE, backwards=False)
        bounds = (stmt.start, stmt.stop, stmt.step)
        return Reversed({stmt.index: index}, index, *bounds, not stmt.backwards)
    assert stmt.trips is not None
    if stmt.backwards:
        # Where it began is known only from the length of the range: count instead.
        return Reversed({}, Var("_", INT), ZERO, stmt.trips, ONE, backwards=False)
    stop = _sum(scope, stmt.start, _product(scope, stmt.trips, stmt.step))
    return Reversed({stmt.index: index}, index, stmt.start, stop, stmt.step, backwards=True)


def _product(scope: Scope, a: Atom, b: Atom) -> Atom:
    if isinstance(b, Const) and b.value == 1:
        return a
    return scope.builder.call(operator.mul, a, b, hint="span")


def _sum(scope: Scope, a: Atom, b: Atom) -> Atom:
    if isinstance(a, Const) and a.value == 0:
        return b
    return scope.builder.call(operator.add, a, b, hint="stop")


def _close(
    sweep: Sweep,
    stmt: For | While,
    scope: Scope,
    inner: LoopScope,
    header: Reversed,
    reverse: Block,
    handed: Sequence[Handed],
) -> None:
    """Write the reverse loop, and hand on the cotangents it leaves."""
    carried, outer = _carried(sweep, stmt), list(inner.carried)
    inits = [bar_or_zero(scope, stmt.outs[k]) for k in carried]
    inits += [bar_or_zero(scope, var) for var in outer]
    outs = [_out_bar(stmt.params[k], stmt.inits[k]) for k in carried]
    outs += [bar_var(var) for var in outer]
    params = (*inner.heads, *inner.carried.values(), *(each.head for each in handed))
    loop = For(
        index=header.counter,
        start=header.start,
        stop=header.stop,
        step=header.step,
        params=params,
        inits=(*inits, *(each.init for each in handed)),
        body=reverse,
        outs=(*outs, *(Var(each.end.hint, each.head.type) for each in handed)),
        backwards=header.backwards,
        origin=scope.builder.origin,
    )
    scope.builder.add(loop)
    scope.bars.update(zip(outer, outs[len(carried) :], strict=True))
    for k, out in zip(carried, outs[: len(carried)], strict=True):
        accumulate(sweep, scope, stmt.inits[k], out)
