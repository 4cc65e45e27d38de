"""Generated modules: debuggers see their lines, and errors name the user's."""

from __future__ import annotations

import inspect
import io
import linecache
import pdb
import traceback

import pytest

from sorix.compiler import load as loading
from sorix.compiler.cache import Cache
from sorix.compiler.load import annotate, line_map, load, load_text, provenance

TEXT = """\
# train.py:11 penalty(x) | adjoint
import math


def penalty(x):
    # train.py:12  u = math.log(x)
    u = math.log(x)
    # train.py:13  for k in range(2):
    for k in range(2):
        u = u * 2.0
    # adjoint of train.py:12
    x_bar = 1.0 / x
    return u, x_bar
"""
KEY = "c" * 64


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


@pytest.fixture
def loaded(cache):
    return load(lambda: TEXT, "train penalty/adjoint", KEY, cache)


def test_a_module_is_compiled_once_and_found_by_the_next_cache(cache, loaded):
    def never() -> str:
        raise AssertionError("the text is asked for though the module is cached")

    again = load(never, "train penalty/adjoint", KEY, Cache(cache.directory))
    assert again.cached and not loaded.cached
    assert (again.text, again.filename) == (loaded.text, loaded.filename)
    assert again.namespace["penalty"](1.0) == (0.0, 1.0)


def test_the_file_name_is_readable_and_ends_as_python_files_do(cache, loaded):
    assert loaded.filename == str(cache.directory / "train_penalty_adjoint-cccccccc.py")


def test_the_source_of_a_function_is_shown(loaded):
    function = loaded.namespace["penalty"]
    assert inspect.getsource(function) == TEXT.partition("\n\n\n")[2]
    linecache.checkcache()
    assert "u = math.log(x)" in inspect.getsource(function)


def test_tracebacks_show_lines_even_after_the_line_cache_is_cleared(loaded):
    linecache.clearcache()
    try:
        loaded.namespace["penalty"](-1.0)
    except ValueError:
        shown = traceback.format_exc()
    assert "u = math.log(x)" in shown
    assert loaded.filename in shown


def test_pdb_steps_in_generated_code(loaded):
    out = io.StringIO()
    debugger = pdb.Pdb(
        stdin=io.StringIO("step\nstep\nstep\nlist\ncontinue\n"), stdout=out, nosigint=True
    )
    debugger.use_rawinput = False
    debugger.runcall(loaded.namespace["penalty"], 1.0)
    assert "u = math.log(x)" in out.getvalue()
    assert "x_bar = 1.0 / x" in out.getvalue()


def test_every_line_is_traced_to_the_users():
    lines = {n: str(found) for n, found in line_map(TEXT).items()}
    assert lines == {
        7: "train.py:12: u = math.log(x)",
        9: "train.py:13: for k in range(2):",
        10: "train.py:13: for k in range(2):",
        12: "the adjoint of train.py:12: u = math.log(x)",
        13: "the adjoint of train.py:12: u = math.log(x)",
    }


INLINED = """\
def f(x):
    # a.py:9  return g(x)
    #   a.py:5  return h(x)
    #     a.py:2  return 1 / x
    y = 1 / x
    #   a.py:6  z = y + 1
    return y + 1
"""


def test_a_line_of_an_inlined_function_is_traced_to_its_calls():
    lines = {n: str(found).splitlines() for n, found in line_map(INLINED).items()}
    calls = ["    called at a.py:5: return h(x)", "    called at a.py:9: return g(x)"]
    assert lines == {
        5: ["a.py:2: return 1 / x", *calls],
        7: ["a.py:6: z = y + 1", calls[1]],
    }


def test_the_header_and_one_functions_lines_are_not_taken_for_anothers():
    text = "# a.py:1 f | x\ndef f():\n    # a.py:2  x\n    x = 1\n\n\ndef g():\n    y = 2\n"
    assert list(line_map(text)) == [4]


def test_an_error_names_the_users_line_once(loaded):
    with pytest.raises(ValueError) as caught:
        loaded.namespace["penalty"](-1.0)
    annotate(caught.value)
    annotate(caught.value)
    assert caught.value.__notes__ == [
        "while running code generated from train.py:12: u = math.log(x)"
    ]


def test_an_error_from_elsewhere_is_left_alone():
    with pytest.raises(ZeroDivisionError) as caught:
        1 / 0
    annotate(caught.value)
    assert not hasattr(caught.value, "__notes__")


def test_lines_of_other_files_have_no_provenance():
    assert provenance(__file__, 3) is None


def test_text_is_loaded_without_a_cache():
    module = load_text("def f():\n    return 3\n", "plain-module.py")
    assert module.namespace["f"]() == 3
    assert loading.is_generated(module.namespace["f"].__code__)
    assert not loading.is_generated(annotate.__code__)
