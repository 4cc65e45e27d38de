"""Checks of derivative rules that a program registers for functions of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sorix.func import grad, hvp, jvp
from sorix.func.eager import eager_value_and_grad
from sorix.primitives import rule_of


def check_rule(
    function: Callable[..., Any], *args: Any, order: int = 2, tolerance: float = 1e-6
) -> None:
    """Compare the derivatives that follow from a rule with differences, in every mode.

    Checked are, along a random direction: reverse mode, of generated code and on the tape,
    against five-point differences of the function; forward mode against reverse; with `order` 2
    the second derivatives, forward over reverse, against differences of the first. And that the
    function writes into no argument, returns no memory of one, and the same if called again.

    Parameters
    ----------
    function : callable
        Has a rule, and returns a number or an array.
    *args
        Arguments as it is called with, among them at least one float or array of floats. Choose
        points at which it is smooth.
    order : {1, 2}
        Of the derivatives that are compared.
    tolerance : float
        Of the comparison with differences, relative.

    Raises
    ------
    AssertionError
        Where something disagrees; the message says what, with both numbers.
    ValueError
        If the function has no rule, or no argument is a float.

    Examples
    --------
    >>> import numpy as np
    >>> from sorix.testing import check_rule
    >>> check_rule(np.tanh, np.array([0.5, -1.0]))
    """
    rule = rule_of(function)
    name = getattr(function, "__name__", repr(function))
    if rule is None:
        raise ValueError(f"{name} has no rule: register one with sorix.primitives")
    moving = tuple(k for k in rule.wrt if k < len(args) and _is_float(args[k]))
    if not moving:
        raise ValueError(f"no argument of {name} that its rule is for is a float")
    weights = _checked_value(function, args, name)

    def weighted(*args: Any) -> Any:
        return np.sum(weights * function(*args))

    _Check(name, weighted, args, moving, tolerance).run(order)


def _is_float(value: Any) -> bool:
    return np.asarray(value).dtype.kind == "f"


def _checked_value(function: Callable[..., Any], args: Sequence[Any], name: str) -> Any:
    """A weight for each number of the value, of a function that has no effects."""
    given = [np.array(a) if isinstance(a, np.ndarray) else a for a in args]
    value, again = np.asarray(function(*given)), np.asarray(function(*given))
    _require(value.dtype.kind == "f", f"{name} returns {value.dtype}, and must return floats")
    for k, (now, before) in enumerate(zip(given, args, strict=True)):
        if isinstance(now, np.ndarray):
            _require(np.array_equal(now, before), f"{name} writes into argument {k}")
            apart = not np.may_share_memory(value, now)
            _require(apart, f"{name} returns memory of argument {k}: return a copy")
    _require(np.array_equal(value, again), f"{name} returns something else when called again")
    return np.random.default_rng(1).uniform(0.5, 1.5, value.shape)


def _require(condition: bool, sentence: str) -> None:
    if not condition:
        raise AssertionError(sentence)


class _Check:
    """The derivatives of a number, along one direction."""

    def __init__(
        self,
        name: str,
        function: Callable[..., Any],
        args: Sequence[Any],
        moving: tuple[int, ...],
        tolerance: float,
    ) -> None:
        self.name, self.function, self.args = name, function, tuple(args)
        self.moving, self.tolerance = moving, tolerance
        rng = np.random.default_rng(2)
        self.direction = [rng.normal(size=np.shape(args[k])) for k in moving]
        self.gradient = grad(function, moving, fallback="error")

    def run(self, order: int) -> None:
        slope = self._along(self.gradient(*self.args))
        self._require("reverse mode", slope, self._difference(self.function))
        _, _, bars = eager_value_and_grad(self.function, self.moving, False, self.args, {})
        self._require("reverse mode on the tape", self._along(bars), slope, 1e-9)
        tangents = self._tangents()
        _, tangent = jvp(self.function, self.args, tangents)
        self._require("forward mode", tangent, slope, 1e-9)
        if order > 1:
            products = hvp(self.function, self.args, tangents)
            parts = [products] if len(self.args) == 1 else [products[k] for k in self.moving]
            change = self._difference(lambda *args: self._along(self.gradient(*args)))
            self._require("the second derivative", self._along(parts), change)

    def _along(self, bars: Sequence[Any]) -> float:
        pairs = zip(bars, self.direction, strict=True)
        return float(sum(np.sum(bar * v) for bar, v in pairs))

    def _tangents(self) -> list[Any]:
        given: list[Any] = [None] * len(self.args)
        for k, v in zip(self.moving, self.direction, strict=True):
            given[k] = v if isinstance(self.args[k], np.ndarray) else float(v)
        return given

    def _difference(self, function: Callable[..., Any], step: float = 1e-3) -> float:
        def at(size: float) -> float:
            args = list(self.args)
            for k, v in zip(self.moving, self.direction, strict=True):
                moved = args[k] + size * v
                args[k] = moved if isinstance(args[k], np.ndarray) else type(args[k])(moved)
            return float(function(*args))

        near, far = at(step) - at(-step), at(2 * step) - at(-2 * step)
        return (8 * near - far) / (12 * step)

    def _require(self, what: str, found: Any, truth: float, tolerance: float = 0.0) -> None:
        near = math.isclose(
            float(found), truth, rel_tol=tolerance or self.tolerance, abs_tol=self.tolerance * 1e-2
        )
        _require(near, f"{self.name}: {what} gives {float(found):.10g}, and it is {truth:.10g}")
