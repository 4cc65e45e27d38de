"""What layers compute, as functions of tensors or arrays.

Written with NumPy and `sorix.support`, so each works on tensors, on plain arrays, and in compiled
code.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix import support
from sorix.errors import ShapeError

REDUCTIONS = ("mean", "sum", "none")


def linear(x: Any, W: Any, b: Any = None) -> Any:
    """``x @ W + b``; `W` has shape (in, out), `b` (if any) a shape that broadcasts to (1, out)."""
    return x @ W if b is None else x @ W + b


def tanh(x: Any) -> Any:
    """The hyperbolic tangent.

    Examples
    --------
    >>> import sorix
    >>> from sorix.nn import functional as F
    >>> F.tanh(sorix.tensor(0.0)).item()
    0.0
    """
    return np.tanh(x)


def sigmoid(x: Any) -> Any:
    """The logistic function ``1 / (1 + exp(-x))``, without overflow."""
    return support.sigmoid(x)


def relu(x: Any) -> Any:
    """``max(x, 0)``; its derivative at 0 is 0."""
    return support.relu(x)


def softplus(x: Any, beta: float = 1.0) -> Any:
    """``log(1 + exp(beta * x)) / beta``, without overflow."""
    return support.softplus(x) if beta == 1.0 else support.softplus(beta * x) / beta


def silu(x: Any) -> Any:
    """``x * sigmoid(x)``, also called swish."""
    return support.silu(x)


def mse_loss(input: Any, target: Any, reduction: str = "mean") -> Any:
    """The squared error ``(input - target)**2``, averaged, summed, or as it is.

    Parameters
    ----------
    input, target : Tensor or ndarray
        Of the same rank, unless `target` is a single number.
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ShapeError
        If the ranks differ: a column against a vector would be compared every with every.

    Examples
    --------
    >>> import sorix
    >>> from sorix.nn import functional as F
    >>> F.mse_loss(sorix.tensor([1.0, 2.0]), sorix.tensor([1.0, 4.0]), reduction="sum").item()
    4.0
    """
    if np.ndim(target) not in (0, np.ndim(input)):
        raise ShapeError(
            "mse_loss: input and target have different numbers of dimensions, "
            f"{np.ndim(input)} and {np.ndim(target)}. Hint: reshape the target like the input."
        )
    squares = (input - target) ** 2
    if reduction == "mean":
        return np.mean(squares)
    if reduction == "sum":
        return np.sum(squares)
    check_reduction(reduction)
    return squares


def check_reduction(reduction: str) -> None:
    """Raise ValueError unless `reduction` is the name of one."""
    if reduction not in REDUCTIONS:
        raise ValueError(f"{reduction} is not a valid value for reduction: one of {REDUCTIONS}")
