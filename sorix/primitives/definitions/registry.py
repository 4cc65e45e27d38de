"""The table from a function of NumPy's to its definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

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
