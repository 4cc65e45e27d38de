"""Calls that Python certainly does not take: found by making them, of numbers of the same classes.

Whether ``abs("a")``, ``math.sin(x, 1)`` and ``range(x)`` of a float raise depends on classes and on
how many arguments there are, never on the numbers. So the call is made on two samples of its
arguments: where both raise ``TypeError``, the program raises it, too. Where all arguments are
known, that holds of any exception.
"""

from __future__ import annotations

import builtins
import itertools
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.compiler.frontend import containers, exceptions, failing
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    SENT,
    Kwargs,
    ListContent,
    Reference,
    Sequence,
    Static,
    Value,
)
from sorix.compiler.frontend.wording import Approximate
from sorix.compiler.ir.nodes import Const, Var
from sorix.compiler.ir.types import Num


class _Unknown(Exception):
    """A value of which no sample can be made."""


def require_possible(
    it: Interpreter, fn: Any, args: list[Value], kwargs: Kwargs | None = None
) -> None:
    """Raise what the call certainly raises, where a handler or a branch is around it.

    What no handler or branch is around is refused where it is met, with a reason of its own.
    """
    if not (it.tries or it.outer_builders) or not _is_harmless(fn):
        return
    by_numbers = Exception if all(_is_known(it, a) for a in args) else TypeError
    classes = (by_numbers, ValueError) if fn is format else (by_numbers,)
    require_computable(it, fn, args, kwargs or {}, *classes)


def require_computable(
    it: Interpreter, fn: Callable[..., Any], args: list[Value], kwargs: Kwargs, *classes: type
) -> None:
    """The same of a function that changes nothing, and of exceptions of these classes."""
    if not (it.tries or it.outer_builders):
        return
    try:
        raised = [_raised(it, fn, args, kwargs, k) for k in (0, 1)]
    except _Unknown:
        return
    first, second = raised
    if first is None or type(first) is not type(second) or not isinstance(first, classes):
        return
    cls = type(first) if type(first).__module__ == "builtins" else TypeError
    if exceptions.handled(it, cls) or it.outer_builders:
        same = first.args == second.args and all(isinstance(a, _PLAIN) for a in first.args)
        said = first.args if same else (Approximate(str(first)),)
        exceptions.raise_error(it, cls, tuple(map(containers.lift_constant, said)))


def _raised(
    it: Interpreter, fn: Any, args: list[Value], kwargs: Kwargs, which: int
) -> Exception | None:
    given = [_sample(it, a, which) for a in args]
    named = {k: _sample(it, v, which) for k, v in kwargs.items()}
    try:
        with np.errstate(all="ignore"):
            fn(*given, **named)
    except RecursionError:
        raise
    except Exception as error:
        return error
    return None


def _sample(it: Interpreter, value: Value, which: int) -> Any:
    """Something of the value's class: itself where it is known, one of two numbers otherwise."""
    if value is SENT:
        raise _Unknown
    match value:
        case Const() | Static() if isinstance(value.value, _PLAIN | None):
            if isinstance(value.value, int) and abs(value.value) > _MANY:
                raise _Unknown  # Of so many repetitions, or digits, a sample would be dear.
            return value.value
        case Var() if isinstance(value.type, Num) and value.type.rank == 0:
            cls = failing.class_of(it, value)
            if cls is not None and cls is not bool:
                return cls((0.375, 2.625)[which])
        case Sequence() if value.cls is tuple:
            return tuple(_sample(it, item, which) for item in value.items)
        case Reference():
            content = it.state.get(value.cell)
            if isinstance(content, ListContent) and content.cls is list:
                return [_sample(it, item, which) for item in content.items]
    raise _Unknown


def _is_known(it: Interpreter, value: Value) -> bool:
    content = it.state.get(value.cell) if isinstance(value, Reference) else value
    if isinstance(content, Sequence | ListContent):
        return all(_is_known(it, item) for item in content.items)
    return isinstance(content, Const | Static)


def _is_harmless(fn: Any) -> bool:
    """Whether a call changes nothing, prints nothing and takes no time, whatever it is given."""
    try:
        return fn in _HARMLESS or isinstance(fn, np.ufunc)
    except TypeError:
        return False


_MANY = 10_000
_PLAIN = str | int | float | complex | bytes
_HARMLESS: set[Any] = {
    abs, round, range, len, float, int, bool, complex, ord, chr, divmod, pow, sum, min, max,
    enumerate, zip, sorted, list, tuple, set, frozenset, hash, iter, slice, reversed, format,
    builtins.issubclass, itertools.islice, itertools.chain, itertools.repeat,
    *(f for f in vars(math).values() if callable(f)),
    operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod,
    operator.matmul, operator.and_, operator.or_, operator.xor, operator.lshift, operator.rshift,
    operator.neg, operator.pos, operator.invert,
}  # fmt: skip
