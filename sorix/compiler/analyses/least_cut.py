"""The cheapest set of values from which others can be computed.

Values depend on values. Some must be kept, and all that is wanted must be computable from what
is kept. That is a least vertex cut between the values nothing is computed from (`roots`) and
those wanted, found as the dual of a greatest flow. Of several such cuts the one nearest to what is
wanted is given, which leaves the least to compute again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

V = TypeVar("V", bound=Hashable)

_INFINITE = 1 << 60


def least_cut(
    cost: Mapping[V, int], operands: Mapping[V, Sequence[V]], wanted: Iterable[V]
) -> set[V]:
    """Which values to keep.

    Parameters
    ----------
    cost
        What keeping each value costs; its keys are all values, in an order.
    operands
        What a value is computed from; one that is no key here is a root.
    wanted
        The values asked for.

    Examples
    --------
    >>> cost = {"x": 2, "sin": 2, "a": 2, "b": 2}
    >>> sorted(least_cut(cost, {"a": ["x"], "b": ["x"]}, ["a", "b", "sin"]))
    ['sin', 'x']
    """
    flow = _Flow(cost, operands, set(wanted))
    while flow.augment():
        pass
    return flow.cut()


class _Flow(Generic[V]):
    """A flow network in which each value is an edge, from its way in to its way out.

    The node ``2 k`` is the way into the k-th value, ``2 k + 1`` the way out of it.
    """

    def __init__(
        self, cost: Mapping[V, int], operands: Mapping[V, Sequence[V]], wanted: set[V]
    ) -> None:
        self.values: list[V] = list(cost)
        number = {value: k for k, value in enumerate(self.values)}
        self.source, self.sink = 2 * len(number), 2 * len(number) + 1
        self.left: list[dict[int, int]] = [{} for _ in range(2 * len(number) + 2)]
        for value, k in number.items():
            self._edge(2 * k, 2 * k + 1, cost[value])
            if value not in operands:
                self._edge(self.source, 2 * k, _INFINITE)
            for operand in operands.get(value, ()):
                self._edge(2 * number[operand] + 1, 2 * k, _INFINITE)
            if value in wanted:
                self._edge(2 * k + 1, self.sink, _INFINITE)

    def _edge(self, start: int, end: int, capacity: int) -> None:
        self.left[start][end] = self.left[start].get(end, 0) + capacity
        self.left[end].setdefault(start, 0)

    def augment(self) -> bool:
        """Send more along a shortest way; False where there is none."""
        came: dict[int, int] = {self.source: -1}
        todo = deque([self.source])
        while todo and self.sink not in came:
            node = todo.popleft()
            for other, capacity in self.left[node].items():
                if capacity > 0 and other not in came:
                    came[other] = node
                    todo.append(other)
        if self.sink not in came:
            return False
        way = [self.sink]
        while way[-1] != self.source:
            way.append(came[way[-1]])
        steps = list(zip(way[1:], way[:-1], strict=True))
        amount = min(self.left[start][end] for start, end in steps)
        for start, end in steps:
            self.left[start][end] -= amount
            self.left[end][start] += amount
        return True

    def cut(self) -> set[V]:
        """The values whose way in no longer leads to the sink, but whose way out does."""
        reaching = {self.sink}
        todo = [self.sink]
        while todo:
            node = todo.pop()
            for other in self.left[node]:
                if other not in reaching and self.left[other][node] > 0:
                    reaching.add(other)
                    todo.append(other)
        return {
            value
            for k, value in enumerate(self.values)
            if 2 * k not in reaching and 2 * k + 1 in reaching
        }
