"""Random chains of calls: what is claimed of a value stays true of what is made from it."""

from __future__ import annotations

import operator
import random

import numpy as np
import pytest

from sorix.compiler.ir.infer import infer, needs_unbroadcast
from sorix.compiler.ir.nodes import Tup, Var
from sorix.compiler.ir.types import Num
from sorix.errors import ShapeError
from tests.compiler.ir.describing import array, assert_describes, assignments, to_atom, to_value

STARTS = ("n", "n, m", "_p", "3, n", "1, m", "n-1", "n-2, m", "_p, n", "_±k", "_±k-1, n")
SIZES = assignments({"_p", "_±k"})
BINARY = (operator.mul, operator.matmul, np.outer)


class Chain:
    """Values of one program, at one choice of sizes each, beside their one inferred type."""

    def __init__(self, rng):
        self.rng = rng
        self.vars = []
        self.values = []
        for text in rng.sample(STARTS, 4):
            argument = array(text)
            self.vars.append(Var("x", argument.type))
            self.values.append([to_value(argument, sizes) for sizes in SIZES])

    def step(self):
        fn, picks, options = self.choose()
        atoms, rows = self.arguments(picks)
        try:
            inferred = infer(fn, atoms, {k: to_atom(v) for k, v in options.items()})
        except ShapeError:
            assert all(self.run(fn, row, options) is None for row in rows)
            return
        results = [self.run(fn, row, options) for row in rows]
        self.check(fn, inferred, results, atoms, rows)
        if isinstance(inferred, Num) and any(r is not None for r in results):
            self.vars.append(Var("x", inferred))
            self.values.append(results)

    def choose(self):
        rng = self.rng
        axis = rng.choice((0, 0, 1, -1))
        a, b = (rng.randrange(len(self.vars)) for _ in range(2))
        ends = [rng.choice((None, 0, 1, 2, 3, -1, -2, -3)) for _ in range(2)]
        piece = slice(*ends, rng.choice((None, None, 1, 2, -1)))
        index = rng.choice((piece, piece, (piece, piece), (slice(None), piece), None, 0))
        return rng.choice(
            (
                (operator.mul, (a, b), {}),
                (operator.mul, (a, b), {}),
                (operator.getitem, (a, Fixed(index)), {}),
                (operator.getitem, (a, Fixed(index)), {}),
                (np.concatenate, ([a, b],), {"axis": axis}),
                (np.stack, ([a, b],), {"axis": axis}),
                (operator.matmul, (a, b), {}),
                (np.ravel, (a,), {}),
                (np.reshape, (a, Fixed(rng.choice((-1, (-1, 2), (3, -1), (1, -1))))), {}),
                (np.transpose, (a,), {}),
                (np.sum, (a,), {"axis": axis, "keepdims": rng.random() < 0.5}),
                (np.diff, (a,), {"axis": axis}),
                (np.pad, (a, Fixed(rng.choice((0, 1, 3)))), {}),
                (np.outer, (a, b), {}),
                (np.tile, (a, Fixed(2)), {}),
            )
        )

    def arguments(self, picks):
        atoms, columns = [], []
        for pick in picks:
            if isinstance(pick, Fixed):
                atoms.append(to_atom(pick.value))
                columns.append([pick.value] * len(SIZES))
            elif isinstance(pick, list):
                atoms.append(Tup(tuple(self.vars[i] for i in pick), is_list=True))
                columns.append(list(map(list, zip(*(self.values[i] for i in pick)))))
            else:
                atoms.append(self.vars[pick])
                columns.append(self.values[pick])
        return tuple(atoms), list(zip(*columns))

    def run(self, fn, row, options):
        """The result; None where there is none, or where it is not worth going on with."""
        first = row[0] if isinstance(row[0], list) else row[: 2 if fn in BINARY else 1]
        if any(value is None for value in first):
            return None
        try:
            result = fn(*row, **options)
        except (ValueError, IndexError, TypeError):
            return None
        return result if np.size(result) < 5000 else None

    def check(self, fn, inferred, results, atoms, rows):
        for sizes, result, row in zip(SIZES, results, rows):
            if result is None:
                continue
            assert_describes(inferred, result, sizes, {})
            if fn is operator.mul:
                for atom, value in zip(atoms, row):
                    stretched = np.shape(value) != np.shape(result)
                    assert needs_unbroadcast(inferred, atom.type) or not stretched


class Fixed:
    def __init__(self, value):
        self.value = value


@pytest.mark.parametrize("seed", range(60))
def test_types_of_random_chains_describe_their_values(seed):
    chain = Chain(random.Random(seed))
    for _ in range(40):
        chain.step()
    assert len(chain.vars) > 8
