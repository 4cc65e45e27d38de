"""What the text of derivatives reads like, and that it is right where its form is special."""

from __future__ import annotations

import numpy as np
import pytest

import sorix.func


def kepler(m, e, tol):
    x = m
    while True:
        d = (x - e * np.sin(x) - m) / (1 - e * np.cos(x))
        x = x - d
        if abs(d) < tol:
            break
    return np.sin(x)


def left_at_the_start(x, tol):
    while True:
        if x * x < tol:
            break
        x = x * np.sin(x)
    return x


def left_in_between(x, bound):
    total = 0.0
    while total < 10:
        x = x * 1.1
        if x > bound:
            break
        total = total + x * x
    return total * x


def left_with_a_counter(x, tol):
    term, total, n = x, 0.0, 1
    while True:
        total += term
        term = -term * x * x / ((n + 1) * (n + 2))
        n += 2
        if abs(term) < tol:
            break
    return total * n


def swapped_and_left(x, tol):
    a, b = x, x * x
    for k in range(50):
        a, b = b * 0.5, a + 0.1 * k
        if b > tol:
            break
    return a * b


def told_after_the_loop(x, tol):
    found = False
    for _ in range(9):
        x = x * 1.5
        if x > tol:
            found = True
            break
    else:
        x = -x
    return x * x if found else 3 * x


LEFT = {
    kepler: (0.3, 0.2, 1e-9),
    left_at_the_start: (0.9, 1e-3),
    left_in_between: (1.0, 2.0),
    left_with_a_counter: (0.7, 1e-12),
    swapped_and_left: (0.4, 1.5),
    told_after_the_loop: (0.4, 3.0),
}


@pytest.mark.parametrize("function", LEFT, ids=lambda f: f.__name__)
@pytest.mark.parametrize("scale", [1.0, 0.5, 1e-9])
def test_a_loop_left_by_break_has_the_right_derivative(function, scale) -> None:
    x, *rest = LEFT[function]
    x = x * scale + 1e-3
    gradient = sorix.func.grad(function, fallback="error")
    step = 1e-6 * max(x, 1e-2)
    wanted = (function(x + step, *rest) - function(x - step, *rest)) / (2 * step)
    assert gradient(x, *rest) == pytest.approx(wanted, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("function", [kepler, left_at_the_start, left_in_between])
def test_a_loop_left_by_break_is_printed_with_it(function) -> None:
    gradient = sorix.func.grad(function, fallback="error")
    gradient(*LEFT[function])
    assert "            break\n" in gradient.source
    assert "broke" not in gradient.source


def stepped(u, dt=0.1, shift=0.0):
    k = dt * np.sin(u)
    return u + k - shift


def driver(u):
    for _ in range(3):
        u = stepped(u)
    return np.sum(u * u)


def test_lines_of_a_helper_stand_under_its_call_and_its_defaults_are_constants() -> None:
    gradient = sorix.func.grad(driver, fallback="error")
    gradient(np.ones(3))
    assert "def driver__adjoint(u, result_bar):" in gradient.source
    assert "  u = stepped(u)\n        #   test_readable_text.py:" in gradient.source
    assert "  k = dt * np.sin(u)\n" in gradient.source


def test_a_default_given_anew_is_seen(monkeypatch) -> None:
    gradient = sorix.func.grad(driver, fallback="error")
    x, step = np.array([0.3, 0.8]), 1e-6

    def wanted():
        return [(driver(x + step * e) - driver(x - step * e)) / (2 * step) for e in np.eye(x.size)]

    for defaults in [(0.1, 0.0), (0.2, 0.0), (0.2, -0.5)]:
        monkeypatch.setattr(stepped, "__defaults__", defaults)
        np.testing.assert_allclose(gradient(x), wanted(), rtol=1e-6)
