"""Joining arrays and taking them apart: the inferred type describes the result."""

from __future__ import annotations

import numpy as np
import pytest

from tests.compiler.ir.describing import F32, NP_FLOAT, PY_FLOAT, F, V, array, case, check, list_of

JOINING = [
    case(np.concatenate, [V, V]),
    case(np.concatenate, (V, array("m"), array("3"))),
    case(np.concatenate, [array("n-1"), array("1")]),
    case(np.concatenate, [array("n-3"), array("3")]),
    case(np.concatenate, [array("n-2"), array("1"), array("1")]),
    case(np.concatenate, [array("_±k"), array("1")]),
    case(np.concatenate, [array("_±k-1"), array("_±k")]),
    case(np.concatenate, [F, F32], axis=1),
    case(np.concatenate, [F, array("2, m", "float32")], 0),
    case(np.concatenate, [F, V], axis=None),
    case(np.concatenate, [[1.0], V, [2.0]]),
    case(np.concatenate, [array("_p"), V]),
    case(np.concatenate, array("3, n, m")),
    case(np.concatenate, list_of(F, 3), axis=1),
    case(np.stack, [V, V]),
    case(np.stack, [V, V, V], axis=1),
    case(np.stack, [F, F], axis=-1),
    case(np.stack, [PY_FLOAT, NP_FLOAT]),
    case(np.stack, list_of(V, 3)),
    *(case(fn, [V, V]) for fn in (np.vstack, np.hstack, np.dstack, np.column_stack)),
    *(case(fn, [F, F32]) for fn in (np.vstack, np.hstack, np.dstack, np.column_stack)),
    case(np.column_stack, [V, F]),
    case(np.hstack, [PY_FLOAT, V]),
    case(np.append, V, 1.0),
    case(np.append, F, F, axis=0),
    case(np.delete, F, 0, axis=0),
    case(np.insert, V, 0, 5.0),
    case(np.split, array("6, n"), 3),
    case(np.split, array("6, n"), [1, 4]),
    case(np.split, F, 2, axis=1),
    case(np.array_split, array("7"), 3),
    case(np.hsplit, array("n, 4"), 2),
    case(np.vsplit, array("4, n"), 2),
]


@pytest.mark.parametrize("row", JOINING, ids=str)
def test_inferred_type_describes_the_result(row):
    check(row)
