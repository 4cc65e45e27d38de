"""What is asked of a call before it is made."""

import math
import operator

import numpy as np
import pytest

from sorix.support import fails, said_of


@pytest.mark.parametrize("number", [1.0, 1, np.float64(1.0), np.float32(1.0), np.array(1.0)])
@pytest.mark.parametrize("fn", [operator.truediv, operator.floordiv, operator.mod])
def test_only_numbers_of_python_fail_where_they_are_divided_by_zero(fn, number):
    assert fails(ZeroDivisionError, fn, number, 0.0) == (type(number) in (int, float))
    assert not fails(OverflowError, fn, number, 0.0)


def test_the_text_is_the_one_of_the_exception():
    assert said_of(math.exp, 1000.0) == "math range error"
    assert said_of(math.exp, 1.0) == ""
