"""Generated text: it is what it parses to, the same in every process, and a program again."""

from __future__ import annotations

import ast
import copy
import importlib.util
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import sorix
import sorix.func
from sorix.compiler.emit.unparse import unparse
from tests.compiler.written import PROGRAMS, lowered, written

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden"
UPDATE = bool(os.environ.get("SORIX_UPDATE_GOLDEN"))

each = pytest.mark.parametrize("name", PROGRAMS)


@each
def test_printing_what_was_parsed_gives_an_equal_tree(name):
    for what, built in written(name):
        tree = ast.parse(built.text)
        again = ast.parse(unparse(tree))
        assert ast.dump(again) == ast.dump(tree), what


@each
def test_text_is_code_and_comments_only(name):
    for what, built in written(name):
        assert built.text.isascii() or "test" in built.text
        assert built.text.startswith("# "), what
        assert built.text.endswith("\n")
        for line in built.text.splitlines():
            assert line == line.rstrip()
        imports = [n for n in ast.walk(ast.parse(built.text)) if isinstance(n, ast.Import)]
        modules = {alias.name for n in imports for alias in n.names}
        assert modules <= {"numpy", "math"}
        froms = [n for n in ast.walk(ast.parse(built.text)) if isinstance(n, ast.ImportFrom)]
        assert {n.module for n in froms} <= {"sorix.support"}


@each
def test_no_line_computes_what_nobody_reads(name):
    for what, built in written(name):
        for function in ast.parse(built.text).body:
            if not isinstance(function, ast.FunctionDef):
                continue
            names = [n for n in ast.walk(function) if isinstance(n, ast.Name)]
            read = {n.id for n in names if isinstance(n.ctx, ast.Load)}
            stored = {n.id for n in names if isinstance(n.ctx, ast.Store)}
            loops = [n.target.id for n in ast.walk(function) if isinstance(n, ast.For)]
            assert stored - read - set(loops) <= {"_"}, what


@pytest.mark.parametrize("name", PROGRAMS)
def test_golden_text(name):
    """Set SORIX_UPDATE_GOLDEN=1 to write the files anew, and read what changed."""
    texts = [built.text for what, built in written(name) if what != "sweeps"]
    path = GOLDEN / f"{name}.py"
    text = "\n\n".join(texts)
    if UPDATE:
        path.write_text(text)
    assert text == path.read_text()


# -- the same in every process --------------------------------------------------------------


def digests(seed: int) -> str:
    environment = {
        **os.environ,
        "PYTHONHASHSEED": str(seed),
        "PYTHONPATH": str(ROOT),
        "SORIX_CACHE_DIR": "",
    }
    result = subprocess.run(
        [sys.executable, "-m", "tests.compiler.written"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_the_same_bytes_under_twenty_hash_seeds():
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(digests, range(20)))
    assert len(found[0].splitlines()) >= 3 * len(PROGRAMS)
    assert found == [found[0]] * 20


# -- the long way round: text in, text out --------------------------------------------------


def imported(path: Path, text: str):
    """A module of the user's with this text."""
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def weights_of(bars):
    return [np.cos(np.arange(np.size(b)) + k).reshape(np.shape(b)) for k, b in enumerate(bars)]


@each
def test_differentiating_the_text_equals_differentiating_the_ir(name, tmp_path):
    it = lowered(name)
    program, wrt = it.entry.program, it.wrt
    gradient = program.gradient(wrt, it.seeds)
    params = len(it.inputs)
    values = [*it.values, np.float64(1.0) if _is_single(it.values) else 1.0]

    # The derivative of the IR: cotangents of the gradient's parameters.
    bars = _tuple(gradient.primal.functions[0](*copy.deepcopy(values)))
    weights = weights_of(bars)
    joint = gradient.joint(wrt).functions[0](*copy.deepcopy(values), *_like(weights, bars))
    from_ir = joint[len(bars) :]

    # The same from the text of the gradient, as a program of the user's.
    module = imported(tmp_path / f"{name}_again.py", gradient.primal.text)
    adjoint = getattr(module, gradient.primal.functions[0].__name__)

    def weighed(*arguments):
        total = 0.0
        for bar, weight in zip(_tuple(adjoint(*arguments)), weights):
            total = total + np.sum(bar * weight)
        return total

    from_text = sorix.func.grad(weighed, wrt, fallback="error")(*copy.deepcopy(values))
    assert params == len(values) - 1
    for text_bar, ir_bar in zip(from_text, from_ir, strict=True):
        tolerance = 1e-4 if _is_single(it.values) else 1e-10
        scale = np.abs(ir_bar).max(initial=1e-2) if np.size(ir_bar) else 1.0
        np.testing.assert_allclose(text_bar, ir_bar, rtol=0, atol=tolerance * scale)


def _is_single(values):
    return any(getattr(v, "dtype", None) == np.float32 for v in values)


def _tuple(result):
    return result if isinstance(result, tuple) else (result,)


def _like(weights, bars):
    return [
        float(w)
        if isinstance(b, float) and not isinstance(b, np.generic)
        else np.asarray(w, np.asarray(b).dtype)
        for w, b in zip(weights, bars)
    ]
