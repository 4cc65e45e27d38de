"""What Python itself says where an operation fails, in the words of the running version."""

from __future__ import annotations

import collections.abc
import operator
import re
from collections.abc import Callable
from typing import Any

from sorix.compiler.ir.nodes import Atom
from sorix.compiler.ir.types import Num


class Approximate(str):
    """A text that stands for one of Python's own whose wording is not known before the run.

    It may be raised out of the function; whoever looks into it is refused.
    """

    __slots__ = ()


def said(fn: Callable[..., Any], *args: Any) -> str:
    """The text of the exception that a call raises."""
    try:
        fn(*args)
    except Exception as error:
        return str(error)
    return Approximate(f"{getattr(fn, '__name__', 'this')} failed")


def said_of_numbers(fn: Callable[..., Any], args: tuple[Atom, ...], *samples: Any) -> str:
    """What a function of numbers says that it does not take.

    Each sample has numbers that it does not take, in the place of `args`, whose kinds of number
    are used; where two samples differ, the text depends on the numbers.
    """
    found = {said(fn, *map(_like, args, sample)) for sample in samples}
    return found.pop() if len(found) == 1 else Approximate(found.pop())


def _like(atom: Atom, number: Any) -> Any:
    type_ = getattr(atom, "type", None)
    floating = isinstance(type_, Num) and type_.dtype is not None and type_.is_float
    return float(number) if floating else int(number)


def said_of_unpacking(value: Any, names: int, star: int | None) -> str:
    """What is said where a value has another number of items than there are names for."""
    if not isinstance(value, collections.abc.Sized):
        return said(_as_pair, value)
    count, wanted = len(value), names - (star is not None)
    few = said(_as_pair if star is None else _as_pair_and_rest, [0])
    text = few if count < wanted else said(_as_pair, [0, 0, 0])
    text = re.sub(r"(expected (?:at least )?)2", rf"\g<1>{wanted}", text)
    return re.sub(r"got \d", f"got {count}", text)


def _as_pair(value: Any) -> None:
    _, _ = value


def _as_pair_and_rest(value: Any) -> None:
    _, _, *_ = value


def said_of_index(cls: type, length: int, index: Any) -> str:
    """What a sequence of the class says to an index that it has not."""
    kinds = (tuple, collections.deque, list)
    made: Any = next((kind for kind in kinds if issubclass(cls, kind)), list)
    items = made([None] * length)
    return said(lambda: items[index])


def said_of_local(name: str) -> tuple[type, str]:
    """What is raised where a variable of the function is read that it did not assign."""
    return _said_of_unassigned(_read_local, name)


def said_of_free(name: str) -> tuple[type, str]:
    """The same of a variable of the function around it."""
    return _said_of_unassigned(_read_free, name)


def said_of_global(name: str) -> str:
    """What is said of a name that is defined nowhere."""
    return f"name {name!r} is not defined"


def _said_of_unassigned(read: Callable[[], Any], name: str) -> tuple[type, str]:
    try:
        read()
    except NameError as error:
        return type(error), str(error).replace("'variable'", repr(name))
    raise AssertionError


def _read_local() -> Any:
    variable = None
    del variable
    return variable  # noqa: F821


def _read_free() -> Any:
    variable = None

    def read() -> Any:
        return variable  # noqa: F821

    del variable
    return read()


def said_of_assigned_index(cls: type, length: int, index: Any) -> str:
    """What it says where an item is assigned."""
    kinds = (tuple, collections.deque, list)
    made: Any = next((kind for kind in kinds if issubclass(cls, kind)), list)
    return said(operator.setitem, made([None] * length), index, None)
