"""Support functions give way to arguments that override them."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from sorix import support
from sorix.support import primitive


class Override:
    """Answers with the call it was asked to stand in for."""

    def __sorix_function__(self, function, args, kwargs):
        return function, args, kwargs


IT = Override()


@pytest.mark.parametrize(
    "args",
    [
        (IT, np.ones(3)),
        (np.ones(3), IT),
        ((np.ones(3), IT), 0),
        ([[1.0, IT]], 0),
        (np.ones(3), (0, slice(None, IT))),
        (np.ones(3), (0, [IT])),
    ],
)
def test_an_overriding_argument_is_found_wherever_it_stands(args):
    assert support.unbroadcast(*args) == (support.unbroadcast, args, {})


def test_options_are_passed_on():
    assert support.expand(IT, 1.0, axis=0) == (support.expand, (IT, 1.0), {"axis": 0})


def test_without_an_override_the_function_itself_runs():
    assert support.list_append([], np.float64(1.0)) == [1.0]


def test_an_object_that_does_not_override_is_an_argument_like_any_other():
    class Plain:
        pass

    plain = Plain()
    assert support.list_append([1], plain) == [1, plain]


def test_a_primitive_keeps_its_name_signature_and_text():
    @primitive
    def triple(x: float, times: int = 3) -> float:
        """Three of it."""
        return x * times

    assert (triple.__name__, triple.__doc__) == ("triple", "Three of it.")
    assert list(inspect.signature(triple).parameters) == ["x", "times"]


@pytest.mark.parametrize("name", support.__all__)
def test_every_support_function_is_a_documented_primitive(name):
    function = getattr(support, name)
    assert function.__doc__
    assert "Examples" in function.__doc__
    if name != "primitive":
        assert function.__code__.co_name == "dispatching"
