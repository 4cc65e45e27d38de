"""The override protocol of support functions: what ``__array_function__`` is to NumPy.

A function marked ``@primitive`` looks at the types of its positional arguments, and at what
tuples, lists and slices among them hold. Where one defines ``__sorix_function__``, that method
is called as ``argument.__sorix_function__(function, args, kwargs)`` in the function's place; so
the tape records the call and the compiler emits it. Keyword arguments are options, never looked
at.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import numpy as np

F = TypeVar("F", bound=Callable[..., Any])

# Types that certainly do not override: the common case costs one set lookup an argument.
_plain: frozenset[type] = frozenset(
    {np.ndarray, float, int, bool, complex, str, type(None), type(Ellipsis)}
    | {np.float64, np.float32, np.int64, np.int32, np.bool_, np.complex128}
)


def primitive(function: F) -> F:
    """Make `function` give way to arguments that define ``__sorix_function__``.

    Examples
    --------
    >>> @primitive
    ... def double(x):
    ...     return 2 * x
    >>> class Symbol:
    ...     def __sorix_function__(self, function, args, kwargs):
    ...         return function.__name__
    >>> double(3), double(Symbol())
    (6, 'double')
    """

    @wraps(function)
    def dispatching(*args: Any, **kwargs: Any) -> Any:
        for arg in args:
            if type(arg) not in _plain:
                override = _override(arg)
                if override is not None:
                    return override(dispatching, args, kwargs)
        return function(*args, **kwargs)

    return cast(F, dispatching)


def _override(arg: Any) -> Callable[..., Any] | None:
    """The ``__sorix_function__`` of an argument or of something it contains."""
    kind = type(arg)
    if kind is tuple or kind is list:
        for item in arg:
            if type(item) not in _plain:
                found = _override(item)
                if found is not None:
                    return found
        return None
    if kind is slice:
        return _override((arg.start, arg.stop, arg.step))
    if hasattr(kind, "__sorix_function__"):
        return cast(Callable[..., Any], arg.__sorix_function__)
    return None
