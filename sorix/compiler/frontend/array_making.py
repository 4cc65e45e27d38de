"""NumPy's functions that make an array of a value: copies, casts, ranks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sorix import support
from sorix.compiler.frontend import arrays, calls, containers, numpy_calls
from sorix.compiler.frontend.interpreter import GENERIC, Interpreter
from sorix.compiler.frontend.numpy_calls import special
from sorix.compiler.frontend.values import (
    NONE,
    Array,
    Kwargs,
    Sequence,
    Static,
    Storage,
    Tensor,
    Value,
)
from sorix.compiler.ir.nodes import Atom, Const, Var
from sorix.compiler.ir.types import Num
from sorix.errors import UnsupportedTypeError
from sorix.primitives.versions import numpy_functions


def with_rank(it: Interpreter, value: Value, least: int) -> Value:
    """A view with axes of length 1 in front, so that there are `least`."""
    if least == 0:
        return value
    type_ = it.type_of(value)
    of_any_rank = not isinstance(type_, Num) or type_.rank is None
    if of_any_rank and least <= 2:
        return numpy_calls.call_primitive(
            it, np.atleast_1d if least == 1 else np.atleast_2d, [value], {}
        )
    if not isinstance(type_, Num) or type_.rank is None:
        raise UnsupportedTypeError(
            "np.array(ndmin=) of an array that has so many dimensions or others, depending on a"
            " branch or an iteration",
            "take the array as it is, or make it on each path",
        )
    if type_.rank >= least:
        return value
    index = Sequence((*([NONE] * (least - type_.rank)), Static(Ellipsis)))
    return arrays.getitem(it, value, index)


def array_of(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    """``np.array()`` without `ndmin`."""
    given = numpy_calls.plain(args[0])
    if isinstance(given, Array) and says_no(kwargs.get("copy")):
        return as_array(it, [given, *args[1:]], {k: v for k, v in kwargs.items() if k != "copy"})
    if isinstance(given, Array | Tensor):
        dtype = kwargs.get("dtype") or (args[1] if len(args) > 1 else None)
        return copied(it, args[0], dtype, kept=not numpy_calls.names_order([], kwargs))
    dtype = kwargs.pop("dtype", args[1] if len(args) > 1 else None)
    atom = containers.nested_atom(it, args[0])
    value = _new_array(it, atom)
    return value if dtype is None else cast(it, value, dtype_atom(it, dtype))


def says_no(copy: Value | None) -> bool:
    """Whether ``copy=`` asks for the array itself where its dtype is right."""
    return isinstance(copy, Const | Static) and not copy.value


def says_yes(copy: Value | None) -> bool:
    """Whether ``copy=`` asks for a copy."""
    return isinstance(copy, Const | Static) and bool(copy.value)


def _new_array(it: Interpreter, atom: Atom) -> Value:
    if isinstance(atom, Var) and isinstance(atom.type, Num) and atom.type.kind != "python":
        return it.new_array(
            it.write(np.copy, (atom,), GENERIC, {}), contiguous=atom.type.rank in (0, 1)
        )
    return it.new_array(it.write(np.array, (atom,), GENERIC, {}), contiguous=True)


@special(np.copy)
def _copy(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return copied(it, args[0], None, kept=not numpy_calls.names_order(args[1:], kwargs))


def copied(it: Interpreter, value: Value, dtype: Value | None, kept: bool = True) -> Value:
    """A fresh array with the same elements, their order in memory `kept`, or any."""
    if isinstance(value, Tensor):
        return Tensor(copied(it, value.value, dtype), value.requires_grad)
    if dtype is not None and not (isinstance(dtype, Static) and dtype.value is None):
        return cast(it, value, dtype_atom(it, dtype))
    atom = it.write(np.copy, (containers.nested_atom(it, value),), GENERIC, {})
    flat = isinstance(atom.type, Num) and atom.type.rank in (0, 1)
    kept = kept and (not isinstance(value, Array) or arrays.in_order(it, value))
    return it.new_array(atom, contiguous=flat or kept)


def copied_in_order(it: Interpreter, value: Value) -> Value:
    """``value.copy()``: a fresh array in C order."""
    made = copied(it, value, None)
    content = it.state.get(made.cell) if isinstance(made, Array) else None
    if isinstance(made, Array) and isinstance(content, Storage):
        it.put(made.cell, replace(content, contiguous=True))
    return made


@special(np.finfo)
def _float_info(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return Static(np.finfo(_known_dtype(it, args[0], "finfo")))


@special(np.dtype)
def _dtype(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return Static(np.dtype(dtype_atom(it, args[0]).value))


@special(np.iinfo)
def _int_info(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return Static(np.iinfo(_known_dtype(it, args[0], "iinfo")))


def _known_dtype(it: Interpreter, value: Value, name: str) -> Any:
    """The dtype that the limits of numbers are asked of: one named, or that of an array."""
    if isinstance(value, Static):
        return value.value
    type_ = it.type_of(value)
    if not isinstance(type_, Num) or type_.dtype is None:
        raise UnsupportedTypeError(
            f"np.{name}() of a dtype that only the run will tell", f"write np.{name}(float)"
        )
    return np.dtype(type_.dtype)


def dtype_atom(it: Interpreter, value: Value) -> Atom:
    if isinstance(value, Static | Const):
        require_dtype_of_numbers(it, value.value)
        return Const(value.value)
    raise UnsupportedTypeError(
        "a dtype is computed from data", "write the dtype out, or pass it as an argument"
    )


def require_dtype_of_numbers(it: Interpreter, dtype: Any) -> None:
    found = containers.computed(it, lambda: np.dtype(dtype), "give a dtype, as float")
    if found.kind not in "biufc":
        raise UnsupportedTypeError(
            f"an array of dtype {found} is made; only numbers are differentiated",
            "use an array of floats, or a list of the objects",
        )


def cast(it: Interpreter, value: Value, dtype: Atom) -> Value:
    """``value.astype(dtype)``, always a fresh array."""
    if isinstance(value, Tensor):
        return Tensor(cast(it, value.value, dtype), value.requires_grad)
    wanted = np.dtype(dtype.value).name if isinstance(dtype, Const) else None
    return it.emit(support.cast, containers.nested_atom(it, value), Const(np.dtype(wanted)))


@special(np.atleast_1d)
def _atleast_1d(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if len(args) != 1:
        return Sequence(tuple(_atleast_1d(it, [arg], {}) for arg in args))
    value = as_array(it, args, kwargs)
    type_ = it.type_of(value)
    if isinstance(type_, Num) and type_.rank == 0:
        return numpy_calls.call_primitive(it, np.reshape, [value, Sequence((Const(1),))], {})
    return value


@special(np.asarray, np.asanyarray)
def as_array(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    value = numpy_calls.plain(args[0])
    dtype = kwargs.get("dtype", args[1] if len(args) > 1 else None)
    order = kwargs.get("order", args[2] if len(args) > 2 else NONE)
    if it.demand(kwargs.get("copy", NONE), "whether an array is copied"):
        return copied(it, value, dtype)
    if isinstance(value, Array) and not (isinstance(order, Static) and order.value is None):
        made = copied(it, value, dtype)
        _freeze(it, value, made)
        return made
    if not isinstance(value, Array):
        return numpy_calls.array(it, [value], {} if dtype is None else {"dtype": dtype})
    type_ = it.type_of(value)
    if isinstance(type_, Num) and type_.rank == 0 and type_.kind != "array":
        made = copied(it, value, dtype)
        _freeze(it, value, made)
        return made
    if dtype is None or (isinstance(dtype, Static) and dtype.value is None):
        return value
    wanted = np.dtype(dtype_atom(it, dtype).value).name
    if isinstance(type_, Num) and type_.dtype == wanted:
        return value
    made = cast(it, value, Const(np.dtype(wanted)))
    if not isinstance(type_, Num) or type_.dtype is None:
        _freeze(it, value, made)
    return made


def _freeze(it: Interpreter, *values: Value) -> None:
    """Let arrays be read only that may be one and the same."""
    for value in map(numpy_calls.plain, values):
        if isinstance(value, Array):
            it.state.freeze(value.cell, numpy_calls.PERHAPS_COPIED)


def _register_astype() -> None:
    def astype(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
        base = args[0] if it.is_numeric(args[0]) else numpy_calls.array(it, args[:1], {})
        return calls.call_method(it, base, "astype", args[1:], kwargs)

    for fn in numpy_functions("astype"):
        special(fn)(astype)


_register_astype()
