"""The calls of `sorix.grad` met in a program, and whether they keep the graph they went through.

Generated code has no graph that could be freed, but the tape has: what `sorix.grad` went through
without ``create_graph`` or ``retain_graph`` it cannot go through again. What is noted here tells,
once the whole program is known, whether it would have to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.ir.nodes import Var


@dataclass(frozen=True, slots=True, eq=False)
class GradientTaken:
    """One call; `place` is its file, line, column and text."""

    outputs: tuple[Var, ...]
    inputs: tuple[Var, ...]
    keeps_graph: bool
    place: tuple[str, int, int, str]


def note_gradient(
    it: Interpreter, outputs: Iterable[Var], inputs: Iterable[Var], keeps_graph: bool
) -> None:
    """Note the call of `sorix.grad` that is being interpreted."""
    source, line = it.frame.source, getattr(it.position, "lineno", 0)
    column = getattr(it.position, "col_offset", 0)
    place = (source.file, line, column, source.line(line))
    it.gradients_taken.append(GradientTaken(tuple(outputs), tuple(inputs), keeps_graph, place))
