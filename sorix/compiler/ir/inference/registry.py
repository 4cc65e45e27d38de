"""The table from a function to its type function.

A type function is called as ``rule(fn, *args, **kwargs)`` with the arguments of the call as
atoms, under the parameter names of the function it types, and returns a type, or a tuple of
types for a function that returns several values. It may raise ShapeError where the shapes can
never fit; it raises nothing for lack of knowledge.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sorix.compiler.ir.types import Type

Types = Type | tuple[Type, ...]
F = TypeVar("F", bound=Callable[..., Types])


@dataclass(frozen=True, slots=True)
class TypeRule:
    """A type function with its signature, which is looked at once for each form of a call."""

    function: Callable[..., Types]
    signature: inspect.Signature
    _forms: dict[tuple[Hashable, ...], bool] = field(default_factory=dict)

    def accepts(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
        """Whether the call uses only the parameters the type function knows."""
        form = (len(args), *kwargs)
        found = self._forms.get(form)
        if found is None:
            found = self._forms[form] = self._binds(args, kwargs)
        return found

    def _binds(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
        try:
            self.signature.bind(None, *args, **kwargs)
        except TypeError:
            return False
        return True


_table: dict[Hashable, TypeRule] = {}


def typed(*functions: Any) -> Callable[[F], F]:
    """Register the decorated type function for each of the functions."""

    def register(rule: F) -> F:
        entry = TypeRule(rule, inspect.signature(rule))
        for function in functions:
            _table[function] = entry
        return rule

    return register


def available(module: Any, *names: str) -> tuple[Any, ...]:
    """Those functions of a module that this version of it has."""
    return tuple(getattr(module, name) for name in names if hasattr(module, name))


def type_rule(function: Any) -> TypeRule | None:
    """The entry of a function; None for one that is not in the table or cannot be a key."""
    try:
        return _table.get(function)
    except TypeError:
        return None


def typed_functions() -> tuple[Any, ...]:
    """Every function in the table."""
    return tuple(_table)
