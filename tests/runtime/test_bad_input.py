"""Bad input, one row each: a clear error of its own class, eager and compiled.

An error of a compiled call is of the same class as the tape's wherever the tape has one; what only
the compiler can meet is a `CompileError` with the user's file and line.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import sorix
import sorix.func
from sorix.errors import (
    CompileError,
    DTypeError,
    FallbackWarning,
    GraphFreedError,
    NoGradientError,
    NonScalarError,
    NotDifferentiableError,
    ShapeError,
    SorixError,
    SourceUnavailableError,
    UnsupportedCallError,
    UnsupportedSyntaxError,
)
from tests.runtime.engines import leaf, network


def add(a, b):
    return (a + b).sum()


def product(a, b):
    return (a @ b).sum()


def joined(a, b):
    return np.concatenate([a, b]).sum()


def reshaped(a, b):
    return (a.reshape(2, 5) * b).sum()


def of_model(model, x):
    return model(x).sum()


def slope(model, x):
    u = model(x)
    return sorix.grad(u, x, grad_outputs=sorix.ones_like(u), create_graph=True)[0].sum()


def implicit(model, x):
    return sorix.grad(model(x), x, create_graph=True)[0].sum()


LAST = None


def with_global(a, b):
    global LAST
    LAST = (a + b).sum()
    return LAST


@dataclass
class Row:
    """A call with bad arguments; the error's class and words on the tape and compiled."""

    name: str
    function: Callable[..., Any]
    arguments: Callable[[], tuple[Any, ...]]
    eager: type[Exception]
    words: str
    compiled: type[Exception] | None = None


ROWS = [
    Row("sizes", add, lambda: (leaf(np.ones(2)), leaf(np.ones(3))), ShapeError, "size of tensor a"),
    Row(
        "sizes, after a good call",
        add,
        lambda: (leaf(np.ones((4, 2))), leaf(np.ones((2, 4)))),
        ShapeError,
        r"\(4\)|\(4, ?2\)",
    ),
    Row(
        "matrix product",
        product,
        lambda: (leaf(np.ones((2, 3))), leaf(np.ones((4, 5)))),
        ShapeError,
        "matmul",
    ),
    Row(
        "matrix product with one row",
        product,
        lambda: (leaf(np.ones((1, 3))), leaf(np.ones((1, 3)))),
        ShapeError,
        "matmul",
    ),
    Row(
        "matrix product of numbers",
        product,
        lambda: (leaf(2.0), leaf(np.ones(3))),
        ShapeError,
        "matmul",
    ),
    Row(
        "concatenation of ranks",
        joined,
        lambda: (leaf(np.ones(2)), leaf(np.ones((2, 2)))),
        ValueError,
        "",
    ),
    Row(
        "reshape to another size",
        reshaped,
        lambda: (leaf(np.ones(7)), leaf(1.0)),
        ValueError,
        "reshape",
    ),
    Row(
        "features of a layer",
        of_model,
        lambda: (network(3), leaf(np.ones((4, 2)))),
        ShapeError,
        "matmul|mat1|shape",
    ),
    Row(
        "derivative in what does not require grad",
        slope,
        lambda: (network(), sorix.tensor(np.ones((3, 1)))),
        NoGradientError,
        "does not require grad",
        NotDifferentiableError,
    ),
    Row(
        "several numbers without cotangent",
        implicit,
        lambda: (network(), leaf(np.ones((3, 1)))),
        NonScalarError,
        "only for scalar outputs",
        NotDifferentiableError,
    ),
]
each = pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])


@each
def test_on_the_tape(row):
    with pytest.raises(row.eager, match=row.words or None):
        row.function(*row.arguments())


@each
def test_compiled(row):
    with pytest.raises(row.compiled or row.eager) as caught:
        sorix.compile(fallback="error")(row.function)(*row.arguments())
    error = caught.value
    assert not isinstance(error, sorix.errors.InternalCompilerError)
    if isinstance(error, CompileError):
        assert error.line > 0
        assert error.file.endswith(".py")
    else:
        assert any("while running code generated from" in note for note in error.__notes__)


@each
def test_compiled_with_the_tape_to_fall_back_on(row):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FallbackWarning)
        with pytest.raises(row.eager):
            sorix.compile(row.function)(*row.arguments())


# -- what is no call with bad arguments -----------------------------------------------------


@pytest.mark.parametrize("engine", [lambda f: f, sorix.compile(fallback="error")])
def test_backward_from_a_tensor_without_grad(engine):
    result = engine(add)(sorix.tensor([1.0]), sorix.tensor([2.0]))
    with pytest.raises(NoGradientError, match="does not require grad and does not have a grad_fn"):
        result.backward()


@pytest.mark.parametrize("engine", [lambda f: f, sorix.compile(fallback="error")])
def test_a_second_backward(engine):
    result = engine(add)(leaf([1.0]), leaf([2.0]) ** 2)
    result.backward()
    with pytest.raises(GraphFreedError, match="a second time"):
        result.backward()


@pytest.mark.parametrize("engine", [lambda f: f, sorix.compile(fallback="error")])
def test_backward_of_several_numbers(engine):
    def doubled(x):
        return x * 2

    with pytest.raises(NonScalarError, match="only for scalar outputs"):
        engine(doubled)(leaf([1.0, 2.0])).backward()
    with pytest.raises(ShapeError, match="Mismatch in shape"):
        engine(doubled)(leaf([1.0, 2.0])).backward(sorix.ones(3))


def test_integers_where_floats_are_needed():
    with pytest.raises(DTypeError, match="floating point"):
        sorix.tensor([1, 2], requires_grad=True)
    with pytest.raises(DTypeError, match="floating point"):
        sorix.tensor([1, 2]).requires_grad = True
    with pytest.raises(NotDifferentiableError, match="only floats have one"):
        sorix.func.grad(lambda x: np.sum(x * 2.0))(np.array([1, 2]))
    with pytest.raises(NotDifferentiableError, match="only floats have one"):
        sorix.func.grad(lambda x: x * 2.0)(3)


def test_an_unsupported_statement():
    with pytest.raises(UnsupportedSyntaxError, match="global") as caught:
        sorix.compile(fallback="error")(with_global)(leaf([1.0]), leaf([2.0]))
    assert caught.value.file == __file__
    assert caught.value.source_line.strip() == "LAST = (a + b).sum()"


def test_a_call_that_is_not_known():
    def bessel(x):
        return np.sum(np.i0(x))

    with pytest.raises((UnsupportedCallError, TypeError), match="i0"):
        sorix.compile(fallback="error")(bessel)(leaf([1.0, 2.0]))
    with pytest.raises(SorixError, match="i0"):
        sorix.func.grad(bessel, fallback="error")(np.ones(3))


def test_a_function_without_source():
    namespace: dict[str, Any] = {}
    exec("def typed(x):\n    return x * x\n", namespace)
    with pytest.raises(SourceUnavailableError, match="typed"):
        sorix.compile(fallback="error")(namespace["typed"])(2.0)
    with pytest.raises(SourceUnavailableError, match="typed"):
        sorix.func.grad(namespace["typed"], fallback="error")(2.0)
    with pytest.raises(CompileError):
        sorix.func.grad(len, fallback="error")(2.0)


def test_what_cannot_be_compiled_at_all():
    for thing in (3, "text", None):
        with pytest.raises(TypeError):
            sorix.compile(fallback="error")(thing)
        with pytest.raises(TypeError):
            sorix.func.grad(thing)
