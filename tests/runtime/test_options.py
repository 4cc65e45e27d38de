"""Options that do not exist, or that cannot have the value they are given."""

from __future__ import annotations

import inspect
import traceback

import numpy as np
import pytest

import sorix
from sorix import func
from sorix.runtime.options import entrance, require_option


def double(x):
    return x * 2.0


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: sorix.compile(verfy=True), "compile() has no option 'verfy'. Hint: did you mean"),
        (lambda: sorix.compile(double, fallbck="error"), "did you mean fallback=?"),
        (lambda: sorix.compile(double, optimise=2), "its options are backend, fallback, verify"),
        (lambda: func.grad(double, argnum=1), "grad() has no option 'argnum'. Hint: did you mean"),
        (lambda: func.value_and_grad(double, aux=True), "did you mean has_aux=?"),
        (lambda: func.jvp(double, (1.0,), tangent=(1.0,)), "did you mean tangents=?"),
        (lambda: func.vjp(double, x=1.0), "by position: it has no options"),
    ],
)
def test_a_misspelled_option_is_answered_with_the_nearest(call, sentence):
    with pytest.raises(TypeError) as raised:
        call()
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: sorix.compile(verify="yes"), "verify='yes' is neither True nor False"),
        (lambda: sorix.compile(double, verify=None), "verify=None is neither"),
        (lambda: sorix.compile(backend="jax"), "backend='jax' is not known: the only one is"),
        (lambda: sorix.compile(fallback="eror"), "Hint: did you mean fallback='error'?"),
        (lambda: func.grad(double, fallback="eror"), "Hint: did you mean fallback='error'?"),
        (lambda: func.grad(double, fallback=["tape"]), "is neither 'tape' nor 'error'"),
        (lambda: func.value_and_grad(double, has_aux="no"), "has_aux='no' is neither"),
        (lambda: func.grad(double, has_aux=np.ones(2)), "is neither True nor False"),
    ],
)
def test_a_value_that_an_option_cannot_have_is_refused_with_those_it_can(call, sentence):
    with pytest.raises(ValueError) as raised:
        call()
    assert sentence in str(raised.value)
    assert {f.filename for f in traceback.extract_tb(raised.value.__traceback__)} == {__file__}


def test_truth_values_of_numpys_are_as_good():
    require_option("verify", np.bool_(True), (True, False))
    assert sorix.compile(double, verify=np.False_)(2.0) == 4.0


def test_what_is_missing_is_said_as_python_says_it():
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'function'"):
        func.grad(argnums=0)


def test_an_entrance_has_the_signature_and_the_text_of_its_function():
    assert list(inspect.signature(func.grad).parameters)[:2] == ["function", "argnums"]
    assert func.grad.__doc__.startswith("The gradient of a function")


def test_an_error_inside_is_not_taken_for_a_misspelled_option():
    @entrance
    def outer(x, factor=2.0):
        return inner(x, fctor=factor)

    def inner(x, factor):
        return x * factor

    with pytest.raises(TypeError, match="unexpected keyword argument 'fctor'"):
        outer(1.0)
