"""What the transforms make is pickled and copied as functions are, before a call and after it."""

from __future__ import annotations

import copy
import functools
import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

import sorix
from sorix.func import grad, hessian, jacfwd, jacrev, value_and_grad


def cubes(x, scale=1.0):
    return np.sum(scale * x**3)


@grad
def slope(x):
    return np.sum(x**2)


@jacrev
def matrix(x):
    return x**2


X = np.array([1.0, 2.0])
CALLS = [
    (grad(cubes), (X,)),
    (grad(cubes, argnums=(1, 0)), (X, 3.0)),
    (value_and_grad(cubes), (X,)),
    (grad(functools.partial(cubes, scale=2.0)), (X,)),
    (grad(np.sum), (X,)),
    (grad(grad(np.sin)), (1.0,)),
    (hessian(cubes), (X,)),
    (jacrev(cubes), (X,)),
    (jacfwd(cubes, argnums=1), (X, 3.0)),
]


@pytest.mark.parametrize("again", [lambda f: pickle.loads(pickle.dumps(f)), copy.deepcopy])
@pytest.mark.parametrize("called", [False, True])
@pytest.mark.parametrize(("made", "args"), CALLS, ids=repr)
def test_what_comes_back_gives_the_same(made, args, called, again):
    if called:
        made(*args)
    other = again(made)
    assert other is not made and repr(other) == repr(made)
    assert repr(other(*args)) == repr(made(*args))


def test_a_decorated_function_is_pickled_by_its_name():
    for made in (slope, matrix):
        assert pickle.loads(pickle.dumps(made)) is made
        assert copy.copy(made) is made


def test_the_fallback_goes_with_it():
    again = pickle.loads(pickle.dumps(grad(strange, fallback="error")))
    with pytest.raises(sorix.errors.CompileError):
        again(X)


def strange(x):
    global KEPT
    KEPT = x
    return np.sum(x)


def test_processes_of_their_own_take_gradients():
    gradient = grad(cubes)
    gradient(X)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        (found,) = pool.map(gradient, [X])
    np.testing.assert_array_equal(found, [3.0, 12.0])
