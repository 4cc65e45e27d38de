"""Identities as `simplify` asks them: what one is, what it may ask, and the table of all.

An identity is called as ``identity(context, call, target)`` and returns an atom or a call that
has the same value, or None where it does not apply. Whether the type is the same too is checked
by the caller, but for those that are `certain`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sorix.compiler.ir.nodes import Atom, Call, Const, Var
from sorix.compiler.ir.types import Dim, Num, Shape, Type, is_one


class Context:
    """What an identity may ask: how a variable is defined, how often it is read."""

    definitions: dict[Var, Call]
    reads: Counter[Var]
    adjoint: bool
    """Whether the statement computes a cotangent."""

    def define(self, call: Call, hint: str) -> Var | None:
        raise NotImplementedError

    def is_taken_up(self, var: Var) -> bool:
        """Whether the sign of a variable can go into the sums that its readers end in."""
        raise NotImplementedError

    def makers(self, call: Call) -> set[Any]:
        """The functions that made the arguments of a call; `Const` for constants."""
        found: set[Any] = set()
        for atom in call.args:
            if isinstance(atom, Var):
                made = self.definitions.get(atom)
                if made is not None:
                    found.add(made.fn)
            elif isinstance(atom, Const):
                found.add(Const)
        return found

    def made_by(self, atom: Atom, *functions: Any) -> Call | None:
        """The call that defines a variable, where it is of one of these functions."""
        call = self.definitions.get(atom) if isinstance(atom, Var) else None
        return call if call is not None and call.fn in functions else None

    def made_once_by(self, atom: Atom, *functions: Any) -> Call | None:
        """The same for a variable that is read nowhere else."""
        once = isinstance(atom, Var) and self.reads[atom] == 1
        return self.made_by(atom, *functions) if once else None


Rewrite = Callable[[Context, Call, Var], Call | Atom | None]


@dataclass(frozen=True, slots=True)
class Identity:
    """A rewrite, and where it is worth asking: most calls are of none of what they rewrite.

    `made_by` are functions one of which has to have made an argument, or `Const` for one that is a
    constant; where there are none, no argument is asked for. Some are `for_cotangents` only. One
    that is `certain` keeps the type where the types themselves do not tell.
    """

    rewrite: Rewrite
    made_by: frozenset[Any] = frozenset()
    for_cotangents: bool = False
    certain: bool = False

    def concerns(self, to: Context, makers: set[Any]) -> bool:
        """Whether to ask, of a call whose arguments are made by these."""
        if self.for_cotangents and not to.adjoint:
            return False
        return not (self.made_by and self.made_by.isdisjoint(makers))


IDENTITIES: dict[object, list[Identity]] = {}


def identity(
    *functions: Any, of: tuple[Any, ...] = (), cotangents: bool = False, certain: bool = False
) -> Callable[[Rewrite], Rewrite]:
    """Register an identity for calls of these functions, of what these made; see `Identity`."""

    def register(rewrite: Rewrite) -> Rewrite:
        rule = Identity(rewrite, frozenset(of), cotangents, certain)
        for function in functions:
            IDENTITIES.setdefault(function, []).append(rule)
        return rewrite

    return register


def same_type(a: object, b: Type) -> bool:
    """Whether both are numbers known to be of one kind, dtype and shape.

    Two dimensions that are known not to be 1, and differ in name only, are of one size: they
    met in an operation that broadcasts, or it would have raised.
    """
    return (
        isinstance(a, Num)
        and isinstance(b, Num)
        and a.dtype is not None
        and a.shape is not None
        and b.shape is not None
        and (a.kind, a.dtype, len(a.shape)) == (b.kind, b.dtype, len(b.shape))
        and all(map(_same_size, a.shape, b.shape))
    )


def stands_for(to: Context, type_: object, target: Var) -> bool:
    """Whether a value of this type may take a result's place.

    Of a cotangent that is a number, it makes no difference whether it is an array without axes.
    """
    wanted = target.type
    if not (to.adjoint and isinstance(wanted, Num) and isinstance(type_, Num)):
        return same_type(type_, wanted)
    if wanted.rank == 0 and wanted.kind in _ONE_NUMBER and type_.kind in (*_ONE_NUMBER, "scalar"):
        type_ = replace(type_, kind=wanted.kind)
    return same_type(type_, wanted)


_ONE_NUMBER = ("number", "any")


def _same_size(a: Dim, b: Dim) -> bool:
    return a == b or (
        is_one(a) is False and is_one(b) is False and None not in (a.symbol, b.symbol)
    )


def shape_of(atom: Atom) -> Shape | None:
    type_ = getattr(atom, "type", None)
    return type_.shape if isinstance(type_, Num) else None
