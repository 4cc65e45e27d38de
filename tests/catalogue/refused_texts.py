"""Texts: how values are shown, formatted and joined."""

import re
import time

import numpy as np

from tests.catalogue.registry import refused

X = np.array([0.6, 0.2, 0.9])


@refused(0.6)
def prints_a_set(x):
    print({"x", "y"})
    return x**2


class _Plain:
    def __init__(self, x):
        self.x = x


@refused(0.6)
def prints_an_object(x):
    print(_Plain(x))
    return x**2


@refused(0.6)
def prints_a_function(x):
    def scaled(v):
        return v * 2

    print(scaled)
    return scaled(x)


@refused(0.6)
def ascii_of_an_object(x):
    return x * (len(f"{ {'x': x}!a}") > 3)
    return x * len(f"{ {'n': 1 if x > 0.5 else 2}!a}")


class _Length:
    def __init__(self, x):
        self.x = x

    def __format__(self, spec):
        return f"{self.x:{spec}}"


@refused(0.6)
def formatted_as_the_run_decides(x):
    digits = 2 if x > 0.5 else 3
    return x * len(f"{_Length(x):.{digits}f}")


@refused(0.6)
def format_of_a_dict(x):
    return x * len(f"{ {'x': x}:>20}")


@refused(0.6)
def formats_with_a_list(x):
    return x * len("{x}".format_map([x]))


@refused(0.6)
def splits_a_text_of_the_run(x):
    return x * len(f"{x:.2f}".split("."))


@refused(0.6)
def translates_a_text_of_the_run(x):
    return x * len(f"{x:.2f}".translate({46: None}))


@refused(0.6)
def joins_a_number(x):
    return x * len(",".join(x))


@refused(0.6)
def joins_numbers_of_a_grown_list(x):
    items = []
    for k in range(100):
        if x > 0.01 * k:
            items.append(x * k)
    return x * len(",".join(items))


@refused(X, way="tensors")
def prints_a_tensor(x):
    print(x)
    return (x * x).sum()


@refused(0.6)
def replaces_in_a_text_of_the_run(x):
    return x * len(re.sub(r"\d", "", f"{x:.2f}"))


@refused(0.6)
def looks_into_a_text_of_pythons(x):
    try:
        return np.sort() * x
    except TypeError as error:
        return x * len(str(error))


@refused(0.6)
def names_of_an_inner_scope(x):
    def inner(v):
        return v * len(locals())

    return inner(x)


@refused(0.6)
def names_of_the_module(x):
    return x * globals()["X"][0]


@refused(0.6)
def raises_with_a_function(x):
    def half(v):
        return v / 2

    if x < 0:
        raise ValueError(half)
    return half(x)


@refused(X)
def counts_an_array_in_what_the_run_makes(x):
    return np.sum(x) * time.gmtime().count(x)
