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
from sorix.compiler.optimize.identities import is_number, is_scalar
from sorix.compiler.optimize.identity_table import Context, identity
from sorix.compiler.optimize.replacing import atom_key
from sorix.compiler.optimize.signs import DEEP, LINEAR, passes_sign
from sorix.support import add_at

# ---------------------------------------------------------------------------- signs


@identity(operator.add, operator.sub, cotangents=True)
def sign_into_sum(to: Context, call: Call, target: Var) -> Call | None:
    """``x + (-y) * z`` is ``x - y * z``, also where ``-y`` is read elsewhere.

    Of two such products the sign stands before their sum, if it is taken up there.
    """
    (x, y), plus = call.args, call.fn is operator.add
    left, right = _without_sign(to, x), _without_sign(to, y)
    if plus and left is not None and right is not None:
        if (product := _one_product(to, left, right)) is not None:
            return Call(operator.mul, (Const(-2), product))
        if to.is_taken_up(target):
            total = to.define(Call(operator.add, (left, right)), "t")
            return None if total is None else Call(operator.neg, (total,))
    if right is not None:
        return Call(operator.sub if plus else operator.add, (x, right))
    if left is None:
        return None
    if not plus and to.is_taken_up(target):
        total = to.define(Call(operator.add, (left, y)), "t")
        return None if total is None else Call(operator.neg, (total,))
    return Call(operator.sub, (y, left)) if plus else None


def _one_product(to: Context, a: Atom, b: Atom) -> Atom | None:
    """The product that both are, of the same factors."""
    first, second = to.made_by(a, operator.mul), to.made_by(b, operator.mul)
    if first is None or second is None:
        return None
    if set(map(atom_key, first.args)) != set(map(atom_key, second.args)):
        return None
    return to.define(first, "t")


@identity(add_at, cotangents=True)
def sign_into_update(to: Context, call: Call, target: Var) -> Call | None:
    """``x[i] += (-y) * z`` is ``x[i] += -(y * z)``, which is written ``x[i] -= y * z``."""
    x, index, value = call.args
    if not is_basic(index) or to.made_by(value, operator.neg):
        return None
    product = _without_sign(to, value)
    negated = None if product is None else to.define(Call(operator.neg, (product,)), "t")
    return None if negated is None else Call(add_at, (x, index, negated))


def _without_sign(to: Context, atom: Atom, depth: int = DEEP) -> Atom | None:
    """The negative of a product, or its like, of ``-y``, read by nobody else; or None."""
    negated = to.made_by(atom, operator.neg)
    if negated is not None:
        assert isinstance(atom, Var)
        return negated.args[0] if to.is_taken_up(atom) else None
    made = to.definitions.get(atom) if isinstance(atom, Var) and to.reads[atom] == 1 else None
    if made is None or depth == 0:
        return None
    for position in passes_sign(made):
        turned = _without_sign(to, made.args[position], depth - 1)
        if turned is not None:
            factors = (*made.args[:position], turned, *made.args[position + 1 :])
            return to.define(Call(made.fn, factors, made.kwargs), "t")
    return None


@identity(*LINEAR, of=(operator.neg,), cotangents=True)
def sign_after_sum(to: Context, call: Call, target: Var) -> Call | None:
    """``(-x).sum()`` is ``-x.sum()``, and ``(-x)[0]`` is ``-x[0]``: one number is negated, or few,
    and where it is added to another none."""
    negated = to.made_once_by(call.args[0], operator.neg)
    if negated is None:
        return None
    total = to.define(Call(call.fn, (negated.args[0], *call.args[1:]), call.kwargs), "t")
    return None if total is None else Call(operator.neg, (total,))


# ---------------------------------------------------------------------------- constants


@identity(operator.mul, of=(operator.truediv,), cotangents=True)
def times_reciprocal(to: Context, call: Call, target: Var) -> Call | None:
    """``x * (1 / y)`` is ``x / y``."""
    for one, x in (call.args[::-1], call.args):
        made = to.made_once_by(one, operator.truediv)
        if made is not None and is_number(made.args[0], 1):
            return Call(operator.truediv, (x, made.args[1]))
    return None


@identity(operator.mul, of=(operator.mul,), cotangents=True)
def constants_meet(to: Context, call: Call, target: Var) -> Call | None:
    """``x * 2 * 3`` is ``x * 6``, and ``x * 2 * (3 * y)`` is ``x * 6 * y``."""
    left, right = call.args
    for constant, product in ((left, right), (right, left)):
        for inner, x in _constant_factor(to, product):
            if (both := _product(constant, inner)) is not None:
                return Call(operator.mul, (x, both))
    for c, x in _constant_factor(to, left):
        for d, y in _constant_factor(to, right):
            both = _product(c, d)
            if both is not None and is_number(both, 1):
                return Call(operator.mul, (x, y))
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


@identity(operator.mul, of=(Const,), cotangents=True)
def constant_first(to: Context, call: Call, target: Var) -> Call | None:
    """``x * 2`` is ``2 * x``, and ``s * y * 2`` of a number s is ``2 * s * y``, as formulas are
    written. A product of arrays stays one, which others may share."""
    for constant, product in (call.args, call.args[::-1]):
        if _is_constant(constant) and not _is_constant(product):
            found = _times_first(to, constant, product, DEEP)
            return found if found.args[0] is not call.args[0] else None
    return None


def _times_first(to: Context, constant: Atom, product: Atom, depth: int) -> Call:
    """The product of a constant and the first factor of a product, times the others."""
    made = to.made_once_by(product, operator.mul, operator.truediv) if depth else None
    if made is not None and is_scalar(made.args[0]) and not _is_constant(made.args[0]):
        first = to.define(_times_first(to, constant, made.args[0], depth - 1), "t")
        if first is not None:
            return Call(made.fn, (first, made.args[1]))
    return Call(operator.mul, (constant, product))


# ---------------------------------------------------------------------------- twice the same


@identity(operator.add, cotangents=True)
def twice(to: Context, call: Call, target: Var) -> Call | None:
    """``x + x`` is ``2 * x``, exactly; of a product ``c * x`` the number is doubled."""
    left, right = call.args
    if left is right and isinstance(left, Var):
        return _doubled(to, left)
    return None


@identity(operator.add, operator.sub, of=(operator.add, operator.sub), cotangents=True)
def added_twice(to: Context, call: Call, target: Var) -> Call | None:
    """``x + y + y`` is ``x + 2 * y``."""
    earlier, y = call.args
    made = to.made_once_by(earlier, call.fn)
    if made is None or made.args[1] is not y or not isinstance(y, Var) or made.args[0] is y:
        return None
    doubled = to.define(_doubled(to, y), "t")
    return None if doubled is None else Call(call.fn, (made.args[0], doubled))


def _doubled(to: Context, x: Var) -> Call:
    """``2 * x``, where x is read twice by what is to read this."""
    factor, product = 2, to.made_by(x, operator.mul, operator.neg) if to.reads[x] == 2 else None
    if product is not None and product.fn is operator.neg:
        factor, product = -2, to.made_once_by(product.args[0], operator.mul)
    if product is None:
        return Call(operator.mul, (Const(2), x))
    for c, y in (product.args, product.args[::-1]):
        if is_scalar(c) and (number := _times(to, factor, c)) is not None:
            return Call(operator.mul, (number, y))
    inner = to.define(product, "t")
    if inner is None:
        return Call(operator.mul, (Const(2), x))
    return Call(operator.mul, (Const(factor), inner))


def _times(to: Context, factor: int, number: Atom) -> Atom | None:
    """``factor * number``, in one constant where there is one."""
    if _is_constant(number):
        return _product(Const(factor), number)
    for constant, other in _constant_factor(to, number):
        if (both := _product(Const(factor), constant)) is not None:
            return to.define(Call(operator.mul, (other, both)), "t")
    return to.define(Call(operator.mul, (Const(factor), number)), "t")
