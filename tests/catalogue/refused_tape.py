"""What the eager tape refuses by itself, where the compiler would have followed the program."""

import numpy as np

from tests.catalogue.registry import refused

X = np.array([0.6, 0.2, 0.9])


@refused(0.6, way="tape")
def asks_for_the_type(x):
    return x * 2 if isinstance(x, float) else x


@refused(np.float64(0.6), way="tape")
def divides_by_zero(x):
    return x / (x - x)


@refused({"x": 0.6, "steps": 3}, way="tape")
def counter_among_the_floats(options):
    return options["x"] * options["steps"]


@refused(0.6, way="tape")
def root_of_a_negative_number(x):
    return abs((-x) ** 0.5)


@refused(X, way="tape")
def product_with_a_masked_array(x):
    return np.sum(x * np.ma.masked_array([1.0, 2.0, 3.0], [0, 1, 0]))


@refused(X, np.ma.masked_array([1.0, 2.0, 3.0], [0, 1, 0]), way="tape")
def weights_that_are_masked(x, weights):
    return np.sum(x * weights)
