"""Identities of matrix products and transposes, and of factors that are all ones.

A product with an inner dimension of 1 is a broadcast multiplication, which NumPy does several
times faster than BLAS is called; a factor of ones is left out where broadcasting gives the
result its shape anyway, and with it often all that only computed the shape.
"""

from __future__ import annotations

import operator

import numpy as np

from sorix.compiler.ir.nodes import Atom, Call, Const, Tup, Var
from sorix.compiler.ir.types import Num, is_one
from sorix.compiler.optimize.identities import is_number
from sorix.compiler.optimize.identity_table import Context, identity, shape_of
from sorix.support import unbroadcast, zeros_like


@identity(operator.matmul)
def outer_product(to: Context, call: Call, target: Var) -> Call | None:
    """``a @ b`` is ``a * b`` where a is a column and b a row."""
    a, b = (_type(atom) for atom in call.args)
    if a is None or b is None or a.shape is None or b.shape is None:
        return None
    if len(a.shape) == len(b.shape) == 2 and is_one(a.shape[1]) and is_one(b.shape[0]):
        return Call(operator.mul, call.args)
    return None


@identity(np.transpose)
def twice_transposed(to: Context, call: Call, target: Var) -> Atom | None:
    """``x.T.T`` is x, and so is ``x.T`` of a vector."""
    if call.kwargs or len(call.args) != 1:
        return None
    inner = to.made_by(call.args[0], np.transpose)
    if inner and not inner.kwargs and len(inner.args) == 1:
        return inner.args[0]
    kind = getattr(call.args[0], "type", None)
    return call.args[0] if isinstance(kind, Num) and kind.shape and kind.rank == 1 else None


@identity(np.transpose)
def axes_in_order(to: Context, call: Call, target: Var) -> Call | Atom | None:
    """``np.transpose(x, axes=(0, 1))`` is x, and with all axes in reverse order it is ``x.T``."""
    if len(call.args) != 1 or [name for name, _ in call.kwargs] != ["axes"]:
        return None
    (x,), ((_, axes),) = call.args, call.kwargs
    if not isinstance(axes, Tup) or len(axes.items) != len(shape_of(x) or ()):
        return None
    order = [axis.value if isinstance(axis, Const) else None for axis in axes.items]
    if order == [*range(len(order))]:
        return x
    return Call(np.transpose, call.args) if order == [*reversed(range(len(order)))] else None


@identity(np.transpose, of=(operator.matmul,))
def transposed_product(to: Context, call: Call, target: Var) -> Call | None:
    """``(a.T @ b).T`` is ``b.T @ a``, and ``(a @ b.T).T`` is ``b @ a.T``: one transpose less."""
    product = to.made_once_by(call.args[0], operator.matmul)
    if call.kwargs or len(call.args) != 1 or product is None:
        return None
    ranks = [t.rank if (t := _type(a)) is not None else None for a in product.args]
    if ranks != [2, 2] or not any(_untransposed(to, factor) for factor in product.args):
        return None
    turned = [
        _untransposed(to, factor) or to.define(Call(np.transpose, (factor,)), "t")
        for factor in product.args
    ]
    left, right = turned
    return None if left is None or right is None else Call(operator.matmul, (right, left))


def _untransposed(to: Context, atom: Atom) -> Atom | None:
    """x where the atom is ``x.T``."""
    made = to.made_by(atom, np.transpose)
    return made.args[0] if made is not None and not made.kwargs and len(made.args) == 1 else None


@identity(np.transpose, of=(operator.mul,))
def transposed_outer_product(to: Context, call: Call, target: Var) -> Call | None:
    """``(a[..., None] * b).T`` of vectors is ``b[..., None] * a``."""
    product = to.made_once_by(call.args[0], operator.mul)
    if call.kwargs or len(call.args) != 1 or product is None:
        return None
    column, row = product.args
    made = to.made_once_by(column, operator.getitem)
    if made is None or not _adds_last_axis(made.args[1]):
        return None
    types = _type(made.args[0]), _type(row)
    if any(t is None or t.rank != 1 or t.kind != "array" for t in types):
        return None
    turned = to.define(Call(operator.getitem, (row, made.args[1])), "t")
    return None if turned is None else Call(operator.mul, (turned, made.args[0]))


def _adds_last_axis(index: Atom) -> bool:
    parts = [item.value for item in _items(index) if isinstance(item, Const)]
    return len(parts) == 2 and parts[0] is Ellipsis and parts[1] is None


def _items(index: Atom) -> tuple[Atom, ...]:
    return index.items if isinstance(index, Tup) else ()


@identity(operator.mul, of=(np.ones_like,))
def times_ones(to: Context, call: Call, target: Var) -> Call | Atom | None:
    """``ones * x`` is x where x has the result's shape."""
    for one, other in (call.args, call.args[::-1]):
        if to.made_by(one, np.ones_like) and _same(other, target):
            return other
    return None


@identity(operator.mul, of=(operator.mul,))
def ones_within(to: Context, call: Call, target: Var) -> Call | None:
    """``(ones * x) * y`` is ``x * y`` where these give the result its shape."""
    for product, other in (call.args, call.args[::-1]):
        made = to.made_by(product, operator.mul)
        if made is None:
            continue
        for one, kept in (made.args, made.args[::-1]):
            if to.made_by(one, np.ones_like):
                pair = (kept, other) if product is call.args[0] else (other, kept)
                return Call(operator.mul, pair)
    return None


@identity(operator.mul, of=(operator.neg,), cotangents=True)
def negated_factor(to: Context, call: Call, target: Var) -> Call | None:
    """``-x * y`` is ``-(x * y)``, exactly: signs move outwards until they meet a number."""
    for factor, other in (call.args, call.args[::-1]):
        made = to.made_once_by(factor, operator.neg)
        if made is not None and not _is_sign(other):
            pair = (made.args[0], other) if factor is call.args[0] else (other, made.args[0])
            product = to.define(Call(operator.mul, pair), "t")
            return None if product is None else Call(operator.neg, (product,))
    return None


def _is_sign(atom: Atom) -> bool:
    """Whether a factor before the other takes the sign upon itself: ``2 * -x``."""
    return is_number(atom, -1) or is_number(atom, 1)


@identity(zeros_like)
def zeros_of_array(to: Context, call: Call, target: Var) -> Call | Atom | None:
    """Of an array NumPy makes the zeros itself; of a float they are 0.0."""
    type_ = _type(call.args[0])
    if type_ is None or type_.kind not in ("array", "python"):
        return None
    return Call(np.zeros_like, call.args) if type_.kind == "array" else None


@identity(operator.mul, of=(operator.neg,))
def sign_outside(to: Context, call: Call, target: Var) -> Call | None:
    """``2 * -x`` is ``-2 * x``, exactly."""
    number, product = call.args
    if not (isinstance(number, Const) and isinstance(number.value, int | float)):
        return None
    if is_number(number, 0) or isinstance(number.value, bool):
        return None
    made = to.made_by(product, operator.neg)
    return None if made is None else Call(operator.mul, (Const(-number.value), made.args[0]))


@identity(unbroadcast, of=(operator.mul,))
def contracted_product(to: Context, call: Call, target: Var) -> Call | None:
    """The sum of ``a * row`` along rows is ``a @ row.T``; of ``a * column`` along columns,
    ``column.T @ a``: no array for the products."""
    product = to.made_once_by(call.args[0], operator.mul)
    if product is None or len(call.args) != 2:
        return None
    wanted = _pattern(call.args[1])
    for a, b in (product.args, product.args[::-1]):
        if _pattern(a) != (False, False):
            continue
        if wanted == (False, True) and _pattern(b) == (True, False):
            flipped = to.define(Call(np.transpose, (b,)), "t")
            return None if flipped is None else Call(operator.matmul, (a, flipped))
        if wanted == (True, False) and _pattern(b) == (False, True):
            flipped = to.define(Call(np.transpose, (b,)), "t")
            return None if flipped is None else Call(operator.matmul, (flipped, a))
    return None


@identity(unbroadcast)
def known_axes(to: Context, call: Call, target: Var) -> Call | None:
    """Where it is known along which axes was broadcast: a plain sum over them."""
    if len(call.args) != 2:
        return None
    given, wanted = _pattern(call.args[0]), _pattern(call.args[1])
    if given is None or wanted is None or len(given) != len(wanted) or not given:
        return None
    axes = tuple(k for k, (g, w) in enumerate(zip(given, wanted, strict=True)) if w and not g)
    if not axes or _type(call.args[0]).kind != "array":  # type: ignore[union-attr]
        return None
    axis = Const(axes[0]) if len(axes) == 1 else Tup(tuple(map(Const, axes)))
    return Call(np.sum, call.args[:1], (("axis", axis), ("keepdims", Const(True))))


@identity(np.mean)
def mean_as_sum(to: Context, call: Call, target: Var) -> Call | None:
    """``np.mean(x)`` is ``x.sum() / x.size``, bit for bit, and costs NumPy half the time."""
    type_ = _type(call.args[0])
    if len(call.args) != 1 or call.kwargs or type_ is None or type_.kind != "array":
        return None
    if type_.dtype not in ("float32", "float64"):
        return None
    total = to.define(Call(np.sum, call.args), "t")
    count = to.define(Call(np.size, call.args), "n")
    return None if total is None or count is None else Call(operator.truediv, (total, count))


def _pattern(atom: Atom) -> tuple[bool, ...] | None:
    """Which dimensions are 1, where that is known of all."""
    type_ = _type(atom)
    if type_ is None or type_.shape is None:
        return None
    ones = tuple(is_one(d) for d in type_.shape)
    return None if None in ones else ones  # type: ignore[return-value]


def _type(atom: Atom) -> Num | None:
    type_ = None if isinstance(atom, Tup) else getattr(atom, "type", None)
    return type_ if isinstance(type_, Num) else None


def _same(atom: Atom, target: Var) -> bool:
    a, b = _type(atom), _type(target)
    return a is not None and b is not None and a.shape is not None and a.shape == b.shape
