"""Programs in the styles in which people write Python: containers, closures, objects, parsers."""

from __future__ import annotations

import contextlib
import dataclasses
import math
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from tests.corpus.registry import program

T = TypeVar("T")


@program(args=(0.7,))
def deque_of_greatest_length(x):
    d = deque(maxlen=3)
    for k in range(5):
        d.append(x**k)
    d.appendleft(2 * x)
    d.extendleft([x, 3.0])
    d.extend([x * x])
    return sum((k + 1) * v for k, v in enumerate(d)) + len(d)


@program(args=(np.array([1.0, 2.0, 3.0, 4.0]),))
def deque_in_a_loop_over_an_array(v):
    d = deque([0.0, 0.0], maxlen=2)
    total = 0.0
    for x in v:
        d.append(x)
        total += d[0] * d[1]
    return total


@program(args=(0.7,))
def counters(x):
    c = Counter(a=1)
    c.update("abc")
    c.update({"z": 2})
    c["q"] += 3
    return sum(n * x**k for k, (_, n) in enumerate(c.most_common(3))) + sum(c.values()) * x


@program(args=(0.7,))
def popitem(x):
    d = {"a": x, "b": x**2, "c": 3.0}
    k, v = d.popitem()
    return v * d.pop("a") * d.pop("zz", x) + len(d) + (1 if k == "c" else 0)


@program(args=(np.array([1.0, 2.0, 3.0, 4.0]),))
def first_of_a_list_of_unknown_length(v):
    queue = [x for x in v if x > 1.5]
    total, w = 0.0, 1.0
    while len(queue) > 0:
        total += queue.pop(0) * w
        w *= 0.5
    return total


class Fields:
    def __init__(self, **fields):
        self.__dict__.update(fields)

    def public(self):
        return {k: v for k, v in vars(self).items() if not k.startswith("_")}


@program(args=(0.7,))
def fields_in_a_dict(x):
    o = Fields(a=x, b=x**2, _c=5.0)
    o.__dict__["d"] = x * 3
    vars(o).pop("b")
    d = o.__dict__
    o.e = 2.0
    return sum(o.public().values()) * len(d) + o.d + d["e"] + ("a" in d)


@program(args=(0.7,))
def deleted_fields(x):
    o = Fields(a=x, b=x**2)
    del o.a
    r = o.b if not hasattr(o, "a") else 0.0
    delattr(o, "b")
    try:
        r += o.b
    except AttributeError:
        r *= 3
    return r


class Doubling:
    def __init__(self, x):
        object.__setattr__(self, "n", 0)
        self.x = x

    def __setattr__(self, name, value):
        object.__setattr__(self, "n", self.n + 1)
        super().__setattr__(name, value * 2)


@program(args=(0.7,))
def class_with_setattr(x):
    o = Doubling(x)
    o.y = x**2
    o.x += 1
    return o.x * o.y * o.n


@dataclass(frozen=True)
class Frozen:
    a: float
    b: float = 2.0


@program(args=(0.7,))
def assignment_to_a_frozen_field(x):
    f = Frozen(x)
    try:
        f.a = 3.0
    except dataclasses.FrozenInstanceError:
        f = dataclasses.replace(f, b=x**2)
    return f.a * f.b


@program(args=(0.7, [0.5, 1.5, -0.2]), argnums=(0, 1))
def return_in_a_loop_with_else(x, vs):
    def find(limit):
        for v in vs:
            if v * x > limit:
                return v * 2
        else:
            return x**2

    return find(0.9) + find(5.0) * 3


@program(args=(0.7,))
def list_that_its_loop_appends_to(x):
    xs = [x, x**2]
    total = 0.0
    for k, v in enumerate(xs):
        total += v * (k + 1)
        if len(xs) < 5:
            xs.append(v * 0.5)
    return total


@program(args=(0.7,))
def order_of_an_augmented_item(x):
    xs = [x, 2.0]

    def f():
        xs[0] = 10 * x
        return x

    xs[0] += f()
    d = {"a": x}

    def g():
        d["a"] = 5.0
        return 1.0

    d["a"] *= g() + x
    return xs[0] + d["a"] * 2


@program(args=(0.7,))
def texts_of_values(x):
    s = f"{3:>5}|{2.5:.2f}|{'a'!r}|{[1, 2]}|{(1, 'b')}|{ {'k': 1} }"
    t = str([1.5, "x"]) + repr(("a",)) + str({"k": (1, None)})
    return x * len(s) + x * len(t)


@program(args=(0.7,))
def field_of_one_path(x):
    o = Fields()
    if x > 0.5:
        o.extra = x * 2
    try:
        r = o.extra
    except AttributeError:
        r = 1.0
    return r * x


class Amount:
    def __init__(self, v):
        self.v = v

    def __eq__(self, other):
        if not isinstance(other, Amount):
            return NotImplemented
        return self.v == other.v

    def __hash__(self):
        return 0

    def __add__(self, other):
        if isinstance(other, int | float):
            return Amount(self.v + other)
        return NotImplemented


class Product(Amount):
    def __radd__(self, other):
        return Amount(self.v * other.v)


@program(args=(0.7,))
def operators_not_implemented(x):
    a, b = Amount(x), Product(x**2)
    r = (a + b).v + (a + 1).v
    return r * (2 if a == 3 else 5) * (3 if a != Amount(x) else 7)


@contextlib.contextmanager
def _setting(owner, name, value):
    old = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield owner
    finally:
        setattr(owner, name, old)


@program(args=(0.7,))
def settings_restored(x):
    o = Fields(rate=x)
    with _setting(o, "rate", x**3) as p:
        y = p.rate * 2
    try:
        with _setting(o, "rate", 5.0):
            if x > 0.5:
                raise RuntimeError
            y = 0
    except RuntimeError:
        y += o.rate
    return y


class Stack(Generic[T]):
    def __init__(self):
        self._items = []

    def push(self, v):
        self._items.append(v)
        return self

    def pop(self):
        return self._items.pop()

    def __len__(self):
        return len(self._items)

    def __iter__(self):
        return reversed(self._items)


@program(args=(0.7,))
def generic_stack(x):
    s: Stack[float] = Stack[float]()
    s.push(x).push(x**2).push(3.0)
    t = sum(v * k for k, v in enumerate(s))
    while s:
        t = t * 0.5 + s.pop()
    return t


@program(args=("2*(x+3)*x-x/4", 0.7), argnums=(1,))
def recursive_descent(text, x):
    at = 0

    def peek():
        return text[at] if at < len(text) else ""

    def eat():
        nonlocal at
        at += 1
        return text[at - 1]

    def factor():
        c = eat()
        if c == "(":
            v = expression()
            eat()
            return v
        return x if c == "x" else float(c)

    def term():
        v = factor()
        while peek() and peek() in "*/":
            v = v * factor() if eat() == "*" else v / factor()
        return v

    def expression():
        v = term()
        while peek() and peek() in "+-":
            v = v + term() if eat() == "+" else v - term()
        return v

    return expression()


class Number:
    """A number that remembers how it was computed."""

    def __init__(self, data, parents=()):
        self.data, self.grad, self.parents = data, 0.0, parents
        self.back = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Number) else Number(other)
        out = Number(self.data + other.data, (self, other))

        def back():
            self.grad += out.grad
            other.grad += out.grad

        out.back = back
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Number) else Number(other)
        out = Number(self.data * other.data, (self, other))

        def back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.back = back
        return out

    __radd__, __rmul__ = __add__, __mul__

    def tanh(self):
        t = math.tanh(self.data)
        out = Number(t, (self,))

        def back():
            self.grad += (1 - t**2) * out.grad

        out.back = back
        return out

    def backward(self):
        order = []

        def visit(v):
            if not any(v is u for u in order):
                for parent in v.parents:
                    visit(parent)
                order.append(v)

        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            v.back()


@program(args=(0.7, -0.4), argnums=(0, 1))
def a_tape_of_closures(a, b):
    x, y = Number(a), Number(b)
    z = (x * y + 2 * x).tanh() * y + 1
    z.backward()
    return z.data + x.grad * 3 + y.grad


@program(args=(0.7,))
def attributes_of_a_function(x):
    def f(v):
        f.calls += 1
        return v * f.scale

    f.calls, f.scale = 0, x
    r = f(2.0) + f(x)
    return r * f.calls + getattr(f, "none", 3.0) * hasattr(f, "scale")


class Particle(NamedTuple):
    position: np.ndarray
    speed: np.ndarray
    mass: float = 1.0

    @property
    def energy(self):
        return 0.5 * self.mass * (self.speed**2).sum()


@program(args=(np.array([0.0, 1.0]), np.array([1.0, 0.5])), argnums=(0, 1))
def particles_in_named_tuples(p, v):
    ps = [Particle(p, v), Particle(position=p * 2, speed=-v, mass=2.0)]
    for _ in range(3):
        forces = [sum((q.position - r.position) ** 3 for q in ps if q is not r) for r in ps]
        ps = [
            r._replace(speed=r.speed + 0.1 * f / r.mass, position=r.position + 0.1 * r.speed)
            for r, f in zip(ps, forces)
        ]
    return sum(r.energy for r in ps) + sum(r.position.sum() for r in ps)


@dataclass
class Tree:
    value: float
    children: list[Tree] = field(default_factory=list)

    def total(self):
        return self.value + sum(c.total() for c in self.children)

    def map(self, f):
        return Tree(f(self.value), [c.map(f) for c in self.children])

    def __iter__(self):
        yield self.value
        for c in self.children:
            yield from c


@program(args=(Tree(0.5, [Tree(1.0), Tree(2.0, [Tree(0.3)])]),))
def tree_of_dataclasses(t):
    squares = t.map(lambda v: v**2)
    return squares.total() * sum(k * v for k, v in enumerate(t)) + max(t)
