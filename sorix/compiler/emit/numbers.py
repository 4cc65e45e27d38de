"""Which variables are surely numbers, Python's or NumPy's, and no arrays of rank 0.

Requires a verified function. A variable whose type says so is one; so is one of unknown class
that takes over nothing but numbers: a loop that begins at ``0.0`` and adds numbers carries a
number, whatever else its cotangent might have been. Numbers have no buffer that another name
could see, so of them ``x += y`` is ``x = x + y``.

Of a list it is asked whether all its elements are numbers. A list takes over what is put into it,
and what is added to an element of rank 0 leaves a number there: so NumPy does even with arrays.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence

from sorix.compiler.emit.ranges import handed_on
from sorix.compiler.ir.nodes import (
    UNDEFINED,
    Assign,
    Atom,
    Call,
    Const,
    Function,
    Slc,
    Stmt,
    Tup,
    Update,
    Var,
)
from sorix.compiler.ir.types import NUMBERS, ListOf, Num
from sorix.compiler.ir.walk import statements
from sorix.support import list_add_at, list_append, list_pop, list_set, zeros_like


class Numbers:
    """Tells numbers, and lists of numbers, of one function; see the module's docstring."""

    def __init__(self, function: Function) -> None:
        self._taking: dict[Var, list[Atom]] = {}
        for stmt in statements(function.body):
            for target, value in (*handed_on(stmt), *_put_in_lists(stmt)):
                if not _is_number(target) and value is not UNDEFINED:
                    self._taking.setdefault(target, []).append(value)
        self._drop_others()

    def _drop_others(self) -> None:
        """Leave in `_taking` only what takes over numbers, or what is left there."""
        takers: dict[Atom, list[Var]] = {}
        others: list[Var] = []
        for target, values in self._taking.items():
            for value in values:
                if value in self._taking:
                    takers.setdefault(value, []).append(target)
                elif not _is_number(value):
                    others.append(target)
        while others:
            var = others.pop()
            if self._taking.pop(var, None) is not None:
                others += takers.get(var, ())

    def __contains__(self, var: Var) -> bool:
        return isinstance(var.type, Num) and self._tells(var)

    def fill(self, items: Var) -> bool:
        """Whether all elements of a list are numbers."""
        return isinstance(items.type, ListOf) and self._tells(items)

    def _tells(self, var: Var) -> bool:
        return _is_number(var) or var in self._taking


def _put_in_lists(stmt: Stmt) -> Iterator[tuple[Var, Atom]]:
    """What a statement takes over into a list, or out of one."""
    match stmt:
        case Update(target=target, call=call, value=value):
            yield from _taken_over(call, [target] if value is None else [target, value])
        case Assign(targets=targets, value=Call() as call):
            yield from _taken_over(call, targets)


def _taken_over(call: Call, targets: Sequence[Var]) -> Iterator[tuple[Var, Atom]]:
    if not call.args or (element := _element(call.args[0])) is None:
        return
    items, *args = call.args
    if call.fn in (list, zeros_like, list_pop) or _is_item(call):
        yield from ((target, items) for target in targets)
    elif call.fn in (list_append, list_set):
        yield from ((targets[0], atom) for atom in (items, args[-1]))
    elif call.fn is list_add_at:
        yield targets[0], items
        if not (element.rank == 0 and _rank(args[-1]) == 0):
            yield targets[0], args[-1]


def _element(items: Atom) -> Num | None:
    """What the elements of a list are, where they are numbers or arrays."""
    type_ = items.type if isinstance(items, Var) else None
    element = type_.element if isinstance(type_, ListOf) else None
    return element if isinstance(element, Num) else None


def _is_item(call: Call) -> bool:
    return call.fn is operator.getitem and _rank(call.args[1]) == 0


def _rank(atom: Atom) -> int | None:
    type_ = atom.type if isinstance(atom, Const | Var) else None
    return type_.rank if isinstance(type_, Num) else None


def _is_number(atom: Atom) -> bool:
    if isinstance(atom, Tup | Slc):
        return False
    type_ = atom.type.element if isinstance(atom.type, ListOf) else atom.type
    return isinstance(type_, Num) and type_.kind in NUMBERS
