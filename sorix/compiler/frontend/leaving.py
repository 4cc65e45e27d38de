"""Loops that are written out and that the run may leave early, where each way out goes on alone.

Where the ways out of such a loop meet, a list may have rows of other lengths on each, as a table
has that grows until its last entries agree: it has no one structure then. Where it is read, the
loop is interpreted again with the rest of its block in each way, so that it is known there how
often the loop went round.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sorix.compiler.frontend import branching, conditions
from sorix.compiler.frontend.frames import Exits
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.remaining import Nodes
from sorix.compiler.ir.nodes import Atom, Const, Var

WAYS = 64
"""So many ways out of loops may go apart in a function."""


class Leaving:
    """How a loop is left: the ways out meet, or each of them goes on with the rest of the block."""

    def __init__(
        self, it: Interpreter, node: Any, rest: Nodes, or_else: Callable[[Atom], None]
    ) -> None:
        self._it, self._rest, self._or_else = it, rest, or_else
        self._key = conditions.parting(it, node) if rest else None
        self.apart = bool(rest) and self._key in it.inputs.demanded
        self.done = False

    def part(self, exits: Exits, going: Atom, again: Callable[[], None]) -> None:
        """Go round again, or leave, as the run decides."""
        it = self._it
        if not self.apart:
            if self._rest:
                it.leavable[self._key] = None
            branching.branch(it, going, again, lambda: None)
            return
        flags = [it.frame.returned, exits.broke]

        def on() -> None:
            _settle(it, flags, False)
            again()

        def out() -> None:
            _settle(it, flags, True)
            self.finish(exits)

        branching.branch(it, going, on, out)

    def after_the_last(self, exits: Exits, status: Atom) -> None:
        """The last iteration may have left the loop, or the loop has come to its end."""
        if self.apart:
            self.part(exits, self._it.negate(status), lambda: self.finish(exits))

    def finish(self, exits: Exits) -> None:
        """Where the loop has ended, go on with the rest of the block if the ways went apart."""
        if not self.apart:
            return
        it, self.done = self._it, True
        it.count_way(WAYS)
        it.frame.loops.pop()
        try:
            self._or_else(it.state.get(exits.broke))
            _go_on(it, self._rest)
        finally:
            it.frame.loops.append(exits)
        it.put(exits.broke, Const(False))
        it.put(exits.continued, Const(False))


def _go_on(it: Interpreter, rest: Nodes) -> None:
    status = it.exit_status()
    if not isinstance(status, Const):
        branching.branch(it, it.negate(status), lambda: it.execute(rest), lambda: None)
    elif not status.value:
        it.execute(rest)


def _settle(it: Interpreter, flags: list[Any], left: bool) -> None:
    """Let a way know that the loop was left, if one flag alone can say so, or that it was not."""
    unknown = [cell for cell in flags if isinstance(it.state.get(cell), Var)]
    if not left or len(unknown) == 1:
        for cell in unknown:
            it.put(cell, Const(left))
