"""What has no gradient, as it is no float: the refusal, with what to pass in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sorix.errors import NotDifferentiableError
from sorix.func.places import ArgNums, Place, positions_of, written
from sorix.func.trees import flatten, holds_floats

_SHOWN = 4
"""Numbers that are written out in a hint."""


def require_floats(args: tuple[Any, ...], argnums: ArgNums, place: Callable[[int], Place]) -> None:
    """Refuse an argument without derivative for that reason, before any other."""
    for position in positions_of(argnums):
        if -len(args) <= position < len(args):
            leaves = list(flatten(args[position]))
            if not any(holds_floats(leaf) for _, leaf in leaves):
                raise no_float(written(place(position)), args[position]) from None


def require_any(args: Sequence[Any], names: Sequence[str]) -> None:
    """Refuse arguments none of which holds a float, where derivatives by all are asked for."""
    if args and not any(holds_floats(leaf) for arg in args for _, leaf in flatten(arg)):
        raise no_float(names[0], args[0])


def require_same_or_zero(path: str, primal: Any, given: Any) -> None:
    """Refuse a direction in which something without floats would move: a list of ints, say.

    Beside each of its parts zero may stand, or a copy of it, as in an object with all its fields;
    of a list of ints, [1, 0] beside [1, 2] is meant as a direction.
    """
    leaves = [leaf for _, leaf in flatten(primal)]
    moves = [leaf for _, leaf in flatten(given)]
    if any(map(holds_floats, leaves)) or not any(map(np.any, moves)):
        return
    if len(moves) != len(leaves) or not all(map(np.array_equal, moves, leaves)):
        raise NotDifferentiableError(
            f"a tangent is given for {path}, which is {described(primal)}: only floats have one",
            f"pass None as its tangent, or in its place {instead_of(path, primal)}",
        )


def no_float(path: str, value: Any) -> NotDifferentiableError:
    """The refusal of a gradient with respect to something that is no float.

    Examples
    --------
    >>> print(no_float("x", [1, 2]))
    the gradient with respect to x is asked for, which is a list of ints: only floats have one
    Instead: pass an array of floats, np.array([1.0, 2.0]), or floats, [1.0, 2.0]
    """
    place = f"{path} is asked for, which is " if path else ""
    return NotDifferentiableError(
        f"the gradient with respect to {place}{described(value)}"
        f"{'' if path else ' is asked for'}: only floats have one",
        f"pass {instead_of(path or 'x', value)}",
    )


def described(value: Any) -> str:
    """What something that is no float is, with its article."""
    if isinstance(value, np.ndarray):
        kind = type(value).__name__
        return f"an array of {value.dtype}" if kind == "ndarray" else f"an array of class {kind}"
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} {'of ints' if _are_ints(value) else 'without floats'}"
    if isinstance(value, complex):
        return "a complex number"
    name = type(value).__name__
    return "None" if value is None else f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def instead_of(path: str, value: Any) -> str:
    """What to pass in the place of something that is no float."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu":
        return f"a float or an array of floats: of this one, {path}.astype(float)"
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return f"a float or an array of floats: {float(value)!r}"
    if isinstance(value, tuple | list) and _are_ints(value):
        if len(value) > _SHOWN or any(isinstance(item, tuple | list) for item in value):
            return f"an array of floats: np.array({path}, dtype=float)"
        floats = type(value)(map(float, value))
        return f"an array of floats, np.array({floats!r}), or floats, {floats!r}"
    return "a float or an array of floats"


def _are_ints(value: Any) -> bool:
    leaves = [leaf for _, leaf in flatten(value)]
    ints = [isinstance(leaf, int) and not isinstance(leaf, bool) for leaf in leaves]
    return bool(ints) and all(ints) and type(value) in (tuple, list)
