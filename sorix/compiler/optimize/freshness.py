"""What a call's result shares memory with: nothing, an argument, or nobody knows.

``fresh``    a new, writable buffer, whatever the arguments
``view``     an argument, a writable view of one, or a new buffer
``unknown``  an argument, a view that may be read-only or overlap itself, or anything else

A function that is in no list here is ``unknown``, which is always safe.
"""

from __future__ import annotations

import operator
from typing import Any, Literal

import numpy as np

import sorix.support as support
from sorix.compiler.ir.nodes import Atom, Call, Const, Method, Routine, Slc, Tup, Var
from sorix.compiler.ir.types import NUMBERS, Num, Type

Sharing = Literal["fresh", "view", "unknown"]


def _available(module: Any, names: str) -> set[Any]:
    return {getattr(module, name) for name in names.split() if hasattr(module, name)}


_FRESH: set[Any] = (
    _available(
        operator,
        "add sub mul truediv floordiv mod pow matmul neg pos abs and_ or_ xor invert lshift rshift"
        " eq ne lt le gt ge",
    )
    | _available(
        np,
        "array copy zeros ones empty full zeros_like ones_like empty_like full_like eye identity"
        " arange linspace tri sum prod mean std var max min amax amin nansum any all cumsum cumprod"
        " nanmax nanmin nanmean argmax argmin argsort sort where concatenate stack hstack vstack"
        " dstack column_stack dot vdot inner outer tensordot kron clip take take_along_axis repeat"
        " tile roll tril triu sinc logaddexp trace",
    )
    | _available(np.linalg, "inv solve det slogdet cholesky norm pinv lstsq")
    | _available(
        support,
        "store add_at scatter scatter_along take_last zeros_like cast list_append list_set "
        "list_add_at"
        " list_pop list_add list_repeat list_sum",
    )
    | {abs, len, float, int, bool, list, round, tuple}
)
_VIEWS: set[Any] = _available(
    np,
    "reshape transpose matrix_transpose ravel squeeze expand_dims swapaxes moveaxis rollaxis"
    " atleast_1d atleast_2d atleast_3d asarray ascontiguousarray asfortranarray flip fliplr flipud"
    " rot90 split array_split hsplit vsplit dsplit real imag",
) | _available(
    support, "unbroadcast broadcast_like expand reshape_like split_like unstack unpad unrepeat"
)


def sharing(call: Call, target: Type) -> Sharing:
    """What the result of a call, of type `target`, shares memory with."""
    fn = call.fn
    if isinstance(fn, Method | Routine):
        return "unknown"
    if fn is operator.getitem:
        return _sharing_of_read(call)
    if fn is support.expand:
        # Only where nothing is spread is the argument handed back.
        return "fresh" if isinstance(target, Num) and target.rank else "view"
    if fn in _FRESH or isinstance(fn, np.ufunc):
        return "fresh"
    return "view" if fn in _VIEWS else "unknown"


def _sharing_of_read(call: Call) -> Sharing:
    base, index = call.args
    is_array = isinstance(base, Var) and isinstance(base.type, Num)
    return "fresh" if is_array and is_advanced(index) else "view"


def is_advanced(index: Atom) -> bool:
    """Whether an index surely makes a copy: an array or list is part of it."""
    if isinstance(index, Tup):
        return index.is_list or any(map(is_advanced, index.items))
    if isinstance(index, Const | Slc):
        return False
    return isinstance(index.type, Num) and bool(index.type.rank)


def is_basic(index: Atom) -> bool:
    """Whether an index surely is made of integers, slices, None and Ellipsis only."""
    if isinstance(index, Tup):
        return not index.is_list and all(map(is_basic, index.items))
    if isinstance(index, Slc):
        return True
    if isinstance(index, Const):
        value = index.value
        return value is None or value is Ellipsis or isinstance(value, int)
    kind = index.type
    return isinstance(kind, Num) and kind.rank == 0 and kind.kind in NUMBERS
