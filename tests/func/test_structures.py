"""Arguments and results with structure: each float has its derivative, or is refused by name."""

from __future__ import annotations

import collections
import dataclasses
import functools
from typing import Any

import numpy as np
import pytest

import sorix
from sorix.errors import CompileError, NotDifferentiableError, ShapeError
from sorix.func import grad, hvp, jvp, vjp
from sorix.func.eager import eager_value_and_grad


class Slotted:
    __slots__ = ("a",)

    def __init__(self, a):
        self.a = a


class Plain:
    def __init__(self, a):
        self.a = a


class Model(Plain):
    def __call__(self, x):
        return self.a * x


@dataclasses.dataclass(slots=True)
class Slots:
    a: float
    count: int = 3


@dataclasses.dataclass
class Halved:
    a: float
    half: float = dataclasses.field(init=False)

    def __post_init__(self):
        if self.a < 2.0:
            raise ValueError("too small")
        self.half = self.a / 2


def of(value: Any) -> Any:
    """The float of a structure that this file makes."""
    while not isinstance(value, float):
        if isinstance(value, dict):
            value = next(iter(value.values()))
        else:
            value = value[0] if isinstance(value, collections.abc.Sequence) else value.a
    return value


@pytest.mark.parametrize("make", [Slotted, Slots, Plain, Model, Halved])
def test_every_transform_follows_the_fields_of_an_object(make):
    def square(o):
        return o.a**2

    def moving(v):
        return {"a": v}

    assert of(grad(square)(make(3.0))) == 6.0
    assert jvp(square, (make(3.0),), (make(5.0),)) == (9.0, 30.0)
    assert jvp(square, (make(3.0),), (moving(5.0),)) == (9.0, 30.0)
    assert of(hvp(square, (make(3.0),), (moving(1.0),))) == 2.0
    assert of(vjp(square, make(3.0))[1](1.0)[0]) == 6.0
    assert of(eager_value_and_grad(square, [0], False, (make(3.0),), {})[2][0]) == 6.0


def test_what_a_constructor_computes_has_a_derivative_of_its_own():
    assert dataclasses.asdict(grad(lambda o: o.a * o.half**2)(Halved(4.0))) == {
        "a": 4.0,
        "half": 16.0,
    }


def test_a_queue_comes_back_as_one():
    queue = collections.deque([3.0, 2.0], maxlen=4)
    found = grad(lambda q: q[0] ** 2 * q[1])(queue)
    assert found == collections.deque([12.0, 9.0]) and found.maxlen == 4


@pytest.mark.parametrize(
    "argument",
    [
        {3.0},
        frozenset([3.0]),
        [{3.0}],
        Plain({3.0}),
        slice(3.0),
    ],
)
def test_floats_out_of_reach_are_refused_by_name(argument):
    def function(o, x):
        return x * 2.0

    with pytest.raises(NotDifferentiableError, match=r"respect to o.* is asked for"):
        grad(function)(argument, 1.0)
    with pytest.raises(NotDifferentiableError, match=r"respect to o.* is asked for"):
        vjp(function, argument, 1.0)
    with pytest.raises(CompileError, match=r"a tangent is given for o"):
        jvp(function, (argument, 1.0), (argument, 1.0))
    assert jvp(function, (argument, 1.0), (None, 1.0)) == (2.0, 2.0)


@pytest.mark.parametrize("argument", [np.tanh, functools.partial(pow, 2.0), iter([1.0]), "abc"])
def test_a_tangent_of_what_is_no_float_is_refused(argument):
    with pytest.raises(NotDifferentiableError, match="a tangent is given for o"):
        jvp(lambda o, x: x, (argument, 1.0), (1.0, 1.0))


def test_a_copy_beside_what_has_no_derivative_says_that_it_stays():
    def function(o):
        return o["a"] ** o["n"]

    point = {"a": 3.0, "n": 2, "f": np.tanh, "name": "abc"}
    assert jvp(function, (point,), ({**point, "a": 1.0},)) == (9.0, 6.0)
    with pytest.raises(NotDifferentiableError, match=r"for o\['n'\], which is an int"):
        jvp(function, (point,), ({**point, "n": 1.0},))


@pytest.mark.parametrize(
    "tangent",
    [{"b": 1.0}, [1.0], 1.0, {"a": [1.0]}, {"a": np.ones(2)}, {"a": "one"}],
)
def test_a_tangent_of_another_structure_is_refused(tangent):
    with pytest.raises(ShapeError):
        jvp(lambda o: o["a"] ** 2, ({"a": 3.0},), (tangent,))


def test_cotangents_belong_to_the_results_of_their_names():
    value, pullback = vjp(lambda x: {"a": x**2, "b": x**3}, 2.0)
    assert value == {"a": 4.0, "b": 8.0}
    assert pullback({"b": 1.0, "a": 0.0}) == (12.0,)
    assert pullback({"b": 1.0}) == (12.0,)
    with pytest.raises(ShapeError, match="no 'c'"):
        pullback({"c": 1.0})


def test_lists_whose_length_the_run_decides_have_cotangents():
    def squares(x):
        found = []
        for v in x:
            found.append((v * v, v))
        return found

    _, pullback = vjp(squares, np.array([1.0, 2.0, 3.0]))
    assert pullback([(1.0, 0.0), None, (0.0, 5.0)])[0].tolist() == [2.0, 0.0, 5.0]
    with pytest.raises(ShapeError):
        pullback([(1.0, 0.0)])


def test_an_object_of_the_callers_is_no_result():
    with pytest.raises(NotDifferentiableError, match="an object of the caller's"):
        jvp(lambda o: o, (Plain(3.0),), (Plain(1.0),))
    with pytest.raises(NotDifferentiableError, match="an object of the caller's"):
        vjp(lambda o: o, Plain(3.0))


def nested(kind, value, depth):
    for _ in range(depth):
        value = {list: lambda v: [v], dict: lambda v: {"k": v}, Plain: Plain}[kind](value)
    return value


def innermost(value):
    while isinstance(value, list | dict | Plain):
        value = (
            value[0]
            if isinstance(value, list)
            else value["k"]
            if isinstance(value, dict)
            else value.a
        )
    return value**2


@pytest.mark.parametrize("kind", [list, dict, Plain])
def test_structures_may_be_deep(kind):
    deep = nested(kind, 3.0, 600)
    assert of(grad(innermost)(deep)) == 6.0
    assert jvp(innermost, (deep,), (nested(kind, 1.0, 600),)) == (9.0, 6.0)
    assert of(hvp(innermost, (deep,), (nested(kind, 1.0, 600),))) == 2.0
    assert of(vjp(innermost, deep)[1](1.0)[0]) == 6.0


def test_a_structure_that_contains_itself_is_refused():
    ring: list[Any] = [1.0]
    ring.append(ring)
    with pytest.raises(CompileError, match="contains itself"):
        grad(lambda q: q[0] ** 2)(ring)
    with pytest.raises(CompileError, match="contains itself"):
        vjp(lambda q: q[0] ** 2, ring)


# -- on the tape ----------------------------------------------------------------------------


def on_the_tape(function, *args):
    value, _, (gradient, *_) = eager_value_and_grad(function, [0], False, args, {})
    return value, gradient


def test_the_tape_leaves_the_callers_objects_as_they_are():
    def function(o, others):
        o.a = o.a * 2.0
        others["list"].append(1.0)
        others["array"][0] = 4.0
        return o.a * others["array"].sum()

    point, others = Plain(3.0), {"list": [], "array": np.ones(2)}
    assert on_the_tape(function, point, others) == (30.0, {"a": 10.0})
    assert point.a == 3.0 and others["list"] == [] and others["array"].tolist() == [1.0, 1.0]


def test_the_tape_gives_a_function_mappings_of_the_class_it_takes():
    given = collections.defaultdict(lambda: 2.0, a=3.0)
    assert on_the_tape(lambda d: d["a"] ** 2 * d["b"], given) == (18.0, {"a": 12.0})


class Matrix(np.ndarray):
    def __mul__(self, other):
        return 7.0


@pytest.mark.parametrize("argument", [np.ones(2).view(Matrix), np.ma.masked_array([1.0, 2.0])])
def test_the_tape_refuses_arrays_with_operators_of_their_own(argument):
    with pytest.raises(CompileError):
        on_the_tape(lambda m: (m * m).sum(), argument)


# -- tuples whose length the run decides ----------------------------------------------------


def doubled(x):
    t = ()
    while x < 10.0:
        t += (x,)
        x = x * 2.0
    return t


def paired(x):
    t = doubled(x)
    return t, [t[1:]], tuple((v, v * v) for v in t)


@pytest.mark.parametrize("x", [0.7, 3.0, 20.0])
def test_tuples_that_the_run_lengthens_come_back_as_tuples(x):
    value, tangent = jvp(paired, (x,), (1.0,))
    assert repr(value) == repr(sorix.compile(paired, fallback="error")(x)) == repr(paired(x))
    slopes = doubled(1.0 if x < 10.0 else x)[: len(doubled(x))]
    assert tangent == (
        slopes,
        [slopes[1:]],
        tuple((s, 2 * s * s * x) for s in slopes),
    )


def test_cotangents_of_such_a_tuple_are_given_as_a_tuple():
    value, pullback = vjp(doubled, 3.0)
    assert value == (3.0, 6.0)
    assert pullback((1.0, 10.0)) == (21.0,)


def test_such_a_tuple_is_printed_as_one(capsys):
    def shown(x):
        t = doubled(x)
        print(t, [t], f"{t}", str(t[:1]))  # noqa: T201
        return x

    for x in (3.0, 20.0):
        shown(x)
        expected = capsys.readouterr().out
        sorix.compile(shown, fallback="error")(x)
        assert capsys.readouterr().out == expected
