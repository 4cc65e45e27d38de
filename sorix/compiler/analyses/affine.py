"""Integers as sums of loop indices and unknowns, and proofs that such a sum is not negative.

Requires single assignment. A `Form` is ``sum of coefficient * unknown, plus a constant``; an
unknown is the index of a loop, an integer that does not change in the loops looked at, or the
symbol of a dimension. Yields forms of atoms (None where there is none), and `is_nonnegative`.

The proof replaces the unknown that was introduced last by one of its bounds, which are forms in
earlier unknowns, until a constant is left. It tries every bound, and so never says True of what
may be negative; where it says False nothing is known.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sorix.compiler.ir.nodes import Assign, Atom, Call, Const, Var
from sorix.compiler.ir.types import NUMBERS, SIGNED, Dim, Num, lower_bound

Unknown = Var | str | tuple[Var, str]
"""A variable, the symbol of a dimension, or the index of a loop in one of two iterations."""


@dataclass(frozen=True, slots=True)
class Form:
    """``constant + sum(coefficients[u] * u)``; no coefficient is zero."""

    constant: int
    terms: tuple[tuple[Unknown, int], ...] = ()

    def plus(self, other: Form, times: int = 1) -> Form:
        terms = dict(self.terms)
        for unknown, factor in other.terms:
            terms[unknown] = terms.get(unknown, 0) + factor * times
        kept = tuple((unknown, factor) for unknown, factor in terms.items() if factor)
        return Form(self.constant + other.constant * times, kept)

    def minus(self, other: Form) -> Form:
        return self.plus(other, -1)

    def shifted(self, by: int) -> Form:
        return Form(self.constant + by, self.terms)

    def renamed(self, names: Mapping[Unknown, Unknown]) -> Form:
        terms = tuple((names.get(unknown, unknown), factor) for unknown, factor in self.terms)
        return Form(self.constant, terms)


def form_of(
    atom: Atom, definition: Mapping[Var, Assign], is_unknown: Callable[[Var], bool]
) -> Form | None:
    """An integer as a form in the variables of which `is_unknown` is true."""
    if isinstance(atom, Const):
        value = atom.value
        return Form(value) if isinstance(value, int) and not isinstance(value, bool) else None
    if not isinstance(atom, Var) or not _is_integer(atom):
        return None
    if (found := _of_value(atom)) is not None:
        return found
    stmt = definition.get(atom)
    if stmt is not None and isinstance(stmt.value, Call):
        found = _of_call(stmt.value, definition, is_unknown)
    if found is None and is_unknown(atom):
        found = Form(0, ((atom, 1),))
    return found


def _is_integer(var: Var) -> bool:
    kind = var.type
    return isinstance(kind, Num) and kind.dtype == "int64" and kind.kind in NUMBERS


def _of_value(var: Var) -> Form | None:
    """What the type says. A symbol that only the run tells may change from pass to pass."""
    assert isinstance(var.type, Num)
    value = var.type.value
    if value is None:
        return None
    if value.symbol is None:
        return Form(value.offset)
    if value.symbol.startswith("_"):
        return None
    return Form(value.offset, ((value.symbol, 1),))


def _of_call(
    call: Call, definition: Mapping[Var, Assign], is_unknown: Callable[[Var], bool]
) -> Form | None:
    if call.kwargs or call.fn not in (operator.add, operator.sub, operator.mul, operator.neg):
        return None
    forms = [form_of(arg, definition, is_unknown) for arg in call.args]
    known = [form for form in forms if form is not None]
    if len(known) < len(forms):
        return None
    if call.fn is operator.neg:
        return Form(0).minus(known[0])
    a, b = known
    if call.fn is operator.mul:
        if a.terms and b.terms:
            return None
        return Form(0).plus(a, b.constant) if not b.terms else Form(0).plus(b, a.constant)
    return a.plus(b, 1 if call.fn is operator.add else -1)


# ------------------------------------------------------------------------------- proofs

_STEPS = 200
"""How many replacements one proof may try."""


@dataclass
class Bounds:
    """What is known of the unknowns; those of a later `rank` may be bounded by earlier ones."""

    lower: dict[Unknown, list[Form]] = field(default_factory=dict)
    upper: dict[Unknown, list[Form]] = field(default_factory=dict)
    rank: dict[Unknown, int] = field(default_factory=dict)

    def introduce(self, unknown: Unknown, lower: list[Form], upper: list[Form]) -> None:
        self.rank[unknown] = len(self.rank)
        self.lower[unknown], self.upper[unknown] = lower, upper


def is_nonnegative(form: Form, bounds: Bounds) -> bool:
    """Whether the form is surely at least 0."""
    return _prove(form, bounds, [_STEPS])


def _prove(form: Form, bounds: Bounds, left: list[int]) -> bool:
    left[0] -= 1
    if left[0] < 0:
        return False
    if not form.terms:
        return form.constant >= 0
    unknown, factor = max(form.terms, key=lambda term: bounds.rank.get(term[0], -1))
    choices = (bounds.lower if factor > 0 else bounds.upper).get(unknown, [])
    if factor > 0 and isinstance(unknown, str):
        choices = [Form(_least(unknown))]
    rest = Form(form.constant, tuple(term for term in form.terms if term[0] != unknown))
    return any(_prove(rest.plus(choice, factor), bounds, left) for choice in choices)


def _least(symbol: str) -> int:
    return lower_bound(Dim(symbol)) if not symbol.startswith(SIGNED) else -(2**62)
