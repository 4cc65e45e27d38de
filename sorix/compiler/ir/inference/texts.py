"""What operators and methods make of texts that the run computes."""

from __future__ import annotations

import operator
from typing import Any

from sorix.compiler.ir.inference.operands import atom_type
from sorix.compiler.ir.nodes import Atom
from sorix.compiler.ir.types import BOOL, INT, TEXT, Opaque, Type

_OF_TEXT = (
    "capitalize casefold center expandtabs format format_map join ljust lower lstrip removeprefix"
    " removesuffix replace rjust rstrip strip swapcase title translate upper zfill"
)
METHODS: dict[str, Type] = {
    **dict.fromkeys(_OF_TEXT.split(), TEXT),
    **dict.fromkeys("count find index rfind rindex".split(), INT),
    **dict.fromkeys((m for m in dir(str) if m.startswith("is")), BOOL),
    **dict.fromkeys(("startswith", "endswith"), BOOL),
}
"""What the methods of a text return that return a text or a number."""


def method(owner: Atom, name: str) -> Type:
    """The type of ``owner.name(...)``."""
    return METHODS.get(name, Opaque()) if atom_type(owner) == TEXT else Opaque()


def operation(fn: Any, a: Atom, b: Atom) -> Type | None:
    """The type of an operator one of whose operands is a text; None where none is."""
    if atom_type(a) != TEXT and atom_type(b) != TEXT:
        return None
    if fn in _COMPARISONS and atom_type(a) == atom_type(b):
        return BOOL
    return TEXT if fn in (operator.add, operator.mul, operator.mod) else None


_COMPARISONS = (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)
