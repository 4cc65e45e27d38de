"""Classes: methods, properties, inheritance, operators, dataclasses, named tuples, arrays in fields."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from sorix.errors import UnsupportedSyntaxError
from tests.corpus.registry import program


class Line:
    def __init__(self, slope, intercept=0.0):
        self.slope = slope
        self.intercept = intercept

    def __call__(self, x):
        return self.slope * x + self.intercept

    def shifted(self, by):
        return Line(self.slope, self.intercept + by)


@program(args=(0.7, 1.3), argnums=(0, 1))
def object_with_call(x, a):
    line = Line(a, x)
    return line(x) * line.shifted(2.0)(a)


class Accumulator:
    def __init__(self):
        self.total = 0.0
        self.count = 0

    def add(self, value):
        self.total += value
        self.count += 1
        return self

    @property
    def mean(self):
        return self.total / self.count


@program(args=(np.array([0.2, 0.5, 1.1]),))
def object_changed_in_a_loop(x):
    acc = Accumulator()
    for v in x:
        acc.add(v**2)
    return acc.mean * acc.count + acc.total**2


@program(args=(0.4,))
def chained_methods(x):
    return Accumulator().add(x).add(x**3).mean


class Shape:
    def __init__(self, size):
        self.size = size

    def area(self):
        raise NotImplementedError

    def describe(self, factor):
        return factor * self.area()


class Square(Shape):
    def area(self):
        return self.size**2


class Disc(Shape):
    def __init__(self, size, hole):
        super().__init__(size)
        self.hole = hole

    def area(self):
        return np.pi * (self.size**2 - self.hole**2)

    def describe(self, factor):
        return super().describe(factor) + 1.0


@program(args=(0.9, 0.3), argnums=(0, 1))
def inheritance(x, y):
    return sum(shape.describe(2.0) for shape in [Square(x), Disc(x, y), Square(y)])


class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __mul__(self, k):
        return Vector(k * self.x, k * self.y)

    __rmul__ = __mul__

    def __neg__(self):
        return Vector(-self.x, -self.y)

    def __abs__(self):
        return (self.x**2 + self.y**2) ** 0.5

    def __getitem__(self, k):
        return (self.x, self.y)[k]

    def __len__(self):
        return 2


@program(args=(0.9, 0.3), argnums=(0, 1))
def operators_of_a_class(x, y):
    v = Vector(x, 1.0) + 3.0 * Vector(y, x) + -Vector(y, y) * 2.0
    return abs(v) * v[0] + len(v)


@dataclass
class State:
    position: float
    velocity: float
    time: float = 0.0


@program(args=(0.9, 0.3), argnums=(0, 1))
def dataclass_state(x, v):
    s = State(x, v)
    for _ in range(4):
        s.velocity = s.velocity - 0.1 * s.position
        s.position = s.position + 0.1 * s.velocity
        s.time += 0.1
    return s.position**2 + s.velocity * s.time


@dataclass(frozen=True)
class Params:
    mass: float
    spring: float = 2.0
    offsets: tuple = (1.0, 2.0)

    def energy(self, x, v):
        return 0.5 * self.mass * v**2 + 0.5 * self.spring * x**2


@program(args=(Params(1.5), 0.4), argnums=(0, 1))
def dataclass_argument(p, x):
    return p.energy(x, 2.0) * p.mass + p.offsets[1]


@program(args=(0.4,))
def dataclass_replace(x):
    p = Params(x)
    q = replace(p, spring=p.mass * 3)
    return q.energy(x, 1.0)


@dataclass
class History:
    values: list = field(default_factory=list)

    def push(self, v):
        self.values.append(v)


@program(args=(0.4,))
def dataclass_with_a_list(x):
    h = History()
    for k in range(4):
        h.push(x**k)
    return sum(h.values) * h.values[-1]


class Point(NamedTuple):
    x: float
    y: float
    label: str = "p"

    def norm(self):
        return np.hypot(self.x, self.y)


@program(args=(0.4, 0.8), argnums=(0, 1))
def named_tuple(x, y):
    p = Point(x, y)
    q = p._replace(y=p.x * 3)
    a, b, _ = q
    return p.norm() * q.norm() + a * b + p[1]


@program(args=(Point(0.4, 0.8),))
def named_tuple_argument(p):
    return p.x**2 * p.y + p.norm()


class Layer:
    activations = {"tanh": np.tanh, "square": np.square}

    def __init__(self, weight, bias, activation="tanh"):
        self.weight, self.bias = weight, bias
        self.activation = self.activations[activation]

    def __call__(self, x):
        return self.activation(x @ self.weight + self.bias)


class Network:
    def __init__(self, *layers):
        self.layers = list(layers)

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


_X = np.array([[0.1, -0.4], [0.7, 0.3], [-0.2, 0.6]])


@program(
    args=(np.array([[0.3, -0.2, 0.5], [0.1, 0.4, -0.6]]), np.array([[0.2], [0.7], [-0.3]])),
    argnums=(0, 1),
)
def network_of_objects(w1, w2):
    net = Network(Layer(w1, np.zeros(3)), Layer(w2, 0.1, "square"))
    return np.mean(net(_X))


class Grid:
    def __init__(self, n, length):
        self.dx = length / n
        self.values = np.zeros(n)

    def fill(self, f):
        for i in range(len(self.values)):
            self.values[i] = f(i * self.dx)

    def integral(self):
        return np.sum(self.values) * self.dx

    def smooth(self):
        v = self.values
        v[1:-1] = (v[:-2] + v[2:]) / 2


@program(args=(2.0,))
def object_with_an_array(length):
    grid = Grid(5, length)
    grid.fill(lambda t: np.exp(-t) * t)
    grid.smooth()
    return grid.integral() * grid.values[2]


class Temperature:
    def __init__(self, celsius):
        self._celsius = celsius

    @property
    def fahrenheit(self):
        return self._celsius * 1.8 + 32

    @fahrenheit.setter
    def fahrenheit(self, value):
        self._celsius = (value - 32) / 1.8

    @staticmethod
    def scale(v):
        return v**2

    @classmethod
    def zero(cls):
        return cls(0.0)


@program(args=(0.4,))
def properties_and_class_methods(x):
    t = Temperature(x)
    t.fahrenheit = t.fahrenheit * x
    return Temperature.scale(t._celsius) + Temperature.zero().fahrenheit * x


class Integrator:
    order = 1

    def __init__(self, rhs):
        self.rhs = rhs

    def step(self, y, h):
        return y + h * self.rhs(y)

    def run(self, y, h, n):
        for _ in range(n):
            y = self.step(y, h)
        return y


class Midpoint(Integrator):
    order = 2

    def step(self, y, h):
        half = super().step(y, h / 2)
        return y + h * self.rhs(half)


@program(args=(0.4, 0.1), argnums=(0, 1))
def strategy_classes(y, h):
    schemes = (Integrator(lambda u: -(u**2)), Midpoint(np.sin))
    return sum(s.run(y, h, 3) * s.order for s in schemes)


class Stack:
    def __init__(self):
        self.items = []

    def push(self, v):
        self.items.append(v)

    def pop(self):
        return self.items.pop()

    def __bool__(self):
        return len(self.items) > 0


@program(args=(0.4, 0.9), argnums=(0, 1))
def reverse_polish_calculator(x, y):
    stack = Stack()
    for token in ["x", "y", "*", "x", "+", "y", "*"]:
        if token == "*":
            stack.push(stack.pop() * stack.pop())
        elif token == "+":
            stack.push(stack.pop() + stack.pop())
        else:
            stack.push({"x": x, "y": y}[token])
    return stack.pop()


@program(args=(np.array([0.4, -0.3]),))
def isinstance_of_one_of_several_classes(x):
    total = 0.0
    for v in x:
        clipped = 0 if v < 0 else v
        if isinstance(clipped, bool | int):
            total = total + 2 * v
        elif isinstance(clipped, (str, (float, complex))):
            total = total + v * v
    return total


@program(args=(0.4,))
def isinstance_and_getattr(x):
    shape = Disc(x, 0.1)
    if isinstance(shape, Square):
        return 0.0
    name = "size"
    setattr(shape, "extra", getattr(shape, name) * 2)
    return shape.extra * shape.area() if hasattr(shape, "extra") else x


class Body:
    __slots__ = ("mass", "pos")

    def __init__(self, mass, pos):
        self.mass, self.pos = mass, pos


@program(args=(np.array([0.4, 0.1]), 2.0), argnums=(0, 1))
def slots_and_object_lists(x, m):
    bodies = [Body(m, x), Body(1.0, x * 2), Body(m**2, np.array([1.0, 1.0]))]
    e = 0.0
    for i, a in enumerate(bodies):
        for b in bodies[i + 1 :]:
            e += a.mass * b.mass / np.linalg.norm(a.pos - b.pos)
    return e


@dataclass
class Model:
    weights: np.ndarray
    bias: float
    name: str = "linear"

    def predict(self, x):
        return x @ self.weights + self.bias


@program(args=(Model(np.array([0.3, -0.4]), 0.2),))
def model_object_argument(model):
    return np.mean((model.predict(_X) - 1.0) ** 2)


@program(args=(np.array([0.3, 0.8]),))
def object_holds_the_callers_array(x):
    class Holder:
        def __init__(self, data):
            self.data = data
            self.norm = np.sum(data**2)

    h = Holder(x)
    return h.norm * h.data[0]


class Tank:
    def __init__(self, outflow, capacity):
        self.outflow, self.capacity = outflow, capacity
        self.storage = 0.0
        self.released = []

    def step(self, inflow):
        self.storage += inflow
        spilled = max(self.storage - self.capacity, 0.0)
        self.storage -= spilled
        out = self.outflow * self.storage
        self.storage -= out
        self.released.append(out + spilled)
        return out + spilled


@program(args=(np.array([0.3, 0.5, 0.2]),))
def a_cascade_of_objects_made_from_an_array(outflows):
    tanks = [Tank(k, capacity=1 + i) for i, k in enumerate(outflows)]
    for rain in [0.5, 1.2, 0.0, 0.0, 2.0, 0.1]:
        for tank in tanks:
            rain = tank.step(rain)
    return sum(q**2 for q in tanks[-1].released) + sum(tank.storage for tank in tanks)


class _Meter:
    __unit = 2.0
    __slots__ = ("__read", "name")

    def __init__(self, value):
        self.__read = value
        self.name = "meter"

    def __scaled(self, value):
        return value * self.__unit

    def shown(self):
        return self.__scaled(self.__read)


class _OffsetMeter(_Meter):
    def __init__(self, value, offset):
        super().__init__(value * offset)
        self.__read = offset

    def __scaled(self, value):
        return 0.0 * value

    def sum(self):
        return self.shown() + self.__read**2


@program(args=(0.7, 1.2), argnums=(0, 1))
def private_names_of_two_classes(x, y):
    meter = _OffsetMeter(x, y)
    return meter.sum() + meter._Meter__read * meter._OffsetMeter__read


__rate = 2.0


@program(args=(np.array([0.7, 1.2, 0.4]),))
def private_names_of_a_local_class(x):
    __rate = 3.0

    class _Total:
        __slots__ = ("__sum", "n")

        def __init__(self):
            self.__sum, self.n = 0.0, 0

        def add(self, *__values):
            for __v in __values:
                self.__sum += __v * self.__square(__v)
                self.n += 1

        @staticmethod
        def __square(v):
            return v * v

        def rate(self):
            try:
                return __rate  # Which would be _Total__rate.
            except NameError as __error:
                return len(str(__error)) * self.__sum

    total = _Total()
    total.add(*x)
    known = hasattr(total, "__sum") + 2 * hasattr(total, "_Total__sum")
    return total.rate() * __rate + known * x[0]
