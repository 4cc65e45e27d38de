"""Operations that bring their own derivative."""

from __future__ import annotations

import weakref

import numpy as np
import pytest

import sorix
from sorix.errors import GraphFreedError, InPlaceError
from sorix.runtime.record import record
from tests.runtime.differences import assert_close


def cube(x, log=None):
    """``x**3``, whose derivative is written with operations that work on arrays and tensors."""

    def backward(cotangents, inputs, outputs, wanted):
        if log is not None:
            log.append((type(cotangents[0]), type(inputs[0]), type(outputs[0]), wanted))
        return [cotangents[0] * 3 * inputs[0] * inputs[0]]

    return record("Cube", [x.data**3], [x], backward)[0]


def polar(r, t):
    """Two results: ``r * cos(t)`` and ``r * sin(t)``."""

    def backward(cotangents, inputs, outputs, wanted):
        (a, b), (r, _t), (x, y) = cotangents, inputs, outputs
        return [(a * x + b * y) / r, b * x - a * y]

    outputs = [r.data * np.cos(t.data), r.data * np.sin(t.data)]
    return record("Polar", outputs, [r, t], backward)


def leaf(*values):
    return sorix.tensor(values, dtype=sorix.float64, requires_grad=True)


def test_arrays_in_an_ordinary_sweep_and_tensors_in_a_recorded_one():
    x, log = leaf(2.0), []
    y = cube(x, log)
    assert repr(y.grad_fn) == "<CubeBackward>"
    (g,) = sorix.grad(y, x, create_graph=True)
    (gg,) = sorix.grad(g, x, create_graph=True)
    (ggg,) = sorix.grad(gg, x)
    assert (g.item(), gg.item(), ggg.item()) == (12.0, 12.0, 6.0)
    y.backward()
    assert x.grad.item() == 12.0
    tensor, array = sorix.Tensor, np.ndarray
    assert log == [(tensor,) * 3 + ((True,),), (array,) * 3 + ((True,),)]


def test_several_results_and_their_mixed_derivatives():
    r, t = leaf(2.0, 3.0), leaf(0.5, 0.8)
    x, y = polar(r, t)
    f = (x**2 * y).sum()
    gr, gt = sorix.grad(f, (r, t), create_graph=True)
    second = sorix.grad((gr * gt).sum(), (r, t))
    r2, t2 = leaf(2.0, 3.0), leaf(0.5, 0.8)
    f2 = ((r2 * np.cos(t2)) ** 2 * (r2 * np.sin(t2))).sum()
    gr2, gt2 = sorix.grad(f2, (r2, t2), create_graph=True)
    expected = sorix.grad((gr2 * gt2).sum(), (r2, t2))
    assert_close(gr.detach(), gr2.detach().numpy(), 1e-14)
    assert_close(gt.detach(), gt2.detach().numpy(), 1e-14)
    for a, b in zip(second, expected, strict=True):
        assert_close(a, b.numpy(), 1e-13)


def test_a_result_nobody_used_has_a_zero_cotangent():
    r, t = leaf(2.0), leaf(0.5)
    _, y = polar(r, t)
    gr, gt = sorix.grad(y, (r, t))
    assert gr.item() == pytest.approx(np.sin(0.5))
    assert gt.item() == pytest.approx(2 * np.cos(0.5))


def test_wanted_says_which_cotangents_will_be_used():
    seen = []

    def backward(cotangents, inputs, outputs, wanted):
        seen.append(wanted)
        return [cotangents[0], None, cotangents[0]]

    a, b, c = leaf(1.0), sorix.ones(1), leaf(1.0)
    (y,) = record("Sum", [a.data + b.data + c.data], [a, b, c], backward)
    sorix.grad(y, c, retain_graph=True)
    y.backward()
    assert seen == [(False, False, True), (True, False, True)]


def test_results_that_are_no_floats_carry_no_derivative():
    x = leaf(1.0, 2.0)

    def backward(cotangents, inputs, outputs, wanted):
        return [cotangents[0]]

    y, n = record("Mixed", [x.data * 1, np.array(3)], [x], backward)
    assert y.requires_grad
    assert not n.requires_grad
    assert sorix.grad(y.sum(), x)[0].tolist() == [1.0, 1.0]


def test_nothing_is_recorded_without_need():
    def backward(cotangents, inputs, outputs, wanted):
        raise AssertionError

    (y,) = record("Never", [np.ones(1)], [sorix.ones(1)], backward)
    assert not y.requires_grad
    with sorix.no_grad():
        (y,) = record("Never", [np.ones(1)], [leaf(1.0)], backward)
    assert not y.requires_grad


def test_the_backward_function_is_let_go_of_when_the_graph_is_freed():
    class Residuals:
        pass

    residuals = Residuals()
    ref = weakref.ref(residuals)

    def backward(cotangents, inputs, outputs, wanted, kept=residuals):
        return [cotangents[0]]

    x = leaf(1.0)
    (y,) = record("Keep", [x.data * 1], [x], backward)
    del residuals, backward
    assert ref() is not None
    y.backward()
    assert ref() is None
    with pytest.raises(GraphFreedError):
        y.backward()


def test_inputs_written_since_are_refused():
    x = leaf(2.0)
    y = cube(x)
    with sorix.no_grad():
        x += 1
    with pytest.raises(InPlaceError):
        y.backward()


def test_saved_arrays_written_since_are_refused():
    x, factor = leaf(2.0), sorix.tensor([3.0])

    def backward(cotangents, inputs, outputs, wanted):
        return [cotangents[0] * factor.data]

    (y,) = record("Scale", [x.data * factor.data], [x], backward, saved=[factor.data])
    factor += 1
    with pytest.raises(InPlaceError):
        y.backward()


def test_an_error_in_the_backward_function_passes_through():
    def backward(cotangents, inputs, outputs, wanted):
        raise ZeroDivisionError("mine")

    x = leaf(1.0)
    (y,) = record("Bad", [x.data * 1], [x], backward)
    with pytest.raises(ZeroDivisionError, match="mine"):
        y.backward()
    assert sorix.is_grad_enabled()
