"""Reading with an index: integers, slices, ``None``, ``...``, masks and index arrays.

The length of a slice is exact or a new symbol. A bound is measured from one end of the axis:
``front c`` is ``min(c, L)`` and ``back c`` is ``max(0, L - c)``. From front a to back b there are
``max(0, L - a - b)`` elements whatever L is, which is what ``L - (a + b)`` means as a dimension
(see `shapes`). Two bounds from the same end leave a constant, if the axis is known to be long
enough; from back to front nothing is known.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sorix import support
from sorix.compiler.ir.inference.operands import UNKNOWN, atom_type, num, size, static
from sorix.compiler.ir.inference.registry import typed
from sorix.compiler.ir.nodes import Atom, Const, Slc, Tup
from sorix.compiler.ir.shapes import (
    as_integer,
    as_size,
    broadcast,
    ceil_div,
    cut,
    fresh_dim,
    is_exact,
    show,
    spell,
    spelled,
)
from sorix.compiler.ir.types import (
    ONE,
    TEXT,
    Dim,
    ListOf,
    Num,
    Opaque,
    Shape,
    Type,
    constant,
    join,
    lower_bound,
)
from sorix.errors import ShapeError


@typed(operator.getitem, support.take_last)
def getitem(fn: Callable[..., Any], x: Atom, index: Atom) -> Type:
    if isinstance(x, Tup):
        return _of_written_out(x, index)
    type_ = atom_type(x)
    if isinstance(type_, ListOf):
        return type_ if isinstance(index, Slc) else type_.element
    if type_ == TEXT:
        return TEXT
    return Opaque() if isinstance(type_, Opaque) else indexed(type_, index)


def _of_written_out(x: Tup, index: Atom) -> Type:
    at = static(index)
    if isinstance(at, int):
        return atom_type(x.items[at])
    joined: Type | None = atom_type(x.items[0]) if x.items else None
    for item in x.items[1:]:
        joined = None if joined is None else join(joined, atom_type(item), fresh_dim)
    if isinstance(index, Slc):
        return Opaque() if joined is None else ListOf(joined)
    return Num() if joined is None else joined


# --------------------------------------------------------------------------------- arrays


@dataclass(frozen=True, slots=True)
class _Item:
    """One entry of an index and the axes it consumes.

    ``shape`` is that of the index array where `advanced`, else what the axis becomes.
    """

    consumes: int
    shape: Shape
    advanced: bool = False
    integer: bool = False


def indexed(x: Num, index: Atom) -> Num:
    """The type of ``x[index]`` of an array."""
    entries = list(index.items) if isinstance(index, Tup) and not index.is_list else [index]
    items = _items(entries, x.shape) if x.shape is not None else None
    if items is None:
        return Num(x.dtype)
    shape = _result_shape(items)
    dots = any(isinstance(e, Const) and e.value is Ellipsis for e in entries)
    return Num(x.dtype, shape, "array" if shape or dots else "scalar")


def _items(entries: list[Atom], shape: Shape) -> list[_Item] | None:
    """The entries measured against the axes; None where one of them is not known well enough."""
    dots = [i for i, e in enumerate(entries) if isinstance(e, Const) and e.value is Ellipsis]
    at = dots[0] if dots else len(entries)
    before = _measured(entries[:at], shape)
    after_entries = entries[at + 1 :]
    needed = _axes_consumed(after_entries)
    if before is None or needed is None:
        return None
    used = sum(item.consumes for item in before)
    if used + needed > len(shape):
        count = used + needed
        raise ShapeError(f"an array of shape {show(shape)} is indexed with {count} indices")
    middle = shape[used : len(shape) - needed]
    after = _measured(after_entries, shape[len(shape) - needed :])
    if after is None:
        return None
    # `...` stands for at least nothing, and separates index arrays all the same.
    return [*before, *([_Item(len(middle), middle)] if dots or middle else []), *after]


def _axes_consumed(entries: list[Atom]) -> int | None:
    counts = [_consumed(entry) for entry in entries]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _consumed(entry: Atom) -> int | None:
    if isinstance(entry, Slc):
        return 1
    if isinstance(entry, Const) and entry.value is None:
        return 0
    type_ = num(entry)
    if type_.dtype is None or type_.shape is None:
        return None
    return len(type_.shape) if type_.dtype == "bool" else 1


def _measured(entries: list[Atom], shape: Shape) -> list[_Item] | None:
    items, axis = [], 0
    for entry in entries:
        consumed = _consumed(entry)
        if consumed is None:
            return None
        if axis + consumed > len(shape):
            raise ShapeError(
                f"an array of shape {show(shape)} is indexed with {axis + consumed} indices"
            )
        items.append(_measure(entry, consumed, shape[axis : axis + consumed]))
        axis += consumed
    return items


def _measure(entry: Atom, consumed: int, axes: Shape) -> _Item:
    if isinstance(entry, Slc):
        return _Item(1, (sliced(axes[0], entry),))
    if isinstance(entry, Const) and entry.value is None:
        return _Item(0, (ONE,))
    type_ = num(entry)
    if type_.dtype == "bool":
        return _Item(consumed, (fresh_dim(),), advanced=True)
    if type_.shape == ():
        return _Item(1, (), integer=True)
    return _Item(1, type_.shape or (), advanced=True)


def _result_shape(items: list[_Item]) -> Shape:
    if not any(item.advanced for item in items):
        return tuple(dim for item in items for dim in item.shape)
    # Beside an index array an integer counts as one too.
    places = [i for i, item in enumerate(items) if item.advanced or item.integer]
    common = broadcast(*(items[i].shape for i in places))
    adjacent = places[-1] - places[0] + 1 == len(places)
    at = places[0] if adjacent else 0
    plain = [item.shape if i not in places else () for i, item in enumerate(items)]
    flat_before = tuple(dim for shape in plain[:at] for dim in shape)
    flat_after = tuple(dim for shape in plain[at:] for dim in shape)
    return (*flat_before, *common, *flat_after)


# --------------------------------------------------------------------------------- slices


@dataclass(frozen=True, slots=True)
class _Bound:
    """A place on the axis: `by` elements (or all there are) from its front or its back."""

    by: int
    front: bool


def sliced(dim: Dim, slc: Slc) -> Dim:
    """The number of elements that a slice of an axis has."""
    start, stop, step = (static(part) for part in (slc.start, slc.stop, slc.step))
    if step == 0:
        raise ShapeError("a slice step cannot be zero")
    if dim.symbol is None and UNKNOWN not in (start, stop, step):
        return constant(len(range(*slice(start, stop, step).indices(dim.offset))))
    if step is UNKNOWN:
        return fresh_dim()
    if step is not None and step < 0:
        whole = start is None and stop is None
        return ceil_div(dim, -step) if whole else fresh_dim()
    low = _bound(slc.start, dim, _Bound(0, front=True))
    high = _bound(slc.stop, dim, _Bound(0, front=False))
    if low is None or high is None:
        return fresh_dim()
    return ceil_div(_between(dim, low, high), step or 1)


def _bound(atom: Atom, dim: Dim, default: _Bound) -> _Bound | None:
    if isinstance(atom, Const) and atom.value is None:
        return default
    value = size(atom)
    if value is None:
        return None
    if value.symbol is None:
        return _Bound(abs(value.offset), front=value.offset >= 0)
    whole = as_integer(dim)
    if value.symbol != whole.symbol:
        whole, value = dim, as_size(value)
    by = whole.offset - value.offset
    # Another symbol may be longer or shorter. A negative value counts from the back: up to
    # L - 2 that leaves nothing, as it should, but L - 3 is -1 for L = 2, and leaves one.
    if value.symbol != whole.symbol or not (by <= 2 or is_exact(value)):
        return None
    return _Bound(max(0, by), front=False)


def _between(dim: Dim, low: _Bound, high: _Bound) -> Dim:
    if low.front and not high.front:
        return cut(dim, low.by + high.by)
    if low.front == high.front:
        near, far = (low.by, high.by) if low.front else (high.by, low.by)
        if far <= near:
            return constant(0)
        return constant(far - near) if lower_bound(dim) >= far else _clipped(dim, near, far)
    return fresh_dim()


def _clipped(dim: Dim, near: int, far: int) -> Dim:
    """The elements between two places counted from one end of an axis that may be short."""
    if dim.symbol is None:
        return constant(max(0, min(dim.offset, far) - near))
    size_ = spell(dim)
    return spelled(f"(min({size_},{far})-min({size_},{near}))", 0, (dim,))


def rows(x: Num) -> Num:
    """The type of an item that iteration over an array yields."""
    if not x.shape:
        return Num(x.dtype)
    return replace(x, shape=x.shape[1:], kind="array" if x.shape[1:] else "scalar", value=None)
