"""Numbers whose class the run decides, though their type is known: an int on one path, a float on
another, or a list of both.

A type tells what a number is for arithmetic; ``isinstance`` and what an exception says are about
the class. A mixture comes about where paths meet and where lists are made, and is kept by
operations that give an int of ints and a float of floats.
"""

from __future__ import annotations

import builtins
import operator
from collections.abc import Collection
from typing import Any

from sorix import support
from sorix.compiler.ir.nodes import Atom, Const, Tup, Var
from sorix.compiler.ir.types import ListOf, Num, Type


def class_key(type_: Type) -> Any:
    """Equal for values of which Python's ``type()`` says the same."""
    if isinstance(type_, ListOf):
        return ListOf, class_key(type_.element)
    return (type_.kind, type_.dtype) if isinstance(type_, Num) else type(type_)


def mixes(mixed: Collection[Any], var: Var, fn: Any, args: tuple[Atom, ...]) -> bool:
    """Whether the result of a call is such a number, or a list of them."""
    if fn is operator.getitem and isinstance(args[0], Tup):
        return _holds_mixture(mixed, args[0].items)
    kept = any(a in mixed for a in args)
    if isinstance(var.type, ListOf) and fn in _EXTENDING:
        items, added = args[0], args[-1]
        return kept or _type(items) != _EMPTY and _element_key(items) != class_key(_type(added))
    return kept and fn in _KEEPING and not any(_is_surely_float(mixed, a) for a in args)


def may_be_complex(base: Atom, exponent: Atom) -> bool:
    """Whether Python, not NumPy, may take the power, and make a complex number of it."""
    if isinstance(base, Const) and base.value >= 0:
        return False
    if isinstance(exponent, Const) and float(exponent.value).is_integer():
        return False
    is_whole = getattr(_type(exponent), "dtype", None) in ("int64", "bool")
    return not is_whole and _may_be_python(base) and _may_be_python(exponent)


def _may_be_python(atom: Atom) -> bool:
    type_ = _type(atom)
    known = isinstance(type_, Num) and type_.rank in (0, None)
    return known and type_.kind in ("python", "number", "any")


def _holds_mixture(mixed: Collection[Any], items: tuple[Atom, ...]) -> bool:
    keys = {class_key(_type(item)) for item in items}
    return len(keys) > 1 or any(item in mixed for item in items)


def _type(atom: Atom) -> Type:
    return atom.type if isinstance(atom, Var | Const) else Num()


def _element_key(items: Atom) -> Any:
    type_ = _type(items)
    return class_key(type_.element) if isinstance(type_, ListOf) else None


def _is_surely_float(mixed: Collection[Any], atom: Atom) -> bool:
    type_ = _type(atom)
    return isinstance(type_, Num) and type_.dtype == "float64" and atom not in mixed


_EMPTY = ListOf(Num())
_EXTENDING: set[Any] = {support.list_append, support.list_set}
_KEEPING: set[Any] = {
    operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod, operator.pow,
    operator.neg, operator.pos, operator.abs, builtins.abs, builtins.min, builtins.max,
    operator.getitem, support.list_pop,
}  # fmt: skip
