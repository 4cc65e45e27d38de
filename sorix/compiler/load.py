"""Generated text as a module: executed once, visible to debuggers, traced to the user's lines.

The module has a file name that ends in ``.py`` and need not exist; `linecache` knows its text, in
an entry that survives ``checkcache``, and a loader gives it again after ``clearcache``. So
tracebacks, `pdb`, profilers and `inspect.getsource` show the generated lines.

Which line of the user's a generated line comes from is read from its provenance comments, so a
module from the cache knows it too.
"""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import CodeType, TracebackType
from typing import Any, NoReturn

from sorix.compiler.cache import Cache, Entry
from sorix.compiler.host import compile_generated
from sorix.errors import (
    NotDifferentiableError,
    ShapeError,
    SorixError,
    UnsupportedSyntaxError,
)
from sorix.support.raising import ComplexNumberError

_texts: dict[str, str] = {}
_COMMENT = re.compile(
    r"\s*# (?P<depth>(?:  )*)(?P<adjoint>adjoint of )?(?P<place>\S+:\d+)(?:  (?P<source>.*))?$"
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A generated module: its text, the file name it shows, and its namespace."""

    text: str
    filename: str
    namespace: dict[str, Any]
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Provenance:
    """The user's line a generated line comes from; `source` is its text where known.

    Of a line in a function that was inlined, `call` is where that was called.
    """

    place: str
    source: str = ""
    adjoint: bool = False
    call: Provenance | None = None

    def __str__(self) -> str:
        what = "the adjoint of " if self.adjoint else ""
        called, call = "", self.call
        while call is not None:
            called += f"\n    called at {call._line()}"
            call = call.call
        return f"{what}{self._line()}{called}"

    def _line(self) -> str:
        return self.place + (f": {self.source}" if self.source else "")


class _Loader:
    """What `linecache` asks for the text again."""

    def __init__(self, text: str) -> None:
        self._text = text

    def get_source(self, name: str) -> str:
        return self._text


def load(
    text_of: Callable[[], str], name: str, key: str, cache: Cache, directory: Path | None = None
) -> Loaded:
    """The module with this key: from the cache, else compiled from ``text_of()`` and stored.

    Parameters
    ----------
    text_of : callable
        Makes the text; called only where the cache has no entry.
    name : str
        What the module is called in tracebacks: ``<directory>/<name>-<first of the key>.py``.
    key : str
        See `sorix.compiler.cache.cache_key`.
    cache : Cache
    directory : Path, optional
        Shown in the file name; by default the cache's.
    """
    entry = cache.get(key)
    if entry is not None:
        return _execute(entry, cached=True)
    text = text_of()
    shown = directory or cache.directory or Path("sorix-generated")
    readable = re.sub(r"[^\w.-]+", "_", name).strip("._") or "module"
    filename = str(shown / f"{readable}-{key[:8]}.py")
    entry = Entry(text, compile_generated(text, filename))
    cache.put(key, entry)
    return _execute(entry, cached=False)


def load_text(text: str, filename: str) -> Loaded:
    """Execute a module's text under a file name, without any cache."""
    return _execute(Entry(text, compile_generated(text, filename)), cached=False)


def _execute(entry: Entry, cached: bool) -> Loaded:
    filename = entry.code.co_filename
    _texts[filename] = entry.text
    lines = entry.text.splitlines(keepends=True)
    # A modification time of None is what keeps checkcache from looking for the file.
    linecache.cache[filename] = (len(entry.text), None, lines, filename)
    namespace: dict[str, Any] = {
        "__name__": f"sorix_generated.{Path(filename).stem.replace('-', '_').replace('.', '_')}",
        "__file__": filename,
        "__loader__": _Loader(entry.text),
    }
    exec(entry.code, namespace)
    return Loaded(entry.text, filename, namespace, cached)


# ---------------------------------------------------------------------------- provenance


@lru_cache(maxsize=256)
def line_map(text: str) -> dict[int, Provenance]:
    """From the number of a generated line to the user's line it comes from.

    Examples
    --------
    >>> text = "def f(x):\\n    # train.py:3  y = x * 2\\n    y = x * 2\\n"
    >>> text += "    # adjoint of train.py:3\\n    x_bar = 2.0\\n"
    >>> {n: str(p) for n, p in line_map(text).items()}
    {3: 'train.py:3: y = x * 2', 5: 'the adjoint of train.py:3: y = x * 2'}
    """
    found: dict[int, Provenance] = {}
    sources: dict[str, str] = {}
    way: list[Provenance] = []
    for number, line in enumerate(text.splitlines(), start=1):
        comment = _COMMENT.match(line)
        if comment is None:
            if line.startswith("def "):
                way = []
            elif way and line.strip():
                found[number] = way[-1]
            continue
        place, source = comment["place"], comment["source"] or ""
        if not comment["adjoint"] and source:
            sources[place] = source
        way = way[: len(comment["depth"]) // 2]
        call = way[-1] if way else None
        known = source or sources.get(place, "")
        way.append(Provenance(place, known, bool(comment["adjoint"]), call))
    return found


def provenance(filename: str, line: int) -> Provenance | None:
    """Where a line of a generated module comes from."""
    text = _texts.get(filename)
    return None if text is None else line_map(text).get(line)


def is_generated(code: CodeType) -> bool:
    """Whether the code belongs to a module loaded here."""
    return code.co_filename in _texts


def annotate(error: BaseException) -> None:
    """Note on an exception that passed through generated code which of the user's lines it was."""
    origin = _passed(error)
    if origin is None:
        return
    note = f"while running code generated from {origin}"
    if note not in getattr(error, "__notes__", ()):
        error.add_note(note)


def _passed(error: BaseException) -> Provenance | None:
    """The line of the user's that an exception passed through, the innermost."""
    innermost: tuple[str, int] | None = None
    traceback: TracebackType | None = error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename in _texts:
            innermost = code.co_filename, traceback.tb_lineno
        traceback = traceback.tb_next
    return None if innermost is None else provenance(*innermost)


_MISFIT = re.compile(
    r"could not be broadcast|could not broadcast|mismatch in its core dimension|not aligned"
    r"|cannot reshape|shape-mismatch|must have the same shape|dimensions .* must match"
)


def left_to_python(error: Exception) -> NoReturn:
    """Refuse a call whose generated code raised what the program itself handles."""
    refusal = UnsupportedSyntaxError(
        f"{type(error).__name__} was raised, which the function handles by itself: {error}",
        "test with if, before the call that raises, whether it would",
    )
    origin = _passed(error)
    if origin is not None:
        file, _, line = origin.place.rpartition(":")
        refusal.at(file, int(line), 0, origin.source)
    raise refusal from error


def reraise(error: Exception) -> NoReturn:
    """Raise an exception of generated code again, with the user's line, as an error of ours.

    What NumPy says of shapes that do not fit is a `ShapeError`, as it is on the tape; it keeps the
    traceback, so that debuggers still end where it happened.
    """
    annotate(error)
    if isinstance(error, ComplexNumberError):
        refusal = NotDifferentiableError(
            "a negative number is raised to the power of a fraction, of which Python makes a"
            " complex number",
            "use abs(x) ** p, or np.sqrt(x), where a negative number is a mistake",
        )
        raise _like(error, refusal) from None
    if type(error) is not ValueError or not _MISFIT.search(str(error)):
        raise error
    raise _like(error, ShapeError(str(error).strip())) from None


def _like(error: Exception, new: SorixError) -> SorixError:
    """An error of ours with the traceback, and what is noted, of one that was raised."""
    for note in getattr(error, "__notes__", ()):
        new.add_note(note)
    return new.with_traceback(error.__traceback__)
