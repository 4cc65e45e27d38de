"""Print how long the tutorial's step takes in each library, and how that compares.

    python -m benchmarks [--quick]

Before anything is timed, all libraries must have computed the same gradients. On a machine with
other work to do, libraries with threads suffer more than others: their threads wait for each other.
``taskset -c 0 python -m benchmarks`` gives everyone one core.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

import numpy as np

from benchmarks.penalty import CONTESTANTS, Contestant, NotInstalled, Problem
from benchmarks.timing import interleaved_medians

PROBLEMS = (Problem(points=10, hidden=16), Problem(points=1000, hidden=64))
TOLERANCE = 1e-4


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a rough figure in seconds")
    options = parser.parse_args(argv)
    repeats, seconds = (3, 0.02) if options.quick else (15, 0.1)
    print(machine())
    for problem in PROBLEMS:
        contestants, missing = assemble(problem)
        distance = compare_gradients(contestants)
        medians = interleaved_medians({c.name: c.step for c in contestants}, repeats, seconds)
        print(f"\nloss, weight gradients and Adam: {problem}")
        print(f"medians of {repeats} interleaved repeats; gradients agree to {distance:.0e}\n")
        print_table(medians)
        for name in missing:
            print(f"skipped: {name} is not installed (pip install '.[bench]')")
    return 0


def machine() -> str:
    """How many cores there are for this process, and how many others want them."""
    # Python 3.11 to 3.12 have no os.process_cpu_count, macOS no affinity.
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    busy = "; it is busy, so the ratios are distorted" if load > 0.5 else ""
    return f"{cores} {'core' if cores == 1 else 'cores'}, load before the start {load:.1f}{busy}"


def assemble(problem: Problem) -> tuple[list[Contestant], list[str]]:
    """The contestants that are here, and the names of those that are not."""
    present, missing = [], []
    for make in CONTESTANTS:
        try:
            present.append(make(problem))
        except NotInstalled as absent:
            missing.append(str(absent))
    return present, missing


def compare_gradients(contestants: Sequence[Contestant]) -> float:
    """Let everyone make one step; the largest distance of a gradient from the first one's."""
    for contestant in contestants:
        contestant.step()
    reference = contestants[0].gradients()
    scale = max(float(np.abs(g).max()) for g in reference)
    worst = 0.0
    for contestant in contestants[1:]:
        for mine, theirs in zip(contestant.gradients(), reference, strict=True):
            worst = max(worst, float(np.abs(mine - theirs).max()) / scale)
        if not worst < TOLERANCE:
            raise SystemExit(f"{contestant.name} computes other gradients: {worst:.1e} apart")
    return worst


def print_table(medians: dict[str, float]) -> None:
    """A row for each contestant: microseconds, and how many times faster than the others."""
    peers = [name for name in medians if name.startswith(("torch", "JAX"))]
    width = max(map(len, medians))
    print(f"{'':{width}}  {'us/step':>9}" + "".join(f"  {'x ' + peer:>14}" for peer in peers))
    for name, seconds in medians.items():
        ratios = "".join(f"  {medians[peer] / seconds:14.2f}" for peer in peers)
        print(f"{name:{width}}  {seconds * 1e6:9.1f}{ratios}")
    if peers:
        print("(x PEER: times faster than that peer, in this run)")


if __name__ == "__main__":
    raise SystemExit(main())
