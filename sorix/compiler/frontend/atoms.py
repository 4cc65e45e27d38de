"""Facts about atoms: their types, the type that two have in common, the constants they come to."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.compiler.frontend.contents import ARITHMETIC
from sorix.compiler.ir.nodes import UNDEFINED, Atom, Const, Tup, Var
from sorix.compiler.ir.shapes import fresh_dim
from sorix.compiler.ir.types import BOOL, TEXT, ListOf, Num, Opaque, Type, join
from sorix.errors import StructureError


def fold(fn: Any, args: tuple[Atom, ...], options: dict[str, Atom]) -> Const | None:
    """The constant a call of constants comes to, where Python can compute it here and now."""
    if options or fn not in ARITHMETIC or not args:
        return None
    values = []
    for arg in args:
        if not isinstance(arg, Const) or not isinstance(arg.value, bool | int | float):
            return None
        values.append(arg.value)
    try:
        result = fn(*values)
    except RecursionError:
        raise
    except Exception:
        return None
    if isinstance(result, int) and result.bit_length() > 4096:
        return None
    return Const(result) if isinstance(result, bool | int | float) else None


def join_atoms(a: Atom, b: Atom) -> Type:
    """The type of a variable that is `a` on one path and `b` on another."""
    for one, other in ((a, b), (b, a)):
        if isinstance(one, Const) and (one is UNDEFINED or one.value is None):
            maybe_none = one is not UNDEFINED and atom_type(other) == TEXT
            return Opaque() if maybe_none else atom_type(other)
        if isinstance(one, Tup) and not one.items:
            return atom_type(other)
    joined = join(atom_type(a), atom_type(b), fresh_dim)
    if joined is None:
        if isinstance(a, Tup) or isinstance(b, Tup):
            raise StructureError(
                "a list holds elements of different kinds",
                "keep elements of one kind (numbers, or arrays of one rank) in one list",
            )
        return Num()
    return joined


def atom_type(atom: Atom) -> Type:
    """The type of an atom; a list display of numbers is a list of their common type."""

    if isinstance(atom, Var | Const):
        if isinstance(atom, Const) and isinstance(atom.value, bool):
            return BOOL
        type_ = atom.type
        if isinstance(atom, Const) and isinstance(type_, Num):
            return Num(type_.dtype, type_.shape, type_.kind)
        return type_
    if isinstance(atom, Tup) and atom.is_list:
        element: Type | None = None
        for item in atom.items:
            found = atom_type(item)
            element = found if element is None else join(element, found, fresh_dim)
            if element is None:
                raise StructureError(
                    "a list holds elements of different kinds",
                    "keep elements of one kind (numbers, or arrays of one rank) in one list",
                )
        return ListOf(element if element is not None else Num())
    return Opaque()


def is_scalar(atom: Atom) -> bool:
    """Whether an atom is a number, or an array without dimensions."""
    if isinstance(atom, Const):
        return not isinstance(atom.value, np.ndarray)
    return isinstance(atom, Var) and isinstance(atom.type, Num) and atom.type.rank == 0
