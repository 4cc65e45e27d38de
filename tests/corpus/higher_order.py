"""Functions of functions: composition, map, filter, operators built from functions, derivatives inside."""

import functools

import numpy as np

import sorix.func
from tests.corpus.registry import program


def _compose(*functions):
    def composed(x):
        for f in functions:
            x = f(x)
        return x

    return composed


@program(args=(0.6,))
def composition(x):
    return _compose(np.sin, lambda v: v**2, np.exp)(x)


@program(args=(0.6,))
def map_and_filter(x):
    values = list(map(lambda k: x**k, filter(lambda k: k % 2 == 1, range(6))))
    return sum(values) + sum(map(lambda a, b: a * b, values, [1.0, 2.0, 3.0]))


def _fixed_point(f, x, n):
    for _ in range(n):
        x = f(x)
    return x


@program(args=(0.6,))
def fixed_point_of_a_closure(a):
    return _fixed_point(lambda v: np.cos(a * v), 0.5, 12)


def _trapezoid(f, a, b, n):
    h = (b - a) / n
    s = 0.5 * (f(a) + f(b))
    for i in range(1, n):
        s += f(a + i * h)
    return s * h


@program(args=(0.6, 1.7), argnums=(0, 1))
def quadrature(a, b):
    return _trapezoid(lambda t: np.exp(-a * t) * t, a, b, 6)


def _numerical_derivative(f, h=0.1):
    return lambda x: (f(x + h) - f(x - h)) / (2 * h)


@program(args=(0.6,))
def finite_difference_operator(x):
    second = _numerical_derivative(_numerical_derivative(np.sin))
    return second(x) * x


@program(args=(np.array([0.6, -0.4]),))
def gradient_inside(x):
    def energy(u):
        return np.sum(np.sin(u) * u**2)

    force = sorix.func.grad(energy)(x)
    return np.sum(force**2)


@program(args=(np.array([0.6, -0.4]),))
def descent_inside(x):
    def loss(u):
        return (u[0] - 1) ** 2 + 3 * (u[1] - u[0] ** 2) ** 2

    slope = sorix.func.grad(loss)
    for _ in range(3):
        x = x - 0.05 * slope(x)
    return loss(x)


@program(args=(0.6,))
def newton_inside(a):
    f = lambda t: t**3 + a * t - 2.0
    derivative = sorix.func.grad(f)
    t = 1.0
    for _ in range(6):
        t = t - f(t) / derivative(t)
    return t


@program(args=(0.6,))
def second_derivative_inside(x):
    f = lambda t: np.exp(np.sin(t))
    return sorix.func.grad(sorix.func.grad(f))(x) * x


@program(args=(0.6,))
def curried(x):
    add = lambda a: lambda b: a + b
    mul = lambda a: lambda b: a * b
    return mul(x)(add(x)(1.0)) * add(mul(x)(x))(2.0)


@program(args=(0.6,))
def partial_of_a_method(x):
    scale = functools.partial(np.power, x)
    return scale(3) + functools.partial(np.multiply, 2.0)(x)


@program(args=(np.array([0.6, 0.2, 0.1]),))
def fold_with_initial_tuple(x):
    def step(state, v):
        low, high = state
        return low + v * high, high * v + low

    a, b = functools.reduce(step, x, (0.0, 1.0))
    return a * b


@program(args=(np.array([0.6, 0.2, 0.1]), "sum"))
def dispatch_table(x, how):
    table = {"sum": np.sum, "mean": np.mean, "max": lambda v: v.max()}
    return table[how](x) ** 2


def _runge_kutta(f):
    def step(y, h):
        k1 = f(y)
        k2 = f(y + h / 2 * k1)
        k3 = f(y + h / 2 * k2)
        k4 = f(y + h * k3)
        return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)

    return step


@program(args=(0.6, 1.5), argnums=(0, 1))
def integrator_made_by_a_function(y, a):
    step = _runge_kutta(lambda u: a * u * (1 - u))
    for _ in range(4):
        y = step(y, 0.2)
    return y


@program(args=(np.array([0.6, 0.2]),))
def descent_after_a_loop_with_a_branch(x):
    rate = 0.5
    for k in range(3):
        if k > 1:
            rate = rate * 0.5
        else:
            rate = rate * 0.2
    slope = sorix.func.grad(lambda u: (u[0] - 1) ** 2 + 3 * (u[1] - u[0] ** 2) ** 2)
    for _ in range(3):
        x = x - rate * slope(x)
    return np.sum(x**2)


@program(args=(0.6,))
def forward_derivative_inside(x):
    value, tangent = sorix.func.jvp(lambda t: np.sin(t) * t**3, (x,), (x,))
    second = sorix.func.jvp(
        lambda u: sorix.func.jvp(lambda t: t**4, (u,), (1.0,))[1], (x,), (1.0,)
    )[1]
    return value * tangent + second


def _potential(x):
    return np.sum(np.sin(x) * x[::-1] ** 2)


@program(args=(np.array([0.1, 0.5, 0.9]),))
def laplacian_by_hessian_vector_products(x):
    total = 0.0
    for e in np.eye(3):
        total += np.sum(sorix.func.hvp(_potential, (x,), (e,)) * e)
    return total


def _rolled(x):
    y = x
    for _ in range(4):
        y = np.sin(y) * x + y
    return y


@program(args=(np.array([0.1, 0.5, 0.9]),))
def jacobian_by_pullbacks(x):
    y, pullback = sorix.func.vjp(_rolled, x)
    total = np.sum(y)
    for i in range(len(x)):
        e = np.zeros(len(x))
        e[i] = 1.0
        (row,) = pullback(e)
        total += np.sum(row**2) * (i + 1)
    (back,) = pullback(y)
    (again,) = pullback(np.cos(y))
    return total + np.sum(back * again)


@program(args=(0.6, 0.8), argnums=(0, 1))
def directions_of_structures(x, y):
    def f(p, n):
        return {"z": p["a"] * p["b"][0] ** n, "n": n}

    point = {"a": x, "b": [y, 1.0]}
    value, moved = sorix.func.jvp(f, (point, 2), ({"a": 1.0, "b": [x, None]}, None))
    found, pullback = sorix.func.vjp(f, point, 2)
    bars = pullback({"z": x, "n": 0})[0]
    return value["z"] * moved["z"] + bars["a"] * bars["b"][0] + found["z"] * bars["b"][1]


@program(args=(1.7,))
def directions_through_loops_and_recursion(x):
    def until(t):
        y = t
        while y < 10.0:
            y = y * t
        return y if y > 12.0 else y + t**2

    def squared(t):
        return t if t > 50.0 else squared(t * t)

    forward = sorix.func.jvp(until, (x,), (1.0,))[1]
    (backward,) = sorix.func.vjp(until, x)[1](x)
    return forward * backward + sorix.func.jvp(squared, (x,), (1.0,))[1] / 1e4


@program(args=(1.7,))
def derivatives_of_a_function_that_writes_what_is_around_it(x):
    kept = np.zeros(1)

    def f(t):
        kept[0] = t * t
        return kept[0] * t

    first = sorix.func.grad(f)(x)
    return first + kept[0] + sorix.func.jvp(f, (x,), (1.0,))[1] * sorix.func.vjp(f, x)[1](x)[0]


def _chain(x, a):
    return np.linalg.multi_dot([x, a, x])


@program(args=(np.array([0.4, 0.7]), np.array([[1.0, 0.3], [0.2, 0.5]])), argnums=(0, 1))
def squared_gradient_of_a_chain_of_products(x, a):
    return np.sum(sorix.func.grad(_chain)(x, a) ** 2)
@program(args=(np.array([0.6, 1.3, 0.4]),))
def divergence_by_a_jacobian(x):
    jacobian = sorix.func.jacfwd(lambda p: np.sin(p) * p[::-1] ** 2)(x)
    return np.trace(jacobian) ** 2 + np.sum(jacobian[0])


@program(args=(np.array([0.6, 1.3, 0.4]),))
def newton_step_by_a_hessian(x):
    def potential(p):
        return np.sum(p**4) + np.sum(p[1:] * p[:-1])

    step = np.linalg.solve(sorix.func.hessian(potential)(x), sorix.func.grad(potential)(x))
    return potential(x - 0.5 * step)


@program(args=(0.6,))
def speed_of_a_curve(t):
    velocity = sorix.func.jacrev(lambda s: np.array([np.cos(s), np.sin(2.0 * s), s**3]))(t)
    return np.sqrt(velocity @ velocity)


def _flow(x, rate):
    for _ in range(3):
        x = x + 0.1 * np.tanh(rate * x)
    return x


@program(args=(np.array([0.6, 1.3]), 0.8))
def sensitivities_by_several_arguments(x, rate):
    by_x, by_rate = sorix.func.jacrev(_flow, argnums=(0, 1))(x, rate)
    return np.linalg.det(by_x) + np.sum(by_rate**2)
