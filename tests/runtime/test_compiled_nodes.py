"""A compiled call on the tape: one node, freed and refused as the tape's own are."""

from __future__ import annotations

import functools
import gc
import threading
import warnings
import weakref

import numpy as np
import pytest

import sorix
from sorix import optim
from sorix.errors import GraphFreedError, InPlaceError, ShapeError
from tests.runtime.engines import compiled, derivatives, leaf, network

X = [[-0.7], [0.2], [0.9]]


def penalty(model, x):
    u = model(x)
    (du,) = sorix.grad(u, x, grad_outputs=sorix.ones_like(u), create_graph=True)
    return (du**2).mean()


def cubes(x):
    return (x**3).sum()


def test_a_call_is_one_node():
    model, x = network(), leaf(X)
    result = compiled(penalty)(model, x)
    assert repr(result.grad_fn) == "<penaltyBackward>"
    assert {repr(parent) for parent in result.grad_fn.next_functions} == {"<AccumulateGrad>"}


def test_several_results_are_one_node():
    def pair(x, y):
        return x * y, x + y, (x * x).sum()

    x, y = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    product, total, squares = compiled(pair)(x, y)
    (product.sum() + 10 * total.sum() + squares).backward()
    assert x.grad.tolist() == [3.0 + 10 + 2, 4.0 + 10 + 4]
    assert y.grad.tolist() == [1.0 + 10, 2.0 + 10]
    for result in compiled(pair)(x, y):
        assert result.requires_grad


def test_one_of_several_results_is_enough():
    def pair(x, y):
        return x * y, np.exp(x)

    x, y = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    product, _ = compiled(pair)(x, y)
    product.sum().backward()
    assert x.grad.tolist() == [3.0, 4.0]


def test_only_the_named_inputs_get_a_gradient():
    model, x = network(), leaf(X)
    (g,) = sorix.grad(compiled(penalty)(model, x), model[0].W)
    (want,) = sorix.grad(penalty(model, x), model[0].W)
    np.testing.assert_allclose(g.data, want.data, rtol=1e-12)
    assert all(p.grad is None for p in model.parameters())


def test_what_the_loss_does_not_depend_on_is_unused():
    model, x = network(), leaf(X)
    with pytest.raises(sorix.errors.NoGradientError, match="not have been used in the graph"):
        sorix.grad(compiled(penalty)(model, x), model[2].b)
    assert sorix.grad(compiled(penalty)(model, x), model[2].b, allow_unused=True) == (None,)


def test_gradients_accumulate_in_the_buffers_of_an_optimiser():
    model, x = network(), leaf(X)
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    buffers = [p.grad.data for p in model.parameters()]
    compiled(penalty)(model, x).backward()
    optimizer.step()
    assert all(p.grad.data is b for p, b in zip(model.parameters(), buffers))


def test_gradients_have_the_dtype_of_what_they_belong_to():
    model, x = network(dtype=np.float32), leaf(X)
    compiled(penalty)(model, x).backward()
    assert {p.grad.dtype for p in model.parameters() if p.grad is not None} == {np.dtype("f4")}
    assert x.grad.dtype == np.float64


def test_a_second_backward_is_refused():
    x = leaf([1.0, 2.0])
    y = compiled(cubes)(x)
    y.backward()
    with pytest.raises(GraphFreedError, match="backward through the graph a second time"):
        y.backward()
    z = compiled(cubes)(x)
    z.backward(retain_graph=True)
    z.backward()
    assert x.grad.tolist() == [9.0, 36.0]


@pytest.mark.parametrize("engine", [lambda f: f, compiled])
def test_backward_after_the_optimiser_wrote_the_weights_is_refused(engine):
    model, x = network(), leaf(X)
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    loss = engine(penalty)(model, x)
    loss.backward(retain_graph=True)
    optimizer.step()
    with pytest.raises(InPlaceError):
        loss.backward()


@pytest.mark.parametrize("engine", [lambda f: f, compiled])
def test_backward_after_a_recorded_tensor_was_written_is_refused(engine):
    x = leaf([1.0, 2.0])
    y = x * 1.0
    loss = engine(cubes)(y)
    with sorix.no_grad():
        y += 1.0
    with pytest.raises(InPlaceError):
        loss.backward()


def test_create_graph_after_the_weights_were_written_is_refused():
    x = leaf([1.0, 2.0])
    y = x * 1.0
    loss = compiled(cubes)(y)
    with sorix.no_grad():
        y += 1.0
    with pytest.raises(InPlaceError):
        sorix.grad(loss, x, create_graph=True)


@pytest.fixture
def no_collector():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("order", [1, 2, 3])
def test_no_reference_cycles_are_left(no_collector, order):
    model, x = network(), leaf(X)
    through = compiled(penalty)
    through(model, x).backward()
    loss = through(model, x)
    seen = [weakref.ref(loss), weakref.ref(loss.data)]
    for _ in range(order - 1):
        (g,) = sorix.grad(loss, x, create_graph=True)
        loss = (g**2).sum()
        seen += [weakref.ref(g), weakref.ref(loss)]
    loss.backward()
    for p in (x, *model.parameters()):
        p.grad = None
    seen.append(weakref.ref(x))
    del loss, x, p
    if order > 1:
        del g
    assert [ref() for ref in seen] == [None] * len(seen)


def test_a_call_that_is_dropped_before_backward_is_freed(no_collector):
    model, x = network(), leaf(X)
    loss = compiled(penalty)(model, x)
    ref = weakref.ref(loss.data)
    del loss
    assert ref() is None


def test_the_residuals_are_freed_by_backward(no_collector):
    def loss_of(x):
        return np.exp(np.sin(x)).sum()

    x = leaf(np.linspace(0, 1, 5))
    y = x * 2.0
    held = weakref.ref(y.data)
    loss = compiled(loss_of)(y)
    del y
    assert held() is not None
    loss.backward()
    assert held() is None


def test_a_long_chain_of_calls():
    @functools.partial(sorix.compile, fallback="error")
    def grow(x):
        return x + 1e-3 * x

    x = leaf(1.0)
    y = x
    for _ in range(20_000):
        y = grow(y)
    y.backward()
    np.testing.assert_allclose(x.grad.item(), 1.001**20_000, rtol=1e-9)


def test_threads_call_at_the_same_time():
    def loss(x, kind):
        return (x**3).sum() if kind else (x**2).sum()

    through, failures = sorix.compile(loss, fallback="error"), []

    def work(seed):
        try:
            random = np.random.default_rng(seed)
            for step in range(30):
                shape = [(3,), (2, 2), (), (1, 4)][(seed + step) % 4]
                x = leaf(random.normal(size=shape))
                kind = bool(step % 2)
                through(x, kind).backward()
                want = 3 * x.data**2 if kind else 2 * x.data
                np.testing.assert_allclose(x.grad.data, want, rtol=1e-12)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_recording_is_off_in_one_thread_only():
    through, x, seen = compiled(cubes), leaf([1.0, 2.0]), []
    with sorix.no_grad():
        thread = threading.Thread(target=lambda: seen.append(through(x).requires_grad))
        thread.start()
        thread.join()
        seen.append(through(x).requires_grad)
    assert seen == [True, False]


def test_errors_name_the_generated_and_the_users_line():
    def product(a, b):
        c = a @ b
        return c.sum()

    with pytest.raises(ValueError) as caught:
        compiled(product)(np.ones((2, 3)), np.ones((4, 5)))
    assert any("c = a @ b" in note for note in caught.value.__notes__)
    with pytest.raises(ShapeError):
        compiled(product)(leaf(np.ones((2, 3))), leaf(np.ones((4, 5))))


def test_floating_point_settings_of_the_program_are_kept():
    def safe(x):
        with np.errstate(divide="ignore", invalid="ignore"):
            y = np.where(x > 0, np.log(x), 0.0)
        return y.sum()

    x = leaf([0.0, 1.0, 2.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value = compiled(safe)(x)
    np.testing.assert_allclose(value.item(), np.log(2.0))


def test_derivatives_agree_on_float32():
    for order in (1, 2):
        got = derivatives(compiled(penalty), (network(dtype=np.float32), leaf(X)), {}, order)
        want = derivatives(penalty, (network(dtype=np.float32), leaf(X)), {}, order)
        for g, w in zip(got[-1], want[-1]):
            np.testing.assert_allclose(g, w, rtol=2e-5, atol=1e-6)
