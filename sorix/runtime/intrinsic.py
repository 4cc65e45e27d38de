"""The mark by which the compiler knows sorix's own functions in a user's program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def intrinsic(name: str, lowers_to: Callable[..., Any] | None = None) -> Callable[[F], F]:
    """Mark a function as one the compiler knows by `name`, or else as a NumPy function.

    Examples
    --------
    >>> @intrinsic("grad")
    ... def grad(): ...
    >>> grad.__sorix_intrinsic__
    'grad'
    """

    def mark(function: F) -> F:
        function.__sorix_intrinsic__ = name  # type: ignore[attr-defined]
        if lowers_to is not None:
            function.__sorix_lowers_to__ = lowers_to  # type: ignore[attr-defined]
        return function

    return mark


def read_as(text: Callable[..., Any]) -> Callable[[F], F]:
    """Mark a function as one that the compiler reads as another, which is plain Python.

    Examples
    --------
    >>> @read_as(lambda x: x * x)
    ... def square(x): ...
    >>> square.__sorix_read_as__(3)
    9
    """

    def mark(function: F) -> F:
        function.__sorix_read_as__ = text  # type: ignore[attr-defined]
        return intrinsic("read_as")(function)

    return mark
