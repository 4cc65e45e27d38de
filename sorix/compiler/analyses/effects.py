"""Which statements do more than bind their variables.

Requires nothing. A call is *pure* if it may be left out, repeated or moved: it is of a known
primitive (one with a rule), or makes an empty list. What an unknown function or a method of an
opaque object does is not known, so such a call stays where it is.
"""

from __future__ import annotations

from collections.abc import Iterable

from sorix.compiler.ir.nodes import (
    Assign,
    Call,
    Effect,
    Function,
    Method,
    Pop,
    Push,
    Raise,
    Stmt,
    Update,
)
from sorix.compiler.ir.walk import blocks
from sorix.primitives.table import rule_of


def is_pure(call: Call) -> bool:
    """Whether the call may be left out, repeated or moved."""
    if isinstance(call.fn, Method):
        return False
    if isinstance(call.fn, Function):
        return not has_effect(call.fn.body.stmts)
    return call.fn is list or rule_of(call.fn) is not None


def has_effect(stmts: Iterable[Stmt]) -> bool:
    """Whether running the statements does anything besides binding variables."""
    return any(_has_effect(stmt) for stmt in stmts)


def _has_effect(stmt: Stmt) -> bool:
    match stmt:
        case Assign(value=Call() as call):
            return not is_pure(call)
        case Push() | Pop() | Effect() | Raise() | Update():
            return True
    return any(has_effect(block.stmts) for block in blocks(stmt))
