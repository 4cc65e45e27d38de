"""Every error sorix raises: one class per cause.

An error about a user's program says where (file, line, column, the line itself with a caret),
why, and what to write instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_raised: ContextVar[list[SorixError] | None] = ContextVar("sorix_raised", default=None)


class SorixError(Exception):
    """Base of all errors of sorix."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        raised = _raised.get()
        if raised is not None:
            raised.append(self)


class CompileError(SorixError):
    """Base of the errors that refuse a program at compile time.

    Parameters
    ----------
    reason : str
        Why the program is refused.
    hint : str
        What to write instead.
    file, line, column, source_line
        Where; `line` counts from 1, `column` from 0; filled in by `at` where the place is
        known only to a caller.
    """

    def __init__(
        self,
        reason: str,
        hint: str = "",
        file: str = "",
        line: int = 0,
        column: int = 0,
        source_line: str = "",
    ) -> None:
        super().__init__(reason)
        self.reason, self.hint = reason, hint
        self.facts: object = None
        self.file, self.line, self.column, self.source_line = file, line, column, source_line

    def at(self, file: str, line: int, column: int, source_line: str) -> CompileError:
        """The same error, placed there unless it already has a place."""
        if not self.line:
            self.file, self.line, self.column = file, line, column
            self.source_line = source_line
        return self

    def __str__(self) -> str:
        if not self.line:
            return self.reason + (f"\nInstead: {self.hint}" if self.hint else "")
        indent = len(self.source_line) - len(self.source_line.lstrip())
        caret = " " * max(0, self.column - indent) + "^"
        parts = [
            f"{self.file}:{self.line}:{self.column + 1}: {self.reason}",
            f"    {self.source_line.strip()}",
            f"    {caret}",
        ]
        if self.hint:
            parts.append(f"Instead: {self.hint}")
        return "\n".join(parts)


class SourceUnavailableError(CompileError):
    """The function's source text cannot be found, or is no longer the one that was loaded."""


class UnsupportedSyntaxError(CompileError):
    """The program contains a statement or expression the compiler does not differentiate."""


class UnsupportedCallError(CompileError):
    """The program calls something whose derivative is not known, with a value that needs one."""


class UnsupportedTypeError(CompileError):
    """A value has a type the compiler cannot follow where it is used."""


class AliasingError(CompileError):
    """An array is written while it cannot be decided which other names see the write."""


class StructureError(CompileError):
    """A name would hold values of different structure, depending on a branch or an iteration."""


class UndefinedNameError(CompileError):
    """A name is read that is not, or not on every path, assigned before."""


class NotDifferentiableError(CompileError):
    """A derivative is asked for of something that has none (an integer, a string)."""


class CompilerLimitError(CompileError):
    """The program is larger than the compiler is willing to unroll or inline."""


class NotCompiledError(CompileError, AttributeError):
    """The generated text is asked for where there is none: before a first call, or on the tape."""

    @classmethod
    def refused(cls, error: CompileError) -> NotCompiledError:
        """What a refusal is to one who asks for the text."""
        place = error.file, error.line, error.column, error.source_line
        return cls(error.reason, error.hint, *place)


class InternalCompilerError(CompileError):
    """A fault of the compiler's own; the call runs on the tape instead."""


class VerificationError(SorixError):
    """Generated code disagrees with the function, or its derivative with differences.

    Attributes
    ----------
    reproducer : str
        A Python script that prints both: the generated texts, the inputs and the comparison.
    """

    def __init__(self, message: str, reproducer: str = "") -> None:
        super().__init__(message)
        self.reproducer = reproducer


class ShapeError(SorixError, ValueError):
    """Shapes that do not fit each other."""


class ShapeMismatchError(CompileError, ShapeError):
    """Shapes that cannot fit each other, found while compiling."""


class DTypeError(SorixError, TypeError):
    """A dtype that cannot carry a derivative, or does not fit."""


class NoGradientError(SorixError, RuntimeError):
    """A tensor that does not require grad, or was not used, where a derivative is asked for."""


class NonScalarError(SorixError, RuntimeError):
    """A gradient without a cotangent is created implicitly only for scalar outputs."""


class GraphFreedError(SorixError, RuntimeError):
    """A second backward through a graph whose residuals were freed by the first."""


class GraphUsedAgainError(CompileError, GraphFreedError):
    """A graph that `sorix.grad` freed is differentiated again, found while compiling."""


class InPlaceError(SorixError, RuntimeError):
    """A write in place that would change what the tape has recorded."""


class UnsupportedFunctionError(SorixError, TypeError):
    """A NumPy function without a derivative rule, called with a Tensor."""


class UnsupportedMethodError(UnsupportedFunctionError, AttributeError):
    """A method or attribute that arrays have, and tensors have not."""


class StateDictError(SorixError, RuntimeError):
    """A state to be loaded has other names or shapes than the module's parameters."""


class MissingDependencyError(SorixError, ImportError):
    """An optional dependency is not installed; the message names the pip command."""


@contextmanager
def unhandled() -> Iterator[None]:
    """Raise at the end what was refused inside, should the program have handled it.

    A refusal is no exception of the program's: ``except RuntimeError`` was not written for it, and
    going on after it would give another result than the program's. Shapes that do not fit are an
    exception of the program's, too.
    """
    raised: list[SorixError] = []
    token = _raised.set(raised)
    try:
        yield
    finally:
        _raised.reset(token)
        refusals = [error for error in raised if not isinstance(error, ShapeError)]
        if refusals:
            raise refusals[0] from None


def withdraw(error: SorixError) -> None:
    """Take a refusal back: what was refused is done in another way."""
    raised = _raised.get()
    if raised is not None:
        raised[:] = [one for one in raised if one is not error]


class CacheWarning(UserWarning):
    """The disk cache cannot be used safely; entries stay in memory."""


class FallbackWarning(UserWarning):
    """A function runs on the eager tape because it was refused by the compiler."""
