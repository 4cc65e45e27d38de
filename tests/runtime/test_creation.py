"""Making tensors: dtypes, shapes, sharing of memory, random numbers."""

from __future__ import annotations

import numpy as np
import pytest

import sorix
from sorix.errors import DTypeError, NoGradientError


@pytest.mark.parametrize(
    "data, dtype",
    [
        (1.5, "float32"),
        ([1.0, 2.0], "float32"),
        ([[1, 2.5]], "float32"),
        ([], "float32"),
        ([1, 2], "int64"),
        (True, "bool"),
        (np.float64(1.0), "float64"),
        (np.ones(2), "float64"),
        ([np.ones(2), np.ones(2)], "float64"),
        (np.ones(2, np.float16), "float16"),
        (np.ones(2, np.int32), "int32"),
        (range(3), "int64"),
    ],
)
def test_python_floats_become_the_default_dtype_and_arrays_keep_theirs(data, dtype):
    assert sorix.tensor(data).dtype == np.dtype(dtype)


def test_default_dtype_can_be_set():
    try:
        sorix.set_default_dtype(sorix.float64)
        assert (
            sorix.tensor([1.0]).dtype == sorix.zeros(1).dtype == sorix.rand(1).dtype == np.float64
        )
    finally:
        sorix.set_default_dtype(sorix.float32)
    assert sorix.get_default_dtype() == np.float32
    with pytest.raises(DTypeError, match="only floating-point types"):
        sorix.set_default_dtype(sorix.int64)


def test_tensor_copies_and_as_tensor_shares():
    a = np.zeros(2)
    assert not np.shares_memory(sorix.tensor(a).data, a)
    assert np.shares_memory(sorix.as_tensor(a).data, a)
    assert np.shares_memory(sorix.from_numpy(a).data, a)
    t = sorix.tensor(a)
    assert sorix.as_tensor(t) is t
    assert sorix.as_tensor(t, sorix.float32).dtype == np.float32
    with pytest.raises(TypeError, match=r"expected np.ndarray \(got list\)"):
        sorix.from_numpy([1.0])


def test_values_that_are_no_numbers_are_refused():
    with pytest.raises(DTypeError, match="can't convert values of dtype"):
        sorix.tensor(["a"])


def test_a_list_of_tensors_is_not_silently_detached():
    x = sorix.tensor(1.0, requires_grad=True)
    with pytest.raises(NoGradientError, match=r"sorix.stack"):
        sorix.tensor([x, x])
    assert sorix.tensor([x.detach(), 2.0]).tolist() == [1.0, 2.0]


def test_filled_and_in_sequence():
    assert sorix.zeros(2, 3).shape == sorix.zeros((2, 3)).shape == (2, 3)
    assert sorix.full((2,), 7).dtype == np.int64
    assert sorix.arange(2, 8, 3).tolist() == [2, 5]
    assert sorix.arange(3).dtype == np.int64
    assert sorix.arange(0.0, 1.0, 0.5).dtype == np.float32
    assert sorix.linspace(0, 1, 3).tolist() == [0.0, 0.5, 1.0]
    assert sorix.eye(2, 3).tolist() == [[1, 0, 0], [0, 1, 0]]
    assert sorix.ones(2, requires_grad=True).requires_grad


def test_like_keeps_shape_and_dtype():
    x = sorix.tensor(np.ones((2, 1)), requires_grad=True)
    for make in (sorix.zeros_like, sorix.ones_like, sorix.rand_like, sorix.randn_like):
        y = make(x)
        assert (y.shape, y.dtype, y.requires_grad) == ((2, 1), np.float64, False)
    assert sorix.full_like(x, 3, dtype=sorix.float32).tolist() == [[3.0], [3.0]]


def test_the_seed_determines_random_numbers_and_numpy_is_left_alone():
    np.random.seed(1)
    state = np.random.get_state()[1].tolist()

    def draw():
        sorix.manual_seed(5)
        return [
            sorix.rand(3).tolist(),
            sorix.randn(2, 2).tolist(),
            sorix.randint(0, 9, (4,)).tolist(),
            sorix.randperm(5).tolist(),
        ]

    assert draw() == draw()
    assert np.random.get_state()[1].tolist() == state
    assert sorted(sorix.randperm(5).tolist()) == [0, 1, 2, 3, 4]
    assert all(0 <= v < 1 for v in sorix.rand(100).tolist())


def test_float64_input_and_float32_weights_promote_as_numpy_does():
    w = sorix.ones(1, 2, requires_grad=True)
    x = sorix.tensor(np.random.uniform(size=(3, 1)), requires_grad=True)
    loss = (x @ w).mean()
    assert loss.dtype == np.float64
    loss.backward()
    assert w.grad.dtype == np.float32
    assert x.grad.dtype == np.float64
