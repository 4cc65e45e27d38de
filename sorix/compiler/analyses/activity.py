"""Which variables carry a derivative.

Requires single assignment. Yields the variables that are *varied* (they depend differentiably on
a source) and *useful* (a target depends differentiably on them). Integers, bools and strings are
never active; a value of unknown dtype may be.

In single-assignment form every way a value can flow is an edge between two variables: from an
argument to a result, from a branch result to what the ``If`` leaves, from what a loop body leaves
to its carried variables, from a push to the stack and from the stack to a pop. So the fixpoint
over loops is reachability in a graph, linear in the size of the program.

A Python object may be active: it is then one whose derivative would be lost (a tuple that a call
returned whole, say), and differentiation refuses it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Call,
    For,
    If,
    Method,
    Pop,
    Push,
    Routine,
    Stmt,
    Var,
    While,
)
from sorix.compiler.ir.types import ListOf, Num, Type
from sorix.compiler.ir.walk import atom_vars, blocks
from sorix.primitives.table import Rule, rule_of

Edge = tuple[Var, Var]


def may_carry(type_: Type) -> bool:
    """Whether a value of this type might have a derivative."""
    if isinstance(type_, Num):
        return type_.is_float is not False
    if isinstance(type_, ListOf):
        return may_carry(type_.element)
    return True


def active_variables(
    stmts: Iterable[Stmt], sources: Iterable[Var], targets: Iterable[Var]
) -> frozenset[Var]:
    """The variables on a differentiable way from a source to a target."""
    forward: dict[Var, list[Var]] = defaultdict(list)
    backward: dict[Var, list[Var]] = defaultdict(list)
    for source, target in flows(stmts):
        forward[source].append(target)
        backward[target].append(source)
    varied = _reachable(sources, forward)
    return varied & _reachable(targets, backward)


def _reachable(start: Iterable[Var], edges: dict[Var, list[Var]]) -> frozenset[Var]:
    seen = {var for var in start if may_carry(var.type)}
    todo = list(seen)
    while todo:
        for var in edges.get(todo.pop(), ()):
            if var not in seen:
                seen.add(var)
                todo.append(var)
    return frozenset(seen)


def flows(stmts: Iterable[Stmt]) -> Iterator[Edge]:
    """Every edge along which a derivative may flow, nested blocks included."""
    for stmt in stmts:
        for source, target in _flows_of(stmt):
            if may_carry(source.type) and may_carry(target.type):
                yield source, target
        for block in blocks(stmt):
            yield from flows(block.stmts)


def _flows_of(stmt: Stmt) -> Iterator[Edge]:
    match stmt:
        case Assign(value=Call() as call):
            for source in differentiable_inputs(call, stmt.targets):
                yield from ((source, target) for target in stmt.targets)
        case Assign():
            yield from _assigned(stmt)
        case If():
            yield from _joined(stmt.then.results, stmt.outs)
            yield from _joined(stmt.orelse.results, stmt.outs)
        case For() | While():
            # Not params to outs: a parameter the body never reads is of no use to an out.
            for left in (stmt.inits, stmt.body.results):
                yield from _joined(left, stmt.params)
                yield from _joined(left, stmt.outs)
        case Push():
            yield from ((source, stmt.stack) for source in atom_vars(stmt.value))
        case Pop():
            yield stmt.stack, stmt.target


def _assigned(stmt: Assign) -> Iterator[Edge]:
    assert not isinstance(stmt.value, Call)
    for source in atom_vars(stmt.value):
        yield from ((source, target) for target in stmt.targets)


def _joined(atoms: Iterable[Atom], targets: Iterable[Var]) -> Iterator[Edge]:
    for atom, target in zip(atoms, targets, strict=True):
        yield from ((source, target) for source in atom_vars(atom))


def differentiable_inputs(call: Call, targets: Iterable[Var]) -> Iterator[Var]:
    """The variables a call's result depends on differentiably, as far as is known.

    Where nothing is known of the callee, that is all of them; so too where the call makes a
    Python object, as what the rule says of numbers then does not hold.
    """
    rule = rule_of_call(call)
    if rule is not None and rule.kind == "constant":
        return
    objects = any(not isinstance(var.type, Num | ListOf) for var in targets)
    for position, atom in enumerate(call.args):
        if rule is None or objects or position in rule.wrt:
            yield from atom_vars(atom)
    for _, atom in call.kwargs:
        yield from atom_vars(atom)


def rule_of_call(call: Call) -> Rule | None:
    """The rule of the called primitive; None for methods, routines and unknown callees."""
    if isinstance(call.fn, Method | Routine):
        return None
    return rule_of(call.fn)
