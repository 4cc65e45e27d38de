"""Classes that say themselves what attributes, calls and conversions of their objects are."""

import dataclasses
import enum
from typing import NamedTuple

from tests.catalogue.registry import refused


class _Doubled(type):
    def __call__(cls, *args):
        made = super().__call__(*args)
        made.k = 2.0
        return made

    def __instancecheck__(cls, instance):
        return True


class _Made(metaclass=_Doubled):
    pass


class _State(NamedTuple):
    speed: float


@refused(0.6)
def class_whose_metaclass_makes_objects(x):
    return x * _Made().k


@refused(0.6)
def metaclass_that_says_what_instances_are(x):
    return x * isinstance(3, _Made)


@refused(0.6)
def attributes_said_in_two_places(x):
    class Model:
        def __getattribute__(self, name):
            return object.__getattribute__(self, name)

        def __getattr__(self, name):
            return 2.0

    return x * Model().a


@refused(0.6)
def attribute_of_no_object(x):
    return x * object.__getattribute__([x], "a")


@refused(0.6)
def says_what_deleting_does(x):
    class Model:
        def __delattr__(self, name):
            self.deleted = name

    model = Model()
    model.a = x
    del model.a
    return x


@refused(0.6)
def truth_that_is_a_number(x):
    class Flag:
        def __bool__(self):
            return 1

    return x if Flag() else -x


@refused(0.6)
def length_below_zero(x):
    class Counted:
        def __len__(self):
            return -1

    return x * len(Counted())


@refused(0.6)
def iterator_that_is_a_list(x):
    class Listed:
        def __iter__(self):
            return [1, 2]

    return sum(x * k for k in Listed())


@refused(0.6)
def property_that_cannot_be_set(x):
    class Square:
        @property
        def sides(self):
            return 4

    square = Square()
    square.sides = 5
    return x * square.sides


@refused(0.6)
def field_of_a_named_tuple_is_assigned(x):
    state = _State(x)
    state.speed = 2.0
    return state.speed


@refused(0.6)
def deletes_an_attribute_of_a_number(x):
    del x.real
    return x


@refused(0.6)
def list_shared_by_a_dataclass(x):
    @dataclasses.dataclass
    class Load:
        forces: list = []  # noqa: RUF012

    return x * len(Load().forces)


@refused(0.6)
def enumeration_with_a_text_of_its_own(x):
    class Level(enum.Enum):
        LOW = 1

        def __str__(self):
            return "low"

    return x * len(str(Level.LOW))
