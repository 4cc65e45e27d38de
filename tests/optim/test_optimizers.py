"""Updates against the published formulas, one parameter and one step at a time."""

from __future__ import annotations

import numpy as np
import pytest

import sorix
from sorix import nn, optim
from sorix.errors import DTypeError

SHAPES = [(2, 3), (3,), (), (0,), (1, 4)]
STEPS = 7


def parameters(dtype=np.float64, seed=0):
    random = np.random.default_rng(seed)
    return [nn.Parameter(random.standard_normal(s).astype(dtype)) for s in SHAPES]


def gradients(step):
    random = np.random.default_rng(100 + step)
    return [random.standard_normal(s) for s in SHAPES]


def sgd(p, g, state, t, lr, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False):
    g = g + weight_decay * p
    if momentum:
        old = state.get("buf")
        buf = state["buf"] = g if old is None else momentum * old + (1 - dampening) * g
        g = g + momentum * buf if nesterov else buf
    return p - lr * g


def adam(p, g, state, t, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    g = g + weight_decay * p
    m = state["m"] = betas[0] * state.get("m", 0) + (1 - betas[0]) * g
    v = state["v"] = betas[1] * state.get("v", 0) + (1 - betas[1]) * g**2
    return p - lr * (m / (1 - betas[0] ** t)) / (np.sqrt(v / (1 - betas[1] ** t)) + eps)


def adamw(p, g, state, t, lr=1e-3, weight_decay=1e-2, **options):
    return adam(p * (1 - lr * weight_decay), g, state, t, lr, **options)


CASES = [
    (optim.SGD, sgd, {"lr": 0.1}),
    (optim.SGD, sgd, {"lr": 0.1, "weight_decay": 0.3}),
    (optim.SGD, sgd, {"lr": 0.1, "momentum": 0.9}),
    (optim.SGD, sgd, {"lr": 0.1, "momentum": 0.9, "dampening": 0.5, "weight_decay": 0.3}),
    (optim.SGD, sgd, {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    (optim.SGD, sgd, {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.3}),
    (optim.Adam, adam, {}),
    (optim.Adam, adam, {"lr": 0.1, "betas": (0.5, 0.7), "eps": 1e-2}),
    (optim.Adam, adam, {"lr": 0.1, "weight_decay": 0.3}),
    (optim.AdamW, adamw, {"lr": 0.1}),
    (optim.AdamW, adamw, {"lr": 0.1, "weight_decay": 0.3, "eps": 1e-3}),
]
IDS = [f"{cls.__name__}-{options}" for cls, _, options in CASES]


@pytest.mark.parametrize("cls, formula, options", CASES, ids=IDS)
@pytest.mark.parametrize("dtype, tolerance", [(np.float64, 1e-13), (np.float32, 1e-5)])
def test_updates_follow_the_formula(cls, formula, options, dtype, tolerance):
    mine = parameters(dtype)
    expected = [p.data.astype(np.float64) for p in mine]
    states = [{} for _ in mine]
    optimizer = cls(mine, **options)
    for t in range(1, STEPS + 1):
        optimizer.zero_grad()
        for p, g in zip(mine, gradients(t), strict=True):
            p.grad.data[...] = g
        optimizer.step()
        expected = [
            formula(p, g, state, t, **options)
            for p, g, state in zip(expected, gradients(t), states, strict=True)
        ]
    for p, values in zip(mine, expected, strict=True):
        assert p.data.dtype == dtype
        np.testing.assert_allclose(p.data, values, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("cls, formula, options", CASES, ids=IDS)
def test_parameters_without_a_gradient_stay_and_lose_no_steps(cls, formula, options):
    """Each parameter follows its own count of updates, as in PyTorch."""
    mine = parameters()
    expected = [p.data.copy() for p in mine]
    states, counts = [{} for _ in mine], [0] * len(mine)
    optimizer = cls(mine, **options)
    for t in range(STEPS):
        optimizer.zero_grad(set_to_none=True)
        for i, g in enumerate(gradients(t)):
            if (i + t) % 3:
                mine[i].grad = sorix.tensor(g)
                counts[i] += 1
                expected[i] = formula(expected[i], g, states[i], counts[i], **options)
        optimizer.step()
    for p, values in zip(mine, expected, strict=True):
        np.testing.assert_allclose(p.data, values, rtol=1e-13, atol=1e-13)


def test_groups_have_options_of_their_own():
    a, b = nn.Parameter([1.0]), nn.Parameter([1.0])
    optimizer = optim.SGD([{"params": [a]}, {"params": b, "lr": 1.0}], lr=0.1)
    a.grad.data[...] = b.grad.data[...] = 1
    optimizer.step()
    np.testing.assert_allclose([a.data[0], b.data[0]], [0.9, 0.0], rtol=1e-6)
    assert [group["lr"] for group in optimizer.param_groups] == [0.1, 1.0]
    optimizer.param_groups[0]["lr"] = 0.5
    optimizer.step()
    np.testing.assert_allclose(a.data[0], 0.4, rtol=1e-6)


def test_a_closure_computes_the_loss_with_recording_on():
    p = nn.Parameter([2.0])
    optimizer = optim.SGD([p], lr=0.25)

    def closure():
        optimizer.zero_grad()
        loss = (p**2).sum()
        loss.backward()
        return loss

    with sorix.no_grad():
        loss = optimizer.step(closure)
    assert loss.item() == 4.0
    np.testing.assert_allclose(p.data, [1.0])
    assert optimizer.step() is None


def test_repr_lists_the_options():
    text = repr(optim.SGD([nn.Parameter([1.0])], lr=0.5, momentum=0.9))
    assert text.startswith("SGD (\nParameter Group 0\n    dampening: 0.0\n    lr: 0.5\n")


P = nn.Parameter([1.0])


@pytest.mark.parametrize(
    "make, error, sentence",
    [
        (lambda: optim.SGD([], lr=0.1), ValueError, "optimizer got an empty parameter list"),
        (lambda: optim.Adam(P), TypeError, "should be an iterable of Tensors or dicts"),
        (lambda: optim.Adam(nn.Linear(1, 1)), TypeError, r"write Adam\(model.parameters\(\)\)"),
        (lambda: optim.Adam([1.0]), TypeError, "can only optimize Tensors, but one .* is float"),
        (lambda: optim.Adam([P, P]), ValueError, "appear in more than one parameter group"),
        (lambda: optim.Adam([P * 2]), ValueError, "can't optimize a non-leaf Tensor"),
        (lambda: optim.Adam([sorix.tensor([1])]), DTypeError, "floating point dtype"),
        (lambda: optim.Adam([P], lr=-1), ValueError, "Invalid learning rate: -1"),
        (lambda: optim.Adam([P], betas=(1.0, 0.9)), ValueError, "at index 0: 1.0"),
        (lambda: optim.Adam([P], betas=(0.9, 1.5)), ValueError, "at index 1: 1.5"),
        (lambda: optim.Adam([P], eps=-1.0), ValueError, "Invalid epsilon value: -1.0"),
        (lambda: optim.Adam([P], weight_decay=-1), ValueError, "Invalid weight_decay value"),
        (lambda: optim.SGD([P], momentum=-1), ValueError, "Invalid momentum value: -1"),
        (lambda: optim.SGD([P], nesterov=True), ValueError, "Nesterov momentum requires"),
    ],
)
def test_bad_arguments_are_named(make, error, sentence):
    with pytest.raises(error, match=sentence):
        make()


def test_a_refused_optimizer_leaves_the_parameters_alone():
    p = nn.Parameter([1.0])
    array = p.data
    with pytest.raises(ValueError, match="learning rate"):
        optim.Adam([p], lr=-1)
    assert p.data is array
    assert p.grad is None
