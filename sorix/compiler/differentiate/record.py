"""Give reverse code inside loops the primal values it needs.

Takes the reverse of a primal block that stands in a loop, written as if the block's variables
were still at hand, and makes them so, as `plan` decides. What is recorded is pushed on a stack
right after its definition and popped at the head of the reverse; what is computed again stands
where it is used first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sorix.compiler.differentiate.plan import Handed, Plan, plan_needs
from sorix.compiler.differentiate.scopes import Scope
from sorix.compiler.differentiate.sweep import Sweep
from sorix.compiler.ir.nodes import Assign, Atom, Block, For, Pop, Push, Stmt, Var, While
from sorix.compiler.ir.walk import clone, defined, free_variables, substitute


def record(
    sweep: Sweep, scope: Scope, forward: Sequence[Stmt], reverse: Block
) -> tuple[list[Stmt], Block]:
    """The forward branch with its pushes, and its reverse with all that it needs.

    Parameters
    ----------
    scope
        The scope of the reverse; its `own` are the variables of the primal block.
    """
    plan = plan_needs(sweep, scope, reverse, {})
    stacks = _stacks(sweep, scope, plan)
    return with_pushes(forward, (), stacks, scope, plan), with_values(
        sweep, scope, reverse, plan, stacks
    )


def record_loop(
    sweep: Sweep,
    scope: Scope,
    loop: For | While,
    forward: Sequence[Stmt],
    reverse: Block,
    head: Sequence[Var],
    index: Mapping[Var, Var],
) -> tuple[list[Stmt], Block, Sequence[Handed]]:
    """The same for the body of a loop, and what the reverse loop carries besides.

    The reverse block's last results are what it hands on of that.

    Parameters
    ----------
    head
        Variables bound before the block's first statement: pushed there.
    index
        The reverse loop's index for the primal's, where it takes the same values.
    """
    plan = plan_needs(sweep, scope, reverse, index, loop)
    stacks = _stacks(sweep, scope, plan)
    # A loop that is never run leaves what it began with, be that assigned or not.
    sweep.recorded_values += [handed.init for handed in plan.handed]
    ends = tuple(handed.end for handed in plan.handed)
    reverse = Block(reverse.stmts, (*reverse.results, *ends))
    reverse = with_values(sweep, scope, reverse, plan, stacks)
    return with_pushes(forward, head, stacks, scope, plan), reverse, plan.handed


def _stacks(sweep: Sweep, scope: Scope, plan: Plan) -> dict[Var, Var]:
    return {var: sweep.new_stack(var, scope.builder.origin) for var in plan.recorded}


def _in_order(sweep: Sweep, plan: Plan) -> list[Var]:
    """What is recomputed, each after what it is computed from."""
    ordered: dict[Var, None] = {}
    todo = sorted(plan.recomputed, key=sweep.facts.position.__getitem__, reverse=True)
    while todo:
        var = todo[-1]
        operands = free_variables(plan.recomputed[var])
        missing = [o for o in operands if o in plan.recomputed and o not in ordered]
        if missing and var not in ordered:
            todo += reversed(missing)
        else:
            ordered[var] = None
            todo.pop()
    return list(ordered)


def with_pushes(
    forward: Sequence[Stmt],
    head: Sequence[Var],
    stacks: Mapping[Var, Var],
    scope: Scope,
    plan: Plan,
) -> list[Stmt]:
    """The block with a push right after the definition of each recorded variable."""
    origin = scope.builder.origin
    stmts: list[Stmt] = [Push(stacks[var], var, origin) for var in head if var in stacks]
    for stmt in forward:
        origin = stmt.origin
        read = plan.read.get(stmt) if isinstance(stmt, Assign) else None
        if read is not None:
            stmts += [read, *(Push(stacks[var], var, origin) for var in read.targets)]
        stmts.append(stmt)
        stmts += [Push(stacks[var], var, origin) for var in defined(stmt) if var in stacks]
    return stmts


def with_values(
    sweep: Sweep, scope: Scope, reverse: Block, plan: Plan, stacks: Mapping[Var, Var]
) -> Block:
    """The reverse with pops and recomputations at its head."""
    origin = scope.builder.origin
    mapping: dict[Var, Atom] = dict(plan.replaced)
    mapping.update((handed.var, handed.head) for handed in plan.handed)
    stmts: list[Stmt] = []
    for var in plan.recorded:
        mapping[var] = popped = Var(var.hint, var.type)
        stmts.append(Pop(popped, stacks[var], origin))
    again: list[Assign] = []
    for var in _in_order(sweep, plan):
        (once,) = clone(Block((plan.recomputed[var],)), mapping).stmts
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
