"""What a function returned, where a derivative of it is asked for."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.errors import NotDifferentiableError
from sorix.runtime.tensor import Tensor

_KINDS = {
    "argument": "an array, which it was given",
    "object": "an object",
    "rows": "a list",
    "collection": "a list",
}
NOTHING = "None (is a return missing?)"


def kind_of_result(shape: Any) -> str:
    """What a function returns that is no number, by the structure of its result."""
    if shape.kind == "static" and shape.extra is None:
        return NOTHING
    if shape.kind == "static":
        return f"a {type(shape.extra).__name__}"
    return _KINDS.get(shape.kind, f"a {shape.kind}")


def described(value: Any) -> str:
    """The same of what it returned."""
    if value is None:
        return NOTHING
    if np.size(value) != 1 and hasattr(value, "shape"):
        return f"an array of shape {np.shape(value)}"
    return f"a {type(value).__name__}"


def unit_like(result: Any) -> Any:
    """The cotangent 1 of a result of the IR, a number of NumPy's where that is one.

    Python's own raises where it is divided by zero, as the result was not.
    """
    type_ = getattr(result, "type", None)
    dtype = getattr(type_, "dtype", None)
    if getattr(type_, "kind", "python") not in ("scalar", "number", "array") or dtype is None:
        return 1.0
    return np.dtype(dtype).type(1.0) if np.dtype(dtype).kind == "f" else 1.0


def require_derivative(value: Any, name: str) -> None:
    """Refuse None, which some paths of a function return, and truth values."""
    if value is None:
        raise NotDifferentiableError(
            f"{name}() returned None on the path that it took, and a derivative of it is asked for",
            "return a number on every path",
        )
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if isinstance(value, complex) or kind == "c":
        raise NotDifferentiableError(
            f"{name}() returned a complex number, and a derivative of it is asked for",
            "compute real and imaginary parts by themselves, and return a float",
        )
    is_truth = isinstance(value, bool) or kind == "b"
    if is_truth:
        found = "an array of truth values" if getattr(value, "ndim", 0) else repr(bool(value))
        raise NotDifferentiableError(
            f"{name}() returned {found}, which has no derivative, and one is asked for",
            "return a float",
        )


def require_real(bar: Any, name: str) -> None:
    """Refuse a complex cotangent of a float."""
    if isinstance(bar, complex) or getattr(getattr(bar, "dtype", None), "kind", "") == "c":
        raise NotDifferentiableError(
            f"{name}() computes with complex numbers on its way, which the derivative does not"
            " follow",
            "compute real and imaginary parts by themselves",
        )


def refuse_tensors(values: Any, what: str) -> None:
    """Refuse tensors of the tape: a transform that took them for constants would give zeros."""
    waiting: list[Any] = [values]
    seen: set[int] = set()
    while waiting:
        value = waiting.pop()
        if isinstance(value, Tensor):
            array = "x.detach().numpy()" if value.requires_grad else "x.numpy()"
            raise NotDifferentiableError(
                f"{what} is given a tensor: the transforms of sorix.func take floats and arrays",
                f"pass {array}; with tensors use sorix.grad() and backward()",
            )
        if isinstance(value, tuple | list | dict) and id(value) not in seen:
            seen.add(id(value))
            waiting += value.values() if isinstance(value, dict) else value
