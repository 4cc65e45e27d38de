"""The verify switch: right derivatives pass, a wrong one is reported with a reproducer."""

from __future__ import annotations

import numpy as np
import pytest

import sorix
from sorix.compiler import program as programs
from sorix.compiler.pipeline import Built
from sorix.errors import VerificationError


def cubes(x, w):
    total = 0.0
    for v in x:
        total += w * v**3
    return total


def loss(x):
    return (np.tanh(x) ** 2).sum()


def test_right_derivatives_pass():
    compiled = sorix.compile(verify=True, fallback="error")(loss)
    x = sorix.tensor([0.3, -0.2], requires_grad=True)
    compiled(x).backward()
    np.testing.assert_allclose(
        x.grad.data, 2 * np.tanh(x.data) * (1 - np.tanh(x.data) ** 2), rtol=1e-6
    )


def test_the_environment_asks_for_it(monkeypatch):
    monkeypatch.setenv("SORIX_VERIFY", "1")
    gradient = sorix.func.grad(cubes, (0, 1), fallback="error")
    x_bar, w_bar = gradient(np.array([0.5, 2.0]), 3.0)
    np.testing.assert_allclose(x_bar, 9.0 * np.array([0.25, 4.0]))
    assert w_bar == pytest.approx(8.125)


def test_a_wrong_derivative_is_reported(monkeypatch):
    monkeypatch.setenv("SORIX_VERIFY", "1")
    right = programs.Program.joint

    def wrong(self, wrt, seeds=None):
        built = right(self, wrt, seeds)

        def scaled(*values):
            *leaves, bar = built.functions[0](*values)
            return (*leaves, bar * (1 + 1e-4))

        scaled.__name__ = built.functions[0].__name__
        return Built(built.text, (scaled,), built.filename, built.cached)

    monkeypatch.setattr(programs.Program, "joint", wrong)
    gradient = sorix.func.grad(cubes, fallback="error")
    with pytest.raises(VerificationError, match="disagrees with differences") as caught:
        gradient(np.array([0.5, 2.0]), 3.0)
    assert "cubes__adjoint(array([0.5, 2. ]), 3.0" in str(caught.value)
