"""Reshapes that may be views: right whatever the layout in memory, or refused."""

from __future__ import annotations

import collections
from pathlib import Path

import numpy as np
import pytest

import sorix.func
from sorix.errors import SorixError
from sorix.func.eager import eager_value_and_grad
from tests.fuzz.generate import Program
from tests.fuzz.layouts import programs


def arguments(program: Program) -> tuple[np.ndarray, ...]:
    """Fresh ones, that lie in memory as those of the program."""
    a, f, s = program.args
    return a.copy(), f.copy(order="F"), np.repeat(s, 2)[::2]


@pytest.mark.parametrize("engine", ["compiled", "tape"])
@pytest.mark.parametrize("seed", range(4))
def test_a_write_is_seen_where_numpy_shows_it(seed: int, engine: str, tmp_path: Path) -> None:
    ends: collections.Counter[str] = collections.Counter()
    for program in programs(seed):
        function = program.load(tmp_path)
        try:
            want = function(*arguments(program))
        except (ValueError, IndexError, TypeError):
            continue  # The view and the reshape do not fit, or a number is written into.
        try:
            got = value(function, program, engine)
        except SorixError:
            ends["refused"] += 1
            continue
        finally:
            program.unload(tmp_path)
        assert got == pytest.approx(want, rel=1e-10), program.text
        ends["right"] += 1
    assert ends["right"] > 5


def value(function, program: Program, engine: str) -> float:
    positions = (0, 1, 2)
    if engine == "tape":
        return float(eager_value_and_grad(function, positions, False, arguments(program), {})[0])
    gradient = sorix.func.value_and_grad(function, positions, fallback="error")
    return float(gradient(*arguments(program))[0])
