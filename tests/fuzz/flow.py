"""Programs about where control goes: a few names, assigned and read on some ways only.

Branches, loops and ``try`` are nested, and left at any depth by ``break``, ``continue``,
``return`` and exceptions, also where statements follow that are never reached. What matters is
that every name holds what the way that was taken has given it.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np

from tests.fuzz.generate import NAME, Program

NAMES = ("a", "b", "c")
BEGINNING = (
    "a = x[0]",
    "b = x[1] * 0.5",
    "c = 0.7",
    "w = x * 1.0",
    "l = [e for e in x]",
    "k = n = 0",
)
ENDING = "return a + 0.7 * b + 0.3 * c + 0.2 * np.sum(w * w) + 0.1 * sum(l)"
SIMPLE = (
    "{u} = {v} * {f} + x[{i}]", "{u} = {f}", "{u} += 0.3 * {v} * x[{i}]", "{u} = np.sin({v})",
    "{u} -= 0.2", "w = x * {u}", "w[{i}] += {u}", "w = w * 0.5", "{u} = w[{i}]", "n += 1",
    "{u}, {v} = {v}, {u} * 0.9", "l[{i}] = {u}", "l[{i} - 4] *= 0.8", "{u} = l[{i}] * {f}",
    "l.append({u})",
)  # fmt: skip
QUESTIONS = ("x[{i}] > {f}", "{u} > {f}", "{u} < {v}", "k % 2 == 0", "n < {i} + 2")
LOOPS = ("for k in range({i} + 1):", "for k in (2, 5, 4):", "for k, e in enumerate(x):")
HANDLED = ("KeyError", "ValueError", "IndexError", "(KeyError, ValueError)", "Exception")
CONTEXTS = ("contextlib.suppress(KeyError)", 'np.errstate(all="ignore")')

Lines = list[str]


def program(seed: int) -> Program:
    """The program of this seed, the same at every run."""
    rng = random.Random(seed)
    lines = ["import contextlib", "", "import numpy as np", "", "", f"def {NAME}(x):"]
    lines += [f"    {line}" for line in BEGINNING]
    for _ in range(rng.randint(2, 4)):
        lines += _statement(rng, 1, rng.randint(2, 4), looping=False)
    point = np.random.default_rng(seed).uniform(-1.0, 1.0, 4)
    return Program(seed, "\n".join([*lines, f"    {ENDING}", ""]), (point,))


def _statement(rng: random.Random, indent: int, depth: int, looping: bool) -> Lines:
    if depth and rng.random() < 0.6:
        return _chosen(rng)(rng, indent, depth, looping)
    chance = rng.random()
    if looping and chance < 0.22:
        return [_line(rng, indent, rng.choice(("break", "continue")))]
    if chance < 0.26:
        return [_line(rng, indent, "return {u} * 0.5")]
    if chance < 0.3:
        return [_line(rng, indent, f"raise {rng.choice(HANDLED[:3])}('no')")]
    return [_line(rng, indent, rng.choice(SIMPLE))]


def _chosen(rng: random.Random) -> Callable[[random.Random, int, int, bool], Lines]:
    kinds = (_branches, _loop, _while, _try, _with)
    return rng.choices(kinds, (50, 18, 10, 14, 8))[0]


def _branches(rng: random.Random, indent: int, depth: int, looping: bool) -> Lines:
    question = rng.choice(QUESTIONS)
    lines = _block(rng, indent, depth, looping, f"if {question}:")
    if rng.random() < 0.25:
        lines += _block(rng, indent, depth, looping, f"elif {rng.choice(QUESTIONS)}:")
    if rng.random() < 0.35:
        lines += _block(rng, indent, depth, looping, "else:")
    return lines


def _loop(rng: random.Random, indent: int, depth: int, looping: bool) -> Lines:
    lines = _block(rng, indent, depth, True, rng.choice(LOOPS))
    if rng.random() < 0.2:
        lines += _block(rng, indent, depth, looping, "else:")
    return lines


def _while(rng: random.Random, indent: int, depth: int, looping: bool) -> Lines:
    count = f"j{indent}"  # Of its own, so that the loop ends.
    head = f"while {count} < {rng.randint(1, 3)} and {rng.choice(QUESTIONS)}:"
    first, *rest = _block(rng, indent, depth, True, head)
    return [
        _line(rng, indent, f"{count} = 0"),
        first,
        _line(rng, indent + 1, f"{count} += 1"),
        *rest,
    ]


def _try(rng: random.Random, indent: int, depth: int, looping: bool) -> Lines:
    lines = _block(rng, indent, depth, looping, "try:")
    lines += _block(rng, indent, depth, looping, f"except {rng.choice(HANDLED)}:")
    if rng.random() < 0.2:
        lines += _block(rng, indent, depth, looping, "else:")
    if rng.random() < 0.25:
        lines += [_line(rng, indent, "finally:"), _line(rng, indent + 1, rng.choice(SIMPLE))]
    return lines


def _with(rng: random.Random, indent: int, depth: int, looping: bool) -> Lines:
    return _block(rng, indent, depth, looping, f"with {rng.choice(CONTEXTS)}:")


def _block(rng: random.Random, indent: int, depth: int, looping: bool, head: str) -> Lines:
    lines = [_line(rng, indent, head)]
    for _ in range(rng.randint(1, 3)):
        lines += _statement(rng, indent + 1, depth - 1, looping)
    return lines


def _line(rng: random.Random, indent: int, text: str) -> str:
    u, v = rng.choice(NAMES), rng.choice(NAMES)
    filled = text.format(u=u, v=v, i=rng.randrange(4), f=round(rng.uniform(-1.0, 1.0), 2))
    return "    " * indent + filled
