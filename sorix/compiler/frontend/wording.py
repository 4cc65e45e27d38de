"""What Python itself says where an operation fails, in the words of the running version."""

from __future__ import annotations

import collections.abc
import itertools
import math
import operator
import re
from collections.abc import Callable, Collection
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


def args_of(compute: Callable[[], Any]) -> tuple[Any, ...]:
    """The arguments of the exception that is raised."""
    try:
        compute()
    except Exception as error:
        return error.args
    return ()


def said_of_numbers(
    fn: Callable[..., Any], args: tuple[Atom, ...], samples: Any, mixed: Collection[Atom]
) -> str | None:
    """What a function of numbers says that it does not take; None where that is not one text.

    Each sample has numbers that it does not take, in the place of `args`, whose kinds of number
    are used; of those that are `mixed`, or may be NumPy's, the class depends on the run.
    """
    found: list[str] = []
    for sample in samples:
        likes = [_likes(a, number, a in mixed) for a, number in zip(args, sample, strict=True)]
        found += [said(fn, *numbers) for numbers in itertools.product(*likes)]
    return found[0] if len(set(found)) == 1 else None


def _likes(atom: Atom, number: Any, mixed: bool) -> tuple[Any, ...]:
    type_ = getattr(atom, "type", None)
    if not math.isfinite(number):
        return (float(number),)  # No int is infinite.
    if mixed or (isinstance(type_, Num) and type_.kind == "number"):
        return float(number), int(number)
    floating = isinstance(type_, Num) and type_.dtype is not None and type_.is_float
    return (float(number) if floating else int(number),)


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
