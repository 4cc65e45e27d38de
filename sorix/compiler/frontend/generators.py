"""Generators consumed by a loop: the consumer's body runs where the generator yields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sorix.compiler.frontend import loops
from sorix.compiler.frontend.interpreter import EXPRESSIONS, Interpreter
from sorix.compiler.frontend.values import NONE, Cell, Lazy, Maybe, Static, Value
from sorix.compiler.ir.nodes import Const


def is_generator(value: Value) -> bool:
    if isinstance(value, Maybe):
        value = value.value
    return isinstance(value, Lazy) and value.kind == "generator"


def drive(it: Interpreter, value: Any, body: Callable[[Value], None]) -> None:
    """Interpret the generator's function, and `body` at each of its yields."""
    frame, bound = value.extra
    consumer = it.frame
    it.enter(frame)

    def on_yield(item: Value) -> None:
        it.frames.append(consumer)
        try:
            body(item)
            status = it.exit_status()
        finally:
            it.frames.pop()
        if not (isinstance(status, Const) and not status.value):
            it.state.set(frame.returned, status)

    frame.on_yield = on_yield
    try:
        for name, item in bound.items():
            it.state.set(frame.variables.setdefault(name, Cell(name)), item)
        it.execute(frame.node.body)
    finally:
        it.leave()


def yield_expr(it: Interpreter, node: Any) -> Value:
    frame = it.frame
    if frame.on_yield is None:
        raise it.unsupported(node)
    frame.on_yield(NONE if node.value is None else it.expr(node.value))
    return Static(None)


def yield_from(it: Interpreter, node: Any) -> Value:

    frame = it.frame
    if frame.on_yield is None:
        raise it.unsupported(node)
    inner = it.expr(node.value)
    if is_generator(inner):
        drive(it, inner, frame.on_yield)
    else:
        key = (frame.source.file, node.lineno, node.col_offset)
        loops.loop_over(it, inner, key, frame.on_yield, lambda: None, [], [])
    return Static(None)


EXPRESSIONS["Yield"] = yield_expr
EXPRESSIONS["YieldFrom"] = yield_from
