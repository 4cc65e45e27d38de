"""The table from a function of NumPy's to its definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, signature
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np

from sorix.errors import UnsupportedFunctionError
from sorix.primitives.canonical import name_of
from sorix.primitives.versions import numpy_functions

F = TypeVar("F", bound=Callable[..., Any])

_definitions: dict[Any, Callable[..., Any]] = {}


def defines(*functions: Any) -> Callable[[F], F]:
    """Register a definition; names are of functions that not every version of NumPy has."""

    def register(body: F) -> F:
        for function in functions:
            named = numpy_functions(function) if isinstance(function, str) else (function,)
            for one in named:
                _definitions[one] = body
        return body

    return register


def definition_of(function: object) -> Callable[..., Any] | None:
    """What a function amounts to, as a function of others; None where it has no definition.

    Examples
    --------
    >>> import numpy as np
    >>> float(definition_of(np.polyval)([1.0, 2.0], 3.0))
    5.0
    """
    try:
        return _definitions.get(function)
    except TypeError:
        return None


def definitions() -> Mapping[Any, Callable[..., Any]]:
    """All definitions by function, read-only."""
    return MappingProxyType(_definitions)


def arranged(
    function: Any,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    static: Callable[[Any], Any] = lambda value: value,
) -> tuple[list[Any], dict[str, Any]]:
    """The arguments of a call as the function's definition takes them.

    Parameters
    ----------
    function
        A function that has a definition.
    args, kwargs
        As the program gave them.
    static
        The Python value of an argument, where the caller wraps constants.

    Raises
    ------
    UnsupportedFunctionError
        Where an option is given that the definition does not take.

    Examples
    --------
    >>> import numpy as np
    >>> arranged(np.median, ([1.0, 2.0], 0, None, True), {})
    ([[1.0, 2.0]], {'axis': 0, 'overwrite_input': True})
    """
    own = signature(_definitions[function]).parameters
    theirs = _parameters(function)
    by_position = [p.name for p in theirs.values() if p.kind <= Parameter.POSITIONAL_OR_KEYWORD]
    kinds = {p.kind for p in own.values()}
    takes_any = any(p.kind is Parameter.VAR_KEYWORD for p in theirs.values())
    if Parameter.VAR_POSITIONAL in kinds or len(args) > len(by_position):
        return list(args), dict(kwargs)
    least = sum(p.default is Parameter.empty for p in own.values())
    named = dict(zip(by_position[least:], args[least:], strict=False))
    for name in (*named, *kwargs):
        known = name in own or Parameter.VAR_KEYWORD in kinds
        value = named[name] if name in named else kwargs[name]
        default = theirs[name].default if name in theirs else Parameter.empty
        if known or (name not in theirs and not takes_any):
            continue
        if static(value) is not default and static(value) is not np._NoValue:
            option = f"its option {name}="
            raise UnsupportedFunctionError(f"{name_of(function)} has no rule for {option}")
        named.pop(name, None)
        kwargs = {key: kept for key, kept in kwargs.items() if key != name}
    return list(args[:least]), {**named, **kwargs}


def _parameters(function: Any) -> Mapping[str, Parameter]:
    try:
        return signature(function).parameters
    except (TypeError, ValueError):
        return {}
