"""Calls: defaults, keywords, *args, **kwargs, partial, decorators, recursion, methods of functions."""

import functools
import math
import operator

import numpy as np

from tests.corpus.registry import program


def _square(v):
    return v * v


def _affine(x, scale=2.0, *, shift=0.0):
    return scale * x + shift


@program(args=(np.array([0.3, 0.8]),))
def helper_called_twice(x):
    return np.sum(_square(x) + _square(_square(x)))


@program(args=(0.7, 0.2), argnums=(0, 1))
def keywords_and_defaults(x, s):
    return _affine(x) * _affine(x, shift=s) + _affine(scale=s, x=x)


def _total(*terms, weight=1.0):
    s = 0.0
    for t in terms:
        s += weight * t
    return s


@program(args=(0.7, 0.2), argnums=(0, 1))
def star_args(x, y):
    parts = (x, y, x * y)
    return _total(*parts) + _total(x, weight=y) + _total()


def _options(x, **options):
    power = options.get("power", 2)
    return x**power * options["scale"]


@program(args=(0.7, 0.2), argnums=(0, 1))
def star_star_kwargs(x, y):
    settings = {"scale": y, "power": 3}
    return _options(x, **settings) + _options(y, scale=x)


@program(args=(0.7, 0.2), argnums=(0, 1))
def partial_application(x, y):
    f = functools.partial(_affine, shift=y)
    g = functools.partial(f, scale=x)
    return f(x) * g(y)


@program(args=(np.array([0.7, 0.2, 1.3]),))
def reduce_with_lambda(x):
    return functools.reduce(lambda a, b: a * b + a, x) + functools.reduce(operator.mul, x, 2.0)


def _logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        result = function(*args, **kwargs)
        return result * 2

    return wrapper


@_logged
def _decorated(x, y=1.0):
    return x * y


@program(args=(0.7, 0.4), argnums=(0, 1))
def decorated_helper(x, y):
    return _decorated(x) + _decorated(x, y=y) ** 2


def _scaled_by(factor):
    def decorate(function):
        def wrapper(v):
            return factor * function(v)

        return wrapper

    return decorate


@_scaled_by(3.0)
def _tripled(v):
    return math.sin(v)


@program(args=(0.7,))
def decorator_with_arguments(x):
    return _tripled(x) * x


def _power(x, n):
    if n == 0:
        return 1.0
    if n % 2:
        return x * _power(x, n - 1)
    half = _power(x, n // 2)
    return half * half


@program(args=(1.1, 6))
def recursive_power(x, n):
    return _power(x, n)


@program(args=(0.9, 5))
def recursive_itself(x, n):
    if n == 0:
        return x
    return np.sin(recursive_itself(x, n - 1)) + x


def _legendre(n, x):
    if n == 0:
        return 1.0
    if n == 1:
        return x
    return ((2 * n - 1) * x * _legendre(n - 1, x) - (n - 1) * _legendre(n - 2, x)) / n


@program(args=(0.3, 4))
def recursive_legendre(x, n):
    return _legendre(n, x)


def _even(x, n):
    return x if n == 0 else _odd(x * x + 0.1, n - 1)


def _odd(x, n):
    return -x if n == 0 else _even(np.sin(x), n - 1)


@program(args=(0.3, 4))
def mutual_recursion(x, n):
    return _even(x, n)


def _adaptive(f, a, b, tol, depth):
    m = 0.5 * (a + b)
    whole = (b - a) / 6 * (f(a) + 4 * f(m) + f(b))
    left = (m - a) / 6 * (f(a) + 4 * f(0.5 * (a + m)) + f(m))
    right = (b - m) / 6 * (f(m) + 4 * f(0.5 * (m + b)) + f(b))
    if depth == 0 or abs(left + right - whole) < tol:
        return left + right
    return _adaptive(f, a, m, tol, depth - 1) + _adaptive(f, m, b, tol, depth - 1)


@program(args=(1.3,))
def adaptive_simpson(w):
    return _adaptive(lambda t: math.exp(-w * t * t), 0.0, 1.0, 1e-4, 3)


def _returns_two(x):
    return x * x, np.cos(x)


@program(args=(0.3,))
def unpack_results(x):
    a, b = _returns_two(x)
    c = _returns_two(a)
    return a * b + c[0] * c[1]


@program(args=(0.3,))
def lambda_called_at_once(x):
    return (lambda a, b=2.0: a * b)(x) ** 2


def _positional(x, y, /, z):
    return x * y - z


@program(args=(0.3, 0.6), argnums=(0, 1))
def positional_only(x, y):
    return _positional(x, y, z=x) * _positional(y, 2.0, 1.0)


def _apply(function, value, times=1):
    for _ in range(times):
        value = function(value)
    return value


@program(args=(0.3, 1.2), argnums=(0, 1))
def function_as_argument(x, y):
    return _apply(np.tanh, x, times=3) + _apply(lambda v: v * y, x, 2)


@program(args=(np.array([3.0, 4.0]), np.array([1.0, 2.0])), argnums=1)
def second_argument_only(x, y):
    return np.dot(x, y**2)


@program(args=(0.5, 0.7, 0.2), argnums=(0, 2))
def first_and_third(a, b, c):
    return a * b + a * c**2


@program(args=(0.5, 0.25))
def unused_variable(x, y):
    unused = np.exp(y) * x
    return x**2


@program(args=(0.5, 0.25), argnums=(0, 1))
def unused_argument(x, y):
    return x**2


@program(args=(0.5, 4))
def memo_in_a_dict(x, n):
    seen = {}

    def term(k):
        if k in seen:
            return seen[k]
        value = x if k == 0 else term(k - 1) * x + term(0)
        seen[k] = value
        return value

    return term(n)


_CONSTANTS = {"g": 9.81, "names": ("a", "b")}
_MATRIX = np.array([[2.0, 0.5], [0.5, 1.0]])


@program(args=(np.array([0.4, -0.3]),))
def module_globals(x):
    return x @ _MATRIX @ x * _CONSTANTS["g"]


@program(args=(np.array([0.4, -0.3]),))
def prints_once(x):
    y = np.sum(x**2)
    message = f"y = {float(y):.3f}, {len(x)} values"
    assert message.startswith("y")
    return y


@program(args=(0.4,))
def attributes_of_math(x):
    return math.pi * x**2 + math.e**x + math.hypot(x, 2.0) + math.atan2(x, 0.5)


@program(args=(1.4,))
def math_functions(x):
    a = math.sin(x) + math.cos(x) * math.tan(x / 3)
    b = math.log(x) + math.log10(x) + math.log2(x) + math.log1p(x) + math.expm1(x)
    c = math.sinh(x) + math.cosh(x) + math.tanh(x) + math.atan(x) + math.asin(x / 2)
    d = math.erf(x) + math.sqrt(x) + math.pow(x, 1.5) + math.fabs(x) + math.exp(-x)
    return a * b + c * d


@program(args=(1.4,))
def builtin_functions(x):
    values = [x, x**2, 0.5]
    return sum(values) + max(values) * min(values) + abs(-x) + pow(x, 3) + float(x)


@program(args=(0.4,))
def round_and_floor_are_flat(x):
    return x * round(3.3) + math.floor(x + 2) * x + int(x * 10 + 0.5) * x**2


def _turned_round(function):
    @functools.wraps(function)
    def inner(b, a):
        return function(a, b)

    return inner


@program(args=(1.0, 10.0), argnums=(0, 1))
@_turned_round
def wrapper_with_its_own_order(a, b):
    return a * b - 2 * b**2


def _with_another_default(function):
    @functools.wraps(function)
    def inner(x, k=5.0):
        return function(x, k)

    return inner


@program(args=(0.6,))
@_with_another_default
def wrapper_with_its_own_default(x, k=2.0):
    return x**2 * k


def _with_one_more(function):
    @functools.wraps(function)
    def inner(x, y, scale):
        return function(x, y) * scale**2

    return inner


@program(args=(0.6, 0.4, 1.5), argnums=(0, 2))
@_with_one_more
def wrapper_with_one_parameter_more(x, y):
    return x**2 * y


def _doubled(function):
    @functools.wraps(function)
    def inner(*x, **y):
        return 2 * function(*x, **y)

    return inner


@program(args=(0.6, 0.4), argnums=(0, 1))
@_doubled
def wrapper_that_takes_anything(x, y):
    return x**2 * y**3


class _Scaled:
    def __init__(self, function):
        functools.update_wrapper(self, function)
        self.function = function

    def __call__(self, b, a):
        return 3 * self.function(a, b)


@program(args=(0.6, 0.4), argnums=(0, 1))
@_Scaled
def wrapper_that_is_an_object(a, b):
    return a**2 * b**3


@functools.singledispatch
def _dispatched(x, k=2.0):
    return x * k


@_dispatched.register
def _(x: np.ndarray, scale=3.0):
    return np.sum(x**2) * scale


@program(args=(np.array([0.6, 0.4]),))
@_doubled
def wrapper_of_a_dispatched_function(x):
    return _dispatched(x) * _dispatched(0.5)


@program(args=(0.7,))
def decorators_are_evaluated_before_what_they_decorate(x):
    order = []

    def scaled(k):
        order.append(k)

        def decorate(function):
            order.append(-k)
            return lambda v: function(v) * k

        return decorate

    @scaled(2)
    @scaled(3)
    def square(v, w=order.append(5)):
        return v * v

    def kept(cls):
        return cls

    @(order.append(7) or kept)
    class Shape((order.append(11) or object)):
        order.append(13)

    print(order)
    return square(x) * sum(k * v for k, v in enumerate(order))
