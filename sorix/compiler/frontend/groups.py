"""One iterator given to ``zip()`` several times: its items in groups, ``zip(it, it)``."""

from __future__ import annotations

import operator
from typing import Any

from sorix.compiler.frontend import iterables
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import Lazy, Sequence, Value
from sorix.compiler.ir.nodes import Atom, Const


def is_one_iterator(parts: tuple[Value, ...]) -> bool:
    """Whether all are one iterator, which gives an item to each in turn."""
    first = parts[0] if len(parts) > 1 else None
    return isinstance(first, Lazy) and all(part is first for part in parts)


def grouped(it: Interpreter, walk: Any, size: int) -> iterables.Walk:
    """The walk over groups of `size` items; what is left at the end is taken, and given to none."""
    if isinstance(walk, tuple):
        starts = range(0, len(walk) - size + 1, size)
        return tuple(iterables.Deferred(lambda k=k: _group(walk, k, size)) for k in starts)
    found = iterables.indexed(it, walk)

    def item(k: Atom) -> Value:
        first = it.atom(operator.mul, k, Const(size))
        places = [first, *(it.atom(operator.add, first, Const(j)) for j in range(1, size))]
        return Sequence(tuple(found.item(place) for place in places))

    if found.length is None:
        return iterables.Indexed(None, item)
    return iterables.Indexed(it.atom(operator.floordiv, found.length, Const(size)), item)


def _group(walk: tuple[Any, ...], start: int, size: int) -> Value:
    return Sequence(tuple(map(iterables.force, walk[start : start + size])))
