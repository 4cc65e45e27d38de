"""Steps of the classes of `prelude_dicts` and `prelude_sets` that are not written as Python.

The interpreter carries them out: the handlers are in `open_dicts`, `open_lists` and `open_sets`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

Step = TypeVar("Step", bound=Callable[..., Any])


def step(function: Step) -> Step:
    """A function of which there is a name, arguments and a meaning, but no text."""

    @functools.wraps(function)
    def not_carried_out(*args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError(
            f"{function.__name__}() is a step that the interpreter of the frontend carries out; "
            "register a handler of it with @builtin"
        )

    return not_carried_out


@step
def refuse(what: str, does: str, instead: str) -> Any:
    """Refuse the program that does this with what is a dict, a set or a part of one."""


@step
def place(keys: Any, key: Any) -> Any:
    """The place of a key among others, -1 where it is none of them."""


@step
def noted(items: Any) -> Any:
    """What a list holds now."""


@step
def resized(before: Any, items: Any) -> Any:
    """Whether a list has another length than it had before."""


@step
def copied_dict(found: Any) -> Any:
    """Another dict of the same keys and values."""


@step
def copied_set(found: Any) -> Any:
    """Another set of the same elements."""


@step
def admitted(owner: Any, value: Any) -> Any:
    """The value; where it is a list, the program is followed with a dict of lists."""


@step
def is_row_of(owner: Any, value: Any) -> Any:
    """Whether a value is a list of this dict's; it must be a list."""


@step
def become_row(value: Any, owner: Any, number: int) -> None:
    """Let all names of a list stand for a list of a dict's."""


@step
def row(owner: Any, number: int) -> Any:
    """The list of a number."""


@step
def found_row(owner: Any, number: int) -> Any:
    """The same, to be read only; the number -1 is of no list."""


@step
def places(owners: Any, number: int) -> Any:
    """The places of a number in a list of numbers."""


@step
def require_empty(default: Any) -> None:
    """Refuse a default that is not an empty list or tuple."""


@step
def require_same(before: Any, items: Any) -> None:
    """Refuse a loop that makes longer what it may run over."""


class Unshown:
    """What is neither compared as a whole nor shown as text: the run decides what it holds."""

    what: str
    """What the program has, as a message names it."""

    instead: str
    """What to write instead."""

    def __eq__(self, other: object) -> Any:
        return refuse(self.what, "is compared", self.instead)

    def __ne__(self, other: object) -> Any:
        return refuse(self.what, "is compared", self.instead)

    def __repr__(self) -> Any:
        return refuse(self.what, "is printed", self.instead)
