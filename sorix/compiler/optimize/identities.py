"""The identities of `simplify`, by the function they rewrite; see `identity_table`.

Never here: ``x * 0 -> 0`` and ``x ** 0 -> 1`` (wrong for arrays, NaN and infinity). Identities
that may change the sign of a zero or the last digit are for cotangents only (`Context.adjoint`).
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from sorix.compiler.ir.nodes import Atom, Call, Const, Slc, Tup, Var
from sorix.compiler.ir.shapes import needs_unbroadcast
from sorix.compiler.ir.types import Num
from sorix.compiler.optimize.freshness import is_basic
from sorix.compiler.optimize.identity_table import (
    Context,
    identity,
    same_type,
    shape_of,
    stands_for,
)
from sorix.compiler.optimize.replacing import is_temporary, same_atom
from sorix.compiler.optimize.shape_keys import key_of
from sorix.support import (
    add_at,
    broadcast_like,
    cast,
    diff_transpose,
    expand,
    reshape_like,
    scatter,
    store,
    unbroadcast,
    zeros_like,
)


def is_scalar(atom: Atom) -> bool:
    """Whether the atom is one number for sure."""
    return shape_of(atom) == ()


def is_number(atom: Atom, value: float) -> bool:
    """Whether the atom is the constant `value`, an int or float."""
    return (
        isinstance(atom, Const)
        and isinstance(atom.value, int | float)
        and not isinstance(atom.value, bool)
        and atom.value == value
    )


# ---------------------------------------------------------------------------- constants

_FOLDED: frozenset[Any] = frozenset(
    {operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod}
    | {operator.pow, operator.neg, operator.eq, operator.ne, operator.lt, operator.le}
    | {operator.gt, operator.ge, operator.not_}
)
_LARGEST = 2**53


@identity(*_FOLDED, of=(Const,))
def fold_constants(to: Context, call: Call, target: Var) -> Atom | None:
    """Arithmetic on Python numbers, where it is finite and raises nothing."""
    values = [atom.value for atom in call.args if isinstance(atom, Const)]
    if len(values) < len(call.args) or not all(isinstance(v, int | float) for v in values):
        return None
    if call.fn is operator.pow and abs(values[1]) > 64:
        return None
    try:
        result = call.fn(*values)  # type: ignore[operator]
    except (ArithmeticError, ValueError):
        return None
    usual = isinstance(result, int | float) and math.isfinite(result) and abs(result) < _LARGEST
    return Const(result) if usual else None


@identity(operator.getitem)
def pick_from_display(to: Context, call: Call, target: Var) -> Atom | None:
    """``(a, b)[1]`` is b."""
    display, index = call.args
    if isinstance(display, Tup) and isinstance(index, Const) and isinstance(index.value, int):
        return display.items[index.value]
    return None


# ---------------------------------------------------------------------------- neutral elements


@identity(operator.mul, of=(Const, np.ones, np.ones_like))
def times_one(to: Context, call: Call, target: Var) -> Call | Atom | None:
    """``x * 1`` and ``x * ones`` are x; ``x * -1`` is -x."""
    for one, x in (call.args, call.args[::-1]):
        if is_number(one, 1) or to.made_by(one, np.ones, np.ones_like):
            if isinstance(x, Var) and stands_for(to, x.type, target):
                return x
        if is_number(one, -1):
            return Call(operator.neg, (x,))
    return None


@identity(operator.truediv, operator.pow, of=(Const,))
def by_one(to: Context, call: Call, target: Var) -> Atom | None:
    """``x / 1`` and ``x ** 1`` are x."""
    return call.args[0] if is_number(call.args[1], 1) else None


@identity(operator.sub, of=(Const,))
def minus_zero(to: Context, call: Call, target: Var) -> Atom | None:
    """``x - 0`` is x, also for -0.0."""
    return call.args[0] if is_number(call.args[1], 0) else None


@identity(operator.add, of=(Const, zeros_like, np.zeros_like))
def plus_zero(to: Context, call: Call, target: Var) -> Atom | None:
    """``x + 0`` and ``x + zeros`` are x, but for the sign of a zero, which integers have not."""
    if not (to.adjoint or _is_integer(target)):
        return None
    for zero, x in (call.args, call.args[::-1]):
        if is_number(zero, 0) or to.made_by(zero, zeros_like, np.zeros_like):
            if isinstance(x, Var) and stands_for(to, x.type, target):
                return x
    return None


def _is_integer(var: Var) -> bool:
    return isinstance(var.type, Num) and var.type.kind == "python" and var.type.dtype == "int64"


# ---------------------------------------------------------------------------- truth


@identity(bool)
def truth_of_bool(to: Context, call: Call, target: Var) -> Atom | None:
    """``bool(x)`` is x where that is a bool of Python's, as the types tell."""
    return call.args[0] if call.args and isinstance(call.args[0], Var) else None


@identity(operator.not_)
def negated_truth(to: Context, call: Call, target: Var) -> Call | None:
    """``not bool(x)`` is ``not x``."""
    truth = to.made_by(call.args[0], bool)
    return Call(operator.not_, truth.args) if truth and truth.args else None


# ---------------------------------------------------------------------------- signs


@identity(operator.neg, of=(operator.neg,))
def twice_negated(to: Context, call: Call, target: Var) -> Atom | None:
    """``-(-x)`` is x."""
    inner = to.made_by(call.args[0], operator.neg)
    return inner.args[0] if inner else None


@identity(operator.add, of=(operator.neg,))
def plus_negated(to: Context, call: Call, target: Var) -> Call | None:
    """``x + -y`` is ``x - y``, and ``-x + y`` is ``y - x``."""
    x, y = call.args
    if negated := to.made_once_by(y, operator.neg):
        return Call(operator.sub, (x, negated.args[0]))
    if negated := to.made_once_by(x, operator.neg):
        return Call(operator.sub, (y, negated.args[0]))
    return None


@identity(operator.sub, of=(operator.neg,))
def minus_negated(to: Context, call: Call, target: Var) -> Call | None:
    """``x - -y`` is ``x + y``."""
    negated = to.made_once_by(call.args[1], operator.neg)
    return Call(operator.add, (call.args[0], negated.args[0])) if negated else None


# ---------------------------------------------------------------------------- shapes


@identity(reshape_like, broadcast_like)
def already_shaped(to: Context, call: Call, target: Var) -> Atom | None:
    """``reshape_like(y, x)`` is y where both have one shape."""
    y, x = call.args
    if shape_of(y) is None:
        return None
    # (n, m) and (m, n) do fit each other here, so equal names are asked for, or a vector.
    if call.fn is reshape_like and shape_of(y) != shape_of(x) and len(shape_of(x) or ()) != 1:
        return None
    return y if isinstance(y, Var) else None


ELEMENTWISE: tuple[Any, ...] = (
    *(operator.add, operator.sub, operator.mul, operator.truediv, operator.pow),
    *(operator.neg, operator.mod, np.where, np.maximum, np.minimum, np.add, np.subtract),
    *(np.multiply, np.divide, np.negative, np.power),
)
_UNARY: tuple[Any, ...] = tuple(fn for fn in vars(np).values() if isinstance(fn, np.ufunc))
_SHAPE_KEEPING: frozenset[object] = frozenset((*ELEMENTWISE, *_UNARY))
_SHAPE_ONLY: dict[Any, int] = {
    np.size: 0,
    np.shape: 0,
    np.ndim: 0,
    expand: 1,
    unbroadcast: 1,
    reshape_like: 1,
    broadcast_like: 1,
    scatter: 1,
    diff_transpose: 1,
    zeros_like: 0,
}


@identity(*_SHAPE_ONLY)
def shape_of_operand(to: Context, call: Call, target: Var) -> Call | None:
    """``np.size(x ** 2)`` is ``np.size(x)``: the intermediate array need not be kept."""
    position = _SHAPE_ONLY[call.fn]
    array = call.args[position]
    while isinstance(array, Var) and is_temporary(array):
        made = to.made_by(array, *ELEMENTWISE, *_UNARY)
        operands = made.args if made is not None else ()
        alike = [a for a in operands if isinstance(a, Var) and same_type(a.type, array.type)]
        if not alike or not _is_exact(alike[0], array):
            return None
        array = alike[0]
    if array is call.args[position]:
        return None
    return Call(call.fn, (*call.args[:position], array, *call.args[position + 1 :]), call.kwargs)


def _is_exact(a: Atom, b: Atom) -> bool:
    return shape_of(a) == shape_of(b)


@identity(unbroadcast)
def never_broadcast(to: Context, call: Call, target: Var) -> Atom | None:
    """``unbroadcast(y_bar, x)`` is y_bar where x was not broadcast."""
    y_bar, x = call.args
    if isinstance(y_bar, Var) and isinstance(x, Var) and not needs_unbroadcast(y_bar.type, x.type):
        return y_bar
    return None


@identity(unbroadcast, certain=True)
def of_one_shape(to: Context, call: Call, target: Var) -> Atom | None:
    """``unbroadcast(a[i, k:], b[j, k:])`` is ``a[i, k:]`` where a and b have one shape."""
    y_bar, x = call.args
    key = shape_key(to, x)
    return y_bar if key is not None and shape_key(to, y_bar) == key else None


def shape_key(to: Context, atom: Atom) -> object:
    """Equal for arrays that surely have one shape; None where that cannot be told."""
    return key_of(
        lambda a: to.definitions.get(a) if isinstance(a, Var) else None, _SHAPE_KEEPING, atom
    )


@identity(cast)
def already_cast(to: Context, call: Call, target: Var) -> Atom | None:
    """``cast(x, dtype)`` is x where it has the dtype."""
    return call.args[0] if isinstance(call.args[0], Var) else None


# ---------------------------------------------------------------------------- scattering


@identity(operator.add, of=(scatter,))
def plus_scattered(to: Context, call: Call, target: Var) -> Call | None:
    """``x_bar + scatter(v, x, idx)`` is ``add_at(x_bar, idx, v)``: no array of zeros."""
    for made, x_bar in (call.args[::-1], call.args):
        scattered = to.made_once_by(made, scatter)
        if scattered is None or not isinstance(x_bar, Var) or not isinstance(made, Var):
            continue
        if same_type(x_bar.type, target.type) and shape_of(made) == shape_of(target):
            v, _, idx = scattered.args
            return Call(add_at, (x_bar, idx, v))
    return None


@identity(add_at, of=(store,), cotangents=True)
def added_to_zero(to: Context, call: Call, target: Var) -> Call | None:
    """``x[i] = 0; x[i] += v`` is ``x[i] = v``, where i names each element once."""
    x, index, v = call.args
    stored = to.made_once_by(x, store)
    if stored is None or not (is_basic(index) or _is_mask(index)):
        return None
    if is_number(stored.args[2], 0) and same_atom(stored.args[1], index):
        return Call(store, (stored.args[0], index, v))
    return None


def _is_mask(index: Atom) -> bool:
    kind = index.type if isinstance(index, Var) else None
    return isinstance(kind, Num) and kind.dtype == "bool" and bool(kind.rank)


@identity(operator.getitem, cotangents=True)
def whole_read(to: Context, call: Call, target: Var) -> Atom | None:
    """``x[...]`` of a cotangent is x."""
    x, index = call.args
    return x if isinstance(x, Var) and is_whole(index) else None


@identity(store, of=(operator.getitem,), cotangents=True)
def stored_back(to: Context, call: Call, target: Var) -> Atom | None:
    """``x[i] = x[i]`` changes nothing."""
    x, index, v = call.args
    read = to.made_by(v, operator.getitem)
    if read is None or read.args[0] is not x:
        return None
    return x if isinstance(x, Var) and same_atom(read.args[1], index) else None


@identity(store, cotangents=True)
def whole_written(to: Context, call: Call, target: Var) -> Call | Atom | None:
    """``x[...] = v`` makes x a copy of v, where v has its shape and dtype; ``x[...] = 0`` zeros."""
    x, index, v = call.args
    if not is_whole(index):
        return None
    if is_number(v, 0) and getattr(getattr(x, "type", None), "kind", None) == "array":
        return Call(np.zeros_like, (x,))
    return v if isinstance(v, Var) and shape_of(v) == shape_of(x) else None


@identity(add_at, cotangents=True)
def whole_added(to: Context, call: Call, target: Var) -> Call | None:
    """``x[...] += v`` is ``x + v``."""
    x, index, v = call.args
    return Call(operator.add, (x, v)) if is_whole(index) else None


def is_whole(index: Atom) -> bool:
    """Whether an index, or a part of one, is ``:`` or ``...``."""
    if isinstance(index, Slc):
        parts = (index.start, index.stop, index.step)
        return all(isinstance(part, Const) and part.value is None for part in parts)
    return isinstance(index, Const) and index.value is Ellipsis
