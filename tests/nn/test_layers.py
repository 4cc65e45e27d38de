"""Layers and losses against their formulas, and their derivatives against differences."""

from __future__ import annotations

import numpy as np
import pytest

import sorix
from sorix import nn
from sorix.errors import ShapeError, SorixError

X = np.linspace(-3.0, 3.0, 12).reshape(4, 3) + 0.05

FORMULAS = [
    (nn.Tanh(), np.tanh),
    (nn.ReLU(), lambda x: np.maximum(x, 0)),
    (nn.Sigmoid(), lambda x: 1 / (1 + np.exp(-x))),
    (nn.Softplus(), lambda x: np.log1p(np.exp(x))),
    (nn.Softplus(beta=2.0), lambda x: np.log1p(np.exp(2 * x)) / 2),
    (nn.SiLU(), lambda x: x / (1 + np.exp(-x))),
    (nn.Sin(), np.sin),
    (nn.Sin(w0=3.0), lambda x: np.sin(3 * x)),
]
IDS = [repr(layer) for layer, _ in FORMULAS]


@pytest.mark.parametrize("layer, formula", FORMULAS, ids=IDS)
def test_value_is_the_formula(layer, formula):
    np.testing.assert_allclose(layer(sorix.tensor(X)).data, formula(X), rtol=1e-14)


@pytest.mark.parametrize("layer, formula", FORMULAS, ids=IDS)
def test_first_and_second_derivatives_agree_with_differences(layer, formula):
    x = sorix.tensor(X, requires_grad=True)
    first = sorix.grad(layer(x).sum(), x, create_graph=True)[0]
    # The derivative of ReLU is piecewise constant: nothing to differentiate again.
    second = sorix.grad(first.sum(), x)[0] if first.requires_grad else None
    h = 1e-3
    ahead = [formula(X + k * h) for k in (-2, -1, 1, 2)]
    slope = (ahead[0] - 8 * ahead[1] + 8 * ahead[2] - ahead[3]) / (12 * h)
    np.testing.assert_allclose(first.data, slope, rtol=1e-9, atol=1e-9)
    assert (second is None) == isinstance(layer, nn.ReLU)
    if second is not None:
        bend = (-ahead[0] + 16 * ahead[1] - 30 * formula(X) + 16 * ahead[2] - ahead[3]) / 12 / h**2
        np.testing.assert_allclose(second.data, bend, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("layer, formula", FORMULAS, ids=IDS)
def test_float32_stays_float32(layer, formula):
    x = sorix.tensor(X.astype(np.float32), requires_grad=True)
    y = layer(x)
    y.sum().backward()
    assert y.dtype == np.float32
    assert x.grad.dtype == np.float32


@pytest.mark.parametrize("layer", [nn.Sigmoid(), nn.Softplus(), nn.SiLU(), nn.Tanh()])
def test_large_arguments_neither_overflow_nor_turn_into_nan(layer):
    x = sorix.tensor([-1e4, -800.0, 800.0, 1e4], dtype=sorix.float64, requires_grad=True)
    y = layer(x)
    (slope,) = sorix.grad(y.sum(), x, create_graph=True)
    slope.sum().backward()
    for values in (y.data, slope.data, x.grad.data):
        assert np.all(np.isfinite(values))


def test_relu_has_derivative_zero_at_zero():
    x = sorix.tensor([-1.0, 0.0, 1.0], requires_grad=True)
    nn.ReLU()(x).sum().backward()
    np.testing.assert_array_equal(x.grad.data, [0, 0, 1])


def test_linear_is_x_at_w_plus_b():
    layer = nn.Linear(3, 2, dtype=np.float64)
    y = layer(sorix.tensor(X))
    assert layer.W.shape == (3, 2)
    assert layer.b.shape == (1, 2)
    np.testing.assert_allclose(y.data, X @ layer.W.data + layer.b.data)
    assert nn.Linear(3, 2, bias=False).b is None
    np.testing.assert_allclose(
        nn.functional.linear(X, layer.W, layer.b).data, y.data, rtol=0, atol=0
    )


def test_linear_weights_are_uniform_within_one_over_root_of_inputs():
    sorix.manual_seed(0)
    layer = nn.Linear(100, 400)
    for values in (layer.W.data, layer.b.data):
        assert np.abs(values).max() <= 0.1
        assert np.abs(values).max() > 0.099
        assert values.dtype == np.float32
    assert abs(layer.W.data.mean()) < 1e-3
    np.testing.assert_allclose(layer.W.data.std(), 0.1 / np.sqrt(3), rtol=0.01)


def test_linear_follows_the_seed_and_the_default_dtype():
    sorix.manual_seed(7)
    first = nn.Linear(2, 2).W.data.copy()
    sorix.manual_seed(7)
    np.testing.assert_array_equal(nn.Linear(2, 2).W.data, first)
    sorix.set_default_dtype(sorix.float64)
    try:
        assert nn.Linear(2, 2).W.dtype == np.float64
    finally:
        sorix.set_default_dtype(sorix.float32)


def test_linear_refuses_an_input_of_the_wrong_width():
    with pytest.raises(ShapeError, match="cannot be multiplied"):
        nn.Linear(3, 2)(sorix.ones(4, 5))


def test_parameters_copy_their_data():
    values = np.zeros(3)
    p = nn.Parameter(values)
    p.data[0] = 1
    assert values[0] == 0
    assert nn.Parameter([1.0]).dtype == np.float32
    assert not nn.Parameter([1.0], requires_grad=False).requires_grad


@pytest.mark.parametrize("reduction, expected", [("mean", 2.5), ("sum", 5.0), ("none", [1.0, 4.0])])
def test_mse_loss_reductions(reduction, expected):
    loss = nn.MSELoss(reduction)(sorix.tensor([1.0, 2.0]), sorix.tensor([2.0, 4.0]))
    np.testing.assert_allclose(loss.data, expected)


def test_mse_loss_refuses_a_column_against_a_vector():
    with pytest.raises(ShapeError, match="different numbers of dimensions, 2 and 1"):
        nn.MSELoss()(sorix.ones(3, 1), sorix.ones(3))
    with pytest.raises(ValueError, match="average is not a valid value for reduction"):
        nn.MSELoss("average")


def test_mse_loss_takes_a_number_as_target():
    assert nn.MSELoss()(sorix.ones(3), sorix.tensor(3.0)).item() == 4.0


def network(activation):
    sorix.manual_seed(1)
    return nn.Sequential(
        nn.Linear(1, 5, dtype=np.float64), activation, nn.Linear(5, 1, dtype=np.float64)
    )


@pytest.mark.parametrize(
    "activation", [nn.Tanh(), nn.Sigmoid(), nn.Softplus(), nn.SiLU(), nn.Sin()], ids=repr
)
def test_gradient_of_a_loss_of_second_derivatives_agrees_with_differences(activation):
    model = network(activation)
    points = np.linspace(-1, 1, 7).reshape(-1, 1)

    def loss_of():
        x = sorix.tensor(points, requires_grad=True)
        u = model(x)
        u_x = sorix.grad(u, x, grad_outputs=sorix.ones_like(u), create_graph=True)[0]
        u_xx = sorix.grad(u_x, x, grad_outputs=sorix.ones_like(u), create_graph=True)[0]
        return (u_xx**2).mean()

    loss_of().backward()
    for p in model.parameters():
        got = np.zeros_like(p.data) if p.grad is None else p.grad.data
        for i in np.ndindex(p.shape):
            value, h = p.data[i], 1e-3
            shifted = []
            for k in (-2, -1, 1, 2):
                p.data[i] = value + k * h
                shifted.append(loss_of().item())
            p.data[i] = value
            slope = (shifted[0] - 8 * shifted[1] + 8 * shifted[2] - shifted[3]) / (12 * h)
            np.testing.assert_allclose(got[i], slope, rtol=1e-8, atol=1e-10)


def test_shape_errors_are_ours():
    assert issubclass(ShapeError, SorixError)
