"""Calls whose arguments the rule of a function cannot take, which its definition can."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from sorix.compiler.frontend import array_making, calls, containers, numpy_calls, writing
from sorix.compiler.frontend.inputs import Demand
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    NONE,
    Array,
    Kwargs,
    Reference,
    Sequence,
    Static,
    Value,
)
from sorix.compiler.ir.nodes import Const, Var
from sorix.compiler.ir.types import Num
from sorix.errors import UnsupportedCallError, UnsupportedFunctionError, UnsupportedTypeError
from sorix.primitives.definitions import arranged, definition_of
from sorix.primitives.outs import with_out_named


def call_definition(it: Interpreter, fn: Any, args: list[Value], kwargs: Kwargs) -> Value:
    """Call what a function amounts to."""
    definition = definition_of(fn)
    args, kwargs = with_out_named(fn, args, kwargs)
    out = kwargs.pop("out", NONE)
    if not containers.is_none(out):
        return writing.into(it, fn, args, kwargs, out)
    try:
        args, kwargs = arranged(fn, args, kwargs, numpy_calls.static_value)
    except UnsupportedFunctionError as error:
        raise UnsupportedCallError(str(error), "leave the option out") from error
    return calls.call_function(it, definition, args, kwargs)


def is_beyond_rule(it: Interpreter, fn: Any, args: list[Value], kwargs: Kwargs) -> bool:
    if fn is np.arange:
        # A range of integers has no derivative, one between numbers of the run has.
        types = [it.type_of(v) for v in (*args, *kwargs.values()) if isinstance(v, Var | Array)]
        computed = bool(args) and any(isinstance(t, Num) and t.is_float for t in types)
        if computed:
            _require_float_steps(it, args[3] if len(args) > 3 else kwargs.get("dtype", NONE))
        return computed
    if fn in _COMPUTED:
        place, name = _COMPUTED[fn]
        option = args[place] if len(args) > place else kwargs.get(name, NONE)
        return not isinstance(option, Const | Static) and not _is_static(it, option)
    if fn in (np.median, np.quantile, np.percentile, np.average):
        if _is_several(args, kwargs):
            return True
    if fn in (np.quantile, np.percentile):
        q = args[1] if len(args) > 1 else kwargs.get("q", NONE)
        type_ = it.type_of(q) if it.is_numeric(q) else None
        return not (isinstance(type_, Num) and type_.rank == 0)
    if fn is np.cross:
        return _in_a_plane(it, args, kwargs) or _is_askew(it, args, kwargs)
    return False


def _require_float_steps(it: Interpreter, dtype: Value) -> None:
    """Refuse integers between floats: NumPy turns the first step, not each point, into one."""
    if containers.is_none(dtype) or np.dtype(array_making.dtype_atom(it, dtype).value).kind == "f":
        return
    raise UnsupportedCallError(
        "np.arange() makes integers of bounds that are floats of the run",
        "give integers: np.arange(int(n))",
    )


_COMPUTED: dict[Any, tuple[int, str]] = {
    np.trapezoid: (2, "dx"),
    np.pad: (9, "constant_values"),
}
"""Functions with an option, by position and name, that has a derivative where it is computed."""


def _is_static(it: Interpreter, value: Value) -> bool:
    items = containers.static_items(it, value)
    return items is not None and all(_is_static_item(it, item) for item in items)


def _is_static_item(it: Interpreter, value: Value) -> bool:
    return isinstance(value, Const | Static) or _is_static(it, value)


def _is_several(args: list[Value], kwargs: Kwargs) -> bool:
    """Whether several axes are given."""
    axis = numpy_calls.plain(kwargs.get("axis", args[-1] if args else NONE))
    return isinstance(axis, Sequence | Reference) and axis is not numpy_calls.plain(args[0])


def _in_a_plane(it: Interpreter, args: list[Value], kwargs: Kwargs) -> bool:
    """Whether an operand of ``np.cross()`` has two components; its rule is of three."""
    ends = kwargs.get("axis", NONE)
    axes = [kwargs.get("axisa", Const(-1)), kwargs.get("axisb", Const(-1))]
    for value, axis in zip(args[:2], axes, strict=False):
        along = it.demand(axis if ends is NONE else ends, "an axis of np.cross()")
        along = -1 if along is None else along
        size = numpy_calls.call_primitive(it, np.size, [value, Const(along)], {})
        try:
            if it.demand(size, "the number of components of a vector") == 2:
                return True
        except UnsupportedTypeError:
            _demand_sizes_behind(it, value, along)
            return False  # Data decide: three, as nearly always.
    return False


def _is_askew(it: Interpreter, args: list[Value], kwargs: Kwargs) -> bool:
    """Whether ``np.cross()`` turns axes of arrays of different ranks, and then broadcasts them."""
    ranks = {getattr(it.type_of(v), "rank", None) for v in args[:2] if it.is_numeric(v)}
    return len(ranks) > 1 and (len(args) > 2 or bool(kwargs))


def _demand_sizes_behind(it: Interpreter, value: Value, axis: Any) -> None:
    """Of a slice as ``state[:3]``, which may be shorter, ask for the size of what is sliced."""
    type_ = it.type_of(value) if it.is_numeric(value) else None
    if not isinstance(type_, Num) or type_.shape is None or not type_.shape:
        return
    symbol = type_.shape[axis].symbol or ""
    names = set(re.findall(r"[a-z_]\w*", symbol.removeprefix("_"))) - {"min", "max"}
    keys = [it.inputs.dimensions.get(name) for name in sorted(names)]
    known = [key for key in keys if key is not None]
    if known and len(known) == len(keys):
        raise Demand(frozenset().union(*known))
