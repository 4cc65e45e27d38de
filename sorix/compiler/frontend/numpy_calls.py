"""Calls of primitives: NumPy functions, operators, and the library's own."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from sorix import support
from sorix.compiler.frontend import (
    array_likes,
    arrays,
    beyond_rules,
    calls,
    containers,
    expressions,
    iterables,
    objects,
    prelude,
    writing,
)
from sorix.compiler.frontend.interpreter import GENERIC, Interpreter
from sorix.compiler.frontend.values import (
    NONE,
    Array,
    Cell,
    GrownList,
    Kwargs,
    Maybe,
    Reference,
    Sequence,
    SliceValue,
    Static,
    Storage,
    Tensor,
    Value,
    computed_with,
)
from sorix.compiler.ir.infer import atom_type, infer
from sorix.compiler.ir.nodes import Atom, Const, Tup, Var
from sorix.compiler.ir.public_names import public_names
from sorix.compiler.ir.types import ListOf, Num, Opaque, Type
from sorix.errors import UnsupportedCallError, UnsupportedFunctionError, UnsupportedTypeError
from sorix.primitives.canonical import canonical
from sorix.primitives.definitions import definition_of, ufunc_methods
from sorix.primitives.einsum import subscripts
from sorix.primitives.results import class_of_result
from sorix.primitives.table import rule_of
from sorix.primitives.versions import numpy_functions

_OPERATORS: dict[Any, Any] = {
    np.add: operator.add, np.subtract: operator.sub, np.multiply: operator.mul,
    np.divide: operator.truediv, np.power: operator.pow, np.negative: operator.neg,
    np.matmul: operator.matmul, np.less: operator.lt, np.less_equal: operator.le,
    np.greater: operator.gt, np.greater_equal: operator.ge, np.equal: operator.eq,
    np.not_equal: operator.ne,
}  # fmt: skip

_VIEWS: set[Any] = {
    np.transpose, np.reshape, np.ravel, np.swapaxes, np.squeeze, np.expand_dims,
    np.broadcast_to, np.diagonal, np.linalg.diagonal,
}  # fmt: skip
_CREATORS: set[Any] = {np.zeros, np.ones, np.empty, np.full, np.arange, np.linspace, np.eye}
_LIKE: set[Any] = {np.zeros_like, np.ones_like, np.empty_like, np.full_like}
_MATRICES: set[Any] = {np.asmatrix, np.bmat}
_FRESH: set[Any] = {
    np.around, np.histogram2d, np.histogramdd, np.i0, np.packbits, np.polydiv, np.roots,
    np.sort_complex, np.unique_all, np.unique_counts, np.unique_inverse, np.unpackbits,
    *filter(callable, (*vars(np.fft).values(), *vars(np.linalg).values())),
}  # fmt: skip
"""Functions without a rule whose results are arrays of their own."""

PERHAPS_COPIED = "it may be another array, or a copy"

SPECIAL: dict[Any, Callable[[Interpreter, list[Value], Kwargs], Value]] = {}


def is_primitive(target: Any) -> bool:
    """Whether a function is called as it is: NumPy's, math's, or one with a rule."""
    try:
        if rule_of(target) is not None or target in SPECIAL:
            return True
    except TypeError:
        return False
    if isinstance(target, np.ufunc):
        return True
    module = (getattr(target, "__module__", None) or "").split(".")[0]
    if module in ("math", "_operator", "operator"):
        return True
    if _ufunc_method(target) is not None:
        return True
    return module == "numpy" and callable(target) and not isinstance(target, type)


def call_primitive(
    it: Interpreter, fn: Any, args: list[Value], kwargs: Kwargs, tensors: bool = False
) -> Value:
    """Call a primitive with values of any kind."""
    args = [computed_with(arg) for arg in args]
    method = _ufunc_method(fn)
    if method is not None:
        return _call_ufunc_method(it, *method, args, kwargs)
    if fn in _MATRICES:
        raise UnsupportedCallError(
            f"numpy.{fn.__name__}() makes an array of class matrix, which means other things by *"
            " and by an index",
            "use arrays of two dimensions, and a @ b",
        )
    for given in (*args, kwargs.get("dtype")):
        if isinstance(given, Static) and (given.value is object or given is kwargs.get("dtype")):
            _require_dtype_of_numbers(given.value)
    args, kwargs = array_likes.with_arrays(it, fn, args, kwargs)
    special = SPECIAL.get(fn)
    if special is None and _is_nameless(fn):
        raise UnsupportedCallError(
            f"{fn.__module__}.{fn.__name__}() is called, which is not differentiated",
            "use a function that NumPy has at its top, or in linalg or fft",
        )
    if special is not None and not _has_tensor(it, args):
        if not args:
            raise UnsupportedCallError(
                f"numpy.{fn.__name__}() is given nothing by position",
                "give its first argument by position",
            )
        return special(it, args, kwargs)
    return call_by_rule(it, fn, args, kwargs, tensors)


def _is_nameless(fn: Any) -> bool:
    """Whether a function of NumPy's stands apart, where generated code calls none."""
    return _is_numpy(fn) and id(fn) not in public_names() and definition_of(fn) is None


def call_by_rule(
    it: Interpreter, fn: Any, args: list[Value], kwargs: Kwargs, tensors: bool = False
) -> Value:
    """Call a primitive that needs no more than its rule, or its definition."""
    if isinstance(fn, np.ufunc) and fn.nout == 1 and len(args) == fn.nin + 1:
        args, kwargs = args[:-1], {**kwargs, "out": args[-1]}
    out = kwargs.pop("out", None)
    if out is not None and not (isinstance(out, Static) and out.value is None):
        return writing.into(it, fn, args, kwargs, out)
    if isinstance(fn, np.ufunc) and "dtype" in kwargs:
        args = _in_dtype(it, args, kwargs.pop("dtype"))
    definition = definition_of(fn)
    if definition is not None and beyond_rules.is_beyond_rule(it, fn, args, kwargs):
        return beyond_rules.call_definition(it, fn, args, kwargs)
    try:
        given, options = canonical(fn, args, kwargs, static_value)
    except UnsupportedFunctionError as error:
        if definition is None:
            reason, _, hint = str(error).partition(" Hint: ")
            raise UnsupportedCallError(
                reason.rstrip("."), hint.rstrip(".") or "leave the option out"
            ) from error
        return beyond_rules.call_definition(it, fn, args, kwargs)
    except TypeError as error:  # The call does not fit the function.
        raise UnsupportedCallError(str(error), "call the function as NumPy has it") from error
    # What is left out, with others after it given, is a constant of NumPy's own.
    given = tuple(v if isinstance(v, Value) else containers.lift_constant(v) for v in given)
    if fn in _VIEWS and given and isinstance(plain(given[0]), Array | Tensor):
        value = _view(it, fn, list(given), dict(options))
        return copied(it, value, None) if says_yes(kwargs.get("copy")) else value
    grad = it.grad_enabled and _any_grad(it, (*given, *options.values()))
    value = emit(it, fn, list(given), dict(options), not names_order(args, kwargs))
    if tensors or _has_tensor(it, (*given, *options.values())):
        return _as_tensor(it, value, grad)
    return value


def _in_dtype(it: Interpreter, args: list[Value], dtype: Value) -> list[Value]:
    """The operands of a ufunc in the dtype that it is told to compute in."""
    if isinstance(dtype, Static) and dtype.value is None:
        return args
    return [cast(it, value, dtype_atom(dtype)) for value in args]


def emit(
    it: Interpreter,
    fn: Any,
    args: list[Value],
    options: dict[str, Value],
    ordered: bool = True,
) -> Value:
    """Emit a call; `ordered` says of an array made of a shape that its elements lie in C order."""
    atoms = [argument(it, v) for v in args]
    named: dict[str, Any] = {k: argument(it, v) for k, v in options.items()}
    prim = _OPERATORS.get(fn)
    if prim is not None and any(_is_array(a) for a in atoms) and not named:
        fn = prim
    types = infer(fn, tuple(atoms), named)
    if isinstance(types, tuple) and len(types) == 1:
        return Sequence((_only(it, fn, types[0], atoms, named),))
    if isinstance(types, tuple):
        hints = ("t",) * len(types)
        many = it.call_many(fn, atoms, hints, named)
        return Sequence(tuple(calls.opaque_result(it, v) for v in many), class_of_result(fn))
    if isinstance(types, ListOf):
        return _list_result(it, it.builder.call(fn, *atoms, **named))
    if fn in _CREATORS:
        return it.new_array(it.builder.call(fn, *atoms, **named), contiguous=ordered)
    if fn in _LIKE and isinstance(args[0], Array) and arrays.in_order(it, args[0]):
        return it.new_array(it.builder.call(fn, *atoms, **named), contiguous=ordered)
    if isinstance(types, Opaque) and _is_numpy(fn):
        if fn not in _FRESH and rule_of(fn) is None:
            return _perhaps_shared(it, fn, it.builder.call(fn, *atoms, **named), args, options)
        return calls.opaque_result(it, it.builder.call(fn, *atoms, **named))
    return it.emit(fn, *atoms, **named)


def _only(it: Interpreter, fn: Any, type_: Type, atoms: list[Atom], named: dict[str, Any]) -> Value:
    """The one item of the tuple that a function returns of one array."""
    rule = rule_of(fn)
    if rule is not None and rule.kind != "constant":
        # Of one array, what spreads several over one another keeps it as it is.
        kept = it.emit(np.ravel, *atoms) if fn is np.meshgrid else it.wrap(atoms[0])
        return copied(it, kept, None)
    pack = it.builder.call_as(Opaque(), fn, *atoms, **named)
    return it.wrap(it.builder.call_as(type_, operator.getitem, pack, Const(0)))


def _perhaps_shared(
    it: Interpreter, fn: Any, result: Var, args: list[Value], options: dict[str, Value]
) -> Value:
    """What a function of NumPy's returns of which nothing is known: it may be its argument's
    memory, so neither it nor the argument may be written any more."""
    value = calls.opaque_result(it, result)
    arrays.share(it, value, *_arrays_in(it, [*args, *options.values()]))
    return value


def _arrays_in(it: Interpreter, values: list[Value]) -> list[Value]:
    found: list[Value] = []
    for value in map(plain, values):
        if isinstance(value, Array):
            found.append(value)
        elif isinstance(value, Tensor):
            found.append(plain(value.value))
        elif not isinstance(value, Static) and not it.is_numeric(value):
            found += _arrays_in(it, list(containers.static_items(it, value) or ()))
    return found


def names_order(args: list[Value], kwargs: Kwargs) -> bool:
    """Whether a call asks for a layout in memory other than C order."""
    given = (*args, *kwargs.values())
    return any(isinstance(v, Static | Const) and v.value in ("A", "F", "K") for v in given)


def _list_result(it: Interpreter, var: Var) -> Value:

    element = var.type.element if isinstance(var.type, ListOf) else Num()
    cell = Cell("list")
    it.state.set(cell, GrownList((var,), Var("item", element)))
    return Reference(cell)


def argument(it: Interpreter, value: Value) -> Atom:
    """The atom of an argument of a primitive: numbers, nested sequences, shapes, slices."""
    if isinstance(value, SliceValue) or _is_index(value):
        return arrays.index_atom(it, value)
    if isinstance(value, Tensor):
        return it.read(value)
    return containers.nested_atom(it, value)


def _is_index(value: Value) -> bool:
    """Whether a tuple has a slice in it, as the index of a scatter has."""
    return isinstance(value, Sequence) and any(isinstance(v, SliceValue) for v in value.items)


def _is_array(atom: Atom) -> bool:
    type_ = getattr(atom, "type", None)
    return isinstance(type_, Num) and type_.kind in ("array", "scalar")


def _is_numpy(fn: Any) -> bool:
    return (getattr(fn, "__module__", None) or "numpy").split(".")[0] == "numpy"


def plain(value: Any) -> Any:
    return value.value if isinstance(value, Maybe) else value


def static_value(value: Any) -> Any:
    """The Python value of an argument where it is a constant; a unique object otherwise."""
    if isinstance(value, Const | Static):
        return value.value
    return value


def _has_tensor(it: Interpreter, values: Any) -> bool:
    for value in values:
        value = plain(value)
        if isinstance(value, Tensor):
            return True
        if isinstance(value, Value) and not isinstance(value, Static):
            items = containers.static_items(it, value) if not it.is_numeric(value) else None
            if items is not None and _has_tensor(it, items):
                return True
    return False


def _any_grad(it: Interpreter, values: Any) -> bool:
    for value in values:
        value = plain(value)
        if isinstance(value, Tensor):
            if value.requires_grad:
                return True
        elif not it.is_numeric(value) and not isinstance(value, Static):
            items = containers.static_items(it, value)
            if items is not None and _any_grad(it, items):
                return True
    return False


def _as_tensor(it: Interpreter, value: Value, grad: bool) -> Value:
    if isinstance(value, Sequence):
        return Sequence(tuple(_as_tensor(it, v, grad) for v in value.items), value.cls)
    if not it.is_numeric(value) or isinstance(value, Tensor):
        return value
    if not it.grad_enabled:
        value = expressions.stopped(it, value)
    type_ = it.type_of(value)
    if isinstance(type_, Num) and type_.is_float is False:
        grad = False
    if isinstance(type_, Num) and type_.kind == "python" and type_.dtype == "int64":
        return value
    return Tensor(value, grad)


def _view(it: Interpreter, fn: Any, args: list[Value], options: dict[str, Value]) -> Value:
    base, rest = plain(args[0]), args[1:]
    atoms = [argument(it, v) for v in rest]
    named = {k: argument(it, v) for k, v in options.items()}
    return arrays.view(it, base, fn, *atoms, **named)


# -- functions that need more than their rule -----------------------------------------------


def special(*functions: Any) -> Callable[[Any], Any]:
    def register(handler: Any) -> Any:
        for fn in functions:
            SPECIAL[fn] = handler
        return handler

    return register


@special(np.array)
def array(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    least = it.demand(kwargs.pop("ndmin", Const(0)), "ndmin=")
    return with_rank(it, _made(it, args, kwargs), least)


def with_rank(it: Interpreter, value: Value, least: int) -> Value:
    """A view with axes of length 1 in front, so that there are `least`."""
    if least == 0:
        return value
    type_ = it.type_of(value)
    of_any_rank = not isinstance(type_, Num) or type_.rank is None
    if of_any_rank and least <= 2:
        return call_primitive(it, np.atleast_1d if least == 1 else np.atleast_2d, [value], {})
    if not isinstance(type_, Num) or type_.rank is None:
        raise UnsupportedTypeError(
            "np.array(ndmin=) of an array that has so many dimensions or others, depending on a"
            " branch or an iteration",
            "take the array as it is, or make it on each path",
        )
    if type_.rank >= least:
        return value
    index = Sequence((*([NONE] * (least - type_.rank)), Static(Ellipsis)))
    return arrays.getitem(it, value, index)


def _made(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    """``np.array()`` without `ndmin`."""
    given = plain(args[0])
    if isinstance(given, Array) and says_no(kwargs.get("copy")):
        return as_array(it, [given, *args[1:]], {k: v for k, v in kwargs.items() if k != "copy"})
    if isinstance(given, Array | Tensor):
        dtype = kwargs.get("dtype") or (args[1] if len(args) > 1 else None)
        return copied(it, args[0], dtype, kept=not names_order([], kwargs))
    dtype = kwargs.pop("dtype", args[1] if len(args) > 1 else None)
    atom = containers.nested_atom(it, args[0])
    value = _new_array(it, atom)
    return value if dtype is None else cast(it, value, dtype_atom(dtype))


@special(np.nan_to_num)
def _nan_to_num(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    named = {**dict(zip(("copy", "nan", "posinf", "neginf"), args[1:], strict=False)), **kwargs}
    target, copy = plain(args[0]), named.pop("copy", None)
    if isinstance(target, Array) and says_no(copy):
        result = it.read(call_by_rule(it, np.nan_to_num, args[:1], named))
        arrays.write(it, target, Const(Ellipsis), result)
        return target
    return call_by_rule(it, np.nan_to_num, args[:1], named)


def says_no(copy: Value | None) -> bool:
    """Whether ``copy=`` asks for the array itself where its dtype is right."""
    return isinstance(copy, Const | Static) and not copy.value


def says_yes(copy: Value | None) -> bool:
    """Whether ``copy=`` asks for a copy."""
    return isinstance(copy, Const | Static) and bool(copy.value)


def _new_array(it: Interpreter, atom: Atom) -> Value:
    if isinstance(atom, Var) and isinstance(atom.type, Num) and atom.type.kind != "python":
        return it.new_array(
            it.write(np.copy, (atom,), GENERIC, {}), contiguous=atom.type.rank in (0, 1)
        )
    return it.new_array(it.write(np.array, (atom,), GENERIC, {}), contiguous=True)


@special(np.where)
def _where(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return emit(it, np.where, args, kwargs) if len(args) > 1 else _nonzero(it, args, kwargs)


@special(np.nonzero)
def _nonzero(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    type_ = it.type_of(args[0])
    if isinstance(type_, Num) and type_.rank == 1:
        return Sequence((emit(it, np.flatnonzero, args, kwargs),))
    return emit(it, np.nonzero, args, kwargs)


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
    operand = plain(args[0])
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
    return emit(it, np.linalg.matrix_power, [args[0], power], {})


@special(np.copy)
def _copy(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return copied(it, args[0], None, kept=not names_order(args[1:], kwargs))


def copied(it: Interpreter, value: Value, dtype: Value | None, kept: bool = True) -> Value:
    """A fresh array with the same elements, their order in memory `kept`, or any."""
    if isinstance(value, Tensor):
        return Tensor(copied(it, value.value, dtype), value.requires_grad)
    if dtype is not None and not (isinstance(dtype, Static) and dtype.value is None):
        return cast(it, value, dtype_atom(dtype))
    atom = it.write(np.copy, (containers.nested_atom(it, value),), GENERIC, {})
    flat = isinstance(atom.type, Num) and atom.type.rank in (0, 1)
    kept = kept and (not isinstance(value, Array) or arrays.in_order(it, value))
    return it.new_array(atom, contiguous=flat or kept)


def copied_in_order(it: Interpreter, value: Value) -> Value:
    """``value.copy()``: a fresh array in C order."""
    made = copied(it, value, None)
    content = it.state.get(made.cell) if isinstance(made, Array) else None
    if isinstance(made, Array) and isinstance(content, Storage):
        it.state.set(made.cell, replace(content, contiguous=True))
    return made


@special(np.finfo)
def _float_info(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return Static(np.finfo(_known_dtype(it, args[0], "finfo")))


@special(np.iinfo)
def _int_info(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return Static(np.iinfo(_known_dtype(it, args[0], "iinfo")))


def _known_dtype(it: Interpreter, value: Value, name: str) -> Any:
    """The dtype that the limits of numbers are asked of: one named, or that of an array."""
    if isinstance(value, Static):
        return value.value
    type_ = it.type_of(value)
    if not isinstance(type_, Num) or type_.dtype is None:
        raise UnsupportedTypeError(
            f"np.{name}() of a dtype that only the run will tell", f"write np.{name}(float)"
        )
    return np.dtype(type_.dtype)


def dtype_atom(value: Value) -> Atom:
    if isinstance(value, Static | Const):
        _require_dtype_of_numbers(value.value)
        return Const(value.value)
    raise UnsupportedTypeError(
        "a dtype is computed from data", "write the dtype out, or pass it as an argument"
    )


def _require_dtype_of_numbers(dtype: Any) -> None:
    if dtype is not None and np.dtype(dtype).kind not in "biufc":
        raise UnsupportedTypeError(
            f"an array of dtype {np.dtype(dtype)} is made; only numbers are differentiated",
            "use an array of floats, or a list of the objects",
        )


def cast(it: Interpreter, value: Value, dtype: Atom) -> Value:
    """``value.astype(dtype)``, always a fresh array."""
    if isinstance(value, Tensor):
        return Tensor(cast(it, value.value, dtype), value.requires_grad)
    wanted = np.dtype(dtype.value).name if isinstance(dtype, Const) else None
    return it.emit(support.cast, containers.nested_atom(it, value), Const(np.dtype(wanted)))


@special(np.atleast_1d)
def _atleast_1d(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if len(args) != 1:
        return Sequence(tuple(_atleast_1d(it, [arg], {}) for arg in args))
    value = as_array(it, args, kwargs)
    type_ = it.type_of(value)
    if isinstance(type_, Num) and type_.rank == 0:
        return call_primitive(it, np.reshape, [value, Sequence((Const(1),))], {})
    return value


@special(np.asarray, np.asanyarray)
def as_array(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    value = plain(args[0])
    dtype = kwargs.get("dtype", args[1] if len(args) > 1 else None)
    order = kwargs.get("order", args[2] if len(args) > 2 else NONE)
    if it.demand(kwargs.get("copy", NONE), "whether an array is copied"):
        return copied(it, value, dtype)
    if isinstance(value, Array) and not (isinstance(order, Static) and order.value is None):
        made = copied(it, value, dtype)
        _freeze(it, value, made)
        return made
    if not isinstance(value, Array):
        return array(it, [value], {} if dtype is None else {"dtype": dtype})
    type_ = it.type_of(value)
    if isinstance(type_, Num) and type_.rank == 0 and type_.kind != "array":
        made = copied(it, value, dtype)
        _freeze(it, value, made)
        return made
    if dtype is None or (isinstance(dtype, Static) and dtype.value is None):
        return value
    wanted = np.dtype(dtype_atom(dtype).value).name  # type: ignore[union-attr]
    if isinstance(type_, Num) and type_.dtype == wanted:
        return value
    made = cast(it, value, Const(np.dtype(wanted)))
    if not isinstance(type_, Num) or type_.dtype is None:
        _freeze(it, value, made)
    return made


def _freeze(it: Interpreter, *values: Value) -> None:
    """Let arrays be read only that may be one and the same."""
    for value in map(plain, values):
        if isinstance(value, Array):
            it.state.frozen.setdefault(value.cell, PERHAPS_COPIED)


def _register_astype() -> None:
    def astype(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
        base = args[0] if it.is_numeric(args[0]) else array(it, args[:1], {})
        return calls.call_method(it, base, "astype", args[1:], kwargs)

    for fn in numpy_functions("astype"):
        special(fn)(astype)


_register_astype()


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
    out = kwargs.pop("out", NONE)
    if not (isinstance(out, Static) and out.value is None):
        return writing.into(it, np.einsum, args, kwargs, out)
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
        for shared in map(plain, (args[1], value)):
            if isinstance(shared, Array):
                it.state.frozen.setdefault(shared.cell, "it may be a view made by np.einsum()")
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
    if it.inputs.sources.get(named.get("ord")):  # type: ignore[arg-type]
        named["ord"] = Const(it.demand(named["ord"], "the order of a norm"))
    return call_by_rule(it, np.linalg.norm, args[:1], named)


@special(np.frompyfunc)
def _higher_order(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    raise UnsupportedCallError(
        "a NumPy function that calls back into Python is not differentiated",
        "write the loop, or use array operations and np.where",
    )


@special(np.dot)
def _dot(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    out = kwargs.pop("out", None)
    args = [*args, *(kwargs[name] for name in ("a", "b") if name in kwargs)]
    atoms = [_as_operand(it, containers.nested_atom(it, a)) for a in args[:2]]
    ranks = [getattr(getattr(a, "type", None), "rank", None) for a in atoms]
    fn = operator.matmul if all(r in (1, 2) for r in ranks) else np.dot
    if 0 in ranks:
        fn = operator.mul
    value = it.emit(fn, *atoms)
    if out is None:
        return value
    arrays.write(it, plain(out), Const(Ellipsis), it.read(value))
    return out


def _as_operand(it: Interpreter, atom: Atom) -> Atom:
    """A number of Python's as an array, as such it decides the dtype of a product."""
    type_ = atom_type(atom)
    weak = isinstance(type_, Num) and type_.kind in ("python", "number")
    return it.atom(np.asarray, atom) if weak else atom


# -- methods of ufuncs ----------------------------------------------------------------------

_REDUCTIONS: dict[Any, Any] = {
    np.add: np.sum, np.multiply: np.prod, np.maximum: np.max, np.minimum: np.min,
    np.logical_and: np.all, np.logical_or: np.any,
}  # fmt: skip
_ACCUMULATIONS: dict[Any, Any] = {np.add: np.cumsum, np.multiply: np.cumprod}


def _ufunc_method(target: Any) -> tuple[np.ufunc, str] | None:
    owner = getattr(target, "__self__", None)
    if isinstance(owner, np.ufunc):
        return owner, target.__name__
    return None


def _call_ufunc_method(
    it: Interpreter, ufunc: np.ufunc, name: str, args: list[Value], kwargs: Kwargs
) -> Value:
    if name == "at" and ufunc in (np.add, np.subtract):
        return _add_at(it, ufunc, args)
    if name == "at" and ufunc.nin == 2 and ufunc.nout == 1 and len(args) == 3:
        return calls.call_function(it, prelude.at, [Static(ufunc), *args], {})
    if name == "at" and ufunc.nin == 1 and ufunc.nout == 1 and len(args) == 2:
        return calls.call_function(it, prelude.at_alone, [Static(ufunc), *args], {})
    if name == "reduce" and ufunc in _REDUCTIONS:
        axis = args[1] if len(args) > 1 else kwargs.pop("axis", Const(0))
        return call_primitive(it, _REDUCTIONS[ufunc], args[:1], {**kwargs, "axis": axis})
    if name == "accumulate" and ufunc in _ACCUMULATIONS:
        axis = args[1] if len(args) > 1 else kwargs.pop("axis", Const(0))
        return call_primitive(it, _ACCUMULATIONS[ufunc], args[:1], {**kwargs, "axis": axis})
    if name == "outer" and ufunc.nout == 1:
        left, right = (_as_operand(it, it.read(a)) for a in args[:2])
        rank = getattr(getattr(right, "type", None), "rank", None)
        if 0 in (rank, getattr(getattr(left, "type", None), "rank", None)):
            return it.emit(_OPERATORS.get(ufunc, ufunc), left, right)
        if rank is not None:
            lift = Tup((Const(Ellipsis), *(Const(None) for _ in range(rank))))
            left = it.atom(operator.getitem, left, lift)
            return it.emit(_OPERATORS.get(ufunc, ufunc), left, right)
    definition = ufunc_methods.DEFINED.get(name)
    if definition is not None and ufunc.nin == 2 and ufunc.nout == 1:
        return calls.call_function(it, definition, [Static(ufunc), *args], kwargs)
    raise UnsupportedCallError(
        f"numpy.{ufunc.__name__}.{name}() has no derivative rule",
        "write it with functions that have one, or as a loop",
    )


def _add_at(it: Interpreter, ufunc: np.ufunc, args: list[Value]) -> Value:

    target, index = plain(args[0]), arrays.index_atom(it, args[1])
    value = it.read(args[2])
    into = it.type_of(target)
    if isinstance(into, Num):
        # An element, which the value is added to: the index decides how many there are.
        element = infer(ufunc, (Var("t", Num(into.dtype, (), "scalar")), value), {})
        arrays.require_fits(replace(into, shape=None), element)
    if ufunc is np.subtract:
        value = it.atom(operator.neg, value)
    arrays.replace_content(it, target, lambda old: it.atom(support.add_at, old, index, value))
    return Static(None)
