"""Memory and depth: chains are neither swept nor freed by recursion, and graphs hold no cycles."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

import sorix

DEEP = 150_000


@pytest.fixture
def no_collector():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def chain(x, step):
    y = x
    for _ in range(DEEP):
        y = step(y)
    return y


@pytest.mark.parametrize("step", [lambda y: y * 1.0, lambda y: y.T, lambda y: y + y.detach() * 0.0])
@pytest.mark.parametrize("swept", [True, False])
def test_a_long_chain_is_swept_and_freed(step, swept, no_collector):
    x = sorix.tensor([[1.0]], requires_grad=True)
    y = chain(x, step)
    first = weakref.ref(y.grad_fn.next_functions[0])
    if swept:
        y.backward()
        assert x.grad.item() == 1.0
    del y
    assert first() is None


def test_a_long_chain_of_written_values_is_swept():
    x = sorix.tensor([1.0], requires_grad=True)
    y = x * 1.0
    for _ in range(2000):
        y += x
    y.backward()
    assert x.grad.item() == 2001.0


def test_recorded_gradients_leave_no_cycles(no_collector):
    w = sorix.ones(3, 3, requires_grad=True)

    def trace(w):
        z = np.tanh(w @ w + w[0]).sum()
        (g,) = sorix.grad(z, w, create_graph=True)
        loss = (g**2).mean()
        loss.backward(create_graph=True)
        return [weakref.ref(thing) for thing in (z, z.grad_fn, g, g.grad_fn, loss, loss.grad_fn)]

    traces = trace(w)
    assert w.grad.requires_grad
    kept, last = weakref.ref(w.grad), weakref.ref(w)
    w.grad = None
    assert [ref() for ref in traces] == [None] * 6
    assert kept() is None
    trace(w)
    del w
    assert last() is None
    assert gc.collect() == 0


def test_a_parameter_with_a_recorded_gradient_is_freed_with_it(no_collector):
    w = sorix.ones(2, requires_grad=True)
    (w**3).sum().backward(create_graph=True)
    ref = weakref.ref(w)
    del w
    assert ref() is None


def test_backward_frees_saved_arrays(no_collector):
    x = sorix.ones(2000, requires_grad=True)
    y = np.exp(x)
    saved = weakref.ref(y.data)
    z = (y * y + 1.0).reshape(2, 1000).sum()
    del y
    assert saved() is not None
    z.backward()
    assert saved() is None


def test_views_do_not_outlive_what_refers_to_them(no_collector):
    x = sorix.zeros(4)
    views = [x[i:] for i in range(4)]
    refs = [weakref.ref(view) for view in views]
    del views
    assert [ref() for ref in refs] == [None] * 4


def test_nothing_is_recorded_of_constants():
    x = sorix.ones(2)
    assert (x * 2 + np.ones(2)).grad_fn is None
    assert x.sum().grad_fn is None
