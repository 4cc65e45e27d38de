"""Variables that only one way of a branch sets, as those of a list that the other does not make.

Who reads such a list by its name asks before whether it is assigned. A merge reads what is in it
without asking, where it becomes a list whose length the run decides.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING

from sorix.compiler.frontend.atoms import atom_type
from sorix.compiler.ir.nodes import UNDEFINED, Atom, Block, Const, If, Tup, Var

if TYPE_CHECKING:
    from sorix.compiler.frontend.interpreter import Interpreter

EMPTY = Tup((), is_list=True)


def note(
    it: Interpreter, var: Var, a: Atom, b: Atom, phi: Callable[[Atom, Atom, str], Atom]
) -> None:
    """Remember on what condition a variable is set that is `a` on one path and `b` on another."""
    one, other = _is_set(it, a), _is_set(it, b)
    if not (_is_true(one) and _is_true(other)):
        it.set_where[var] = phi(one, other, f"set_{var.hint}")


def listed(it: Interpreter, columns: list[Atom]) -> list[Atom]:
    """Lists of variables, made where these are set; elsewhere, nobody reads the lists."""
    flags = dict.fromkeys(_is_set(it, item) for column in columns for item in _items(column))
    asked = [flag for flag in flags if not _is_true(flag)]
    if not asked:
        return columns
    cond = asked[0]
    for flag in asked[1:]:
        cond = it.atom(operator.and_, cond, flag)
    outs = tuple(Var("list", atom_type(column)) for column in columns)
    empty = Block((), tuple(EMPTY for _ in columns))
    it.builder.add(If(cond, Block((), tuple(columns)), empty, outs, it.builder.origin))
    return list(outs)


def _is_set(it: Interpreter, atom: Atom) -> Atom:
    if atom is UNDEFINED:
        return Const(False)
    return it.set_where.get(atom, Const(True)) if isinstance(atom, Var) else Const(True)


def _is_true(flag: Atom) -> bool:
    return isinstance(flag, Const) and flag.value is True


def _items(column: Atom) -> tuple[Atom, ...]:
    return column.items if isinstance(column, Tup) else ()
