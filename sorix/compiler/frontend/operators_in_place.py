"""What `operator` has of statements that change their operand: ``operator.iadd(a, b)`` and the
like of it, ``operator.iconcat`` and ``operator.delitem``."""

from __future__ import annotations

import operator
from typing import Any

from sorix.compiler.frontend import assignment, containers
from sorix.compiler.frontend.builtin_table import builtin
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    NONE,
    Array,
    GrownList,
    Kwargs,
    ListContent,
    Maybe,
    Tensor,
    Value,
)
from sorix.compiler.ir.types import NUMBERS
from sorix.errors import UnsupportedCallError

_NAMES = "add sub mul truediv floordiv mod pow matmul and_ or_ xor lshift rshift"


def _as_in_place(name: str) -> None:
    fn = getattr(operator, name)
    called = f"i{name.rstrip('_')}"

    @builtin(getattr(operator, called))
    def apply(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
        old = args[0].value if isinstance(args[0], Maybe) else args[0]
        if _may_be_seen(it, old):
            raise UnsupportedCallError(
                f"operator.{called}() may change a tensor or an array, or compute a new number",
                "write it as a statement (a += b), or compute a new value (a = a + b)",
            )
        return assignment.in_place(it, fn, old, args[1], "")


def _may_be_seen(it: Interpreter, old: Value) -> bool:
    """Whether it is not known of a value that others may hold, too, if it is changed."""
    if isinstance(old, Array):
        kind: Any = getattr(it.type_of(old), "kind", "any")
        return kind != "array" and kind not in NUMBERS and not old.steps
    return isinstance(old, Tensor)


for _name in _NAMES.split():
    _as_in_place(_name)


@builtin(operator.iconcat)
def _iconcat(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if not isinstance(containers.content_of(it, args[0]), ListContent | GrownList):
        raise UnsupportedCallError(
            "operator.iconcat() is called of what is no list", "write a + b of tuples and strings"
        )
    return assignment.in_place(it, operator.add, args[0], args[1], "")


@builtin(operator.delitem)
def _delitem(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    assignment.delete_item(it, args[0], args[1])
    return NONE
