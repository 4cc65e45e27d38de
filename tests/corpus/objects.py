"""Objects: dataclasses, operators, inheritance, properties, enumerations, shared state."""

import abc
import collections
import copy
import dataclasses
import enum
import functools
import typing
from types import SimpleNamespace

import numpy as np

import sorix.func
from tests.corpus.registry import program


@dataclasses.dataclass(frozen=True)
class Vec:
    x: float
    y: float = 0.0

    def __add__(self, other):
        return Vec(self.x + other.x, self.y + other.y)

    def __radd__(self, other):
        return self if other == 0 else Vec(self.x + other, self.y)

    def __sub__(self, other):
        return Vec(self.x - other.x, self.y - other.y)

    def __mul__(self, factor):
        return Vec(self.x * factor, self.y * factor)

    __rmul__ = __mul__

    def __matmul__(self, other):
        return self.x * other.x + self.y * other.y

    def __neg__(self):
        return Vec(-self.x, -self.y)

    def __abs__(self):
        return (self.x**2 + self.y**2) ** 0.5

    def __truediv__(self, factor):
        return self * (1 / factor)

    def __lt__(self, other):
        return abs(self) < abs(other)

    def __iter__(self):
        yield self.x
        yield self.y

    def __getitem__(self, k):
        return (self.x, self.y)[k]

    def __len__(self):
        return 2

    def __bool__(self):
        return bool(self.x != 0)

    def __contains__(self, v):
        return v == self.x or v == self.y


@program(args=(0.7, 1.3), argnums=(0, 1))
def operators_of_a_frozen_dataclass(x, y):
    a, b = Vec(x, y), Vec(y)
    c = 2 * a + b * x - -a / y
    s = sum([a, b, c])
    u, v = c
    total = c @ a + abs(s) + u * v + c[1] + len(c)
    if a < c and b:
        total = total * 2
    if x in a:
        total = total + x**2
    return total


@program(args=(0.7,))
def dataclass_functions(x):
    a = Vec(x, 2.0)
    b = dataclasses.replace(a, y=x**2)
    d = dataclasses.asdict(b)
    t = dataclasses.astuple(a)
    names = [f.name for f in dataclasses.fields(b)]
    return d["x"] * d["y"] + t[0] * t[1] + len(names) + (1.0 if a == Vec(x, 2.0) else 0.0)


@dataclasses.dataclass(slots=True)
class Layer:
    weight: float
    history: list = dataclasses.field(default_factory=list)
    scale: float = dataclasses.field(default=2.0, kw_only=True)
    total: float = dataclasses.field(init=False, default=0.0)

    def __post_init__(self):
        self.total = self.weight * self.scale

    def __call__(self, v):
        out = v * self.weight + self.total
        self.history.append(out)
        return out


@program(args=(0.7,))
def dataclass_with_slots_and_factories(x):
    one, two = Layer(x), Layer(x**2, scale=3.0)
    y = two(one(x))
    two.weight = x * 5
    return y + two(1.0) + sum(one.history) + sum(two.history) * len(two.history)


class Meter:
    unit = 2.0
    made = 0

    def __init__(self, value):
        self._value = value

    @property
    def value(self):
        return self._value * self.unit

    @value.setter
    def value(self, v):
        self._value = v / self.unit

    @classmethod
    def of(cls, v):
        return cls(v * cls.unit)

    @staticmethod
    def half(v):
        return v / 2

    @functools.cached_property
    def cube(self):
        return self._value**3

    def __iadd__(self, other):
        self._value = self._value + other
        return self

    def __eq__(self, other):
        return self._value == other._value

    def __hash__(self):
        return 1


class Centimeter(Meter):
    unit = 100.0

    @property
    def value(self):
        return super().value + 1


@program(args=(0.7,))
def properties_and_class_methods_of_objects(x):
    m = Meter.of(x)
    m.value = m.value * x + 1
    before = m.cube
    m += x
    alias = m
    alias += 1.0
    c = Centimeter.of(x)
    return m.value * before + m.cube + c.value + m.half(x) + Centimeter.half(c.unit)


class Shape(abc.ABC):
    def __init__(self, scale):
        self.scale = scale

    @abc.abstractmethod
    def area(self): ...

    def scaled(self):
        return self.area() * self.scale

    def describe(self):
        return 1.0


class Named:
    def describe(self):
        return 10.0 + super().describe()


class Square(Named, Shape):
    def __init__(self, side, scale=2.0):
        super().__init__(scale)
        self.side = side

    def area(self):
        return self.side**2

    def describe(self):
        return 100.0 + super().describe()


class Disc(Shape):
    def __init__(self, radius):
        Shape.__init__(self, radius)
        self.radius = radius

    def area(self):
        return np.pi * self.radius**2


@program(args=(0.7,))
def abstract_classes_and_super(x):
    shapes = [Square(x), Disc(x**2), Square(x, scale=x)]
    total = 0.0
    for s in shapes:
        total += s.scaled() * s.describe()
        if isinstance(s, Square):
            s.side = s.side + 1
    return total * shapes[0].side


class Mode(enum.IntEnum):
    SLOW = 1
    FAST = 3


class Color(enum.Enum):
    RED = "r"
    BLUE = "b"

    def weight(self):
        return 2.0 if self is Color.RED else 5.0


@program(args=(0.7, Color.BLUE))
def enumerations(x, color):
    table = {Color.RED: x, Color.BLUE: x**2}
    total = table[color] * color.weight()
    for c in Color:
        total += table[c] * len(c.value) * c.weight() + len(Color) + table[Color["RED"]]
    total += table[Color("r")]
    if color.name == "BLUE" and Mode.FAST > Mode.SLOW:
        total *= Mode.FAST
    return total


class Particle(typing.NamedTuple):
    position: float
    velocity: float = 1.0

    def moved(self, dt):
        return self._replace(position=self.position + dt * self.velocity)

    @property
    def energy(self):
        return 0.5 * self.velocity**2 + self.position**2


@program(args=(0.7,))
def named_tuple_with_methods(x):
    p = Particle(x, velocity=x**2)
    for _ in range(4):
        p = p.moved(0.1)
        p = Particle(p.position, p.velocity - 0.1 * p.position)
    return p.energy


class Account:
    def __init__(self):
        self.entries = []
        self.by_name = {}

    def add(self, name, amount):
        self.entries.append(amount)
        self.by_name[name] = self.by_name.get(name, 0.0) + amount


def _deposit(account, name, amount):
    account.add(name, amount)
    return account


@program(args=(0.7,))
def objects_changed_by_helpers(x):
    account = Account()
    same = _deposit(account, "a", x)
    _deposit(same, "b", x**2)
    holders = [account, {"main": same}]
    holders[1]["main"].add("a", 3.0 * x)
    return sum(account.entries) * account.by_name["a"] + account.by_name["b"]


class Node:
    def __init__(self, value, children=()):
        self.value = value
        self.children = list(children)
        self.parent = None
        for child in self.children:
            child.parent = self

    def total(self):
        return self.value + sum(child.total() for child in self.children)


@program(args=(0.7,))
def tree_of_objects(x):
    leaf = Node(x)
    root = Node(2.0, [leaf, Node(x**2, [Node(x**3)])])
    leaf.parent.value = root.value * x
    return root.total() * leaf.parent.value


class Field:
    def __init__(self, data):
        self.data = data

    def __getitem__(self, index):
        return self.data[index]

    def __setitem__(self, index, value):
        self.data[index] = value

    def __len__(self):
        return len(self.data)


@program(args=(np.array([0.7, 0.2, 1.1]),))
def indexing_of_an_object_writes_its_array(x):
    field = Field(x * 1.0)
    for i in range(1, len(field)):
        field[i] = field[i] + 0.5 * field[i - 1]
    field[0] *= 2
    field[1:] += x[:-1]
    return np.sum(field.data**2)


class Integrator:
    def __init__(self, rate):
        self.rate = rate
        self.state = 0.0
        self.steps = 0

    def step(self, v):
        self.state = self.state + self.rate * (v - self.state)
        self.steps += 1
        return self


@program(args=(np.array([0.7, 0.2, 1.1]), 0.3), argnums=(0, 1))
def object_updated_in_a_loop(x, rate):
    integrator = Integrator(rate)
    for v in x:
        if v > 0.5:
            integrator.step(v).step(v / 2)
        else:
            integrator.state *= 0.5
    return integrator.state * integrator.steps


@program(args=(0.7,))
def object_made_on_one_branch(x):
    shape = None
    if x > 0.5:
        shape = Disc(x * 2)
    if shape is not None:
        return shape.scaled()
    return x


@program(args=(np.array([0.7, 0.2, 1.1]),))
def objects_made_in_a_loop(x):
    last = Disc(1.0)
    for v in x:
        last = Disc(v * last.radius)
    return last.scaled()


@program(args=(0.7,))
def attributes_by_name(x):
    m = Account()
    for k, name in enumerate(("alpha", "beta")):
        setattr(m, name, x ** (k + 1))
    total = 0.0
    for name in ("alpha", "beta", "gamma"):
        if hasattr(m, name):
            total += getattr(m, name) * 2
        total += getattr(m, name, 1.5)
    return total


class Multiplier:
    def __init__(self, factor):
        self.factor = factor

    def __call__(self, fn):
        @functools.wraps(fn)
        def wrapped(*args, **kwargs):
            return fn(*args, **kwargs) * self.factor

        return wrapped


@Multiplier(3.0)
def _tripled(v, power=2):
    return v**power


@program(args=(0.7,))
def decorator_made_by_an_object(x):
    @Multiplier(x)
    def local(v):
        return v + 1

    return _tripled(x) + _tripled(x, power=3) + local(x)


class Lookup:
    def __init__(self, values):
        self._values = values

    def __getattr__(self, name):
        if name in self._values:
            return self._values[name]
        raise AttributeError(name)


@program(args=(0.7,))
def getattr_of_a_class(x):
    lookup = Lookup({"a": x, "b": x**2})
    try:
        missing = lookup.c
    except AttributeError:
        missing = 3.0
    return lookup.a * lookup.b * missing


class Slotted:
    __slots__ = ("mass", "name", "speed")

    def __init__(self, mass, speed, name="body"):
        self.mass, self.speed, self.name = mass, speed, name


class Charged(Slotted):
    __slots__ = ("charge",)

    def __init__(self, mass, speed, charge):
        super().__init__(mass, speed)
        self.charge = charge


def _energy(body):
    return 0.5 * body.mass * np.sum(body.speed**2)


@program(args=(Charged(1.3, np.array([0.7, -0.2]), 0.4),))
def argument_with_slots(body):
    return _energy(body) * np.exp(-body.charge)


@program(args=([Slotted(1.3, 0.7), Slotted(0.6, -0.2)],))
def arguments_with_slots_in_a_list(bodies):
    total = sum(b.mass for b in bodies)
    centre = sum(b.mass * b.speed for b in bodies) / total
    return sum(_energy(b) for b in bodies) - 0.5 * total * centre**2


@dataclasses.dataclass(slots=True)
class Lens:
    focus: float
    kind: str = "thick"


@program(args=(Lens(0.7), 1.9))
def argument_of_a_dataclass_with_slots(lens, distance):
    surfaces = 2 if lens.kind == "thick" else 1
    return surfaces / (1 / lens.focus - 1 / distance)


class Perceptron:
    def __init__(self, weights, bias):
        self.weights, self.bias = weights, bias

    def __call__(self, x):
        return np.tanh(self.weights @ x + self.bias)


@program(args=(Perceptron(np.array([[0.3, -0.4], [0.5, 0.1]]), 0.2), np.array([0.7, 0.2])))
def argument_that_can_be_called(layer, x):
    return np.sum(layer(layer(x)) ** 2)


@program(args=(Perceptron(np.array([[0.3, -0.4], [0.5, 0.1]]), 0.2), np.array([0.7, 0.2])))
def gradient_in_an_argument_that_can_be_called(layer, x):
    slopes = sorix.func.grad(lambda model: np.sum(model(x)))(layer)
    return np.sum(slopes["weights"] ** 2) * slopes["bias"]


@program(args=(Charged(1.3, np.array([0.7, -0.2]), 0.4),))
def gradient_in_an_argument_with_slots(body):
    slopes = sorix.func.grad(_energy)(body)
    return slopes["mass"] * np.sum(slopes["speed"]) * body.charge


@program(args=(Charged(1.3, 0.7, 0.4),))
def copy_of_an_argument_with_slots(body):
    other = copy.copy(body)
    other.speed = body.speed * other.charge
    return _energy(other) - 2 * _energy(body)


@program(args=(collections.deque([0.7, 0.2, 1.1], maxlen=3),))
def argument_that_is_a_queue(given):
    window = collections.deque(given, maxlen=3)
    for _ in range(4):
        window.append(0.5 * window[0] + window[-1] * window[1])
    return sum(v**2 for v in window)


@program(args=(collections.deque([0.7, 0.2, 1.1]), 0.4))
def gradient_in_a_queue(window, x):
    def product(given):
        window = collections.deque(given)
        window.appendleft(x)
        return window.pop() * window[0] ** 2 * window[1]

    slopes = sorix.func.grad(product)(window)
    return slopes[0] * slopes[2] + slopes[1]
@program(args=(np.array([0.6, -0.2, 0.9]),))
def namespaces_made_on_the_way(x):
    p = SimpleNamespace(k=x[0], a=x * 2)
    p.m = p.k * 3
    p.a[1] = p.m**2
    for v in x:
        p.k += v * v
    q = copy.copy(p)
    q.k = 7 * x[2]
    one, other = SimpleNamespace(u=2.0, v=p.k), SimpleNamespace(v=p.k, u=2.0)
    scale = 2.0 if one == other and p != q else 3.0
    del other.u
    rest = 5.0 if hasattr(other, "u") else 1.0
    return scale * rest * p.k * q.k * np.sum(p.a) + sum(v for v in vars(other).values())
class Term:
    def __init__(self, value, parents=()):
        self.value = value
        self.parents = parents


@program(args=(0.6,))
def topological_order_by_a_set_of_objects(x):
    a = Term(x)
    b = Term(x * x, (a,))
    c = Term(a.value * b.value, (a, b))
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for parent in node.parents:
                visit(parent)
            order.append(node)

    visit(c)
    if x > 0.5:
        a.value = a.value * 2
    if b in seen:
        seen.discard(b)
    return sum(n.value * (k + 1) for k, n in enumerate(order)) * len(seen)


class _Doubled:
    def twice(self, v):
        return 2.0 * v


@program(args=(np.array([0.4, 0.7, -0.3]), 2))
def what_built_in_values_say_of_themselves(x, count):
    steps = range(1, 7, 2)
    total = np.sum(x * x) * count.numerator / count.denominator
    if x.__class__ is np.ndarray and count.__class__ is int and [].__class__ is list:
        total = total * (steps.start + steps.stop + steps.step)
    if x.shape.__class__ is tuple and "a".__class__ is str and steps.__class__ is range:
        total = total * x[0]
    if x.dtype is np.dtype("float64") and x.dtype == np.dtype(float):
        total = total * x[1] * x.nbytes / x.itemsize
    return total


@program(args=(np.array([0.4, 0.7, -0.3]),))
def what_a_method_says_of_itself(x):
    doubled = _Doubled()
    method, partial = doubled.twice, functools.partial(np.power, x)
    total = method(x[0]) if method.__self__ is doubled else x[0]
    if method.__func__ is _Doubled.twice and x.sum.__self__ is x:
        total = total * x[1]
    return total * np.sum(partial.func(*partial.args, 2.0))
