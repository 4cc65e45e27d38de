"""np.linalg: the inferred type describes what the call returns."""

from __future__ import annotations

import numpy as np
import pytest

from tests.compiler.ir.describing import F32, INTS, F, V, array, case, check

SQUARE = array("n, n", square=True)
STACKED = array("k, 3, 3", "float32", square=True)
LINALG = [
    *(
        case(getattr(np.linalg, f), x)
        for f in ("inv", "det", "cholesky")
        for x in (SQUARE, STACKED)
    ),
    *(case(getattr(np.linalg, f), x) for f in ("slogdet", "eigh") for x in (SQUARE, STACKED)),
    case(np.linalg.eigvalsh, SQUARE),
    case(np.linalg.eig, SQUARE, loose=True),
    case(np.linalg.eigvals, SQUARE, loose=True),
    case(np.linalg.solve, SQUARE, V),
    case(np.linalg.solve, SQUARE, array("n, m", "float32")),
    case(np.linalg.solve, STACKED, array("k, 3, 2")),
    *(case(np.linalg.svd, F32, full_matrices=full) for full in (True, False)),
    case(np.linalg.svd, array("n, n"), full_matrices=False),
    case(np.linalg.svd, F, compute_uv=False),
    case(np.linalg.qr, array("n, 2")),
    case(np.linalg.qr, F),
    case(np.linalg.qr, F, mode="r"),
    case(np.linalg.pinv, F),
    case(np.linalg.matrix_power, SQUARE, 3),
    case(np.linalg.matrix_rank, F),
    case(np.linalg.lstsq, array("n, 2"), V),
    case(np.linalg.norm, V),
    case(np.linalg.norm, F32),
    case(np.linalg.norm, INTS, axis=1),
    case(np.linalg.norm, F, axis=1, keepdims=True),
    case(np.linalg.norm, V, 1),
    case(np.linalg.multi_dot, [F, array("m, k"), array("k")]),
]


@pytest.mark.parametrize("row", LINALG, ids=str)
def test_inferred_type_describes_the_result(row):
    check(row)
