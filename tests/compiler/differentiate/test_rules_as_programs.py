"""Every rule, written down by running it on symbols of unknown sizes, computes what it should."""

from __future__ import annotations

import numpy as np
import pytest

from sorix import support
from sorix.compiler.differentiate.symbols import Symbol, emit, lower
from sorix.compiler.ir.builder import Builder
from sorix.compiler.ir.nodes import Block, Function, Var
from sorix.compiler.ir.types import Dim, Num
from sorix.primitives import canonical, rule_of
from tests.compiler.differentiate.checks import check
from tests.primitives.rows import ROWS

NEEDS_SIZES = {support.unstack, np.cross}
"""Primitives that return as many values as an axis is long."""

OF_LISTS = [row for row in ROWS if any(isinstance(x, list) for x in row.args)]
NUMERICALLY_HARD = [row for row in ROWS if row.tolerance is not None]


def program_of(row):
    """A function of the row's arrays whose body is the row's call, and the arrays."""
    builder, params, values, wrt = Builder(), [], [], []

    def symbol(x, active):
        if isinstance(x, tuple | list):
            return type(x)(symbol(item, active) for item in x)
        if not isinstance(x, np.ndarray | np.floating):
            return x
        kind = "array" if isinstance(x, np.ndarray) else "scalar"
        if active and x.dtype.kind == "f":
            wrt.append(len(params))
        params.append(Var("x", Num(x.dtype.name, tuple(map(size, x.shape)), kind)))
        values.append(x)
        return Symbol(builder, params[-1])

    def size(n):
        return Dim(None, n) if n == 1 or row.function in NEEDS_SIZES else Dim(f"n{n}")

    args, options = canonical(row.function, row.args, row.options)
    if row.wrap is not None:
        args = tuple(row.wrap(x) for x in args)
    active = [i for i in rule_of(row.function).wrt if i not in row.fixed]
    symbols = tuple(symbol(x, i in active) for i, x in enumerate(args))
    found = emit(builder, row.function, symbols, options)
    results = found if isinstance(found, tuple) else (found,)
    block = Block(tuple(builder.stmts), tuple(lower(v) for v in results))
    return Function("program", tuple(params), block), values, wrt


PROGRAMS = [
    row
    for row in ROWS
    # Differences do not keep a symmetric argument symmetric; lists are made by programs; an
    # argument of a function that is smooth nowhere about it has no differences at all.
    if row.order > 0
    and row.wrap is None
    and not row.fixed
    and row not in OF_LISTS
    and row not in NUMERICALLY_HARD
]


@pytest.mark.parametrize("row", PROGRAMS, ids=str)
def test_a_rule_run_on_symbols_is_the_derivative(row):
    function, values, wrt = program_of(row)
    analytic = (row.oracle or rule_of(row.function).oracle) == "complex_step"
    check(function, *values, oracle="complex" if analytic else "five_point", wrt=wrt, order=2)
