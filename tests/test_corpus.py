"""Every program of the corpus, through every engine."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import sorix.func
from sorix.errors import CompileError
from tests.corpus import checks
from tests.corpus.registry import Program, load

ALL = load()
COMPILED = [p for p in ALL.values() if p.refused is None]
REFUSED = [p for p in ALL.values() if p.refused is not None]
SMOOTH = [p for p in COMPILED if p.order >= 2]
TEXTS = [p for k, p in enumerate(SMOOTH) if k % 8 == 0]


def each(programs: list[Program]) -> pytest.MarkDecorator:
    ids = [f"{p.topic}-{p.name}" for p in programs]
    return pytest.mark.parametrize("program", programs, ids=ids)


@each(COMPILED)
def test_value_and_gradient(program: Program) -> None:
    checks.check_gradient(program)


@each(SMOOTH)
def test_second_derivative(program: Program) -> None:
    checks.check_second_derivative(program)


@each(COMPILED)
def test_the_tape_is_right_or_refuses(program: Program) -> None:
    assert checks.check_tape(program)


@each(REFUSED)
def test_refusal(program: Program) -> None:
    checks.check_refusal(program)
    assert checks.check_tape(program)


@pytest.mark.skipif(not hasattr(sorix.func, "jvp"), reason="forward mode is not offered")
@each(COMPILED)
def test_forward_mode(program: Program) -> None:
    checks.check_forward(program)


@each(COMPILED)
def test_printing_the_parsed_text_gives_the_same_tree(program: Program) -> None:
    it = checks.case(program)
    it.gradient(*it.args())
    tree = ast.parse(it.gradient.source)
    assert ast.dump(ast.parse(ast.unparse(tree))) == ast.dump(tree)


@each(TEXTS)
def test_the_text_is_differentiable_again(program: Program, tmp_path: Path) -> None:
    try:
        checks.check_text(program, tmp_path)
    except CompileError as refusal:
        pytest.skip(f"the text is refused, by name: {type(refusal).__name__}: {refusal.reason}")


def test_the_text_does_not_depend_on_the_order_of_hashes() -> None:
    first, second = (_fingerprints(seed) for seed in ("1", "20"))
    assert first == second
    assert len(first.splitlines()) > len(ALL) // 5


def _fingerprints(seed: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "tests.corpus.fingerprints", "4"],
        env={**os.environ, "PYTHONHASHSEED": seed},
        cwd=Path(__file__).parent.parent,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
