"""Jacobians and Hessians met inside a function that is compiled: the Python they amount to.

The compiler reads these functions as it reads the user's, so that what they compute can be
differentiated again. Whatever the transform, the columns are tangents, one for each number of the
argument.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.func.directional import jvp
from sorix.func.transforms import grad
from sorix.runtime.intrinsic import intrinsic


@intrinsic("func.require_array")
def require_array(value: Any, what: str) -> Any:
    """The value itself; the compiler refuses what is neither a number nor an array."""
    return value


@intrinsic("func.call_unnoticed")
def call_unnoticed(function: Any, *args: Any) -> Any:
    """Call a function; the compiler refuses one whose repeated calls would be noticed."""
    return function(*args)


def jacobian_read(function: Any, argnums: Any = 0) -> Any:
    """What `jacrev` and `jacfwd` make of a function."""

    def columns(*args: Any, **kwargs: Any) -> Any:
        if isinstance(argnums, tuple):
            return tuple(_of_one(function, args, kwargs, k) for k in argnums)
        return _of_one(function, args, kwargs, argnums)

    return columns


def hessian_read(function: Any, argnums: Any = 0) -> Any:
    """What `hessian` makes of a function: the Jacobian of its gradient."""

    def columns(*args: Any, **kwargs: Any) -> Any:
        if isinstance(argnums, tuple):
            gradients = [grad(function, k) for k in argnums]
            return tuple(
                tuple(_of_one(gradient, args, kwargs, k) for k in argnums) for gradient in gradients
            )
        return _of_one(grad(function, argnums), args, kwargs, argnums)

    return columns


def _of_one(function: Any, args: Any, kwargs: Any, position: Any) -> Any:
    return call_unnoticed(_columns, function, args, kwargs, position)


def _columns(function: Any, args: Any, kwargs: Any, position: Any) -> Any:
    at = position % len(args)
    x = require_array(args[at], "with respect to")

    def moved(v: Any) -> Any:
        return function(*args[:at], v, *args[at + 1 :], **kwargs)

    if not isinstance(x, np.ndarray):
        return require_array(jvp(moved, (x,), (1.0,))[1], "of")
    found = []
    for k in range(x.size):
        unit = np.zeros(x.size, x.dtype)
        unit[k] = 1.0
        _, column = jvp(moved, (x,), (unit.reshape(x.shape),))
        found.append(require_array(column, "of"))
    matrix = np.stack(found, axis=-1)
    return matrix.reshape(matrix.shape[:-1] + x.shape)
