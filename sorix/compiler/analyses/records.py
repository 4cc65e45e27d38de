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
from pathlib import Path

from sorix.compiler.ir.nodes import (
    IN_SEGMENTS,
    TEMPORARY,
    Atom,
    Block,
    For,
    Function,
    If,
    Origin,
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
    whose reverse reads them: "7", or "7 of helpers.py" of another file than the function's.
    """

    name: str
    type: Type
    count: int
    needed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoopRecords:
    """What a step of the loop at a line records; ``around`` are the lines of the loops around.

    ``routine`` names the function it is in, where that is called from the adjoint: what it
    records is kept for one call of it.
    """

    line: str
    around: tuple[str, ...]
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


def _loops(block: Block, around: tuple[str, ...]) -> Iterator[tuple[For | While, tuple[str, ...]]]:
    for stmt in block.stmts:
        inside = around
        if isinstance(stmt, For | While):
            yield stmt, around
            inside = (*around, _line(stmt))
        for inner in blocks(stmt):
            yield from _loops(inner, inside)


def _line(stmt: Stmt) -> str:
    return "?" if stmt.origin is None else _lines([stmt.origin])[0]


def _lines(origins: Iterable[Origin]) -> tuple[str, ...]:
    """The lines, of functions that were inlined their own, in order."""
    placed = {(o.file != o.root.file, o.file, o.line) for o in origins}
    return tuple(
        f"{line} of {Path(file).name}" if elsewhere else str(line)
        for elsewhere, file, line in sorted(placed)
    )


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


def _needed_lines(block: Block) -> dict[Var, tuple[str, ...]]:
    """For each stack, the lines of the statements that read what is popped from it."""
    popped = {s.target: s.stack for s in statements(block) if isinstance(s, Pop)}
    found: dict[Var, list[Origin]] = defaultdict(list)
    for stmt in statements(block):
        for var in _followed(stmt_atoms(stmt)):
            if var in popped and not isinstance(stmt, Push) and stmt.origin is not None:
                found[popped[var]].append(stmt.origin)
    return {stack: _lines(origins) for stack, origins in found.items()}


def _followed(atoms: Iterable[Atom]) -> Iterator[Var]:
    for atom in atoms:
        yield from atom_vars(atom)


def kind_of(type_: Type) -> str:
    """A type as one says it: "float", "array of float64[n]"."""
    text = str(type_)
    if text in ("float", "int", "bool", "object") or "[" not in text:
        return {"bool": "bool", "object": "object", "int": "int", "int64": "int"}.get(text, "float")
    return text if text.startswith("list") else f"array of {text}"
