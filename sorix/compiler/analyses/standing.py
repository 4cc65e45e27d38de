"""Which values read in loops still stand in the array when the loops are done.

In ::

    for i in range(1, n):
        x[i] = a * x[i - 1] + b[i]

each ``x[i - 1]`` is still there after the loop: what is written later has larger indices. So the
reverse sweep can read it from the array the loop leaves; it need not be recorded.

Requires single assignment and pure writes. Yields, for variables bound inside loops, a statement
that computes the same value from an array bound outside of all loops. These are

* reads ``x[idx]``, where no later write to x touches ``x[idx]``;
* values put in, ``x[idx] = v``, in the very block that binds v, where no later write does and x
  holds just what v is.

An array is followed where every iteration hands on what its writes made of it: a chain of `store`
and `add_at` from the carried variable to the result, through branches and inner loops. That two
places differ is proved from the bounds of the loops (`affine`): they are apart along one axis.
An index that may be negative could mean a place at the other end, so nothing is proved of it.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sorix.compiler.analyses.affine import Bounds, Form, Unknown, form_of
from sorix.compiler.analyses.places import Place, apart, places_of
from sorix.compiler.ir.infer import infer
from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Block,
    Call,
    Const,
    For,
    If,
    Stmt,
    Var,
    While,
)
from sorix.compiler.ir.types import Num
from sorix.compiler.ir.walk import blocks, bound_inside, defined, raises, statements
from sorix.support import add_at, store

Loop = For | While

MOST_CHECKS = 4000
"""How many pairs of a read and a write are looked at in one program."""


@dataclass(frozen=True, slots=True)
class _Write:
    """One write: where it is (all loops around, its place in the program), and to what."""

    loops: tuple[Loop, ...]
    position: int
    index: Atom


@dataclass
class _History:
    """The versions of one array inside one outermost loop, and the writes between them."""

    loops: dict[Var, tuple[Loop, ...]] = field(default_factory=dict)
    position: dict[Var, int] = field(default_factory=dict)
    writes: list[_Write] = field(default_factory=list)


def standing_values(stmts: Sequence[Stmt]) -> dict[Var, Assign]:
    """For values of loops, statements that read them from what the outermost loops leave."""
    found: dict[Var, Assign] = {}
    if not any(blocks(stmt) for stmt in stmts):
        return found
    program = _Program(stmts)
    for loop in _outermost_loops(stmts):
        for param, result, out in zip(loop.params, loop.body.results, loop.outs, strict=True):
            if isinstance(param.type, Num) and param.type.rank and out.type == param.type:
                history = _history(program, loop, param, result)
                if history is not None:
                    found.update(_standing(program, loop, history, out))
    return found


def _outermost_loops(stmts: Iterable[Stmt]) -> Iterator[Loop]:
    for stmt in stmts:
        if isinstance(stmt, For | While):
            yield stmt
        for block in blocks(stmt) if isinstance(stmt, If) else ():
            yield from _outermost_loops(block.stmts)


class _Program:
    """Where everything is defined."""

    def __init__(self, stmts: Sequence[Stmt]) -> None:
        self.maker: dict[Var, Stmt] = {}
        self.definition: dict[Var, Assign] = {}
        self.loops: dict[Var, tuple[Loop, ...]] = {}
        self.position: dict[Stmt, int] = {}
        self.home: dict[Var | Stmt, object] = {}
        self.checks = 0
        self._scan(stmts, (), None)

    def _scan(self, stmts: Iterable[Stmt], loops: tuple[Loop, ...], home: object) -> None:
        for stmt in stmts:
            self.position[stmt] = len(self.position)
            self.home[stmt] = home
            inner = loops
            if isinstance(stmt, For | While):
                inner = (*loops, stmt)
                self.loops.update(dict.fromkeys(bound_inside(stmt), inner))
                self.home.update(dict.fromkeys(bound_inside(stmt), stmt.body))
            for block in blocks(stmt):
                self._scan(block.stmts, inner, block)
            for var in defined(stmt):
                self.maker[var] = stmt
                self.loops[var] = loops
                self.home[var] = home
            if isinstance(stmt, Assign) and len(stmt.targets) == 1:
                self.definition[stmt.targets[0]] = stmt

    def form(self, atom: Atom, loop: Loop) -> Form | None:
        """An integer as a form in indices of loops and what does not change in the outermost."""

        def is_unknown(var: Var) -> bool:
            around = self.loops.get(var, ())
            return not around or around[0] is not loop or self.is_index(var)

        return form_of(atom, self.definition, is_unknown)

    def is_index(self, var: Var) -> bool:
        around = self.loops.get(var, ())
        return bool(around) and isinstance(around[-1], For) and around[-1].index is var


# ------------------------------------------------------------------------------- histories


def _history(program: _Program, loop: Loop, param: Var, result: Atom) -> _History | None:
    """The history of a carried array; None where it is replaced by another one on the way."""
    history = _History()
    history.loops[param] = (loop,)
    history.position[param] = program.position[loop]
    entry = _follow(program, loop.body, result, history)
    return history if entry is param and history.writes else None


def _follow(program: _Program, block: Block, result: Atom, history: _History) -> Var | None:
    """Back from a block's result to the variable from outside that it is a version of."""
    inside = {var: stmt for stmt in block.stmts for var in defined(stmt)}
    current = result
    while isinstance(current, Var) and current in inside:
        stmt = inside[current]
        history.loops[current] = program.loops[current]
        history.position[current] = program.position[stmt]
        before = _before(program, stmt, current, history)
        if before is None:
            return None
        current = before
    return current if isinstance(current, Var) else None


def _before(program: _Program, stmt: Stmt, version: Var, history: _History) -> Var | None:
    """The version that a statement made `version` from; notes the writes in between."""
    match stmt:
        case Assign(value=Call(fn=fn, args=(Var() as old, index, _), kwargs=())):
            if fn is not store and fn is not add_at:
                return None
            write = _Write(program.loops[version], program.position[stmt], index)
            history.writes.append(write)
            return old
        case Assign(value=Var() as old):
            return old
        case If():
            history.position[version] = _end(program, stmt)
            k = stmt.outs.index(version)
            entries = {
                _follow(program, block, block.results[k], history)
                for block in (stmt.then, stmt.orelse)
                if not raises(block)
            }
            return entries.pop() if len(entries) == 1 else None
        case For() | While() if version in stmt.outs:
            k = stmt.outs.index(version)
            param, init = stmt.params[k], stmt.inits[k]
            history.loops[param] = (*program.loops[version], stmt)
            history.position[param] = program.position[stmt]
            if _follow(program, stmt.body, stmt.body.results[k], history) is not param:
                return None
            # The loop stands before all that it contains, what it leaves after.
            history.position[version] = _end(program, stmt)
            return init if isinstance(init, Var) else None
    return None


def _end(program: _Program, stmt: Stmt) -> int:
    """The position of the last statement inside."""
    return max(program.position[inner] for inner in statements(Block((stmt,))))


# ---------------------------------------------------------------------------- what stands


def _standing(
    program: _Program, loop: Loop, history: _History, out: Var
) -> Iterator[tuple[Var, Assign]]:
    for stmt in statements(loop.body):
        read = _read(program, stmt)
        if read is None or read.version not in history.loops:
            continue
        if _stands(program, loop, history, read):
            call = Call(operator.getitem, (out, read.index))
            origin = getattr(program.maker.get(read.value), "origin", None)
            yield read.value, Assign((read.value,), call, origin)


@dataclass(frozen=True, slots=True)
class _Read:
    """A value that is ``version[index]``, in all these loops."""

    value: Var
    version: Var
    index: Atom
    loops: tuple[Loop, ...]


def _read(program: _Program, stmt: Stmt) -> _Read | None:
    """What a statement reads from an array, or puts into it."""
    match stmt:
        case Assign(targets=(target,), value=Call(args=(Var() as array, index)) as call):
            if call.fn is operator.getitem:
                return _Read(target, array, index, program.loops[target])
        case Assign(targets=(target,), value=Call(args=(_, index, Var() as value)) as call):
            if call.fn is store and program.home.get(value) is program.home[stmt]:
                if _holds(target, index, value):
                    return _Read(value, target, index, program.loops[target])
    return None


def _holds(array: Var, index: Atom, value: Var) -> bool:
    """Whether reading the place back gives just the value: its dtype, its shape."""
    read, put = infer(operator.getitem, (array, index), {}), value.type
    if not isinstance(read, Num) or not isinstance(put, Num):
        return False
    same = read.shape is not None and read.shape == put.shape and read.dtype == put.dtype
    return same and read.dtype is not None and read.kind == put.kind


def _stands(program: _Program, loop: Loop, history: _History, read: _Read) -> bool:
    """Whether no write after the version that is read touches what is read."""
    places = places_of(read.index, lambda atom: program.form(atom, loop))
    if all(place is None for place in places):
        return False
    return all(_never_meets(program, loop, history, read, places, w) for w in history.writes)


def _never_meets(
    program: _Program,
    loop: Loop,
    history: _History,
    read: _Read,
    places: list[Place | None],
    write: _Write,
) -> bool:
    """Whether a write, wherever it comes after the version, leaves the places alone."""
    program.checks += 1
    if program.checks > MOST_CHECKS:
        return False
    common = _common(history.loops[read.version], write.loops)
    # In the same iteration of all loops around both, or in a later one of one of them.
    moments: list[tuple[tuple[Loop, ...], Loop | None]] = [
        (common[:level], common[level]) for level in range(len(common))
    ]
    if write.position > history.position[read.version]:
        moments.append((common, None))
    written = places_of(write.index, lambda atom: program.form(atom, loop))
    return all(
        apart(places, written, *_known(program, loop, read, write, shared, later))
        for shared, later in moments
    )


def _common(a: tuple[Loop, ...], b: tuple[Loop, ...]) -> tuple[Loop, ...]:
    count = 0
    while count < min(len(a), len(b)) and a[count] is b[count]:
        count += 1
    return a[:count]


def _known(
    program: _Program,
    loop: Loop,
    read: _Read,
    write: _Write,
    shared: tuple[Loop, ...],
    later: Loop | None,
) -> tuple[Bounds, dict[Unknown, Unknown]]:
    """What is known of the indices at the read and at the write, and how those are called.

    The write is in the same iteration of the loops `shared`, in a later one of the loop `later`,
    and in any of the others around it.
    """
    bounds, names = Bounds(), dict[Unknown, Unknown]()
    for inner in read.loops:
        _introduce(program, loop, bounds, inner, {})
    for inner in write.loops[len(shared) :]:
        _introduce(program, loop, bounds, inner, names, after=inner is later)
    return bounds, names


def _introduce(
    program: _Program,
    loop: Loop,
    bounds: Bounds,
    inner: Loop,
    names: dict[Unknown, Unknown],
    after: bool | None = None,
) -> None:
    """Note what is known of a loop's index; `after` for a second index, of another iteration."""
    if not isinstance(inner, For):
        return
    step = inner.step.value if isinstance(inner.step, Const) else None
    if not isinstance(step, int) or step == 0:
        return
    start, stop = (program.form(atom, loop) for atom in (inner.start, inner.stop))
    first = [] if start is None else [start.renamed(names)]
    last = [] if stop is None else [stop.renamed(names).shifted(-1 if step > 0 else 1)]
    lower, upper = (first, last) if step > 0 else (last, first)
    index: Unknown = inner.index
    if after is not None:
        index = names[inner.index] = (inner.index, "later")
    if after:
        # The distance of two different indices is at least the step.
        own = Form(0, ((inner.index, 1),))
        if (step > 0) is not inner.backwards:
            lower = [own.shifted(abs(step)), *lower]
        else:
            upper = [own.shifted(-abs(step)), *upper]
    bounds.introduce(index, lower, upper)
