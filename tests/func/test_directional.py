"""jvp, vjp and hvp: against differences, against each other, and on procedures."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

import sorix
from sorix.errors import NonScalarError, NotDifferentiableError, ShapeError
from sorix.func import grad, hvp, jvp, vjp


def heat(u, nu, steps):
    u = u.copy()
    for _ in range(steps):
        u[1:-1] = u[1:-1] + nu * (u[2:] - 2 * u[1:-1] + u[:-2]) * u[1:-1]
    return np.sum(u**2)


def field(x, y):
    return {"product": x * y, "norms": (np.sin(x).sum(), y**3)}


def along(f, point, direction, h=1e-4):
    """Five-point differences along a direction."""
    pairs = ((1, -2), (-8, -1), (8, 1), (-1, 2))
    return sum(
        w * f(*(p + k * h * d for p, d in zip(point, direction, strict=True))) for w, k in pairs
    ) / (12 * h)


U = np.array([0.3, -0.2, 0.5, 0.9, 0.1])
V = np.array([1.0, 0.5, -1.0, 0.2, 0.3])


def test_jvp_is_the_derivative_along_the_direction():
    value, tangent = jvp(heat, (U, 0.1, 3), (V, 0.7, None))
    assert value == heat(U, 0.1, 3)
    want = along(lambda u, nu: heat(u, nu, 3), (U, 0.1), (V, 0.7))
    assert tangent == pytest.approx(want, rel=1e-10)


def test_jvp_keeps_the_structure_of_the_value():
    value, tangent = jvp(field, (U, 2.0), (V, 1.0))
    np.testing.assert_allclose(tangent["product"], V * 2.0 + U, rtol=1e-15)
    assert tangent["norms"][0] == pytest.approx(np.sum(np.cos(U) * V))
    assert tangent["norms"][1] == pytest.approx(12.0)
    assert value["norms"][1] == 8.0


def test_forward_and_reverse_agree_by_the_dot_product():
    bars = {"product": V[::-1].copy(), "norms": (0.3, -2.0)}
    _, tangent = jvp(field, (U, 2.0), (V, 0.4))
    _, pullback = vjp(field, U, 2.0)
    x_bar, y_bar = pullback(bars)
    left = (
        np.sum(bars["product"] * tangent["product"])
        + 0.3 * tangent["norms"][0]
        - 2.0 * tangent["norms"][1]
    )
    assert left == pytest.approx(np.sum(x_bar * V) + y_bar * 0.4, rel=1e-13)


def test_a_pullback_can_be_called_again():
    _, pullback = vjp(heat, U, 0.1, 3)
    first, again = pullback(1.0), pullback(2.0)
    np.testing.assert_allclose(again[0], 2 * first[0], rtol=1e-15)
    np.testing.assert_allclose(first[0], grad(heat)(U, 0.1, 3), rtol=1e-15)


def test_hvp_is_the_derivative_of_the_gradient():
    got = hvp(heat, (U, 0.1, 3), (V, None, None))[0]
    want = along(lambda u: grad(heat)(u, 0.1, 3), (U,), (V,))
    np.testing.assert_allclose(got, want, rtol=1e-9)


def test_hvp_equals_reverse_over_reverse():
    def slope(u):
        return np.sum(grad(heat)(u, 0.1, 3) * V)

    got = hvp(lambda u: heat(u, 0.1, 3), (U,), (V,))
    np.testing.assert_allclose(got, grad(slope, fallback="error")(U), rtol=1e-12)


def exchange(a, b):
    a[1:] += b[:-1] * a[:-1]
    b[0] = a[0] * a[1]


def test_a_procedure_that_changes_its_arguments():
    a, b = np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0])
    _, pullback = vjp(exchange, a, b)
    a_bar, b_bar = pullback(None, {"a": np.ones(3), "b": np.array([1.0, 0.0, 0.0])})

    def outcome(a, b):
        a, b = a.copy(), b.copy()
        exchange(a, b)
        return a.sum() + b[0]

    np.testing.assert_allclose(a_bar, grad(outcome, 0)(a, b), rtol=1e-14)
    np.testing.assert_allclose(b_bar, grad(outcome, 1)(a, b), rtol=1e-14)
    assert a.tolist() == [1.0, 2.0, 3.0] and b.tolist() == [4.0, 5.0, 6.0]


class Pair(NamedTuple):
    position: np.ndarray
    speed: float


def test_named_tuples_go_through():
    def energy(p):
        return np.sum(p.position**2) * p.speed

    _, tangent = jvp(energy, (Pair(U, 2.0),), (Pair(V, 0.0),))
    assert tangent == pytest.approx(4 * np.sum(U * V))


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: jvp(heat, (U, 0.1, 3), (V,)), ShapeError),
        (lambda: jvp(heat, (U, 0.1, 3), (V[:2], 0.0, None)), ShapeError),
        (lambda: vjp(field, U, 2.0)[1](1.0), ShapeError),
        (lambda: hvp(lambda u: u * 2, (U,), (V,)), NonScalarError),
        (lambda: vjp(exchange, U, V)[1](None, {"c": U}), NotDifferentiableError),
    ],
)
def test_what_does_not_fit_is_refused(call, error):
    with pytest.raises(error):
        call()


def test_it_is_reached_from_the_package():
    assert sorix.func.jvp is jvp


def test_forward_mode_of_a_procedure_is_refused():
    def double(a):
        a *= 2.0

    with pytest.raises(NotDifferentiableError, match="would be lost"):
        jvp(double, (np.ones(2),), (np.ones(2),))


def test_a_pullback_keeps_what_the_function_saw() -> None:
    x = np.array([1.0, 2.0])
    _, pullback = sorix.func.vjp(lambda x: np.sum(x**3), x)
    x[0] = 9.0
    assert pullback(1.0)[0].tolist() == [3.0, 12.0]


def test_writing_into_the_value_does_not_change_the_pullback() -> None:
    value, pullback = sorix.func.vjp(lambda x: np.exp(x), np.array([0.0, 1.0]))
    before = value.copy()
    value[:] = 100.0
    assert np.array_equal(pullback(np.ones(2))[0], before)


def test_what_a_pullback_returns_is_nobody_elses() -> None:
    weights, bar = np.array([3.0, 4.0]), np.ones(2)
    _, identity = sorix.func.vjp(lambda x: x, np.array([1.0, 2.0]))
    assert not np.shares_memory(identity(bar)[0], bar)
    _, pullback = sorix.func.vjp(lambda x: np.dot(x, weights), np.array([1.0, 2.0]))
    pullback(1.0)[0][:] = 77.0
    assert pullback(1.0)[0].tolist() == [3.0, 4.0]


def test_a_pullback_of_a_loop_keeps_the_rows_that_it_saw() -> None:
    def f(x: np.ndarray, rows: np.ndarray) -> float:
        return sum(np.sum(np.sin(x * row)) for row in rows)

    x, rows = np.array([0.3, 0.2]), np.array([[1.0, 2.0], [3.0, 4.0]])
    _, pullback = sorix.func.vjp(f, x, rows)
    before = pullback(1.0)[0]
    rows[:], x[:] = 0.0, 0.0
    assert np.array_equal(pullback(1.0)[0], before)


def test_the_tangent_of_the_identity_is_not_the_direction_itself() -> None:
    direction = np.ones(2)
    _, tangent = sorix.func.jvp(lambda x: x, (np.zeros(2),), (direction,))
    assert not np.shares_memory(tangent, direction)


def test_a_result_without_derivative_is_refused() -> None:
    def sometimes(x: float) -> float | None:
        return x * x if x > 5.0 else None

    for f in (sometimes, lambda x: x > 5.0):
        for call in (
            lambda f=f: sorix.func.grad(f)(1.0),
            lambda f=f: sorix.func.jvp(f, (1.0,), (1.0,)),
            lambda f=f: sorix.func.vjp(f, 1.0),
            lambda f=f: sorix.func.hvp(f, (1.0,), (1.0,)),
        ):
            with pytest.raises(NotDifferentiableError):
                call()
    assert sorix.func.grad(sometimes)(6.0) == 12.0
    with pytest.raises(TypeError, match="returned None"):
        sorix.func.grad(lambda x: x * sorix.func.grad(sometimes)(x), fallback="error")(1.0)


def test_compiled_tensor_functions_may_call_transforms() -> None:
    @sorix.compile
    def f(x):
        value, pullback = sorix.func.vjp(lambda t: t**4, x)
        return pullback(value)[0] + sorix.func.jvp(lambda t: t**4, (x,), (1.0,))[1]

    x = sorix.tensor(2.0, requires_grad=True)
    f(x).backward()
    assert x.grad.item() == 4 * 7 * 2.0**6 + 12 * 2.0**2


def test_the_text_of_a_transform_is_the_one_that_it_runs():
    x = np.array([0.5, 1.0])

    def energy(x, k):
        return k * np.sum(np.sin(x))

    forward = sorix.func.source_of(jvp, energy, x, 2.0)
    assert "def energy__tangent(x, k, x_dot, k_dot):" in forward
    both = sorix.func.source_of(vjp, energy, x, 2.0)
    assert both.count("\ndef ") == 2
    second = sorix.func.source_of(hvp, energy, x, 2.0)
    assert "x_bar_dot" in second
    run = {}
    exec(forward, run)
    got = run["energy__tangent"](x, 2.0, np.ones(2), 1.0)
    np.testing.assert_allclose(got, jvp(energy, (x, 2.0), (np.ones(2), 1.0)))
    with pytest.raises(ValueError, match="grad is none of jvp, vjp and hvp"):
        sorix.func.source_of(sorix.func.grad, energy, x, 2.0)
    with pytest.raises(sorix.errors.NonScalarError):
        sorix.func.source_of(hvp, np.sin, x)


def test_arguments_without_a_float_are_refused() -> None:
    with pytest.raises(NotDifferentiableError, match="a list of ints"):
        jvp(lambda x: x[0] * x[1], ([1, 2],), ([1, 0],))
    with pytest.raises(NotDifferentiableError, match="which is an int: only floats have one"):
        vjp(lambda x: x**2, 3)
    assert jvp(lambda v, n: v * n[0], (2.0, [3, 4]), (1.0, [3, 4])) == (6.0, 3.0)
    assert jvp(lambda v, n: v * n[0], (2.0, [3, 4]), (1.0, [0, 0])) == (6.0, 3.0)
    assert vjp(lambda v, n: v * n, 2.0, 3)[1](1.0) == (3.0, 0)


def decays(x, rate=0.5):
    return np.sum(np.exp(-np.array([np.inf, x[0]]) / rate))


def test_what_is_not_passed_or_does_not_move_has_no_tangent():
    """The derivative by the rate is infinite times zero, which is NaN."""
    x, direction = np.array([0.3, 0.1]), np.array([1.0, 0.0])
    want = -2 * np.exp(-0.6)
    assert sorix.func.jvp(decays, (x,), (direction,))[1] == pytest.approx(want)
    assert sorix.func.jvp(decays, (x, 0.5), (direction, None))[1] == pytest.approx(want)
    assert sorix.func.jvp(decays, (x, 0.5), (None, None))[1] == 0.0
    product = sorix.func.hvp(decays, (x,), (direction,))
    np.testing.assert_allclose(product, [4 * np.exp(-0.6), 0.0])


def test_values_beside_what_moves_have_tangents_of_zero():
    x = np.array([0.3, 0.1])
    _, moved = sorix.func.jvp(lambda x, y: (2 * x, y * y, x), (x, 3.0), (None, 1.0))
    np.testing.assert_array_equal(moved[0], [0.0, 0.0])
    assert moved[1] == 6.0
    np.testing.assert_array_equal(moved[2], [0.0, 0.0])


def absolute_root(x):
    return abs(x[0].item() ** 0.5) + x[1]


def real_part_of_a_root(x):
    root = float(x[0]) ** x[1].item()
    return (root * x[1].item()).real


def root_of_a_root(x):
    """What reads the first root needs no value of it, and is real again."""
    return (x[0].item() ** 0.5 * 2) ** 2 / 4


@pytest.mark.parametrize("function", [absolute_root, real_part_of_a_root, root_of_a_root])
def test_a_power_of_a_negative_float_is_refused_and_not_taken_for_real(function):
    x, v = np.array([-0.52, 0.3]), np.array([1.0, 0.5])
    for transform in (
        lambda x: grad(function, fallback="error")(x),
        lambda x: jvp(function, (x,), (v,)),
        lambda x: hvp(function, (x,), (v,)),
        lambda x: vjp(function, x)[1](1.0),
    ):
        transform(np.abs(x))
        with np.errstate(invalid="ignore"), pytest.raises(NotDifferentiableError, match="complex"):
            transform(x)


def test_a_power_of_a_negative_number_of_numpys_is_no_number():
    with np.errstate(invalid="ignore"):
        assert np.isnan(grad(lambda x: x[0] ** 0.5)(np.array([-0.5]))[0])
    text = sorix.func.source_of(jvp, lambda x, p: np.sum(x**1.5) + x[0] ** p, np.ones(2), 0.5)
    assert "real_number" not in text
