"""Arrays written in place where it cannot be decided who sees the write."""

import numpy as np

import sorix.func
from tests.catalogue.registry import refused, situation

X = np.array([0.6, 0.2, 0.9])


@refused(X)
def writes_to_one_of_two_arrays(x):
    a, b = x * 2, x * 3
    c = a
    for v in x:
        c[0] += v
        if v > 0.5:
            c = b
    return np.sum(a * b)


@refused(np.ones((2, 3)) * 0.5)
def writes_through_a_reshape(a):
    b = a.T.reshape(6)
    b[0] = 2.0
    return np.sum(a * b.sum())


@refused(np.ones((2, 3)) * 0.5)
def reads_a_reshape_after_a_write(a):
    b = np.sin(a.T)
    flat = b.reshape(6)
    b[0] = 2.0
    return np.sum(flat)


@refused(np.ones((2, 3)) * 0.5)
def flattens_in_the_order_of_memory(a):
    return a.ravel(order="K")[0]


@refused(X)
def adds_floats_to_integers_in_place(x):
    counts = np.arange(3)
    counts += x
    return np.sum(counts)


@refused(X)
def fills_an_array_with_an_array(x):
    y = np.empty(3)
    y.fill(x)
    return np.sum(y)


@refused(np.ones((3, 3)) * 0.5)
def writes_through_a_diagonal(a):
    b = a * 2
    d = np.real(np.diagonal(b))
    d[0] = 2.0
    return np.sum(b)


@refused(X)
def changes_an_element_while_it_is_computed(x):
    y = x * 2

    def bump():
        y[0] = 5.0
        return 1.0

    y[0] += bump()
    return np.sum(y)


@refused(X)
def number_or_array_shared(x):
    y = x if np.sum(x) > 100 else x[0]
    z = y
    y += 1.0
    return np.sum(z)


@refused(0.6)
def element_of_a_number_is_assigned(x):
    y = x * 2
    y[0] = 1.0
    return y


@refused(0.6)
def element_of_a_tuple_is_assigned(x):
    y = (x, 2.0)
    y[0] = 1.0
    return y[0]


@refused(X)
def writes_through_a_view_of_any_rank(x):
    v = x * 1.0 if x[0] > 0.5 else np.zeros((2, 2))
    turned = np.flip(v)
    turned[0] = 7.0
    return np.sum(v)


@refused(X)
def cuts_an_array_of_any_rank_by_columns(x):
    v = x * 1.0 if x[0] > 0.5 else np.zeros((2, 2))
    return np.sum(np.hsplit(v, 1)[0])


@refused(X)
def wants_a_rank_of_an_array_of_any_rank(x):
    v = x * 1.0 if x[0] > 0.5 else np.zeros((2, 2))
    return np.sum(np.array(v, ndmin=3))


@refused(X)
def writes_into_an_array_of_the_memory_of_another(x):
    a = np.zeros(3)
    b = np.ndarray((3,), buffer=a)
    b[0] = x[0]
    return np.sum(a)


@refused(X)
def writes_into_a_buffer(x):
    a = np.zeros(3)
    np.frombuffer(a)[0] = x[0]
    return np.sum(a)
@refused(0.6)
def writes_what_a_buffer_of_an_array_shows(x):
    a = np.zeros(3)
    view = np.frombuffer(a)
    view[0] = x
    return a[0] ** 2


@refused(0.6)
def writes_an_array_that_was_trimmed(x):
    a = np.ones(3)
    trimmed = np.trim_zeros(a)
    a[0] = x
    return trimmed[0] ** 2


@refused(0.6)
def array_around_a_buffer(x):
    a = np.zeros(3)
    view = np.ndarray((3,), buffer=a)
    view[0] = x
    return a[0] ** 2


@situation
def matrix_of_an_array():
    square = lambda x: x * np.sum(np.asmatrix(np.eye(2)) ** 2)  # noqa: E731
    sorix.func.grad(square, fallback="error")(0.6)


@refused(0.6)
def masked_array_of_an_array(x):
    return x * np.ma.asarray(np.ones(2)).sum()


@refused(X)
def masked_from_itself(x):
    y = 2 * x
    y[x > -9.0] = y[::-1]
    return np.sum(y)


@refused(np.array([-0.6, 0.2, 0.9]))
def float_written_where_the_run_decides_the_dtype(x):
    y = np.vectorize(lambda v: 0 if v < 0 else v)(x).copy()
    y[0] = 2.5 * x[0]
    return np.sum(y)
