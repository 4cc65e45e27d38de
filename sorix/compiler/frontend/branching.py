"""Both ways of a condition that the run decides, and where they meet."""

from __future__ import annotations

import contextlib
import functools
import operator
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from sorix.compiler.frontend import likeness, perhaps_unset
from sorix.compiler.frontend.atoms import join_atoms
from sorix.compiler.frontend.frames import Caught, Split, Terminated, UndefinedRead
from sorix.compiler.frontend.interpreter import GENERIC
from sorix.compiler.frontend.merging import Merge
from sorix.compiler.frontend.state import State
from sorix.compiler.frontend.values import MISSING, Cell, InstanceContent, Value
from sorix.compiler.ir.builder import Builder
from sorix.compiler.ir.nodes import Atom, Block, Const, If, Raise, Var
from sorix.errors import StructureError, UnsupportedTypeError

if TYPE_CHECKING:
    from sorix.compiler.frontend.interpreter import Interpreter


def branch(
    it: Interpreter,
    cond: Atom,
    then: Callable[[], None],
    orelse: Callable[[], None],
    dead: frozenset[Cell] = frozenset(),
) -> None:
    """Interpret both ways of a condition only the run will decide, and merge them.

    `dead` are variables that nobody reads afterwards.
    """
    if isinstance(cond, Const):
        (then if cond.value else orelse)()
        return
    before = it.state
    sides = [_side(it, before, then, dead), _side(it, before, orelse, dead)]
    ends = {side[2] for side in sides}
    if "raises" in ends:
        _one_sided(it, cond, sides)
    elif ends == {"goes on", "caught"}:
        _split(it, cond, sides)
    else:
        _merge(it, cond, sides, dead)
    if ends <= {"caught", "raises"}:
        raise Caught
    split_again(it)


def _merge(
    it: Interpreter,
    cond: Atom,
    sides: list[tuple[State, Builder, str]],
    dead: frozenset[Cell] = frozenset(),
) -> None:
    """Both ways are gone on from."""
    (first, then_builder, _), (second, else_builder, _) = sides
    origin = it.builder.origin
    pairs: list[tuple[Var, Atom, Atom]] = []
    builders = (then_builder, else_builder)
    phi = _phi_of(it, cond, pairs)
    merge = merge_of(it, (first, second), builders, phi)
    it.state = first
    roots = it.roots()
    it.state = second
    roots = [r for r in dict.fromkeys([*roots, *it.roots()]) if r not in dead]
    strict = {c for f in it.frames for c in (f.result, f.returned)}
    strict.update(c for handlers in it.tries for c in (*handlers.flags, *handlers.values))
    it.state = merge.run(roots, lambda root: root not in strict)
    for cell in dead:
        it.state.cells.pop(cell, None)
    outs = tuple(out for out, _, _ in pairs)
    if outs or then_builder.stmts or else_builder.stmts:
        then_block = then_builder.block(*(a for _, a, _ in pairs))
        else_block = else_builder.block(*(b for _, _, b in pairs))
        it.builder.add(If(cond, then_block, else_block, outs, origin))


def _side(
    it: Interpreter, before: State, run: Callable[[], None], dead: frozenset[Cell]
) -> tuple[State, Builder, str]:
    """One way of a branch, and how it ends: "goes on", "raises", "caught" by a ``try``."""
    it.state = before.copy()
    splits, frames = len(it.splits), len(it.frames)
    with it.nested() as builder:
        try:
            end = join(it, splits, outcome(it, lambda: _reading_defined(it, run)), dead)
        except (StructureError, UnsupportedTypeError):
            if it.left_out is None:
                raise
            it.left_out += 1
            del it.frames[frames:]
            end = "raises"
    return it.state, builder, end


def outcome(it: Interpreter, run: Callable[[], None]) -> str:
    """Interpret a block, and say how it ends."""
    splits = len(it.splits)
    try:
        run()
    except Terminated:
        return "raises"
    except Caught:
        return "caught"
    except UndefinedRead as error:
        if len(it.splits) == splits:
            raise
        _raise_unassigned(it, error)  # Only the way that did not raise before reads the name.
        return "raises"
    return "goes on"


def _reading_defined(it: Interpreter, run: Callable[[], None]) -> None:
    try:
        run()
    except UndefinedRead as error:
        _raise_unassigned(it, error)
        raise Terminated from None


def _raise_unassigned(it: Interpreter, error: UndefinedRead) -> None:
    cls, message = error.said
    it.builder.add(Raise(Const(cls), (Const(message),), it.builder.origin))


def _one_sided(it: Interpreter, cond: Atom, sides: list[tuple[State, Builder, str]]) -> None:
    """One way raises: what follows the branch is the other way."""
    (first, then_builder, then_ends), (second, else_builder, else_ends) = sides
    origin = it.builder.origin
    if then_ends == else_ends:
        it.builder.add(If(cond, then_builder.block(), else_builder.block(), (), origin))
        raise Terminated
    if else_ends == "raises":
        cond = it.negate(cond)
        then_builder, else_builder, second = else_builder, then_builder, first
    it.builder.add(If(cond, then_builder.block(), Block(()), (), origin))
    it.builder.stmts.extend(else_builder.stmts)
    it.state = second


def _split(it: Interpreter, cond: Atom, sides: list[tuple[State, Builder, str]]) -> None:
    """One way raises to a ``try`` around: the rest of the block is the other way."""
    (first, then_builder, _), (second, else_builder, else_ends) = sides
    if else_ends == "caught":
        cond = it.negate(cond)
        (first, then_builder), (second, else_builder) = (
            (second, else_builder),
            (first, then_builder),
        )
    it.splits.append(Split(cond, first, then_builder, it.builder))
    it.outer_builders.append(it.builder)
    else_builder.origin = it.builder.origin
    it.builder, it.state = else_builder, second


def split_again(it: Interpreter) -> None:
    """After a branch or loop that may have raised, go on as the way that did not."""
    flags = [cell for handlers in it.tries for cell in handlers.flags]
    raised = {cell: it.state.get(cell) for cell in flags}
    if any(isinstance(v, Const) and v.value for v in raised.values()):
        raise Caught
    conds = [v for v in raised.values() if isinstance(v, Var)]
    if not conds:
        return
    cond: Atom = conds[0]
    for other in conds[1:]:
        cond = it.atom(operator.or_, cond, other, hint="raised")
    going = it.state.copy()
    for cell in flags:
        going.set(cell, Const(False))
    origin = it.builder.origin
    sides = [(it.state, Builder(origin), "caught"), (going, Builder(origin), "goes on")]
    _split(it, cond, sides)


def join(
    it: Interpreter, depth: int, end: str = "goes on", dead: frozenset[Cell] = frozenset()
) -> str:
    """End the branches that were split off since there were `depth` of them; nobody reads the
    variables that are `dead` afterwards."""
    while len(it.splits) > depth:
        split = it.splits.pop()
        inner, state = it.builder, it.state
        it.builder = split.outer
        it.outer_builders.pop()
        raised = (split.state, split.builder, "caught")
        try:
            if end == "raises":
                _one_sided(it, split.cond, [raised, (state, inner, end)])
            else:
                _merge(it, split.cond, [raised, (state, inner, end)], dead)
        except Terminated:
            end = "raises"
        else:
            end = "goes on" if end == "goes on" else "caught"
    return end


def _phi_of(
    it: Interpreter, cond: Atom, pairs: list[tuple[Var, Atom, Atom]]
) -> Callable[[Atom, Atom, str], Atom]:
    made: dict[Any, Var] = {}

    def phi(a: Atom, b: Atom, hint: str) -> Atom:
        if a is b:
            return a
        if isinstance(a, Const) and isinstance(b, Const):
            if likeness.same_constant(a, b):
                return a
            if a.value is True and b.value is False:
                return cond
            if a.value is False and b.value is True:
                return it.negate(cond)
        if a is cond and isinstance(b, Const) and b.value is False:
            return cond
        key = (_key(a), _key(b))
        if key not in made:
            made[key] = Var(_hint(a, b, hint), join_atoms(a, b))
            it.note_mixture(made[key], a, b)
            it.note_options(made[key], a, b)
            pairs.append((made[key], a, b))
            perhaps_unset.note(it, made[key], a, b, phi)
            it._trace_phi(made[key], cond, a, b)
        return made[key]

    return phi


def merge_of(
    it: Interpreter,
    states: tuple[State, State],
    builders: tuple[Builder, Builder],
    phi: Callable[[Atom, Atom, str], Atom],
) -> Merge:
    """The merge of two states; what it has to emit on a side goes to the builder of that side."""

    @contextlib.contextmanager
    def on(side: int) -> Iterator[None]:
        saved = it.state, it.builder
        it.state, it.builder = states[side], builders[side]
        try:
            yield
        finally:
            it.state, it.builder = saved

    def read(side: int, value: Any) -> Atom:
        with on(side):
            return it.read(value)

    def listed(side: int, columns: list[Atom]) -> list[Atom]:
        with on(side):
            return perhaps_unset.listed(it, columns)

    merge = Merge(*states, phi, read, functools.partial(field_of, it))
    merge.open_at, merge.listed = it.inputs.open_at, listed
    return merge


def field_of(it: Interpreter, content: InstanceContent, name: str) -> Value:
    """A field of the caller's object, or MISSING where it has none."""
    if content.external is None or name not in vars(content.external):
        return MISSING
    return it.inputs.lift(vars(content.external)[name], content.path.attr(name))


def _key(atom: Atom) -> Any:
    if isinstance(atom, Const):
        return (type(atom.value).__name__, repr(atom.value))
    return id(atom)


def _hint(a: Atom, b: Atom, hint: str) -> str:
    for atom in (a, b):
        if isinstance(atom, Var) and atom.hint not in (GENERIC, ""):
            return hint if hint and hint != GENERIC else atom.hint
    return hint or GENERIC
