"""Functions that make arrays: the inferred type describes what the call returns."""

from __future__ import annotations

import numpy as np
import pytest

from tests.compiler.ir.describing import (
    F32,
    INTS,
    NP_FLOAT,
    PY_FLOAT,
    F,
    V,
    case,
    check,
    integer,
    list_of,
    number,
)

CREATION = [
    *(case(fn, 3) for fn in (np.zeros, np.ones, np.empty)),
    case(np.zeros, (2, integer("n"))),
    case(np.zeros, integer("n-1")),
    case(np.zeros, (integer("n-3"), integer("m+1")), dtype=np.float32),
    case(np.zeros, [2, 3], "int32"),
    case(np.zeros, (number(3), 2)),
    case(np.zeros, ()),
    case(np.full, (integer("n"), 2), 1),
    case(np.full, 3, NP_FLOAT),
    case(np.full, 3, PY_FLOAT, dtype=np.float32),
    *(case(fn, F32) for fn in (np.zeros_like, np.ones_like, np.empty_like)),
    case(np.zeros_like, F32, dtype=np.float64),
    case(np.zeros_like, PY_FLOAT),
    case(np.full_like, INTS, 2.5),
    *(
        case(np.array, x)
        for x in (F, [1, 2], [1.0, 2], [[1, 2], [3, 4]], [V, V], PY_FLOAT, [PY_FLOAT, NP_FLOAT])
    ),
    case(np.array, [1, 2, 3], dtype=np.float32),
    case(np.array, [], np.float32),
    case(np.asarray, [PY_FLOAT, 1], dtype=float),
    case(np.asarray, list_of(V, 3)),
    case(np.float32, PY_FLOAT),
    case(np.float64, F32),
    case(np.int64, NP_FLOAT),
    *(case(np.arange, *args) for args in [(5,), (1, 5), (0.0, 1.0, 0.1), (5, 1, -1), (2.5,)]),
    *(case(np.arange, integer(a)) for a in ("n", "n-1", "n-4", "_p", "_±k", "_±k+1")),
    case(np.zeros, (integer("_±k"), integer("_±k+2"))),
    case(np.arange, 2, integer("_±k+1")),
    case(np.arange, integer("_±k"), integer("_±k+2")),
    case(np.linspace, 0.0, 1.0, integer("_±k+1")),
    case(np.arange, 1, integer("n")),
    case(np.arange, integer("n"), integer("n+3")),
    case(np.arange, integer("n"), integer("m")),
    case(np.arange, 0, integer("n"), 2),
    case(np.arange, integer("n"), dtype=np.float32),
    case(np.arange, NP_FLOAT),
    case(np.arange, True),
    case(np.linspace, 0, 1),
    case(np.linspace, 0.0, PY_FLOAT, 7),
    case(np.linspace, 0.0, 1.0, integer("n")),
    case(np.linspace, 0.0, V, num=4),
    case(np.linspace, number(np.float32(0)), NP_FLOAT, 3),
    case(np.linspace, 0, 1, 5, retstep=True),
    case(np.eye, 3),
    case(np.eye, integer("n"), 2),
    case(np.identity, integer("n"), dtype=np.float32),
    case(np.tri, 3, 4),
    case(np.vander, V, 3),
]


@pytest.mark.parametrize("row", CREATION, ids=str)
def test_inferred_type_describes_the_result(row):
    check(row)
