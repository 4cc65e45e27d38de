"""Dicts, sets, strings and nested structures, as locals, arguments and results."""

import collections
import copy
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


_SAMPLES = np.array([0.3, 1.2, 0.7, 2.6, 1.9])


@program(args=(_SAMPLES,))
def histogram_of_the_data(x):
    sums = {}
    for v in x:
        k = int(v)
        sums[k] = sums.get(k, 0.0) + v
    return sum(k * s**2 for k, s in sums.items()) + sums[1] * len(sums)


@program(args=(_SAMPLES,))
def means_by_the_label_of_the_run(x):
    labels = np.digitize(x, [1.0, 2.0])
    found = {}
    for label in np.unique(labels):
        found[label] = np.mean(x[labels == label])
    return sum(m**2 * (k + 1) for k, m in found.items())


@program(args=(_SAMPLES,))
def histogram_by_a_key_error(x):
    sums, first = {}, {}
    for v in x:
        try:
            sums[int(v)] += v * v
        except KeyError:
            sums[int(v)] = v
            first.setdefault(int(2 * v), v)
    return sum(sums.values()) ** 2 + sum(v**3 for v in first.values())


@program(args=(_SAMPLES,))
def default_sums_at_keys_of_the_run(x):
    sums = collections.defaultdict(float)
    counts = collections.Counter(int(v) for v in x)
    for v in x:
        sums[int(v * 2), 1] += v * v / counts[int(v)]
    key, most = counts.most_common(1)[0]
    total = sums[40, 1] * len(sums) + key * most * x[0] ** 2
    for a, b in sorted(sums):
        total += sums[a, b] * (a + b)
    return total


@program(args=(_SAMPLES,))
def views_of_a_dict_with_keys_of_the_run(x):
    sums = {}
    keys, values, items = sums.keys(), sums.values(), sums.items()
    for k, v in enumerate(x):
        if int(v) not in sums:
            sums[int(v)] = x[k - 1] * v
    total = x[0] * len(keys) if 1 in keys and 7 not in keys else x[1]
    for _ in range(2):
        total += sum(v * v for v in values)
    for k in sums:
        sums[k] *= 2.0
    if not sums or not isinstance(sums, dict):
        total = 0.0
    return total + sum(k * v for k, v in items)


@program(args=(_SAMPLES,))
def copies_of_a_dict_with_keys_of_the_run(x):
    sums = {int(v): v * v for v in x}
    others = [sums.copy(), dict(sums), copy.copy(sums), copy.deepcopy(sums)]
    for k, other in enumerate(others):
        other[k] = x[k]
    sums.update({int(x[0]): x[1]})
    return sum(sums.values()) + sum(np.prod(list(o.values())) for o in others)


@program(args=(_SAMPLES,))
def dict_that_grows_while_a_loop_runs_over_it(x):
    sums = {}
    for v in x:
        sums[int(v)] = v
    total = 0.0
    try:
        for k in sums:
            total += sums[k]
            sums[k + 10] = 1.0
    except RuntimeError as error:
        total *= len(str(error))
    return total**2


@program(args=(_SAMPLES,))
def arrays_and_pairs_at_keys_of_the_run(x):
    moments, pairs = {}, {}
    for v in x:
        moments[int(v)] = moments.get(int(v), np.zeros(2)) + np.array([v, v * v])
        count, total = pairs.get(int(v), (0, 0.0))
        pairs[int(v)] = count + 1, total + v
    last = pairs.get(9)
    return sum(np.prod(m) for m in moments.values()) + sum(
        t / n for n, t in pairs.values()
    ) * (last is None)


@program(args=(_SAMPLES,), refused=UnsupportedTypeError)
def dict_with_keys_of_the_run_compared(x):
    sums = {}
    for v in x:
        sums[int(v)] = v
    return x[0] if sums == {0: 0.7, 1: 1.9, 2: 2.6} else x[1]


@program(args=(_SAMPLES,))
def lists_at_keys_of_the_run(x):
    groups, others = collections.defaultdict(list), {}
    for k, v in enumerate(x):
        groups[int(v)].append(v)
        if int(2 * v) not in others:
            others[int(2 * v)] = []
        others[int(2 * v)].append(k)
    total = sum(np.mean(g) ** 2 * len(g) + g[0] * g[-1] for g in groups.values())
    for key, ks in others.items():
        total += np.sum(x[ks]) ** 2 * key
    return total + sum(sorted(groups[1])[:1]) * (3 in others[5])


@program(args=(_SAMPLES,))
def lists_at_keys_of_the_run_by_other_names(x):
    groups = {}
    for v in x:
        new = []
        group = groups.setdefault(int(v), new)
        group.append(v)
        groups[int(v)] += [v * v * (len(new) + 1)]
    first = groups[0]
    groups[7] = first
    groups[7].append(x[4])
    groups[0] = groups.get(0, []) + [x[3]]
    first[0] = x[3] * x[4]
    return sum(sum(g) ** 2 * (k + 1) for k, g in groups.items()) + len(first)


_POINTS = np.array([[0.1, 0.2], [0.9, 0.3], [1.2, 0.4], [0.15, 0.25], [1.1, 1.3], [0.8, 0.1]])


@program(args=(_POINTS, 1.0))
def pairs_by_cell_lists(points, size):
    cells = {}
    for i in range(len(points)):
        key = int(points[i, 0] // size), int(points[i, 1] // size)
        cells.setdefault(key, []).append(i)
    energy = 0.0
    for (a, b), here in cells.items():
        for da, db in ((0, 0), (1, 0), (0, 1)):
            for j in cells.get((a + da, b + db), []):
                for i in here:
                    if i != j:
                        energy += np.exp(-np.sum((points[i] - points[j]) ** 2))
    return energy


@program(args=(_POINTS,))
def points_by_the_cell_that_they_are_in(points):
    cells = {}
    for point in points:
        key = tuple(np.floor(point).astype(int))
        if key not in cells:
            cells[key] = []
        cells[key].append(point)
    spread = 0.0
    for group in cells.values():
        spread += np.sum((np.array(group) - np.mean(np.array(group), axis=0)) ** 2)
    return spread


@program(args=(_SAMPLES, {0: 2.0, 1.0: 3.0, "name": 1.0}))
def table_asked_for_keys_of_the_run(x, table):
    local = {0: [x[0]], 1: [x[1], 2.0]}
    total = 0.0
    for v in x:
        k = int(v)
        total += table.get(k, 0.25) * v**2 + sum(local.get(k, []))
        if k not in table or k + 7 in table:
            total *= v
    last = local.get(int(x[3]))
    return total if last is None else total**2
@program(args=(0.4, 0.7), argnums=(0, 1))
def dict_updated_by_pairs_and_counts_by_name(x, y):
    d = {"a": x}
    d.update([("b", y), ("a", x * y)], c=x**2)
    counts = collections.Counter("aab")
    counts.update({"a": 1}, b=2)
    return d["a"] * d["b"] + counts["a"] * d["c"] + counts["b"] * y


@program(args=(np.array([0.7, -0.4, 1.3, 0.2]),))
def reversed_views_of_a_dict_whose_keys_the_run_decides(x):
    found = {}
    for v in x:
        found[int(v * 2)] = v * v
    total = sum(k * v for k, v in enumerate(reversed(found.values())))
    for k in reversed(found.keys()):
        total = total * 0.5 + k * x[0]
    for k, v in reversed(found.items()):
        total = total * 0.5 + k * v
    return total
