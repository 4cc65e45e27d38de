"""What `sorix.checkpoint` may be given, and what is said of anything else."""

from __future__ import annotations

import operator
from typing import Any

from sorix.compiler.frontend import branching, exceptions, failing
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import NONE, Maybe, Static, Value
from sorix.compiler.ir.nodes import Atom, Const
from sorix.compiler.ir.types import INT, Num

NEITHER = "sorix.checkpoint() is given {}: neither a function nor what a loop runs over"
WRITE = "write sorix.checkpoint(f), or for i in sorix.checkpoint(range(n))"
NO_SEGMENTS = "segment= is for loops: a function has no segments"
NOT_A_LENGTH = "segment={} is not a number of iterations"
MANY = "pass an integer of 1 or more, or leave it out"


def require_target(it: Interpreter, target: Value, segment: Value) -> None:
    """Refuse what can neither be called nor walked, and segments of a function."""
    if _is_neither(it, target):
        message = NEITHER.format(describe(target, it))
        raise failing.not_possible(it, target, message, message, WRITE)
    if segment is not NONE and _is_function(it, target):
        hint = "leave it out"
        raise failing.not_possible(it, target, NO_SEGMENTS, NO_SEGMENTS, hint, ValueError)


def _is_function(it: Interpreter, target: Value) -> bool:
    if isinstance(target, Static):
        return callable(target.value)
    return describe(target, it) == "a function"


def _is_neither(it: Interpreter, target: Value) -> bool:
    if isinstance(target, Static) and not isinstance(target, Maybe):
        return not callable(target.value) and not hasattr(target.value, "__iter__")
    return failing.has_no_length(it, target)


def segment_length(it: Interpreter, segment: Value) -> Atom | None:
    """The iterations in a segment; None for the root of their number."""
    if isinstance(segment, Static) and segment.value is None:
        return None
    length = it.read(segment)
    known = _known(it, segment, length)
    if known is not None and not is_length(known):
        message = NOT_A_LENGTH.format(known)
        raise failing.not_possible(it, segment, message, message, MANY, ValueError)
    if known is None:
        few = it.atom(operator.lt, length, Const(1))
        message = NOT_A_LENGTH.format("")
        branching.branch(it, few, lambda: _raise(it, message), lambda: None)
    return length


def _raise(it: Interpreter, message: str) -> None:
    exceptions.raise_error(it, ValueError, (Static(message),))


def _known(it: Interpreter, segment: Value, length: Atom) -> Any:
    """What is given, where that is known, or is no integer; None for an integer of the run's."""
    if isinstance(length, Const):
        return length.value
    kind = getattr(length, "type", None)
    integer = isinstance(kind, Num) and kind.rank == 0 and kind.dtype == INT.dtype
    return None if integer else describe(segment, it)


def is_length(value: Any) -> bool:
    """Whether the value is an integer of 1 or more."""
    return hasattr(value, "__index__") and not isinstance(value, bool) and value >= 1
