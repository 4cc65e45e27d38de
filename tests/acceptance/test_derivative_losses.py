"""Losses made of first, second and third derivatives of a network, on the tape and compiled.

The oracle knows nothing of sorix: for one hidden layer the derivatives of the network are written
down by hand, and the gradient with respect to each weight is a complex step through them.
"""

from __future__ import annotations

import numpy as np
import pytest

import sorix
from sorix import nn

HIDDEN = 6


def derivative(u, x):
    return sorix.grad(u, x, grad_outputs=sorix.ones_like(u), create_graph=True)[0]


def first(model, x):
    u_x = derivative(model(x), x)
    return (u_x**2).mean()


def second(model, x):
    u_xx = derivative(derivative(model(x), x), x)
    return (u_xx**2).mean()


def third(model, x):
    u_xxx = derivative(derivative(derivative(model(x), x), x), x)
    return (u_xxx**2).mean()


def heat(model, xt):
    du = derivative(model(xt), xt)
    u_x, u_t = du[:, 0:1], du[:, 1:2]
    u_xx = derivative(u_x, xt)[:, 0:1]
    return ((u_t - u_xx) ** 2).mean()


def by_hand(loss, weights, x):
    """The loss from the formulas of the derivatives; the weights may be complex."""
    W0, b0, W1, _ = weights
    t = np.tanh(x @ W0 + b0)
    d1 = 1 - t * t
    d2 = -2 * t * d1
    d3 = -2 * (d1 * d1 + t * d2)
    w = W0[0]
    if loss is first:
        return np.mean(((d1 * w) @ W1) ** 2)
    if loss is second:
        return np.mean(((d2 * w**2) @ W1) ** 2)
    if loss is third:
        return np.mean(((d3 * w**3) @ W1) ** 2)
    return np.mean(((d1 * W0[1] - d2 * w**2) @ W1) ** 2)


def complex_step(loss, weights, x):
    found = []
    for k, weight in enumerate(weights):
        gradient = np.zeros(weight.shape)
        for i in np.ndindex(weight.shape):
            shifted = [w.astype(complex) for w in weights]
            shifted[k][i] += 1e-30j
            gradient[i] = by_hand(loss, shifted, x).imag / 1e-30
        found.append(gradient)
    return found


def network(inputs, dtype=np.float64):
    sorix.manual_seed(3)
    return nn.Sequential(
        nn.Linear(inputs, HIDDEN, dtype=dtype), nn.Tanh(), nn.Linear(HIDDEN, 1, dtype=dtype)
    )


ENGINES = {
    "tape": lambda loss: loss,
    "compiled": lambda loss: sorix.compile(loss, fallback="error"),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("loss, inputs", [(first, 1), (second, 1), (third, 1), (heat, 2)])
def test_gradient_for_every_weight_agrees_with_complex_step(engine, loss, inputs):
    model = network(inputs)
    points = np.random.default_rng(0).uniform(-1, 1, (9, inputs))
    weights = [p.data.copy() for p in model.parameters()]
    value = ENGINES[engine](loss)(model, sorix.tensor(points, requires_grad=True))
    np.testing.assert_allclose(value.item(), by_hand(loss, weights, points), rtol=1e-12)
    value.backward()
    expected = complex_step(loss, weights, points)
    scale = max(np.abs(g).max() for g in expected)
    for p, gradient in zip(model.parameters(), expected, strict=True):
        # The last bias is in no derivative: it has no gradient, or zeros.
        got = np.zeros(p.shape) if p.grad is None else p.grad.data
        np.testing.assert_allclose(got, gradient, rtol=1e-8, atol=1e-12 * scale)


def test_without_create_graph_the_derivative_is_a_constant():
    model = network(1)
    x = sorix.tensor(np.ones((3, 1)), requires_grad=True)
    u = model(x)
    u_x = sorix.grad(u, x, grad_outputs=sorix.ones_like(u))[0]
    assert not u_x.requires_grad
    with pytest.raises(RuntimeError, match="does not require grad"):
        (u_x**2).mean().backward()
    assert model[0].W.grad is None
