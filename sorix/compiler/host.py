"""What compiling asks of the interpreter that it runs in: a deep stack, quiet, and parsing.

Three settings are the whole process's: the recursion limit, whether cycles are collected, and how
large the stacks of new threads are. Each is changed while somebody here needs it, by however many
threads at once, and is then again what it was before the first.
"""

from __future__ import annotations

import ast
import contextvars
import gc
import sys
import threading
from collections.abc import Callable
from types import CodeType
from typing import Any, Generic, NoReturn, ParamSpec, TypeVar

from sorix.errors import CompilerLimitError

DEPTH = 20_000
STACK = 256 * 1024 * 1024
"""Ample for so deep a recursion; of a stack, only what is used takes memory."""

P = ParamSpec("P")
T = TypeVar("T")


class Shared(Generic[T]):
    """A setting of the process, changed while anybody is inside.

    `change` returns what was before; `restore` gets that when the last one leaves.
    """

    def __init__(self, change: Callable[[], T], restore: Callable[[T], object]) -> None:
        self._change, self._restore = change, restore
        self._inside = 0
        # Entered again by the same thread, if a signal handler or a finaliser compiles, too.
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._before = self._change()
            self._inside += 1

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._restore(self._before)


# ------------------------------------------------------------------------------- quiet


def _stop_collecting() -> bool:
    enabled = gc.isenabled()
    gc.disable()
    return enabled


def _go_on_collecting(enabled: bool) -> None:
    if enabled:
        gc.enable()


uncollected = Shared(_stop_collecting, _go_on_collecting)
"""Without the cycle collector, which would look at all of the IR again and again."""


# ------------------------------------------------------------------------------- depth


_large_stacks = Shared(lambda: threading.stack_size(STACK), threading.stack_size)
_working: list[None] = []
"""An item for each call of `deeply` that has not returned, in whatever thread."""
_limit_before: list[int] = []
"""The recursion limit, while it is raised."""
_counting = threading.RLock()
_is_deep: contextvars.ContextVar[bool] = contextvars.ContextVar("sorix_is_deep", default=False)


def deeply(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What ``work(*args, **kwargs)`` returns, however deep it recurses.

    Syntax trees and nested blocks are walked recursively, and the caller may stand deep in a stack
    already. Work that exceeds the caller's limit is begun again in a thread of its own, whose
    stack is known to be large enough for a higher limit. It is lowered when nobody works here:
    of a thread that then stands deeper than it may, Python ends the whole process.

    Raises
    ------
    CompilerLimitError
        Where that is not deep enough either.
    """
    # No function of ours is called for counting: the caller may stand where the stack ends.
    with _counting:
        _working.append(None)
    try:
        return work(*args, **kwargs)
    except RecursionError as error:
        if _is_deep.get():
            raise
        with _counting:
            if not _limit_before:
                _limit_before.append(sys.getrecursionlimit())
                sys.setrecursionlimit(max(_limit_before[0], DEPTH))
        return _deeper(work, args, kwargs, error)
    finally:
        with _counting:
            _working.pop()
            if _limit_before and not _working:
                _lower_limit()


def undisturbed(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """`deeply`, and without the cycle collector: for all that makes IR or text."""
    with uncollected:
        return deeply(work, *args, **kwargs)


def _deeper(work: Callable[..., T], args: Any, kwargs: Any, first: RecursionError) -> T:
    try:
        return _in_deep_thread(lambda: work(*args, **kwargs))
    except (RecursionError, _NoThreadError):
        raise CompilerLimitError(
            "the program, or one of its arguments, is nested too deeply",
            "pass flat lists, and divide long expressions into statements",
        ) from first


def _lower_limit() -> None:
    try:
        sys.setrecursionlimit(_limit_before[0])
    except RecursionError:
        return  # The caller came deeper meanwhile: a later call lowers it.
    _limit_before.clear()


class _NoThreadError(Exception):
    """There are no threads here, or no more of them."""


def _in_deep_thread(work: Callable[[], T]) -> T:
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        _is_deep.set(True)
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    # The thread has the caller's context: NumPy's error state, and what sorix keeps there.
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(run,), name="sorix-compiler", daemon=True)
    try:
        with _large_stacks:
            thread.start()
    except (RuntimeError, ValueError) as error:
        raise _NoThreadError from error
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


# ------------------------------------------------------------------------------- parsing


def parse(text: str, name: str = "<unknown>") -> ast.Module:
    """``ast.parse(text, name)``, in which nothing else of Python's runs.

    CPython 3.11 and 3.12 count how deep the tree under construction is in a number that belongs to
    the interpreter. Where a garbage collection in the middle runs Python code (a finaliser, or one
    of `gc.callbacks`) that parses, too, or lets another thread parse, the first construction ends
    in "SystemError: AST constructor recursion depth mismatch".
    """
    with uncollected:
        return ast.parse(text, name)


def parse_generated(text: str) -> ast.Module:
    """The tree of a text that was generated."""
    try:
        return parse(text)
    except (IndentationError, MemoryError) as error:
        _too_deep(error)


def compile_generated(text: str, filename: str) -> CodeType:
    """The code of a text that was generated, and that parses."""
    try:
        return compile(text, filename, "exec", dont_inherit=True)
    except (SyntaxError, MemoryError) as error:
        if isinstance(error, SyntaxError) and "too many" not in str(error):
            raise
        _too_deep(error)


def _too_deep(error: Any) -> NoReturn:
    """Python has bounds of its own: 100 levels of indentation, 20 loops inside each other."""
    raise CompilerLimitError(
        f"the generated code is nested too deeply for Python: {getattr(error, 'msg', error)}",
        "divide the function, or compute with arrays what the innermost loops compute",
    ) from error
