"""Identities of sums over everything: what the cotangent of a number among arrays is."""

from __future__ import annotations

import operator

import numpy as np

from sorix.compiler.ir.nodes import Atom, Call, Const, Slc, Tup, Var
from sorix.compiler.ir.types import Num, is_one
from sorix.compiler.optimize.identities import is_whole, shape_key
from sorix.compiler.optimize.identity_table import Context, identity, shape_of
from sorix.support import scatter, unbroadcast


@identity(unbroadcast, certain=True)
def sum_of_all(to: Context, call: Call, target: Var) -> Call | None:
    """``unbroadcast(x, s)`` of a number s is ``x.sum()``, and of a product of vectors ``a @ b``."""
    x, number = call.args
    if shape_of(number) != () or not _is_array(x):
        return None
    product = to.made_once_by(x, operator.mul)
    if product is not None and _are_vectors(to, *product.args):
        return Call(operator.matmul, product.args)
    return Call(np.sum, (x,))


@identity(operator.getitem, of=(np.sum,), cotangents=True)
def kept_in_vain(to: Context, call: Call, target: Var) -> Call | None:
    """``x.sum(axis=1, keepdims=True)[:, 0]`` is ``x.sum(axis=1)``."""
    total, index = call.args
    made = to.made_once_by(total, np.sum)
    if made is None or len(made.args) != 1:
        return None
    options = {name: value.value for name, value in made.kwargs if isinstance(value, Const)}
    rank = len(shape_of(total) or ())
    if set(options) != {"axis", "keepdims"} or not options["keepdims"]:
        return None
    axis = options["axis"]
    if type(axis) is not int or axes_dropped(index, rank) != (axis % rank if rank else None,):
        return None
    return Call(np.sum, made.args, (("axis", Const(axis)),))


def axes_dropped(index: Atom, rank: int) -> tuple[int, ...] | None:
    """The axes at which an index takes the first of what it otherwise keeps whole, of an array of
    so many.

    >>> every = Slc(Const(None), Const(None), Const(None))
    >>> axes_dropped(Tup((every, Const(0))), 2)
    (1,)
    >>> axes_dropped(Tup((Const(0), Const(...))), 3)
    (0,)
    """
    parts = index.items if isinstance(index, Tup) and not index.is_list else (index,)
    dropped: list[int] = []
    axis = 0
    for part in parts:
        if isinstance(part, Const) and part.value is Ellipsis:
            axis = rank - (len(parts) - 1 - axis)
            continue
        if isinstance(part, Const) and type(part.value) is int and part.value == 0:
            dropped.append(axis)
        elif not is_whole(part):
            return None
        axis += 1
    return tuple(dropped) if axis <= rank else None


_EVERYTHING = Slc(Const(None), Const(None), Const(None))


@identity(scatter, cotangents=True)
def scattered_whole(to: Context, call: Call, target: Var) -> Call | None:
    """``scatter(v, x, (slice(None), 0))`` is ``v[:, None]`` where x has one column."""
    v, x, index = call.args
    shape = shape_of(x)
    axes = axes_dropped(index, len(shape)) if shape else None
    if not axes or shape is None or not all(is_one(shape[axis]) for axis in axes):
        return None
    if not _is_of_rank(v, len(shape) - len(axes)):
        return None
    kept = tuple(Const(None) if axis in axes else _EVERYTHING for axis in range(len(shape)))
    return Call(operator.getitem, (v, Tup(kept)))


def _is_of_rank(atom: Atom, rank: int) -> bool:
    """Whether the atom is certainly an array, no number, of so many dimensions."""
    type_ = atom.type if isinstance(atom, Var) else None
    return isinstance(type_, Num) and type_.rank == rank and (type_.kind == "array" or rank > 0)


def _is_array(atom: Atom) -> bool:
    """Whether the atom is an array of doubles that is more than one number."""
    type_ = atom.type if isinstance(atom, Var) else None
    return (
        isinstance(type_, Num)
        and type_.kind == "array"
        and bool(type_.rank)
        and type_.dtype == "float64"
    )


def _are_vectors(to: Context, a: Atom, b: Atom) -> bool:
    if not (_is_array(a) and _is_array(b)):
        return False
    assert isinstance(a, Var)
    assert isinstance(b, Var)
    if len(shape_of(a) or ()) != 1 or len(shape_of(b) or ()) != 1:
        return False
    key = shape_key(to, a)
    return key is not None and key == shape_key(to, b)
