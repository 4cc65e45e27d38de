"""``np.vstack()`` and its like, of a list whose length the run decides.

Their rules go through the arrays one by one. All items of such a list have one rank, and with that
it is known what the function amounts to: putting them along a new axis, or after one another.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.compiler.frontend import containers, numpy_calls, subscripts
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import GrownList, Kwargs, Value
from sorix.compiler.ir.nodes import Const
from sorix.compiler.ir.types import ListOf, Num
from sorix.errors import UnsupportedTypeError

_Way = tuple[Any, int, tuple[slice | None, ...]]
"""A function that joins, the axis it joins along, and an index that adds dimensions after it."""

_ALL = slice(None)
_WAYS: dict[Any, dict[int, _Way]] = {
    np.vstack: {0: (np.stack, 0, (_ALL, None)), 1: (np.stack, 0, ())},
    np.hstack: {0: (np.stack, 0, ()), 1: (np.concatenate, 0, ())},
    np.dstack: {
        0: (np.stack, 0, (None, None, _ALL)),
        1: (np.stack, 1, (None,)),
        2: (np.stack, 2, ()),
    },
    np.column_stack: {0: (np.stack, 0, (None, _ALL)), 1: (np.stack, 1, ())},
}
"""What a function does with arrays of few dimensions, by their rank."""

_AXES: dict[Any, int] = {np.vstack: 0, np.hstack: 1, np.dstack: 2, np.column_stack: 1}
"""The axis along which it puts arrays of more dimensions after one another."""


def _handler(fn: Any) -> Any:
    def stacked(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
        content = containers.content_of(it, args[0])
        if kwargs or not isinstance(content, GrownList):
            return numpy_calls.call_by_rule(it, fn, args, kwargs)
        rank = _rank_of_items(fn, content)
        join, axis, index = _WAYS[fn].get(rank, (np.concatenate, _AXES[fn], ()))
        joined = numpy_calls.call_primitive(it, join, [args[0]], {"axis": Const(axis)})
        if not index:
            return joined
        return subscripts.subscript(it, joined, containers.lift_constant(index), "t")

    return stacked


def _rank_of_items(fn: Any, content: GrownList) -> int:
    for atom in content.atoms:
        type_ = getattr(atom, "type", None)
        if len(content.atoms) == 1 and isinstance(type_, ListOf) and isinstance(type_.element, Num):
            rank = type_.element.rank
            if rank is not None:
                return rank
    raise UnsupportedTypeError(
        f"np.{fn.__name__}() of a list whose length the run decides, and whose items have a number"
        " of dimensions that is not known",
        "use np.stack() or np.concatenate(), which do the same whatever their rank is",
    )


for _fn in _WAYS:
    numpy_calls.special(_fn)(_handler(_fn))
