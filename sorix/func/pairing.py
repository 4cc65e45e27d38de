"""What a caller gives beside a structure: a tangent of an argument, or a cotangent of a result.

The two are walked together, and what fits nowhere is refused: a direction whose parts were looked
up by place would lose, without a word, those that stand at another. None, and an entry of a dict
or a field that is not given, is no movement, and no weight.
"""

from __future__ import annotations

import collections
from collections.abc import Iterator
from typing import Any

import numpy as np

from sorix.compiler.frontend.lower import Shape
from sorix.errors import NotDifferentiableError, ShapeError
from sorix.func.floats import described, instead_of
from sorix.func.trees import (
    MAPPINGS,
    NUMBERS,
    SEQUENCES,
    fields_of,
    holds_floats,
    is_object,
)
from sorix.runtime.tensor import Tensor

Pairs = dict[str, Any]

# -- tangents -------------------------------------------------------------------------------


def tangents_beside(primal: Any, given: Any, path: str, found: Pairs) -> None:
    """Enter the tangents of the floats of an argument in `found`, by their places."""
    if given is None:
        return
    if isinstance(primal, SEQUENCES):
        for k, (part, tangent) in enumerate(zip(primal, _items(primal, given, path), strict=True)):
            tangents_beside(part, tangent, f"{path}[{k!r}]", found)
    elif isinstance(primal, MAPPINGS):
        for key, tangent in _entries(primal, given, path).items():
            tangents_beside(primal[key], tangent, f"{path}[{key!r}]", found)
    elif is_object(primal):
        fields = fields_of(primal)
        for name, tangent in _entries(fields, _fields(given), path).items():
            tangents_beside(fields[name], tangent, f"{path}.{name}", found)
    elif isinstance(primal, NUMBERS) and holds_floats(primal):
        require_shape(given, primal, f"the tangent of {path}")
        found[path] = given
    elif not _stays(primal, given, nested=path[-1:] == "]" or "." in path):
        raise NotDifferentiableError(
            f"a tangent is given for {path}, which is {described(primal)}: only floats have one",
            f"pass None as its tangent, or in its place {instead_of(path, primal)}",
        )


def _stays(primal: Any, given: Any, nested: bool) -> bool:
    """Whether what stands beside something without derivative says that it does not move.

    Within a structure, a copy of what it is beside does, too: an object has all of its fields.
    """
    if isinstance(primal, NUMBERS):
        same = nested and np.shape(given) == np.shape(primal) and not holds_floats(given)
        return not np.any(given) or (same and bool(np.all(given == primal)))
    return nested and not holds_floats(primal) and (given is primal or (given == primal) is True)


def _described(value: Any) -> str:
    dtype = f" of {value.dtype}" if isinstance(value, np.ndarray) else ""
    return f"{type(value).__name__}{dtype}"


# -- cotangents -----------------------------------------------------------------------------


def cotangents_beside(
    shape: Shape, given: Any, path: str = "the value"
) -> Iterator[tuple[int, Any]]:
    """The cotangents of a function's results, each with the result's index."""
    if given is None:
        return
    match shape.kind:
        case "leaf" | "tensor" | "argument":
            yield shape.index, given
        case "tuple" | "list":
            parts = zip(shape.parts, _items(shape.parts, given, path), strict=True)
            for k, (part, bar) in enumerate(parts):
                yield from cotangents_beside(part, bar, f"{path}[{k}]")
        case "dict" | "object":
            keys = shape.extra[1]
            named = dict(zip(keys, shape.parts, strict=True))
            if shape.kind == "object":
                given = _fields(given)
            for key, bar in _entries(named, given, path).items():
                yield from cotangents_beside(named[key], bar, f"{path}[{key!r}]")
        case "collection":
            yield from cotangents_beside(shape.parts[0], list(_items(None, given, path)), path)
        case "rows":
            yield from _rows_beside(shape, given, path)
        case _ if shape.kind != "static" or holds_floats(given) or path == "the value":
            raise ShapeError(
                f"a cotangent is given for {path}, which is no number or array that the function "
                "computes. Hint: give None for it"
            )


def _rows_beside(shape: Shape, given: Any, path: str) -> Iterator[tuple[int, Any]]:
    """Those of a list of tuples, which is a list for each place in the tuple."""
    row = shape.parts[0]
    columns: dict[int, list[Any]] = collections.defaultdict(list)
    for k, bars in enumerate(_items(None, given, path)):
        found = dict(cotangents_beside(row, bars, f"{path}[{k}]"))
        for place in range(shape.extra):
            columns[place].append(found.get(place))
    yield from ((shape.index + place, column) for place, column in columns.items())


def require_computed(shape: Shape, name: str) -> None:
    """Refuse a function that returns an object of the caller's: its floats would not move."""
    if shape.kind == "static" and holds_floats(shape.extra):
        raise NotDifferentiableError(
            f"{name}() returns an object of the caller's, {_described(shape.extra)}, with floats"
            " in it, whose derivatives are not taken",
            "return the floats, or a new object of them",
        )
    for part in shape.parts:
        require_computed(part, name)


# -- walking both ---------------------------------------------------------------------------


def _items(beside: Any, given: Any, path: str) -> Any:
    if not isinstance(given, SEQUENCES) or (beside is not None and len(given) != len(beside)):
        raise ShapeError(
            f"{path} is a sequence{'' if beside is None else f' of {len(beside)}'}, and what is"
            f" given for it {_shortly(given)}. Hint: give one of the same structure"
        )
    return given


def _entries(beside: Any, given: Any, path: str) -> Any:
    if not isinstance(given, MAPPINGS):
        raise ShapeError(
            f"{path} has the parts {', '.join(map(str, beside))}, and what is given for it"
            f" {_shortly(given)}. Hint: give one of the same structure"
        )
    unknown = [key for key in given if key not in beside]
    if unknown:
        raise ShapeError(f"{path} has no {unknown[0]!r}, which is given for it. Hint: leave it out")
    return given


def require_shape(given: Any, value: Any, what: str) -> None:
    """Refuse what is no number, or array, of the shape of what it belongs to."""
    if np.shape(given) != np.shape(value):
        raise ShapeError(f"{what} has shape {np.shape(given)}, and must have {np.shape(value)}")
    if np.asarray(given._data if isinstance(given, Tensor) else given).dtype.kind not in "fiub":
        raise ShapeError(f"{what} is {_described(given)}, and must be a number or an array")


def _shortly(given: Any) -> str:
    length = f" of {len(given)}" if isinstance(given, SEQUENCES) else ""
    return f"is {_described(given)}{length}"


def _fields(given: Any) -> Any:
    """The fields that are given: by an object, or in a dict, which gradients come back in."""
    return fields_of(given) if is_object(given) and not isinstance(given, Tensor) else given
