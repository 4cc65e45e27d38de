"""What the eager tape refuses by itself, where the compiler would have followed the program."""

import numpy as np

from tests.catalogue.registry import refused

X = np.array([0.6, 0.2, 0.9])


@refused(0.6, way="tape")
def asks_for_the_type(x):
    return x * 2 if isinstance(x, float) else x


@refused(0.6, way="tape")
def divides_by_zero(x):
    return x / (x - x)


@refused({"x": 0.6, "steps": 3}, way="tape")
def counter_among_the_floats(options):
    return options["x"] * options["steps"]
