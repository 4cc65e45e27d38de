"""What is written into an array as a whole: the result of a call that is given ``out=``, and the
values of ``a.flat = v``.

Of a ufunc, only the places ``where=`` a mask is set are written. Those that it leaves out are
computed all the same, of operands inside the function's domain: a derivative that is infinite
there would turn the zero that comes back into NaN.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.compiler.frontend import (
    arrays,
    calls,
    containers,
    numpy_calls,
    prelude,
    written_tensors,
)
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import Array, Kwargs, Maybe, Sequence, Static, Tensor, Value
from sorix.compiler.ir.nodes import Const, Var
from sorix.compiler.ir.types import Dim, Num, constant
from sorix.errors import UnsupportedTypeError

_INSIDE: dict[Any, float] = {
    np.arcsin: 0.5, np.arccos: 0.5, np.arctanh: 0.5, np.arccosh: 2.0,
}  # fmt: skip
"""A point where a ufunc and its derivatives are finite; of those that are not here, 1."""


def into(it: Interpreter, fn: Any, args: list[Value], kwargs: Kwargs, out: Any) -> Value:
    """``fn(..., out=a)``: compute, then write the whole of `a` (where `where` says so)."""
    if isinstance(out, Sequence) and len(out.items) == 1:
        out = out.items[0]
    target = None if isinstance(out, tuple) else numpy_calls.plain(out)
    if not isinstance(target, Array):
        raise UnsupportedTypeError(
            "out= is not an array", "give an array, or use the result: y = f(x)"
        )
    mask = kwargs.pop("where", None) if isinstance(fn, np.ufunc) else None
    if isinstance(mask, Static | Const) and mask.value is True:
        mask = None
    written_tensors.require_none(it, *args, *kwargs.values(), *([] if mask is None else [mask]))
    if mask is not None:
        if not it.is_numeric(mask):
            mask = numpy_calls.array(it, [mask], {})
        args = _guarded(it, fn, args, mask)
    result = it.read(calls.call(it, Static(fn), args, kwargs))
    arrays.require_fits(it.type_of(target), getattr(result, "type", None))
    if mask is not None:
        result = it.atom(np.where, it.read(mask), result, it.read(target))
    arrays.write(it, target, Const(Ellipsis), result)
    return target


def _guarded(it: Interpreter, fn: Any, args: list[Value], mask: Value) -> list[Value]:
    """The operands of a ufunc, inside its domain where the mask is not set."""
    inside, chosen = Const(_INSIDE.get(fn, 1)), it.read(mask)
    types = [it.type_of(v) for v in args]
    narrow = any(isinstance(t, Num) and t.dtype in ("float16", "float32") for t in types)
    guarded = []
    for value, type_ in zip(args, types, strict=True):
        # Of a number of Python's, np.where makes one of float64, which is not weak any more.
        weak = narrow and isinstance(type_, Num) and type_.kind in ("python", "number")
        if weak or not _may_vary(value, type_):
            guarded.append(value)
        else:
            guarded.append(it.emit(np.where, chosen, it.read(value), inside))
    return guarded


def _may_vary(value: Value, type_: Any) -> bool:
    """Whether a derivative may be taken by an operand, or depend on its value."""
    if not isinstance(value, Var | Array | Maybe | Tensor):
        return False
    return not (isinstance(type_, Num) and type_.dtype == "bool")


# -- values given in turn --------------------------------------------------------------------


def set_flat(it: Interpreter, target: Array, values: Value) -> None:
    """``a.flat = values``."""
    if not it.is_numeric(values):
        written_tensors.element(it, values)
        values = numpy_calls.array(it, [values], {})
    if once_each(it, values, target):
        arrays.write(it, target, Const(Ellipsis), values)
    else:
        calls.call_function(it, prelude.set_flat, [target, values], {})


def once_each(it: Interpreter, values: Value, places: Value) -> bool:
    """Whether the values are one number, or certainly one for each of the places."""
    shape = shape_of(it, values)
    return shape is not None and (not shape or shape == shape_of(it, places))


def shape_of(it: Interpreter, value: Value) -> tuple[Dim, ...] | None:
    """The shape of an array, a number, or a list of numbers; None where it is not known."""
    if it.is_numeric(value):
        type_ = it.type_of(value)
        return type_.shape if isinstance(type_, Num) else None
    items = containers.static_items(it, value)
    if items is None or not all(_is_number(it, v) for v in items):
        return None
    return (constant(len(items)),)


def _is_number(it: Interpreter, value: Any) -> bool:
    type_ = it.type_of(value) if it.is_numeric(value) else None
    return isinstance(type_, Num) and type_.rank == 0
