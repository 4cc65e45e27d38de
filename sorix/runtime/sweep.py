"""The backward sweep over the tape: iterative, in descending order of recording.

The one sweep runs in two ways. On arrays it only computes. With `create_graph` the cotangents are
tensors, the saved arrays are wrapped in tensors that stand at their place in the graph, and so
the rules' own operations are recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heappop, heappush
from operator import attrgetter
from typing import Any

import numpy as np

from sorix.errors import DTypeError, GraphFreedError
from sorix.primitives.apply import parts_of
from sorix.runtime.inplace import PRIVATE
from sorix.runtime.record import pick, wrap
from sorix.runtime.tape import FREED, Node, parents
from sorix.runtime.writes import check_unwritten, last_write
from sorix.support import unbroadcast


def sweep(
    seeds: Iterable[tuple[Node, Any]],
    wanted: set[Node] | None,
    tensors: bool,
    retain: bool,
    stop: bool = False,
) -> dict[Node, Any]:
    """Carry cotangents from `seeds` down the graph.

    Parameters
    ----------
    seeds : pairs of a node and its cotangent
        The cotangents are tensors if `tensors`, otherwise arrays.
    wanted : set of Node or None
        Whose cotangents are asked for; nothing else is computed. None: those with a target.
    tensors : bool
        Whether the sweep is itself recorded.
    retain : bool
        Whether the nodes keep what a further sweep needs.
    stop : bool
        Whether the sweep ends at the wanted nodes, even where one leads to another.

    Returns
    -------
    dict
        The cotangents that arrived where asked for.
    """
    front = Front()
    for node, bar in seeds:
        front.arrive(node, bar)
    passed = None
    if wanted is not None:
        passed = _leading_to(wanted, list(front.bars), stop)
        front.needed = passed | wanted
    bars, queue = front.bars, front.queue
    pull = _pull_tensors if tensors else _pull_arrays
    written = last_write()
    arrived: dict[Node, Any] = {}
    while queue:
        node = heappop(queue)[1]
        bar = bars.pop(node)
        if (node.target is not None) if wanted is None else (node in wanted):
            arrived[node] = bar
            if stop:
                continue
        op = node.op
        if op is None or (passed is not None and node not in passed):
            continue
        if node.seq < written and not op.frugal and node.args is not None:
            held = op.saved if op.kind == "custom" else ()
            check_unwritten((node.args, node.output, held), node.seq)
        pull(front, node, op, bar)
        if not retain:
            node.release()
    return arrived


class Front:
    """The nodes a sweep has reached and not yet passed, with what has arrived at each."""

    __slots__ = ("bars", "needed", "queue")

    def __init__(self) -> None:
        self.bars: dict[Node, Any] = {}
        # The youngest node first: all that use its value have been passed by then.
        self.queue: list[tuple[int, Node]] = []
        self.needed: set[Node] | None = None

    def arrive(self, node: Node, bar: Any) -> None:
        """Add a cotangent of the node's value."""
        before = self.bars.get(node)
        if before is None:
            self.bars[node] = bar
            heappush(self.queue, (-node.seq, node))
        else:
            self.bars[node] = before + bar

    def arrive_at_part(self, master: Node, index: int, bar: Any) -> None:
        """Add a cotangent of one of the results of a node that has several."""
        parts = self.bars.get(master)
        if parts is None:
            parts = self.bars[master] = [None] * len(master.output)
            heappush(self.queue, (-master.seq, master))
        parts[index] = bar if parts[index] is None else parts[index] + bar

    def send(self, edge: Any, arg: Any, bar: Any) -> None:
        """Pass the cotangent `bar` of the argument `arg` on to the node it came from."""
        if type(edge) is tuple:
            bar = bar() if callable(bar) else bar
            if hasattr(bar, "shape"):
                # The list stood for an array, which may have been broadcast: ``a[:] = [x, y]``.
                bar = unbroadcast(bar, arg)
            for each in zip(edge, arg, bar, strict=True):
                self.send(*each)
            return
        if edge is None or bar is None or (self.needed is not None and edge not in self.needed):
            return
        if callable(bar):
            bar = bar()
            if bar is None:
                return
        self.arrive(edge, fit(bar, arg))

    def send_scaled(self, edge: Any, arg: Any, bar: Any, partial: Any) -> None:
        """Pass on ``bar * partial``, unless nobody wants it."""
        if edge is None or (self.needed is not None and edge not in self.needed):
            return
        if callable(partial):
            partial = partial()
        if type(partial) is not int or partial * partial != 1:
            if partial is None:
                return
            bar = bar * partial
        elif partial < 0:
            bar = -bar
        self.arrive(edge, fit(bar, arg))


def _leading_to(wanted: set[Node], roots: list[Node], stop: bool) -> set[Node]:
    """The nodes reached from `roots` some input of which is wanted, or leads to one that is.

    A wanted node is among them only if it leads to another: what made it keeps what it saved. With
    `stop`, beyond a wanted node nothing is looked at.
    """
    seen = set(roots)
    stack = roots
    while stack:
        node = stack.pop()
        if stop and node in wanted:
            continue
        for edge in parents(node):
            if edge not in seen:
                seen.add(edge)
                stack.append(edge)
    leading: set[Node] = set()
    for node in sorted(seen, key=_by_age):
        if stop and node in wanted:
            continue
        if any(edge in wanted or edge in leading for edge in parents(node)):
            leading.add(node)
    return leading


_by_age = attrgetter("seq")


def _pull_arrays(front: Front, node: Node, op: Any, bar: Any) -> None:
    """Send on the cotangents of the arguments of `node`."""
    args = node.args
    if op.kind == "elementwise":
        if args is None:
            raise GraphFreedError(FREED)
        _send_partials(front, node, args, node.output, bar)
    elif op.kind == "pick":
        front.arrive_at_part(node.edges[0], op.index, bar)
    else:
        if args is None:
            raise GraphFreedError(FREED)
        if type(bar) is list:
            bar = tuple(
                np.zeros_like(out) if part is None else part
                for part, out in zip(bar, node.output, strict=True)
            )
        _send_cotangents(front, node, args, node.output, bar)


def _pull_tensors(front: Front, node: Node, op: Any, bar: Any) -> None:
    """The same, recorded: what the rule sees are tensors that stand in the graph."""
    args, y = node.args, node.output
    if op.kind == "pick":
        front.arrive_at_part(node.edges[0], op.index, bar)
        return
    if args is None:
        raise GraphFreedError(FREED)
    if type(bar) is list:
        bar = tuple(
            wrap(np.zeros_like(out)) if part is None else part
            for part, out in zip(bar, y, strict=True)
        )
    if not op.frugal:
        args = tuple(map(_in_graph, args, node.edges))
        y = _value_in_graph(node)
    if op.kind == "elementwise":
        _send_partials(front, node, args, y, bar)
    else:
        _send_cotangents(front, node, args, y, bar)


def _send_partials(front: Front, node: Node, args: Any, y: Any, bar: Any) -> None:
    options = node.options
    derive = node.op.derive
    partials = derive(y, *args, **options) if options else derive(y, *args)
    if node.op.theirs is not None:
        partials = parts_of(node.op.theirs, partials, len(node.args))
    edges = node.edges
    if type(partials) is not tuple:
        front.send_scaled(edges[0], node.args[0], bar, partials)
        return
    for edge, arg, partial in zip(edges, node.args, partials, strict=False):
        front.send_scaled(edge, arg, bar, partial)


def _send_cotangents(front: Front, node: Node, args: Any, y: Any, bar: Any) -> None:
    options = node.options
    op = node.op
    if op.kind == "custom":
        bars = _custom(front, node, args, y, bar)
    else:
        bars = op.derive(bar, y, *args, **options) if options else op.derive(bar, y, *args)
        if op.theirs is not None:
            bars = parts_of(op.theirs, bars, len(node.args))
        if type(bars) is not tuple:
            front.send(node.edges[0], node.args[0], bars)
            return
    for edge, arg, each in zip(node.edges, node.args, bars, strict=False):
        front.send(edge, arg, each)


def _custom(front: Front, node: Node, args: Any, y: Any, bar: Any) -> Any:
    needed = front.needed
    wanted = tuple(edge is not None and (needed is None or edge in needed) for edge in node.edges)
    single = node.op.single
    return node.op.backward([bar] if single else list(bar), args, (y,) if single else y, wanted)


def _in_graph(value: Any, edge: Any) -> Any:
    """A saved argument as a tensor where it stands in the graph."""
    if edge is None:
        return value
    if type(edge) is tuple:
        return tuple(map(_in_graph, value, edge))
    return _private(value, edge)


def _private(value: Any, node: Node) -> Any:
    tensor = wrap(value, node)
    tensor._family = PRIVATE
    return tensor


def _value_in_graph(node: Node) -> Any:
    if type(node.output) is not tuple:
        return _private(node.output, node)
    return tuple(_private(part, pick(node, i)) for i, part in enumerate(node.output))


def fit(bar: Any, arg: Any) -> Any:
    """`bar` summed over broadcast axes and cast, as the cotangent of `arg`."""
    try:
        shape, dtype = bar.shape, bar.dtype
    except AttributeError:
        bar = np.asarray(bar)
        shape, dtype = bar.shape, bar.dtype
    if dtype.kind == "c" and arg.dtype.kind != "c":
        raise DTypeError(
            "a derivative passes through complex values, which is not supported. Hint: compute "
            "real and imaginary parts"
        )
    if shape != arg.shape:
        bar = unbroadcast(bar, arg)
    return bar if dtype is arg.dtype or dtype == arg.dtype else bar.astype(arg.dtype)
