"""Where along its axes an index points, and whether two indices meet.

Requires nothing. An index is a list of `Place`, one for each axis from the first, None where it may
point anywhere. Two are apart if, along one axis, all of one surely comes before all of the other
and neither is counted from the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sorix.compiler.analyses.affine import Bounds, Form, Unknown, is_nonnegative
from sorix.compiler.ir.nodes import Atom, Const, Slc, Tup, Var
from sorix.compiler.ir.types import Num

FormOf = Callable[[Atom], Form | None]


@dataclass(frozen=True, slots=True)
class Place:
    """The indices ``first, ..., stop - 1`` along one axis, or some of them; None for no end."""

    first: Form
    stop: Form | None

    def renamed(self, names: Mapping[Unknown, Unknown]) -> Place:
        stop = None if self.stop is None else self.stop.renamed(names)
        return Place(self.first.renamed(names), stop)


def places_of(index: Atom, form: FormOf) -> list[Place | None]:
    """Along each axis from the first where an index points; None for anywhere."""
    places: list[Place | None] = []
    items = index.items if isinstance(index, Tup) and not index.is_list else (index,)
    for item in items:
        if isinstance(item, Const) and item.value is None:
            continue
        if isinstance(item, Const) and item.value is Ellipsis:
            break
        if isinstance(item, Slc):
            places.append(_slice(item, form))
        elif _is_integer_index(item):
            first = form(item)
            places.append(None if first is None else Place(first, first.shifted(1)))
        elif isinstance(item, Var) and isinstance(item.type, Num) and item.type.dtype == "int64":
            places.append(None)
        else:
            break
    return places


def _is_integer_index(item: Atom) -> bool:
    if isinstance(item, Const):
        return isinstance(item.value, int) and not isinstance(item.value, bool)
    kind = item.type if isinstance(item, Var) else None
    return isinstance(kind, Num) and kind.dtype == "int64" and kind.shape == ()


def _slice(item: Slc, form: FormOf) -> Place | None:
    """A slice that goes forward from a start that is not counted from the end."""
    step = item.step.value if isinstance(item.step, Const) else 0
    if step is not None and not (isinstance(step, int) and step > 0):
        return None
    first = Form(0) if _is_none(item.start) else form(item.start)
    if first is None:
        return None
    if not first.terms and first.constant < 0:
        first = Form(0)
    stop = None if _is_none(item.stop) else form(item.stop)
    if stop is not None and not stop.terms and stop.constant < 0:
        stop = None
    return Place(first, stop)


def _is_none(atom: Atom) -> bool:
    return isinstance(atom, Const) and atom.value is None


def apart(
    places: list[Place | None],
    written: list[Place | None],
    bounds: Bounds,
    names: Mapping[Unknown, Unknown],
) -> bool:
    """Whether the places differ along some axis; `names` are for the unknowns of `written`."""
    for read, put in zip(places, written, strict=False):
        if read is None or put is None:
            continue
        put = put.renamed(names)
        if _is_plain(read, bounds) and _is_plain(put, bounds):
            if _precedes(read, put, bounds) or _precedes(put, read, bounds):
                return True
    return False


def _is_plain(place: Place, bounds: Bounds) -> bool:
    """Whether no bound is counted from the end."""
    if not is_nonnegative(place.first, bounds):
        return False
    return place.stop is None or is_nonnegative(place.stop, bounds)


def _precedes(a: Place, b: Place, bounds: Bounds) -> bool:
    """Whether all of a comes before all of b."""
    return a.stop is not None and is_nonnegative(b.first.minus(a.stop), bounds)
