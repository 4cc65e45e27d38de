"""Exceptions: raised by the program or by Python's operations, handled, passed on, cleaned up after."""

import contextlib
import enum
import math
import sys

import numpy as np

from tests.corpus.registry import program


class TooLarge(Exception):
    def __init__(self, value, limit):
        super().__init__(value, limit)
        self.excess = value - limit


class Rejected(ValueError):
    pass


def _limited(v, limit):
    if v > limit:
        raise TooLarge(v, limit)
    return v * v


@program(args=(np.array([0.5, 3.0, 1.0]),))
def exception_in_a_loop_body(x):
    total = 0.0
    for v in x:
        try:
            total += _limited(v, 2.0)
        except TooLarge:
            total += 2 * v
    return total


@program(args=(np.array([0.5, 3.0, 1.0]),))
def exception_out_of_a_loop(x):
    total = 0.0
    try:
        for v in x:
            total += _limited(v, 2.0)
    except TooLarge:
        total = total * 10
    return total


@program(args=(np.array([0.5, 0.3, 1.0]),))
def exception_out_of_a_loop_not_raised(x):
    total = 0.0
    try:
        for v in x:
            total += _limited(v, 2.0)
    except TooLarge:
        total = total * 10
    return total


@program(args=(3.0,))
def field_of_an_exception(x):
    try:
        y = _limited(x, 2.0)
    except TooLarge as error:
        y = error.excess ** 2
    return y


@program(args=(0.7,))
def assignment_before_the_raise_is_kept(x):
    y = 0.0
    try:
        y = x**2
        if y < 1:
            raise Rejected("small")
        y = y * 100
    except ValueError:
        y = y + x
    return y


@program(args=(0.7,))
def assignment_from_a_raising_call_is_not_made(x):
    y = 3 * x
    try:
        y = _limited(x, 0.1) + 100
    except TooLarge:
        pass
    return y * x


@program(args=(0.7,))
def raise_in_the_middle_of_an_expression(x):
    calls = []

    def noted(v):
        calls.append(v)
        return v

    try:
        y = noted(x) + _limited(x, 0.1) + noted(2 * x)
    except TooLarge:
        y = sum(calls) * 5
    return y * x


@program(args=(0.7, 1), argnums=0)
def first_of_several_handlers(x, n):
    try:
        if n > 0:
            raise KeyError("a")
        if x > 0:
            raise IndexError
        y = x
    except IndexError:
        y = x**2
    except (KeyError, TypeError):
        y = x**3
    except Exception:
        y = x**4
    return y


@program(args=(0.7,))
def raised_again(x):
    y = 1.0
    try:
        try:
            _limited(x, 0.5)
        except TooLarge:
            y = x * 3
            raise
    except Exception as error:
        y = y * x
    return y


@program(args=(0.7,))
def raised_as_another(x):
    try:
        try:
            y = _limited(x, 0.5)
        except TooLarge as error:
            raise ValueError("too large") from error
    except ValueError:
        y = np.exp(x)
    return y


@program(args=(0.7,))
def finally_runs_on_both_ways(x):
    log = []
    y = x
    for limit in (0.5, 2.0):
        try:
            try:
                y = y + _limited(x, limit)
            finally:
                log.append(y * limit)
        except TooLarge:
            y = y * 2
    return y * sum(log)


@program(args=(0.7,))
def return_through_finally(x):
    log = [0.0]

    def inner(v):
        try:
            if v > 0.5:
                return v**2
            log[0] = v
        finally:
            log[0] = log[0] + v * 3
        return v

    return inner(x) + log[0] + inner(x / 10) * log[0]


@program(args=(np.array([0.7, -0.4, 1.2]),))
def continue_and_break_in_a_handler(x):
    total = 0.0
    for v in x:
        try:
            if v < 0:
                raise Rejected
            if v > 1:
                raise TooLarge(v, 1.0)
        except Rejected:
            continue
        except TooLarge:
            total += 0.5 * v
            break
        else:
            total += v**2
        total *= 3
    return total


@program(args=(0.7,))
def else_is_not_handled(x):
    y = x
    try:
        try:
            y = y * 2
        except ValueError:
            y = y * 100
        else:
            if y > 0:
                raise Rejected
    except ValueError:
        y = y + x**2
    return y


@program(args=(0.7,))
def assertion_handled(x):
    try:
        assert x > 1, "small"
        y = x
    except AssertionError:
        y = x**3
    return y


@program(args=(np.array([0.7, 0.3]),))
def index_error_of_an_array(x):
    total = 0.0
    k = 0
    while True:
        try:
            total += x[k] ** 2
        except IndexError:
            break
        k += 1
    return total * k


@program(args=(0.7, {"a": 1.5}), argnums=(0, 1))
def key_error_with_default(x, table):
    total = 0.0
    for name in ("a", "b"):
        try:
            total += table[name] * x
        except KeyError as error:
            total += x**2
    return total


@program(args=(0.7,))
def pop_until_empty(x):
    stack = [x, 2 * x, x**2]
    total = 0.0
    try:
        while True:
            total = total * 2 + stack.pop()
    except IndexError:
        total = total * x
    return total


@program(args=(0.7, (1, 0, 2)))
def division_by_zero_in_a_loop(x, counts):
    total = 0.0
    for n in counts:
        try:
            total += 1 / n * x
        except ZeroDivisionError:
            total += x**2
    return total * x


@program(args=(-0.7,))
def domain_error(x):
    try:
        y = math.log(x) + 1
    except (ValueError, OverflowError):
        y = math.exp(x)
    return y * x


@program(args=(np.array([[2.0, 0.3], [0.1, 1.0]]),))
def singular_matrix_handled(a):
    try:
        b = np.linalg.inv(a)
    except np.linalg.LinAlgError:
        b = np.zeros((2, 2))
    return np.sum(b**2)


@program(args=(0.7,))
def suppressed_own_error(x):
    y = x
    with contextlib.suppress(TooLarge, KeyError):
        y = y * 2
        _limited(x, 0.5)
        y = y * 100
    return y * x


class _Guard:
    def __init__(self, factor):
        self.factor = factor
        self.left = 0.0

    def __enter__(self):
        self.factor = self.factor * 2
        return self

    def __exit__(self, kind, error, trace):
        self.left = self.left + (1.0 if kind is None else 5.0)
        return kind is not None and issubclass(kind, TooLarge)


@program(args=(0.7,))
def context_manager_that_swallows(x):
    guard = _Guard(x)
    y = x
    with guard as g:
        y = y * g.factor
        _limited(x, 0.5)
        y = y * 100
    with guard as g:
        y = y + g.factor
    return y * guard.left


@contextlib.contextmanager
def _doubled(values):
    values.append(1.0)
    try:
        yield values
    except TooLarge:
        values.append(3.0)
    finally:
        values.append(7.0)


@program(args=(0.7,))
def generator_context_manager_that_handles(x):
    values = []
    y = x
    with _doubled(values) as v:
        y = y * len(v)
        _limited(x, 0.5)
        y = y * 100
    return y * sum(values)


@program(args=(0.7,))
def return_inside_a_context_manager(x):
    values = []

    def inner(v):
        with _doubled(values) as log:
            if v > 0.5:
                return v * len(log)
            log.append(v)
        return v

    return inner(x) * sum(values) + inner(0.3 * x) * len(values)


@program(args=(np.array([0.7, 0.2]),))
def exception_from_a_comprehension(x):
    try:
        values = [_limited(v, 0.5) for v in x]
    except TooLarge:
        values = [v**3 for v in x]
    return sum(values)


@program(args=(0.7,))
def exception_in_a_condition(x):
    n = 0
    try:
        while _limited(x, 3.0) < 8 and n < 10:
            x = x * 1.5
            n += 1
    except TooLarge:
        x = x + 10
    return x**2


@program(args=(0.7,))
def exception_through_nested_calls(x):
    def inner(v):
        return _limited(v, 0.5) + 1

    def outer(v):
        w = inner(v) * 2
        return w + inner(v / 2)

    try:
        y = outer(x)
    except TooLarge as error:
        y = outer(x / 2) + error.excess
    return y


@program(args=(np.array([0.7, 0.2]),))
def array_written_before_the_raise(x):
    a = np.zeros(2)
    try:
        for i in range(2):
            a[i] = x[i] ** 2
            if x[i] < 0.5:
                raise Rejected
        a *= 100
    except Rejected:
        a[0] += 1
    return np.sum(a * x)


@program(args=(0.7,))
def object_changed_before_the_raise(x):
    guard = _Guard(x)
    try:
        guard.factor = x**2
        _limited(x, 0.5)
        guard.factor = 100.0
    except TooLarge:
        guard.left = guard.factor * 2
    return guard.factor + guard.left


def _find(values, test):
    for v in values:
        if test(v):
            return v
    raise LookupError("nothing found")


@program(args=(np.array([0.7, 0.2, 1.9]),))
def search_that_may_fail(x):
    total = 0.0
    for limit in (1.0, 5.0):
        try:
            total += _find(x, lambda v: v > limit) ** 2
        except LookupError:
            total += np.sum(x**3)
    return total


@program(args=(0.7,))
def try_inside_a_handler(x):
    try:
        _limited(x, 0.5)
        y = x
    except TooLarge:
        try:
            y = _limited(x, 0.6)
        except TooLarge:
            y = x**4
    return y


@program(args=(np.array([[0.6, 0.2, 0.1], [0.4, -1.1, 0.3], [0.2, 0.5, 0.7]]),))
def jitter_until_positive_definite(a):
    k = a + a.T
    jitter = 1e-3
    while True:
        try:
            factor = np.linalg.cholesky(k + jitter * np.eye(len(k)))
            break
        except np.linalg.LinAlgError:
            jitter *= 10
            if jitter > 1e6:
                raise
    return 2 * np.sum(np.log(np.diag(factor)))


@program(args=(np.array([[2.0, 0.3], [0.1, 1.0]]), np.array([0.7, 0.2])), argnums=(0, 1))
def singular_system_solved_otherwise(a, b):
    try:
        d = np.linalg.solve(np.array([[1.0, 2.0], [2.0, 4.0]]), b)
    except np.linalg.LinAlgError:
        d = b**2
    with contextlib.suppress(np.linalg.LinAlgError):
        d = np.linalg.inv(np.outer(d, d) * 0.0) @ d
        d = d * 100
    try:
        return np.sum(np.linalg.solve(a, d) ** 2)
    except Exception:
        return 0.0


def _first_factor(k):
    for shift in (-20.0, 0.0, 0.5):
        try:
            return np.linalg.cholesky(k + shift * np.eye(len(k)))
        except np.linalg.LinAlgError as error:
            message = str(error)
    raise ArithmeticError(message)


@program(args=(np.array([[1.3, 0.2], [0.4, -1.1]]),))
def factor_of_the_first_shift_that_has_one(a):
    return np.sum(_first_factor(a @ a.T)) + _first_factor(a.T @ a)[1, 0]


@program(args=(0.7,))
def asks_a_number_what_arrays_have(x):
    try:
        x.shape
    except AttributeError:
        x = 2 * x
    try:
        len(x)
    except TypeError:
        x = x**2
    try:
        iter(x)
    except TypeError:
        x = x + 1
    return x**2


def _rows(v):
    try:
        return v.shape[0]
    except AttributeError:
        return 3


def _count(v):
    try:
        n = len(v)
    except TypeError:
        n = 1
    return n


@program(args=(0.7, np.array([0.2, 0.5])), argnums=(0, 1))
def helpers_that_take_numbers_and_arrays(x, v):
    return _rows(x) * x + _rows(v) * np.sum(v**2) * _count(x) * _count(v) * _count([x, x, x])


@program(args=(0.7,))
def what_no_number_can_do(x):
    total = x
    for use in (
        lambda: x[0],
        lambda: x(),
        lambda: x + None,
        lambda: x - "a",
        lambda: x < "a",
        lambda: 1 in x,
        lambda: [a for a in x],
        lambda: len(np.sin(x)),
        lambda: -"a",
        lambda: (lambda a: a)(x, x),
    ):
        try:
            total = total + use()
        except TypeError:
            total = total * x + 1
    try:
        first, second = x
    except TypeError:
        first = second = x
    return total * first * second


@program(args=(0.7,))
def attributes_that_nothing_has(x):
    total = x
    for value in ([x], (x,), {"a": x}, np.array([x]), "text", x, np.sin(x), 3, math):
        try:
            value.no_such_name
        except AttributeError:
            total = total * x + 1
    return total


@program(args=(0.7, 3))
def deletes_what_is_not_there(x, n):
    found, items = {"a": x}, [x, x**2]
    try:
        del found["b"]
    except KeyError as error:
        x = x * (2 if error.args[0] == "b" else 5)
    try:
        del items[n]
    except IndexError:
        x = x**2
    del items[0], found["a"]
    return x * items[0] + len(found)


class _Slotted:
    __slots__ = ("__hidden", "x")

    def __init__(self, x):
        self.x = x
        self.__hidden = 2.0

    def value(self):
        return self.x * self.__hidden


@program(args=(0.7,))
def fields_without_a_slot(x):
    class Local:
        __slots__ = ("x",)

    s, t = _Slotted(x), Local()
    t.x = x**2
    for owner in (s, t):
        try:
            owner.other = 1.0
        except AttributeError:
            x = x * s.value() + t.x
    return x


class _Mode(enum.Enum):
    FAST = 1
    SLOW = 2


@program(args=(0.7,))
def what_python_cannot_make_of_texts(x):
    total = x
    for make in (
        lambda: _Mode(5).value,
        lambda: float("z"),
        lambda: int("1.5"),
        lambda: "abc".index("z"),
        lambda: (1, 2).index(5),
        lambda: len(chr(-1)),
        lambda: math.factorial(-1),
    ):
        try:
            total = total + make()
        except ValueError:
            total = total * x + 1
    for make in (lambda: _Mode["QUICK"].value, lambda: len("{} {}".format(1))):
        try:
            total = total + make()
        except LookupError as error:
            total = total * x + len(str(error))
    return total * _Mode["SLOW"].value * _Mode(1).value * int("11", 2) * int("11", base=3)


@program(args=(0.7,))
def imports_what_there_is(x):
    try:
        from math import no_such_function as square
    except ImportError:
        square = lambda v: v * v  # noqa: E731
    try:
        import no_such_module_anywhere as fast
    except ImportError:
        fast = math
    return square(x) + fast.sin(x)


@program(args=(0.7,))
def limits_of_floats(x):
    scale = sys.float_info.max / 1e308
    return x**2 * scale if abs(x) > sys.float_info.epsilon else x


@program(args=(0.7, 7), argnums=0)
def arguments_of_built_ins_by_name(x, n):
    return pow(x, exp=3) * round(number=2.6) * pow(n, 3, 5) + round(x, ndigits=None) + sum([x], start=x)


def _mean_of_positive(values):
    total, count = 0.0, 0
    for v in values:
        if v > 0:
            total = total + v
            count += 1
    return total / count


@program(args=(np.array([-0.5, -2.0]),))
def mean_of_nothing_handled(x):
    try:
        return _mean_of_positive(x)
    except ZeroDivisionError as error:
        return x[0] ** 2 * len(str(error))


def _ratio(x, n):
    try:
        return 1 if x / n > 2 else 2
    except ZeroDivisionError as error:
        return len(error.args[0])


@program(args=(0.5,))
def zero_of_python_or_of_numpy(x):
    total = x
    for v in (x, -x):
        d = 0.0 if v > 0 else np.sin(v)
        items = [v, d, np.sin(v)]
        total = total * x + _ratio(x, d * 2) + _ratio(x, items[1 if v > 0 else 2])
        try:
            total += d**-1
        except ZeroDivisionError:
            total += x % (d + 2)
    return total


@program(args=(0.5,))
def zero_of_numpy_is_no_exception(x):
    d = 0.0 if x > 1 else np.sin(0 * x)
    with np.errstate(all="ignore"):
        return x**2 * _ratio(x, d)


@program(args=(0.5,))
def classes_of_numbers_that_the_run_decides(x):
    total = x
    for v in (x, -x):
        a = 1 if v > 0 else 2.0
        b = 1.0 if v > 0 else np.sin(v)
        items = [1, 2.5, np.cos(x), b]
        items.append(a)
        for n in (a * 2, b + 1, -(b * a), items[int(v > 0)], items[-1], items[2] * b):
            total = total * x + (1 if isinstance(n, int) else 2)
            if isinstance(n, (int, np.floating)):
                total = total - x**2
        total = total * (a * np.ones(2)).sum()
    return total


@program(args=(0.5, 900.0), argnums=0)
def overflow_of_python_handled(x, big):
    total = x
    for v in (x, big, -big):
        try:
            total = total + 1 / (1 + math.exp(v))
        except OverflowError as error:
            total = total * x + len(str(error))
        try:
            total = total + v**200
        except OverflowError as error:
            total = total * x + error.args[0]
        try:
            total = total * math.log(2 + x, 2 + v) + math.gamma(v + 0.5)
        except (ValueError, OverflowError, ZeroDivisionError) as error:
            total = total - len(str(error)) * x
    return total


@program(args=(0.7,))
def calls_that_python_does_not_take(x):
    total = x
    for use in (
        lambda: abs("a"),
        lambda: abs([x]),
        lambda: math.sin(x, 1),
        lambda: math.sqrt(None),
        lambda: range(x),
        lambda: range(np.sin(x)),
        lambda: [1.0] * x,
        lambda: (1, 2) * np.sin(x),
        lambda: "ab" * x,
        lambda: ~x,
        lambda: x & 1,
        lambda: round(x, "a"),
        lambda: divmod("a", x),
        lambda: int([1]),
        lambda: float([x]),
        lambda: enumerate(5),
        lambda: sum([x, "a"]),
        lambda: bool(1, 2),
        lambda: np.sin(x, x, x, x),
        lambda: isinstance(x, 5),
        lambda: [x].append(),
    ):
        try:
            use()
        except TypeError as error:
            total = total * x + isinstance(error, TypeError)
    return total


@program(args=(0.7,))
def values_that_python_does_not_take(x):
    total = x
    for use in (
        lambda: f"{x:zz}",
        lambda: format(x, "d"),
        lambda: "{:q}".format(np.sin(x)),
        lambda: "%q" % x,
        lambda: range(1, 2, 0),
        lambda: chr(-1),
        lambda: math.factorial(-2),
    ):
        try:
            use()
        except ValueError as error:
            total = total * x + len(str(error))
    if x < 0:
        return abs("a") + math.sin(x, x)
    return total


def _swallowing(v):
    try:
        if v > 1:
            raise KeyError("a")
        return v * 2
    finally:
        if v > 0:
            return v**2  # noqa: B012


def _given_up(v):
    for _ in range(2):
        try:
            return v * 100
        finally:
            break  # noqa: B012


@program(args=(0.7,))
def finally_that_leaves_the_block(x):
    total = 0.0
    for k in range(5):
        try:
            total += 1 / (x * 0.0 if k == 1 else x + k)
            if k == 3:
                raise IndexError
        finally:
            total = total * x
            if k == 1 or k > 2:
                continue  # noqa: B012
        total += x
    return total + _swallowing(x) + _swallowing(2 * x) + _swallowing(-x) + (_given_up(x) is None)


@program(args=(np.array([1.0, 2.0, 3.0]), 5))
def augmented_element_out_of_range(x, k):
    y, columns = x.copy(), (2 * x).reshape(3, 1)
    try:
        y[k] *= x[0]
    except IndexError:
        y = y + 1
    try:
        columns[k, 0] /= 2.0
    except IndexError as error:
        columns = columns * len(str(error))
    return np.sum(y**2) + np.sum(columns * y)


def _largest_of(x, bound):
    found = None
    for v in x:
        if v > bound:
            found = v if found is None else max(found, v)
    try:
        return x[0] * found
    except TypeError:
        return 2 * x[1]


@program(args=(np.array([1.0, 2.0, 3.0]),), order=1)
def something_found_is_multiplied(x):
    return _largest_of(x, 1.5)


@program(args=(np.array([[1.0, 2.0, 0.0], [2.0, 1.0, 0.1], [0.0, 0.1, 1.0]]), 0.45))
def jitter_that_is_told_until_a_factor_exists(k, jitter):
    for attempt in range(5):
        try:
            low = np.linalg.cholesky(k + jitter * np.eye(len(k)))
            break
        except np.linalg.LinAlgError:
            print(f"attempt {attempt}: not positive definite with jitter {jitter:.2f}")
            jitter *= 2
    else:
        raise RuntimeError("not positive definite")
    return 2 * np.sum(np.log(np.diag(low)))


def _factored(a):
    lu, order = a.astype(float).copy(), np.arange(len(a))
    for k in range(len(a) - 1):
        p = k + np.argmax(np.abs(lu[k:, k]))
        if lu[p, k] == 0:
            raise np.linalg.LinAlgError("singular")
        if p != k:
            lu[[k, p]] = lu[[p, k]]
            order[[k, p]] = order[[p, k]]
        lu[k + 1 :, k] /= lu[k, k]
        lu[k + 1 :, k + 1 :] -= np.outer(lu[k + 1 :, k], lu[k, k + 1 :])
    return lu, order


@program(
    args=(np.array([[0.1, 2.0, 0.3], [1.0, 0.4, 0.2], [0.3, 0.5, 2.0]]), np.array([1.0, 0.5, 2.0])),
    argnums=(0, 1),
)
def elimination_that_tells_why_it_failed(a, b):
    try:
        lu, order = _factored(a)
    except np.linalg.LinAlgError as error:
        print("failed:", error)
        return 0.0
    x = b[order]
    for i in range(1, len(b)):
        x[i] -= lu[i, :i] @ x[:i]
    for i in range(len(b) - 1, -1, -1):
        x[i] = (x[i] - lu[i, i + 1 :] @ x[i + 1 :]) / lu[i, i]
    return np.linalg.norm(x)


@program(args=(np.array([0.6, 0.2]), 0.7), argnums=(0, 1))
def newton_that_tells_its_residuals(b, c):
    x = np.zeros(2)
    for k in range(3):
        jacobian = np.diag(c * x**2)
        residual = c * x**3 / 3 - b
        try:
            step = np.linalg.solve(jacobian, -residual)
        except np.linalg.LinAlgError:
            print("singular at", k)
            step = np.sqrt(b)
        x = x + step
        print(f"{k}: {np.linalg.norm(residual):.3e}")
    return x @ x


@program(
    args=(np.array([[0.1, 2.0, 0.3], [1.0, 0.4, 0.2], [0.3, 0.5, 2.0]]), np.array([1.0, 0.5, 2.0])),
    argnums=(0, 1),
)
def views_under_names_after_a_handled_exception(a, b):
    try:
        lu, order = _factored(a)
    except np.linalg.LinAlgError:
        return 0.0
    x = b[order]
    for i in range(len(b) - 1, -1, -1):
        row, solved = lu[i, i + 1 :], x[i + 1 :]
        x[i] = (x[i] - row @ solved) / lu[i, i]
    return np.linalg.norm(x)


@program(
    args=(np.array([[0.1, 2.0, 0.3], [1.0, 0.4, 0.2], [0.3, 0.5, 2.0]]), np.array([1.0, 0.5, 2.0])),
    argnums=(0, 1),
)
def views_under_names_in_a_loop_with_a_finally(a, b):
    tried = []
    try:
        lu, order = _factored(a)
        x = b[order]
        for i in range(len(b) - 1, -1, -1):
            row, solved = lu[i, i + 1 :], x[i + 1 :]
            x[i] = (x[i] - row @ solved) / lu[i, i]
        return np.linalg.norm(x)
    finally:
        tried.append(1)


def _root_of(a):
    if a[0, 0] <= 0:
        raise np.linalg.LinAlgError("not positive")
    return np.sqrt(a)


@program(args=(np.array([[0.1, 2.0], [1.0, 0.4]]),))
def row_under_a_name_in_a_handled_try(a):
    try:
        root = _root_of(a)
        row = root[0]
        scale = np.sum(row)
    except np.linalg.LinAlgError:
        scale, root = 1.0, a.copy()
    root[0] *= 2.0
    return scale + np.sum(root**3)


@program(args=(np.array([[0.1, 2.0], [1.0, 0.4]]),))
def row_that_the_handler_reads(a):
    root = np.sqrt(a)
    row = root[1]
    try:
        row = root[0]
        if a[0, 1] > 1.0:
            raise ValueError("too large")
        scale = np.sum(row)
    except ValueError:
        scale = 3.0 * np.sum(row**2)
    return scale + np.sum(root**3)


@program(args=(np.array([0.3, -0.7, 0.6]),))
def name_of_a_handled_try_that_its_finally_reads(a):
    scale = 1.0
    try:
        try:
            scale = 2.0 * a[1]
            if a[0] > 0:
                raise ValueError
        except ValueError:
            scale = 3.0 + a[2]
        finally:
            result = scale * a[0]
    except Exception:
        result = 7.0
    return result


@program(args=(np.array([0.3, -0.7, 0.6]), 0.8), argnums=(0, 1))
def name_that_a_handler_in_a_finally_reads(a, c):
    try:
        first = a[0] ** 2
        if first > 0:
            raise ValueError
    except ValueError:
        pass
    finally:
        try:
            if c > 0:
                raise KeyError
            result = 1.0
        except KeyError:
            result = first * c
    return result


@program(args=(np.array([0.3, -0.7, 0.6]), 0.8), argnums=(0, 1))
def else_of_a_try_reads_what_only_the_handler_assigns(a, c):
    if c > 5:
        return c
    try:
        if a[0] > -0.3:
            raise ValueError
    except ValueError:
        weight = c**2
    else:
        c = weight
    return np.sum(a**2) * weight


@program(args=(np.array([[0.2, -0.5], [0.9, -0.3]]),))
def unassigned_name_in_the_else_of_a_branch_not_taken(b):
    y = 0.9 * b**2
    scale = 0.5
    if b[0, 0] < -0.469:
        try:
            y[1] *= scale
        except IndexError:
            other = 0.6
        else:
            scale = other
    return scale * np.sum(y)


@program(args=(np.array([0.3, -0.7]), np.array([[0.2, -0.5], [0.9, -0.3]])), argnums=(0, 1))
def view_deleted_in_a_try(a, b):
    y = b**2
    try:
        part = a.copy()
        if a[0] > 0:
            part = y[1]
        del part
    except NameError:
        return a[0]
    return np.sum(y)


@program(args=(np.array([0.3, -0.7]), np.array([[0.2, -0.5], [0.9, -0.3]])), argnums=(0, 1))
def rows_deleted_in_a_loop_that_may_raise(a, b):
    y = b**2
    if a[0] > 0:
        for i in range(2):
            try:
                row = y[i]
                if row[0] > 0.5:
                    raise ValueError
                row[1] = a[1] ** 2
            except ValueError:
                pass
            del row
    total = 0.0
    for _ in range(2):
        total = total + y[0, 1]
        del y
        y = 2.0 * b
    return total


@program(args=(np.array([0.3, -0.7, 0.6]), 0.8), argnums=(0, 1))
def array_that_a_loop_first_assigns_and_its_finally_reads(a, c):
    y = a * 2
    for i in range(3):
        part = y[i:]
        try:
            part[0] *= c
            if part[0] > 0.4:
                raise KeyError
            other = part * 2
        except KeyError:
            other = y * 1
        finally:
            part[0] += other[0]
    return np.sum(y**2) + other[0]


def _doubled_row(v):
    if v[0] > 0.5:
        raise ValueError("too large")
    return v * 2.0


@program(args=(np.array([[0.2, -0.5], [0.9, -0.3], [-0.6, 0.8]]),))
def iterations_left_by_a_handler(b):
    total, found = 0.0, np.zeros(2)
    for i in range(len(b)):
        try:
            found = _doubled_row(b[i])
        except ValueError:
            continue
        total = total + found[0] ** 2
    for row in b:
        try:
            found = _doubled_row(row)
        except ValueError:
            break
        total = total + found[1] * found[0]
    return total
def _pair_product(v):
    a, b = v
    return a * b


@program(args=(np.array([-0.52, 0.31, 0.93, 0.71]),))
def unpacks_as_many_as_the_run_has(x):
    total = 0.0
    for least in (0.8, 0.5, 0.0):
        try:
            total += _pair_product(x[x > least]) * 3.0
        except ValueError as error:
            total += x[0] * len(str(error))
    try:
        total += sum(a * b for a, b in np.stack([x, x * 2])[:, x > 0.0])
    except ValueError:
        total *= x[1]
    for p, q in np.stack([x, x**2])[:, x > 0.5]:
        total += p * q
    (largest,) = x[x > 0.8]
    return total * largest


@program(args=(np.array([-0.52, 0.31, 0.93, 0.71]),))
def truth_of_an_array_handled(x):
    scale, largest = 1.0, x
    try:
        scale = 2.0 if x > 0 else 3.0
    except ValueError as error:
        scale += len(str(error))
    try:
        largest = max(x, 2 * x)
    except ValueError:
        scale *= x[1]
    for part in (x[x > 0.8], x[x > 0.5], x[x > 1.0]):
        try:
            scale += 2.0 if part else 5.0
            scale += 3.0 if not part and 0 < part < 1 else x[3]
        except ValueError as error:
            scale += x[2] * len(str(error))
    return np.sum(largest**2) * scale


@program(args=(np.array([-0.52, 0.31, 0.93, 0.71]),))
def arrays_among_the_items_compared(x):
    y, total = x * 2, x[0]
    if x in [x, y] and (x[0], y) != (x[1], x):
        total *= x[3]
    try:
        total += 2.0 if [x[0], y] == [x[0] * 1, x] else 3.0
    except ValueError:
        total += x[2]
    try:
        total *= 2.0 if x in [x[0], x] else 3.0
    except ValueError:
        total *= x[1]
    one = x[x > 0.8]
    return total * (5.0 if one in [x[0], x[2]] else 7.0) * [x[0], x[2]].count(one)


@program(args=(np.array([-0.52, 0.31, 0.93, 0.71]),))
def set_without_the_element_removed(x):
    left = {1, 2, 3}
    try:
        left.remove(int(x[2] * 3))
        left.remove(int(x[2] * 30))
    except KeyError as error:
        return x[0] ** 2 * error.args[0] * len(left)
    return x[0]


@program(args=(np.array([-0.52, 0.31, 0.93, 0.71]),))
def unequal_parts_handled(x):
    total = x[0]
    for count in (2, 3):
        try:
            first, *rest = np.split(x * total, count)
            total = total * np.sum(first) * len(rest)
        except ValueError as error:
            total *= len(str(error))
    return total


@program(args=(np.array([-0.52, 0.31, 0.93, 0.71]),))
def too_large_a_power_of_two_handled(x):
    total = 0.0
    for v, n in zip(x, (3, 5000, -2, 1100)):
        try:
            total += math.ldexp(v, n) ** 2
        except OverflowError:
            total *= v
    return total


@program(args=(np.array([-0.52, 0.31, 0.93, 0.71]),))
def wrong_kinds_handled(x):
    total = x[0]
    for attempt in (
        lambda: range(2.0)[0],
        lambda: range("a")[0],
        lambda: sorted([1, "a"])[0],
        lambda: x.astype("zzz")[0],
        lambda: np.zeros(3, dtype="zzz")[0],
    ):
        try:
            total *= attempt()
        except TypeError as error:
            total = total * x[1] + 0.1 * len(str(error)) * x[2]
    return total


@program(args=(np.array([-0.52, 0.31, 0.93, 0.71]),))
def unpacks_of_any_rank(x):
    total = 0.0
    for count in range(4):
        part = x[1]
        if x[count] > 0.5:
            part = x[:2, None] * x * count
        if count == 3:
            part = x[1:] * 2.0
        try:
            p, q = part
            total += np.sum(p) * np.sum(q)
        except TypeError:
            total += x[2]
        except ValueError as error:
            total += x[3] * len(str(error))
    return total


@program(args=(np.array([1.2, 0.3]),))
def raise_that_constants_decide_after_a_return(x):
    a = x[0]
    b = x[1] * 0.5
    w = x * 1.0
    n = 0
    if a > 0.98:
        return a * b
        pass
    for k in (2, 5, 4):
        pass
    if k % 2 == 0:
        pass
    elif n < 4:
        n += 1
    c, a = a, a * 0.9
    if n < 3:
        pass
        raise KeyError("too few")
    return a + 0.7 * b + 0.3 * c + 0.2 * np.sum(w * w)


@program(args=(np.array([0.7, 0.2, 1.3]),))
def element_of_a_run_list_assigned_where_an_index_may_fail(x):
    listed = [v for v in x]
    try:
        listed[-1] = listed[0] * x[1]
        listed[0] *= 1.2
    except IndexError:
        pass
    return listed[-1] * x[2] + listed[0] ** 2


@program(args=(np.array([0.7, 0.2, 1.3]),))
def element_of_a_run_list_assigned_before_an_index_fails(x):
    listed = [v for v in x]
    try:
        listed[1] = x[0] ** 2
        listed[len(x)] = 5.0
    except IndexError:
        listed[0] = listed[1] * x[2]
    return listed[0] + 2.0 * listed[1]


class Found(Exception):
    def __init__(self, value):
        super().__init__(value)


def _first_above(x, bound):
    for v in x:
        if v > bound:
            return v
    return x[0] * 5.0


def _tried(v):
    try:
        return _limited(v, 0.5)
    except TooLarge:
        return 3.0 * v


class _Passing:
    def __enter__(self):
        return self

    def __exit__(self, *raised):
        return False


@program(args=(np.array([0.7, -0.4, 1.3, 0.2]),))
def exception_of_the_first_item_that_a_generator_gives(x):
    total = 0.0
    try:
        if x[3] > 0.0:
            raise Found(next(v for v in x if v > 0.3))
    except Found as found:
        total = found.args[0] * 2.0
    return total


@program(args=(np.array([0.7, -0.4, 1.3, 0.2]),))
def exception_of_the_first_item_or_a_default(x):
    total = 0.0
    for bound in (0.3, 2.0):
        try:
            raise Found(next((v for v in x if v > bound), x[1]))
        except Found as found:
            total += found.args[0] ** 2
    return total


@program(args=(np.array([0.7, -0.4, 1.3, 0.2]),))
def exception_of_what_a_call_returns_from_a_loop(x):
    try:
        raise Found(_first_above(x, 0.9))
    except Found as found:
        return found.args[0] * x[1]


@program(args=(np.array([0.7, -0.4, 1.3, 0.2]),))
def exception_of_what_a_call_returns_from_a_handler(x):
    total = 0.0
    for v in x:
        try:
            if v > 0.0:
                raise Found(_tried(v))
            total += v
        except Found as found:
            total += found.args[0] * v
    return total


@program(args=(np.array([0.7, -0.4, 1.3, 0.2]),))
def exception_of_what_a_call_returns_leaves_a_context(x):
    total = 0.0
    try:
        with _Passing():
            if x[3] > 0.0:
                raise Found(_first_above(x, 0.9))
    except Found as found:
        total = found.args[0] ** 2
    return total


class Measured(Exception):
    def __init__(self, value):
        self.size = value
        if value < 0.0:
            self.size = -2.0 * value
        super().__init__(value)


@program(args=(np.array([0.7, -0.4, 1.3, 0.2]),))
def exception_whose_constructor_branches(x):
    total = 0.0
    for v in x:
        try:
            if v < 0.5:
                raise Measured(v * v - 0.1)
            total += v
        except Measured as found:
            total += found.size * v + found.args[0]
    return total


@program(args=(np.array([0.7, -0.4, 1.3, 0.2]),))
def exceptions_of_no_argument_and_of_one_in_a_loop(x):
    total = 0.0
    for v in x:
        try:
            if v < 0.0:
                raise Rejected
            if v < 0.5:
                raise Rejected(v)
            total += v * v
        except Rejected as error:
            total += (1.0 + len(error.args)) * v
    return total


@program(args=(np.array([0.7, -0.4, 1.3, 0.2]),))
def exceptions_of_two_arguments_and_of_one_in_a_loop(x):
    total = 0.0
    for v in x:
        try:
            if v < 0.0:
                raise Rejected(v, 3.0)
            if v < 0.5:
                raise Rejected(v * v)
            total += v
        except Rejected as error:
            total += sum(error.args) * v
    return total


@program(args=(np.array([0.7, -0.4, 1.3, 0.2]),))
def exceptions_whose_arguments_differ_in_number_and_kind(x):
    total = 0.0
    for v in x:
        try:
            with _Passing():
                if v < 0.0:
                    raise Rejected("negative")
                if v < 0.5:
                    raise Rejected(v * v, "small")
            total += v * v
        except Rejected as error:
            total += len(error.args) * v
    return total


@program(args=(np.array([0.7, -0.4, 1.3, 0.2]),))
def exceptions_of_constants_differ_in_number_out_of_a_loop(x):
    total = 0.0
    try:
        for v in x:
            if v > 1.0:
                raise Rejected(2.0, "large")
            if v < -1.0:
                raise Rejected("small")
            total += v * v
    except Rejected as error:
        total *= 1 + len(error.args)
    return total


@program(args=(np.array([[0.1, 0.2], [1.1, 0.9], [0.3, -0.1], [0.8, 1.2]]),))
def arrays_in_a_list_at_places_that_are_not_there(x):
    sums, y = [np.zeros(2), np.ones(2)], 0.0
    for p in x:
        k = int(p[0] > 0.5)
        sums[k] += p
        try:
            sums[k + 1] = 2 * p
        except IndexError as e:
            y += np.sum(p) * len(str(e))
        try:
            sums[k + 1][0] *= p[1]
        except IndexError as e:
            y += np.sum(p**2) * len(str(e))
    return y + np.sum(sums[0] ** 2) + np.sum(sums[1])


@program(args=(np.array([0.1, 1.1, 0.3, 0.8]),))
def lists_put_and_exchanged_at_places_that_are_not_there(x):
    rows, y = [[x[0]], [x[1]]], 0.0
    for v in x:
        k = int(v > 0.5) + 1
        new = [y + v]
        try:
            rows[k] = new
        except IndexError as e:
            y += v * len(str(e))
        try:
            rows[0], rows[k] = rows[k], rows[0]
        except IndexError as e:
            y += v**2 * len(str(e))
    return y + rows[0][0] * rows[1][0] ** 2


@program(args=(np.array([0.6337, 0.3125, -0.3759]),))
def key_that_a_dict_of_arrays_has_not(x):
    fields, k = {0: x * 1.0, 1: np.sin(x)}, int(x[0] > 0.1) * 2
    y = 0.0
    try:
        fields[k][1:] += 1.0
    except KeyError as e:
        y += np.sum(fields[0]) * (len(e.args) + e.args[0])
    try:
        y += np.sum(fields[k])
    except KeyError as e:
        y += np.sum(fields[1]) * (e.args[0] + 1.0)
    return y
