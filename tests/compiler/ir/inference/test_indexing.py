"""Reading with an index: the inferred type describes what the call returns."""

from __future__ import annotations

import operator

import numpy as np
import pytest

from tests.compiler.ir.describing import (
    PY_FLOAT,
    ZERO_D,
    V,
    array,
    case,
    check,
    index,
    integer,
    list_of,
    number,
)

SLICES = [
    slice(None),
    slice(1, None),
    slice(None, -1),
    slice(1, -1),
    slice(2, -2),
    slice(None, 1),
    slice(0, 1),
    slice(1, 2),
    slice(-1, None),
    slice(-2, None),
    slice(-2, -1),
    slice(None, 3),
    slice(-3, None),
    slice(3, 1),
    slice(-1, 1),
    slice(None, None, 2),
    slice(1, None, 2),
    slice(1, -1, 3),
    slice(None, None, -1),
    slice(None, None, -2),
    slice(4, None, -1),
    slice(number(1), None),
    slice(None, integer("n")),
    slice(None, integer("n-1")),
    slice(1, integer("n-1")),
    slice(None, integer("n-2")),
    slice(None, integer("n-3")),
    slice(integer("n-1"), None),
    slice(integer("n-2"), integer("n-1")),
    slice(integer("n+1"), None),
    slice(None, integer("m")),
    slice(None, integer("_±k")),
    slice(1, integer("_±k-1")),
    slice(None, integer("_±k-2")),
    slice(None, integer("_±k-3")),
    slice(integer("_±k-1"), None),
    slice(integer("_±k+1"), None),
]
INDEXING = [
    *(
        case(operator.getitem, array(shape), s)
        for shape in ("n", "5", "2", "n-1", "n-3", "n+1", "_p", "_p-1", "_±k", "_±k+1", "_±k-3")
        for s in SLICES
    ),
    *(
        case(operator.getitem, array("n, m, 4", "float32"), index)
        for index in (
            0,
            -1,
            number(1),
            (0, 1),
            (0, slice(None), 2),
            (slice(None), None),
            (slice(None), slice(0, 1)),
            (slice(None), [0]),
            None,
            Ellipsis,
            (Ellipsis, 0),
            (Ellipsis, None),
            (0, Ellipsis, 1),
            (0, 1, 2),
            (0, 1, 2, Ellipsis),
            (slice(1, -1), slice(None, -1), slice(2)),
            [0, 1],
            ([0, 1], [1, 0]),
            (0, slice(None), [0, 1, 1]),
            (slice(None), 0, [0, 1, 1]),
            (slice(None), [0, 1], [[0], [1]]),
            ([0, 1], slice(None), [0, 1]),
            ([0, 1], Ellipsis, [0, 1]),
            ([0, 1], None, [0, 1]),
            array("n, m", "bool"),
            array("n", "bool"),
            (array("n", "bool"), 0),
            (slice(None), array("m", "bool")),
            index("k, 2", "uint8"),
            number(np.int64(1)),
            (),
        )
    ),
    case(operator.getitem, V, 0),
    case(operator.getitem, V, index("")),
    case(operator.getitem, ZERO_D, ()),
    case(operator.getitem, ZERO_D, Ellipsis),
    case(operator.getitem, [V, PY_FLOAT], 1),
    case(operator.getitem, (V, V), number(1)),
    case(operator.getitem, list_of(V, 3), 0),
    case(operator.getitem, list_of(V, 3), slice(1, None)),
]


@pytest.mark.parametrize("row", INDEXING, ids=str)
def test_inferred_type_describes_the_result(row):
    check(row)
