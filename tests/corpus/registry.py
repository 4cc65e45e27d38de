"""The programs of the corpus: ordinary functions, each with arguments and what to expect of it.

A program is written once, in a file named after its topic, and runs through every engine. The
decorator returns the function as it is, so that programs stay plain Python and may call each other.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sorix.errors import CompileError

TOOLS = {"registry", "checks", "differences", "fingerprints", "table"}
"""Modules of this folder that hold no programs."""


@dataclass(frozen=True, eq=False)
class Program:
    """A function with concrete arguments, and how its derivatives are checked.

    Parameters
    ----------
    function
        What a user wrote. A result that is not one number is weighed with fixed numbers.
    args
        Arguments of the call; copied before every use.
    argnums
        Positions to differentiate in; in each, every float is an independent variable.
    order
        The highest derivative that exists in a neighbourhood of the arguments.
    tolerance
        Relative to the largest entry of the derivative.
    step
        Of the differences, times max(1, |x|).
    changes
        The position of an argument that the function changes, in place of a result.
    refused
        The class of the compiler's error, where the program is refused.
    """

    function: Callable[..., Any]
    topic: str
    args: tuple[Any, ...]
    argnums: tuple[int, ...] = (0,)
    order: int = 2
    tolerance: float = 1e-8
    step: float = 1e-3
    changes: int | None = None
    refused: type[CompileError] | None = None

    @property
    def name(self) -> str:
        return self.function.__name__


PROGRAMS: dict[str, Program] = {}


def program(*, args: tuple[Any, ...], argnums: int | tuple[int, ...] = 0, **options: Any) -> Any:
    """Register a function as a program; see `Program` for the options."""
    positions = (argnums,) if isinstance(argnums, int) else argnums

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        topic = function.__module__.rsplit(".", 1)[-1]
        known = PROGRAMS.get(function.__name__)
        if known is not None and known.topic != topic:
            raise ValueError(f"{topic} and {known.topic} both have a program {function.__name__}")
        PROGRAMS[function.__name__] = Program(function, topic, args, positions, **options)
        return function

    return register


def load() -> dict[str, Program]:
    """All programs by name, in the order of the files' names."""
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem not in TOOLS and not path.stem.startswith(("_", "test_")):
            importlib.import_module(f"tests.corpus.{path.stem}")
    return PROGRAMS
