"""Element-wise layers. All but `ReLU` are smooth: a loss may contain their derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.nn import functional
from sorix.nn.module import Module


class Tanh(Module):
    """The hyperbolic tangent.

    Examples
    --------
    >>> import sorix
    >>> from sorix import nn
    >>> nn.Tanh()(sorix.tensor([0.0])).tolist()
    [0.0]
    """

    def forward(self, x: Any) -> Any:
        return functional.tanh(x)


class ReLU(Module):
    """``max(x, 0)``; its derivative at 0 is 0."""

    def forward(self, x: Any) -> Any:
        return functional.relu(x)


class Sigmoid(Module):
    """The logistic function ``1 / (1 + exp(-x))``."""

    def forward(self, x: Any) -> Any:
        return functional.sigmoid(x)


class Softplus(Module):
    """``log(1 + exp(beta * x)) / beta``, a smooth `ReLU`.

    Parameters
    ----------
    beta : float
        How sharp the bend is.
    """

    def __init__(self, beta: float = 1.0) -> None:
        super().__init__()
        self.beta = beta

    def forward(self, x: Any) -> Any:
        return functional.softplus(x, self.beta)

    def extra_repr(self) -> str:
        return f"beta={self.beta}"


class SiLU(Module):
    """``x * sigmoid(x)``, also called swish."""

    def forward(self, x: Any) -> Any:
        return functional.silu(x)


class Sin(Module):
    """``sin(w0 * x)``, the activation of sinusoidal networks (Sitzmann et al., 2020).

    Parameters
    ----------
    w0 : float
        The frequency.

    Examples
    --------
    >>> import sorix
    >>> from sorix import nn
    >>> nn.Sin(w0=30.0)
    Sin(w0=30.0)
    """

    def __init__(self, w0: float = 1.0) -> None:
        super().__init__()
        self.w0 = w0

    def forward(self, x: Any) -> Any:
        return np.sin(self.w0 * x)

    def extra_repr(self) -> str:
        return f"w0={self.w0}"
