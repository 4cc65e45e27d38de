"""The whole order of passes on one screen.

    user function + kinds of arguments
      lower            source text -> gast -> abstract interpretation -> IR    frontend/lower
      differentiate    adjoint, tangent (of IR, as often as asked)             differentiate/
      optimize         simplify, share, prune, ..., plan_updates               optimize/
      emit             IR -> ast -> text with provenance comments              emit/
      cache, load      text on disk, keyed by content -> a module              cache, load

`build` is the way from IR to callables; `lower_call` the way from a call to IR.
"""

from __future__ import annotations

import linecache
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sorix.compiler.differentiate.adjoint import adjoint_in_place
from sorix.compiler.emit import emit
from sorix.compiler.frontend.lower import Lowered, lower
from sorix.compiler.frontend.wrappers import wrappers
from sorix.compiler.ir.nodes import Function, Origin
from sorix.compiler.optimize import optimize


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """A generated module: its text, and its functions in the order they were given."""

    text: str
    functions: tuple[Callable[..., Any], ...]
    namespace: dict[str, Any]


def lower_call(function: types.FunctionType, arguments: dict[str, Any]) -> Lowered:
    """Lower a function for the kinds of these arguments."""
    return lower(function, arguments, wrappers(), adjoint_in_place)


def build(functions: Sequence[Function], header: str) -> Built:
    """Optimise, print and load IR functions as one module."""
    text = emit([optimize(f) for f in functions], header, source_line)
    namespace: dict[str, Any] = {"__name__": "sorix_generated"}
    exec(compile(text, "<sorix>", "exec"), namespace)
    return Built(text, tuple(namespace[f.name] for f in functions), namespace)


def source_line(origin: Origin) -> str:
    """The user's line that a statement comes from."""
    return linecache.getline(origin.file, origin.line).strip()
