"""Classes that are defined inside the function."""

from __future__ import annotations

import dataclasses
import enum
from abc import ABC, abstractmethod
from collections import namedtuple
from functools import cached_property
from typing import NamedTuple

import numpy as np

from tests.corpus.registry import program


@program(args=(0.7, np.array([1.0, 2.0, 3.0])), argnums=(0, 1))
def local_model(a, v):
    class Model:
        scale = 2.0

        def __init__(self, k):
            self.k = k

        def __call__(self, x):
            return self.k * x**2 * self.scale + a

        @staticmethod
        def square(x):
            return x * x

        @classmethod
        def triple(cls, k):
            return cls(k * 3)

        @property
        def half(self):
            return self.k / 2

    class Shifted(Model):
        scale = 3.0

        def __call__(self, x):
            return super().__call__(x) - 1

    m, s = Model(a), Shifted.triple(a)
    return m(v).sum() + s(v).sum() * Model.square(a) + s.half * isinstance(s, Model)


@program(args=(0.7,))
def local_dataclass(x):
    @dataclasses.dataclass
    class State:
        position: float
        speed: float = x * 2
        seen: list = dataclasses.field(default_factory=list)

        def __post_init__(self):
            self.seen.append(self.position)

        def moved(self, dt):
            return dataclasses.replace(self, position=self.position + dt * self.speed)

    one, two = State(x), State(x**2, speed=3.0)
    return one.moved(0.5).position * two.position + sum(one.moved(x).seen) + len(two.seen)


@program(args=(0.7,))
def local_abstract_class_and_property(x):
    class Shape(ABC):
        @abstractmethod
        def area(self): ...

        def scaled(self, k):
            return k * self.area()

    class Square(Shape):
        def __init__(self, side):
            self._side = side

        @property
        def side(self):
            return self._side

        @side.setter
        def side(self, value):
            self._side = value * x

        @cached_property
        def diagonal(self):
            return self.side * 2**0.5

        def area(self):
            return self.side**2

    s = Square(2.0)
    s.side = 3.0
    s.side += x
    return s.scaled(x) + s.diagonal


@program(args=(0.7,))
def local_named_tuples(x):
    Pair = namedtuple("Pair", "a b", defaults=[x])  # noqa: PYI024

    class Point(NamedTuple):
        a: float
        b: float = 2.0

        def dot(self, other):
            return self.a * other.a + self.b * other.b

    p, q = Point(x), Point(x**2, b=x)
    return p.dot(q) + Pair(x).b * Pair(a=3.0, b=x).a + p._replace(b=x).b


@program(args=(0.7,))
def local_enumeration(x):
    class Mode(enum.Enum):
        LINEAR = 1
        SQUARE = enum.auto()

    total = 0.0
    for mode in Mode:
        total += x**mode.value if mode is Mode.SQUARE else 3 * x
    return total * len(Mode)


@program(args=(0.7,))
def local_class_counts_its_objects(x):
    class Node:
        made = 0
        parts = []

        def __init__(self, value):
            Node.made += 1
            self.parts.append(value)
            self.number = Node.made

    nodes = [Node(x**k) for k in range(3)]
    if x > 0.5:
        nodes.append(Node(2 * x))
    else:
        nodes.append(Node(x))
    return sum(n.number * p for n, p in zip(nodes, Node.parts)) * Node.made


@program(args=(0.7,))
def local_exception(x):
    class Failed(Exception):
        def __init__(self, message, best):
            super().__init__(message)
            self.best = best

    def search(y):
        if y > 0.5:
            raise Failed("too large", y**2)
        return y

    try:
        return search(x)
    except Failed as error:
        return error.best * len(error.args)


@program(args=(0.7,))
def local_class_in_a_loop(x):
    total = 0.0
    for k in range(4):

        class Term:
            power = k + 1

            def of(self, y):
                return y**self.power * x

        total += Term().of(x + 0.1 * k)
    return total


@program(args=(0.7,))
def custom_new(x):
    class Single:
        instance = None

        def __new__(cls, value):
            if cls.instance is None:
                cls.instance = super().__new__(cls)
                cls.instance.first = value
            return cls.instance

        def __init__(self, value):
            self.last = value

    one, two = Single(x), Single(x**2)
    return one.first * two.last * (3.0 if one is two else 0.0)


scale, rate = 10.0, 4.0


@program(args=(0.7,))
def names_in_the_body_of_a_class(x):
    scale, offset, shift = 2.0, 1.0, 3.0
    order = []

    class Outer:
        scale = scale * 3  # The module's: of the function around it would be another name's.
        shift = offset + x
        rate = rate + shift

        class Inner:
            shift = [shift for _ in order] or offset
            own = scale

    try:

        class Unknown:
            offset = offset * x

    except NameError as error:
        order.append(len(str(error)))
    total = Outer.scale * Outer.rate * x + Outer.Inner.own * x**2 + shift * order[0]
    return total + Outer.Inner.shift
