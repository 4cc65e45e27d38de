"""Compiling leaves the process as it was, however deep the program is and however many compile."""

from __future__ import annotations

import ast
import gc
import importlib.util
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import sorix
from sorix.compiler.host import deeply, parse, uncollected
from sorix.errors import CompilerLimitError
from sorix.func import grad, jvp

POINT = np.array([0.7, 0.3])


@pytest.fixture
def limit() -> Iterator[int]:
    """A recursion limit of the test's own; it must be found again afterwards."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1017)
    try:
        yield 1017
        assert sys.getrecursionlimit() == 1017
    finally:
        sys.setrecursionlimit(before)


@pytest.fixture
def often_switched() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def module(path: Path, text: str) -> ModuleType:
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """The results of functions that begin at one moment, each in a thread of its own."""
    barrier = threading.Barrier(len(works))

    def begin(work: Callable[[], Any]) -> Any:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [f.result() for f in [pool.submit(begin, work) for work in works]]


# ------------------------------------------------------------------------------- depth


def standing_deep(frames: int, work: Callable[[], Any]) -> Any:
    return work() if frames == 0 else standing_deep(frames - 1, work)


def test_a_caller_with_little_stack_left_compiles_a_deep_expression(tmp_path, limit):
    text = f"def f(x):\n    return {'x[0] * (1.0 + ' * 80}x[1]{')' * 80}\n"
    f = module(tmp_path / "deep_expression.py", text).f
    plain = sorix.func.grad(f)(POINT)
    depth = len(list(iter_frames()))
    squeezed = standing_deep(limit - depth - 120, lambda: grad(f, fallback="error")(POINT))
    np.testing.assert_array_equal(squeezed, plain)


def iter_frames() -> Iterator[Any]:
    frame = sys._getframe()
    while frame is not None:
        yield frame
        frame = frame.f_back


def recursive(n: int) -> int:
    return 0 if n == 0 else 1 + recursive(n - 1)


def test_work_deeper_than_the_limit_is_done_in_a_deeper_stack(limit):
    assert deeply(recursive, 5_000) == 5_000
    with pytest.raises(RecursionError):
        recursive(5_000)


def test_endless_recursion_is_a_limit_of_the_compiler(limit):
    with pytest.raises(CompilerLimitError, match="nested too deeply"):
        deeply(recursive, -1)


def test_errors_and_context_pass_through_a_deeper_stack(limit):
    def fail(n: int) -> int:
        assert np.geterr()["over"] == "raise"
        return 1 // n if n == 0 else fail(n - 1)

    with np.errstate(over="raise"), pytest.raises(ZeroDivisionError):
        deeply(fail, 2_000)


def test_branches_nested_deeper_than_python_can_read_are_refused(tmp_path, limit):
    chain = "".join(f"x[0] * {k}.5 if x[1] > {k} else " for k in range(101))
    f = module(tmp_path / "deep_branches.py", f"def f(x):\n    return {chain}x[0]\n").f
    with pytest.raises(CompilerLimitError, match="nested too deeply for Python"):
        grad(f, fallback="error")(POINT)


# ----------------------------------------------------------------------------- threads


def polynomials(path: Path, count: int) -> list[Callable[..., Any]]:
    """Different functions: of k, the sum of ``(k + 1) * x ** (k + 2)``, by a loop and a branch."""
    text = "".join(
        f"def f{k}(x):\n"
        "    total = 0.0\n"
        "    for i in range(len(x)):\n"
        "        if x[i] > -1.0:\n"
        f"            total += {k + 1}.0 * x[i] ** {k + 2}\n"
        "    return total\n"
        for k in range(count)
    )
    made = module(path / "polynomials.py", text)
    return [getattr(made, f"f{k}") for k in range(count)]


def slope(k: int) -> np.ndarray:
    return (k + 1) * (k + 2) * POINT ** (k + 1)


def test_two_threads_compile_different_functions_at_once(tmp_path, limit, often_switched):
    functions = polynomials(tmp_path, 40)

    def half(which: int) -> list[Any]:
        return [grad(f, fallback="error")(POINT) for f in functions[which::2]]

    found = at_once([lambda: half(0), lambda: half(1)])
    assert gc.isenabled()
    for which in (0, 1):
        for k, gradient in zip(range(which, 40, 2), found[which], strict=True):
            np.testing.assert_allclose(gradient, slope(k), rtol=1e-13)


def test_threads_that_need_a_deeper_stack_do_not_end_each_others(limit, often_switched):
    depths = [1_500 + 700 * k for k in range(8)]
    found = at_once([lambda n=n: [deeply(recursive, n) for _ in range(10)] for n in depths])
    assert found == [[n] * 10 for n in depths]


def test_one_function_is_compiled_and_called_by_eight_threads_at_once(tmp_path, often_switched):
    (function,) = polynomials(tmp_path, 1)
    gradient, compiled = grad(function, fallback="error"), sorix.compile(function, fallback="error")
    points = [np.linspace(0.1, 0.9, n) for n in (1, 2, 3, 1, 2, 5, 1, 7)]

    def use(x: np.ndarray) -> None:
        for _ in range(20):
            np.testing.assert_allclose(gradient(x), 2 * x, rtol=1e-13)
            np.testing.assert_allclose(compiled(x), np.sum(x**2), rtol=1e-13)
            np.testing.assert_allclose(jvp(function, (x,), (x,))[1], 2 * np.sum(x**2), rtol=1e-13)

    at_once([lambda x=x: use(x) for x in points])


SCRIPT = """
import sys
import numpy as np
sys.path.insert(0, sys.argv[1])
import polynomials
from sorix.func import grad
sys.stdin.readline()
x = np.array([0.7, 0.3])
for k in range(12):
    found = grad(getattr(polynomials, f"f{k}"), fallback="error")(x)
    np.testing.assert_allclose(found, (k + 1) * (k + 2) * x ** (k + 1), rtol=1e-13)
print("right")
"""


def test_two_processes_fill_one_cache_at_once(tmp_path, monkeypatch):
    polynomials(tmp_path, 12)
    (tmp_path / "cache").mkdir(mode=0o700)
    monkeypatch.setenv("SORIX_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONPATH", str(Path(sorix.__file__).parents[1]))
    command = [sys.executable, "-W", "error", "-c", SCRIPT, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    for _ in range(2):  # While the entries are written, and when all of them are there.
        running = [subprocess.Popen(command, **pipes) for _ in range(2)]
        for process in running:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        assert [process.communicate()[0].strip() for process in running] == ["right"] * 2
    assert len(list((tmp_path / "cache").glob("*.sorix"))) == 12
    assert not list((tmp_path / "cache").glob(".*.tmp"))


# ------------------------------------------------------------------------------- quiet


def test_collection_goes_on_when_the_last_one_leaves():
    with uncollected:
        with uncollected:
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_text_is_parsed_though_collections_parse_too(often_switched):
    text = Path(ast.__file__).read_text()
    thresholds = gc.get_threshold()

    def parses(phase: str, info: Any) -> None:
        ast.parse("x = [1, (2, 3)]")

    gc.callbacks.append(parses)
    gc.set_threshold(50)
    try:
        found = at_once([lambda: [parse(text) for _ in range(3)]] * 3)
    finally:
        gc.callbacks.remove(parses)
        gc.set_threshold(*thresholds)
    assert all(len(tree.body) > 20 for trees in found for tree in trees)
