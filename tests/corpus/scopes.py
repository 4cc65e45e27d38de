"""Scopes: closures, live cells, nonlocal, shadowing, default arguments as state, comprehensions."""

import typing

import numpy as np

from tests.corpus.registry import program


@program(args=(0.6, 1.4), argnums=(0, 1))
def closure_over_argument(x, a):
    def inner(v):
        return a * v**2

    return inner(x) + inner(a)


@program(args=(0.6,))
def closure_sees_later_assignment(x):
    a = 1.0

    def inner(v):
        return a * v

    a = x * 3
    return inner(x)


@program(args=(0.6,))
def nonlocal_accumulator(x):
    total = 0.0

    def add(v):
        nonlocal total
        total += v * x

    add(x)
    add(2.0)
    add(total)
    return total


def _counter(start):
    count = start

    def step(by):
        nonlocal count
        count = count + by
        return count

    return step


@program(args=(0.6,))
def factory_of_closures(x):
    a, b = _counter(x), _counter(1.0)
    a(x)
    b(x)
    return a(1.0) * b(2.0)


@program(args=(0.6,))
def shadowed_names(x):
    y = x * 2

    def inner(x):
        y = x**2
        return y

    return y + inner(y) + sum(y * x for y in [x, 2.0])


@program(args=(0.6,))
def lambdas_in_a_list(x):
    fs = [lambda v, k=k: v**k for k in range(1, 4)]
    return sum(f(x) for f in fs)


@program(args=(0.6,))
def late_binding_in_a_loop(x):
    fs = []
    for k in range(3):
        fs.append(lambda v: v * k)
    return fs[0](x) + fs[1](x) ** 2


@program(args=(0.6,))
def comprehension_scope(x):
    k = 10.0
    values = [k * x for k in (1.0, 2.0, 3.0)]
    return sum(values) * k


def _outer(weight):
    def middle(bias):
        def inner(v):
            return np.tanh(weight * v + bias)

        return inner

    return middle


@program(args=(0.6, 0.9, -0.2), argnums=(0, 1, 2))
def three_levels(x, w, b):
    return _outer(w)(b)(x) * _outer(b)(w)(x)


_POLYNOMIAL = _outer(0.5)(0.25)


@program(args=(np.array([0.6, -0.1]),))
def closure_made_at_import(x):
    return np.sum(_POLYNOMIAL(x) * x)


@program(args=(0.6,))
def recursive_closure(x):
    def horner(coefficients, k):
        if k == len(coefficients):
            return 0.0
        return coefficients[k] + x * horner(coefficients, k + 1)

    return horner([1.0, -2.0, 0.5, 3.0], 0)


@program(args=(np.array([0.6, 0.2]),))
def closure_writes_into_array(x):
    buffer = np.zeros(2)

    def put(i, v):
        buffer[i] = v * x[i]

    put(0, 3.0)
    put(1, x[0])
    put(1, buffer[1] * 2)
    return np.sum(buffer**2)


@program(args=(0.6,))
def name_changes_type(x):
    value = 3
    value = value * x
    value = [value, x]
    value = value[0] * value[1]
    return value


@program(args=(0.6, 0.1), argnums=(0, 1))
def parameters_are_reassigned(x, y):
    x = x + y
    y = x * y
    x, y = y, x
    x += y
    return x * y


@program(args=(0.6,))
def del_a_name(x):
    y = x**2
    z = y
    del y
    y = z * x
    return y


@program(args=(0.6,))
def annotated_assignment(x: float) -> float:
    y: float = x * x
    n: int = 3
    z: float
    z = y * n
    return z


@program(args=(0.6,))
def multiple_targets(x):
    a = b = c = x * 2
    a += 1
    return a * b - c**2


@program(args=(np.array([1.0, 2.0, 3.0, 4.0]),))
def starred_unpacking(x):
    first, *middle, last = x
    return first * last + middle[0] ** 2 * middle[1]


@program(args=((0.5, (1.5, 2.5)),))
def nested_unpacking(pair):
    a, (b, c) = pair
    [d, e] = [a * b, c]
    return d * e


@program(args=(0.6,))
def walrus_in_comprehension(x):
    return sum(y * y for k in range(3) if (y := k * x) > 0.1)


@program(args=(0.7, 0.3), argnums=(0, 1))
def condition_that_changes_a_variable(x, y):
    held = x * 2

    def bump(q):
        nonlocal held
        held = held * 0.5 + q
        return held * 0.3

    one = held if 0.4 < y < 1.3 and bump(held) > 0.41 else x
    two = held if 0.1 < y < 1.3 and bump(held) > 0.41 else x
    three = y > 0.1 or bump(y) > 0.1
    return one + 0.98 * held * two + float(three)


@program(args=(0.6,))
def names_assigned_in_defaults(x):
    f = lambda y=(q := x * x): y + 1.0  # noqa: E731

    def g(z, *, w=(r := q + x)):
        return z * w

    return f() * q + g(r)
class _Pair(typing.NamedTuple):
    value: float
    weight: float


class _Base:
    def scaled(self, x):
        return x * 2


class _Derived(_Base):
    def scaled(self, x):
        return super(_Derived, self).scaled(x) ** 2


@program(args=(0.7,))
def super_with_its_arguments(x):
    return _Derived().scaled(x)


@program(args=(0.7,))
def class_that_a_number_of_either_kind_has_not(x):
    chosen = 1 if x > 0.5 else x
    if isinstance(chosen, (_Base, list)):
        return x * 10
    return x**2 * chosen if isinstance(chosen, (int, float)) else x


@program(args=(0.7,))
def rows_told_apart_by_identity(x):
    rows = [_Pair(x, 1.0), _Pair(x**2, 2.0), _Pair(x**3, 3.0)]
    return sum(a.value * b.weight for a in rows for b in rows if a is not b)


@program(args=(np.array([0.7, 1.2]),))
def numbers_and_functions_imported_inside(x):
    import math as m
    from math import pi, sin
    from numpy import e
    from numpy.linalg import norm as length

    return sin(x[0]) * pi + length(x) * e + m.tau * x[1] ** 2
