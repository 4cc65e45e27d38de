"""What the compiler did for a call, in sentences."""

from __future__ import annotations

from collections import Counter

from sorix.compiler.dispatch import Entry


def explain(entry: Entry, wrt: tuple[int, ...], seeds: tuple[bool, ...]) -> str:
    """What was specialised, what is differentiated, and what the adjoint records."""
    lowered = entry.lowered
    lines = [entry.program.label]
    lines += [f"  input {i.path}: {i.var.type} ({i.kind})" for i in lowered.inputs]
    facts = [g for g in lowered.guards if g.kind == "equal"]
    lines += [f"  fact {g.path} == {g.expected!r}" for g in facts]
    inlined = sorted({str(g.path) for g in lowered.guards if g.kind == "is"})
    if inlined:
        lines.append(f"  looked up once: {', '.join(inlined)}")
    if wrt and any(seeds):
        adjoint = entry.program.adjoint(wrt, seeds)
        names = ", ".join(lowered.inputs[k].var.hint for k in wrt)
        lines.append(f"  differentiated with respect to {names}")
        lines += recorded_lines(adjoint.recorded)
    return "\n".join(lines)


def recorded_lines(recorded: object) -> list[str]:
    """``records 2 arrays of float64[n] per step``."""
    counts: Counter[str] = Counter(str(r.type) for r in recorded)  # type: ignore[attr-defined]
    if not counts:
        return ["  records nothing"]
    return [
        f"  records {count} {'value' if count == 1 else 'values'} of {type_} per step"
        for type_, count in sorted(counts.items())
    ]
