"""Functions as users write them, whose generated text is looked at as text.

`written(name)` gives what the compiler writes for one: the function itself, its adjoint, and where
it is asked for the adjoint of the adjoint. Run as a script, prints a digest of every text.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import sorix
from sorix import nn
from sorix.compiler.dispatch import Dispatcher, Entry
from sorix.compiler.frontend.inputs import Input
from sorix.compiler.pipeline import Built


@dataclass(frozen=True)
class Written:
    """A function, arguments that make its kinds known, and how often it is differentiated."""

    function: Callable[..., Any]
    arguments: Callable[[], dict[str, Any]]
    order: int = 1


PROGRAMS: dict[str, Written] = {}


def program(order: int = 1, **kinds: Any) -> Callable[[Any], Any]:
    """Register a function; `kinds` gives for each argument a value or what makes it."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        def arguments() -> dict[str, Any]:
            return {name: v() if callable(v) else v for name, v in kinds.items()}

        PROGRAMS[function.__name__] = Written(function, arguments, order)
        return function

    return register


def smooth_net() -> nn.Module:
    sorix.manual_seed(0)
    return nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 1))


def points() -> sorix.Tensor:
    return sorix.tensor(np.linspace(-1, 1, 10, dtype=np.float32)[:, None], requires_grad=True)


def derivative(u, x):
    return sorix.grad(u, x, grad_outputs=sorix.ones_like(u), create_graph=True)[0]


# -- losses made of derivatives -------------------------------------------------------------


@program(order=2, model=smooth_net, x=points)
def penalty(model, x):
    u = model(x)
    du_dx = sorix.grad(u, x, grad_outputs=sorix.ones_like(u), create_graph=True)[0]
    return (du_dx**2).mean()


@program(model=smooth_net, x=points)
def third_derivative(model, x):
    u = model(x)
    for _ in range(3):
        u = derivative(u, x)
    return (u**2).mean()


# -- straight lines of NumPy ----------------------------------------------------------------


@program(order=2, x=np.linspace(-1, 1, 5))
def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


@program(order=2, w=np.ones(3), b=0.5, X=np.ones((6, 3)), y=np.ones(6))
def logistic_loss(w, b, X, y):
    margins = y * (X @ w + b)
    return np.mean(np.log1p(np.exp(-margins))) + 0.01 * np.dot(w, w)


@program(logits=np.ones((4, 3)), labels=np.array([0, 2, 1, 1]))
def cross_entropy(logits, labels):
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(shifted), axis=1))
    chosen = shifted[np.arange(len(labels)), labels]
    return np.mean(log_sum - chosen)


# -- loops, branches and writes -------------------------------------------------------------


@program(u=np.arange(6.0), steps=3)
def relax(u, steps):
    for _ in range(steps):
        u[1:-1] = 0.5 * (u[:-2] + u[2:])
    return np.sum(u**2)


@program(order=2, x=1.0, k=2.0, dt=0.1, steps=10)
def euler(x, k, dt, steps):
    for _ in range(steps):
        x = x - dt * k * np.sin(x)
    return x


@program(x0=np.array([1.0, 0.0]), omega=2.0, dt=0.1, n=20)
def trajectory(x0, omega, dt, n):
    xs = np.zeros((n, 2))
    xs[0] = x0
    for k in range(n - 1):
        q, p = xs[k, 0], xs[k, 1]
        xs[k + 1, 0] = q + dt * p
        xs[k + 1, 1] = p - dt * omega**2 * q
    return np.sum(xs[:, 0] ** 2)


@program(a=3.0, tolerance=1e-12)
def newton_root(a, tolerance):
    x = a
    while abs(x * x - a) > tolerance:
        x = 0.5 * (x + a / x)
    return x


@program(x=np.linspace(-2, 2, 7))
def huber(x):
    total = 0.0
    for v in x:
        if abs(v) < 1.0:
            total += 0.5 * v * v
        else:
            total += abs(v) - 0.5
    return total


@program(A=np.ones((3, 4)), B=np.ones((4, 2)))
def matrix_product(A, B):
    C = np.zeros((A.shape[0], B.shape[1]))
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            for k in range(A.shape[1]):
                C[i, j] += A[i, k] * B[k, j]
    return np.sum(C * C)


def force(q, k):
    return -k * q**3


@program(q=1.0, p=0.0, k=2.0, dt=0.1, steps=10)
def leapfrog(q, p, k, dt, steps):
    for _ in range(steps):
        p = p + 0.5 * dt * force(q, k)
        q = q + dt * p
        p = p + 0.5 * dt * force(q, k)
    return 0.5 * p**2 + 0.25 * k * q**4


@program(x=np.linspace(0.1, 1, 5))
def collected(x):
    found = []
    total = 0.0
    for v in x:
        total = total + v
        found.append(total**2)
    return sum(found)


# -- what is written for them ---------------------------------------------------------------


@dataclass(frozen=True)
class Lowering:
    """A program that was lowered, with what it is differentiated in."""

    entry: Entry
    inputs: tuple[Input, ...]
    values: list[Any]
    wrt: tuple[int, ...]
    seeds: tuple[bool, ...]


def lowered(name: str) -> Lowering:
    """The specialisation of a program for its arguments; every float is differentiated in."""
    dispatcher = Dispatcher(PROGRAMS[name].function)
    entry, values = dispatcher.find(PROGRAMS[name].arguments())
    inputs = entry.lowered.inputs
    wrt = tuple(k for k, i in enumerate(inputs) if getattr(i.var.type, "is_float", False))
    results = len(entry.lowered.function.body.results)
    seeds = tuple(k == entry.lowered.result.index for k in range(results))
    arrays = [getattr(v, "data", v) if i.kind == "tensor" else v for i, v in zip(inputs, values)]
    return Lowering(entry, inputs, arrays, wrt, seeds)


def written(name: str) -> list[tuple[str, Built]]:
    """The generated modules of a program, each with what it is."""
    it = lowered(name)
    program = it.entry.program
    found = [
        ("primal", program.primal),
        ("adjoint", program.joint(it.wrt, it.seeds)),
        ("sweeps", program.split(it.wrt, it.seeds)),
    ]
    if PROGRAMS[name].order > 1:
        found.append(("second adjoint", program.gradient(it.wrt, it.seeds).joint(it.wrt)))
    return found


if __name__ == "__main__":
    for name in PROGRAMS:
        for what, built in written(name):
            digest = hashlib.sha256(built.text.encode()).hexdigest()
            sys.stdout.write(f"{name}, {what}: {digest}\n")
