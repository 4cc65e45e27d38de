"""Refusals of differentiation, placed at the user's line."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager

from sorix.compiler.frontend.user_lines import line_at
from sorix.compiler.ir.nodes import Call, Method, Origin, Routine, Var
from sorix.compiler.ir.types import ListOf, Num
from sorix.errors import (
    CompileError,
    UnsupportedCallError,
    UnsupportedFunctionError,
    UnsupportedTypeError,
)
from sorix.primitives.canonical import name_of


@contextmanager
def at_origin(origin: Origin | None) -> Iterator[None]:
    """Give compile errors raised inside the place of the user's statement."""
    try:
        yield
    except UnsupportedFunctionError as error:
        reason, _, hint = str(error).partition(". Hint: ")
        raise placed(UnsupportedCallError(reason, hint), origin) from error
    except CompileError as error:
        raise placed(error, origin) from error.__cause__


def placed(error: CompileError, origin: Origin | None) -> CompileError:
    if origin is None:
        return error
    origin = origin.root
    text = line_at(origin.file, origin.line).rstrip("\n")
    column = len(text) - len(text.lstrip())
    return error.at(origin.file, origin.line, column, text)


def no_rule(call: Call) -> UnsupportedCallError:
    """The refusal of a call that nothing is known of."""
    return UnsupportedCallError(
        f"the derivative of {callee_name(call)} is not known, and its argument needs one",
        hint="use NumPy functions that have a rule, or register one with"
        " sorix.primitives (@elementwise, @adjoint), as docs/rules.md shows",
    )


def callee_name(call: Call) -> str:
    if isinstance(call.fn, Method):
        return f"the method .{call.fn.name}()"
    if isinstance(call.fn, Routine):
        return call.fn.name
    return name_of(call.fn)


def refuse_objects(targets: Iterable[Var], active: Container[Var]) -> None:
    """Refuse a derivative that would have to pass through a Python object."""
    for var in targets:
        if var in active and not isinstance(var.type, Num | ListOf):
            raise UnsupportedTypeError(
                f"a derivative would pass through a Python object ('{var.hint}'), such as a text"
                " made of a number",
                hint="compute with the number itself; of tuples and lists, with their elements",
            )
