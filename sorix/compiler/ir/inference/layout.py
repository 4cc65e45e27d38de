"""Functions that keep the elements of an array and give them another shape or order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.compiler.ir.inference.operands import (
    NONE,
    UNKNOWN,
    ZERO,
    axis_in,
    integers,
    num,
    plain,
    static,
)
from sorix.compiler.ir.inference.operands import ONE as ONE_ATOM
from sorix.compiler.ir.inference.registry import Types, available, typed
from sorix.compiler.ir.nodes import Atom, Tup
from sorix.compiler.ir.shapes import (
    as_size,
    fresh_dim,
    fresh_shape,
    is_exact,
    product,
    quotient,
    show,
)
from sorix.compiler.ir.types import (
    ONE,
    Dim,
    Kind,
    Num,
    Shape,
    Type,
    constant,
    is_one,
)
from sorix.errors import ShapeError

MINUS_ONE = constant(-1)


@typed(np.reshape)
def reshape(
    fn: Callable[..., Any],
    a: Atom,
    shape: Atom | None = None,
    order: Atom = NONE,
    newshape: Atom | None = None,
) -> Type:
    x = num(a)
    asked = shape or newshape
    target = None if asked is None else integers(asked)
    if x.shape == () and target == ():
        return _number_as_it_is(x)
    return plain(x, None if target is None else _resolved(x.shape, target))


def _resolved(old: Shape | None, asked: tuple[Dim | None, ...]) -> Shape:
    """The target with ``-1`` replaced by the size that is left over."""
    if MINUS_ONE not in asked:
        target = tuple(_length(value) for value in asked)
        _check_same_number(old, target)
        return target
    at = asked.index(MINUS_ONE)
    # There is one -1 at most, so that the others are lengths.
    lengths = [fresh_dim() if v is None else as_size(v) for v in asked[:at] + asked[at + 1 :]]
    rest = fresh_dim() if old is None else quotient(old, lengths)
    return (*lengths[:at], rest, *lengths[at:])


def _length(value: Dim | None) -> Dim:
    """The length of an axis; an integer that may be -1 may mean something else."""
    return as_size(value) if value is not None and is_exact(value) else fresh_dim()


def _check_same_number(old: Shape | None, target: Shape) -> None:
    if old is None:
        return
    before, after = product(old), product(target)
    if before.symbol is None and after.symbol is None and before != after:
        raise ShapeError(f"cannot reshape an array of shape {show(old)} to {show(target)}")


@typed(np.ravel)
def ravel(fn: Callable[..., Any], a: Atom, order: Atom = NONE) -> Type:
    x = num(a)
    return plain(x, (fresh_dim(),) if x.shape is None else (product(x.shape),))


# ------------------------------------------------------------------------ order of axes


@typed(*available(np, "transpose", "permute_dims"))
def transpose(fn: Callable[..., Any], a: Atom, axes: Atom = NONE) -> Type:
    x, order = num(a), static(axes)
    if x.shape is None:
        return plain(x, None)
    if not x.shape:
        return _number_as_it_is(x)
    if order is None:
        return plain(x, x.shape[::-1])
    if order is UNKNOWN:
        return plain(x, fresh_shape(len(x.shape)))
    return plain(x, tuple(x.shape[axis_in(int(i), len(x.shape))] for i in order))


def _number_as_it_is(x: Num) -> Num:
    """A NumPy scalar has these methods itself, and returns itself."""
    kinds: dict[Kind, Kind] = {"scalar": "scalar", "number": "any", "any": "any"}
    return Num(x.dtype, (), kinds.get(x.kind, "array"))


@typed(*available(np, "matrix_transpose"), *available(np.linalg, "matrix_transpose"))
def matrix_transpose(fn: Callable[..., Any], x: Atom) -> Type:
    a = num(x)
    if a.shape is None or len(a.shape) < 2:
        return plain(a, None)
    return plain(a, (*a.shape[:-2], a.shape[-1], a.shape[-2]))


def _permuted(x: Num, move: Callable[[Any], Any]) -> Num:
    """The type after an operation on axes, carried out on an array of axis numbers."""
    if x.shape is None:
        return plain(x, None)
    # An array whose i-th axis has i+2 elements shows where each axis went.
    shown = move(np.broadcast_to(0, tuple(range(2, len(x.shape) + 2)))).shape
    return plain(x, tuple(ONE if i == 1 else x.shape[i - 2] for i in shown))


def _moved(fn: Callable[..., Any], a: Atom, *options: Atom) -> Num:
    x, values = num(a), [static(option) for option in options]
    if any(value is UNKNOWN for value in values):
        return plain(x, None if x.shape is None else fresh_shape(len(x.shape)))
    return _permuted(x, lambda array: fn(array, *values))


@typed(np.swapaxes)
def swapaxes(fn: Callable[..., Any], a: Atom, axis1: Atom, axis2: Atom) -> Type:
    return _moved(fn, a, axis1, axis2)


@typed(np.moveaxis)
def moveaxis(fn: Callable[..., Any], a: Atom, source: Atom, destination: Atom) -> Type:
    return _moved(fn, a, source, destination)


@typed(np.rollaxis)
def rollaxis(fn: Callable[..., Any], a: Atom, axis: Atom, start: Atom = ZERO) -> Type:
    return _moved(fn, a, axis, start)


@typed(np.rot90)
def rot90(
    fn: Callable[..., Any],
    m: Atom,
    k: Atom = ONE_ATOM,
    axes: Atom = Tup((ZERO, ONE_ATOM)),  # noqa: B008 - atoms are immutable
) -> Type:
    return _moved(fn, m, k, axes)


@typed(np.expand_dims)
def expand_dims(fn: Callable[..., Any], a: Atom, axis: Atom) -> Type:
    x, where = num(a), static(axis)
    if x.shape is None:
        return plain(x, None)
    if where is UNKNOWN:
        return plain(x, None if isinstance(axis, Tup) else fresh_shape(len(x.shape) + 1))
    return _permuted(x, lambda array: np.expand_dims(array, where))


@typed(np.squeeze)
def squeeze(fn: Callable[..., Any], a: Atom, axis: Atom = NONE) -> Type:
    x, where = num(a), static(axis)
    if x.shape is None or where is UNKNOWN:
        return plain(x, None)
    if not x.shape:
        return _number_as_it_is(x)
    if where is None:
        ones = [is_one(dim) for dim in x.shape]
        known = None if None in ones else tuple(d for d in x.shape if not is_one(d))
        return plain(x, known)
    given = where if isinstance(where, tuple) else (where,)
    axes = {axis_in(i, len(x.shape)) for i in given}
    _check_ones(x.shape, axes)
    return plain(x, tuple(dim for i, dim in enumerate(x.shape) if i not in axes))


def _check_ones(shape: Shape, axes: set[int]) -> None:
    for axis in sorted(axes):
        if is_one(shape[axis]) is False:
            raise ShapeError(f"axis {axis} of shape {show(shape)} is not of size 1")


@typed(np.atleast_1d, np.atleast_2d, np.atleast_3d)
def atleast(fn: Callable[..., Any], *arrays: Atom) -> Types:
    types = tuple(_permuted(num(a), fn) for a in arrays)
    return types[0] if len(types) == 1 else types


# ------------------------------------------------------------- same shape, other places


@typed(np.flip)
def flip(fn: Callable[..., Any], m: Atom, axis: Atom = NONE) -> Type:
    x = num(m)
    # Flipping is indexing, which makes a scalar of an array without axes.
    return Num(x.dtype, (), "scalar") if x.shape == () else plain(x, x.shape)


@typed(np.fliplr, np.flipud)
def flip_one(fn: Callable[..., Any], m: Atom) -> Type:
    return plain(num(m), num(m).shape)


@typed(np.roll)
def roll(fn: Callable[..., Any], a: Atom, shift: Atom, axis: Atom = NONE) -> Type:
    return plain(num(a), num(a).shape)


@typed(np.tril, np.triu)
def triangle(fn: Callable[..., Any], m: Atom, k: Atom = ZERO) -> Type:
    x = num(m)
    if x.shape is not None and len(x.shape) == 1:
        return plain(x, x.shape * 2)
    return plain(x, x.shape)


@typed(np.copy, np.ascontiguousarray, np.asfortranarray)
def copy(fn: Callable[..., Any], a: Atom, order: Atom = NONE) -> Type:
    x = num(a)
    # ascontiguousarray makes a number an array of one element.
    return plain(x, (ONE,) if x.shape == () and fn is not np.copy else x.shape)
