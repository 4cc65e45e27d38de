"""Writes into tensors: values, views and gradients right, or refused."""

from __future__ import annotations

import numpy as np
import pytest

import sorix
from sorix.errors import DTypeError, InPlaceError, ShapeError, UnsupportedFunctionError
from tests.runtime.differences import assert_close, gradient


def alias(x, zeros):
    y = x * 2
    z = y
    y += x
    return z * y


def elements(x, zeros):
    y = zeros(4)
    y[0] = x[0]
    y[1:3] = x[1:] * 2
    y[0] *= x[2]
    return y * y


def write_to_view(x, zeros):
    y = x * 2
    v = y[1:]
    v *= x[0]
    return y * v.sum()


def write_to_owner(x, zeros):
    y = x * 2
    v = y[1:]
    y *= x
    return v * v


def views_of_views(x, zeros):
    y = (x * x).reshape(3, 1)
    z = y.T
    z += x
    w = y[:2]
    w[0] = 5 * x[1]
    return y @ z


def rows(x, zeros):
    y = zeros((3, 3))
    for i in range(3):
        for j in range(3):
            y[i][j] = x[i] * x[j]
    for row in y:
        row += x
    return y


def saved_before_the_write(x, zeros):
    y = x * 1.0
    e = y * y
    y += 1
    return e * y


def view_of_a_constant(x, zeros):
    y = zeros(3)
    b = y.reshape(3, 1)[1:]
    b += x[:2].reshape(2, 1)
    return y * x


def all_operators(x, zeros):
    y = x * 1.0
    y **= 2
    y -= x
    y /= x
    y *= 3
    return y


def mask_and_index(x, zeros):
    y = x * 1.0
    y[y > 0.5] = 0
    y[np.array([0, 2])] += x[:2]
    return y * x


def add_at(x, zeros):
    y = x * 1.0
    np.add.at(y, np.array([0, 0, 1]), x)
    return y * y


def whole(x, zeros):
    y = x * 2
    np.copyto(y, x * x) if isinstance(y, np.ndarray) else y.copy_(x * x)
    y[...] = y * 2
    return y


PROGRAMS = [
    alias,
    elements,
    write_to_view,
    write_to_owner,
    views_of_views,
    rows,
    saved_before_the_write,
    view_of_a_constant,
    all_operators,
    mask_and_index,
    add_at,
    whole,
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_writes_mean_what_they_mean_on_arrays(program):
    x0 = np.array([0.3, 0.7, 1.1])
    expected = program(x0.copy(), np.zeros)
    weights = np.cos(np.arange(expected.size)).reshape(expected.shape)
    x = sorix.tensor(x0, requires_grad=True)
    out = program(x, lambda shape: sorix.zeros(shape, dtype=sorix.float64))
    np.testing.assert_allclose(out.detach().numpy(), expected, rtol=1e-14)
    (g,) = sorix.grad((out * weights).sum(), x)
    assert_close(g, gradient(lambda v: np.sum(program(v.copy(), np.zeros) * weights), x0))


def test_a_leaf_that_requires_grad_is_not_written():
    x = sorix.ones(3, requires_grad=True)
    with pytest.raises(InPlaceError, match="a leaf Variable that requires grad is being used"):
        x += 1
    with pytest.raises(InPlaceError, match="a leaf Variable that requires grad is being used"):
        x[0] = 1
    view = x[:2]
    with pytest.raises(InPlaceError, match="a view of a leaf Variable that requires grad"):
        view.zero_()
    assert x.tolist() == [1.0, 1.0, 1.0]


def test_no_grad_writes_the_memory_and_keeps_the_tensor():
    w = sorix.ones(2, requires_grad=True)
    before, memory = w, w.data
    (w * w).sum().backward()
    with sorix.no_grad():
        w -= 0.25 * w.grad
    assert w is before
    assert w.data is memory
    assert w.requires_grad
    assert w.tolist() == [0.5, 0.5]


def test_a_value_the_graph_needs_must_not_be_written():
    w = sorix.ones(2, requires_grad=True)
    loss = (w * w).sum()
    loss.backward(retain_graph=True)
    with sorix.no_grad():
        w -= 0.1
    with pytest.raises(InPlaceError, match="one of the variables needed for gradient computation"):
        loss.backward()


def test_a_write_past_the_tape_can_be_noted():
    w = sorix.ones(2, requires_grad=True)
    loss = (w * w).sum()
    w.data[0] = 7
    w.mark_written()
    with pytest.raises(InPlaceError):
        loss.backward()


def test_a_write_to_what_the_graph_does_not_need_is_allowed():
    w, c = sorix.ones(2, requires_grad=True), sorix.zeros(2)
    loss = (w * 3 + c).sum()
    c += 5
    loss.backward()
    assert w.grad.tolist() == [3.0, 3.0]


def test_writes_that_do_not_fit_are_refused():
    y = sorix.ones(3, requires_grad=True) * 1
    with pytest.raises(ShapeError, match="doesn't match the broadcast shape"):
        y += np.ones((2, 3))
    with pytest.raises(ShapeError, match="doesn't match the broadcast shape"):
        sorix.zeros(3).add_(np.ones((2, 3)))
    n = sorix.tensor([1, 2])
    with pytest.raises(DTypeError, match="can't be cast to the desired output type int64"):
        n += 0.5
    with pytest.raises(InPlaceError, match="@="):
        y @= y
    with pytest.raises(InPlaceError, match="more than one element of the written-to tensor"):
        sorix.zeros(1).expand(3).add_(y)
    with pytest.raises(TypeError):
        y += "a"


def test_an_array_does_not_take_in_a_tensor():
    a, x = np.zeros(2), sorix.ones(2, requires_grad=True)
    with pytest.raises(UnsupportedFunctionError, match="out="):
        a += x


def test_written_values_keep_their_dtype():
    y = sorix.ones(2, requires_grad=True) * 1
    y += np.ones(2)
    assert y.dtype == np.float32


def test_methods_that_write():
    y = sorix.tensor([1.0, 2.0])
    assert y.add_(1, alpha=2).tolist() == [3.0, 4.0]
    assert y.sub_(1).mul_(2).div_(4).tolist() == [1.0, 1.5]
    assert y.fill_(3).tolist() == [3.0, 3.0]
    assert y.copy_(sorix.tensor([5.0, 6.0])).tolist() == [5.0, 6.0]
    assert y.zero_().tolist() == [0.0, 0.0]


def test_an_array_that_is_no_tensor_may_be_written_before_backward() -> None:
    def f(x: sorix.Tensor, c: np.ndarray) -> sorix.Tensor:
        return (x * c + c * x).sum() + (x @ c)

    for function in (f, sorix.compile(f)):
        x, c = sorix.tensor([1.0, 2.0], requires_grad=True), np.array([3.0, 4.0])
        y = function(x, c)
        c[:] = 100.0
        y.backward()
        assert x.grad is not None
        assert x.grad.numpy().tolist() == [9.0, 12.0]
