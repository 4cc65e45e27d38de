"""What still stands in an array after the loops: all that is claimed is there."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from sorix.compiler.analyses.standing import standing_values
from sorix.compiler.ir.nodes import Assign, Call, Function, Var
from sorix.compiler.ir.walk import defined, statements
from sorix.support import store
from tests.compiler.ir.evaluate import run, value_of
from tests.compiler.reading import read

SIZE = 12


def standing(text: str) -> list[str]:
    """The names of the values that stand."""
    return sorted(var.hint for var in standing_values(read(text).body.stmts))


def test_what_a_recurrence_reads_and_writes() -> None:
    text = """
def f(x: "n", n: int):
    for i in range(1, n):
        t = x[i - 1]
        v = np.sin(t)
        x[i] = v
    return x
"""
    assert standing(text) == ["t", "v"]


def test_a_sweep_backwards() -> None:
    text = """
def f(x: "n", n: int):
    for i in range(n - 2, -1, -1):
        r = x[i + 1]
        u = x[i]
        v = r * u
        x[i] = v
    return x
"""
    assert standing(text) == ["r", "v"]


def test_rows_and_columns_of_a_factorisation() -> None:
    text = """
def f(A: "n, n", n: int):
    for k in range(n - 1):
        for i in range(k + 1, n):
            d = A[k, k]
            q = A[i, k] / d
            A[i, k] = q
            row = A[k, k + 1:]
            A[i, k + 1:] += row * q
    return A
"""
    assert standing(text) == ["d", "q", "row"]


@pytest.mark.parametrize(
    "reason, loop, body",
    [
        ("x[-1] is another place", "range(n)", "r = x[i - 1]; x[i] = r * 2.0"),
        (
            "later writes reach it",
            "range(1, n)",
            "r = x[i]; x[i - 1] = r * 2.0; x[i + 1] = r * 2.0",
        ),
        ("the other way round", "range(n - 2, 0, -1)", "r = x[i - 1]; x[i] = r * 2.0"),
        ("reversed", "reversed(range(1, n))", "r = x[i - 1]; x[i] = r * 2.0"),
        ("the index is anybody's", "range(n)", "r = x[m]; x[i] = r * 2.0"),
        ("a step over it", "range(0, n, 2)", "r = x[i + 4]; x[i] = r * 2.0"),
    ],
)
def test_what_does_not_stand(reason: str, loop: str, body: str) -> None:
    lines = "\n        ".join(body.split("; "))
    text = f"""
def f(x: "n", n: int, m: int):
    for i in {loop}:
        {lines}
    return x
"""
    assert "r" not in standing(text), reason


def test_not_what_only_one_branch_puts_in() -> None:
    text = """
def f(x: "n", n: int):
    for i in range(n):
        v = np.sin(x[i])
        if i > 2:
            x[i] = v
    return x
"""
    assert standing(text) == []


def test_not_what_comes_from_an_array_made_anew() -> None:
    text = """
def f(x: "n", n: int):
    for i in range(1, n):
        t = x[i - 1]
        y = x * 2.0
        y[i] = t
        x = y
    return x
"""
    assert standing(text) == []


# ------------------------------------------------------------------ random nests of loops


class Nests:
    """Programs of loops in loops with reads and writes at sums of indices."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names = 0

    def program(self) -> str:
        lines = self.block(["n", "m"], "    ", 0)
        return "\n".join(['def f(x: "a", n: int, m: int):', *lines, "    return x"])

    def block(self, indices: list[str], pad: str, depth: int) -> list[str]:
        lines: list[str] = []
        for _ in range(self.random.randint(1, 3) if depth < 3 else 1):
            lines += self.stmt(indices, pad, depth)
        return lines

    def stmt(self, indices: list[str], pad: str, depth: int) -> list[str]:
        kind = self.random.random()
        if depth == 0 or (depth < 3 and kind < 0.35):
            index = "ijk"[depth]
            head = f"{pad}for {index} in {self.bounds(indices)}:"
            return [head, *self.block([*indices, index], pad + "    ", depth + 1)]
        if kind < 0.45 and depth < 3:
            head = f"{pad}if {self.random.choice(indices)} > {self.random.randint(0, 4)}:"
            return [head, *self.block(indices, pad + "    ", 3)]
        self.names += 1
        value = f"v{self.names}"
        lines = [f"{pad}{value} = {self.place(indices)} * 0.5 + 1.0"]
        if kind < 0.7:
            lines = [f"{pad}{value} = {self.place(indices)}"]
        sign = self.random.choice(["=", "=", "+="])
        return [*lines, f"{pad}{self.place(indices)} {sign} {value}"]

    def place(self, indices: list[str]) -> str:
        return f"x[{self.sum(indices)}]"

    def sum(self, indices: list[str]) -> str:
        index = self.random.choice(indices[-2:])
        offset = self.random.randint(-2, 3)
        form = self.random.random()
        if form < 0.1:
            return str(self.random.randint(-3, 4))
        if form < 0.2:
            return f"n - 1 - {index}"
        if form < 0.3:
            return f"2 * {index} + {max(offset, 0)}"
        if form < 0.4:
            return f"{index} + {self.random.choice(indices)}"
        return index if offset == 0 else f"{index} {'+' if offset > 0 else '-'} {abs(offset)}"

    def bounds(self, indices: list[str]) -> str:
        index = self.random.choice(indices)
        low, high = self.random.randint(-1, 3), self.random.randint(0, 3)
        return self.random.choice(
            [
                f"range({max(low, 0)}, n)",
                f"range(n - {high}, {low}, -1)",
                f"reversed(range({max(low, 0)}, n - {high}))",
                f"range({index} + {max(low, 0)}, n)",
                f"range({index}, -1, -1)",
                f"range({max(low, 0)}, {index} + 1)",
                f"range({max(low, 0)}, n, 2)",
                f"range(n - 1, {max(low, 0)}, -2)",
            ]
        )


class Watched(dict[Var, Any]):
    """An environment that notes, where a variable is bound, what others are then."""

    def __init__(self, watched: dict[Var, tuple[Var, Any]]) -> None:
        super().__init__()
        self.watched = watched
        self.seen: list[tuple[Var, Any, Any]] = []

    def update(self, pairs: Any) -> None:  # type: ignore[override]
        for var, value in pairs:
            self[var] = value
            if var in self.watched:
                known, index = self.watched[var]
                self.seen.append((known, self[known], value_of(index, self)))


def watched(function: Function, found: dict[Var, Assign]) -> dict[Var, tuple[Var, Any]]:
    """For each claimed value, the variable bound where it is read or put in."""
    where: dict[Var, tuple[Var, Any]] = {}
    for stmt in statements(function.body):
        for var in defined(stmt):
            if var in found and isinstance(found[var].value, Call):
                where[var] = var, found[var].value.args[1]
        if isinstance(stmt, Assign) and isinstance(stmt.value, Call) and stmt.value.fn is store:
            _, index, value = stmt.value.args
            if value in found and found[value].value.args[1] is index:
                where.pop(value, None)
                where[stmt.targets[0]] = value, index
    return where


def check(seed: int) -> int:
    """How many values were claimed and seen to stand; IndexError where a program makes no sense."""
    function = read(Nests(seed).program())
    found = standing_values(function.body.stmts)
    env = Watched(watched(function, found))
    sizes = random.Random(seed)
    env[function.params[0]] = np.arange(float(SIZE)) ** 1.5
    for param, value in zip(function.params[1:], (sizes.randint(2, 6), sizes.randint(0, 5))):
        env[param] = value
    for stmt in function.body.stmts:
        run(stmt, env)
    for var, value, index in env.seen:
        out = found[var].value.args[0]
        assert env[out][index] == value, (seed, var.hint)
    return len(env.seen)


@pytest.mark.parametrize("block", range(6))
def test_all_that_is_claimed_stands(block: int) -> None:
    seen = 0
    for seed in range(block * 250, (block + 1) * 250):
        try:
            seen += check(seed)
        except IndexError:
            continue
    assert seen > 50
