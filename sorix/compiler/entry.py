"""Functions without a text, as what a transform is applied to: NumPy's, math's, built-in ones.

They, their partials and their derivatives stand for a function that calls them, so that what is
known of their calls holds for them.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.compiler.frontend.callables import within
from sorix.compiler.frontend.dispatching import BOUND_DISPATCH

_WITHOUT_TEXT = (
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
    types.MethodWrapperType,
    types.WrapperDescriptorType,
    np.ufunc,
    type(np.sum),
)


def entered(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function itself where it has a text, and else one that calls it.

    Examples
    --------
    >>> import math
    >>> entered(math.sqrt)(4.0), entered(math.sqrt).__name__
    (2.0, 'sqrt')
    >>> entered(functools.partial(math.pow, 2.0))(3.0)
    8.0
    """
    if _has_text(function):
        return function

    def call(*args: Any) -> Any:
        return function(*args)

    call.__name__ = getattr(function, "__name__", "call")
    return call


def _has_text(function: Any) -> bool:
    """Whether a callable is for the compiler to read; so is what sorix knows by its mark alone."""
    about = function
    while isinstance(about, functools.partial) or hasattr(type(about), "__sorix_intrinsic__"):
        about = within(about)
    dispatches = getattr(about, "__code__", None) is BOUND_DISPATCH
    if dispatches or isinstance(about, _WITHOUT_TEXT):
        return about is function and hasattr(function, "__sorix_intrinsic__")
    return True
