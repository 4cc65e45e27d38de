"""What the reverse of a loop records: the least from which all that it reads can be had."""

from __future__ import annotations

import random

import pytest

from sorix.compiler.analyses.least_cut import least_cut
from sorix.compiler.differentiate.adjoint import differentiate
from sorix.compiler.optimize import optimize_pure
from tests.compiler.differentiate.pushed import pushed
from tests.compiler.reading import read


def recorded(text: str) -> list[str]:
    """The recorded values, as ``type in loops around``."""
    function = optimize_pure(read(text))
    wrt = [p for p in function.params if getattr(p.type, "is_float", False)]
    found = pushed(differentiate(function, wrt).forward)
    return sorted(f"{value.type} in {loops}" for value, loops in found)


def test_of_an_array_and_what_is_cheaply_made_of_it_the_array_alone() -> None:
    text = """
def f(x: "n", n: int):
    for k in range(n):
        a = np.sin(x)
        b = a * 2.0
        c = a[1:] - a[:-1]
        x = a * b + np.sum(c * c)
    return x
"""
    # x for the cosine and a; b and c are made of a again.
    assert recorded(text) == ["float64[n] in 1", "float64[n] in 1"]


def test_what_an_iteration_leaves_is_what_the_next_began_with() -> None:
    text = """
def f(x: "n", w: "n, n", n: int):
    for k in range(n):
        x = np.tanh(w @ x)
    return x
"""
    # The tanh wants its result, the product its factor: one array an iteration is both.
    assert recorded(text) == ["float64[n] in 1"]


def test_a_pair_that_takes_turns_needs_one_stack() -> None:
    text = """
def f(u: "n", v: "n", n: int):
    for k in range(n):
        w = u * u + v
        v = u
        u = np.sin(w) + v * v
    return u
"""
    assert recorded(text).count("float64[n] in 1") == 2


def test_of_an_array_written_into_what_is_overwritten() -> None:
    text = """
def f(x: "n", A: "n, n", n: int):
    for sweep in range(5):
        for i in range(n):
            x[i] = np.sin(A[i] @ x)
    return x
"""
    # In each sweep the array, in each step an element and what the sine is of.
    assert recorded(text) == ["float64 in 2", "float64 in 2", "float64[n] in 1"]


def test_rows_are_put_back_as_well() -> None:
    text = """
def f(A: "n, n", n: int):
    for i in range(n):
        A[i] = np.sin(A @ A[i])
    return A
"""
    assert recorded(text) == ["float64[n] in 1", "float64[n] in 1"]


def test_not_where_the_writes_are_as_large_as_the_array() -> None:
    text = """
def f(x: "n", n: int):
    for k in range(n):
        x[:] = np.sin(x)
    return x
"""
    assert recorded(text) == ["float64[n] in 1"]


def _brute(cost: dict[int, int], operands: dict[int, list[int]], wanted: list[int]) -> int:
    """The least cost over all sets that will do."""

    def will_do(kept: int) -> bool:
        todo, seen = list(wanted), set[int]()
        while todo:
            value = todo.pop()
            if kept >> value & 1 or value in seen:
                continue
            if value not in operands:
                return False
            seen.add(value)
            todo += operands[value]
        return True

    sets = (kept for kept in range(1 << len(cost)) if will_do(kept))
    return min(sum(cost[v] for v in cost if kept >> v & 1) for kept in sets)


@pytest.mark.parametrize("seed", range(40))
def test_the_cut_is_a_least_one(seed: int) -> None:
    rng = random.Random(seed)
    count = rng.randint(2, 8)
    cost = {k: rng.choice([1, 8, 8, 64]) for k in range(count)}
    operands = {
        k: rng.sample(range(k), rng.randint(0, min(k, 3)))
        for k in range(1, count)
        if rng.random() < 0.7
    }
    wanted = rng.sample(range(count), rng.randint(1, count))
    kept = least_cut(cost, operands, wanted)
    assert sum(cost[v] for v in kept) == _brute(cost, operands, wanted)
