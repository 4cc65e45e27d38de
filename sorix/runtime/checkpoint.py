"""`checkpoint`: keep what a function or part of a loop reads, and run it again in reverse.

In compiled code the compiler knows it by its mark. Here is what it does in plain Python and on
the tape: a call is one node, which keeps the arguments; its derivative runs the function again on
a tape of its own, which ends where the function began.
"""

from __future__ import annotations

import contextlib
import functools
import numbers
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from sorix.compiler.frontend.checkpointing import (
    MANY,
    NEITHER,
    NO_SEGMENTS,
    NOT_A_LENGTH,
    WRITE,
    is_length,
)
from sorix.errors import GraphFreedError, InPlaceError
from sorix.runtime.intrinsic import intrinsic
from sorix.runtime.modes import array_meaning, as_arrays, enable_grad, recording
from sorix.runtime.random import generator
from sorix.runtime.record import record, wrap
from sorix.runtime.sweep import sweep
from sorix.runtime.tape import FREED, Node, parents
from sorix.runtime.tensor import Tensor
from sorix.runtime.writes import check_unwritten, tick


@intrinsic("checkpoint")
def checkpoint(target: Any, /, *, segment: int | None = None) -> Any:
    """Trade memory for computation: keep what is read, and compute the rest again in reverse.

    Around a function (also as a decorator), the derivative of a call keeps the arguments alone
    and runs the function again. Around what a loop runs over, the derivative keeps the values
    that the loop carries at the beginning of each segment of it, and runs a segment again with
    recording when its turn comes: of a loop of n steps about ``2 * sqrt(n)`` values are kept at
    a time instead of n, and the steps are made once more.

    Parameters
    ----------
    target : callable or iterable
        A function, or what stands behind ``in`` in a ``for`` loop: a range, an array,
        ``enumerate``, ``zip``.
    segment : int, optional
        Iterations in a segment of a loop; by default about the square root of their number.

    Returns
    -------
    callable or iterable
        The function, called as before; or the iterable as it is. Segments are made in compiled
        code only: on the tape and in plain Python a loop runs as it would without this.

    Raises
    ------
    TypeError, ValueError
        If `target` is neither, or `segment` no number of iterations.
    InPlaceError
        On the tape, if what the function read was changed before its derivative is taken.

    Notes
    -----
    The function must do the same when it is run again: it must not depend on what others change.
    Random numbers of sorix are the same ones.

    Examples
    --------
    >>> import numpy as np, sorix
    >>> def swing(angle):
    ...     speed = 0.0
    ...     for _ in sorix.checkpoint(range(10_000)):
    ...         speed -= 0.001 * np.sin(angle)
    ...         angle += 0.001 * speed
    ...     return angle
    >>> round(sorix.func.grad(swing)(1.0), 6)
    -0.944085

    >>> @sorix.checkpoint
    ... def layer(x, w):
    ...     return np.tanh(np.tanh(x * w) * w)
    >>> def network(w):
    ...     return layer(layer(0.5, w), w)
    >>> round(sorix.func.grad(network)(1.0), 6)
    1.147259
    """
    if callable(target):
        if segment is not None:
            raise ValueError(NO_SEGMENTS)
        return _checkpointed(target)
    if not hasattr(target, "__iter__") or getattr(target, "ndim", 1) == 0:
        raise TypeError(f"{NEITHER.format(_named(target))}. Hint: {WRITE}")
    if segment is not None and not is_length(segment):
        raise ValueError(f"{NOT_A_LENGTH.format(segment)}. Hint: {MANY}")
    return target


def _named(target: Any) -> str:
    if isinstance(target, numbers.Number) or getattr(target, "ndim", None) == 0:
        return "a number"
    return "None" if target is None else f"{type(target).__name__}"


def _checkpointed(function: Callable[..., Any]) -> Callable[..., Any]:
    @intrinsic("checkpointed")
    @functools.wraps(function, updated=())
    def run_again_in_reverse(*args: Any, **kwargs: Any) -> Any:
        return _Run(function, args, kwargs).result()

    return run_again_in_reverse


class _Run:
    """One call of a function whose derivative runs it again."""

    def __init__(self, function: Callable[..., Any], args: Any, kwargs: Any) -> None:
        self.function = function
        self.given = args, kwargs
        # A tensor that is given another value later is still what it was here.
        self.args, self.kwargs = _mapped(args, _same), _mapped(kwargs, _same)
        self.arrays = array_meaning()
        self.random = generator().bit_generator.state

    def result(self) -> Any:
        """What the function returns, its tensors on the tape by one node.

        After a function that writes into what it reads, its own operations stay on the tape.
        """
        self.begun = tick()
        args, kwargs = self.given
        value = self.function(*args, **kwargs)
        leaves = list(self._own(value)) if recording() else []
        if not leaves:
            return value
        self.ends = _ends([leaf._node for leaf in leaves], self.begun)
        self.values = [_value_of(node) for node in self.ends]
        if self._wrote():
            return value
        del self.given
        inputs = [wrap(array, node) for array, node in zip(self.values, self.ends, strict=True)]
        name = getattr(self.function, "__name__", type(self.function).__name__)
        recorded = iter(record(name, [leaf._data for leaf in leaves], inputs, self._pull))
        return _mapped(value, lambda leaf: next(recorded) if self._is_own(leaf) else leaf)

    def _wrote(self) -> bool:
        """Whether the function changed its arguments, or what it read."""
        now, before = _tensors(self.given), _tensors((self.args, self.kwargs))
        if any(a._node is not b._node for a, b in zip(now, before, strict=False)):
            return True
        try:
            check_unwritten([*self.values, *(t._data for t in before)], self.begun)
        except InPlaceError:
            return True
        return len(now) != len(before)

    def _is_own(self, tensor: Tensor) -> bool:
        return tensor._node is not None and tensor._node.seq > self.begun

    def _own(self, value: Any) -> Iterator[Tensor]:
        return (leaf for leaf in _tensors(value) if self._is_own(leaf))

    def _pull(self, cotangents: Any, inputs: Any, outputs: Any, wanted: Any) -> Sequence[Any]:
        begun = tick()
        with enable_grad(), as_arrays() if self.arrays else contextlib.nullcontext():
            leaves = list(self._own(self._again()))
        self._require_same(_ends([leaf._node for leaf in leaves], begun))
        seeds = [(leaf._node, bar) for leaf, bar in zip(leaves, cotangents, strict=True)]
        tensors = isinstance(cotangents[0], Tensor)
        found = sweep(seeds, set(self.ends), tensors, retain=tensors, stop=True)  # type: ignore[arg-type]
        return [found.get(node) for node in self.ends]

    def _again(self) -> Any:
        """The function run once more, on the random numbers of the first time."""
        bits = generator().bit_generator
        now, bits.state = bits.state, self.random
        try:
            return self.function(*self.args, **self.kwargs)
        finally:
            bits.state = now

    def _require_same(self, ends: list[Node]) -> None:
        """Refuse where the function read other tensors than the first time, or other values."""
        same = ends == self.ends
        for node, value in zip(self.ends, self.values, strict=True):
            tensor = node.target() if node.op is None and node.target is not None else None
            same = same and (tensor is None or tensor._data is value)
        if not same:
            raise InPlaceError(
                "a tensor that a checkpointed function read was given another value before the"
                " derivative was taken. Hint: take the derivative first."
            )


def _same(tensor: Tensor) -> Tensor:
    return wrap(tensor._data, tensor._node)


def _mapped(value: Any, change: Callable[[Tensor], Any]) -> Any:
    """The value with its tensors changed, those in tuples, lists and dicts as well."""
    if isinstance(value, Tensor):
        return change(value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(_mapped(item, change) for item in value))
    if type(value) is tuple or type(value) is list:
        return type(value)(_mapped(item, change) for item in value)
    if type(value) is dict:
        return {key: _mapped(item, change) for key, item in value.items()}
    return value


def _tensors(value: Any) -> list[Tensor]:
    found: list[Tensor] = []
    _mapped(value, found.append)
    return found


def _ends(nodes: Sequence[Any], begun: int) -> list[Node]:
    """The nodes recorded before `begun` that the graph of these nodes ends at, by age."""
    seen: set[Node] = set()
    stack: list[Any] = list(nodes)
    ends: list[Node] = []
    while stack:
        for node in parents(stack.pop()):
            if node not in seen:
                seen.add(node)
                (stack if node.seq > begun else ends).append(node)
    return sorted(ends, key=lambda node: node.seq)


def _value_of(node: Node) -> np.ndarray:
    """What the tensor of a node holds."""
    if node.op is None:
        tensor = node.target() if node.target is not None else None
        value = None if tensor is None else tensor._data
    elif node.op.kind == "pick":
        several = node.edges[0].output
        value = None if several is None else several[node.op.index]
    else:
        value = node.output
    if value is None:
        raise GraphFreedError(FREED)
    return value
