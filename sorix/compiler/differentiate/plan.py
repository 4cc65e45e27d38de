"""Decide how the reverse of a block in a loop comes by the primal values it reads.

Each is one of

* *replaced*: the loop's index by the reverse loop's; where only the shape counts, an array of
  that shape;
* *recomputed*: it is cheap, and what it is computed from is available or at hand;
* *restored*: of an array that each iteration writes into, the versions are had by undoing the
  writes, last first: what was overwritten is recorded instead of the array;
* *handed*: what an iteration leaves in a carried variable is what the next one began with, and
  the reverse had that in hand just before;
* *recorded*: all others.

What is recorded is the cheapest set from which the rest can be computed (`least_cut`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sorix.compiler.analyses.least_cut import least_cut
from sorix.compiler.analyses.recording import cost, is_light, is_scalar, uses
from sorix.compiler.differentiate.restore import Restored, restorable
from sorix.compiler.differentiate.scopes import Scope
from sorix.compiler.differentiate.sweep import Sweep
from sorix.compiler.ir.nodes import Assign, Atom, Block, Const, For, Var, While
from sorix.compiler.ir.walk import free_variables


@dataclass(frozen=True, slots=True)
class Handed:
    """The reverse loop carries the value of `var` as `head`: first `init`, then that of `end`."""

    var: Var
    head: Var
    init: Var
    end: Var


@dataclass
class Plan:
    """How each needed variable comes to the reverse.

    ``replaced`` has what stands for a variable, ``recomputed`` the statement that computes it;
    ``read`` are statements that the forward block makes before others, to record their results.
    """

    replaced: dict[Var, Atom] = field(default_factory=dict)
    recomputed: dict[Var, Assign] = field(default_factory=dict)
    recorded: list[Var] = field(default_factory=list)
    handed: list[Handed] = field(default_factory=list)
    read: dict[Assign, Assign] = field(default_factory=dict)

    def has(self, var: Var) -> bool:
        """Whether the reverse has the value at hand."""
        return (
            var in self.recomputed
            or var in self.recorded
            or any(handed.var is var for handed in self.handed)
        )


def plan_needs(
    sweep: Sweep,
    scope: Scope,
    reverse: Block,
    index: Mapping[Var, Var],
    loop: For | While | None = None,
) -> Plan:
    """Decide for each variable of the primal block that the reverse reads.

    Parameters
    ----------
    loop
        The primal loop, where the block is its body.
    """
    facts, plan = sweep.facts, Plan(replaced=dict(index))
    needs = {var: valued for var, valued in uses(reverse).items() if var in scope.own}
    wanted: list[Var] = []
    stand_ins: dict[Var, Atom] = {}
    for var in sorted(needs, key=facts.position.__getitem__):
        stand_in = None if needs[var] else shape_stand_in(sweep, var)
        if var in index:
            continue
        if stand_in is not None:
            stand_ins[var] = stand_in
        elif var in facts.recomputable:
            plan.recomputed[var] = facts.definition[var]
        else:
            wanted.append(var)
    if loop is not None and wanted:
        for restored in restorable(sweep, scope, loop, wanted):
            _restore(plan, restored)
    _Choice(sweep, scope, plan).choose([var for var in wanted if not plan.has(var)])
    _close(sweep, scope, plan)
    if loop is not None:
        _hand_on(sweep, plan, loop)
    # What was recorded or is computed again after all needs nothing to stand for it.
    plan.replaced.update((var, atom) for var, atom in stand_ins.items() if not plan.has(var))
    plan.recorded.sort(key=facts.position.__getitem__)
    return plan


def shape_stand_in(sweep: Sweep, var: Var) -> Atom | None:
    """What can stand for a variable of which only the shape counts."""
    return Const(0.0) if is_scalar(var.type) else sweep.witness(var)


def _restore(plan: Plan, restored: Restored) -> None:
    plan.recomputed.update(restored.versions)
    plan.recorded += [var for var in restored.overwritten if var not in plan.recorded]
    plan.read.update(restored.reads)
    head = Var(restored.last.hint, restored.out.type)
    plan.handed.append(Handed(restored.last, head, restored.out, restored.first))


# ----------------------------------------------------------------- what to record of all

_STEPS_BACK = 4
"""How many light statements one value may be computed from, one after the other."""

_MOST = 400
"""Of how many values the cheapest set is looked for; of more, all that is wanted is recorded."""


class _Choice:
    """Chooses, of the wanted values and what they are computed from, which to record."""

    def __init__(self, sweep: Sweep, scope: Scope, plan: Plan) -> None:
        self.sweep, self.scope, self.plan = sweep, scope, plan
        self.cost: dict[Var, int] = {}
        self.operands: dict[Var, list[Var]] = {}

    def choose(self, wanted: Sequence[Var]) -> None:
        self._look_back(wanted)
        if len(self.cost) > _MOST:
            self._record_all(wanted)
            return
        kept = least_cut(self.cost, self.operands, wanted)
        todo = list(wanted)
        while todo:
            var = todo.pop()
            if self._is_had(var):
                continue
            if var in kept:
                if var in self.scope.own:
                    self.plan.recorded.append(var)
                continue
            self.plan.recomputed[var] = self.sweep.facts.definition[var]
            todo += self.operands[var]

    def _record_all(self, wanted: Sequence[Var]) -> None:
        facts, plan = self.sweep.facts, self.plan
        for var in wanted:
            if facts.recomputed_from(var, {*plan.recomputed, *plan.recorded}):
                plan.recomputed[var] = facts.definition[var]
            else:
                plan.recorded.append(var)

    def _look_back(self, wanted: Sequence[Var]) -> None:
        level = list(dict.fromkeys(wanted))
        for step in range(_STEPS_BACK + 1):
            following: dict[Var, None] = {}
            for var in level:
                self.cost[var] = cost(var.type, self._is_outer(var))
                stmt = self.sweep.facts.definition.get(var)
                if step == _STEPS_BACK or var not in self.scope.own:
                    continue
                if stmt is not None and is_light(stmt):
                    operands = [v for v in free_variables(stmt) if not self._is_had(v)]
                    self.operands[var] = operands
                    following.update(dict.fromkeys(operands))
            level = [var for var in following if var not in self.cost]

    def _is_had(self, var: Var) -> bool:
        facts = self.sweep.facts
        return (
            self.plan.has(var)
            or var in self.plan.replaced
            or facts.available(var, self.scope.depth)
        )

    def _is_outer(self, var: Var) -> bool:
        """Whether one value serves all iterations of the loop."""
        return self.sweep.facts.depth.get(var, 0) < self.scope.depth


def _close(sweep: Sweep, scope: Scope, plan: Plan) -> None:
    """Add what the recomputed values are computed from, where that is the block's own."""
    todo = list(plan.recomputed.values())
    while todo:
        for var in free_variables(todo.pop()):
            if var not in scope.own or var in sweep.facts.indices or plan.has(var):
                continue
            if var in plan.replaced:
                continue
            if var in sweep.facts.recomputable:
                plan.recomputed[var] = sweep.facts.definition[var]
                todo.append(plan.recomputed[var])
            else:
                plan.recorded.append(var)


def _hand_on(sweep: Sweep, plan: Plan, loop: For | While) -> None:
    """Take from a later iteration what it began with, instead of recording it twice."""
    for param, result, out in zip(loop.params, loop.body.results, loop.outs, strict=True):
        if isinstance(result, Var) and result in plan.recorded and plan.has(param):
            if result is param:
                continue
            plan.recorded.remove(result)
            head = Var(result.hint, out.type)
            plan.handed.append(Handed(result, head, out, param))
