"""Which statements do more than bind their variables.

Requires nothing. A call is *pure* if it may be left out, repeated or moved: it is of a known
primitive (one with a rule), makes a list, makes something of texts and numbers by a method of a
text, or calls a routine in which, and in the routines that it calls, all calls are pure and no
stack that it is given is touched. What an unknown function or a method of another object does is
not known, so such a call stays where it is.
A statement *acts* if a user could notice that it ran: it prints, raises or calls what is not
pure. Pushing and popping is an effect, but no act.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable

from sorix.compiler.ir.inference.texts import is_of_texts
from sorix.compiler.ir.nodes import (
    Assign,
    Block,
    Call,
    Effect,
    Function,
    Method,
    Pop,
    Push,
    Raise,
    Routine,
    Stmt,
    Update,
)
from sorix.compiler.ir.routines import routines
from sorix.compiler.ir.walk import statements
from sorix.primitives.table import rule_of


def is_pure(call: Call) -> bool:
    """Whether the call may be left out, repeated or moved."""
    if isinstance(call.fn, Method):
        return is_of_texts(call)
    if isinstance(call.fn, Routine):
        return is_pure_routine(call.fn)
    return call.fn is list or rule_of(call.fn) is not None


_pure_routines: weakref.WeakKeyDictionary[Routine, bool] = weakref.WeakKeyDictionary()
"""What was found of routines; the function of a routine never changes."""


def is_pure_routine(routine: Routine) -> bool:
    """Whether calls of the routine are pure; of one that is not defined yet, what is said."""
    if routine.pure is not None or not routine.is_defined:
        return bool(routine.pure)
    found = _pure_routines.get(routine)
    if found is None:
        reached = dict.fromkeys((routine, *routines(routine.function)))
        unsaid = [each for each in reached if each.pure is None]
        if not all(each.is_defined for each in unsaid):
            return False
        said = all(each.pure is not False for each in reached)
        found = said and all(_is_pure_alone(each.function) for each in unsaid)
        _pure_routines[routine] = found
    return found


def _is_pure_alone(function: Function) -> bool:
    """Whether the function is pure if the routines that it calls are."""
    if _touches_parameters(function):
        return False
    return not any(_acts_itself(stmt) for stmt in statements(function.body))


def _acts_itself(stmt: Stmt) -> bool:
    match stmt:
        case Assign(value=Call(fn=Routine())):
            return False
    return _acts(stmt)


def _touches_parameters(function: Function) -> bool:
    """Whether the function pushes to or pops from a stack that it was given."""
    return any(
        isinstance(stmt, Push | Pop) and stmt.stack in function.params
        for stmt in statements(function.body)
    )


def has_effect(stmts: Iterable[Stmt]) -> bool:
    """Whether running the statements does anything besides binding variables."""
    nested = statements(Block(tuple(stmts)))
    return any(isinstance(stmt, Push | Pop | Update) or _acts(stmt) for stmt in nested)


def acts(stmts: Iterable[Stmt]) -> bool:
    """Whether a user could notice that the statements ran."""
    return any(map(_acts, statements(Block(tuple(stmts)))))


def _acts(stmt: Stmt) -> bool:
    match stmt:
        case Assign(value=Call() as call):
            return not is_pure(call)
        case Effect() | Raise():
            return True
    return False
