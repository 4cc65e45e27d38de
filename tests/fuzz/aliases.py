"""Programs about which array a name stands for: names given to arrays, arrays written, in loops.

Four names share arrays, are given others, and are written through, in nested loops and branches,
by helpers too. What matters is the value: whether a write was seen by every name of its array.
"""

from __future__ import annotations

import random

import numpy as np

from tests.fuzz.generate import NAME, Program

NAMES = ("a", "b", "c", "d")
BEGINNINGS = (
    "c = a * 1.0; d = b + a",
    "a = a.copy(); b = b.copy(); c = a; d = b * 2",
    "a = a * 1.0; b = b * 1.0; c, d = b, a",
    "a, b = a + 0, b + 0; c = d = a",
)
ENDING = "return np.sum(a) + 2 * np.sum(b * b) + 3 * np.sum(np.sin(c)) + 0.5 * np.sum(d**3) + s + t"
CHANGES = ("q[0] += 0.3", "q *= 0.9", "q = q * 0.8", "q = q + 1; q[1] = 0.2", "pass")
SIMPLE = (
    "{x} = {y}", "{x} = {y}", "{x} = {y}", "{x} = {y} * 0.9", "{x} = {y} * s", "{x} = np.tanh({y})",
    "{x} = {y}.copy()", "{x}[{i}] += 0.7", "{x}[{i}] *= s", "{x}[{i}] = np.sum({y}) * 0.1",
    "{x} += 0.7", "{x} *= 0.9", "{x} -= 0.5 * {y}", "{x}, {y} = {y}, {x}", "{x} = {y} + {z} * 0.3",
    "s = {x}[0]", "t = t * 0.9", "s = np.sum({x}) * 0.2", "{x} = [{y}, {z}][{k}]",
    "{x} = {y} if s > 0.6 else {z}", "{x} = {y} if t > 0.4 else {z}", "f({x})", "{x} = f({y})",
    "v = {y}[1:]; v *= 0.8", "pair = ({y}, {z}); pair[{k}][0] += 0.2",
)  # fmt: skip
LOOPS = ("for i in range(2):", "for i in range(3):", "for i, e in enumerate({x}):")
QUESTIONS = ("{x}[0] > 0.3", "s > 0.6", "t < 1.0", "np.sum({x}) < 0.6")


def program(seed: int) -> Program:
    """The program of this seed, the same at every run."""
    rng = random.Random(seed)
    lines = ["import numpy as np", "", "", "def f(q):", f"    {rng.choice(CHANGES)}"]
    lines += [f"    return {rng.choice(('q', 'q * 1.0', 'q[::-1]'))}", "", ""]
    lines += [f"def {NAME}(a, b, s, t):", f"    {rng.choice(BEGINNINGS)}"]
    for _ in range(rng.randint(1, 4)):
        lines += statement(rng, 1, 3, False)
    return Program(seed, "\n".join([*lines, f"    {ENDING}", ""]), _arguments())


def statement(rng: random.Random, indent: int, depth: int, looping: bool) -> list[str]:
    """The lines of one statement."""
    chance = rng.random()
    if depth and chance < 0.2:
        return _block(rng, indent, depth, True, _filled(rng, rng.choice(LOOPS), looping))
    if depth and chance < 0.35:
        question = _filled(rng, rng.choice(QUESTIONS), looping)
        lines = _block(rng, indent, depth, looping, f"if {question}:")
        if rng.random() < 0.5:
            lines += _block(rng, indent, depth, looping, "else:")
        return lines
    if looping and chance < 0.4:
        leave = rng.choice(("break", "continue"))
        return ["    " * indent + "if s > 0.9:", "    " * indent + f"    {leave}"]
    return ["    " * indent + _filled(rng, rng.choice(SIMPLE), looping)]


def _block(rng: random.Random, indent: int, depth: int, looping: bool, head: str) -> list[str]:
    lines = ["    " * indent + head]
    for _ in range(rng.randint(1, 4)):
        lines += statement(rng, indent + 1, depth - 1, looping)
    return lines


def _filled(rng: random.Random, text: str, looping: bool) -> str:
    x, y, z = (rng.choice(NAMES) for _ in range(3))
    places = ("0", "1", "-1", "i % 3", "(i + 1) % 3") if looping else ("0", "1", "2")
    return text.format(x=x, y=y, z=z, i=rng.choice(places), k=rng.randrange(2))


def _arguments() -> tuple[np.ndarray, np.ndarray, float, float]:
    return np.array([0.6, 0.2, 0.9]), np.array([0.3, -0.5, 0.8]), 0.5, 0.7
