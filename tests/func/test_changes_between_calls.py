"""What a program reads besides its arguments may change between two calls; both are right."""

from __future__ import annotations

import collections
import dataclasses
import functools
import sys
import types
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

import sorix.func
from sorix.errors import UndefinedNameError, UnsupportedTypeError


class Scale:
    factor = 2.0

    def __init__(self, **fields):
        self.__dict__.update(fields)

    def apply(self, x):
        return self.factor * x**2

    @property
    def twice(self):
        return self.factor * 2

    @classmethod
    def of_class(cls, x):
        return cls.factor * x**2

    @staticmethod
    def static(x):
        return x**2


class Fallback:
    def __getattr__(self, name):
        if name == "gain":
            return 2.0
        raise AttributeError(name)


class Slotted:
    __slots__ = ("extra", "k")

    def __init__(self, k):
        self.k = k


@dataclasses.dataclass
class Options:
    table: dict = dataclasses.field(default_factory=dict)


shadowed, lacking, listed, patched, slots = Scale(), Scale(), Scale(a=1.5), Scale(), Slotted(2.0)
fallback, deleted, options = Fallback(), Scale(factor=4.0), Options()
config = types.SimpleNamespace(steps=2, inner=types.SimpleNamespace(k=2.0))
NAMES = {"a", "b"}
QUEUE = collections.deque([1.0, 2.0])
SPAN, PART, FROZEN = range(3), slice(0, 2), frozenset({"a"})


def helper(x):
    return x**2


def class_attribute(x):
    return shadowed.apply(x) + shadowed.twice * x


def presence(x):
    return x**2 * (lacking.bonus if hasattr(lacking, "bonus") else 1.0)


def default_of_getattr(x):
    return x**2 * getattr(lacking, "bonus", 3.0)


def all_fields(x):
    return sum(v * x ** (k + 1) for k, v in enumerate(vars(listed).values()))


def methods(x):
    return patched.apply(x) + patched.twice * x + Scale.of_class(x) + Scale.static(x)


def members_of_a_set(x):
    return x**2 * (3.0 if "c" in NAMES else 1.0) + len(FROZEN) * x


def queue(x):
    return sum(q * x**2 for q in QUEUE)


def spans(x):
    total = 0.0
    for k in SPAN:
        total += x ** (k + 1)
    return total + sum([x, x**2, x**3][PART])


def slot(x):
    return x**2 * (slots.extra if hasattr(slots, "extra") else slots.k)


def getattr_of_a_class(x):
    return fallback.gain * x**2


def removed(x):
    return deleted.apply(x)


def key(x):
    return x**2 * options.table.get("extra", 5.0)


def fields_of_fields(x):
    for _ in range(config.steps):
        x = x - 0.1 * config.inner.k * x**2
    return x


def called(x):
    return helper(x)


@contextmanager
def attribute(owner, name, value):
    before = getattr(owner, name) if name == "__code__" else vars(owner).get(name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        delattr(owner, name) if before is None else setattr(owner, name, before)


@contextmanager
def without(owner, name):
    before = getattr(owner, name)
    delattr(owner, name)
    try:
        yield
    finally:
        setattr(owner, name, before)


@contextmanager
def slot_set(owner, name, value):
    setattr(owner, name, value)
    try:
        yield
    finally:
        delattr(owner, name)


@contextmanager
def added(container, value):
    (container.add if isinstance(container, set) else container.append)(value)
    try:
        yield
    finally:
        (container.discard if isinstance(container, set) else container.remove)(value)


@contextmanager
def in_module(name, value):
    before = globals()[name]
    globals()[name] = value
    try:
        yield
    finally:
        globals()[name] = before


CHANGES: list[tuple[Callable[..., Any], Any]] = [
    (class_attribute, lambda: attribute(shadowed, "factor", 5.0)),
    (class_attribute, lambda: attribute(Scale, "factor", 5.0)),
    (presence, lambda: attribute(lacking, "bonus", 5.0)),
    (presence, lambda: attribute(Scale, "bonus", 5.0)),
    (default_of_getattr, lambda: attribute(lacking, "bonus", 5.0)),
    (all_fields, lambda: attribute(listed, "b", 5.0)),
    (methods, lambda: attribute(patched, "apply", lambda x: 5.0 * x)),
    (methods, lambda: attribute(Scale, "apply", lambda self, x: 5.0 * x)),
    (methods, lambda: attribute(Scale, "twice", property(lambda self: 7.0))),
    (methods, lambda: attribute(Scale, "of_class", classmethod(lambda cls, x: 9.0 * x))),
    (methods, lambda: attribute(Scale, "static", staticmethod(lambda x: 9.0 * x))),
    (members_of_a_set, lambda: added(NAMES, "c")),
    (members_of_a_set, lambda: in_module("FROZEN", frozenset({"a", "b"}))),
    (queue, lambda: added(QUEUE, 3.0)),
    (spans, lambda: in_module("SPAN", range(1, 6))),
    (spans, lambda: in_module("PART", slice(1, 3))),
    (slot, lambda: slot_set(slots, "extra", 5.0)),
    (getattr_of_a_class, lambda: attribute(fallback, "gain", 5.0)),
    (removed, lambda: without(deleted, "factor")),
    (key, lambda: attribute(options, "table", {"extra": 2.0})),
    (fields_of_fields, lambda: attribute(config, "steps", 5)),
    (fields_of_fields, lambda: attribute(config, "inner", types.SimpleNamespace(k=7.0))),
    (called, lambda: in_module("helper", lambda x: x**3)),
    (called, lambda: attribute(helper, "__code__", (lambda x: x**3).__code__)),
]


def check(function: Callable[..., Any], value: float, gradient: float) -> None:
    step = 1e-5
    slope = (function(0.7 + step) - function(0.7 - step)) / (2 * step)
    assert value == pytest.approx(function(0.7), rel=1e-12)
    assert gradient == pytest.approx(slope, rel=1e-7)


@pytest.mark.parametrize(("function", "change"), CHANGES)
def test_a_change_is_seen_and_so_is_its_end(function, change):
    derivative = sorix.func.value_and_grad(function, fallback="error")
    before = derivative(0.7)
    check(function, *before)
    with change():
        check(function, *derivative(0.7))
        assert derivative(0.7) != before
    assert derivative(0.7) == before


class Overriding(list):
    def __getitem__(self, k):
        return 10 * super().__getitem__(k)


class Metres(float):
    def __mul__(self, other):
        return 100.0


@pytest.mark.parametrize("value", [Overriding([1.0]), Metres(2.0), np.ma.masked_array([1.0])])
def test_a_class_with_operators_of_its_own_is_not_taken_for_its_base(value):
    derivative = sorix.func.grad(lambda x, v: x * v[0] * v, fallback="error")
    with pytest.raises(UnsupportedTypeError, match="is of class"):
        derivative(0.7, value)


def sums_by_label(x, labels):
    sums = {}
    for v, k in zip(x, labels):
        sums[k] = sums.get(k, 0.0) + v
    return sum(s**2 for s in sums.values())


@pytest.mark.parametrize(
    "labels",
    [
        [0, 1, 0],
        [0, 1, 1],
        [2, 1, 2],
        [1, 1, 1],
        np.array([0, 1, 0], np.int32),
        [True, True, False],
    ],
)
def test_an_array_of_integers_may_hold_others_at_the_next_call(labels):
    x = np.array([0.5, 2.0, 3.0])
    value_and_grad = sorix.func.value_and_grad(sums_by_label, fallback="error")
    held = np.array([0, 1, 0])
    value_and_grad(x, held)
    held[:] = [0, 1, 1]
    for given in (held, np.array(labels), np.array([0, 1, 0])):
        value, gradient = value_and_grad(x, given)
        together = given[:, None] == given
        assert value == pytest.approx(sums_by_label(x, given), rel=1e-15)
        np.testing.assert_allclose(gradient, 2 * together @ x, rtol=1e-15)


def test_the_elements_of_a_long_array_of_integers_are_no_facts():
    gradient = sorix.func.grad(sums_by_label, fallback="error")
    labels = np.arange(5000) % 2
    for given in (labels, 1 - labels, labels // 2):
        found = gradient(np.ones(5000), given)
        sizes = np.bincount(given, minlength=2)
        np.testing.assert_allclose(found, 2.0 * sizes[given])
    assert "5000" not in gradient.explain()


def scaled(x, factor=2.0, *, shift=1.0):
    return factor * x + shift * x


def through_helper(x):
    return scaled(x)


class Called:
    def __call__(self, x, factor=2.0):
        return factor * x


@pytest.mark.parametrize("function", [scaled, through_helper, functools.partial(scaled)])
def test_defaults_of_a_function_and_of_what_it_calls(function, monkeypatch):
    grad = sorix.func.grad(function)
    assert grad(1.0) == 3.0
    monkeypatch.setattr(scaled, "__defaults__", (5.0,))
    assert grad(1.0) == 6.0
    monkeypatch.setitem(scaled.__kwdefaults__, "shift", 2.0)
    assert grad(1.0) == 7.0
    monkeypatch.setattr(scaled, "__defaults__", (5.0, 4.0))
    assert grad(1.0) == 6.0
    monkeypatch.setattr(scaled, "__defaults__", None)
    with pytest.raises(TypeError):
        grad(1.0)


def test_defaults_of_a_method_that_is_called(monkeypatch):
    grads = [sorix.func.grad(Called()), sorix.func.grad(Called().__call__)]
    assert [grad(1.0) for grad in grads] == [2.0, 2.0]
    monkeypatch.setattr(Called.__call__, "__defaults__", (5.0,))
    assert [grad(1.0) for grad in grads] == [5.0, 5.0]


def names_that_may_come(x):
    try:
        return unknown_yet * abs(x)
    except NameError:
        return 3.0 * abs(x)


def name_that_must_come(x):
    return unknown_yet * x  # noqa: F821


def attribute_that_may_come(x):
    return getattr(attribute_that_may_come, "factor", 2.0) * x


def test_names_that_a_module_did_not_have(monkeypatch):
    grad = sorix.func.grad(names_that_may_come)
    assert grad(1.0) == 3.0
    monkeypatch.setitem(globals(), "unknown_yet", 4.0)
    assert grad(1.0) == 4.0
    monkeypatch.setitem(globals(), "abs", lambda x: 5.0 * x)
    assert grad(1.0) == 20.0
    monkeypatch.undo()
    assert grad(1.0) == 3.0


def test_a_name_whose_absence_was_refused(monkeypatch):
    grad = sorix.func.grad(name_that_must_come, fallback="error")
    with pytest.raises(UndefinedNameError):
        grad(1.0)
    monkeypatch.setitem(globals(), "unknown_yet", 4.0)
    assert grad(1.0) == 4.0


def test_an_attribute_that_a_function_did_not_have(monkeypatch):
    grad = sorix.func.grad(attribute_that_may_come)
    assert grad(1.0) == 2.0
    monkeypatch.setattr(attribute_that_may_come, "factor", 3.0, raising=False)
    assert grad(1.0) == 3.0


def test_code_that_a_reloaded_module_gives_its_functions():
    def before(x):
        return 2.0 * x

    def after(y, factor=3.0):
        return factor * y

    grad, through = sorix.func.grad(before), sorix.func.grad(lambda x: before(x))
    assert (grad(1.0), through(1.0)) == (2.0, 2.0)
    before.__code__, before.__defaults__ = after.__code__, after.__defaults__
    assert (grad(1.0), through(1.0), grad(y=1.0)) == (3.0, 3.0, 3.0)


def test_an_attribute_that_a_module_did_not_have(monkeypatch):
    module = types.ModuleType("settings")

    def configured(x):
        try:
            return module.factor * x
        except AttributeError:
            return 2.0 * x

    grad = sorix.func.grad(configured)
    assert grad(1.0) == 2.0
    monkeypatch.setattr(module, "factor", 3.0, raising=False)
    assert grad(1.0) == 3.0


def test_what_a_function_imports(monkeypatch):
    module = types.ModuleType("settings_of_a_test")
    vars(module).update(factor=2.0, names=["a"], scale=np.ones(2), count=1, apply=np.sin)
    monkeypatch.setitem(sys.modules, module.__name__, module)

    def imported(x):
        from settings_of_a_test import apply, count, factor, names, scale

        return np.sum(apply(x) * scale[:count]) * factor * len(names)

    def right():
        expected = (imported(x + 1e-6) - imported(x - 1e-6)) / 2e-6
        assert np.allclose(grad(x), expected, rtol=1e-6)

    grad, x = sorix.func.grad(imported), 0.5
    right()
    module.names.append("b")
    right()
    for name, value in {
        "factor": 3.0,
        "scale": np.arange(2.0),
        "count": 2,
        "apply": np.cos,
    }.items():
        setattr(module, name, value)
        right()
