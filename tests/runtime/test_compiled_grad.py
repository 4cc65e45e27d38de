"""`sorix.grad` met inside compiled code: expanded in place, and differentiated again outside."""

from __future__ import annotations

import numpy as np
import pytest

import sorix
from sorix.errors import NotDifferentiableError
from tests.runtime.engines import agree, compiled, leaf, network

X = [[-0.7], [0.2], [0.9]]


def slope(u, x, **options):
    return sorix.grad(u, x, grad_outputs=sorix.ones_like(u), create_graph=True, **options)[0]


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_derivatives_of_a_network_in_a_loop(depth):
    def loss(model, x):
        u = model(x)
        for _ in range(depth):
            u = slope(u, x)
        return (u**2).mean()

    agree(loss, network(), leaf(X), order=2, tolerance=1e-11)


def test_derivatives_to_third_order_through_a_call():
    def loss(model, x):
        return (slope(model(x), x) ** 2).mean()

    agree(loss, network(), leaf(X), order=3, tolerance=1e-11)


def test_a_plain_function_to_third_order_through_a_call():
    def loss(x, y):
        return (np.exp(x * y) + x**3 / y).sum()

    agree(loss, leaf([0.3, 0.7]), leaf([1.2, -0.4]), order=3)


def test_backward_with_create_graph_through_a_call():
    def cubes(x):
        return (x**3).sum()

    x = leaf([1.0, 2.0])
    compiled(cubes)(x).backward(create_graph=True)
    first = x.grad
    x.grad = None
    first.sum().backward()
    assert x.grad.tolist() == [6.0, 12.0]


def test_several_inputs_and_outputs():
    def loss(x, y):
        u, v = np.sin(x) * y, x * x * y
        du, dv = sorix.grad(
            [u, v], [x, y], [sorix.ones_like(u), 2 * sorix.ones_like(v)], create_graph=True
        )
        return (du * dv).sum()

    agree(loss, leaf([0.3, 0.7]), leaf([1.2, -0.4]), order=3)


def test_the_cotangent_may_depend_on_the_inputs():
    def loss(x, w):
        (g,) = sorix.grad(x**3, x, grad_outputs=w * x, create_graph=True)
        return (g * w).sum()

    agree(loss, leaf([0.3, 0.7]), leaf([1.2, -0.4]), order=3)


def test_implicit_cotangent_of_one_number():
    def loss(x):
        (g,) = sorix.grad((x**3).sum(), x, create_graph=True)
        return (g**2).sum()

    agree(loss, leaf([0.3, 0.7]), order=3)


def test_without_create_graph_it_is_a_constant():
    def loss(x):
        (g,) = sorix.grad((x**3).sum(), x)
        return (g * x).sum()

    agree(loss, leaf([0.3, 0.7]), order=2)


def test_with_respect_to_an_intermediate():
    def loss(x):
        h = np.sin(x)
        (g,) = sorix.grad((h * h * h * x).sum(), h, create_graph=True)
        return (g * h).sum()

    agree(loss, leaf([0.3, 0.7]), order=3)


def test_with_respect_to_parameters_of_the_module():
    def loss(model, x):
        grads = sorix.grad(model(x).mean(), list(model.parameters()), create_graph=True)
        return sum((g * g).sum() for g in grads)

    agree(loss, network(), leaf(X), order=2, tolerance=1e-11)


def test_unused_inputs():
    def loss(x, y):
        gx, gy = sorix.grad((x**3).sum(), [x, y], create_graph=True, allow_unused=True)
        assert gy is None
        return (gx * y).sum()

    agree(loss, leaf([0.3, 0.7]), leaf([1.2, -0.4]), order=2)

    def refused(x, y):
        return sum(g.sum() for g in sorix.grad((x**3).sum(), [x, y]))

    with pytest.raises(NotDifferentiableError, match="appears to not have been used in the graph"):
        compiled(refused)(leaf([0.3]), leaf([1.2]))


def test_in_branches_and_loops():
    def loss(x, steps, positive):
        total = 0.0
        for k in range(steps):
            (g,) = sorix.grad((x ** (k + 2)).sum(), x, create_graph=True)
            total = total + (g**2).sum() if positive else total - (g**2).sum()
        return total

    agree(loss, leaf([0.3, 0.7]), 3, True, order=2)
    agree(loss, leaf([0.3, 0.7]), 2, False, order=2)


def test_newton_iteration_on_a_derivative():
    def root(a, x):
        for _ in range(4):
            f = (x**3 - a * x).sum()
            (g,) = sorix.grad(f, x, create_graph=True)
            (h,) = sorix.grad(g.sum(), x, create_graph=True)
            x = x - g / h
        return x.sum()

    agree(root, leaf(2.0), leaf([1.5]), order=2, tolerance=1e-10)


def test_in_a_called_function_and_a_closure():
    def outer(model, x):
        def residual(points):
            u = model(points)
            return slope(slope(u, points), points) + u

        return (residual(x) ** 2).mean()

    agree(outer, network(), leaf(X), order=2, tolerance=1e-11)


def test_columns_of_several_variables():
    def burgers(model, xt):
        u = model(xt)
        du = slope(u, xt)
        u_x, u_t = du[:, 0:1], du[:, 1:2]
        u_xx = slope(u_x, xt)[:, 0:1]
        return ((u_t + u * u_x - 0.1 * u_xx) ** 2).mean()

    xt = leaf(np.random.default_rng(0).uniform(-1, 1, (4, 2)))
    agree(burgers, network(2), xt, order=2, tolerance=1e-11)


def test_no_grad_and_detach_inside():
    def loss(x):
        with sorix.no_grad():
            scale = (x * x).sum()
        y = x * scale + x.detach() ** 2
        (g,) = sorix.grad((y * y).sum(), x, create_graph=True)
        return (g * x).sum()

    agree(loss, leaf([0.3, 0.7]), order=2)


def test_no_grad_outside_records_nothing_but_inner_derivatives_are_right():
    def loss(x):
        (g,) = sorix.grad((x**3).sum(), x, create_graph=True)
        return (g**2).sum()

    through, x = compiled(loss), leaf([1.0, 2.0])
    with sorix.no_grad():
        value = through(x)
    assert not value.requires_grad
    assert value.item() == 9.0 + 144.0
    assert through(x).requires_grad


def test_a_tensor_that_does_not_require_grad_is_refused():
    def loss(x):
        return sorix.grad((x**3).sum(), x)[0].sum()

    with pytest.raises(NotDifferentiableError, match="does not require grad"):
        compiled(loss)(sorix.tensor([1.0]))


def test_several_numbers_need_a_cotangent():
    def loss(x):
        return sorix.grad(x**3, x)[0].sum()

    with pytest.raises(NotDifferentiableError, match="only for scalar outputs"):
        compiled(loss)(leaf([1.0, 2.0]))


def test_only_what_is_needed_is_computed():
    def loss(model, x):
        return (slope(model(x), x) ** 2).mean()

    through = compiled(loss)
    through(network(), leaf(X))
    # The output layer of u is not: nothing reads u itself.
    assert "@ W2" not in through.source
    assert through.source.count("np.tanh") == 1
