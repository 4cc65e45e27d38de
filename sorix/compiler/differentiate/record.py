"""Give reverse code inside loops the primal values it needs.

Takes the reverse of a primal block that stands in a loop, written as if the block's variables
were still at hand, and makes them so: the loop's index is the reverse loop's index, cheap values
are computed again, where only a shape counts another array gives it, and all others are pushed
on a stack right after their definition and popped at the head of the reverse. See
`sorix.compiler.analyses.recording` for what is which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sorix.compiler.analyses.recording import is_scalar, uses
from sorix.compiler.differentiate.scopes import Scope
from sorix.compiler.differentiate.sweep import Sweep
from sorix.compiler.ir.nodes import Assign, Atom, Block, Const, Pop, Push, Stmt, Var
from sorix.compiler.ir.walk import clone, defined, free_variables, substitute


@dataclass
class Plan:
    """How each needed variable comes to the reverse; `replaced` where another stands for it."""

    replaced: dict[Var, Atom] = field(default_factory=dict)
    recomputed: set[Var] = field(default_factory=set)
    recorded: list[Var] = field(default_factory=list)

    def at_hand(self) -> set[Var]:
        return self.recomputed.union(self.recorded)


def record(
    sweep: Sweep,
    scope: Scope,
    forward: Sequence[Stmt],
    reverse: Block,
    head: Sequence[Var] = (),
    index: Mapping[Var, Var] | None = None,
) -> tuple[list[Stmt], Block]:
    """The forward block with its pushes, and the reverse with all it needs.

    Parameters
    ----------
    scope
        The scope of the reverse; its `own` are the variables of the primal block.
    head
        Variables bound before the block's first statement: pushed there.
    index
        The reverse loop's index for the primal's, where it takes the same values.
    """
    plan = plan_needs(sweep, scope, reverse, index or {})
    stacks = {var: sweep.new_stack(var, scope.builder.origin) for var in plan.recorded}
    pushed = with_pushes(forward, head, stacks, scope)
    return pushed, with_values(sweep, scope, reverse, plan, stacks)


def plan_needs(sweep: Sweep, scope: Scope, reverse: Block, index: Mapping[Var, Var]) -> Plan:
    """Decide for each variable of the primal block that the reverse reads."""
    facts, plan = sweep.facts, Plan(replaced=dict(index))
    needs = {var: valued for var, valued in uses(reverse).items() if var in scope.own}
    for var in sorted(needs, key=facts.position.__getitem__):
        stand_in = None if needs[var] else shape_stand_in(sweep, var)
        if var in index:
            continue
        if stand_in is not None:
            plan.replaced[var] = stand_in
        elif var in facts.recomputable or facts.recomputed_from(var, plan.at_hand()):
            plan.recomputed.add(var)
        else:
            plan.recorded.append(var)
    _close(sweep, scope, plan)
    return plan


def shape_stand_in(sweep: Sweep, var: Var) -> Atom | None:
    """What can stand for a variable of which only the shape counts."""
    return Const(0.0) if is_scalar(var.type) else sweep.witness(var)


def _close(sweep: Sweep, scope: Scope, plan: Plan) -> None:
    """Add what the recomputed values are computed from, where that is the block's own."""
    todo = list(plan.recomputed)
    while todo:
        for var in free_variables(sweep.facts.definition[todo.pop()]):
            known = var in sweep.facts.indices or var in plan.at_hand()
            if var in scope.own and not known:
                plan.recomputed.add(var)
                todo.append(var)


def _in_order(sweep: Sweep, plan: Plan) -> list[Var]:
    """What is recomputed, each after what it is computed from."""
    facts = sweep.facts
    ordered: dict[Var, None] = {}
    todo = sorted(plan.recomputed, key=facts.position.__getitem__, reverse=True)
    while todo:
        var = todo[-1]
        operands = free_variables(facts.definition[var])
        missing = [o for o in operands if o in plan.recomputed and o not in ordered]
        if missing and var not in ordered:
            todo += reversed(missing)
        else:
            ordered[var] = None
            todo.pop()
    return list(ordered)


def with_pushes(
    forward: Sequence[Stmt], head: Sequence[Var], stacks: Mapping[Var, Var], scope: Scope
) -> list[Stmt]:
    """The block with a push right after the definition of each recorded variable."""
    origin = scope.builder.origin
    stmts: list[Stmt] = [Push(stacks[var], var, origin) for var in head if var in stacks]
    for stmt in forward:
        stmts.append(stmt)
        origin = stmt.origin
        stmts += [Push(stacks[var], var, origin) for var in defined(stmt) if var in stacks]
    return stmts


def with_values(
    sweep: Sweep, scope: Scope, reverse: Block, plan: Plan, stacks: Mapping[Var, Var]
) -> Block:
    """The reverse with pops and recomputations at its head."""
    facts, origin = sweep.facts, scope.builder.origin
    mapping: dict[Var, Atom] = dict(plan.replaced)
    stmts: list[Stmt] = []
    for var in plan.recorded:
        mapping[var] = popped = Var(var.hint, var.type)
        stmts.append(Pop(popped, stacks[var], origin))
    again: list[Assign] = []
    for var in _in_order(sweep, plan):
        (once,) = clone(Block((facts.definition[var],)), mapping).stmts
        assert isinstance(once, Assign)
        mapping[var] = once.targets[0]
        again.append(once)
    body = substitute(reverse, mapping)
    return Block((*stmts, *_interleaved(again, body)), body.results)


def _interleaved(again: Sequence[Assign], body: Block) -> Iterator[Stmt]:
    """The statements of the body, before each what is computed again for it first of all."""
    first: dict[Var, int] = {}
    for place, stmt in enumerate(body.stmts):
        for var in free_variables(stmt):
            first.setdefault(var, place)
    at: dict[int, list[Assign]] = {}
    for once in reversed(again):
        place = first.get(once.targets[0], len(body.stmts))
        for var in free_variables(once):
            first[var] = min(first.get(var, place), place)
        at.setdefault(place, []).append(once)
    for place, stmt in enumerate(body.stmts):
        origin = getattr(stmt, "origin", None)
        yield from (replace(once, origin=origin) for once in reversed(at.get(place, ())))
        yield stmt
    yield from reversed(at.get(len(body.stmts), ()))
