"""Checking a generated derivative against differences, along one random direction.

The generated primal is evaluated at five points on a line through the inputs; its difference
quotient, weighted with random cotangents, must be what the generated adjoint says. Programs
are not smooth everywhere, and a step that is good for one is bad for another: several steps are
tried, and the derivative is accepted if one of them agrees.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from sorix.compiler.analyses.repeatable import unrepeatable
from sorix.compiler.program import Program
from sorix.errors import VerificationError

STEPS = (1e-3, 1e-4, 1e-5, 1e-2)
STENCIL = ((1.0, -2.0), (-8.0, -1.0), (8.0, 1.0), (-1.0, 2.0))
"""Weights and places of the five-point first derivative (Abramowitz & Stegun 25.3.6)."""

Wrt = tuple[int, ...]


def verification_asked() -> bool:
    """Whether ``SORIX_VERIFY`` asks for every generated derivative to be checked."""
    return os.environ.get("SORIX_VERIFY", "") not in ("", "0")


def verify(program: Program, values: Sequence[Any], wrt: Wrt, seeds: tuple[bool, ...]) -> None:
    """Compare the adjoint of a program with differences of the program itself.

    A program that may compute something else in each run has no differences: it is let pass.

    Parameters
    ----------
    values
        The inputs, arrays and numbers; copies are used.
    wrt, seeds
        Of the adjoint; see `Program.joint`.

    Raises
    ------
    VerificationError
        Where they disagree, with what it takes to see it again.
    """
    if any(True for _ in unrepeatable(program.function)):
        return
    rng = np.random.default_rng(0)
    point = [_copied(v) for v in values]
    direction = {k: _direction(rng, point[k]) for k in wrt}
    count = len(seeds)
    leaves = _tuple(program.primal.functions[0](*map(_copied, point)), count)
    weights = [_direction(rng, leaf) for leaf, seed in zip(leaves, seeds, strict=True) if seed]
    joint = program.joint(wrt, seeds)
    returned = _tuple(joint.functions[0](*map(_copied, point), *weights), count + len(wrt))
    claimed = sum(_dot(b, direction[k]) for b, k in zip(returned[count:], wrt, strict=True))
    tolerance = _tolerance(point, wrt)
    measured = list(_quotients(program, point, direction, seeds, weights))
    scale = 1.0 + abs(claimed)
    if any(abs(m - claimed) <= tolerance * scale for m in measured) or not np.isfinite(claimed):
        return
    raise VerificationError(
        f"the derivative generated for {program.label} disagrees with differences:\n"
        f"  along a random direction the adjoint gives {claimed!r},\n"
        f"  five-point differences give {', '.join(repr(float(m)) for m in measured)}"
        f" (steps {', '.join(map(repr, STEPS))}).\n"
        f"The generated text is {joint.filename}; to see it again:\n"
        f"{_reproducer(point, joint, wrt)}"
    )


def _quotients(
    program: Program,
    point: list[Any],
    direction: dict[int, Any],
    seeds: tuple[bool, ...],
    weights: list[Any],
) -> Iterator[float]:
    primal = program.primal.functions[0]
    for step in STEPS:
        total = 0.0
        for weight, place in STENCIL:
            moved = [_copied(v) for v in point]
            for k, v in direction.items():
                moved[k] = moved[k] + place * step * v
            leaves = _tuple(primal(*moved), len(seeds))
            seeded = (leaf for leaf, seed in zip(leaves, seeds, strict=True) if seed)
            total += weight * sum(_dot(leaf, w) for leaf, w in zip(seeded, weights, strict=True))
        yield total / (12.0 * step)


def _direction(rng: np.random.Generator, value: Any) -> Any:
    if isinstance(value, list):
        return [_direction(rng, v) for v in value]
    drawn = rng.normal(size=np.shape(value))
    return drawn.astype(value.dtype) if isinstance(value, np.ndarray) else float(drawn)


def _dot(a: Any, b: Any) -> float:
    if isinstance(a, list):
        return sum(_dot(x, y) for x, y in zip(a, b, strict=True))
    return float(np.sum(np.asarray(a, float) * np.asarray(b, float)))


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray | list) else value


def _tuple(value: Any, count: int) -> tuple[Any, ...]:
    return value if count != 1 else (value,)


def _tolerance(point: list[Any], wrt: Wrt) -> float:
    single = any(getattr(point[k], "dtype", None) == np.float32 for k in wrt)
    return 3e-2 if single else 1e-6


def _reproducer(point: list[Any], joint: Any, wrt: Wrt) -> str:
    """Python that calls the generated text with these inputs."""
    shown = ", ".join(repr(v) if np.size(v) <= 20 else f"<{np.shape(v)}>" for v in point)
    name = joint.functions[0].__name__
    return f"  {name}({shown}, ...)  # with respect to the parameters at {wrt}"
