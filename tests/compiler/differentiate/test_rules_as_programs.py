"""Every rule, written down by running it on symbols of unknown sizes, computes what it should."""

from __future__ import annotations

import numpy as np
import pytest

from sorix.compiler.differentiate.symbols import Symbol, emit, lower
from sorix.compiler.ir.builder import Builder
from sorix.compiler.ir.nodes import Block, Function, Var
from sorix.compiler.ir.types import Dim, Num
from sorix.primitives import canonical, rule_of
from tests.compiler.differentiate.checks import check
from tests.primitives.rows import ROWS


def program_of(row):
    """A function of the row's arrays whose body is the row's call, and the arrays."""
    builder, params, values = Builder(), [], []

    def symbol(x):
        if isinstance(x, tuple | list):
            return type(x)(symbol(item) for item in x)
        if not isinstance(x, np.ndarray | np.floating):
            return x
        kind = "array" if isinstance(x, np.ndarray) else "scalar"
        params.append(Var("x", Num(x.dtype.name, tuple(map(size, x.shape)), kind)))
        values.append(x)
        return Symbol(builder, params[-1])

    def size(n):
        return Dim(None, 1) if n == 1 else Dim(f"n{n}")

    args, options = canonical(row.function, row.args, row.options)
    if row.wrap is not None:
        args = tuple(row.wrap(x) for x in args)
    found = emit(builder, row.function, tuple(symbol(x) for x in args), options)
    results = found if isinstance(found, tuple) else (found,)
    block = Block(tuple(builder.stmts), tuple(lower(v) for v in results))
    return Function("program", tuple(params), block), values


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_rule_run_on_symbols_is_the_derivative(row):
    if row.wrap is not None:
        pytest.skip("its argument must stay symmetric, which differences do not")
    function, values = program_of(row)
    analytic = (row.oracle or rule_of(row.function).oracle) == "complex_step"
    wrt = [i for i, x in enumerate(values) if x.dtype.kind == "f"]
    check(function, *values, oracle="complex" if analytic else "five_point", wrt=wrt, order=2)
