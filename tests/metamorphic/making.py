"""From changed syntax to a program of its own, which the compiler reads from a file."""

from __future__ import annotations

import atexit
import copy
import dataclasses
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.corpus.registry import Program
from tests.metamorphic.ground import TRANSFORMATIONS, Ground, ground_of

_FOLDER = Path(tempfile.mkdtemp(prefix="sorix-metamorphic-"))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
_count = iter(range(sys.maxsize))


def made(ground: Ground, extra: dict[str, Any] | None = None) -> Program:
    """The program with the function of this text, which sees what its module's functions see."""
    path = _FOLDER / f"{ground.program.name}_{next(_count)}.py"
    path.write_text(ground.text)
    namespace = {**vars(sys.modules[ground.program.function.__module__]), **(extra or {})}
    namespace["__loader__"] = None
    exec(compile(ground.text, str(path), "exec"), namespace)
    return dataclasses.replace(ground.program, function=namespace[ground.program.name])


def transformed(program: Program, names: tuple[str, ...]) -> Program | None:
    """The program after these transformations; None where none of them has anything to do."""
    ground = ground_of(program)
    changed = [name for name in names if TRANSFORMATIONS[name](ground)]
    return made(ground) if changed else None


def text_of(program: Program) -> str:
    function: Callable[..., Any] = program.function
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return Path(function.__code__.co_filename).read_text()


def call(program: Program) -> Any:
    """What the plain function returns."""
    return program.function(*copy.deepcopy(program.args))
