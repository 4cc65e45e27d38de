"""Many programs, counted: ``python -m tests.fuzz --count 100000 --report FILE``.

Each chunk of seeds runs in a process of its own, so that nothing grows and a crash is one chunk's.
The report gets a line for every chunk and the shrunk text of every failure; started again with the
same report, the run goes on after the last chunk in it.
"""

from __future__ import annotations

import argparse
import collections
import json
import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path

Counts = dict[str, int]


def main() -> int:
    options = _options()
    start = options.start
    totals: collections.Counter[str] = collections.Counter()
    if options.report.exists():
        for line in options.report.read_text().splitlines():
            if line.startswith("{"):
                chunk = json.loads(line)
                start = max(start, chunk["stop"])
                totals.update(chunk["counts"])
    stop = options.start + options.count
    seeds = [(s, min(s + options.chunk, stop)) for s in range(start, stop, options.chunk)]
    jobs = [(a, b, options.shrink) for a, b in seeds]
    context = multiprocessing.get_context("fork")
    with context.Pool(options.processes, maxtasksperchild=1) as pool:
        for first, last, counts, failures, seconds in pool.imap(run_chunk, jobs):
            totals.update(counts)
            with options.report.open("a") as report:
                for failure in failures:
                    report.write(failure + "\n")
                entry = {"start": first, "stop": last, "seconds": round(seconds), "counts": counts}
                report.write(json.dumps(entry, sort_keys=True) + "\n")
            sys.stdout.write(f"{last}: {totals['programs']} programs, {totals['wrong']} wrong\n")
            sys.stdout.flush()
    sys.stdout.write(table(totals))
    return 1 if totals["wrong"] else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="how many programs")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--chunk", type=int, default=500, help="programs to a process")
    parser.add_argument("--report", type=Path, default=Path("fuzz-report.txt"))
    parser.add_argument("--no-shrink", dest="shrink", action="store_false")
    return parser.parse_args()


def run_chunk(job: tuple[int, int, bool]) -> tuple[int, int, Counts, list[str], float]:
    """Programs of some seeds: how often each engine ended how, and the failures."""
    os.environ["SORIX_CACHE_DIR"] = ""  # In memory; gone with the process.
    from tests.fuzz.engines import Wrong, run
    from tests.fuzz.generate import generate
    from tests.fuzz.shrink import failure, shrink

    first, last, shrinking = job
    counts: collections.Counter[str] = collections.Counter()
    failures: list[str] = []
    began = time.process_time()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for seed in range(first, last):
            program = generate(seed)
            counts["programs"] += 1
            try:
                for engine, end in run(program, folder).engines.items():
                    counts[f"{engine}: {end}"] += 1
            except Wrong as error:
                counts["wrong"] += 1
                small = shrink(program, failure(folder)) if shrinking else program
                failures.append(f"# seed {seed}: {error}\n{small.text}\n# args: {program.args}")
    return first, last, dict(counts), failures, time.process_time() - began


def table(totals: collections.Counter[str]) -> str:
    lines = [f"{count:8d}  {what}" for what, count in sorted(totals.items(), key=lambda i: -i[1])]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
