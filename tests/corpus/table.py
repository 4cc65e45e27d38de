"""The page docs/supported.md, made of the corpus: what is supported, and how that is known.

    python -m tests.corpus.table            run what is not recorded yet, and write the page
    python -m tests.corpus.table --again    run everything again

Of each program, the columns come from what the tests of the corpus assert: reverse and forward
mode and the second order from its registration, the tape and the reading of the generated text
from `RECORDED`, a file that the tests compare with what they find, row by row.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import math
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import sorix.primitives
from sorix.errors import CompileError
from tests.corpus import checks
from tests.corpus.registry import Program, load

ROOT = Path(__file__).parents[2]
RECORDED = Path(__file__).parent / "supported.txt"
PAGE = ROOT / "docs" / "supported.md"

GROUPS = {
    "Control flow": "control_flow_if control_flow_loops control_flow_try exceptions iterators"
    " patterns",
    "Calls and scopes": "calls scopes generators higher_order classes objects",
    "Data": "data_tuples_and_lists data_dicts library",
    "Arrays written in place": "arrays_inplace views stencils",
    "Memory": "checkpointing",
    "NumPy functions": "numpy_functions array_ranks broadcasting indexing index_tricks linalg reductions",
}
"""The topics of each section; all others are whole programs."""
LAST = "Whole programs"

INTRODUCTION = """\
# What is supported

Each row is a program of the [corpus](../tests/corpus): an ordinary function that the tests run
through every engine. This page is generated from what they assert (`python -m tests.corpus.table`),
and a test fails where it says something else.

- **reverse**: the compiled gradient agrees with differences.
- **forward**: so does the compiled tangent (`sorix.func.jvp`).
- **second**: so does the derivative of the gradient; — where the program has no second derivative
  at its arguments.
- **tape**: the same function on the eager tape, which takes the call where the compiler refuses it.
- **text**: the generated adjoint, read as a program of a user's, is differentiated again.

✓ is right; a class in brackets is the error with which a program is refused, by name. There is no
third case: what is neither right nor refused fails the tests.
"""


# -- what is recorded -----------------------------------------------------------------------


@functools.cache
def recorded() -> dict[str, tuple[str, str]]:
    """By the name of a program: what the tape and the reading of the text give."""
    lines = RECORDED.read_text().splitlines() if RECORDED.exists() else []
    rows = [line.split() for line in lines]
    return {name: (tape, text) for name, tape, text in rows}


def found_on_the_tape(program: Program) -> str:
    """``right``, or the class with which the tape refuses."""
    return checks.check_tape(program).removeprefix("refused: ")


def found_in_the_text(program: Program, folder: Path) -> str:
    """``right``, the class with which the compiler refuses its own text, or ``-``."""
    if program.refused is not None or program.order < 2:
        return "-"
    try:
        checks.check_text(program, folder)
    except CompileError as error:
        return type(error).__name__
    return "right"


def record(again: bool) -> None:
    """Run the programs of which nothing is recorded, and write the file."""
    known = {} if again else recorded()
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        for program in load().values():
            rows[program.name] = known.get(program.name) or (
                found_on_the_tape(program),
                found_in_the_text(program, Path(folder)),
            )
    lines = (f"{name} {tape} {text}" for name, (tape, text) in sorted(rows.items()))
    RECORDED.write_text("\n".join(lines) + "\n")
    recorded.cache_clear()


# -- the page -------------------------------------------------------------------------------


def page() -> str:
    """The text of docs/supported.md."""
    return "\n".join([INTRODUCTION, *_sections(), *_refusals(), *_rules()]) + "\n"


def written_page() -> str:
    """The page as it lies in docs/, with the rules of this version of NumPy.

    Which names a function has depends on it; the programs do not.
    """
    text = PAGE.read_text()
    head, _, rules = text.partition(RULES)
    same = rules.startswith(_versions())
    return text if same else head + "\n".join(_rules()) + "\n"


def _sections() -> Iterator[str]:
    topics = list(dict.fromkeys(p.topic for p in load().values()))
    placed = {topic for named in GROUPS.values() for topic in named.split()} | {"refusals"}
    groups = {group: named.split() for group, named in GROUPS.items()}
    groups[LAST] = [topic for topic in topics if topic not in placed]
    for group, named in groups.items():
        yield f"## {group}\n"
        for topic in named:
            yield from _table(topic)


def _table(topic: str) -> Iterator[str]:
    about = inspect.getdoc(importlib.import_module(f"tests.corpus.{topic}")) or topic
    yield f"{about.splitlines()[0]} ([{topic}.py](../tests/corpus/{topic}.py))\n"
    yield "| construct | reverse | forward | second | tape | text |"
    yield "|---|---|---|---|---|---|"
    for program in load().values():
        if program.topic == topic:
            yield f"| {' | '.join([_described(program), *_cells(program)])} |"
    yield ""


def _refusals() -> Iterator[str]:
    yield "## Refusals\n"
    yield from _table("refusals")


def _described(program: Program) -> str:
    """The first line of a program's docstring, or its name spelled out."""
    doc = inspect.getdoc(program.function) if program.function.__doc__ else None
    if doc:
        return doc.splitlines()[0].rstrip(".").replace("|", "\\|")
    return program.name.replace("_", " ")


def _cells(program: Program) -> list[str]:
    tape, text = recorded_of(program)
    if program.refused is not None:
        refused = _mark(program.refused.__name__)
        return [refused, refused, "—", _mark(tape), "—"]
    second = "✓" if program.order >= 2 else "—"
    return ["✓", "✓", second, _mark(tape), _mark(text)]


def recorded_of(program: Program) -> tuple[str, str]:
    """The record of a program, which may still be missing."""
    return recorded().get(program.name, ("unrecorded", "unrecorded"))


def _mark(found: str) -> str:
    return {"right": "✓", "-": "—", "unrecorded": "not recorded"}.get(found, f"({found})")


# -- the rules ------------------------------------------------------------------------------

KINDS = {
    "elementwise": "Entry by entry: the partial derivatives are stated",
    "linear": "Linear: the transpose is stated",
    "bilinear": "Linear in each argument: the cotangents are stated",
    "adjoint": "Others: the cotangents are stated",
    "constant": "With derivative zero",
}


RULES = "## Functions with a rule, "


def _versions() -> str:
    return f"as NumPy {'.'.join(np.__version__.split('.')[:2])} names them\n"


def _rules() -> Iterator[str]:
    yield RULES + _versions() + "\n"
    yield (
        "Called by these names, as operators or as methods; with the options of the rules in\n"
        "[sorix/primitives](../sorix/primitives). Others are written out in terms of these, such as\n"
        "`np.linalg.lstsq`, `np.vectorize` and `np.apply_along_axis`\n"
        "([definitions](../sorix/primitives/definitions)). What is neither, and is given a value which\n"
        "needs a derivative, is refused by name.\n"
    )
    named = _named_functions()
    for kind, about in KINDS.items():
        functions = [f"`{name}`" for name, rule in named.items() if rule == kind]
        yield f"**{about}** ({len(functions)}): {', '.join(functions)}\n"


def _named_functions() -> dict[str, str]:
    """The kind of rule of each public function of NumPy and of `math`, by its name there."""
    spaces = {"np": np, "np.linalg": np.linalg, "math": math}
    found = {}
    for function, rule in sorix.primitives.rules().items():
        for prefix, space in spaces.items():
            names = [n for n in dir(space) if getattr(space, n, None) is function]
            found.update({f"{prefix}.{n}": rule.kind for n in names if not n.startswith("_")})
    return dict(sorted(found.items()))


if __name__ == "__main__":
    record("--again" in sys.argv)
    PAGE.write_text(page())
