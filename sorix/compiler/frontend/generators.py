"""Generators: whoever consumes one runs its own body where the generator yields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sorix.compiler.frontend import calls, expressions, iterables, loops
from sorix.compiler.frontend.interpreter import EXPRESSIONS, Interpreter
from sorix.compiler.frontend.values import NONE, SENT, Cell, Lazy, Maybe, Value
from sorix.compiler.ir.nodes import Const


def drive(
    it: Interpreter, value: Value, body: Callable[[Value], None], closes: bool = True
) -> Value:
    """Interpret the generator, and `body` at each of its yields; what it returns at its end.

    With `closes`, a body that leaves its loop ends the generator (a context manager goes on), and
    what the body raises is not handled in the generator.
    """
    if isinstance(value, Maybe):
        value = value.value
    assert isinstance(value, Lazy)
    iterables.take(it, value)
    consumer = it.frame
    tries = len(it.tries)
    frame = value.extra[0]
    it.enter(frame)

    def on_yield(item: Value) -> None:
        inner = [h for h in it.tries[tries:] if h.active and not h.always] if closes else []
        for handlers in inner:
            handlers.active = False
        it.frames.append(consumer)
        try:
            body(item)
            status = it.exit_status()
        finally:
            it.frames.pop()
            for handlers in inner:
                handlers.active = True
        if closes and not (isinstance(status, Const) and not status.value):
            it.put(frame.returned, status)

    frame.on_yield, frame.tries_around = on_yield, tries
    try:
        if value.kind == "expression":
            expressions.run_generator(it, value)
            return NONE
        for name, item in value.extra[1].items():
            it.put(frame.variables.setdefault(name, Cell(name)), item)
        it.execute(frame.node.body)
        return calls.result_of(it, frame)
    finally:
        it.leave()


def yield_expr(it: Interpreter, node: Any) -> Value:
    frame = it.frame
    if frame.on_yield is None:
        raise it.unsupported(node)
    frame.on_yield(NONE if node.value is None else it.expr(node.value))
    return SENT


def yield_from(it: Interpreter, node: Any) -> Value:
    frame = it.frame
    if frame.on_yield is None:
        raise it.unsupported(node)
    inner = iterables.resolve(it, it.expr(node.value))
    if iterables.is_generator(inner):
        return drive(it, inner, frame.on_yield)
    key = (frame.source.file, node.lineno, node.col_offset)
    loops.loop_over(it, inner, key, frame.on_yield, lambda: None, [], [])
    return NONE


EXPRESSIONS["Yield"] = yield_expr
EXPRESSIONS["YieldFrom"] = yield_from
