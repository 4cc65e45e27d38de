"""Products that sum over axes: the inferred type describes what the call returns."""

from __future__ import annotations

import operator

import numpy as np
import pytest

from tests.compiler.ir.describing import INTS, PY_FLOAT, F, V, array, case, check

PRODUCTS = [
    *(
        case(fn, array(a), array(b, "float32"))
        for fn in (operator.matmul, np.matmul)
        for a, b in [
            ("n", "n"),
            ("n, m", "m"),
            ("n", "n, m"),
            ("n, m", "m, k"),
            ("k, n, m", "m, 2"),
            ("k, n, m", "k, m, n"),
            ("1, n, m", "k, m, n"),
            ("m", "k, m, n"),
            ("n, m, k", "k"),
            ("n, 1", "1, k"),
            ("_p, 3", "3, _p"),
        ]
    ),
    *(
        case(np.dot, array(a), array(b))
        for a, b in [("n", "n"), ("n, m", "m, k"), ("n, m", "2, m, k"), ("n, m", "m"), ("", "n")]
    ),
    case(np.dot, PY_FLOAT, V),
    case(np.dot, V, [1.0, 2.0]),
    case(np.inner, F, array("k, m")),
    case(np.inner, V, V),
    case(np.outer, V, F),
    case(np.outer, V, PY_FLOAT),
    case(np.vdot, F, F),
    case(np.kron, array("n, 2"), array("3, m")),
    case(np.kron, V, F),
    case(np.cross, array("n, 3"), array("3")),
    case(np.linalg.cross, array("n, 3"), array("3")),
    case(np.linalg.outer, V, array("m")),
    case(np.linalg.matmul, F, array("m, k")),
    *(case(np.tensordot, array("n, m, k"), array("m, k, n"), axes=2) for _ in range(1)),
    case(np.tensordot, array("n, m, k"), array("k, n"), axes=((0, 2), (1, 0))),
    case(np.tensordot, V, V, axes=1),
    case(np.tensordot, F, array("m, 3"), axes=(1, 0)),
    case(np.einsum, "ij,jk->ik", F, array("m, k")),
    case(np.einsum, "ij, jk", F, array("m, k", "float32")),
    case(np.einsum, "ii", array("n, n")),
    case(np.einsum, "ii->i", array("n, n")),
    case(np.einsum, "...i,...i->...", array("k, n, m"), F),
    case(np.einsum, "i,j->ji", V, array("m")),
    case(np.einsum, "ij->", INTS),
    case(np.einsum, "bij,bjk->bik", array("k, n, m"), array("1, m, 2")),
]


@pytest.mark.parametrize("row", PRODUCTS, ids=str)
def test_inferred_type_describes_the_result(row):
    check(row)
