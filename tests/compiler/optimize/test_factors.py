"""Signs, constants and doubled terms of cotangents, shown as code before and after."""

from __future__ import annotations

import pytest

from sorix.compiler.optimize.prune import prune
from sorix.compiler.optimize.simplify import simplify
from sorix.compiler.optimize.write_out_scatters import write_out_scatters
from tests.compiler.optimize.test_passes import after

CASES = {
    "a sign that all readers take up is gone": (
        """
def f(x: float, y: float, z: float):
    a = -x
    b = y + a * z
    c = z - a * y
    return b, c
""",
        ["b = y - x * z", "c = z + x * y"],
    ),
    "a sign stands after the sum over axes": (
        """
def f(x: "n, m", y: "n, m", z: float):
    a = -x
    b = a * y
    c = z + np.sum(b)
    return c
""",
        ["z - (x * y).sum()"],
    ),
    "a sign passes the choice between it and zero": (
        """
def f(x: "n", y: "n", z: "n"):
    a = -x
    b = np.where(y < 0.0, a, 0.0)
    c = z + b
    return c
""",
        ["z - "],
    ),
    "axes that are added and taken away again are summed over": (
        """
def f(x: "n, m", y: "n"):
    a = np.sum(x, axis=1, keepdims=True)
    b = a[:, 0]
    c = y - b
    return c
""",
        ["x.sum(axis=1)"],
    ),
    "one column put into zeros is a column": (
        """
def f(x: "n, 1", v: "n"):
    y = scatter(v, x, np.s_[:, 0])
    return y
""",
        ["v[:, None]"],
    ),
    "constant factors are one": (
        """
def f(x: float, y: float):
    a = x * 2.0
    b = a * 3.0
    c = y * 4.0
    d = b * c
    return d
""",
        ["24.0"],
    ),
    "a constant stands first, as in formulas": (
        """
def f(x: "n", y: "n", s: float):
    a = s * x * 3.0
    b = y * 2.0
    return a, b
""",
        ["3.0 * s * x", "2.0 * y"],
    ),
    "a product of arrays stays one": (
        """
def f(x: "n", y: "n"):
    a = (x * y) * 3.0
    return a
""",
        ["3.0 * (x * y)"],
    ),
    "a reciprocal divides": (
        """
def f(x: float, y: float):
    a = 1 / y
    b = x * a
    return b
""",
        ["x / y"],
    ),
    "what is added twice is doubled": (
        """
def f(x: float, y: float):
    a = x + y
    b = a + y
    return b
""",
        ["x + 2 * y"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_of_cotangents(name: str) -> None:
    text, wanted = CASES[name]
    found = after([simplify, prune, simplify, prune], text, adjoint=True)
    assert all(part in found for part in wanted), found


@pytest.mark.parametrize("name", CASES)
def test_of_the_primal_nothing_is_rearranged(name: str) -> None:
    text, wanted = CASES[name]
    found = after([simplify, prune, simplify, prune], text)
    assert not any(part in found for part in wanted), found


def test_a_sum_tells_that_it_is_a_scalar_so_that_signs_meet_there() -> None:
    text = """
def f(x: "n", y: "n", z: float, s: float):
    a = -x
    b = unbroadcast(a * y, s)
    c = unbroadcast(a * x, s)
    d = z + (b + c) * 0.5
    return d
"""
    found = after([simplify, prune, simplify, prune], text, adjoint=True)
    assert "d = z - " in found, found


def test_a_scatter_is_written_out_as_zeros_that_are_written_to() -> None:
    text = """
def f(x: "n", v: float):
    y = scatter(v, x, 0)
    return y
"""
    found = after([write_out_scatters], text)
    assert "zeros_like(x)" in found
    assert "scatter" not in found
