"""The compiler reads the library's layers as it reads a user's: same values, same gradients."""

from __future__ import annotations

import numpy as np
import pytest

import sorix
from sorix import nn

X = np.linspace(-2.0, 2.0, 12).reshape(4, 3) + 0.05


def slope_penalty(model, x):
    u = model(x)
    du_dx = sorix.grad(u, x, grad_outputs=sorix.ones_like(u), create_graph=True)[0]
    return (du_dx**2).mean() + (u**2).sum()


def gradients(loss_of, model):
    model.zero_grad(set_to_none=True)
    loss = loss_of(model, sorix.tensor(X, requires_grad=True))
    loss.backward()
    return [loss.data] + [p.grad.data for p in model.parameters() if p.grad is not None]


@pytest.mark.parametrize(
    "activation",
    [
        nn.Tanh(),
        nn.ReLU(),
        nn.Sigmoid(),
        nn.Softplus(),
        nn.Softplus(beta=2.0),
        nn.SiLU(),
        nn.Sin(w0=2.0),
    ],
    ids=repr,
)
@pytest.mark.parametrize("bias", [True, False])
def test_a_compiled_network_agrees_with_the_tape(activation, bias):
    sorix.manual_seed(2)
    model = nn.Sequential(
        nn.Linear(3, 4, bias=bias, dtype=np.float64),
        activation,
        nn.Linear(4, 2, bias=bias, dtype=np.float64),
    )
    compiled = sorix.compile(slope_penalty, fallback="error")
    for got, expected in zip(
        gradients(compiled, model), gradients(slope_penalty, model), strict=True
    ):
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_a_compiled_loss_agrees_with_the_tape(reduction):
    criterion = nn.MSELoss(reduction)
    target = sorix.tensor(np.ones((4, 3)))

    def loss_of(model, x):
        return criterion(model(x), target)

    model = nn.Sequential(nn.Linear(3, 3, dtype=np.float64))
    compiled = sorix.compile(loss_of, fallback="error")
    for got, expected in zip(gradients(compiled, model), gradients(loss_of, model), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-12)
