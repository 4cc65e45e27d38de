"""Methods, ufuncs' methods, stacks of matrices and indices: every derivative, and every dtype."""

from __future__ import annotations

import collections
import copy
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import sorix
from sorix.errors import InternalCompilerError, SorixError
from tests.fuzz.arrays import program
from tests.fuzz.engines import run
from tests.fuzz.test_dtypes import alike, outcome

CHUNK = 60


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("first", range(0, 4 * CHUNK, CHUNK))
def test_a_program_has_the_derivatives_of_differences(first: int, tmp_path: Path) -> None:
    ends: collections.Counter[str] = collections.Counter()
    for seed in range(first, first + CHUNK):
        case = program(seed)
        if "float32" in case.text:
            continue  # Differences of rounded numbers tell nothing.
        ends.update(run(case, tmp_path).engines.values())
    assert ends["right"] > 2 * CHUNK


@pytest.mark.parametrize("first", range(0, 4 * CHUNK, CHUNK))
def test_a_program_of_float32_gives_what_numpy_gives(first: int, tmp_path: Path) -> None:
    ends: collections.Counter[str] = collections.Counter()
    for seed in range(first, first + CHUNK):
        case = program(seed, weigh=False)
        function = case.load(tmp_path)
        args = [a.astype(np.float32) if isinstance(a, np.ndarray) else a for a in case.args]
        want = outcome(lambda f=function, a=args: f(*copy.deepcopy(a)))
        compiled = sorix.compile(function, fallback="error")
        got = outcome(lambda f=compiled, a=args: f(*copy.deepcopy(a)))
        case.unload(tmp_path)
        assert not isinstance(got, InternalCompilerError), f"{case.text}{got}"
        # Into an ``out=`` of another dtype NumPy does not write everywhere.
        if not isinstance(want, Exception) and not isinstance(got, SorixError):
            assert alike(got, want), f"{case.text}{want!r}, here {got!r}"
            ends["right"] += 1
    assert ends["right"] > CHUNK // 2
