"""What the run did not assign raises as in Python, whatever kind of thing it would be."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import sorix
from sorix.func import jvp, value_and_grad

KINDS: dict[str, Any] = {
    "number": lambda x: x * 2,
    "integer": lambda x: 3,
    "array": lambda x: np.array([x, 1.0]),
    "text": lambda x: "text",
    "none": lambda x: None,
    "function": lambda x: math.sin,
    "closure": lambda x: lambda v: v * x,
    "list": lambda x: [x],
    "empty": lambda x: [],
    "tuple": lambda x: (x, "a"),
    "dict": lambda x: {"a": x},
    "class": lambda x: float,
}


def of_a_name(kind, x):
    if x > 1.0:
        value = KINDS[kind](x)
    value
    return x


def deleted(kind, x):
    value = KINDS[kind](x)
    if x < 1.0:
        del value
    value
    return x


def around(kind, x):
    def read():
        return value

    if x > 1.0:
        value = KINDS[kind](x)
    read()
    return x


def in_a_loop(kind, x):
    for k in range(3):
        if k < x - 0.5:
            value = KINDS[kind](x)
        if k > 0:
            value
    return x


class Holder:
    pass


def of_a_field(kind, x):
    holder = Holder()
    if x > 1.0:
        holder.value = KINDS[kind](x)
    holder.value
    return x


def at_a_key(kind, x):
    d = {"other": x}
    if x > 1.0:
        d["value"] = KINDS[kind](x)
    d["value"]
    return x


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", [of_a_name, deleted, around, in_a_loop, of_a_field, at_a_key])
def test_reading_what_the_run_did_not_assign_raises_as_in_python(way, kind):
    def function(x):
        return way(kind, x)

    compiled = sorix.compile(function, fallback="error")
    assert compiled(1.7) == function(1.7)
    assert value_and_grad(function)(1.7) == (1.7, 1.0)
    with pytest.raises((NameError, AttributeError, KeyError)) as expected:
        function(0.2)
    for run in (compiled, value_and_grad(function), lambda x: jvp(function, (x,), (1.0,))):
        with pytest.raises(expected.type) as raised:
            run(0.2)
        assert raised.value.args == expected.value.args
