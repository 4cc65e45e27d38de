"""Arithmetic of symbolic dimensions: broadcasting, sums, products, slices.

Two dimensions that compare equal are equal whenever the program runs; that is the one promise
the rest of the compiler relies on (where shapes are equal no un-broadcasting is emitted).
Where it cannot be kept, the dimension is a new symbol.

A dimension ``symbol + offset`` with a negative sum means 0. So cutting off is exact:
``max(0, max(0, n - a) - b) == max(0, n - a - b)``, hence ``x[1:-1]`` of length n has length
``n - 2`` for every n, also for n = 0. Adding is not: ``max(0, n - 3) + 3`` is not n for n = 2;
it is done only where the sum is known not to be negative (`lower_bound`).

A dimension that is not of the form ``symbol + offset`` gets a symbol that spells it, as in
``n*3``, ``n+m`` or ``_(n+1)//2``: equal spellings are equal sizes. A symbol without a leading
``_`` is at least 2, and so is what is spelled without it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sorix.compiler.ir.types import (
    ONE,
    Dim,
    ListOf,
    Num,
    Shape,
    Type,
    constant,
    is_one,
    lower_bound,
)
from sorix.errors import ShapeError

FRESH = "_?"
"""How the symbols begin of dimensions nothing is known of."""

_serial = itertools.count()
_LONGEST = 60
"""Symbols that would be longer are replaced by fresh ones, so that loops cannot grow them."""


def fresh_dim() -> Dim:
    """A dimension nothing is known of. (The counter is atomic, hence safe under threads.)"""
    return Dim(f"{FRESH}{next(_serial)}")


def anywhere(type_: Type) -> Type:
    """The type of a routine's result where it is called: what only the run tells is another."""
    if isinstance(type_, ListOf):
        return ListOf(anywhere(type_.element))
    if not isinstance(type_, Num):
        return type_
    hidden = [dim for dim in (*(type_.shape or ()), type_.value) if dim is not None]
    if not any((dim.symbol or "").startswith("_") for dim in hidden):
        return type_
    shape = type_.shape and tuple(
        fresh_dim() if (dim.symbol or "").startswith("_") else dim for dim in type_.shape
    )
    return replace(type_, shape=shape, value=None)


def fresh_shape(rank: int) -> Shape:
    return tuple(fresh_dim() for _ in range(rank))


def show(shape: Iterable[Dim]) -> str:
    """The shape as Python prints a tuple."""
    text = [str(dim) for dim in shape]
    return f"({text[0]},)" if len(text) == 1 else f"({', '.join(text)})"


def is_exact(dim: Dim) -> bool:
    """Whether ``symbol + offset`` is not negative, so that it may be added to."""
    return lower_bound(dim) >= 0


def differ(a: Dim, b: Dim) -> bool:
    """Whether the two are different sizes whenever the program runs."""
    if a.symbol == b.symbol:
        return a.offset != b.offset and is_exact(a) and is_exact(b)
    if a.symbol is None:
        return lower_bound(b) > a.offset
    return b.symbol is None and lower_bound(a) > b.offset


def spelled(expression: str, least: int, parts: Iterable[Dim]) -> Dim:
    """The dimension with this value; `least` is a lower bound, `parts` what it is made of."""
    if len(expression) > _LONGEST:
        return fresh_dim()
    hidden = least < 2 or any((dim.symbol or "").startswith("_") for dim in parts)
    return Dim(("_" if hidden else "") + expression)


def _bare(dim: Dim) -> str:
    """The symbol without the ``_`` that `spelled` put before an expression."""
    symbol = str(dim.symbol)
    return symbol if symbol.isidentifier() else symbol.removeprefix("_")


def spell(dim: Dim) -> str:
    """The size as a Python expression that can stand as a factor."""
    if dim.symbol is None:
        return str(dim.offset)
    symbol = _bare(dim)
    if dim.offset == 0 and is_exact(dim):
        return symbol if symbol.isidentifier() else f"({symbol})"
    text = f"{symbol}{dim.offset:+d}"
    return f"({text})" if is_exact(dim) else f"max(0,{text})"


_CLAMPED = re.compile(r"_max\(0,(.+)([+-]\d+)\)")


def as_integer(dim: Dim) -> Dim:
    """The integer that is the size: it is 0 where the sum is negative."""
    return dim if is_exact(dim) else Dim(f"_max(0,{dim.symbol}{dim.offset:+d})")


def as_size(value: Dim) -> Dim:
    """The size an axis has that is made this long: undoes `as_integer`."""
    found = _CLAMPED.fullmatch(value.symbol or "")
    return Dim(found[1], int(found[2])) if found and not value.offset else value


# -------------------------------------------------------------------------- broadcasting


def broadcast_dims(a: Dim, b: Dim) -> Dim:
    """The size NumPy gives an axis of sizes a and b. ShapeError where they never fit."""
    a_one, b_one = is_one(a), is_one(b)
    if a_one or a == b:
        return b
    if b_one:
        return a
    if a_one is False and b_one is False:
        # NumPy checks that they are equal when the program runs; a constant says more.
        if differ(a, b):
            raise ShapeError(f"sizes {a} and {b} do not fit each other")
        return b if b.symbol is None else a
    if a_one is False:
        return a
    return b if b_one is False else fresh_dim()


def broadcast(*shapes: Shape) -> Shape:
    """The shape of the result of an element-wise operation on operands of these shapes."""
    rank = max(map(len, shapes), default=0)
    result: Shape = (ONE,) * rank
    for shape in shapes:
        padded = (ONE,) * (rank - len(shape)) + shape
        try:
            result = tuple(map(broadcast_dims, result, padded))
        except ShapeError as error:
            raise ShapeError(f"shapes {' and '.join(map(show, shapes))}: {error}") from None
    return result


def needs_unbroadcast(y: Type, x: Type) -> bool:
    """Whether a cotangent of shape `y` may differ in shape from the operand `x` of the result y.

    False only where that is certain: `y` comes from broadcasting `x` against others, so along
    an axis where `x` is known not to be 1 their sizes are equal.
    """
    if not (isinstance(y, Num) and isinstance(x, Num)) or y.shape is None or x.shape is None:
        return True
    if len(y.shape) != len(x.shape):
        return True
    return any(a != b and is_one(b) is not False for a, b in zip(y.shape, x.shape, strict=True))


# ------------------------------------------------------------------------ sums, products


def add(a: Dim, b: Dim) -> Dim:
    """The size of two pieces laid end to end."""
    if a.symbol is None and b.symbol is None:
        return constant(a.offset + b.offset)
    if (a.symbol is None or b.symbol is None) and is_exact(a) and is_exact(b):
        return Dim(a.symbol or b.symbol, a.offset + b.offset)
    if is_exact(a) and is_exact(b):
        text = "+".join(sorted((_bare(a), _bare(b))))
        offset = a.offset + b.offset
        return spelled(text, lower_bound(a) + lower_bound(b) - offset, (a, b)).shifted(offset)
    text = "+".join(sorted((spell(a), spell(b))))
    return spelled(text, max(0, lower_bound(a)) + max(0, lower_bound(b)), (a, b))


def total(dims: Iterable[Dim]) -> Dim:
    """The sum of sizes."""
    result = constant(0)
    for dim in dims:
        result = add(result, dim)
    return result


def cut(dim: Dim, by: int) -> Dim:
    """The size after `by` elements are taken away, or none are left; `by` is not negative."""
    return constant(max(0, dim.offset - by)) if dim.symbol is None else dim.shifted(-by)


def grow(dim: Dim, by: int) -> Dim:
    """The size after `by` elements are added (taken away where negative)."""
    return add(dim, constant(by)) if by >= 0 else cut(dim, -by)


def product(dims: Sequence[Dim]) -> Dim:
    """The number of elements of an array of this shape."""
    number, factors = _factors(dims)
    if number == 0 or not factors:
        return constant(number)
    if len(factors) == 1 and number == 1:
        return factors[0]
    text = "*".join([*([str(number)] if number != 1 else []), *map(spell, factors)])
    least = number
    for dim in factors:
        least *= max(0, lower_bound(dim))
    return spelled(text, least, factors)


def _factors(dims: Iterable[Dim]) -> tuple[int, list[Dim]]:
    """The constant factor, and the others in an order that does not depend on the given one."""
    number, factors = 1, []
    for dim in dims:
        if dim.symbol is None:
            number *= dim.offset
        else:
            factors.append(dim)
    return number, sorted(factors, key=lambda dim: (str(dim.symbol), dim.offset))


def quotient(dims: Sequence[Dim], by: Sequence[Dim]) -> Dim:
    """The size that makes `by` and it together as many elements as `dims`: a reshape's ``-1``."""
    number, factors = _factors(dims)
    divisor, others = _factors(by)
    for dim in list(others):
        if dim in factors:
            factors.remove(dim)
            others.remove(dim)
    if divisor == 0 or (not others and not factors and number % divisor):
        raise ShapeError(f"cannot reshape an array of shape {show(dims)} to {show(by)} times -1")
    if not others and number % divisor == 0:
        return product([constant(number // divisor), *factors])
    top, bottom = (
        product([constant(number), *factors]),
        product([constant(divisor), *others]),
    )
    return spelled(f"{spell(top)}//{spell(bottom)}", 0, (top, bottom))


def ceil_div(dim: Dim, step: int) -> Dim:
    """The size of every `step`-th element."""
    if step == 1:
        return dim
    if dim.symbol is None:
        return constant(-(-dim.offset // step))
    least = -(-max(0, lower_bound(dim)) // step)
    if is_exact(dim):
        return spelled(f"({_bare(dim)}{dim.offset + step - 1:+d})//{step}", least, (dim,))
    return spelled(f"({spell(dim)}+{step - 1})//{step}", least, (dim,))
