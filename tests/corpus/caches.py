"""Functions that remember what they returned: ``functools.cache`` and ``lru_cache``."""

from __future__ import annotations

import functools
import logging

import numpy as np

from sorix.errors import AliasingError, UnsupportedCallError
from tests.corpus.registry import program


@functools.lru_cache
def nodes(count):
    return np.linspace(-1.0, 1.0, count)


@functools.cache
def weight(count):
    logging.getLogger(__name__).debug("the weight of %d", count)
    return count * 0.5 + 1.0


class SimpleBar:
    def __init__(self, modulus, area):
        self.modulus = modulus
        self.area = area


@program(args=(0.7,))
def cached_calls_are_made_once(x):
    calls = []

    @functools.cache
    def scaled(n, m=2):
        calls.append((n, m))
        return n * m * x

    total = scaled(1) + scaled(1) + scaled(2) + scaled(1, 2) + scaled(n=1) + scaled(1, m=2)
    return total * len(calls)


@program(args=(0.7,))
def cached_polynomials(x):
    made = [0]

    @functools.lru_cache(maxsize=None)
    def chebyshev(n):
        made[0] += 1
        if n == 0:
            return 1.0
        if n == 1:
            return x
        return 2 * x * chebyshev(n - 1) - chebyshev(n - 2)

    return chebyshev(6) + made[0] * x


@program(args=(0.7,))
def cached_list_is_one_list(x):
    @functools.cache
    def basis(n):
        return [x * k for k in range(n)]

    first = basis(3)
    first[0] = 5.0 * x
    return sum(basis(3)) + (x if basis(3) is first else 2.0)


@program(args=(0.7,))
def cached_buffers(x):
    @functools.cache
    def buffer(n):
        return np.zeros(n)

    buffer(2)[0] = x
    buffer(2)[1] += x * x
    return np.sum(buffer(2)) + np.sum(buffer(3))


@program(args=(0.7,))
def cached_value_is_of_an_earlier_state(x):
    stiffness = [x]

    @functools.cache
    def force(n):
        return n * stiffness[0]

    before = force(2)
    stiffness[0] = x * x
    return before * force(2) * force(3)


@program(args=(0.7,))
def cache_of_one_result(x):
    calls = []

    @functools.lru_cache(maxsize=1)
    def scaled(n):
        calls.append(n)
        return n * x

    return (scaled(1) + scaled(2) + scaled(1) + scaled(1)) * len(calls)


@program(args=(0.7,))
def cache_that_tells_kinds_apart(x):
    calls = []

    @functools.lru_cache(typed=True)
    def scaled(n):
        calls.append(n)
        return n * x

    return (scaled(1) + scaled(1.0) + scaled(True) + scaled(1)) * len(calls)


@program(args=(0.7,))
def cache_that_is_cleared(x):
    calls = []

    @functools.cache
    def scaled(n):
        calls.append(n)
        return n * x

    total = scaled(1) + scaled(1)
    scaled.cache_clear()
    return (total + scaled(1) + scaled.__wrapped__(1)) * len(calls)


@program(args=(0.7,))
def cached_method_of_a_local_class(x):
    class Grid:
        def __init__(self, spacing):
            self.spacing = spacing
            self.calls = 0

        @functools.lru_cache(maxsize=None)
        def node(self, k):
            self.calls += 1
            return k * self.spacing

    coarse, fine = Grid(x), Grid(x * x)
    total = coarse.node(3) + coarse.node(3) * fine.node(3)
    return total * coarse.calls * fine.calls


@program(args=(0.7,))
def cached_where_the_loop_is_written_out(x):
    calls = []

    @functools.cache
    def scaled(n):
        calls.append(n)
        return n * x

    total = 0.0
    for k in range(6):
        total += scaled(k % 2)
    return total * len(calls)


@program(args=(0.7,))
def cached_arguments_of_the_run(x):
    @functools.cache
    def squared(y):
        return y * y

    total, k = 0.0, 0
    while total < 5:
        k += 1
        total += squared(x * k) + squared(k)
    return total


@program(args=(0.7,))
def cached_function_that_may_raise(x):
    @functools.cache
    def root(y):
        if y > 2:
            raise ValueError("large")
        return y * y

    try:
        found = root(x) + root(x * 5)
    except ValueError:
        found = root(x) * 3
    return found


@program(args=(0.7,))
def cached_nodes_of_the_caller(x):
    return np.sum(np.sin(x * nodes(5)) * nodes(5))


@program(args=(0.7, 3))
def cached_by_an_integer_argument(x, n):
    calls = []

    @functools.cache
    def scaled(m):
        calls.append(m)
        return m * x

    return (scaled(n) + scaled(n) + scaled(n + 1)) * len(calls)


@program(args=(0.7,))
def cached_function_refuses_a_list(x):
    @functools.cache
    def total(items):
        return items[0] * x

    try:
        return total([1, 2])
    except TypeError:
        return x * 7


@program(args=(0.7,), refused=UnsupportedCallError)
def cached_function_that_counts_by_data(x):
    calls = []

    @functools.cache
    def squared(y):
        calls.append(y)
        return y * y

    return (squared(x) + squared(2 * x - 0.7)) * len(calls)


@program(args=(0.7,), refused=UnsupportedCallError)
def cached_function_that_sees_a_change(x):
    scale = [x]

    @functools.cache
    def scaled(y):
        return y * scale[0]

    first = scaled(x)
    scale[0] = 2.0
    return first + scaled(x * x)


@program(args=(0.7,), refused=UnsupportedCallError)
def cached_function_of_the_caller_that_counts(x):
    return x * weight(2)


@functools.cache
def stiffness_of(bar):
    return bar.modulus * bar.area


@program(args=(0.7,))
def cached_function_of_an_object(x):
    bar = SimpleBar(x, 2.0)
    return stiffness_of(bar) * stiffness_of(bar)


@program(args=(0.7,), refused=UnsupportedCallError)
def cached_function_of_an_object_that_changes(x):
    bar = SimpleBar(x, 2.0)
    before = stiffness_of(bar)
    bar.area = 3.0
    return before * stiffness_of(bar)


@program(args=(0.7,), refused=AliasingError)
def writes_into_cached_nodes(x):
    found = nodes(4)
    found[0] = x
    return np.sum(found)


@program(args=(0.7,), refused=UnsupportedCallError)
def cached_recursion_that_prints_at_depths_of_the_run(x):
    @functools.cache
    def power(n):
        print("power", n)
        if n <= 0:
            return x
        return power(n - 1) * x

    return power(1 if x > 2 else 2) * power(2)
