"""From a Python function to the specialisation a call can use, made when there is none yet."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from sorix.compiler.frontend.lower import Lowered
from sorix.compiler.pipeline import lower_call
from sorix.compiler.program import Program
from sorix.compiler.specialise import Arguments, Binder, Specialisation
from sorix.errors import CompileError, InternalCompilerError

KEEP = 64
"""Specialisations kept for one function; the least recently used goes first."""


class Entry:
    """A specialisation with its program."""

    __slots__ = ("program", "specialisation")

    def __init__(self, lowered: Lowered, label: str) -> None:
        self.specialisation = Specialisation(lowered)
        self.program = Program(lowered.function, label)

    @property
    def lowered(self) -> Lowered:
        return self.specialisation.lowered


class Dispatcher:
    """The specialisations of one function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.bind = Binder(function)
        self.entries: list[Entry] = []

    def find(self, arguments: Arguments) -> tuple[Entry, list[Any]]:
        """The entry for a call, and the values of its inputs.

        Raises
        ------
        CompileError
            Where the function is refused for these arguments.
        """
        for k, entry in enumerate(self.entries):
            values = entry.specialisation.match(arguments)
            if values is not None:
                if k:
                    self.entries.insert(0, self.entries.pop(k))
                return entry, values
        entry = self._make(arguments)
        values = entry.specialisation.match(arguments)
        if values is None:
            raise InternalCompilerError("a fresh specialisation does not fit its own call")
        self.entries.insert(0, entry)
        del self.entries[KEEP:]
        return entry, values

    def _make(self, arguments: Arguments) -> Entry:
        try:
            lowered = lower_call(self.function, arguments)
        except CompileError:
            raise
        except Exception as error:
            raise InternalCompilerError(
                f"the compiler failed on {name_of(self.function)}(): "
                f"{type(error).__name__}: {error}"
            ) from error
        return Entry(lowered, describe(self.function, lowered))


def describe(function: Callable[..., Any], lowered: Lowered) -> str:
    """What the header of generated text says: where the function stands, and its inputs' types."""
    origin = lowered.function.origin
    place = f"{origin.file.rsplit('/', 1)[-1]}:{origin.line} " if origin else ""
    names = ", ".join(Binder(function).names)
    inputs = ", ".join(f"{i.var.hint}: {i.var.type}" for i in lowered.inputs if i.kind != "object")
    return f"{place}{name_of(function)}({names}) | {inputs or 'no inputs'}"


def name_of(function: Any) -> str:
    while isinstance(function, functools.partial):
        function = function.func
    return getattr(function, "__name__", type(function).__name__)
