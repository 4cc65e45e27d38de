"""From the leaves that generated code returns to the structure the user's function returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from sorix.compiler.frontend.lower import Shape

Rebuild = Callable[[Sequence[Any]], Any]


def rebuilder(shape: Shape) -> Rebuild:
    """A function that puts leaves in the places `shape` says."""
    match shape.kind:
        case "leaf" | "tensor" | "argument":
            index = shape.index
            return lambda leaves: leaves[index]
        case "static":
            value = shape.extra
            return lambda leaves: value
        case "rows":
            return _rows(shape)
    parts = tuple(rebuilder(p) for p in shape.parts)
    match shape.kind:
        case "collection":
            made, (listed,) = shape.extra, parts
            return lambda leaves: made(listed(leaves))
        case "tuple" if hasattr(shape.extra, "_fields"):
            cls = shape.extra
            return lambda leaves: cls(*(p(leaves) for p in parts))
        case "tuple":
            return lambda leaves: tuple(p(leaves) for p in parts)
        case "list":
            return lambda leaves: [p(leaves) for p in parts]
        case "set":
            return lambda leaves: {p(leaves) for p in parts}
        case "slice":
            return lambda leaves: slice(*(p(leaves) for p in parts))
        case "dict":
            cls, keys = shape.extra
            return lambda leaves: cls(zip(keys, (p(leaves) for p in parts), strict=True))
        case "object":
            return _object(shape, parts)
    raise AssertionError(shape.kind)


def _rows(shape: Shape) -> Rebuild:
    """A list of tuples, from one list for each place of the tuple."""
    start, width = shape.index, shape.extra
    make = rebuilder(shape.parts[0])
    return lambda leaves: [make(row) for row in zip(*leaves[start : start + width], strict=True)]


def _object(shape: Shape, parts: tuple[Rebuild, ...]) -> Rebuild:
    cls, names = shape.extra

    def make(leaves: Sequence[Any]) -> Any:
        made = SimpleNamespace() if cls is SimpleNamespace else object.__new__(cls)
        for name, part in zip(names, parts, strict=True):
            object.__setattr__(made, name, part(leaves))
        return made

    return make
