"""Which variables may share memory, after the updates that are already planned.

Requires: a verified function in which every ``Update`` is taken to write in place. Yields for
each variable the set of buffers it may *be* (a write to them changes its own elements) and those
it may *reach* (a write changes what is seen through it: of a list, the elements' buffers too).

Buffers are named by the statement that makes them, and by whether that was in the present
iteration of the loop around it or before: the array that each iteration makes anew is not the
one that it began with. Of a name that stands for many buffers all that is said holds. The sets
grow along every edge of the program until nothing changes, whatever the order of execution: more
sharing than there is may be reported, never less. Numbers have no buffer.

Buffers are numbers; in a loop a statement has two of them side by side, the higher one for what
it made in earlier iterations. ``UNKNOWN`` is memory that nothing is known of.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator

import numpy as np

from sorix.compiler.analyses.effects import is_pure
from sorix.compiler.ir.marks import computed
from sorix.compiler.ir.nodes import (
    UNDEFINED,
    Assign,
    Atom,
    Block,
    Call,
    Effect,
    For,
    Function,
    If,
    Pop,
    Push,
    Routine,
    Slc,
    Stmt,
    Tup,
    Update,
    Var,
    While,
)
from sorix.compiler.ir.types import NUMBERS, ListOf, Num, Type
from sorix.compiler.ir.walk import atom_vars, blocks, call_atoms, defined
from sorix.compiler.optimize.freshness import sharing
from sorix.support import list_add_at, list_append, list_pop, list_set

Buffers = frozenset[int]
NONE: Buffers = frozenset()
UNKNOWN: Buffers = frozenset({0})
_WITHOUT_BUFFER = (int, float, complex, str, bytes, type, type(None), np.generic, np.dtype)
_INSERTING: dict[object, int] = {list_append: 1, list_set: 2}


def is_number(type_: Type) -> bool:
    """Whether values of this type have no buffer: Python numbers and NumPy scalars."""
    return isinstance(type_, Num) and type_.kind in NUMBERS


class Aliases:
    """The buffers of every variable of a function."""

    def __init__(self, function: Function) -> None:
        self._count = len(UNKNOWN)
        self._is: dict[Var, Buffers] = {}
        self._holds: dict[Var, Buffers] = {}
        self._sites: dict[Var | Call, Buffers] = {}
        self._loop_of: dict[Var | Call, Stmt] = {}
        self._made_in: dict[Stmt, set[int]] = {}
        self._present: set[int] = set()
        self.external = UNKNOWN
        for param in function.params:
            if not is_number(param.type):
                buffer = self._new_buffer()
                self.external |= NONE if param in function.own else buffer
                self._is[param] = self._holds[param] = buffer
        self._stmts = tuple(_as_values_flow(function.body))
        self._note_loops(function.body, None)
        self._solve()

    def may_be(self, atom: Atom) -> Buffers:
        """The buffers the value may be."""
        return self._is.get(atom, NONE) if isinstance(atom, Var) else NONE

    def may_reach(self, atom: Atom) -> Buffers:
        """The buffers seen through the value."""
        if isinstance(atom, Var):
            return self._is.get(atom, NONE) | self._holds.get(atom, NONE)
        return NONE.union(*map(self.may_reach, atom_vars(atom)))

    def holders(self) -> Iterable[tuple[Var, Buffers]]:
        """Every variable with the buffers seen through it."""
        for var in self._is.keys() | self._holds.keys():
            yield var, self.may_reach(var)

    # --------------------------------------------------------------------- the fixpoint

    def _new_buffer(self) -> Buffers:
        self._count += 1
        return frozenset({self._count - 1})

    def _note_loops(self, block: Block, loop: Stmt | None) -> None:
        for stmt in block.stmts:
            if loop is not None:
                self._loop_of.update(dict.fromkeys(defined(stmt), loop))
                if isinstance(stmt, Assign | Update):
                    call = stmt.value if isinstance(stmt, Assign) else stmt.call
                    if isinstance(call, Call):
                        self._loop_of[call] = loop
            inside = stmt if isinstance(stmt, For | While) else loop
            for inner in blocks(stmt):
                self._note_loops(inner, inside)

    def _site(self, maker: Var | Call) -> Buffers:
        """What the statement makes in the present iteration."""
        if maker not in self._sites:
            buffer = self._sites[maker] = self._new_buffer()
            loop = self._loop_of.get(maker)
            if loop is not None:
                self._new_buffer()
                self._present |= buffer
                self._made_in.setdefault(loop, set()).update(buffer)
        return self._sites[maker]

    def _at_any_time(self, buffers: Buffers) -> Buffers:
        """The same buffers where it is not known when they are looked at."""
        return buffers.union(b + 1 for b in buffers & self._present)

    def _age(self, buffers: Buffers, loop: Stmt) -> Buffers:
        """The same buffers after an iteration of the loop."""
        made = buffers & self._made_in.get(loop, NONE)
        return (buffers - made).union(b + 1 for b in made)

    def _solve(self) -> None:
        # What flows forwards only is known after a round.
        again = any(map(_flows_back, self._stmts))
        self._changed = True
        while self._changed:
            self._changed = False
            for stmt in self._stmts:
                self._flow(stmt)
            self._changed &= again

    def _grow(self, var: Var, is_: Buffers, holds: Buffers = NONE) -> None:
        if is_number(var.type):
            return
        old_is, old_holds = self._is.get(var, NONE), self._holds.get(var, NONE)
        if isinstance(var.type, Num):
            is_, holds = is_ | holds, NONE
        if not (is_ <= old_is and holds <= old_holds):
            self._is[var], self._holds[var] = is_ | old_is, holds | old_holds
            self._changed = True

    def _hand_on(self, sources: Iterable[Atom], targets: Iterable[Var]) -> None:
        for source, target in zip(sources, targets, strict=True):
            self._copy(source, target)

    def _hand_on_later(
        self, sources: Iterable[Atom], targets: Iterable[Var], loop: For | While
    ) -> None:
        """What an iteration leaves, to the next one or to what follows the loop."""
        for source, target in zip(sources, targets, strict=True):
            if isinstance(source, Var):
                is_, holds = self._is.get(source, NONE), self._holds.get(source, NONE)
                self._grow(target, self._age(is_, loop), self._age(holds, loop))
            else:
                self._copy(source, target)

    def _copy(self, source: Atom, target: Var) -> None:
        if isinstance(source, Var):
            self._grow(target, self._is.get(source, NONE), self._holds.get(source, NONE))
        elif isinstance(source, Tup | Slc):
            reached = self.may_reach(source)
            self._grow(target, self._at_any_time(self._site(target)), self._at_any_time(reached))
        elif not (source is UNDEFINED or isinstance(source.value, _WITHOUT_BUFFER)):
            self._grow(target, UNKNOWN, UNKNOWN)

    def _flow(self, stmt: Stmt) -> None:
        if isinstance(stmt, Assign) and isinstance(stmt.value, Call):  # most statements are
            self._call(stmt.value, stmt.targets)
            return
        match stmt:
            case Assign(targets=(target,)):
                assert not isinstance(stmt.value, Call)
                self._copy(stmt.value, target)
            case Assign(value=Tup() as display):
                self._hand_on(display.items, stmt.targets)
            case Assign():
                reached = self.may_reach(stmt.value)  # type: ignore[arg-type]
                for target in stmt.targets:
                    self._grow(target, reached, reached)
            case If():
                self._hand_on(stmt.then.results, stmt.outs)
                self._hand_on(stmt.orelse.results, stmt.outs)
            case For() | While():
                for targets in (stmt.params, stmt.outs):
                    self._hand_on(stmt.inits, targets)
                    self._hand_on_later(stmt.body.results, targets, stmt)
            case Push():
                self._grow(stmt.stack, NONE, self._at_any_time(self.may_reach(stmt.value)))
            case Pop():
                held = self._holds.get(stmt.stack, NONE)
                self._grow(stmt.target, held, held)
            case Update():
                self._update(stmt)
            case Effect():
                self._escape(stmt.call)

    def _call(self, call: Call, targets: tuple[Var, ...]) -> None:
        # A routine that is pure gives back what it is given, perhaps, but keeps none of it.
        if not is_pure(call):
            self._escape(call)
        elif all(is_number(target.type) for target in targets):
            return
        if call.fn in (list_append, list_set, list_add_at, list_pop):
            self._list_call(call, targets)
            return
        if call.fn is operator.getitem and _is_list(call.args[0]):
            self._list_item(call, targets[0])
            return
        if isinstance(call.fn, Routine) and call.fn.into:
            targets = self._written_by_callee(call, call.fn, targets)
        reached = NONE.union(*map(self.may_reach, _read_atoms(call)))
        for target in targets:
            kind = sharing(call, target.type)
            site = self._site(target) if not is_number(target.type) else NONE
            if kind == "fresh":
                # The elements of a new list may still be those of an old one.
                self._grow(target, site, NONE if isinstance(target.type, Num) else reached)
            else:
                extra = UNKNOWN if kind == "unknown" else NONE
                self._grow(target, site | reached | extra, reached | extra)

    def _written_by_callee(
        self, call: Call, callee: Routine, targets: tuple[Var, ...]
    ) -> tuple[Var, ...]:
        """What is returned of what the callee adds to is that, or new; yields the others."""
        for position, result in callee.into:
            site = self._site(targets[result])
            self._grow(targets[result], site | self.may_reach(call.args[position]))
        written = {result for _, result in callee.into}
        return tuple(var for k, var in enumerate(targets) if k not in written)

    def _list_call(self, call: Call, targets: tuple[Var, ...]) -> None:
        """The new list holds what the old one held, and what is put in."""
        held = self._held_after(call)
        self._grow(targets[0], self._site(targets[0]), held)
        for popped in targets[1:]:
            self._grow(popped, held, held)

    def _list_item(self, call: Call, target: Var) -> None:
        """An element is what the list holds, never the list; a slice is a new list."""
        items, index = call.args
        assert isinstance(items, Var)
        held = self._holds.get(items, NONE)
        self._grow(target, self._site(target) if isinstance(index, Slc) else held, held)

    def _held_after(self, call: Call) -> Buffers:
        old = call.args[0]
        if _is_list(old):
            assert isinstance(old, Var)
            held = self._holds.get(old, NONE)
        else:
            held = self.may_reach(old)
        if (position := _INSERTING.get(call.fn)) is not None:
            held |= self.may_reach(call.args[position])
        # The element that list_add_at makes, ``l[i] + v``, is a buffer of its own.
        return held | self._site(call) if call.fn is list_add_at else held

    def _update(self, stmt: Update) -> None:
        buffer = stmt.call.args[0]
        assert isinstance(buffer, Var)
        if isinstance(buffer.type, ListOf):
            held = self._held_after(stmt.call)
            self._grow(stmt.target, self._is.get(buffer, NONE), held)
            self._grow(buffer, NONE, held)
            if stmt.value is not None:
                self._grow(stmt.value, held, held)
        else:
            self._copy(buffer, stmt.target)

    def _escape(self, call: Call) -> None:
        """What an unknown callee was given it may keep, and be changed or read at any time."""
        if call.fn in (print, computed):
            return
        for atom in call_atoms(call):
            self.external |= self._at_any_time(self.may_reach(atom))


def _read_atoms(call: Call) -> Iterator[Atom]:
    """The operands that other results may share memory with: not what is only added to."""
    written = {k for k, _ in call.fn.into} if isinstance(call.fn, Routine) else ()
    yield from (atom for k, atom in enumerate(call.args) if k not in written)
    yield from (atom for _, atom in call.kwargs)


def _flows_back(stmt: Stmt) -> bool:
    """Whether the statement changes what variables before it hold or may be."""
    if isinstance(stmt, Update):
        return isinstance(stmt.target.type, ListOf)
    return isinstance(stmt, For | While)


def _as_values_flow(block: Block) -> Iterator[Stmt]:
    """Every statement of the block; those with blocks after what is inside, loops before it, too.

    The order decides only how soon nothing changes: outer branches first, it would take as many
    rounds as branches are nested.
    """
    for stmt in block.stmts:
        if isinstance(stmt, For | While):
            yield stmt
        for inner in blocks(stmt):
            yield from _as_values_flow(inner)
        yield stmt


def may_share_buffers(block: Block) -> bool:
    """Whether there are results enough for two to be one buffer."""
    return sum(isinstance(r, Var) and _is_array(r.type) for r in block.results) > 1


def results_sharing_buffers(block: Block, aliases: Aliases) -> list[int]:
    """The positions of results that may be the same buffer as an earlier one."""
    seen, found = NONE, []
    for position, result in enumerate(block.results):
        buffers = aliases.may_be(result) - UNKNOWN
        if buffers & seen and isinstance(result, Var) and _is_array(result.type):
            found.append(position)
        else:
            seen |= buffers
    return found


def _is_list(atom: Atom) -> bool:
    return isinstance(atom, Var) and isinstance(atom.type, ListOf)


def _is_array(type_: Type) -> bool:
    return isinstance(type_, Num) and type_.kind == "array"
