"""Which variables may share memory, after the updates that are already planned.

Requires: a verified function in which every ``Update`` is taken to write in place. Yields for
each variable the set of buffers it may *be* (a write to them changes its own elements) and those
it may *reach* (a write changes what is seen through it: of a list, the elements' buffers too).

Buffers are named by the statement that makes them, and by whether that was in the present
iteration of the loop around it or before: the array that each iteration makes anew is not the
one that it began with. Of a name that stands for many buffers all that is said holds. The sets
grow along every edge of the program until nothing changes, whatever the order of execution: more
sharing than there is may be reported, never less. Numbers have no buffer.

Sets are integers, one bit a buffer; a statement has two bits side by side, the higher one for
what it made in earlier iterations. ``UNKNOWN`` is the bit of memory nothing is known of.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator

import numpy as np

from sorix.compiler.analyses.effects import is_pure
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
    Method,
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

UNKNOWN = 1
_WITHOUT_BUFFER = (int, float, complex, str, bytes, type, type(None), np.generic, np.dtype)
_INSERTING = {list_append: 1, list_set: 2}


def is_number(type_: Type) -> bool:
    """Whether values of this type have no buffer: Python numbers and NumPy scalars."""
    return isinstance(type_, Num) and type_.kind in NUMBERS


class Aliases:
    """The buffers of every variable of a function."""

    def __init__(self, function: Function) -> None:
        self._bits = 1
        self._is: dict[Var, int] = {}
        self._holds: dict[Var, int] = {}
        self._sites: dict[Var | Call, int] = {}
        self._loop_of: dict[Var | Call, Stmt] = {}
        self._made_in: dict[Stmt, int] = {}
        self._present = 0
        self.external = UNKNOWN
        for param in function.params:
            if not is_number(param.type):
                bit = self._new_bit()
                self.external |= 0 if param in function.own else bit
                self._is[param] = self._holds[param] = bit
        self._stmts = tuple(_as_values_flow(function.body))
        self._note_loops(function.body, None)
        self._solve()

    def may_be(self, atom: Atom) -> int:
        """The buffers the value may be."""
        return self._is.get(atom, 0) if isinstance(atom, Var) else 0

    def may_reach(self, atom: Atom) -> int:
        """The buffers seen through the value."""
        if isinstance(atom, Var):
            return self._is.get(atom, 0) | self._holds.get(atom, 0)
        reached = 0
        for var in atom_vars(atom):
            reached |= self.may_reach(var)
        return reached

    def holders(self) -> Iterable[tuple[Var, int]]:
        """Every variable with the buffers seen through it."""
        for var in self._is.keys() | self._holds.keys():
            yield var, self.may_reach(var)

    # --------------------------------------------------------------------- the fixpoint

    def _new_bit(self) -> int:
        self._bits += 1
        return 1 << (self._bits - 1)

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

    def _site(self, maker: Var | Call) -> int:
        """What the statement makes in the present iteration."""
        if maker not in self._sites:
            bit = self._sites[maker] = self._new_bit()
            loop = self._loop_of.get(maker)
            if loop is not None:
                self._new_bit()
                self._present |= bit
                self._made_in[loop] = self._made_in.get(loop, 0) | bit
        return self._sites[maker]

    def _at_any_time(self, buffers: int) -> int:
        """The same buffers where it is not known when they are looked at."""
        return buffers | (buffers & self._present) << 1

    def _age(self, buffers: int, loop: Stmt) -> int:
        """The same buffers after an iteration of the loop."""
        made = buffers & self._made_in.get(loop, 0)
        return buffers & ~made | made << 1

    def _solve(self) -> None:
        self._changed = True
        while self._changed:
            self._changed = False
            for stmt in self._stmts:
                self._flow(stmt)

    def _grow(self, var: Var, is_: int, holds: int = 0) -> None:
        if is_number(var.type):
            return
        old_is, old_holds = self._is.get(var, 0), self._holds.get(var, 0)
        if isinstance(var.type, Num):
            is_, holds = is_ | holds, 0
        if is_ | old_is != old_is or holds | old_holds != old_holds:
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
                is_, holds = self._is.get(source, 0), self._holds.get(source, 0)
                self._grow(target, self._age(is_, loop), self._age(holds, loop))
            else:
                self._copy(source, target)

    def _copy(self, source: Atom, target: Var) -> None:
        if isinstance(source, Var):
            self._grow(target, self._is.get(source, 0), self._holds.get(source, 0))
        elif isinstance(source, Tup | Slc):
            reached = self.may_reach(source)
            self._grow(target, self._at_any_time(self._site(target)), self._at_any_time(reached))
        elif not (source is UNDEFINED or isinstance(source.value, _WITHOUT_BUFFER)):
            self._grow(target, UNKNOWN, UNKNOWN)

    def _flow(self, stmt: Stmt) -> None:
        match stmt:
            case Assign(value=Call() as call):
                self._call(call, stmt.targets)
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
                self._grow(stmt.stack, 0, self._at_any_time(self.may_reach(stmt.value)))
            case Pop():
                held = self._holds.get(stmt.stack, 0)
                self._grow(stmt.target, held, held)
            case Update():
                self._update(stmt)
            case Effect():
                self._escape(stmt.call)

    def _call(self, call: Call, targets: tuple[Var, ...]) -> None:
        # A routine that is pure gives back what it is given, perhaps, but keeps none of it.
        if isinstance(call.fn, Method) or not is_pure(call):
            self._escape(call)
        if call.fn in (list_append, list_set, list_add_at, list_pop):
            self._list_call(call, targets)
            return
        if call.fn is operator.getitem and _is_list(call.args[0]):
            self._list_item(call, targets[0])
            return
        if isinstance(call.fn, Routine) and call.fn.into:
            targets = self._written_by_callee(call, call.fn, targets)
        reached = 0
        for atom in _read_atoms(call):
            reached |= self.may_reach(atom)
        for target in targets:
            kind = sharing(call, target.type)
            site = self._site(target) if not is_number(target.type) else 0
            if kind == "fresh":
                # The elements of a new list may still be those of an old one.
                self._grow(target, site, 0 if isinstance(target.type, Num) else reached)
            else:
                extra = UNKNOWN if kind == "unknown" else 0
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
        held = self._holds.get(items, 0)
        self._grow(target, self._site(target) if isinstance(index, Slc) else held, held)

    def _held_after(self, call: Call) -> int:
        old = call.args[0]
        if _is_list(old):
            assert isinstance(old, Var)
            held = self._holds.get(old, 0)
        else:
            held = self.may_reach(old)
        if (position := _INSERTING.get(call.fn)) is not None:  # type: ignore[arg-type]
            held |= self.may_reach(call.args[position])
        # The element that list_add_at makes, ``l[i] + v``, is a buffer of its own.
        return held | self._site(call) if call.fn is list_add_at else held

    def _update(self, stmt: Update) -> None:
        buffer = stmt.call.args[0]
        assert isinstance(buffer, Var)
        if isinstance(buffer.type, ListOf):
            held = self._held_after(stmt.call)
            self._grow(stmt.target, self._is.get(buffer, 0), held)
            self._grow(buffer, 0, held)
            if stmt.value is not None:
                self._grow(stmt.value, held, held)
        else:
            self._copy(buffer, stmt.target)

    def _escape(self, call: Call) -> None:
        """What an unknown callee was given it may keep, and be changed or read at any time."""
        if call.fn is print:
            return
        for atom in call_atoms(call):
            self.external |= self._at_any_time(self.may_reach(atom))


def _read_atoms(call: Call) -> Iterator[Atom]:
    """The operands that other results may share memory with: not what is only added to."""
    written = {k for k, _ in call.fn.into} if isinstance(call.fn, Routine) else ()
    yield from (atom for k, atom in enumerate(call.args) if k not in written)
    yield from (atom for _, atom in call.kwargs)


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


def results_sharing_buffers(block: Block, aliases: Aliases) -> list[int]:
    """The positions of results that may be the same buffer as an earlier one."""
    seen, found = 0, []
    for position, result in enumerate(block.results):
        buffers = aliases.may_be(result) & ~UNKNOWN if isinstance(result, Var) else 0
        if buffers & seen and isinstance(result, Var) and _is_array(result.type):
            found.append(position)
        else:
            seen |= buffers
    return found


def _is_list(atom: Atom) -> bool:
    return isinstance(atom, Var) and isinstance(atom.type, ListOf)


def _is_array(type_: Type) -> bool:
    return isinstance(type_, Num) and type_.kind == "array"
