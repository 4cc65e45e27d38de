"""Identities of signs and constant factors, in cotangents only.

What a rule states for itself (a factor 2, a minus, ``1 / x``) meets here what other rules state:
signs move into the sum or the update that takes the product up, constants become one, and what is
added twice is added once, doubled. Each saves an operation or leaves their number as it was.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator

from sorix.compiler.ir.nodes import Atom, Call, Const, Var
from sorix.compiler.optimize.freshness import is_basic
from sorix.compiler.optimize.identities import Context, identity, is_number, is_scalar
from sorix.support import add_at

_DEEP = 4
"""Of how many products within each other a sign is taken out."""

_PRODUCTS = (operator.mul, operator.truediv, operator.matmul)


# ---------------------------------------------------------------------------- signs


@identity(operator.add, operator.sub)
def sign_into_sum(to: Context, call: Call, target: Var) -> Call | None:
    """``x + (-y) * z`` is ``x - y * z``, also where ``-y`` is read elsewhere."""
    x, y = call.args
    if not to.adjoint:
        return None
    if (product := _without_sign(to, y)) is not None:
        turned = operator.sub if call.fn is operator.add else operator.add
        return Call(turned, (x, product))
    if call.fn is operator.add and (product := _without_sign(to, x)) is not None:
        return Call(operator.sub, (y, product))
    return None


@identity(add_at)
def sign_into_update(to: Context, call: Call, target: Var) -> Call | None:
    """``x[i] += (-y) * z`` is ``x[i] += -(y * z)``, which is written ``x[i] -= y * z``."""
    x, index, value = call.args
    if not to.adjoint or not is_basic(index) or to.made_by(value, operator.neg):
        return None
    product = _without_sign(to, value)
    negated = None if product is None else to.define(Call(operator.neg, (product,)), "t")
    return None if negated is None else Call(add_at, (x, index, negated))


def _without_sign(to: Context, atom: Atom, depth: int = _DEEP) -> Atom | None:
    """The negative of a product one factor of which is ``-y``, read by nobody else; or None."""
    if negated := to.made_by(atom, operator.neg):
        return negated.args[0]
    made = to.made_once_by(atom, *_PRODUCTS)
    if made is None or depth == 0:
        return None
    for position, factor in enumerate(made.args):
        turned = _without_sign(to, factor, depth - 1)
        if turned is not None:
            factors = (*made.args[:position], turned, *made.args[position + 1 :])
            assert isinstance(atom, Var)
            return to.define(Call(made.fn, factors), atom.hint)
    return None


# ---------------------------------------------------------------------------- constants


@identity(operator.mul)
def times_reciprocal(to: Context, call: Call, target: Var) -> Call | None:
    """``x * (1 / y)`` is ``x / y``."""
    for one, x in (call.args[::-1], call.args):
        made = to.made_once_by(one, operator.truediv) if to.adjoint else None
        if made is not None and is_number(made.args[0], 1):
            return Call(operator.truediv, (x, made.args[1]))
    return None


@identity(operator.mul)
def constants_meet(to: Context, call: Call, target: Var) -> Call | None:
    """``x * 2 * 3`` is ``x * 6``, and ``x * 2 * (3 * y)`` is ``x * 6 * y``."""
    if not to.adjoint:
        return None
    left, right = call.args
    for constant, product in ((left, right), (right, left)):
        for inner, x in _constant_factor(to, product):
            if (both := _product(constant, inner)) is not None:
                return Call(operator.mul, (x, both))
    for c, x in _constant_factor(to, left):
        for d, y in _constant_factor(to, right):
            both = _product(c, d)
            first = None if both is None else to.define(Call(operator.mul, (x, both)), "t")
            if first is not None:
                return Call(operator.mul, (first, y))
    return None


def _constant_factor(to: Context, atom: Atom) -> Iterator[tuple[Atom, Atom]]:
    """The constant and the other factor, where the atom is such a product and read only here."""
    made = to.made_once_by(atom, operator.mul)
    if made is not None:
        for c, x in (made.args, made.args[::-1]):
            if _is_constant(c) and not _is_constant(x):
                yield c, x
                return


def _is_constant(atom: Atom) -> bool:
    return isinstance(atom, Const) and type(atom.value) in (int, float)


def _product(c: Atom, d: Atom) -> Const | None:
    if not (isinstance(c, Const) and isinstance(d, Const)):
        return None
    if not (_is_constant(c) and _is_constant(d)):
        return None
    value = c.value * d.value
    return Const(value) if math.isfinite(value) and abs(value) < 2**53 else None


# ---------------------------------------------------------------------------- twice the same


@identity(operator.add)
def twice(to: Context, call: Call, target: Var) -> Call | None:
    """``x + x`` is ``2 * x``, exactly; of a product ``c * x`` the number is doubled."""
    left, right = call.args
    if to.adjoint and left is right and isinstance(left, Var):
        return _doubled(to, left)
    return None


@identity(operator.add, operator.sub)
def added_twice(to: Context, call: Call, target: Var) -> Call | None:
    """``x + y + y`` is ``x + 2 * y``."""
    earlier, y = call.args
    made = to.made_once_by(earlier, call.fn) if to.adjoint else None
    if made is None or made.args[1] is not y or not isinstance(y, Var) or made.args[0] is y:
        return None
    doubled = to.define(_doubled(to, y), "t")
    return None if doubled is None else Call(call.fn, (made.args[0], doubled))


def _doubled(to: Context, x: Var) -> Call:
    """``2 * x``, where x is read twice by what is to read this."""
    made = to.made_by(x, operator.mul) if to.reads[x] == 2 else None
    if made is None:
        return Call(operator.mul, (Const(2), x))
    for c, y in (made.args, made.args[::-1]):
        if is_scalar(c):
            number: Atom | None = _product(Const(2), c)
            number = number or to.define(Call(operator.mul, (Const(2), c)), "t")
            if number is not None:
                return Call(operator.mul, (number, y))
    product = to.define(made, "t")
    return Call(operator.mul, (Const(2), x if product is None else product))
