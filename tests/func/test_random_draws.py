"""Draws happen once: in every derivative, and whoever else has the generator."""

from __future__ import annotations

import random

import numpy as np
import pytest

import sorix
import sorix.func
from sorix.errors import UnsupportedCallError
from sorix.func.eager import eager_value_and_grad
from tests.runtime.differences import assert_close, gradient

X = np.array([1.3, -0.4, 0.8])
V = np.array([0.3, 0.2, -0.5])
shared = np.random.default_rng(0)


def noisy(x, rng):
    return np.sum(rng.normal(x, 0.3) ** 3) + rng.normal() * x[0] ** 2


def of_shared(x):
    return noisy(x, shared)


def restarted(function, *args):
    """The result with the shared generator at its start."""
    shared.bit_generator.state = np.random.default_rng(0).bit_generator.state
    return function(*args)


@pytest.mark.parametrize("make", [np.random.default_rng, np.random.RandomState])
def test_a_generator_that_is_passed_is_moved_on_once(make):
    ours, theirs = make(3), make(3)
    found = sorix.func.grad(noisy, fallback="error")(X, ours)
    noisy(X, theirs)
    assert ours.random() == theirs.random()
    assert_close(found, gradient(lambda x: noisy(x, make(3)), X))


def test_a_generator_of_the_standard_library_is_moved_on_once():
    def drawn(x, rng):
        return x * rng.random() + rng.gauss(x, 2.0)

    ours, theirs = random.Random(3), random.Random(3)
    sorix.func.grad(drawn, fallback="error")(0.6, ours)
    drawn(0.6, theirs)
    assert ours.random() == theirs.random()


def test_each_transform_differentiates_what_was_drawn():
    slope = gradient(lambda x: restarted(of_shared, x), X)
    assert_close(restarted(sorix.func.grad(of_shared), X), slope)
    assert_close(restarted(sorix.func.jvp, of_shared, (X,), (V,))[1], slope @ V)
    _, pullback = restarted(sorix.func.vjp, of_shared, X)
    assert_close(pullback(1.0)[0], slope)
    assert_close(pullback(2.0)[0], 2 * slope)

    def along(x):
        return sorix.func.grad(of_shared)(x) @ V

    curved = gradient(lambda x: restarted(along, x), X)
    assert_close(restarted(sorix.func.grad(along), X), curved)
    assert_close(restarted(sorix.func.hvp, of_shared, (X,), (V,)), curved)


def test_a_second_derivative_on_the_tape_that_would_draw_again_is_refused():
    compiled = sorix.compile(of_shared)
    x = sorix.tensor(X, requires_grad=True)
    with pytest.raises(UnsupportedCallError, match="runs again"):
        sorix.grad(compiled(x), x, create_graph=True)


def test_a_second_derivative_on_the_tape_draws_the_same_from_a_seed():
    def seeded(x):
        return noisy(x, np.random.default_rng(4))

    x = sorix.tensor(X, requires_grad=True)
    (slope,) = sorix.grad(sorix.compile(seeded)(x), x, create_graph=True)
    (curved,) = sorix.grad((slope * sorix.tensor(V)).sum(), x)
    assert_close(curved.data, sorix.func.hvp(seeded, (X,), (V,)))


def test_a_checkpoint_repeats_what_has_a_seed_and_nothing_else():
    def seeded(x):
        rng = np.random.default_rng(4)
        return np.sum(np.sin(x * rng.normal(size=3)))

    found = sorix.func.grad(lambda x: sorix.checkpoint(seeded)(x) ** 2, fallback="error")(X)
    assert_close(found, gradient(lambda x: seeded(x) ** 2, X))
    with pytest.raises(UnsupportedCallError, match="runs again"):
        sorix.func.grad(lambda x: sorix.checkpoint(of_shared)(x) ** 2, fallback="error")(X)


def test_what_draws_from_outside_is_let_pass_by_the_verify_switch():
    x = sorix.tensor(X, requires_grad=True)
    compiled = sorix.compile(of_shared, verify=True)
    (found,) = restarted(lambda: sorix.grad(compiled(x), x))
    assert_close(found.data, restarted(sorix.func.grad(of_shared), X))


def test_draws_without_a_seed_differ_from_call_to_call():
    def fresh(x):
        return x * np.random.default_rng().normal()

    slope = sorix.func.grad(fresh, fallback="error")
    assert slope(0.6) != slope(0.6)


def test_rows_are_not_shuffled_on_the_tape():
    def shuffled(x):
        rows = x * 2
        np.random.default_rng(0).shuffle(rows)
        return rows[0] @ rows[1]

    with pytest.raises(UnsupportedCallError, match="shuffles"):
        eager_value_and_grad(shuffled, [0], False, (np.array([X, V, X * V]),), {})


def test_a_derivative_by_a_shape_is_refused():
    def shaped(x):
        return np.random.default_rng(0).gamma(x, 2.0)

    with pytest.raises(UnsupportedCallError, match="standard_gamma"):
        sorix.func.grad(shaped, fallback="error")(1.4)


@pytest.mark.parametrize("make", [np.random.default_rng, np.random.RandomState])
@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda rng, s: rng.normal(0.5, s), "scale < 0"),
        (lambda rng, s: np.sum(rng.normal(0.5, np.array([1.0, s]))), "scale < 0"),
        (lambda rng, s: rng.exponential(s), "scale < 0"),
        (lambda rng, s: rng.lognormal(0.5, s), "sigma < 0"),
        (lambda rng, s: rng.laplace(0.5, s), "scale < 0"),
        (lambda rng, s: rng.logistic(0.5, s), "scale < 0"),
        (lambda rng, s: rng.gumbel(0.5, s), "scale < 0"),
        (lambda rng, s: rng.rayleigh(s), "scale < 0"),
        (lambda rng, s: rng.weibull(s), "a < 0"),
        (lambda rng, s: rng.pareto(s), "a <= 0"),
        (lambda rng, s: rng.gamma(1.5, s), "scale < 0"),
    ],
)
def test_a_parameter_out_of_its_range_raises_as_in_numpy(make, draw, said):
    def drawn(s, rng):
        return draw(rng, s)

    slope = sorix.func.grad(drawn, fallback="error")
    assert np.isfinite(slope(0.7, make(0)))
    for function in (drawn, slope):
        with pytest.raises(ValueError, match=f"^{said}"):
            function(-0.7, make(0))


def test_only_generators_mind_the_order_of_bounds():
    def between(x, rng):
        return rng.uniform(0.5, x)

    with pytest.raises(ValueError, match="high - low < 0"):
        sorix.func.grad(between)(0.1, np.random.default_rng(0))
    drawn = np.random.RandomState(0).uniform()
    assert sorix.func.grad(between)(0.1, np.random.RandomState(0)) == pytest.approx(drawn)
