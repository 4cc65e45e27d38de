"""What has a structure on some paths, and is None on others, where it is used as if it were there.

Whether it is there is a flag, `Maybe.present`. Python raises of None what no condition of the
program told: where a handler waits for that, or where generated code would go on without noticing,
it is raised on the flag. Elsewhere generated code fails by itself, on the first number of it.
"""

from __future__ import annotations

from collections.abc import Callable

from sorix.compiler.frontend import branching, exceptions, wording
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import Maybe, Static, Value


def value_of(
    it: Interpreter,
    value: Maybe,
    cls: type[Exception],
    fn: Callable[..., object],
    *args: object,
    always: bool = False,
) -> Value:
    """What it is where it is there; `fn` of `args` is what is done, to None."""
    if value.none and value.present is not None and (always or exceptions.handled(it, cls)):
        said = wording.said(fn, *args)
        fail = lambda: exceptions.raise_error(it, cls, (Static(said),))  # noqa: E731
        branching.branch(it, value.present, lambda: None, fail)
    return value.value
