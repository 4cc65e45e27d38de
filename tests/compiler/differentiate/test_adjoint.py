"""What an adjoint consists of, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from sorix.compiler.differentiate.adjoint import adjoint, differentiate, gradient
from sorix.compiler.differentiate.tangent import tangent
from sorix.compiler.ir.nodes import Assign, Call, Method, Var
from sorix.compiler.ir.types import FLOAT, INT, Num, Opaque
from sorix.compiler.ir.walk import calls
from sorix.errors import NotDifferentiableError, UnsupportedCallError, UnsupportedTypeError
from sorix.support import add_at, scatter
from tests.compiler.differentiate.checks import check
from tests.compiler.differentiate.programs import PROGRAMS, VECTOR
from tests.compiler.differentiate.pushed import pushed
from tests.compiler.differentiate.writing import array, write
from tests.compiler.ir.evaluate import evaluate_all


def unknown(x: float) -> float:
    return x


def test_parameters_are_the_primals_then_a_seed_for_each_float_result() -> None:
    f = write(lambda w, x, k: (np.sum(x), k + 1, x * 2.0), array("n"), INT)
    found = differentiate(f, f.params[:1])
    assert found.function.params[:2] == f.params
    assert [seed.type for seed in found.seeds] == [Num("float64", (), "any"), array("n")]
    assert len(found.function.body.results) == 4
    assert len(found.gradient.body.results) == 1


def test_results_without_a_seed_are_not_differentiated() -> None:
    def body(w, x):
        return np.sum(x), w.symbol(unknown_result(w, x))

    f = write(body, array("n"))
    with pytest.raises(UnsupportedCallError):
        adjoint(f, f.params)
    only_first = adjoint(f, f.params, seeds=(True, False))
    assert len(only_first.params) == 2


def unknown_result(w, x) -> Var:
    result = Var("u", FLOAT)
    w.add(Assign((result,), Call(unknown, (x.atom,)), w.origin))
    return result


def test_a_parameter_nothing_depends_on_has_cotangent_zero() -> None:
    f = write(lambda w, x, y: np.sum(x), array("n"), array("m"))
    found = gradient(f, f.params)
    zeros = evaluate_all(found, VECTOR, np.ones(3), 1.0)[1]
    np.testing.assert_array_equal(zeros, np.zeros(3))


def test_reverse_statements_carry_the_place_of_the_primal_statement() -> None:
    f = write(lambda w, x: np.sin(x) * x, array("n"))
    found = differentiate(f, f.params)
    assert all(stmt.origin.adjoint and stmt.origin.line == 1 for stmt in found.reverse)
    assert not any(stmt.origin.adjoint for stmt in found.forward)


def test_cotangents_are_named_after_what_they_are_of() -> None:
    def body(w, x, weights):
        h = w.define(np.tanh(x * weights), "h")
        return np.sum(h * h)

    f = write(body, array("n"), array("n"))
    hints = [var.hint for stmt in differentiate(f, f.params).reverse for var in stmt.targets]
    assert {"x_bar", "h_bar", "weights_bar"} <= set(hints)


def test_partials_nobody_asks_for_are_not_computed() -> None:
    f = write(lambda w, x, y: x**y, FLOAT, FLOAT)
    used = {call.fn for call in calls(adjoint(f, f.params[:1]).body)}
    assert np.log not in used
    assert np.log in {call.fn for call in calls(adjoint(f, f.params[1:]).body)}


def test_a_second_read_of_an_element_adds_in_place_of_scattering() -> None:
    f = write(lambda w, x: x[0] * x[1] * x[2], array("n"))
    made = [call.fn for call in calls(adjoint(f, f.params).body)]
    assert made.count(scatter) == 1
    assert made.count(add_at) == 2


def test_a_loop_touches_one_element_an_iteration() -> None:
    found = adjoint(PROGRAMS["recurrence"].function, PROGRAMS["recurrence"].function.params)
    assert scatter not in {call.fn for call in calls(found.body)}


def test_arrays_that_a_loop_needs_are_recorded_once_an_iteration() -> None:
    function = PROGRAMS["whole_arrays"].function
    found = list(pushed(differentiate(function, function.params).forward))
    assert [(str(value.type), loops) for value, loops in found] == [("float64[n]", 1)] * 2
    assert "a" in [value.hint for value, _ in found]


@pytest.mark.parametrize("mode", [adjoint, tangent])
def test_a_call_without_a_rule_is_refused_at_its_line(mode) -> None:
    f = write(lambda w, x: w.symbol(unknown_result(w, x)) * 2.0, FLOAT)
    with pytest.raises(UnsupportedCallError, match=r"derivative of .*unknown") as caught:
        mode(f, f.params)
    assert (caught.value.file, caught.value.line) == ("program.py", 1)


@pytest.mark.parametrize("mode", [adjoint, tangent])
def test_a_method_of_an_object_is_refused_only_where_a_derivative_passes(mode) -> None:
    def body(w, x, rng):
        result = Var("noise", FLOAT)
        w.add(Assign((result,), Call(Method("scale"), (rng.atom, x.atom)), w.origin))
        return w.symbol(result) * x

    f = write(body, FLOAT, Opaque())
    with pytest.raises(UnsupportedCallError, match=r"method \.scale"):
        mode(f, f.params[:1])

    def harmless(w, x, rng):
        result = Var("noise", FLOAT)
        w.add(Assign((result,), Call(Method("normal"), (rng.atom,)), w.origin))
        return w.symbol(result) * x

    g = write(harmless, FLOAT, Opaque())
    mode(g, g.params[:1])


@pytest.mark.parametrize("mode", [adjoint, tangent])
def test_a_derivative_is_not_lost_in_an_object(mode) -> None:
    def body(w, x):
        pair = w.define((x * 2.0, x), "pair")
        return pair[0] * x

    f = write(body, FLOAT)
    with pytest.raises(UnsupportedTypeError, match="through a Python object"):
        mode(f, f.params)


@pytest.mark.parametrize("mode", [adjoint, tangent])
def test_an_integer_has_no_derivative(mode) -> None:
    f = write(lambda w, x, k: x * k, FLOAT, INT)
    with pytest.raises(NotDifferentiableError, match="'k' is int"):
        mode(f, f.params)


def test_several_results_of_which_some_are_not_used() -> None:
    def body(w, a):
        _, logarithm = np.linalg.slogdet(a @ a.T + np.eye(2))
        values, _ = np.linalg.eigh(a @ a.T)
        return logarithm, values[1]

    f = write(body, array(2, 3))
    check(f, np.array([[0.3, -0.7, 0.2], [0.5, 0.1, -0.4]]), order=2, oracle="five_point")


def test_ten_thousand_statements_are_no_problem() -> None:
    def body(w, x):
        y = x
        for _ in range(5_000):
            y = np.sin(y) * x
        return y

    f = write(body, FLOAT)
    found = adjoint(f, f.params)
    assert len(found.body.stmts) < 60_000
    assert np.isfinite(evaluate_all(found, 0.5, 1.0)[1])


def test_branches_a_hundred_deep_are_no_problem() -> None:
    def body(w, x):
        def nest(depth, y):
            if depth == 0:
                return y * y
            return w.branch(y > depth, lambda: y * 2.0, lambda: nest(depth - 1, np.sin(y) * x))

        return nest(100, x)

    f = write(body, FLOAT)
    assert np.isfinite(evaluate_all(adjoint(f, f.params), 0.9, 1.0)[1])
    assert np.isfinite(evaluate_all(tangent(f, f.params), 0.9, 1.0)[1])


def test_single_precision_stays_single() -> None:
    def body(w, x, weights):
        u = w.loop(0, 3, [x], lambda i, u: np.tanh(u * weights) + u[i] * 0.5)
        return np.sum(u * u) / np.size(x)

    f = write(body, array("n", dtype="float32"), array("n", dtype="float32"))
    x = np.arange(4, dtype=np.float32) / 4
    _, x_bar, weights_bar = evaluate_all(adjoint(f, f.params), x, x + 1, np.float32(1.0))
    assert x_bar.dtype == weights_bar.dtype == np.float32
