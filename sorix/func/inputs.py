"""The inputs of a specialisation that carry derivatives, and their cotangents by place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sorix.compiler.frontend.inputs import Input


def is_float(item: Input) -> bool:
    """Whether an input holds floats; a long list of them is one input."""
    if item.kind == "list":
        return True
    return item.kind in ("array", "number") and bool(getattr(item.var.type, "is_float", False))


def bar_at(path: str, positions: Mapping[str, int], bars: Sequence[Any]) -> Any:
    """The cotangent of the float at a place, which may be an item of a list; None without one."""
    position = positions.get(path)
    if position is not None:
        return bars[position]
    whole, _, item = path.rpartition("[")
    position = positions.get(whole)
    return None if position is None else bars[position][int(item[:-1])]
