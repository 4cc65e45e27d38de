"""Numbers of all kinds: the value, its dtype and its type are NumPy's, or the program is refused."""

from __future__ import annotations

import collections
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sorix
from sorix.errors import InternalCompilerError, SorixError
from tests.fuzz.dtypes import program

CHUNK = 200
FAILURES = (ValueError, TypeError, ArithmeticError, IndexError)


@pytest.mark.parametrize("first", range(0, 800, CHUNK))
def test_a_program_gives_what_numpy_gives(first: int, tmp_path: Path) -> None:
    ends: collections.Counter[str] = collections.Counter()
    for seed in range(first, first + CHUNK):
        case = program(seed)
        function = case.load(tmp_path)
        with np.errstate(all="ignore"):
            want = outcome(lambda: function(*case.arguments()))
            compiled = sorix.compile(function, fallback="error")
            got = outcome(lambda: compiled(*case.arguments()))
        case.unload(tmp_path)
        if isinstance(got, SorixError):
            assert not isinstance(got, InternalCompilerError), f"{case.text}{got}"
            ends["refused"] += 1
        elif isinstance(want, Exception):
            assert isinstance(got, Exception), f"{case.text}{want!r}, here {got!r}"
        else:
            assert alike(got, want), f"{case.text}{want!r}, here {got!r}"
            ends["right"] += 1
    assert ends["right"] > CHUNK // 2


def outcome(run: Any) -> Any:
    """What a call returns, or raises."""
    try:
        return run()
    except (SorixError, *FAILURES) as error:
        return error


def alike(got: Any, want: Any) -> bool:
    """Whether two results are of one type, dtype and shape, and equal but for rounding."""
    if type(got) is not type(want) or np.shape(got) != np.shape(want):
        return False
    if getattr(got, "dtype", None) != getattr(want, "dtype", None):
        return False
    # Some of it may have been computed in float32, by another of NumPy's routines.
    return np.allclose(got, want, rtol=2e-5, atol=2e-6, equal_nan=True)
