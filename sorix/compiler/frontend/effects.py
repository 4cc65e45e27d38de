"""Calls that write a message and change no value: `logging`, `warnings`.

They become statements for their effect, once, where the function itself runs.
"""

from __future__ import annotations

import logging
import types
import warnings
from typing import Any

from sorix.compiler.frontend import containers, formatting, texts
from sorix.compiler.frontend.builtin_table import builtin
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.texts import shown
from sorix.compiler.frontend.values import NONE, DictContent, Kwargs, Sequence, Static, Value
from sorix.compiler.ir.nodes import Atom, Call, Effect, Method
from sorix.errors import UnsupportedCallError

_LEVELS = "debug info warning error critical exception log".split()
LOGGED = {getattr(logging.Logger, name) for name in _LEVELS}
"""The methods of a logger that write a message."""


def log(it: Interpreter, method: types.MethodType, path: Any, args: list[Value]) -> Value:
    """``logger.info(...)``."""
    owner = it.inputs.opaque(Static(method.__self__, path))
    call = Call(Method(method.__name__), (owner, *_message(it, method.__name__, args)))
    it.builder.add(Effect(call, it.builder.origin))
    return NONE


def _message(it: Interpreter, name: str, args: list[Value]) -> tuple[Atom, ...]:
    """What is logged; where it has objects that generated code has not, as one text."""
    first = 1 if name == "log" else 0
    values = args[first + 1 :]
    if all(texts.is_plain(it, v) for v in values) or not texts.is_text(args[first]):
        return tuple(shown(it, a) for a in args)
    mapping = len(values) == 1 and isinstance(containers.content_of(it, values[0]), DictContent)
    right = values[0] if mapping else Sequence(tuple(values))
    text = formatting.percent(it, args[first], right)
    return tuple(shown(it, a) for a in (*args[:first], text))


def _as_effect(function: Any) -> None:
    @builtin(function)
    def write(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
        target = it.inputs.opaque(Static(function))
        named = tuple((k, shown(it, v)) for k, v in kwargs.items())
        call = Call(Method("__call__"), (target, *_message(it, function.__name__, args)), named)
        it.builder.add(Effect(call, it.builder.origin))
        return NONE


for _name in _LEVELS:
    _as_effect(getattr(logging, _name))


@builtin(logging.getLogger)
def _logger(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    name = it.demand(args[0], "the name of a logger") if args else None
    return Static(logging.getLogger(name))


@builtin(warnings.warn)
def _warn(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    """A warning; which of the callers it names is not that of the user's function."""
    if it.quiet:
        return NONE
    given = [it.static_atom(a) if isinstance(a, Static) else shown(it, a) for a in args[:2]]
    category = kwargs.get("category")
    named = () if category is None else (("category", it.read(category)),)
    target = it.inputs.opaque(Static(warnings.warn))
    it.builder.add(Effect(Call(Method("__call__"), (target, *given), named), it.builder.origin))
    return NONE


@builtin(warnings.simplefilter, warnings.filterwarnings)
def _filter(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    """Which warnings are shown changes no value, unless they are made errors."""
    action = it.demand(args[0] if args else kwargs["action"], "what becomes of warnings")
    if action == "error":
        raise UnsupportedCallError("warnings are made errors", "do so outside the function")
    if action == "ignore" and len(args) + len(kwargs) == 1:
        it.quiet = True
    return NONE
