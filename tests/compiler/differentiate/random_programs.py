"""Random IR of all structures: nested branches, loops, writes, lists and stacks.

`random_program(seed)` is a function of a vector of length 5 and two numbers. All values stay
bounded, so that derivatives can be compared at one tolerance.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.compiler.ir.nodes import Function
from sorix.compiler.ir.types import FLOAT, Num
from sorix.support import add_at, list_append, list_set, store
from tests.compiler.differentiate.writing import UNDEFINED, Writer, array, write

NUMBER = Num("float64", (), "any")
VECTOR = array("n")
LENGTH = 5


class Pool:
    """What an expression may use: numbers, vectors, indices below `LENGTH`, lists of numbers."""

    def __init__(self, outer: Pool | None = None) -> None:
        self.numbers: list[Any] = list(outer.numbers) if outer else []
        self.vectors: list[Any] = list(outer.vectors) if outer else []
        self.indices: list[Any] = list(outer.indices) if outer else [0, 1, 2, 3, 4]
        self.lists: list[tuple[Any, int]] = list(outer.lists) if outer else []


class Generator:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.left = self.random.randint(6, 30)

    # ---------------------------------------------------------------------- expressions

    def number(self, pool: Pool) -> Any:
        return self.random.choice(pool.numbers[-8:])

    def vector(self, pool: Pool) -> Any:
        return self.random.choice(pool.vectors[-5:])

    def index(self, pool: Pool) -> Any:
        return self.random.choice(pool.indices)

    def new_number(self, pool: Pool) -> Any:
        a, b, v = self.number(pool), self.number(pool), self.vector(pool)
        forms: list[Callable[[], Any]] = [
            lambda: a * b,
            lambda: np.sin(a) + b,
            lambda: np.tanh(a - 2.0 * b),
            lambda: a / (1.0 + b * b),
            lambda: v[self.index(pool)] * a,
            lambda: v[self.index(pool)],
            lambda: np.sum(v * a),
            lambda: np.sin(v[1:4] @ v[0:3]),
            lambda: np.cos(a),
            lambda: a,
            lambda: 0.5 * a,
        ]
        if pool.lists:
            items, length = self.random.choice(pool.lists)
            forms += [lambda: items[self.random.randrange(length)] * a] * 3
        return np.sin(self.random.choice(forms)())

    def new_vector(self, pool: Pool) -> Any:
        a, v, u = self.number(pool), self.vector(pool), self.vector(pool)
        i, j = self.index(pool), self.index(pool)
        forms: list[Callable[[], Any]] = [
            lambda: v * a,
            lambda: np.tanh(v * u),
            lambda: store(v, i, np.tanh(a)),
            lambda: store(v, i, v[j] * 0.5 + 0.1),
            lambda: store(v, slice(1, 3), np.sin(u[0:2]) * a),
            lambda: add_at(v, j, 0.3 * a),
            lambda: add_at(v, np.array([0, 0, 3]), np.sin(u[1:4])),
            lambda: np.concatenate((v[1:5], u[0:1])),
            lambda: 0.5 * (v + u),
            lambda: v,
            lambda: np.where(v > 0.2, v * u, u),
        ]
        return self.random.choice(forms)()

    # ----------------------------------------------------------------------- statements

    def block(self, w: Writer, pool: Pool, depth: int) -> None:
        for _ in range(self.random.randint(1, 5)):
            self.statement(w, pool, depth)

    def statement(self, w: Writer, pool: Pool, depth: int) -> None:
        self.left -= 1
        simple = [self.assign_number] * 3 + [self.assign_vector] * 2
        nested = [self.branch, self.loop, self.loop, self.repeat, self.listing, self.stacking]
        choices: list[Callable[..., None]] = list(simple)
        if depth < 3 and self.left > 0:
            choices += nested
        self.random.choice(choices)(w, pool, depth)

    def assign_number(self, w: Writer, pool: Pool, depth: int) -> None:
        pool.numbers.append(self.new_number(pool))

    def assign_vector(self, w: Writer, pool: Pool, depth: int) -> None:
        pool.vectors.append(self.new_vector(pool))

    def branch(self, w: Writer, pool: Pool, depth: int) -> None:
        threshold = self.random.uniform(-0.5, 0.5)
        one_sided = self.random.random() < 0.2
        cond = self.number(pool) > threshold

        def side() -> Any:
            inner = Pool(pool)
            self.block(w, inner, depth + 1)
            return inner.numbers[-1], inner.vectors[-1]

        if one_sided:
            u, v = w.branch(cond, side, lambda: (UNDEFINED, UNDEFINED))
            number = w.branch(cond, lambda: np.sin(u * np.sum(v)), lambda: self.number(pool))
            pool.numbers.append(number)
        else:
            number, vector = w.branch(cond, side, side)
            pool.numbers.append(number)
            pool.vectors.append(vector)

    def loop(self, w: Writer, pool: Pool, depth: int) -> None:
        trips = self.random.randint(0, 3)
        start, step = self.random.choice([(0, 1), (1, 1), (4, -1)])
        stop = start + step * trips
        until = self.random.random() < 0.25
        threshold = self.random.uniform(-0.3, 0.8)

        def body(i: Any, a: Any, v: Any, *flag: Any) -> Any:
            inner = Pool(pool)
            inner.numbers.append(a)
            inner.vectors.append(v)
            inner.indices += [i] * 5
            self.block(w, inner, depth + 1)
            left = inner.numbers[-1], inner.vectors[-1]
            return (*left, inner.numbers[-1] > threshold) if until else left

        inits = [self.number(pool), self.vector(pool)]
        options: dict[str, Any] = {"backwards": self.random.random() < 0.3}
        types: list[Any] = [NUMBER, VECTOR]
        if until:
            inits.append(False)
            types.append(None)
            options["until"] = True
        found = w.loop(start, stop, inits, body, step=step, types=types, **options)
        pool.numbers.append(found[0])
        pool.vectors.append(found[1])

    def repeat(self, w: Writer, pool: Pool, depth: int) -> None:
        limit = self.random.randint(0, 3)
        nested_test = self.random.random() < 0.3

        def test(k: Any, a: Any) -> Any:
            r = np.sin(a * 2.0)
            if nested_test:
                r = w.branch(a > 0.1, lambda: np.tanh(r) * a, lambda: r)
            return k < limit, r

        def body(k: Any, a: Any, r: Any) -> Any:
            inner = Pool(pool)
            inner.numbers += [a, r]
            self.block(w, inner, depth + 1)
            return k + 1, inner.numbers[-1] * np.cos(r)

        start = w.branch(self.number(pool) > 0, lambda: 0, lambda: 1)
        _, found = w.repeat([start, np.sin(self.number(pool))], test, body)
        pool.numbers.append(found)

    def listing(self, w: Writer, pool: Pool, depth: int) -> None:
        items = w.define([self.number(pool), self.number(pool)], "items", None)
        count = self.random.randint(1, 3)

        def body(i: Any, items: Any) -> Any:
            inner = Pool(pool)
            inner.numbers.append(items[i])
            inner.indices += [i] * 3
            self.block(w, inner, depth + 1)
            return list_append(items, inner.numbers[-1])

        items = w.loop(0, count, [items], body)
        if self.random.random() < 0.5:
            items = list_set(items, 1, self.new_number(pool))
        pool.lists.append((items, count + 2))

    def stacking(self, w: Writer, pool: Pool, depth: int) -> None:
        stack, count = w.stack(NUMBER), self.random.randint(1, 3)

        def down(i: Any, a: Any) -> Any:
            inner = Pool(pool)
            inner.numbers.append(a)
            self.block(w, inner, depth + 1)
            w.push(stack, inner.numbers[-1])
            return self.new_number(inner)

        def up(i: Any, a: Any) -> Any:
            popped = w.pop(stack)
            inner = Pool(pool)
            inner.numbers += [a, popped]
            self.block(w, inner, depth + 1)
            return np.sin(inner.numbers[-1] * popped)

        middle = w.loop(0, count, [self.number(pool)], down, types=[NUMBER])
        pool.numbers.append(w.loop(0, count, [middle], up, types=[NUMBER]))


def random_program(seed: int) -> Function:
    """A random function of a vector of length 5 and two numbers, with one to three results."""
    generator = Generator(seed)

    def body(w: Writer, x: Any, a: Any, b: Any) -> Any:
        pool = Pool()
        pool.numbers += [a, b]
        pool.vectors.append(x)
        while generator.left > 0:
            generator.statement(w, pool, 0)
        total = np.sum(pool.vectors[-1] * x) + pool.numbers[-1]
        return total, *pool.numbers[-2:-1], pool.vectors[-1]

    return write(body, array("n"), FLOAT, FLOAT, name=f"random_{seed}")


def random_point(seed: int) -> tuple[Any, float, float]:
    rng = np.random.default_rng(seed)
    return rng.uniform(-0.9, 0.9, LENGTH), rng.uniform(-0.9, 0.9), rng.uniform(-0.9, 0.9)
