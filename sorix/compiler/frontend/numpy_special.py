"""NumPy's functions of which more must be known than their rule says."""

from __future__ import annotations

import operator

import numpy as np

from sorix.compiler.frontend import (
    array_likes,
    array_making,
    arrays,
    calls,
    containers,
    iterables,
    numpy_calls,
    objects,
    prelude,
)
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.numpy_calls import special
from sorix.compiler.frontend.values import Array, Kwargs, Sequence, Static, Value
from sorix.compiler.ir.nodes import Const, Var
from sorix.compiler.ir.types import Num
from sorix.errors import UnsupportedCallError
from sorix.primitives.definitions import definition_of
from sorix.primitives.einsum import subscripts


@special(np.nan_to_num)
def _nan_to_num(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    named = {**dict(zip(("copy", "nan", "posinf", "neginf"), args[1:], strict=False)), **kwargs}
    target, copy = numpy_calls.plain(args[0]), named.pop("copy", None)
    if isinstance(target, Array) and array_making.says_no(copy):
        result = it.read(numpy_calls.call_by_rule(it, np.nan_to_num, args[:1], named))
        arrays.write(it, target, Const(Ellipsis), result)
        return target
    return numpy_calls.call_by_rule(it, np.nan_to_num, args[:1], named)


@special(np.where)
def _where(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return (
        numpy_calls.emit(it, np.where, args, kwargs)
        if len(args) > 1
        else _nonzero(it, args, kwargs)
    )


@special(np.nonzero)
def _nonzero(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    type_ = it.type_of(args[0])
    if isinstance(type_, Num) and type_.rank == 1:
        return Sequence((numpy_calls.emit(it, np.flatnonzero, args, kwargs),))
    return numpy_calls.emit(it, np.nonzero, args, kwargs)


@special(np.lib.stride_tricks.as_strided)
def _as_strided(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    raise UnsupportedCallError(
        "np.lib.stride_tricks.as_strided() looks at memory that it does not check",
        "call np.lib.stride_tricks.sliding_window_view(), and take every n-th window of it",
    )


@special(np.nditer)
def _nditer(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    """Elements one after the other; with ``flags=["multi_index"]``, an object that is moved on."""
    flags = kwargs.pop("flags", args[1] if len(args) > 1 else None)
    modes = kwargs.pop("op_flags", args[2] if len(args) > 2 else None)
    known = {it.demand(v, "a flag of np.nditer()") for v in _flags(it, flags)}
    asked = {it.demand(v, "a flag of np.nditer()") for v in _flags(it, modes)}
    operand = numpy_calls.plain(args[0])
    writes = "readwrite" in asked or "writeonly" in asked
    if (
        kwargs
        or known - {"multi_index"}
        or not isinstance(operand, Array)
        or (writes and "multi_index" not in known)
    ):
        raise UnsupportedCallError(
            "np.nditer() is followed over one array, to read it or with flags=['multi_index']",
            "loop over np.ndindex(a.shape), and read and write a[index]",
        )
    if not arrays.in_order(it, operand):
        raise UnsupportedCallError(
            "np.nditer() takes elements as they lie in memory, in an order that is not known here",
            "loop over np.ndindex(a.shape), or give it a.copy()",
        )
    if "multi_index" in known:
        return calls.call(it, Static(prelude.MultiIndexed), [operand], {})
    return calls.call_function(it, definition_of(np.nditer), [operand], {})


def _flags(it: Interpreter, value: Value | None) -> tuple[Value, ...]:
    return (containers.static_items(it, value) or ()) if value is not None else ()


@special(np.linalg.matrix_power)
def _matrix_power(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    """The rule writes the factors out, so that their number must be known."""
    power = Const(it.demand(args[1] if len(args) > 1 else kwargs["n"], "the power of a matrix"))
    if power.value == 1 and isinstance(numpy_calls.plain(args[0]), Array):
        return args[0]  # NumPy makes no copy.
    return numpy_calls.emit(it, np.linalg.matrix_power, [args[0], power], {})


@special(np.shape)
def _shape(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:

    items = containers.static_items(it, args[0])
    if items is not None:
        if all(isinstance(v, Var | Const) for v in items):
            return Sequence((Const(len(items)),))
        return objects.shape_of(it, it.emit(np.array, containers.nested_atom(it, args[0])))
    if it.is_numeric(args[0]):
        return objects.shape_of(it, args[0])
    return objects.attribute(it, args[0], "shape")


@special(np.ndim)
def _ndim(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:

    return objects.property_of(it, args[0], "ndim")


@special(np.einsum)
def _einsum(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    kwargs.pop("optimize", None)
    if kwargs:
        raise UnsupportedCallError(f"np.einsum with {next(iter(kwargs))}=", "leave it out")
    if not isinstance(args[0], Static) or not isinstance(args[0].value, str):
        args = _with_letters(it, args)
    args = [args[0], *(array_likes.array_of_all(it, a) for a in args[1:])]
    atoms = [
        it.static_atom(a) if isinstance(a, Static) else containers.nested_atom(it, a) for a in args
    ]
    value = it.emit(np.einsum, *atoms)
    if len(args) == 2:
        # Of one array, without a sum, it is a view.
        for shared in map(numpy_calls.plain, (args[1], value)):
            if isinstance(shared, Array):
                it.state.freeze(shared.cell, "it may be a view made by np.einsum()")
    return value


def _with_letters(it: Interpreter, args: list[Value]) -> list[Value]:
    """The arguments of ``np.einsum(a, [0, 1], b, [1, 2])`` as those of ``("ab,bc", a, b)``."""
    operands = args[: len(args) // 2 * 2 : 2]
    labels = [
        [it.demand(v, "a label of np.einsum()") for v in iterables.known_items(it, given, "einsum")]
        for given in (*args[1::2], *args[len(operands) * 2 :])
    ]
    return [Static(subscripts(labels, len(operands))), *operands]


@special(np.linalg.norm)
def _norm(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    """Which norm it is decides which rule it has, so an integer of the caller's is asked for."""
    named = {**dict(zip(("ord", "axis", "keepdims"), args[1:], strict=False)), **kwargs}
    if it.inputs.sources.get(named.get("ord")):
        named["ord"] = Const(it.demand(named["ord"], "the order of a norm"))
    if isinstance(named.get("ord"), Var):
        raise UnsupportedCallError(
            "the order of a norm is a number that the run decides",
            "write it out, pass an integer, or write the sum: np.sum(np.abs(x)**p)**(1/p)",
        )
    return numpy_calls.call_by_rule(it, np.linalg.norm, args[:1], named)


@special(np.frompyfunc)
def _higher_order(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    raise UnsupportedCallError(
        "a NumPy function that calls back into Python is not differentiated",
        "write the loop, or use array operations and np.where",
    )


@special(np.dot)
def _dot(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    args = [*args, *(kwargs[name] for name in ("a", "b") if name in kwargs)]
    atoms = [numpy_calls.as_operand(it, containers.nested_atom(it, a)) for a in args[:2]]
    ranks = [getattr(getattr(a, "type", None), "rank", None) for a in atoms]
    fn = operator.matmul if all(r in (1, 2) for r in ranks) else np.dot
    if 0 in ranks:
        fn = operator.mul
    return it.emit(fn, *atoms)
