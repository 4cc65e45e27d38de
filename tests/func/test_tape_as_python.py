"""On the tape, no division by zero goes on where Python would raise."""

from __future__ import annotations

import contextlib

import pytest

from sorix.errors import NotDifferentiableError
from sorix.func.eager import eager_value_and_grad


def test_division_by_zero_is_refused_where_a_program_may_handle_it():
    def function(x):
        y = x
        with contextlib.suppress(ZeroDivisionError):
            y = x / (x - x)
        return y

    with pytest.raises(NotDifferentiableError, match="divided by zero"):
        eager_value_and_grad(function, [0], False, (0.7,), {})
