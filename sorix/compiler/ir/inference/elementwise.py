"""Element-wise functions: shapes broadcast, the dtype is what NumPy says of ones.

Python integers keep their symbolic value through ``+ - * //``, so that ``np.zeros(n - 1)`` has a
known shape. A value is exact, unlike a size (see `shapes`): ``n - 3`` is -1 for n = 2.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from sorix.compiler.ir.inference import texts
from sorix.compiler.ir.inference.operands import (
    NONE,
    atom_type,
    is_python_int,
    num,
    size,
    static,
    type_of_atom,
    without_value,
)
from sorix.compiler.ir.inference.probing import probe
from sorix.compiler.ir.inference.registry import Types, available, typed
from sorix.compiler.ir.nodes import Atom, Tup
from sorix.compiler.ir.shapes import add as add_dims
from sorix.compiler.ir.shapes import broadcast, fresh_dim, is_exact, product, spell, spelled
from sorix.compiler.ir.types import (
    Dim,
    ListOf,
    Num,
    Opaque,
    Shape,
    Type,
    constant,
    highest_rank,
    is_one,
    join,
    lower_bound,
)


def broadcast_shapes(*operands: Num) -> Shape | None:
    known = [operand.shape for operand in operands if operand.shape is not None]
    if len(known) == len(operands):
        return broadcast(*known)
    most = highest_rank(*operands)
    if most is None or not known or most > max(map(len, known)):
        return None
    # What is not known adds no axis, and can only make a 1 larger.
    return tuple(dim if is_one(dim) is False else fresh_dim() for dim in broadcast(*known))


def elementwise(fn: Callable[..., Any], *operands: Num, **options: Any) -> Num:
    """The type of an element-wise function of these operands."""
    if not options and all(operand.shape == () for operand in operands):
        return _of_numbers(fn, operands)
    shape = broadcast_shapes(*operands)
    dtype, kind = probe(fn, *operands, **options)
    if any(operand.shape for operand in operands):
        kind = "array"
    return Num(dtype, shape, kind, most=None if shape is not None else highest_rank(*operands))


@lru_cache(maxsize=4096)
def _of_numbers(fn: Callable[..., Any], operands: tuple[Num, ...]) -> Num:
    """The same where no operand has axes, so that no new dimension comes of them."""
    dtype, kind = probe(fn, *operands)
    return Num(dtype, (), kind)


def ufunc(fn: np.ufunc, *args: Atom) -> Types:
    """The type of a ufunc called without options."""
    operands = [num(arg) for arg in args[: fn.nin]]
    if fn.nout == 1:
        return elementwise(fn, *operands)
    return tuple(elementwise(_output(fn, i), *operands) for i in range(fn.nout))


def _output(fn: np.ufunc, i: int) -> Callable[..., Any]:
    """A function that returns the i-th output, the same object each time (probes are kept)."""
    return _OUTPUTS.setdefault((fn, i), lambda *args: fn(*args)[i])


_OUTPUTS: dict[tuple[np.ufunc, int], Callable[..., Any]] = {}


# ------------------------------------------------------------------------------ operators

BINARY = (
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.floordiv,
    operator.mod,
    operator.pow,
    operator.eq,
    operator.ne,
    operator.lt,
    operator.le,
    operator.gt,
    operator.ge,
    operator.and_,
    operator.or_,
    operator.xor,
    operator.lshift,
    operator.rshift,
)


@typed(*BINARY)
def binary(fn: Callable[..., Any], a: Atom, b: Atom) -> Type:
    plain_object = texts.operation(fn, a, b) or _of_objects(fn, a, b)
    if plain_object is not None:
        return plain_object
    x, y = num(a), num(b)
    result = elementwise(fn, x, y)
    if fn is operator.pow and _may_leave_integers(x, y, b):
        return replace(result, dtype=None)
    if is_python_int(result) and is_python_int(x) and is_python_int(y):
        return replace(result, value=_value(fn, a, b))
    return result


def _of_objects(fn: Callable[..., Any], a: Atom, b: Atom) -> Type | None:
    """The type of an operation between lists, or on objects only; None for numbers."""
    if all(isinstance(atom_type(atom), Opaque) and not isinstance(atom, Tup) for atom in (a, b)):
        return Opaque()
    x, y = _list_type(a), _list_type(b)
    if x is not None and y is not None:
        joined = join(x, y, fresh_dim) if fn is operator.add else None
        return Opaque() if joined is None else joined
    repeated = x or y
    other = num(b if repeated is x else a)
    return repeated if fn is operator.mul and repeated and other.kind == "python" else None


def _list_type(atom: Atom) -> ListOf | None:
    """The type of a list, also of one written out whose items share a type."""
    if isinstance(atom, Tup):
        return ListOf(joined(*map(atom_type, atom.items)) or Opaque())
    type_ = atom_type(atom)
    return type_ if isinstance(type_, ListOf) else None


def joined(*types: Type) -> Type | None:
    """The least type that describes all of these; None where there is none."""
    result: Type | None = types[0] if types else None
    for other in types[1:]:
        result = None if result is None else join(result, other, fresh_dim)
    return result


def _may_leave_integers(x: Num, y: Num, exponent: Atom) -> bool:
    """Whether ``int ** int`` of Python's may be a float: the exponent may be negative."""
    if not {x.kind, y.kind} <= {"python", "any"} or "float64" in (x.dtype, y.dtype):
        return False
    value = static(exponent)
    return not (isinstance(value, int) and value >= 0)


def _value(fn: Callable[..., Any], a: Atom, b: Atom) -> Dim | None:
    x, y = size(a), size(b)
    if x is None or y is None:
        return None
    if x.symbol is None and y.symbol is None:
        return _constant_value(fn, x.offset, y.offset)
    return _VALUES[fn](x, y) if fn in _VALUES else None


def _constant_value(fn: Callable[..., Any], x: int, y: int) -> Dim | None:
    if fn in (operator.lshift, operator.pow) and y > 64:
        return None
    try:
        return constant(fn(x, y))
    except (ArithmeticError, ValueError):
        return None


def _add_values(x: Dim, y: Dim) -> Dim | None:
    if x.symbol is None or y.symbol is None:
        return Dim(x.symbol or y.symbol, x.offset + y.offset)
    return add_dims(x, y) if is_exact(x) and is_exact(y) else None


def _sub_values(x: Dim, y: Dim) -> Dim | None:
    if y.symbol is None:
        return x.shifted(-y.offset)
    return constant(x.offset - y.offset) if x.symbol == y.symbol else None


def _mul_values(x: Dim, y: Dim) -> Dim | None:
    return product((x, y)) if is_exact(x) and is_exact(y) else None


def _floordiv_values(x: Dim, y: Dim) -> Dim | None:
    if lower_bound(x) < 0 or lower_bound(y) < 1:
        return None
    least = lower_bound(x) // y.offset if y.symbol is None else 0
    return spelled(f"{spell(x)}//{spell(y)}", least, (x, y))


_VALUES: dict[Callable[..., Any], Callable[[Dim, Dim], Dim | None]] = {
    operator.add: _add_values,
    operator.sub: _sub_values,
    operator.mul: _mul_values,
    operator.floordiv: _floordiv_values,
}


@typed(operator.neg, operator.pos, operator.abs, operator.invert, abs)
def unary(fn: Callable[..., Any], a: Atom) -> Type:
    if isinstance(type_of_atom(a), Opaque):
        return Opaque()
    operand = num(a)
    if fn is operator.invert and operand.kind == "python":
        # ~True is -2; probing it would warn.
        return Num("int64", (), "python")
    result = elementwise(fn, operand)
    value = size(a)
    if value is None or not is_python_int(result) or not is_python_int(operand):
        return result
    if value.symbol is None:
        return replace(result, value=constant(fn(value.offset)))
    return replace(result, value=value if fn is not operator.neg and is_exact(value) else None)


# ----------------------------------------------------------- element-wise, but no ufuncs


@typed(
    *available(np, "real", "imag", "angle", "sinc", "i0", "nan_to_num", "isreal", "iscomplex"),
    *available(np, "fix", "isneginf", "isposinf", "real_if_close"),
)
def one_operand(fn: Callable[..., Any], x: Atom) -> Type:
    return elementwise(fn, num(x))


@typed(*available(np, "round", "around"))
def rounded(fn: Callable[..., Any], a: Atom, decimals: Atom = NONE) -> Type:
    return elementwise(fn, num(a))


@typed(np.isclose)
def isclose(
    fn: Callable[..., Any],
    a: Atom,
    b: Atom,
    rtol: Atom = NONE,
    atol: Atom = NONE,
    equal_nan: Atom = NONE,
) -> Type:
    if any(num(tolerance).rank != 0 for tolerance in (rtol, atol) if static(tolerance) is not None):
        return Num("bool")
    return elementwise(fn, num(a), num(b))


@typed(np.isin)
def isin(fn: Callable[..., Any], element: Atom, test_elements: Atom, invert: Atom = NONE) -> Type:
    return Num("bool", num(element).shape, "array")


@typed(np.where)
def where(fn: Callable[..., Any], condition: Atom, *branches: Atom) -> Types:
    cond = num(condition)
    if len(branches) != 2:
        return Opaque() if cond.shape is None else positions(cond)
    return elementwise(fn, cond, *map(num, branches))


def positions(x: Num) -> tuple[Type, ...]:
    """The types of index arrays, one for each axis of x, of one unknown length."""
    index = Num("int64", (fresh_dim(),), "array")
    return (index,) * len(x.shape or ())


@typed(np.clip)
def clip(
    fn: Callable[..., Any],
    a: Atom,
    a_min: Atom = NONE,
    a_max: Atom = NONE,
    min: Atom = NONE,
    max: Atom = NONE,
) -> Type:
    bounds = [num(atom) for atom in (a_min, a_max, min, max) if static(atom) is not None]
    if not bounds:
        x = without_value(num(a))
        return replace(x, kind="any") if x.rank == 0 else x
    # A bound left out is None, which a probe cannot stand in for; maximum promotes alike.
    return elementwise(np.clip if len(bounds) == 2 else np.maximum, num(a), *bounds)


@typed(np.nonzero)
def nonzero(fn: Callable[..., Any], a: Atom) -> Types:
    operand = num(a)
    return Opaque() if operand.shape is None else positions(operand)
