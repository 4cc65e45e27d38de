"""Calls: of what cannot be read, with the wrong arguments, of built-in functions."""

import copy
import io
import math
import operator
import random


import numpy as np

import sorix
import sorix.func
from tests.catalogue.registry import refused

X = np.array([0.6, 0.2, 0.9])


@refused(0.6)
def too_many_arguments(x):
    def scaled(v):
        return v * 2

    return scaled(x, 2.0)


@refused(0.6)
def unknown_keyword(x):
    def scaled(v):
        return v * 2

    return scaled(x, factor=2.0)


@refused(0.6)
def missing_argument(x):
    def scaled(v, factor):
        return v * factor

    return scaled(x)


@refused(X)
def function_without_a_rule(x):
    return np.sum(np.i0(x))


@refused(0.6)
def evaluates_text(x):
    return eval("x * 2", {"x": x})


@refused(0.6)
def calls_a_module(x):
    return math(x)


_power = np.vectorize(lambda v, n: v**n, excluded=["n"])


@refused(X)
def vectorized_with_excluded_arguments(x):
    return np.sum(_power(x, n=2))


@refused(X)
def outer_of_two_results(x):
    return np.sum(np.divmod.outer(x, x)[1])


@refused(0.6)
def hash_of_a_number(x):
    return x * (1 + hash(x) % 1)


@refused(0.6)
def id_of_a_number(x):
    return x * (1 + id(x) % 1)


@refused(0.6)
def dtype_computed_from_data(x):
    kinds = [np.float64, np.float32]
    return np.sum(np.ones(2, dtype=kinds[int(x)]) * x)


@refused(0.6)
def out_that_is_no_array(x):
    return np.sin(x, out=3.0)


@refused(X)
def array_method_without_a_rule(x):
    return np.sum(x.byteswap())


@refused(0.6)
def method_of_a_number(x):
    return x.hex().count('p') * x


@refused(0.6)
def operator_not(x):
    return x * operator.truth(x)


@refused(0.6)
def distance_of_unlike_points(x):
    return math.dist((x, 1.0), (2.0,))


@refused(X)
def deepcopy_of_views_of_one_array(x):
    rows = copy.deepcopy([x[1:], x[:1]])
    return np.sum(rows[0])


class _Copies:
    def __init__(self, x):
        self.x = x

    def __copy__(self):
        return _Copies(self.x)


@refused(0.6)
def copy_by_a_method(x):
    return copy.copy(_Copies(x)).x


@refused(0.6)
def copy_of_a_generator(x):
    return sum(copy.copy(v for v in (x, 2.0)))


@refused(0.6)
def class_of_a_generator(x):
    g = (v for v in (x, 2.0))
    return sum(g) if isinstance(g, list) else x


@refused(X)
def directive_of_r(x):
    return np.sum(np.r_["0,2", x, x])


@refused(0.6)
def inner_derivative_by_keyword(x):
    return sorix.func.grad(lambda v: v**3)(v=x)


@refused(0.6)
def returns_text(x):
    return lambda: x


@refused(0.6)
def returns_a_generator(x):
    return (v for v in (x, 2.0))


@refused(X)
def returns_two_numbers(x):
    return x[0], x[1]


@refused(np.array([1, 2]))
def integers(n):
    return np.sum(n * 2.0)


@refused(np.array([1.0 + 2j]))
def complex_array(z):
    return np.sum(np.abs(z))


@refused(0.5 + 1j)
def complex_number(z):
    return abs(z)


@refused(np.array([0.5, 1.0], dtype=object))
def object_array(a):
    return a[0] * a[1]


class _Reader:
    __slots__ = ()

    def read(self, x):
        return x


@refused(0.6, io.StringIO())
def method_of_a_foreign_object(x, sink):
    return x * sink.write(np.array([1.0, x]))


@refused(0.6, np.random.default_rng(0))
def bytes_of_a_generator(x, rng):
    return x * len(rng.bytes(2))


@refused(0.6, np.random.default_rng(0))
def draw_with_too_many_arguments(x, rng):
    return x * rng.normal(0.0, 1.0, 2, 3)


@refused(X, np.random.default_rng(0))
def choice_along_an_axis(x, rng):
    return np.sum(rng.choice(x.reshape(1, 3), 2, axis=1))


@refused(X, np.random.default_rng(0))
def shuffles_a_list_of_arrays(x, rng):
    rows = [x[:2], x[1:]]
    rng.shuffle(rows)
    return np.sum(rows[0])


@refused(0.6, random.Random(0))
def sample_of_the_standard_library(x, rng):
    return x * rng.sample([1.0, 2.0], 1)[0]


@refused(0.6, random.Random(0))
def standard_draw_with_too_many_arguments(x, rng):
    return x * rng.gauss(0.0, 1.0, 2.0)


@refused(0.6, 3)
def argument_that_is_called(x, f):
    return f(x)


@refused(0.6)
def calls_what_has_no_public_name(x):
    return np.emath.sqrt(4.0) * x


@refused(X)
def limits_of_an_unknown_dtype(x):
    a = x * 1
    if x[0] > 5.0:
        a = np.arange(3)
    return np.finfo(np.atleast_1d(a)).eps * np.sum(x)


@refused(np.ones((2, 3)) * 0.5)
def elements_in_the_order_of_memory(a):
    total = 0.0
    for v in np.nditer(a.T):
        total = 0.5 * total + v
    return total


@refused(X)
def iterator_that_writes(x):
    for v in np.nditer(x, op_flags=["readwrite"]):
        v[...] = 2 * v
    return np.sum(x)


@refused(X)
def windows_by_strides(x):
    return np.sum(np.lib.stride_tricks.as_strided(x, (2, 2), (8, 8)))


@refused(X)
def strides_of_an_array(x):
    return np.sum(x) * x.strides[0]


@refused(X)
def whether_an_array_owns_its_memory(x):
    return np.sum(x) if x.base is None else np.sum(x.copy())


@refused(X)
def order_of_a_norm_from_data(x):
    return np.linalg.norm(x, 1.0 + x[0])


@refused(X)
def integers_between_floats(x):
    return np.sum(np.arange(0.0, 3.0 + x[0], 0.5, dtype=int)) * x[0]


@refused(X, "float64")
def identity_of_a_text(x, mode):
    return np.sum(x) if mode is x.dtype.name else x[0]


@refused(X)
def attribute_of_a_method(x):
    return np.sum(x) * len(x.sum.__name__)


@refused(X)
def bytes_of_an_unknown_dtype(x):
    a = x * 1
    if x[0] > 0.5:
        a = np.arange(3)
    return np.sum(x) * np.atleast_1d(a).itemsize


@refused(np.ones((2, 3)) * 0.5)
def quantiles_that_have_no_definition(a):
    return np.sum(np.quantile(a, 0.3, axis=1, method="closest_observation"))


@refused(0.7)
def joins_tuples_in_place(x):
    return x * len(operator.iconcat((1.0, 2.0), (3.0,)))


_special = np.frompyfunc(lambda v: v * v, 1, 1)


@refused(0.7)
def ufunc_that_is_not_numpys(x):
    return x * _special(x)


@refused(X)
def outer_in_single_precision(x):
    return np.sum(np.multiply.outer(x, x, dtype=np.float32))


@refused(0.6)
def chosen_in_a_try_among_functions_of_different_kinds(x):
    try:
        return [lambda u: u * 3, lambda u, k=x: u * k][int(x > 0.5)](x)
    except TypeError:
        return x
