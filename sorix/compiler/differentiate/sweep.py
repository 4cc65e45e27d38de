"""The state of one reverse sweep, and the walk over a block in reverse.

`Sweep.block` hands each statement, last first, to the handler of its kind. A handler writes the
statement's reverse into the scope's builder and returns what the statement becomes in the
forward sweep (itself, or one that also records).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from sorix.compiler.analyses.activity import active_variables
from sorix.compiler.analyses.recording import (
    Likeness,
    LoopFacts,
    dim_symbols,
    likeness,
    loop_facts,
)
from sorix.compiler.differentiate.scopes import Scope, bar_hint, bar_type
from sorix.compiler.ir.nodes import Assign, Block, Call, Origin, Routine, Stmt, Var
from sorix.compiler.ir.types import ListOf
from sorix.compiler.ir.walk import free_variables, statements

Handler = Callable[["Sweep", Stmt, Scope], Sequence[Stmt]]


class Derivatives(Protocol):
    """Where the derivatives of routines that are called come from; see `adjoint.Routines`."""

    def gradient(self, callee: Routine, wrt: Sequence[int], seeds: Sequence[bool]) -> Routine:
        """(params, seeds) to cotangents."""

    def added_to(self, callee: Routine, wrt: Sequence[int]) -> tuple[int, ...]:
        """Which cotangents of parameters the derivative is given, and adds to."""

    def pair(
        self, callee: Routine, wrt: Sequence[int], seeds: Sequence[bool]
    ) -> tuple[Routine, Routine] | None:
        """The forward sweep, which also returns what is kept, and the reverse sweep from that."""


class Sweep:
    """What all handlers of one reverse sweep share."""

    def __init__(
        self,
        stmts: Sequence[Stmt],
        sources: Iterable[Var],
        targets: Iterable[Var],
        handlers: dict[type, Handler],
        routines: Derivatives,
        visible: Iterable[Var] = (),
    ) -> None:
        self.handlers, self.routines = handlers, routines
        self.active = active_variables(stmts, sources, targets)
        self._witnesses = _witnesses(stmts, visible)
        self.facts: LoopFacts = loop_facts(stmts, self.witness)
        self.definition = _definitions(stmts)
        self.top = Scope()
        # Primal variables that are recorded, be they assigned or not.
        self.recorded_values: list[Var] = []
        self.stack_bars: dict[Var, Var] = {}
        self._new_stacks: list[Stmt] = []

    # -------------------------------------------------------------------------- the walk

    def run(self, stmts: Sequence[Stmt]) -> list[Stmt]:
        """Reverse the outermost statements into ``self.top``; returns the forward sweep."""
        return self.block(stmts, self.top)

    def block(self, stmts: Sequence[Stmt], scope: Scope) -> list[Stmt]:
        """Reverse a block into the scope's builder; returns the block's forward statements."""
        forward: list[Sequence[Stmt]] = []
        for stmt in reversed(stmts):
            handler = self.handlers.get(type(stmt))
            if handler is None:
                forward.append((stmt,))
                continue
            with scope.builder.at(reverse_origin(getattr(stmt, "origin", None))):
                forward.append(handler(self, stmt, scope))
            if scope is self.top and self._new_stacks:
                # Stacks outlive all loops, so they are made before the outermost one.
                forward.append(tuple(self._new_stacks))
                self._new_stacks.clear()
        return [stmt for part in reversed(forward) for stmt in part]

    def is_active(self, var: Var) -> bool:
        return var in self.active

    # ------------------------------------------------------------------------- recording

    def new_stack(self, var: Var, origin: Origin | None) -> Var:
        """A stack, made in the forward sweep, for the values of `var`."""
        hint = held(var, self.definition.get(var))
        stack = Var(f"{hint}_stack", ListOf(var.type))
        self.recorded_values.append(var)
        self._new_stacks.append(Assign((stack,), Call(list, ()), origin))
        return stack

    def introduce(self, scope: Scope, var: Var) -> None:
        """Make known a variable that the forward sweep binds in the block of `scope`."""
        scope.own.add(var)
        if scope.depth:
            self.facts.bind(var, scope.depth)

    def bar_stack(self, stack: Var) -> Var:
        """The stack of cotangents of what is on a stack of the primal, made on first use.

        A stack that the primal returns, or copies, has a list of cotangents to begin with.
        """
        found = self.stack_bars.get(stack)
        if found is None:
            found = Var(bar_hint(stack.hint), bar_type(stack.type))
            self.stack_bars[stack] = found
            builder = self.top.builder
            given = self.top.bar(stack)
            made = Call(list, () if given is None else (given,))
            builder.add(Assign((found,), made, builder.origin))
        return found

    def witness(self, var: Var) -> Var | None:
        """A variable from outside all loops with the shape, dtype and kind of `var`."""
        key = likeness(var)
        return None if key is None else self._witnesses.get(key)


def _witnesses(stmts: Sequence[Stmt], visible: Iterable[Var]) -> dict[Likeness, Var]:
    """For each likeness, a variable from outside all loops."""
    found: dict[Likeness, Var] = {}
    given = [*visible, *free_variables(*stmts)]
    assigned = [var for stmt in stmts if isinstance(stmt, Assign) for var in stmt.targets]
    symbols = {symbol for var in given for symbol in dim_symbols(var.type)}
    for var in [*given, *assigned]:
        key = likeness(var)
        if key is not None and all(map(symbols.__contains__, dim_symbols(var.type))):
            found.setdefault(key, var)
    return found


def _definitions(stmts: Sequence[Stmt]) -> dict[Var, Assign]:
    """The assignment of each variable that is bound alone."""
    nested = statements(Block(tuple(stmts)))
    alone = (s for s in nested if isinstance(s, Assign) and len(s.targets) == 1)
    return {stmt.targets[0]: stmt for stmt in alone}


def held(var: Var, stmt: Assign | None) -> str:
    """What to call what a variable holds: of ``x[i]`` x, of ``np.sin(x)`` sin."""
    call = stmt.value if stmt is not None else None
    if var.hint != "t" or not isinstance(call, Call):
        return var.hint
    if call.fn is operator.getitem and isinstance(call.args[0], Var):
        return call.args[0].hint
    if isinstance(call.fn, np.ufunc):
        return call.fn.__name__
    return "product" if call.fn is operator.matmul else "t"


def reverse_origin(origin: Origin | None) -> Origin | None:
    """The origin of a statement's reverse."""
    return None if origin is None else replace(origin, adjoint=True)
