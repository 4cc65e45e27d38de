"""The gradient of a loop of 100,000 steps: time and peak memory, with and without checkpointing.

    python -m benchmarks.checkpoint [--quick]

A recurrent network of 32 rates is integrated by explicit Euler steps; the gradient of its final
energy is taken with respect to its weights, its bias and where it started. Every contestant runs in
a process of its own, so that its peak is its own: what the process holds at most while the gradient
is computed, above what it held before. Before anything is shown, all must have computed the same
gradients, and all make the same number of steps.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import sorix
from benchmarks.penalty import NotInstalled

STEPS, QUICK = 100_000, 5_000
TOLERANCE = 1e-8
Gradient = Callable[[], list[np.ndarray]]


@dataclass(frozen=True)
class Problem:
    """How many steps, and of how many rates."""

    steps: int
    size: int = 32

    def start(self) -> list[np.ndarray]:
        """weights (m, m), bias (m,), rates (m,)."""
        random = np.random.default_rng(0)
        weights = random.normal(size=(self.size, self.size)) * 0.9 / np.sqrt(self.size)
        return [weights, random.normal(size=self.size), random.normal(size=self.size)]

    @property
    def h(self) -> float:
        return 10.0 / self.steps


def rates(weights: Any, bias: Any, x: Any, h: Any, steps: Any) -> Any:
    """The final energy, as a user writes it."""
    for _ in range(steps):
        x = x + h * (np.tanh(weights @ x + bias) - x)
    return np.sum(x * x)


def rates_in_segments(weights: Any, bias: Any, x: Any, h: Any, steps: Any) -> Any:
    """The same with one word more."""
    for _ in sorix.checkpoint(range(steps)):
        x = x + h * (np.tanh(weights @ x + bias) - x)
    return np.sum(x * x)


def sorix_plain(problem: Problem) -> Gradient:
    return _sorix(rates, problem)


def sorix_checkpoint(problem: Problem) -> Gradient:
    return _sorix(rates_in_segments, problem)


def _sorix(function: Callable[..., Any], problem: Problem) -> Gradient:
    gradient = sorix.func.grad(function, argnums=(0, 1, 2), fallback="error")
    given = problem.start()
    gradient(*given, problem.h, 2)
    return lambda: list(gradient(*given, problem.h, problem.steps))


def jax_scan(problem: Problem) -> Gradient:
    """JAX, one scan under jit."""
    return _jax(problem, 1)


def jax_checkpoint(problem: Problem) -> Gradient:
    """JAX, a scan over segments, each a scan under `jax.checkpoint`."""
    return _jax(problem, _segment(problem.steps))


def _segment(steps: int) -> int:
    """The largest divisor of the number of steps that is at most its root."""
    root = math.isqrt(steps)
    return next(size for size in range(root, 0, -1) if steps % size == 0)


def _jax(problem: Problem, segment: int) -> Gradient:
    try:
        import jax
        import jax.numpy as jnp
    except ImportError:
        raise NotInstalled("jax") from None
    jax.config.update("jax_enable_x64", True)
    h = problem.h

    def final(weights: Any, bias: Any, x: Any) -> Any:
        def step(x: Any, _: None) -> tuple[Any, None]:
            return x + h * (jnp.tanh(weights @ x + bias) - x), None

        def steps(x: Any, _: None) -> tuple[Any, None]:
            return jax.lax.scan(step, x, None, length=segment)

        body = step if segment == 1 else jax.checkpoint(steps)
        x, _ = jax.lax.scan(body, x, None, length=problem.steps // segment)
        return jnp.sum(x * x)

    given = [jnp.asarray(v) for v in problem.start()]
    compiled = jax.jit(jax.grad(final, argnums=(0, 1, 2))).lower(*given).compile()
    return lambda: [np.asarray(g) for g in jax.block_until_ready(compiled(*given))]


def torch_eager(problem: Problem) -> Gradient:
    """PyTorch, eager."""
    return _torch(problem, 0)


def torch_checkpoint(problem: Problem) -> Gradient:
    """PyTorch, eager, with `torch.utils.checkpoint` around segments."""
    return _torch(problem, _segment(problem.steps))


def _torch(problem: Problem, segment: int) -> Gradient:
    try:
        import torch
        from torch.utils.checkpoint import checkpoint
    except ImportError:
        raise NotInstalled("torch") from None
    torch.set_num_threads(1)
    h = problem.h

    def steps(weights: Any, bias: Any, x: Any, count: int) -> Any:
        for _ in range(count):
            x = x + h * (torch.tanh(weights @ x + bias) - x)
        return x

    def gradient(count: int) -> list[np.ndarray]:
        given = [torch.tensor(v, requires_grad=True) for v in problem.start()]
        weights, bias, x = given
        if segment:
            for _ in range(count // segment):
                x = checkpoint(steps, weights, bias, x, segment, use_reentrant=False)
        else:
            x = steps(weights, bias, x, count)
        return [g.numpy() for g in torch.autograd.grad((x * x).sum(), given)]

    gradient(2 * max(segment, 1))
    return lambda: gradient(problem.steps)


CONTESTANTS: dict[str, Callable[[Problem], Gradient]] = {
    "sorix": sorix_plain,
    "sorix, checkpoint": sorix_checkpoint,
    "JAX, scan": jax_scan,
    "JAX, scan and checkpoint": jax_checkpoint,
    "torch, eager": torch_eager,
    "torch, checkpoint": torch_checkpoint,
}


@dataclass(frozen=True)
class Measured:
    """What one contestant needed, and what it computed."""

    seconds: float
    peak: int
    gradients: list[np.ndarray]


def measure(make: Callable[[Problem], Gradient], problem: Problem) -> Measured:
    """Compute the gradient once in this process."""
    gradient = make(problem)
    before = _resident()
    _forget_peak()
    began = time.perf_counter()
    found = gradient()
    seconds = time.perf_counter() - began
    return Measured(seconds, max(_peak() - before, 0), found)


def _forget_peak() -> None:
    """Let the peak be counted from now on, where the system offers it (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _status(field: str) -> int | None:
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith(f"{field}:")]
    return int(found[0]) * 1024 if found else None


def _peak() -> int:
    found = _status("VmHWM")
    if found is not None:
        return found
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _resident() -> int:
    found = _status("VmRSS")
    return _peak() if found is None else found


def in_a_process(name: str, problem: Problem) -> Measured:
    """Measure a contestant in a new process."""
    command = [sys.executable, "-m", "benchmarks.checkpoint", "--one", name]
    done = subprocess.run(
        [*command, "--steps", str(problem.steps)],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["it ended without a word"]
        if "NotInstalled" in last[0]:
            raise NotInstalled(last[0].rpartition(": ")[2])
        raise SystemExit(f"{name} failed: {last[0]}")
    found = json.loads(done.stdout)
    gradients = [np.array(g) for g in found["gradients"]]
    return Measured(found["seconds"], found["peak"], gradients)


def compare(measured: dict[str, Measured]) -> float:
    """The largest distance of a gradient from the first contestant's; too large a one ends it."""
    first, *others = measured
    reference = measured[first].gradients
    worst = 0.0
    for name in others:
        for mine, theirs in zip(measured[name].gradients, reference, strict=True):
            distance = float(np.abs(mine - theirs).max() / np.abs(theirs).max())
            worst = max(worst, distance)
        if not worst < TOLERANCE:
            raise SystemExit(f"{name} computes other gradients: {worst:.1e} apart")
    return worst


def print_table(measured: dict[str, Measured]) -> None:
    """A row for each: seconds, peak memory, and both beside the loop without checkpoints."""
    base = measured["sorix"]
    width = max(map(len, measured))
    print(f"{'':{width}}  {'seconds':>9}  {'peak MB':>9}  {'time':>7}  {'memory':>7}")
    for name, one in measured.items():
        ratios = f"{one.seconds / base.seconds:7.2f}  {one.peak / max(base.peak, 1):7.3f}"
        print(f"{name:{width}}  {one.seconds:9.2f}  {one.peak / 1e6:9.1f}  {ratios}")
    print("(time, memory: as a multiple of sorix without checkpoints, in this run)")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checkpoint", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} steps instead of {STEPS}")
    parser.add_argument("--steps", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    problem = Problem(options.steps or (QUICK if options.quick else STEPS))
    if options.one:
        found = measure(CONTESTANTS[options.one], problem)
        gradients = [g.tolist() for g in found.gradients]
        print(json.dumps({"seconds": found.seconds, "peak": found.peak, "gradients": gradients}))
        return 0
    measured, missing = {}, []
    for name in CONTESTANTS:
        try:
            measured[name] = in_a_process(name, problem)
        except NotInstalled as absent:
            missing.append(f"{name}: {absent}")
    distance = compare(measured)
    print(f"gradient of {problem.steps} Euler steps of {problem.size} rates, float64")
    print(f"one run each; gradients agree to {distance:.0e}\n")
    print_table(measured)
    for name in missing:
        print(f"skipped: {name} is not installed (pip install '.[bench]')")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
