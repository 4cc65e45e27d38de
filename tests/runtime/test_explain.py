"""What `.explain()` says of a loop is what the loop's derivative holds."""

from __future__ import annotations

import gc
import inspect
import re
import tracemalloc

import numpy as np
import pytest

import sorix

SIZE = 400
PER_FLOAT, PER_ENTRY = 32, 8


def march(x, w, n):
    for _ in range(n):
        x = x + 0.1 * np.sin(x * w)
    return x.sum()


def stretched(x, w, n):
    energy = 0.0
    for i in range(n):
        x = np.tanh(x * w) * x
        if i % 2 == 0:
            x = x * np.exp(-x)
        energy = np.tanh(energy * 0.1) + x.sum()
    return energy


def swept(x, w, n):
    for _ in range(n):
        x = np.concatenate((x[1:] * w[1:], np.cos(x[:1]) * w[:1]))
    return x.sum()


def until_small(x, w, n):
    k = 0
    while k < n:
        x = x * np.cos(x * w)
        k = k + 1
    return x.sum()


def linear(x, w, n):
    for _ in range(n):
        x = 0.5 * x + w
    return x.sum()


def pieces(x, w, n):
    for _ in sorix.checkpoint(range(n)):
        x = x + 0.1 * np.sin(x * w)
    return x.sum()


def called(function, n):
    x = sorix.tensor(np.linspace(0.1, 0.9, SIZE), requires_grad=True)
    w = sorix.tensor(np.linspace(0.3, 0.7, SIZE), requires_grad=True)
    return function(x, w, n)


def held(function, n):
    """The bytes that a call's derivative keeps until it is taken."""
    called(function, n)
    gc.collect()
    tracemalloc.start()
    y = called(function, n)
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert y.requires_grad
    return kept


def told(function):
    """The bytes that `.explain()` says each step keeps."""
    lines = [t for t in function.explain().splitlines() if " per step" in t or " per segment" in t]
    outer = [line for line in lines if not line.startswith("in each call")]
    total = 0
    for line in outer:
        for count, kind in re.findall(r"(\d+) (array|float|int|bool)", line):
            size = 8 * SIZE if kind == "array" else PER_FLOAT
            total += int(count) * (size + PER_ENTRY)
    return total


@pytest.mark.parametrize("program", [march, stretched, swept, until_small, linear])
def test_a_loop_holds_what_is_said_and_no_more(program):
    function = sorix.compile(program, fallback="error")
    few, many = held(function, 40), held(function, 240)
    measured = (many - few) / 200
    said = told(function)
    assert measured <= 1.15 * said + 64
    assert measured >= 0.45 * said - 64


def test_a_loop_in_segments_holds_the_begin_of_each():
    function = sorix.compile(pieces, fallback="error")
    few, many = held(function, 100), held(function, 900)
    assert (many - few) / 20 <= 1.15 * told(function)
    said = function.explain()
    assert "records 1 array of float64[n] per segment" in said
    assert "in each call of pieces_steps__adjoint, the loop at line" in said


def test_it_names_what_is_recorded_and_what_needs_it():
    function = sorix.compile(stretched, fallback="error")
    called(function, 2)
    first = stretched.__code__.co_firstlineno
    said = function.explain()
    assert re.search(rf"the loop at line {first + 2} records [^\n]* per step\n", said)
    assert re.search(rf"^    x, for the adjoint of lines? {first + 3}", said, re.MULTILINE)


def test_what_records_nothing_is_said_to():
    function = sorix.compile(linear, fallback="error")
    x = sorix.tensor(np.ones(3), requires_grad=True)
    function(x, 1.0, 4)
    assert "records nothing" in function.explain()

    @sorix.compile
    def straight(x):
        return (x * x).sum()

    straight(x)
    assert "nothing is recorded: there is no loop" in straight.explain()


def test_loops_inside_loops_are_told_apart():
    @sorix.compile
    def nested(x):
        for _ in range(3):
            for _ in range(2):
                x = np.sin(x) * x
            x = np.exp(x)
        return x.sum()

    nested(sorix.tensor(np.ones(3), requires_grad=True))
    assert re.search(r"the loop at line \d+ inside line \d+ records \d", nested.explain())


def _damped(x):
    y = x
    for _ in range(4):
        y = np.sin(y) * x
    return y


def test_lines_of_functions_that_are_called_are_their_own():
    compiled = sorix.compile(lambda x: (_damped(x) ** 2).sum(), fallback="error")
    compiled(sorix.tensor(np.ones(3), requires_grad=True))
    first = inspect.getsourcelines(_damped)[1]
    said = compiled.explain()
    assert f"the loop at line {first + 2} records" in said
    assert f", for the adjoint of line {first + 3}" in said
