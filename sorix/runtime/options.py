"""Options of the library's functions: which there are, and what they can be."""

from __future__ import annotations

import difflib
import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar

import numpy as np

from sorix.runtime.tracebacks import shorten

P = ParamSpec("P")
T = TypeVar("T")

TRUTH = (True, False)
FALLBACKS = ("tape", "error")


def entrance(function: Callable[P, T]) -> Callable[P, T]:
    """A function that users call: it names misspelled options, and shows none of its frames.

    Examples
    --------
    >>> @entrance
    ... def draw(shape, colour="black"): ...
    >>> draw("circle", color="red")
    Traceback (most recent call last):
    TypeError: draw() has no option 'color'. Hint: did you mean colour=?
    """

    @functools.wraps(function)
    def enter(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except Exception as error:
            inner = error.__traceback__.tb_next if error.__traceback__ else None
            if type(error) is TypeError and inner is None:  # It was not entered.
                error.args = (_misspelled(function, kwargs) or str(error),)
                error.__traceback__ = None
            shorten(error)
            raise

    return enter


def _misspelled(function: Callable[..., Any], given: dict[str, Any]) -> str | None:
    """What to say of an option that a function has not; None where it has all that are given."""
    parameters = inspect.signature(function).parameters.values()
    known = [p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    unknown = next((name for name in given if name not in known), None)
    if unknown is None:
        return None
    options = [p.name for p in parameters if p.name in known and p.default is not p.empty]
    near = difflib.get_close_matches(unknown, known, n=1)
    hint = "give the arguments by position: it has no options"
    if options:
        hint = f"its options are {', '.join(options)}"
    if near:
        hint = f"did you mean {near[0]}=?"
    return f"{function.__name__}() has no option {unknown!r}. Hint: {hint}"


def require_option(name: str, value: Any, allowed: Sequence[Any]) -> None:
    """Refuse a value that an option cannot have.

    Examples
    --------
    >>> require_option("fallback", "eror", FALLBACKS)
    Traceback (most recent call last):
    ValueError: fallback='eror' is neither 'tape' nor 'error'. Hint: did you mean fallback='error'?
    """
    if isinstance(value, str | bool | int | np.bool_) and value in allowed:
        return
    texts = [a for a in allowed if isinstance(a, str)]
    near = difflib.get_close_matches(value, texts, n=1) if isinstance(value, str) else []
    hint = f". Hint: did you mean {name}={near[0]!r}?" if near else ""
    raise ValueError(f"{name}={value!r} is {_none_of(allowed)}{hint}")


def _none_of(allowed: Sequence[Any]) -> str:
    if len(allowed) == 1:
        return f"not known: the only one is {allowed[0]!r}"
    return f"neither {' nor '.join(map(repr, allowed))}"
