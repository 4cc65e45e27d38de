"""Every program of the corpus, through every engine."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import unittest.mock
from pathlib import Path

import pytest

import sorix.func
from tests.corpus import checks, table
from tests.corpus.registry import Program, load

ALL = load()
COMPILED = [p for p in ALL.values() if p.refused is None]
REFUSED = [p for p in ALL.values() if p.refused is not None]
SMOOTH = [p for p in COMPILED if p.order >= 2]
WHOLE = os.environ.get("SORIX_CORPUS") == "all"
ANY = (unittest.mock.ANY, unittest.mock.ANY)
"""The record of a program that has none yet."""
TEXTS = [p for k, p in enumerate(SMOOTH) if WHOLE or k % 8 == 0]


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
    assert table.found_on_the_tape(program) == table.recorded().get(program.name, ANY)[0]


@each(REFUSED)
def test_refusal(program: Program) -> None:
    checks.check_refusal(program)
    checks.check_forward_refusal(program)
    assert table.found_on_the_tape(program) == table.recorded().get(program.name, ANY)[0]


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
    """Or refused, by name, as the table says. ``SORIX_CORPUS=all`` asks it of every program."""
    assert table.found_in_the_text(program, tmp_path) == table.recorded().get(program.name, ANY)[1]


def test_the_page_of_what_is_supported_says_what_the_corpus_says() -> None:
    assert table.written_page() == table.page(), "run python -m tests.corpus.table"


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
