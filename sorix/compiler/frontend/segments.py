"""Loops in segments: ``for i in sorix.checkpoint(range(n))``.

A loop over n indices becomes a loop over segments of it, each the call of a routine that makes
the steps of one segment. The derivative of a routine keeps what it is given and runs it again; so
the values that the loop carries are kept where a segment begins, and those of every step only
while the segment is differentiated.

    for i in range(n):                length = math.isqrt(max(n - 1, 0)) + 1
        x = step(x, i)                for first in range(0, n, length):
                                          x = steps(x, first, min(first + length, n))
"""

from __future__ import annotations

import math
import operator
from dataclasses import replace

from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.outlining import routine_from
from sorix.compiler.ir.nodes import (
    IN_SEGMENTS,
    Assign,
    Atom,
    Block,
    Call,
    Const,
    Effect,
    For,
    Origin,
    Stmt,
    Var,
)
from sorix.compiler.ir.types import INT
from sorix.errors import UnsupportedTypeError


def add_in_segments(it: Interpreter, loop: For, segment: Atom | None) -> None:
    """Emit the loop as a loop over segments of `segment` iterations, by default about sqrt(n)."""
    step = loop.step.value if isinstance(loop.step, Const) else None
    if not isinstance(step, int):
        raise UnsupportedTypeError(
            "the step of a loop in segments is known only when it runs",
            "write the step of range() as a number",
        )
    origin = replace(loop.origin, note=IN_SEGMENTS) if loop.origin is not None else None
    with it.builder.at(origin):
        it.builder.add(_in_segments(it, loop, step, segment, origin))


def _in_segments(
    it: Interpreter, loop: For, step: int, segment: Atom | None, origin: Origin | None
) -> For:
    length = _length(it, loop, step) if segment is None else segment
    stride = it.atom(operator.mul, length, Const(step)) if step != 1 else length
    first = Var("first", INT)
    carried = tuple(Var(param.hint, param.type) for param in loop.params)
    with it.nested() as builder:
        end = it.atom(operator.add, first, stride)
        last = Var("last", INT)
        nearer = Call(min if step > 0 else max, (end, loop.stop))
        builder.add(Assign((last,), nearer, builder.origin))
        results = _steps(it, loop, first, last, carried)
    body = Block(tuple(builder.stmts), results)
    return replace(loop, index=first, step=stride, params=carried, body=body, origin=origin)


def _length(it: Interpreter, loop: For, step: int) -> Atom:
    """The number of iterations in a segment: the root of their number, rounded up."""
    count: Atom = it.atom(operator.sub, loop.stop, loop.start)
    if step != 1:
        count = it.atom(operator.neg, it.atom(operator.floordiv, count, Const(-step)))
    if isinstance(count, Const):
        return Const(math.isqrt(max(count.value - 1, 0)) + 1)
    less, least, root = Var("t", INT), Var("t", INT), Var("t", INT)
    origin = it.builder.origin
    length = Var("length", INT)
    it.builder.add(Assign((less,), Call(operator.sub, (count, Const(1))), origin))
    it.builder.add(Assign((least,), Call(max, (less, Const(0))), origin))
    it.builder.add(Assign((root,), Call(math.isqrt, (least,)), origin))
    it.builder.add(Assign((length,), Call(operator.add, (root, Const(1))), origin))
    return length


def _steps(
    it: Interpreter, loop: For, first: Var, last: Var, carried: tuple[Var, ...]
) -> tuple[Var, ...]:
    """Call a routine that makes the steps from `first` on; what they leave."""
    outs = tuple(Var(param.hint, param.type) for param in loop.params)
    inner: Stmt = replace(loop, start=first, stop=last, inits=carried, outs=outs)
    name = f"{it.frame.name}_steps" if it.frame.name.isidentifier() else "steps"
    routine, args = routine_from(name, Block((inner,), outs), loop.origin)
    origin = it.builder.origin
    if not outs:
        it.builder.add(Effect(Call(routine, args), origin))
        return ()
    results = tuple(Var(param.hint, param.type) for param in loop.params)
    it.builder.add(Assign(results, Call(routine, args), origin))
    return results
