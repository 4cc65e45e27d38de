"""Methods of arrays and Tensors stand for calls of primitives."""

from __future__ import annotations

import numpy as np
import pytest

from sorix.primitives import METHODS, PROPERTIES, TENSOR_METHODS, method_call, rule_of
from sorix.primitives.canonical import canonical

X = np.arange(6.0).reshape(2, 3) + 1


@pytest.mark.parametrize(
    "name, args, kwargs",
    [
        ("sum", (), {}),
        ("sum", (1,), {}),
        ("mean", (), {"axis": 0, "keepdims": True}),
        ("max", (0,), {}),
        ("std", (), {"ddof": 1}),
        ("reshape", (3, 2), {}),
        ("reshape", ((3, 2),), {}),
        ("reshape", (-1,), {}),
        ("transpose", (), {}),
        ("transpose", (1, 0), {}),
        ("transpose", ((0, 1),), {}),
        ("ravel", (), {}),
        ("flatten", (), {}),
        ("swapaxes", (0, 1), {}),
        ("clip", (2.0, 4.0), {}),
        ("clip", (), {"max": 4.0}),
        ("cumsum", (1,), {}),
        ("argmax", (1,), {}),
        ("astype", (np.float32,), {}),
        ("repeat", (2,), {"axis": 1}),
        ("take", ([0, 2],), {"axis": 1}),
        ("trace", (), {}),
        ("round", (1,), {}),
        ("dot", (np.ones(3),), {}),
        ("compress", ([True, False],), {"axis": 0}),
    ],
)
def test_an_array_method_is_what_numpy_computes(name, args, kwargs):
    fn, call_args, call_kwargs = method_call(name, (X, *args), kwargs)
    positional, options = canonical(fn, call_args, call_kwargs)
    expected = getattr(X, name)(*args, **kwargs)
    np.testing.assert_array_equal(fn(*positional, **options), expected)


@pytest.mark.parametrize(
    "name, args, kwargs, expected",
    [
        ("sum", (), {"dim": 1}, X.sum(1)),
        ("sum", (), {"dim": 1, "keepdim": True}, X.sum(1, keepdims=True)),
        ("sum", (), {"axis": 1, "keepdims": True}, X.sum(1, keepdims=True)),
        ("mean", ((0, 1),), {}, X.mean()),
        ("std", (), {}, X.std(ddof=1)),
        ("var", (0,), {"unbiased": False}, X.var(0)),
        ("var", (False,), {}, X.var()),
        ("transpose", (0, 1), {}, X.T),
        ("t", (), {}, X.T),
        ("permute", (1, 0), {}, X.T),
        ("view", (3, -1), {}, X.reshape(3, -1)),
        ("unsqueeze", (0,), {}, X[None]),
        ("squeeze", (), {"dim": ()}, X),
        ("pow", (2,), {}, X**2),
        ("clamp", (), {"min": 3.0}, np.maximum(X, 3.0)),
        ("repeat", (2, 1), {}, np.tile(X, (2, 1))),
        ("expand", (4, 2, 3), {}, np.broadcast_to(X, (4, 2, 3))),
        ("flip", (0,), {}, X[::-1]),
        ("cumsum", (), {"dim": 0}, X.cumsum(0)),
        ("norm", (), {}, np.linalg.norm(X)),
        ("masked_fill", (X > 2, 0.0), {}, np.where(X > 2, 0.0, X)),
        ("softmax", (), {"dim": 0}, np.exp(X) / np.exp(X).sum(0)),
        ("rsqrt", (), {}, X**-0.5),
        ("size", (), {}, (2, 3)),
        ("size", (1,), {}, 3),
        ("numel", (), {}, 6),
        ("gather", (1, np.array([[0], [2]])), {}, X[[0, 1], [0, 2]][:, None]),
        ("atan2", (np.ones(3),), {}, np.arctan2(X, 1.0)),
    ],
)
def test_a_tensor_method_means_what_it_does_in_pytorch(name, args, kwargs, expected):
    fn, call_args, call_kwargs = method_call(name, (X, *args), kwargs, tensor=True)
    positional, options = canonical(fn, call_args, call_kwargs)
    np.testing.assert_allclose(fn(*positional, **options), expected, rtol=1e-14)


def test_an_unknown_method_is_none():
    assert method_call("sort_in_place", (X,), {}) is None
    assert method_call("unsqueeze", (X,), {}) is None


def test_every_method_is_one_of_the_table():
    adapted = [adapter(X) for adapter in (METHODS["sum"], TENSOR_METHODS["exp"])]
    functions = [fn for fn, *_ in adapted] + list(PROPERTIES.values())
    assert all(rule_of(fn) is not None for fn in functions)
