"""The statements of a block that follow one of them.

Every statement is interpreted with those after it; of a long block, a list for each would be
copied, and never read.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias, overload

Nodes: TypeAlias = Sequence[Any]
"""Statements, in order."""


class Remaining(Sequence[Any]):
    """The items of a list from one place on.

    >>> rest = Remaining(["a", "b", "c"], 1)
    >>> len(rest), rest[-1], list(rest), bool(Remaining(["a"], 1))
    (2, 'c', ['b', 'c'], False)
    """

    __slots__ = ("_items", "_start")

    def __init__(self, items: Nodes, start: int) -> None:
        self._items: Nodes = items
        self._start = start
        if isinstance(items, Remaining):  # One level, however long the block.
            self._items, self._start = items._items, items._start + start

    def __len__(self) -> int:
        return len(self._items) - self._start

    def __iter__(self) -> Iterator[Any]:
        return itertools.islice(self._items, self._start, None)

    @overload
    def __getitem__(self, at: int) -> Any: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Any]: ...
    def __getitem__(self, at: int | slice) -> Any:
        return list(self)[at]
