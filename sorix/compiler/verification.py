"""Checking a generated derivative against differences, along one random direction.

The generated primal is evaluated at five points on a line through the inputs; its difference
quotient, weighted with random cotangents, must be what the generated derivative says: an adjoint
gives cotangents, to be multiplied with the direction, a tangent moves along it. Every number moves
in proportion to its size, a symmetric matrix stays one. Programs are not smooth everywhere, nor
defined, and a step that is good for one is bad for another: several steps are tried, and the
derivative is accepted if one of them agrees. Where none gives a number, nothing can be said.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sorix.compiler.analyses.repeatable import unrepeatable
from sorix.compiler.pipeline import Built
from sorix.compiler.program import Program
from sorix.compiler.reproducer import Case, reproducer
from sorix.errors import VerificationError

STEPS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
STENCIL = ((1.0, -2.0), (-8.0, -1.0), (8.0, 1.0), (-1.0, 2.0))
"""Weights and places of the five-point first derivative (Abramowitz & Stegun 25.3.6)."""

_LONG = 200
"""Lines of a reproducer beyond which it is not part of the message."""

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
    _verify(program, values, wrt, seeds, forward=False)


def verify_tangent(
    program: Program, values: Sequence[Any], wrt: Wrt, seeds: tuple[bool, ...]
) -> None:
    """Compare the tangent of a program with differences, as `verify` does its adjoint.

    Parameters
    ----------
    seeds
        For each result, whether it has a tangent.
    """
    _verify(program, values, wrt, seeds, forward=True)


def _verify(
    program: Program, values: Sequence[Any], wrt: Wrt, seeds: tuple[bool, ...], forward: bool
) -> None:
    if any(True for _ in unrepeatable(program.function)) or _is_coarse(values, wrt):
        return
    check = _Check(program, tuple(map(_copied, values)), wrt, seeds, forward)
    terms, measured = check.claimed(), check.measured()
    claimed = float(sum(terms))
    allowed = _tolerance(check.point, wrt) * np.sum(np.abs(terms)) + _noise(measured)
    if np.any(abs(measured - claimed) <= allowed) or not np.isfinite(claimed) or not measured.size:
        return
    script = reproducer(check.case())
    raise VerificationError(_message(check, claimed, measured, script), script)


def _message(check: _Check, claimed: float, measured: np.ndarray, script: str) -> str:
    if script.count("\n") <= _LONG:
        how = f"To see it again, run\n\n{script}"
    else:
        how = "To see it again, run the script that this error has as its `reproducer`"
    differences = ", ".join(repr(float(m)) for m in measured)
    return (
        f"the derivative generated for {check.program.label} disagrees with differences:\n"
        f"  along a random direction the {check.kind} gives {claimed!r},\n"
        f"  five-point differences give {differences} (of steps {', '.join(map(repr, STEPS))}).\n"
        f"The generated text is {check.derivative.filename}. {how}"
    )


@dataclass
class _Check:
    """A program, its derivative, a direction for its inputs and cotangents of its results."""

    program: Program
    point: tuple[Any, ...]
    wrt: Wrt
    seeds: tuple[bool, ...]
    forward: bool

    def __post_init__(self) -> None:
        # What is printed is printed when the program runs for its results.
        again = self.program.again
        self.primal = again.primal
        self.derivative: Built = (
            again.tangent(self.wrt) if self.forward else again.joint(self.wrt, self.seeds)
        )
        rng = np.random.default_rng(0)
        self.direction = {k: _direction(rng, self.point[k], self.point[k]) for k in self.wrt}
        self.weights = [_direction(rng, leaf) for leaf in self._seeded(self.point)]

    @property
    def kind(self) -> str:
        return "tangent" if self.forward else "adjoint"

    def case(self) -> Case:
        count = len(self.seeds)
        return Case(
            self.primal, self.derivative, self.point, self.direction, self.weights,
            self.seeds, count, self.forward, STEPS,
        )  # fmt: skip

    def claimed(self) -> list[float]:
        """What the derivative says, a term for each number that it has a part in."""
        count = len(self.seeds)
        given = self.direction.values() if self.forward else self.weights
        found = sum(self.seeds) if self.forward else len(self.wrt)
        returned = self.derivative.functions[0](*map(_copied, self.point), *given)
        moving = _tuple(returned, count + found)[count:]
        against = self.weights if self.forward else self.direction.values()
        return [term for a, b in zip(moving, against, strict=True) for term in _products(a, b)]

    def measured(self) -> np.ndarray:
        """What differences say, with each of the steps that stays inside the domain."""
        with np.errstate(all="ignore"):
            found = [self._quotient(step) for step in STEPS]
        return np.array([quotient for quotient in found if np.isfinite(quotient)])

    def _quotient(self, step: float) -> float:
        try:
            return sum(self._terms(step)) / (12.0 * step)
        except Exception:  # The user's program, at a point that the user did not ask for.
            return np.nan

    def _terms(self, step: float) -> Iterator[float]:
        for factor, place in STENCIL:
            moved = list(self.point)
            for k, v in self.direction.items():
                moved[k] = _moved(moved[k], place * step, v)
            for leaf, weight in zip(self._seeded(moved), self.weights, strict=True):
                yield factor * sum(_products(leaf, weight))

    def _seeded(self, point: Sequence[Any]) -> list[Any]:
        """The results that have a cotangent, or a tangent."""
        leaves = _tuple(self.primal.functions[0](*map(_copied, point)), len(self.seeds))
        return [leaf for leaf, seed in zip(leaves, self.seeds, strict=True) if seed]


def _direction(rng: np.random.Generator, value: Any, sizes: Any = 1.0) -> Any:
    """A random direction for a value, in proportion to the sizes of its numbers."""
    if isinstance(value, list):
        of_each = sizes if isinstance(sizes, list) else [sizes] * len(value)
        return [_direction(rng, v, s) for v, s in zip(value, of_each, strict=True)]
    drawn = rng.normal(size=np.shape(value)) * np.where(sizes, np.abs(sizes), 1.0)
    if not isinstance(value, np.ndarray):
        return float(drawn)
    symmetric = value.ndim == 2 and np.array_equal(value, value.T)
    return ((drawn + drawn.T) / 2 if symmetric else drawn).astype(value.dtype)


def _moved(value: Any, step: float, direction: Any) -> Any:
    if isinstance(value, list):
        return [_moved(v, step, d) for v, d in zip(value, direction, strict=True)]
    return value + step * direction


def _products(a: Any, b: Any) -> list[float]:
    if isinstance(a, list):
        return [term for x, y in zip(a, b, strict=True) for term in _products(x, y)]
    return (np.asarray(a, float) * np.asarray(b, float)).ravel().tolist()  # type: ignore[no-any-return]


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray | list) else value


def _tuple(value: Any, count: int) -> tuple[Any, ...]:
    return value if count != 1 else (value,)


def _noise(measured: np.ndarray) -> float:
    """How far the quotients of different steps are apart, where they are closest."""
    pairs = itertools.combinations(measured, 2)
    return 10.0 * float(min((abs(a - b) for a, b in pairs), default=0.0))


def _is_coarse(values: Sequence[Any], wrt: Wrt) -> bool:
    """Whether the numbers are too coarse for differences."""
    return any(getattr(values[k], "dtype", None) == np.float16 for k in wrt)


def _tolerance(point: Sequence[Any], wrt: Wrt) -> float:
    single = any(getattr(point[k], "dtype", None) == np.float32 for k in wrt)
    return 3e-2 if single else 1e-7
