"""The functions of `sorix.support`: the inferred type describes what the call returns."""

from __future__ import annotations

import numpy as np
import pytest

from sorix import support
from tests.compiler.ir.describing import (
    F32,
    INTS,
    NP_FLOAT,
    ONE_COLUMN,
    PY_FLOAT,
    PY_INT,
    ZERO_D,
    F,
    V,
    array,
    case,
    check,
    index,
    integer,
    list_of,
    number,
)

HELPERS = [
    *(
        case(fn, y, x)
        for fn in (support.unbroadcast,)
        for y in (F, F32)
        for x in (array("m"), ONE_COLUMN, PY_FLOAT, NP_FLOAT, ZERO_D, F)
    ),
    *(
        case(support.unbroadcast, y, x, loose=True)
        for y in (PY_FLOAT, ZERO_D, NP_FLOAT)
        for x in (PY_FLOAT, ZERO_D, NP_FLOAT)
    ),
    *(case(support.unbroadcast, y, number(np.float64(1)), loose=True) for y in (F, F32)),
    *(
        case(support.broadcast_like, y, x)
        for y in (V, PY_FLOAT, NP_FLOAT, ZERO_D)
        for x in (array("m, n"), array("3, n", "float32"))
    ),
    *(case(support.reshape_like, array("n, 1"), x) for x in (V, array("1, n, 1"))),
    case(support.reshape_like, array("1, 1"), PY_FLOAT),
    *(case(support.expand, y, x) for y in (PY_FLOAT, NP_FLOAT, ZERO_D) for x in (F, F32)),
    case(support.expand, V, F, axis=1),
    case(support.expand, ONE_COLUMN, F, axis=1, keepdims=True),
    case(support.expand, PY_FLOAT, PY_FLOAT),
    *(case(support.zeros_like, x) for x in (F, F32, INTS, ZERO_D, NP_FLOAT, PY_FLOAT, PY_INT)),
    case(support.zeros_like, None),
    case(support.zeros_like, [V, PY_FLOAT]),
    case(support.zeros_like, list_of(V, 2)),
    case(support.cast, F, np.float32),
    case(support.cast, PY_FLOAT, "float32"),
    case(support.item, array("1, 1", "float32")),
    *(
        case(fn, x)
        for fn in (support.sigmoid, support.softplus, support.relu, support.silu)
        for x in (F, F32, PY_FLOAT, NP_FLOAT)
    ),
    *(case(fn, x) for fn in (support.leaky_relu, support.elu) for x in (F, F32, NP_FLOAT)),
    *(case(fn, F32) for fn in (support.softmax, support.log_softmax)),
    case(support.softmax, F, axis=0),
    case(support.logsumexp, F),
    case(support.logsumexp, F32, axis=1, keepdims=True),
    case(support.sinc_derivative, F),
    case(support.store, F32, (0, slice(None)), PY_FLOAT),
    case(support.add_at, F, 0, array("m")),
    case(support.scatter, PY_FLOAT, F32, (0, 0)),
    case(support.scatter, array("m"), INTS, 0),
    case(support.scatter, V, [V, PY_FLOAT], 0),
    case(support.scatter, V, list_of(V, 3), 1),
    case(support.scatter_along, array("n, 1"), F, index("n, 1"), axis=1),
    case(support.list_append, list_of(V, 2), V),
    case(support.list_append, [], V),
    case(support.list_set, list_of(V, 2), 0, V),
    case(support.list_set, list_of(V, 2), 0, array("m")),
    case(support.list_add_at, list_of(V, 2), 0, V),
    case(support.list_pop, list_of(V, 2)),
    case(support.split_like, array("n+3"), (V, array("3"))),
    case(support.split_like, array("6"), list_of(array("3", "float32"), 2)),
    case(support.unstack, array("3, n")),
    case(support.unstack, array("n, 2"), axis=1),
    case(support.unstack, array("n")),
    case(support.unstack, array("3")),
    case(support.packed, [PY_FLOAT, 1.0]),
    case(support.packed, list_of(V, 2)),
    case(support.entries, array("2"), [1.0, PY_FLOAT]),
    case(support.entries, array("2, n"), [V, V]),
    case(support.entries, F, F),
    case(support.untile, array("n+2, 4"), array("4"), (integer("n+2"), 1)),
    case(support.unrepeat, array("6", "float32"), array("3"), 2),
    case(support.unpad, array("n+2"), V, 1),
    case(support.diff_transpose, V, array("n+1")),
    case(support.diff_transpose, array("n, 4"), array("n+2, 4"), n=2, axis=0),
    case(support.convolve_transpose, V, array("n"), PY_FLOAT),
    case(support.shift, PY_FLOAT),
    case(support.convolve_transpose, array("n+2"), array("3"), V),
    case(support.gradient_transpose, F, F, 0.5, axis=0),
    case(support.linear_recurrence, F, F32),
    case(support.shift, F32, axis=1),
    case(support.product_of_others, F),
    case(support.product_of_others, F, axis=0),
]


@pytest.mark.parametrize("row", HELPERS, ids=str)
def test_inferred_type_describes_the_result(row):
    check(row)
