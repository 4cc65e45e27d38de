"""Whether a function does with values what cannot be done with tensors.

On the tape, tensors stand in for floats and arrays. Nothing makes ``isinstance(x, float)`` true of
one, so a function that asks, or that waits for the error of what only other values can do, must
not run there: it would take another way than it takes on its own arguments, and nobody would be
told. Nor must one that shuffles: NumPy swaps the rows of what
is no array through views of it, and loses some.
"""

from __future__ import annotations

import dis
import functools
import sys
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

_ASKING = frozenset(
    {"isinstance", "issubclass", "type", "hasattr", "isscalar", "singledispatch", "__class__"}
    | {"AttributeError", "TypeError"}
)
"""The last two ask by trying: an element of an array has what a tensor has not, and the reverse."""
_OF_TENSORS = frozenset({"requires_grad", "grad_fn", "is_leaf", "detach", "backward"})
"""Names by which ``getattr`` tells a tensor from an array."""
_READING = frozenset(
    "float int complex eval literal_eval loads fromstring loadtxt genfromtxt float64 float32"
    " Decimal Fraction astype".split()
)
_KNOWN = sys.stdlib_module_names | {"sorix", "numpy"}
_MADE = "<string>"
"""The file of methods that `dataclasses` writes."""


def asks_for_types(function: Any) -> str | None:
    """The name of a function, among those this one may call, that asks; None where none does."""
    return _first(function, _asks)


def _asks(code: CodeType) -> bool:
    if not _ASKING.isdisjoint(code.co_names) or _matches_classes(code):
        return True
    texts = {value for value in code.co_consts if isinstance(value, str)}
    return "getattr" in code.co_names and not _OF_TENSORS.isdisjoint(texts)


def shuffles(function: Any) -> str | None:
    """The name of a function, among those this one may call, that calls ``shuffle``."""
    return _first(function, lambda code: "shuffle" in code.co_names)


def masks(function: Any) -> str | None:
    """The name of a function, among those this one may call, that names masked arrays."""
    return _first(function, lambda code: any(n == "ma" or "masked" in n for n in code.co_names))


def reads_numbers(function: Any) -> str | None:
    """The name of a function, among those this one may call, that may make a number of a text."""
    return _first(function, lambda code: _READING & set(code.co_names))


def _first(function: Any, is_meant: Callable[[CodeType], Any]) -> str | None:
    seen: set[Any] = set()
    waiting = [function]
    while waiting:
        code, names = _body(waiting.pop())
        if code is None or code in seen:
            continue
        seen.add(code)
        for part in _codes(code):
            if is_meant(part):
                return part.co_name
            waiting += [names[name] for name in part.co_names if name in names]
        waiting += [names[name] for name in code.co_freevars if name in names]
        waiting += names.get("", ())
    return None


def _body(value: Any) -> tuple[CodeType | None, dict[str, Any]]:
    """The code of a user's function, and what the names in it stand for."""
    if isinstance(value, FunctionType) and _dispatches_numbers(value):
        return _dispatches.__code__, {}
    while isinstance(value, functools.partial | MethodType):
        value = value.func if isinstance(value, functools.partial) else value.__func__
    # A wrapper's own body is run; what it wraps is found in it, as other names are.
    while not isinstance(value, FunctionType) and _is_known(type(value)) and _wraps(value):
        value = value.__wrapped__
    if isinstance(value, FunctionType):
        module = value.__globals__.get("__name__", "")
        if module.split(".")[0] in _KNOWN or value.__code__.co_filename == _MADE:
            return None, {}
        names = dict(value.__globals__)
        for name, cell in zip(value.__code__.co_freevars, value.__closure__ or (), strict=True):
            names[name] = cell.cell_contents if _filled(cell) else None
        return value.__code__, names
    return _body_of_class(value)


def _body_of_class(value: Any) -> tuple[CodeType | None, dict[str, Any]]:
    """A class, or an instance of one, calls whatever its methods call."""
    if isinstance(value, ModuleType | type(None)):
        return None, {}
    cls = value if isinstance(value, type) else type(value)
    if _is_known(cls):
        return None, {}
    methods: list[Any] = [m for m in vars(cls).values() if isinstance(m, FunctionType)]
    methods += [m.fget for m in vars(cls).values() if isinstance(m, property) and m.fget]
    methods += [b for b in cls.__bases__ if not _is_known(b)]
    methods += [f for f in getattr(value, "__dict__", {}).values() if isinstance(f, FunctionType)]
    if not methods:
        return None, {}
    # Code without a body stands for the class where it is asked whether it was seen.
    place = f"{cls.__module__}.{cls.__qualname__}"
    return _nothing.__code__.replace(co_name=place), {"": methods}


def _is_known(cls: type) -> bool:
    return cls.__module__.split(".")[0] in _KNOWN


def _wraps(value: Any) -> bool:
    return callable(value) and hasattr(value, "__wrapped__")


def _nothing() -> None:
    pass


def _dispatches_numbers(value: Any) -> bool:
    """Whether ``functools.singledispatch`` has something of its own for a number or an array."""
    known = getattr(value, "registry", {}) if hasattr(value, "dispatch") else {}
    numbers = (float, np.float64, np.ndarray)
    return any(cls is not object and issubclass(n, cls) for cls in known for n in numbers)


def _dispatches(value: Any) -> Any:
    """What stands for a function that ``functools.singledispatch`` made."""
    return type(value)


def _filled(cell: Any) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _matches_classes(code: CodeType) -> bool:
    return any(step.opname == "MATCH_CLASS" for step in dis.get_instructions(code))
