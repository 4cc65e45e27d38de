"""What a value is called in an error about the user's program."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any

from sorix.compiler.frontend.values import (
    SENT,
    Array,
    InstanceContent,
    Lazy,
    Maybe,
    Reference,
    Static,
)
from sorix.compiler.frontend.values import Sequence as Tuple
from sorix.compiler.ir.nodes import Const, Var
from sorix.compiler.ir.types import TEXT, Num

if TYPE_CHECKING:
    from sorix.compiler.frontend.interpreter import Interpreter


def describe(value: Any, it: Interpreter | None = None) -> str:
    """What a value is, in a sentence about the user's program."""
    match value:
        case Static():
            return "what send() gives a generator" if value is SENT else _named(value.value)
        case Const():
            return "a number" if isinstance(value.type, Num) else repr(value.value)
        case Var():
            if value.type == TEXT:
                return "a text that the run makes"
            return "a number" if isinstance(value.type, Num) else "an object that is not read"
        case Array():
            return (
                "an array" if getattr(it and it.type_of(value), "rank", None) != 0 else "a number"
            )
        case Tuple():
            return "a tuple" if value.cls is tuple else f"a {value.cls.__name__}"
        case Reference():
            return _content_named(it.state.get(value.cell)) if it else "a list, dict or object"
        case Lazy():
            return _ITERATORS.get(value.kind, "an iterator")
        case Maybe():
            return describe(value.value, it)
    return KINDS.get(type(value).__name__, "this value")


_ITERATORS = {
    "generator": "a generator",
    "expression": "a generator",
    "context": "a context manager",
}


KINDS = {
    "Tensor": "a tensor",
    "RangeValue": "a range",
    "SliceValue": "a slice",
    "Slc": "an index",
    "Tup": "an index",
    "SuperValue": "super()",
}


KINDS |= dict.fromkeys(
    ("Closure", "Bound", "MethodOf", "Partial", "GradientOf", "Pullback"), "a function"
)
"""What values of a kind are called; those that need more are named in `describe`."""


def _named(target: Any) -> str:
    """An object known at compile time, by its name where it has one."""
    name = getattr(target, "__name__", None)
    if isinstance(target, type):
        return f"the class {name}"
    if isinstance(target, types.ModuleType):
        return f"the module {name}"
    if callable(target) and name:
        return f"the function {name}"
    if isinstance(target, str | int | float | tuple | None):
        return repr(target)
    return f"an object of class {type(target).__name__}"


def _content_named(content: Any) -> str:
    if isinstance(content, InstanceContent):
        if content.cls.__module__.endswith(".prelude_dicts"):
            one = "a list in a dict" if issubclass(content.cls, list) else "a dict"
            return f"{one} whose keys the run decides"
        if content.cls.__module__.endswith(".prelude_sets"):
            return "a set whose elements the run decides"
        return f"an object of class {content.cls.__name__}"
    return f"a {getattr(content, 'cls', list).__name__}"
