"""Arrays of integers that say what is done: labels, edges, sparse matrices, parents in a tree."""

from collections import Counter, defaultdict, deque

import numpy as np

from tests.corpus.registry import program

_X = np.array([0.6, 0.9, 1.4, 0.3, 1.1, 0.8])
_LABELS = np.array([0, 2, 1, 0, 2, 2])
_EDGES = np.array([[0, 1], [1, 2], [0, 3], [3, 4], [2, 4]])


@program(args=(_X, _LABELS))
def means_by_unique_label(x, labels):
    means = {}
    for k in np.unique(labels):
        means[k] = x[labels == k].mean()
    return sum((x[i] - means[labels[i]]) ** 2 for i in range(len(x)))


@program(args=(_X, _LABELS))
def lists_by_label(x, labels):
    groups = {}
    for v, k in zip(x, labels):
        groups.setdefault(k, []).append(v)
    return sum(np.var(np.array(g)) * len(g) for g in groups.values())


@program(args=(_X, _LABELS))
def sums_in_a_defaultdict_by_label(x, labels):
    sums, counts = defaultdict(float), Counter(labels.tolist())
    for v, k in zip(x, labels):
        sums[int(k)] += v
    return sum((sums[k] / counts[k]) ** 2 for k in sums)


@program(args=(_X, _LABELS))
def lists_of_known_keys_by_label(x, labels):
    groups = {k: [] for k in range(3)}
    for i, k in enumerate(labels):
        groups[k].append(x[i])
    return sum(np.mean(v) ** 2 for v in groups.values())


@program(args=(_X, _LABELS))
def place_of_each_unique_label(x, labels):
    place = {c: i for i, c in enumerate(np.unique(labels))}
    sums = np.zeros(len(place))
    for v, c in zip(x, labels):
        sums[place[c]] += v
    return np.prod(sums)


@program(args=(_X, _LABELS))
def counts_and_inverse_of_labels(x, labels):
    found, inverse, counts = np.unique(labels, return_inverse=True, return_counts=True)
    means = {}
    for k, c in zip(found, counts):
        means[k] = np.sum(x[labels == k]) / c
    return sum(means[found[j]] * x[i] for i, j in enumerate(inverse))


@program(args=(_X, _LABELS))
def names_chosen_by_label(x, labels):
    totals = {}
    for i, k in enumerate(labels):
        totals[f"class {k}"] = totals.get(f"class {k}", 0.0) + x[i] * (i + 1)
    return totals["class 0"] * totals["class 2"]


@program(args=(_X, _EDGES))
def degrees_of_a_graph(x, edges):
    degree = {}
    for a, b in edges:
        degree[a] = degree.get(a, 0) + 1
        degree[b] = degree.get(b, 0) + 1
    return sum(x[a] * x[b] / (degree[a] * degree[b]) for a, b in edges)


@program(args=(_X, _EDGES))
def breadth_first_in_a_graph(x, edges):
    neighbours = {}
    for u, v in edges:
        neighbours.setdefault(int(u), []).append(int(v))
    seen, queue, total = {0}, deque([0]), 0.0
    while queue:
        u = queue.popleft()
        total = total * 0.5 + x[u]
        for v in neighbours.get(u, []):
            if v not in seen:
                seen.add(v)
                queue.append(v)
    return total**2


@program(args=(_X, np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]])))
def distances_by_an_adjacency_matrix(x, adjacent):
    distance, queue = {0: 0}, deque([0])
    while queue:
        u = queue.popleft()
        for v in np.nonzero(adjacent[u])[0]:
            if v not in distance:
                distance[v] = distance[u] + 1
                queue.append(v)
    return sum(x[k] ** d for k, d in distance.items())


@program(args=(_X[:5], np.array([0, 1, 2, 2, 1]), np.array([0, 1, 2, 0, 1])))
def sparse_matrix_in_a_dict(values, rows, columns):
    a = {}
    for v, i, j in zip(values, rows, columns):
        a[(i, j)] = a.get((i, j), 0.0) + v
    return sum(v**2 * (i + j + 1) for (i, j), v in a.items())


@program(args=(_X, np.array([[0, 1, 2], [2, 1, 3], [3, 4, 5]])))
def edges_of_triangles(x, triangles):
    edges = set()
    for a, b, c in triangles:
        for i, j in ((a, b), (b, c), (c, a)):
            edges.add((min(i, j), max(i, j)))
    return sum((x[i] - x[j]) ** 2 for i, j in sorted(edges))


@program(args=(_X, np.array([-1, 0, 0, 1, 1, 2])))
def tree_by_its_parents(x, parents):
    children = [[] for _ in parents]
    for i, p in enumerate(parents):
        if p >= 0:
            children[p].append(i)

    def total(i):
        return x[i] + 0.5 * sum(total(c) ** 2 for c in children[i])

    return total(0)


@program(args=(_X, np.array([True, False, True, True, False, False])))
def halves_by_a_mask(x, mask):
    halves = {True: [], False: []}
    for v, m in zip(x, mask):
        halves[bool(m)].append(v)
    return sum(halves[True]) * sum(halves[False])


@program(args=(_X, np.array([250, 3, 10, 0, 7, 1], np.uint8)))
def small_integers_that_wrap_around(x, u):
    places = {}
    for i, k in enumerate(u):
        places[k] = i
    return x[places[250]] * float(u[1] - u[5]) + x[places[7]] ** 2 * float(~u[0])


@program(args=(_X, _LABELS))
def labels_changed_before_they_group(x, labels):
    labels = labels.copy()
    labels[0] = 1
    sums = {}
    for i, k in enumerate(labels):
        sums[k] = sums.get(k, 0.0) + x[i] * (i + 1)
    labels[:] = 0
    return sums[1] ** 2 + sums[2] * (labels[2] + 1) * len(sums)


@program(args=(_X, _LABELS))
def sums_by_label_read_at_a_key_of_the_run(x, labels):
    sums, lists = {}, {}
    for i, k in enumerate(labels):
        sums[k] = sums.get(k, 0.0) + x[i]
        lists.setdefault(k, []).append(x[i])
    for v in x:
        lists[min(int(v + 0.5), 2)].append(v**2)
    return sums[int(x[0] + 0.5)] ** 2 + sum(sum(v) ** 2 * (k + 1) for k, v in lists.items())


@program(args=(_X, _LABELS))
def labels_as_places_in_lists(x, labels):
    places, sums = tuple(labels), {k: 0.0 for k in labels}
    values = list(x)
    del values[labels[2]]
    values.insert(labels[1], x[0] ** 2)
    last = values.pop(labels[1])
    for i, k in enumerate(labels):
        match k:
            case 0:
                sums[k] += x[i]
            case 1 | 2:
                sums[k] += x[i] ** 2
    return last * sums[0] * sums[2] + x[places[-1]] * max(places) + values[0] * len(sums)


@program(args=(_X, _LABELS))
def split_where_labels_say(x, labels):
    runs = np.split(x, np.unique(labels))
    pairs = np.array_split(x, np.flatnonzero(np.diff(labels)) + 1)
    return sum(len(p) * np.sum(p**2) for p in runs) + sum(len(p) * np.sum(p) for p in pairs)
