"""Every example runs without a display, from any directory, and does what its docstring says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(script: str, *options: str, cwd: Path) -> str:
    result = subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "examples" / script), *options],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.example
def test_gradient_penalty_shows_code_and_saves_a_plot(tmp_path):
    plot = tmp_path / "plot.png"
    out = run("gradient_penalty.py", "--steps", "40", "--output", str(plot), cwd=tmp_path)
    assert plot.read_bytes().startswith(b"\x89PNG")
    assert f"plot saved to {plot}" in out
    assert "np.tanh(" in out
    gap = float(out.split("losses: ")[1].split()[0])
    assert gap < 1e-5


@pytest.mark.example
def test_pendulum_finds_length_and_damping(tmp_path):
    out = run("pendulum.py", cwd=tmp_path)
    assert "found: length 1.300 m, damping 0.251 1/s" in out
    assert "for i in" in out.split("The derivative")[1]
