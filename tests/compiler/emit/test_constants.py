"""A printed constant evaluates to itself."""

from __future__ import annotations

import ast
import math
import operator

import numpy as np
import pytest

from sorix.compiler.emit.callees import dotted_name, is_support
from sorix.compiler.emit.constants import constant_expression
from sorix.compiler.emit.expressions import Expressions
from sorix.errors import InternalCompilerError
from sorix.support import expand


def text(value: object) -> str:
    return ast.unparse(
        ast.fix_missing_locations(constant_expression(value, Expressions({}, {}, {}).use))
    )


CONSTANTS = [
    *(0, 1, -1, 10**30, True, False, None, ..., "it's", b"raw", ""),
    *(0.0, -0.0, 0.1, -1e-300, 1e308, math.inf, -math.inf, math.nan, 1 + 2j, complex(0, -math.inf)),
    *(np.float32(0.1), np.float64(-2.5), np.int64(3), np.bool_(True), np.complex64(1j)),
    *(np.dtype(">f8"), np.float64, float, bool, ValueError),
    *((1, (2.0, None)), [1, [2]], (), (1,), slice(1, None, -1), range(3), {"a": (1, 2)}),
    *(np.sin, np.linalg.norm, math.sqrt, len, np.add.reduce),
]


@pytest.mark.parametrize(
    "value", CONSTANTS, ids=lambda value: getattr(value, "__name__", None) or repr(value)
)
def test_a_constant_evaluates_to_itself(value):
    again = eval(text(value), {"np": np, "math": math, "operator": operator})
    assert type(again) is type(value)
    assert repr(again) == repr(value)


@pytest.mark.parametrize(
    "array",
    [np.arange(3), np.eye(2, dtype=np.float32), np.zeros((0, 3)), np.array(np.nan)],
    ids=lambda value: getattr(value, "__name__", None) or repr(value),
)
def test_an_array_evaluates_to_an_equal_one(array):
    again = eval(text(array), {"np": np})
    assert again.dtype == array.dtype and again.shape == array.shape
    np.testing.assert_array_equal(again, array)


@pytest.mark.parametrize("name", ["float32", "int64", "bool", "complex128"])
def test_a_dtype_is_written_as_its_scalar_type(name):
    again = text(np.dtype(name))
    assert again == f"np.{name}" and np.dtype(eval(again)) == name


@pytest.mark.parametrize("value", [object(), lambda x: x, np.array([object()])])
def test_what_has_no_text_is_refused(value):
    with pytest.raises(InternalCompilerError):
        text(value)


def test_functions_are_called_by_numpys_own_names():
    assert dotted_name(np.concat) == "np.concatenate"
    assert dotted_name(np.acos) == "np.arccos"
    assert dotted_name(np.abs) == "np.absolute"
    assert dotted_name(np.add.at) == "np.add.at"
    assert dotted_name(expand) == "support:expand"
    assert is_support(expand, "expand") and not is_support(np.sum, "expand")
