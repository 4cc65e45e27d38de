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


def _nested_functions(f, x, n):
    if n <= 0:
        return f(x)
    return _nested_functions(lambda v: f(v) * 2, x, n - 1)


@refused(0.6, 3)
def recursion_with_another_function_each_time(x, n):
    return _nested_functions(np.sin, x, n)


@refused(0.6)
def unrolls_a_very_long_loop(x):
    functions = [np.sin, np.cos]
    for k in range(100000):
        x = functions[k % 2](x)
    return x
