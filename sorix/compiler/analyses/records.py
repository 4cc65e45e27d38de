"""What the loops of a generated derivative record, read off the derivative itself.

Requires an adjoint in pure form, optimised as it will be when it runs. Yields for each loop of its
forward sweep, and of the routines that it calls, how many values one step pushes, of what types,
what they are called, and at which lines the reverse sweep needs them. A step that takes one branch
or another is charged with what the dearer one pushes, so that no step records more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sorix.compiler.ir.nodes import (
    IN_SEGMENTS,
    TEMPORARY,
    Atom,
    Block,
    For,
    Function,
    If,
    Pop,
    Push,
    Stmt,
    Tup,
    Var,
    While,
)
from sorix.compiler.ir.routines import routines
from sorix.compiler.ir.types import FLOAT, Opaque, Type
from sorix.compiler.ir.walk import atom_vars, blocks, statements, stmt_atoms


@dataclass(frozen=True, slots=True)
class Record:
    """Values of one kind that each step of a loop leaves on a stack.

    ``count`` of them of one ``type``; ``name`` is what they are called, ``needed`` the lines
    whose reverse reads them.
    """

    name: str
    type: Type
    count: int
    needed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LoopRecords:
    """What a step of the loop at a line records; ``around`` are the lines of the loops around.

    ``routine`` names the function it is in, where that is called from the adjoint: what it
    records is kept for one call of it.
    """

    line: int | None
    around: tuple[int | None, ...]
    routine: str
    records: tuple[Record, ...]
    in_segments: bool = False


def loop_records(adjoint: Function) -> tuple[LoopRecords, ...]:
    """What the loops of the forward sweep record, those of routines after its own."""
    found = list(_of_function(adjoint, ""))
    for routine in routines(adjoint):
        within = list(_of_function(routine.function, routine.name))
        # A routine that is only run forward records nothing, and says nothing.
        found += within if any(loop.records for loop in within) else []
    return tuple(found)


def _of_function(function: Function, name: str) -> Iterator[LoopRecords]:
    needed = _needed_lines(function.body)
    for stmt, around in _loops(function.body, ()):
        if stmt.origin is not None and stmt.origin.adjoint:
            continue
        counts, samples = _pushes(stmt.body)
        records = tuple(
            Record(*samples[stack], counts[stack], needed.get(stack, ())) for stack in counts
        )
        in_segments = stmt.origin is not None and stmt.origin.note == IN_SEGMENTS
        yield LoopRecords(_line(stmt), around, name, records, in_segments)


def _loops(
    block: Block, around: tuple[int | None, ...]
) -> Iterator[tuple[For | While, tuple[int | None, ...]]]:
    for stmt in block.stmts:
        inside = around
        if isinstance(stmt, For | While):
            yield stmt, around
            inside = (*around, _line(stmt))
        for inner in blocks(stmt):
            yield from _loops(inner, inside)


def _line(stmt: Stmt) -> int | None:
    return None if stmt.origin is None else stmt.origin.root.line


def _pushes(block: Block) -> tuple[Counter[Var], dict[Var, tuple[str, Type]]]:
    """How often one run of the block pushes on each stack, and what; not in loops inside it."""
    counts: Counter[Var] = Counter()
    samples: dict[Var, tuple[str, Type]] = {}
    for stmt in block.stmts:
        if isinstance(stmt, Push):
            counts[stmt.stack] += 1
            samples.setdefault(stmt.stack, _described(stmt.value, stmt.stack))
        if isinstance(stmt, If):
            (then, some), (orelse, others) = map(_pushes, blocks(stmt))
            counts += then | orelse
            samples = {**others, **some, **samples}
    return counts, samples


def _described(value: Atom, stack: Var) -> tuple[str, Type]:
    if isinstance(value, Var):
        # A value without a name is called as its stack is, after what it holds: sin_stack.
        name = stack.hint.removesuffix("_stack") if value.hint == TEMPORARY else value.hint
        return name, value.type
    if isinstance(value, Tup):
        return ", ".join(var.hint for var in atom_vars(value)), Opaque()
    return "a constant", getattr(value, "type", FLOAT)


def _needed_lines(block: Block) -> dict[Var, tuple[int, ...]]:
    """For each stack, the lines of the statements that read what is popped from it."""
    popped = {s.target: s.stack for s in statements(block) if isinstance(s, Pop)}
    found: dict[Var, set[int]] = defaultdict(set)
    for stmt in statements(block):
        for var in _followed(stmt_atoms(stmt)):
            if var in popped and not isinstance(stmt, Push) and stmt.origin is not None:
                found[popped[var]].add(stmt.origin.root.line)
    return {stack: tuple(sorted(lines)) for stack, lines in found.items()}


def _followed(atoms: Iterable[Atom]) -> Iterator[Var]:
    for atom in atoms:
        yield from atom_vars(atom)


def kind_of(type_: Type) -> str:
    """A type as one says it: "float", "array of float64[n]"."""
    text = str(type_)
    if text in ("float", "int", "bool", "object") or "[" not in text:
        return {"bool": "bool", "object": "object", "int": "int", "int64": "int"}.get(text, "float")
    return text if text.startswith("list") else f"array of {text}"
