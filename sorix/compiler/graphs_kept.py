"""Refuse a program that differentiates again what its own `sorix.grad` has freed.

On the tape, `sorix.grad` without ``create_graph=True`` or ``retain_graph=True`` frees what the
operations it went through have saved, and its results are constants. Where a derivative goes
through one of these operations again, be it of a later `sorix.grad` or of what the program returns,
the tape raises `GraphFreedError`. Generated code would know a derivative, of which the part through
the first gradient were missing; so the same is refused here, and nobody trains on half a gradient.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sorix.compiler.analyses.activity import (
    active_variables,
    differentiable_inputs,
    rule_of_call,
)
from sorix.compiler.frontend.gradients_taken import GradientTaken
from sorix.compiler.frontend.lower import Lowered, Shape
from sorix.compiler.ir.nodes import Assign, Call, Stmt, Var
from sorix.compiler.ir.walk import statements
from sorix.errors import GraphUsedAgainError


def require_graphs_kept(lowered: Lowered) -> None:
    """Raise GraphUsedAgainError at a `sorix.grad` whose graph is needed once more."""
    freed: list[tuple[GradientTaken, frozenset[Var]]] = []
    if all(taken.keeps_graph for taken in lowered.gradients_taken):
        return
    for taken in lowered.gradients_taken:
        passed = _passed(lowered, taken.inputs, taken.outputs)
        _require_apart(freed, passed, "another sorix.grad() goes through it again")
        if not taken.keeps_graph:
            freed.append((taken, passed))
    sources = [given.var for given in lowered.inputs if given.requires_grad]
    ending = _passed(lowered, sources, _tensors_returned(lowered))
    _require_apart(
        freed, ending, "the derivative of what the function returns goes through it again"
    )


def _require_apart(
    freed: list[tuple[GradientTaken, frozenset[Var]]], passed: frozenset[Var], why: str
) -> None:
    for taken, gone in freed:
        if not gone.isdisjoint(passed):
            raise GraphUsedAgainError(
                f"this sorix.grad() frees its graph, and {why}",
                "pass create_graph=True where the gradient is itself differentiated,"
                " retain_graph=True where it is a constant",
            ).at(*taken.place)


def _passed(lowered: Lowered, sources: Iterable[Var], targets: Iterable[Var]) -> frozenset[Var]:
    """What the operations between sources and targets compute that save values for a reverse."""
    stmts = lowered.function.body.stmts
    active = active_variables(stmts, sources, targets)
    return frozenset(
        var for stmt in statements(lowered.function.body) for var in _saved_for(stmt, active)
    )


def _saved_for(stmt: Stmt, active: frozenset[Var]) -> Iterator[Var]:
    match stmt:
        case Assign(targets=targets, value=Call() as call) if not active.isdisjoint(targets):
            rule = rule_of_call(call)
            frugal = call.fn is list or (rule is not None and rule.is_frugal)
            if not frugal and not active.isdisjoint(differentiable_inputs(call, targets)):
                yield from active.intersection(targets)


def _tensors_returned(lowered: Lowered) -> Iterator[Var]:
    todo: list[Shape] = [lowered.result]
    while todo:
        shape = todo.pop()
        todo += shape.parts
        if shape.kind == "tensor" and shape.requires_grad:
            result = lowered.function.body.results[shape.index]
            if isinstance(result, Var):
                yield result
