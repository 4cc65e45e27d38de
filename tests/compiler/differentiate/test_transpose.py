"""Forward mode of primitives of which only the cotangents are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sorix.compiler.ir.nodes import Assign, Call, Var
from sorix.compiler.ir.types import FLOAT
from sorix.primitives import table
from sorix.primitives.table import adjoint
from sorix.support import primitive
from tests.compiler.differentiate.checks import check
from tests.compiler.differentiate.programs import VECTOR
from tests.compiler.differentiate.writing import array, write


@primitive
def blend(x: Any, a: Any) -> Any:
    return np.sin(x) * a + x * np.sum(x)


@primitive
def pair(x: Any, a: Any) -> Any:
    return x * a, np.sum(x * x) * a


@pytest.fixture(autouse=True)
def _rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "_rules", dict(table._rules))

    @adjoint(blend)
    def blend_(y_bar: Any, y: Any, x: Any, a: Any) -> Any:
        x_bar = y_bar * (np.cos(x) * a + np.sum(x)) + np.sum(y_bar * x)
        return x_bar, np.sum(y_bar * np.sin(x))

    @adjoint(pair)
    def pair_(y_bars: Any, ys: Any, x: Any, a: Any) -> Any:
        u_bar, v_bar = y_bars
        return u_bar * a + v_bar * a * 2 * x, np.sum(u_bar * x) + v_bar * np.sum(x * x)


def test_the_tangent_of_an_adjoint_rule_is_its_transpose() -> None:
    def body(w, x, a):
        y = w.symbol(w.call(blend, (x * a).atom, a.atom))
        return np.sum(y * y)

    check(write(body, array("n"), FLOAT), VECTOR, 0.7, order=2)


def test_rules_of_several_results_transpose_as_well() -> None:
    def body(w, x, a):
        targets = Var("u", x.atom.type), Var("v", FLOAT)
        w.add(Assign(targets, Call(pair, (x.atom, a.atom)), w.origin))
        u, v = map(w.symbol, targets)
        return u * a, np.sin(v)

    check(write(body, array("n"), FLOAT), VECTOR, 0.7, order=2)
