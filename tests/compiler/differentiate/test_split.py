"""The two halves of an adjoint compute what the whole does, as often as they are asked."""

from __future__ import annotations

import numpy as np
import pytest

from sorix.compiler.differentiate.adjoint import differentiate, is_seedable
from sorix.compiler.differentiate.split import split
from sorix.compiler.ir.types import FLOAT
from sorix.compiler.ir.verify import verify
from tests.compiler.differentiate.checks import check, random_like, same
from tests.compiler.differentiate.programs import MATRIX, PROGRAMS, VECTOR
from tests.compiler.differentiate.writing import array, write
from tests.compiler.ir.evaluate import evaluate_all


@pytest.mark.parametrize("name", PROGRAMS)
def test_halves_agree_with_the_whole_and_backward_can_run_twice(name: str) -> None:
    case = PROGRAMS[name]
    function, rng = case.function, np.random.default_rng(0)
    wrt = [p for p in function.params if is_seedable(p)]
    adjoint = differentiate(function, wrt)
    count = len(adjoint.results)
    halves = split(adjoint.function, count, len(adjoint.seeds))
    verify(halves.forward)
    verify(halves.backward)
    for point in case.points:
        *values, residuals = evaluate_all(halves.forward, *point)
        seeds = [
            random_like(value, rng)
            for value, atom in zip(values, adjoint.results, strict=True)
            if is_seedable(atom)
        ]
        whole = evaluate_all(adjoint.function, *point, *seeds)
        for ours, theirs in zip(values, whole, strict=False):
            same(ours, theirs)
        for _ in range(2):
            cotangents = evaluate_all(halves.backward, *residuals, *seeds)
            for ours, theirs in zip(cotangents, whole[count:], strict=True):
                same(ours, theirs)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_backward_can_be_differentiated_in_its_residuals_and_seeds(name: str) -> None:
    case, rng = PROGRAMS[name], np.random.default_rng(0)
    function, point = case.function, case.points[0]
    adjoint = differentiate(function, [p for p in function.params if is_seedable(p)])
    halves = split(adjoint.function, len(adjoint.results), len(adjoint.seeds))
    *values, residuals = evaluate_all(halves.forward, *point)
    pairs = zip(values, adjoint.results, strict=True)
    seeds = [random_like(value, rng) for value, atom in pairs if is_seedable(atom)]
    check(halves.backward, *residuals, *seeds, oracle=case.options.get("oracle", "complex"))


def test_each_residual_is_saved_once_and_only_if_the_backward_reads_it() -> None:
    def layer(w, x, weights, b):
        return np.sum(np.tanh(x @ weights + b) ** 2)

    f = write(layer, array("n", 3), array(3, 2), array(1, 2))
    adjoint = differentiate(f, f.params[1:])
    halves = split(adjoint.function, 1, 1)
    # x for the weights' cotangent, tanh(...), its square for the shape, b for its shape.
    assert sorted(var.hint for var in halves.residuals) == ["b", "t", "t", "x"]
    assert len(set(halves.residuals)) == 4


def test_forward_alone_does_not_compute_what_only_the_backward_needs() -> None:
    f = write(lambda w, x, a: x[0] * a, array("n"), FLOAT)
    adjoint = differentiate(f, f.params)
    halves = split(adjoint.function, 1, 1)
    assert len(halves.forward.body.stmts) == 2
    assert evaluate_all(halves.forward, VECTOR, 2.0)[0] == 2.0 * VECTOR[0]


def test_what_raises_or_prints_runs_in_the_forward_half() -> None:
    def guarded(w, x, a):
        def bad():
            w.fail(ValueError)

        w.branch(a < 0, lambda: (bad(), ())[1], lambda: ())
        return np.sum(x * a)

    f = write(guarded, array("n", 3), FLOAT)
    adjoint = differentiate(f, f.params)
    halves = split(adjoint.function, 1, 1)
    with pytest.raises(ValueError):
        evaluate_all(halves.forward, MATRIX, -1.0)
