"""Running the user's own function beside generated code, for comparison, so that nobody notices.

What it prints is thrown away, and so are its warnings. Where it does anything else that could be
noticed, or would do something else in another run, it is not run: `can_be_run` says so before. The
arguments it is given, and what becomes of them, are the business of who calls it.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import warnings
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

from sorix.compiler.analyses.repeatable import unrepeatable
from sorix.compiler.frontend.callables import signature_of
from sorix.compiler.frontend.lower import Shape
from sorix.compiler.ir.marks import is_mark
from sorix.compiler.ir.nodes import Effect, Function, Routine
from sorix.compiler.ir.routines import routines
from sorix.compiler.ir.walk import statements

Plain = Callable[[Sequence[Any]], dict[int, Any]]
"""From values of the inputs to leaves by index, those left out that are not known."""


comparing: ContextVar[bool] = ContextVar("sorix_comparing", default=False)
"""Whether a function is run for comparison: what it compiles itself is not checked meanwhile."""


class NotIsolatedError(Exception):
    """No arguments could be made that are the function's own."""


def can_be_run(function: Function) -> bool:
    """Whether another run does the same, and does nothing that is seen but print."""
    called = (routine.function for routine in routines(function))
    effects = (
        stmt.call
        for each in (function, *called)
        for stmt in statements(each.body)
        if isinstance(stmt, Effect) and not is_mark(stmt)
    )
    prints = all(
        isinstance(call.fn, Routine) or (call.fn is print and "file" not in dict(call.kwargs))
        for call in effects
    )
    return prints and not any(True for _ in unrepeatable(function))


def run_plainly(function: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    """What the function itself returns for arguments by parameter name."""
    bound = inspect.BoundArguments(signature_of(function), dict(arguments))
    said = io.StringIO()
    token = comparing.set(True)
    try:
        with (
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
            warnings.catch_warnings(record=True),
        ):
            return function(*bound.args, **bound.kwargs)
    finally:
        comparing.reset(token)


def leaves_of(shape: Shape, value: Any) -> dict[int, Any]:
    """The leaves of what the function returned, by their index among the results of the IR."""
    found: dict[int, Any] = {}
    _collect(shape, value, found)
    return found


def _collect(shape: Shape, value: Any, found: dict[int, Any]) -> None:
    if shape.optional and value is None:
        return
    match shape.kind:
        case "leaf" | "argument" | "tensor":
            found[shape.index] = getattr(value, "_data", value)
        case "rows":
            rows = [leaves_of(shape.parts[0], row) for row in value]
            for place in range(shape.extra):
                if all(place in row for row in rows):
                    found[shape.index + place] = [row[place] for row in rows]
        case "tuple" | "list":
            for part, item in zip(shape.parts, value, strict=True):
                _collect(part, item, found)
        case "dict":
            for part, key in zip(shape.parts, shape.extra[1], strict=True):
                _collect(part, value[key], found)
        case "object":
            for part, name in zip(shape.parts, shape.extra[1], strict=True):
                _collect(part, getattr(value, name), found)
