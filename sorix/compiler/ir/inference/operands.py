"""What a type function may ask of the atoms it is given.

`num` their numeric type, `static` their value where the program text has it, `size` the symbolic
value of an integer, `shape_of`, `axes_of` and `dtype_of` the usual options of NumPy functions.
"""

from __future__ import annotations

import operator
from dataclasses import replace
from typing import Any

import numpy as np

from sorix.compiler.ir.nodes import Atom, Const, Slc, Tup, Var
from sorix.compiler.ir.shapes import as_size, broadcast, fresh_dim
from sorix.compiler.ir.types import Dim, ListOf, Num, Opaque, Shape, Type, constant

NONE = Const(None)
FALSE = Const(False)
TRUE = Const(True)
ZERO = Const(0)
ONE = Const(1)
TWO = Const(2)


class _Unknown:
    """The value of what only the run will tell."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()


def static(atom: Atom) -> Any:
    """The value of an atom that the program text fixes; UNKNOWN for any other."""
    if isinstance(atom, Const):
        return atom.value
    if isinstance(atom, Tup):
        items = [static(item) for item in atom.items]
        if any(item is UNKNOWN for item in items):
            return UNKNOWN
        return items if atom.is_list else tuple(items)
    if isinstance(atom, Slc):
        parts = [static(part) for part in (atom.start, atom.stop, atom.step)]
        return UNKNOWN if any(part is UNKNOWN for part in parts) else slice(*parts)
    known = atom.type.value if isinstance(atom.type, Num) else None
    return known.offset if known is not None and known.symbol is None else UNKNOWN


def type_of_atom(atom: Atom) -> Type:
    """The type of the atom's value; a tuple or list written out is taken as an array's data."""
    if isinstance(atom, Var | Const):
        return atom.type
    return array_of(atom) if isinstance(atom, Tup) else Opaque()


def atom_type(atom: Atom) -> Type:
    """The type of an atom as it stands: a tuple or a slice written out is an object."""
    return atom.type if isinstance(atom, Var | Const) else Opaque()


def num(atom: Atom) -> Num:
    """The atom as NumPy sees it: a number or an array."""
    if isinstance(atom, Tup):
        return array_of(atom)
    if isinstance(atom, Slc):
        return Num()
    return as_num(atom.type)


def as_num(type_: Type) -> Num:
    """The type as NumPy sees it: a list of numbers is an array."""
    if isinstance(type_, Num):
        return type_
    if isinstance(type_, ListOf):
        element = as_num(type_.element)
        shape = None if element.shape is None else (fresh_dim(), *element.shape)
        return Num(element.dtype, shape, "array")
    return Num()


def array_of(tup: Tup) -> Num:
    """The array NumPy makes of a (nested) tuple or list written out."""
    items = [num(item) for item in tup.items]
    if not items:
        return Num("float64", (constant(0),), "array")
    shapes = [item.shape for item in items]
    shape: Shape | None = None
    if all(item is not None for item in shapes) and len({len(s) for s in shapes if s}) <= 1:
        shape = (constant(len(items)), *broadcast(*(s for s in shapes if s is not None)))
    return Num(promoted(*items), shape, "array")


def promoted(*operands: Num) -> str | None:
    """The dtype that holds all operands, Python numbers counted as their NumPy equals."""
    dtypes = [operand.dtype for operand in operands]
    if any(dtype is None for dtype in dtypes):
        return None
    return np.result_type(*(np.dtype(dtype) for dtype in dtypes)).name


def is_python_int(type_: Type) -> bool:
    return isinstance(type_, Num) and type_.kind == "python" and type_.dtype == "int64"


def size(atom: Atom) -> Dim | None:
    """The symbolic value of an integer; None where unknown."""
    if isinstance(atom, Const):
        index = _as_index(atom.value)
        return None if index is None else constant(index)
    return atom.type.value if isinstance(atom, Var) and isinstance(atom.type, Num) else None


def _as_index(value: Any) -> int | None:
    try:
        return operator.index(value)
    except TypeError:
        return None


def size_or_fresh(atom: Atom) -> Dim:
    """The length of an axis that is made as long as the integer says."""
    known = size(atom)
    return fresh_dim() if known is None else as_size(known)


def is_integer(atom: Atom) -> bool:
    """Whether the atom is certainly one integer, not a bool and not a sequence."""
    type_ = num(atom)
    return type_.shape == () and type_.dtype is not None and np.dtype(type_.dtype).kind in "iu"


def integers(atom: Atom) -> tuple[Dim | None, ...] | None:
    """The values of an integer or a tuple of integers; None where not even the number is known."""
    if isinstance(atom, Tup):
        return tuple(size(item) for item in atom.items)
    value = static(atom)
    if isinstance(value, tuple | list):
        return tuple(constant(int(item)) for item in value)
    return (size(atom),) if is_integer(atom) else None


def shape_of(atom: Atom) -> Shape | None:
    """The shape that a ``shape`` argument asks for."""
    values = integers(atom)
    if values is None:
        return None
    return tuple(fresh_dim() if value is None else as_size(value) for value in values)


def axes_of(atom: Atom, rank: int | None) -> tuple[int, ...] | None:
    """Axes counted from 0, all of them for None; None where they are not known."""
    value = static(atom)
    if value is UNKNOWN or rank is None:
        return None
    if value is None:
        return tuple(range(rank))
    given = value if isinstance(value, tuple | list) else (value,)
    return tuple(axis_in(int(axis), rank) for axis in given)


def axis_of(atom: Atom, rank: int | None) -> int | None:
    """One axis counted from 0; None where it is not known."""
    value = static(atom)
    if rank is None or value is UNKNOWN or _as_index(value) is None:
        return None
    return axis_in(int(value), rank)


def axis_in(axis: int, rank: int) -> int:
    if not -rank <= axis < rank:
        raise IndexError(f"axis {axis} is out of bounds for rank {rank}")
    return axis % rank


def dtype_of(atom: Atom, default: str | None) -> str | None:
    """The dtype that a ``dtype`` argument asks for, `default` for None; None where unknown."""
    value = static(atom)
    if value is UNKNOWN:
        return None
    return default if value is None else np.dtype(value).name


def sequence(atom: Atom) -> tuple[Num, ...] | None:
    """The types of the items of a sequence of known length; None for any other."""
    if isinstance(atom, Tup):
        return tuple(num(item) for item in atom.items)
    array = num(atom)
    if array.shape and array.shape[0].symbol is None:
        item = Num(array.dtype, array.shape[1:], "array" if len(array.shape) > 1 else "scalar")
        return (item,) * array.shape[0].offset
    return None


def plain(type_: Num, shape: Shape | None, dtype: str | None = None) -> Num:
    """An array of the type's dtype (or `dtype`) with this shape."""
    # Of an unknown rank it may be a scalar still.
    return Num(dtype or type_.dtype, shape, "any" if shape is None else "array")


def without_value(type_: Num) -> Num:
    return replace(type_, value=None)
