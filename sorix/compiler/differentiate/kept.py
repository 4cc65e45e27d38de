"""Derivatives of routines that keep what their reverse needs, instead of running again.

For an adjoint that is run, and not differentiated again. The reverse of a recursion that needs the
values of its own calls would run each of them again, and these theirs. So the forward sweep calls a
routine that also returns, as one value, what its reverse needs, the same of its own calls among it;
the reverse sweep calls a routine that takes that and the cotangents:

    y = f(x)                             y, kept = f__forward(x)
                                         x_bar = f__backward(kept, y_bar)

Where the gradient needs no value of such a call (as of a sum over two halves), it is called as it
is: each level is run twice, whatever the depth. So is that of a routine that is meant to run again.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import replace

from sorix.compiler.analyses.effects import is_pure_routine
from sorix.compiler.analyses.parts import reads_parts
from sorix.compiler.differentiate.adjoint import Routines, differentiate
from sorix.compiler.differentiate.split import Split, split
from sorix.compiler.ir.nodes import Assign, Block, Call, Const, Function, Routine, Stmt, Var
from sorix.compiler.ir.routines import routines
from sorix.compiler.ir.types import Opaque
from sorix.compiler.ir.walk import calls
from sorix.errors import CompileError

Key = tuple[Routine, tuple[int, ...], tuple[bool, ...]]


class KeptRoutines(Routines):
    """`improve` leaves out of a function what it does not need."""

    def __init__(self, improve: Callable[[Function], Function]) -> None:
        super().__init__()
        self._improve = improve
        self._plain = Routines()
        self._parts: dict[tuple[Routine, int], bool] = {}
        self._pairs: dict[Key, tuple[Routine, Routine] | None] = {}

    def pair(
        self, callee: Routine, wrt: Sequence[int], seeds: Sequence[bool]
    ) -> tuple[Routine, Routine] | None:
        key = (callee, tuple(wrt), tuple(seeds))
        if key not in self._pairs:
            self._pairs[key] = None
            if not callee.runs_again and self._needs_its_own_values(*key):
                self._pairs[key] = self._made(*key)
        return self._pairs[key]

    def _needs_its_own_values(
        self, callee: Routine, wrt: tuple[int, ...], seeds: tuple[bool, ...]
    ) -> bool:
        """Whether the gradient calls the function itself, or one of those it is called by."""
        try:
            gradient = self._plain.gradient(callee, wrt, seeds)
        except CompileError:
            return True
        ring = [r for r in (callee, *routines(callee.function)) if callee in routines(r.function)]
        again = [self._plain.again_of(routine) for routine in ring]
        return any(call.fn in again for call in calls(self._improve(gradient.function).body))

    def added_to(self, callee: Routine, wrt: Sequence[int]) -> tuple[int, ...]:
        """Arrays read in parts: a call that makes zeros of the whole costs more than it adds."""
        return tuple(k for k in wrt if self._reads_parts(callee, k))

    def _reads_parts(self, callee: Routine, position: int) -> bool:
        if (callee, position) not in self._parts:
            self._parts[callee, position] = reads_parts(callee, position)
        return self._parts[callee, position]

    def _made(
        self, callee: Routine, wrt: tuple[int, ...], seeds: tuple[bool, ...]
    ) -> tuple[Routine, Routine]:
        results, pure = (*callee.results, Opaque()), is_pure_routine(callee)
        forward = Routine(f"{callee.name}__forward", callee.params, results, pure=pure)
        kept = (Var("kept", Opaque()),)
        backward = self._handle(callee, wrt, seeds, f"{callee.name}__backward", kept)
        self._pairs[callee, wrt, seeds] = forward, backward
        params = callee.function.params
        added_to = [params[k] for k in self.added_to(callee, wrt)]
        moving = [params[k] for k in wrt]
        found = differentiate(callee.function, moving, seeds, self, added_to)
        parts = split(self._improve(found.function), len(found.results), len(found.seeds))
        forward.define(replace(parts.forward, name=forward.name))
        backward.define(replace(_unpacking(parts), name=backward.name))
        return forward, backward


def _unpacking(parts: Split) -> Function:
    """The backward of what is kept, as one value."""
    kept, count = Var("kept", Opaque()), len(parts.residuals)
    residuals, seeds = parts.backward.params[:count], parts.backward.params[count:]
    unpack: tuple[Stmt, ...] = ()
    if count == 1:
        unpack = (Assign(residuals, Call(operator.getitem, (kept, Const(0)))),)
    elif count:
        unpack = (Assign(residuals, kept),)
    body = parts.backward.body
    body = Block((*unpack, *body.stmts), body.results)
    return replace(parts.backward, params=(kept, *seeds), body=body)
