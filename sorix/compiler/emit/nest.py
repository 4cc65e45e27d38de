"""Which temporaries are printed inside the statement that uses them.

Requires: a verified function, updates planned. Yields a variable -> call mapping. A variable is
in it only if

* it is a temporary (`is_temporary`), or named on the very line of the user's that its use is on
  (by a function called there);
* its call is pure and its one use is in a later statement of the same block (or is the condition
  of a ``while``, or the one result of the function), which comes from the same line;
* nothing that stands between the two writes to memory the call may read (`aliases`);
* the statement stays within ``WIDTH`` columns and the expression within ``DEPTH`` levels.

So nothing is moved into a loop or a branch, and evaluation order changes among pure calls only.
"""

from __future__ import annotations

import operator
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from sorix.compiler.analyses.effects import is_pure
from sorix.compiler.emit.callees import BINARY, COMPARE, UNARY, is_support
from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Block,
    Call,
    Const,
    Effect,
    For,
    Function,
    If,
    Method,
    Origin,
    Pop,
    Push,
    Raise,
    Routine,
    Stmt,
    Tup,
    Update,
    Var,
    While,
)
from sorix.compiler.ir.types import ListOf, Num
from sorix.compiler.ir.walk import atom_vars, blocks, call_atoms, count_reads, stmt_atoms
from sorix.compiler.optimize.aliases import Aliases, is_number
from sorix.compiler.optimize.replacing import is_temporary
from sorix.compiler.optimize.updates import written_by_callee

WIDTH, DEPTH, NAMED_DEPTH = 88, 6, 3
_SUMS = (operator.add, operator.sub)
_BOUNDS = ("n", "stop", "span")
"""Names that the compiler gives to what a range needs."""
_SHAPE_ONLY = (np.size, np.shape, np.ndim)


def nest_temporaries(function: Function) -> dict[Var, Call]:
    """The variables to be printed inside their one use, with the calls that compute them."""
    counts = count_reads(function)
    nesting = _Nesting(counts, _repeated(function, counts), Aliases(function))
    nesting.block(function.body, indent=4)
    if len(function.body.results) == 1:
        nesting.results(function.body, indent=4)
    return nesting.nested


def _repeated(function: Function, counts: Counter[Var]) -> dict[Var, Call]:
    """Temporaries that cost nothing, printed wherever they are used.

    They are ``W.T`` of a parameter, whose buffer is never written to, ``k == 0`` of one that is a
    number, and ``not returned`` of a flag that is asked more than once. What they read is computed
    in its place: later it may be something else. Left out are those used in a loop they stand
    before.
    """
    found: dict[Var, tuple[Call, int]] = {}
    spoiled: set[Var] = set()
    todo: list[tuple[Block, int]] = [(function.body, 0)]
    while todo:
        block, depth = todo.pop()
        for stmt in block.stmts:
            if found:
                read = _vars(stmt_atoms(stmt))
                spoiled.update(v for v in read if v in found and found[v][1] < depth)
            if isinstance(stmt, Assign) and _costs_nothing(stmt, function, counts):
                assert isinstance(stmt.value, Call)
                found[stmt.targets[0]] = stmt.value, depth
            deeper = depth + isinstance(stmt, For | While)
            todo += [(inner, deeper) for inner in blocks(stmt)]
        spoiled.update(v for v in _vars(block.results) if v in found)
    return {var: call for var, (call, _) in found.items() if var not in spoiled}


_COST_NOTHING = frozenset({operator.not_, np.transpose, *COMPARE})


def _costs_nothing(stmt: Assign, function: Function, counts: Counter[Var]) -> bool:
    if not isinstance(stmt.value, Call) or stmt.value.fn not in _COST_NOTHING:
        return False
    match stmt:
        case Assign(
            targets=(target,), value=Call(args=(Var() as read, *others), kwargs=()) as call
        ):
            if call.fn is operator.not_:
                return is_number(read.type) and _is_unnamed(target) and counts[target] > 1
            kept = read in function.params and read not in function.own
            if not kept or not is_temporary(target):
                return False
            if call.fn in COMPARE:
                return is_number(read.type) and all(isinstance(atom, Const) for atom in others)
            return call.fn is np.transpose and not others
    return False


def _vars(atoms: Iterable[Atom]) -> Iterator[Var]:
    for atom in atoms:
        yield from atom_vars(atom)


@dataclass(slots=True)
class _Candidate:
    call: Call
    position: int
    origin: Origin | None
    width: int
    depth: int


@dataclass(frozen=True, slots=True)
class _Write:
    """What a statement may change: `lists` only lists, `buffer` the one variable written to."""

    position: int
    lists: bool
    buffer: Atom | None = None


class _Nesting:
    def __init__(self, counts: Counter[Var], everywhere: dict[Var, Call], aliases: Aliases) -> None:
        self._counts, self._aliases = counts, aliases
        self.nested = dict(everywhere)
        self._everywhere = everywhere
        self._sizes: dict[Var, tuple[int, int]] = {}
        for var, call in everywhere.items():
            self._sizes[var] = self._measure(call)

    def block(self, block: Block, indent: int) -> None:
        candidates: dict[Var, _Candidate] = {}
        writes: list[_Write] = []
        for position, stmt in enumerate(block.stmts):
            # The range is printed after the carried variables are bound, so it reads none of them.
            avoided = stmt.inits if isinstance(stmt, For) else ()
            if not self._is_repeated(stmt):
                self._nest_into(
                    stmt_operands(stmt), stmt, _room(stmt, indent), candidates, writes, avoided
                )
            writes += [_Write(position, lists, buffer) for lists, buffer in _written(stmt)]
            if not isinstance(stmt, Assign):
                self._inner_blocks(stmt, indent)
            self._note_candidate(stmt, position, candidates)
        self._last = candidates, writes

    def _is_repeated(self, stmt: Stmt) -> bool:
        return isinstance(stmt, Assign) and stmt.targets[0] in self._everywhere

    def results(self, block: Block, indent: int) -> None:
        """Nest into the results of the block just done."""
        candidates, writes = self._last
        self._nest_into(block.results, None, WIDTH - indent - 7, candidates, writes)

    def _inner_blocks(self, stmt: Stmt, indent: int) -> None:
        for inner in blocks(stmt):
            self.block(inner, indent + 4)
            if isinstance(stmt, While) and inner is stmt.test:
                self.results(inner, indent)

    def _note_candidate(self, stmt: Stmt, position: int, candidates: dict[Var, _Candidate]) -> None:
        if not (isinstance(stmt, Assign) and isinstance(stmt.value, Call)):
            return
        if len(stmt.targets) != 1:
            return
        target, call = stmt.targets[0], stmt.value
        if self._counts[target] == 1 and call.fn is not list and is_pure(call):
            width, depth = self._measure(call)
            candidates[target] = _Candidate(call, position, stmt.origin, width, depth + 1)

    def _nest_into(
        self,
        atoms: Iterable[Atom],
        stmt: Stmt | None,
        room: int,
        candidates: dict[Var, _Candidate],
        writes: list[_Write],
        avoided: tuple[Atom, ...] = (),
    ) -> None:
        """Nest what the atoms read, unless it reads one of the `avoided`."""
        atoms = tuple(atoms)
        read = [var for var in _vars(atoms) if var in candidates]
        if not read:
            return
        room -= sum(self._atom_size(atom)[0] + 2 for atom in atoms)
        # What has no name first: a named part of a sum may keep a line of its own.
        for var in sorted(read, key=lambda var: not is_temporary(var)):
            found = candidates[var]
            if not _may_join(var, found.call, found.origin, stmt):
                continue
            if avoided and any(leaf in avoided for leaf, _ in self._leaves(found.call)):
                continue
            growth = found.width + 2 - len(var.hint)
            depth = DEPTH if is_temporary(var) else NAMED_DEPTH
            if growth > room or found.depth > depth or self._disturbed(found, writes):
                continue
            room -= growth
            self.nested[var] = found.call
            self._sizes[var] = (found.width + 2, found.depth)

    def _disturbed(self, found: _Candidate, writes: list[_Write]) -> bool:
        if not writes or writes[-1].position <= found.position:
            return False
        after = bisect_right(writes, found.position, key=lambda write: write.position)
        between = writes[after:]
        return any(
            _may_change(write, leaf, shape_only, self._aliases)
            for leaf, shape_only in self._leaves(found.call)
            for write in between
        )

    def _leaves(self, call: Call) -> Iterator[tuple[Var, bool]]:
        """The named variables an expression reads, and whether only for their shape."""
        for atom in call_atoms(call):
            for var in atom_vars(atom):
                if var in self.nested:
                    yield from self._leaves(self.nested[var])
                else:
                    yield var, call.fn in _SHAPE_ONLY

    def _measure(self, call: Call) -> tuple[int, int]:
        """The columns and levels of a call, about."""
        sizes = [self._atom_size(atom) for atom in call_atoms(call)]
        width = sum(size for size, _ in sizes) + sum(len(name) + 1 for name, _ in call.kwargs)
        return width + _own_width(call), max((depth for _, depth in sizes), default=0)

    def _atom_size(self, atom: Atom) -> tuple[int, int]:
        if isinstance(atom, Var):
            return self._sizes.get(atom, (len(atom.hint), 0))
        if isinstance(atom, Const):
            value = atom.value
            return (len(getattr(value, "__name__", "")) or len(repr(value)), 0)
        if isinstance(atom, Tup):
            sizes = [self._atom_size(part) for part in atom.items]
            return sum(width + 2 for width, _ in sizes), _deepest(sizes)
        ends = (atom.start, atom.stop, atom.step)
        sizes = [self._atom_size(e) for e in ends if not (isinstance(e, Const) and e.value is None)]
        return 1 + sum(width for width, _ in sizes), _deepest(sizes)


def _deepest(sizes: list[tuple[int, int]]) -> int:
    return max((depth for _, depth in sizes), default=0)


def stmt_operands(stmt: Stmt) -> tuple[Atom, ...]:
    """The atoms of the statement's line that are printed once and are not written to."""
    match stmt:
        case Update():
            args = stmt.call.args[1:]
            return args[1:] if is_support(stmt.call.fn, "list_add_at") else args
        case Push():
            return (stmt.value,)
        case Pop():
            return ()
        case For() if stmt.trips is not None and not stmt.until:
            return stmt.inits
    return stmt_atoms(stmt)


def _room(stmt: Stmt, indent: int) -> int:
    match stmt:
        case Assign():
            return (
                WIDTH - indent - sum(len(var.hint) + 2 for var in stmt.targets) - _line_width(stmt)
            )
        case Update():
            return WIDTH - indent - len(stmt.target.hint) - 8
        case For() | While():
            return WIDTH - indent - 20
        case _:
            return WIDTH - indent - 10


def _line_width(stmt: Assign) -> int:
    return _own_width(stmt.value) if isinstance(stmt.value, Call) else 0


_WIDTHS: dict[object, int] = {
    **dict.fromkeys((*BINARY, *COMPARE), 3),
    **dict.fromkeys(UNARY, 1),
    operator.getitem: 2,
    np.transpose: 2,
    np.size: 7,
}


def _own_width(call: Call) -> int:
    """The columns a call takes besides its arguments, about."""
    if (width := _WIDTHS.get(call.fn)) is not None:
        return width
    name = call.fn.name if isinstance(call.fn, Method | Routine) else call.fn.__name__
    return len(name) + 3 + 2 * len(call.args)


def _may_join(var: Var, call: Call, inner: Origin | None, stmt: Stmt | None) -> bool:
    """Whether no name of the user's and nothing of where things come from is lost.

    Of a reverse sweep the names are kept, but not where a value computed again comes from, nor of
    one part of a cotangent when another is added. What a call is given, and what it gives back,
    may stand in lines of the callee and the caller.
    """
    outer = None if stmt is None else stmt.origin
    if isinstance(stmt, For) and var.hint in _BOUNDS:
        return inner is None or inner.adjoint or inner == outer
    if _is_unnamed(var):
        if inner is None or outer is None or outer.adjoint:
            return True
        return inner == outer or inner in outer.way or outer in inner.way
    if inner is None or inner != outer:
        return False
    return not inner.adjoint or _is_first_part(var, call, stmt)


def _is_unnamed(var: Var) -> bool:
    """Whether the name is the compiler's own."""
    return is_temporary(var) or var.hint in ("result", "going")


def _is_first_part(var: Var, call: Call, stmt: Stmt | None) -> bool:
    """Whether the statement adds to the variable, and the sum is called as it is.

    What adds already to a variable of that name is better read as ``x += y``.
    """
    match stmt:
        case Assign(targets=(target,), value=Call(fn=fn)) if target.hint == var.hint:
            adds = call.fn in _SUMS and any(v.hint == var.hint for v in _vars(call.args))
            return fn in _SUMS and not adds
    return False


def _written(stmt: Stmt) -> Iterator[tuple[bool, Atom | None]]:
    """What the statement, blocks inside included, may change in memory."""
    match stmt:
        case Update():
            buffer = stmt.call.args[0]
            yield isinstance(buffer, Var) and isinstance(buffer.type, ListOf), buffer
        case Push() | Pop():
            yield True, stmt.stack
        case Effect():
            yield False, None
        case Assign(value=Call() as call):
            for _, position in written_by_callee(stmt):
                yield False, call.args[position]
            if not is_pure(call):
                yield False, None
        case Raise():
            return
        case If() | For() | While():
            for block in blocks(stmt):
                for inner in block.stmts:
                    yield from _written(inner)


def _may_change(write: _Write, leaf: Var, shape_only: bool, aliases: Aliases) -> bool:
    if write.buffer is leaf:
        return True
    if isinstance(leaf.type, Num) and (shape_only or write.lists or is_number(leaf.type)):
        return False
    if write.buffer is None:
        return True
    # A parameter's buffer is never written to, so two that are one array do no harm here.
    return bool(aliases.may_reach(write.buffer) & aliases.may_reach(leaf))
