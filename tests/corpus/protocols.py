"""Classes that say themselves what operators, conversions and containers do."""

from __future__ import annotations

import collections
import enum
import fractions
import math
import types
from typing import NamedTuple

import numpy as np

from tests.corpus.registry import program


class Quaternion(NamedTuple):
    w: float
    x: float
    y: float
    z: float

    def __mul__(self, other):
        a, b, c, d = self
        e, f, g, h = other
        return Quaternion(
            a * e - b * f - c * g - d * h,
            a * f + b * e + c * h - d * g,
            a * g - b * h + c * e + d * f,
            a * h + b * g - c * f + d * e,
        )

    def __neg__(self):
        return Quaternion(*(-c for c in self))

    def __bool__(self):
        return self.w > 0.5

    @property
    def norm(self):
        return math.sqrt(sum(c * c for c in self))

    @classmethod
    def about_z(cls, angle):
        return cls(math.cos(angle / 2), 0.0, 0.0, math.sin(angle / 2))


@program(args=(0.7, np.array([1.0, 2.0, 3.0])), argnums=(0, 1))
def named_tuple_with_operators(t, v):
    q = Quaternion.about_z(t) * Quaternion(math.cos(t), math.sin(t), 0.0, 0.0)
    r = -(q * Quaternion(0.0, *v))
    return r._asdict()["x"] * 2 + r.y * r.z + q.norm + (t if q else 2.0)


class AttrDict(dict):
    def __getattr__(self, name):
        return self[name]

    def __setattr__(self, name, value):
        self[name] = value

    def __missing__(self, name):
        return 7.0


_CONFIG = AttrDict(rate=2.0, power=3)


@program(args=(0.7,))
def dict_with_attributes(x):
    d = AttrDict(a=x)
    d.b = x**2
    return d.a * d.b + d["b"] + d.c * _CONFIG.rate * x**_CONFIG.power + len(d)


_CHAIN = collections.ChainMap({"a": 1.0}, {"a": 3.0, "b": 2.0})
_USER = collections.UserDict(a=2.0)
_PROXY = types.MappingProxyType({"a": 1.5})
_THIRD = fractions.Fraction(1, 3)


@program(args=(0.7,))
def mappings_of_the_library(x):
    local = collections.ChainMap({"a": x}, {"b": x**2})
    return x**2 * _CHAIN["b"] + _CHAIN["a"] * _USER["a"] * _PROXY["a"] * local["a"] * local["b"]


@program(args=(0.7,))
def fraction_as_a_number(x):
    return x**2 * float(_THIRD)


class Mode(enum.IntFlag):
    A = 1
    B = 2
    C = 4


@program(args=(0.7,))
def flags_and_views_of_keys(x):
    def f(flags):
        r = x**2
        if flags & Mode.A:
            r *= 3
        if Mode.C in flags:
            r += x
        return r * len({"a": 1, "b": 2}.keys() & {"a", "z"})

    return f(Mode.A | Mode.C) + f(Mode.B) + f(~Mode.A)


class Measured:
    def __init__(self, value):
        self.value = value

    def __int__(self):
        return 3

    def __round__(self, digits=0):
        return self.value + digits

    def __len__(self):
        return 4

    def __contains__(self, item):
        return item < self.value

    def __eq__(self, other):
        return NotImplemented if isinstance(other, float) else self.value == other.value

    def __hash__(self):
        return 0

    def __radd__(self, other):
        return other + self.value

    def __lt__(self, other):
        return self.value < other.value


@program(args=(0.7,))
def conversions(x):
    m = Measured(x)
    total = int(m) * x + round(m, 2) * len(m)
    total += x * 2 if 0.5 in m else 0.0
    total += 0.0 if m == 0.7 else x
    total += x if m == Measured(x) else 0.0
    return sum([total, m]) * max(m, Measured(x * x)).value


class Swallow:
    def __init__(self):
        self.seen = 0

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.seen += 1
        return kind is not None and issubclass(kind, ValueError)


@program(args=(0.7, 0.0), order=1)
def context_that_holds_errors_back(x, d):
    held = Swallow()
    y = x**2
    with held:
        if d < 1.0:
            raise ValueError("small")
        y = 100.0
    with held as inner:
        y = y * inner.seen + math.sqrt(-x)
    return y * held.seen


class Clipped:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, owner, cls=None):
        return getattr(owner, self.name)

    def __set__(self, owner, value):
        setattr(owner, self.name, value if value > 0.5 else 0.5)


class Model:
    rate = Clipped()
    power = Clipped()

    def __init__(self, rate, power):
        self.rate = rate
        self.power = power


@program(args=(0.7, 0.2), argnums=(0, 1))
def descriptors(x, y):
    m = Model(x, y)
    m.rate = m.rate * 2
    return m.rate**2 * m.power + y


class Weights:
    """A sequence that Python's numbers ask; NumPy's make an array of it."""

    def __init__(self, *items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def __getitem__(self, k):
        return self.items[k]

    def __mul__(self, other):
        return self[0] * other

    def __rmul__(self, other):
        return sum(self.items) * other

    def __rmatmul__(self, other):
        return other * self[-1]

    def __gt__(self, other):
        return other < len(self)


class AskedWeights(Weights):
    __array_ufunc__ = None


class FirstWeights(Weights):
    __array_priority__ = 3.0


@program(args=(0.7, np.array([0.4, 1.3])), argnums=(0, 1))
def floats_and_matrix_products_ask_a_sequence(x, v):
    total = x * Weights(x, v[0]) + 2.0 * Weights(v[1], x) + float(v[0]) * Weights(x, 2.0)
    if x < Weights(x, x) and 1 < Weights(x, x):
        total = total * v[1]
    return total + Weights(x, 2.0) * v[0] + (v[0] @ Weights(x, v[1]))


@program(args=(np.array([0.7, -0.4, 1.3]),))
def classes_that_arrays_are_to_ask(x):
    class Doubled:
        __array_ufunc__ = None

        def __init__(self, rate):
            self.rate = rate

        def __rmul__(self, other):
            return 2.0 * np.sum(other) * self.rate

    total = x * Doubled(x[0]) + np.sum(x * AskedWeights(x[1], 2.0))
    if x[0] < AskedWeights(1.0):
        total = total + np.sum(x * FirstWeights(x[2], 1.0)) * (x[1] * FirstWeights(x[0]))
    return total + x[1] * AskedWeights(x[2])


class Forwards(Weights):
    def __iter__(self):
        return iter([2.0 * item for item in self.items])


class Shortened(Weights):
    def __len__(self):
        return len(self.items) - 1


class Tripled(Weights):
    def __reversed__(self):
        for item in self.items:
            yield 3.0 * item


class OnlyWalked:
    def __init__(self, *items):
        self.items = items

    def __iter__(self):
        return iter(self.items)


@program(args=(np.array([0.7, -0.4, 1.3]),))
def reversed_objects(x):
    total = 0.0
    for k, item in enumerate(reversed(Weights(*x))):
        total = total + (k + 1) * item
    for cls in (Forwards, Shortened, Tripled):
        for item in reversed(cls(*x)):
            total = total * 0.5 + item * item
    try:
        return list(reversed(OnlyWalked(*x)))[0] * total
    except TypeError:
        return total * sum(item * item for item in reversed(Weights(x[0], total)))


@program(args=(np.array([0.7, -0.4, 1.3]),))
def reversed_object_that_grows(x):
    class Rows:
        def __init__(self):
            self.rows = [x[0]]

        def __len__(self):
            return len(self.rows)

        def __getitem__(self, k):
            return self.rows[k]

    rows, total = Rows(), 0.0
    for _ in range(int(x[2] * 3)):
        for row in reversed(rows):
            total = total * 0.5 + row * x[1]
        rows.rows.append(total + x[2])
    return total
