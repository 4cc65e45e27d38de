"""Functions that call themselves, and limits of what is written out."""

import itertools

import numpy as np

import sorix
from tests.catalogue.registry import refused

X = np.array([0.6, 0.2, 0.9])


def _endless(x):
    return _endless(x) * 0.5


@refused(0.6)
def calls_itself_without_end(x):
    return _endless(x)


def _nested_functions(f, x):
    if x > 10.0:
        return f(x)
    return _nested_functions(lambda v: f(v) * 2, x * 2)


@refused(0.6)
def recursion_with_another_function_each_time(x):
    return _nested_functions(np.sin, x)


@refused(0.6)
def unrolls_a_very_long_loop(x):
    functions = [np.sin, np.cos]
    for k in range(100000):
        x = functions[k % 2](x)
    return x


def _of_a_generator(numbers, x):
    if x > 10.0:
        return x + sum(numbers)
    return _of_a_generator(numbers, x * 2.0)


@refused(0.6)
def recursion_that_is_given_a_generator(x):
    return _of_a_generator((v for v in (1.0, 2.0)), x)


def _bounded(x, mode):
    if mode == "strict":
        raise ValueError("too large")
    return x if x > 10.0 else _bounded(x * 2.0, mode)


@refused(0.6)
def recursion_that_only_raises(x):
    y = _bounded(x, "lax")
    return _bounded(y, "strict") if y > 100.0 else y


def _labelled(x, label):
    if x > 10.0:
        return x
    return _labelled(x * 2.0, f"{x:.1f}")


@refused(0.6)
def recursion_given_a_number_or_a_text(x):
    return _labelled(x, x)


def _doublings(x):
    if x > 10.0:
        return {"last": x}
    found = _doublings(x * 2.0)
    found["before"] = x
    return found


@refused(0.6)
def recursion_that_returns_a_growing_dict(x):
    return _doublings(x)["last"]


def _delayed(x, a, b, c, d, e, f, g, h, i, j, k, l, m, n):  # noqa: E741
    if x > 10.0:
        return n + x
    return _delayed(x * 2.0, x, a, b, c, d, e, f, g, h, i, j, k, l, m)


@refused(0.6)
def recursion_with_a_long_delay(x):
    return _delayed(x, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


@refused(X)
def recursion_that_writes_outside(x):
    y = x.copy()

    def doubled(v):
        y[0] = v
        return v if v > 10.0 else doubled(v * 2.0)

    return doubled(x[0]) + y[0]


@refused(0.6, tuple(range(220)))
def chooses_by_very_many_numbers(x, choices):
    functions = [np.sin, np.cos]
    for k in range(220):
        x = functions[choices[k] % 2](x)
    return x
