"""Specialisations: which lowering of a function a call can use, and its inputs fetched."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.compiler.frontend.callables import function_of, signature_of
from sorix.compiler.frontend.lower import Lowered
from sorix.compiler.guards import compile_guards

Arguments = dict[str, Any]


class Binder:
    """Arguments of a call by parameter name, quickly where they are all positional."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.name = getattr(function, "__name__", type(function).__name__)
        self.function, self.written = function, function_of(function)
        self._read()

    def _read(self) -> None:
        """Note the parameters that the function has."""
        self.code = getattr(self.written, "__code__", None)
        self.signature, self.defaults = signature_of(self.function), self._defaults()
        kinds = [p.kind for p in self.signature.parameters.values()]
        self.names = tuple(self.signature.parameters)
        stars = [k for k, kind in enumerate(kinds) if kind is inspect.Parameter.VAR_POSITIONAL]
        self.star = stars[0] if stars else None
        self.plain = all(k is inspect.Parameter.POSITIONAL_OR_KEYWORD for k in kinds)

    def labels(self, count: int) -> list[str]:
        """What the first arguments are called in paths: ``x``, or ``args[0]`` of ``*args``."""
        if self.star is None or count <= self.star:
            return list(self.names[:count])
        star = self.names[self.star]
        return [*self.names[: self.star], *(f"{star}[{k}]" for k in range(count - self.star))]

    def __call__(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Arguments:
        if getattr(self.written, "__code__", None) is not self.code:
            self._read()  # As a reloaded module leaves it: perhaps with other parameters.
        if self.plain and not kwargs and len(args) == len(self.names):
            return dict(zip(self.names, args, strict=True))
        self._see_changed_defaults()
        try:
            bound = self.signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{self.name}(): {error}") from None
        bound.apply_defaults()
        return dict(bound.arguments)

    def _defaults(self) -> tuple[Any, ...]:
        """The defaults as they are: a program may replace them, those by name one by one."""
        by_name = getattr(self.written, "__kwdefaults__", None) or {}
        return (getattr(self.written, "__defaults__", None), *by_name, *by_name.values())

    def _see_changed_defaults(self) -> None:
        now = self._defaults()
        if len(now) != len(self.defaults) or any(map(operator.is_not, now, self.defaults)):
            self.signature, self.defaults = signature_of(self.function), now


class Specialisation:
    """One lowering, and the function that tells whether a call can use it."""

    def __init__(self, lowered: Lowered) -> None:
        self.lowered = lowered
        self._match = compile_guards(lowered.guards, lowered.inputs)
        self._distinct = _distinct(lowered)

    def match(self, arguments: Arguments) -> list[Any] | None:
        """The inputs of this call, or None where the specialisation is for other arguments."""
        values = self._match(arguments)
        if values is None or self._distinct is None or self._distinct(values):
            return values
        return None

    def overlaps(self, arguments: Arguments) -> bool:
        """Whether only the sharing of memory keeps a call from using this."""
        return self._match(arguments) is not None


def _distinct(lowered: Lowered) -> Callable[[list[Any]], bool] | None:
    """Arrays that the program writes must not share memory with its other arrays."""
    written = [position for position, _ in lowered.mutated]
    arrays = [k for k, i in enumerate(lowered.inputs) if i.kind == "array"]
    if not written or len(arrays) < 2:
        return None

    def check(values: list[Any]) -> bool:
        return not any(
            k != w and np.may_share_memory(values[w], values[k]) for w in written for k in arrays
        )

    return check
