"""Identities of an index of an index: ``x[:, 1][0]`` is ``x[0, 1]``."""

from __future__ import annotations

from sorix.compiler.ir.nodes import Atom, Call, Const, Slc, Tup, Var
from sorix.compiler.ir.types import NUMBERS, Num
from sorix.compiler.optimize.identity_table import Context, identity
from sorix.support import add_at, scatter


@identity(add_at, of=(scatter,))
def scattered_within(to: Context, call: Call, target: Var) -> Call | None:
    """``x[:, 1] += scatter(v, x[:, 1], 0)`` is ``x[0, 1] += v``."""
    x, outer, value = call.args
    made = to.made_once_by(value, scatter)
    if made is None:
        return None
    v, part, inner = made.args
    whole = isinstance(part, Var) and isinstance(part.type, Num) and part.type.kind == "array"
    index = within(outer, inner) if whole else None
    return None if index is None else Call(add_at, (x, index, v))


def within(outer: Atom, inner: Atom) -> Atom | None:
    """The index i such that ``x[i]`` is ``x[outer][inner]``, where that can be written down.

    >>> every = Slc(Const(None), Const(None), Const(None))
    >>> [part.value for part in within(Tup((every, Const(1))), Const(0)).items]
    [0, 1]
    """
    parts, rest = _parts(outer), list(_parts(inner))
    if not all(map(_is_plain, (*parts, *rest))):
        return None
    found: list[Atom] = []
    for part in parts:
        picked = _picked(part, rest) if isinstance(part, Slc) and rest else part
        if picked is None:
            return None
        found.append(picked)
    found += rest
    return found[0] if len(found) == 1 else Tup(tuple(found))


def _picked(part: Slc, rest: list[Atom]) -> Atom | None:
    """What the first of `rest` picks of a slice."""
    first = rest.pop(0)
    if not (_is_none(part.stop) and _is_none(part.step)):
        return None
    if _is_none(part.start):
        return first
    if not (_is_natural(part.start) and _is_natural(first)):
        return None
    return Const(part.start.value + first.value)  # type: ignore[union-attr]


def _is_none(atom: Atom) -> bool:
    return isinstance(atom, Const) and atom.value is None


def _is_natural(atom: Atom) -> bool:
    return isinstance(atom, Const) and type(atom.value) is int and atom.value >= 0


def _parts(index: Atom) -> tuple[Atom, ...]:
    return index.items if isinstance(index, Tup) and not index.is_list else (index,)


def _is_plain(part: Atom) -> bool:
    """Whether the part of an index is an integer or a slice."""
    if isinstance(part, Slc):
        return True
    if isinstance(part, Const):
        return type(part.value) is int
    kind = part.type if isinstance(part, Var) else None
    return (
        isinstance(kind, Num) and kind.rank == 0 and kind.dtype == "int64" and kind.kind in NUMBERS
    )
