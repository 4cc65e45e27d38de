"""On the tape, a program is what it is in plain Python, or refused."""

from __future__ import annotations

import contextlib
import math

import numpy as np
import pytest

import sorix.func
from sorix.errors import NotDifferentiableError, UnsupportedCallError
from sorix.func.eager import eager_value_and_grad


def test_division_by_zero_is_refused_where_a_program_may_handle_it():
    def function(x):
        y = x
        with contextlib.suppress(ZeroDivisionError):
            y = x / (x - x)
        return y

    with pytest.raises(NotDifferentiableError, match="divided by zero"):
        eager_value_and_grad(function, [0], False, (0.7,), {})


def test_a_refusal_that_numpy_wraps_as_it_stores_an_element_is_found():
    def function(x):
        y = np.zeros(2)
        y[0] = x[0]
        return y[0] + math.lgamma(x[1])

    with pytest.raises(UnsupportedCallError, match="lgamma") as caught:
        sorix.func.grad(function)(np.array([1.0, 2.0]))
    assert "float() of a Tensor" in caught.value.__notes__[0]


def test_a_refusal_is_found_while_the_program_handles_an_exception_of_its_own():
    def function(x):
        try:
            return {}["missing"] * x
        except KeyError:
            return math.lgamma(x)

    with pytest.raises(UnsupportedCallError, match="lgamma") as caught:
        sorix.func.grad(function)(2.0)
    assert "does not take the call either" in caught.value.__notes__[0]
