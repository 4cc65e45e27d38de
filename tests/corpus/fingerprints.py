"""Prints digests of the generated text of some programs, to be compared between processes."""

from __future__ import annotations

import hashlib
import sys

from sorix.errors import SorixError
from tests.corpus.checks import case
from tests.corpus.registry import Program, load


def fingerprint(program: Program) -> str:
    it = case(program)
    try:
        it.gradient(*it.args())
    except SorixError as error:
        return type(error).__name__
    return hashlib.sha256(it.gradient.source.encode()).hexdigest()


if __name__ == "__main__":
    every = int(sys.argv[1])
    for program in list(load().values())[::every]:
        sys.stdout.write(f"{program.name} {fingerprint(program)}\n")
