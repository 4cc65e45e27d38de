"""Expressions of which the value is taken at once, so that nobody sees which array it was.

Of ``y = (a if c else b) * 2`` neither a nor b need be told apart from the operand, which is gone
when the product is there; of ``y = a if c else b`` they need, where one of the three is written. A
choice between arrays is taken so only where nothing else of the program runs before it is used:
the other operands are numbers or arrays already, or names and constants.
"""

from __future__ import annotations

from typing import Any

import gast
import numpy as np

from sorix.compiler.frontend import conditions
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import Array, Static, Value

_READERS: tuple[Any, ...] = (
    *(np.sum, np.mean, np.prod, np.max, np.min, np.amax, np.amin, np.std, np.var, np.any, np.all),
    *(np.sort, np.argsort, np.argmax, np.argmin, np.cumsum, np.cumprod, np.dot, np.outer),
    *(np.linalg.norm, np.copy, np.trace),
    *(fn for fn in vars(np).values() if isinstance(fn, np.ufunc)),
)
"""Functions that only read their first argument, and whose result shares no memory with it."""


def taken(it: Interpreter, node: Any) -> Value:
    """The value of an expression, a choice between arrays as an array of its own."""
    if not isinstance(node, gast.IfExp):
        return _apart(it, it.expr(node))
    cond = conditions.condition(it, node.test)
    return conditions.either(it, cond, lambda: taken(it, node.body), lambda: taken(it, node.orelse))


def _apart(it: Interpreter, value: Value) -> Value:
    return it.wrap(it.read(value)) if isinstance(value, Array) else value


def only_operand(it: Interpreter, node: Any) -> Value:
    """The operand of a sign."""
    return taken(it, node) if _is_choice(node) else it.expr(node)


def right_operand(it: Interpreter, node: Any, left: Value) -> Value:
    """The right operand of an operator, beside the left one."""
    return taken(it, node) if _is_choice(node) and it.is_numeric(left) else it.expr(node)


def left_operand(it: Interpreter, node: Any, right: Any) -> Value:
    """The left operand of an operator, before the right one is evaluated."""
    at_once = _is_choice(node) and isinstance(right, gast.Constant)
    return taken(it, node) if at_once else it.expr(node)


def first_argument(it: Interpreter, fn: Value, node: Any) -> Value:
    """The first argument of a call, before the others are evaluated."""
    first, *others = node.args
    at_once = (
        _is_choice(first)
        and isinstance(fn, Static)
        and any(fn.value is known for known in _READERS)
        and all(isinstance(other, gast.Name | gast.Constant) for other in others)
        and all(isinstance(k.value, gast.Constant) and k.arg for k in node.keywords)
    )
    return taken(it, first) if at_once else it.expr(first)


def _is_choice(node: Any) -> bool:
    return isinstance(node, gast.IfExp)
