"""Switching recording on and off, and standing in for arrays."""

from __future__ import annotations

import math
import threading

import numpy as np
import pytest

import sorix
from sorix.errors import NoGradientError
from sorix.runtime.modes import as_arrays


def leaf():
    return sorix.ones(2, requires_grad=True)


def test_no_grad_as_context_manager_and_decorator():
    x = leaf()
    with sorix.no_grad():
        assert not sorix.is_grad_enabled()
        assert not (x * 2).requires_grad
        with sorix.enable_grad():
            assert (x * 2).requires_grad
        assert not x.sum().requires_grad
    assert sorix.is_grad_enabled()

    @sorix.no_grad()
    def called(y):
        """Its docstring."""
        return y * 2

    @sorix.no_grad
    def bare(y):
        return y * 2

    assert not called(x).requires_grad
    assert not bare(x).requires_grad
    assert called.__doc__ == "Its docstring."
    assert sorix.enable_grad()(lambda: x * 2)().requires_grad


def test_the_switch_is_restored_after_an_error():
    with pytest.raises(ZeroDivisionError), sorix.no_grad():
        raise ZeroDivisionError
    assert sorix.is_grad_enabled()


def test_one_object_may_be_entered_twice():
    off = sorix.no_grad()
    with off, off:
        assert not sorix.is_grad_enabled()
    assert sorix.is_grad_enabled()


def test_set_grad_enabled_acts_at_once():
    try:
        sorix.set_grad_enabled(False)
        assert not sorix.is_grad_enabled()
    finally:
        sorix.set_grad_enabled(True)
    with sorix.set_grad_enabled(False):
        assert not sorix.is_grad_enabled()
    assert sorix.is_grad_enabled()


def test_threads_do_not_see_each_others_switch():
    seen = []
    with sorix.no_grad():
        thread = threading.Thread(target=lambda: seen.append(sorix.is_grad_enabled()))
        thread.start()
        thread.join()
    assert seen == [True]


def test_backward_works_inside_no_grad_and_leaves_the_switch():
    x = leaf()
    y = (x * x).sum()
    with sorix.no_grad():
        (g,) = sorix.grad(y, x, create_graph=True)
        assert not sorix.is_grad_enabled()
    assert sorix.grad(g.sum(), x)[0].tolist() == [2.0, 2.0]


def test_standing_in_for_arrays_methods_mean_numpys():
    a = np.arange(6.0).reshape(2, 3)
    x = sorix.tensor(a, requires_grad=True)
    for call in (
        lambda v: v.std(),
        lambda v: v.var(0),
        lambda v: v.transpose(0, 1),
        lambda v: v.repeat(2),
        lambda v: v.sum(1),
    ):
        with as_arrays():
            out = call(x)
        np.testing.assert_allclose(out.detach().numpy(), call(a))
    assert x.std().item() == pytest.approx(np.std(a, ddof=1))


def test_standing_in_for_arrays_a_number_is_not_silently_detached():
    x = sorix.tensor(0.5, requires_grad=True)
    assert math.sin(x) == pytest.approx(math.sin(0.5))
    with as_arrays():
        with pytest.raises(NoGradientError, match="would lose its derivative"):
            math.sin(x)
        with pytest.raises(ValueError, match="setting an array element"):
            np.zeros(2)[0] = x
        assert float(x.detach()) == 0.5
        assert int(x) == 0
