"""Symbolic dimensions: what is claimed of them holds for every size."""

from __future__ import annotations

import itertools
import operator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from sorix.compiler.ir.infer import infer, needs_unbroadcast
from sorix.compiler.ir.nodes import Var
from sorix.compiler.ir.shapes import add, broadcast, ceil_div, differ, fresh_dim, product, quotient
from sorix.compiler.ir.types import ONE, Dim, Num, Opaque, constant, is_one, lower_bound
from sorix.errors import ShapeError
from tests.compiler.ir.describing import assignments, dim, evaluate_dim

DIMS = [dim(text) for text in "0 1 3 n m n-1 n-3 n+1 _p _q _p-1 _±k _±k+1".split()]
DIM_PAIRS = list(itertools.product(DIMS, DIMS))
SIZES = assignments({"_p", "_q", "_±k"})


def size(d: Dim, sizes: dict[str, int]) -> int:
    return max(0, evaluate_dim(d, sizes))


def float_array(*dims: Dim) -> Num:
    return Num("float64", dims, "array")


@pytest.mark.parametrize("d", DIMS, ids=str)
def test_a_known_one_is_one_and_a_known_other_is_not(d):
    claim = is_one(d)
    assert all(claim is None or claim == (size(d, sizes) == 1) for sizes in SIZES)
    assert all(lower_bound(d) <= evaluate_dim(d, sizes) for sizes in SIZES)


@pytest.mark.parametrize("a, b", DIM_PAIRS, ids=str)
def test_sizes_said_to_differ_always_do(a, b):
    if differ(a, b):
        assert all(size(a, sizes) != size(b, sizes) for sizes in SIZES)


@pytest.mark.parametrize("a, b", DIM_PAIRS, ids=str)
def test_broadcasting_agrees_with_numpy(a, b):
    fitting = []
    for sizes in SIZES:
        try:
            fitting.append((sizes, np.broadcast_shapes((size(a, sizes),), (size(b, sizes),))[0]))
        except ValueError:
            continue
    try:
        (result,) = broadcast((a,), (b,))
    except ShapeError:
        assert not fitting
        return
    known = "?" not in str(result.symbol)
    assert all(not known or size(result, sizes) == length for sizes, length in fitting)


@pytest.mark.parametrize("a, b", DIM_PAIRS, ids=str)
def test_without_unbroadcasting_the_shapes_are_equal(a, b):
    x, other = float_array(a, ONE), float_array(b, dim("m"))
    try:
        y = infer(operator.mul, (Var("x", x), Var("other", other)))
    except ShapeError:
        return
    if needs_unbroadcast(y, x):
        return
    for sizes in SIZES:
        shapes = [tuple(size(d, sizes) for d in t.shape) for t in (x, other)]
        try:
            assert np.broadcast_shapes(*shapes) == shapes[0]
        except ValueError:
            continue


def test_unbroadcasting_is_needed_exactly_where_a_one_was_stretched():
    n, m, p = dim("n"), dim("m"), dim("_p")
    assert not needs_unbroadcast(float_array(n, m), float_array(n, m))
    assert not needs_unbroadcast(float_array(constant(3)), float_array(n))
    assert not needs_unbroadcast(float_array(p), float_array(p))
    assert not needs_unbroadcast(float_array(n.shifted(-1)), float_array(n.shifted(-1)))
    assert needs_unbroadcast(float_array(n), float_array(ONE))
    assert needs_unbroadcast(float_array(n), float_array(p))
    assert needs_unbroadcast(float_array(n, m), float_array(m))
    assert needs_unbroadcast(Num(), float_array(n))
    assert needs_unbroadcast(Opaque(), Opaque())


@pytest.mark.parametrize("a, b", DIM_PAIRS, ids=str)
@pytest.mark.parametrize("operation", [add, lambda a, b: product((a, b))], ids=["sum", "product"])
def test_sums_and_products_have_the_value_they_spell(operation, a, b):
    result = operation(a, b)
    exact = operator.add if operation is add else operator.mul
    for sizes in SIZES:
        assert size(result, sizes) == exact(size(a, sizes), size(b, sizes))
    assert operation(b, a) == result


@pytest.mark.parametrize("step", [1, 2, 3])
@pytest.mark.parametrize("d", DIMS, ids=str)
def test_every_nth_element(d, step):
    result = ceil_div(d, step)
    assert all(size(result, sizes) == -(-size(d, sizes) // step) for sizes in SIZES)


def test_quotients_cancel_what_they_share():
    n, m = dim("n"), dim("m")
    assert quotient((n, m), (m,)) == n
    assert quotient((n, constant(6)), (constant(3),)) == product((n, constant(2)))
    assert quotient((n, constant(3)), (constant(2),)) == quotient((constant(3), n), (constant(2),))
    with pytest.raises(ShapeError):
        quotient((constant(5),), (constant(2),))


def test_long_spellings_become_fresh_symbols():
    d = dim("n")
    for _ in range(50):
        d = add(d, dim("m"))
    assert len(str(d.symbol)) < 80


def test_fresh_dimensions_are_distinct_across_threads():
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: fresh_dim(), range(2000)))
    assert len(set(made)) == 2000
    assert str(made[0]) == "?"
