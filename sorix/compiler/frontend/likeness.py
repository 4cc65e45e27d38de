"""Whether two values, each of a memory of its own, are the same."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.values import (
    Array,
    Choice,
    Closure,
    Maybe,
    Sequence,
    Static,
    Tensor,
)
from sorix.compiler.ir.nodes import Atom, Const, Var
from sorix.compiler.ir.types import Opaque
from sorix.errors import StructureError


def is_function(value: Any) -> bool:
    if isinstance(value, Closure | Choice):
        return True
    return isinstance(value, Static) and callable(value.value) and not isinstance(value.value, type)


def is_plain_function(value: Any) -> bool:
    """Whether a function holds no more than names of the frames around it, and facts."""
    if not isinstance(value, Closure):
        return True
    held = [*value.defaults, *(v for v in value.kw_defaults if v is not None)]
    return all(isinstance(v, Const | Static) for v in held)


def same_function(a: Any, b: Any) -> bool:
    if isinstance(a, Static) and isinstance(b, Static):
        return a.value is b.value or bool(a.value == b.value)
    if not (isinstance(a, Closure) and isinstance(b, Closure)):
        return a is b
    if a.node is not b.node or a.frame is not b.frame:
        return False
    held = zip((*a.defaults, *a.kw_defaults), (*b.defaults, *b.kw_defaults), strict=True)
    return all(x is y or _same_fact(x, y) for x, y in held)


def _same_fact(a: Any, b: Any) -> bool:
    if isinstance(a, Const) and isinstance(b, Const):
        return same_constant(a, b)
    return isinstance(a, Static) and isinstance(b, Static) and a.value is b.value


def leaves(value: Any, read: Callable[[Any], Atom], name: str = "") -> list[Atom]:
    """The atoms of the numbers, arrays and texts in a tuple structure, an item of a list."""
    match value:
        case Var() | Const() | Array():
            return [read(value)]
        case Tensor():
            return leaves(value.value, read, name)
        case Sequence():
            return [atom for item in value.items for atom in leaves(item, read, name)]
        case Static() if isinstance(value.value, str):
            return [Const(value.value)]
        case Static() if value.value is None:
            return []
    which = f"the list {name!r}" if name else "a list"
    if isinstance(value, Maybe) and value.none:
        raise StructureError(
            f"{which} grows in a loop, and holds {describe(value.value)} that may be None",
            "put a number in the place of None, as 0.0, and keep a list of flags beside it",
        )
    raise StructureError(
        f"{which} grows in a loop, and holds {describe(value)}: it may hold numbers, arrays, and"
        " tuples of them",
        "keep one list for each field: xs.append(x), ys.append(y)",
    )


def joined(one: Any, other: Any, which: str = "a list") -> Any:
    """The structure of the items of a list that holds both of these: a tensor, where one is."""
    if isinstance(one, Tensor) or isinstance(other, Tensor):
        first, second = (v.value if isinstance(v, Tensor) else v for v in (one, other))
        grad = any(isinstance(v, Tensor) and v.requires_grad for v in (one, other))
        return Tensor(joined(first, second, which), grad)
    if isinstance(one, Sequence) and isinstance(other, Sequence):
        if (one.cls, len(one.items)) == (other.cls, len(other.items)):
            pairs = zip(one.items, other.items, strict=True)
            return Sequence(tuple(joined(a, b, which) for a, b in pairs), one.cls)
    elif _is_leaf(one) and _is_leaf(other) or is_absent(one) and is_absent(other):
        return one
    raise StructureError(
        f"the elements of {which} differ in structure",
        "keep elements of one structure in one list, and the others in a list of their own",
    )


def alike(one: Any, other: Any) -> bool:
    """Whether a list may hold both of these."""
    try:
        joined(one, other)
    except StructureError:
        return False
    return True


def _is_leaf(value: Any) -> bool:
    return isinstance(value, Var | Const | Array) or is_text(value)


def tensors(value: Any) -> list[bool]:
    """Of each leaf of the items of a list, outermost first, whether it is a tensor with a grad."""
    match value:
        case Tensor():
            return [True, value.requires_grad]
        case Sequence():
            return [flag for item in value.items for flag in tensors(item)]
    return [False, False]


def same_constant(a: Const, b: Const) -> bool:
    """Equal in type and value, -0.0 and 0.0 told apart, NaN equal to itself."""
    return type(a.value) is type(b.value) and repr(a.value) == repr(b.value)


def same_steps(a: Array, b: Array) -> bool:
    if len(a.steps) != len(b.steps):
        return False
    return all(
        x is y
        or (
            x.read is y.read
            and x.taken_of is y.taken_of
            and len(x.args) == len(y.args)
            and all(_same_atom(p, q) for p, q in zip(x.args, y.args, strict=True))
            and not x.options
            and not y.options
        )
        for x, y in zip(a.steps, b.steps, strict=True)
    )


def _same_atom(a: Any, b: Any) -> bool:
    if a is b:
        return True
    if isinstance(a, Const) and isinstance(b, Const):
        return same_constant(a, b)
    return False


def same_statics(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    return all(
        isinstance(x, Static | Const) and isinstance(y, Static | Const) and x.value == y.value
        for x, y in zip(a, b, strict=True)
    )


def is_comparable(value: Any) -> bool:
    return isinstance(value, str | bytes | int | float | type | tuple)


def is_absent(value: Any) -> bool:
    return isinstance(value, Static) and value.value is None


def is_text(value: Any) -> bool:
    """Whether it is a string or a member of an enumeration, or a variable that may be one."""
    if isinstance(value, Static):
        return isinstance(value.value, str | enum.Enum)
    return isinstance(value, Var) and isinstance(value.type, Opaque)
