"""From a seed to a program: its text, its arguments."""

from __future__ import annotations

import copy
import random
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.fuzz import classes, functions
from tests.fuzz.statements import ending, statements
from tests.fuzz.writer import Place, Writer

HEADER = """\
import contextlib
import dataclasses
import functools
import math
from typing import Any, NamedTuple

import numpy as np

"""
NAME = "program"


@dataclass(frozen=True)
class Program:
    """A module's text with a function `program`, and arguments for it."""

    seed: int
    text: str
    args: tuple[Any, ...]

    def arguments(self) -> tuple[Any, ...]:
        return copy.deepcopy(self.args)

    def load(self, folder: Path) -> Callable[..., Any]:
        """The function, from a file in `folder`, where its source can be read."""
        path = folder / f"program_{self.seed}.py"
        path.write_text(self.text)
        module = types.ModuleType(path.stem)
        module.__file__ = str(path)
        sys.modules[path.stem] = module  # Dataclasses look for their module there.
        exec(compile(self.text, str(path), "exec"), module.__dict__)
        function: Callable[..., Any] = module.__dict__[NAME]
        return function

    def unload(self, folder: Path) -> None:
        """Undo `load`."""
        sys.modules.pop(f"program_{self.seed}", None)
        (folder / f"program_{self.seed}.py").unlink(missing_ok=True)


def generate(seed: int) -> Program:
    """The program of this seed, the same at every run."""
    for attempt in range(20):
        program = _attempt(seed, random.Random(f"{seed}/{attempt}"))
        try:
            # An assignment expression is not allowed everywhere an expression is.
            compile(program.text, "<program>", "exec")
        except SyntaxError:
            continue
        return program
    raise AssertionError(f"no program comes of seed {seed}")


def _attempt(seed: int, rng: random.Random) -> Program:
    w = Writer(rng, statements=rng.randint(2, 7))
    w.class_kind = classes.declare(w)
    made = functions.helpers(w)
    w.scope.callables += made
    names, args = arguments(w)
    w.lines.append(f"def {NAME}({', '.join(names)}):")
    _copied(w)
    while w.budget > 0:
        statements(w, 4)
    ending(w)
    constants = [
        f"SCALE = {w.literal()}",
        f"TABLE = np.array({[round(0.3 * k - 0.4, 2) for k in range(w.n)]})",
    ]
    text = HEADER + "\n".join([*constants, "", "", *w.module, *w.lines]) + "\n"
    return Program(seed, text, args)


def _copied(w: Writer) -> None:
    """Mostly the caller's arrays are left alone, which is all that the tape allows."""
    for place in [p for p in w.scope.places if p.shape and p.writable]:
        if w.chance(0.7):
            w.line(f"{place.text} = {w.pick(['{}.copy()', '1.0 * {}'])}".format(place.text))


def arguments(w: Writer) -> tuple[list[str], tuple[Any, ...]]:
    """Parameters, and a value for each: numbers, arrays, containers of numbers."""
    numbers = np.random.default_rng(w.rng.randrange(2**32))

    def array(*shape: int) -> Any:
        # No literal of the grammar has as many digits: nothing is compared with its equal.
        return _apart(np.round(numbers.uniform(-1.2, 1.2, shape), 3) + 0.0004)

    def scalar() -> float:
        return round(round(float(numbers.uniform(-1.3, 1.3)), 3) + 0.0004, 4)

    chosen: dict[str, Any] = {"x": scalar(), "a": array(w.n)}
    w.add("x", ())
    w.add("a", (w.n,))
    if w.chance(0.4):
        chosen["y"] = scalar()
        w.add("y", ())
    if w.chance(0.55):
        shape = w.pick(((w.n, w.n), (w.n, w.k)))
        chosen["m"] = array(*shape)
        w.add("m", shape)
    if w.chance(0.1):
        chosen["weights"] = [scalar(), scalar(), scalar()]
        w.add_box("weights", "tuple", (), 3)
    elif w.chance(0.1):
        chosen["options"] = {"p": scalar(), "q": scalar()}
        for key in ("p", "q"):
            w.add(f'options["{key}"]', (), writable=False)
    elif w.chance(0.1):
        chosen["both"] = (array(w.n), array(w.n))
        w.add_box("both", "tuple", (w.n,), 2)
    w.scope.places += _constants(w)
    return list(chosen), tuple(chosen.values())


def _apart(values: np.ndarray) -> np.ndarray:
    """The same with no two elements equal: the largest of them, say, is one."""
    flat = values.reshape(-1)
    while len(np.unique(flat)) < len(flat):
        _, first = np.unique(flat, return_index=True)
        again = np.setdiff1d(np.arange(len(flat)), first)
        flat[again] = np.round(flat[again] + 0.007, 4)
    return values


def _constants(w: Writer) -> list[Place]:
    return (
        [Place("SCALE", (), False), Place("(1.0 * TABLE)", (w.n,), False)] if w.chance(0.4) else []
    )
