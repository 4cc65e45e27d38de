"""The lines of the user's program: those of files and notebooks, and of ``python -c TEXT``.

`linecache` has the former. The text of a command has the file name ``<string>``, as all text that
`exec` runs; Python keeps it among its own arguments. It is taken for a function's only where it
compiles to that function.
"""

from __future__ import annotations

import linecache
import re
import sys
import types
from collections.abc import Iterator
from typing import Any

COMMAND = "<string>"
"""The file name of the text of a command."""

_commands: list[tuple[str, ...]] = []
"""The lines of this process's command, once a function of it was met."""


def lines_around(code: types.CodeType, names: dict[str, Any], futures: int) -> tuple[str, ...]:
    """The lines of the text that `code` is part of; none where they are not known."""
    name = code.co_filename
    linecache.checkcache(name)
    lines = tuple(linecache.getlines(name, names))
    if lines or name != COMMAND:
        return lines
    text = _command()
    try:
        whole = compile(text, name, "exec", futures, dont_inherit=True)
    except SyntaxError:  # Python itself has taken away a common indentation, from 3.14 on.
        return ()
    if code not in codes_in(whole):
        return ()
    if not _commands:
        _commands.append(tuple(text.splitlines(keepends=True)))
    return _commands[0]


def line_at(file: str, number: int) -> str:
    """One of the user's lines, with its end; empty where it is not known."""
    if file == COMMAND and _commands:
        lines = _commands[0]
        return lines[number - 1] if 0 < number <= len(lines) else ""
    return linecache.getline(file, number)


def codes_in(code: types.CodeType) -> Iterator[types.CodeType]:
    """The code of a module, and of each function and class in it."""
    pending = [code]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(c for c in current.co_consts if isinstance(c, types.CodeType))


def _command() -> str:
    """The text that Python was started with, ``python -c TEXT``."""
    words = iter(sys.orig_argv[1:])
    if any(re.fullmatch(r"-[A-Za-z]*c", word) for word in words):
        return next(words, "")
    return ""
