"""Derivatives of derivatives on the tape, against complex steps and five-point differences."""

from __future__ import annotations

import numpy as np
import pytest

import sorix
from tests.runtime.differences import assert_close, complex_gradient, gradient

RNG = np.random.default_rng(7)


def network_weights():
    shapes = [(2, 5), (1, 5), (5, 4), (1, 4), (4, 1), (1, 1)]
    return [RNG.normal(size=shape) * 0.7 for shape in shapes]


def network(x, weights):
    w1, b1, w2, b2, w3, b3 = weights
    return np.tanh(np.tanh(x @ w1 + b1) @ w2 + b2) @ w3 + b3


def along(u, x, column):
    """The derivative of each row of `u` along one column of `x`, recorded."""
    (du,) = sorix.grad(u, x, grad_outputs=sorix.ones_like(u), create_graph=True)
    return du[:, column : column + 1]


def first(x, u):
    return along(u, x, 0)


def second(x, u):
    return along(along(u, x, 0), x, 0)


def heat(x, u):
    return along(u, x, 1) - second(x, u)


def third(x, u):
    return along(second(x, u), x, 0)


def loss_on_tape(residual, points, weights):
    x = sorix.tensor(points, requires_grad=True)
    return (residual(x, network(x, weights)) ** 2).mean()


@pytest.mark.parametrize("residual", [first, second, heat, third])
def test_weight_gradients_of_losses_made_of_derivatives(residual):
    points = RNG.uniform(-1, 1, (6, 2))
    values = network_weights()
    weights = [sorix.tensor(w, requires_grad=True) for w in values]
    loss_on_tape(residual, points, weights).backward()
    for k, w in enumerate(weights):

        def loss(moved, k=k):
            return loss_on_tape(residual, points, [*values[:k], moved, *values[k + 1 :]]).item()

        if k == len(weights) - 1:  # the last bias does not reach any derivative of u
            assert w.grad is None
        else:
            assert_close(w.grad.numpy(), gradient(loss, values[k], h=2e-3))


def test_gradients_of_u_xx_squared_reach_through_the_matrix_product():
    # A matmul whose backward leaves the graph makes these wrong by a large factor, silently.
    points, values = RNG.uniform(-1, 1, (4, 2)), network_weights()
    weights = [sorix.tensor(w, requires_grad=True) for w in values]
    loss_on_tape(second, points, weights).backward()
    w1 = values[0]

    def analytic(moved):
        """mean(u_xx**2) with u_xx by the chain rule, for complex steps."""
        _, b1, w2, b2, w3, _ = values
        a = np.tanh(points @ moved + b1)
        da, dda = (1 - a * a) * moved[0], -2 * a * (1 - a * a) * moved[0] ** 2
        c = np.tanh(a @ w2 + b2)
        dz, ddz = da @ w2, dda @ w2
        return np.mean((((1 - c * c) * (ddz - 2 * c * dz * dz)) @ w3) ** 2)

    assert_close(weights[0].grad.numpy(), complex_gradient(analytic, w1), rtol=1e-12)


@pytest.mark.parametrize("narrow, wide", [((1, 3), (4, 3)), ((3,), (4, 3)), ((), (4, 3))])
def test_recorded_gradient_through_a_broadcast_has_the_shape_of_the_input(narrow, wide):
    b0, x0 = RNG.normal(size=narrow), RNG.normal(size=wide)
    b, x = sorix.tensor(b0, requires_grad=True), sorix.tensor(x0, requires_grad=True)
    (gb,) = sorix.grad((np.sin(b * x)).sum(), b, create_graph=True)
    assert gb.shape == narrow
    gx, gbb = sorix.grad((gb**2).sum(), (x, b))
    assert gx.shape == wide
    assert gbb.shape == narrow

    def squared(b, x):
        g = np.cos(b * x) * x
        axes = tuple(range(g.ndim - b.ndim)) + tuple(
            i + g.ndim - b.ndim for i, n in enumerate(b.shape) if n == 1
        )
        return np.sum(g.sum(axis=axes) ** 2)

    assert_close(gx.numpy(), complex_gradient(lambda v: squared(b0, v), x0), 1e-12)
    assert_close(gbb.numpy(), complex_gradient(lambda v: squared(v, x0), b0), 1e-12)


PROGRAMS = {
    "index": lambda x: (x[1:, None, 0] * x[0, 1] ** 3 * x[-1]).sum(),
    "mask": lambda x: (x[x > 0.6] ** 4).sum(),
    "repeated index": lambda x: (x[np.array([0, 2, 0, 0])] ** 3 * np.arange(4.0)[:, None]).sum(),
    "matmul": lambda x: ((x @ x.T) @ x * np.sin(x)).sum(),
    "vector matmul": lambda x: (x[0] @ x.T) @ x @ x[1] ** 2,
    "abs": lambda x: (abs(x - 0.7) ** 3 * x).sum(),
    "x**x": lambda x: (x**x).sum(),
    "2**x": lambda x: (2**x).sum(),
    "2.5**x over x": lambda x: (2.5 ** (1 / x) * x).mean(),
    "x**2.5": lambda x: (x**2.5).sum(),
    "x**-2": lambda x: (x**-2 - x**0).sum(),
    "exp log": lambda x: (np.exp(-x * x) * np.log(1 + x)).sum(),
    "trigonometric": lambda x: (np.sin(x) * np.cos(2 * x) / np.tan(x)).sum(),
    "hyperbolic": lambda x: (np.sinh(x) / np.cosh(x) ** 2 * np.tanh(x)).sum(),
    "mean axis": lambda x: (x.mean(axis=0, keepdims=True) * x**3).sum(),
    "max": lambda x: ((x * x).max(axis=1) ** 2 * x[:, 0]).sum(),
    "where": lambda x: np.where(x > 0.8, x**4, np.sin(x)).sum(),
    "maximum": lambda x: (np.maximum(x, 0.9) ** 3 * x).sum(),
    "concatenate": lambda x: (np.concatenate([x, x**2, x], axis=1) ** 2 * 0.3).sum() ** 2,
    "stack": lambda x: (np.stack([x, np.sin(x)], axis=1) ** 3).sum(),
    "reshape": lambda x: (x.reshape(-1) ** 3 * x.T.ravel()).sum(),
    "split": lambda x: (lambda a, b: (a[:, :1] * b**3).sum())(*np.split(x, [1], axis=1)),
    "prod": lambda x: x.prod(),
    "cumsum": lambda x: (x.cumsum(axis=0) ** 3).sum(),
    "in place": lambda x: written(x),
}


def written(x):
    y = x * 1.0
    row = y[1]
    row *= x[0]
    y[0, 1] = x[2, 0] ** 2
    y += y * x
    return (y**3).sum()


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("order", [1, 2, 3])
def test_derivatives_of_each_order(name, order):
    program = PROGRAMS[name]
    x0 = np.random.default_rng(3).uniform(0.4, 1.3, (3, 2))
    directions = [np.random.default_rng(k).normal(size=x0.shape) for k in range(2)]

    def lowered(x, order):
        """The sum over given directions of the derivative of one order less."""
        value = program(x)
        for k in range(order - 1):
            (g,) = sorix.grad(value, x, create_graph=True)
            value = (g * directions[k]).sum()
        return value

    def plain(point):
        x = sorix.tensor(point, requires_grad=True)
        return lowered(x, order).item()

    x = sorix.tensor(x0, requires_grad=True)
    (g,) = sorix.grad(lowered(x, order), x)
    assert_close(g.numpy(), gradient(plain, x0, h=1e-3), rtol=2e-8)


def test_backward_with_create_graph_leaves_gradients_that_can_be_differentiated():
    x = sorix.tensor([1.0, 2.0], dtype=sorix.float64, requires_grad=True)
    (x**3).sum().backward(create_graph=True)
    g, x.grad = x.grad, None
    g.sum().backward()
    assert_close(x.grad.numpy(), 6 * x.detach().numpy())


def test_tenth_derivative():
    x = sorix.tensor(0.3, dtype=sorix.float64, requires_grad=True)
    y = np.sin(x)
    for _ in range(10):
        (y,) = sorix.grad(y, x, create_graph=True)
    assert_close(y.detach().numpy(), np.asarray(-np.sin(0.3)), rtol=1e-14)
