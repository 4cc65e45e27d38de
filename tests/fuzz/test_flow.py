"""Where control goes: names hold what the way that was taken gave them, or a refusal says why."""

from __future__ import annotations

import collections
from pathlib import Path

import pytest

from tests.fuzz.engines import Wrong, run
from tests.fuzz.flow import program

CHUNK = 50


@pytest.mark.parametrize("first", range(0, 300, CHUNK))
def test_names_hold_what_the_way_taken_gave_them(first: int, tmp_path: Path) -> None:
    ends: collections.Counter[str] = collections.Counter()
    for seed in range(first, first + CHUNK):
        case = program(seed)
        try:
            ends.update(f"{k}: {v}" for k, v in run(case, tmp_path).engines.items())
        except Wrong as error:
            pytest.fail(f"seed {seed}: {error}\n{case.text}")
    assert ends["reverse: right"] > CHUNK // 2
