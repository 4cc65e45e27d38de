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
pushed as a copy, and a slice that does is copied instead of the whole. Nothing is decided locally:
a round writes all updates and copies down that are still hoped for, computes what then shares
memory (`aliases`), and takes back what is not safe (`update_safety`). A plan that passes a round as
a whole is the result, so that the conditions above hold of the very program that is returned.

A sum ``x_bar + c`` becomes ``x_bar += c`` where it is an array, shape and dtype are known to be
those of x_bar, and loops or branches carry x_bar or the sum is called x_bar too; for it, only what
a loop starts with is copied.

A call of a routine that adds to what it is given (`Routine.into`) is a write into that argument,
under the same conditions; the routine itself may write into the parameter, which is its own.

Two results of a function are never one buffer: the later is copied. (A result may be a
parameter's own buffer, as in ``return x``.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Block,
    Call,
    Const,
    For,
    Function,
    Push,
    Routine,
    Stmt,
    Update,
    Var,
    While,
)
from sorix.compiler.ir.walk import map_blocks, statements
from sorix.compiler.optimize.aliases import Aliases, may_share_buffers, results_sharing_buffers
from sorix.compiler.optimize.buffer_origins import Origins
from sorix.compiler.optimize.complete_results import complete_results
from sorix.compiler.optimize.replacing import is_temporary
from sorix.compiler.optimize.shape_trust import uncertain_shapes
from sorix.compiler.optimize.update_safety import unsafe_updates
from sorix.compiler.optimize.updates import (
    SUMS,
    can_copy,
    copy_of,
    is_update,
    is_view,
    written_by_callee,
)
from sorix.support import zeros_like

_PATIENT_ROUNDS = 12


def plan_updates(function: Function) -> Function:
    """The function with its updates in place, where that is safe; see the module's docstring."""
    plan = _Plan(complete_results(function))
    if not plan.candidates and not may_share_buffers(plan.function.body):
        return plan.function
    while True:
        planned = plan.write_down()
        aliases = Aliases(planned)
        refused = plan.unsafe(planned, aliases)
        if not refused:
            return _copy_shared_results(planned, aliases)
        plan.take_back(refused)


def _copy_shared_results(function: Function, aliases: Aliases) -> Function:
    results = list(function.body.results)
    copies: list[Stmt] = []
    for position in results_sharing_buffers(function.body, aliases):
        old = results[position]
        assert isinstance(old, Var)
        copy = copy_of(old, old.hint)
        copies.append(copy)
        results[position] = copy.targets[0]
    if not copies:
        return function
    return replace(function, body=Block((*function.body.stmts, *copies), tuple(results)))


# ---------------------------------------------------------------------------- the plan


@dataclass
class _Candidate:
    """An update hoped for: the `place` where its buffer is copied, and those to go to from there.

    A place is a carried variable whose initial value is copied, or the update's own target: its
    argument is copied just before it; None is no copy.
    """

    others: Iterator[Var]
    place: Var | None = None


@dataclass
class _Plan:
    function: Function
    candidates: dict[Var, _Candidate] = field(default_factory=dict)
    sights: dict[Var, list[Push | Assign]] = field(default_factory=dict)
    copied: set[Stmt] = field(default_factory=set)

    def __post_init__(self) -> None:
        origins = self._origins = Origins(self.function)
        self._rounds = 0
        self._uncertain = uncertain_shapes(self.function)
        self._unassigned: set[Atom] = set()
        for stmt in statements(self.function.body):
            if isinstance(stmt, Assign) and _is_tangent_of_none(stmt):
                self._unassigned.update(stmt.targets)
            if isinstance(stmt, For | While):
                for param, init in zip(stmt.params, stmt.inits, strict=True):
                    if _is_none(init) or init in self._unassigned:
                        self._unassigned.add(param)
            if isinstance(stmt, Push):
                self.sights.setdefault(stmt.stack, []).append(stmt)
            if isinstance(stmt, Assign) and is_view(stmt):
                self.sights[stmt.targets[0]] = [stmt]
            if isinstance(stmt, Assign) and is_update(stmt):
                self._add(stmt, origins)
            for target, position in written_by_callee(stmt):
                old = stmt.value.args[position]  # type: ignore[union-attr]
                self.candidates[target] = _Candidate(self._other_places(old, target))

    def _add(self, stmt: Assign, origins: Origins) -> None:
        call, target = stmt.value, stmt.targets[0]
        assert isinstance(call, Call)
        if call.fn not in SUMS:
            self.candidates[target] = _Candidate(self._other_places(call.args[0], target))
        elif self._is_accumulation(target, call, origins):
            self.candidates[target] = _Candidate(self._other_places(call.args[0]))

    def _other_places(self, old: Atom, *targets: Var) -> Iterator[Var]:
        yield from self._origins.carried_from(old)
        yield from targets

    def _is_accumulation(self, target: Var, call: Call, origins: Origins) -> bool:
        """Whether a sum of equal shapes is worth doing in place, and the shapes are certain."""
        old = call.args[0]
        assert isinstance(old, Var)
        if old in self._uncertain or target in self._uncertain:
            return False
        named_alike = target.hint == old.hint and not is_temporary(target)
        return named_alike or origins.is_carried(old) or origins.is_merged(old)

    def unsafe(self, planned: Function, aliases: Aliases) -> dict[Var, bool]:
        """The targets of updates that are not safe, each with whether copies may help that are
        made from now on, of what sees its buffer."""
        self._just_copied: set[Stmt] = set()
        self._out_of_the_way: set[Var] = set()

        def clear(target: Var, blockers: set[Var]) -> bool:
            return self._copy_sights(target, blockers, aliases)

        return unsafe_updates(planned, aliases, self._fresh_targets(), clear)

    def take_back(self, refused: dict[Var, bool]) -> None:
        """Move refused updates to their next place, unless copies of what sees them may help.

        One whose buffer comes from another refused update waits, as that one's copy may help;
        not for ever, though: after some rounds all are moved.
        """
        self._rounds += 1
        for target, is_helped in refused.items():
            if is_helped:
                continue
            if self._rounds <= _PATIENT_ROUNDS and self._origins.comes_from(target, refused):
                continue
            candidate = self.candidates[target]
            candidate.place = next(candidate.others, None)
            if candidate.place is None:
                del self.candidates[target]

    def _copy_sights(self, target: Var, blockers: set[Var], aliases: Aliases) -> bool:
        """Let blocking views and what is on blocking stacks be copies; False where it is no news.

        A view is smaller than its array, and what is pushed would be copied anyway.
        """
        rest = blockers - self._out_of_the_way
        if not all(var in self.sights for var in rest):
            return False
        buffers = aliases.may_be(target)
        wanted = {
            sight
            for var in rest
            for sight in self.sights[var]
            if aliases.may_reach(_seen(sight)) & buffers
        }
        news = wanted - self.copied
        if not all(self._can_copy(_seen(sight)) for sight in news):
            return False
        if len(rest) == len(blockers) and not news and self._just_copied.isdisjoint(wanted):
            return False
        self._just_copied |= news
        self._out_of_the_way.update(s.targets[0] for s in news if isinstance(s, Assign))
        self.copied |= news
        return True

    def _can_copy(self, seen: Atom) -> bool:
        """Not so what a loop carries that assigns it: it is None before, its tangent a number."""
        return can_copy(seen) and seen not in self._unassigned

    def _fresh_targets(self) -> frozenset[Var]:
        """The targets whose buffer is copied just before the update: these are always safe."""
        return frozenset(
            target for target, candidate in self.candidates.items() if candidate.place is target
        )

    # -- writing the plan down

    def write_down(self) -> Function:
        chosen = (candidate.place for candidate in self.candidates.values())
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
                copy = replace(copy_of(stmt.value, "t"), origin=stmt.origin)
                yield copy
                yield replace(stmt, value=copy.targets[0])
            case Assign(targets=(view,)) if stmt in self.copied:
                shown = Var("t", view.type)
                yield replace(stmt, targets=(shown,))
                yield replace(copy_of(shown, view.hint), targets=(view,), origin=stmt.origin)
            case Assign(value=Call(fn=Routine(into=(_, *_)))):
                yield from self._call(stmt)
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
            copy = replace(copy_of(buffer, target.hint), origin=stmt.origin)
            yield copy
            call = replace(call, args=(copy.targets[0], *call.args[1:]))
        value = stmt.targets[1] if len(stmt.targets) > 1 else None
        yield Update(target, call, stmt.origin, value)

    def _call(self, stmt: Assign) -> Iterator[Stmt]:
        """A call that writes into arguments, on copies of those that others see."""
        call = stmt.value
        assert isinstance(call, Call)
        args = list(call.args)
        for target, position in written_by_callee(stmt):
            if target in self._places:
                buffer = args[position]
                assert isinstance(buffer, Var)
                copy = replace(copy_of(buffer, target.hint), origin=stmt.origin)
                yield copy
                args[position] = copy.targets[0]
        yield replace(stmt, value=replace(call, args=tuple(args)))

    def _loop(self, stmt: For | While) -> Iterator[Stmt]:
        inits: list[Atom] = []
        for param, init in zip(stmt.params, stmt.inits, strict=True):
            if param in self._places and isinstance(init, Var):
                copy = replace(copy_of(init, param.hint), origin=stmt.origin)
                yield copy
                init = copy.targets[0]
            inits.append(init)
        looped = map_blocks(stmt, self._block)
        assert isinstance(looped, For | While)
        yield replace(looped, inits=tuple(inits))


def _is_none(atom: Atom) -> bool:
    return isinstance(atom, Const) and atom.value is None


def _is_tangent_of_none(stmt: Assign) -> bool:
    call = stmt.value
    return isinstance(call, Call) and call.fn is zeros_like and all(map(_is_none, call.args))


def _seen(sight: Push | Assign) -> Atom:
    """What a push, or a view, lets see of the buffer."""
    return sight.value if isinstance(sight, Push) else sight.targets[0]
