"""Stochastic gradient descent, with momentum."""

from __future__ import annotations

import numpy as np

from sorix.optim.optimizer import Group, Optimizer, Params, _check
from sorix.optim.slab import Array


class SGD(Optimizer):
    """Gradient descent: ``p -= lr * d``, with ``d`` the gradient or a running sum of it.

    With momentum, ``buf = momentum * buf + (1 - dampening) * g`` (``buf = g`` the first time) and
    ``d = buf``, or ``d = g + momentum * buf`` if `nesterov`.

    Parameters
    ----------
    params : iterable of Tensor, or of dicts
    lr : float
    momentum, dampening : float
    weight_decay : float
        Adds ``weight_decay * p`` to the gradient.
    nesterov : bool

    Examples
    --------
    >>> import sorix
    >>> from sorix import nn, optim
    >>> p = nn.Parameter([1.0, 2.0])
    >>> optimizer = optim.SGD([p], lr=0.1)
    >>> (p ** 2).sum().backward()
    >>> optimizer.step()
    >>> [round(float(v), 6) for v in p.data]
    [0.8, 1.6]
    """

    states = 2

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "momentum": momentum,
                "dampening": dampening,
                "weight_decay": weight_decay,
                "nesterov": nesterov,
            },
        )

    def _check_options(self, group: Group) -> None:
        super()._check_options(group)
        momentum = group["momentum"]
        _check(momentum >= 0.0, "Invalid momentum value", momentum)
        if group["nesterov"] and (momentum <= 0 or group["dampening"] != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")

    def _update(self, group: Group, step: int, data: Array, grad: Array, *states: Array) -> None:
        velocity, scratch = states
        momentum, decay = group["momentum"], group["weight_decay"]
        direction = grad
        if decay:
            np.multiply(data, decay, out=scratch)
            direction = np.add(scratch, grad, out=scratch)
        if momentum:
            direction = _accelerate(group, step, direction, velocity, scratch)
        np.multiply(direction, group["lr"], out=scratch)
        np.subtract(data, scratch, out=data)


def _accelerate(group: Group, step: int, gradient: Array, velocity: Array, scratch: Array) -> Array:
    """Take the gradient into the velocity; the direction to go (`gradient` may be `scratch`)."""
    momentum, dampening = group["momentum"], group["dampening"]
    if step == 1:
        velocity[...] = gradient
    elif dampening:
        np.multiply(velocity, momentum, out=velocity)
        np.multiply(gradient, 1.0 - dampening, out=scratch)
        np.add(velocity, scratch, out=velocity)
    else:
        np.multiply(velocity, momentum, out=velocity)
        np.add(velocity, gradient, out=velocity)
    if not group["nesterov"]:
        return velocity
    # gradient + momentum * velocity, with one scratch buffer that may hold the gradient.
    ahead: Array = velocity * momentum
    ahead += gradient
    return ahead
