"""The tangent of a primitive of which only the cotangents are known.

The cotangents are linear in the cotangent of the result, so the transpose of that map is the
tangent: the rule is traced on a symbolic cotangent, and the trace is itself reversed.
"""

from __future__ import annotations

from collections.abc import Sequence

from sorix.compiler.differentiate.adjoint import adjoint_in_place
from sorix.compiler.differentiate.scopes import bar_var
from sorix.compiler.differentiate.trace import Dot, Trace, trace_adjoint
from sorix.compiler.ir.builder import Builder
from sorix.compiler.ir.nodes import Assign, Atom, Call, Const, Origin, Slc, Tup, Var
from sorix.primitives.table import Rule
from sorix.support import zeros_like


def trace_transposed(
    rule: Rule, call: Call, dots: Sequence[Dot], y: Atom, origin: Origin | None
) -> Trace:
    """The tangents of a call's results, by transposing its adjoint rule."""
    builder = Builder(origin)
    ys = y.items if isinstance(y, Tup) else (y,)
    bars = [bar_var(var) for var in ys if isinstance(var, Var)]
    for var, bar in zip(ys, bars, strict=True):
        # The map is linear in these, so at which values it is transposed does not matter.
        builder.add(Assign((bar,), Call(zeros_like, (var,)), origin))
    y_bar: Atom = Tup(tuple(bars)) if isinstance(y, Tup) else bars[0]
    wanted = [dot is not None for dot in dots]
    trace = trace_adjoint(rule, call, y_bar, y, wanted, origin)
    outputs = {found: dot for found, dot in _pairs(trace.found, dots) if isinstance(found, Var)}
    parts = adjoint_in_place((*builder.stmts, *trace.stmts), outputs, bars)
    found = tuple(Const(None) if bar is None else bar for bar in parts.cotangents)
    whole: Atom | None = Tup(found) if isinstance(y, Tup) else parts.cotangents[0]
    return Trace([*parts.forward, *parts.reverse], (whole,))


def _pairs(found: Sequence[Atom | None], dots: Sequence[Dot]) -> list[tuple[Atom, Atom]]:
    """Each cotangent with the tangent of the same argument, sequences taken apart."""
    pairs: list[tuple[Atom, Atom]] = []
    for atom, dot in zip(found, dots, strict=True):
        if atom is None or dot is None:
            continue
        if isinstance(dot, Var | Const | Tup | Slc):
            pairs.append((atom, dot))
        else:
            assert isinstance(atom, Tup)
            pairs += _pairs(atom.items, dot)
    return pairs
