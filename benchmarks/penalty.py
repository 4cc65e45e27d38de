"""The step of the gradient-penalty tutorial, written for each library.

A step samples nothing: it takes the same array of points, makes a tensor that requires grad of
it, and computes the mean squared slope of a network with one hidden layer, the gradient of that
with respect to all weights, and an update by Adam. The learning rate is so small that the
network stays where it is; one that trained would soon be timed on denormal numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import sorix
from sorix import nn, optim

RATE = 1e-12
BETA1, BETA2, EPS = 0.9, 0.999, 1e-8


@dataclass(frozen=True)
class Problem:
    """A size, with weights and points that every contestant starts from."""

    points: int
    hidden: int
    dtype: str = "float32"

    def __str__(self) -> str:
        return f"N={self.points}, {self.hidden} hidden, {self.dtype}"

    def x(self) -> np.ndarray:
        draw = np.random.default_rng(1).uniform(-1, 1, (self.points, 1))
        return draw.astype(self.dtype)

    def weights(self) -> list[np.ndarray]:
        """W0 (1, h), b0 (1, h), W1 (h, 1), b1 (1, 1)."""
        random = np.random.default_rng(0)
        bound = 1 / np.sqrt(self.hidden)
        shapes_and_bounds = [
            ((1, self.hidden), 1.0),
            ((1, self.hidden), 1.0),
            ((self.hidden, 1), bound),
            ((1, 1), bound),
        ]
        return [random.uniform(-b, b, s).astype(self.dtype) for s, b in shapes_and_bounds]


@dataclass(frozen=True)
class Contestant:
    """A step to time, and the gradients it computed (with respect to W0, b0, W1, b1)."""

    name: str
    step: Callable[[], object]
    gradients: Callable[[], list[np.ndarray]]


class NotInstalled(Exception):
    """A contestant's library is missing; the message names it."""


def by_hand(problem: Problem) -> Contestant:
    """What a patient person writes with NumPy alone; the floor for code without a compiler."""
    weights, x = problem.weights(), problem.x()
    flat = np.concatenate([w.ravel() for w in weights])
    grad, mean, square = np.zeros_like(flat), np.zeros_like(flat), np.zeros_like(flat)
    cuts = np.cumsum([w.size for w in weights])[:-1]
    W0, b0, W1, _ = (
        part.reshape(w.shape) for part, w in zip(np.split(flat, cuts), weights, strict=True)
    )
    gradients = [g.reshape(w.shape) for g, w in zip(np.split(grad, cuts), weights, strict=True)]
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        h = np.tanh(x @ W0 + b0)
        s = 1 - h * h
        z = W1.T * s
        du_dx = z @ W0.T
        du_dx_bar = (2.0 / du_dx.size) * du_dx
        z_bar = du_dx_bar @ W0
        a_bar = z_bar * W1.T * -2.0 * h * s
        gradients[0][...] = du_dx_bar.T @ z + x.T @ a_bar
        gradients[1][...] = a_bar.sum(axis=0)
        gradients[2][...] = (z_bar * s).sum(axis=0)[:, None]
        adam_by_hand(flat, grad, mean, square, count)

    return Contestant("NumPy by hand", step, lambda: gradients)


def adam_by_hand(
    flat: np.ndarray, grad: np.ndarray, mean: np.ndarray, square: np.ndarray, count: int
) -> None:
    mean *= BETA1
    mean += (1 - BETA1) * grad
    square *= BETA2
    square += (1 - BETA2) * (grad * grad)
    root = np.sqrt(square / (1 - BETA2**count))
    flat -= RATE / (1 - BETA1**count) * mean / (root + EPS)


def sorix_penalty(model: Any, x: Any) -> Any:
    """The loss, as a user writes it."""
    u = model(x)
    du_dx = sorix.grad(u, x, grad_outputs=sorix.ones_like(u), create_graph=True)[0]
    return (du_dx**2).mean()


def eager(problem: Problem) -> Contestant:
    """sorix on its eager tape."""
    return _sorix("sorix, eager tape", problem, sorix_penalty)


def compiled(problem: Problem) -> Contestant:
    """sorix with the loss compiled."""
    return _sorix("sorix, compiled", problem, sorix.compile(sorix_penalty, fallback="error"))


def _sorix(name: str, problem: Problem, loss_of: Callable[..., Any]) -> Contestant:
    h = problem.hidden
    model = nn.Sequential(
        nn.Linear(1, h, dtype=problem.dtype), nn.Tanh(), nn.Linear(h, 1, dtype=problem.dtype)
    )
    parameters = list(model.parameters())
    for parameter, weight in zip(parameters, problem.weights(), strict=True):
        parameter.data[...] = weight
    optimizer = optim.Adam(parameters, lr=RATE, betas=(BETA1, BETA2), eps=EPS)
    points = problem.x()

    def step() -> None:
        optimizer.zero_grad()
        x = sorix.tensor(points, requires_grad=True)
        loss_of(model, x).backward()
        optimizer.step()

    return Contestant(name, step, lambda: [p.grad.data for p in parameters])


def torch_eager(problem: Problem) -> Contestant:
    """PyTorch, eager, as its documentation writes such a step."""
    try:
        import torch
    except ImportError:
        raise NotInstalled("torch") from None
    model = torch.nn.Sequential(
        torch.nn.Linear(1, problem.hidden), torch.nn.Tanh(), torch.nn.Linear(problem.hidden, 1)
    ).to(getattr(torch, problem.dtype))
    parameters = list(model.parameters())
    with torch.no_grad():
        for parameter, weight in zip(parameters, problem.weights(), strict=True):
            # torch keeps W transposed, and b without the first axis.
            parameter.copy_(torch.from_numpy(weight.T.reshape(parameter.shape)))
    optimizer = torch.optim.Adam(parameters, lr=RATE, betas=(BETA1, BETA2), eps=EPS)
    points = problem.x()

    def step() -> None:
        optimizer.zero_grad()
        x = torch.tensor(points, requires_grad=True)
        u = model(x)
        du_dx = torch.autograd.grad(u, x, grad_outputs=torch.ones_like(u), create_graph=True)[0]
        (du_dx**2).mean().backward()
        optimizer.step()

    def gradients() -> list[np.ndarray]:
        # b1 does not take part in the loss: torch leaves it without a gradient.
        found = [p.new_zeros(p.shape) if p.grad is None else p.grad for p in parameters]
        return [g.numpy().T.reshape(w.shape) for g, w in zip(found, problem.weights(), strict=True)]

    return Contestant("torch, eager", step, gradients)


def jax_jit(problem: Problem) -> Contestant:
    """JAX, the whole step under one jit."""
    try:
        import jax
        import jax.numpy as jnp
    except ImportError:
        raise NotInstalled("jax") from None

    def network(weights: Any, x: Any) -> Any:
        W0, b0, W1, b1 = weights
        return jnp.tanh(x @ W0 + b0) @ W1 + b1

    def loss_of(weights: Any, x: Any) -> Any:
        du_dx = jax.grad(lambda x: network(weights, x).sum())(x)
        return jnp.mean(du_dx**2)

    @jax.jit
    def whole_step(weights: Any, means: Any, squares: Any, count: Any, x: Any) -> Any:
        gradients = jax.grad(loss_of)(weights, x)
        count = count + 1
        means = [BETA1 * m + (1 - BETA1) * g for m, g in zip(means, gradients, strict=True)]
        squares = [BETA2 * v + (1 - BETA2) * g * g for v, g in zip(squares, gradients, strict=True)]
        rate = RATE / (1 - BETA1**count)
        correction = 1 - BETA2**count
        weights = [
            w - rate * m / (jnp.sqrt(v / correction) + EPS)
            for w, m, v in zip(weights, means, squares, strict=True)
        ]
        return weights, means, squares, count, gradients

    weights = [jnp.asarray(w) for w in problem.weights()]
    zeros = [jnp.zeros_like(w) for w in weights]
    state = (weights, zeros, zeros, jnp.float32(0), zeros)
    points = problem.x()

    def step() -> None:
        nonlocal state
        state = whole_step(*state[:4], points)
        jax.block_until_ready(state)

    return Contestant("JAX, jit", step, lambda: [np.asarray(g) for g in state[4]])


CONTESTANTS = (by_hand, eager, compiled, torch_eager, jax_jit)
