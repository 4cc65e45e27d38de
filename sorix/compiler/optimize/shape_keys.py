"""Shapes compared by how they come about, where their dimensions are not known.

``a[i, k:]`` and ``b[j, k:]`` have one shape if a and b have, though nobody knows k. A key is
equal only for arrays of one shape; None says nothing.
"""

from __future__ import annotations

import operator
from collections.abc import Callable

import numpy as np

from sorix.compiler.ir.nodes import Atom, Call, Const, Slc, Tup, Var
from sorix.compiler.ir.shapes import FRESH
from sorix.compiler.ir.types import Num
from sorix.compiler.optimize.replacing import atom_key
from sorix.support import add_at, scatter, store, take_last, unbroadcast, zeros_like

Made = Callable[[Atom], Call | None]

_LIKE_FIRST = frozenset({store, add_at, zeros_like, np.zeros_like, np.ones_like, np.copy})
_LIKE_SECOND = frozenset({scatter, unbroadcast})
_READS = frozenset({operator.getitem, take_last})
_LEVELS = 6


def key_of(made: Made, elementwise: frozenset[object], atom: Atom, levels: int = _LEVELS) -> object:
    """A key of the shape of an array; `made` gives the call that a variable is bound to."""
    type_ = atom.type if isinstance(atom, Var) else None
    if not isinstance(type_, Num) or not type_.shape:
        return None
    if not any((dim.symbol or "").startswith(FRESH) for dim in type_.shape):
        return type_.shape
    call = made(atom)
    if call is None or call.kwargs or levels == 0:
        return None
    if call.fn in _LIKE_FIRST:
        return key_of(made, elementwise, call.args[0], levels - 1)
    if call.fn in _LIKE_SECOND:
        return key_of(made, elementwise, call.args[1], levels - 1)
    if call.fn in _READS:
        base = key_of(made, elementwise, call.args[0], levels - 1)
        return None if base is None else (base, _index_key(call.args[1]))
    if call.fn not in elementwise:
        return None
    wide = [arg for arg in call.args if not _is_number(arg)]
    keys = {key_of(made, elementwise, arg, levels - 1) for arg in wide}
    return keys.pop() if len(keys) == 1 else None


def _is_number(atom: Atom) -> bool:
    type_ = getattr(atom, "type", None)
    return isinstance(type_, Num) and type_.shape == ()


def _index_key(index: Atom) -> object:
    """Equal for indices that leave equal shapes: of an integer it does not matter which."""
    items = index.items if isinstance(index, Tup) and not index.is_list else (index,)
    return tuple(map(_item_key, items))


def _item_key(item: Atom) -> object:
    if isinstance(item, Slc):
        return atom_key(item)
    if _is_number(item) or isinstance(item, Const) and isinstance(item.value, int):
        return "number"
    return atom_key(item)
