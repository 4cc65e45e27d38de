"""Whether operations are recorded: a per-context switch, on unless told otherwise.

The switch lives in a context variable, so threads and asyncio tasks do not see each other's.
A new thread starts with recording on, as in PyTorch.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import ContextVar
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

_recording: ContextVar[bool] = ContextVar("sorix_recording", default=True)
recording = _recording.get


def is_grad_enabled() -> bool:
    """Whether operations on tensors that require grad are recorded now.

    Examples
    --------
    >>> import sorix
    >>> with sorix.no_grad():
    ...     sorix.is_grad_enabled()
    False
    """
    return _recording.get()


class set_grad_enabled:
    """Switch recording on or off, at once; as a context manager, until its end.

    Examples
    --------
    >>> import sorix
    >>> with sorix.set_grad_enabled(False):
    ...     sorix.is_grad_enabled()
    False
    >>> sorix.is_grad_enabled()
    True
    """

    __slots__ = ("_before",)

    def __init__(self, mode: bool) -> None:
        self._before = _recording.get()
        _recording.set(bool(mode))

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        _recording.set(self._before)


class _Switch:
    """A context manager and decorator that sets recording to `_mode` inside."""

    _mode: bool
    _before: list[bool]
    __slots__ = ("_before",)

    if TYPE_CHECKING:

        def __init__(self, function: Any = None) -> None: ...

    def __new__(cls, function: Any = None) -> Any:
        switch = super().__new__(cls)
        switch._before = []
        return switch if function is None else switch(function)

    def __enter__(self) -> None:
        self._before.append(_recording.get())
        _recording.set(self._mode)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        _recording.set(self._before.pop())

    def __call__(self, function: F) -> F:
        mode = self._mode

        @functools.wraps(function)
        def switched(*args: Any, **kwargs: Any) -> Any:
            before = _recording.get()
            _recording.set(mode)
            try:
                return function(*args, **kwargs)
            finally:
                _recording.set(before)

        return switched  # type: ignore[return-value]


class no_grad(_Switch):
    """Record nothing inside; a context manager and a decorator.

    Examples
    --------
    >>> import sorix
    >>> x = sorix.tensor([1.0], requires_grad=True)
    >>> with sorix.no_grad():
    ...     y = x * 2
    >>> y.requires_grad
    False
    >>> @sorix.no_grad()
    ... def double(x):
    ...     return x * 2
    >>> double(x).requires_grad
    False
    """

    _mode = False
    __slots__ = ()
    __sorix_intrinsic__ = "no_grad"


class enable_grad(_Switch):
    """Record inside, also within `no_grad`; a context manager and a decorator.

    Examples
    --------
    >>> import sorix
    >>> x = sorix.tensor([1.0], requires_grad=True)
    >>> with sorix.no_grad(), sorix.enable_grad():
    ...     y = x * 2
    >>> y.requires_grad
    True
    """

    _mode = True
    __slots__ = ()
    __sorix_intrinsic__ = "enable_grad"


_as_arrays: ContextVar[bool] = ContextVar("sorix_as_arrays", default=False)
array_meaning = _as_arrays.get
_readable: ContextVar[bool] = ContextVar("sorix_readable", default=True)
readable = _readable.get
"""Whether the text of a tensor that requires grad may be asked for."""


class as_arrays:
    """Inside, tensors stand in for the arrays and numbers of a NumPy program.

    Methods mean what NumPy's mean where PyTorch's differ, and ``float(x)`` of a tensor that
    requires grad raises: in ``math.sin(x)`` it would silently lose the derivative. So does its
    text, unless it is `readable`: a program that reads numbers would read it.
    """

    __slots__ = ("_before", "_readable")

    def __init__(self, readable: bool = False) -> None:
        self._readable = readable

    def __enter__(self) -> None:
        self._before = _as_arrays.get(), _readable.get()
        _as_arrays.set(True)
        _readable.set(self._readable)

    def __exit__(self, *error: object) -> None:
        _as_arrays.set(self._before[0])
        _readable.set(self._before[1])
