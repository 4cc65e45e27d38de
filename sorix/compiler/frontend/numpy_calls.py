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
    array_making,
    arrays,
    beyond_rules,
    calls,
    containers,
    expressions,
    nameless,
    prelude,
    taken_out,
    taken_rows,
    tensors_among,
    writing,
    written_tensors,
)
from sorix.compiler.frontend.interpreter import Interpreter
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
    Tensor,
    Value,
    computed_with,
)
from sorix.compiler.ir.infer import atom_type, infer
from sorix.compiler.ir.inference.operands import static
from sorix.compiler.ir.nodes import Atom, Const, Slc, Tup, Var
from sorix.compiler.ir.types import ListOf, Num, Opaque, Type
from sorix.errors import UnsupportedCallError, UnsupportedFunctionError, UnsupportedTypeError
from sorix.primitives.canonical import canonical
from sorix.primitives.definitions import definition_of, ufunc_methods
from sorix.primitives.outs import with_out_named
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
    args = [taken_rows.as_list(it, computed_with(arg)) for arg in args]
    if taken_out.takes_numbers(fn):
        args = [taken_out.number_of(it, arg) for arg in args]
    taken_out.require_constants(it, fn, args)
    written_tensors.require_none_written(it, fn, args, kwargs)
    if fn not in SPECIAL:
        nameless.require_name(fn)
    args, kwargs = with_out_named(fn, args, kwargs)
    out = kwargs.pop("out", NONE)
    if not containers.is_none(out):
        return writing.into(it, fn, args, kwargs, out)
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
            array_making.require_dtype_of_numbers(it, given.value)
    args, kwargs = array_likes.with_arrays(it, fn, args, kwargs)
    special = SPECIAL.get(fn)
    if special is not None and not tensors_among.has_tensor(it, (*args, *kwargs.values())):
        if not args:
            raise UnsupportedCallError(
                f"numpy.{fn.__name__}() is given nothing by position",
                "give its first argument by position",
            )
        return special(it, args, kwargs)
    return call_by_rule(it, fn, args, kwargs, tensors)


_DECISIVE = {np.stack: ("axis",), np.concatenate: ("axis",), np.tensordot: ("axes",)}


def call_by_rule(
    it: Interpreter, fn: Any, args: list[Value], kwargs: Kwargs, tensors: bool = False
) -> Value:
    """Call a primitive that needs no more than its rule, or its definition."""
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
    options = _known_options(it, fn, options)
    # What is left out, with others after it given, is a constant of NumPy's own.
    given = tuple(v if isinstance(v, Value) else containers.lift_constant(v) for v in given)
    if fn in _VIEWS and given and isinstance(plain(given[0]), Array | Tensor):
        value = _view(it, fn, list(given), dict(options))
        return (
            array_making.copied(it, value, None)
            if array_making.says_yes(kwargs.get("copy"))
            else value
        )
    grad = it.grad_enabled and tensors_among.requires_grad(it, (*given, *options.values()))
    value = emit(it, fn, list(given), dict(options), not names_order(args, kwargs))
    if tensors or tensors_among.has_tensor(it, (*given, *options.values())):
        return _as_tensor(it, value, grad)
    return value


def _known_options(it: Interpreter, fn: Any, options: Any) -> dict[str, Any]:
    """The options; of those that decide which rule is meant, the caller's integers are facts."""
    named = dict(options)
    for name in _DECISIVE.get(fn, ()):
        if it.inputs.sources.get(named.get(name)):
            named[name] = Const(it.demand(named[name], f"{name}= of np.{fn.__name__}()"))
    return named


def _in_dtype(it: Interpreter, args: list[Value], dtype: Value) -> list[Value]:
    """The operands of a ufunc in the dtype that it is told to compute in."""
    if isinstance(dtype, Static) and dtype.value is None:
        return args
    return [array_making.cast(it, value, array_making.dtype_atom(it, dtype)) for value in args]


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
        one = _only(it, fn, types[0], atoms, named)
        return containers.new_list(it, [one]) if _makes_list(fn, atoms) else Sequence((one,))
    if isinstance(types, tuple):
        hints = ("t",) * len(types)
        many = [calls.opaque_result(it, v) for v in it.call_many(fn, atoms, hints, named)]
        if _makes_list(fn, atoms):
            return containers.new_list(it, many)
        return Sequence(tuple(many), class_of_result(fn))
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
    made = it.emit(fn, *atoms, **named)
    rule = rule_of(fn)
    if rule is not None and not rule.is_own:
        arrays.share(it, made, *_arrays_in(it, args))  # What it returns is the user's promise.
    return made


def _makes_list(fn: Any, atoms: list[Atom]) -> bool:
    """Whether it is the transpose of indexing a list, which the program may then change."""
    return fn is support.scatter and isinstance(atoms[1], Tup) and atoms[1].is_list


def _only(it: Interpreter, fn: Any, type_: Type, atoms: list[Atom], named: dict[str, Any]) -> Value:
    """The one item of the tuple that a function returns of one array."""
    rule = rule_of(fn)
    if fn is support.scatter:
        return _scattered(it, *atoms)
    if fn in _UNSTACKING:
        axis = named.get("axis", atoms[1] if len(atoms) > 1 else Const(0))
        return it.new_array(it.atom(np.squeeze, atoms[0], axis))
    if rule is not None and rule.kind != "constant":
        # Of one array, what spreads several over one another keeps it as it is.
        kept = it.emit(np.ravel, *atoms) if fn is np.meshgrid else it.wrap(atoms[0])
        return array_making.copied(it, kept, None)
    pack = it.builder.call_as(Opaque(), fn, *atoms, **named)
    return it.wrap(it.builder.call_as(type_, operator.getitem, pack, Const(0)))


def _scattered(it: Interpreter, v: Atom, x: Tup, index: Atom) -> Value:
    """The cotangent of the one item of a list, of which an item or a slice was taken."""
    at = static(index)
    if isinstance(index, Slc) and not isinstance(at, slice):
        raise UnsupportedTypeError(
            "an item is scattered into a list of one by a slice that only the run knows",
            "keep the items in an array made with np.array",
        )
    if isinstance(at, slice) and not [0][at]:
        return it.emit(support.zeros_like, x.items[0])
    if not isinstance(at, slice):
        return it.wrap(v)
    return it.wrap(v.items[0]) if isinstance(v, Tup) else it.emit(operator.getitem, v, Const(0))


_UNSTACKING: set[Any] = {support.unstack, *numpy_functions("unstack")}


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
    it.put(cell, GrownList((var,), Var("item", element)))
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
    return array_making.with_rank(it, array_making.array_of(it, args, kwargs), least)


def as_operand(it: Interpreter, atom: Atom) -> Atom:
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
        each = prelude.at_each if _are_flat(it, *args[:2]) else prelude.at
        return calls.call_function(it, each, [Static(ufunc), *args], {})
    if name == "at" and ufunc.nin == 1 and ufunc.nout == 1 and len(args) == 2:
        return calls.call_function(it, prelude.at_alone, [Static(ufunc), *args], {})
    if containers.is_none(kwargs.get("dtype", Const(0))):
        del kwargs["dtype"]
    table = {"reduce": _REDUCTIONS, "accumulate": _ACCUMULATIONS}.get(name, {})
    if ufunc in table:
        return call_primitive(it, table[ufunc], args, {"axis": Const(0), **kwargs})
    if name == "outer" and ufunc.nout == 1 and len(args) == 2 and not kwargs:
        arrays_given = (array_likes.array_of_all(it, a) for a in args)
        left, right = (as_operand(it, it.read(a)) for a in arrays_given)
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


def _are_flat(it: Interpreter, target: Value, index: Value) -> bool:
    """Whether an array of one dimension is indexed by integers in one dimension."""
    if isinstance(index, Reference):
        index = array_likes.array_of_all(it, index)
    types = [it.type_of(v) for v in (target, index)]
    ranks = [getattr(t, "rank", None) for t in types]
    return ranks == [1, 1] and getattr(types[1], "dtype", None) == "int64"


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
