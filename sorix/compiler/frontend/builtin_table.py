"""The functions and classes that the frontend carries out itself, by the Python object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import Kwargs, Value

Handler = Callable[[Interpreter, list[Value], Kwargs], Value]
BUILTINS: dict[Any, Handler] = {}


def builtin(*functions: Any) -> Callable[[Handler], Handler]:
    """Register the handler of functions."""

    def register(handler: Handler) -> Handler:
        for fn in functions:
            BUILTINS[fn] = handler
        return handler

    return register
