"""Which pure calls have a form in place, and how a copy of a value is written.

A routine that adds to a cotangent it is given has no other form: it writes into the argument, and
returns it. Its call stays the assignment it is, ``x_bar = f__adjoint(x, y_bar, x_bar)``.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator

import numpy as np

from sorix.compiler.ir.nodes import Assign, Atom, Call, Routine, Stmt, Var
from sorix.compiler.ir.types import ListOf, Num, Type
from sorix.support import add_at, list_add_at, list_append, list_pop, list_set, store

ARRAY_WRITES = (store, add_at)
LIST_WRITES = (list_append, list_set, list_add_at, list_pop)
SUMS = (operator.add, operator.sub)
_WRITTEN_IN_PLACE = frozenset((*ARRAY_WRITES, *LIST_WRITES, *SUMS))


def is_array(type_: Type) -> bool:
    """Whether values of this type are surely ndarrays of rank 1 or more, or of rank 0."""
    return isinstance(type_, Num) and (type_.kind == "array" or bool(type_.rank))


def is_update(stmt: Stmt) -> bool:
    """Whether the statement is a pure update that has a form in place."""
    call = stmt.value if isinstance(stmt, Assign) else None
    if not isinstance(call, Call) or call.fn not in _WRITTEN_IN_PLACE:
        return False
    match stmt:
        case Assign(targets=targets, value=Call(args=(Var() as buffer, *_), kwargs=())):
            if call.fn in ARRAY_WRITES:
                return len(targets) == 1 and is_array(buffer.type)
            if call.fn in LIST_WRITES:
                wanted = 2 if call.fn is list_pop else 1
                return len(targets) == wanted and isinstance(buffer.type, ListOf)
            return len(targets) == 1 and is_sum(targets[0], buffer, call)
    return False


def written_by_callee(stmt: Stmt) -> Iterator[tuple[Var, int]]:
    """What a called routine writes into: what it returns of it, and the argument's position."""
    if isinstance(stmt, Assign) and isinstance(stmt.value, Call):
        callee = stmt.value.fn
        if isinstance(callee, Routine):
            for position, result in callee.into:
                yield stmt.targets[result], position


def updated_buffers(stmt: Stmt) -> Iterator[Atom]:
    """The variables whose buffers an assignment may write into, once updates are in place."""
    if is_update(stmt):
        assert isinstance(stmt, Assign) and isinstance(stmt.value, Call)
        yield stmt.value.args[0]
    for _, position in written_by_callee(stmt):
        yield stmt.value.args[position]  # type: ignore[union-attr]


def is_sum(target: Var, buffer: Var, call: Call) -> bool:
    new, old = target.type, buffer.type
    return (
        call.fn in SUMS
        and isinstance(new, Num)
        and isinstance(old, Num)
        and new.kind == old.kind == "array"
        and bool(new.rank)
        and new.shape == old.shape
        and new.dtype is not None
        and new.dtype == old.dtype
    )


def copy_of(value: Var, hint: str) -> Assign:
    """A statement that binds a new variable to a copy of an array or list."""
    fn = list if isinstance(value.type, ListOf) else np.copy
    return Assign((Var(hint, value.type),), Call(fn, (value,)))


def can_copy(value: Atom) -> bool:
    return isinstance(value, Var) and (is_array(value.type) or isinstance(value.type, ListOf))


def is_view(stmt: Assign) -> bool:
    """Whether the statement reads part of an array, perhaps as a view."""
    match stmt:
        case Assign(targets=(target,), value=Call(args=(Var() as base, _)) as call):
            return call.fn is operator.getitem and is_array(base.type) and is_array(target.type)
    return False
