"""What operators and methods make of texts that the run computes."""

from __future__ import annotations

import operator
from typing import Any

from sorix.compiler.ir.inference.operands import atom_type
from sorix.compiler.ir.nodes import Atom, Call, Const, Method, Tup, Var
from sorix.compiler.ir.types import BOOL, INT, TEXT, ListOf, Num, Opaque, Type

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


def is_of_texts(call: Call) -> bool:
    """Whether this is a method of a text, of texts and numbers alone: nobody else's code is run."""
    if not isinstance(call.fn, Method) or call.fn.name not in METHODS:
        return False
    given = (*call.args, *(atom for _, atom in call.kwargs))
    return atom_type(call.args[0]) == TEXT and all(map(_is_plain, given))


def _is_plain(atom: Atom) -> bool:
    """Whether this is a number, an array, a text, or a list or tuple of them."""
    if isinstance(atom, Tup):
        return all(map(_is_plain, atom.items))
    return isinstance(atom, Const | Var) and _is_plain_type(atom_type(atom))


def _is_plain_type(type_: Type) -> bool:
    if isinstance(type_, ListOf):
        return _is_plain_type(type_.element)
    return isinstance(type_, Num) or type_ == TEXT


def operation(fn: Any, a: Atom, b: Atom) -> Type | None:
    """The type of an operator one of whose operands is a text; None where none is."""
    if atom_type(a) != TEXT and atom_type(b) != TEXT:
        return None
    if fn in _COMPARISONS and atom_type(a) == atom_type(b):
        return BOOL
    return TEXT if fn in (operator.add, operator.mul, operator.mod) else None


_COMPARISONS = (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)
