"""Adjoints of random programs, once and twice: what is emitted computes what the IR says."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from sorix.compiler.differentiate.adjoint import differentiate
from sorix.compiler.emit import emit
from sorix.compiler.ir.nodes import Function
from sorix.compiler.ir.types import Num
from sorix.compiler.ir.verify import verify
from sorix.compiler.optimize import optimize
from sorix.errors import CompileError
from tests.compiler.ir.evaluate import evaluate_all
from tests.compiler.optimize.random_programs import random_arguments, random_function
from tests.compiler.optimize.test_plan_updates import same


def like(value: object, rng: np.random.Generator) -> object:
    """A cotangent for a value."""
    if isinstance(value, list):
        return [like(item, rng) for item in value]
    drawn = rng.normal(size=np.shape(value))
    return drawn if np.ndim(value) else float(drawn)


def close(a: object, b: object) -> bool:
    if isinstance(a, list | tuple):
        return isinstance(b, list | tuple) and len(a) == len(b) and all(map(close, a, b))
    return np.shape(a) == np.shape(b) and np.allclose(a, b, 1e-9, 1e-9, equal_nan=True)


def differentiated(seed: int, order: int) -> tuple[Function, list[object]] | None:
    """The adjoint of a random program with arguments; None where differentiation refuses it."""
    function, args = random_function(seed, size=8), random_arguments(seed)
    rng = np.random.default_rng(seed)
    for k in range(order):
        wrt = [p for p in function.params if not _is_integer(p.type)]
        try:
            found = differentiate(function, wrt, None)
        except CompileError:
            return None
        results = evaluate_all(function, *copy.deepcopy(args))
        seeds = len(found.function.params) - len(function.params)
        args = [*args, *[like(result, rng) for result in results][:seeds]]
        function = found.function if k == order - 1 else found.gradient
    return function, args


def _is_integer(type_: object) -> bool:
    return isinstance(type_, Num) and type_.is_float is False


@pytest.mark.parametrize("order, seeds", [(1, 40), (2, 15)])
def test_emitted_adjoints_compute_what_the_ir_says(order, seeds):
    checked = 0
    for seed in range(seeds):
        made = differentiated(seed, order)
        if made is None:
            continue
        function, args = made
        before = copy.deepcopy(args)
        expected = evaluate_all(function, *copy.deepcopy(args))
        optimised = optimize(function)
        verify(optimised, planned=True)
        namespace: dict[str, object] = {}
        exec(compile(emit([optimised]), "generated.py", "exec"), namespace)
        assert close(namespace[function.name](*args), expected), seed
        assert same(args, before), seed
        checked += 1
    assert checked > seeds // 2
