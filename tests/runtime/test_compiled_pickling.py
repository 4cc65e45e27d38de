"""Compiled functions are pickled and copied as functions are."""

from __future__ import annotations

import copy
import pickle

import sorix
from tests.runtime.engines import leaf


@sorix.compile
def squares(x):
    return (x * x).sum()


def cubes(x):
    return (x * x * x).sum()


compiled_cubes = sorix.compile(cubes, fallback="error")


def test_a_decorated_function_is_pickled_by_its_name():
    assert pickle.loads(pickle.dumps(squares)) is squares
    assert copy.deepcopy(squares) is squares


def test_a_compiled_function_beside_its_function_is_compiled_again():
    compiled_cubes(leaf([1.0, 2.0]))
    again = pickle.loads(pickle.dumps(compiled_cubes))
    assert again.__sorix_wrapped__ is cubes
    assert again(leaf([1.0, 2.0])).item() == 9.0


def test_one_that_an_object_holds_is_copied_with_it():
    def double(x):
        return x * 2.0

    held = copy.deepcopy({"f": sorix.compile(double)})
    assert held["f"](leaf([1.0])).tolist() == [2.0]
