"""Names, fields and keys that some path leaves unassigned, and programs that ask or handle it."""

import math

import numpy as np

from tests.corpus.registry import program


@program(args=(0.7,))
def unassigned_names_are_handled(x):
    if x > 1.0:
        number, text, nothing, numbers, fn = x, "s", None, [x], math.cos
    y = x
    try:
        y = y + number
    except UnboundLocalError as e:
        y = y + x * len(str(e))
    try:
        y = y + len(text)
    except UnboundLocalError:
        y = y * 2
    try:
        y = y + (nothing is None)
    except NameError:
        y = y * 2
    try:
        y = y + numbers[0]
    except NameError:
        y = y * 2
    try:
        y = y + fn(x)
    except Exception:
        y = y * 2
    return y


@program(args=(1.5,))
def assigned_names_are_read(x):
    if x > 1.0:
        number, text, nothing, numbers, fn = x, "s", None, [x], math.cos
    numbers.append(2.0)
    return number * len(text) * (nothing is None) + sum(numbers) * np.sin(number) + (fn is math.cos)


@program(args=(1.5,))
def name_deleted_on_one_path(x):
    a, t = x * x, "text"
    if x > 1.0:
        del a, t
    try:
        y = a
    except UnboundLocalError as e:
        y = (2 + ("associated" in str(e))) * x
    try:
        y = y + len(t)
    except UnboundLocalError:
        a = 3.0 * x
    return a * y


@program(args=(0.7,))
def free_variable_that_is_not_assigned(x):
    def g():
        return h(x) + sum(v * x for _ in range(2))

    if x > 1.0:
        v = x

        def h(v):
            return v * v

    try:
        y = g()
    except NameError as e:
        y = x * len(str(e)) * (not isinstance(e, UnboundLocalError))
    return y


@program(args=(0.7,))
def name_that_is_defined_nowhere(x):
    try:
        y = not_defined * x  # noqa: F821
    except NameError as e:
        y = x * len(str(e))
    return y


@program(args=(1.4,))
def name_assigned_in_some_iteration(x):
    s = 0.0
    for k in range(5):
        if k > x:
            pair = (k * x, k)
        try:
            s += pair[0] * pair[1]
        except UnboundLocalError:
            s += x
    for i in range(3):
        if i * x > 2.5:
            found = "far"
            break
    return s * len(found) + k * x


@program(args=(0.7,))
def unassigned_none_or_a_number(x):
    def choose(x):
        if x > 2.0:
            m = None
        elif x > 1.0:
            m = x
        return x if m is None else m * 3

    y = choose(x + 2) * choose(x + 0.5)
    try:
        y = y + choose(x)
    except UnboundLocalError:
        y = y * x
    return y


class _Cell:
    rate = 2.0

    def __init__(self, x):
        if x > 1.0:
            self.size, self.name = x * x, "big"
        if x < 0.8:
            self.rate = x * 3.0


@program(args=(np.array([0.7, 1.5, 0.9]),))
def fields_that_some_path_sets(x):
    y = 0.0
    for v in x:
        c = _Cell(v)
        y += c.rate * v + getattr(c, "size", 0.5) * 3
        y += v * v if hasattr(c, "name") else v
        try:
            y += c.size * len(c.name)
        except AttributeError as e:
            y += v * len(str(e))
    return y


@program(args=(1.5,))
def field_deleted_on_one_path(x):
    c = _Cell(2.0)
    c.rate = x
    if x > 1.0:
        del c.rate
    y = c.rate * x
    try:
        del c.rate
    except AttributeError:
        y = y * x
    return y


@program(args=(np.array([0.7, 1.5]),))
def keys_that_some_path_sets(x):
    y = 0.0
    for v in x:
        d = {"b": 1.0}
        if v > 1.0:
            d["a"], d["t"] = v * v, "text"
        y += d.get("a", 0.5) * v + d.setdefault("c", v) + ("a" in d) * v
        try:
            y += d["a"] * len(d["t"])
        except KeyError as e:
            y += v * len(str(e))
        y += d.pop("t", "no") == "no"
        try:
            del d["a"]
        except KeyError:
            y += v * v
        y += v * len(d)
    return y


@program(args=(0.7,))
def sums_kept_under_keys_as_they_come(x):
    kept = {}
    while x < 9.0:
        if x > 4.0:
            kept["big"] = kept.get("big", 0.0) + x
        elif "small" in kept:
            kept["small"] += x * x
        else:
            kept["small"] = 1.0 * x
        x = x * 1.5
    return kept.get("big", 2.0) * kept.get("small", 1.0) + kept.get("none", 3.0)


@program(args=(0.7,))
def key_put_behind_others(x):
    d = {}
    if x > 1.0:
        d["a"] = x
    d["b"] = 2.0 * x
    d["a"] = 3.0 * x
    return d["a"] * d["b"]


@program(args=(2.4,))
def list_made_in_some_iteration(x):
    for k in range(4):
        if k > x:
            xs = [x, x * x]
        elif k == 0:
            xs = []
        else:
            xs.append(k * x)
    return sum(xs) * len(xs)


@program(args=(1.5,))
def attribute_of_a_function_that_some_path_sets(x):
    def rate(v):
        return v * v

    rate.calls = 1.0
    if x > 1.0:
        rate.limit = 2.0 * x
    y = rate(x) * rate.calls
    if hasattr(rate, "limit"):
        y = y * rate.limit
    return y


def _found_above(x, bound):
    found = None
    for v in x:
        if v > bound:
            found = [v, 2.0]
    return found


@program(args=(np.array([1.0, 2.0, 3.0]),))
def what_is_none_in_the_place_of_a_list_or_an_object(x):
    y = x[0]
    for bound in (1.5, 5.0):
        found = _found_above(x, bound)
        try:
            y = y * len(found) + found[0]
            found[1] = y
        except TypeError as error:
            y = y + len(str(error)) * x[1]
        try:
            found.append(y)
            y = y + sum(found)
        except AttributeError:
            y = y * x[2]
    return y


# -- None where a sequence, a number of iterations or an index is wanted ----------------------


def _found(x, limit):
    for i in range(len(x)):
        if x[i] > limit:
            return i
    return None


def _pair_above(x, limit):
    if x[0] > limit:
        return x[0], x[1]
    return None


def _above(x, limit, rows):
    for i in range(len(x)):
        if x[i] > limit:
            return rows[i]
    return None


@program(args=(np.array([0.3, 0.7, 6.1, 0.9]),))
def index_that_may_be_none(x):
    total = 0.0
    for limit in (5.0, 9.0, 0.5):
        place = _found(x, limit)
        try:
            total += [1.0, 2.0, 3.0, 4.0][place] * x[1] ** 2
            total += (0.5, 1.5, 2.5, 3.5)[place] * x[3] ** 3
        except TypeError as error:
            total += len(str(error)) * x[0]
    return total


@program(args=(np.array([0.3, 0.7, 6.1, 0.9]),))
def place_that_may_be_none_is_assigned(x):
    items = [1.0, 2.0, 3.0, 4.0]
    for limit in (5.0, 9.0):
        try:
            items[_found(x, limit)] = x[0] ** 2
        except TypeError:
            items[0] = x[1] ** 3
    return sum(v * v for v in items)


@program(args=(np.array([0.3, 0.7, 6.1, 0.9]),))
def iterations_that_may_be_none(x):
    total = x[1]
    for limit in (5.0, 9.0, 0.5):
        try:
            steps = range(_found(x, limit))
            for k in steps:
                total += x[k] * x[3]
            total += sum(x[k] ** 2 for k in range(1, _found(x, limit)))
        except TypeError:
            total *= x[0]
    return total


@program(args=(np.array([0.3, 0.7, 6.1, 0.9]),))
def pair_that_may_be_none(x):
    total = x[2]
    for limit in (0.1, 9.0):
        pair = _pair_above(x, limit)
        try:
            a, b = pair
            total += a * b
        except TypeError as error:
            total += len(str(error)) * x[3]
        try:
            for v in pair:
                total += v * v
        except TypeError as error:
            total += len(str(error)) * x[3] ** 2
        try:
            total += [1.0, *pair][1]
        except TypeError as error:
            total += len(str(error)) * x[3] ** 3
        try:
            total += (x[0] in pair) + sum(pair * 2)
        except TypeError:
            total *= x[1]
    return total


@program(args=(np.array([0.3, 0.7, 6.1, 0.9]),))
def row_that_may_be_none(x):
    rows, total = np.outer(x, x), 0.0
    for limit in (5.0, 9.0):
        row = _above(x, limit, rows)
        try:
            for v in row:
                total += v * v
        except TypeError as error:
            total += x[1] ** 2 * len(str(error))
        try:
            a, _, _, b = row
            total += a * b
        except TypeError as error:
            total += x[0] ** 2 * len(str(error))
    return total


@program(args=(0.7, None))
def what_is_certainly_none_where_items_are_wanted(x, items):
    total = x
    try:
        a, b = items
    except TypeError as error:
        total += x * len(str(error))
    try:
        for v in items:
            total += v
    except TypeError as error:
        total += x**2 * len(str(error))
    try:
        total += [*items, 1.0][0]
    except TypeError as error:
        total += x**3 * len(str(error))
    try:
        for _ in range(items):
            total += 1.0
    except TypeError:
        total += x**4
    try:
        a, b = 3.0
    except TypeError as error:
        total += x**5 * len(str(error))
    return total


@program(args=(np.array([0.7, -0.4, 1.3, 0.2]),))
def list_of_a_branch_that_another_leaves_unassigned(x):
    total = x[0]
    if x[1] > 0.0:
        made = []
    else:
        if x[0] < 0.5:
            made = [x[0], x[2]]
    if x[0] < 0.5:
        total += sum(made)
    return total * x[3]


@program(args=(np.array([0.7, -0.4, 1.3, 0.2]),))
def list_of_different_lengths_that_a_path_leaves_unassigned(x):
    if x[0] > 0.5:
        if x[1] > 0.0:
            made = [x[0] * 2.0]
        total = x[2]
    else:
        made = [3.0, x[2]]
        total = 1.0
    if x[1] > 0.0:
        total += sum(made)
    return total * x[0]


@program(args=(np.array([0.7, -0.4, 1.3, 0.2]),))
def list_that_a_loop_makes_longer_where_it_is_assigned(x):
    total = 0.0
    if x[0] < 0.5:
        made = [x[0]]
    for v in x:
        if x[0] < 0.5:
            made.append(v)
        total += v * v
    if x[0] < 0.5:
        total += sum(made)
    return total
