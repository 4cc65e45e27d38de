"""What is None on some paths, where it is used as if it were there.

Whether a structure is there is a flag, `Maybe.present`; a number or an array is asked itself.
Python raises of None what no condition of the program told: where a handler waits for that, or
where generated code would go on without noticing, it is raised on that condition. Elsewhere
generated code fails by itself, on the first number of it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable

from sorix.compiler.frontend import branching, exceptions, wording
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import Maybe, Static, Value
from sorix.compiler.ir.nodes import Const


def value_of(
    it: Interpreter,
    value: Maybe,
    cls: type[Exception],
    fn: Callable[..., object],
    *args: object,
    always: bool = False,
) -> Value:
    """What it is where it is there; `fn` of `args` is what is done, to None."""
    if always or exceptions.handled(it, cls):
        return required(it, value, cls, wording.said(fn, *args))
    return value.value


def required(it: Interpreter, value: Maybe, cls: type[Exception], said: str) -> Value:
    """What it is where it is there; elsewhere the exception is raised, with what Python says."""
    fail = lambda: exceptions.raise_error(it, cls, (Static(said),))  # noqa: E731
    if value.none and value.present is not None:
        branching.branch(it, value.present, lambda: None, fail)
    elif value.none and it.is_numeric(value.value):
        absent = it.atom(operator.is_, it.read(value.value), Const(None))
        branching.branch(it, absent, fail, lambda: None)
    return value.value
