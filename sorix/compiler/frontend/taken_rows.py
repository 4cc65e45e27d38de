"""A list among the values of a dict whose keys the run decides, where a list is wanted."""

from __future__ import annotations

from sorix.compiler.frontend import prelude_dicts
from sorix.compiler.frontend.builtin_table import BUILTINS
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import InstanceContent, Reference, Value

ROWS = (prelude_dicts.Row, prelude_dicts.FoundRow)


def as_list(it: Interpreter, value: Value) -> Value:
    """Such a list as one of its own; other values as they are."""
    content = it.state.get(value.cell) if isinstance(value, Reference) else None
    if isinstance(content, InstanceContent) and content.cls in ROWS:
        return BUILTINS[list](it, [value], {})
    return value
