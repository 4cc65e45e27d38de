"""Adding contributions to cotangents, and writing zeros down where they must be.

A contribution that is the transpose of indexing, ``scatter(v, x, idx)``, is added to an existing
cotangent as ``add_at(x_bar, idx, v)``: inside a loop that touches one element an iteration,
instead of making and adding a whole array of zeros.
"""

from __future__ import annotations

import operator

from sorix.compiler.analyses.recording import is_scalar
from sorix.compiler.differentiate.scopes import Scope, bar_hint
from sorix.compiler.differentiate.sweep import Sweep
from sorix.compiler.ir.nodes import UNDEFINED, Atom, Call, Const, Slc, Tup, Var
from sorix.compiler.ir.types import ListOf
from sorix.support import add_at, list_add, list_add_at, scatter, zeros_like


def accumulate(sweep: Sweep, scope: Scope, atom: Atom, contribution: Atom | None) -> None:
    """Add a contribution to the cotangent of a primal atom; constants have none."""
    if contribution is None or (isinstance(contribution, Const) and contribution.value is None):
        return
    if isinstance(atom, Tup):
        _accumulate_items(sweep, scope, atom, contribution)
    elif isinstance(atom, Var) and sweep.is_active(atom):
        old = scope.bar(atom)
        new = contribution if old is None else add(scope, atom, old, contribution)
        scope.bars[atom] = new


def _accumulate_items(sweep: Sweep, scope: Scope, tup: Tup, bar: Atom) -> None:
    """To each atom of a tuple or list written out, its item of the cotangent."""
    for position, item in enumerate(tup.items):
        if not touches_active(sweep, item):
            continue
        if isinstance(bar, Tup):
            part: Atom = bar.items[position]
        else:
            part = scope.builder.call(operator.getitem, bar, Const(position), hint=_hint(item))
        accumulate(sweep, scope, item, part)


def touches_active(sweep: Sweep, atom: Atom) -> bool:
    """Whether a cotangent of the atom has anywhere to go."""
    if isinstance(atom, Tup):
        return any(touches_active(sweep, item) for item in atom.items)
    return isinstance(atom, Var) and sweep.is_active(atom)


def _hint(atom: Atom) -> str:
    return bar_hint(atom.hint) if isinstance(atom, Var) else "bar"


def add(scope: Scope, var: Var, old: Atom, new: Atom) -> Atom:
    """The sum of two cotangents of `var`."""
    fn = list_add if isinstance(var.type, ListOf) else operator.add
    return scope.builder.call(fn, old, new, hint=bar_hint(var.hint))


def is_scatter_into(call: Call, var: Var) -> bool:
    """Whether the call transposes an indexing of `var`; of a list, the reading of one element."""
    if call.fn is not scatter or call.args[1] is not var:
        return False
    return not (isinstance(var.type, ListOf) and isinstance(call.args[2], Slc))


def accumulate_scattered(scope: Scope, var: Var, transpose: Call) -> None:
    """Add ``scatter(v, x, idx)`` to the cotangent that x has already."""
    old = scope.bar(var)
    assert old is not None
    value, _, index = transpose.args
    fn = list_add_at if isinstance(var.type, ListOf) else add_at
    scope.bars[var] = scope.builder.call(fn, old, index, value, hint=bar_hint(var.hint))


def bar_or_zero(scope: Scope, var: Var) -> Atom:
    """The cotangent of a primal variable, zeros written down where it has none."""
    found = scope.bar(var)
    return zero(scope, var) if found is None else found


def zero(scope: Scope, var: Atom) -> Atom:
    """The cotangent zero of a primal atom, as something that can be carried or pushed."""
    if is_number(var):
        return Const(0.0)
    return scope.builder.call(zeros_like, var, hint=_hint(var))


def is_number(atom: Atom) -> bool:
    """Whether the derivative zero of the atom is the number 0.0."""
    return isinstance(atom, Var | Const) and (atom is UNDEFINED or is_scalar(atom.type))
