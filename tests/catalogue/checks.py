"""What must hold of a refused program: the error it gets, and what happens to the call instead."""

from __future__ import annotations

import contextlib
import copy
import functools
import io
import warnings
from typing import Any

import numpy as np

import sorix
import sorix.func
from sorix.errors import CompileError, SorixError
from sorix.func.eager import eager_value_and_grad
from tests.catalogue.registry import Entry
from tests.corpus.checks import root_cause
from tests.corpus.differences import differentiate, pack, unpack


@functools.cache
def refusal(entry: Entry) -> CompileError:
    """The error with which an entry is refused: by the compiler, where it does not ask else."""
    try:
        _compiled(entry)
    except CompileError as error:
        return error
    raise AssertionError(f"{entry.name} is not refused")


def _compiled(entry: Entry) -> Any:
    args = copy.deepcopy(list(entry.args))
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if entry.way == "situation":
            return entry.function()
        if entry.way == "tape":
            return eager_value_and_grad(entry.function, (0,), False, tuple(args), {})
        if entry.way == "tensors":
            tensors = [sorix.tensor(a, requires_grad=True) for a in args]
            return sorix.compile(entry.function, fallback="error")(*tensors)
        return sorix.func.grad(entry.function, fallback="error")(*args)


def outcome(entry: Entry) -> str:
    """What becomes of the call on the tape: right, refused, or failing as the program does.

    Raises
    ------
    AssertionError
        Where the tape is wrong, or fails in a way of its own.
    """
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = _attempt(lambda: entry.function(*copy.deepcopy(entry.args)))
        tape = _attempt(lambda: _on_the_tape(entry))
    if isinstance(tape, SorixError):
        return f"refuses: {type(tape).__name__}"
    if isinstance(plain, Exception):
        # The program is in error itself: there is nothing that could be right.
        means = f"fails with {type(tape).__name__}" if isinstance(tape, Exception) else "runs"
        return f"{means}, where the program fails with {type(plain).__name__}"
    if isinstance(tape, Exception):
        raise AssertionError(f"the tape fails with {tape!r}, the program does not") from tape
    if entry.way == "grad":
        _require_right(entry, tape)
    return "is right"


def _attempt(run: Any) -> Any:
    """What a call returns, or the exception at the root of what it raised."""
    try:
        return run()
    except Exception as error:
        return root_cause(error)


def _on_the_tape(entry: Entry) -> Any:
    args = copy.deepcopy(entry.args)
    if entry.way == "tensors":
        return entry.function(*(sorix.tensor(a, requires_grad=True) for a in args))
    return eager_value_and_grad(entry.function, (0,), False, tuple(args), {})[2]


def _require_right(entry: Entry, gradient: Any) -> None:
    def moved(point: Any) -> Any:
        first = unpack(entry.args[0], iter(point.tolist()))
        return entry.function(first, *copy.deepcopy(entry.args[1:]))

    with contextlib.redirect_stdout(io.StringIO()):
        want, _ = differentiate(moved, pack(entry.args[0]), 1e-4)
    got = pack(gradient)
    assert np.allclose(got, want, rtol=1e-6, atol=1e-7), f"the tape gives {got}, not {want}"
