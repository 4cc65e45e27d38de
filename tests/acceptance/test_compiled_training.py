"""The tutorial's loop with its penalty moved into a compiled function."""

from __future__ import annotations

import numpy as np
import pytest

import sorix
from sorix import nn, optim


class SmoothNet(nn.Module):
    """The tutorial's network, calling itself as the tutorial's does."""

    def __init__(self, dtype):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(1, 16, dtype=dtype), nn.Tanh(), nn.Linear(16, 1, dtype=dtype)
        )

    def __call__(self, x):
        return self.net(x)


def penalty(model, x):
    u = model(x)
    du_dx = sorix.grad(u, x, grad_outputs=sorix.ones_like(u), create_graph=True)[0]
    return (du_dx**2).mean()


def losses_of_training(loss_of, dtype, steps=101, seed=0):
    sorix.manual_seed(seed)
    np.random.seed(seed)
    model = SmoothNet(dtype)
    optimizer = optim.Adam(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        points = np.random.uniform(-1, 1, (10, 1)).astype(dtype)
        x = sorix.tensor(points, requires_grad=True)
        loss = loss_of(model, x)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return np.array(losses)


@pytest.mark.parametrize("dtype, tolerance", [(np.float32, 1e-6), (np.float64, 1e-12)])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_losses_are_those_of_the_tape(dtype, tolerance, seed):
    through = sorix.compile(penalty, fallback="error")
    compiled = losses_of_training(through, dtype, seed=seed)
    eager = losses_of_training(penalty, dtype, seed=seed)
    np.testing.assert_allclose(compiled, eager, rtol=tolerance)
    assert compiled[-1] < compiled[0] / 10
    assert len(through._dispatcher.entries) == 1


def test_the_generated_gradient_reads_like_hand_written_code():
    through = sorix.compile(penalty, fallback="error")
    losses_of_training(through, np.float64, steps=1)
    text = through.grad_source()
    code = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
    assert code[0] == "import numpy as np"
    assert len(code) <= 22
    assert "# test_compiled_training.py:" in text
    # What only the output u itself needs is gone.
    assert "h @ W2" not in text
