"""try, except, finally, with: their handlers run in the primal."""

import contextlib
import math

import numpy as np

from tests.corpus.registry import program


@program(args=(0.5,))
def try_that_succeeds(x):
    try:
        y = math.log(x)
    except ValueError:
        y = 0.0
    return y * x


@program(args=(-0.5,))
def handler_taken(x):
    try:
        y = math.sqrt(x)
    except ValueError:
        y = x * x
    return y * 3


@program(args=(0.5,))
def try_finally(x):
    calls = []
    try:
        y = x**3
    finally:
        calls.append(1)
    return y * len(calls)


@program(args=(0.5,))
def try_else(x):
    try:
        y = np.exp(x)
    except (ValueError, ZeroDivisionError):
        y = 0.0
    else:
        y = y + x
    return y


@program(args=(0.5, {"a": 2.0}))
def missing_key(x, table):
    try:
        scale = table["b"]
    except KeyError:
        scale = table["a"] * 2
    return scale * x**2


@program(args=(np.array([0.5, 0.0, 2.0]),))
def with_errstate(x):
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.where(x > 0.1, np.log(np.where(x > 0.1, x, 1.0)), x)
    return np.sum(y**2)


@program(args=(0.5,))
def raise_and_catch_own_error(x):
    def checked(v):
        if v < 1:
            raise ArithmeticError("too small")
        return v

    try:
        y = checked(x)
    except ArithmeticError:
        y = 1 + x**2
    return y


@program(args=(0.5,))
def suppress(x):
    y = x
    with contextlib.suppress(ZeroDivisionError):
        y = y + 1.0 / x
    return y * x**2


@program(args=(0.5, 0))
def zero_division_handled(x, n):
    try:
        w = 1 / n
    except ZeroDivisionError:
        w = 7.0
    return w * x**2


@contextlib.contextmanager
def _scaled(factor):
    yield factor * 2


@program(args=(0.5,))
def own_context_manager(x):
    with _scaled(3.0) as s:
        y = s * x**2
    return y


class _Recorder:
    def __init__(self):
        self.total = 0.0

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.total = self.total * 2
        return False

    def add(self, value):
        self.total = self.total + value


@program(args=(np.array([0.5, 1.5]),))
def context_manager_class(x):
    with _Recorder() as r:
        for v in x:
            r.add(v**2)
    return r.total


@program(args=(np.array([-1.0, 2.0, 0.5]),))
def stores_beyond_the_end(x):
    a, items = np.zeros(3), list(x)
    try:
        a[5] = x[0]
    except IndexError:
        a[1] = x[0] ** 2
    try:
        a[0] = 5 * a[1]
        a[-7] *= 3.0
    except IndexError:
        a[2] = a[0] * x[2]
    try:
        items[7] = 3.0
    except IndexError:
        items.append(2 * x[0])
    return np.sum(a**2) + sum(v * v for v in items)


@program(args=(np.array([-1.0, 2.0, 0.5]), 5))
def rows_and_columns_beyond_the_edge(x, n):
    a, m = np.zeros((3, 3)), np.outer(x, x)
    for i in range(n):
        try:
            a[:, i] += x * m[i % 3, 1]
            row = m[i + 1]
            a[i, 0] = row[1]
        except IndexError:
            a[1][2] += x[0] * i
        try:
            a[i] += m[i]
        except IndexError:
            a[2] += m[1] * i
    return np.sum(a * a)


@program(args=(np.array([[0.5, 0.2], [0.1, 0.5]]),))
def only_whether_it_fails_is_asked(a):
    good = 1.0
    try:
        np.linalg.eigvalsh(a)
    except np.linalg.LinAlgError:
        good = 0.0
    return np.sum(a**3) * good


def _splits(x, n):
    try:
        x.reshape(n, -1)
    except ValueError:
        return False
    return True


@program(args=(np.array([0.3, 0.7, 1.1, 0.9]), 2))
def a_predicate_that_tries(x, n):
    return np.sum(x**2) if _splits(x, n) else np.sum(x**3)


@program(args=(np.array([0.3, 0.7, 1.1, 0.9, 0.2, 0.4]),))
def tried_in_a_loop_and_carried_on(x):
    tried, total = x, 0.0
    for i in range(3):
        try:
            tried = np.reshape(tried, (i + 1, -1))
            total += x[i] ** 3
        except ValueError:
            total += x[i]
    return total * np.sum(x**2)


@program(args=(np.array([0.3, 0.7, 1.1, 0.9]), 4))
def only_the_size_of_what_may_fail_is_used(x, n):
    try:
        count = np.size(x + np.ones(n))
    except ValueError:
        return np.sum(x**3)
    return np.sum(x**2) * count


def _halved(x, depth):
    if depth == 0:
        return x
    below = _halved(x * 1.1, depth - 1)
    np.reshape(x, (depth, -1))
    return below


@program(args=(np.array([0.3, 0.7, 1.1, 0.9]), 2))
def tried_at_each_level_of_a_recursion(x, depth):
    try:
        y = _halved(x, depth)
    except ValueError:
        return np.sum(x**3)
    return np.sum(x**2) + y[0] ** 2


@program(args=(np.array([0.3, 0.7, 1.1, 0.9]), 2))
def tried_in_the_condition_of_a_while(x, n):
    total, k = 0.0, 0
    try:
        while (t := (np.sum(np.reshape(x, (n, -1))) if k > 1 else x[0])) > total:
            total += t * x[0] * x[1]
            k += 1
            if k > 6:
                break
    except ValueError:
        return np.sum(x**3)
    return total * x[2]


@program(args=(np.array([0.3, 0.7, 1.1, 0.9]), 2))
def tried_only_on_one_way(x, n):
    try:
        if x[0] > 0.5:
            y = np.sum(np.reshape(x, (n, -1)))
        else:
            y = 2.0 * x[1]
        np.reshape(x, (n, -1))
    except ValueError:
        return np.sum(x**3)
    return np.sum(x**2) * y


@program(args=(np.array([0.3, 0.7, 1.1, 0.9]), 2))
def suppressed_beside_the_result(x, n):
    y = x
    with contextlib.suppress(ValueError):
        x.reshape(n, -1)
        y = x**2
    return np.sum(y * x)


@program(args=(np.array([0.3, 0.7, 1.1, 0.9]),))
def shapes_that_never_fit(x):
    try:
        y = np.zeros((2, 3)) + np.zeros((3, 2))
    except ValueError:
        y = x * 2
    try:
        y = np.ones((2, 3)) @ y.reshape(2, 2)
    except ValueError as error:
        y = y * (len(str(error)) > 20)
    return np.sum(y * x)


def _product(v):
    w = np.ones((2, 3)) @ v.reshape(2, 2)
    return np.sum(w)


@program(args=(np.array([0.3, 0.7, 1.1, 0.9]),))
def misfit_in_a_function_called_in_a_loop(x):
    total = 0.0
    for i in range(3):
        try:
            total += _product(x)
        except ValueError:
            total += x[i] ** 3
    return total


@program(args=(np.array([0.3, 0.7, 1.1, 0.9]), 4))
def misfit_on_one_way_and_cleaned_up(x, n):
    if n > 3:
        try:
            y = np.linalg.solve(np.eye(3), np.ones(2))
        except (KeyError, ValueError):
            y = x**2
        finally:
            x = x * 2
    else:
        y = x
    return np.sum(y * x)


@program(args=(np.array([0.3, 0.7, 1.1, 0.9]),))
def ranks_and_squares_that_do_not_fit(x):
    try:
        y = np.concatenate([x, np.ones((2, 4))])
    except ValueError:
        y = x**2
    try:
        np.linalg.inv(np.ones((2, 3)))
    except np.linalg.LinAlgError:
        y = y * x
    try:
        y = x.reshape(2, 2)[0, 0, 0]
    except IndexError:
        y = y + x
    m = np.ones((2, 3))
    try:
        m += np.ones((3, 3))
    except ValueError:
        m[0, 1] = x[1]
    return np.sum(y * x) * np.sum(m)


@program(args=(np.array([0.3, 0.7, 1.1, 0.9]),))
def axes_that_may_not_be_there(x):
    m = np.outer(x, x)
    try:
        return np.sum(np.mean(m, axis=(0, -1)) * np.sum(x, axis=0))
    except ValueError:
        return np.sum(x)


def _grown(x, n):
    if x[0] > 3.0:
        return np.sum(x * x)
    np.reshape(x, (n, -1))
    return _grown(x * 1.5, n) * x[1]


@program(args=(np.array([0.3, 0.7, 1.1, 0.9]), 2))
def tried_in_a_recursion_that_data_end(x, n):
    try:
        _grown(x, n)
        y = _grown(x[::-1], n)
    except ValueError:
        return np.sum(x**3)
    return np.sum(x**2) * y
@program(args=(np.array([0.4, -0.3, 0.8, 0.1]),))
def views_in_a_loop_inside_a_try(x):
    work = np.tanh(x)
    try:
        for i in range(3):
            part = work[i:]
            part *= 1.0 + x[i]
        total = np.sum(work)
    except ValueError:
        total = 0.0
    return total * x[0]


@program(args=(np.array([0.4, -0.3, 0.8, 0.1]),))
def handler_reads_what_the_loop_left(x):
    seen, scale = 2 * x, 1.0
    try:
        for v in x:
            scale = 3.0
            seen = v * x
            if v > 0.5:
                raise ValueError
            scale = 2.0
            seen = x + v
    except ValueError:
        return scale * np.sum(seen**2)
    return np.sum(seen)


@program(args=(np.array([0.4, -0.3, 0.8, 0.1]),))
def value_before_a_suppressed_exception(x):
    total = 0.0
    for v in x:
        with contextlib.suppress(ZeroDivisionError, ValueError):
            y = v * v
            if v > 0.5:
                raise ValueError
            y = 3 * v
        total += y * x[1]
    return total


@program(args=(np.array([0.7, -0.4, 1.3, 0.2]),))
def loops_left_by_exceptions_with_a_name_nobody_reads(x):
    i, total = 0, 0.0
    try:
        while True:
            total += x[i] * x[i]
            i += 1
    except IndexError as error:
        pass
    for k in range(4):
        try:
            if x[k] < 0.0:
                raise ValueError(k)
            total += math.log(x[k])
        except ValueError as error:
            total += x[k]
    error = 3.0
    try:
        if x[0] > 0.0:
            raise ValueError
    except ValueError as error:
        total *= x[1]
    try:
        return total * error
    except UnboundLocalError:
        return total * x[2]
