"""Identities of sums over everything: what the cotangent of a number among arrays is."""

from __future__ import annotations

import operator

import numpy as np

from sorix.compiler.ir.nodes import Atom, Call, Var
from sorix.compiler.ir.types import Num
from sorix.compiler.optimize.identities import Context, identity, shape_key, shape_of
from sorix.support import unbroadcast


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
