"""Built-in functions and the standard library: collections, copy, operator, functools, math."""

import collections
import copy
import functools
import math
import operator

import numpy as np

from tests.corpus.registry import program


@program(args=(0.6,))
def default_dict_of_lists(x):
    groups = collections.defaultdict(list)
    for k, v in enumerate([x, x**2, 3.0, 2 * x]):
        groups[k % 2].append(v)
    counts = collections.defaultdict(int)
    for name in "abca":
        counts[name] += 1
    return sum(groups[0]) * sum(groups[1]) * counts["a"] + len(groups)


@program(args=(0.6,))
def counter_and_ordered_dict(x):
    counts = collections.Counter("hello")
    order = collections.OrderedDict([("b", x), ("a", x**2)])
    total = 0.0
    for name, v in order.items():
        total = total * 2 + v
    return total * counts["l"] + counts["z"]


@program(args=(0.6,))
def deque_as_a_queue(x):
    queue = collections.deque([x, 2.0])
    queue.append(x**2)
    queue.appendleft(3.0)
    queue.rotate(1)
    queue.extend([x])
    total = 0.0
    while queue:
        total = total * 0.5 + queue.popleft()
    return total * len(queue) + total


Point = collections.namedtuple("Point", ["x", "y"], defaults=[2.0])


@program(args=(0.6,))
def named_tuple_functions(x):
    p = Point(x)
    q = p._replace(y=x**2)
    a, b = q
    return p.x * q.y + a * b + sum(q) + len(p) + p._asdict()["y"]


@program(args=(0.6,))
def copies_shallow_and_deep(x):
    inner = [x, 1.0]
    data = {"a": inner, "b": inner}
    shallow, deep = copy.copy(data), copy.deepcopy(data)
    inner[1] = x**2
    shallow["b"] = 3.0
    deep["a"][0] = x * 5
    return (
        data["a"][1] * data["b"][0]
        + shallow["a"][1] * shallow["b"]
        + deep["a"][0] * deep["b"][0] * deep["b"][1]
    )


@program(args=(np.array([0.6, 0.1]),))
def deepcopy_of_arrays(x):
    a = np.zeros(2)
    a[:] = x
    state = {"a": a, "same": a}
    other = copy.deepcopy(state)
    a *= 2
    other["a"] += 1
    return np.sum(a * other["same"])


@program(args=(0.6,))
def operator_functions(x):
    first = operator.itemgetter(0)
    both = operator.itemgetter("a", "b")
    add = functools.reduce(operator.add, [x, 2.0, x**2])
    a, b = both({"a": x, "b": 3.0})
    return first([x, 1.0]) * operator.mul(a, b) + add - operator.neg(x) + operator.truediv(1.0, x)


@program(args=(0.6,))
def sorted_by_names(x):
    rows = [("c", x), ("a", x**2), ("b", 3.0)]
    total = 0.0
    for _, v in sorted(rows, key=operator.itemgetter(0)):
        total = total * 2 + v
    rows.sort(key=lambda r: r[0], reverse=True)
    for _, v in rows:
        total = total * x + v
    return total


@functools.lru_cache(maxsize=None)
def _fibonacci(n):
    return n if n < 2 else _fibonacci(n - 1) + _fibonacci(n - 2)


@program(args=(0.6, 8))
def cached_recursion(x, n):
    @functools.cache
    def power(k):
        return 1.0 if k == 0 else x * power(k - 1)

    return power(3) * _fibonacci(n)


@program(args=(0.6, 0.8), argnums=(0, 1))
def math_functions_of_many(x, y):
    return math.prod([x, y, 2.0]) + math.hypot(x, y) + math.dist((x, y), (1.0, 2.0)) + math.fsum([x, y, x])


@program(args=(0.6,))
def sum_with_a_start(x):
    return sum([x, 2.0], 10.0) * sum((v for v in (x, x)), start=x) + sum([[x], [2.0]], [])[0]


@program(args=(7.3,))
def integer_parts(x):
    q, r = divmod(x, 2.0)
    n = int(x)
    return x * n + r * q + round(2.7) + float(n) + abs(-x) + bool(n) + x % 2 + x // 2


@program(args=(0.6,))
def strings_are_facts(x):
    names = "a,b,,c".split(",")
    total = 0.0
    for k, name in enumerate(names):
        if not name:
            continue
        label = f"{name.upper()}{k}"
        total += x ** (len(label) + ord(name) % 3) if label.startswith("B") else x * k
    return total * len("-".join(names)) * ("%s" % "ab").count("a")


@program(args=(0.6,))
def dict_methods(x):
    d = dict(a=x, b=2.0)
    d.update(c=x**2)
    d |= {"e": 1.0}
    e = {**d, "a": 3.0} | {"f": x}
    total = d.pop("b") * d.setdefault("z", x) * d.get("nope", 4.0) * d["z"]
    keys, values = d.keys(), d.values()
    d["late"] = x * 7
    total += sum(values) * len(keys) + e["a"] * e["f"]
    if "late" in keys and "b" not in d:
        total *= 2
    del d["a"]
    return total + sum(d[k] for k in sorted(d))


@program(args=(0.6,))
def list_methods(x):
    a = [x, 1.0, x**2]
    a.insert(1, 2 * x)
    a[1:2] = [x, 3.0]
    a.reverse()
    b = a[::-1] + [5.0] * 2
    b[-1] = x
    del b[0]
    c = b.copy()
    c.extend(v * 2 for v in a)
    c.pop(0)
    return sum(c) * b[-1] + [1, 5].index(5) + len(c)


@program(args=(0.6,))
def sets_of_names(x):
    one, two = {"a", "b", "c"}, set("bcd")
    total = x
    for name in sorted(one & two):
        total = total * x + ord(name) - 97
    one.discard("zz")
    one.add("q")
    return total * len(one | two) * len(one - two) + (x if {"b"} <= two else 0.0)


@program(args=(0.6, 0.2), argnums=(0, 1))
def walrus_and_chains(x, y):
    if (s := x + y) > 0.5 and (p := x * y) < 1:
        return s * p
    return x


@program(args=(0.6,))
def lambdas_with_defaults(x):
    functions = [lambda v, k=k: v * k + x for k in range(3)]
    late = [lambda v: v * k for k in range(3)]
    return sum(f(x) for f in functions) + sum(f(x) for f in late)


@program(args=(np.array([0.6, 0.1, 0.3]),))
def slice_objects(x):
    inner = slice(1, None)
    every = slice(None, None, 2)
    a, b = x[inner], x[every]
    return a[0] * b[1] + x[slice(0, 2)].sum() * inner.start


@program(args=(0.6,))
def deleted_names_and_elements(x):
    y = x**2
    z = [y, x, 3.0]
    del y, z[1]
    y = z[0]
    return y * z[1] * len(z)


@program(args=(0.6,))
def isinstance_of_everything(x):
    total = 0.0
    for v in (2, [x], (x, x), {"a": x}, "s", None, True):
        if isinstance(v, bool):
            total += 5
        elif isinstance(v, (int, float)):
            total += v * x
        elif isinstance(v, (list, tuple)):
            total += sum(v) ** len(v)
        elif isinstance(v, dict):
            total += v["a"] ** 3
        elif v is None or isinstance(v, str):
            total *= 2
    return total


@program(args=(0.6,))
def codes_of_characters_are_facts(x):
    total = 0.0
    for letter in "AB":
        total += x ** (ord(letter) % 3) * int(bin(5)[-1])
        other = total
    return total + other * len(hex(255))


@program(args=(np.array([[0.5, -0.3], [1.2, 0.4], [0.7, 0.9]]),))
def best_row_kept_by_deepcopy(rows):
    rows = rows.copy()
    best, most = copy.deepcopy(rows[0]), -1.0
    for k in range(3):
        if rows[k] @ rows[k] > most:
            best, most = copy.deepcopy(rows[k]), rows[k] @ rows[k]
        rows[k] *= 2.0
    best[0] += 1.0
    return best @ best + np.sum(rows)
