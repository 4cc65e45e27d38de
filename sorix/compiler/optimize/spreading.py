"""Identities about arrays spread out to a shape, and about numbers among array factors."""

from __future__ import annotations

import operator
from collections.abc import Callable

import numpy as np

from sorix.compiler.ir.nodes import Atom, Call, Const, Tup, Var
from sorix.compiler.optimize.identities import ELEMENTWISE, is_scalar
from sorix.compiler.optimize.identity_table import Context, identity, shape_of
from sorix.support import add_at, broadcast_like, expand

_COMPARISONS = (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)


@identity(*ELEMENTWISE, *_COMPARISONS, of=(broadcast_like, np.broadcast_to, expand))
def spread_in_vain(to: Context, call: Call, target: Var) -> Call | None:
    """``expand(s, x) * x`` is ``s * x``: broadcasting spreads s out."""
    if call.kwargs:
        return None
    for position, atom in enumerate(call.args):
        narrow = _narrow(to, atom)
        others = [a for k, a in enumerate(call.args) if k != position]
        if narrow is not None and any(
            isinstance(a, Var) and shape_of(a) == shape_of(target) for a in others
        ):
            return Call(call.fn, (*call.args[:position], narrow, *call.args[position + 1 :]))
    return None


def _narrow(to: Context, atom: Atom) -> Atom | None:
    """What the atom is when it was not yet spread, if broadcasting would spread it the same."""
    if spread := to.made_by(atom, broadcast_like, np.broadcast_to):
        return spread.args[0]
    spread = to.made_by(atom, expand)
    if spread is None:
        return None
    options = {name: value.value for name, value in spread.kwargs if isinstance(value, Const)}
    if len(options) < len(spread.kwargs) or len(spread.args) != 2:
        return None
    axis = options.get("axis")
    leading = axis is None and shape_of(spread.args[0]) == ()
    if options.get("keepdims") or leading or axis == 0:
        return spread.args[0]
    if len(shape_of(atom) or ()) != 2:
        return None
    return _with_axis(to, spread.args[0], axis)


def _with_axis(to: Context, atom: Atom, axis: object) -> Atom | None:
    """``v[..., None]`` for the sums v along the last axis of a matrix."""
    if len(shape_of(atom) or ()) != 1 or axis not in (1, -1):
        return None
    column = Tup((Const(Ellipsis), Const(None)))
    return to.define(Call(operator.getitem, (atom, column)), "t")


@identity(add_at, of=(expand,))
def spread_into_elements(to: Context, call: Call, target: Var) -> Call | None:
    """``x[i] += expand(s, y)`` of a number s is ``x[i] += s``."""
    x, index, value = call.args
    spread = to.made_by(value, expand)
    if spread is None or spread.kwargs or shape_of(spread.args[0]) != ():
        return None
    return Call(add_at, (x, index, spread.args[0]))


@identity(operator.mul, operator.truediv, operator.neg, of=(expand,))
def spread_later(to: Context, call: Call, target: Var) -> Call | None:
    """``expand(y, x) * s`` is ``expand(y * s, x)`` for a number s: fewer multiplications."""
    for position, atom in enumerate(call.args):
        spread = to.made_once_by(atom, expand)
        others = [a for k, a in enumerate(call.args) if k != position]
        if spread is None or not all(map(is_scalar, others)):
            continue
        if call.fn is operator.truediv and position == 1:
            continue
        inner = Call(call.fn, (*call.args[:position], spread.args[0], *call.args[position + 1 :]))
        narrow = to.define(inner, target.hint if target.hint == "t" else "t")
        if narrow is not None:
            return Call(expand, (narrow, *spread.args[1:]), spread.kwargs)
    return None


@identity(operator.mul, operator.truediv, of=(operator.mul,), cotangents=True)
def numbers_first(to: Context, call: Call, target: Var) -> Call | None:
    """``s * (c * x)`` is ``(s * c) * x`` for numbers s and c: one pass over the array x."""
    left, right = call.args
    if call.fn is operator.truediv:
        if not is_scalar(right):
            return None
        return _with_number(to, left, lambda c: Call(operator.truediv, (c, right)))
    for s, product in ((left, right), (right, left)):
        if is_scalar(s):
            return _with_number(to, product, lambda c, s=s: Call(operator.mul, (s, c)))  # type: ignore[misc]
    return None


def _with_number(to: Context, product: Atom, combine: Callable[[Atom], Call]) -> Call | None:
    """``c * x`` with c replaced by a number made of it; None if `product` is not that."""
    made = to.made_once_by(product, operator.mul)
    if made is None:
        return None
    for c, x in (made.args, made.args[::-1]):
        if is_scalar(c) and not is_scalar(x):
            number = to.define(combine(c), "t")
            return None if number is None else Call(operator.mul, (number, x))
    return None
