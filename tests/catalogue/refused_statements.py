"""Context managers, exceptions and structures that differ from path to path."""

import itertools
import warnings

import numpy as np

import sorix
from tests.catalogue.registry import refused

X = np.array([0.6, 0.2, 0.9])


@refused(0.6)
def keeps_the_warnings(x):
    with warnings.catch_warnings(record=True) as caught:
        y = x**2
    return y * (1 + len(caught))


@refused(0.6)
def makes_warnings_errors(x):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return x**2


@refused(0.6)
def enters_a_file(x):
    with open("/dev/null") as file:
        return x * len(file.read() + "ab")


@refused(0.6)
def raises_from_a_text(x):
    if x < 0:
        raise ValueError("negative") from "sqrt"
    return x**2


@refused(0.6)
def raises_with_one_argument_or_none(x):
    error = ValueError()
    if x > 0.5:
        error = ValueError("large")
    if x > 0.4:
        raise error
    return x**2


@refused(0.6)
def raises_an_exception_of_its_own(x):
    class Negative(Exception):
        pass

    if x < 0:
        raise Negative("x")
    return x**2


@refused(0.6)
def adds_a_number_to_a_text(x):
    return x * len("a" + 1)


@refused(0.6)
def compares_a_text_with_a_number(x):
    return x if "a" < 1 else 2 * x


@refused(X)
def sum_of_products_by_name(x):
    return np.sum(np.einsum(subscripts="i,i->i", operands=(x, x)))


@refused(X)
def applies_a_python_function_to_each(x):
    return np.sum(np.frompyfunc(lambda v: v**2, 1, 1)(x))


@refused(X)
def calls_what_is_vectorized_with_a_signature(x):
    return _norm(x)


@refused(X)
def method_newbyteorder(x):
    return np.sum(x.newbyteorder())


@refused(X)
def bytes_of_an_array(x):
    return np.sum(x) * len(x.tobytes())


@refused(0.6)
def checkpoints_a_generator(x):
    total = 0.0
    for v in sorix.checkpoint(x * k for k in range(3)):
        total += v
    return total


@refused(0.6)
def next_of_a_range(x):
    return x * next(range(3))



@refused(0.6, 5)
def key_counted_in_some_iteration(x, n):
    d = {}
    for k in range(n):
        if x * k > 0.5:
            d["a"] = d.get("a", 0.0) + x * k
    return x * len(d)



@refused(X)
def sorts_objects_by_computed_keys(x):
    items = [({"k": k}, x[0] * k) for k in range(40)]
    items.sort(key=lambda p: (p[1] - x[1]) ** 2)
    return items[0][1] * items[0][0]["k"]



@refused(0.6)
def absolute_of_a_list(x):
    return abs([x])



@refused(0.6)
def checkpoint_in_a_try(x):
    try:
        return sorix.checkpoint(lambda v: v**2)(x)
    except ValueError:
        return x



@refused(X)
def groups_of_values(x):
    return sum(k for k, _ in itertools.groupby(v > 0.5 for v in x))


@refused(0.6)
def yields_itself(x):
    yield x**2


@refused(X)
def sum_of_products_with_a_dtype(x):
    return np.einsum("i,i->", x, x, dtype=np.float64)


@refused(X)
def array_of_objects_is_made(x):
    y = np.empty(2, dtype=object)
    y[0] = x[0]
    return y[0] * 2


@refused(0.6)
def asks_whether_methods_are_one(x):
    f = np.sin if x > 0.5 else np.cos
    g = np.sin if x > 0.3 else np.cos
    return f(x) if f is g else x


@refused(X)
def remainders_at_an_index(x):
    y = x * 2
    np.divmod.at(y, 0, 1)
    return np.sum(y)


@refused(X)
def checkpoints_nothing(x):
    for _ in sorix.checkpoint(None):
        x = x * 2.0
    return np.sum(x)


@refused(X)
def segments_of_no_iterations(x):
    for _ in sorix.checkpoint(range(4), segment=0):
        x = x * 2.0
    return np.sum(x)


@refused(X)
def segments_of_a_function(x):
    return np.sum(sorix.checkpoint(np.sin, segment=3)(x))
