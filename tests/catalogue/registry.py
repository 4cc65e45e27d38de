"""Programs that are refused, each for the sake of one message.

A program is a function of the user's with arguments it is called with; a situation is a whole use
of sorix, for what is refused before a line of the program is read.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, eq=False)
class Entry:
    """A function that is refused.

    Parameters
    ----------
    way
        ``grad`` differentiates it with `sorix.func.grad` in its first argument, ``tensors``
        compiles it and calls it with tensors that require grad, ``tape`` differentiates it on
        the eager tape, ``situation`` just calls it.
    """

    function: Callable[..., Any]
    args: tuple[Any, ...]
    way: str = "grad"

    @property
    def name(self) -> str:
        return self.function.__name__


ENTRIES: dict[str, Entry] = {}


def refused(*args: Any, way: str = "grad") -> Any:
    """Register a program with the arguments of its call."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        if function.__name__ in ENTRIES:
            raise ValueError(f"there are two programs {function.__name__}")
        ENTRIES[function.__name__] = Entry(function, args, way)
        return function

    return register


def situation(function: Callable[[], Any]) -> Callable[[], Any]:
    """Register a use of sorix that is refused."""
    return refused(way="situation")(function)


def load() -> dict[str, Entry]:
    """All entries by name, in the order of the files' names."""
    for path in sorted(Path(__file__).parent.glob("refused_*.py")):
        importlib.import_module(f"tests.catalogue.{path.stem}")
    return ENTRIES
