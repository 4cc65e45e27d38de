"""What a specialisation assumed is looked at in every call: each change finds the right code."""

from __future__ import annotations

import enum

import numpy as np
import pytest

import sorix
from sorix import nn
from tests.runtime.engines import assert_equal_trees, compiled, derivatives, leaf, network


def loss(model, x):
    return (model(x) ** 2).sum()


class Both:
    """A function and its compiled twin, compared at every call."""

    def __init__(self, function):
        self.function, self.through = function, compiled(function)

    def __call__(self, *args, order=1, **kwargs):
        want = derivatives(self.function, args, kwargs, order)
        got = derivatives(self.through, args, kwargs, order)
        assert_equal_trees(got, want, 1e-5 if _single(args) else 1e-12)

    @property
    def count(self):
        return len(self.through._dispatcher.entries)


def _single(args):
    return any(getattr(a, "dtype", None) == np.float32 for a in args)


def test_dtype_rank_and_unit_dimensions():
    both = Both(lambda x, y: (x * y).sum() + np.sin(x).sum())
    row, column = np.linspace(0, 1, 3)[None, :], np.linspace(1, 2, 3)[:, None]
    both(leaf(column), leaf(row))
    both(leaf(column), leaf(column))
    both(leaf(column, np.float32), leaf(row, np.float32))
    both(leaf([1.0, 2.0, 3.0]), leaf(column))
    both(leaf(2.0), leaf(row))
    both(leaf(np.ones((1, 1))), leaf(row))
    both(leaf(np.ones((0, 3))), leaf(row))
    assert both.count == 7
    for n in (2, 5, 9):
        both(leaf(np.ones((n, 1))), leaf(row))
    assert both.count == 7


def test_a_short_last_batch_compiles_nothing():
    both, model = Both(loss), network()
    for n in (10, 10, 7, 2):
        both(model, leaf(np.linspace(0, 1, n)[:, None]))
    assert both.count == 1
    both(model, leaf([[0.5]]))
    assert both.count == 2


def test_the_kind_of_an_argument():
    both = Both(lambda x, a: (x * a).sum())
    x = leaf([1.0, 2.0])
    for a in (2.0, 2, np.float64(2.0), np.float32(2.0), True, np.array([1.0, 3.0]), leaf(3.0)):
        both(x, a)
    both(sorix.tensor([1.0, 2.0]), leaf(3.0))
    assert both.count == 8


def test_flags_strings_none_and_enumerations():
    class Mode(enum.Enum):
        UP = 1
        DOWN = 2

    def function(x, flag, name, extra, mode):
        y = np.sin(x) if flag else np.cos(x)
        y = y * 2 if name == "double" else y
        y = y if extra is None else y + extra
        return (y if mode is Mode.UP else -y).sum()

    both, x = Both(function), leaf([0.3, 0.7])
    for flag in (True, False):
        both(x, flag, "double", None, Mode.UP)
        both(x, flag, "single", 1.0, Mode.DOWN)
        both(x, flag, "single", 1.0, Mode.UP)
    assert both.count == 6


def test_a_changed_module_is_seen():
    both, x = Both(loss), leaf([[0.5], [1.0]])
    model = network()
    both(model, x)
    both(network(seed=9), x)
    assert both.count == 1
    model.append(nn.Tanh())
    both(model, x)
    model[0].W = nn.Parameter(np.ones((1, 5)))
    both(model, x)
    model[2].W.data = np.full((5, 1), 2.0)
    both(model, x)
    model[0].b = nn.Parameter(np.ones((1, 5), np.float32))
    both(model, x)
    both(model[:2], x)


def test_a_layer_without_bias():
    both, x = Both(loss), leaf([[0.5], [1.0]])
    for bias in (True, False):
        sorix.manual_seed(0)
        both(nn.Sequential(nn.Linear(1, 3, bias=bias, dtype=np.float64), nn.Tanh()), x)
    assert both.count == 2


class Tied(nn.Module):
    """Two linear maps that may be one."""

    def __init__(self, first, second):
        super().__init__()
        self.first, self.second = first, second

    def forward(self, x):
        return np.tanh(x @ self.first) @ self.second


def test_tied_weights():
    both, x = Both(loss), leaf([[0.5, 0.1], [1.0, -0.4]])

    def parameter(seed):
        return nn.Parameter(np.random.default_rng(seed).normal(size=(2, 2)))

    shared = parameter(0)
    both(Tied(shared, shared), x, order=2)
    both(Tied(parameter(1), parameter(2)), x, order=2)
    both(Tied(shared, shared), x, order=2)
    both(Tied(parameter(1), shared), x, order=2)
    assert both.count == 2


def test_requires_grad_and_frozen_parameters():
    both, model = Both(loss), network()
    values = [[0.5], [1.0]]
    both(model, leaf(values))
    both(model, sorix.tensor(np.array(values)))
    model[0].W.requires_grad = False
    both(model, leaf(values))
    model[0].W.requires_grad = True
    both(model, leaf(values))
    for p in model.parameters():
        p.requires_grad = False
    both(model, leaf(values))
    result = both.through(model, sorix.tensor(np.array(values)))
    assert not result.requires_grad
    assert both.count == 5


def test_lengths_and_keys_of_containers():
    both = Both(lambda parts: sum((k + 1) * (parts[n] ** 2).sum() for k, n in enumerate(parts)))
    both({"a": leaf([1.0]), "b": leaf([2.0, 3.0])})
    both({"b": leaf([1.0]), "a": leaf([2.0, 3.0])})
    both({"a": leaf([1.0])})
    total = Both(lambda parts: sum((p**2).sum() for p in parts))
    for parts in ([leaf(1.0)], [leaf(1.0), leaf(2.0)], (leaf(1.0), leaf(2.0))):
        total(parts)
    assert (both.count, total.count) == (3, 3)


def test_arguments_that_become_one_object():
    both = Both(lambda x, y: (x * x * y).sum())
    x, y = leaf([1.0, 2.0]), leaf([3.0, 4.0])
    for pair in ((x, y), (x, x), (y, x), (y, y)):
        both(*pair, order=2)


@pytest.mark.parametrize("sizes", [(3, 3), (3, 4)])
def test_a_shape_that_decides_a_branch(sizes):
    def function(x):
        y = x
        if x.shape[0] == x.shape[1]:
            y = x @ x
        return (y * y).sum()

    both = Both(function)
    both(leaf(np.arange(float(sizes[0] * sizes[1])).reshape(sizes)))
    both(leaf(np.ones((2, 2))))
    both(leaf(np.ones((2, 5))))


def test_an_array_in_the_place_of_a_tensor_shares_no_specialisation():
    both, a = Both(lambda x: np.sum(x * x)), np.array([1.0, 2.0])
    both(a)
    both(sorix.tensor(a))
    both(leaf(a))
    assert both.count == 3


def test_the_number_of_specialisations_is_bounded():
    both = Both(lambda x, name: (x * len(name)).sum())
    x = leaf([1.0, 2.0])
    for k in range(70):
        both(x, "a" * (k + 1))
    assert both.count == 64
