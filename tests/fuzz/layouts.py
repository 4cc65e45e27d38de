"""Programs that write through, or beside, a reshape: NumPy's copies where the layout needs it.

Each takes an array of some layout, a view of it, a reshape of the view, and writes into one of the
three; its value tells which of them saw the write.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.fuzz.generate import NAME, Program

BASES = (
    # Arguments: in C order, in Fortran's, and with a stride.
    "a", "f", "s",
    # Copies, of which some keep the order of what they copy.
    "a.copy()", "f.copy()", "a.T.copy()", 'a.copy("F")', "np.array(a)", "np.array(f)",
    'np.array(a, order="F")', "np.array(a.T)", "np.copy(a.T)", "f.astype(float)", "np.asarray(f)",
    "np.ascontiguousarray(a.T)", "np.array(s)", "f.flatten()", "np.real(f)",
    # Arrays made of a shape, or after another.
    "np.zeros((4, 4))", 'np.zeros((4, 4), order="F")', 'np.full((4, 4), 0.5, float, "F")',
    "np.zeros((4, 4)).T", "np.zeros_like(f)", "np.ones_like(a.T)", "np.linspace(0, 1, 8)",
    # What is computed keeps the order of its operands.
    "a * 2", "f * 2", "a.T + 1", "s * 2", "np.sin(f)", "np.where(f > 0, f, 1.0)", "np.add(a, f)",
    "np.maximum(f, f.T)", "np.cumsum(f, axis=0)", "a @ f", "np.outer(a[0], a[1])", "-f", "abs(f)",
    # What is put together, taken, or written out in terms of other functions.
    "np.concatenate([a.T, f])", "np.stack([a[0], a[1]], axis=1)", "np.array([a[0], a[1]])",
    "a[[0, 1]]", "f[:, [0, 1]]", "f[f > -10.0]", "np.tile(f, 2)", "np.repeat(f, 2, axis=1)",
    "np.sort(f, axis=0)", "np.roll(f, 1, axis=0)", "np.pad(f, 1)", "np.flip(f) * 1",
    "np.vectorize(lambda t: t * t)(f)", "np.nan_to_num(f)", "np.triu(f)", "np.clip(f, -1, 1)",
    "np.broadcast_to(s, (4, 4)).copy()", "np.array(np.broadcast_to(s, (4, 4)))",
)  # fmt: skip
VIEWS = (
    "", "[::-1]", "[1:]", "[::2]", "[0]", "[-1]", "[0, 1:]", "[:, 0]", "[:, 1:]", "[1:3, ::-1]",
    "[None]", "[:, None]", "[...]", "[..., 0]", ".T",
)  # fmt: skip
RESHAPES = (".ravel()", ".reshape(-1)", ".reshape((2, -1))", ".reshape(-1, 1)", '.ravel("F")')
WRITTEN = ("base", "view", "flat")
_TEXT = """\
import numpy as np


def {name}(a, f, s):
    base = {base}
    view = base{view}
    flat = view{reshape}
    {written}[0] = 5.0
    return np.sum(base * base) + 3 * np.sum(flat**3) + np.sum(np.sin(view))
"""


def programs(seed: int) -> Iterator[Program]:
    """One for each base and array written, with a view and a reshape drawn."""
    rng = random.Random(seed)
    for k, base in enumerate(BASES):
        for written in WRITTEN:
            view, reshape = rng.choice(VIEWS), rng.choice(RESHAPES)
            parts = {"base": base, "view": view, "reshape": reshape, "written": written}
            text = _TEXT.format(name=NAME, **parts)
            yield Program(1000 * seed + 3 * k + WRITTEN.index(written), text, _arguments())


def _arguments() -> tuple[Any, ...]:
    rng = np.random.default_rng(5)
    square = rng.uniform(-1.0, 1.0, (4, 4))
    return square, np.asfortranarray(square[::-1] * 0.7), rng.uniform(0.1, 1.0, 8)[::2]
