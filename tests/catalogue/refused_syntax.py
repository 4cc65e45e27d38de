"""Statements and expressions that are refused."""

import asyncio
import contextlib

import numpy as np

from tests.catalogue.registry import refused

X = np.array([0.6, 0.2, 0.9])
COUNT = 0


@refused(0.6)
def assigns_a_global(x):
    global COUNT
    COUNT = COUNT + 1
    return x**2


@refused(0.6)
def handles_groups_of_exceptions(x):
    try:
        y = x**2
    except* ValueError:
        y = x
    return y


@refused(0.6)
def defines_an_async_function(x):
    async def square():
        return x**2

    return asyncio.run(square())


@refused(0.6)
async def awaits(x):
    await asyncio.sleep(0)
    return x**2


@refused(0.6)
async def loops_asynchronously(x):
    async for _ in x:
        pass
    return x


@refused(0.6)
async def enters_asynchronously(x):
    async with x:
        return x


def _values(x):
    y = yield x
    yield y


def _echoing(x):
    got = [(yield x), 1.0]
    yield got[1]


@refused(0.6)
def imaginary_constant(x):
    return abs(x + 2j)


@refused(0.6)
def raises_what_is_no_exception(x):
    if x > 0:
        raise "negative"
    return x**2


@refused(0.6)
def raises_with_keywords(x):
    class_of_error = ImportError
    if x < 0:
        raise class_of_error("no plot", name="plot")
    return x**2


@refused(X)
def handles_what_is_no_exception(x):
    try:
        y = np.sum(np.linalg.inv(np.diag(x)))
        if y > 100:
            raise ValueError
    except 3:
        y = 0.0
    return y


@refused(np.eye(2) * 0.5)
def prints_beside_what_may_fail(a):
    print("inverting")
    try:
        b = np.linalg.eigvalsh(a)
    except np.linalg.LinAlgError:
        b = a
    return np.sum(b)


@contextlib.contextmanager
def _one_or_other(x):
    if x > 0.5:
        yield x
    else:
        yield -x


@refused(0.6)
def name_that_does_not_exist(x):
    return x * scale_factor  # noqa: F821


@refused(0.6)
def name_read_before_it_is_assigned(x):
    y = total + x  # noqa: F821
    total = y
    return total


@refused(0.6)
def name_of_two_structures(x):
    if x > 0:
        y = (x, 2 * x)
    else:
        y = x
    return y[0]


@refused(X)
def index_out_of_range(x):
    pair = (x[0], x[1])
    return pair[2]


@refused(X)
def shapes_that_do_not_fit(x):
    return np.sum(x[:2] + np.ones(3))
