"""What the compiler refuses: said once with its place, and run on the tape, or raised."""

from __future__ import annotations

import functools
import importlib.util
import math
import sys
import warnings

import numpy as np
import pytest

import sorix
from sorix.errors import (
    CompileError,
    FallbackWarning,
    NotCompiledError,
    SourceUnavailableError,
    UndefinedNameError,
    UnsupportedCallError,
    UnsupportedSyntaxError,
    UnsupportedTypeError,
)
from tests.runtime.engines import leaf

CALLS = 0


def counted(x, flag=True):
    if flag:
        global CALLS
        CALLS = 1
        return (x**3).sum()
    return (x**2).sum()


def line_of(text):
    """The number of the first line of this file that contains `text`."""
    with open(__file__) as file:
        return next(n for n, line in enumerate(file, 1) if text in line)


def test_on_the_tape_it_is_right_and_warns_once():
    through, x = sorix.compile(counted), leaf([1.0, 2.0])
    with pytest.warns(FallbackWarning, match="counted.. runs on the eager tape") as caught:
        through(x).backward()
    assert x.grad.tolist() == [3.0, 12.0]
    assert len(caught) == 1
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert through(x).item() == 9.0
        assert through(leaf(2.0)).item() == 8.0


def test_the_warning_says_where_why_and_what_instead():
    with pytest.warns(FallbackWarning) as caught:
        sorix.compile(counted)(leaf(1.0))
    text = str(caught[0].message)
    assert f"{__file__}:{line_of('        CALLS = 1')}:9: the global" in text
    assert "    CALLS = 1\n    ^" in text
    assert "\nInstead: " in text


def test_with_fallback_error_it_is_raised_with_its_place():
    through = sorix.compile(fallback="error")(counted)
    for _ in range(2):  # The second time from what is remembered.
        with pytest.raises(UnsupportedSyntaxError) as caught:
            through(leaf(1.0))
        error = caught.value
        assert (error.file, error.line, error.column) == (__file__, line_of("        CALLS = 1"), 8)
        assert error.source_line.strip() == "CALLS = 1"
        assert error.hint


def test_a_refusal_holds_for_the_arguments_it_was_made_for():
    through, x = sorix.compile(fallback="error")(counted), leaf([1.0, 2.0])
    with pytest.raises(UnsupportedSyntaxError):
        through(x, True)
    assert through(x, False).item() == 5.0
    with pytest.raises(UnsupportedSyntaxError):
        through(x, True)


FLAG = True


def switched(x):
    return counted(x, FLAG)


def test_a_refusal_ends_when_a_global_changes(monkeypatch):
    through, x = sorix.compile(fallback="error")(switched), leaf([1.0, 2.0])
    with pytest.raises(UnsupportedSyntaxError):
        through(x)
    monkeypatch.setitem(globals(), "FLAG", False)
    assert through(x).item() == 5.0


def test_a_refusal_is_found_without_compiling_again(monkeypatch):
    through, calls = sorix.compile(fallback="error")(counted), []
    dispatcher = through._dispatcher
    make = dispatcher._make
    monkeypatch.setattr(dispatcher, "_make", lambda *args: calls.append(1) or make(*args))
    for _ in range(3):
        with pytest.raises(UnsupportedSyntaxError):
            through(leaf(1.0))
    assert len(calls) == 1


def test_explain_says_why_it_fell_back():
    through = sorix.compile(counted)
    with pytest.raises(NotCompiledError, match="has not been compiled yet"):
        through.explain()
    with pytest.warns(FallbackWarning):
        through(leaf(1.0))
    assert "runs on the eager tape" in through.explain()
    assert "global" in through.explain()
    with pytest.raises(CompileError):
        _ = through.source


def generator(x):
    async def inner():
        return x

    return inner()


def undefined(x):
    return x * nowhere  # noqa: F821


def unassigned(x, flag):
    if flag:
        y = x
    return y * 2


def opaque(x):
    return np.sum(sys.getsizeof(x) * x)


def assigns_global(x):
    global FLAG
    FLAG = x
    return x


@pytest.mark.parametrize(
    "function, arguments, error",
    [
        (counted, (1.0,), UnsupportedSyntaxError),
        (generator, (1.0,), UnsupportedSyntaxError),
        (undefined, (1.0,), UndefinedNameError),
        (unassigned, (1.0, False), UndefinedNameError),
        (opaque, (np.ones(2),), UnsupportedCallError),
        (functools.lru_cache(math.gamma), (1.0,), SourceUnavailableError),
        (assigns_global, (1.0,), UnsupportedSyntaxError),
        (lambda x: x.sum(), (np.ones(2) * 1j,), UnsupportedTypeError),
        (lambda x: x.sum(), (np.array(["a"]),), UnsupportedTypeError),
    ],
)
def test_classes_of_refusals(function, arguments, error):
    with pytest.raises(error) as caught:
        sorix.compile(fallback="error")(function)(*arguments)
    if error is not SourceUnavailableError:
        assert caught.value.file == __file__
        assert caught.value.line > 0


def test_errors_of_the_program_are_not_refusals():
    def checked(x):
        if x.shape[0] > 2:
            raise ValueError("too many")
        assert x.shape[0] != 2, "just two"
        return x.sum()

    through = sorix.compile(fallback="error")(checked)
    assert through(np.ones(1)) == 1.0
    with pytest.raises(ValueError, match="too many"):
        through(np.ones(3))
    with pytest.raises(AssertionError, match="just two"):
        through(np.ones(2))


def test_a_function_without_source_runs_on_the_tape():
    namespace = {"np": np}
    exec("def made(x):\n    return np.sum(x * x)\n", namespace)
    made, x = namespace["made"], leaf([1.0, 2.0])
    with pytest.raises(SourceUnavailableError, match=r"made\(\) cannot be found"):
        sorix.compile(fallback="error")(made)(x)
    with pytest.warns(FallbackWarning, match="made"):
        sorix.compile(made)(x).backward()
    assert x.grad.tolist() == [2.0, 4.0]


def test_a_file_that_changed_after_it_was_loaded_is_not_read(tmp_path):
    path = tmp_path / "user_module_edited.py"
    path.write_text("def scaled(x):\n    return (2.0 * x).sum()\n")
    spec = importlib.util.spec_from_file_location("user_module_edited", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    path.write_text("def scaled(x):\n    return (5.0 * x).sum()\n")
    through, x = sorix.compile(fallback="error")(module.scaled), leaf([1.0, 2.0])
    with pytest.raises(SourceUnavailableError):
        through(x)
    with pytest.warns(FallbackWarning):
        assert sorix.compile(module.scaled)(x).item() == 6.0


def test_a_function_that_ran_on_the_tape_has_no_source():
    for through, x in (
        (sorix.compile(counted), leaf(1.0)),
        (sorix.func.grad(counted), np.array([1.0])),
    ):
        with pytest.warns(FallbackWarning):
            through(x)
        assert not hasattr(through, "source")
        assert through.explain().startswith("runs on the eager tape")


def test_a_function_not_called_yet_has_no_source():
    assert not hasattr(sorix.compile(counted), "source")
    assert not hasattr(sorix.func.grad(counted), "source")
    assert not hasattr(sorix.func.hessian(counted), "source")
