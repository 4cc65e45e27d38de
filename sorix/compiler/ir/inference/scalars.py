"""Python's own numbers: builtins and `math`; and the sizes of arrays."""

from __future__ import annotations

import builtins
import copy
import math
import operator
from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np

from sorix import support
from sorix.compiler.ir.inference.elementwise import binary, joined
from sorix.compiler.ir.inference.operands import (
    NONE,
    UNKNOWN,
    as_num,
    atom_type,
    axes_of,
    is_python_int,
    num,
    size,
    static,
    type_of_atom,
    without_value,
)
from sorix.compiler.ir.inference.registry import Types, available, typed
from sorix.compiler.ir.nodes import Atom, Const, Tup, Var
from sorix.compiler.ir.shapes import as_integer, product
from sorix.compiler.ir.types import (
    BOOL,
    FLOAT,
    INT,
    TEXT,
    Dim,
    ListOf,
    Num,
    Opaque,
    Type,
    constant,
)

# ---------------------------------------------------------------------------------- sizes


def integer(value: Dim | None) -> Num:
    """A Python int with this symbolic value."""
    return replace(INT, value=value)


def counted(size: Dim) -> Num:
    """A Python int that is the length of an axis."""
    return integer(as_integer(size))


@typed(len)
def length(fn: Callable[..., Any], x: Atom) -> Type:
    if isinstance(x, Tup):
        return integer(constant(len(x.items)))
    shape = num(x).shape if isinstance(type_of_atom(x), Num) else None
    return counted(shape[0]) if shape else INT


@typed(np.size)
def size_of(fn: Callable[..., Any], a: Atom, axis: Atom = NONE) -> Type:
    shape = num(a).shape
    if shape is None:
        return INT
    axes = axes_of(axis, len(shape))
    return INT if axes is None else counted(product([shape[i] for i in axes]))


@typed(np.ndim)
def rank_of(fn: Callable[..., Any], a: Atom) -> Type:
    rank = num(a).rank
    return integer(None if rank is None else constant(rank))


@typed(np.shape)
def shape_tuple(fn: Callable[..., Any], a: Atom) -> Type:
    return Opaque()


# ----------------------------------------------------------------------------------- math

_MATH_INTS = (
    *available(math, "ceil", "floor", "trunc", "factorial", "comb", "perm", "gcd", "lcm"),
    *available(math, "isqrt"),
)
_MATH_BOOLS = available(math, "isnan", "isinf", "isfinite", "isclose")
_MATH_PAIRS = available(math, "modf", "frexp")
_MATH_PRODUCTS = available(math, "prod", "sumprod")
_MATH_FLOATS = tuple(
    function
    for name, function in sorted(vars(math).items())
    if callable(function)
    and not name.startswith("_")
    and function not in (*_MATH_INTS, *_MATH_BOOLS, *_MATH_PAIRS, *_MATH_PRODUCTS)
)


@typed(*_MATH_FLOATS)
def math_float(fn: Callable[..., Any], *args: Atom, **kwargs: Atom) -> Type:
    return FLOAT


@typed(*_MATH_INTS)
def math_int(fn: Callable[..., Any], *args: Atom) -> Type:
    values = [static(arg) for arg in args]
    if UNKNOWN in values:
        return INT
    return integer(constant(fn(*values)))


@typed(*_MATH_BOOLS)
def math_bool(fn: Callable[..., Any], *args: Atom, **kwargs: Atom) -> Type:
    return BOOL


@typed(math.modf, math.frexp)
def math_pair(fn: Callable[..., Any], x: Atom) -> Types:
    return (FLOAT, FLOAT) if fn is math.modf else (FLOAT, INT)


@typed(*_MATH_PRODUCTS)
def math_product(fn: Callable[..., Any], *args: Atom, **kwargs: Atom) -> Type:
    return Num(None, (), "any")


# ------------------------------------------------------------------------------- builtins


@typed(float)
def to_float(fn: Callable[..., Any], x: Atom = NONE) -> Type:
    return FLOAT


@typed(complex)
def to_complex(fn: Callable[..., Any], *parts: Atom) -> Type:
    return Num("complex128", (), "python")


@typed(int, operator.index)
def to_int(fn: Callable[..., Any], x: Atom = NONE) -> Type:
    if is_python_int(type_of_atom(x)):
        return integer(size(x))
    value = static(x)
    return integer(constant(int(value)) if isinstance(value, bool | float) else None)


@typed(
    bool,
    operator.not_,
    operator.truth,
    operator.is_,
    operator.is_not,
    operator.contains,
    isinstance,
    callable,
    np.array_equal,
    np.array_equiv,
    np.allclose,
    np.iscomplexobj,
    np.isrealobj,
    np.isscalar,
    support.fails,
    support.has_no_cholesky,
    support.has_no_inverse,
    support.spans_all,
)
def to_bool(fn: Callable[..., Any], *args: Atom, **kwargs: Atom) -> Type:
    return BOOL


@typed(round)
def rounded(fn: Callable[..., Any], number: Atom, ndigits: Atom = NONE) -> Type:
    if static(ndigits) is None:
        return INT
    return without_value(num(number))


@typed(divmod)
def quotient_and_rest(fn: Callable[..., Any], a: Atom, b: Atom) -> Types:
    quotient, rest = binary(operator.floordiv, a, b), binary(operator.mod, a, b)
    return quotient, rest


@typed(pow)
def power(fn: Callable[..., Any], base: Atom, exp: Atom) -> Type:
    return binary(operator.pow, base, exp)


@typed(min, max)
def extremum(fn: Callable[..., Any], *args: Atom, **kwargs: Atom) -> Type:
    if kwargs:
        return Num()
    if len(args) > 1:
        return _one_of(fn, args)
    if isinstance(args[0], Tup):
        return _one_of(fn, args[0].items)
    return _element(type_of_atom(args[0]))


def _one_of(fn: Callable[..., Any], args: tuple[Atom, ...]) -> Type:
    values = [size(arg) for arg in args]
    types = [without_value(num(arg)) for arg in args]
    common = joined(*types)
    if common is not None and is_python_int(common):
        return integer(_extreme_value(fn, values))
    # Where an int and a float meet, either may come out; both promote alike with arrays.
    return common if isinstance(common, Num) else Num()


def _extreme_value(fn: Callable[..., Any], values: list[Dim | None]) -> Dim | None:
    known = [value for value in values if value is not None]
    symbols = {value.symbol for value in known}
    if len(known) < len(values) or len(symbols) > 1:
        return None
    best: Dim = fn(known, key=lambda dim: dim.offset)
    return best


def _element(type_: Type) -> Type:
    if isinstance(type_, ListOf):
        return type_.element
    array = as_num(type_)
    if array.shape is None or len(array.shape) != 1:
        return Num(array.dtype)
    return Num(array.dtype, (), "scalar")


@typed(builtins.sum)
def total(fn: Callable[..., Any], iterable: Atom, start: Atom | None = None) -> Type:
    first = Const(0) if start is None else start
    if isinstance(iterable, Tup):
        return reduce(_added, iterable.items, type_of_atom(first))
    element = _element(type_of_atom(iterable))
    once = _added(type_of_atom(first), Var("", element))
    # Of no items the sum is `start`; of any number the same as of two, where shapes agree.
    return without_value(as_num(_added(once, Var("", element))))


def _added(partial: Type, item: Atom) -> Type:
    return binary(operator.add, Var("", partial), item)


@typed(list)
def new_list(fn: Callable[..., Any], items: Atom | None = None) -> Type:
    """A stack where it has no items; otherwise the list of the items."""
    if items is None:
        return Opaque()
    type_ = items.type if isinstance(items, Var) else Opaque()
    if isinstance(type_, ListOf):
        return type_
    if isinstance(items, Tup) and items.items:
        return ListOf(without_value(as_num(_one_of(min, items.items))))
    if isinstance(type_, Num) and type_.shape:
        rest = type_.shape[1:]
        return ListOf(Num(type_.dtype, rest, "array" if rest else "scalar"))
    return Opaque()


@typed(copy.copy, copy.deepcopy)
def copied(fn: Callable[..., Any], x: Atom) -> Type:
    return atom_type(x)


@typed(str, repr, ascii, chr, hex, oct, bin, format, support.said_of)
def text(fn: Callable[..., Any], *args: Atom) -> Type:
    return TEXT


@typed(support.places_of)
def places(fn: Callable[..., Any], items: Atom, wanted: Atom) -> Type:
    return ListOf(INT)


@typed(ord, support.place_of)
def code_point(fn: Callable[..., Any], *args: Atom) -> Type:
    return INT


@typed(tuple, dict, set, type, range, zip, enumerate, reversed, sorted, print, id)
def plain_object(fn: Callable[..., Any], *args: Atom, **kwargs: Atom) -> Type:
    return Opaque()
