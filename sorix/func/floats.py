"""What has no gradient, as it is no float: the refusal, with what to pass in its place."""

from __future__ import annotations

from collections.abc import Callable
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
        f"the gradient with respect to {place}{_described(value)}"
        f"{'' if path else ' is asked for'}: only floats have one",
        f"pass {_instead_of(path or 'x', value)}",
    )


def _described(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype}"
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} {'of ints' if _are_ints(value) else 'without floats'}"
    if isinstance(value, complex):
        return "a complex number"
    name = type(value).__name__
    return "None" if value is None else f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def _instead_of(path: str, value: Any) -> str:
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
