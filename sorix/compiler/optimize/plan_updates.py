"""Turn pure updates into writes in place wherever nobody can see the difference.

The last pass. Before it, ``a2 = store(a1, i, v)`` makes a new array; after it such a call is an
``Update`` of a1's own buffer, where

1. every buffer a1 may be was made in this function: it is no parameter's, no unknown callee got
   hold of it, and it is writable throughout (`freshness`);
2. no variable that is live after the statement, a1 included, reaches a buffer that a1 may be;
   what a stack or list holds is reached by the stack or list, what is handed on by a loop or
   branch is reached by both sides, and a variable of a loop's outside that the loop reads is live
   all through it;
3. the index, and what is put in, do not reach that buffer either, except in the basic assignments
   for which NumPy itself checks for overlap.

Where this fails the buffer is copied first, as far outside of loops as makes it hold: the value a
loop starts with, else the argument itself. A value pushed on a stack that stands in the way is
pushed as a copy. Nothing is decided locally: a round writes all updates and copies down that are
still hoped for, computes what then shares memory (`aliases`), and takes back what is not safe. A
plan that passes a round as a whole is the result, so that the conditions above hold of the very
program that is returned.

A sum ``x_bar + c`` becomes ``x_bar += c`` where it is an array, shape and dtype are known to be
those of x_bar, and loops or branches carry x_bar or the sum is called x_bar too; for it, only what
a loop starts with is copied.

Two results of a function are never one buffer: the later is copied. (A result may be a
parameter's own buffer, as in ``return x``.)
"""

from __future__ import annotations

import operator
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Block,
    Call,
    For,
    Function,
    If,
    Push,
    Stmt,
    Update,
    Var,
    While,
)
from sorix.compiler.ir.types import ListOf, Num, Type
from sorix.compiler.ir.walk import (
    atom_vars,
    blocks,
    bound_inside,
    defined,
    free_variables,
    map_blocks,
    statements,
    stmt_vars,
)
from sorix.compiler.optimize.aliases import Aliases, results_sharing_buffers
from sorix.compiler.optimize.complete_results import complete_results
from sorix.compiler.optimize.freshness import is_basic
from sorix.compiler.optimize.replacing import is_temporary
from sorix.compiler.optimize.shape_trust import uncertain_shapes
from sorix.support import add_at, list_add_at, list_append, list_pop, list_set, store

_ARRAY_WRITES = (store, add_at)
_LIST_WRITES = (list_append, list_set, list_add_at, list_pop)
_SUMS = (operator.add, operator.sub)
_PATIENT_ROUNDS = 12


def plan_updates(function: Function) -> Function:
    """The function with its updates in place, where that is safe; see the module's docstring."""
    plan = _Plan(complete_results(function))
    while True:
        planned = plan.write_down()
        aliases = Aliases(planned)
        refused = _Check(aliases, plan.fresh_targets()).function(planned)
        if not refused:
            return _copy_shared_results(planned, aliases)
        plan.take_back(refused, aliases)


def _copy_shared_results(function: Function, aliases: Aliases) -> Function:
    results = list(function.body.results)
    copies: list[Stmt] = []
    for position in results_sharing_buffers(function.body, aliases):
        old = results[position]
        assert isinstance(old, Var)
        copy = _copy_of(old, old.hint)
        copies.append(copy)
        results[position] = copy.targets[0]
    if not copies:
        return function
    return replace(function, body=Block((*function.body.stmts, *copies), tuple(results)))


# ---------------------------------------------------------------------------- candidates


def is_array(type_: Type) -> bool:
    """Whether values of this type are surely ndarrays of rank 1 or more, or of rank 0."""
    return isinstance(type_, Num) and (type_.kind == "array" or bool(type_.rank))


def is_update(stmt: Stmt) -> bool:
    """Whether the statement is a pure update that has a form in place."""
    match stmt:
        case Assign(value=Call(args=(Var() as buffer, *_), kwargs=()) as call):
            if call.fn in _ARRAY_WRITES:
                return len(stmt.targets) == 1 and is_array(buffer.type)
            if call.fn in _LIST_WRITES:
                wanted = 2 if call.fn is list_pop else 1
                return len(stmt.targets) == wanted and isinstance(buffer.type, ListOf)
            return len(stmt.targets) == 1 and _is_sum(stmt.targets[0], buffer, call)
    return False


def _is_sum(target: Var, buffer: Var, call: Call) -> bool:
    new, old = target.type, buffer.type
    return (
        call.fn in _SUMS
        and isinstance(new, Num)
        and isinstance(old, Num)
        and new.kind == old.kind == "array"
        and bool(new.rank)
        and new.shape == old.shape
        and new.dtype is not None
        and new.dtype == old.dtype
    )


def _copy_of(value: Var, hint: str) -> Assign:
    """A statement that binds a new variable to a copy of an array or list."""
    fn = list if isinstance(value.type, ListOf) else np.copy
    return Assign((Var(hint, value.type),), Call(fn, (value,)))


# ---------------------------------------------------------------------------- the plan


@dataclass
class _Candidate:
    """An update hoped for; the first of `places` is where its buffer is copied.

    A place is a carried variable whose initial value is copied, or the update's own target: its
    argument is copied just before it; None is no copy.
    """

    places: list[Var | None]


@dataclass
class _Plan:
    function: Function
    candidates: dict[Var, _Candidate] = field(default_factory=dict)
    pushes: dict[Var, list[Push]] = field(default_factory=dict)
    copied: set[Push] = field(default_factory=set)

    def __post_init__(self) -> None:
        origins = self._origins = _Origins(self.function)
        self._rounds = 0
        self._uncertain = uncertain_shapes(self.function)
        for stmt in statements(self.function.body):
            if isinstance(stmt, Push):
                self.pushes.setdefault(stmt.stack, []).append(stmt)
            if isinstance(stmt, Assign) and is_update(stmt):
                self._add(stmt, origins)

    def _add(self, stmt: Assign, origins: _Origins) -> None:
        call, target = stmt.value, stmt.targets[0]
        assert isinstance(call, Call)
        carried: list[Var | None] = list(origins.carried_from(call.args[0]))
        if call.fn in _SUMS:
            if self._is_accumulation(target, call, origins):
                self.candidates[target] = _Candidate([None, *carried])
        else:
            self.candidates[target] = _Candidate([None, *carried, target])

    def _is_accumulation(self, target: Var, call: Call, origins: _Origins) -> bool:
        """Whether a sum of equal shapes is worth doing in place, and the shapes are certain."""
        old = call.args[0]
        assert isinstance(old, Var)
        if old in self._uncertain or target in self._uncertain:
            return False
        named_alike = target.hint == old.hint and not is_temporary(target)
        return named_alike or bool(origins.carried_from(old)) or origins.is_merged(old)

    def take_back(self, refused: dict[Var, set[Var]], aliases: Aliases) -> None:
        """Move refused updates to their next place, unless pushing copies may help them.

        One whose buffer comes from another refused update waits, as that one's copy may help;
        not for ever, though: after some rounds all are moved.
        """
        self._rounds += 1
        self._just_copied: set[Push] = set()
        for target, blockers in refused.items():
            if blockers and self._push_copies(target, blockers, aliases):
                continue
            if self._rounds <= _PATIENT_ROUNDS and self._origins.comes_from(target, refused):
                continue
            candidate = self.candidates[target]
            del candidate.places[0]
            if not candidate.places:
                del self.candidates[target]

    def _push_copies(self, target: Var, blockers: set[Var], aliases: Aliases) -> bool:
        """Let what is on the blocking stacks be copies; False where that is no news."""
        if not all(stack in self.pushes for stack in blockers):
            return False
        buffers = aliases.may_be(target)
        wanted = {
            push
            for stack in blockers
            for push in self.pushes[stack]
            if aliases.may_reach(push.value) & buffers
        }
        news = wanted - self.copied
        if not all(_can_copy(push.value) for push in news):
            return False
        if not news and self._just_copied.isdisjoint(wanted):
            return False
        self._just_copied |= news
        self.copied |= news
        return True

    def fresh_targets(self) -> frozenset[Var]:
        """The targets whose buffer is copied just before the update: these are always safe."""
        return frozenset(
            target for target, candidate in self.candidates.items() if candidate.places[0] is target
        )

    # -- writing the plan down

    def write_down(self) -> Function:
        chosen = (candidate.places[0] for candidate in self.candidates.values())
        self._places = {place for place in chosen if place is not None}
        return replace(self.function, body=self._block(self.function.body))

    def _block(self, block: Block) -> Block:
        stmts: list[Stmt] = []
        for stmt in block.stmts:
            stmts += self._stmt(stmt)
        return Block(tuple(stmts), block.results)

    def _stmt(self, stmt: Stmt) -> Iterator[Stmt]:
        match stmt:
            case Push() if stmt in self.copied:
                assert isinstance(stmt.value, Var)
                copy = replace(_copy_of(stmt.value, "t"), origin=stmt.origin)
                yield copy
                yield replace(stmt, value=copy.targets[0])
            case Assign(targets=(target, *_)) if target in self.candidates:
                yield from self._update(stmt)
            case For() | While():
                yield from self._loop(stmt)
            case _:
                yield map_blocks(stmt, self._block)

    def _update(self, stmt: Assign) -> Iterator[Stmt]:
        target, call = stmt.targets[0], stmt.value
        assert isinstance(call, Call)
        if target in self._places:
            buffer = call.args[0]
            assert isinstance(buffer, Var)
            copy = replace(_copy_of(buffer, target.hint), origin=stmt.origin)
            yield copy
            call = replace(call, args=(copy.targets[0], *call.args[1:]))
        value = stmt.targets[1] if len(stmt.targets) > 1 else None
        yield Update(target, call, stmt.origin, value)

    def _loop(self, stmt: For | While) -> Iterator[Stmt]:
        inits: list[Atom] = []
        for param, init in zip(stmt.params, stmt.inits, strict=True):
            if param in self._places and isinstance(init, Var):
                copy = replace(_copy_of(init, param.hint), origin=stmt.origin)
                yield copy
                init = copy.targets[0]
            inits.append(init)
        looped = map_blocks(stmt, self._block)
        assert isinstance(looped, For | While)
        yield replace(looped, inits=tuple(inits))


def _can_copy(value: Atom) -> bool:
    return isinstance(value, Var) and (is_array(value.type) or isinstance(value.type, ListOf))


class _Origins:
    """From what, and from which carried variables of loops, the buffer of a value comes.

    Only the ways that lead back in the program's order are followed: of a loop, the initial
    values.
    """

    def __init__(self, function: Function) -> None:
        self._from: dict[Var, Atom] = {}
        self._other: dict[Var, Atom] = {}
        self._init: dict[Var, Atom] = {}
        self._merged: set[Var] = set()
        for stmt in statements(function.body):
            match stmt:
                case If():
                    self._merged.update(stmt.outs)
                    for out, then, orelse in zip(
                        stmt.outs, stmt.then.results, stmt.orelse.results, strict=True
                    ):
                        self._from[out] = then if isinstance(then, Var) else orelse
                        self._other[out] = orelse
                case For() | While():
                    self._merged.update(stmt.outs)
                    self._init.update(zip(stmt.params, stmt.inits, strict=True))
                    self._from.update(zip(stmt.outs, stmt.params, strict=True))
                case Assign(value=Call() as call) if is_update(stmt):
                    self._from[stmt.targets[0]] = call.args[0]

    def is_merged(self, value: Atom) -> bool:
        """Whether a loop or branch hands the value on, perhaps through earlier updates."""
        while isinstance(value, Var) and value not in self._merged:
            if value not in self._from:
                return False
            value = self._from[value]
        return isinstance(value, Var)

    def comes_from(self, target: Var, makers: Container[Var]) -> bool:
        """Whether one of the makers, other than itself, made the buffer of an update's target."""
        todo, seen = [self._from[target]], {target}
        while todo:
            value = todo.pop()
            if not isinstance(value, Var) or value in seen:
                continue
            if value in makers:
                return True
            seen.add(value)
            for way in (self._from, self._other, self._init):
                if value in way:
                    todo.append(way[value])
        return False

    def carried_from(self, value: Atom) -> list[Var]:
        """The carried variables on the way to where the buffer is made, the outermost first."""
        found: list[Var] = []
        while isinstance(value, Var):
            if value in self._init:
                if isinstance(self._init[value], Var):
                    found.append(value)
                value = self._init[value]
            elif value in self._from:
                value = self._from[value]
            else:
                break
        return found[::-1]


# ---------------------------------------------------------------------------- the check


class _Check:
    """Walks a planned function backwards with the live variables; notes the unsafe updates."""

    def __init__(self, aliases: Aliases, safe: frozenset[Var]) -> None:
        self._aliases, self._safe = aliases, safe
        self._refused: dict[Var, set[Var]] = {}
        self._reached_by: dict[int, list[Var]] = {}
        for var, buffers in aliases.holders():
            for bit in _bits(buffers):
                self._reached_by.setdefault(bit, []).append(var)

    def function(self, function: Function) -> dict[Var, set[Var]]:
        """The targets of unsafe updates, with the live variables that alone stand in the way."""
        self._block(function.body, set())
        return self._refused

    def _block(self, block: Block, live: set[Var]) -> set[Var]:
        live = live | set(_read(block.results))
        for stmt in reversed(block.stmts):
            live = self._stmt(stmt, live)
        return live

    def _stmt(self, stmt: Stmt, live: set[Var]) -> set[Var]:
        """The variables live before a statement."""
        live.difference_update(defined(stmt))
        if isinstance(stmt, Update) and stmt.target not in self._safe:
            self._update(stmt, live)
        if isinstance(stmt, If):
            live = self._block(stmt.then, live) | self._block(stmt.orelse, live)
        elif isinstance(stmt, For | While):
            live = self._loop(stmt, live)
        live.update(stmt_vars(stmt))
        return live

    def _loop(self, stmt: For | While, live: set[Var]) -> set[Var]:
        through = live | set(free_variables(*blocks(stmt)))
        through.difference_update(bound_inside(stmt))
        at_end = self._block(stmt.body, set(through))
        if isinstance(stmt, While):
            # Where the test fails, the carried variables are what the loop leaves.
            self._block(stmt.test, at_end | through | set(stmt.params))
        return through

    def _update(self, stmt: Update, live: set[Var]) -> None:
        call = stmt.call
        buffers = self._aliases.may_be(call.args[0])
        blockers = {
            var for bit in _bits(buffers) for var in self._reached_by.get(bit, ()) if var in live
        }
        owned = buffers and not buffers & self._aliases.external
        if not owned or self._overlaps(call, buffers):
            self._refused[stmt.target] = set()
        elif blockers:
            self._refused[stmt.target] = blockers

    def _overlaps(self, call: Call, buffers: int) -> bool:
        """Whether an operand reaches the buffer in a way NumPy does not take care of."""
        operands = call.args[1:]
        if call.fn in _SUMS or (call.fn in _ARRAY_WRITES and is_basic(operands[0])):
            return False
        return any(self._aliases.may_reach(operand) & buffers for operand in operands)


def _read(atoms: Iterable[Atom]) -> Iterator[Var]:
    for atom in atoms:
        yield from atom_vars(atom)


def _bits(buffers: int) -> Iterator[int]:
    while buffers:
        bit = buffers & -buffers
        yield bit
        buffers ^= bit
