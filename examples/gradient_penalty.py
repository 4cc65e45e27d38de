"""Train a network on a loss made of its own derivative, and read the code of its gradient.

The network ``u(x)`` starts as some slanted curve. The loss is the mean of ``(du/dx)**2`` over
random points, so training flattens it. Its gradient with respect to the weights is a derivative
of a derivative: first the eager tape computes it, then generated code does, from the same seed,
and the two runs must tell the same story.

    python examples/gradient_penalty.py [--steps 200] [--seed 0] [--output FILE.png]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import sorix
from sorix import nn, optim
from sorix.errors import MissingDependencyError

POINTS = 10
OUTPUT = Path(__file__).resolve().parent / "output" / "gradient_penalty.png"


class SmoothNet(nn.Module):
    """One number in, one number out, differentiable as often as one likes."""

    def __init__(self, hidden: int = 16) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, hidden), nn.Tanh(), nn.Linear(hidden, 1))

    def forward(self, x: sorix.Tensor) -> sorix.Tensor:
        return self.net(x)


def penalty(model: SmoothNet, x: sorix.Tensor) -> sorix.Tensor:
    """The mean squared slope of the network at the points `x`."""
    u = model(x)
    du_dx = sorix.grad(u, x, grad_outputs=sorix.ones_like(u), create_graph=True)[0]
    return (du_dx**2).mean()


compiled_penalty = sorix.compile(penalty)


@dataclass
class Run:
    """What one training leaves behind."""

    losses: np.ndarray
    before: np.ndarray
    after: np.ndarray
    seconds_per_step: float


def train(name: str, loss_of: Callable[..., Any], steps: int, seed: int, grid: np.ndarray) -> Run:
    """Train a new network from `seed`, its loss computed by `loss_of`."""
    sorix.manual_seed(seed)
    points = np.random.default_rng(seed)
    model = SmoothNet()
    optimizer = optim.Adam(model.parameters(), lr=1e-2)
    before = values_of(model, grid)
    losses = np.empty(steps)
    durations = np.empty(steps)
    print(f"\n{name}")
    for step in range(steps):
        x = sorix.tensor(
            points.uniform(-1, 1, (POINTS, 1)), dtype=sorix.float32, requires_grad=True
        )
        start = time.perf_counter()
        optimizer.zero_grad()
        loss = loss_of(model, x)
        loss.backward()
        optimizer.step()
        durations[step] = time.perf_counter() - start
        losses[step] = loss.item()
        if step % max(1, steps // 10) == 0 or step == steps - 1:
            print(f"  step {step:4d}   mean squared slope {losses[step]:.3e}", flush=True)
    return Run(losses, before, values_of(model, grid), float(np.median(durations)))


def values_of(model: SmoothNet, grid: np.ndarray) -> np.ndarray:
    """The function that the network is now, on a grid."""
    with sorix.no_grad():
        return model(sorix.tensor(grid, dtype=sorix.float32)).numpy().copy()


def new_figure() -> Any:
    """A figure that needs no display, or an error that says how to get one."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingDependencyError(
            "this example draws with matplotlib: pip install '.[examples]' in the clone"
        ) from error
    return Figure(figsize=(10, 4), layout="constrained")


def draw(figure: Any, eager: Run, compiled: Run, grid: np.ndarray) -> None:
    """The losses of both runs on the left, the function before and after on the right."""
    left, right = figure.subplots(1, 2)
    left.semilogy(eager.losses, lw=4, alpha=0.4, label="eager tape")
    left.semilogy(compiled.losses, lw=1, label="generated code")
    left.set(xlabel="step", ylabel="mean squared slope", title="The loss")
    right.plot(grid, compiled.before, label="before")
    right.plot(grid, compiled.after, label="after")
    right.set(xlabel="x", ylabel="u(x)", title="The network", xticks=np.linspace(-1, 1, 5))
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.legend()


def main() -> None:
    parser = argparse.ArgumentParser(description="Flatten a network by its own derivative.")
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    figure = new_figure()
    grid = np.linspace(-1, 1, 101).reshape(-1, 1)

    eager = train("eager tape", penalty, options.steps, options.seed, grid)
    compiled = train("generated code", compiled_penalty, options.steps, options.seed, grid)

    print("\nThe code that computed the gradient:\n")
    print(compiled_penalty.grad_source())
    gap = np.max(np.abs(eager.losses - compiled.losses) / eager.losses)
    print(f"largest relative difference between the two runs' losses: {gap:.1e}")
    print(f"slope reduced by a factor of {np.sqrt(eager.losses[0] / eager.losses[-1]):.0f}")
    print(
        f"a training step: {eager.seconds_per_step * 1e6:.0f} us on the tape, "
        f"{compiled.seconds_per_step * 1e6:.0f} us with generated code"
    )
    draw(figure, eager, compiled, grid)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(options.output, dpi=120)
    print(f"plot saved to {options.output}")


if __name__ == "__main__":
    main()
