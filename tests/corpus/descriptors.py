"""Classes that say themselves what attributes, operators and conversions of their objects are."""

from __future__ import annotations

import abc
import collections
import dataclasses
import enum
import functools
from typing import NamedTuple

import numpy as np

from sorix.errors import UnsupportedCallError, UnsupportedTypeError
from tests.corpus.registry import program


class Positive:
    """A field that must be positive, kept under the name of the attribute itself."""

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, owner, cls=None):
        return owner.__dict__[self.name] * 2

    def __set__(self, owner, value):
        if value <= 0:
            raise ValueError(f"{self.name} must be positive")
        owner.__dict__[self.name] = value


class Doubling:
    """Every number of it is read twice as large."""

    def __init__(self, a):
        self.a = a

    def __getattribute__(self, name):
        return 2 * super().__getattribute__(name)


class Chord:
    """Left and right operand tell which of them was asked."""

    def __init__(self, k):
        self.k = k

    def __add__(self, other):
        return self.k

    def __radd__(self, other):
        return 10 * self.k

    def __lt__(self, other):
        return self.k < other.k


class Arc(Chord):
    """Inherits its operators."""


class Steep(Chord):
    """Has a reflected operator of its own."""

    def __radd__(self, other):
        return 100 * self.k


@program(args=(0.7,))
def descriptor_of_a_local_class(x):
    class Scaled:
        def __set_name__(self, owner, name):
            self.key = "_" + name

        def __get__(self, owner, cls=None):
            return getattr(owner, self.key) * 2

        def __set__(self, owner, value):
            setattr(owner, self.key, value * 3)

    class Material:
        stiffness = Scaled()

        def __init__(self, stiffness):
            self.stiffness = stiffness

    material = Material(x)
    material.stiffness += 1.0
    return material.stiffness * material._stiffness


@program(args=(0.7,))
def descriptor_that_is_only_read(x):
    class Moment:
        def __init__(self, order):
            self.order = order

        def __get__(self, owner, cls=None):
            return self.order if owner is None else owner.mass**self.order

    class Body:
        second = Moment(2)

        def __init__(self, mass):
            self.mass = mass

    body = Body(x)
    found = body.second * Body.second
    body.second = 3.0 * x
    return found + body.second


@program(args=(0.7,))
def says_what_every_attribute_is(x):
    class Logged:
        def __init__(self, a):
            self.reads = []
            self.a = a

        def __getattribute__(self, name):
            if name != "reads":
                self.reads.append(name)
            return object.__getattribute__(self, name)

    logged = Logged(x)
    return logged.a * logged.a * len(logged.reads)


@program(args=(0.7,))
def attributes_of_a_doubling_class(x):
    return Doubling(x).a ** 2


@program(args=(0.7,))
def asks_for_attributes_that_a_method_gives(x):
    class Model:
        def __init__(self, a):
            self.a = a

        def __getattr__(self, name):
            if name.startswith("twice_"):
                return 2 * getattr(self, name[6:])
            raise AttributeError(name)

    model = Model(x)
    found = model.twice_a * getattr(model, "nothing", 5.0)
    return found * (3 if hasattr(model, "twice_a") else 1) * (7 if hasattr(model, "b") else 1)


@program(args=(0.7,))
def setter_behind_a_hook(x):
    class Model:
        def __init__(self):
            self.count = 0.0
            self.size = x

        def __setattr__(self, name, value):
            object.__setattr__(self, name, value)

        @property
        def size(self):
            return self._size

        @size.setter
        def size(self, value):
            self._size = value * 2

        @size.deleter
        def size(self):
            self._size = x * x

    model = Model()
    large = model.size
    del model.size
    return large * model.size


@program(args=(0.7,))
def property_without_setter_is_assigned(x):
    class Square:
        @property
        def sides(self):
            return 4.0

    square = Square()
    try:
        square.sides = x
    except AttributeError:
        return x * square.sides
    return x


@program(args=(0.7,))
def slots_leave_no_dict(x):
    class Point:
        __slots__ = ("a",)

        def __init__(self, a):
            self.a = a

    point = Point(x)
    return point.a * (2 if hasattr(point, "__dict__") else 3)


@program(args=(0.7,))
def abstract_class_cannot_be_made(x):
    class Law(abc.ABC):
        @abc.abstractmethod
        def energy(self, strain): ...

        @property
        @abc.abstractmethod
        def stiffness(self): ...

    class Half(Law):
        def energy(self, strain):
            return self.stiffness * strain**2 / 2

    class Whole(Half):
        @property
        def stiffness(self):
            return x * 3

    found = Whole().energy(x)
    try:
        Half()
    except TypeError:
        found = found * 2
    return found


@program(args=(0.7,))
def results_that_special_methods_may_not_return(x):
    class Wrong:
        def __init__(self, k):
            self.k = k

        def __len__(self):
            return self.k

        def __str__(self):
            return self.k

    class Undecided:
        def __bool__(self):
            return 1

    found = x
    for k in (2.0, -1):
        try:
            found *= len(Wrong(k))
        except TypeError:
            found *= 3
        except ValueError:
            found *= 5
    try:
        found *= len(str(Wrong(1)))
    except TypeError:
        found *= 7
    try:
        found *= 2 if Undecided() else 1
    except TypeError:
        found *= 11
    return found


@program(args=(0.7,))
def operand_of_a_derived_class_is_asked_first(x):
    first, second = Chord(x), Chord(2 * x)
    derived, steep = Arc(3 * x), Steep(x * x)
    return (first + derived) * (first + steep) + (steep + first) * (first + second)


@program(args=(0.7,))
def derived_class_is_compared_first(x):
    order = []

    class Level:
        def __init__(self, k):
            self.k = k

        def __lt__(self, other):
            order.append(1)
            return self.k < other.k

        def __gt__(self, other):
            order.append(2)
            return self.k > other.k

    class Finer(Level):
        pass

    low = Level(x) < Finer(2 * x)
    return x * (3 if low else 5) * order[0]


@program(args=(0.7,))
def frozen_takes_no_new_field(x):
    @dataclasses.dataclass(frozen=True)
    class Point:
        a: float

    point, found = Point(x), x
    try:
        point.b = 2.0
    except dataclasses.FrozenInstanceError:
        found *= 3
    try:
        del point.a
    except AttributeError:
        found *= 5
    return found * point.a


@program(args=(0.7,))
def local_dataclass_with_values_for_its_setup(x):
    @dataclasses.dataclass
    class Load:
        force: float
        factor: dataclasses.InitVar[float] = 2.0
        _: dataclasses.KW_ONLY
        offset: float = 1.0

        def __post_init__(self, factor):
            self.force *= factor

    load = Load(x, 3.0, offset=x)
    return load.force * load.offset * Load(x).force


@program(args=(0.7,))
def ordering_completed_for_a_local_class(x):
    @functools.total_ordering
    class Level:
        def __init__(self, k):
            self.k = k

        def __eq__(self, other):
            return self.k == other.k

        def __lt__(self, other):
            return self.k < other.k

    low, high = Level(x), Level(2 * x)
    return (low if low >= high else high).k * (3 if low <= high else 5) * max(low, high).k


@program(args=(0.7,))
def texts_with_qualified_names(x):
    @dataclasses.dataclass
    class Point:
        a: int

    def helper():
        return x

    return x * len(repr(Point(1))) * len(Point.__qualname__) * len(helper.__qualname__)


class Phase(enum.Enum):
    ELASTIC = 1.0
    PLASTIC = 0.1


class State(NamedTuple):
    position: float
    speed: float = 1.0


@program(args=(0.7,))
def hook_is_asked_before_a_property(x):
    class Fixed:
        def __init__(self, a):
            object.__setattr__(self, "_a", a)

        def __setattr__(self, name, value):
            raise AttributeError(f"{name} is fixed")

        @property
        def a(self):
            return self._a

    fixed = Fixed(x)
    try:
        fixed.a = 3.0
    except AttributeError as error:
        return fixed.a * len(str(error))
    return x


@program(args=(0.7,))
def arguments_that_a_class_does_not_take(x):
    @dataclasses.dataclass
    class Load:
        force: float

    found = x
    try:
        Load()
    except TypeError:
        found *= 2
    try:
        Load(x, x)
    except TypeError:
        found *= 3
    try:
        State()
    except TypeError:
        found *= 5
    try:
        State(x)._replace(colour=1)
    except (TypeError, ValueError):
        found *= 7
    return found


@program(args=(0.7,))
def named_tuple_of_a_list_is_not_assigned(x):
    state = State._make([x, 2 * x])
    try:
        state.speed = 3.0
    except AttributeError:
        return state.speed * state._replace(position=x * x).position
    return x


@program(args=(0.7,))
def list_as_a_default_of_a_dataclass(x):
    try:

        @dataclasses.dataclass
        class Load:
            forces: list = []  # noqa: RUF012

        return Load().forces[0]
    except ValueError:
        return x * 3


@program(args=(0.7,))
def operator_in_place_that_declines(x):
    class Level:
        def __init__(self, a):
            self.a = a

        def __iadd__(self, other):
            return NotImplemented

        def __add__(self, other):
            return Level(self.a * other)

    level = Level(x)
    level += x
    return level.a


@program(args=(0.7,))
def objects_that_are_not_ordered_nor_added(x):
    class Sample:
        def __init__(self, a):
            self.a = a

    one, other, found = Sample(x), Sample(2 * x), x
    try:
        found *= one < other
    except TypeError:
        found *= 3
    try:
        found *= one + other
    except TypeError:
        found *= 5
    return found * one.a


@program(args=(0.7,))
def iterator_that_is_a_list(x):
    class Listed:
        def __iter__(self):
            return [1, 2]

    found = x
    try:
        for k in Listed():
            found = found * k
    except TypeError:
        found = found * 5
    return found


@program(args=(0.7,))
def methods_of_a_local_enumeration(x):
    class Law(enum.Enum):
        LINEAR = 1
        SQUARE = 2

        def of(self, y):
            return y**self.value

        @property
        def twice(self):
            return 2 * self.value

    class Level(enum.IntEnum):
        LOW = 1
        HIGH = 3

    return Law.SQUARE.of(x) * Law.SQUARE.twice + Law.LINEAR.of(x) * Level.HIGH * (Level.LOW < 2)


@program(args=(0.7,))
def member_that_a_branch_chooses(x):
    phase = Phase.ELASTIC if x < 1 else Phase.PLASTIC
    return phase.value * x**2 * len(phase.name)


@program(args=(0.7,))
def order_matters_between_ordered_dicts(x):
    one = collections.OrderedDict(a=1, b=2)
    other = collections.OrderedDict(b=2, a=1)
    found = x * (2 if one == other else 3) * (5 if one == dict(other) else 7)
    other.move_to_end("b")
    return found * (11 if one == other else 13)


@program(args=(0.7, np.ones(2)))
def text_of_a_dtype(x, a):
    texts = [str(a.dtype), f"{a.dtype}", repr(a.dtype), str([a.dtype])]
    return x * len(",".join(texts)) + np.sum(a) * x


@program(args=(0.7,))
def wrapper_has_the_name_of_what_it_wraps(x):
    names = []

    def counted(function):
        @functools.wraps(function)
        def wrapper(*args):
            names.append(function.__name__)
            return function(*args)

        return wrapper

    @counted
    def squared(y):
        return y * y

    return squared(x) * len(squared.__name__) * len(squared.__qualname__) * len(names)


@program(args=(0.7,))
def class_in_a_class(x):
    class Outer:
        class Inner:
            factor = 3.0

            def scaled(self, y):
                return self.factor * y

    return Outer.Inner().scaled(x) * len(Outer.Inner.__qualname__)


class _Counted(type):
    def __call__(cls, *args):
        made = super().__call__(*args)
        made.k = made.k * 2
        return made


class Counted(metaclass=_Counted):
    """Made by its metaclass."""

    def __init__(self, k):
        self.k = k


@program(args=(0.7,), refused=UnsupportedCallError)
def class_called_through_its_metaclass(x):
    return Counted(x).k ** 2


@program(args=(0.7,), refused=UnsupportedTypeError)
def two_methods_say_what_attributes_are(x):
    class Model:
        def __init__(self, a):
            self.a = a

        def __getattribute__(self, name):
            return object.__getattribute__(self, name)

        def __getattr__(self, name):
            return 2.0

    return Model(x).a
