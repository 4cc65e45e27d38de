"""Expressions over all kinds of numbers, put into arrays of all kinds: the value and its dtype."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.fuzz.generate import NAME, Program

Draw = Callable[[np.random.Generator], Any]
ARGUMENTS: dict[str, Draw] = {
    "x": lambda r: r.uniform(0.2, 1.2, 3),
    "h": lambda r: r.uniform(0.2, 1.2, 3).astype(np.float32),
    "i": lambda r: r.integers(1, 5, 3),
    "j": lambda r: r.integers(1, 5, 3).astype(np.int32),
    "u": lambda r: r.integers(1, 5, 3).astype(np.uint8),
    "b": lambda r: r.uniform(0.0, 1.0, 3) > 0.5,
    "m": lambda r: r.uniform(0.2, 1.2, (2, 3)),
    "z": lambda r: np.array(r.uniform(0.2, 1.2)),
    "s": lambda r: float(r.uniform(0.2, 1.2)),
    "d": lambda r: np.float64(r.uniform(0.2, 1.2)),
    "g": lambda r: np.float32(r.uniform(0.2, 1.2)),
    "n": lambda r: int(r.integers(1, 4)),
    "k": lambda r: np.int64(r.integers(1, 4)),
}
CONSTANTS = (
    "2", "0.5", "True", "-1", "np.pi", "np.float32(0.3)", "np.int32(2)", "x[1]", "h[0]", "i[2]",
    "m[1]", "len(x)", "(x > 0.6)", "np.ones(3, dtype=np.float32)", "np.arange(3)", "np.zeros(3)",
    "np.array([1, 2.5, 3])", "np.full(3, 2)", "np.full(3, s)", "np.array(2)", "i.sum()", "b.sum()",
)  # fmt: skip
OF_TWO = (
    "{} + {}", "{} - {}", "{} * {}", "{} / {}", "{} // {}", "{} % {}", "np.maximum({}, {})",
    "np.where(b, {}, {})", "np.hypot({}, {})", "np.arctan2({}, {})", "np.power(abs({}) + 1, {})",
    "np.add({}, {}, dtype=np.float64)", "np.dot({}, {})", "np.outer({}, {})", "({} > {}) * 1.0",
    "np.multiply.outer({}, {})", "np.clip({}, 0.3, {})", "np.array([{}, {}])", "max({}, {})",
    "np.float_power({}, {})", "np.select([b], [{}], {})", "np.copysign({}, {})",
)  # fmt: skip
OF_ONE = (
    "np.sin({})", "np.sum({})", "np.mean({})", "-{}", "abs({})", "np.square({})", "np.cumsum({})",
    "np.asarray({}, dtype=float)", "np.float32({})", "np.array({}).astype(np.float32)", "np.max({})",
    "np.prod({})", "np.std({})", "np.array({})", "int(np.sum({}))", "float(np.sum({}))",
    "np.array({}, dtype=int)", "np.ones_like({})", "np.zeros_like({}) + s", "np.full_like({}, 1.7)",
    "np.atleast_1d({})[::-1]", "np.repeat({}, 2)", "np.array([{}, 1])", "np.linalg.norm({})",
    "np.array([{}, 1.5], dtype=np.float32)", "sum(np.atleast_1d({}))", "np.invert(b) * {}",
)  # fmt: skip
STORES = (
    "o = {}", "o = np.zeros(3); o[:] = {}", "o = np.zeros(3, dtype=int); o[:] = {}",
    "o = np.zeros(3, np.float32); o[0:2] = {}", "o = x.copy(); o += {}", "o = h.copy(); o *= {}",
    "o = i.copy(); o += {}", "o = i.copy(); o //= {}", "o = x.copy(); o[b] = {}", "o = s; o += {}",
    "o = i.copy(); o[1] = {}", "o = np.empty(3); o.fill({})", "o = n; o += {}", "o = g; o *= {}",
    "o = np.add(x, {}, out=np.empty(3))", "o = np.multiply(h, {}, out=h.copy())",
    "o = x.copy(); np.add.at(o, [0, 0, 1], {})", "o = np.array([s, n]); o[0] = {}",
    "o = np.zeros(3, dtype=bool); o[:] = {}", "o = j * 2 + {}", "o = u - 3 + {}",
)  # fmt: skip


def program(seed: int) -> Program:
    """The program of this seed, the same at every run."""
    rng = random.Random(seed)
    store = rng.choice(STORES).format(f"({expression(rng, rng.choice((1, 2, 2, 3)))})")
    head = f"def {NAME}({', '.join(ARGUMENTS)}):"
    text = f"import numpy as np\n\n\n{head}\n    {store}\n    return o\n"
    numbers = np.random.default_rng(seed)
    return Program(seed, text, tuple(draw(numbers) for draw in ARGUMENTS.values()))


def expression(rng: random.Random, depth: int) -> str:
    """An expression of so many operations one in another."""
    if not depth or rng.random() < 0.15:
        return rng.choice((*ARGUMENTS, *CONSTANTS))
    pattern = rng.choice(OF_ONE if rng.random() < 0.5 else OF_TWO)
    parts = (f"({expression(rng, depth - 1)})" for _ in range(pattern.count("{}")))
    return pattern.format(*parts)
