"""Generators consumed by loops, sums and lists; generator expressions; iterators of classes."""

import itertools

import numpy as np

from tests.corpus.registry import program


def _powers(x, n):
    p = 1.0
    for _ in range(n):
        yield p
        p = p * x


@program(args=(0.6,))
def loop_over_a_generator(x):
    total = 0.0
    for p in _powers(x, 5):
        total = total * 0.5 + p**2
    return total


@program(args=(0.6,))
def sum_of_a_generator(x):
    return sum(_powers(x, 4)) * sum(p * p for p in _powers(x, 3))


@program(args=(np.array([0.6, 0.1, 0.3]),))
def generator_expression(x):
    return sum(v**2 for v in x) + max(v for v in x) * min(v * 2 for v in x)


@program(args=(np.array([0.6, 0.1, 0.3]),))
def generator_expression_with_condition(x):
    return sum(v**2 for v in x if v > 0.2)


@program(args=(0.6,))
def list_of_a_generator(x):
    values = list(_powers(x, 4))
    return values[1] * values[3] + len(values)


def _chunks(x, size):
    for i in range(0, len(x), size):
        yield x[i : i + size]


@program(args=(np.array([0.6, 0.1, 0.3, 0.9]),))
def generator_of_slices(x):
    total = 1.0
    for part in _chunks(x, 2):
        total *= np.sum(part**2)
    return total


def _until(x, limit):
    while True:
        if x > limit:
            return
        yield x
        x = x * 1.7


@program(args=(0.6,))
def endless_generator_that_returns(x):
    total = 0.0
    for v in _until(x, 4.0):
        total += v**2
    return total


@program(args=(0.6,))
def break_out_of_a_generator(x):
    total = 0.0
    for k, v in enumerate(_powers(x, 10)):
        if k == 3:
            break
        total += v
    return total


def _walk(tree):
    if isinstance(tree, tuple):
        for branch in tree:
            yield from _walk(branch)
    else:
        yield tree


@program(args=(((0.5, 1.5), (0.2, (0.7, 0.1))),))
def recursive_generator(tree):
    total = 0.0
    for leaf in _walk(tree):
        total = total * leaf + leaf
    return total


@program(args=(np.array([0.6, 0.1, 0.3]),))
def itertools_product_and_combinations(x):
    total = 0.0
    for i, j in itertools.combinations(range(3), 2):
        total += x[i] * x[j]
    for i, j in itertools.product(range(2), range(3)):
        total += x[i] * x[j] ** 2 * (i + j)
    return total


@program(args=(np.array([0.6, 0.1, 0.3]),))
def itertools_chain_and_pairwise(x):
    total = 0.0
    for v in itertools.chain([x[0], x[1]], (x[2],)):
        total = total * v + v
    for a, b in itertools.pairwise([x[0], x[1], x[2]]):
        total += a * b
    return total


class Countdown:
    def __init__(self, start):
        self.start = start

    def __iter__(self):
        k = self.start
        while k > 0:
            yield k
            k -= 1


@program(args=(0.6,))
def iterator_of_a_class(x):
    return sum(x**k for k in Countdown(4))


@program(args=(np.array([0.6, 0.1, 0.3]),))
def next_of_an_iterator(x):
    it = iter([x[0], x[1], x[2]])
    first = next(it)
    return first * next(it) + next(it)


@program(args=(np.array([0.6, 0.1, 0.3]),))
def any_and_all_of_generators(x):
    if any(v < 0.2 for v in x) and all(v > 0 for v in x):
        return np.sum(x**3)
    return np.sum(x)


@program(args=(np.array([0.6, 0.1, 0.3]), np.arange(1.0, 28.0).reshape(3, 3, 3) / 9))
def generator_over_an_array_unpacked(x, weights):
    q, k, v = (x @ w for w in weights)
    return np.sum(q * k) * np.sin(np.sum(v))


@program(args=(np.array([0.6, -0.1, 0.3]),))
def generator_of_as_many_as_the_data_say_unpacked(x):
    a, b = (v * v for v in x if v > 0)
    try:
        c, d = filter(lambda v: v < 1, x)
    except ValueError:
        c, d = a, b
    return a * np.sin(b) + c * d**2


class _Doubled:
    def __init__(self, x):
        self.x = x
        self.walks = 0

    def __iter__(self):
        self.walks += 1
        for v in self.x:
            yield 2 * v


@program(args=(np.array([0.6, -0.1, 0.3]),))
def object_that_yields_unpacked(x):
    doubled = _Doubled(x)
    a, b, c = doubled
    return a * np.sin(b) * c * doubled.walks


@program(args=(np.array([0.5, 1.5, 0.2, 0.9]),))
def stop_iteration_that_leaves_a_generator(x):
    def small(v):
        if v > 1:
            raise StopIteration
        return v

    def each():
        try:
            for v in x:
                yield small(v)
        except RuntimeError:
            yield 100.0

    def handled():
        try:
            small(x[1])
        except StopIteration:
            yield x[2]

    total = 0.0
    try:
        for v in each():
            total += v
    except RuntimeError as error:
        total += x[3] * len(str(error))
    try:
        for v in handled():
            total += v
            small(2.0)
    except StopIteration:
        total *= 3
    try:
        total += sum(small(v) for v in x)
    except (StopIteration, RuntimeError) as error:
        total *= 2 + isinstance(error, StopIteration)
    return total
