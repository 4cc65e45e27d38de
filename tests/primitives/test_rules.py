"""Every rule of the table against its oracle, to third order, in both modes."""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np
import pytest

from sorix.primitives import rule_of, rules, table
from tests.primitives.checker import check_orders, check_tangent
from tests.primitives.rows import ROWS


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_adjoint_agrees_with_the_oracle_at_every_order(row):
    check_orders(row)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_tangent_agrees_with_the_adjoint(row):
    check_tangent(row)


def test_every_rule_has_a_row():
    tested = {row.function for row in ROWS}
    missing = [f for f, rule in rules().items() if rule.kind != "constant" and f not in tested]
    assert missing == []


@pytest.mark.parametrize("function", [np.tanh, np.multiply, np.sum, np.matmul, np.prod, np.sinc])
def test_the_checker_catches_a_rule_that_is_wrong_by_a_millionth(function, monkeypatch):
    rule = rule_of(function)
    row = next(row for row in ROWS if row.function is function)

    @functools.wraps(rule.derive)
    def scaled(*args, **options):
        found = rule.derive(*args, **options)
        parts = found if isinstance(found, tuple) else (found,)
        parts = [part() if callable(part) else part for part in parts]
        return tuple(None if part is None else part * (1 + 1e-6) for part in parts)

    check_orders(row)
    monkeypatch.setitem(table._rules, function, replace(rule, derive=scaled))
    with pytest.raises(AssertionError, match="is not"):
        check_orders(row)
