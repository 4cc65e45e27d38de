"""match: values, sequences, mappings, classes, alternatives, guards."""

import dataclasses
import enum
import typing

import numpy as np

from tests.corpus.registry import program


class Kind(enum.Enum):
    LINEAR = 1
    SQUARE = 2


@dataclasses.dataclass
class Circle:
    radius: float


@dataclasses.dataclass
class Box:
    width: float
    height: float = 1.0


class Segment:
    __match_args__ = ("start", "stop")

    def __init__(self, start, stop):
        self.start = start
        self.stop = stop


class Pair(typing.NamedTuple):
    first: float
    second: float


def _area(shape):
    match shape:
        case Circle(radius=r):
            return np.pi * r**2
        case Box(w, h) if w > h:
            return w * h * 2
        case Box(width=w, height=h):
            return w * h
        case Segment(a, b):
            return (b - a) ** 2
        case _:
            return 0.0


@program(args=(0.7,))
def match_on_classes(x):
    shapes = [Circle(x), Box(2 * x, x), Box(x), Segment(x, x**2), "other"]
    total = 0.0
    for shape in shapes:
        total = total * 1.5 + _area(shape)
    return total


@program(args=(np.array([0.7, -0.3, 1.4]),))
def match_with_guards_on_numbers(x):
    total = 0.0
    for v in x:
        match v:
            case w if w < 0:
                total += w**2
            case w if w > 1:
                total += w**3
            case w:
                total += 3 * w
    return total * w


@program(args=(0.7, (0, 1, 2, 7)))
def match_on_integers(x, codes):
    total = x
    for code in codes:
        match code:
            case 0:
                total = total * 2
            case 1 | 2:
                total = total + x**2
            case other:
                total = total * other
    return total


@program(args=(0.7,))
def match_on_integers_of_a_loop(x):
    total = 0.0
    for i in range(7):
        match i % 4:
            case 0:
                continue
            case 1 | 3:
                y = x**i
            case _:
                y = -x
        total = total * 0.5 + y
    return total


@program(args=(0.7, Kind.SQUARE))
def match_on_an_enum(x, kind):
    match kind:
        case Kind.LINEAR:
            return x
        case Kind.SQUARE:
            return x**2
    return 0.0


def _evaluate(tree, x):
    match tree:
        case ("+", a, b):
            return _evaluate(a, x) + _evaluate(b, x)
        case ("*", *factors):
            result = 1.0
            for factor in factors:
                result = result * _evaluate(factor, x)
            return result
        case ("sin", inner):
            return np.sin(_evaluate(inner, x))
        case str():
            return x[tree]
        case float() | int():
            return tree
        case _:
            raise ValueError(tree)


@program(args=({"a": 0.7, "b": 1.3},))
def match_interprets_a_tree(x):
    return _evaluate(("+", ("*", "a", "b", 2.0), ("sin", ("*", "a", "a"))), x)


@program(args=([0.7, 0.2, 1.5, 0.4],))
def match_with_a_star_in_the_middle(x):
    match x:
        case [first, *middle, last]:
            return first * last + sum(middle) ** 2
        case []:
            return 0.0


@program(args=(0.7,))
def match_on_mappings(x):
    total = 0.0
    for item in ({"kind": "a", "v": x}, {"kind": "b", "w": x, "u": 2.0}, {"v": x**2}, {}):
        match item:
            case {"kind": "a", "v": v}:
                total += v
            case {"kind": kind, **rest}:
                total += sum(rest.values()) ** 2 * len(kind)
            case {"v": v}:
                total += v**3
            case {}:
                total *= 2
    return total


@program(args=(0.7,))
def match_on_a_named_tuple(x):
    match Pair(x, x**2):
        case Pair(first=0.0):
            return x
        case Pair(a, second=b) if a > b:
            return a * b
        case (a, b):
            return a - b


@program(args=(0.7, None))
def match_on_none(x, scale):
    match scale:
        case None:
            y = x
        case float(s):
            y = x * s
    match (x, scale):
        case (v, None):
            y = y * v
    return y


@program(args=(0.7,))
def match_nested_with_alternatives(x):
    total = 0.0
    for shape in (("at", Circle(x)), ("at", Box(x, 2 * x)), ("to", [x, 2.0])):
        match shape:
            case (_, Circle(r) | Box(_, r)):
                total += r**2
            case ("to", [a, b] as point):
                total += a * b * len(point)
    return total


@program(args=(0.7,))
def match_may_be_none_at_run_time(x):
    best = None
    for i in range(4):
        if x * i > 1.0:
            best = x * i
    match best:
        case None:
            return x
        case b:
            return b**2


@program(args=(0.7,))
def match_on_the_length_of_arguments(x):
    def area(*sides):
        match sides:
            case ():
                return 0.0
            case (a,):
                return a**2
            case (a, b):
                return a * b
            case (a, b, *rest):
                return a * b * area(*rest)

    return area(x) + area(x, 2.0) + area(x, x, x, 3.0) + area()


@program(args=(0.7, True))
def match_on_flags(x, flag):
    match flag, x:
        case True, y if y < 0:
            return y
        case True, y:
            return y**2
        case False, _:
            return x


@program(args=(np.array([0.7, 0.1]),))
def match_an_array_is_no_sequence(x):
    match x:
        case [a, b]:
            return a * 100
        case _:
            return np.sum(x**2)


@program(args=(np.array([0.4, -0.3, 0.8, 0.1]),))
def views_in_a_loop_inside_a_case(x):
    work = np.tanh(x)
    match (x[0], x[1]):
        case [p, q] if p > q:
            for i in range(3):
                part = work[1:]
                part *= 1.0 + x[i] * p
        case _:
            part = work
    return np.sum(work) * x[2]
