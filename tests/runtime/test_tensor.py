"""What a tensor is as a Python object: attributes, conversions, printing, copying."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import sorix
from sorix.errors import (
    DTypeError,
    NoGradientError,
    NonScalarError,
    ShapeError,
    UnsupportedMethodError,
)
from sorix.runtime.methods import METHODS, TENSOR_METHODS


def leaf(values=((1.0, 2.0), (3.0, 4.0))):
    return sorix.tensor(values, requires_grad=True)


def test_attributes_are_the_arrays():
    x = sorix.zeros(2, 3, dtype=sorix.float64)
    assert (x.shape, x.ndim, x.size, x.dtype) == ((2, 3), 2, 6, np.float64)
    assert (x.numel(), x.dim(), x.nbytes) == (6, 2, 48)
    assert x.T.shape == (3, 2)
    assert isinstance(x.data, np.ndarray)


def test_leaf_and_result_know_their_place_in_the_graph():
    x = leaf()
    y = x * 2
    assert x.is_leaf
    assert x.requires_grad
    assert x.grad_fn is None
    assert not y.is_leaf
    assert y.requires_grad
    assert repr(y.grad_fn) == "<MulBackward>"
    assert [repr(node) for node in y.grad_fn.next_functions] == ["<AccumulateGrad>"]
    assert y.detach().is_leaf
    assert not y.detach().requires_grad


def test_requires_grad_can_be_switched_on_leaves_only():
    x = sorix.tensor([1.0])
    assert x.requires_grad_() is x
    assert x.requires_grad
    x.requires_grad = False
    assert (x * 2).is_leaf
    y = leaf() * 2
    with pytest.raises(NoGradientError, match="you can only change requires_grad flags of leaf"):
        y.requires_grad = False


@pytest.mark.parametrize("dtype", [sorix.int32, sorix.int64, sorix.bool])
def test_only_floats_require_grad(dtype):
    with pytest.raises(DTypeError, match="only Tensors of floating point dtype can require"):
        sorix.ones(2, dtype=dtype, requires_grad=True)


def test_numpy_shares_memory_and_refuses_to_detach():
    x = sorix.zeros(2)
    x.numpy()[0] = 5
    assert x.tolist() == [5.0, 0.0]
    sentence = r"Can't call numpy\(\) on Tensor that requires grad. Use tensor.detach\(\).numpy\(\)"
    with pytest.raises(NoGradientError, match=sentence):
        leaf().numpy()
    with pytest.raises(NoGradientError, match=sentence):
        np.asarray(leaf())
    with pytest.raises(NoGradientError, match=sentence):
        np.array([leaf(), leaf()])


def test_item_and_conversions():
    x = sorix.tensor(2.5, requires_grad=True)
    assert (x.item(), float(x), int(x), complex(x), bool(x)) == (2.5, 2.5, 2, 2.5, True)
    assert f"{x:.3f}" == "2.500"
    assert [10, 20, 30][sorix.tensor(1)] == 20
    with pytest.raises(NonScalarError, match="a Tensor with 4 elements cannot be converted"):
        leaf().item()
    with pytest.raises(NonScalarError, match="Boolean value of Tensor with more than one value"):
        bool(leaf())
    with pytest.raises(TypeError, match="only integer tensors of a single element"):
        [1, 2][sorix.tensor(1.0)]


def test_length_and_iteration():
    x = leaf()
    assert len(x) == 2
    assert [row.tolist() for row in x] == [[1.0, 2.0], [3.0, 4.0]]
    first, _ = x
    assert first.requires_grad
    assert 3.0 in x
    assert 7.0 not in x
    with pytest.raises(TypeError, match="0-d tensor"):
        len(sorix.tensor(1.0))
    with pytest.raises(TypeError, match="0-d tensor"):
        iter(sorix.tensor(1.0))


@pytest.mark.parametrize(
    "make, text",
    [
        (lambda: sorix.tensor([1.0, 2.5]), "tensor([1. , 2.5])"),
        (lambda: sorix.tensor([1, 2]), "tensor([1, 2])"),
        (lambda: sorix.tensor([True]), "tensor([ True])"),
        (lambda: sorix.tensor(1.5), "tensor(1.5)"),
        (lambda: sorix.zeros(0), "tensor([], size=(0,))"),
        (lambda: sorix.tensor(np.ones(1)), "tensor([1.], dtype=float64)"),
        (lambda: sorix.ones(1, requires_grad=True), "tensor([1.], requires_grad=True)"),
        (
            lambda: np.tanh(sorix.zeros(1, requires_grad=True)),
            "tensor([0.], grad_fn=<TanhBackward>)",
        ),
        (lambda: sorix.eye(2), "tensor([[1., 0.],\n        [0., 1.]])"),
    ],
)
def test_prints_as_in_pytorch(make, text):
    assert repr(make()) == text


def test_comparison_gives_bools_and_hash_is_identity():
    x = sorix.tensor([1.0, 2.0])
    assert (x == sorix.tensor([1.0, 3.0])).tolist() == [True, False]
    assert (x < 2).tolist() == [True, False]
    assert ((x > 1) | (x == 1)).tolist() == [True, True]
    assert (~(x >= 2) & (x != 5)).tolist() == [True, False]
    assert len({x, sorix.tensor([1.0, 2.0])}) == 2
    assert (leaf() > 1).requires_grad is False


def test_data_may_be_assigned():
    x = leaf([1.0, 2.0])
    y = (x * x).sum()
    x.data = np.array([10.0, 20.0], np.float32)
    y.backward()
    assert x.grad.tolist() == [2.0, 4.0]  # the values of the forward sweep
    with pytest.raises(DTypeError):
        x.data = np.array([1, 2])


def test_grad_may_be_assigned_and_is_checked():
    x = leaf([1.0, 2.0])
    x.grad = sorix.tensor([1.0, 1.0])
    x.grad = np.zeros(2, np.float32)
    assert x.grad.tolist() == [0.0, 0.0]
    x.grad = None
    with pytest.raises(ShapeError, match="assigned grad has data of a different size"):
        x.grad = sorix.zeros(3)
    with pytest.raises(DTypeError, match="assigned grad has data of a different type"):
        x.grad = sorix.zeros(2, dtype=sorix.float64)
    with pytest.raises(TypeError, match="assigned grad expected to be a Tensor or None"):
        x.grad = 3.0


def test_clone_is_recorded_and_copies():
    x = leaf([1.0])
    y = x.clone()
    assert not np.shares_memory(x.data, y.data)
    y.backward()
    assert x.grad.item() == 1.0


def test_deepcopy_and_pickle_of_leaves():
    x = leaf()
    x.grad = sorix.ones(2, 2)
    twin = copy.deepcopy(x)
    assert twin.requires_grad
    assert twin.tolist() == x.tolist()
    assert twin.grad.tolist() == x.grad.tolist()
    assert not np.shares_memory(twin.data, x.data)
    loaded = pickle.loads(pickle.dumps(x))
    assert loaded.requires_grad
    assert loaded.tolist() == x.tolist()
    with pytest.raises(NoGradientError, match="support the deepcopy protocol"):
        copy.deepcopy(x * 2)
    with pytest.raises(NoGradientError, match="pickled"):
        pickle.dumps(x * 2)


@pytest.mark.parametrize("name", sorted(METHODS | TENSOR_METHODS))
def test_every_method_of_the_shared_table_exists(name):
    assert hasattr(sorix.Tensor, name)


@pytest.mark.parametrize(
    "call, expected",
    [
        (lambda x: x.sum(dim=0, keepdim=True), [[4.0, 6.0]]),
        (lambda x: x.sum(1), [3.0, 7.0]),
        (lambda x: x.mean(axis=0), [2.0, 3.0]),
        (lambda x: x.max(dim=1), [2.0, 4.0]),
        (lambda x: x.std(), np.std([1, 2, 3, 4], ddof=1)),
        (lambda x: x.view(4), [1.0, 2.0, 3.0, 4.0]),
        (lambda x: x.reshape((4, 1)).squeeze(), [1.0, 2.0, 3.0, 4.0]),
        (lambda x: x.transpose(0, 1), [[1.0, 3.0], [2.0, 4.0]]),
        (lambda x: x.permute(1, 0), [[1.0, 3.0], [2.0, 4.0]]),
        (lambda x: x.unsqueeze(0).expand(2, -1, -1).sum(dim=(0, 1)), [8.0, 12.0]),
        (lambda x: x.clamp(min=2), [[2.0, 2.0], [3.0, 4.0]]),
        (lambda x: x.pow(2), [[1.0, 4.0], [9.0, 16.0]]),
        (lambda x: x.flatten().dot(x.ravel()), 30.0),
        (lambda x: x.argmax(), 3),
        (lambda x: x.double().float(), [[1.0, 2.0], [3.0, 4.0]]),
        (lambda x: x.mT, [[1.0, 3.0], [2.0, 4.0]]),
    ],
)
def test_methods_take_the_names_of_both_libraries(call, expected):
    np.testing.assert_allclose(call(leaf()).detach().numpy(), expected, rtol=1e-6)


def test_a_method_of_arrays_that_tensors_lack_is_refused_by_name():
    x = sorix.tensor([2.0, 1.0])
    assert not hasattr(x, "tobytes")
    with pytest.raises(UnsupportedMethodError, match="'tobytes', which arrays or numbers have"):
        x.tobytes()
    with pytest.raises(AttributeError, match="'Tensor' object has no attribute 'nonsense'"):
        x.nonsense
