"""What the interpretation of a call does besides making its value.

It may print or log, draw random numbers, call what cannot be read, or change memory that was there
before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.reached import same
from sorix.compiler.frontend.state import State
from sorix.compiler.frontend.values import Private
from sorix.compiler.ir.nodes import Assign, Block, Call, Effect, Method, Routine, Stmt, Var
from sorix.compiler.ir.routines import routines
from sorix.compiler.ir.types import TEXT, Opaque
from sorix.compiler.ir.walk import defined, statements


class Doings:
    """Made before a call is interpreted, and asked after it."""

    def __init__(self, it: Interpreter) -> None:
        self._it = it
        self._before = it.state.copy()
        # Where the run notes what is raised to a `try` around: no memory of the program's.
        self._notes = {c for h in it.tries for c in (*h.flags, *h.values)}
        self._written = {id(b): len(b.stmts) for b in (*it.outer_builders, it.builder)}

    def any(self) -> bool:
        """Whether the call did more than make its value, on any path."""
        states = (self._it.state, *(split.state for split in self._it.splits))
        return any(map(self._changes, states)) or self._acts()

    def _changes(self, state: State) -> bool:
        return any(
            not same(self._before.get(cell), state.get(cell))
            for cell in state.cells.apart(self._before.cells)
            if cell in self._before.cells
            if not isinstance(cell, Private) and cell not in self._notes
            if state.holds(cell) and self._before.holds(cell)
        )

    def _acts(self) -> bool:
        found = list(self._statements())
        return _act(found) or any(
            _act(statements(routine.function.body)) for routine in _defined_routines(found)
        )

    def _statements(self) -> Iterator[Stmt]:
        it = self._it
        for builder in (*it.outer_builders, it.builder, *(s.builder for s in it.splits)):
            new = builder.stmts[self._written.get(id(builder), 0) :]
            yield from chain.from_iterable([s, *_inside(s)] for s in new)


def _act(stmts: Iterable[Stmt]) -> bool:
    """Whether one of the statements does something itself, routines that it calls left aside."""
    made: set[Var] = set()
    for stmt in stmts:
        if isinstance(stmt, Effect) or _asks_an_object(stmt, made):
            return True
        made.update(defined(stmt))
    return False


def _defined_routines(stmts: list[Stmt]) -> list[Routine]:
    """The routines that are called, also by routines.

    One without a body yet is being interpreted: what it does is seen where it was called first.
    """
    values = [stmt.value for stmt in stmts if isinstance(stmt, Assign)]
    fns = [value.fn for value in values if isinstance(value, Call)]
    called = [fn for fn in fns if isinstance(fn, Routine) and fn.is_defined]
    reached = routines(*(routine.function for routine in called))
    return [r for r in dict.fromkeys((*called, *reached)) if r.is_defined]


def _inside(stmt: Stmt) -> Iterator[Stmt]:
    return (inner for inner in statements(Block((stmt,))) if inner is not stmt)


def _asks_an_object(stmt: Stmt, made: set[Var]) -> bool:
    """Whether a method is called of an object that was not made meanwhile."""
    call = stmt.value if isinstance(stmt, Assign) else None
    if not (isinstance(call, Call) and isinstance(call.fn, Method) and call.args):
        return False
    owner = call.args[0]
    if not isinstance(owner, Var) or owner in made:
        return False
    return isinstance(owner.type, Opaque) and owner.type != TEXT
