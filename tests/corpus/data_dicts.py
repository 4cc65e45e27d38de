"""Dicts, sets, strings and nested structures, as locals, arguments and results."""

import collections
from collections import OrderedDict, defaultdict, namedtuple

import numpy as np

from sorix.errors import UnsupportedTypeError
from tests.corpus.registry import program


@program(args=(0.6,))
def dict_literal(x):
    d = {"a": x, "b": x**2}
    d["c"] = d["a"] * d["b"]
    return d["c"] + d.get("missing", 2.0) * d["a"]


@program(args=(0.6,))
def dict_update_and_items(x):
    d = {"a": x}
    d.update({"b": x**2}, c=3.0)
    d |= {"d": x * d["b"]}
    total = 0.0
    for i, (key, value) in enumerate(d.items()):
        total += (i + len(key)) * value**2
    return total


@program(args=(0.6,))
def dict_comprehension(x):
    powers = {k: x**k for k in range(4)}
    return sum(v * k for k, v in powers.items()) + sum(powers.values())


@program(args=({"w": np.array([0.3, 0.1]), "b": 0.5}, np.array([1.0, 2.0])))
def parameters_in_a_dict(params, x):
    return np.tanh(x @ params["w"] + params["b"]) ** 2


@program(
    args=(
        {"layers": [(np.array([[0.3, 0.1]]), 0.2), (np.array([[0.5], [0.4]]), -0.1)], "scale": 2.0},
        np.array([[0.7], [0.2]]),
    )
)
def nested_pytree(params, x):
    for w, b in params["layers"]:
        x = np.tanh(x @ w + b)
    return params["scale"] * np.sum(x)


@program(args=(0.6,))
def dict_pop_and_setdefault(x):
    d = {"a": x, "b": 2.0}
    a = d.pop("a")
    c = d.setdefault("c", a * 3)
    return a * c * d["b"] * len(d)


@program(args=(0.6,))
def default_dict(x):
    groups = defaultdict(float)
    for k in range(5):
        groups[k % 2] += x**k
    return groups[0] * groups[1]


@program(args=(0.6,))
def counters_by_name(x):
    counts = {}
    for word in ["a", "b", "a", "c", "a"]:
        counts[word] = counts.get(word, 0) + 1
    return sum(n * x**n for n in counts.values())


@program(args=(0.6,))
def membership_tests(x):
    table = {"sin": np.sin}
    names = {"sin", "cos"}
    y = table["sin"](x) if "sin" in table else x
    return y * 2 if "tan" not in names else y


@program(args=(np.array([0.6, 0.3]),))
def returns_a_dict(x):
    return {"loss": np.sum(x**2), "parts": {"first": x[0] * x[1]}}


@program(args=(0.6,))
def dict_of_functions(x):
    operations = {"double": lambda v: 2 * v, "square": lambda v: v * v}
    for name in ["square", "double", "square"]:
        x = operations[name](x)
    return x


@program(args=(0.6,))
def dict_unpacking(x):
    base = {"a": x, "b": 1.0}
    merged = {**base, "b": x**2, "c": base["b"]}
    return merged["a"] * merged["b"] + merged["c"]


_Config = namedtuple("_Config", "rate steps")


@program(args=(0.6, _Config(0.1, 3)))
def named_tuple_of_settings(x, config):
    for _ in range(config.steps):
        x = x - config.rate * np.cos(x)
    return x


@program(args=(0.6,))
def graph_of_dependencies(x):
    graph = {"a": [], "b": ["a"], "c": ["a", "b"], "d": ["c", "b"]}
    value = OrderedDict()
    for node, parents in graph.items():
        value[node] = x + sum(value[p] ** 2 for p in parents)
    return value["d"]


@program(args=(0.6, 0.8), argnums=(0, 1))
def string_formatting_in_keys(x, y):
    d = {}
    for k, v in enumerate((x, y, x * y)):
        d[f"p{k}"] = v
    return d["p0"] * d["p2"] - d["p" + "1"]


@program(args=({"b": 0.5, "a": 2.0},))
def sorted_keys(params):
    out = 1.0
    for key in sorted(params):
        out = out * params[key] + params[key]
    return out


@program(args=(np.array([0.6, 0.3, 0.2]),))
def memo_table_of_subproblems(p):
    best = {}
    for i in range(3):
        best[i, i] = p[i]
    for width in range(1, 3):
        for i in range(3 - width):
            j = i + width
            best[i, j] = best[i, j - 1] * best[i + 1, j] + p[i] * p[j]
    return best[0, 2]


@program(args=(1.5,))
def item_added_to_where_the_data_say(x):
    d = {"a": 0.0, "b": 1.0}
    d["a" if x > 1 else "b"] += x**2
    d["b" if x > 1 else "a"] = x**3
    return d["a"] * 2 + d["b"] * 3 * x


@program(args=(np.array([0.5, 1.5, 2.5, 0.7]),))
def sums_by_integer_keys_of_the_data(x):
    sums = {0: 0.0, 1: 1.0, 2: 0.0}
    for v in x:
        sums[int(v)] += v**2
    return sums[0] + sums[1] * 2 + sums[2] * 3


@program(args=(1.5,))
def array_of_a_dict_changed_where_the_data_say(x):
    d = {"a": np.zeros(2), "b": np.ones(2)}
    d["a" if x > 1 else "b"] += x**2
    return np.sum(d["a"] * 2 + d["b"] * 3 * x)


@program(args=(np.array([0.5, 1.5, 2.5]),))
def dicts_of_pairs_with_an_array(y):
    c, e = dict(zip(range(3), y)), dict(enumerate(y))
    return c[0] * c[1] + e[2] ** 2 * len(e)


@program(args=(1.5,), refused=UnsupportedTypeError)
def count_at_a_key_of_the_data(x):
    counts = collections.Counter()
    counts["a" if x > 1 else "b"] += 1
    return x**2 * counts["a"]


@program(args=(0.7,))
def ordered_items_from_the_front(x):
    found = collections.OrderedDict(a=x, b=x * x)
    name, value = found.popitem(last=False)
    return value * found["b"] * len(name)


@program(args=(np.array([0.3, 1.1, 0.6, 1.4, 0.2]),))
def lists_at_integer_keys_of_the_data(x):
    groups = {0: [], 1: [], 5: []}
    for v in x:
        k = int(v > 0.5) * 5
        groups[k].append(v)
    groups[int(x[0] > 1.0)].append(x[2] ** 2)
    return sum(sum(g) ** 2 * (k + 1) for k, g in groups.items())


@program(args=(np.array([0.3, 1.1, 2.6, 1.4, 0.2]),))
def key_of_the_data_that_may_be_missing(x):
    groups, others = {0: [], 1: []}, 0.0
    for v in x:
        try:
            groups[int(v)].append(v)
        except KeyError:
            others += v**3
    return sum(groups[0]) * sum(groups[1]) ** 2 + others
