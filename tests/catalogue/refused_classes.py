"""Classes that a function defines, descriptors, and what objects are asked for."""

import functools
import datetime
import abc
import dataclasses
import typing

import numpy as np

from tests.catalogue.registry import refused

X = np.array([0.6, 0.2, 0.9])


class _Shape(abc.ABC):
    def __init__(self, side):
        self.side = side

    @abc.abstractmethod
    def area(self): ...


class _Cached:
    @functools.lru_cache
    def doubled(self, x):
        return 2 * x


@refused(0.6)
def cached_method(x):
    return _Cached().doubled(x)


@refused(0.6)
def property_of_a_class_inside(x):
    class Square:
        @property
        def sides(self):
            return 4

    return x * 4 if Square.sides else x


@refused(0.6)
def makes_an_object_of_a_library(x):
    return x * datetime.timedelta(days=1).days


@refused(0.6)
def class_derived_from_list_inside(x):
    class Items(list):
        pass

    return x


@refused(0.6)
def makes_an_abstract_object(x):
    return _Shape(x).side


class _Pair(typing.NamedTuple):
    first: float
    second: float


@refused(0.6)
def named_tuple_with_an_unknown_field(x):
    return _Pair(x, third=2.0).first


@dataclasses.dataclass
class _Spring:
    stiffness: float
    length: float = 1.0


@refused(0.6)
def dataclass_with_too_many_arguments(x):
    return _Spring(x, 2.0, 3.0).stiffness


@refused(0.6)
def indexes_an_object(x):
    return _Spring(x)[0]


@refused(0.6)
def assigns_an_item_of_an_object(x):
    spring = _Spring(x)
    spring["length"] = 2.0
    return spring.stiffness


@refused(0.6)
def class_with_a_metaclass_inside(x):
    class Shape(metaclass=abc.ABCMeta):
        side = 2.0

    return x * Shape.side


@refused(0.6)
def dataclass_of_a_class_from_outside(x):
    return dataclasses.dataclass(_Shape)(x).side


class _Registered:
    def __init_subclass__(cls):
        cls.known = True


@refused(0.6)
def subclass_of_a_registering_class_inside(x):
    class Own(_Registered):
        rate = 2.0

    return x * Own.rate


@refused(0.6)
def returns_an_object_of_its_own_class(x):
    class Result:
        def __init__(self, value):
            self.value = value

    return Result(x)


class _Watched:
    def __init__(self, x):
        self.x = x

    def __delattr__(self, name):
        object.__delattr__(self, name)


@refused(0.6)
def deletes_a_watched_attribute(x):
    watched = _Watched(x)
    del watched.x
    return x


@refused(X)
def assigns_the_shape(x):
    y = np.arange(3.0)
    y.shape = (3, 1)
    return np.sum(x * y)


@refused(0.6)
def attribute_of_a_function_that_is_not_set(x):
    def scaled(v):
        return v * 2

    return scaled(x) * scaled.calls


@refused(X)
def attributes_of_functions_made_in_a_loop(x):
    total = 0.0
    for v in x:

        def scaled(w):
            return w * 2

        scaled.factor = v
        total += scaled.factor
    return total


@refused(0.6)
def length_of_a_function(x):
    return x * len(np.sin)


class _Scale:
    def __init__(self, rate):
        self.rate = rate

    def __rmul__(self, other):
        return other * self.rate


@refused(X)
def array_times_an_object_with_an_operator(x):
    return np.sum(x * _Scale(2.0))


@refused(X)
def array_below_an_object_that_compares(x):
    return np.sum(x * (x < _Row(x[0], 2.0, 3.0)))


class _Row:
    def __init__(self, *items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def __getitem__(self, k):
        return self.items[k]

    def __rmul__(self, other):
        return sum(self.items) * other

    def __gt__(self, other):
        return True


@refused(X)
def number_of_an_array_times_a_sequence(x):
    return np.max(x[0] * _Row(x[1], x[2], 1.0)) * 2


@refused(X)
def number_of_an_array_below_a_sequence(x):
    return x[0] if np.all(x[0] < _Row(x[1], x[2])) else x[1]


@refused(X)
def number_of_an_array_added_to_a_sequence_without_the_operator(x):
    try:
        return np.max(x[0] + _Row(x[1], x[2]))
    except ZeroDivisionError:
        return x[1]


@refused(0.6)
def object_given_to_numpy(x):
    return np.sum(np.sin(_Spring(x)))



class _Array(np.ndarray):
    def __mul__(self, other):
        return 0



@refused(0.6, np.ones(2).view(_Array))
def argument_of_an_own_array_class(x, a):
    return np.sum(x * a)



class _Dict(dict):
    def __getitem__(self, key):
        return 3.0



@refused(0.6, _Dict(a=2.0))
def argument_of_an_own_dict_class(x, options):
    return x * options["a"]



COMPLEX = np.array([1j, 2.0])



Z = 1j + 2



@refused(0.6)
def complex_global_number(x):
    return x * abs(Z)



@refused(0.6)
def complex_global_array(x):
    return x * np.sum(np.abs(COMPLEX))


@refused(np.ones(2, dtype=">f8"))
def array_in_the_byte_order_of_other_machines(x):
    return np.sum(x * x)


class _Above:
    def f(self, x):
        return x


class _Below(_Above):
    def f(self, x):
        return super(_Below).f(x)


@refused(0.6)
def calls_super_with_one_argument(x):
    return _Below().f(x)


class _Walked:
    def __init__(self, *items):
        self.items = items

    def __iter__(self):
        return iter(self.items)


@refused(X)
def reversed_object_without_items(x):
    return x[0] * len(list(reversed(_Walked(*x))))
