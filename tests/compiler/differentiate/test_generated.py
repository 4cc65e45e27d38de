"""Adjoints and tangents as optimised, printed and executed text compute what their IR means."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from sorix.compiler.differentiate.adjoint import differentiate, is_seedable
from sorix.compiler.differentiate.split import split
from sorix.compiler.differentiate.tangent import tangent
from sorix.compiler.emit import emit
from sorix.compiler.ir.nodes import Function
from sorix.compiler.optimize import optimize, optimize_pure
from tests.compiler.differentiate.checks import random_like
from tests.compiler.differentiate.programs import PROGRAMS
from tests.compiler.differentiate.random_programs import random_point, random_program
from tests.compiler.ir.evaluate import evaluate_all


def run(function: Function, *args: Any) -> tuple[Any, ...]:
    """The function's results by way of its text; the arguments stay as they are."""
    planned = optimize(function)
    namespace: dict[str, Any] = {}
    exec(compile(emit([planned], "", lambda origin: ""), "<generated>", "exec"), namespace)
    saved = copy.deepcopy(args)
    found = namespace[planned.name](*args)
    close(args, saved)
    return found if len(function.body.results) != 1 else (found,)


def close(a: Any, b: Any) -> None:
    if isinstance(b, list | tuple):
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            close(x, y)
    else:
        assert np.shape(a) == np.shape(b)
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9)


def check_text(function: Function, point: Sequence[Any], order: int) -> None:
    """The text of adjoint, its two halves and tangent, at each order."""
    rng = np.random.default_rng(0)
    for _ in range(order):
        wrt = [p for p in function.params if is_seedable(p)]
        adjoint = differentiate(function, wrt)
        pairs = zip(evaluate_all(function, *point), adjoint.results, strict=True)
        seeds = [random_like(value, rng) for value, atom in pairs if is_seedable(atom)]
        expected = evaluate_all(adjoint.function, *point, *seeds)
        close(run(adjoint.function, *point, *seeds), expected)
        halves = split(adjoint.function, len(adjoint.results), len(seeds))
        *values, residuals = run(halves.forward, *point)
        close([*values, *run(halves.backward, *residuals, *seeds)], expected)
        forward = tangent(function, wrt)
        dots = [random_like(point[function.params.index(p)], rng) for p in wrt]
        close(run(forward, *point, *dots), evaluate_all(forward, *point, *dots))
        function, point = optimize_pure(adjoint.gradient), (*point, *seeds)


@pytest.mark.parametrize("name", PROGRAMS)
def test_generated_text_of_programs(name: str) -> None:
    case = PROGRAMS[name]
    check_text(case.function, case.points[0], order=2)


@pytest.mark.parametrize("block", range(4))
def test_generated_text_of_random_programs(block: int) -> None:
    for seed in range(5 * block, 5 * block + 5):
        check_text(random_program(seed), random_point(seed), order=2)
