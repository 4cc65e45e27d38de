"""Element-wise functions and integer values: the inferred type describes the result."""

from __future__ import annotations

import operator

import numpy as np
import pytest

from tests.compiler.ir.describing import (
    BOOLS,
    F32,
    INTS,
    MAYBE,
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
    integer,
    list_of,
    number,
)

ARITHMETIC = (
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.floordiv,
    operator.mod,
    operator.pow,
    operator.lt,
    operator.eq,
    np.add,
    np.maximum,
    np.arctan2,
    np.hypot,
    np.logaddexp,
    np.power,
)
OPERANDS = (F, ONE_COLUMN, V, F32, INTS, ZERO_D, PY_FLOAT, PY_INT, NP_FLOAT, MAYBE, 2, 0.5)
PAIRS = [(a, b) for a in OPERANDS for b in OPERANDS if not (a is V and b is F)]
FITTING = [
    (a, b)
    for a, b in PAIRS
    if {id(a), id(b)} not in ({id(V), id(F)}, {id(V), id(F32)}, {id(V), id(INTS)})
]

ELEMENTWISE = [
    *(case(fn, a, b) for fn in ARITHMETIC[:3] for a, b in FITTING),
    *(case(fn, a, b, loose=True) for fn in ARITHMETIC[3:] for a, b in FITTING[::5]),
    *(case(operator.pow, *pair, loose=True) for pair in FITTING[::3]),
    *(case(fn, x) for fn in (np.sin, np.exp, np.sqrt, np.tanh, np.abs) for x in OPERANDS),
    *(case(fn, x) for fn in (operator.neg, operator.pos, operator.abs, abs) for x in OPERANDS),
    *(case(fn, x) for fn in (np.sign, np.floor, np.isnan, np.square) for x in (F, F32, INTS)),
    *(case(operator.and_, a, b) for a, b in [(BOOLS, BOOLS), (True, number(False)), (INTS, 1)]),
    *(case(operator.invert, x) for x in (BOOLS, INTS, number(3), number(np.True_))),
    *(case(operator.not_, x) for x in (PY_INT, number(np.True_))),
    *(case(fn, F) for fn in (np.round, np.real, np.sinc, np.nan_to_num, np.isreal)),
    *(case(fn, NP_FLOAT) for fn in (np.round, np.real, np.sinc, np.nan_to_num)),
    case(np.round, INTS),
    case(np.round, F32, 2),
    case(np.divmod, F, PY_FLOAT),
    case(np.modf, F32),
    case(divmod, PY_FLOAT, PY_INT),
    case(divmod, F, 2),
    *(case(np.where, c, a, b) for c in (BOOLS, True) for a, b in FITTING[::7]),
    case(np.where, BOOLS),
    case(np.nonzero, INTS),
    case(np.clip, F, 0.0, 1.0),
    case(np.clip, F32, 0.0, None),
    case(np.clip, F32, None, array("m", "float64")),
    case(np.clip, NP_FLOAT, 0, 1),
    case(np.clip, INTS, 0, 1.5),
    case(np.isclose, F, PY_FLOAT),
    case(np.add, array("n-1"), array("n-1")),
    case(np.add, array("n-1"), V),
    case(np.multiply, array("_p"), array("_q")),
    case(np.multiply, array("_p, 3"), array("_q, 1")),
    case(np.multiply, array("n, _p"), array("_p")),
    case(operator.add, array("n, 1, m"), array("k, 1")),
]

INTEGERS = [
    *(
        case(fn, integer(a), b)
        for fn in (operator.add, operator.sub, operator.mul, operator.floordiv)
        for a in ("n", "n-1", "n-3", "n+2", "_p", "_p-1", "_±k", "_±k+1")
        for b in (1, 2, 3, -1, *map(integer, ("n", "n-1", "m", "_p", "_±k")))
    ),
    *(case(fn, 3, integer(b)) for fn in (operator.add, operator.sub) for b in ("n", "n-3")),
    *(case(fn, integer(a)) for fn in (operator.neg, abs, int) for a in ("n", "n-3", "_p", "_±k")),
    *(case(fn, integer("n"), integer(b)) for fn in (min, max) for b in ("n-1", "n-4", "m")),
    case(operator.add, 2, 3),
    case(operator.pow, 2, 5),
    case(operator.pow, PY_INT, 2),
    case(operator.pow, PY_INT, PY_INT, loose=True),
    case(operator.pow, 2, -1, loose=True),
    case(operator.mod, 7, 4),
    case(np.size, F),
    case(np.size, F, 1),
    case(np.size, F, axis=-1),
    case(np.size, array("n-3, m")),
    case(len, array("n-3")),
    case(len, array("_±k+1")),
    case(np.size, PY_FLOAT),
    case(np.ndim, F),
    case(len, F),
    case(len, [V, V]),
    case(len, list_of(V, 3)),
]


@pytest.mark.parametrize("row", ELEMENTWISE + INTEGERS, ids=str)
def test_inferred_type_describes_the_result(row):
    check(row)
