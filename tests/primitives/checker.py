"""Judges a row: rule against oracle, order by order, and the tangent against the adjoint."""

from __future__ import annotations

import numpy as np

from sorix.primitives import apply_tangent, canonical, rule_of
from tests.primitives.reference_tape import apply, gradient

TOLERANCE = {"complex_step": 1e-12, "exact": 1e-12, "fd5": 3e-10}


class Problem:
    """A row as a scalar function of the arrays it is differentiable in, and directions."""

    def __init__(self, row, rule=None):
        self.row, self.rule = row, rule or rule_of(row.function)
        self.args, self.options = canonical(row.function, row.args, row.options)
        self.rng = np.random.default_rng(7)
        self.active = [i for i in self.rule.wrt if i not in row.fixed]
        self.leaves = []
        for i, x in enumerate(self.args):
            if i in self.active:
                self._collect(x)
        self.weights = {}

    def _collect(self, x):
        if isinstance(x, tuple | list):
            for item in x:
                self._collect(item)
        elif _is_float(x):
            self.leaves.append(x)

    def direction(self):
        return [self.rng.normal(size=np.shape(x)) for x in self.leaves]

    def rebuilt(self, leaves, missing=lambda x: x):
        """The arguments with the leaves replaced, in order."""
        rest = iter(leaves)

        def rebuild(x):
            if isinstance(x, tuple | list):
                return type(x)(rebuild(item) for item in x)
            return next(rest) if _is_float(x) else missing(x)

        return [rebuild(x) if i in self.active else missing(x) for i, x in enumerate(self.args)]

    def value(self, *leaves):
        leaves = [self.row.wrap(x) for x in leaves] if self.row.wrap else leaves
        return self.weighted(apply(self.row.function, *self.rebuilt(leaves), **self.options))

    def weighted(self, y, at=()):
        """The sum of all entries of the result, each with a weight of its own."""
        if y is None:
            return 0.0
        if isinstance(y, tuple | list):
            return sum(self.weighted(v, (*at, i)) for i, v in enumerate(y))
        key = (at, np.shape(y))
        if key not in self.weights:
            rng = np.random.default_rng(11 + sum(at))
            self.weights[key] = rng.uniform(0.5, 1.5, np.shape(y))
        return np.sum(y * self.weights[key])

    def tangent(self, leaves, directions):
        """The weighted tangent of the result, by the tangent side of the rule."""
        args = self.rebuilt(leaves)
        y = apply(self.row.function, *args, **self.options)
        dots = self.rebuilt(directions, missing=lambda x: None)
        return self.weighted(apply_tangent(self.rule, dots, y, args, self.options))


def _is_float(x):
    return isinstance(x, np.ndarray | np.floating) and x.dtype.kind == "f"


def derivative_along(function, direction):
    """A new function: the derivative along a direction, by the tape."""

    def derivative(*leaves):
        bars = gradient(function, leaves)
        return sum((np.sum(b * v) for b, v in zip(bars, direction, strict=True)), start=0.0)

    return derivative


def judged(function, leaves, direction, oracle):
    """The same derivative by the oracle."""

    def at(step):
        return function(*[x + step * v for x, v in zip(leaves, direction, strict=True)])

    if oracle == "complex_step":
        return np.imag(at(1e-25j)) / 1e-25
    if oracle == "exact":
        return (at(1.0) - at(-1.0)) / 2
    h = 1e-3
    return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)


def close(a, b, tolerance):
    assert np.isfinite(a)
    assert abs(a - b) <= tolerance * max(1.0, abs(b)), f"{a} is not {b} to {tolerance}"


def check_orders(row, rule=None):
    """Each derivative of the row, up to its order, agrees with the oracle on the one before."""
    problem = Problem(row, rule)
    assert problem.leaves, "the row has nothing to differentiate"
    oracle = row.oracle or problem.rule.oracle
    function = problem.value
    for order in range(row.order):
        direction = problem.direction()
        derivative = derivative_along(function, direction)
        tolerance = (row.tolerance or TOLERANCE[oracle]) * 10**order
        truth = judged(function, problem.leaves, direction, oracle)
        close(derivative(*problem.leaves), truth, tolerance)
        function = derivative


def check_tangent(row):
    """The tangent agrees with the adjoint, argument by argument, and so does its derivative."""
    if row.wrap is not None:
        row = type(row)(row.function, tuple(row.wrap(x) for x in row.args), row.options)
    problem = Problem(row)
    for only in [None, *range(len(problem.leaves))]:
        direction = problem.direction()
        if only is not None:
            direction = [v * (i == only) for i, v in enumerate(direction)]
        adjoint = derivative_along(problem.value, direction)
        tangent = problem.tangent(problem.leaves, direction)
        close(tangent, adjoint(*problem.leaves), 1e-9 if row.tolerance else 1e-11)
        sparse = [None if only not in (None, i) else v for i, v in enumerate(direction)]
        close(problem.tangent(problem.leaves, sparse), tangent, 1e-11)

    def again(*leaves):
        return problem.tangent(leaves, direction)

    # Linear in the direction, so that its gradient there is the cotangent.
    transposed = gradient(lambda *v: problem.tangent(problem.leaves, v), direction)
    for found, bar in zip(transposed, gradient(problem.value, problem.leaves), strict=True):
        np.testing.assert_allclose(found, bar, rtol=1e-8, atol=1e-9)
    turn = problem.direction()
    by_tangent = derivative_along(again, turn)(*problem.leaves)
    close(by_tangent, derivative_along(adjoint, turn)(*problem.leaves), 1e-8)
