"""Derivatives inside of a program, and what is computed again for one."""

import contextlib
from unittest import mock

import numpy as np

import sorix
import sorix.func
from sorix.primitives import elementwise, table
from tests.catalogue.registry import refused, situation

X = np.array([0.6, 0.2, 0.9])


@refused(0.6)
def inner_derivative_by_a_counter(x):
    return x * sorix.func.grad(lambda k: k * 2.0)(3)


@refused(0.6)
def inner_derivative_by_a_range(x):
    return x * len(sorix.func.grad(lambda steps: 2.0)(range(3)))


@refused(0.6)
def inner_derivative_by_a_text(x):
    return x * len(sorix.func.grad(lambda name: 2.0)("name"))


def _inside_itself(x):
    if x > 10.0:
        return x * x
    return sorix.func.grad(_inside_itself)(x * 2.0) * x


@refused(0.6)
def differentiates_itself_inside(x):
    return _inside_itself(x)


@refused(X, way="tensors")
def derivative_in_a_loop_that_data_end(x):
    y = x
    while (y * y).sum().item() < 10.0:
        y = y + sorix.grad((y * x * x).sum(), x, create_graph=True)[0]
    return y.sum()


@refused(X, way="tensors")
def derivative_in_a_branch_of_a_loop_before(x):
    loss = x.sum()
    for _ in range(3):
        loss = loss * x.sum()
    if loss.item() > 0.0:
        loss = loss + sorix.grad(loss, x, create_graph=True)[0].sum()
    return loss


def _numbers(x):
    yield x
    yield 2 * x


@refused(0.6)
def checkpoint_that_returns_a_generator(x):
    return sum(sorix.checkpoint(lambda v: _numbers(v * 2))(x))


@refused(X)
def segments_of_an_unknown_step(x):
    total = 0.0
    for k in sorix.checkpoint(range(0, 3, 1 if x[0] > 0.1 else 2)):
        total = total + x[k] * total
    return total


@contextlib.contextmanager
def _where_positive(x):
    if x > 0.0:
        yield 2.0


@refused(0.6)
def context_that_yields_in_a_branch(x):
    with _where_positive(x) as factor:
        x = x * factor
    return x


@refused(X)
def loops_over_a_context(x):
    return sum(v for v in _where_positive(x[0]))


@situation
def rule_with_a_method_that_is_not_known():
    def opposite(x):
        return -x

    with mock.patch.dict(table._rules):

        @elementwise(opposite)
        def opposite_rule(y, x):
            return x.byteswap()

        sorix.func.grad(lambda x: np.sum(opposite(x)), fallback="error")(X)


@situation
def rule_that_makes_an_array_of_values():
    with mock.patch.dict(table._rules):

        @elementwise(_cube)
        def cube_rule(y, x):
            return np.array([3.0 * x[0] ** 2, 3.0 * x[1] ** 2])

        sorix.func.grad(lambda x: np.sum(_cube(x)), fallback="error")(X)


@situation
def rule_that_branches_on_a_value():
    with mock.patch.dict(table._rules):

        @elementwise(_cube)
        def cube_rule(y, x):
            return 3.0 * x**2 if np.all(x > 0) else 0.0 * x

        sorix.func.grad(lambda x: np.sum(_cube(x)), fallback="error")(X)


@situation
def import_of_what_is_not_installed():
    def imports(x):
        import nowhere_to_be_found

        return nowhere_to_be_found.f(x)

    sorix.func.grad(imports, fallback="error")(0.5)


@situation
def rule_that_leaves_an_argument_out():
    with mock.patch.dict(table._rules):

        @elementwise(_product)
        def product_rule(z, x, y):
            return y

        sorix.func.grad(lambda x: np.sum(_product(x, x)), fallback="error")(X)


@situation
def value_of_a_function_with_a_rule_of_ones_own():
    def opposite(x):
        return -x

    with mock.patch.dict(table._rules):

        @elementwise(opposite)
        def opposite_rule(y, x):
            return -1.0

        sorix.func.grad(lambda x: np.sum(opposite(x) * x), fallback="error")(X)


def _cube(t):
    return t**3


def _product(x, y):
    return x * y


@refused(0.6)
def inner_primals_that_are_no_tuple(x):
    return sorix.func.jvp(_cube, x, (1.0,))[1]


@refused(0.6)
def inner_primals_without_tangents(x):
    return sorix.func.jvp(_cube, (x,), ())[1]


@refused(0.6)
def inner_pullback_with_a_named_argument(x):
    return sorix.func.vjp(_cube, t=x)[0]


@refused(0.6)
def inner_directions_in_a_try_statement(x):
    try:
        return sorix.func.jvp(_cube, (x,), (1.0,))[1]
    except ZeroDivisionError:
        return x


@refused(X)
def inner_pullback_of_a_changed_argument(x):
    def double(a):
        a *= 2.0

    return sorix.func.vjp(double, x)[1](None, {"a": x})[0][0]


@refused(0.6)
def inner_tangent_of_an_integer(x):
    return sorix.func.jvp(lambda t, n: t**n, (x, 3), (1.0, 1.0))[1]


@refused(0.6)
def inner_tangent_that_is_a_function(x):
    return sorix.func.jvp(_cube, (x,), (_cube,))[1]


@refused(X)
def inner_tangent_of_another_shape(x):
    return np.sum(sorix.func.jvp(_cube, (x,), (1.0,))[1])


@refused(0.6)
def inner_tangent_of_another_structure(x):
    return sorix.func.jvp(lambda p: p[0] * p[1], ((x, x),), ((1.0,),))[1]


@refused(0.6)
def inner_derivative_of_a_truth_value(x):
    return x * sorix.func.grad(lambda t: t > 0.5)(x)


@refused(X)
def inner_derivative_of_an_array(x):
    return np.sum(sorix.func.grad(_cube)(x))


class _Box:
    def __init__(self, a):
        self.a = a


@refused(0.6)
def inner_function_returns_an_object_and_writes(x):
    kept = np.zeros(1)

    def f(t):
        kept[0] = t
        return _Box(t * t)

    return sorix.func.jvp(f, (x,), (1.0,))[1].a + kept[0]


@refused(0.2)
def none_where_a_derivative_is_asked_for(x):
    if x > 5.0:
        return x


@refused(0.2)
def truth_value_where_a_derivative_is_asked_for(x):
    return x > 5.0


@situation
def tensor_where_an_array_is_asked_for():
    sorix.func.jvp(_cube, (sorix.tensor(2.0),), (1.0,))


@situation
def gradient_through_a_tensor_from_outside():
    weight = sorix.tensor(2.0, requires_grad=True)
    sorix.func.grad(lambda x: x * weight)(3.0)


@refused(0.6)
def functions_of_iterations_that_data_count(x):
    g, y = _cube, x
    while y > 0.1:
        g = _around(g)
        y = y / 2.0
    return g(x)


def _around(h):
    return lambda t: h(t) * t


@situation
def complex_number_of_a_negative_one():
    sorix.func.grad(lambda x: abs((-x) ** 0.5))(2.0)


@situation
def complex_number_on_the_way():
    sorix.func.grad(lambda x: abs(x * np.roots([1.0, 0.0, 3.0])[0]))(2.0)


@situation
def complex_number_as_the_result():
    sorix.func.jvp(lambda x: x * np.roots([1.0, 0.0, 3.0])[0], (2.0,), (1.0,))


@situation
def gradient_of_a_class():
    sorix.func.grad(_Box)(2.0)


def _printing(x):
    print("called")
    return x * x


@refused(X)
def jacobian_of_what_prints_inside(x):
    return np.sum(sorix.func.jacrev(_printing)(x))


@refused(X)
def jacobian_of_two_arrays_inside(x):
    return np.sum(sorix.func.jacrev(lambda v: (v, v))(x)[0])


@refused(0.6)
def jacobian_by_a_list_inside(x):
    return sorix.func.jacfwd(lambda p: p[0] * p[1])([x, x])[0]


@situation
def jacobian_of_nothing():
    sorix.func.jacrev(lambda x: None)(X)


@situation
def jacobian_by_columns_of_what_draws():
    rng = np.random.default_rng(0)
    sorix.func.jacfwd(lambda x: x * rng.normal())(X)


@situation
def text_of_a_jacobian_that_was_not_called():
    return sorix.func.jacrev(_cube).source
