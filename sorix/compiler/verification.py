"""Checking generated code against the user's function: its value, and its derivative.

The value must be what the function itself returns (`value_check`). Then the function is evaluated
at points on a line through the inputs; its difference quotient, weighted with random cotangents,
must be what the generated derivative says: an adjoint gives cotangents, to be multiplied with the
direction, a tangent moves along it. Every number moves in proportion to its size, a symmetric
matrix stays one. Programs are not smooth everywhere, nor defined, and a step that is good for one
is bad for another: several steps are tried, and the derivative is accepted if one of them agrees.
Where none gives a number, nothing can be said, nor at a kink.

Where the function cannot be run unnoticed (`plain_runs`), the differences are those of the
generated primal. Of what a program detaches no differences tell the derivative: then the value
alone is compared.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sorix.compiler.analyses.repeatable import unrepeatable
from sorix.compiler.frontend.marks import mark
from sorix.compiler.ir.routines import routines
from sorix.compiler.ir.walk import calls
from sorix.compiler.kinks import has_kink
from sorix.compiler.pipeline import Built
from sorix.compiler.plain_runs import NotIsolatedError, Plain, can_be_run, comparing
from sorix.compiler.program import Program
from sorix.compiler.reproducer import Case, reproducer, value_reproducer
from sorix.compiler.value_check import different
from sorix.errors import ShapeError, SorixError, VerificationError
from sorix.support import detach

STEPS = (1e-3, 1e-4, 1e-5, 1e-6, 1e-2)
"""In the order they are tried."""
STENCIL = ((1.0, -2.0), (-8.0, -1.0), (8.0, 1.0), (-1.0, 2.0))
"""Weights and places of the five-point first derivative (Abramowitz & Stegun 25.3.6)."""

_LONG = 200
"""Lines of a reproducer beyond which it is not part of the message."""

Wrt = tuple[int, ...]


def verification_asked(function: object = None) -> bool:
    """Whether every generated derivative is to be checked: as ``SORIX_VERIFY`` says, or what
    a function was compiled with."""
    everywhere = os.environ.get("SORIX_VERIFY", "") not in ("", "0")
    return bool(everywhere or mark(function, "__sorix_verify__")) and not comparing.get()


def verify(
    program: Program,
    values: Sequence[Any],
    wrt: Wrt,
    seeds: tuple[bool, ...],
    plain: Plain | None = None,
) -> None:
    """Compare a program with the function it was made from, and its adjoint with differences.

    A program that may compute something else in each run has no differences: it is let pass.

    Parameters
    ----------
    values
        The inputs, arrays and numbers; copies are used.
    wrt, seeds
        Of the adjoint; see `Program.joint`.
    plain
        The user's function, from inputs to results; the generated primal where left out.

    Raises
    ------
    VerificationError
        Where they disagree, with what it takes to see it again.
    """
    with _quiet():
        _verify(program, values, wrt, seeds, plain, forward=False)


def verify_tangent(
    program: Program,
    values: Sequence[Any],
    wrt: Wrt,
    seeds: tuple[bool, ...],
    plain: Plain | None = None,
) -> None:
    """Compare the tangent of a program with differences, as `verify` does its adjoint.

    Parameters
    ----------
    seeds
        For each result, whether it has a tangent.
    """
    with _quiet():
        _verify(program, values, wrt, seeds, plain, forward=True)


def _quiet() -> np.errstate:
    """NumPy as it is set, without warnings: of what is computed again, they were given."""
    kept: dict[str, Any] = {
        kind: "raise" if how == "raise" else "ignore" for kind, how in np.geterr().items()
    }
    return np.errstate(**kept)


def _verify(
    program: Program,
    values: Sequence[Any],
    wrt: Wrt,
    seeds: tuple[bool, ...],
    plain: Plain | None,
    forward: bool,
) -> None:
    if any(True for _ in unrepeatable(program.function)):
        return
    point = tuple(map(_copied, values))
    returned = _returned(program, point)
    if returned is None:
        return
    if plain is not None and can_be_run(program.function):
        plain = _verified_value(program, point, plain, returned)
    else:
        plain = None
    if not wrt or _is_coarse(values, wrt) or _detaches(program):
        return
    check = _Check(program, point, wrt, seeds, forward, plain)
    terms = check.claimed()
    claimed = float(sum(terms))
    if not np.isfinite(claimed):
        return
    allowed = _tolerance(check.point, wrt) * float(np.sum(np.abs(terms)))
    measured = check.measured(claimed, allowed)
    allowed += _noise(list(measured.values()))
    if not measured or any(abs(m - claimed) <= allowed for m in measured.values()):
        return
    if has_kink(check.along):
        return
    script = reproducer(check.case())
    raise VerificationError(_message(check, claimed, measured, script), script)


def _returned(program: Program, point: Sequence[Any]) -> tuple[Any, ...] | None:
    """The results of the generated primal; None where it raises, as the call itself will then."""
    try:
        found = program.again.primal.functions[0](*map(_copied, point))
    except Exception:
        return None
    return _tuple(found, len(program.function.body.results))


def _verified_value(
    program: Program, point: Sequence[Any], plain: Plain, returned: Sequence[Any]
) -> Plain | None:
    """Compare the values; yields the function, if it could be run."""
    primal = program.again.primal
    try:
        found = different(plain, returned, point)
    except NotIsolatedError:
        return None
    except Exception as error:
        if isinstance(error, SorixError) and not isinstance(error, ShapeError):
            return None  # What the function asks of sorix is had in compiled code alone.
        told = f"raises {type(error).__name__}: {error}"
        raise _wrong_value(program, primal, point, told) from error
    if found is not None:
        index, value = found
        raise _wrong_value(
            program, primal, point, f"gives {value!r} where that gives {returned[index]!r}"
        )
    return plain


def _wrong_value(
    program: Program, primal: Built, point: Sequence[Any], told: str
) -> VerificationError:
    script = value_reproducer(primal, point, told)
    return VerificationError(
        f"the code generated for {program.label} does not compute what the function does, which"
        f" {told}.\nThe generated text is {primal.filename}. {_how(script)}",
        script,
    )


def _detaches(program: Program) -> bool:
    """Whether a value is taken out of the derivative, which differences would see move."""
    called = (routine.function for routine in routines(program.function))
    return any(call.fn is detach for f in (program.function, *called) for call in calls(f.body))


def _message(check: _Check, claimed: float, measured: dict[float, float], script: str) -> str:
    differences = ", ".join(f"{measured[s]!r} (step {s!r})" for s in sorted(measured)[::-1])
    return (
        f"the derivative generated for {check.program.label} disagrees with differences:\n"
        f"  along a random direction the {check.kind} gives {claimed!r},\n"
        f"  five-point differences give {differences}.\n"
        f"The generated text is {check.derivative.filename}. {_how(script)}"
    )


def _how(script: str) -> str:
    if script.count("\n") <= _LONG:
        return f"To see it again, run\n\n{script}"
    return "To see it again, run the script that this error has as its `reproducer`"


@dataclass
class _Check:
    """A program, its derivative, a direction for its inputs and cotangents of its results."""

    program: Program
    point: tuple[Any, ...]
    wrt: Wrt
    seeds: tuple[bool, ...]
    forward: bool
    plain: Plain | None = None

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

    def measured(self, claimed: float, allowed: float) -> dict[float, float]:
        """What differences say by the steps that stay inside the domain, up to one that agrees."""
        found: dict[float, float] = {}
        with np.errstate(all="ignore"):
            for step in STEPS:
                quotient = self._quotient(step)
                if np.isfinite(quotient):
                    found[step] = float(quotient)
                    if abs(quotient - claimed) <= allowed:
                        break
        return found

    def along(self, place: float) -> float:
        """The weighed results at a place on the line; NaN where there are none."""
        moved = list(self.point)
        for k, v in self.direction.items():
            moved[k] = _moved(moved[k], place, v)
        try:
            seeded = zip(self._seeded(moved), self.weights, strict=True)
            with np.errstate(all="ignore"):
                return float(sum(sum(_products(leaf, weight)) for leaf, weight in seeded))
        except Exception:  # The user's program, at a point that the user did not ask for.
            return np.nan

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
        wanted = [index for index, seed in enumerate(self.seeds) if seed]
        own = {} if self.plain is None else self.plain(point)
        if own.keys() >= set(wanted):
            return [own[index] for index in wanted]
        leaves = _tuple(self.primal.functions[0](*map(_copied, point)), len(self.seeds))
        return [leaves[index] for index in wanted]


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


def _noise(measured: Sequence[float]) -> float:
    """How far the quotients of different steps are apart, where they are closest."""
    pairs = itertools.combinations(measured, 2)
    return 10.0 * float(min((abs(a - b) for a, b in pairs), default=0.0))


def _is_coarse(values: Sequence[Any], wrt: Wrt) -> bool:
    """Whether the numbers are too coarse for differences."""
    return any(getattr(values[k], "dtype", None) == np.float16 for k in wrt)


def _tolerance(point: Sequence[Any], wrt: Wrt) -> float:
    single = any(getattr(point[k], "dtype", None) == np.float32 for k in wrt)
    return 3e-2 if single else 1e-7
