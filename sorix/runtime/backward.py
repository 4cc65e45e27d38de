"""`grad` and `backward`: what is asked of a sweep, and where its results go.

A gradient arriving at a tensor whose ``grad`` exists is added to it in place, so that a buffer
an optimiser put there is kept; only where gradients are themselves recorded is the sum a new
tensor. PyTorch's names, defaults and error sentences hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sorix.errors import NoGradientError, NonScalarError, ShapeError
from sorix.runtime.intrinsic import intrinsic
from sorix.runtime.modes import set_grad_enabled
from sorix.runtime.record import wrap
from sorix.runtime.sweep import fit, sweep
from sorix.runtime.tape import Node
from sorix.runtime.writes import last_write, note_write, note_writes

if TYPE_CHECKING:
    from sorix.runtime.tensor import Tensor

UNUSED = (
    "One of the differentiated Tensors appears to not have been used in the graph. Set "
    "allow_unused=True if this is the desired behavior."
)

OF_A_FUNCTION = (
    "grad() takes Tensors, and is given a function. Hint: the gradient of a function of arrays is "
    "sorix.func.grad(f)(x); of a function of Tensors, sorix.grad(f(x), x)"
)


@intrinsic("grad")
def grad(
    outputs: Tensor | Sequence[Tensor],
    inputs: Tensor | Sequence[Tensor] | None = None,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool | None = None,
) -> tuple[Tensor, ...]:
    """The gradients of `outputs` with respect to `inputs`, without touching their ``grad``.

    Parameters
    ----------
    outputs : Tensor or sequence of Tensor
        What is differentiated.
    inputs : Tensor or sequence of Tensor
        With respect to what: leaves or results of recorded operations.
    grad_outputs : array_like or sequence of them, optional
        A cotangent for each output; may be None for outputs of one element, which get 1.
    retain_graph : bool, optional
        Whether the graph can be used again; by default as `create_graph`.
    create_graph : bool
        Whether the results are themselves recorded, so that they can be differentiated.
    allow_unused : bool
        Whether an input that does not influence the outputs gives None instead of an error.

    Returns
    -------
    tuple
        One Tensor, shaped as it, for each input.

    Raises
    ------
    NonScalarError
        If an output has several elements and no cotangent.
    NoGradientError
        If an output or input does not require grad, or an input was not used.
    GraphFreedError
        If the graph was freed by an earlier sweep.

    Examples
    --------
    >>> import sorix
    >>> x = sorix.tensor(2.0, requires_grad=True)
    >>> (dy,) = sorix.grad(x**3, x, create_graph=True)
    >>> (d2y,) = sorix.grad(dy, x)
    >>> dy.item(), d2y.item()
    (12.0, 12.0)
    """
    if callable(outputs):
        raise TypeError(OF_A_FUNCTION)
    if inputs is None:  # It has a default so that the sentence above comes first.
        raise TypeError("grad() missing 1 required positional argument: 'inputs'")
    roots = _listed(outputs)
    leaves = _listed(inputs)
    nodes = [_node_of(x, "One of the differentiated Tensors does not require grad") for x in leaves]
    found = _swept(roots, grad_outputs, set(nodes), retain_graph, create_graph)
    if not allow_unused and any(node not in found for node in nodes):
        raise NoGradientError(UNUSED)
    return tuple(_gradient(found.get(node), x) for node, x in zip(nodes, leaves, strict=True))


@intrinsic("backward")
def backward(
    tensors: Tensor | Sequence[Tensor],
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Tensor | Sequence[Tensor] | None = None,
) -> None:
    """Accumulate the gradients of `tensors` in the ``grad`` of the leaves.

    Parameters, and what is raised, as of `Tensor.backward`; `grad_tensors` has a cotangent for
    each of `tensors`.

    Examples
    --------
    >>> import sorix
    >>> x = sorix.tensor([1.0, 2.0], requires_grad=True)
    >>> sorix.autograd.backward([x.sum(), (x * x).sum()])
    >>> x.grad
    tensor([3., 5.])
    """
    if grad_tensors is None and inputs is None and not (retain_graph or create_graph):
        if _is_one_step(tensors):
            _one_step(tensors)
            return
    targets = None
    if inputs is not None:
        targets = {_node_of(x, NOT_REQUIRED, i): x for i, x in enumerate(_listed(inputs))}
        if not targets:
            raise NoGradientError("`inputs` argument to `backward()` cannot be empty.")
    wanted = None if targets is None else set(targets)
    found = _swept(_listed(tensors), grad_tensors, wanted, retain_graph, create_graph)
    for node, bar in found.items():
        tensor = targets[node] if targets is not None else node.target and node.target()
        if tensor is not None:
            _accumulate(tensor, bar, create_graph)


def _is_one_step(root: Any) -> bool:
    """Whether a scalar came from leaves by one operation, as the loss of a compiled step does."""
    node = getattr(root, "_node", None)
    if node is None or node.op is None or node.op.kind != "custom" or not node.op.single:
        return False
    if node.args is None or root._data.size != 1 or node.seq < last_write():
        return False
    if node.target is not None:
        return False
    for edge in node.edges:
        if edge is None or edge.op is not None or edge.target is None:
            return False
    return True


def _one_step(root: Any) -> None:
    """The sweep over such a graph: nothing to queue, nothing to add up on the way."""
    node, data = root._node, root._data
    edges = node.edges
    written: list[np.ndarray] = []
    with np.errstate(all="ignore"):  # nothing here is recorded: the sweep is on arrays
        wanted = (True,) * len(edges)
        bars = node.op.backward([_one(data)], node.args, (node.output,), wanted)
        for edge, arg, bar in zip(edges, node.args, bars, strict=True):
            tensor = edge.target()
            if tensor is None or bar is None:
                continue
            if bar.shape != arg.shape or bar.dtype != arg.dtype:
                bar = fit(bar, arg)
            before = tensor._grad
            if before is None or before._node is not None:
                _accumulate(tensor, bar, False)
            else:
                into = before._data
                np.add(into, bar, into)
                written.append(into)
    note_writes(written)
    node.release()


_ones: dict[Any, np.ndarray] = {}


def _one(data: np.ndarray) -> np.ndarray:
    """A one shaped and typed as `data`, which has one element; not to be written."""
    key = (data.dtype, data.ndim)
    found = _ones.get(key)
    if found is None:
        found = _ones[key] = np.ones_like(data)
        found.flags.writeable = False
    return found


NOT_REQUIRED = (
    "element {} of tensors does not require grad and does not have a grad_fn. Hint: what sorix.grad"
    " returns is a constant, unless it is given create_graph=True."
)


def _swept(
    roots: list[Any],
    cotangents: Any,
    wanted: set[Node] | None,
    retain_graph: bool | None,
    create_graph: bool,
) -> dict[Node, Any]:
    retain = create_graph if retain_graph is None else retain_graph
    given = [None] * len(roots) if cotangents is None else _listed(cotangents)
    if len(given) != len(roots):
        raise ShapeError(f"got {len(roots)} tensors and {len(given)} gradients")
    seeds = [
        (_node_of(root, NOT_REQUIRED, i), _cotangent(root, bar, create_graph))
        for i, (root, bar) in enumerate(zip(roots, given, strict=True))
    ]
    with np.errstate(all="ignore"), set_grad_enabled(create_graph):
        return sweep(seeds, wanted, create_graph, retain)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple | Iterator) else [value]


def _node_of(tensor: Any, otherwise: str, index: int = 0) -> Node:
    node = getattr(tensor, "_node", None)
    if node is None:
        if not hasattr(tensor, "_node"):
            made = ": make one, sorix.tensor(x, requires_grad=True)"
            hint = made if isinstance(tensor, np.ndarray | float) else ""
            raise TypeError(f"expected a Tensor, not {type(tensor).__name__}{hint}")
        raise NoGradientError(otherwise.format(index))
    return node


def _cotangent(root: Any, bar: Any, tensors: bool) -> Any:
    """The cotangent to start from at `root`: an array, or a tensor where that is asked for."""
    data = root._data
    if bar is None:
        if data.size != 1:
            raise NonScalarError("grad can be implicitly created only for scalar outputs")
        bar = np.ones_like(data)
    elif hasattr(bar, "_node"):
        if tensors:
            _check_shape(bar._data, data)
            return bar if bar._data.dtype == data.dtype else bar.astype(data.dtype)
        bar = bar._data
    bar = np.asarray(bar, data.dtype)
    _check_shape(bar, data)
    return wrap(bar) if tensors else bar


def _check_shape(bar: np.ndarray, data: np.ndarray) -> None:
    if bar.shape != data.shape:
        raise ShapeError(
            f"Mismatch in shape: grad_output[0] has a shape of {bar.shape} and output[0] has a "
            f"shape of {data.shape}."
        )


def _gradient(bar: Any, x: Any) -> Any:
    """What `grad` returns for an input: a tensor over memory that nobody else writes."""
    if bar is None:
        return None
    if not hasattr(bar, "_node"):
        return wrap(np.array(bar, x._data.dtype))
    return wrap(bar._data.copy()) if bar._node is None else wrap(bar._data, bar._node)


def _accumulate(tensor: Any, bar: Any, recorded: bool) -> None:
    before = tensor._grad
    if before is not None and (recorded or before._node is not None):
        with set_grad_enabled(True):
            tensor._grad = before + bar
    elif before is not None:
        data = before._data
        np.add(data, bar, data)
        note_write(data)
    elif recorded:
        tensor._grad = _gradient(bar, tensor)
    else:
        tensor._grad = wrap(np.array(bar, tensor._data.dtype))
