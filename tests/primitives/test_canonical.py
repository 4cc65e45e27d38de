"""Every spelling of a call has one canonical form."""

from __future__ import annotations

import math
import operator

import numpy as np
import pytest

from sorix import support
from sorix.errors import UnsupportedFunctionError
from sorix.primitives import canonical, name_of
from tests.primitives.rows import ROWS

X = np.ones((2, 3))


@pytest.mark.parametrize(
    "fn, args, kwargs, expected",
    [
        (np.sum, (X,), {}, ((X,), {})),
        (np.sum, (X, 1), {}, ((X,), {"axis": 1})),
        (np.sum, (), {"a": X, "axis": None, "keepdims": False}, ((X,), {})),
        (np.sum, (X, 0, None, None, True), {}, ((X,), {"axis": 0, "keepdims": True})),
        (np.reshape, (X, (3, 2)), {}, ((X, (3, 2)), {})),
        (np.reshape, (X,), {"shape": (3, 2), "copy": True}, ((X, (3, 2)), {})),
        (np.clip, (X,), {"max": 1.0}, ((X, None, 1.0), {})),
        (np.clip, (X, 0.0), {}, ((X, 0.0, None), {})),
        (np.average, (X,), {"weights": X}, ((X, None, X), {})),
        (np.where, (X > 0,), {}, ((X > 0,), {})),
        (np.concatenate, ((X, X), 1), {}, (((X, X),), {"axis": 1})),
        (np.einsum, ("ij->i", X), {"optimize": True}, (("ij->i", X), {"optimize": True})),
        (np.gradient, (X, 0.5), {"axis": 0}, ((X, 0.5), {"axis": 0})),
        (np.pad, (X, 1), {"constant_values": 2.0}, ((X, 1), {"constant_values": 2.0})),
        (np.argmax, (X, 1), {}, ((X,), {"axis": 1})),
        (np.zeros, ((2,),), {"dtype": np.float32}, (((2,),), {"dtype": np.float32})),
        (np.add, (X, X), {"out": None, "where": True}, ((X, X), {})),
        (operator.add, (X, X), {}, ((X, X), {})),
        (math.sin, (0.5,), {}, ((0.5,), {})),
        (support.expand, (1.0, X, 0), {}, ((1.0, X), {"axis": 0})),
    ],
)
def test_a_call_takes_its_canonical_form(fn, args, kwargs, expected):
    assert _same(canonical(fn, args, kwargs), expected)


def _same(a, b):
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b)
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    return a == b


@pytest.mark.parametrize(
    "fn, args, kwargs, option",
    [
        (np.sum, (X,), {"where": X > 0}, "where"),
        (np.sum, (X,), {"out": X}, "out"),
        (np.add, (X, X), {"out": X}, "out"),
        (np.diff, (X,), {"prepend": 0.0}, "prepend"),
        (np.interp, (X, X, X), {"period": 2.0}, "period"),
    ],
)
def test_an_option_without_a_rule_is_named(fn, args, kwargs, option):
    with pytest.raises(UnsupportedFunctionError, match=f"{name_of(fn)} .* {option}="):
        canonical(fn, args, kwargs)


@pytest.mark.parametrize(
    "fn, args, kwargs, message",
    [
        (np.reshape, (X,), {}, "missing a required argument: 'shape'"),
        (np.sum, (X,), {"a": X}, "multiple values for argument 'a'"),
        (np.tile, (X, 1, 2), {}, "takes at most 2 positional"),
    ],
)
def test_a_call_that_does_not_fit_is_a_type_error(fn, args, kwargs, message):
    with pytest.raises(TypeError, match=message):
        canonical(fn, args, kwargs)


def test_constants_are_seen_through_the_callers_wrapping():
    wrap = {"value": None}
    args, options = canonical(
        np.sum, (X, wrap), {}, static=lambda v: v["value"] if v is wrap else v
    )
    assert (len(args), options) == (1, {})


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_canonical_form_is_a_legal_call_of_the_same_value(row):
    args, options = canonical(row.function, row.args, row.options)
    if row.wrap is not None:
        args = tuple(row.wrap(x) for x in args)
        row = type(row)(row.function, args, row.options)
    found, expected = row.function(*args, **options), row.function(*row.args, **row.options)
    assert canonical(row.function, args, options)[1] == options
    _assert_equal(found, expected)


def _assert_equal(a, b):
    if isinstance(a, tuple | list):
        for x, y in zip(a, b, strict=True):
            _assert_equal(x, y)
    else:
        np.testing.assert_array_equal(a, b)


def test_primitives_are_named_as_programs_write_them():
    names = [name_of(f) for f in (np.sum, np.exp, np.linalg.norm, math.sin, operator.add, len)]
    assert names == ["np.sum", "np.exp", "np.linalg.norm", "math.sin", "operator.add", "len"]
