"""The tutorial beside the checkout runs unmodified and prints what its page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT.parent / "shared" / "acceptance" / "tutorial.py"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not TUTORIAL.exists(), reason=f"no acceptance material at {TUTORIAL}"),
]

NUMBER = r"-?\d+\.\d+(?:e-?\d+)?"
WORDS = rf"""Initial weights gradient status before backward:
Weight grad is None: False
Output u: {NUMBER}
Gradient du/dx: {NUMBER}

After loss\.backward\(\):
Weight grad is None: False
Weight grad mean: {NUMBER}
Iter   0 \| Gradient Loss: {NUMBER}
Iter  20 \| Gradient Loss: {NUMBER}
Iter  40 \| Gradient Loss: {NUMBER}
Iter  60 \| Gradient Loss: {NUMBER}
Iter  80 \| Gradient Loss: {NUMBER}
Iter 100 \| Gradient Loss: {NUMBER}
"""


def run_tutorial(*before: str) -> str:
    """The output of the tutorial, after statements that set a seed, say."""
    code = "\n".join([*before, "import runpy", f"runpy.run_path({str(TUTORIAL)!r})"])
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "MPLBACKEND": "Agg", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_prints_the_words_of_its_page():
    assert re.fullmatch(WORDS, run_tutorial())


@pytest.mark.parametrize("seed", range(4))
def test_loss_falls_at_least_tenfold(seed):
    seeds = f"import sorix, numpy; sorix.manual_seed({seed}); numpy.random.seed({seed})"
    losses = [float(v) for v in re.findall(rf"Gradient Loss: ({NUMBER})", run_tutorial(seeds))]
    assert len(losses) == 6
    assert losses[-1] <= losses[0] / 10
