"""The machinery between a rule and its cotangents."""

from __future__ import annotations

import operator

import numpy as np
import pytest

from sorix.errors import UnsupportedFunctionError
from sorix.primitives import apply_adjoint, apply_tangent, rule_of, table
from sorix.primitives.table import Rule, constant, elementwise, rules


class Counting(np.ndarray):
    """An array that notes the ufuncs applied to it."""

    calls: list = []

    def __array_ufunc__(self, ufunc, method, *args, **kwargs):
        Counting.calls.append(ufunc.__name__)
        plain = [np.asarray(a) if isinstance(a, Counting) else a for a in args]
        return getattr(ufunc, method)(*plain, **kwargs)


@pytest.fixture
def counted():
    Counting.calls = []
    return np.ones(3).view(Counting)


def test_a_partial_of_one_costs_no_multiplication(counted):
    x = np.ones(3)
    first, second = apply_adjoint(rule_of(np.subtract), counted, x, (x, x), {})
    assert first is counted
    assert Counting.calls == ["negative"]
    assert second.tolist() == [-1, -1, -1]


def test_an_unwanted_cotangent_is_not_computed(counted):
    w = np.ones((3, 2))
    found = apply_adjoint(
        rule_of(np.matmul), np.ones(2), np.ones(2), (counted, w), {}, (True, False)
    )
    assert found[1] is None
    assert Counting.calls == []


def test_cotangents_take_the_shape_of_their_argument():
    x, y = np.ones((3, 1)), 2.0
    x_bar, y_bar = apply_adjoint(rule_of(np.multiply), np.ones((3, 4)), x * y, (x, y), {})
    assert x_bar.shape == (3, 1)
    assert y_bar == 12.0
    assert isinstance(y_bar, float)


def test_the_caller_decides_whether_to_unbroadcast():
    x = np.ones((3, 1))
    found = apply_adjoint(
        rule_of(np.negative), np.ones((3, 4)), x, (x,), {}, needs=lambda x_bar, x: False
    )
    assert found[0].shape == (3, 4)


def test_missing_cotangents_of_several_results_count_as_zero():
    x = np.arange(6.0)
    y = np.split(x, 2)
    (x_bar,) = apply_adjoint(rule_of(np.split), [None, np.ones(3)], y, (x, 2), {})[:1]
    assert x_bar.tolist() == [0, 0, 0, 1, 1, 1]


def test_constants_have_no_cotangent_and_no_tangent():
    rule = rule_of(np.floor)
    assert apply_adjoint(rule, 1.0, 1.0, (1.5,), {}) == (None,)
    assert apply_tangent(rule, (1.0,), 1.0, (1.5,), {}) is None


def test_a_tangent_is_broadcast_to_the_shape_of_the_result():
    x, y = np.ones((3, 1)), np.ones(4)
    y_dot = apply_tangent(rule_of(np.add), (x, None), x + y, (x, y), {})
    assert y_dot.tolist() == np.ones((3, 4)).tolist()


def test_no_tangents_give_none():
    assert apply_tangent(rule_of(np.concatenate), ((None, None),), 0, ((1, 2),), {}) is None


def test_a_rule_without_a_tangent_is_refused_by_name():
    rule = Rule(operator.index, "adjoint", derive=lambda y_bar, y, x: y_bar)
    with pytest.raises(UnsupportedFunctionError, match="index has no tangent rule"):
        apply_tangent(rule, (1.0,), 1.0, (1.0,), {})


def test_a_second_rule_for_a_function_is_refused():
    with pytest.raises(ValueError, match="has a rule already"):
        constant(np.tanh)


def test_every_rule_has_a_tangent():
    lacking = [f for f, r in rules().items() if r.kind == "adjoint" and r.tangent is None]
    assert lacking == []


def test_the_table_cannot_be_changed_from_outside():
    with pytest.raises(TypeError):
        rules()[np.tanh] = None


def test_positions_are_read_from_the_rules_signature(monkeypatch):
    monkeypatch.setattr(table, "_rules", dict(table._rules))

    def primitive(x, n, y):
        return x * y

    @elementwise(primitive)
    def rule(z, x, n, y):
        return y, None, x

    assert rule_of(primitive).wrt == (0, 1, 2)
    assert rule_of(primitive).derive is rule


def test_a_derivative_that_is_not_implemented_is_refused_not_zero():
    x, step = np.arange(4.0), np.array([0.0, 0.5, 1.0, 2.0])
    rule, y = rule_of(np.gradient), np.gradient(x, step)
    assert apply_adjoint(rule, y, y, (x, step), {}, (True, False))[1] is None
    with pytest.raises(UnsupportedFunctionError, match=r"the coordinates of np\.gradient"):
        apply_adjoint(rule, y, y, (x, step), {}, (True, True))
    with pytest.raises(UnsupportedFunctionError, match=r"the coordinates of np\.gradient"):
        apply_tangent(rule, (None, step), y, (x, step), {})
