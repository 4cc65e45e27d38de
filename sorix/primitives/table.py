"""The rule table: what is known of each primitive's derivative, each fact once.

A rule is a pure Python function written with NumPy, operators and `sorix.support` only. The
tape calls it with arrays, or with Tensors where its result must itself be differentiable; the
compiler calls it with symbols and so inlines its body. Reverse and forward mode, and the
summing of a cotangent over broadcast axes, follow from the one rule.

Kinds of rule
    ``elementwise``  returns the partial derivative for each array argument (None: not
                     differentiable in it); adjoint and tangent both follow
    ``linear``       jointly linear in its array arguments; the rule is the transpose, the
                     tangent is the same operation on the tangents
    ``bilinear``     linear in each array argument apart; the rule gives the cotangents
    ``adjoint``      the rule gives the cotangents; ``@tangent_of`` gives the tangent
    ``constant``     the derivative is zero (comparisons, shapes, rounding)

A rule's signature is the canonical form of the call: its parameters without default are the
positional arguments, those with one the options it takes, under NumPy's names.

    @elementwise(np.tanh)
    def tanh(y, x):
        return 1 - y * y
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from inspect import Parameter, signature
from types import MappingProxyType
from typing import Any, Literal, TypeVar

import numpy as np

Kind = Literal["elementwise", "linear", "bilinear", "adjoint", "constant"]
Oracle = Literal["complex_step", "fd5", "exact"]
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Rule:
    """The derivative of one primitive; see the module's docstring for the kinds.

    A primitive is called in canonical form: its array arguments (and an index) positional, its
    options by name, options at their default left out. ``derive`` is called as
    ``derive(y, *args, **options)`` by elementwise rules and as
    ``derive(y_bar, y, *args, **options)`` by all others, and returns a tuple with one partial
    derivative or cotangent for each positional argument (None where there is none), or a lone
    value where only the first argument has one. An argument that is a sequence of arrays has a
    tuple of cotangents. A partial derivative may be the int 1 or -1, which costs no
    multiplication, and a partial derivative or cotangent may be a function without arguments,
    which is called only where somebody wants the value. ``tangent`` is called as
    ``tangent(dots, y, *args, **options)``, `dots` a tuple with a tangent or None for each
    positional argument, at least one of which is not None. ``wrt`` are the positions the
    primitive can be differentiated in; of a primitive with any number of arguments, the
    positions beyond those given do not matter.
    """

    function: Callable[..., Any]
    kind: Kind
    wrt: tuple[int, ...] = (0,)
    derive: Callable[..., Any] | None = None
    tangent: Callable[..., Any] | None = None
    oracle: Oracle = "complex_step"

    @property
    def is_own(self) -> bool:
        """Whether sorix states it, and not a program that may be another the next time."""
        stated = (f for f in (self.derive, self.tangent) if f is not None)
        modules = [str(getattr(f, "__module__", None)).split(".")[0] for f in stated]
        return all(module == "sorix" for module in modules)

    @property
    def is_frugal(self) -> bool:
        """Whether the derivative needs no values of the arguments and results, only shapes."""
        return self.kind == "linear" or self.function in _SHAPES_ONLY


_SHAPES_ONLY = frozenset(
    {np.add, np.subtract, np.negative, np.positive}
    | {operator.add, operator.sub, operator.neg, operator.pos}
)

_rules: dict[Any, Rule] = {}


def rule_of(function: object) -> Rule | None:
    """The rule of a primitive, or None where nothing is known of it."""
    try:
        return _rules.get(function)
    except TypeError:
        return None


def rules() -> Mapping[Any, Rule]:
    """All registered rules by primitive, read-only."""
    return MappingProxyType(_rules)


def elementwise(
    *functions: Callable[..., Any],
    wrt: tuple[int, ...] | None = None,
    oracle: Oracle = "complex_step",
) -> Callable[[F], F]:
    """Register the partial derivatives of functions that act entry by entry.

    Parameters
    ----------
    functions
        The primitives that this is the derivative of.
    wrt
        The positions it is differentiable in; all where left out.
    oracle
        How its test computes the truth.

    Examples
    --------
    >>> def cube(x):
    ...     return x * x * x
    >>> @elementwise(cube)
    ... def cube_rule(y, x):
    ...     return 3 * x * x
    >>> rule_of(cube).kind
    'elementwise'
    """
    return _registrar(functions, "elementwise", wrt, oracle)


def linear(
    *functions: Callable[..., Any], wrt: tuple[int, ...] = (0,), oracle: Oracle = "exact"
) -> Callable[[F], F]:
    """Register the transpose of functions jointly linear in the positions `wrt`."""
    return _registrar(functions, "linear", wrt, oracle)


def bilinear(
    *functions: Callable[..., Any], wrt: tuple[int, ...] = (0, 1), oracle: Oracle = "exact"
) -> Callable[[F], F]:
    """Register the cotangents of functions linear in each of the positions `wrt` apart."""
    return _registrar(functions, "bilinear", wrt, oracle)


def adjoint(
    *functions: Callable[..., Any],
    wrt: tuple[int, ...] | None = None,
    oracle: Oracle = "complex_step",
) -> Callable[[F], F]:
    """Register the cotangents of functions of no special form; see also `tangent_of`."""
    return _registrar(functions, "adjoint", wrt, oracle)


def tangent_of(*functions: Callable[..., Any]) -> Callable[[F], F]:
    """Give functions that have a rule a tangent ``tangent(dots, y, *args, **options)``."""

    def register(tangent: F) -> F:
        for function in functions:
            _rules[function] = replace(_rules[function], tangent=tangent)
        return tangent

    return register


def constant(*functions: Callable[..., Any]) -> None:
    """Register functions whose derivative is zero."""
    for function in functions:
        _add(Rule(function, "constant", wrt=()))


def _registrar(
    functions: tuple[Callable[..., Any], ...],
    kind: Kind,
    wrt: tuple[int, ...] | None,
    oracle: Oracle,
) -> Callable[[F], F]:
    def register(derive: F) -> F:
        leading = 1 if kind == "elementwise" else 2
        count = _count_required(derive) - leading
        positions = wrt if wrt is not None else tuple(range(count))
        if count < 1 and not _takes_any_number(derive):
            form = "(y, x, ...)" if kind == "elementwise" else "(y_bar, y, x, ...)"
            raise TypeError(f"a rule of this kind is called as {derive.__name__}{form}")
        for function in functions:
            _add(Rule(function, kind, positions, derive, oracle=oracle))
        return derive

    return register


def _count_required(derive: Callable[..., Any]) -> int:
    parameters = signature(derive).parameters.values()
    positional = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    return sum(p.kind in positional and p.default is Parameter.empty for p in parameters)


def _takes_any_number(derive: Callable[..., Any]) -> bool:
    kinds = [p.kind for p in signature(derive).parameters.values()]
    return Parameter.VAR_POSITIONAL in kinds


def _add(rule: Rule) -> None:
    if rule.function in _rules:
        raise ValueError(f"{rule.function!r} has a rule already")
    _rules[rule.function] = rule
