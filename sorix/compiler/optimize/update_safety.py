"""Which updates of a planned function write into something that is seen elsewhere.

Requires a function with its updates in place, and its `Aliases`. Yields the updates that break a
condition stated in `plan_updates`, with what stands in their way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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


def unsafe_updates(
    function: Function, aliases: Aliases, safe: frozenset[Var]
) -> dict[Var, set[Var]]:
    """The targets of unsafe updates, each with the live variables that alone stand in its way.

    Where something else does (a buffer that is not ours), there are none. The targets in `safe`
    are not looked at: their buffer was made by the statement before.
    """
    return _Check(aliases, safe).function(function)


class _Check:
    """Walks a planned function backwards with the live variables; notes the unsafe updates."""

    def __init__(self, aliases: Aliases, safe: frozenset[Var]) -> None:
        self._aliases, self._safe = aliases, safe
        self._refused: dict[Var, set[Var]] = {}
        self._reached_by: dict[int, list[Var]] = {}
        self._reached: dict[Var, Buffers] = {}

    def function(self, function: Function) -> dict[Var, set[Var]]:
        """The targets of unsafe updates, with the live variables that alone stand in the way."""
        written = NONE.union(*map(self._written, statements(function.body)))
        for var, buffers in self._aliases.holders():
            for buffer in buffers & written:
                self._reached_by.setdefault(buffer, []).append(var)
                self._reached[var] = buffers
        self._seeing = set(self._reached)
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
            self._refused[target] = set()
        elif blockers:
            self._refused[target] = blockers

    def _seen_by(self, buffers: Buffers, live: set[Var]) -> set[Var]:
        """The live variables that reach one of the buffers."""
        reaching = [self._reached_by.get(buffer, []) for buffer in buffers]
        if sum(map(len, reaching)) < len(live):
            return {var for each in reaching for var in each if var in live}
        return {var for var in live if not buffers.isdisjoint(self._reached[var])}

    def _overlaps(self, call: Call, buffers: Buffers) -> bool:
        """Whether an operand reaches the buffer in a way NumPy does not take care of."""
        operands = call.args[1:]
        if call.fn in SUMS or (call.fn in ARRAY_WRITES and is_basic(operands[0])):
            return False
        return any(self._aliases.may_reach(operand) & buffers for operand in operands)


def _read(atoms: Iterable[Atom]) -> Iterator[Var]:
    for atom in atoms:
        yield from atom_vars(atom)
