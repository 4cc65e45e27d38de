"""Functions that call themselves until data say stop: text, depth, refusals, the cache."""

from __future__ import annotations

import re
import sys

import numpy as np
import pytest

import sorix
from sorix.errors import CompileError, FallbackWarning
from tests.corpus import recursion as programs


def halve(x, tol):
    if x < tol:
        return x * x
    return halve(0.5 * x, tol) + np.sin(x)


def by_loop(x, tol):
    total = 0.0
    while x >= tol:
        total = total + np.sin(x)
        x = 0.5 * x
    return total + x * x


def functions_of(text):
    return re.findall(r"^def (\w+)\(", text, re.MULTILINE)


def test_the_function_and_its_gradient_are_functions_that_call_themselves():
    def energy(x, tol):
        return halve(x, tol) ** 2

    gradient = sorix.func.grad(energy, fallback="error")
    gradient(3.0, 1e-3)
    assert functions_of(gradient.source) == ["energy__adjoint", "halve", "halve__adjoint"]
    own = gradient.source.partition("def halve__adjoint(")[2]
    assert own.count("halve__adjoint(") == 1


def product(x, tol):
    if x < tol:
        return x * x
    below = product(0.5 * x, tol)
    return np.sin(below) * below + x


def test_where_the_reverse_needs_values_of_its_own_calls_they_are_kept():
    gradient = sorix.func.grad(lambda x, tol: product(x, tol) ** 2, fallback="error")
    slope = gradient(3.0, 1e-2)
    assert functions_of(gradient.source)[1:] == ["product__forward", "product__backward"]
    backward = gradient.source.partition("def product__backward(")[2]
    assert backward.count("product__backward(") == 1 and "product__forward(" not in backward
    e = 1e-6
    want = (product(3.0 + e, 1e-2) ** 2 - product(3.0 - e, 1e-2) ** 2) / (2 * e)
    assert slope == pytest.approx(want, rel=1e-7)


def test_what_is_kept_may_be_used_twice():
    value, pullback = sorix.func.vjp(product, 3.0, 1e-2)
    first, second = pullback(1.0), pullback(2.0)
    assert value == product(3.0, 1e-2)
    assert second[0] == pytest.approx(2 * first[0])
    assert first[0] == pytest.approx(sorix.func.grad(product)(3.0, 1e-2))


def test_values_are_kept_in_loops_and_branches_of_the_recursion():
    def walk(v, scale):
        if np.max(np.abs(v)) < 0.2:
            return v * scale
        total = v * 0.0
        for k in range(3):
            if k != 1:
                below = walk(v * (0.4 + 0.1 * k), scale)
                total = total + np.sin(below) * below * v
        return total + v

    def energy(v, scale):
        return np.sum(walk(v, scale) ** 2)

    v, scale = np.array([0.7, -0.5]), 1.3
    got = sorix.func.grad(energy, argnums=(0, 1), fallback="error")
    found = got(v, scale)
    assert "walk__forward" in functions_of(got.source)
    e = 1e-6
    for k in range(2):
        moved = np.eye(2)[k] * e
        want = (energy(v + moved, scale) - energy(v - moved, scale)) / (2 * e)
        assert found[0][k] == pytest.approx(want, rel=1e-6)
    want = (energy(v, scale + e) - energy(v, scale - e)) / (2 * e)
    assert found[1] == pytest.approx(want, rel=1e-6)


def test_deep_recursion_needs_no_more_than_the_function_itself_for_each_call():
    gradient = sorix.func.value_and_grad(halve, fallback="error")
    value, slope = gradient(1.0, 1e-200)
    assert value == pytest.approx(by_loop(1.0, 1e-200))
    assert slope == pytest.approx(sorix.func.grad(by_loop)(1.0, 1e-200))
    with pytest.raises(RecursionError):
        halve(1.0, 0.0)
    limit = sys.getrecursionlimit()
    with pytest.raises(RecursionError):
        gradient(1.0, 0.0)
    assert sys.getrecursionlimit() == limit


def test_an_integer_that_bounds_the_depth_stays_free():
    compiled = sorix.compile(programs.adaptive_with_a_closure_and_a_depth, fallback="error")
    for depth in (9, 3, 14):
        want = programs.adaptive_with_a_closure_and_a_depth(0.2, 1.3, 1e-3, depth)
        assert compiled(0.2, 1.3, 1e-3, depth) == pytest.approx(want, rel=1e-12)
    assert len(compiled._dispatcher.entries) == 1


def test_a_compiled_call_on_tensors_is_differentiated_twice():
    x = sorix.tensor(np.float64(3.0), requires_grad=True)
    compiled = sorix.compile(halve, fallback="error")
    y = compiled(x, 1e-3)
    (slope,) = sorix.grad(y, [x], create_graph=True)
    (second,) = sorix.grad(slope, [x])
    z = by_loop(x, 1e-3)
    (wanted,) = sorix.grad(z, [x], create_graph=True)
    assert y.item() == pytest.approx(z.item())
    assert slope.item() == pytest.approx(wanted.item())
    assert second.item() == pytest.approx(sorix.grad(wanted, [x])[0].item())


def test_the_third_derivative_and_all_mixtures_of_modes_agree():
    func = sorix.func

    def second(x):
        return func.grad(func.grad(halve))(x, 1e-3)

    def wanted(x):
        return func.grad(func.grad(by_loop))(x, 1e-3)

    assert func.grad(second)(3.0) == pytest.approx(func.grad(wanted)(3.0), rel=1e-10)
    assert func.jvp(second, (3.0,), (1.0,))[1] == pytest.approx(func.grad(wanted)(3.0), rel=1e-10)


def test_printing_happens_once_in_each_call(capsys):
    def walk(x):
        print("step")  # noqa: T201
        if x > 2.0:
            return x
        return walk(x * 1.5) * x

    slope = sorix.func.grad(walk, fallback="error")(1.0)
    assert capsys.readouterr().out == "step\n" * 3
    assert slope == pytest.approx(3 * 1.5**3)


def test_what_is_raised_deep_inside_arrives():
    def walk(x):
        if x > 10.0:
            raise ValueError("too large")
        if x > 5.0 and x < 6.0:
            return x
        return walk(x * 1.5) * x

    gradient = sorix.func.grad(walk, fallback="error")
    assert gradient(5.5) == 1.0
    with pytest.raises(ValueError, match="too large"):
        gradient(1.2)


def test_a_result_that_may_be_part_of_an_argument_is_not_written_into():
    def part(v):
        if v[0] > 1.0:
            return v
        return part(v * 2.0)

    def reads(v):
        w = part(v)
        return np.sum(w * v)

    def writes(v):
        w = part(v)
        w[0] = 0.0
        return np.sum(w * v)

    v = np.array([0.3, 0.4])
    np.testing.assert_allclose(sorix.func.grad(reads, fallback="error")(v), 8.0 * v)
    with pytest.raises(CompileError, match="may have returned it"):
        sorix.func.grad(writes, fallback="error")(v)
    with pytest.warns(FallbackWarning):
        got = sorix.func.grad(lambda v: writes(v.copy()))(v)
    np.testing.assert_allclose(got, [0.0, 8.0 * v[1]])


def test_sizes_of_results_follow_those_of_arguments():
    def drop(v):
        if v[-1] < 0.5:
            return v * 1.0
        return drop(v[:-1] * 1.1)

    def total(v, w):
        kept = drop(v)
        return np.sum(kept * w[: len(kept)]) + np.sum(kept)

    v, w = np.array([0.1, 0.2, 0.3, 0.7, 0.8]), np.arange(5.0)
    got = sorix.func.grad(total, argnums=(0, 1), fallback="error")(v, w)
    np.testing.assert_allclose(got[0], 1.21 * np.array([1.0, 2.0, 3.0, 0.0, 0.0]))
    np.testing.assert_allclose(got[1], 1.21 * np.array([0.1, 0.2, 0.3, 0.0, 0.0]))


def test_a_closure_made_anew_is_another_function():
    def outer(x, scale):
        def inner(y):
            if y > 2.0:
                return y * scale
            return inner(y * 1.5)

        if x > 3.0:
            return inner(x)
        return inner(x) + outer(x * 1.7, scale * 2.0)

    def plain(x):
        return outer(x, 0.5)

    e = 1e-6
    want = (plain(0.9 + e) - plain(0.9 - e)) / (2 * e)
    assert sorix.func.grad(plain, fallback="error")(0.9) == pytest.approx(want, rel=1e-7)


def test_the_text_is_the_same_in_every_process_and_found_in_the_cache():
    first = sorix.func.grad(programs.recursion_inside_recursion, fallback="error")
    second = sorix.func.grad(programs.recursion_inside_recursion, fallback="error")
    assert first(1.7, 0.9) == second(1.7, 0.9)
    assert first.source == second.source
