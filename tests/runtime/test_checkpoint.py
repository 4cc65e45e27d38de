"""`sorix.checkpoint` in plain Python, on the tape, and in compiled code."""

from __future__ import annotations

import gc
import tracemalloc

import numpy as np
import pytest

import sorix
from sorix import nn
from sorix.errors import InPlaceError, UnsupportedCallError, UnsupportedTypeError


def wave(x, w):
    for _ in range(20):
        x = np.sin(x * w) + x
    return x


def leaves(*values):
    return [sorix.tensor(np.array(v), requires_grad=True) for v in values]


X, W = np.array([0.2, -1.0]), np.array([0.4, 0.3])


def test_in_plain_python_it_calls_the_function_and_leaves_a_loop_alone():
    assert np.array_equal(sorix.checkpoint(wave)(X, W), wave(X, W))
    assert sorix.checkpoint(wave).__name__ == "wave"
    assert sorix.checkpoint(range(3)) == range(3)
    assert sorix.checkpoint(X, segment=2) is X


def test_on_the_tape_a_call_is_one_node_with_the_derivatives_of_the_function():
    x, w = leaves(X, W)
    y = sorix.checkpoint(wave)(x, w)
    assert repr(y.grad_fn) == "<waveBackward>"
    assert {n.name() for n in y.grad_fn.next_functions} == {"AccumulateGrad"}
    got = sorix.grad(y.sum(), [x, w], create_graph=True)
    want = sorix.grad(wave(x, w).sum(), [x, w], create_graph=True)
    for a, b in zip(got, want, strict=True):
        np.testing.assert_allclose(a.data, b.data, rtol=1e-13)
    again = sorix.grad((got[0] * got[1]).sum(), [x, w], create_graph=True)
    expected = sorix.grad((want[0] * want[1]).sum(), [x, w], create_graph=True)
    for a, b in zip(again, expected, strict=True):
        np.testing.assert_allclose(a.data, b.data, rtol=1e-12)
    (third,) = sorix.grad(again[0].sum(), [x])
    (wanted,) = sorix.grad(expected[0].sum(), [x])
    np.testing.assert_allclose(third.data, wanted.data, rtol=1e-11)


def test_arguments_that_depend_on_each_other_count_once():
    (x,) = leaves(X)
    y = x * 2.0
    z = sorix.checkpoint(lambda a, b: a * b * a)(y, x)
    np.testing.assert_allclose(sorix.grad(z.sum(), [x])[0].data, 12 * X**2)
    y = x * 2.0
    (slope,) = sorix.grad(
        sorix.checkpoint(lambda a, b: a * b * a)(y, x).sum(), [x], create_graph=True
    )
    np.testing.assert_allclose(sorix.grad(slope.sum(), [x])[0].data, 24 * X)


def test_parameters_that_the_function_reads_from_outside_get_their_gradient():
    layer = nn.Linear(2, 1)
    x = sorix.tensor(np.ones((1, 2)), requires_grad=True)
    sorix.checkpoint(layer)(x * 3.0).sum().backward()
    got = [p.grad.data.copy() for p in layer.parameters()]
    for p in layer.parameters():
        p.grad = None
    layer(x * 3.0).sum().backward()
    for a, p in zip(got, layer.parameters(), strict=True):
        np.testing.assert_allclose(a, p.grad.data)


def test_structures_come_back_as_they_are():
    (x,) = leaves(X)
    found = sorix.checkpoint(lambda a: {"u": (a * a, "name"), "v": [a, 3, a.data]})(x)
    assert found["u"][1] == "name" and found["v"][0] is x and found["v"][1] == 3
    np.testing.assert_allclose(sorix.grad(found["u"][0].sum(), [x])[0].data, 2 * X)


def test_random_numbers_are_those_of_the_first_time():
    (x,) = leaves(X)
    sorix.manual_seed(5)
    noisy = sorix.checkpoint(lambda a: a * sorix.rand(2, dtype=sorix.float64))(x)
    after = sorix.rand(1).data
    (slope,) = sorix.grad(noisy.sum(), [x])
    np.testing.assert_allclose(slope.data * X, noisy.data)
    sorix.manual_seed(5)
    sorix.rand(2, dtype=sorix.float64)
    assert sorix.rand(1).data == after


def test_a_function_that_writes_into_what_it_reads_keeps_its_own_operations():
    (x,) = leaves(X)
    y = x * 1.0

    def double(v):
        v *= 2.0
        return v * v

    z = sorix.checkpoint(double)(y)
    np.testing.assert_allclose(sorix.grad((z + y).sum(), [x])[0].data, 8 * X + 2.0)


def test_what_was_read_must_be_unchanged_when_the_derivative_is_taken():
    (x,) = leaves(X)
    y = x * 1.0
    z = sorix.checkpoint(lambda v: v * y)(x)
    y += 1.0
    with pytest.raises(InPlaceError, match="given another value"):
        sorix.grad(z.sum(), [x])
    z = sorix.checkpoint(lambda v: v * v)(x)
    with sorix.no_grad():
        x += 1.0
    with pytest.raises(InPlaceError, match="inplace operation"):
        sorix.grad(z.sum(), [x])
    (w,) = leaves(W)
    z = sorix.checkpoint(lambda v: v * w)(sorix.tensor(X))
    w.data = w.data + 1.0
    with pytest.raises(InPlaceError, match="given another value"):
        z.sum().backward()


def test_without_recording_nothing_is_kept():
    (x,) = leaves(X)
    with sorix.no_grad():
        assert not sorix.checkpoint(wave)(x, 0.5).requires_grad
    assert not sorix.checkpoint(wave)(sorix.tensor(X), 0.5).requires_grad


def test_an_argument_may_be_given_another_value_afterwards():
    (x,) = leaves(X)
    y = x * 1.0
    z = sorix.checkpoint(lambda v: v * v)(y)
    y += 1.0
    np.testing.assert_allclose(sorix.grad((z + y).sum(), [x])[0].data, 2 * X + 1.0)


def test_the_tape_keeps_the_arguments_alone():
    def peak(function):
        (x,) = leaves(np.ones(20_000))
        gc.collect()
        tracemalloc.start()
        y = x
        for _ in range(5):
            y = function(y, 0.5)
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert y.requires_grad
        return held

    assert peak(sorix.checkpoint(wave)) < peak(wave) / 8


def test_in_compiled_code_the_function_is_one_of_its_own_and_so_is_its_gradient():
    part = sorix.checkpoint(wave)
    gradient = sorix.func.grad(lambda x, w: np.sum(part(part(x, w), w)), fallback="error")
    np.testing.assert_allclose(
        gradient(X, W), sorix.func.grad(lambda x, w: np.sum(wave(wave(x, w), w)))(X, W), rtol=1e-12
    )
    names = [line for line in gradient.source.splitlines() if line.startswith("def ")]
    assert names[1].startswith("def wave(")
    assert any(name.startswith("def wave__adjoint(") for name in names)
    top = gradient.source.partition("\ndef wave(")[0]
    assert "append" not in top and "range" not in top


def test_a_compiled_call_on_tensors_is_differentiated_to_any_order():
    compiled = sorix.compile(sorix.checkpoint(wave), fallback="error")
    x, w = leaves(X, W)
    (got,) = sorix.grad(compiled(x, w).sum(), [w], create_graph=True)
    (want,) = sorix.grad(wave(x, w).sum(), [w], create_graph=True)
    np.testing.assert_allclose(got.data, want.data)
    (second,) = sorix.grad(got.sum(), [x])
    (wanted,) = sorix.grad(want.sum(), [x])
    np.testing.assert_allclose(second.data, wanted.data)


def test_what_is_printed_is_printed_once(capsys):
    @sorix.checkpoint
    def talking(x):
        print("here")  # noqa: T201
        return np.sin(x)

    def twice(x):
        return talking(talking(x))

    slope = sorix.func.grad(twice, fallback="error")(0.3)
    assert capsys.readouterr().out == "here\nhere\n"
    assert slope == pytest.approx(np.cos(np.sin(0.3)) * np.cos(0.3))


def test_what_is_printed_further_inside_is_printed_once_too(capsys):
    @sorix.checkpoint
    def inner(x):
        print("inner")  # noqa: T201
        return np.sin(x)

    @sorix.checkpoint
    def outer(x):
        print("outer")  # noqa: T201
        return inner(x) * np.cos(inner(x))

    slope = sorix.func.grad(outer, fallback="error")
    assert slope(0.3) == pytest.approx(
        np.cos(0.3) * np.cos(np.sin(0.3)) - np.sin(0.3) * np.sin(np.sin(0.3)) * np.cos(0.3)
    )
    assert capsys.readouterr().out == "outer\ninner\ninner\n"


def test_what_may_be_something_else_the_second_time_is_refused():
    generator = np.random.default_rng(0)

    @sorix.checkpoint
    def noisy(x):
        return x * generator.normal()

    with pytest.raises(UnsupportedCallError, match="runs again"):
        sorix.func.grad(lambda x: noisy(x) * x, fallback="error")(0.3)


def test_what_is_raised_inside_names_the_line():
    @sorix.checkpoint
    def root(x):
        if x < 0:
            raise ValueError("negative")
        return np.sqrt(x)

    gradient = sorix.func.grad(lambda x: root(x) * x, fallback="error")
    assert gradient(4.0) == pytest.approx(3.0)
    with pytest.raises(ValueError, match="negative"):
        gradient(-1.0)
    compiled = sorix.compile(lambda x: root(x) * x, fallback="error")
    (x, y) = leaves(4.0, -1.0)
    assert sorix.grad(compiled(x), [x])[0].item() == pytest.approx(3.0)
    with pytest.raises(ValueError, match="negative"):
        compiled(y)


def test_a_segment_is_of_a_loop_and_holds_an_iteration():
    with pytest.raises(ValueError, match="no segments"):
        sorix.checkpoint(wave, segment=3)
    with pytest.raises(ValueError, match="not a number of iterations"):
        sorix.checkpoint(range(3), segment=0)


@sorix.checkpoint
def of_a_row(row, w):
    return np.sum(np.tanh(row * w))


def over_rows(table, w):
    total = 0.0
    for k in range(table.shape[0]):
        total = total + of_a_row(table[k], w)
    return total


def test_the_cotangent_of_a_part_is_added_in_place_and_no_whole_is_made_at_each_call():
    compiled = sorix.compile(over_rows, fallback="error")
    compiled.prepare(np.ones((3, 2)), 0.5)
    text = compiled.grad_source()
    assert text.count("zeros_like") == 1
    assert "table_bar, w_bar1 = of_a_row__adjoint(table, k, w, total_bar, table_bar)" in text
    assert "    row_bar = t_bar1 * w\n" in text
    assert "    table_bar[k] += row_bar\n" in text


def peak_of_rows(n):
    gradient = sorix.func.grad(over_rows, argnums=(0, 1), fallback="error")
    table = np.ones((n, 100))
    gradient(table, 0.5)
    tracemalloc.start()
    try:
        gradient(table, 0.5)
        return tracemalloc.get_traced_memory()[1] / table.nbytes
    finally:
        tracemalloc.stop()


def test_memory_for_a_function_on_rows_is_that_of_the_cotangent():
    assert peak_of_rows(400) < 1.5


def test_a_cotangent_that_the_caller_holds_is_not_added_to():
    def part_and_whole(table, w):
        return of_a_row(table[1], w), table

    table, seed = np.array([[0.2, 0.4], [0.6, -0.3]]), np.ones((2, 2))
    _, pull = sorix.func.vjp(part_and_whole, table, 0.7)
    first, _ = pull((1.0, seed))
    again, _ = pull((1.0, seed))
    assert np.array_equal(seed, np.ones((2, 2)))
    expected = seed + np.array([[0.0, 0.0], 0.7 * (1 - np.tanh(0.7 * table[1]) ** 2)])
    np.testing.assert_allclose(first, expected)
    np.testing.assert_allclose(again, expected)


def test_derivatives_of_all_orders_and_modes_of_a_function_on_rows():
    table, way = np.array([[0.2, 0.4], [0.6, -0.3]]), np.array([[1.0, -0.5], [0.3, 0.8]])
    hessian = sorix.func.hvp(lambda t: over_rows(t, 0.7), (table,), (way,))
    y = np.tanh(0.7 * table)
    np.testing.assert_allclose(hessian, -2 * 0.49 * y * (1 - y * y) * way)
    t = sorix.tensor(table, requires_grad=True)
    (slope,) = sorix.grad(
        sorix.compile(over_rows, fallback="error")(t, 0.7), [t], create_graph=True
    )
    np.testing.assert_allclose(slope.data, 0.7 * (1 - y * y))
    (second,) = sorix.grad((slope * sorix.tensor(way)).sum(), [t], create_graph=True)
    np.testing.assert_allclose(second.data, hessian)


@pytest.mark.parametrize(
    ("target", "named"), [(None, "None"), (5, "a number"), (np.float64(2.0), "a number")]
)
def test_what_is_neither_a_function_nor_walked_is_refused_alike(target, named):
    said = f"sorix.checkpoint\\(\\) is given {named}: neither a function nor what a loop runs over"

    def walks(x):
        for _ in sorix.checkpoint(target):
            x = x * 2.0
        return x

    with pytest.raises(TypeError, match=said):
        sorix.checkpoint(target)
    with pytest.raises(UnsupportedTypeError, match=said):
        sorix.func.grad(walks, fallback="error")(0.5)


def in_segments_of_none(x):
    for _ in sorix.checkpoint(range(4), segment=0):
        x = np.sin(x)
    return x


def test_a_segment_of_no_iterations_is_refused_alike():
    with pytest.raises(ValueError, match="segment=0 is not a number of iterations"):
        in_segments_of_none(0.5)
    with pytest.raises(UnsupportedTypeError, match="segment=0 is not a number of iterations"):
        sorix.func.grad(in_segments_of_none, fallback="error")(0.5)


def test_a_segment_of_no_iterations_that_the_run_computes_is_an_exception_of_the_run():
    def walks(x, y):
        for _ in sorix.checkpoint(range(4), segment=int(y)):
            x = np.sin(x)
        return x

    gradient = sorix.func.grad(walks, fallback="error")
    assert gradient(0.5, 2.0) == pytest.approx(gradient(0.5, 1.0))
    with pytest.raises(ValueError, match="not a number of iterations"):
        gradient(0.5, 0.0)
    with pytest.raises(ValueError, match="not a number of iterations"):
        gradient(0.5, -3.0)


def test_a_function_has_no_segments_in_compiled_code_either():
    def wrapped(x):
        return sorix.checkpoint(lambda v: v * v, segment=3)(x)

    with pytest.raises(UnsupportedTypeError, match="a function has no segments"):
        sorix.func.grad(wrapped, fallback="error")(0.5)
