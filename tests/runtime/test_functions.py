"""sorix's own functions: recorded, resolvable by the compiler, complete."""

from __future__ import annotations

import numpy as np
import pytest

import sorix
from sorix.primitives.table import rule_of
from sorix.runtime import functions

PUBLIC = [
    name
    for name, value in vars(functions).items()
    if callable(value)
    and (hasattr(value, "__sorix_lowers_to__") or hasattr(value, "__sorix_method__"))
]


@pytest.mark.parametrize("name", PUBLIC)
def test_every_function_is_exported_named_and_known(name):
    function = getattr(sorix, name)
    assert name in sorix.__all__
    assert function.__doc__
    assert function.__name__ in (name, getattr(function, "__sorix_lowers_to__", function).__name__)
    lowers_to = getattr(function, "__sorix_lowers_to__", None)
    assert lowers_to is None or rule_of(lowers_to) is not None


def test_all_is_what_there_is():
    assert len(set(sorix.__all__)) == len(sorix.__all__)
    assert all(hasattr(sorix, name) for name in sorix.__all__)


@pytest.mark.parametrize("name", ["exp", "sum", "tanh", "maximum", "where", "stack"])
def test_a_numpy_function_is_what_a_function_lowers_to(name):
    assert getattr(sorix, name).__sorix_lowers_to__ is getattr(np, name)


@pytest.mark.parametrize("name", ["grad", "no_grad", "enable_grad", "tensor", "ones_like", "zeros"])
def test_functions_the_compiler_treats_specially_say_so(name):
    assert getattr(sorix, name).__sorix_intrinsic__ == name


@pytest.mark.parametrize(
    "call, expected",
    [
        (lambda x: sorix.sum(x, dim=0), [4.0, 6.0]),
        (lambda x: sorix.mean(x, 1, keepdim=True), [[1.5], [3.5]]),
        (lambda x: sorix.cat([x, x], dim=1), [[1, 2, 1, 2], [3, 4, 3, 4]]),
        (lambda x: sorix.stack([x[0], x[1]], dim=1), [[1, 3], [2, 4]]),
        (lambda x: sorix.transpose(x, 0, 1), [[1, 3], [2, 4]]),
        (lambda x: sorix.where(x > 2, x, 0.0), [[0, 0], [3, 4]]),
        (lambda x: sorix.clamp(x, min=2, max=3), [[2, 2], [3, 3]]),
        (lambda x: sorix.maximum(x, 2), [[2, 2], [3, 4]]),
        (lambda x: sorix.matmul(x, x), [[7, 10], [15, 22]]),
        (lambda x: sorix.std(x), np.std([1, 2, 3, 4], ddof=1)),
        (lambda x: sorix.einsum("ii", x), 5.0),
        (lambda x: sorix.softmax(0 * x, dim=1), [[0.5, 0.5], [0.5, 0.5]]),
    ],
)
def test_values(call, expected):
    out = call(sorix.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True))
    assert out.requires_grad
    np.testing.assert_allclose(out.detach().numpy(), expected, rtol=1e-6)


def test_arrays_and_numbers_give_tensors():
    assert isinstance(sorix.exp(1.0), sorix.Tensor)
    assert sorix.exp(1.0).dtype == np.float32
    assert sorix.sin(np.ones(2)).dtype == np.float64
    assert isinstance(sorix.stack([np.ones(2), np.ones(2)]), sorix.Tensor)
    assert sorix.allclose(sorix.ones(2), np.ones(2))
