"""The reverse of an ``If``: an ``If`` on the same condition.

The cotangents of what the primal leaves flow to the results of the branch that was taken. A
variable from outside that either branch uses leaves the reverse with its cotangent, in the
branch that does not use it unchanged. What the reverse of a branch needs of the branch's own
variables leaves the primal with it, or is recorded where the ``If`` stands in a loop. The
conditions of a chain of ``elif`` are asked again.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import replace

from sorix.compiler.analyses.recording import is_scalar, uses
from sorix.compiler.differentiate.accumulate import accumulate, zero
from sorix.compiler.differentiate.record import record
from sorix.compiler.differentiate.scopes import BranchScope, Scope, bar_var
from sorix.compiler.differentiate.sweep import Sweep
from sorix.compiler.ir.nodes import (
    UNDEFINED,
    Assign,
    Atom,
    Block,
    Call,
    Const,
    If,
    Raise,
    Stmt,
    Var,
)
from sorix.compiler.ir.walk import call_vars, defined, substitute

COMPARISONS = (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)


def reverse_if(sweep: Sweep, stmt: Stmt, scope: Scope) -> Sequence[Stmt]:
    """Write the reverse of an ``If``; returns it as it stands in the forward sweep."""
    assert isinstance(stmt, If)
    branches = (stmt.then, stmt.orelse)
    scopes = [BranchScope(scope, _own(block)) for block in branches]
    forward = []
    for block, inner in zip(branches, scopes, strict=True):
        _seed(sweep, stmt.outs, block, inner)
        forward.append(sweep.block(block.stmts, inner))
    touched = list(dict.fromkeys(var for inner in scopes for var in inner.outer()))
    ends = [_ends(block, inner, touched) for block, inner in zip(branches, scopes, strict=True)]
    changed = [i for i, pair in enumerate(zip(*ends, strict=True)) if pair[0] is not pair[1]]
    # Where both branches hand on one and the same cotangent, there is nothing to choose.
    scope.bars.update(dict(zip(touched, ends[0], strict=True)))
    reverses = [
        inner.builder.block(*(end[i] for i in changed))
        for inner, end in zip(scopes, ends, strict=True)
    ]
    if not changed and not any(block.stmts for block in reverses):
        return (stmt,)
    blocks, reverses = _supply(sweep, stmt, scopes, forward, reverses)
    outs = tuple(bar_var(touched[i]) for i in changed)
    then, orelse = reverses
    scope.builder.add(If(stmt.cond, then, orelse, outs, scope.builder.origin))
    scope.bars.update({touched[i]: out for i, out in zip(changed, outs, strict=True)})
    return (blocks,)


def _own(block: Block) -> list[Var]:
    return [var for stmt in block.stmts for var in defined(stmt)]


def _seed(sweep: Sweep, outs: Sequence[Var], block: Block, inner: BranchScope) -> None:
    """Hand the cotangents of what the ``If`` leaves to the results of the branch."""
    assert inner.parent is not None
    for out, result in zip(outs, block.results, strict=True):
        if sweep.is_active(out):
            accumulate(sweep, inner, result, inner.parent.bar(out))


def _ends(block: Block, inner: BranchScope, touched: Sequence[Var]) -> list[Atom]:
    """The cotangents of the outer variables at the end of a branch's reverse."""
    found = [inner.bar(var) for var in touched]
    if block.stmts and isinstance(block.stmts[-1], Raise):
        # The reverse of a branch that raised never runs.
        return [UNDEFINED if bar is None else bar for bar in found]
    return [
        zero(inner, var) if bar is None else bar for var, bar in zip(touched, found, strict=True)
    ]


def _supply(
    sweep: Sweep,
    stmt: If,
    scopes: Sequence[BranchScope],
    forward: Sequence[list[Stmt]],
    reverses: Sequence[Block],
) -> tuple[If, list[Block]]:
    """Bring what the reverses need of the branches' own variables to them."""
    pairs = list(zip(scopes, forward, reverses, strict=True))
    if scopes[0].depth:
        done = [record(sweep, inner, stmts, reverse) for inner, stmts, reverse in pairs]
        then, orelse = (
            Block(tuple(stmts), block.results)
            for (stmts, _), block in zip(done, (stmt.then, stmt.orelse), strict=True)
        )
        return replace(stmt, then=then, orelse=orelse), [reverse for _, reverse in done]
    then, orelse = (
        Block(tuple(stmts), block.results)
        for stmts, block in zip(forward, (stmt.then, stmt.orelse), strict=True)
    )
    return _expose(sweep, replace(stmt, then=then, orelse=orelse), scopes, reverses)


def _asked_again(block: Block, reverse: Block, inner: BranchScope) -> Block:
    """The reverse of a branch, comparing numbers from outside the branch once more itself."""
    asked = {stmt.cond for stmt in reverse.stmts if isinstance(stmt, If)}
    again = {
        stmt.targets[0]: replace(stmt, targets=(Var(stmt.targets[0].hint, stmt.targets[0].type),))
        for stmt in block.stmts
        if isinstance(stmt, Assign)
        and not asked.isdisjoint(stmt.targets)
        and isinstance(stmt.value, Call)
        and stmt.value.fn in COMPARISONS
        and _is_of_numbers_outside(stmt.value, inner)
    }
    if not again:
        return reverse
    stmts = [
        replace(stmt, cond=again[stmt.cond].targets[0])
        if isinstance(stmt, If) and stmt.cond in again
        else stmt
        for stmt in reverse.stmts
    ]
    return Block((*again.values(), *stmts), reverse.results)


def _is_of_numbers_outside(call: Call, inner: BranchScope) -> bool:
    return all(
        isinstance(atom, Const) or isinstance(atom, Var) and is_scalar(atom.type)
        for atom in call.args
    ) and inner.own.isdisjoint(call_vars(call))


def _expose(
    sweep: Sweep, stmt: If, scopes: Sequence[BranchScope], reverses: Sequence[Block]
) -> tuple[If, list[Block]]:
    """Let the primal leave what its reverse needs; on the other side it stays undefined."""
    results = [list(stmt.then.results), list(stmt.orelse.results)]
    outs, supplied = list(stmt.outs), []
    for side, (inner, reverse) in enumerate(zip(scopes, reverses, strict=True)):
        block = (stmt.then, stmt.orelse)[side]
        reverse = _asked_again(block, reverse, inner)
        left = dict(zip(results[side], outs, strict=True))
        mapping: dict[Var, Atom] = {}
        for var in uses(reverse):
            if var not in inner.own:
                continue
            if var in left:
                mapping[var] = left[var]
                continue
            mapping[var] = out = Var(var.hint, var.type)
            outs.append(out)
            assert inner.parent is not None
            sweep.introduce(inner.parent, out)
            results[side].append(var)
            results[1 - side].append(UNDEFINED)
        supplied.append(substitute(reverse, mapping) if mapping else reverse)
    then = Block(stmt.then.stmts, tuple(results[0]))
    orelse = Block(stmt.orelse.stmts, tuple(results[1]))
    return replace(stmt, then=then, orelse=orelse, outs=tuple(outs)), supplied
