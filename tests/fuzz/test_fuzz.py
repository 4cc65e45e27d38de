"""Random programs of fixed seeds; more of them with ``python -m tests.fuzz``."""

from __future__ import annotations

import collections
from pathlib import Path
from typing import Any

import pytest

from sorix.func import transforms
from tests.fuzz.engines import Wrong, run
from tests.fuzz.generate import Program, generate
from tests.fuzz.nonsense import check
from tests.fuzz.shrink import shrink
from tests.fuzz.syntax import scribble

CHUNK = 100


@pytest.mark.parametrize("first", range(0, 2000, CHUNK))
def test_random_programs_are_right_or_refused(first: int, tmp_path: Path) -> None:
    ends: collections.Counter[str] = collections.Counter()
    for seed in range(first, first + CHUNK):
        program = generate(seed)
        try:
            ends.update(f"{k}: {v}" for k, v in run(program, tmp_path).engines.items())
        except Wrong as error:
            pytest.fail(f"seed {seed}: {error}\n{program.text}\nargs: {program.args}")
    # Most of what is generated must be compiled, or the test says little.
    assert ends["reverse: right"] > 0.7 * CHUNK


def test_a_seed_gives_the_same_program_at_every_run() -> None:
    one, two = generate(17), generate(17)
    assert one.text == two.text
    assert repr(one.args) == repr(two.args)


def test_a_wrong_derivative_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of a millionth in the generated gradient shows."""
    text = "def program(x, a):\n    return x * x * a\n"
    program = Program(1, text, (0.3004, 0.7004))
    assert run(program, tmp_path).engines["reverse"] == "right"
    exact = transforms._Plan.run

    def scaled(self: Any, *args: Any) -> Any:
        result, gradients = exact(self, *args)
        return result, [g * (1 + 1e-6) for g in gradients]

    monkeypatch.setattr(transforms._Plan, "run", scaled)
    with pytest.raises(Wrong, match="gradient"):
        run(program, tmp_path)


def test_shrinking_keeps_what_makes_a_program_fail() -> None:
    text = "def program(x):\n    y = x + 1\n    if y > 0:\n        z = y * BAD\n    return z\n"

    def fails(program: Program) -> str | None:
        return "bad" if "BAD" in program.text else None

    small = shrink(Program(0, text, (1.0,)), fails)
    assert "BAD" in small.text
    assert len(small.text.splitlines()) <= 2


@pytest.mark.parametrize("first", range(0, 500, CHUNK))
def test_functions_of_random_syntax_are_right_or_refused(first: int, tmp_path: Path) -> None:
    ends: collections.Counter[str] = collections.Counter()
    for seed in range(first, first + CHUNK):
        program = scribble(seed)
        try:
            ends[check(program, tmp_path)] += 1
        except Wrong as error:
            pytest.fail(f"seed {seed}: {error}\n{program.text}")
    assert ends["right, right"] > 0
