"""Where each variable's value must still be in its name: live ranges of a structured program.

Requires: a verified function, and the set of variables that are printed inside the statement
that uses them (``nested``); they have no name, and what they read is read at that statement.

Yields, by `interfere(u, v)`, whether u and v need different names. In single-assignment form
two variables do so if one is live where the other is defined, or both are defined at once.
No live sets are stored: a variable keeps its few uses, and a use inside a loop that the
definition is outside of counts as a use at the end of that loop.

The storage of a loop's carried variable is written where the loop starts and where an iteration
ends. What is live at the second place is live at the first as well, so the first suffices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Block,
    Call,
    For,
    Function,
    If,
    Stmt,
    Update,
    Var,
    While,
)
from sorix.compiler.ir.walk import atom_vars, call_atoms, defined, stmt_atoms


@dataclass(slots=True, eq=False)
class Region:
    """A block, or a loop as a whole; `branch` tells the two branches of one ``If`` apart."""

    parent: Region | None
    depth: int
    merge: object = None

    def inside(self, merge: object = None) -> Region:
        return Region(self, self.depth + 1, merge)


Point = tuple[int, Region]


@dataclass(slots=True)
class _Range:
    start: int
    region: Region
    uses: list[Point] = field(default_factory=list)
    last: int = 0


class Ranges:
    """The live ranges of every named variable of a function."""

    def __init__(self, function: Function, nested: Mapping[Var, Call]) -> None:
        self._nested = nested
        self._ranges: dict[Var, _Range] = {}
        self._clock = 0
        self._used: list[dict[Var, None]] = [{}]
        root = Region(None, 0)
        self._define(function.params, root)
        self._block(function.body, root)

    def __iter__(self) -> Iterator[Var]:
        """The named variables, in the order of their definition."""
        return iter(self._ranges)

    def start(self, var: Var) -> int:
        return self._ranges[var].start

    def last(self, var: Var) -> int:
        """The last point at which the variable may be live, other branches included."""
        return self._ranges[var].last

    def interfere(self, u: Var, v: Var) -> bool:
        """Whether the two may not share a name."""
        first, second = self._ranges[u], self._ranges[v]
        if first.start > second.start:
            first, second = second, first
        if first.start == second.start:
            return u is not v
        if first.last <= second.start:
            return False
        for use, region in reversed(first.uses):
            if use <= second.start:
                return False
            if not _exclusive(second.region, region):
                return True
        return False

    # ------------------------------------------------------------------ construction

    def _tick(self) -> int:
        self._clock += 1
        return self._clock

    def _define(self, variables: Iterable[Var], region: Region) -> None:
        now = self._tick()
        for var in variables:
            self._ranges[var] = _Range(now, region, last=now)

    def _use(self, atoms: Iterable[Atom], region: Region) -> None:
        now = self._tick()
        for atom in atoms:
            for var in atom_vars(atom):
                self._use_var(var, now, region)

    def _use_var(self, var: Var, now: int, region: Region) -> None:
        call = self._nested.get(var)
        if call is None:
            self._ranges[var].uses.append((now, region))
            self._ranges[var].last = now
            self._used[-1][var] = None
            return
        for atom in call_atoms(call):
            for leaf in atom_vars(atom):
                self._use_var(leaf, now, region)

    def _block(self, block: Block, region: Region) -> None:
        for stmt in block.stmts:
            self._stmt(stmt, region)
        self._use(block.results, region)

    def _stmt(self, stmt: Stmt, region: Region) -> None:
        match stmt:
            case Assign(targets=(target,)) if target in self._nested:
                return
            case If():
                self._use([stmt.cond], region)
                self._block(stmt.then, region.inside(merge=stmt))
                self._block(stmt.orelse, region.inside(merge=stmt))
                self._define(stmt.outs, region)
            case For() | While():
                self._loop(stmt, region)
            case Update():
                self._use(stmt_atoms(stmt), region)
                self._define(defined(stmt), region)
            case _:
                self._use(stmt_atoms(stmt), region)
                self._define(defined(stmt), region)

    def _loop(self, stmt: For | While, region: Region) -> None:
        self._use(stmt.inits, region)
        loop = region.inside()
        self._used.append({})
        self._define(stmt.params, loop)
        if stmt.trips is not None:
            # The counter is written beside the carried variables and lives through the loop.
            self._ranges[stmt.trips] = _Range(self._clock, region, last=self._clock)
        if isinstance(stmt, For):
            self._use((stmt.start, stmt.stop, stmt.step), region)
            body = loop.inside()
            self._define([stmt.index], body)
        else:
            test = loop.inside()
            self._block(stmt.test, test)
            # The loop is left here with the carried variables as its results.
            self._use(stmt.params if stmt.outs else (), test)
            body = loop.inside()
        self._block(stmt.body, body)
        if isinstance(stmt, For) and stmt.index.hint != "_":
            # To the end of the body, so that a loop inside does not take the same name.
            self._use([stmt.index], body)
        if stmt.trips is not None:
            self._use([stmt.trips], body)
        self._extend_uses(loop, region)
        self._define(stmt.outs, region)

    def _extend_uses(self, loop: Region, outside: Region) -> None:
        """Uses in the loop of what is defined outside of it last to the end of the loop."""
        end = self._tick()
        for var in self._used.pop():
            found = self._ranges[var]
            if not _contains(loop, found.region):
                found.uses.append((end, outside))
                found.last = end
                self._used[-1][var] = None


def handed_on(stmt: Stmt) -> Iterator[tuple[Var, Atom]]:
    """The values that a branch merge or loop hands from one variable to another."""
    match stmt:
        case If():
            yield from zip(stmt.outs, stmt.then.results, strict=True)
            yield from zip(stmt.outs, stmt.orelse.results, strict=True)
        case For() | While():
            yield from zip(stmt.params, stmt.body.results, strict=True)
            yield from zip(stmt.outs, stmt.params, strict=True)
            yield from zip(stmt.params, stmt.inits, strict=True)


def _contains(outer: Region, inner: Region) -> bool:
    return _at_depth(inner, outer.depth) is outer


def _exclusive(a: Region, b: Region) -> bool:
    """Whether the two lie in different branches of one ``If``."""
    a, b = _at_depth(a, b.depth), _at_depth(b, a.depth)
    while a is not b:
        if a.parent is b.parent:
            return a.merge is not None and a.merge is b.merge
        assert a.parent is not None and b.parent is not None
        a, b = a.parent, b.parent
    return False


def _at_depth(region: Region, depth: int) -> Region:
    while region.depth > depth and region.parent is not None:
        region = region.parent
    return region
