"""What must hold of a function of random syntax: it is right, or refused, or raises what Python raises."""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import sorix
import sorix.func
from sorix.errors import InternalCompilerError, SorixError
from tests.fuzz.engines import Hang, Wrong, alarm
from tests.fuzz.generate import Program

UNUSED = (ValueError, IndexError, TypeError, ArithmeticError, AttributeError)
"""What computations raise whose results may be unused."""


def check(program: Program, folder: Path, seconds: int = 10) -> str:
    """Compile and call such a function; what came of it, or `Wrong`."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                return _checked(program, folder, seconds)
            finally:
                program.unload(folder)


def _checked(program: Program, folder: Path, seconds: int) -> str:
    try:
        function = program.load(folder)
        with alarm(2):
            expected = _outcome(function, program)
    except Hang:
        return "skipped: does not end"
    except BaseException as error:  # What a decorator raises is raised before there is a function.
        return f"skipped: {type(error).__name__} when it is defined"
    ends = []
    for engine in (_compiled, _gradient):
        fresh = program.load(folder)
        try:
            with alarm(seconds):
                ends.append(engine(fresh, program, expected))
        except Hang as error:
            if isinstance(expected, UNUSED):
                ends.append("does not end where what fails is left out")
                continue
            raise Wrong(f"{engine.__name__}: no answer in {seconds} s") from error
        except InternalCompilerError as error:
            raise Wrong(f"{engine.__name__}: {error}") from error
        except SorixError as error:
            ends.append(f"refused: {type(error).__name__}")
        except Wrong:
            raise
        except BaseException as error:
            if not isinstance(expected, type(error)) and not isinstance(error, type(expected)):
                raise Wrong(
                    f"{engine.__name__}: {type(error).__name__}: {error}; plain: {expected!r}"
                ) from error
            ends.append("right: raises")
    return ", ".join(ends)


def _outcome(function: Callable[..., Any], program: Program) -> Any:
    """What plain Python makes of it: a value, or the exception."""
    try:
        value = function(*program.arguments())
    except Exception as error:
        return error
    if inspect.iscoroutine(value):
        value.close()  # Collected unawaited, it would warn in whatever runs then.
    return value


def _compiled(function: Callable[..., Any], program: Program, expected: Any) -> str:
    compiled = sorix.compile(function, fallback="error")
    _same(compiled(*program.arguments()), expected)
    return "right"


def _gradient(function: Callable[..., Any], program: Program, expected: Any) -> str:
    gradient = sorix.func.value_and_grad(function, 0, fallback="error")
    value, slope = gradient(*program.arguments())
    _same(value, expected)
    x, a = program.args
    h = 1e-5

    def plain(at: float) -> float:
        return float(function(at, copy.deepcopy(a)))

    with alarm(5):
        ahead = [(plain(x + k * h) - plain(x - k * h)) / (2 * k * h) for k in (1, 2)]
    if not np.isfinite(ahead[0]) or abs(ahead[0] - ahead[1]) > 1e-6 * (1 + abs(ahead[0])):
        return "right, not smooth"
    if not abs(slope - ahead[0]) <= 1e-5 * (1 + abs(ahead[0])):
        raise Wrong(f"gradient {slope} is not {ahead[0]}")
    return "right"


def _same(got: Any, want: Any) -> None:
    if isinstance(want, BaseException):
        # What fails and is not used is left out, as is all that is not used.
        if isinstance(want, UNUSED):
            return
        raise Wrong(f"plain Python raises {want!r}; this gives {got!r}")
    if isinstance(want, float | int | np.ndarray | np.generic) and not isinstance(want, bool):
        if np.asarray(want).dtype.kind in "fiub":
            if not np.allclose(got, want, rtol=1e-11, atol=1e-12, equal_nan=True):
                raise Wrong(f"value {got!r} is not {want!r}")
            return
    plain = (bool, str, bytes, type(None))
    if isinstance(want, plain) and (type(got) is not type(want) or got != want):
        raise Wrong(f"value {got!r} is not {want!r}")
    if isinstance(want, tuple | list):
        if type(got) is not type(want) or len(got) != len(want):
            raise Wrong(f"value {got!r} is not {want!r}")
        for one, two in zip(got, want):
            _same(one, two)
