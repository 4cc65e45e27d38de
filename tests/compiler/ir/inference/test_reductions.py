"""Reductions and scans: the inferred type describes what the call returns."""

from __future__ import annotations

import numpy as np
import pytest

from sorix.errors import ShapeError
from tests.compiler.ir.describing import (
    BOOLS,
    F32,
    INTS,
    MAYBE,
    NP_FLOAT,
    PY_FLOAT,
    PY_INT,
    ZERO_D,
    F,
    V,
    array,
    case,
    check,
    number,
)

REDUCTIONS = [
    *(
        case(fn, x, **options)
        for fn in (np.sum, np.prod, np.mean, np.max, np.min, np.any, np.argmax, np.std, np.var)
        for x in (F, F32, INTS, BOOLS, array("n, m, 3"), V)
        for options in ({}, {"axis": 0}, {"axis": -1, "keepdims": True})
        if not (x is BOOLS and fn in (np.std, np.var, np.prod))
    ),
    *(case(np.sum, x) for x in (ZERO_D, PY_FLOAT, PY_INT, NP_FLOAT, [1, 2.0], [[1, 2], [3, 4]])),
    case(np.sum, [V, V], axis=0),
    case(np.sum, array("n, m, k"), axis=(0, 2)),
    case(np.sum, array("n, m, k"), axis=(0, -1), keepdims=True),
    case(np.sum, F, 0),
    case(np.sum, F32, dtype=np.float64),
    case(np.sum, F, axis=number(1)),
    case(np.sum, F, axis=number(1), keepdims=True),
    case(np.sum, ZERO_D, keepdims=True),
    case(np.median, F, axis=0),
    case(np.median, INTS),
    case(np.ptp, F, axis=1),
    case(np.count_nonzero, INTS),
    case(np.count_nonzero, INTS, axis=0),
    case(np.average, F, axis=0),
    case(np.average, INTS),
    case(np.average, F32, axis=0, weights=V),
    case(np.var, F, ddof=1),
    case(np.quantile, F, 0.5),
    case(np.quantile, F32, [0.1, 0.5], axis=0),
    case(np.percentile, V, 50),
    case(np.nansum, F, axis=0),
    case(np.nanmax, F),
    *(case(fn, x, axis=0) for fn in (np.cumsum, np.cumprod) for x in (F, F32, INTS, BOOLS)),
    case(np.cumsum, F),
    case(np.cumsum, PY_FLOAT),
    case(np.sort, F),
    case(np.sort, F, axis=None),
    case(np.argsort, F32, axis=0),
    *(case(np.diff, x) for x in (V, F, INTS, MAYBE, array("n-3"))),
    case(np.diff, BOOLS),
    case(np.diff, V, n=2),
    case(np.diff, F, axis=0),
    case(np.trapezoid, F),
    case(np.trapezoid, V, V),
    case(np.trapezoid, F32, dx=0.1, axis=0),
    case(np.trapezoid, INTS),
    case(np.gradient, V),
    case(np.gradient, F),
    case(np.gradient, F32, 0.1, axis=0),
    case(np.gradient, V, array("n")),
    case(np.interp, F, array("k"), array("k")),
    case(np.interp, PY_FLOAT, [1.0, 2.0], [3, 4]),
    *(case(np.convolve, V, v, m) for v in ([1, 2], array("m"), [1]) for m in ("full", "valid")),
    case(np.convolve, V, [1.0, 2.0, 3.0], mode="same"),
    case(np.convolve, MAYBE, V),
    case(np.convolve, array("n", "float32"), [1.0, 2.0]),
    case(np.correlate, V, [1, 2]),
    case(np.gradient, ZERO_D),
    case(np.trace, F),
    case(np.linalg.trace, array("k, n, m", "float32")),
    *(
        case(getattr(np, name), x, **options)
        for name in ("cumulative_sum", "cumulative_prod")
        if hasattr(np, name)
        for x, options in (
            (V, {}),
            (F32, {"axis": 1}),
            (INTS, {"axis": -1, "include_initial": True}),
            (array("n-1"), {"include_initial": True}),
        )
    ),
    case(np.partition, V, 1),
    case(np.argpartition, F, 1, axis=0),
    case(np.unwrap, F32),
    case(np.ediff1d, F),
    case(np.trace, array("3, 4, n", "int32")),
]


@pytest.mark.parametrize("row", REDUCTIONS, ids=str)
def test_inferred_type_describes_the_result(row):
    check(row)


@pytest.mark.parametrize("size, order", [("1", 1), ("2", 2)])
def test_gradient_needs_neighbours(size, order):
    call = case(np.gradient, array(size), edge_order=order)
    with pytest.raises(ShapeError, match=f"needs {order + 1} elements along axis 0"):
        check(call)
