"""The call of a function by a transform met inside the program: what it writes stays its own.

Outside of a program, no transform changes an array of the caller's: the compiled function works on
copies of what it writes. Inside of one it is the same: when the call is over, the arrays that were
there before are what they were, and what is returned of them is a copy.
"""

from __future__ import annotations

import operator

from sorix.compiler.frontend import branching, calls, comparisons, exceptions
from sorix.compiler.frontend.independents import Visitor, mapped
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.state import State
from sorix.compiler.frontend.values import (
    NONE,
    Array,
    Cell,
    Kwargs,
    Maybe,
    Storage,
    Tensor,
    Value,
)
from sorix.compiler.ir.nodes import Const, Var
from sorix.compiler.ir.types import Num
from sorix.errors import NotDifferentiableError


def called_apart(it: Interpreter, fn: Value, args: list[Value], kwargs: Kwargs) -> Value:
    """What a function returns, the arrays that it was not given to change as they were."""
    before, mutated = it.state.copy(), dict(it.mutated)
    value = calls.call(it, fn, args, kwargs)
    written = _written(it, before)
    if written:
        value = _copied(it, value, set(written))
        for cell in written:
            if cell in before.cells:
                it.put(cell, before.cells[cell])
            else:
                del it.state.cells[cell]
        it.mutated = mutated
    return value


def _written(it: Interpreter, before: State) -> list[Cell]:
    """The arrays that were there before, and hold something else now."""
    found = []
    for cell in it.state.cells.apart(before.cells):
        content = it.state.cells.get(cell)
        was = before.get(cell) if before.holds(cell) else None
        if isinstance(was, Storage) and isinstance(content, Storage) and content is not was:
            found.append(cell)
    return found


def _copied(it: Interpreter, value: Value, written: set[Cell]) -> Value:
    def leaf(number: Value) -> Value:
        if isinstance(number, Tensor):
            return Tensor(leaf(number.value), number.requires_grad)
        if isinstance(number, Array) and number.cell in written:
            return it.wrap(it.read(number))
        return number

    def keep(content: object, *_: object) -> object:
        return content

    def instance(content: object, each: object) -> Value:
        raise NotDifferentiableError(
            "a transform is applied to a function that returns an object, and writes an array of"
            " its caller's",
            "return numbers and arrays, or write into a copy",
        )

    visitor = Visitor(leaf, instance, keep, tolerant=True)
    return mapped(it, value, visitor)


def number_of(it: Interpreter, value: Value, what: str) -> Value:
    """What a differentiated function returns, refused where it has no derivative.

    Where a path of the function returns None, the run raises if it takes that.
    """
    if isinstance(value, Maybe) and value.none:
        message = f"{what} is applied to a function that returned None"
        refusal = NotDifferentiableError(message, "return a number on every path")
        is_none = comparisons.identity(it, operator.is_, value, NONE)
        held = it.hold(value)
        branching.branch(
            it,
            it.read(is_none),
            lambda: exceptions.may_fail(it, TypeError, message, refusal),
            lambda: None,
        )
        value = it.release(held)
    if isinstance(value, Maybe):
        value = value.value
    if is_truth(value):
        raise NotDifferentiableError(
            f"{what} is applied to a function that returns True or False",
            "return a float, which has a derivative",
        )
    return value


def is_truth(value: Value) -> bool:
    return isinstance(value, Var | Const) and getattr(value.type, "dtype", None) == "bool"


def require_scalar(it: Interpreter, value: Value, what: str) -> None:
    """Refuse an array where one number is differentiated."""
    type_ = it.type_of(value) if it.is_numeric(value) else None
    if isinstance(type_, Num) and type_.rank:
        raise NotDifferentiableError(
            f"{what} is applied to a function that returns an array",
            "return its sum, or another number",
        )
