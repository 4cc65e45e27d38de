"""Modules: what counts as a parameter, what it is called, and moving states in and out."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import sorix
from sorix import nn
from sorix.errors import SorixError, StateDictError


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 3)
        self.blocks = [nn.Linear(3, 3), nn.Tanh()]
        self.heads = {"left": nn.Linear(3, 1), "right": nn.Linear(3, 1, bias=False)}
        self.scale = nn.Parameter(2.0)
        self.note = "not a parameter"

    def forward(self, x):
        h = self.first(x)
        for block in self.blocks:
            h = block(h)
        return self.scale * (self.heads["left"](h) + self.heads["right"](h))


NAMES = [
    "scale",
    "first.W",
    "first.b",
    "blocks.0.W",
    "blocks.0.b",
    "heads.left.W",
    "heads.left.b",
    "heads.right.W",
]


def test_parameters_are_found_in_attributes_lists_and_dicts():
    net = Net()
    assert [name for name, _ in net.named_parameters()] == NAMES
    assert all(isinstance(p, nn.Parameter) for p in net.parameters())
    assert [name for name, _ in net.named_parameters(recurse=False)] == ["scale"]
    assert next(iter(net.named_parameters("net")))[0] == "net.scale"


def test_modules_are_listed_outermost_first():
    names = [name for name, _ in Net().named_modules()]
    assert names == ["", "first", "blocks.0", "blocks.1", "heads.left", "heads.right"]
    assert len(list(Net().modules())) == 6
    assert len(list(Net().children())) == 5


def test_what_is_reachable_twice_counts_once():
    net = Net()
    net.alias = net.first
    names = [name for name, _ in net.named_parameters()]
    assert len(names) == len(NAMES)
    assert "alias.W" not in names


def test_a_module_that_contains_itself_is_walked_once():
    net = Net()
    net.me = net
    assert len(list(net.parameters())) == len(NAMES)


def test_replacing_an_attribute_replaces_the_parameter():
    layer = nn.Linear(2, 2)
    layer.W = nn.Parameter(np.zeros((2, 2)))
    assert next(layer.parameters()) is layer.W
    del layer.b
    assert len(list(layer.parameters())) == 1


def test_plain_tensors_are_no_parameters():
    layer = nn.Linear(1, 1)
    layer.offset = sorix.tensor([1.0], requires_grad=True)
    assert len(list(layer.parameters())) == 2


def test_a_module_without_super_init_works():
    class Bare(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(1, 1)

    assert len(list(Bare().parameters())) == 2
    assert Bare().training


def test_forward_and_call_can_both_be_overridden():
    class ByCall(nn.Module):
        def __call__(self, x):
            return x + 1

    class ByForward(nn.Module):
        def forward(self, x, *, by=1):
            return x + by

    assert ByCall()(1) == 2
    assert ByForward()(1, by=3) == 4
    with pytest.raises(NotImplementedError, match=r'Module \[Module\] is missing .* "forward"'):
        nn.Module()(1)


def test_train_and_eval_reach_every_module():
    net = Net()
    assert net.eval() is net
    assert not any(module.training for module in net.modules())
    net.train()
    assert all(module.training for module in net.modules())


def test_apply_visits_inner_modules_first():
    seen = []
    net = Net()
    assert net.apply(seen.append) is net
    assert seen[-1] is net
    assert len(seen) == 6


def test_requires_grad_freezes_all():
    net = Net().requires_grad_(False)
    assert not any(p.requires_grad for p in net.parameters())


def test_zero_grad_keeps_the_array_or_sets_none():
    net = nn.Linear(2, 1)
    net(sorix.ones(1, 2)).sum().backward()
    array = net.W.grad.data
    net.zero_grad()
    assert net.W.grad.data is array
    np.testing.assert_array_equal(array, 0)
    net.zero_grad(set_to_none=True)
    assert net.W.grad is None


def test_zero_grad_leaves_a_gradient_in_use_alone():
    w = nn.Linear(1, 1, bias=False)
    (w(sorix.ones(1, 1)) ** 2).sum().backward(create_graph=True)
    used = w.W.grad
    before = used.data.copy()
    w.zero_grad()
    np.testing.assert_array_equal(used.data, before)
    np.testing.assert_array_equal(w.W.grad.data, 0)


def test_state_is_a_copy_and_loads_back_in_place():
    net = Net()
    state = net.state_dict()
    assert list(state) == NAMES
    arrays = [p.data for p in net.parameters()]
    for p in net.parameters():
        p.data[...] = 0
    assert all(np.any(value != 0) for value in state.values())
    result = net.load_state_dict(state)
    assert result == ([], [])
    for p, array in zip(net.parameters(), arrays, strict=True):
        assert p.data is array
    for name, p in net.named_parameters():
        np.testing.assert_array_equal(p.data, state[name])


def test_states_of_tensors_load_too():
    state = {name: sorix.tensor(value) for name, value in Net().state_dict().items()}
    net = Net()
    net.load_state_dict(state)
    np.testing.assert_array_equal(net.first.W.data, state["first.W"].data)


def test_a_state_that_does_not_fit_is_refused_and_nothing_changes():
    net = Net()
    before = net.state_dict()
    state = {**{name: value + 1 for name, value in before.items()}, "extra": np.zeros(1)}
    del state["scale"]
    state["first.W"] = np.zeros((5, 3))
    with pytest.raises(StateDictError) as caught:
        net.load_state_dict(state)
    text = str(caught.value)
    assert text.startswith("Error(s) in loading state_dict for Net:")
    assert 'Missing key(s) in state_dict: "scale"' in text
    assert 'Unexpected key(s) in state_dict: "extra"' in text
    assert "size mismatch for first.W" in text
    for name, p in net.named_parameters():
        np.testing.assert_array_equal(p.data, before[name])


def test_a_loose_load_reports_names_and_takes_the_rest():
    net = nn.Linear(2, 2)
    result = net.load_state_dict({"W": np.ones((2, 2)), "c": np.ones(1)}, strict=False)
    assert result.missing_keys == ["b"]
    assert result.unexpected_keys == ["c"]
    np.testing.assert_array_equal(net.W.data, 1)


def test_dtype_can_be_changed():
    net = nn.Linear(2, 2).double()
    assert net.W.dtype == np.float64
    assert net(sorix.ones(1, 2, dtype=sorix.float64)).dtype == np.float64
    assert net.float().W.dtype == np.float32


def test_copies_and_pickles_are_independent():
    net = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
    for twin in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        assert isinstance(twin[0].W, nn.Parameter)
        twin[0].W.data[...] = 7
        assert not np.any(net[0].W.data == 7)
        assert twin[0].W.requires_grad


def test_repr_shows_the_tree_as_pytorch_does():
    net = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Sequential(nn.Softplus(beta=2.0)))
    assert repr(net) == (
        "Sequential(\n"
        "  (0): Linear(in_features=1, out_features=16, bias=True)\n"
        "  (1): Tanh()\n"
        "  (2): Sequential(\n"
        "    (0): Softplus(beta=2.0)\n"
        "  )\n"
        ")"
    )


def test_sequential_is_a_sequence_of_layers():
    net = nn.Sequential(nn.Linear(1, 2), nn.Tanh(), nn.Linear(2, 1))
    assert len(net) == 3
    assert net[-1] is net[2]
    assert [type(layer) for layer in net] == [nn.Linear, nn.Tanh, nn.Linear]
    assert isinstance(net[:2], nn.Sequential)
    assert net[:2][0] is net[0]
    assert [name for name, _ in net.named_parameters()] == ["0.W", "0.b", "2.W", "2.b"]
    net.append(nn.Sin())
    assert len(net) == 4
    with pytest.raises(IndexError, match="index 4 is out of range"):
        net[4]
    with pytest.raises(TypeError, match="int is not a Module subclass"):
        nn.Sequential(3)


def test_a_state_error_is_one_of_ours():
    assert issubclass(StateDictError, SorixError)
    assert issubclass(StateDictError, RuntimeError)
