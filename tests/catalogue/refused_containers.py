"""Lists, tuples, dicts and sets."""

import itertools
import pickle
import collections

import numpy as np

from sorix.support import scatter
from tests.catalogue.registry import refused

X = np.array([0.6, 0.2, 0.9])


@refused(0.6, [1.0])
def callers_list_is_changed(x, xs):
    xs.append(x)
    return x * len(xs)


@refused(0.6, {"rate": 0.5})
def dict_without_the_key(x, options):
    return x * options["step"]


@refused(0.6)
def unpacks_too_many(x):
    a, b = x, x**2, x**3
    return a * b


@refused(X)
def unpacks_an_unknown_number(x):
    first, *rest = x[x > 0.3]
    return first * rest[0]


@refused(0.6)
def unpacks_a_number_as_options(x):
    def scaled(v, scale=2.0):
        return v * scale

    return scaled(x, **x)


@refused(0.6)
def merges_a_dict_with_a_list(x):
    return {**[("a", x)]}["a"]


@refused(0.6)
def looks_for_a_number_between_bounds(x):
    return x * [x, 2.0, x].index(x, 1)


@refused(0.6)
def adds_a_dict_to_a_list(x):
    return sum([x] + {"a": x})


@refused(0.6)
def calls_a_number(x):
    return x(2)


@refused(0.6)
def calls_a_tuple(x):
    pair = (x, 2.0)
    return pair(0)


@refused(0.6)
def indexes_a_number(x):
    return x[0]


@refused(0.6)
def indexes_a_function(x):
    return np.sin[x]


@refused(X)
def indexes_with_a_dict(x):
    return x[{"a": 1}]


@refused(0.6)
def sums_a_set_of_unknown_size(x):
    return sum({v for v in np.arange(3.0) * x if v > 0.5})


@refused(0.6)
def deletes_an_element_of_an_array(x):
    y = np.ones(3) * x
    del y[0]
    return np.sum(y)


@refused(0.6)
def pops_from_an_empty_list(x):
    xs = []
    return xs.pop() * x


@refused(X)
def assigns_a_slice_with_a_step_of_a_longer_list(x):
    xs = []
    for v in x:
        if v > 0.1:
            xs.append(v)
    xs[::2] = [1.0, 2.0]
    return xs[1]


@refused(0.6)
def removes_what_is_not_there(x):
    xs = [1, 2]
    xs.remove(3)
    return x * len(xs)


@refused(0.6)
def looks_for_what_is_not_there(x):
    return x * ["a", "b"].index("c")


@refused(0.6)
def pops_a_key_that_is_not_there(x):
    d = {"a": x}
    return d.pop("b")


@refused(0.6)
def pops_an_item_of_an_empty_dict(x):
    d = {}
    return x * len(d.popitem())


@refused(0.6)
def assigns_past_the_end_of_a_list(x):
    xs = [x]
    xs[1] = 2.0
    return xs[0]


@refused(0.6)
def assigns_a_longer_slice_with_a_step(x):
    xs = [x, x, x]
    xs[::2] = [1.0]
    return xs[1]


@refused(0.6)
def inserts_into_a_bounded_deque(x):
    recent = collections.deque([x], maxlen=3)
    recent.insert(0, x**2)
    return recent[0]


@refused(0.6)
def dict_method_that_is_unknown(x):
    xs = [x]
    return xs.__sizeof__() * x


@refused(0.6)
def tuple_method_that_is_unknown(x):
    return (x, x).__sizeof__() * x


@refused(X)
def list_of_different_things(x):
    xs = [x[0]]
    for v in x:
        if v > 0.1:
            xs.append((v, v))
    return xs[0]


@refused(X)
def list_of_objects_that_grows(x):
    class_of_item = collections.OrderedDict
    xs = []
    for v in x:
        if v > 0.1:
            xs.append(class_of_item(a=v))
    return xs[0]["a"]


@refused(X, 1)
def list_chosen_by_data(x, k):
    xs = [x[0], (x[1], x[2])]
    n = int(np.argmax(x))
    return xs[n]


@refused(0.6)
def dict_changed_while_it_is_walked(x):
    d = {"a": x}
    for key in d:
        d[key + "b"] = x
    return d["a"]


@refused(X)
def grown_list_changed_while_it_is_walked(x):
    xs = []
    for v in x:
        if v > 0.1:
            xs.append(v)
    for v in xs:
        if v > 0.5:
            xs.append(v * 0.1)
    return xs[0]


@refused(0.6)
def list_frozen_by_a_branch(x):
    a, b = [x], [x**2]
    (a if x > 0.5 else b).append(1.0)
    return a[0] + b[0]


@refused(X)
def smallest_of_a_dict_of_unknown_size(x):
    return min(3.0 * x[0])


@refused(0.6)
def largest_of_nothing(x):
    return max([]) * x


@refused(X)
def reduces_a_generator(x):
    import functools

    return functools.reduce(lambda a, b: a * b, (v for v in x if v > 0.3))


@refused(0.6)
def compares_a_list_with_a_number(x):
    return x if [x] < 3.0 else 2 * x


@refused(0.6)
def orders_dicts(x):
    return x if {"a": x} < {"b": x} else 2 * x


@refused(0.6)
def orders_a_list_beside_a_tuple(x):
    return x if [x] < (x,) else 2 * x


@refused(X)
def is_one_object(x):
    return np.sum(x) if x[1:] is x[:-1] else x[0]


@refused(X)
def is_one_number(x):
    a, b = x[0] * 2, x[1] * 2
    return a if a is b else b


@refused(0.6)
def looks_into_a_number(x):
    return x if 1 in x else 2 * x


@refused(0.6, 3)
def looks_into_a_range_with_a_step(x, n):
    return x if n in range(0, n + 4, 2) else 2 * x


@refused(0.6, 3)
def looks_for_a_float_in_a_range(x, n):
    return x if x in range(n) else 2 * x


@refused(X)
def pairs_in_a_list_of_numbers(x):
    found = []
    for v in x:
        found.append(v)
    found.append((x[0], x[1]))
    return found[0]


@refused(X)
def number_in_place_of_a_pair(x):
    pairs = [(1.0, 2.0), (x[0], 1.0), (x[1], 2.0)]
    pairs[int(np.argmax(x))] = x[1]
    return pairs[1][0]


@refused(X)
def numbers_and_texts_in_one_list(x):
    found = [x[0], f"{x[0]:.1f}"] if x[0] > 0.3 else [x[2]]
    return found[0]


@refused(X)
def method_of_a_range(x):
    return x[range(3).index(2)]


def _running(x):
    while True:
        x = x + (yield x)


@refused(0.6)
def sends_to_a_generator(x):
    total = _running(x)
    next(total)
    return total.send(2 * x)


@refused(X)
def pickles_an_array(x):
    return np.sum(x) * (1 if pickle.dumps(x) else 2)


@refused(0.6)
def returns_more_than_anybody_reads(x):
    pair = x
    for _ in range(40):
        pair = (pair, pair)
    return pair


@refused(X)
def sorts_a_list_of_the_run_by_texts(x):
    rows = sorted((("small" if v < 0.5 else "large"), v) for v in x)
    return rows[0][1]
@refused(0.6)
def deletes_a_key_that_is_missing(x):
    found = {"a": x}
    del found["b"]
    return found["a"]


@refused(0.6)
def deletes_past_the_end_of_a_list(x):
    found = [x, x]
    del found[3]
    return found[0]
def gives_a_dict_a_key_that_the_run_knows(x):
    d = {}
    for v in x:
        d[int(v * 10)] = v
    return x[0] * len(d)


@refused(X)
def means_by_the_float_label_of_the_run(x):
    labels = np.floor(x * 3)
    found = {}
    for label in np.unique(labels):
        found[label] = np.mean(x[labels == label])
    return sum(found.values())


def _above(x, values):
    """A tuple whose length the run decides."""
    return tuple(v * x for v in values if v > x)


@refused(0.6)
def element_of_a_tuple_of_unknown_length_is_assigned(x):
    t = _above(x, (0.5, 1.0, 2.0))
    t[0] = x
    return sum(t)


@refused(0.6)
def element_of_a_tuple_of_unknown_length_is_deleted(x):
    t = _above(x, (0.5, 1.0, 2.0))
    del t[0]
    return sum(t)


@refused(0.6)
def adds_a_list_to_a_tuple_of_unknown_length(x):
    return sum(_above(x, (0.5, 1.0, 2.0)) + [x])


@refused(0.6)
def orders_a_tuple_beside_a_list(x):
    t = _above(x, (0.5, 1.0, 2.0))
    return x if t < [x] else x * x


@refused(0.6)
def asks_whether_two_tuples_are_one(x):
    t = _above(x, (0.5, 1.0, 2.0))
    return x if t is t[:] else x * x


@refused(0.6)
def indexes_an_array_with_a_tuple_of_unknown_length(x):
    at = tuple(k for k in range(2) if k > x)
    return np.full((3, 3), x)[at].sum()


@refused(0.6)
def prints_tuples_in_a_tuple_of_unknown_length(x):
    print(tuple((v, x) for v in (0.5, 1.0, 2.0) if v > x))
    return x


@refused(0.6)
def a_tuple_or_a_list_by_the_path(x):
    t = _above(x, (0.5, 1.0, 2.0)) if x > 0.5 else [x]
    return sum(t)
@refused(X)
def stacks_arrays_of_unknown_rank(x):
    parts = []
    for v in x:
        parts.append(x if v > 0.5 else np.outer(x, x))
    return np.sum(np.vstack(parts))


@refused(X)
def tables_of_two_loops_that_are_left_early(x):
    first, second = [], []
    for k in range(12):
        first.append([x[0]] * (k + 1))
        if x[0] * k > 3.0:
            break
    for k in range(12):
        second.append([x[1]] * (k + 1))
        if x[1] * k > 2.0:
            break
    return first[-1][-1] * second[-1][-1]


def _sums(x):
    found = {}
    for v in x:
        found[int(4 * v)] = found.get(int(4 * v), 0.0) + v
    return found


@refused(X)
def returns_a_dict_with_keys_of_the_run(x):
    return _sums(x)


@refused(X)
def prints_a_dict_with_keys_of_the_run(x):
    print(_sums(x))
    return x[0]


@refused(X)
def a_text_beside_keys_of_the_run(x):
    found = _sums(x)
    found["all"] = np.sum(x)
    return found["all"]


@refused(X)
def pairs_beside_integers_of_the_run_as_keys(x):
    found = _sums(x)
    return found.get((1, 2), x[0])


@refused(0.6)
def text_of_the_run_becomes_a_key(x):
    found = {}
    found["low" if x < 0.5 else "high"] = x
    return sum(found.values())


def _grouped(x):
    found = {}
    for v in x:
        found.setdefault(int(4 * v), []).append(v)
    return found


@refused(X)
def a_list_with_keys_of_the_run_grows_below_a_loop(x):
    found = _grouped(x)
    for v in found[2]:
        found[0].append(v)
    return sum(found[0])


@refused(X)
def a_number_beside_lists_with_keys_of_the_run(x):
    found = _grouped(x)
    found[1] = x[0]
    return sum(found[2])


@refused(X)
def gets_none_from_lists_with_keys_of_the_run(x):
    return sum(_grouped(x).get(2))


@refused(X)
def copies_a_dict_of_lists_with_keys_of_the_run(x):
    return sum(_grouped(x).copy()[2])


_LOG = []


@refused(X)
def appends_an_array_to_a_list_of_the_module(x):
    _LOG.append(x.copy())
    return np.sum(x**2)


@refused(X)
def appends_to_a_list_of_the_module_and_reads_it(x):
    _LOG.append(float(x[0]))
    return np.sum(x**2) * len(_LOG)


@refused(X)
def loop_over_a_set_of_the_run(x):
    return sum(k * x[0] for k in {int(v) for v in x})


@refused(X)
def prints_a_set_of_the_run(x):
    print({int(v) for v in x})
    return x[0]


@refused(X)
def returns_a_counter_that_a_loop_took_from(x):
    number = itertools.count()
    total = 0.0
    for v in x:
        if v > 0.5:
            total += next(number) * v
    return total, number


@refused(X)
def scatters_into_a_list_of_one_by_a_slice_of_the_run(x):
    start = int(x[0])
    return scatter([x[1]], [x[2]], np.s_[start:])[0]


@refused(X)
def comprehension_that_leaves_out_what_may_be_none(x):
    first = x[0] if x[1] > 0.5 else None
    return sum([v for v in (first, x[2]) if v is not None])


@refused(X)
def greatest_of_what_may_be_none(x):
    first = x[0] if x[1] > 0.5 else None
    return max(v for v in (first, x[2]) if v is not None)
