"""From a Python function to the specialisation a call can use, made when there is none yet."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from sorix.compiler.entry import entered
from sorix.compiler.frontend.lower import Lowered
from sorix.compiler.frontend.marks import mark
from sorix.compiler.guards import Match, compile_guards
from sorix.compiler.host import undisturbed
from sorix.compiler.load import left_to_python, reraise
from sorix.compiler.pipeline import lower_call
from sorix.compiler.program import Program
from sorix.compiler.specialise import Arguments, Binder, Specialisation
from sorix.errors import AliasingError, CompileError, InternalCompilerError

KEEP = 64
"""Specialisations kept for one function; the least recently used goes first."""


class Entry:
    """A specialisation with its program, and which derivatives of it were checked."""

    __slots__ = ("plans", "program", "specialisation", "verified")

    def __init__(self, lowered: Lowered, label: str) -> None:
        self.plans: dict[Any, Any] = {}
        self.verified: set[str] = set()
        self.specialisation = Specialisation(lowered)
        self.program = Program(lowered.function, label)

    @property
    def lowered(self) -> Lowered:
        return self.specialisation.lowered

    def check(self, check: Callable[..., None], *values: Any) -> None:
        """Call a check of generated code, under the program's ``np.errstate``."""
        with np.errstate(**self.lowered.error_state):
            check(*values)

    def run(self, function: Callable[..., Any], values: Iterable[Any]) -> Any:
        """Call a generated function, under the program's ``np.errstate``.

        Raises
        ------
        UnsupportedSyntaxError
            Where the code raises what the program handles by itself.
        """
        try:
            if self.lowered.error_state:
                with np.errstate(**self.lowered.error_state):
                    return function(*values)
            return function(*values)
        except self.lowered.handled as error:
            left_to_python(error)
        except Exception as error:
            reraise(error)


class Dispatcher:
    """The specialisations of one function, and its refusals.

    `independent` are the arguments that are variables of their own; see `frontend.lower.lower`.
    """

    def __init__(
        self, function: Callable[..., Any], independent: frozenset[str] = frozenset()
    ) -> None:
        if not callable(function):
            given = type(function).__name__
            raise TypeError(f"a function is wanted, not {given}. Hint: pass f itself, not f(x)")
        function = entered(function)
        self.function, self.independent = function, independent
        self.refusals: list[tuple[Match, CompileError]] = []
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
        for match, refusal in self.refusals:
            if match(arguments) is not None:
                raise refusal.with_traceback(None)
        entry = self._make(arguments)
        values = entry.specialisation.match(arguments)
        if values is None:
            raise self._misfit(entry, arguments)
        self.entries.insert(0, entry)
        del self.entries[KEEP:]
        return entry, values

    def _make(self, arguments: Arguments) -> Entry:
        try:
            return undisturbed(self._made, arguments)
        except CompileError as error:
            self._remember(error)
            # The message has the user's line; the way to it through the compiler is noise.
            raise error.with_traceback(None) from None
        except Exception as error:
            raise InternalCompilerError(
                f"the compiler failed on {name_of(self.function)}(): "
                f"{type(error).__name__}: {error}"
            ) from error

    def _made(self, arguments: Arguments) -> Entry:
        lowered = lower_call(self.function, arguments, self.independent)
        return Entry(lowered, describe(self.function, lowered))

    def _remember(self, error: CompileError) -> None:
        """Refuse later calls for which nothing that was looked at is different."""
        if isinstance(error.facts, tuple):
            guards, inputs = error.facts
            error.facts = None
            self.refusals.insert(0, (compile_guards(guards, inputs), error))
            del self.refusals[KEEP:]

    def _misfit(self, entry: Entry, arguments: Arguments) -> CompileError:
        if entry.specialisation.overlaps(arguments):
            return AliasingError(
                f"{name_of(self.function)}() writes into an array that shares memory with another"
                " of its arguments",
                "pass copies",
            )
        return InternalCompilerError("a fresh specialisation does not fit its own call")


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


def shown(function: Any) -> str:
    """A function as it is named in the representation of a derivative: its name and its place.

    Examples
    --------
    >>> shown(np.sin), shown(functools.partial(max, 1.0))
    ('sin', 'max')
    """
    if hasattr(function, "__sorix_intrinsic__") and not hasattr(function, "__code__"):
        return repr(function)
    while isinstance(function, functools.partial):
        function = function.func
    function = getattr(function, "__func__", function)
    code = getattr(mark(function, "__sorix_wrapped__") or function, "__code__", None)
    if code is None:
        return name_of(function)
    return f"{name_of(function)} at {Path(code.co_filename).name}:{code.co_firstlineno}"
