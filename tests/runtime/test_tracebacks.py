"""What leaves through the library's entrances shows the user's frames, and generated code."""

from __future__ import annotations

import json
import traceback
import warnings
from pathlib import Path

import numpy as np
import pytest

import sorix
from sorix import func
from sorix.compiler.dispatch import Dispatcher
from sorix.errors import CompileError, InternalCompilerError, ShapeError
from sorix.runtime.options import entrance

OURS = str(Path(sorix.__file__).parent)
X = np.array([0.5, 1.0])


def bessel(x):
    return np.sum(np.i0(x))


def inverse(x):
    return 1.0 / x


def product(x):
    return np.sum(x @ x)


CALLS = {
    "grad": lambda f, x: func.grad(f, fallback="error")(x),
    "value_and_grad": lambda f, x: func.value_and_grad(f, fallback="error")(x),
    "jvp": lambda f, x: func.jvp(f, (x,), (np.ones_like(x),)),
    "vjp": lambda f, x: func.vjp(f, x),
    "hvp": lambda f, x: func.hvp(f, (x,), (np.ones_like(x),)),
}


def raised(call, *args):
    """The error of a call, and the files of the frames below this one."""
    try:
        call(*args)
    except Exception as error:
        return error, files(error)
    raise AssertionError("nothing was raised")


def files(error):
    return [frame.filename for frame in traceback.extract_tb(error.__traceback__)]


def generated(names):
    return [name for name in names if "-joint-" in name or "-primal-" in name]


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_refusal_shows_the_frames_of_the_user_alone(call):
    error, names = raised(call, bessel, X)
    assert isinstance(error, CompileError)
    assert set(names) == {__file__}


def test_a_refusal_of_a_compiled_function_does_too():
    compiled = sorix.compile(bessel, fallback="error")
    error, names = raised(compiled, sorix.tensor(X, requires_grad=True))
    assert isinstance(error, CompileError)
    assert set(names) == {__file__}
    for call in (sorix.compile(evaluates).prepare, sorix.compile(evaluates, fallback="error")):
        assert set(raised(call, 0.5)[1]) == {__file__}


def evaluates(x):
    return x * eval("2.0")


def test_every_error_of_a_chain_is_shortened():
    def outer():
        try:
            CALLS["jvp"](bessel, X)
        except CompileError as error:
            raise ValueError("for this reason") from error

    error, _ = raised(entrance(outer))
    assert set(files(error.__cause__)) == {__file__}


def test_what_the_tape_refuses_is_said_to_one_who_made_no_tensor():
    error, names = raised(func.grad(bessel), X)
    (note,) = error.__notes__
    assert "where tensors stand for floats and arrays, does not take the call either" in note
    place = f"{Path(__file__).name}:{bessel.__code__.co_firstlineno + 1}"
    assert note.endswith(f"{place}: np.i0 has no derivative rule, so it cannot take a Tensor")
    assert error.__cause__ is None
    assert set(names) == {__file__}


def test_what_only_fails_with_tensors_is_the_tapes_refusal_too():
    def written(x):
        eval("0")
        return x * len(json.dumps({"x": x}))

    error, _ = raised(func.grad(written), 0.5)
    assert isinstance(error, CompileError)
    assert "not JSON serializable" in error.__notes__[0]


def test_the_chain_does_not_lead_through_the_compiler_where_the_argument_is_refused():
    error, names = raised(func.grad(bessel), [1, 2])
    assert error.__suppress_context__
    assert set(names) == {__file__}


@pytest.mark.parametrize(
    "function, x, kind", [(inverse, 0.0, ZeroDivisionError), (product, np.ones((2, 3)), ShapeError)]
)
def test_an_error_of_the_program_keeps_the_frames_of_generated_code(function, x, kind):
    error, names = raised(func.grad(function), x)
    assert type(error) is kind
    assert generated(names) == names[-1:]
    assert names[:-1] == [__file__]


def test_an_error_of_the_program_on_the_tape_keeps_the_frames_of_the_program():
    def fails(x):
        eval("0")
        return helper(x)

    def helper(x):
        raise KeyError("no such thing")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        error, names = raised(func.grad(fails), 0.5)
    assert type(error) is KeyError
    assert names == [__file__] * 3


def test_a_wrong_call_is_the_callers():
    error, names = raised(func.grad(inverse))
    assert isinstance(error, TypeError)
    assert names == [__file__]


def test_a_fault_of_the_compilers_keeps_its_frames(monkeypatch):
    def fails(*_):
        raise RuntimeError("a fault")

    monkeypatch.setattr(Dispatcher, "_made", fails)
    error, names = raised(func.grad(inverse, fallback="error"), 0.5)
    assert type(error) is InternalCompilerError
    assert any(name.startswith(OURS) for name in names)


def test_a_wrong_call_of_numpys_functions_by_us_keeps_its_frames(monkeypatch):
    monkeypatch.setattr(Dispatcher, "find", np.linalg.inv)
    _, names = raised(func.grad(inverse), 0.5)
    assert any(name.startswith(OURS) for name in names)


def test_everything_is_shown_where_that_is_asked_for(monkeypatch):
    monkeypatch.setenv("SORIX_FULL_TRACEBACK", "1")
    _, names = raised(CALLS["grad"], bessel, X)
    assert any(name.startswith(OURS) for name in names)
