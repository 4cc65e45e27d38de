"""A gradient that is kept answers every later call as a new one would, whatever came before."""

from __future__ import annotations

import copy
import types

import numpy as np
import pytest

import sorix.func
from sorix.errors import SorixError

X = np.array([1.0, 2.0])
SENTINEL = object()


def perhaps_drawn(x, other):
    return (x * x).sum() * (2.0 if other is None else 3.0)


def by_class(x, other):
    return (x * (other["k"] if isinstance(other, dict) else 2.0)).sum()


def by_attribute(x, other):
    return (x * (other.scale if hasattr(other, "scale") else 2.0)).sum()


def by_sentinel(x, other):
    return (x * (2.0 if other is SENTINEL else 3.0)).sum()


OTHERS = (
    np.random.default_rng(0),
    None,
    np.random.RandomState(0),
    types.SimpleNamespace(scale=4.0),
    {"k": 5.0},
    SENTINEL,
    types.SimpleNamespace(),
    object(),
    ValueError("text"),
    iter([1.0]),
)


@pytest.mark.parametrize("function", [perhaps_drawn, by_class, by_attribute, by_sentinel])
def test_an_object_whose_content_is_not_followed_keeps_its_class(function):
    kept = sorix.func.grad(function, fallback="error")
    for other in (*OTHERS, *reversed(OTHERS)):
        step = 1e-3
        want = [
            (function(X + step * e, other) - function(X - step * e, other)) / (2 * step)
            for e in np.eye(2)
        ]
        assert np.allclose(kept(X, other), want, rtol=1e-8)


@pytest.mark.parametrize(
    "one",
    [
        np.ones(2),
        [1.0],
        {"a": 1.0},
        types.SimpleNamespace(a=1.0),
        np.random.default_rng(0),
        (np.ones(2),),
    ],
    ids=lambda one: type(one).__name__,
)
def test_objects_that_become_one_are_told_so(one):
    def same(x, a, b):
        return (x * (2.0 if a is b else 3.0)).sum()

    kept, other = sorix.func.grad(same, fallback="error"), copy.deepcopy(one)
    for a, b in ((one, other), (one, one), (other, one), (other, other)):
        assert kept(X, a, b).tolist() == ([2.0, 2.0] if a is b else [3.0, 3.0])


@pytest.mark.parametrize(
    "bad",
    [
        X.astype(X.dtype.newbyteorder()),
        X * 1j,
        np.ma.array(X),
        X.astype(object),
        np.array(["a", "b"]),
    ],
    ids=lambda bad: f"{type(bad).__name__}-{bad.dtype}",
)
def test_what_is_refused_once_spoils_no_other_call(bad):
    def weighed(x, w):
        return (x * w).sum()

    kept = sorix.func.grad(weighed, fallback="error")
    for w in (bad, X, bad):
        if w is X:
            assert kept(X, w).tolist() == [1.0, 2.0]
            continue
        with pytest.raises(SorixError):
            kept(X, w)


def test_a_complex_number_spoils_no_other_call():
    kept = sorix.func.grad(lambda x, k: (x * k).sum(), fallback="error")
    with pytest.raises(SorixError):
        kept(X, 1j)
    assert kept(X, 2.0).tolist() == [2.0, 2.0]


UNSET = "not given"


def test_one_text_is_told_from_its_equals():
    def unless_given(x, name):
        return (x * (2.0 if name is UNSET else 3.0)).sum()

    kept = sorix.func.grad(unless_given, fallback="error")
    for name in (UNSET, " ".join(["not", "given"]), UNSET, "other", None):
        assert kept(X, name).tolist() == ([2.0, 2.0] if name is UNSET else [3.0, 3.0])
