"""The nonlinear functions of neural networks, in forms that neither overflow nor cancel.

All keep the dtype of a floating-point argument, and are analytic in a complex one where the
function is, so that complex steps pass through them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.support.broadcasting import Axis
from sorix.support.dispatch import primitive


@primitive
def sigmoid(x: Any) -> Any:
    """The logistic function ``1 / (1 + exp(-x))``.

    Examples
    --------
    >>> float(sigmoid(0.0))
    0.5
    """
    if np.iscomplexobj(x):
        return 1.0 / (1.0 + np.exp(-x))
    e = np.exp(-np.abs(x))
    return np.where(x < 0, e, 1.0) / (1.0 + e)


@primitive
def softplus(x: Any) -> Any:
    """``log(1 + exp(x))``, a smooth form of `relu`.

    Examples
    --------
    >>> round(float(softplus(0.0)), 6)
    0.693147
    """
    if np.iscomplexobj(x):
        return np.log(1.0 + np.exp(x))
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


@primitive
def relu(x: Any) -> Any:
    """``max(x, 0)``, with derivative 0 at 0.

    Examples
    --------
    >>> float(relu(-2.0))
    0.0
    """
    return np.maximum(x, 0.0)


@primitive
def leaky_relu(x: Any, slope: float = 0.01) -> Any:
    """`x` where positive, else ``slope * x``.

    Examples
    --------
    >>> float(leaky_relu(-2.0, slope=0.5))
    -1.0
    """
    return np.where(x > 0, x, slope * x)[()]


@primitive
def elu(x: Any, alpha: float = 1.0) -> Any:
    """`x` where positive, else ``alpha * (exp(x) - 1)``.

    Examples
    --------
    >>> float(elu(3.0))
    3.0
    """
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0.0)))[()]


@primitive
def silu(x: Any) -> Any:
    """``x * sigmoid(x)``, also called swish.

    Examples
    --------
    >>> float(silu(0.0))
    0.0
    """
    return x * sigmoid(x)


def _shift(x: Any, axis: Axis) -> Any:
    """What to subtract before exponentials: the maximum, or 0 where that is infinite."""
    top = np.max(x, axis=axis, keepdims=True)
    return np.where(np.isfinite(top), top, 0.0) if not np.all(np.isfinite(top)) else top


@primitive
def logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """``log(sum(exp(x)))`` along an axis, without overflow.

    Examples
    --------
    >>> import numpy as np
    >>> round(float(logsumexp(np.array([1000.0, 1000.0]))), 6)
    1000.693147
    """
    shift = _shift(x, axis)
    with np.errstate(divide="ignore"):
        y = np.log(np.sum(np.exp(x - shift), axis=axis, keepdims=True)) + shift
    if keepdims:
        return y
    return np.squeeze(y, axis=axis) if axis is not None else np.reshape(y, ())[()]


@primitive
def softmax(x: Any, axis: Axis = -1) -> Any:
    """``exp(x) / sum(exp(x))`` along an axis, without overflow.

    Examples
    --------
    >>> import numpy as np
    >>> softmax(np.array([0.0, 0.0]))
    array([0.5, 0.5])
    """
    e = np.exp(x - _shift(x, axis))
    return e / np.sum(e, axis=axis, keepdims=True)


@primitive
def log_softmax(x: Any, axis: Axis = -1) -> Any:
    """``log(softmax(x))``, without overflow or underflow.

    Examples
    --------
    >>> import numpy as np
    >>> log_softmax(np.array([0.0, 1000.0]))
    array([-1000.,     0.])
    """
    return x - logsumexp(x, axis=axis, keepdims=True)
