"""`Slab`: the parameters of one dtype in one array, and their gradients in another.

What holds
    - After construction, ``p.data`` of every parameter is a view into ``slab.data`` and
      ``p.grad.data`` a view into ``slab.grad``; the gradients are zeros unless there were some.
      An update is then a few NumPy calls on whole buffers, however many parameters there are.
    - ``ready`` returns the runs of neighbouring parameters to update, with the buffers in step
      with ``p.data`` and ``p.grad``. If these are other arrays by then (the user assigned them,
      or a second optimiser took the parameters over), their values are copied in, and ``settle``
      copies the updated values back into the arrays that the parameters hold.
    - A parameter without a gradient, or that does not require one, is in no run.

Whether a view is still the parameter's array is a test of identity, which is all that the common
case pays.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from sorix.errors import DTypeError, ShapeError
from sorix.runtime.tensor import Tensor
from sorix.runtime.writes import note_write

Array = np.ndarray[Any, np.dtype[Any]]
Run = tuple[int, tuple[Array, ...]]
"""How many updates a run of parameters has had, this one included, and its slice of each buffer."""


class Slab:
    """One buffer of values, one of gradients, and `states` more of the optimiser's own.

    Parameters
    ----------
    parameters : sequence of Tensor
        All of one dtype.
    states : int
        How many buffers of the same size, zeros at first, the optimiser needs besides.
    """

    def __init__(self, parameters: Sequence[Tensor], states: int) -> None:
        self.parameters = list(parameters)
        self.counts = [0] * len(self.parameters)
        dtype = self.parameters[0].data.dtype
        size = sum(p.data.size for p in self.parameters)
        self.states = tuple(np.zeros(size, dtype) for _ in range(states))
        self._move_in()

    def _move_in(self) -> None:
        """Make the two buffers and turn the arrays of the parameters into views of them."""
        sizes = [p.data.size for p in self.parameters]
        self._offsets = [sum(sizes[:i]) for i in range(len(sizes) + 1)]
        self.data: Array = np.concatenate([p.data.ravel() for p in self.parameters])
        self.grad: Array = np.zeros_like(self.data)
        self._buffers = (self.data, self.grad, *self.states)
        self._foreign: list[tuple[Tensor, Array]] = []
        # As long as every parameter took part in every update, one count speaks for all.
        self._together = len(set(self.counts)) == 1
        self._homes = [
            self._move_in_one(p, a, b)
            for p, (a, b) in zip(self.parameters, pairwise(self._offsets), strict=True)
        ]

    def _move_in_one(self, p: Tensor, start: int, stop: int) -> tuple[Tensor, Array, Tensor, Array]:
        shape = p.data.shape
        data, grad = self.data[start:stop].reshape(shape), self.grad[start:stop].reshape(shape)
        home = Tensor(grad)
        if p.grad is not None:
            grad[...] = p.grad.data
        p.data = data
        if p.requires_grad:
            p.grad = home
        return p, data, home, grad

    def __getstate__(self) -> dict[str, Any]:
        """For copies and pickles: without the buffers, whose views would come back as copies."""
        return {"parameters": self.parameters, "counts": self._each(), "states": self.states}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._move_in()

    def zero_grad(self) -> None:
        """Fill the gradient buffer with zeros; every parameter's gradient is in it again."""
        self.grad.fill(0)
        note_write(self.grad)
        for p, _, home, grad in self._homes:
            if p.grad is not home or home.data is not grad:
                home.data = grad
                p.grad = home if p.requires_grad else None

    def ready(self) -> list[Run]:
        """The runs to update now, each with its count and its part of data, grad and states."""
        present = self._sync()
        if present is None and self._together:
            self.counts[0] += 1
            return [(self.counts[0], self._buffers)]
        if self._together:
            self.counts, self._together = self._each(), False
        return self._runs(present or [True] * len(self._homes))

    def _each(self) -> list[int]:
        """The number of updates of each parameter."""
        return [self.counts[0]] * len(self.counts) if self._together else list(self.counts)

    def _sync(self) -> list[bool] | None:
        """Bring the buffers up to date; None if all gradients are there, else which ones are."""
        complete = True
        for p, data, home, grad in self._homes:
            if p.data is not data:
                self._take_data(p, data)
            g = p.grad
            if g is home and home.data is grad and p.requires_grad:
                continue
            if g is None or not p.requires_grad:
                complete = False
            else:
                _copy_in(grad, g.data, "gradient")
        if complete:
            return None
        return [p.grad is not None and p.requires_grad for p in self.parameters]

    def _take_data(self, p: Tensor, data: Array) -> None:
        if p.data.dtype != data.dtype:
            raise DTypeError(
                f"a parameter was given data of dtype {p.data.dtype} after an optimiser had been "
                f"made for {data.dtype}; make the optimiser after changing the dtype"
            )
        _copy_in(data, p.data, "value")
        if p.data.flags.writeable:
            self._foreign.append((p, data))
        else:
            p.data = data

    def _runs(self, present: list[bool]) -> list[Run]:
        """Neighbours that have a gradient and have had the same number of updates, together."""
        spans: list[tuple[int, int, int]] = []
        for i, here in enumerate(present):
            if not here:
                continue
            self.counts[i] += 1
            if spans and spans[-1][1] == i and spans[-1][2] == self.counts[i]:
                spans[-1] = (spans[-1][0], i + 1, self.counts[i])
            else:
                spans.append((i, i + 1, self.counts[i]))
        cut = self._offsets
        return [
            (count, tuple(buffer[cut[first] : cut[end]] for buffer in self._buffers))
            for first, end, count in spans
        ]

    def settle(self) -> None:
        """After the update: give the new values to parameters that hold arrays of their own."""
        note_write(self.data)
        if self._foreign:
            for p, data in self._foreign:
                p.data[...] = data
                note_write(p.data)
            self._foreign.clear()


def _copy_in(home: Array, array: Array, what: str) -> None:
    if array.shape != home.shape:
        raise ShapeError(
            f"a parameter of shape {home.shape} was given a {what} of shape {array.shape} after "
            "an optimiser had been made for it; make the optimiser after changing the shape"
        )
    home[...] = array


def make_slabs(parameters: Sequence[Tensor], states: int) -> list[Slab]:
    """One slab for each dtype among the parameters, in the order of their first appearance."""
    by_dtype: dict[Any, list[Tensor]] = {}
    for p in parameters:
        by_dtype.setdefault(p.data.dtype, []).append(p)
    return [Slab(members, states) for members in by_dtype.values()]
