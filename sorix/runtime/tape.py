"""The tape: a node for each recorded operation, numbered in the order of recording.

What holds
    - A node points to the nodes of its inputs only, and a leaf's node holds its tensor weakly.
      So a graph, also one made by `create_graph`, contains no reference cycle.
    - A node saves arrays, not tensors: rebinding a tensor's value later does not reach it.
    - Every node has one value. An operation with several results has a master node, whose value
      is the tuple of them, and one pick node for each result.
    - After `release` a node has lost what its rule needs; nodes whose rule needs only shapes
      keep stand-ins of those shapes and can be swept again, as in PyTorch.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from sorix.errors import GraphFreedError, UnsupportedFunctionError
from sorix.primitives.canonical import form_of, name_of
from sorix.primitives.table import Rule, rule_of
from sorix.runtime.writes import tick

FREED = (
    "Trying to backward through the graph a second time (or directly access saved tensors after "
    "they have already been freed). Saved intermediate values of the graph are freed when you "
    "call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward "
    "through the graph a second time or if you need to access saved tensors after calling "
    "backward."
)


class Backward(Protocol):
    """The derivative of a custom operation, see `sorix.runtime.record.record`."""

    def __call__(
        self,
        cotangents: list[Any],
        inputs: tuple[Any, ...],
        outputs: tuple[Any, ...],
        wanted: tuple[bool, ...],
        /,
    ) -> Sequence[Any]: ...


class Op:
    """A primitive as the tape sees it: the function and its rule, looked up once.

    ``frugal`` operations need only the shapes of their arguments for their derivative. A call
    with ``arity`` positional arguments and none but the ``options`` by name is in canonical form.
    ``theirs`` is the rule where the program states it.
    """

    __slots__ = (
        "arity",
        "derive",
        "frugal",
        "function",
        "kind",
        "name",
        "options",
        "theirs",
        "wrt",
    )

    def __init__(self, rule: Rule, function: Callable[..., Any], name: str = "") -> None:
        self.function = function
        self.kind: str = rule.kind
        self.derive: Callable[..., Any] = rule.derive or _no_derivative
        self.wrt = frozenset(rule.wrt)
        self.name = name or _name_of(function)
        self.frugal = rule.is_frugal
        self.theirs = None if rule.is_own else rule
        self.arity, self.options = _canonical_form(function)


def _canonical_form(function: Callable[..., Any]) -> tuple[int, frozenset[str]]:
    if isinstance(function, np.ufunc):
        return function.nin, frozenset()
    form = form_of(function)
    if form is None or form.options is None or form.variadic:
        return -1, frozenset()
    return len(form.positional), frozenset(form.options) - form.limited.keys()


def _no_derivative(*args: object) -> tuple[()]:
    return ()


def _name_of(function: Callable[..., Any]) -> str:
    name = getattr(function, "__name__", type(function).__name__).strip("_")
    return "".join(part[:1].upper() + part[1:] for part in name.split("_")) + "Backward"


_ops: dict[Any, Op] = {}


def op_of(function: Callable[..., Any]) -> Op:
    """The operation of a primitive; raises UnsupportedFunctionError where there is no rule."""
    op = _ops.get(function)
    if op is None:
        rule = rule_of(function)
        if rule is None:
            raise UnsupportedFunctionError(
                f"{name_of(function)} has no derivative rule, so it cannot take a Tensor. "
                "Hint: call it with tensor.detach().numpy() if no derivative is needed, "
                "or register a rule with sorix.primitives, as docs/rules.md shows."
            )
        op = _ops[function] = Op(rule, function)
    return op


class Node:
    """An operation on the tape, or (with ``op`` None) a leaf.

    ``edges`` is aligned with ``args``: the node an argument came from, None for a constant, a
    tuple of these for an argument that is a sequence. ``target`` is the tensor, weakly held,
    whose ``.grad`` receives what arrives here: a leaf, or a tensor that retains its gradient.
    """

    __slots__ = ("__weakref__", "args", "edges", "op", "options", "output", "seq", "target")

    op: Any
    target: weakref.ref[Any] | None

    def __init__(
        self, op: Any, args: Any, edges: Any, output: Any, options: dict[str, Any] | None
    ) -> None:
        self.op = op
        self.args = args
        self.edges = edges
        self.output = output
        self.options = options
        self.seq = tick()
        self.target = None

    def name(self) -> str:
        """The operation's name, as in ``grad_fn=<TanhBackward>``."""
        return self.op.name if self.op is not None else "AccumulateGrad"

    def __repr__(self) -> str:
        return f"<{self.name()}>"

    @property
    def next_functions(self) -> tuple[Node, ...]:
        """The nodes of the inputs."""
        return tuple(parents(self))

    def release(self) -> None:
        """Let go of what only the derivative needs."""
        op = self.op
        if not op.frugal:
            self.args = self.output = None
            if op.kind == "custom":
                self.op = Custom(op.name, _freed, op.single)
            return
        for arg in self.args:
            if type(arg) is not np.ndarray or arg.nbytes > _SMALL:
                self._keep_shapes()
                return

    def _keep_shapes(self) -> None:
        wrt = self.op.wrt
        self.args = tuple(stand_in(arg) if i in wrt else arg for i, arg in enumerate(self.args))
        self.output = stand_in(self.output)


def _freed(cotangents: Any, inputs: Any, outputs: Any, wanted: Any) -> Sequence[Any]:
    raise GraphFreedError(FREED)


class Custom:
    """The operation of a node whose derivative is a function of the caller's.

    ``single``: the node's value is its one result, not a tuple of results. ``saved``: the arrays
    that `backward` holds besides the node's own.
    """

    __slots__ = ("backward", "name", "saved", "single")
    kind = "custom"
    frugal = False

    def __init__(
        self, name: str, backward: Backward, single: bool, saved: tuple[Any, ...] = ()
    ) -> None:
        self.name = name
        self.backward = backward
        self.single = single
        self.saved = saved


class Pick:
    """The operation of a node that is the `index`-th of its parent's several results."""

    __slots__ = ("index",)
    kind = "pick"
    frugal = True
    name = "PickBackward"
    wrt: frozenset[int] = frozenset()

    def __init__(self, index: int) -> None:
        self.index = index


def leaf(tensor: Any) -> Node:
    """A node for `tensor` to accumulate its gradient in."""
    node = Node(None, (), (), None, None)
    node.target = weakref.ref(tensor)
    return node


_SMALL = 4096


def stand_in(value: Any) -> Any:
    """Something with the shape and dtype of a large float array, and no memory."""
    if isinstance(value, np.ndarray):
        if value.nbytes <= _SMALL or value.dtype.kind != "f":
            return value
        return np.broadcast_to(np.zeros((), value.dtype), value.shape)
    if isinstance(value, (tuple, list)):
        return tuple(map(stand_in, value))
    return value


def parents(node: Node) -> list[Node]:
    """The nodes that `node` passes cotangents on to."""
    found: list[Node] = []
    for edge in node.edges:
        if type(edge) is tuple:
            _add_parts(edge, found)
        elif edge is not None:
            found.append(edge)
    return found


def _add_parts(edges: tuple[Any, ...], found: list[Node]) -> None:
    for edge in edges:
        if type(edge) is tuple:  # Of a list of lists.
            _add_parts(edge, found)
        elif edge is not None:
            found.append(edge)
