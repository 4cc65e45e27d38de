"""Attributes of a member of an enumeration that the run chooses among known ones."""

from __future__ import annotations

import enum
import operator
from typing import Any

from sorix.compiler.frontend import conditions, containers, objects
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import Value
from sorix.compiler.ir.nodes import Var


def is_of_enumeration(it: Interpreter, value: Value) -> bool:
    """Whether it is a member of an enumeration, that the run chooses among known ones."""
    options = it.options_of(value)
    members = all(isinstance(option, enum.Enum) for option in options)
    return isinstance(value, Var) and bool(options) and members


def attribute(it: Interpreter, owner: Value, name: str) -> Value:
    """``owner.name`` of a member that the run chooses: a chain of branches over what it can be."""
    return _attribute_of(it, owner, it.options_of(owner), name)


def _attribute_of(it: Interpreter, owner: Value, options: tuple[Any, ...], name: str) -> Value:
    option = containers.lift_constant(options[0])
    if len(options) == 1:
        return objects.attribute(it, option, name)
    chosen = it.atom(operator.is_, it.read(owner), it.read(option))
    return conditions.either(
        it,
        chosen,
        lambda: objects.attribute(it, option, name),
        lambda: _attribute_of(it, owner, options[1:], name),
    )
