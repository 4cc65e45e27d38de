"""Numbers that a program takes out of a tensor: ``t.item()``, ``float(t)``, ``math.exp(t)``.

The tape does not follow a number of Python's, so its derivative ends there, as PyTorch's does. The
same program means the same here: what is taken out is a constant of differentiation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.compiler.frontend import containers, expressions
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import Sequence, Tensor, Value
from sorix.errors import UnsupportedCallError


def number_of(it: Interpreter, value: Value) -> Value:
    """The value without its tensor, also of each item of a tuple or list that is known."""
    if isinstance(value, Sequence):
        return Sequence(tuple(number_of(it, item) for item in value.items), value.cls)
    if not isinstance(value, Tensor):
        return value
    return expressions.stopped(it, value.value) if value.requires_grad else value.value


_MAKING: set[Any] = {np.array, np.asarray, np.asanyarray, np.ascontiguousarray}


def require_constants(it: Interpreter, fn: Any, args: list[Value]) -> None:
    """Refuse to make an array of a tensor that requires grad, where the tape raises."""
    if fn in _MAKING and args:
        for item in (args[0], *(containers.static_items(it, args[0]) or ())):
            if isinstance(item, Tensor) and item.requires_grad:
                raise no_array()


def no_array() -> UnsupportedCallError:
    return UnsupportedCallError(
        "an array is made of a tensor that requires grad",
        "use t.detach().numpy(), a constant, or sorix.stack of tensors",
    )


def takes_numbers(fn: Any) -> bool:
    """Whether a function converts its arguments to numbers: those of `math`, np.float64."""
    if isinstance(fn, type):
        return issubclass(fn, np.generic)
    return getattr(fn, "__module__", None) == "math"
