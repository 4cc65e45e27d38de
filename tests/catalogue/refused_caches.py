"""Functions that remember what they returned."""

import functools
import logging

from tests.catalogue.registry import refused


@functools.cache
def _logged(n):
    logging.getLogger(__name__).debug("computed")
    return n * 2.0


@refused(0.6)
def cached_function_that_logs(x):
    return x * _logged(3)


@refused(0.6)
def cached_function_of_a_list(x):
    @functools.cache
    def first(items):
        return items[0]

    return first([x, 2.0])


@refused(0.6)
def how_often_a_cache_was_hit(x):
    @functools.cache
    def double(n):
        return 2 * n

    return double(3) * x * double.cache_info().misses


@refused(0.6)
def cache_cleared_in_a_loop(x):
    @functools.cache
    def double(n):
        return 2 * n

    total = 0.0
    while total < 3:
        total += x * double(2)
        double.cache_clear()
    return total


@refused(0.6)
def cached_function_that_sees_a_write(x):
    scale = [x]

    @functools.cache
    def scaled(y):
        return scale[0] * y

    total = scaled(x)
    scale[0] = 3.0
    return total + scaled(x * 2)
