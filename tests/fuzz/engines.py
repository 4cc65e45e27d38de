"""One program through every engine, against plain Python and its differences.

The value is that of the plain program. The gradient along two directions is that of five-point
differences of the plain program; the tangent is the gradient's product with a direction, to
rounding; the second derivative is that of differences of the compiled gradient. A typed refusal is
counted, anything else that deviates raises `Wrong`.

Where differences at two steps disagree, the program is not smooth there, or the step crosses a
branch: smaller steps are tried, and then the program is left out and counted as such.
"""

from __future__ import annotations

import ast
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import sorix.func
from sorix.errors import InternalCompilerError, SorixError
from sorix.func import points
from sorix.func.eager import eager_value_and_grad
from tests.corpus.checks import root_cause, slope
from tests.corpus.differences import Vector, derivative_along, pack, with_floats
from tests.fuzz.generate import Program

SECONDS = 20
STEPS = (1e-3, 1e-4, 1e-5)
ROUNDING = 1e-10
"""Two sums of products, in different orders, agree to this, relative to their terms."""


FURTHER = (
    "_forward_over_reverse", "_reverse_over_reverse", "_forward_over_reverse", "_split", "_text",
)  # fmt: skip
"""What a program's seed chooses among."""


class Wrong(AssertionError):
    """An engine gave what is not right, or failed with an error that is not one of its own."""


class Raised(Wrong):
    """Plain Python raises, and the compiled program does not raise the same."""


class Hang(BaseException):
    """An engine did not come back; no handler of a program catches it."""


class Rough(Exception):
    """Differences do not converge: no derivative to compare with."""


@dataclass
class Outcome:
    """What came of a program: for each engine ``right``, or why not."""

    engines: dict[str, str] = field(default_factory=dict)

    def refusals(self) -> list[str]:
        return [f"{k}: {v}" for k, v in self.engines.items() if v.startswith("refused")]


@contextmanager
def alarm(seconds: int) -> Iterator[None]:
    """Raise `Hang` after so many seconds of computing, or ten times as many of waiting.

    A machine that does other work must not make a program that answers look as one that hangs.
    """

    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: Any) -> None:
        raise Hang

    before = signal.signal(signal.SIGALRM, ring), signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.alarm(10 * seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before[0])
        signal.signal(signal.SIGPROF, before[1])


def run(program: Program, folder: Path, seconds: int = SECONDS) -> Outcome:
    """Run a program through every engine; raises `Wrong`."""
    function = program.load(folder)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"), alarm(seconds):
            warnings.simplefilter("ignore")
            return _Run(program, function).outcome()
    except Hang as error:
        raise Wrong(f"no answer in {seconds} s") from error
    finally:
        program.unload(folder)


class _Run:
    """The engines, one after the other."""

    def __init__(self, program: Program, function: Callable[..., Any]) -> None:
        self.program, self.function = program, function
        self.argnums = tuple(range(len(program.args)))
        self.point = pack(program.args)
        rng = np.random.default_rng(program.seed)
        self.directions = rng.uniform(0.3, 1.0, (2, self.point.size))
        self.directions *= rng.choice((-1.0, 1.0), self.directions.shape)
        self.found = Outcome()

    def args(self, point: Vector | None = None) -> list[Any]:
        return with_floats(self.program.args, self.argnums, self.point if point is None else point)

    def plain(self, point: Vector) -> float:
        return float(self.function(*self.args(point)))

    def outcome(self) -> Outcome:
        try:
            value = self.plain(self.point)
        except Exception as error:
            return self._raises(error)
        if not np.isfinite(value) or abs(value) > 1e6:
            self.found.engines["plain"] = "skipped: large"
            return self.found
        self.gradient = sorix.func.value_and_grad(self.function, self.argnums, fallback="error")
        if self._guarded("reverse", self._reverse, value):
            # One lowering serves both: forward mode finds it under the function.
            points._dispatchers[self.function] = self.gradient._dispatcher
            self._guarded("forward", self._forward, value)
            # One of these for each program: compiling is most of what a program costs.
            further = FURTHER[self.program.seed % len(FURTHER)]
            self._guarded(further.replace("_", " ").strip(), getattr(self, further))
        self._guarded("tape", self._tape, value)
        return self.found

    def _guarded(self, engine: str, check: Callable[..., None], *args: Any) -> bool:
        """Note how a check ended; whether later ones can build on it."""
        try:
            check(*args)
            self.found.engines[engine] = "right"
        except Wrong as error:
            raise Wrong(f"{engine}: {error}") from error
        except Rough:
            self.found.engines[engine] = "skipped: not smooth"
        except SorixError as error:
            self._refused(engine, error)
        except Exception as error:
            cause = root_cause(error)
            if engine != "tape" or not isinstance(cause, SorixError):
                raise Wrong(f"{engine}: {type(error).__name__}: {error}") from error
            self._refused(engine, cause)
        return engine == "tape" or not self.found.engines[engine].startswith("refused")

    def _refused(self, engine: str, error: SorixError) -> None:
        if isinstance(error, InternalCompilerError):
            raise Wrong(f"{engine}: {error}") from error
        reason = getattr(error, "reason", str(error)).splitlines()[0]
        self.found.engines[engine] = f"refused: {type(error).__name__}: {reason}"

    def _raises(self, expected: Exception) -> Outcome:
        """The plain program raises: the compiled one raises the same, or is refused."""
        gradient = sorix.func.value_and_grad(self.function, self.argnums, fallback="error")
        try:
            gradient(*self.args())
        except InternalCompilerError as error:
            raise Raised(f"reverse: {error}") from error
        except SorixError as error:
            self._refused("reverse", error)
        except Exception as error:
            if type(error) is not type(expected):
                raise Raised(f"{type(error).__name__}: {error}; plain: {expected!r}") from error
            self.found.engines["reverse"] = "right"
        else:
            raise Raised(f"plain Python raises {expected!r}, the compiled program nothing")
        return self.found

    # -- checks

    def _reverse(self, value: float) -> None:
        args = self.args()
        got, gradient = self.gradient(*args)
        same_value(got, value)
        if not np.array_equal(pack(args), self.point, equal_nan=True):
            raise Wrong("the call changed its arguments")
        self.first = pack(gradient)
        if not np.all(np.isfinite(self.first)):
            raise Wrong(f"gradient {self.first}")
        for direction in self.directions:
            want = self.differences(self.plain, direction)
            close(self.first @ direction, want, "gradient")

    def _forward(self, value: float) -> None:
        direction = self.directions[0]
        got, tangent = sorix.func.jvp(self.function, self.args(), self.args(direction))
        same_value(got, value)
        want = self.first @ direction
        terms = np.abs(self.first * direction).sum()
        if not abs(tangent - want) <= ROUNDING * (1.0 + terms):
            raise Wrong(f"tangent {tangent} is not the gradient's {want}")

    def _forward_over_reverse(self) -> None:
        direction = self.directions[0]
        got = pack(sorix.func.hvp(self.function, self.args(), self.args(direction)))
        close(got, self.differences(self._gradient_at, direction), "second derivative")

    def _gradient_at(self, point: Vector) -> Vector:
        return pack(self.gradient(*self.args(point))[1])

    def _reverse_over_reverse(self) -> None:
        direction = self.directions[0]
        weights = tuple(self.args(direction))
        gradient = sorix.func.grad(self.function, self.argnums, fallback="error")
        twice = sorix.func.grad(slope(gradient, weights), self.argnums, fallback="error")
        got = pack(twice(*self.args()))
        close(got, self.differences(self._gradient_at, direction), "reverse over reverse")

    def _split(self) -> None:
        value, pullback = sorix.func.vjp(self.function, *self.args())
        got = pack(pullback(1.0 if np.ndim(value) == 0 else np.ones(np.shape(value))))
        if not np.allclose(got, self.first, rtol=ROUNDING, atol=ROUNDING):
            raise Wrong(f"forward and backward apart: {got} is not {self.first}")

    def _text(self) -> None:
        """The generated text is a module that gives the same when it is run alone."""
        plan = self.gradient._plan()
        arguments = self.gradient._dispatcher.bind(tuple(self.args()), {})
        namespace: dict[str, Any] = {}
        exec(compile(self.gradient.source, "<text>", "exec"), namespace)
        alone = namespace[plan.built.functions[0].__name__]
        got, want = (
            pack(list(function(*self.gradient._dispatcher.find(arguments)[1], 1.0)))
            for function in (alone, plan.built.functions[0])
        )
        if not np.array_equal(got, want):
            raise Wrong("the text alone gives another gradient")
        again = ast.unparse(ast.parse(self.gradient.source))
        if ast.dump(ast.parse(again)) != ast.dump(ast.parse(self.gradient.source)):
            raise Wrong("the text is not what its tree prints")

    def _tape(self, value: float) -> None:
        args = tuple(self.args())
        got, _, gradient = eager_value_and_grad(self.function, self.argnums, False, args, {})
        same_value(got, value)
        first = pack(gradient)
        if hasattr(self, "first"):
            bound = 1e-9 * (1.0 + np.abs(self.first).max(initial=0.0))
            if not np.allclose(first, self.first, rtol=1e-9, atol=bound):
                raise Wrong(f"gradient {first} is not {self.first}")
            return
        for direction in self.directions:
            want = self.differences(self.plain, direction)
            close(first @ direction, want, "gradient")

    def differences(self, function: Callable[[Vector], Any], direction: Vector) -> Any:
        for step in STEPS:
            try:
                found, error = derivative_along(function, self.point, step * direction)
            except Exception:
                if self._is_whole_along(step * direction):
                    raise
                continue
            if error / step < 1e-8 * (1.0 + np.max(np.abs(found), initial=0.0) / step):
                return found / step
        raise Rough

    def _is_whole_along(self, step: Vector) -> bool:
        """Whether the plain program raises nothing at the points that differences ask for."""
        try:
            derivative_along(self.plain, self.point, step)
        except Exception:
            return False
        return True


def same_value(got: Any, want: float) -> None:
    if not np.allclose(got, want, rtol=1e-11, atol=1e-12):
        raise Wrong(f"value {got} is not {want}")


def close(got: Any, want: Any, what: str) -> None:
    scale = 1e-1 + np.max(np.abs(want), initial=0.0)
    if np.shape(got) != np.shape(want) or not np.all(np.abs(got - want) <= 3e-7 * scale):
        raise Wrong(f"{what} {got} is not {want}")
