"""Contiguous buffers: where parameters live, and what happens when somebody moves them."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref

import numpy as np
import pytest

import sorix
from sorix import nn, optim
from sorix.errors import DTypeError, InPlaceError, ShapeError


def layer():
    sorix.manual_seed(0)
    return nn.Linear(3, 2, dtype=np.float64)


def root(array):
    while array.base is not None:
        array = array.base
    return array


def descend(model, optimizer, steps=1):
    x = sorix.tensor(np.arange(6.0).reshape(2, 3))
    for _ in range(steps):
        optimizer.zero_grad()
        (model(x) ** 2).mean().backward()
        optimizer.step()


def after(steps, cls=optim.Adam, **options):
    """Where an undisturbed run of so many steps ends."""
    model = layer()
    descend(model, cls(model.parameters(), **options), steps)
    return model.state_dict()


def same(model, state):
    for name, p in model.named_parameters():
        np.testing.assert_allclose(p.data, state[name], rtol=1e-14, atol=1e-14)


def test_values_and_gradients_are_views_of_one_buffer_each():
    model = layer()
    before = model.state_dict()
    optim.Adam(model.parameters())
    assert root(model.W.data) is root(model.b.data)
    assert root(model.W.grad.data) is root(model.b.grad.data)
    assert root(model.W.data).size == 8
    same(model, before)


def test_a_gradient_of_zeros_exists_as_soon_as_the_optimiser_does():
    model = layer()
    optim.SGD(model.parameters())
    np.testing.assert_array_equal(model.W.grad.data, np.zeros((3, 2)))
    assert not model.W.grad.requires_grad


def test_a_gradient_that_was_there_is_kept():
    model = layer()
    model(sorix.ones(1, 3, dtype=sorix.float64)).sum().backward()
    gradient = model.W.grad.data.copy()
    optim.SGD(model.parameters())
    np.testing.assert_array_equal(model.W.grad.data, gradient)


def test_backward_accumulates_into_the_buffer():
    model = layer()
    optimizer = optim.SGD(model.parameters())
    array = model.W.grad.data
    descend(model, optimizer, 3)
    assert model.W.grad.data is array
    assert np.any(array != 0)


def test_dtypes_have_buffers_of_their_own():
    a, b = nn.Parameter(np.ones(2, np.float32)), nn.Parameter(np.ones(3))
    optimizer = optim.SGD([a, b], lr=1.0)
    a.grad.data[...] = b.grad.data[...] = 0.5
    optimizer.step()
    assert a.dtype == np.float32
    assert b.dtype == np.float64
    np.testing.assert_array_equal(np.concatenate([a.data, b.data]), 0.5)


def test_assigned_data_is_where_the_optimiser_goes_on_from():
    model = layer()
    optimizer = optim.SGD(model.parameters(), lr=1.0)
    array = np.full((3, 2), 5.0)
    model.W.data = array
    model.W.grad.data[...] = 1
    optimizer.step()
    np.testing.assert_array_equal(model.W.data, 4)
    assert model.W.data is array, "an assigned array is updated in place"
    optimizer.step()
    np.testing.assert_array_equal(model.W.data, 3)


def test_assigning_equal_data_each_step_changes_nothing():
    model = layer()
    optimizer = optim.Adam(model.parameters(), lr=0.1)
    for _ in range(4):
        model.W.data = model.W.data.copy()
        descend(model, optimizer)
    same(model, after(4, lr=0.1))


def test_read_only_data_is_copied():
    model = layer()
    optimizer = optim.SGD(model.parameters(), lr=1.0)
    model.W.data = np.broadcast_to(np.float64(2.0), (3, 2))
    model.W.grad.data[...] = 1
    optimizer.step()
    np.testing.assert_array_equal(model.W.data, 1)


def test_assigned_gradients_are_used():
    model = layer()
    start = model.W.data.copy()
    optimizer = optim.SGD(model.parameters(), lr=1.0)
    model.W.grad = sorix.ones(3, 2, dtype=sorix.float64)
    optimizer.step()
    np.testing.assert_allclose(model.W.data, start - 1)
    model.W.grad.data = np.full((3, 2), 2.0)
    optimizer.step()
    np.testing.assert_allclose(model.W.data, start - 3)
    optimizer.zero_grad()
    assert root(model.W.grad.data) is root(model.b.grad.data)
    np.testing.assert_array_equal(model.W.grad.data, 0)


def test_gradients_that_are_recorded_are_used():
    p = nn.Parameter(np.array([3.0]))
    optimizer = optim.SGD([p], lr=0.1)
    (p**2).sum().backward(create_graph=True)
    recorded = p.grad
    assert recorded.requires_grad
    optimizer.step()
    np.testing.assert_allclose(p.data, [2.4])
    optimizer.zero_grad()
    np.testing.assert_allclose(recorded.data, [6.0])
    np.testing.assert_array_equal(p.grad.data, [0.0])


def test_none_gradients_are_passed_over_and_come_back():
    model = layer()
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    before = model.state_dict()
    optimizer.zero_grad(set_to_none=True)
    assert model.W.grad is None
    optimizer.step()
    same(model, before)
    descend(model, optimizer)
    same(model, after(1, optim.SGD, lr=0.1))
    assert root(model.W.grad.data) is root(model.b.grad.data)


def test_a_frozen_parameter_stays():
    model = layer()
    optimizer = optim.Adam(model.parameters(), lr=0.1, weight_decay=0.1)
    descend(model, optimizer)
    model.W.requires_grad = False
    frozen, moving = model.W.data.copy(), model.b.data.copy()
    descend(model, optimizer, 2)
    np.testing.assert_array_equal(model.W.data, frozen)
    assert np.all(model.b.data != moving)
    model.W.requires_grad = True
    descend(model, optimizer)
    assert np.all(model.W.data != frozen)


def test_two_optimisers_can_share_parameters():
    model = layer()
    first = optim.SGD(model.parameters(), lr=0.1)
    second = optim.SGD(model.parameters(), lr=0.1)
    for _ in range(2):
        descend(model, first)
        descend(model, second)
    same(model, after(4, optim.SGD, lr=0.1))


def test_a_new_optimiser_takes_over_from_an_old_one():
    model = layer()
    descend(model, optim.SGD(model.parameters(), lr=0.1), 2)
    descend(model, optim.SGD(model.parameters(), lr=0.1), 2)
    same(model, after(4, optim.SGD, lr=0.1))


def test_a_loaded_state_is_where_the_optimiser_goes_on_from():
    model = layer()
    state = after(3, optim.SGD, lr=0.1)
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    model.load_state_dict(state)
    descend(model, optimizer)
    same(model, after(4, optim.SGD, lr=0.1))


@pytest.mark.parametrize("twin_of", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_copies_of_model_and_optimiser_go_on_together(twin_of):
    model = layer()
    optimizer = optim.Adam(model.parameters(), lr=0.1)
    descend(model, optimizer, 2)
    twin, twin_optimizer = twin_of((model, optimizer))
    stopped = model.state_dict()
    descend(twin, twin_optimizer, 2)
    same(twin, after(4, lr=0.1))
    same(model, stopped)
    descend(model, optimizer, 2)
    same(model, after(4, lr=0.1))


def test_data_of_another_shape_or_dtype_is_refused():
    model = layer()
    optimizer = optim.SGD(model.parameters())
    model.W.data = np.zeros((2, 2))
    with pytest.raises(ShapeError, match=r"of shape \(3, 2\) was given a value of shape \(2, 2\)"):
        optimizer.step()
    model.W.data = np.zeros((3, 2), np.float32)
    with pytest.raises(DTypeError, match=r"given data of dtype float32 after .* for float64"):
        optimizer.step()


def test_a_step_between_forward_and_backward_is_noticed():
    model = layer()
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    x = sorix.tensor(np.ones((1, 3)), requires_grad=True)
    loss = (model(x) ** 2).mean()
    loss.backward(retain_graph=True)
    optimizer.step()
    with pytest.raises(InPlaceError, match="modified by an inplace operation"):
        loss.backward()


def test_transposed_parameters_keep_their_values():
    p = nn.Parameter(np.zeros((2, 3)))
    p.data = np.arange(6.0).reshape(2, 3).T
    optim.SGD([p])
    np.testing.assert_array_equal(p.data, np.arange(6.0).reshape(2, 3).T)
    assert p.data.flags.c_contiguous


def test_optimisers_are_freed_without_the_collector():
    gc.collect()
    gc.disable()
    try:
        model = layer()
        optimizer = optim.Adam(model.parameters())
        descend(model, optimizer)
        gone = weakref.ref(optimizer)
        del optimizer
        assert gone() is None
    finally:
        gc.enable()
