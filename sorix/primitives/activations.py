"""The nonlinear functions of neural networks."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.primitives.reductions import reduced
from sorix.primitives.table import adjoint, elementwise, tangent_of
from sorix.support import (
    elu,
    expand,
    leaky_relu,
    log_softmax,
    logsumexp,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
)
from sorix.support.broadcasting import Axis


@elementwise(sigmoid)
def sigmoid_(y: Any, x: Any) -> Any:
    return y * (1 - y)


@elementwise(softplus)
def softplus_(y: Any, x: Any) -> Any:
    return sigmoid(x)


@adjoint(relu)
def relu_(y_bar: Any, y: Any, x: Any) -> Any:
    return np.where(x > 0, y_bar, 0.0)


@tangent_of(relu)
def relu_tangent(dots: Any, y: Any, x: Any) -> Any:
    return np.where(x > 0, dots[0], 0.0)


@adjoint(leaky_relu)
def leaky_relu_(y_bar: Any, y: Any, x: Any, slope: float = 0.01) -> Any:
    return np.where(x > 0, y_bar, slope * y_bar)


@tangent_of(leaky_relu)
def leaky_relu_tangent(dots: Any, y: Any, x: Any, slope: float = 0.01) -> Any:
    return np.where(x > 0, dots[0], slope * dots[0])


@adjoint(elu)
def elu_(y_bar: Any, y: Any, x: Any, alpha: float = 1.0) -> Any:
    return np.where(x > 0, y_bar, y_bar * (alpha * np.exp(np.minimum(x, 0.0))))


@tangent_of(elu)
def elu_tangent(dots: Any, y: Any, x: Any, alpha: float = 1.0) -> Any:
    return np.where(x > 0, dots[0], dots[0] * (alpha * np.exp(np.minimum(x, 0.0))))


@elementwise(silu)
def silu_(y: Any, x: Any) -> Any:
    s = sigmoid(x)
    return s + y * (1 - s)


@adjoint(logsumexp)
def logsumexp_(y_bar: Any, y: Any, x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    return expand(y_bar, x, **reduced(axis, keepdims)) * softmax(x, axis=axis)


@tangent_of(logsumexp)
def logsumexp_tangent(dots: Any, y: Any, x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    return np.sum(dots[0] * softmax(x, axis=axis), **reduced(axis, keepdims))


@adjoint(softmax)
def softmax_(y_bar: Any, y: Any, x: Any, axis: Axis = -1) -> Any:
    weighted = y_bar * y
    return weighted - y * np.sum(weighted, **reduced(axis, True))


@tangent_of(softmax)
def softmax_tangent(dots: Any, y: Any, x: Any, axis: Axis = -1) -> Any:
    weighted = dots[0] * y
    return weighted - y * np.sum(weighted, **reduced(axis, True))


@adjoint(log_softmax)
def log_softmax_(y_bar: Any, y: Any, x: Any, axis: Axis = -1) -> Any:
    return y_bar - np.exp(y) * np.sum(y_bar, **reduced(axis, True))


@tangent_of(log_softmax)
def log_softmax_tangent(dots: Any, y: Any, x: Any, axis: Axis = -1) -> Any:
    return dots[0] - np.sum(np.exp(y) * dots[0], **reduced(axis, True))
