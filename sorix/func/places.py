"""The arguments that a transform differentiates in: positions, and what they stand for."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from sorix.compiler.frontend.inputs import Path
from sorix.compiler.specialise import Binder

ArgNums = int | tuple[int, ...]
Place = tuple[str, int | None]
"""A parameter, and the index in it where it is ``*args``."""


def as_positions(argnums: Any) -> ArgNums:
    """Positions as Python's own integers; NumPy's are as good. Names, which other tools take, are
    refused."""
    try:
        if isinstance(argnums, tuple | list):
            return tuple(map(_as_position, argnums))
        return _as_position(argnums)
    except TypeError:
        raise TypeError(_no_positions(argnums)) from None


def _as_position(given: Any) -> int:
    if isinstance(given, bool | np.bool_):
        raise TypeError
    return operator.index(given)


def _no_positions(argnums: Any) -> str:
    if isinstance(argnums, float | np.ndarray):
        return (
            f"argnums is {'an array' if isinstance(argnums, np.ndarray) else 'a float'}, and should"
            " be a position: the arguments go to the function that comes back, as in grad(f)(x)"
        )
    return (
        f"argnums={argnums!r} is not a position, nor a tuple of positions: write argnums=0 for "
        "the first argument, argnums=(0, 2) for the first and the third"
    )


def positions_of(argnums: ArgNums) -> tuple[int, ...]:
    return (argnums,) if isinstance(argnums, int) else argnums


def place_of(position: int, bind: Binder, count: int, argnums: ArgNums) -> Place:
    """The parameter that a position stands for in a call with `count` positional arguments."""
    star = bind.star
    if star is not None and -count <= position < count and position % count >= star:
        return bind.names[star], position % count - star
    try:
        return bind.names[position], None
    except IndexError:
        raise ValueError(
            f"argnums={argnums} does not fit a function of {len(bind.names)}"
            f" argument{'s' if len(bind.names) != 1 else ''}: positions count from 0"
        ) from None


def written(place: Place) -> str:
    """A place as it is written in Python."""
    name, index = place
    return name if index is None else f"{name}[{index}]"


def at_place(arguments: dict[str, Any], place: Place) -> Any:
    """The argument that stands there."""
    name, index = place
    return arguments[name] if index is None else arguments[name][index]


def within(path: Path, place: Place) -> bool:
    """Whether an input is a part of the argument at a place."""
    name, index = place
    if path.root[:1] != ("arg",) or path.root[2] != name:
        return False
    return index is None or path.steps[:1] == (("item", index),)
