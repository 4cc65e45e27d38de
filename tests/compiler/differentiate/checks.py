"""Check derivatives of IR functions against what does not use the code under test.

`check` differentiates a function, compares its adjoint with a complex step or five-point
differences along a random direction, its tangent with its adjoint (the dot-product test), and
does the same with the gradient function it got, as often as asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sorix.compiler.analyses.activity import may_carry
from sorix.compiler.differentiate.adjoint import differentiate, is_seedable
from sorix.compiler.differentiate.tangent import tangent
from sorix.compiler.ir.nodes import Function, Var
from sorix.compiler.ir.verify import verify
from tests.compiler.ir.evaluate import evaluate_all

TOLERANCE = {"complex": 1e-12, "five_point": 1e-7}


def check(
    function: Function,
    *args: Any,
    order: int = 2,
    seed: int = 0,
    wrt: Sequence[int] | None = None,
    oracle: str = "complex",
) -> None:
    """Raise AssertionError unless the derivatives up to `order` are right at `args`.

    The oracle ``"complex"`` (a complex step, exact to rounding) does not do for functions that
    are not analytic, such as ``abs``; ``"five_point"`` differences do.
    """
    verify(function)
    rng = np.random.default_rng(seed)
    level = 1
    while level <= order:
        variables = _active(function, wrt if level == 1 else None)
        adjoint = differentiate(function, variables)
        verify(adjoint.function)
        verify(adjoint.gradient)
        seeds = _check_values(adjoint, function, args, rng)
        _check_adjoint(adjoint.gradient, function, variables, args, seeds, rng, level, oracle)
        _check_tangent(adjoint.gradient, function, variables, args, seeds, rng)
        function, args = adjoint.gradient, (*args, *seeds)
        level += 1


def _active(function: Function, wrt: Sequence[int] | None) -> list[Var]:
    if wrt is not None:
        return [function.params[i] for i in wrt]
    return [p for p in function.params if may_carry(p.type) and is_seedable(p)]


def _check_values(adjoint: Any, function: Function, args: Any, rng: Any) -> list[Any]:
    """The adjoint's primal results are the function's; returns random seeds for them."""
    values = evaluate_all(function, *args)
    seeds = [
        random_like(value, rng)
        for value, atom in zip(values, function.body.results, strict=True)
        if is_seedable(atom)
    ]
    found = evaluate_all(adjoint.function, *args, *seeds)
    for ours, theirs in zip(found, values, strict=False):
        same(ours, theirs)
    cotangents = evaluate_all(adjoint.gradient, *args, *seeds)
    for ours, theirs in zip(found[len(values) :], cotangents, strict=True):
        same(ours, theirs)
    return seeds


def _check_adjoint(
    gradient: Function,
    function: Function,
    wrt: Sequence[Var],
    args: Any,
    seeds: Any,
    rng: Any,
    level: int,
    oracle: str,
) -> None:
    cotangents = evaluate_all(gradient, *args, *seeds)
    for var, bar in zip(wrt, cotangents, strict=True):
        alike(bar, args[function.params.index(var)])
    for _ in range(2):
        directions = [random_like(args[function.params.index(var)], rng) for var in wrt]

        def along(t: complex, directions: Any = directions) -> complex:
            moved = list(args)
            for var, direction in zip(wrt, directions, strict=True):
                k = function.params.index(var)
                moved[k] = added(moved[k], direction, t)
            return inner(_floats(function, evaluate_all(function, *moved)), seeds)

        expected = ORACLES[oracle](along)
        found = inner(cotangents, directions)
        size = max(1.0, abs(expected), norm(cotangents) * norm(directions) * 1e-2)
        assert abs(found - expected) <= TOLERANCE[oracle] * size, (level, found, expected)


def _check_tangent(
    gradient: Function, function: Function, wrt: Sequence[Var], args: Any, seeds: Any, rng: Any
) -> None:
    """The dot-product test: <seeds, J d> == <J^T seeds, d>."""
    forward = tangent(function, wrt)
    verify(forward)
    directions = [random_like(args[function.params.index(var)], rng) for var in wrt]
    found = evaluate_all(forward, *args, *directions)
    count = len(function.body.results)
    for ours, theirs in zip(found, evaluate_all(function, *args), strict=False):
        same(ours, theirs)
    left = inner(found[count:], seeds)
    right = inner(evaluate_all(gradient, *args, *seeds), directions)
    size = max(1.0, norm(found[count:]) * norm(seeds))
    assert abs(left - right) <= 1e-12 * size, ("dot product", left, right)


def _floats(function: Function, values: Sequence[Any]) -> list[Any]:
    pairs = zip(values, function.body.results, strict=True)
    return [value for value, atom in pairs if is_seedable(atom)]


def five_point(f: Any, h: float = 1e-3) -> float:
    return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h)


def complex_step(f: Any, h: float = 1e-30) -> float:
    return f(1j * h).imag / h


ORACLES = {"complex": complex_step, "five_point": five_point}


# ------------------------------------------------------ vectors made of numbers, arrays, lists


def random_like(value: Any, rng: Any) -> Any:
    if isinstance(value, list):
        return [random_like(item, rng) for item in value]
    drawn = rng.uniform(0.5, 1.5, np.shape(value)) * rng.choice([-1.0, 1.0], np.shape(value))
    return drawn if isinstance(value, np.ndarray) else float(drawn)


def added(x: Any, d: Any, t: complex) -> Any:
    if isinstance(x, list):
        return [added(a, b, t) for a, b in zip(x, d, strict=True)]
    moved = x + t * d
    # NumPy orders complex numbers by their real parts, Python refuses.
    return np.complex128(moved) if isinstance(moved, complex) else moved


def inner(a: Any, b: Any) -> Any:
    if isinstance(a, list | tuple):
        return sum(inner(x, y) for x, y in zip(a, b, strict=True))
    assert np.shape(a) == np.shape(b), (np.shape(a), np.shape(b))
    return np.sum(np.asarray(a) * np.asarray(b))


def norm(a: Any) -> float:
    return float(np.sqrt(inner(a, a)))


def same(a: Any, b: Any) -> None:
    if isinstance(b, list):
        assert isinstance(a, list)
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            same(x, y)
    else:
        np.testing.assert_array_equal(a, b)


def alike(bar: Any, x: Any) -> None:
    """A cotangent has the shape of what it is of."""
    if isinstance(x, list):
        assert isinstance(bar, list)
        assert len(bar) == len(x)
        for b, v in zip(bar, x, strict=True):
            alike(b, v)
    else:
        assert np.shape(bar) == np.shape(x), (np.shape(bar), np.shape(x))


__all__ = ["check", "complex_step", "five_point"]
