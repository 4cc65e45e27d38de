"""A number taken out of a tensor is a constant, on the tape and in compiled code."""

from __future__ import annotations

import math

import numpy as np
import pytest

import sorix
from tests.runtime.engines import compiled, leaf

START = [0.3, 0.7, -0.2]


def weighed(x):
    return (x**2).sum() / (1e-8 + (x**4).mean().item())


def of_an_element(x):
    return x[1].item() * x.sum() + x[2] * x.sum()


def converted(x):
    return (x * min(1.0, 0.5 / float(np.sqrt((x**2).sum())))).sum()


def converted_by_numpy(x):
    return np.float64((x**2).sum()) * x.sum()


def by_math(x):
    return math.exp(x.sum()) * x.sum() + math.hypot(x[0], x[1]) * x[2] + math.fsum([x[0], x[1]])


def in_a_loop(x):
    total = 0.0
    for value in x:
        total = total + value * float(value)
    return total


def in_an_array(x):
    return (np.array([v.item() for v in x]) * x).sum()


def in_a_tensor(x):
    return (sorix.tensor([x[0].item(), 1.0, 2.0]) * x).sum()


def after_a_gradient(x):
    u = (x**2).sum()
    (du,) = sorix.grad(u, x)
    return (x * du).sum() * u.item()


def of_a_gradient(x):
    (du,) = sorix.grad((x**3).sum(), x, create_graph=True)
    return (du * x).sum() / du.sum().item()


def the_tensor_itself(x):
    return (sorix.as_tensor(x) * x).sum() + (sorix.tensor(x) * x).sum()


@pytest.mark.parametrize(
    "loss",
    [
        weighed,
        of_an_element,
        converted,
        converted_by_numpy,
        by_math,
        in_a_loop,
        in_an_array,
        in_a_tensor,
        after_a_gradient,
        of_a_gradient,
        the_tensor_itself,
    ],
)
def test_what_is_taken_out_is_a_constant(loss):
    found = []
    for function in (loss, compiled(loss)):
        x = leaf(START)
        value = function(x)
        value.backward()
        found.append((value.item(), x.grad.data))
    np.testing.assert_allclose(found[1][0], found[0][0], rtol=1e-6)
    np.testing.assert_allclose(found[1][1], found[0][1], rtol=1e-6)
