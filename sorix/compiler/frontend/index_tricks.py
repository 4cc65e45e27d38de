"""NumPy's objects that are indexed for what the index says: ``np.r_``, ``np.c_``, ``np.mgrid``;
and ``np.ix_``, of which the index is made.

Each becomes the calls it stands for: ``np.r_[0, x]`` is ``np.concatenate((np.reshape(0, (1,)),
x))``. The semantics are those of ``numpy.lib.index_tricks``, without the directives in strings.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.compiler.frontend import array_making, arrays
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.numpy_calls import call_primitive, emit, special
from sorix.compiler.frontend.values import (
    NONE,
    Kwargs,
    Reference,
    Sequence,
    SliceValue,
    Static,
    Value,
)
from sorix.compiler.ir.nodes import Const
from sorix.compiler.ir.types import Num
from sorix.errors import UnsupportedCallError


def indexed(it: Interpreter, trick: Any, index: Value) -> Value | None:
    """``trick[index]``; None where `trick` is none of these objects."""
    handler = _TRICKS.get(id(trick))
    return None if handler is None else handler(it, index)


def _items(index: Value) -> tuple[Value, ...]:
    return index.items if isinstance(index, Sequence) else (index,)


def _joined_rows(it: Interpreter, index: Value) -> Value:
    parts = [_part(it, item) for item in _items(index)]
    rows = [_shaped(it, part, (1,)) if _rank(it, part) == 0 else part for part in parts]
    return call_primitive(it, np.concatenate, [Sequence(tuple(rows))], {})


def _joined_columns(it: Interpreter, index: Value) -> Value:
    parts = [_part(it, item) for item in _items(index)]
    columns = [_shaped(it, part, (-1, 1)) if _rank(it, part) < 2 else part for part in parts]
    return call_primitive(it, np.concatenate, [Sequence(tuple(columns))], {"axis": Const(-1)})


def _part(it: Interpreter, item: Value) -> Value:
    """One entry of an index as an array or a number."""
    if isinstance(item, SliceValue):
        return _steps(it, item)
    if isinstance(item, Static) and isinstance(item.value, str):
        raise UnsupportedCallError(
            "a directive in the index of np.r_ or np.c_", "call np.concatenate() or np.stack()"
        )
    if isinstance(item, Reference | Sequence):
        return call_primitive(it, np.array, [item], {})
    return item


def _steps(it: Interpreter, part: SliceValue) -> Value:
    """The numbers of a slice: of ``a:b:s`` a range, of ``a:b:3j`` three from a to b."""
    start = Const(0) if _is_none(part.start) else part.start
    step = Const(1) if _is_none(part.step) else part.step
    if isinstance(step, Const) and isinstance(step.value, complex):
        count = Const(int(abs(step.value)))
        return call_primitive(it, np.linspace, [start, part.stop, count], {})
    return call_primitive(it, np.arange, [start, part.stop, step], {})


def _is_none(value: Value) -> bool:
    return value is NONE or (isinstance(value, Static | Const) and value.value is None)


def _rank(it: Interpreter, value: Value) -> int:
    type_ = it.type_of(value)
    if not isinstance(type_, Num) or type_.rank is None:
        raise UnsupportedCallError(
            "what is joined by np.r_ or np.c_ has a number of dimensions that is not known",
            "call np.concatenate() or np.stack()",
        )
    return type_.rank


def _shaped(it: Interpreter, value: Value, shape: tuple[int, ...]) -> Value:
    return call_primitive(it, np.reshape, [value, Sequence(tuple(map(Const, shape)))], {})


def _grid(it: Interpreter, index: Value, sparse: bool) -> Value:
    if not isinstance(index, Sequence):
        return _part(it, index)
    axes = [_part(it, item) for item in index.items]
    if sparse:
        shapes = [tuple(-1 if j == k else 1 for j in range(len(axes))) for k in range(len(axes))]
        return Sequence(tuple(_shaped(it, a, s) for a, s in zip(axes, shapes, strict=True)))
    grids = call_primitive(it, np.meshgrid, axes, {"indexing": Static("ij")})
    return call_primitive(it, np.stack, [grids], {})


@special(np.ix_)
def _open_mesh(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    """``i[:, None], j[None, :]`` for ``np.ix_(i, j)``, where both are known to be flat."""
    axes = [_chosen(it, array_making.as_array(it, [arg], {})) for arg in args]
    if any(axis is None for axis in axes):
        value = emit(it, np.ix_, args, kwargs)
        arrays.share(it, *args, value)
        return value
    whole = SliceValue(NONE, NONE, NONE)
    spread = []
    for k, axis in enumerate(axes):
        index = Sequence(tuple(whole if j == k else NONE for j in range(len(axes))))
        spread.append(axis if len(axes) == 1 else arrays.getitem(it, axis, index))
    return Sequence(tuple(spread))


def _chosen(it: Interpreter, axis: Value) -> Value | None:
    """The places that an argument of ``np.ix_`` chooses: it, or where a mask is set."""
    type_ = it.type_of(axis)
    if not isinstance(type_, Num) or type_.rank != 1 or type_.dtype is None:
        return None
    if type_.dtype == "bool":
        return emit(it, np.flatnonzero, [axis], {})
    return axis if np.dtype(type_.dtype).kind in "iuf" else None


def _as_given(it: Interpreter, index: Value) -> Value:
    return index


def _as_tuple(it: Interpreter, index: Value) -> Value:
    return Sequence(_items(index))


_TRICKS: dict[int, Callable[[Interpreter, Value], Value]] = {
    id(np.r_): _joined_rows,
    id(np.c_): _joined_columns,
    id(np.mgrid): functools.partial(_grid, sparse=False),
    id(np.ogrid): functools.partial(_grid, sparse=True),
    id(np.s_): _as_given,
    id(np.index_exp): _as_tuple,
}
