"""Python's own numbers: the inferred type describes what the call returns."""

from __future__ import annotations

import copy
import math
import operator

import numpy as np
import pytest

from tests.compiler.ir.describing import (
    NP_FLOAT,
    PY_FLOAT,
    PY_INT,
    ZERO_D,
    F,
    V,
    case,
    check,
    list_of,
    number,
)

PYTHON = [
    *(case(fn, PY_FLOAT) for fn in (math.sin, math.exp, math.sqrt, math.gamma, math.floor)),
    case(math.floor, 2.5),
    case(math.atan2, PY_FLOAT, NP_FLOAT),
    case(math.isnan, PY_FLOAT),
    case(math.modf, PY_FLOAT),
    case(math.frexp, PY_FLOAT),
    case(math.comb, 4, 2),
    *(case(float, x) for x in (PY_INT, NP_FLOAT, ZERO_D)),
    *(case(int, x) for x in (PY_FLOAT, NP_FLOAT, ZERO_D, 2.7)),
    case(bool, NP_FLOAT),
    case(round, PY_FLOAT),
    case(round, PY_FLOAT, 1),
    case(max, PY_FLOAT, 1.0),
    case(max, NP_FLOAT, PY_FLOAT, loose=True),
    case(min, [PY_FLOAT, 2.0]),
    case(min, PY_INT, 2.0),
    case(max, V),
    case(max, list_of(number(1.0), 3)),
    case(sum, [V, V]),
    case(sum, [PY_FLOAT, 1]),
    case(sum, list_of(V, 3)),
    case(sum, V),
    case(sum, list_of(number(1.0), 3)),
    case(list, V),
    case(copy.copy, F),
    case(np.array_equiv, F, F),
    case(operator.add, list_of(V, 2), list_of(V, 1)),
    case(operator.add, list_of(V, 2), [V]),
    case(operator.mul, list_of(V, 2), 3),
]


@pytest.mark.parametrize("row", PYTHON, ids=str)
def test_inferred_type_describes_the_result(row):
    check(row)
