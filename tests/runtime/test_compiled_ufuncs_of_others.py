"""Ufuncs of other libraries, such as scipy.special: the tape calls them, generated code cannot."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest

import sorix
from sorix.errors import FallbackWarning, UnsupportedCallError, UnsupportedFunctionError
from sorix.primitives import elementwise, table
from tests.runtime.engines import compiled, leaf

squared = np.frompyfunc(lambda v: v * v, 1, 1)
"""Has no ``__module__``, as the ufuncs of a C extension have none."""


def loss(x):
    return np.sum(squared(x) * x)


def test_one_without_a_rule_is_refused_at_its_line():
    with pytest.raises(UnsupportedCallError, match="is a ufunc that is not NumPy's") as caught:
        compiled(loss)(leaf([1.0, 2.0]))
    assert (caught.value.file, caught.value.line) == (__file__, loss.__code__.co_firstlineno + 1)


def test_the_tape_calls_it_by_its_own_name():
    with (
        pytest.warns(FallbackWarning),
        pytest.raises(UnsupportedFunctionError, match=r"^<lambda> \(vectorized\) has no"),
    ):
        sorix.compile(loss)(leaf([1.0, 2.0]))


def test_it_is_called_with_constants():
    def scaled(x):
        return np.sum(x) * squared(3.0)

    x = leaf([1.0, 2.0])
    with pytest.warns(FallbackWarning):
        result = sorix.compile(scaled)(x)
    assert sorix.grad(result, x)[0].tolist() == [9.0, 9.0]


def test_one_with_a_rule_is_differentiated_by_the_tape():
    with mock.patch.dict(table._rules):

        @elementwise(squared)
        def rule(y, x):
            return 2 * x

        with pytest.raises(UnsupportedCallError, match="no name to call it by") as caught:
            compiled(loss)(leaf([1.0, 2.0]))
        assert caught.value.line == loss.__code__.co_firstlineno + 1
        with pytest.warns(FallbackWarning):
            assert sorix.func.grad(lambda x: loss(x))(np.array([1.0, 2.0])).tolist() == [3.0, 12.0]
        with pytest.warns(FallbackWarning):
            assert sorix.compile(loss)(np.array([1.0, 2.0])) == 9.0
