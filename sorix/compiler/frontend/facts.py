"""Functions of Python's own that are carried out when the program is compiled.

They compute from texts and other facts alone: methods of strings called through their class,
regular expressions, and a few modules for texts. Where an argument is the run's, most are not
followed.
"""

from __future__ import annotations

import itertools
import re
import types
from collections.abc import Iterator
from typing import Any

from sorix.compiler.frontend import calls, containers, iterables, text_methods
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import Kwargs, Sequence, Static, Value
from sorix.errors import UnsupportedCallError

_TEXTS = (str, bytes)
_CLASSES = (*_TEXTS, int, float)
_EXPRESSIONS = (re.Pattern, re.Match)
_MODULES = {"re", "string", "textwrap", "shlex", "fnmatch", "json", "unicodedata"}


def call(it: Interpreter, fn: Any, args: list[Value], kwargs: Kwargs) -> Value | None:
    """The result of such a function; None where it is none, or is read as others are."""
    if isinstance(fn, types.MethodDescriptorType) and fn.__objclass__ in _TEXTS and args:
        return text_methods.call(it, args[0], fn.__name__, args[1:], kwargs)
    if not (_is_method(fn) or _is_function(fn)):
        return None
    if fn is re.sub or getattr(fn, "__name__", "") == "sub" and _is_method(fn):
        replaced = _replaced(it, fn, args, kwargs)
        if replaced is not None:
            return replaced
    given = [containers.python_object(it, a) for a in args]
    named = {k: containers.python_object(it, v) for k, v in kwargs.items()}
    if not all(known for known, _ in (*given, *named.values())):
        _refuse(fn)
        return None
    plain, options = [v for _, v in given], {k: v for k, (_, v) in named.items()}
    return _lifted(it, containers.computed(it, lambda: _made(fn(*plain, **options))))


def _is_method(fn: Any) -> bool:
    """Whether it is a method of a regular expression, or one that makes a text or number."""
    if not isinstance(fn, types.BuiltinMethodType):
        return False
    owner = fn.__self__
    return isinstance(owner, _EXPRESSIONS) or any(owner is cls for cls in _CLASSES)


def _is_function(fn: Any) -> bool:
    return isinstance(fn, types.FunctionType) and fn.__module__ in _MODULES


def _refuse(fn: Any) -> None:
    if _is_method(fn) or fn.__module__ == "re":
        raise UnsupportedCallError(
            f"{fn.__name__}() of texts or values that the run makes",
            "call it outside of the function, or on a text that is known before",
        )


def _made(found: Any) -> Any:
    """Iterators are run at once: what they find is known."""
    return _Iterated(tuple(found)) if isinstance(found, Iterator) else found


class _Iterated:
    """The items of an iterator."""

    def __init__(self, items: tuple[Any, ...]) -> None:
        self.items = items


def _lifted(it: Interpreter, found: Any) -> Value:
    if isinstance(found, _Iterated):
        items = tuple(containers.lifted(it, item) for item in found.items)
        return iterables.lazy(it, "iter", (Sequence(items),))
    return containers.lifted(it, found)


def _replaced(it: Interpreter, fn: Any, args: list[Value], kwargs: Kwargs) -> Value | None:
    """``sub`` with a function that says what to put in the place of a match; None with a text."""
    if fn is re.sub:
        if not args or "repl" in kwargs or "string" in kwargs:
            return None
        flags = it.demand(kwargs.get("flags", Static(0)), "flags=")
        pattern, args = re.compile(it.demand(args[0], "a pattern"), flags), args[1:]
    else:
        pattern = fn.__self__
    if len(args) < 2 or isinstance(args[0], Static) and isinstance(args[0].value, _TEXTS):
        return None
    count = it.demand(args[2] if len(args) > 2 else kwargs.get("count", Static(0)), "count=")
    text = it.demand(args[1], "the text of sub()")
    parts: list[Any] = []
    at = 0
    function = it.hold(args[0])
    for match in itertools.islice(pattern.finditer(text), count or None):
        parts.append(Static(text[at : match.start()]))
        replace = it.release(function)
        function = it.hold(replace)
        parts.append(it.hold(calls.call(it, replace, [Static(match)], {})))
        at = match.end()
    it.release(function)
    items = [it.release(p) for p in (*parts, Static(text[at:]))]
    return text_methods.call(it, Static(text[:0]), "join", [Sequence(tuple(items))], {})
