"""Ranges as values: their length, their elements and their slices."""

from __future__ import annotations

import operator
from typing import Any

from sorix.compiler.frontend import branching, containers, exceptions, subscripts
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import RangeValue, SliceValue, Static, Value
from sorix.compiler.ir.nodes import Atom, Const, Var
from sorix.compiler.ir.types import Num, lower_bound


def length(it: Interpreter, value: RangeValue) -> Any:
    """How many numbers a range has."""
    known = _known(value)
    if known is not None:
        return Const(len(known))
    if _is(value.start, 0) and _is(value.step, 1) and _is_size(value.stop):
        return value.stop
    return it.atom(len, it.atom(range, value.start, value.stop, value.step), hint="n")


def _known(value: RangeValue) -> range | None:
    bounds = [a.value for a in (value.start, value.stop, value.step) if isinstance(a, Const)]
    return range(*bounds) if len(bounds) == 3 and bounds[2] != 0 else None


def _is(atom: Atom, number: int) -> bool:
    return isinstance(atom, Const) and atom.value == number


def _is_size(atom: Atom) -> bool:
    """Whether an integer is known not to be negative."""
    type_ = atom.type if isinstance(atom, Var) else None
    return isinstance(type_, Num) and type_.value is not None and lower_bound(type_.value) >= 0


def subscript(it: Interpreter, value: RangeValue, index: Value) -> Value:
    """``range(...)[index]``."""
    if isinstance(index, SliceValue):
        return _part(it, value, index)
    known, at = _known(value), it.read(index)
    if known is not None and isinstance(at, Const):
        return Const(containers.computed(it, lambda: known[at.value]))
    count = length(it, value)
    negative = it.atom(operator.lt, at, Const(0))
    outside = it.atom(
        operator.or_,
        it.atom(operator.ge, at, count),
        it.atom(operator.lt, at, it.atom(operator.neg, count)),
    )
    message = Static("range object index out of range")
    branching.branch(
        it, outside, lambda: exceptions.raise_error(it, IndexError, (message,)), lambda: None
    )
    if not isinstance(negative, Const):
        return it.atom(operator.getitem, it.atom(range, value.start, value.stop, value.step), at)
    if negative.value:
        at = it.atom(operator.add, count, at)
    return it.atom(operator.add, value.start, it.atom(operator.mul, at, value.step))


def _part(it: Interpreter, value: RangeValue, index: SliceValue) -> RangeValue:
    """A slice of a range is a range; but for the whole of it turned round, of known bounds."""
    whole = containers.is_none(index.start) and containers.is_none(index.stop)
    if whole and isinstance(index.step, Const) and index.step.value == -1:
        back = it.atom(operator.neg, value.step)
        steps = it.atom(operator.sub, length(it, value), Const(1))
        last = it.atom(operator.add, value.start, it.atom(operator.mul, steps, value.step))
        return RangeValue(last, it.atom(operator.sub, value.start, value.step), back)
    bounds = [it.demand(a, "a bound of a range") for a in (value.start, value.stop, value.step)]
    part = range(*bounds)[subscripts.static_slice(it, index)]
    return RangeValue(Const(part.start), Const(part.stop), Const(part.step))
