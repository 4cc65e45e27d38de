"""NumPy's functions with arguments and options as they come: values, types and derivatives."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sorix.func
from sorix.compiler.ir.infer import infer
from sorix.compiler.ir.nodes import Atom, Const, Tup, Var
from sorix.compiler.ir.types import Dim, Num, Shape
from sorix.errors import InternalCompilerError, SorixError, UnsupportedFunctionError
from sorix.primitives.canonical import canonical, name_of
from sorix.primitives.definitions import arranged, definition_of
from tests.fuzz.calls import Call, calls, functions

FUNCTIONS = functions()
DEFINED = [fn for fn in FUNCTIONS if definition_of(fn) is not None]
FLOATS = ("geomspace", "interp", "intersect1d")
"""What is drawn for these has no meaning: signs that differ, places in no order, no sets."""
FREE = ("linalg.svd",)
"""Vectors beside those of the singular values are any that span what is left."""
SMOOTH = 1e-6


@pytest.fixture(autouse=True)
def _quiet() -> Any:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("function", DEFINED, ids=name_of)
def test_a_definition_gives_what_numpy_gives(function: Callable[..., Any]) -> None:
    if name_of(function).endswith(FLOATS):
        pytest.skip("what is drawn has no meaning for it")
    for call in calls(function, seed=1, count=30):
        try:
            args, kwargs = arranged(function, call.args, call.kwargs)
            got = definition_of(function)(*args, **kwargs)  # type: ignore[misc]
        except (SorixError, ValueError, TypeError, ArithmeticError, LookupError):
            continue  # Refused, or raised in other words.
        assert _alike(got, call.result()), call


def _alike(got: Any, want: Any) -> bool:
    if isinstance(want, tuple | list):
        return len(got) == len(want) and all(map(_alike, got, want))
    return np.shape(got) == np.shape(want) and np.allclose(got, want, atol=1e-9, equal_nan=True)


@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
def test_the_type_of_a_call_holds(function: Callable[..., Any]) -> None:
    for call in calls(function, seed=2, count=30):
        try:
            args, options = canonical(function, call.args, call.kwargs)
        except UnsupportedFunctionError:
            continue
        sizes: dict[str, int] = {}
        atoms = tuple(_atom(arg, sizes) for arg in args)
        found = infer(function, atoms, {k: _atom(v, sizes) for k, v in options.items()})
        _require_type(found, call.result(), sizes, call)


def _atom(value: Any, sizes: dict[str, int]) -> Atom:
    """A variable for an array, whose sizes are symbols where they are not 1; else a constant."""
    if isinstance(value, np.ndarray):
        return Var("x", Num(str(value.dtype), _shape(value, sizes), "array"))
    if isinstance(value, np.generic):
        return Var("x", Num(str(value.dtype), (), "scalar"))
    if isinstance(value, tuple | list):
        return Tup(tuple(_atom(item, sizes) for item in value), isinstance(value, list))
    return Const(value)


def _shape(array: np.ndarray, sizes: dict[str, int]) -> Shape:
    dims: list[Dim] = []
    for size in array.shape:
        symbol = f"n{len(sizes)}"
        dims.append(Dim(None, 1) if size == 1 else Dim(symbol))
        if size > 1:
            sizes[symbol] = size
    return tuple(dims)


def _require_type(found: Any, value: Any, sizes: dict[str, int], call: Call) -> None:
    if isinstance(found, tuple):
        for one, part in zip(found, value, strict=True):
            _require_type(one, part, sizes, call)
        return
    if not isinstance(found, Num) or found == Num():
        return
    kinds = {"array": np.ndarray, "scalar": np.generic, "python": (bool, int, float)}
    assert found.kind not in kinds or isinstance(value, kinds[found.kind]), (found, call)
    assert found.dtype in (None, str(np.asarray(value).dtype)), (found, call)
    if found.shape is None:
        return
    assert len(found.shape) == np.ndim(value), (found, call)
    for dim, size in zip(found.shape, np.shape(value), strict=True):
        known = 0 if dim.symbol is None else sizes.get(dim.symbol)
        assert known is None or max(known + dim.offset, 0) == size, (found, np.shape(value), call)


@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
def test_a_gradient_agrees_with_differences(function: Callable[..., Any], tmp_path: Path) -> None:
    if name_of(function).endswith((*FLOATS, *FREE)):
        pytest.skip("what is drawn has no meaning for it, or more than one result")
    for k, call in enumerate(calls(function, seed=3, count=4)):
        if not call.args or not isinstance(call.args[0], np.ndarray | np.generic):
            continue
        case = call.program(k)
        plain = case.load(tmp_path)
        point, others = call.args[0], call.args[1:]
        direction = np.random.default_rng(k).normal(size=np.shape(point))

        def along(h: float) -> Any:
            return plain(point + h * direction, *others)

        wide, narrow = _slope(along, 3e-4), _slope(along, 1e-4)
        found = _value_and_grad(plain, case.arguments())
        case.unload(tmp_path)
        assert not isinstance(found, InternalCompilerError), (call, found)
        if isinstance(found, Exception):
            continue  # Refused, or raised in other words.
        value, gradient = found
        assert np.allclose(value, plain(point, *others)), call
        if abs(wide - narrow) < SMOOTH * (1 + abs(narrow)):
            assert np.shape(gradient) == np.shape(point), call
            assert np.isclose(np.sum(gradient * direction), narrow, rtol=1e-5, atol=1e-6), call


def _value_and_grad(plain: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    try:
        return sorix.func.value_and_grad(plain)(*args)
    except (SorixError, ValueError, TypeError, LookupError, np.linalg.LinAlgError) as error:
        return error


def _slope(f: Callable[[float], Any], h: float) -> Any:
    """The derivative at 0 by differences of five points."""
    return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h)
