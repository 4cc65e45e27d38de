"""What runs when a callable is called, and with which signature.

`inspect.signature` follows ``__wrapped__``, which ``functools.wraps`` sets for the reader of the
documentation. What is run is the wrapper, which may take other arguments, in another order, with
other defaults: so a function's parameters are those of its own code.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import types
from collections.abc import Callable
from typing import Any

from sorix.compiler.frontend.dispatching import DISPATCHING
from sorix.compiler.frontend.inputs import is_plain_instance
from sorix.compiler.frontend.marks import mark

CONTEXT_MANAGER = contextlib.contextmanager(lambda: iter(())).__code__
"""The code of every function made by ``contextlib.contextmanager``."""


def is_plain(fn: Any) -> bool:
    """Whether a callable is a function to be read: no mark of sorix's around one, nor one that
    the standard library writes around it."""
    return (
        isinstance(fn, types.FunctionType)
        and mark(fn, "__sorix_intrinsic__") is None
        and fn.__code__ not in (CONTEXT_MANAGER, *DISPATCHING)
    )


def within(fn: Any) -> Any:
    """The callable that a call of one which is not plain comes to, or None."""
    inner = mark(fn, "__sorix_wrapped__")
    if inner is None and is_plain_instance(fn):
        return getattr(type(fn), "__call__", None)  # noqa: B004
    if inner is None:
        inner = getattr(fn, "__wrapped__", None)
    if inner is None and isinstance(fn, functools.partial):
        inner = fn.func
    if inner is None and isinstance(fn, types.MethodType):
        inner = fn.__func__
    return getattr(type(fn), "__call__", None) if inner is None else inner  # noqa: B004


def signature_of(fn: Callable[..., Any]) -> inspect.Signature:
    """The parameters that a call of `fn` binds its arguments to."""
    return inspect.signature(_bare(fn))


def function_of(fn: Any) -> types.FunctionType | None:
    """The function whose defaults `signature_of` shows, or None."""
    if isinstance(fn, types.FunctionType) and mark(fn, "__sorix_intrinsic__") is None:
        return fn
    if isinstance(fn, types.MethodType | functools.partial) or is_plain_instance(fn):
        inner = within(fn)
    else:
        inner = mark(fn, "__sorix_wrapped__") or getattr(fn, "__wrapped__", None)
    return None if inner is None else function_of(inner)


def _bare(fn: Any) -> Any:
    """A callable that takes what `fn` takes, and wraps nothing."""
    if isinstance(fn, types.FunctionType) and mark(fn, "__sorix_intrinsic__") is None:
        plain = types.FunctionType(
            fn.__code__, fn.__globals__, fn.__name__, fn.__defaults__, fn.__closure__
        )
        plain.__kwdefaults__ = fn.__kwdefaults__
        return plain
    if isinstance(fn, types.MethodType):
        return types.MethodType(_bare(fn.__func__), fn.__self__)
    if isinstance(fn, functools.partial):
        return functools.partial(_bare(fn.func), *fn.args, **fn.keywords)
    inner = within(fn)
    if is_plain_instance(fn) and isinstance(inner, types.FunctionType):
        return types.MethodType(_bare(inner), fn)
    wrapped = mark(fn, "__sorix_wrapped__") or getattr(fn, "__wrapped__", None)
    return fn if wrapped is None else _bare(wrapped)
