"""How many components vectors have that ``np.cross()`` is given: two, or three."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from sorix.compiler.frontend import numpy_calls
from sorix.compiler.frontend.inputs import Demand
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import NONE, Kwargs, Value
from sorix.compiler.ir.nodes import Const
from sorix.compiler.ir.types import Num
from sorix.errors import UnsupportedTypeError


def in_a_plane(it: Interpreter, args: list[Value], kwargs: Kwargs) -> bool:
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
