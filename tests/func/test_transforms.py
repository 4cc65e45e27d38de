"""`grad` and `value_and_grad` of functions of arrays."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

import sorix
from sorix.errors import (
    FallbackWarning,
    NonScalarError,
    NotDifferentiableError,
    SorixError,
    UnsupportedSyntaxError,
)
from sorix.func import grad, value_and_grad

X = np.array([0.5, -1.0, 2.0])
CALLS = 0


def energy(x):
    return np.sum(np.sin(x) * x)


def slope(x):
    return np.cos(x) * x + np.sin(x)


def product(x, y, z=2.0):
    return np.sum(x * y) * z


def exact(function, *args, **options):
    """The gradient through the compiler alone."""
    return grad(function, fallback="error", **options)(*args)


# -- values and kinds -----------------------------------------------------------------------


def test_gradient_of_an_array():
    got = exact(energy, X)
    np.testing.assert_allclose(got, slope(X), rtol=1e-14)
    assert type(got) is np.ndarray
    assert got.dtype == np.float64


def test_value_and_gradient():
    value, got = value_and_grad(energy)(X)
    assert value == energy(X)
    np.testing.assert_allclose(got, slope(X), rtol=1e-14)


def test_a_python_float_gives_a_python_float():
    value, got = value_and_grad(lambda x: x**3)(2.0)
    assert (value, got) == (8.0, 12.0)
    assert type(value) is type(got) is float


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_a_numpy_number_gives_a_numpy_number(kind):
    got = exact(lambda x: np.sin(x) * x, kind(2.0))
    assert type(got) is kind
    np.testing.assert_allclose(got, slope(2.0), rtol=1e-6)


def test_single_precision_stays_single():
    got = exact(energy, X.astype(np.float32))
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, slope(X), rtol=1e-5)


def test_an_array_without_dimensions():
    got = exact(energy, np.array(0.5))
    assert type(got) is np.ndarray
    assert got.shape == ()
    np.testing.assert_allclose(got, slope(0.5), rtol=1e-14)


def test_arguments_stay_as_they_are():
    def relax(u):
        for _ in range(3):
            u[1:-1] = 0.5 * (u[:-2] + u[2:])
        return np.sum(u**2)

    u = np.arange(5.0) ** 2
    before = u.copy()
    exact(relax, u)
    value_and_grad(relax)(u)
    np.testing.assert_array_equal(u, before)


def test_results_share_no_memory_with_arguments():
    x, y = np.ones(3), np.ones(3)
    gx, gy = exact(lambda x, y: np.sum(x + y), x, y, argnums=(0, 1))
    gx += 1.0
    assert y.tolist() == gy.tolist() == [1.0, 1.0, 1.0]
    g = exact(lambda x, y: np.sum(x * y), x, y)
    g += 1.0
    assert y.tolist() == [1.0, 1.0, 1.0]


# -- argnums and aux ------------------------------------------------------------------------


@pytest.mark.parametrize("argnums", [0, 1, -1, -2, (0, 1), (1, 0), (-1, 0), (0,), [0, 2]])
def test_argnums(argnums):
    x, y = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    everything = [y * 2.0, x * 2.0, np.sum(x * y)]
    got = exact(product, x, y, 2.0, argnums=argnums)
    if isinstance(argnums, int):
        np.testing.assert_array_equal(got, everything[argnums])
    else:
        assert type(got) is tuple
        for g, k in zip(got, argnums, strict=True):
            np.testing.assert_array_equal(g, everything[k])


def test_the_same_argument_twice_in_argnums():
    x, y = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    got = exact(product, x, y, argnums=(0, 0))
    np.testing.assert_array_equal(got[0], got[1])


def test_argnums_that_do_not_fit():
    for argnums in (3, (0, 5), -4):
        with pytest.raises(
            ValueError, match="does not fit a function of 3 arguments: positions count from 0"
        ):
            grad(product, argnums)(X, X)


def test_defaults_and_keywords():
    np.testing.assert_array_equal(exact(product, X, X), 2 * X)
    np.testing.assert_array_equal(grad(product)(X, X, z=3.0), 3 * X)
    np.testing.assert_array_equal(grad(product, 1)(X, y=X, z=3.0), 3 * X)
    assert exact(product, X, X, argnums=2) == np.sum(X * X)


def test_aux():
    def loss(x):
        y = np.sin(x)
        return np.sum(y * x), {"y": y, "name": "sine"}

    got, aux = exact(loss, X, has_aux=True)
    np.testing.assert_allclose(got, slope(X), rtol=1e-14)
    assert aux["name"] == "sine"
    np.testing.assert_array_equal(aux["y"], np.sin(X))
    (value, aux), got = value_and_grad(loss, has_aux=True)(X)
    assert value == energy(X)
    np.testing.assert_array_equal(aux["y"], np.sin(X))
    with pytest.raises(NotDifferentiableError, match=r"returns \(value, aux\)"):
        grad(energy, has_aux=True)(X)


# -- structures -----------------------------------------------------------------------------


class Pair(NamedTuple):
    a: Any
    b: Any


@dataclass
class Settings:
    scale: float
    shift: Any
    name: str = "settings"
    count: int = 2


@dataclass(frozen=True)
class Frozen:
    scale: float
    inner: Settings


class Plain:
    def __init__(self, scale, shift):
        self.scale, self.shift = scale, shift


def weigh(t, x):
    if isinstance(t, tuple | list):
        return np.sum(t[0] * x) + t[1] ** 2
    if isinstance(t, dict):
        return np.sum(t["a"] * x) + t["b"] ** 2
    return np.sum(t.scale * x) + np.sum(t.shift**2)


def test_tuples_lists_and_dicts():
    for make in (
        lambda a, b: (a, b),
        lambda a, b: [a, b],
        lambda a, b: Pair(a, b),
        lambda a, b: {"a": a, "b": b},
    ):
        got = exact(weigh, make(X * 2, 3.0), X)
        want = make(X, 6.0)
        assert type(got) is type(want)
        keys = ("a", "b") if isinstance(want, dict) else (0, 1)
        np.testing.assert_array_equal(got[keys[0]], X)
        assert got[keys[1]] == 6.0


def test_nested_structures():
    def loss(params):
        total = 0.0
        for layer in params["layers"]:
            total = total + np.sum(layer["w"] ** 2) * layer["b"]
        return total * params["scale"]

    params = {"layers": [{"w": X, "b": 2.0}, {"w": 2 * X, "b": 3.0}], "scale": 0.5}
    got = exact(loss, params)
    np.testing.assert_allclose(got["layers"][1]["w"], 2 * 2 * X * 3.0 * 0.5)
    np.testing.assert_allclose(got["layers"][0]["b"], np.sum(X**2) * 0.5)
    np.testing.assert_allclose(got["scale"], 2 * np.sum(X**2) + 3 * np.sum(4 * X**2))


def test_dataclasses():
    got = exact(weigh, Settings(2.0, X), X)
    assert type(got) is Settings
    assert got.scale == np.sum(X)
    np.testing.assert_array_equal(got.shift, 2 * X)
    assert (got.name, got.count) == ("settings", 2)
    frozen = exact(lambda t, x: weigh(t.inner, x) * t.scale, Frozen(3.0, Settings(2.0, X)), X)
    assert type(frozen) is Frozen
    np.testing.assert_array_equal(frozen.inner.shift, 6 * X)


def test_objects_give_dicts_of_their_float_fields():
    got = exact(weigh, Plain(2.0, X), X)
    assert got["scale"] == np.sum(X)
    np.testing.assert_array_equal(got["shift"], 2 * X)


def test_what_is_not_used_has_gradient_zero():
    gx, gy = exact(lambda x, y: np.sum(x**2), X, (X, 1.0), argnums=(0, 1))
    np.testing.assert_array_equal(gx, 2 * X)
    np.testing.assert_array_equal(gy[0], np.zeros(3))
    assert gy[1] == 0.0
    assert type(gy[1]) is float


def test_a_constant_function_has_gradient_zero():
    assert exact(lambda x: 3.0, 2.0) == 0.0
    np.testing.assert_array_equal(exact(lambda x: 3.0, X), np.zeros(3))


# -- functions of every kind ----------------------------------------------------------------


class Spring:
    def __init__(self, k):
        self.k = k

    def energy(self, x):
        return 0.5 * self.k * np.sum(x * x)

    def __call__(self, x):
        return self.energy(x)

    @staticmethod
    def static(x):
        return np.sum(x**3)


@pytest.mark.parametrize(
    "function, want",
    [
        (Spring(3.0).energy, 3 * X),
        (Spring(3.0), 3 * X),
        (Spring.static, 3 * X**2),
        (functools.partial(Spring.energy, Spring(2.0)), 2 * X),
        (functools.partial(product, z=3.0, y=X), 3 * X),
        (functools.partial(product, X), 2 * X),
        (lambda x: np.sum(x**2), 2 * X),
        (sorix.compile(energy), slope(X)),
        (np.sum, np.ones(3)),
        (functools.partial(np.dot, X), X),
    ],
    ids=["method", "object", "static", "partial method", "partial", "partial positional"]
    + ["lambda", "compiled", "numpy", "partial of numpy's"],
)
def test_callables(function, want):
    np.testing.assert_allclose(exact(function, X), want, rtol=1e-14)


def test_lambdas_on_one_line():
    f, g = (lambda x: x**2), (lambda x: x**3)
    assert (exact(f, 3.0), exact(g, 3.0)) == (6.0, 27.0)


def test_closures_are_live():
    scale = 2.0

    def scaled(x):
        return np.sum(scale * x)

    gradient = grad(scaled, fallback="error")
    assert gradient(X).tolist() == [2.0, 2.0, 2.0]
    scale = 5.0
    assert gradient(X).tolist() == [5.0, 5.0, 5.0]


def test_the_gradient_is_still_called_as_the_function_was():
    assert grad(energy).__name__ == "energy"
    with pytest.raises(TypeError, match="missing a required argument"):
        grad(energy)()


# -- higher order ---------------------------------------------------------------------------


def test_gradients_of_gradients():
    f = lambda x: np.sin(x) * x**2  # noqa: E731
    x, h = 0.7, 1e-3
    want = f(x)
    g = f
    for _ in range(3):
        before, g = g, grad(g, fallback="error")
        want = (before(x - 2 * h) - 8 * before(x - h) + 8 * before(x + h) - before(x + 2 * h)) / (
            12 * h
        )
        np.testing.assert_allclose(g(x), want, rtol=1e-9)


@pytest.mark.parametrize("transform", [sorix.func.grad, sorix.func.jacfwd, sorix.func.hessian])
def test_derivatives_of_derivatives_of_functions_without_a_text(transform):
    np.testing.assert_allclose(transform(grad(np.exp))(0.5), np.exp(0.5), rtol=1e-14)
    np.testing.assert_allclose(grad(transform(math.exp))(0.5), np.exp(0.5), rtol=1e-14)


@pytest.mark.parametrize("make", [lambda f: f, sorix.compile], ids=["plain", "compiled"])
def test_gradients_of_gradients_of_a_compiled_function(make):
    def cubed(x):
        return x**3

    f = make(cubed)
    assert grad(f)(2.0) == 12.0
    assert grad(grad(f))(2.0) == 12.0
    assert grad(grad(grad(f)))(2.0) == 6.0


def test_a_hessian_vector_product():
    def f(x):
        return np.sum(x**3) + x[0] * x[1] ** 2

    gradient = grad(f)
    v = np.array([1.0, 2.0, 3.0])
    got = exact(lambda x: np.dot(gradient(x), v), X)
    want = 6 * X * v + np.array([2 * X[1] * v[1], 2 * X[1] * v[0] + 2 * X[0] * v[1], 0.0])
    np.testing.assert_allclose(got, want, rtol=1e-13)


def test_a_gradient_made_inside():
    def f(x, y):
        return np.sum(x**3 * y)

    def g(x, y):
        value, (gx, gy) = value_and_grad(f, argnums=(0, 1))(x, y)
        return value + np.sum(gx * gy)

    x, y = np.array([1.0, 2.0]), np.array([0.5, -1.0])
    # f = x^3 y, gx gy = 3 x^5 y
    np.testing.assert_allclose(exact(g, x, y), 3 * x**2 * y + 15 * x**4 * y)
    np.testing.assert_allclose(exact(g, x, y, argnums=1), x**3 + 3 * x**5)


def test_a_gradient_of_a_closure_made_inside():
    def outer(x, steps):
        for _ in range(steps):
            x = x - 0.1 * grad(lambda z: np.sum(z**4))(x)
        return np.sum(x)

    def by_hand(x):
        bar = np.ones(3)
        first = x - 0.4 * x**3
        bar = bar * (1 - 1.2 * first**2)
        return bar * (1 - 1.2 * x**2)

    x = np.array([0.5, -1.0, 0.2])
    np.testing.assert_allclose(exact(outer, x, 2), by_hand(x), rtol=1e-13)


def test_a_gradient_inside_a_compiled_function():
    gradient = grad(energy)

    @functools.partial(sorix.compile, fallback="error")
    def loss(x):
        return (gradient(x) ** 2).sum()

    x = sorix.tensor(X, requires_grad=True)
    value = loss(x)
    np.testing.assert_allclose(value.item(), np.sum(slope(X) ** 2), rtol=1e-13)
    value.backward()
    want = 2 * slope(X) * (2 * np.cos(X) - np.sin(X) * X)
    np.testing.assert_allclose(x.grad.data, want, rtol=1e-13)
    np.testing.assert_allclose(loss(X), np.sum(slope(X) ** 2), rtol=1e-13)


# -- refusals -------------------------------------------------------------------------------


def test_an_array_as_result_is_refused():
    for fallback in ("tape", "error"):
        with pytest.raises(NonScalarError, match=r"array of shape \(3,\)"):
            grad(lambda x: x * 2, fallback=fallback)(X)
    with pytest.raises(NotDifferentiableError, match="return one number"):
        grad(lambda x: (np.sum(x), 1.0))(X)


def test_integers_have_no_gradient():
    for value in (3, np.arange(3), True, np.int64(3)):
        with pytest.raises(NotDifferentiableError, match="only floats have one"):
            grad(lambda x: np.sum(x * 2.0))(value)
    with pytest.raises(NotDifferentiableError):
        grad(lambda x: np.sum(x * 2.0))("text")


def test_an_integer_beside_a_float_is_a_constant():
    np.testing.assert_allclose(exact(lambda x, n: np.sum(x**n), X, 3), 3 * X**2)
    with pytest.raises(NotDifferentiableError, match="only floats have one"):
        grad(lambda x, n: np.sum(x**n), 1)(X, 3)


def test_what_the_compiler_refuses_runs_on_the_tape():
    def odd(x, scale):
        global CALLS
        CALLS += 1
        return np.sum(x["a"] * x["b"][0]) * scale

    args = ({"a": X, "b": [2.0]}, 3.0)
    with pytest.raises(UnsupportedSyntaxError, match="global"):
        grad(odd, fallback="error")(*args)
    gradient = grad(odd, argnums=(0, -1))
    with pytest.warns(FallbackWarning, match="odd.. runs on the eager tape"):
        got, scale = gradient(*args)
    np.testing.assert_array_equal(got["a"], 6 * np.ones(3))
    assert got["b"] == [3 * np.sum(X)]
    assert scale == np.sum(X) * 2.0
    assert type(scale) is float
    gradient(*args)  # Warns once.


def test_on_the_tape_arguments_stay_as_they_are_and_kinds_are_kept():
    def odd(x, u):
        global CALLS
        CALLS += 1
        return np.sum(np.sin(x) * u)

    for x in (2.0, np.float32(2.0), np.array(2.0), X, X.astype(np.float32)):
        u = np.ones(3)
        with pytest.warns(FallbackWarning):
            value, got = value_and_grad(odd)(x, u)
        assert type(got) is type(x)
        assert getattr(got, "dtype", None) == getattr(x, "dtype", None)
        np.testing.assert_allclose(value, odd(x, u), rtol=1e-6)
        assert u.tolist() == [1.0, 1.0, 1.0]


def test_every_refusal_is_an_error_of_ours():
    def unknown(x):
        return np.sum(np.i0(x))

    with pytest.raises(SorixError):
        exact(unknown, X)


def test_an_option_that_does_not_exist():
    with pytest.raises(ValueError, match="fallback"):
        grad(energy, fallback="maybe")


def test_names_in_argnums_are_answered_with_what_to_write() -> None:
    for values in (X, 2.0):
        with pytest.raises(TypeError, match=r"argnums is an? .* as in grad\(f\)\(x\)"):
            grad(energy, values)
    for values in (X, 2.0, None):
        with pytest.raises(
            TypeError, match=r"a function is wanted, not .* pass f itself, not f\(x\)"
        ):
            grad(values)
    with pytest.raises(TypeError, match="argnums='x' is not a position"):
        sorix.func.grad(lambda x: x, argnums="x")  # type: ignore[arg-type]


def test_a_text_has_no_gradient() -> None:
    with pytest.raises(NotDifferentiableError, match="which is a str"):
        sorix.func.grad(lambda x: 2.0)("text")


@functools.singledispatch
def _dispatched(x):
    return x


@_dispatched.register
def _(x: float):
    return x**3


class _Scaled:
    factor = 2.0

    @functools.singledispatchmethod
    def of(self, x):
        return x

    @of.register
    def _(self, x: float):
        return self.factor * x**2


class _Tripled:
    def __init__(self, function):
        functools.update_wrapper(self, function)
        self.function = function

    def __call__(self, x):
        return 3 * self.function(x)


@_Tripled
def _tripled_square(x):
    return x * x


@pytest.mark.parametrize(
    ("function", "expected"),
    [(_dispatched, (8.0, 12.0)), (_Scaled().of, (8.0, 8.0)), (_tripled_square, (12.0, 12.0))],
)
def test_what_stands_around_a_function_is_not_passed_over(function, expected) -> None:
    assert value_and_grad(function, fallback="error")(2.0) == expected
    assert value_and_grad(lambda x: function(x), fallback="error")(2.0) == expected
    assert sorix.func.jvp(function, (2.0,), (1.0,)) == expected


def test_functions_without_a_text_are_differentiated() -> None:
    assert grad(math.sin)(1.0) == math.cos(1.0)
    assert grad(max, argnums=(0, 1))(2.0, 3.0) == (0.0, 1.0)
    assert grad(np.ndarray.sum)(np.zeros(3)).tolist() == [1.0, 1.0, 1.0]
    assert grad(np.arange(3.0).dot)(np.ones(3)).tolist() == [0.0, 1.0, 2.0]


def test_argnums_may_be_an_integer_of_numpys() -> None:
    assert grad(lambda x, y: x * y, argnums=np.int64(1))(2.0, 3.0) == 2.0


def test_its_representation_says_what_it_is_of() -> None:
    line = energy.__code__.co_firstlineno
    place = f"test_transforms.py:{line}"
    assert repr(grad(energy)) == f"<sorix.func.grad of energy at {place}, argnums=0>"
    assert repr(value_and_grad(product, (0, 1))).startswith("<sorix.func.value_and_grad of product")
    assert repr(grad(product, (0, 1), has_aux=True)).endswith("argnums=(0, 1), has_aux=True>")
    assert repr(grad(np.sum)) == "<sorix.func.grad of sum, argnums=0>"
    assert repr(grad(functools.partial(product, X))).startswith("<sorix.func.grad of product at")
    assert repr(grad(grad(energy))) == f"<sorix.func.grad of {grad(energy)!r}, argnums=0>"
    assert repr(sorix.func.jacrev(energy)).startswith("<sorix.func.jacrev of energy at")
    assert repr(sorix.compile(energy)).startswith("<sorix.compile of energy at test_transforms.py:")


@pytest.mark.filterwarnings("ignore::sorix.errors.FallbackWarning")
@pytest.mark.parametrize("way", [sorix.func.grad, sorix.compile])
def test_what_the_program_raises_on_the_tape_comes_without_the_refusal(way) -> None:
    def imports(x: Any) -> Any:
        import nowhere_to_be_found

        return nowhere_to_be_found.f(x)

    with pytest.raises(ModuleNotFoundError) as raised:
        way(imports)(0.5)
    assert raised.value.__context__ is None


class Spring:
    stiffness = 2.0

    def energy(self, x):
        stretch = x - 1.0
        total = 0.0
        for i in range(len(x)):
            total += self.stiffness * stretch[i] ** 2
        return total

    def __call__(self, x):
        return np.sum(np.sin(x)) * self.stiffness


@pytest.mark.parametrize(
    "function, line",
    [
        (Spring().energy, "stretch = x - 1.0"),
        (Spring(), "return np.sum(np.sin(x)) * self.stiffness"),
    ],
)
def test_the_text_names_the_lines_of_a_method(function, line):
    gradient = sorix.func.grad(function, fallback="error")
    gradient(np.array([0.3, 0.8]))
    assert f"  {line}\n" in gradient.source


def centres_moved(points, centres):
    c = centres.copy()
    for p in points:
        k = int(np.argmin([np.sum((p - centre) ** 2) for centre in c]))
        c[k] = 0.9 * c[k] + 0.1 * p
    return np.sum(c**2)


def test_a_name_of_a_comprehension_makes_no_size_a_fact():
    gradient = sorix.func.grad(centres_moved, fallback="error")
    rng = np.random.default_rng(3)
    for n, k in ((5, 2), (8, 3)):
        gradient(rng.normal(size=(n, 2)), rng.normal(size=(k, 2)))
    assert len(gradient._dispatcher.entries) == 1
