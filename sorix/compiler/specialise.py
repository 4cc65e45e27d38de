"""Specialisations: which lowering of a function a call can use, and its inputs fetched.

A call with the same kinds of arguments as an earlier one must find its specialisation in a few
microseconds, so every guard is a small closure made once.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable
from operator import attrgetter
from typing import Any

import numpy as np

from sorix.compiler.frontend.inputs import Guard, Input, Path
from sorix.compiler.frontend.lower import Lowered
from sorix.compiler.frontend.wrappers import wrappers
from sorix.compiler.ir.types import Num, is_one

Arguments = dict[str, Any]
Fetch = Callable[[Arguments], Any]
Check = Callable[[Arguments], bool]


class Binder:
    """Arguments of a call by parameter name, quickly where they are all positional."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.signature = inspect.signature(function)
        kinds = [p.kind for p in self.signature.parameters.values()]
        self.names = tuple(self.signature.parameters)
        self.plain = all(k is inspect.Parameter.POSITIONAL_OR_KEYWORD for k in kinds)

    def __call__(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Arguments:
        if self.plain and not kwargs and len(args) == len(self.names):
            return dict(zip(self.names, args, strict=True))
        bound = self.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return dict(bound.arguments)


class Specialisation:
    """One lowering, with its guards and the fetching of its inputs compiled to closures."""

    def __init__(self, lowered: Lowered) -> None:
        self.lowered = lowered
        self.fetchers = tuple(_fetcher(i.path) for i in lowered.inputs)
        guards = sorted(lowered.guards, key=lambda g: len(g.path.steps))
        self._guards = tuple(_guard(g) for g in guards)
        self._kinds = tuple(_kind_check(i) for i in lowered.inputs)
        self._distinct = _distinct(lowered)

    def match(self, arguments: Arguments) -> list[Any] | None:
        """The inputs of this call, or None where the specialisation is for other arguments."""
        try:
            for guard in self._guards:
                if not guard(arguments):
                    return None
            values = [fetch(arguments) for fetch in self.fetchers]
        except (AttributeError, KeyError, IndexError, TypeError, ValueError):
            return None
        for value, fits in zip(values, self._kinds, strict=True):
            if not fits(value):
                return None
        if self._distinct is not None and not self._distinct(values):
            return None
        return values


def _fetcher(path: Path) -> Fetch:
    """A closure that fetches a path as `Path.fetch` does, without interpreting it."""
    kind, owner, name = path.root
    if kind == "arg":
        if not path.steps:
            return lambda arguments: arguments[name]
        step = _steps(path)
        return lambda arguments: step(arguments[name])
    if kind == "global":
        module = owner.value
        step = _steps(path)
        return lambda arguments: step(module[name])
    if kind == "cell":
        cell = owner.value
        step = _steps(path)
        return lambda arguments: step(cell.cell_contents)
    constant = owner.value
    step = _steps(path)
    return lambda arguments: step(constant)


def _steps(path: Path) -> Callable[[Any], Any]:
    """The attribute and item steps; runs of attributes in one C call."""
    if not path.steps:
        return lambda value: value
    parts: list[Callable[[Any], Any]] = []
    names: list[str] = []
    for kind, key in path.steps:
        if kind == "attr":
            names.append(key)
            continue
        if names:
            parts.append(attrgetter(".".join(names)))
            names = []
        parts.append(_item(key))
    if names:
        parts.append(attrgetter(".".join(names)))
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 2:
        first, second = parts
        return lambda value: second(first(value))
    if len(parts) == 3:
        one, two, three = parts
        return lambda value: three(two(one(value)))
    return lambda value: _chain(parts, value)


def _item(key: Any) -> Callable[[Any], Any]:
    return lambda value: value[key]


def _chain(parts: list[Callable[[Any], Any]], value: Any) -> Any:
    for part in parts:
        value = part(value)
    return value


def _guard(guard: Guard) -> Check:
    fetch, expected = _fetcher(guard.path), guard.expected
    match guard.kind:
        case "is":
            return lambda a: fetch(a) is expected
        case "equal":
            kind = type(expected)
            return lambda a: type(v := fetch(a)) is kind and v == expected
        case "type":
            return lambda a: type(fetch(a)) is expected
        case "length":
            return lambda a: len(fetch(a)) == expected
        case "keys":
            return lambda a: tuple(fetch(a)) == expected
        case "grad":
            return lambda a: fetch(a).requires_grad is expected
        case "same":
            other = _fetcher(expected)
            return lambda a: fetch(a) is other(a)
    raise AssertionError(guard.kind)


def _kind_check(item: Input) -> Callable[[Any], bool]:
    """Whether a fetched input has the dtype, rank and pattern of ones it was lowered for."""
    if item.kind == "object":
        return lambda value: True
    if item.kind == "list":
        return lambda value: type(value) is list and all(type(v) is float for v in value)
    type_ = item.var.type
    assert isinstance(type_, Num)
    if item.kind == "number":
        return _number_check(type_)
    check = _array_check(type_, item.constant_dims)
    if item.kind == "tensor":
        tensor_class = wrappers().tensor_class
        assert tensor_class is not None
        cls = tensor_class
        return lambda value: isinstance(value, cls) and check(value.data)  # type: ignore[attr-defined]
    return check


def _number_check(type_: Num) -> Callable[[Any], bool]:
    if type_.kind == "python":
        cls: type = {"float64": float, "int64": int}[type_.dtype or "float64"]
        return lambda value: type(value) is cls
    wanted = np.dtype(type_.dtype)
    return lambda value: isinstance(value, np.generic) and value.dtype == wanted


def _array_check(type_: Num, constant: tuple[tuple[int, int], ...]) -> Callable[[Any], bool]:
    wanted, known = np.dtype(type_.dtype), dict(constant)
    assert type_.shape is not None
    sizes = tuple(known.get(axis) for axis in range(len(type_.shape)))
    free = all(s is None for s in sizes)
    rank = len(sizes)
    assert all(is_one(d) is not None for d in type_.shape)

    def check(value: Any) -> bool:
        if type(value) is not np.ndarray:
            return False
        shape = value.shape
        if len(shape) != rank or value.dtype != wanted:
            return False
        if free:
            return 1 not in shape
        for size, expected in zip(shape, sizes, strict=True):
            if size != expected if expected is not None else size == 1:
                return False
        return True

    return check


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


def unwrapped(function: Any) -> Any:
    """The Python function behind a callable, where it is one; else the callable itself."""
    inner = getattr(function, "__sorix_wrapped__", None)
    if inner is not None:
        return unwrapped(inner)
    if isinstance(function, types.FunctionType):
        return function
    return function
