"""Functions, members of enumerations and objects that the run chooses among."""

from __future__ import annotations

import enum
import functools
import math

import numpy as np

from sorix.errors import StructureError
from tests.corpus.registry import program


@program(args=(0.7,))
def one_function_or_another(x):
    f = math.sin if x > 0.5 else math.cos
    g = (lambda v: v**2) if x > 0.9 else (lambda v: v**3 + x)
    return f(x) * g(x)


@program(args=(np.array([0.7, 0.2, 0.9]),))
def functions_as_states(v):
    total = 0.0

    def up(x):
        nonlocal total
        total += x
        return down if total > 0.8 else up

    def down(x):
        nonlocal total
        total -= x**2
        return up

    state = up
    for x in v:
        state = state(x)
    return total * (2.0 if state is down else 3.0)


@program(args=(0.7,))
def table_of_functions_by_a_chosen_key(x):
    table = {"sq": lambda v: v * v, "exp": math.exp, "id": lambda v: v}
    name, total = "sq", 0.0
    for _ in range(4):
        total = table[name](x + total)
        name = "exp" if total < 1.0 else ("id" if total > 3 else "sq")
    operations = [math.sin, math.cos, lambda v: v]
    return total + operations[int(total) % 3](x)


class Power:
    def __init__(self, k):
        self.k = k

    def times(self, x):
        return self.k * x

    def raised(self, x):
        return x**self.k


@program(args=(0.7,))
def one_method_or_another(x):
    p, q = Power(x * 2), Power(3.0)
    method = p.times if x > 0.5 else p.raised
    callback = None
    if x > 0.3:
        callback = p.raised
    chosen = [p, q][0 if x > 0.1 else 1]
    return method(x) + (callback(x) if callback is not None else 0.0) + chosen.k


class Phase(enum.Enum):
    WARM = enum.auto()
    COLD = enum.auto()
    DONE = enum.auto()


@program(args=(0.7,))
def phases(x):
    phase, v = Phase.WARM, x
    for _ in range(6):
        if phase is Phase.WARM:
            v = v * 1.5
            phase = Phase.COLD if v > 1.0 else Phase.WARM
        elif phase == Phase.COLD:
            v = v - 0.4
            phase = Phase.DONE
        else:
            v = v**2
            phase = Phase.WARM
    gain = {Phase.WARM: x, Phase.COLD: 2.0, Phase.DONE: 3.0}
    return v * gain[phase]


@program(args=(np.array([0.7, 0.2, 0.9]),))
def phases_in_a_loop_over_an_array(v):
    phase, total = Phase.WARM, 0.0
    for x in v:
        if phase is Phase.WARM:
            total += x
            if total > 0.8:
                phase = Phase.COLD
        elif phase == Phase.COLD:
            total -= x**2
            phase = Phase.WARM
    return total


@program(args=(0.7,))
def comprehension_in_a_class_body(x):
    k = 5

    class C:
        k = 7
        v = [k * i for i in range(2)]

        def get(self):
            return k

    return C().get() * x + C.k * x**2 + sum(C.v) * x


def _times(h):
    return lambda t: h(t) * t


@program(args=(1.3,))
def function_wrapped_in_a_loop(x):
    g = np.sin
    for _ in range(3):
        g = _times(g)
    return g(x)


@program(args=(1.3, 3))
def function_wrapped_as_often_as_an_argument_says(x, n):
    g, k = (lambda t: t), 0
    while k < n:
        g = _times(g)
        k += 1
    return g(x)


@program(args=(np.array([2.0, 3.0, 4.0]),))
def network_of_closures_over_weights(w):
    layer = lambda inner, v: lambda t: np.tanh(inner(t) * v)  # noqa: E731
    net = lambda t: t  # noqa: E731
    for v in w:
        net = layer(net, v)
    return net(0.5)


@program(args=(1.3,))
def function_of_the_iteration_before(x):
    def scaled(k):
        return lambda t: t * k

    g, y = np.sin, x
    for k in range(3):
        y = y + g(y)
        g = scaled(k * x)
    return y + functools.reduce(lambda h, _: _times(h), range(3), g)(x)


@program(args=(1.3,))
def function_wrapped_in_a_field_and_in_a_dict(x):
    table = {"g": np.cos}

    class Holder:
        def __init__(self):
            self.g = None

    holder = Holder()
    for _ in range(3):
        table["g"] = _times(table["g"])
        holder.g = _times(np.sin if holder.g is None else holder.g)
    return table["g"](x) * holder.g(x)


@program(args=(1.3,), refused=StructureError)
def function_wrapped_as_often_as_data_say(x):
    g, y = (lambda t: t), x
    while y > 0.1:
        g = _times(g)
        y = y / 2
    return g(x)


@program(args=(np.array([0.7, -0.4, 1.3]),))
def chosen_in_a_try_among_functions_with_defaults(x):
    n = int(x[2] > 1)
    steps = [lambda u: u * 3, lambda u, k=1.5, *, p=2: k * u**p]
    named = {0: lambda u: u, 1: lambda u, k=0.5: u * k}
    try:
        total = steps[n](x[0]) + named[n](x[1])
        return total * steps[n + 5](x[2])
    except (IndexError, KeyError):
        return steps[n - 2](x[1])


@program(args=(np.array([0.7, 1.4, 1.3]),))
def function_with_a_default_that_an_iteration_may_define(x):
    for k in range(3):
        if x[k] > 1:

            def power(u, p=2):
                return u**p

    try:
        return power(x[0]) * x[1]
    except NameError:
        return x[2]
