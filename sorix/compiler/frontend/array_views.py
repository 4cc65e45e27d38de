"""NumPy's functions that return a view of their argument, other than reshapings.

A view is the base and the steps from it, so that a write on either side is seen on the other, as
in NumPy. Where NumPy decides between a view and a copy by the layout in memory, which is not
known here, both arrays are frozen: to read them is right, to write into either is refused.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from sorix.compiler.frontend import (
    array_making,
    arrays,
    branching,
    calls,
    containers,
    exceptions,
    numpy_calls,
    subscripts,
)
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.numpy_calls import emit, plain, special
from sorix.compiler.frontend.values import Array, Kwargs, Sequence, Static, Value
from sorix.compiler.ir.nodes import Atom, Const, Slc, Tup
from sorix.compiler.ir.types import Num
from sorix.errors import UnsupportedTypeError
from sorix.primitives.canonical import canonical
from sorix.primitives.definitions import definition_of

_ALL = Slc(Const(None), Const(None), Const(None))
_REVERSED = Slc(Const(None), Const(None), Const(-1))


def rank_of(it: Interpreter, value: Value) -> int | None:
    type_ = it.type_of(value)
    return type_.rank if isinstance(type_, Num) else None


def _array(it: Interpreter, args: list[Value]) -> tuple[Array, int] | None:
    """The first argument and its rank, where it is an array that can be viewed."""
    base = plain(args[0]) if args else None
    if not isinstance(base, Array):
        return None
    rank = rank_of(it, base)
    return None if not rank else (base, rank)


def _indexed(it: Interpreter, base: Array, parts: list[Atom]) -> Value:
    return arrays.compose(it, base, parts[0] if len(parts) == 1 else Tup(tuple(parts)))


def _axes(it: Interpreter, value: Value, rank: int) -> list[int] | None:
    """Axes counted from 0; None where NumPy will not have them, for it to say so."""
    items = containers.static_items(it, value) if not it.is_numeric(value) else None
    known = [it.demand(v, "an axis") for v in (items if items is not None else (value,))]
    axes = [axis % rank for axis in known]
    exist = all(-rank <= axis < rank for axis in known)
    return axes if exist and len(set(axes)) == len(axes) else None


def _unfollowed(it: Interpreter, fn: Any, args: Any, options: Any) -> Value:
    """The call as it is, for NumPy to carry out or to refuse.

    Where a branch or a loop decides how many dimensions an array has, what NumPy makes of it may
    be a view that no steps describe: then neither may be written.
    """
    value = emit(it, fn, list(args), dict(options))
    for base in map(plain, args):
        if isinstance(base, Array) and rank_of(it, base) is None:
            arrays.share(it, base, value)
    return value


# -- turned and reordered -------------------------------------------------------------------


def _flipped(it: Interpreter, base: Array, rank: int, axes: list[int]) -> Value:
    parts = [_REVERSED if k in axes else _ALL for k in range(rank)]
    while len(parts) > 1 and parts[-1] is _ALL:
        parts.pop()
    return _indexed(it, base, list(parts))


def _register_flips() -> None:
    fixed: dict[Any, list[int] | None] = {np.flip: None, np.flipud: [0], np.fliplr: [1]}

    def handler(fn: Any, only: list[int] | None) -> Any:
        def flip(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
            given, options = canonical(fn, args, kwargs)
            found = _array(it, list(given))
            if found is None or only is not None and found[1] <= only[0]:
                return _unfollowed(it, fn, given, options)
            base, rank = found
            axes: list[int] | None = only or list(range(rank))
            if "axis" in options and not _is_none(options["axis"]):
                axes = _axes(it, options["axis"], rank)
            if axes is None:
                return _unfollowed(it, fn, given, options)
            return _flipped(it, base, rank, axes)

        return flip

    for fn, only in fixed.items():
        special(fn)(handler(fn, only))


_register_flips()


def _is_none(value: Any) -> bool:
    return isinstance(value, Static | Const) and value.value is None


@special(np.rot90)
def _rot90(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    given, options = canonical(np.rot90, args, kwargs)
    found = _array(it, list(given))
    if found is None:
        return _unfollowed(it, np.rot90, given, options)
    base, rank = found
    turns = it.demand(options.get("k", Const(1)), "the number of turns of np.rot90()") % 4
    plane = options.get("axes", Sequence((Const(0), Const(1))))
    axes = _axes(it, plane, rank)
    if axes is None or len(axes) != 2:
        return _unfollowed(it, np.rot90, given, options)
    first, second = axes
    if turns == 0:
        return _indexed(it, base, [_ALL])
    if turns == 2:
        return _flipped(it, base, rank, [first, second])
    if turns == 1:
        turned = _flipped(it, base, rank, [second])
        return arrays.view(it, turned, np.swapaxes, Const(first), Const(second))
    swapped = arrays.view(it, base, np.swapaxes, Const(first), Const(second))
    assert isinstance(swapped, Array)
    return _flipped(it, swapped, rank, [second])


def _permuted(it: Interpreter, base: Array, order: list[int]) -> Value:
    return arrays.view(it, base, np.transpose, axes=Tup(tuple(map(Const, order))))


@special(np.moveaxis)
def _moveaxis(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    given, options = canonical(np.moveaxis, args, kwargs)
    found = _array(it, list(given))
    if found is None:
        return _unfollowed(it, np.moveaxis, given, options)
    base, rank = found
    source, target = (_axes(it, v, rank) for v in given[1:3])
    if source is None or target is None or len(source) != len(target):
        return _unfollowed(it, np.moveaxis, given, options)
    order = [k for k in range(rank) if k not in source]
    for to, axis in sorted(zip(target, source, strict=True)):
        order.insert(to, axis)
    return _permuted(it, base, order)


@special(np.rollaxis)
def _rollaxis(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    given, options = canonical(np.rollaxis, args, kwargs)
    found = _array(it, list(given))
    if found is None:
        return _unfollowed(it, np.rollaxis, given, options)
    base, rank = found
    axis = it.demand(given[1], "an axis")
    start = it.demand(options.get("start", Const(0)), "an axis")
    if not (-rank <= axis < rank and -rank <= start <= rank):
        return _unfollowed(it, np.rollaxis, given, options)
    axis %= rank
    start = start + rank if start < 0 else start
    order = [k for k in range(rank) if k != axis]
    order.insert(start - 1 if axis < start else start, axis)
    return _permuted(it, base, order)


@special(np.matrix_transpose, np.linalg.matrix_transpose)
def _matrix_transpose(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    found = _array(it, args)
    if found is None or found[1] < 2:
        return _unfollowed(it, np.matrix_transpose, args, {})
    return arrays.view(it, found[0], np.swapaxes, Const(-2), Const(-1))


def _register_at_least(fn: Any, wanted: int) -> None:
    new: dict[tuple[int, int], list[Atom]] = {
        (2, 1): [Const(None), _ALL],
        (3, 1): [Const(None), _ALL, Const(None)],
        (3, 2): [_ALL, _ALL, Const(None)],
    }

    def at_least(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
        if len(args) != 1:
            return Sequence(tuple(at_least(it, [arg], {}) for arg in args))
        found = _array(it, args)
        if found is None:
            value = args[0] if it.is_numeric(args[0]) else numpy_calls.array(it, args, {})
            return _unfollowed(it, fn, [value], {})
        base, rank = found
        parts = new.get((wanted, rank))
        return base if parts is None else _indexed(it, base, parts)

    special(fn)(at_least)


_register_at_least(np.atleast_2d, 2)
_register_at_least(np.atleast_3d, 3)


# -- cut ------------------------------------------------------------------------------------


def _register_split(fn: Any, along: int | None, equal: bool) -> None:
    def split(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
        given, options = canonical(fn, args, kwargs)
        base = plain(given[0])
        if not isinstance(base, Array):
            return emit(it, fn, list(given), dict(options))
        rank = rank_of(it, base)
        if rank is None:
            return _split_of_any_rank(it, fn, base, given[1], options.get("axis", Const(0)))
        axis = along
        if axis is None:
            axes = _axes(it, options.get("axis", Const(0)), rank)
            if axes is None:
                return _unfollowed(it, fn, given, options)
            axis = axes[0]
        elif fn is np.hsplit and rank == 1:
            axis = 0
        bounds = _bounds(it, base, given[1], axis, equal)
        parts = [_piece(it, base, axis, low, high) for low, high in bounds]
        return containers.new_list(it, parts)

    special(fn)(split)


def _split_of_any_rank(it: Interpreter, fn: Any, base: Array, where: Value, axis: Value) -> Value:
    """The parts of an array of which the run decides the number of dimensions."""
    if fn not in (np.split, np.array_split):
        raise UnsupportedTypeError(
            f"np.{fn.__name__}() of an array that has so many dimensions or others, depending on"
            " a branch or an iteration",
            "call np.split(), and say the axis",
        )
    along = it.demand(axis, "an axis")
    parts = []
    for low, high in _bounds(it, base, where, along, fn is np.split):
        cut: Atom = Slc(low, high, Const(None))
        after = [_ALL] * (-1 - along)
        index = [*([_ALL] * along), cut] if along >= 0 else [Const(Ellipsis), cut, *after]
        parts.append(_indexed(it, base, index))
    return containers.new_list(it, parts)


def _bounds(
    it: Interpreter, base: Array, where: Value, axis: int, equal: bool
) -> list[tuple[Atom, Atom]]:
    """The first and last place of each part."""
    places = _places(it, where)
    if places is not None:
        return _between([it.read(v) for v in places])
    count = it.demand(where, "the number of parts of np.split()")
    if np.ndim(count):
        return _between([Const(int(k)) for k in count])
    size = it.atom(np.size, it.read(base), Const(axis))
    each = it.atom(operator.floordiv, size, Const(count))
    more = it.atom(operator.mod, size, Const(count))
    if equal:
        _require_none(it, more)
        more = Const(0)
    return _between([_cut(it, k, each, more) for k in range(1, count)])


def _places(it: Interpreter, where: Value) -> tuple[Value, ...] | None:
    """Where the parts but the first begin; None where it is said how many parts there are."""
    if not it.is_numeric(where):
        items = containers.static_items(it, where)
        if items is not None:
            return items
        return tuple(Const(v) for v in it.demand(where, "the places of np.split()"))
    type_ = it.type_of(where)
    if isinstance(where, Const) or not (isinstance(type_, Num) and type_.rank == 1):
        return None
    length = it.atom(np.size, it.read(where), Const(0))
    count = it.demand(length, "the number of places of np.split()")
    return tuple(subscripts.subscript(it, where, Const(k), "cut") for k in range(count))


def _between(cuts: list[Atom]) -> list[tuple[Atom, Atom]]:
    return list(zip([Const(None), *cuts], [*cuts, Const(None)], strict=True))


def _require_none(it: Interpreter, more: Atom) -> None:
    """Raise what ``np.split()`` raises where the parts would differ in length."""
    if isinstance(more, Const) and more.value == 0:
        return
    message = Static("array split does not result in an equal division")
    uneven = it.atom(operator.ne, more, Const(0))
    branching.branch(
        it, uneven, lambda: exceptions.raise_error(it, ValueError, (message,)), lambda: None
    )


def _cut(it: Interpreter, k: int, each: Atom, more: Atom) -> Atom:
    """Where the k-th part starts, of parts of which the first `more` have one element more."""
    at = it.atom(operator.mul, each, Const(k))
    if isinstance(more, Const) and more.value == 0:
        return at
    return it.atom(operator.add, at, it.atom(min, more, Const(k)))


def _piece(it: Interpreter, base: Array, axis: int, low: Atom, high: Atom) -> Value:
    return _indexed(it, base, [*([_ALL] * axis), Slc(low, high, Const(None))])


# -- perhaps a view -------------------------------------------------------------------------


@special(np.diag)
def _diag(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    given, options = canonical(np.diag, args, kwargs)
    found = _array(it, list(given))
    if found is None or found[1] != 2:
        if not it.is_numeric(given[0]):
            given = (numpy_calls.array(it, [given[0]], {}), *given[1:])
        return _unfollowed(it, np.diag, given, options)
    offset = {"offset": it.read(options["k"])} if "k" in options else {}
    return arrays.view(it, found[0], np.diagonal, **offset)


def _register_shared(fn: Any) -> None:
    """A function whose result may share memory with its first argument."""

    def shared(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
        definition = definition_of(fn)
        if definition is not None:
            value = calls.call_function(it, definition, args, kwargs)
        else:
            given = {k: v for k, v in kwargs.items() if numpy_calls.static_value(v) is not None}
            value = numpy_calls.call_by_rule(it, fn, args, given)
        arrays.share(it, args[0], value)
        return value

    special(fn)(shared)


_register_shared(np.asfortranarray)
_register_shared(np.lib.stride_tricks.sliding_window_view)
_register_shared(np.trim_zeros)
_register_shared(np.frombuffer)


@special(np.broadcast_arrays)
def _broadcast_arrays(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    value = emit(it, np.broadcast_arrays, args, {})
    arrays.share(it, *args, value)
    return value


@special(np.ascontiguousarray)
def _contiguous(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    base = plain(args[0])
    if isinstance(base, Array) and arrays.in_order(it, base):
        return array_making.as_array(it, args, kwargs)
    return _perhaps_copied(it, args, kwargs)


@special(np.require)
def _perhaps_copied(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    """An array with the wanted layout: itself, or a copy."""
    base = plain(args[0])
    if not isinstance(base, Array):
        return array_making.as_array(it, args[:2], {})
    value = array_making.copied(it, base, kwargs.get("dtype", args[1] if len(args) > 1 else None))
    arrays.share(it, base, value)
    return value


@special(np.meshgrid)
def _meshgrid(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    value = numpy_calls.call_by_rule(it, np.meshgrid, args, kwargs)
    if array_making.says_no(kwargs.get("copy")):
        arrays.share(it, *args, value)
    return value


_register_split(np.split, None, True)
_register_split(np.array_split, None, False)
_register_split(np.vsplit, 0, True)
_register_split(np.hsplit, 1, True)
_register_split(np.dsplit, 2, True)
