"""Names that share arrays: every write is seen where Python shows it, or the program is refused."""

from __future__ import annotations

import collections
from pathlib import Path

import numpy as np
import pytest

import sorix
from sorix.errors import InternalCompilerError, SorixError
from tests.fuzz.aliases import program

CHUNK = 100


@pytest.mark.parametrize("first", range(0, 600, CHUNK))
def test_a_write_is_seen_by_every_name_of_its_array(first: int, tmp_path: Path) -> None:
    ends: collections.Counter[str] = collections.Counter()
    for seed in range(first, first + CHUNK):
        case = program(seed)
        function = case.load(tmp_path)
        try:
            with np.errstate(all="ignore"):
                want = function(*case.arguments())
                got = sorix.compile(function, fallback="error")(*case.arguments())
        except InternalCompilerError:
            raise
        except SorixError:
            ends["refused"] += 1
            continue
        finally:
            case.unload(tmp_path)
        assert got == pytest.approx(want, rel=1e-10, nan_ok=True), f"seed {seed}\n{case.text}"
        ends["right"] += 1
    assert ends["right"] > CHUNK // 2
