"""Which updates of a planned function write into something that is seen elsewhere.

Requires a function with its updates in place, and its `Aliases`. Yields the updates that break a
condition stated in `plan_updates`, with what stands in their way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sorix.compiler.ir.nodes import Atom, Block, Call, For, Function, If, Stmt, Update, Var, While
from sorix.compiler.ir.walk import (
    atom_vars,
    blocks,
    bound_inside,
    defined,
    free_variables,
    statements,
    stmt_vars,
)
from sorix.compiler.optimize.aliases import NONE, Aliases, Buffers
from sorix.compiler.optimize.freshness import is_basic
from sorix.compiler.optimize.updates import ARRAY_WRITES, SUMS, written_by_callee

Clear = Callable[[Var, set[Var]], bool]
"""Whether the live variables that alone stand in the way of an update may be got out of it."""


def unsafe_updates(
    function: Function, aliases: Aliases, safe: frozenset[Var], clear: Clear
) -> dict[Var, bool]:
    """The targets of unsafe updates, each with whether what stands in its way may be cleared.

    `clear` is asked where live variables alone do, and not something else (a buffer that is not
    ours). The targets in `safe` are not looked at: their buffer was made by the statement before.
    """
    return _Check(aliases, safe, clear).function(function)


class _Check:
    """Walks a planned function backwards with the live variables; notes the unsafe updates."""

    def __init__(self, aliases: Aliases, safe: frozenset[Var], clear: Clear) -> None:
        self._aliases, self._safe, self._clear = aliases, safe, clear
        self._refused: dict[Var, bool] = {}
        self._reached_by: dict[int, set[Var]] = {}

    def function(self, function: Function) -> dict[Var, bool]:
        """The targets of unsafe updates, with whether what stands in the way may be cleared."""
        written = NONE.union(*map(self._written, statements(function.body)))
        for var, buffers in self._aliases.holders():
            for buffer in buffers & written:
                self._reached_by.setdefault(buffer, set()).add(var)
        self._seeing: set[Var] = set().union(*self._reached_by.values())
        self._block(function.body, set())
        return self._refused

    def _written(self, stmt: Stmt) -> Buffers:
        """The buffers that the statement itself may write into."""
        if isinstance(stmt, Update):
            return self._aliases.may_be(stmt.call.args[0])
        args = [stmt.value.args[k] for _, k in written_by_callee(stmt)]  # type: ignore[union-attr]
        return NONE.union(*map(self._aliases.may_be, args))

    def _block(self, block: Block, live: set[Var]) -> set[Var]:
        live = live | self._seeing.intersection(_read(block.results))
        for stmt in reversed(block.stmts):
            live = self._stmt(stmt, live)
        return live

    def _stmt(self, stmt: Stmt, live: set[Var]) -> set[Var]:
        """The variables live before a statement, of those that see what is written."""
        live.difference_update(defined(stmt))
        if isinstance(stmt, Update) and stmt.target not in self._safe:
            self._update(stmt, live)
        for target, position in written_by_callee(stmt):
            if target not in self._safe:
                self._written_by_callee(stmt, target, position, live)
        if isinstance(stmt, If):
            live = self._block(stmt.then, live) | self._block(stmt.orelse, live)
        elif isinstance(stmt, For | While):
            live = self._loop(stmt, live)
        if self._seeing:
            live |= self._seeing.intersection(stmt_vars(stmt))
        return live

    def _loop(self, stmt: For | While, live: set[Var]) -> set[Var]:
        through = live | self._seeing.intersection(free_variables(*blocks(stmt)))
        through.difference_update(bound_inside(stmt))
        at_end = self._block(stmt.body, set(through))
        if isinstance(stmt, While):
            # Where the test fails, the carried variables are what the loop leaves.
            self._block(stmt.test, at_end | through | self._seeing.intersection(stmt.params))
        return through

    def _update(self, stmt: Update, live: set[Var]) -> None:
        buffers = self._aliases.may_be(stmt.call.args[0])
        self._write(stmt.target, buffers, self._overlaps(stmt.call, buffers), live)

    def _written_by_callee(self, stmt: Stmt, target: Var, position: int, live: set[Var]) -> None:
        args = stmt.value.args  # type: ignore[union-attr]
        buffers = self._aliases.may_be(args[position])
        others = (self._aliases.may_reach(arg) for k, arg in enumerate(args) if k != position)
        self._write(target, buffers, any(reached & buffers for reached in others), live)

    def _write(self, target: Var, buffers: Buffers, overlaps: bool, live: set[Var]) -> None:
        blockers = self._seen_by(buffers, live)
        owned = buffers and not buffers & self._aliases.external
        if not owned or overlaps:
            self._refused[target] = False
        elif blockers:
            self._refused[target] = self._clear(target, blockers)

    def _seen_by(self, buffers: Buffers, live: set[Var]) -> set[Var]:
        """The live variables that reach one of the buffers."""
        found: set[Var] = set()
        for buffer in buffers:
            found |= live & self._reached_by.get(buffer, set())
        return found

    def _overlaps(self, call: Call, buffers: Buffers) -> bool:
        """Whether an operand reaches the buffer in a way NumPy does not take care of."""
        operands = call.args[1:]
        if call.fn in SUMS or (call.fn in ARRAY_WRITES and is_basic(operands[0])):
            return False
        return any(self._aliases.may_reach(operand) & buffers for operand in operands)


def _read(atoms: Iterable[Atom]) -> Iterator[Var]:
    for atom in atoms:
        yield from atom_vars(atom)
