"""Reshaping, reordering, resizing, picking: the inferred type describes the result."""

from __future__ import annotations

import numpy as np
import pytest

from tests.compiler.ir.describing import (
    BOOLS,
    F32,
    INTS,
    ONE_COLUMN,
    PY_FLOAT,
    ZERO_D,
    F,
    V,
    array,
    case,
    check,
    index,
    integer,
    number,
)

LAYOUT = [
    *(
        case(np.reshape, array(old), new)
        for old, new in [
            ("n, m", -1),
            ("n, m", (-1,)),
            ("n, m", (integer("m"), integer("n"))),
            ("n, m", (-1, integer("m"))),
            ("n, m", (1, -1)),
            ("n, m, 4", (integer("n"), -1)),
            ("n, 6", (-1, 3)),
            ("n, 3", (-1, 2)),
            ("12", (3, -1)),
            ("n", (integer("n"), 1)),
            ("n-1, m", (-1, integer("n-1"))),
            ("n-3, 6", (integer("n-3"), -1)),
            ("6", (integer("n-3"), 3)),
            ("_p, 4", (-1, 2)),
            ("n, m", (number(-1),)),
            ("", (1, 1)),
            ("n, m", [-1]),
        ]
    ),
    case(np.reshape, F, -1, order="F"),
    case(np.ravel, F),
    case(np.ravel, array("n-3, m")),
    case(np.ravel, PY_FLOAT),
    *(case(np.transpose, x) for x in (F, V, array("n, m, k"), ZERO_D)),
    case(np.transpose, array("n, m, k"), (2, 0, 1)),
    case(np.transpose, array("n, m, k"), axes=(-1, 0, 1)),
    case(np.swapaxes, array("n, m, k"), 0, -1),
    case(np.moveaxis, array("n, m, k"), 0, -1),
    case(np.moveaxis, array("n, m, k"), (0, 1), (2, 0)),
    *(case(np.expand_dims, F, axis) for axis in (0, 1, -1, (0, 2), number(0))),
    case(np.squeeze, array("n, 1, m")),
    case(np.squeeze, array("n, 1, _p"), axis=1),
    case(np.squeeze, array("1, n, 1"), (0, 2)),
    case(np.squeeze, array("n, _p"), loose=True),
    *(case(fn, x) for fn in (np.atleast_1d, np.atleast_2d, np.atleast_3d) for x in (F, V, ZERO_D)),
    case(np.atleast_2d, V, F),
    case(np.flip, F),
    case(np.flip, F, 0),
    case(np.roll, F, 1, axis=0),
    *(
        case(fn, x, *options)
        for fn, *options in ((np.transpose,), (np.squeeze,), (np.reshape, ()), (np.flip,))
        for x in (ZERO_D, PY_FLOAT, number(np.float32(1)))
    ),
    case(np.rot90, F),
    case(np.rot90, F, 2),
    case(np.tril, F, -1),
    case(np.triu, V),
    case(np.copy, F32),
    case(np.copy, PY_FLOAT),
    case(np.ascontiguousarray, PY_FLOAT),
    case(np.broadcast_to, V, (3, integer("n"))),
    case(np.broadcast_to, PY_FLOAT, (integer("n"),)),
    case(np.broadcast_arrays, ONE_COLUMN, array("m")),
    case(np.repeat, F, 2),
    case(np.repeat, F, 3, axis=0),
    case(np.repeat, V, integer("m")),
    case(np.repeat, V, [1, 2], axis=0),
    case(np.tile, V, 2),
    case(np.tile, F, (2, 1, 3)),
    case(np.tile, V, (integer("m"), 1)),
    case(np.pad, V, 1),
    case(np.pad, F, ((0, 1), (2, 2))),
    case(np.pad, array("n-3"), 3),
    case(np.pad, F, (1, 2), mode="edge"),
    case(np.diag, V),
    case(np.diag, V, 1),
    case(np.diag, array("n, n"), -1),
    case(np.diag, F),
    case(np.diag, array("3, 5"), 1),
    case(np.diagonal, array("n, n, 3")),
    case(np.diagflat, V),
    case(np.meshgrid, V, array("m")),
    case(np.meshgrid, V, array("m"), indexing="ij"),
    case(np.meshgrid, V, array("m"), array("k"), indexing="xy"),
    case(np.argwhere, INTS),
    case(np.flatnonzero, INTS),
    case(np.searchsorted, V, F),
    case(np.searchsorted, V, PY_FLOAT),
    case(np.take, F, [0, 1], axis=1),
    case(np.take, F, 1),
    case(np.take, F, 0, axis=0),
    case(np.take_along_axis, F, index("n, 1"), axis=1, loose=True),
    case(np.select, [BOOLS, BOOLS], [F, 1.0]),
    case(np.unique, INTS),
    case(np.compress, [True, False], F, axis=1),
    case(np.extract, BOOLS, F),
    case(np.digitize, F, [0.5, 1.0]),
    case(np.bincount, index("n")),
    case(np.bincount, index("n"), V),
    case(np.indices, (2, integer("n"))),
    case(np.triu_indices, 3),
    case(np.diag_indices, 3),
    case(np.linalg.diagonal, array("k, n, n")),
    case(np.isin, INTS, [1, 2]),
]


@pytest.mark.parametrize("row", LAYOUT, ids=str)
def test_inferred_type_describes_the_result(row):
    check(row)
