"""Adam, and Adam with decoupled weight decay.

The running means are kept without their constant factors, ``m / (1 - beta1)`` and
``v / (1 - beta2)``; with the factors and the bias corrections folded into two numbers, an update
is ten NumPy calls and makes no array.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from sorix.optim.optimizer import Group, Optimizer, Params, _check
from sorix.optim.slab import Array


class Adam(Optimizer):
    """Adam (Kingma and Ba, 2015, algorithm 1).

    ``p -= lr * m_hat / (sqrt(v_hat) + eps)``, where ``m_hat`` and ``v_hat`` are running means of
    the gradient and of its square, corrected for having begun at zero.

    Parameters
    ----------
    params : iterable of Tensor, or of dicts
    lr : float
    betas : (float, float)
        How much of each running mean stays at a step.
    eps : float
    weight_decay : float
        Adds ``weight_decay * p`` to the gradient.

    Examples
    --------
    >>> import sorix
    >>> from sorix import nn, optim
    >>> p = nn.Parameter([1.0, -2.0])
    >>> optimizer = optim.Adam([p], lr=0.1)
    >>> p.grad.data
    array([0., 0.], dtype=float32)
    >>> (p ** 2).sum().backward()
    >>> optimizer.step()
    >>> [round(float(v), 6) for v in p.data]
    [0.9, -1.9]
    """

    states = 3
    decoupled = False

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, defaults)

    def _check_options(self, group: Group) -> None:
        super()._check_options(group)
        for i, beta in enumerate(group["betas"]):
            _check(0.0 <= beta < 1.0, f"Invalid beta parameter at index {i}", beta)
        _check(group["eps"] >= 0.0, "Invalid epsilon value", group["eps"])

    def _update(self, group: Group, step: int, data: Array, grad: Array, *states: Array) -> None:
        mean, square, scratch = states
        beta1, beta2 = group["betas"]
        if group["weight_decay"]:
            grad = self._decay(group, data, grad, scratch)
        np.multiply(mean, beta1, out=mean)
        np.add(mean, grad, out=mean)
        np.multiply(square, beta2, out=square)
        np.multiply(grad, grad, out=scratch)
        np.add(square, scratch, out=square)

        root = sqrt((1.0 - beta2) / (1.0 - beta2**step))
        rate = group["lr"] * (1.0 - beta1) / ((1.0 - beta1**step) * root)
        np.sqrt(square, out=scratch)
        np.add(scratch, group["eps"] / root, out=scratch)
        np.divide(mean, scratch, out=scratch)
        np.multiply(scratch, rate, out=scratch)
        np.subtract(data, scratch, out=data)

    def _decay(self, group: Group, data: Array, grad: Array, scratch: Array) -> Array:
        """Apply weight decay; the gradient to go on with."""
        decay = group["weight_decay"]
        if self.decoupled:
            np.multiply(data, 1.0 - group["lr"] * decay, out=data)
            return grad
        np.multiply(data, decay, out=scratch)
        # `scratch` is needed again while the gradient still is: this sum gets its own array.
        return grad + scratch


class AdamW(Adam):
    """Adam with decoupled weight decay: ``p *= 1 - lr * weight_decay`` before each update.

    Parameters are those of `Adam`; `weight_decay` is 0.01 unless given.

    References
    ----------
    Loshchilov and Hutter, "Decoupled weight decay regularization", 2019.
    """

    decoupled = True

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)
