"""`grad` and `backward`: arguments, accumulation, freeing, refusals."""

from __future__ import annotations

import numpy as np
import pytest

import sorix
from sorix.errors import GraphFreedError, NoGradientError, NonScalarError, ShapeError

UNUSED = "One of the differentiated Tensors appears to not have been used in the graph"


def leaf(*values, dtype=sorix.float64):
    return sorix.tensor(values, dtype=dtype, requires_grad=True)


def test_backward_fills_and_accumulates():
    x = leaf(1.0, 2.0)
    (x * x).sum().backward()
    assert x.grad.tolist() == [2.0, 4.0]
    (x * x).sum().backward()
    assert x.grad.tolist() == [4.0, 8.0]


def test_accumulation_keeps_the_buffer_it_finds():
    x, flat = leaf(1.0, 2.0), np.zeros(5)
    x.grad = sorix.from_numpy(flat[1:3])
    (3 * x).sum().backward()
    assert flat.tolist() == [0.0, 3.0, 3.0, 0.0, 0.0]


def test_a_fresh_gradient_shares_no_memory():
    x, y, seed = leaf(1.0, 2.0), leaf(3.0, 4.0), np.ones(2)
    (x + y).backward(seed)
    assert not np.shares_memory(x.grad.data, y.grad.data)
    assert not np.shares_memory(x.grad.data, seed)
    gx, gy = sorix.grad(x + y, (x, y), grad_outputs=sorix.ones(2), create_graph=True)
    assert not np.shares_memory(gx.data, gy.data)


def test_grad_leaves_the_grad_attributes_alone():
    x = leaf(1.0, 2.0)
    (g,) = sorix.grad((x**2).sum(), x)
    assert g.tolist() == [2.0, 4.0]
    assert x.grad is None
    assert not g.requires_grad


def test_grad_of_several_outputs_and_inputs():
    x, y = leaf(2.0), leaf(3.0)
    gx, gy = sorix.grad([x * y, x * x], [x, y], grad_outputs=[sorix.ones(1), None])
    assert (gx.item(), gy.item()) == (7.0, 2.0)


def test_grad_with_respect_to_a_result_of_an_operation():
    x = leaf(2.0)
    y = x * x
    gy, gx = sorix.grad(y * y * x, (y, x))
    assert (gy.item(), gx.item()) == (16.0, 5 * 16.0)


def test_grad_of_a_tensor_with_respect_to_itself():
    x = leaf(2.0)
    assert sorix.grad(x, x)[0].item() == 1.0
    y = x * 3
    assert sorix.grad(y, y)[0].item() == 1.0


@pytest.mark.parametrize("shape", [(), (1,), (1, 1), (1, 1, 1)])
def test_the_cotangent_of_one_element_is_implicit(shape):
    x = sorix.ones(shape, requires_grad=True)
    (x * 3).backward()
    assert x.grad.shape == shape
    assert x.grad.item() == 3.0


def test_a_cotangent_may_be_any_array_like():
    x = leaf(1.0, 2.0)
    for gradient in (sorix.tensor([1.0, 10.0]), np.array([1.0, 10.0]), [1.0, 10.0]):
        x.grad = None
        (x * x).backward(gradient)
        assert x.grad.tolist() == [2.0, 40.0]


def test_the_cotangent_can_be_differentiated():
    x, v = leaf(1.0, 2.0), leaf(3.0, 5.0)
    (g,) = sorix.grad(x**3, x, grad_outputs=v, create_graph=True)
    assert sorix.grad(g.sum(), v)[0].tolist() == [3.0, 12.0]


def test_several_elements_need_a_cotangent_of_their_shape():
    x = leaf(1.0, 2.0)
    with pytest.raises(NonScalarError, match="grad can be implicitly created only for scalar"):
        (x * 2).backward()
    with pytest.raises(NonScalarError, match="grad can be implicitly created only for scalar"):
        sorix.grad(x * 2, x)
    with pytest.raises(ShapeError, match="Mismatch in shape"):
        (x * 2).backward(sorix.ones(3))
    with pytest.raises(ShapeError, match="Mismatch in shape"):
        sorix.grad(x * 2, x, sorix.ones(3), create_graph=True)
    with pytest.raises(ShapeError, match="got 1 tensors and 2 gradients"):
        sorix.grad(x * 2, x, [sorix.ones(2), sorix.ones(2)])


def test_tensors_without_grad_are_refused():
    x, c = leaf(1.0), sorix.tensor([1.0])
    sentence = "element 0 of tensors does not require grad and does not have a grad_fn"
    with pytest.raises(NoGradientError, match=sentence):
        c.backward()
    with pytest.raises(NoGradientError, match="element 1 of tensors"):
        sorix.grad([x * 2, c], x)
    with pytest.raises(NoGradientError, match="One of the differentiated Tensors does not require"):
        sorix.grad(x * 2, c)
    with pytest.raises(TypeError, match="expected a Tensor, not float"):
        sorix.grad(x * 2, 1.0)


def test_unused_inputs():
    x, y = leaf(1.0), leaf(2.0)
    with pytest.raises(NoGradientError, match=UNUSED):
        sorix.grad(x * 2, (x, y))
    gx, gy = sorix.grad(x * 2, (x, y), allow_unused=True)
    assert gx.item() == 2.0
    assert gy is None


def test_a_second_backward_is_refused():
    x = leaf(1.0, 2.0)
    y = np.exp(x).sum()
    y.backward()
    with pytest.raises(GraphFreedError, match="Trying to backward through the graph a second time"):
        y.backward()
    with pytest.raises(GraphFreedError, match="Specify retain_graph=True"):
        sorix.grad(y, x)


def test_retain_graph_allows_a_second_backward():
    x = leaf(1.0, 2.0)
    y = np.exp(x).sum()
    y.backward(retain_graph=True)
    y.backward()
    np.testing.assert_allclose(x.grad.data, 2 * np.exp([1.0, 2.0]))


def test_create_graph_retains_the_graph_unless_told_otherwise():
    x = leaf(1.0)
    y = x**3
    sorix.grad(y, x, create_graph=True)
    sorix.grad(y, x, create_graph=True, retain_graph=False)
    with pytest.raises(GraphFreedError):
        sorix.grad(y, x)


@pytest.mark.parametrize("n", [2, 1000])
def test_a_shared_part_that_needs_only_shapes_can_be_swept_twice(n):
    x = sorix.tensor(np.ones(n), requires_grad=True)
    shared = (x + 1).reshape(1, n)[0] - 3 * sorix.ones(n)
    a, b = (shared**2).sum(), (shared**3).sum()
    a.backward()
    b.backward()
    np.testing.assert_allclose(x.grad.data, 2 * -1.0 + 3 * 1.0)


def test_without_create_graph_the_derivative_is_a_constant():
    w, x = leaf(3.0), leaf(2.0)
    (du,) = sorix.grad(w * x * x, x)
    with pytest.raises(NoGradientError, match="does not require grad"):
        (du**2).backward()
    assert w.grad is None


def test_only_the_named_inputs_accumulate():
    x, y = leaf(1.0), leaf(2.0)
    (x * y).backward(inputs=[x])
    assert x.grad.item() == 2.0
    assert y.grad is None


def test_retain_grad_keeps_the_gradient_of_a_result():
    x = leaf(2.0)
    y = x * x
    y.retain_grad()
    assert y.retains_grad
    (y * 5).backward()
    assert y.grad.item() == 5.0
    assert x.grad.item() == 20.0
    with pytest.raises(NoGradientError, match="can't retain_grad on Tensor"):
        sorix.ones(1).retain_grad()


def test_backward_with_create_graph_sums_recorded_gradients():
    x = leaf(2.0)
    (x**2).backward(create_graph=True)
    (x**3).backward(create_graph=True)
    assert x.grad.item() == 4.0 + 12.0
    g, x.grad = x.grad, None
    g.backward()
    assert x.grad.item() == 2.0 + 12.0


def test_a_gradient_with_a_graph_is_not_written_in_place():
    x = leaf(2.0)
    (x**2).backward(create_graph=True)
    before = x.grad
    (x**3).backward()
    assert before.item() == 4.0
    assert x.grad.item() == 16.0


def test_integers_among_the_operands_carry_no_derivative():
    x, n = leaf(1.0, 2.0), sorix.tensor([2, 3])
    (x**n * n).sum().backward()
    assert x.grad.tolist() == [4.0, 36.0]


def test_backward_of_several_tensors_at_once():
    x = leaf(1.0, 2.0)
    sorix.autograd.backward([x.sum(), (x * x).sum()], [None, sorix.tensor(10.0)])
    assert x.grad.tolist() == [21.0, 41.0]


def test_derivatives_at_singular_points_warn_no_more_than_pytorch():
    x = leaf(0.0, 4.0)
    np.sqrt(x).sum().backward()
    assert x.grad.tolist() == [np.inf, 0.25]


def test_the_gradient_of_a_function_is_asked_for_elsewhere():
    for wrong in (lambda: sorix.grad(sorix.sin), lambda: sorix.grad(sorix.sin, np.ones(2))):
        with pytest.raises(TypeError, match=r"given a function. Hint: .* sorix\.func\.grad\(f\)"):
            wrong()
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'inputs'"):
        sorix.grad(sorix.tensor(1.0, requires_grad=True))
