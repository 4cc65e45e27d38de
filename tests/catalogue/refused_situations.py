"""Uses of sorix that are refused before, or after, a program is read."""

import functools
import math

import numpy as np

import sorix
import sorix.func
from sorix.func.eager import eager_value_and_grad
from tests.catalogue.registry import situation

X = np.array([0.6, 0.2])


@situation
def cached_function_of_the_library():
    sorix.func.grad(functools.lru_cache(math.gamma), fallback="error")(0.5)


@situation
def function_made_of_text():
    scope = {}
    exec("def square(x):\n    return x * x\n", scope)
    sorix.func.grad(scope["square"], fallback="error")(0.5)


@situation
def no_auxiliary_value():
    sorix.func.grad(lambda x: x**2, has_aux=True, fallback="error")(0.5)


@situation
def arguments_that_share_memory():
    def scaled(x, y):
        x[0] = 2.0
        return np.sum(y * x[0])

    a = np.array([0.6, 0.2, 0.9])
    sorix.compile(scaled, fallback="error")(a, a[:2])


@situation
def shuffling_on_the_tape():
    def mixed(x):
        rows = x * 2
        np.random.default_rng(0).shuffle(rows)
        return rows[0] @ rows[1]

    eager_value_and_grad(mixed, [0], False, (np.array([X, 2 * X]),), {})


@situation
def drawing_again_for_a_second_derivative():
    rng = np.random.default_rng(0)
    noisy = sorix.compile(lambda x: x**2 * rng.normal())
    x = sorix.tensor(0.6, requires_grad=True)
    sorix.grad(noisy(x), x, create_graph=True)


@situation
def gradient_of_an_integer_on_the_tape():
    sorix.func.grad(lambda n: eval("n * 2.0"))(3)


@situation
def direction_of_an_integer():
    sorix.func.jvp(lambda n: n * 2.0, (3,), (1.0,))


@situation
def cotangent_of_what_is_not_changed():
    _, pullback = sorix.func.vjp(lambda x: np.sum(x**2), X)
    pullback(1.0, changed={"x": X})


@situation
def tangents_of_a_procedure():
    def double(x):
        x *= 2

    sorix.func.jvp(double, (X,), (X,))


@situation
def exception_that_the_program_handles():
    def total(a):
        try:
            return np.sum(np.linalg.svd(a, full_matrices=False)[1])
        except np.linalg.LinAlgError:
            return np.sum(a)

    sorix.func.grad(total, fallback="error")(np.full((2, 2), np.nan))


@situation
def text_before_the_first_call():
    sorix.compile(lambda x: x**2).source


@situation
def gradient_text_before_the_first_call():
    sorix.func.grad(lambda x: x**2).source


@situation
def loops_nested_deeper_than_python_allows():
    def inner(x):
        t = 0.0
        for a in x:
            for b in x:
                for c in x:
                    for d in x:
                        for e in x:
                            for f in x:
                                t += a * b * c * d * e * f
        return t

    def outer(x):
        t = 0.0
        for a in x:
            for b in x:
                for c in x:
                    for d in x:
                        for e in x:
                            t += a * b * c * d * e * inner(x)
        return t

    def outermost(x):
        t = 0.0
        for a in x:
            for b in x:
                for c in x:
                    for d in x:
                        for e in x:
                            for f in x:
                                for g in x:
                                    for h in x:
                                        for i in x:
                                            for j in x:
                                                t += a * b * c * d * e * f * g * h * i * j * outer(x)
        return t

    sorix.func.grad(outermost, fallback="error")(X)


@situation
def floats_of_a_set_have_no_cotangent():
    sorix.func.vjp(lambda rates, x: x * 2.0, {0.3, 0.4}, 0.6)


@situation
def result_is_an_object_of_the_callers():
    sorix.func.jvp(lambda body: body, (Body(0.6),), (Body(1.0),))


@situation
def argument_contains_itself():
    ring = [0.6]
    ring.append(ring)
    sorix.func.jvp(lambda r: r[0] ** 2, (ring,), (None,))


@situation
def field_leads_back_to_its_object():
    body = Body(0.6)
    body.next = body
    sorix.func.grad(lambda b: b.mass**2)(body)


class Body:
    def __init__(self, mass):
        self.mass = mass


@situation
def list_of_integers():
    sorix.func.grad(lambda x: x[0] * x[1])([1, 2])


@situation
def rows_of_integers():
    sorix.func.grad(lambda a: np.sum(np.array(a) ** 2))([[1, 2], [3, 4]])


@situation
def gradient_of_what_returns_its_argument():
    sorix.func.grad(lambda x: x)(X)


@situation
def gradient_of_a_text():
    sorix.func.grad(lambda x: "x")(0.5)


@situation
def direction_of_a_list_of_integers():
    sorix.func.jvp(lambda x: x[0] * x[1], ([1, 2],), ([1, 0],))


@situation
def pullback_to_an_integer():
    sorix.func.vjp(lambda x: x**2, 3)
