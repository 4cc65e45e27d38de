"""Classes, objects, patterns."""

import collections.abc
import dataclasses
import typing

import numpy as np

from tests.catalogue.registry import refused

X = np.array([0.6, 0.2, 0.9])


class Settings:
    rate = 0.5

    def __init__(self):
        self.last = 0.0


class Watched(Settings):
    def __setattr__(self, name, value):
        object.__setattr__(self, name, value)


@refused(0.6, Settings())
def callers_object_is_assigned(x, settings):
    settings.last = x
    return x**2


@refused(0.6, Watched())
def callers_watched_object_is_assigned(x, settings):
    settings.last = x
    return x**2


@refused(0.6)
def field_that_does_not_exist(x):
    return x * Settings().speed


@refused(0.6)
def attribute_of_a_class_that_does_not_exist(x):
    return x * Settings.speed


@refused(0.6)
def attribute_of_a_module_that_does_not_exist(x):
    return np.sinus(x)


@refused(0.6)
def attribute_of_a_class_is_assigned(x):
    Settings.rate = x
    return Settings.rate * 2


@refused(0.6)
def field_is_deleted_twice(x):
    s = Settings()
    del s.last
    del s.last
    return x


@dataclasses.dataclass(frozen=True)
class Point:
    x: float
    y: float


@refused(0.6)
def frozen_dataclass_is_assigned(x):
    p = Point(x, 1.0)
    p.x = 2.0
    return p.y


@refused(0.6)
def dataclass_without_a_field(x):
    return Point(x).x


class Pair(typing.NamedTuple):
    a: float
    b: float


@refused(0.6)
def named_tuple_without_a_field(x):
    return Pair(x).a


class Single:
    def __new__(cls, x):
        return object.__new__(cls)


class Empty:
    pass


@refused(0.6)
def class_without_init(x):
    Empty(x)
    return x


class Angle:
    def __init__(self, x):
        self._x = x

    @property
    def degrees(self):
        return self._x * 57.3


@refused(0.6)
def property_without_setter(x):
    a = Angle(x)
    a.degrees = 3.0
    return a.degrees


class Typed:
    class Positive:
        def __get__(self, owner, cls):
            return 2.0

    size = Positive()


@refused(0.6)
def super_outside_a_method(x):
    return super().area() * x


class Base:
    pass


class Derived(Base):
    def area(self):
        return super().area()


@refused(0.6)
def super_without_the_method(x):
    return x * Derived().area()


@refused(0.6)
def field_of_a_class_body_on_one_path(x):
    class Rates:
        if x > 0.5:
            slow = 1.0
        fast = slow * 2.0

    return x * Rates.fast


@refused(0.6)
def objects_of_two_classes(x):
    thing = Empty() if x > 0.5 else Base()
    thing.value = x
    return thing.value


@refused(0.6)
def field_of_a_number_is_set(x):
    object.__setattr__(x, "unit", "m")
    return x


@refused(0.6)
def compares_objects_by_order(x):
    return x if Empty() < Empty() else 2 * x


class Steps(collections.abc.Sequence):
    def __init__(self, x):
        self.x = x

    def __len__(self):
        return 2

    def __getitem__(self, k):
        return self.x


@refused(0.6)
def matches_a_sequence_of_its_own(x):
    match Steps(x):
        case [a, b]:
            return a * b
    return x


class Table(collections.abc.Mapping):
    def __init__(self, x):
        self.x = x

    def __len__(self):
        return 1

    def __iter__(self):
        return iter(("a",))

    def __getitem__(self, key):
        return self.x


@refused(0.6)
def matches_a_mapping_of_its_own(x):
    match Table(x):
        case {"a": a}:
            return a
    return x


@refused(0.6)
def matches_a_range_with_a_sequence(x):
    match range(2):
        case [a, b]:
            return x * (a + b)
    return x


@refused(X)
def matches_elements_of_a_grown_list(x):
    xs = []
    for v in x:
        if v > 0.1:
            xs.append(v)
    match xs:
        case [0.6, last]:
            return last
    return x[0]


UNIT = 3


@refused(0.6)
def matches_with_what_is_no_class(x):
    match x:
        case UNIT():
            return x
    return x


@refused(0.6)
def matches_too_many_positions(x):
    match Point(x, 1.0):
        case Point(a, b, c):
            return a * b * c
    return x


class _Slotted:
    __slots__ = ("x",)

    def __init__(self, x):
        self.x = x


@refused(0.6)
def sets_a_field_without_a_slot(x):
    s = _Slotted(x)
    s.y = 2.0
    return s.x


@refused(0.6)
def reads_the_cause_of_an_exception(x):
    try:
        try:
            raise ValueError("first")
        except ValueError as first:
            raise KeyError("second") from first
    except KeyError as second:
        return x * 2 if isinstance(second.__cause__, ValueError) else x


@refused(0.6)
def attribute_of_a_function_set_on_one_path(x):
    def rate():
        return x

    if x > 0.5:
        rate.calls = 2.0
    return x * rate.calls


@refused(X)
def asks_whether_a_count_is_one_object(x):
    wanted = 2
    return x[0] if int(x[0] * 4) is wanted else x[1]
