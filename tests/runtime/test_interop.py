"""NumPy's functions and arrays meeting tensors."""

from __future__ import annotations

import numpy as np
import pytest

import sorix
from sorix import support
from sorix.errors import ShapeError, UnsupportedFunctionError


def leaf():
    return sorix.tensor(np.array([[1.0, 2.0], [3.0, 4.0]]), requires_grad=True)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.sin(x),
        lambda x: np.sum(x, axis=0, keepdims=True),
        lambda x: np.add(2.0, x),
        lambda x: np.multiply(np.float64(2), x),
        lambda x: np.matmul(np.ones((2, 2)), x),
        lambda x: np.concatenate([x, np.ones((1, 2))]),
        lambda x: np.stack((x, 2 * x), axis=-1),
        lambda x: np.where(x > 2, x, 0.0),
        lambda x: np.maximum(2.5, x),
        lambda x: np.clip(x, 1.5, 3.5),
        lambda x: np.einsum("ij,jk->ik", x, x),
        lambda x: np.split(x, 2)[1],
        lambda x: np.transpose(x),
        lambda x: np.linalg.norm(x),
        lambda x: np.dot(x, x[0]),
        lambda x: np.add.reduce(x),
        lambda x: np.add.reduce(x, axis=1),
        lambda x: np.multiply.reduce(x, axis=None),
        lambda x: np.maximum.reduce(x, keepdims=True),
        lambda x: np.add.accumulate(x),
        lambda x: np.ones((2, 2)) @ x,
        lambda x: np.ones(2) - x,
        lambda x: np.float32(3) / x,
        lambda x: np.arange(2) ** x,
        lambda x: 5 - x,
        lambda x: x % 2 + 7 % x + x // 2 + divmod(x, 3)[1],
        lambda x: support.softplus(x),
        lambda x: np.sum(x, initial=x[0, 0]),
    ],
)
def test_value_as_of_arrays_and_recorded(call):
    x = leaf()
    out, expected = call(x), call(x.detach().numpy())
    assert isinstance(out, sorix.Tensor)
    assert out.requires_grad
    assert out.dtype == np.asarray(expected).dtype
    np.testing.assert_allclose(out.detach().numpy(), expected)


def test_functions_without_derivative_give_plain_results():
    x = leaf()
    assert np.shape(x) == (2, 2)
    assert np.ndim(x) == 2
    assert np.size(x) == 4
    assert np.argmax(x).item() == 3
    assert np.allclose(x, x)
    assert np.array_equal(x, x)
    assert not np.floor(x).requires_grad
    assert not np.zeros_like(x).requires_grad
    assert not (np.ones((2, 2)) < x).requires_grad


@pytest.mark.parametrize(
    "call, name",
    [
        (lambda x: np.fft.fft(x), "fft"),
        (lambda x: np.subtract.outer(x, x), "np.subtract.outer"),
        (lambda x: np.sin.at(x, 0), "np.sin.at"),
        (lambda x: np.packbits(x), "np.packbits"),
        (lambda x: np.copyto(np.zeros((2, 2)), x), "np.copyto"),
    ],
)
def test_an_unknown_function_is_refused_by_name(call, name):
    with pytest.raises(UnsupportedFunctionError, match=name) as caught:
        call(leaf())
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.add(x, 1, out=np.zeros((2, 2))),
        lambda x: np.sum(x, out=np.zeros(())),
        lambda x: np.add(x, 1, where=np.zeros((2, 2), bool)),
        lambda x: np.nan_to_num(x, nan=x[0, 0]),
    ],
)
def test_options_without_rule_are_refused(call):
    with pytest.raises(UnsupportedFunctionError):
        call(leaf())


@pytest.mark.parametrize(
    "call", [lambda x: x + "a", lambda x: [1.0] * x, lambda x: x < "a", lambda x: x % None]
)
def test_operands_that_are_no_numbers_are_refused(call):
    with pytest.raises(TypeError):
        call(leaf())


def test_shapes_that_do_not_fit_are_refused_in_pytorchs_words():
    x = leaf()
    sentence = (
        r"The size of tensor a \({}\) must match the size of tensor b \({}\) at non-singleton"
    )
    with pytest.raises(ShapeError, match=sentence.format(2, 3)):
        x + np.ones(3)
    with pytest.raises(ShapeError, match=sentence.format(3, 2)):
        np.float64(1) * sorix.ones(3) - x[0]
    with pytest.raises(ShapeError, match="cannot be multiplied"):
        x @ np.ones((3, 3))


def test_indices_of_every_kind():
    x = sorix.tensor(np.arange(24.0).reshape(2, 3, 4), requires_grad=True)
    a = x.detach().numpy()
    i, j = sorix.tensor([0, 1]), np.array([[0, 2], [1, 1]])
    for index, plain in [
        (1, 1),
        (-1, -1),
        ((0, slice(None, None, -1)), (0, slice(None, None, -1))),
        ((..., None, 2), (..., None, 2)),
        ((slice(1), slice(0, 2), slice(None, None, 2)),) * 2,
        (i, [0, 1]),
        ((i, j[0]), ([0, 1], j[0])),
        ((slice(None), j), (slice(None), j)),
        (x > 5, a > 5),
        (sorix.tensor(1), 1),
        ([0, 0], [0, 0]),
        ((), ()),
        (slice(sorix.tensor(0), sorix.tensor(1)), slice(0, 1)),
    ]:
        out = x[index]
        np.testing.assert_array_equal(out.detach().numpy(), a[plain])
        (g,) = sorix.grad((out * out).sum(), x)
        expected = np.zeros_like(a)
        np.add.at(expected, plain, 2 * a[plain])
        np.testing.assert_array_equal(g.numpy(), expected)


def test_cotangents_have_the_dtype_of_what_they_belong_to():
    x = sorix.ones(2, requires_grad=True)
    y = x * 2
    y.retain_grad()
    (y * np.ones(2)).sum().backward()
    assert y.grad.dtype == x.grad.dtype == np.float32
    (g,) = sorix.grad((x * x * np.ones(2)).sum(), x, create_graph=True)
    assert g.dtype == np.float32
