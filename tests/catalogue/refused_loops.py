"""What loops run over, iterators and generators."""

from unittest import mock
import sorix.func
from sorix.compiler.frontend import iterables
import itertools

import numpy as np

from tests.catalogue.registry import refused, situation

X = np.array([0.6, 0.2, 0.9])


@refused(0.6)
def loops_over_a_number(x):
    total = 0.0
    for v in x:
        total += v
    return total


@refused(0.6)
def loops_over_a_function(x):
    total = 0.0
    for v in np.sin:
        total += v
    return total


class _Bag:
    def __init__(self, x):
        self.x = x


@refused(0.6)
def loops_over_an_object(x):
    total = 0.0
    for v in _Bag(x):
        total += v
    return total


@refused(0.6)
def step_of_zero(x):
    for _ in range(0, 3, 0):
        x = x * 2
    return x


@refused(0.6)
def loop_without_an_end(x):
    total, numbers = 0.0, itertools.count()
    for k in numbers:
        total += x**k
        if total > 1.5:
            break
    return total


@refused(X)
def reverses_an_iterator(x):
    total = 0.0
    for v in reversed(v**2 for v in x):
        total = total * 0.5 + v
    return total


@refused(0.6)
def next_of_a_list(x):
    return next([x])


class _Count:
    def __init__(self, x):
        self.x = x

    def __iter__(self):
        return self

    def __next__(self):
        self.x = self.x * 0.5
        return self.x


@refused(0.6)
def next_of_an_object_with_default(x):
    return next(_Count(x), 0.0)


@refused(0.6)
def any_of_a_number(x):
    return x if any(x) else 2 * x


def _powers(x, n):
    p = x
    for _ in range(n):
        yield p
        p = p * x


@refused(0.6, 3)
def two_generators_side_by_side(x, n):
    total = 0.0
    for a, b in zip(_powers(x, n), _powers(x * 2, n)):
        total += a * b
    return total


@refused(0.6, 3)
def generator_beside_an_iterator(x, n):
    total = 0.0
    for a, b in zip(_powers(x, n), filter(lambda k: k > 1, range(5))):
        total += a * b
    return total


@refused(X)
def iterator_walked_in_an_inner_loop(x):
    values = iter(x)
    total = 0.0
    for _ in range(2):
        for v in values:
            total += v
    return total


@refused(X)
def strict_zip_of_arrays(x):
    y = x[x > 0.3]
    total = 0.0
    for a, b in zip(x, y, strict=True):
        total += a * b
    return total


@refused(0.6)
def strict_zip_of_lists(x):
    total = 0.0
    for a, b in zip([x, x], [1.0], strict=True):
        total += a * b
    return total


@refused(X)
def objects_beside_an_unknown_length(x):
    total = 0.0
    for v, name in zip(x[x > 0.3], ["a", "bc", "def"]):
        total += v * len(name)
    return total


@refused(0.6)
def combinations_without_number(x):
    total = 0.0
    for a, b in itertools.combinations(range(202), 2):
        total += x * (a - b)
    return total


@refused(X)
def dict_of_an_unknown_number(x):
    d = dict((k, v) for k, v in enumerate(x) if v > 0.3)
    return d[0]


@situation
def while_that_is_unrolled_very_often():
    def total(x):
        functions = []
        while len(functions) < 100:
            functions.append(np.sin)
        return functions[-1](x)

    with mock.patch.object(iterables, "UNROLL_LIMIT", 50):
        sorix.func.grad(total, fallback="error")(0.5)


@refused(X)
def exception_with_values_leaves_a_loop(x):
    try:
        while x[0] < 100.0:
            x = x * 1.5
            if x[0] > 2.8:
                raise ValueError(x)
    except ValueError as error:
        return np.sum(error.args[0])
    return x[0]


@refused(X)
def generator_beside_what_next_takes_from(x):
    return sum(a * b for a, b in zip((v for v in x), iter(x)))


@refused(np.array(0.6))
def any_of_an_array_without_axes(x):
    return x if any(x) else 2 * x


@refused(0.6)
def values_that_move_up_a_long_line(x):
    a = b = c = d = e = f = g = h = i = j = k = l = m = n = 0  # noqa: E741
    while a < 10.0:
        a, b, c, d, e, f, g = a + x, a, b, c, d, e, f
        h, i, j, k, l, m, n = g, h, i, j, k, l, m  # noqa: E741
    return n + a


@refused(0.6)
def lambda_that_yields(x):
    return (lambda: (yield from [x]))()


@refused(np.linspace(0.4, 1.5, 6))
def arrays_beside_rows_of_the_run(x):
    kept = [x[:3].copy(), x[3:] + 0.1]
    rows = []
    while x[0] + len(rows) < 3.0:
        rows.append(x * (1 + len(rows)))
    while kept[0][0] < 5.0:
        for row, other in zip(kept, rows):
            row[:] = row + np.sum(other)
    return kept[0][0]


@refused(1.5, None)
def as_often_as_none(x, n):
    for _ in range(n):
        x = x * x
    return x


@refused(1.5, None)
def parts_of_none(x, pair):
    a, b = pair
    return x * a + b


@refused(1.5, None)
def none_after_a_star(x, items):
    return sum([x, *items])


@refused(np.ones(3))
def loop_that_only_an_operation_ends(x):
    left = list(x)
    while True:
        left.pop()


@refused(np.ones((3, 2)))
def rows_put_in_order(x):
    return sorted(x)[0][0]


@refused(np.ones(3))
def range_of_a_float(x):
    total = x[0]
    for k in range(2.0):
        total += x[k]
    return total


@refused(np.ones(3))
def numbers_and_texts_put_in_order(x):
    return x[0] * sorted([1, "a"])[0]


@refused(np.ones(3))
def dtype_that_numpy_has_not(x):
    return x.astype("zzz")[0]
