"""Medians of interleaved repeats, so that a busy moment of the machine hits everyone alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping

Step = Callable[[], object]


def seconds_per_call(step: Step, calls: int) -> float:
    """Mean duration of one of `calls` calls in a row."""
    start = time.perf_counter()
    for _ in range(calls):
        step()
    return (time.perf_counter() - start) / calls


def calls_for(step: Step, seconds: float) -> int:
    """How many calls take about so many seconds."""
    calls = 1
    while True:
        duration = seconds_per_call(step, calls) * calls
        if duration > seconds / 4:
            return max(1, round(calls * seconds / duration))
        calls *= 2


def interleaved_medians(
    steps: Mapping[str, Step], repeats: int, seconds: float
) -> dict[str, float]:
    """Median seconds per call of each step, over `repeats` rounds in which each has its turn."""
    calls = {name: calls_for(step, seconds) for name, step in steps.items()}
    samples: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(repeats):
        for name, step in steps.items():
            samples[name].append(seconds_per_call(step, calls[name]))
    return {name: statistics.median(values) for name, values in samples.items()}
