"""Functions without a text, as what a transform is applied to: NumPy's, math's, built-in ones.

They stand for a function that calls them, so that what is known of their calls holds for them.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import numpy as np

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
    """
    dispatches = getattr(function, "__code__", None) is BOUND_DISPATCH
    if not (dispatches or isinstance(function, _WITHOUT_TEXT)):
        return function
    if hasattr(function, "__sorix_intrinsic__"):
        return function

    def call(*args: Any) -> Any:
        return function(*args)

    call.__name__ = getattr(function, "__name__", "call")
    return call
