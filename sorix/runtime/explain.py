"""What the compiler did for a call, in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sorix.compiler.dispatch import Entry
from sorix.compiler.frontend.lower import Lowered


def explain(entry: Entry, wrt: tuple[int, ...], seeds: tuple[bool, ...]) -> str:
    """What was specialised and inlined, what is differentiated, and what the adjoint records."""
    lowered = entry.lowered
    lines = [entry.program.label.partition(" | ")[0], *specialised(lowered), *inlined(lowered)]
    if wrt and any(seeds):
        names = ", ".join(str(lowered.inputs[k].path) for k in wrt)
        lines.append(f"differentiated with respect to {names}")
        lines += recorded(entry.program.adjoint(wrt, seeds).recorded)
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


def recorded(values: Iterable[Any]) -> list[str]:
    """What each iteration of a loop leaves for the reverse sweep."""
    found = [
        f"    {value.hint}: {value.type}" + (f" (line {value.origin.line})" if value.origin else "")
        for value in values
    ]
    return ["recorded in each iteration", *found] if found else ["nothing is recorded in loops"]
