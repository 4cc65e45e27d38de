"""Rules that a program registers for functions of its own hold in every mode, on both engines."""

from __future__ import annotations

import functools
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

import sorix
from sorix.errors import (
    AliasingError,
    UnsupportedCallError,
    UnsupportedFunctionError,
    UnsupportedTypeError,
)
from sorix.func.eager import eager_value_and_grad
from sorix.primitives import adjoint, elementwise, linear, primitive, table
from sorix.runtime import tape
from sorix.testing import check_rule
from tests.primitives import own_rules
from tests.primitives.own_rules import (
    doubled,
    i1_over_i0,
    itself,
    log_i0,
    product,
    scaled,
    shifted,
    shifted_back,
    solved,
)

X = np.array([0.5, 1.5, 0.8])
A = 3.0 * np.eye(3) + np.arange(9.0).reshape(3, 3) / 10


@pytest.fixture(autouse=True)
def rules():
    with mock.patch.dict(table._rules), mock.patch.dict(tape._ops):
        elementwise(log_i0)(lambda y, x: i1_over_i0(x))
        elementwise(i1_over_i0)(lambda y, x: 1.0 - y / x - y * y)
        linear(shifted)(lambda y_bar, y, x: shifted_back(y_bar))
        linear(shifted_back)(lambda y_bar, y, x: shifted(y_bar))
        linear(itself)(lambda y_bar, y, x: y_bar)
        elementwise(scaled)(lambda y, x, factor=2.0: factor)

        @adjoint(solved)
        def solved_rule(y_bar, y, a, b):
            b_bar = solved(a.T, y_bar)
            return -np.outer(b_bar, y), b_bar

        yield


def differences(function, x, h=1e-3):
    columns = []
    for e in np.eye(len(x)):
        near, far = function(x + h * e) - function(x - h * e), function(x + 2 * h * e)
        columns.append((8 * near - (far - function(x - 2 * h * e))) / (12 * h))
    return np.stack(columns, axis=-1)


def likelihood(x):
    return np.sum(log_i0(x) * x)


def misfit(x):
    return np.sum(shifted(x) ** 2 * x)


def flow(x):
    return np.sum(solved(A * x, x) ** 2)


def loop(x):
    total = 0.0
    for k in range(3):
        total = total + np.sum(log_i0(x * (k + 1.0))) * total + np.sum(shifted(x)[k] ** 2)
    return total


ALL = pytest.mark.parametrize("function", [likelihood, misfit, flow, loop])


@ALL
def test_first_derivatives_of_both_modes_and_engines(function):
    want = differences(function, X)
    got = sorix.func.grad(function, fallback="error")(X)
    np.testing.assert_allclose(got, want, rtol=1e-8)
    np.testing.assert_allclose(
        sorix.func.jvp(function, (X,), (X,))[1], want @ X, rtol=1e-8, atol=1e-11
    )
    tape = eager_value_and_grad(function, (0,), False, (X,), {})[2][0]
    np.testing.assert_allclose(tape, got, rtol=1e-12)


@ALL
def test_second_derivatives(function):
    want = differences(sorix.func.grad(function), X)
    np.testing.assert_allclose(sorix.func.hessian(function)(X), want, rtol=1e-7, atol=1e-9)
    backwards = sorix.func.jacrev(sorix.func.grad(function))(X)
    np.testing.assert_allclose(backwards, want, rtol=1e-7, atol=1e-9)


def test_generated_code_imports_the_function():
    gradient = sorix.func.grad(likelihood, fallback="error")
    gradient(X)
    assert "from tests.primitives.own_rules import log_i0\n" in gradient.source
    assert " * i1_over_i0(x)" in gradient.source
    compile(gradient.source, "generated", "exec")


def test_names_of_the_program_do_not_hide_the_function():
    called = log_i0

    def i1_over_i0(x):
        log_i0 = x * 2.0
        return np.sum(called(log_i0) * log_i0)

    want = differences(i1_over_i0, X)
    np.testing.assert_allclose(sorix.func.grad(i1_over_i0, fallback="error")(X), want, rtol=1e-8)
    assert sorix.compile(i1_over_i0, fallback="error")(X) == i1_over_i0(X)


def test_options_are_passed_by_name():
    got = sorix.func.grad(lambda x: np.sum(scaled(x, factor=3.0) * x), fallback="error")(X)
    np.testing.assert_allclose(got, 6.0 * X)


def test_what_the_function_returns_may_be_its_argument_and_is_not_written():
    def written(x):
        y = itself(x)
        y[0] = 5.0
        return np.sum(y * x)

    with pytest.raises(AliasingError):
        sorix.func.grad(written, fallback="error")(X)


def test_a_function_inside_of_another_has_no_name():
    @primitive
    def inner(x):
        return x * x

    elementwise(inner)(lambda y, x: 2.0 * x)
    with pytest.raises(UnsupportedCallError, match="no name to call it by"):
        sorix.func.jvp(lambda x: inner(x), (X,), (X,))


def test_a_function_that_was_replaced_in_its_module_has_no_name(monkeypatch):
    monkeypatch.setattr(own_rules, "log_i0", lambda x: x)
    with pytest.raises(UnsupportedCallError, match="no name to call it by"):
        sorix.func.jvp(lambda x: log_i0(x), (X,), (X,))


def test_a_function_that_is_replaced_later_is_the_one_that_the_program_has(monkeypatch):
    gradient = sorix.func.grad(lambda x: np.sum(log_i0(x) * x), fallback="error")
    want = gradient(X)
    monkeypatch.setattr(own_rules, "log_i0", lambda x: x)
    np.testing.assert_array_equal(gradient(X), want)


ROOT = str(Path(sorix.__file__).parents[1])
PROGRAM = """\
import numpy as np, sorix
from sorix.primitives import elementwise

@elementwise(np.i0)
def i0_rule(y, x):
    return {factor} * x

print(float(sorix.func.grad(lambda x: np.i0(x) * 1.0, fallback="error")(3.0)))
"""


def test_a_rule_that_was_mended_is_not_ignored_in_the_next_process(tmp_path):
    found = []
    for factor in (1.0, 2.0):
        (tmp_path / "program.py").write_text(PROGRAM.format(factor=factor))
        run = subprocess.run(
            [sys.executable, str(tmp_path / "program.py")],
            capture_output=True,
            text=True,
            check=True,
            env={"SORIX_CACHE_DIR": str(tmp_path / "cache"), "PYTHONPATH": ROOT},
        )
        found.append(float(run.stdout))
    assert found == [3.0, 6.0]


# -- the check ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "function, args",
    [(log_i0, (X,)), (i1_over_i0, (0.7,)), (shifted, (X,)), (solved, (A, X)), (np.hypot, (1.0, X))],
)
def test_right_rules_pass_the_check(function, args):
    check_rule(function, *args)


@pytest.mark.parametrize("function, args", [(log_i0, (X,)), (shifted, (X,)), (solved, (A, X))])
def test_the_check_catches_a_rule_that_is_wrong_by_a_hundredth_of_a_thousandth(function, args):
    rule = table.rule_of(function)

    @functools.wraps(rule.derive)
    def wrong(*given):
        found = rule.derive(*given)
        parts = found if isinstance(found, tuple) else (found,)
        return tuple(part * (1 + 1e-5) for part in parts)

    table._rules[function] = replace(rule, derive=wrong)
    with pytest.raises(AssertionError, match="reverse mode gives"):
        check_rule(function, *args)


def test_the_check_catches_a_wrong_tangent():
    rule = table.rule_of(solved)
    table._rules[solved] = replace(rule, tangent=lambda dots, y, a, b: y)
    with pytest.raises(AssertionError, match="forward mode gives"):
        check_rule(solved, A, X)


def test_the_check_catches_a_wrong_second_derivative():
    rule = table.rule_of(i1_over_i0)
    table._rules[i1_over_i0] = replace(rule, derive=lambda y, x: 1.0 - y * y)
    check_rule(log_i0, X, order=1)
    with pytest.raises(AssertionError, match="the second derivative gives"):
        check_rule(log_i0, X)


def _counts_calls(x, calls=[0.0]):
    calls[0] += 1.0
    return x * calls[0]


def _writes(x):
    x *= 2.0
    return x * 1.0


@pytest.mark.parametrize(
    "function, sentence",
    [
        (itself, "returns memory of argument 0"),
        (_writes, "writes into argument 0"),
        (_counts_calls, "returns something else when called again"),
        (lambda x: 3, "must return floats"),
    ],
)
def test_the_check_wants_functions_without_effects(function, sentence):
    if function is not itself:
        elementwise(function)(lambda y, x: 1.0)
    with pytest.raises(AssertionError, match=sentence):
        check_rule(function, X.copy())


def test_the_check_wants_a_rule_and_a_float():
    with pytest.raises(ValueError, match="has no rule"):
        check_rule(np.i0, X)
    with pytest.raises(ValueError, match="is a float"):
        check_rule(log_i0, 3)


LEFT_OUT = "the rule of product returns one value for 2 arguments"


@pytest.mark.parametrize(
    "state",
    [
        lambda: elementwise(product)(lambda out, x, y: y),
        lambda: adjoint(product)(lambda out_bar, out, x, y: y * out_bar),
    ],
    ids=["elementwise", "adjoint"],
)
def test_a_rule_that_leaves_an_argument_out_is_refused(state):
    state()
    with pytest.raises(UnsupportedCallError, match=LEFT_OUT):
        sorix.func.grad(lambda x, y: np.sum(product(x, y)), argnums=(0, 1))(X, X)
    x = sorix.tensor(X, requires_grad=True)
    with pytest.raises(UnsupportedFunctionError, match=LEFT_OUT):
        sorix.grad(product(x, x).sum(), x)
    with pytest.raises(UnsupportedCallError, match=LEFT_OUT):
        sorix.func.jvp(lambda x, y: np.sum(product(x, y)), (X, X), (X, X))


def test_a_rule_may_say_in_which_arguments_it_is():
    elementwise(product, wrt=(0,))(lambda out, x, y: y)
    found = sorix.func.grad(lambda x: np.sum(product(x, 2.0)), fallback="error")(X)
    np.testing.assert_array_equal(found, [2.0, 2.0, 2.0])


def test_a_rule_that_returns_too_many_is_refused():
    adjoint(doubled)(lambda y_bar, y, x: (2.0 * y_bar, 0.0 * y_bar))
    with pytest.raises(UnsupportedCallError, match="returns 2 values for 1 argument"):
        sorix.func.grad(lambda x: np.sum(doubled(x)))(X)


def test_a_rule_that_does_not_take_what_it_is_called_with():
    with pytest.raises(TypeError, match=r"called as <lambda>\(y, x, \.\.\.\)"):
        elementwise(doubled)(lambda x: 2.0)
    with pytest.raises(TypeError, match=r"called as <lambda>\(y_bar, y, x, \.\.\.\)"):
        linear(doubled)(lambda y_bar, x: 2.0 * y_bar)


def test_an_array_of_values_in_a_rule_is_a_stack():
    adjoint(doubled)(lambda y_bar, y, x: np.array([2.0 * y_bar[0], 2.0 * y_bar[1]]))
    with pytest.raises(UnsupportedTypeError, match=r"rule makes an array of values with np\.array"):
        sorix.func.grad(lambda x: np.sum(doubled(x)), fallback="error")(X[:2])
    del table._rules[doubled]
    adjoint(doubled)(lambda y_bar, y, x: np.stack([2.0 * y_bar[0], 2.0 * y_bar[1]]))
    check_rule(doubled, X[:2])
