"""Lists and tuples of numbers where NumPy takes an array: they become one before the call.

After that, a rule that computes with its arguments (``2 * x`` in the derivative of a square) meets
arrays only; a list there would be repeated. Shapes, axes and indices hold integers and stay as they
are, and so does what joins a sequence of arrays, but for the lists in that sequence.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sorix.compiler.frontend import containers, numpy_calls
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    Array,
    GrownList,
    Kwargs,
    ListContent,
    Maybe,
    Reference,
    Sequence,
    Static,
    Tensor,
    Value,
)
from sorix.compiler.ir.types import ListOf, Num
from sorix.primitives.canonical import form_of, parameter_of
from sorix.primitives.table import rule_of

_JOINING: set[Any] = {
    np.concatenate, np.stack, np.hstack, np.vstack, np.dstack, np.column_stack, np.block,
    np.select, np.choose, np.linalg.multi_dot, np.lexsort,
}  # fmt: skip
_TAKING_LISTS: set[Any] = {
    np.array, np.asarray, np.asanyarray, np.ascontiguousarray, np.atleast_1d, np.require, np.copy,
    np.shape, np.ndim, np.size, np.einsum,
}  # fmt: skip


def with_arrays(
    it: Interpreter, fn: Any, args: list[Value], kwargs: Kwargs
) -> tuple[list[Value], Kwargs]:
    """The arguments of a NumPy function, lists of floats made arrays."""
    if fn is math.fsum and _grown(it, args[0]):
        return [array_of(it, args[0])], kwargs
    module = (getattr(fn, "__module__", None) or "").split(".")[0]
    if not (isinstance(fn, np.ufunc) or module == "numpy") or fn in _TAKING_LISTS:
        return args, kwargs
    if fn in _JOINING:
        named = {k: array_of(it, v) for k, v in kwargs.items()}
        return [_inside(it, a) for a in args], named
    rule = rule_of(fn)
    if rule is None:
        return [_kept(it, a) for a in args], {k: _kept(it, v) for k, v in kwargs.items()}
    data, form = rule.wrt, form_of(fn)
    names = [] if form is None else [n for k, n in enumerate(form.positional) if k in data]
    named = {
        k: array_of_all(it, v) if parameter_of(fn, k) in names else array_of(it, v)
        for k, v in kwargs.items()
    }
    given = [array_of_all(it, a) if k in data else array_of(it, a) for k, a in enumerate(args)]
    return given, named


def array_of(it: Interpreter, value: Value) -> Value:
    """A list or tuple that holds floats as an array; any other value as it is."""
    if not holds_floats(it, value) or _has_tensor(it, value):
        return value
    return numpy_calls.call_primitive(it, np.array, [value], {})


def beside(it: Interpreter, value: Value, other: Value) -> Value:
    """The operand beside `other`: of a list or tuple beside an array, NumPy makes an array.

    One of integers is repeated, or joined to, where the other is a number; so `other` must have
    dimensions for certain.
    """
    if has_dimensions(it, other) and is_list(it, value) and not _has_tensor(it, value):
        return numpy_calls.call_primitive(it, np.array, [value], {})
    return value


def has_dimensions(it: Interpreter, value: Value) -> bool:
    """Whether a value is certainly an array, and none of no dimensions."""
    type_ = it.type_of(value) if isinstance(value, Array) else None
    return isinstance(type_, Num) and bool(type_.rank)


def is_list(it: Interpreter, value: Value) -> bool:
    """Whether a value is a list or a tuple."""
    if isinstance(value, Static):
        return isinstance(value.value, list | tuple)
    content = containers.content_of(it, value) if isinstance(value, Reference) else value
    is_listed = isinstance(content, ListContent) and not content.is_set
    return is_listed or isinstance(content, GrownList | Sequence)


def _kept(it: Interpreter, value: Value) -> Value:
    """The same, but a sequence of arrays stays one: it may be several arguments in one.

    No rule computes with it, and `np.histogramdd` means columns by a tuple, rows by an array.
    """
    return value if _holds_arrays(it, value) else array_of(it, value)


def _holds_arrays(it: Interpreter, value: Value) -> bool:
    content = _grown(it, value)
    if content is not None:
        return any(_may_be_array(getattr(a.type, "element", None)) for a in content.atoms)
    return any(
        _may_be_array(it.type_of(item)) if it.is_numeric(item) else _holds_arrays(it, item)
        for item in _items(it, value)
    )


def _may_be_array(type_: Any) -> bool:
    return not isinstance(type_, Num) or type_.rank != 0


def array_of_all(it: Interpreter, value: Value) -> Value:
    """The same of integers, too: for an argument that is no shape, axis or index."""
    if isinstance(value, Static) or not _items(it, value) or _has_tensor(it, value):
        return array_of(it, value)
    return numpy_calls.call_primitive(it, np.array, [value], {})


def _inside(it: Interpreter, value: Value) -> Value:
    items = _items(it, value)
    if not any(holds_floats(it, item) for item in items):
        return value
    return Sequence(tuple(array_of(it, item) for item in items))


def holds_floats(it: Interpreter, value: Value) -> bool:
    """Whether a value is a list or a tuple with a float in it, at any depth."""
    value = value.value if isinstance(value, Maybe) else value
    content = _grown(it, value)
    if content is not None:
        types = [getattr(atom, "type", None) for atom in content.atoms]
        return all(isinstance(t, ListOf) and _is_float(t.element) for t in types)
    return any(
        _is_float(it.type_of(item)) if it.is_numeric(item) else holds_floats(it, item)
        for item in _items(it, value)
    )


def _grown(it: Interpreter, value: Value) -> GrownList | None:
    content = containers.content_of(it, value) if isinstance(value, Reference) else None
    return content if isinstance(content, GrownList) else None


def _items(it: Interpreter, value: Value) -> tuple[Value, ...]:
    if isinstance(value, Static) and not isinstance(value.value, tuple | list):
        return ()
    if not isinstance(value, Sequence | Reference | Static):
        return ()
    return containers.static_items(it, value) or ()


def _is_float(type_: Any) -> bool:
    return isinstance(type_, Num) and type_.is_float is not False


def _has_tensor(it: Interpreter, value: Value) -> bool:
    return any(isinstance(item, Tensor) or _has_tensor(it, item) for item in _items(it, value))
