"""Abstract types: what the compiler knows of a value before the program runs.

A type is information, never a promise that is needed for correctness: every field may
be unknown (``None``), and the code generated for an unknown field is the general one.

* ``Num``: a number or an array of numbers; dtype, rank, and each dimension where known.
* ``ListOf``: a Python list of known element type and unknown length.
* ``Opaque``: any other Python object; never differentiated.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np

SIGNED = "_±"
"""How the symbol of an integer starts that may be negative: a number the caller passes."""

Kind = Literal["array", "scalar", "python", "number", "any"]

NUMBERS = frozenset({"python", "scalar", "number"})
"""The kinds of what is certainly no array."""


@dataclass(frozen=True, slots=True)
class Dim:
    """One dimension or integer: ``symbol + offset``, or the constant ``offset`` without a symbol.

    A symbol that starts with ``_`` may be anything when the program runs; any other is known,
    by the guard of its specialisation, to be at least 2 (sizes 0 and 1 are constants).
    As a dimension, a sum below zero means zero: what a slice too short for its bounds leaves.
    As an integer (``Num.value``) the sum is exact; its symbol may start with ``SIGNED``.
    """

    symbol: str | None
    offset: int = 0

    def __str__(self) -> str:
        if self.symbol is None:
            return str(self.offset)
        if self.symbol.startswith("_"):
            return "?"
        return self.symbol + (f"{self.offset:+d}" if self.offset else "")

    def shifted(self, by: int) -> Dim:
        return Dim(self.symbol, self.offset + by)


def constant(size: int) -> Dim:
    """The dimension that is always ``size``."""
    return Dim(None, size)


ONE = constant(1)


_UNBOUNDED = -(2**62)


def lower_bound(dim: Dim) -> int:
    """The least that the sum ``symbol + offset`` can be; negative where it may be."""
    if dim.symbol is None:
        return dim.offset
    if dim.symbol.startswith(SIGNED):
        return _UNBOUNDED
    return dim.offset + (0 if dim.symbol.startswith("_") else 2)


def is_one(dim: Dim) -> bool | None:
    """Whether `dim` is 1: True, False, or None where only the run will tell."""
    if dim.symbol is None:
        return dim.offset == 1
    return False if lower_bound(dim) >= 2 else None


Shape = tuple[Dim, ...]


@dataclass(frozen=True, slots=True)
class Num:
    """A number or an array of numbers.

    ``kind`` is ``"array"`` for an ndarray (also of rank 0), ``"scalar"`` for a NumPy scalar,
    ``"python"`` for a Python bool, int, float or complex, ``"number"`` for one of these two where
    the run decides which (Python's own raises where NumPy's warns), and ``"any"`` where it may be
    an array or not.
    ``dtype`` is a NumPy dtype name; a Python int is "int64", a float "float64", and takes part
    in promotion weakly. ``value`` is the symbolic value of an integer (a length, say).
    """

    dtype: str | None = None
    shape: Shape | None = None
    kind: Kind = "any"
    value: Dim | None = None
    most: int | None = None

    @property
    def highest_rank(self) -> int | None:
        return self.most if self.shape is None else len(self.shape)

    @property
    def rank(self) -> int | None:
        return None if self.shape is None else len(self.shape)

    @property
    def is_float(self) -> bool | None:
        """Whether the dtype is inexact (can carry a derivative); None where unknown."""
        return None if self.dtype is None else np.dtype(self.dtype).kind in "fc"

    def __str__(self) -> str:
        dtype = self.dtype or "?"
        if self.kind == "python":
            return {"float64": "float", "int64": "int"}.get(dtype, dtype)
        if self.shape is None:
            return f"{dtype}[...]"
        return f"{dtype}[{', '.join(map(str, self.shape))}]" if self.shape else dtype


@dataclass(frozen=True, slots=True)
class ListOf:
    """A Python list whose elements share one type and whose length is not known."""

    element: Type

    def __str__(self) -> str:
        return f"list[{self.element}]"


@dataclass(frozen=True, slots=True)
class Opaque:
    """A Python object the compiler carries but never looks into.

    ``kind`` is the name of its class where that is known: of a text, or of a generator of random
    numbers.
    """

    kind: str = "object"

    def __str__(self) -> str:
        return self.kind


TEXT = Opaque("str")

GENERATORS = {
    Opaque(cls.__name__): cls for cls in (np.random.Generator, np.random.RandomState, random.Random)
}
"""The types of generators of random numbers, NumPy's and Python's, with their classes."""

Type = Num | ListOf | Opaque

FLOAT = Num("float64", (), "python")
INT = Num("int64", (), "python")
BOOL = Num("bool", (), "python")


@lru_cache(maxsize=4096)
def _of_int(value: int) -> Num:
    return replace(INT, value=constant(value))


def type_of(value: object) -> Type:
    """The type of a concrete constant of the program text."""
    if type(value) is int:
        return _of_int(value)
    if isinstance(value, str):
        return TEXT
    if isinstance(value, np.number):  # Of which some are floats of Python's, too.
        return Num(value.dtype.name, (), "scalar")
    if isinstance(value, bool | np.bool_):
        return BOOL if isinstance(value, bool) else Num("bool", (), "scalar")
    if isinstance(value, int):
        return _of_int(int(value))
    if isinstance(value, float):
        return FLOAT
    if isinstance(value, complex):
        return Num("complex128", (), "python")
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "biufc":
            return Opaque()
        return Num(value.dtype.name, tuple(map(constant, value.shape)), "array")
    return Opaque()


def join(a: Type, b: Type, fresh_dim: object) -> Type | None:
    """The least type that describes both; None where none does. `fresh_dim()` makes a new Dim."""
    if a == b:
        return a
    if isinstance(a, ListOf) and isinstance(b, ListOf):
        element = join(a.element, b.element, fresh_dim)
        return None if element is None else ListOf(element)
    if isinstance(a, Opaque) and isinstance(b, Opaque):
        return Opaque()
    if not (isinstance(a, Num) and isinstance(b, Num)):
        return None
    dtype = a.dtype if a.dtype == b.dtype else _join_dtype(a, b)
    shape: Shape | None = None
    if a.shape is not None and b.shape is not None and len(a.shape) == len(b.shape):
        shape = tuple(
            x if x == y else fresh_dim()  # type: ignore[operator]
            for x, y in zip(a.shape, b.shape, strict=True)
        )
    kind = _join_kind(a.kind, b.kind)
    most = None if shape is not None else highest_rank(a, b)
    return Num(dtype, shape, kind, a.value if a.value == b.value else None, most)


def highest_rank(*operands: Num) -> int | None:
    """The highest rank that any of them may have."""
    ranks = [operand.highest_rank for operand in operands]
    known = [rank for rank in ranks if rank is not None]
    return max(known, default=None) if len(known) == len(ranks) else None


def _join_kind(a: Kind, b: Kind) -> Kind:
    """A Python number or a NumPy scalar is still no array: nothing can write into it."""
    if a == b:
        return a
    return "number" if {a, b} <= NUMBERS else "any"


def fits_kind(given: Kind, wanted: Kind) -> bool:
    """Whether what is of the one kind is of the other, too."""
    return wanted in (given, "any") or (wanted == "number" and given in NUMBERS)


def _join_dtype(a: Num, b: Num) -> str | None:
    """Where one branch holds an int and the other a float, the variable can carry a derivative."""
    kinds = {np.dtype(d).kind for d in (a.dtype, b.dtype) if d is not None}
    if None in (a.dtype, b.dtype) or "c" in kinds:
        return None
    return "float64" if "f" in kinds and a.kind != "array" and b.kind != "array" else None
