"""What the compiler did for a call, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sorix.compiler.analyses.records import LoopRecords, Record, kind_of, loop_records
from sorix.compiler.dispatch import Entry
from sorix.compiler.frontend.lower import Lowered
from sorix.compiler.ir.nodes import Function
from sorix.compiler.optimize import optimize_pure


def explain(entry: Entry, wrt: tuple[int, ...], seeds: tuple[bool, ...]) -> str:
    """What was specialised and inlined, what is differentiated, and what the adjoint records."""
    lowered = entry.lowered
    lines = [entry.program.label.partition(" | ")[0], *specialised(lowered), *inlined(lowered)]
    if wrt and any(seeds):
        names = ", ".join(str(lowered.inputs[k].path) for k in wrt)
        lines.append(f"differentiated with respect to {names}")
        lines += recorded(entry.program.executed(wrt, seeds).function)
    return "\n".join(lines)


def specialised(lowered: Lowered) -> list[str]:
    """The types and values that another call must have as well to use the same code."""
    lines = ["specialised for"]
    lines += [f"    {i.path}: {i.var.type} ({i.kind})" for i in lowered.inputs]
    lines += [f"    {g.path} == {g.expected!r}" for g in lowered.guards if g.kind == "equal"]
    names = sorted({str(g.path) for g in lowered.guards if g.kind == "is"})
    return [*lines, f"    unchanged: {', '.join(names)}"] if names else lines


def inlined(lowered: Lowered) -> list[str]:
    """The functions that became part of the code."""
    return ["inlined", *(f"    {name}" for name in lowered.inlined)] if lowered.inlined else []


def recorded(adjoint: Function) -> list[str]:
    """What each step of each loop leaves for the reverse sweep, and where it is needed."""
    loops = loop_records(optimize_pure(adjoint))
    if not loops:
        return ["nothing is recorded: there is no loop"]
    lines: list[str] = []
    for loop in loops:
        lines += _recorded_by(loop)
    return lines


def _recorded_by(loop: LoopRecords) -> list[str]:
    place = f"the loop at line {loop.line}"
    if loop.around:
        place += " inside " + ", ".join(f"line {line}" for line in reversed(loop.around))
    if loop.routine:
        place = f"in each call of {loop.routine}, {place}"
    step = "segment" if loop.in_segments else "step"
    if not loop.records:
        return [f"{place} records nothing"]
    return [f"{place} records {_summed(loop.records)} per {step}", *map(_named, loop.records)]


def _summed(records: Iterable[Record]) -> str:
    """``2 arrays of float64[n], 1 float``."""
    counts: Counter[str] = Counter()
    for record in records:
        counts[kind_of(record.type)] += record.count
    return ", ".join(f"{count} {_plural(kind, count)}" for kind, count in counts.items())


def _plural(kind: str, count: int) -> str:
    if count == 1:
        return kind
    return kind.replace("array of", "arrays of") if kind.startswith("array") else f"{kind}s"


def _named(record: Record) -> str:
    lines = ", ".join(record.needed)
    word = "line" if len(record.needed) == 1 else "lines"
    return f"    {record.name}" + (f", for the adjoint of {word} {lines}" if lines else "")
