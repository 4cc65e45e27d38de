"""Tracebacks as the user of a library reads them: his frames, and those of generated code.

A refusal names the user's line; the way to it through the compiler says nothing more. So the
entrances of the library take their own frames out of the traceback of what leaves through them,
and out of those of its causes. A fault of sorix's own keeps its frames, and with the environment
variable ``SORIX_FULL_TRACEBACK=1`` everything does.
"""

from __future__ import annotations

import contextlib
import dis
import functools
import os
from pathlib import Path
from types import TracebackType

import numpy as np

from sorix.errors import InternalCompilerError, SorixError

_SORIX = str(Path(__file__).parents[1]) + os.sep
_SUPPORT = _SORIX + "support" + os.sep
"""What generated code calls belongs to it, as NumPy's functions do."""
_PASSING = {functools.__file__, contextlib.__file__}
_NUMPY = str(Path(np.__file__).parent) + os.sep


def shorten(error: BaseException) -> None:
    """Take sorix's own frames out of the traceback of an error, and of its causes.

    Followed by a bare ``raise``, which adds no frame, it leaves nothing of the entrance either.
    """
    if os.environ.get("SORIX_FULL_TRACEBACK", "") not in ("", "0"):
        return
    seen: set[int] = set()
    shown: BaseException | None = error
    while shown is not None and id(shown) not in seen:
        seen.add(id(shown))
        frames = _frames(shown.__traceback__)
        if not _is_fault_of_ours(shown, frames):
            shown.__traceback__ = _joined(_others(frames))
        cause = shown.__cause__
        shown = cause if shown.__suppress_context__ or cause else shown.__context__


def line_of(error: BaseException) -> str:
    """The last of the user's lines that an error came through, ``model.py:12``, or nothing."""
    others = _others(_frames(error.__traceback__))
    for frame in reversed(others):
        if not _file(frame).startswith((_NUMPY, _SUPPORT)):
            return f"{Path(_file(frame)).name}:{frame.tb_lineno}"
    return ""


def _frames(traceback: TracebackType | None) -> list[TracebackType]:
    found = []
    while traceback is not None:
        found.append(traceback)
        traceback = traceback.tb_next
    return found


def _others(frames: list[TracebackType]) -> list[TracebackType]:
    """The frames that are not sorix's, nor what it called the next of its own through."""
    kept, hidden = [], False
    for frame in frames:
        hidden = _is_ours(frame) or (hidden and _file(frame) in _PASSING)
        if not hidden:
            kept.append(frame)
    return kept


def _joined(frames: list[TracebackType]) -> TracebackType | None:
    joined: TracebackType | None = None
    for frame in reversed(frames):
        joined = TracebackType(joined, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    return joined


def _is_ours(frame: TracebackType) -> bool:
    file = _file(frame)
    return file.startswith(_SORIX) and not file.startswith(_SUPPORT)


def _is_fault_of_ours(error: BaseException, frames: list[TracebackType]) -> bool:
    """Whether sorix failed, and not the program: it called NumPy wrongly, say."""
    if isinstance(error, SorixError):
        return isinstance(error, InternalCompilerError)
    last = [f for f in frames if not _file(f).startswith(_NUMPY)][-1:]
    return any(_is_ours(frame) and not _is_meant(error, frame) for frame in last)


def _is_meant(error: BaseException, last: TracebackType) -> bool:
    """Whether an error was raised by a statement that says so: it is about a caller's arguments."""
    raised = last.tb_frame.f_code.co_code[last.tb_lasti] == dis.opmap["RAISE_VARARGS"]
    return raised and isinstance(error, TypeError | ValueError)


def _file(frame: TracebackType) -> str:
    return frame.tb_frame.f_code.co_filename
