"""The transformations themselves: what they make of a program, and that the check can fail."""

from __future__ import annotations

import ast
import dataclasses

import pytest

from tests.corpus.registry import Program, load
from tests.metamorphic import test_metamorphic
from tests.metamorphic.ground import TRANSFORMATIONS, Ground
from tests.metamorphic.making import transformed

COMPILED = [p for p in load().values() if p.refused is None]

CASES = {
    "rename": (
        "def f(x):\n    y = [x for x in (x, 2.0)]\n    return sum(y)",
        "def f(x_bar):\n    t1 = [x_bar for x_bar in (x_bar, 2.0)]\n    return sum(t1)",
    ),
    "extract_statements": (
        "def f(x):\n    y = x * 2\n    y += x\n    if y > 0:\n        return y\n    return x",
        "def helper(x):\n    y = x * 2\n    y += x\n    return y\n\n"
        "def f(x):\n    y = helper(x)\n    if y > 0:\n        return y\n    return x",
    ),
    "extract_expressions": (
        "def f(x):\n    y = [v * x for v in (1, 2)]\n    return y[0] + x",
        "def helper(x):\n    return [v * x for v in (1, 2)]\n\n"
        "def helper_2(x, y):\n    return y[0] + x\n\n"
        "def f(x):\n    y = helper(x)\n    return helper_2(x, y)",
    ),
    "nest": (
        "def f(x):\n    x = x * 2\n    return x",
        "def f(x):\n\n    def inner(x):\n        x = x * 2\n        return x\n    return inner(x)",
    ),
    "three_address": (
        "def f(x):\n    return x * x + 2.0 * x",
        "def f(x):\n    part = x * x\n    part_2 = 2.0 * x\n    return part + part_2",
    ),
    "peel": (
        "def f(x):\n    for k in range(1, 4):\n        x = x * k\n    return x",
        "def f(x):\n    first = 1\n    stop = 4\n    if first < stop:\n        k = first\n"
        "        x = x * k\n    for k in range(first + 1, stop, 1):\n        x = x * k\n"
        "    return x",
    ),
    "for_to_while": (
        "def f(x):\n    for k in range(3, 0, -1):\n        x = x * k\n    return x",
        "def f(x):\n    count = 3\n    stop = 0\n    while count > stop:\n        k = count\n"
        "        count += -1\n        x = x * k\n    return x",
    ),
    "comprehension_to_loop": (
        "def f(x):\n    return sum([k * x for k in range(3) if k])",
        "def f(x):\n    items = []\n    for k_item in range(3):\n        if k_item:\n"
        "            items.append(k_item * x)\n    return sum(items)",
    ),
    "swap_branches": (
        "def f(x):\n    if x > 1:\n        x = 2 * x\n    return x if x > 0 else -x",
        "def f(x):\n    if not x > 1:\n        pass\n    else:\n        x = 2 * x\n"
        "    return -x if not x > 0 else x",
    ),
    "try_finally": (
        "def f(x):\n    return x * 2",
        "def f(x):\n    try:\n        return x * 2\n    finally:\n        pass",
    ),
    "spell_out": (
        "def f(x):\n    y = x\n    y *= 2\n    return y",
        "def f(x):\n    y = x\n    y = y * 2\n    return y",
    ),
    "augment": (
        "def f(x):\n    y = x * 2\n    y = y + x\n    return y",
        "def f(x):\n    y = x * 2\n    y += x\n    return y",
    ),
}


def plain(x: float) -> float:
    """Gives a ground its module."""
    return x


def ground(text: str) -> Ground:
    function = ast.parse(text).body[0]
    assert isinstance(function, ast.FunctionDef)
    plain.__name__ = function.name
    return Ground(Program(plain, "example", (0.7,)), function)


@pytest.mark.parametrize("name", CASES)
def test_text_before_and_after(name: str) -> None:
    before, after = CASES[name]
    it = ground(before)
    assert TRANSFORMATIONS[name](it)
    assert it.text == ast.unparse(ast.parse(after)) + "\n"


def test_an_array_with_two_names_is_not_spelt_out() -> None:
    text = "def f(x):\n    y = np.ones(2)\n    z = y\n    y *= x\n    return np.sum(z)"
    it = ground("import numpy as np\n" and text)
    it.function.body.insert(0, ast.parse("import numpy as np").body[0])
    assert not TRANSFORMATIONS["spell_out"](it)


@pytest.mark.parametrize("name", TRANSFORMATIONS)
def test_every_transformation_finds_programs_to_change(name: str) -> None:
    found = sum(transformed(program, (name,)) is not None for program in COMPILED[::4])
    assert found >= 2


def test_a_rewriting_that_changes_the_meaning_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(it: Ground) -> bool:
        it.function.body[-1] = ast.parse("def _():\n    return 0.1234").body[0].body[0]  # type: ignore[attr-defined]
        return True

    monkeypatch.setitem(TRANSFORMATIONS, "wrong", wrong)
    program = load()["sum_of_a_generator"]
    assert "the rewriting is wrong" in test_metamorphic.disagreement(program, ("wrong",))


def test_a_gradient_that_differs_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    program = load()["sum_of_a_generator"]
    shifted = dataclasses.replace(program, args=(program.args[0] + 1e-8,))
    monkeypatch.setattr(test_metamorphic, "transformed", lambda *_: shifted)
    monkeypatch.setattr(test_metamorphic.np, "allclose", lambda *_, **__: True)
    monkeypatch.setattr(test_metamorphic, "text_of", lambda _: "")
    assert "gradient" in test_metamorphic.disagreement(program, ("rename",))
