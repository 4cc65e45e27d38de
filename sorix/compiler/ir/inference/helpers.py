"""The functions of `sorix.support`: most give back the shape of one of their arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from sorix import support
from sorix.compiler.ir.inference.elementwise import broadcast_shapes, elementwise, joined
from sorix.compiler.ir.inference.joining import unstacked
from sorix.compiler.ir.inference.operands import (
    FALSE,
    NONE,
    UNKNOWN,
    ZERO,
    atom_type,
    axis_of,
    dtype_of,
    num,
    promoted,
    sequence,
    static,
    type_of_atom,
    without_value,
)
from sorix.compiler.ir.inference.probing import probe, probe_dtype
from sorix.compiler.ir.inference.reductions import reduction
from sorix.compiler.ir.inference.registry import Types, typed
from sorix.compiler.ir.nodes import Atom, Const, Tup, Var
from sorix.compiler.ir.shapes import fresh_shape
from sorix.compiler.ir.types import FLOAT, NUMBERS, ONE, Kind, ListOf, Num, Opaque, Shape, Type

# ----------------------------------------------------------------- shaped as an argument


def _shaped_as(y: Num, x: Num, dtype: str | None) -> Num:
    """`y` brought to x's shape; a number comes out as a Python number where x is one."""
    if x.shape is None or x.shape:
        return Num(dtype if x.shape else _if_float64(dtype), x.shape, "array" if x.shape else "any")
    if y.shape is None:
        return Num(_if_float64(dtype), (), "any")
    if not y.shape:
        return Num(dtype, (), y.kind)
    return _as_kind_of(dtype, x)


def _if_float64(dtype: str | None) -> str | None:
    """A Python number made of it, should it be made, has the same dtype only for float64."""
    return dtype if dtype == "float64" else None


def _as_kind_of(dtype: str | None, x: Num) -> Num:
    """One number, made a Python number where `x` is one (a NumPy float64 is one, too)."""
    if x.kind == "python":
        return Num(_python_dtype(dtype), (), "python")
    if x.kind == "array" or x.dtype not in ("float64", "int64", "bool", None):
        return Num(dtype, (), "scalar")
    return Num(_if_float64(dtype), (), "any")


def _python_dtype(dtype: str | None) -> str | None:
    names = {"f": "float64", "i": "int64", "u": "int64", "b": "bool", "c": "complex128"}
    return None if dtype is None else names[np.dtype(dtype).kind]


def _filled_dtype(y: Num, x: Num) -> str | None:
    """The dtype of an array shaped as `x` that holds `y`."""
    return probe_dtype(np.multiply, y, x) if y.kind in ("python", "number", "any") else y.dtype


@typed(support.unbroadcast, support.broadcast_like)
def like_second(fn: Callable[..., Any], y_bar: Atom, x: Atom) -> Type:
    y, target = num(y_bar), num(x)
    dtype = _filled_dtype(y, target) if target.shape and not y.shape else y.dtype
    return _shaped_as(y, target, dtype)


@typed(support.reshape_like)
def reshape_like(fn: Callable[..., Any], y: Atom, x: Atom) -> Type:
    shaped = _shaped_as(num(y), num(x), num(y).dtype)
    # Without axes, too, it is a view of what has some: no number of its own.
    is_view = bool(num(y).shape) and shaped.kind == "scalar"
    return replace(shaped, kind="array") if is_view else shaped


@typed(support.expand)
def expand(
    fn: Callable[..., Any], y_bar: Atom, x: Atom, axis: Atom = NONE, keepdims: Atom = FALSE
) -> Type:
    y, target = num(y_bar), num(x)
    if target.shape == ():
        return _shaped_as(y, target, y.dtype)
    return Num(_filled_dtype(y, target), target.shape, "array" if target.shape else "any")


@typed(support.zeros_like)
def zeros_like(fn: Callable[..., Any], x: Atom) -> Types:
    if isinstance(x, Tup):
        return tuple(_zeros(atom_type(item)) for item in x.items)
    if isinstance(x, Const) and x.value is None:
        return FLOAT
    return _zeros(atom_type(x))


def _zeros(type_: Type) -> Type:
    if isinstance(type_, ListOf):
        return ListOf(_zeros(type_.element))
    if isinstance(type_, Opaque):
        return Opaque()
    if type_.kind == "python":
        return FLOAT
    return Num(_differentiable(type_.dtype), type_.shape, type_.kind)


def _differentiable(dtype: str | None) -> str | None:
    """The dtype of a cotangent for a value of this dtype."""
    return dtype if dtype is None or np.dtype(dtype).kind in "fc" else "float64"


# ------------------------------------------------------------------------ dtype and kind


@typed(support.detach)
def detach(fn: Callable[..., Any], x: Atom) -> Type:
    return type_of_atom(x)


@typed(support.cast)
def cast(fn: Callable[..., Any], x: Atom, dtype: Atom) -> Type:
    source = num(x)
    kind: Kind = "scalar" if source.kind in NUMBERS else source.kind
    return Num(dtype_of(dtype, "float64"), source.shape, kind)


@typed(support.dtype_of)
def dtype_object(fn: Callable[..., Any], x: Atom) -> Type:
    return Opaque()


@typed(support.item)
def item(fn: Callable[..., Any], x: Atom) -> Type:
    return Num(_python_dtype(num(x).dtype), (), "python")


@typed(support.real_number)
def real_number(fn: Callable[..., Any], x: Atom) -> Type:
    return num(x)


# -------------------------------------------------------------------------- activations


@typed(support.sigmoid, support.softplus, support.relu, support.silu)
def activation(fn: Callable[..., Any], x: Atom) -> Type:
    return elementwise(fn, num(x))


@typed(support.leaky_relu, support.elu, support.sinc_derivative, support.polygamma)
def activation_with_option(fn: Callable[..., Any], x: Atom, *option: Atom, **named: Atom) -> Type:
    return elementwise(fn, num(x))


@typed(support.softmax, support.log_softmax)
def softmax(fn: Callable[..., Any], x: Atom, axis: Atom = ZERO) -> Type:
    return elementwise(fn, num(x))


@typed(support.logsumexp)
def logsumexp(fn: Callable[..., Any], x: Atom, axis: Atom = NONE, keepdims: Atom = FALSE) -> Type:
    return reduction(fn, num(x), axis, keepdims)


# --------------------------------------------------------------------------- array writes


@typed(support.store, support.add_at)
def written(fn: Callable[..., Any], x: Atom, idx: Atom, v: Atom) -> Type:
    array = num(x)
    return Num(array.dtype, array.shape, "array")


@typed(support.scatter)
def scatter(fn: Callable[..., Any], v: Atom, x: Atom, idx: Atom) -> Types:
    if isinstance(x, Tup):
        return _scattered_items(v, x, static(idx))
    zeros = _zeros(atom_type(x))
    if isinstance(zeros, ListOf):
        element = joined(zeros.element, _item_scattered(zeros.element, v))
        return zeros if static(idx) is UNKNOWN and element is None else ListOf(element or Opaque())
    return zeros


def _item_scattered(element: Type, v: Atom) -> Type:
    """What `v` puts into a list of numbers or arrays: itself, or its items where it is a list."""
    items = _elements(v) if isinstance(v, Tup) or isinstance(atom_type(v), ListOf) else None
    return without_value(num(v)) if items is None or not isinstance(element, Num) else items


def _scattered_items(v: Atom, x: Tup, at: object) -> Types:
    zeros = [_zeros(atom_type(item)) for item in x.items]
    if isinstance(at, int):
        zeros[at] = atom_type(v)
        return tuple(zeros)
    return tuple(joined(zero, atom_type(v)) or Opaque() for zero in zeros)


@typed(support.scatter_along)
def scatter_along(
    fn: Callable[..., Any], v: Atom, x: Atom, indices: Atom, axis: Atom = NONE
) -> Type:
    return _zeros(num(x))


# ------------------------------------------------------------------------------- lists


def _elements(items: Atom) -> Type | None:
    """The type of a list's elements; None where it has none yet."""
    if isinstance(items, Tup):
        return joined(*map(atom_type, items.items)) if items.items else None
    type_ = atom_type(items)
    return type_.element if isinstance(type_, ListOf) else Opaque()


def _plain_type(atom: Atom) -> Type:
    type_ = atom_type(atom)
    return without_value(type_) if isinstance(type_, Num) else type_


@typed(support.list_append)
def list_append(fn: Callable[..., Any], items: Atom, v: Atom) -> Type:
    element = _elements(items)
    return ListOf(
        _plain_type(v) if element is None else joined(element, _plain_type(v)) or Opaque()
    )


@typed(support.list_set)
def list_set(fn: Callable[..., Any], items: Atom, i: Atom, v: Atom) -> Type:
    return list_append(fn, items, v)


@typed(support.list_add_at)
def list_add_at(fn: Callable[..., Any], items: Atom, i: Atom, v: Atom) -> Type:
    element = _elements(items)
    if not isinstance(element, Num):
        return ListOf(element or Opaque())
    added = num(v)
    changed = elementwise(np.add, element, added)
    numbers = {element.kind, added.kind} <= NUMBERS
    total = Num(changed.dtype, changed.shape, "number" if numbers else "any")
    return ListOf(joined(element, total) or Num())


@typed(support.list_add)
def list_add(fn: Callable[..., Any], a: Atom, b: Atom) -> Type:
    x, y = _elements(a) or Opaque(), _elements(b) or Opaque()
    return ListOf(joined(x, y) or Opaque())


@typed(support.list_pop)
def list_pop(fn: Callable[..., Any], items: Atom) -> Types:
    element = _elements(items) or Opaque()
    return ListOf(element), element


@typed(support.list_repeat)
def list_repeat(fn: Callable[..., Any], v: Atom, count: Atom) -> Type:
    return ListOf(_plain_type(v))


@typed(support.list_sum)
def list_sum(fn: Callable[..., Any], items: Atom, v: Atom) -> Type:
    zeros, element = _zeros(atom_type(v)), _elements(items)
    if not (isinstance(zeros, Num) and isinstance(element, Num)):
        return zeros if isinstance(zeros, Num) else Opaque()
    total = elementwise(np.add, zeros, element)
    return joined(zeros, total) or Num()


@typed(support.split_like)
def split_like(fn: Callable[..., Any], y_bar: Atom, xs: Atom, axis: Atom = ZERO) -> Types:
    dtype, parts = num(y_bar).dtype, sequence(xs)
    if parts is not None:
        return tuple(Num(dtype, part.shape, "array") for part in parts)
    whole = type_of_atom(xs)
    rest = whole.element if isinstance(whole, ListOf) else Opaque()
    shape = rest.shape if isinstance(rest, Num) else None
    return ListOf(Num(dtype, shape, "array"))


@typed(support.unstack)
def unstack(fn: Callable[..., Any], y_bar: Atom, axis: Atom = ZERO) -> Types:
    return unstacked(num(y_bar), axis_of(axis, num(y_bar).rank))


@typed(support.packed)
def packed(fn: Callable[..., Any], items: Atom) -> Type:
    array = num(items)
    return Num(array.dtype, array.shape, "array")


@typed(support.entries)
def entries(fn: Callable[..., Any], y_bar: Atom, x: Atom) -> Types:
    y = num(y_bar)
    rest = None if not y.shape else y.shape[1:]
    if isinstance(x, Tup):
        return tuple(_entry(y, rest, item) for item in x.items)
    type_ = atom_type(x)
    if isinstance(type_, ListOf):
        return ListOf(_entry(y, rest, Var("", type_.element)))
    return _entry(y, y.shape, x)


def _entry(y: Num, shape: Any, x: Atom) -> Type:
    type_ = atom_type(x)
    if not isinstance(type_, Num):
        return Opaque()
    if type_.kind == "python":
        return Num(_python_dtype(y.dtype), (), "python")
    if type_.kind == "array":
        return Num(y.dtype, shape, "array" if shape else "any")
    return Num(_if_float64(y.dtype), shape)


# ------------------------------------------------------------------------------- makers


@typed(support.steps_along)
def steps_along(fn: Callable[..., Any], x: Atom, axis: Atom = ZERO) -> Type:
    return Num("int64", _along(x, axis), "array")


@typed(support.ones_along)
def ones_along(fn: Callable[..., Any], x: Atom, axis: Atom = ZERO) -> Type:
    return Num(_differentiable(num(x).dtype), _along(x, axis), "array")


@typed(support.eye_along)
def eye_along(fn: Callable[..., Any], x: Atom, axis: Atom = ZERO) -> Type:
    return Num(_differentiable(num(x).dtype), _along(x, axis) * 2, "array")


@typed(support.eye_like)
def eye_like(fn: Callable[..., Any], x: Atom, k: Atom = ZERO) -> Type:
    array = num(x)
    shape = fresh_shape(2) if array.shape is None else array.shape[-2:]
    return Num(_differentiable(array.dtype), shape, "array")


def _along(x: Atom, axis: Atom) -> Shape:
    """The length of one axis, as the shape of a vector."""
    shape = num(x).shape
    along = None if shape is None else axis_of(axis, len(shape))
    return fresh_shape(1) if shape is None or along is None else (shape[along],)


# --------------------------------------------------------------------------- transposes


@typed(support.untile, support.unrepeat, support.unpad, support.diff_transpose)
def copies_summed(
    fn: Callable[..., Any], y_bar: Atom, x: Atom, *options: Atom, **named: Atom
) -> Type:
    y, target = num(y_bar), num(x)
    return Num(y.dtype, target.shape, "array") if target.shape else _as_kind_of(y.dtype, target)


@typed(support.convolve_transpose)
def convolve_transpose(
    fn: Callable[..., Any], y_bar: Atom, v: Atom, a: Atom, mode: Atom = NONE
) -> Type:
    dtype, target = promoted(num(y_bar), num(v)), num(a)
    return Num(dtype, target.shape, "array") if target.shape else _as_kind_of(dtype, target)


@typed(support.gradient_transpose)
def gradient_transpose(
    fn: Callable[..., Any], y_bar: Atom, x: Atom, *options: Atom, **named: Atom
) -> Type:
    y = num(y_bar)
    dtype = probe(np.multiply, y, Num("float64", (), "array"))[0]
    return Num(dtype, y.shape, "array")


@typed(support.linear_recurrence)
def linear_recurrence(
    fn: Callable[..., Any], a: Atom, b: Atom, axis: Atom = ZERO, reverse: Atom = FALSE
) -> Type:
    x, y = num(a), num(b)
    return Num(promoted(x, y), _at_least_one(broadcast_shapes(x, y)), "array")


def _at_least_one(shape: Shape | None) -> Shape | None:
    """A number is taken for an array of one element."""
    return (ONE,) if shape == () else shape


@typed(support.shift)
def shift(fn: Callable[..., Any], x: Atom, *options: Atom, **named: Atom) -> Type:
    array = num(x)
    return Num(array.dtype, _at_least_one(array.shape), "array")


@typed(support.product_of_others)
def product_of_others(fn: Callable[..., Any], x: Atom, axis: Atom = NONE) -> Type:
    array = num(x)
    kind: Kind = "array" if array.shape else "any"
    return Num(probe(np.cumprod, array)[0], array.shape, kind)
