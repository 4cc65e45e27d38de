"""Operators of arrays and NumPy's numbers beside objects: see `sorix.primitives.deferring`."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from sorix.compiler.frontend import classes, numpy_calls
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import Array, Maybe, Sequence, Value
from sorix.compiler.ir.nodes import Const
from sorix.compiler.ir.types import NUMBERS, Num
from sorix.errors import UnsupportedTypeError
from sorix.primitives import deferring


def require_left(it: Interpreter, fn: Any, value: Value, other: Value, answers: bool) -> None:
    """Refuse an operator that NumPy does not leave to the object beside its array or number;
    `answers` says whether the object would have a result of its own."""
    cls = classes.class_of_object(it, other)
    if cls is None or not it.is_numeric(value):
        return
    is_array = _may_be_array(it, value)
    if not is_array and (fn is operator.matmul or not may_be_numpys(it, value)):
        return
    # Of a tuple that has no such operator, Python says what it says of any tuple.
    in_array = deferring.is_sequence(cls) and (answers or not isinstance(other, Sequence))
    priority = deferring.OF_ARRAYS if is_array else deferring.OF_NUMBERS
    if in_array or (is_array and answers):
        if not deferring.is_left(cls, priority, lambda cls, name: _said(it, cls, name)):
            reason = deferring.refusal(is_array, describe(other, it))
            raise UnsupportedTypeError(reason, deferring.INSTEAD)


def _said(it: Interpreter, cls: type, name: str) -> Any:
    found = classes.on_class(it, cls, name)
    return numpy_calls.static_value(None if found is None else found.value)


def _may_be_array(it: Interpreter, value: Value) -> bool:
    value = value.value if isinstance(value, Maybe) else value
    return isinstance(value, Array) and getattr(it.type_of(value), "kind", "any") not in NUMBERS


def may_be_numpys(it: Interpreter, value: Value) -> bool:
    """Whether the class of a number may be NumPy's."""
    value = value.value if isinstance(value, Maybe) else value
    if isinstance(value, Const):
        return isinstance(value.value, np.generic)
    type_ = it.type_of(value)
    return not isinstance(type_, Num) or type_.kind != "python" or it.read(value) in it.mixed
