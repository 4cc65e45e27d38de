"""Carrying out operations on tensors, and writing them on the tape.

`unary`, `binary` and `reflected` are the short way of the operators, `apply` the general way of
any primitive, `record` the way of an operation that brings its own derivative. An operation is
recorded if recording is on and one of its inputs has a node.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sorix.errors import ShapeError, UnsupportedFunctionError
from sorix.primitives.canonical import canonical, name_of
from sorix.runtime.beside import names_of, unknown
from sorix.runtime.modes import array_meaning, recording
from sorix.runtime.tape import Backward, Custom, Node, Op, Pick, op_of
from sorix.runtime.writes import root_of

if TYPE_CHECKING:
    from sorix.runtime.tensor import Tensor

ndarray = np.ndarray
asarray = np.asarray
_new = object.__new__
_tensor: type[Any] = type(None)
CONSTANTS = (int, float, np.ndarray, np.generic, bool, complex)
"""What may stand beside a Tensor in an operator."""


def tensor_class(cls: type[Any]) -> type[Any]:
    """Decorate the class that results are wrapped in; this module cannot import it."""
    global _tensor
    _tensor = cls
    return cls


def wrap(data: np.ndarray, node: Node | None = None) -> Tensor:
    """A tensor over `data`, without a copy."""
    tensor: Any = _new(_tensor)
    tensor._data = data
    tensor._node = node
    tensor._grad = None
    tensor._family = None
    return tensor


def unary(op: Op, x: Any) -> Tensor:
    """An element-wise operation on one tensor."""
    data = x._data
    out = op.function(data)
    if type(out) is not ndarray:
        out = asarray(out)
    node = x._node
    if node is None or not recording():
        return wrap(out)
    return wrap(out, Node(op, (data,), (node,), out, None))


def binary(op: Op, x: Any, y: Any) -> Tensor:
    """An element-wise operation on a tensor and a tensor, array or number."""
    a = x._data
    if isinstance(y, _tensor):
        b = y._data
        node = y._node
    elif isinstance(y, CONSTANTS):
        b = y
        node = None
    else:
        array = beside(x, y)
        if array is None:
            return unknown(x, y, f"__r{op.function.__name__}__")
        return binary(op, x, array)
    try:
        out = op.function(a, b)
    except ValueError as error:
        raise _misfit(op, a, b) from error
    if type(out) is not ndarray:
        out = asarray(out)
    if (node is None and x._node is None) or not recording():
        return wrap(out)
    if b is y:
        b = own(b)
    return wrap(out, Node(op, (a, b), (x._node, node), out, None))


def reflected(op: Op, y: Any, x: Any) -> Tensor:
    """An element-wise operation on an array or number and the tensor `y`."""
    if not isinstance(x, CONSTANTS):
        array = beside(y, x)
        if isinstance(x, _tensor):
            return NotImplemented  # Its own operator takes the other tensor.
        if array is None:
            return unknown(y, x, f"__{op.function.__name__}__")
        return reflected(op, y, array)
    b = y._data
    try:
        out = op.function(x, b)
    except ValueError as error:
        raise _misfit(op, x, b) from error
    if type(out) is not ndarray:
        out = asarray(out)
    node = y._node
    if node is None or not recording():
        return wrap(out)
    return wrap(out, Node(op, (own(x), b), (None, node), out, None))


def beside(x: Any, value: Any) -> np.ndarray | None:
    """The array that NumPy makes of a list or tuple beside an array; a tensor makes none."""
    if not (isinstance(value, list | tuple) and x._data.ndim and array_meaning()):
        return None
    return _array_of(value)


def _array_of(value: Any) -> np.ndarray | None:
    array = np.array(value)
    return array if isinstance(array, CONSTANTS) and array.dtype != object else None


def own(value: Any) -> Any:
    """A constant as a node may keep it: nobody notes the writes into an array that is no tensor's,
    so the node has a copy.

    Where tensors stand for some of a program's arrays, an array of another class has not a tensor's
    operators.
    """
    if not isinstance(value, ndarray):
        return value
    if type(value) not in (ndarray, np.memmap) and array_meaning():
        raise UnsupportedFunctionError(
            f"an array of class {type(value).__name__} meets a Tensor, whose operators are"
            " those of ndarray. Hint: np.asarray() of it, where that is meant."
        )
    return value.copy(order="K")


def as_number(tensor: Any) -> Any:
    """A tensor that stands for a number of Python's, from one of no dimensions."""
    return _number(tensor._data, tensor._node)


def number_class(make: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Decorate what makes such tensors; this module cannot import it."""
    global _number
    _number = make
    return make


_number: Callable[[Any, Any], Any] = wrap


def compare(function: Callable[..., Any], x: Any, y: Any) -> Any:
    """An operation without derivative, such as ``<``; in a NumPy program, what NumPy gives."""
    if isinstance(y, _tensor):
        y = y._data
    elif not isinstance(y, CONSTANTS):
        # Beside a number of NumPy's, too, NumPy makes an array of a list.
        is_list = isinstance(y, list | tuple) and array_meaning()
        array = _array_of(strip(y)) if is_list else None
        if array is None:
            return unknown(x, y, *names_of(function))
        y = array
    try:
        out = function(x._data, y)
    except ValueError as error:
        raise _misfit(None, x._data, y) from error
    return out if array_meaning() else wrap(asarray(out))


def _misfit(op: Any, a: Any, b: Any) -> Exception:
    a_shape, b_shape = np.shape(a), np.shape(b)
    if op is not None and op.name == "MatmulBackward":
        return ShapeError(
            f"matmul: shapes {a_shape} and {b_shape} cannot be multiplied: the last dimension of "
            "the first must match the one before the last of the second"
        )
    for back in range(1, min(len(a_shape), len(b_shape)) + 1):
        if a_shape[-back] != b_shape[-back] and 1 not in (a_shape[-back], b_shape[-back]):
            return ShapeError(
                f"The size of tensor a ({a_shape[-back]}) must match the size of tensor b "
                f"({b_shape[-back]}) at non-singleton dimension "
                f"{max(len(a_shape), len(b_shape)) - back}"
            )
    return ShapeError(f"the shapes {a_shape} and {b_shape} do not fit")


def apply(function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """Carry out any primitive on arguments with tensors among them.

    Raises
    ------
    UnsupportedFunctionError
        If nothing is known of the derivative of `function` called in this way.
    """
    op = op_of(function)
    if len(args) == op.arity and kwargs.keys() <= op.options:
        options = kwargs
    else:
        args, options = canonical(function, args, kwargs)
    args = [a if k not in op.wrt else _as_operand(a) for k, a in enumerate(args)]
    arrays = tuple(map(strip, args))
    if options:
        options = _without_tensors(function, options)
    out = op.function(*arrays, **options)
    if op.kind == "constant" or not recording():
        return _wrapped(out)
    wrt = op.wrt
    edges = tuple(map(edge_of, args))
    if all(edge is None for edge in edges):
        return _wrapped(out)
    if any(edge is not None and i not in wrt for i, edge in enumerate(edges)):
        edges = tuple(edge if i in wrt else None for i, edge in enumerate(edges))
        if not _shape_only(function):
            raise _no_rule_for(function, "an argument that is")
    return _results(Node(op, tuple(map(kept, args)), edges, _as_arrays(out), options), out)


def _as_operand(value: Any) -> Any:
    """A list of numbers as an array, with which a rule can compute."""
    if type(value) not in (list, tuple) or not value or not _holds_numbers(value):
        return value
    return asarray(value)


def _holds_numbers(value: Any) -> bool:
    if type(value) in (list, tuple):
        return all(map(_holds_numbers, value))
    return isinstance(value, int | float | np.number)


def _without_tensors(function: Any, options: dict[str, Any]) -> dict[str, Any]:
    for name, value in options.items():
        if edge_of(value) is not None:
            raise _no_rule_for(function, f"its option {name}=, which is")
    return {name: strip(value) for name, value in options.items()}


def _shape_only(function: Any) -> bool:
    """Whether arguments outside a rule's positions give a shape, or have derivative zero."""
    module = getattr(function, "__module__", None) or ""
    return function in (np.full_like, np.copysign) or module.startswith("sorix.")


def _no_rule_for(function: Any, what: str) -> UnsupportedFunctionError:
    return UnsupportedFunctionError(
        f"{name_of(function)} has no derivative rule for {what} a Tensor that requires grad. "
        "Hint: detach() it if it is meant as a constant."
    )


def strip(value: Any) -> Any:
    """`value` with arrays in the place of tensors, also inside tuples, lists, slices."""
    if isinstance(value, _tensor):
        return value._data
    kind = type(value)
    if kind is tuple or kind is list:
        return kind(map(strip, value))
    if kind is slice:
        return slice(strip(value.start), strip(value.stop), strip(value.step))
    return value


def kept(value: Any) -> Any:
    """What `strip` gives, the arrays that are no tensor's copied."""
    kind = type(value)
    if kind is tuple or kind is list:
        return kind(map(kept, value))
    return own(value) if isinstance(value, ndarray) else strip(value)


def edge_of(value: Any) -> Any:
    """The node of a tensor; a tuple of these for a tuple or list with such among it."""
    if isinstance(value, _tensor):
        return value._node
    if type(value) is tuple or type(value) is list:
        edges = tuple(map(edge_of, value))
        return None if all(edge is None for edge in edges) else edges
    return None


def _as_arrays(out: Any) -> Any:
    if isinstance(out, (tuple, list)):
        return tuple(map(asarray, out))
    return asarray(out)


def _wrapped(out: Any) -> Any:
    if isinstance(out, (ndarray, np.generic)):
        is_plain = out.dtype.kind in "biu" or isinstance(out, ndarray) and not out.ndim
        if is_plain and array_meaning():
            return out  # Without derivative, it is what it is in a NumPy program.
        return wrap(asarray(out))
    if isinstance(out, (tuple, list)) and any(isinstance(part, ndarray) for part in out):
        return (list if isinstance(out, list) else tuple)(map(_wrapped, out))
    return out


def _results(node: Node, out: Any) -> Any:
    if not isinstance(out, (tuple, list)):
        return _result(node.output, node)
    parts = (_result(part, pick(node, i)) for i, part in enumerate(node.output))
    if hasattr(out, "_fields"):
        return type(out)(*parts)
    return list(parts) if isinstance(out, list) else tuple(parts)


def _result(data: np.ndarray, node: Node) -> Tensor:
    return wrap(data, node if data.dtype.kind in "fc" else None)


def pick(master: Node, index: int) -> Node:
    """A node for one of the several results of `master`."""
    return Node(Pick(index), (), (master,), None, None)


def record(
    name: str,
    outputs: Sequence[np.ndarray],
    inputs: Sequence[Tensor],
    backward: Backward,
    saved: Sequence[Any] = (),
) -> list[Tensor]:
    """Put an operation with a derivative of its own on the tape.

    Parameters
    ----------
    name : str
        What ``grad_fn`` shows.
    outputs : sequence of ndarray
        The results, already computed. Those that are not floats carry no derivative.
    inputs : sequence of Tensor
        What the results depend on differentiably; others may be among them.
    backward : callable
        Called as ``backward(cotangents, inputs, outputs, wanted)`` and returns a cotangent or
        None for each input. In an ordinary sweep `cotangents`, `inputs` and `outputs` are
        arrays and so are the results. With ``create_graph`` they are tensors, connected to the
        graph, recording is on, and the results must be tensors computed from them. `cotangents`
        has an entry for each output (zeros where none arrived); ``wanted[i]`` says whether a
        cotangent of ``inputs[i]`` will be used. It is not called again once the graph is freed,
        and is let go of then.
    saved : sequence
        Further arrays that `backward` uses. If one of them, an input or an output is written in
        place before it is called, InPlaceError is raised instead.

    Returns
    -------
    list of Tensor
        The results on the tape, or plain tensors if nothing needs recording.

    Examples
    --------
    >>> import numpy as np, sorix
    >>> from sorix.runtime.record import record
    >>> x = sorix.tensor([1.0, 2.0], requires_grad=True)
    >>> def backward(cotangents, inputs, outputs, wanted):
    ...     return [cotangents[0] * 2 * inputs[0]]
    >>> (y,) = record("Square", [x.data ** 2], [x], backward)
    >>> y.sum().backward()
    >>> x.grad
    tensor([2., 4.])
    """
    edges = tuple([tensor._node for tensor in inputs])
    values = tuple(map(asarray, outputs))
    if not recording() or edges.count(None) == len(edges):
        return [wrap(value) for value in values]
    arrays = tuple([tensor._data for tensor in inputs])
    single = len(values) == 1
    title = name if name.endswith("Backward") else f"{name}Backward"
    op = Custom(title, backward, single, tuple(saved))
    master = Node(op, arrays, edges, values[0] if single else values, None)
    if single:
        return [_result(values[0], master)]
    return [_result(value, pick(master, i)) for i, value in enumerate(values)]


def is_view(out: np.ndarray, of: np.ndarray) -> bool:
    """Whether `out` looks at the memory of `of`."""
    return root_of(out) is root_of(of)


def refuse_out(function: Any, kwargs: dict[str, Any]) -> None:
    """Raise if results would be written into an array: the tape would not know of it."""
    if any(part is not None for part in _as_tuple(kwargs.get("out"))):
        name = getattr(function, "__name__", str(function))
        raise UnsupportedFunctionError(
            f"{name}(..., out=) is not supported with a Tensor. Hint: use the returned value."
        )


def _as_tuple(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)
