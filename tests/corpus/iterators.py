"""Iterators: consumed late, once, side by side; generators of generators; itertools."""

import heapq
import itertools
import operator

import numpy as np

from tests.corpus.registry import program


@program(args=(np.array([0.6, 0.1, 0.3]),))
def enumerate_of_a_generator(x):
    total = 0.0
    for k, v in enumerate((u**2 for u in x), start=1):
        total += k * v
    return total


@program(args=(np.array([0.6, -0.1, 0.3]),))
def filter_of_an_array(x):
    return sum(filter(lambda v: v > 0, x)) + len(list(filter(lambda v: v > 0, x)))


@program(args=(np.array([0.6, -0.1, 0.3]),))
def list_of_a_filter_is_used(x):
    kept = list(filter(lambda v: v > 0, x))
    total = 0.0
    for k in range(len(kept)):
        total += kept[k] ** (k + 1)
    return total


@program(args=(0.6,))
def generator_expression_sees_later_values(x):
    scale = 1.0
    parts = (scale * v for v in (x, x**2))
    scale = 3.0
    return sum(parts)


@program(args=(0.6,))
def map_sees_later_values(x):
    scale = [1.0]
    parts = map(lambda v: scale[0] * v, (x, x**2))
    scale[0] = 3.0
    return sum(parts)


@program(args=(np.array([0.6, 0.1, 0.3]),))
def zip_of_generators_and_arrays(x):
    def squares(values):
        for v in values:
            yield v * v

    total = 0.0
    for a, s, k in zip(x, squares(x), itertools.count(1)):
        total += a * s * k
    return total


@program(args=(np.array([0.6, 0.1, 0.3]),))
def next_finds_the_first(x):
    first = next(v for v in x if v < 0.5)
    none = next((v for v in x if v > 5), 2.0)
    return first**2 * none


@program(args=(0.6,))
def next_then_loop(x):
    values = iter([x, x**2, x**3])
    first = next(values)
    total = first * 3
    for v in values:
        total += v * first
    return total + next(values, 5.0) * x


@program(args=(np.array([0.6, 0.1, 0.3]),))
def next_of_an_array_iterator(x):
    it = iter(x)
    a, b = next(it), next(it)
    return a * b**2


@program(args=(np.array([0.6, 0.1, 0.3]),))
def any_stops_early(x):
    seen = []

    def large(v):
        seen.append(v)
        return v > 0.5

    found = any(large(v) for v in (x[0], x[1], x[2]))
    return seen[0] * len(seen) if found else 0.0


@program(args=(0.6,))
def generator_of_generators(x):
    def inner(n):
        for i in range(n):
            yield x**i

    def outer():
        for n in (2, 3):
            yield from inner(n)
            yield sum(inner(n))

    total = 1.0
    for v in outer():
        total = total * x + v
    return total


@program(args=(0.6,))
def value_of_yield_from(x):
    def inner():
        yield x
        yield x**2
        return 3.0

    def outer():
        factor = yield from inner()
        yield factor * x

    return sum(outer())


@program(args=(0.6,))
def generator_with_a_condition_and_return(x):
    def numbers(limit):
        total = 0.0
        for k in range(10):
            if total > limit:
                return
            total += x
            yield total * k

    out = 0.0
    for v in numbers(2.0):
        out += v**2
    return out


@program(args=(0.6,))
def generator_with_finally(x):
    log = []

    def numbers():
        try:
            yield x
            yield x**2
        finally:
            log.append(x * 2)

    total = sum(numbers())
    for v in numbers():
        total += v
        break
    return total * sum(log)


class Grid:
    def __init__(self, values):
        self.values = values

    def __iter__(self):
        for k in range(len(self.values)):
            yield k, self.values[k]

    def doubled(self):
        for k, v in self:
            yield k, 2 * v


@program(args=(np.array([0.6, 0.1, 0.3]),))
def generator_methods_of_a_class(x):
    grid = Grid(x)
    total = 0.0
    for k, v in grid:
        total += k * v**2
    for k, v in grid.doubled():
        total += v**3
    return total


class Steps:
    def __init__(self, start, factor, count):
        self.value = start
        self.factor = factor
        self.left = count

    def __iter__(self):
        return self

    def __next__(self):
        if self.left == 0:
            raise StopIteration
        self.left -= 1
        self.value = self.value * self.factor
        return self.value


@program(args=(0.6,))
def class_with_next(x):
    return sum(Steps(x, 1.1, 3)) + max(Steps(x, x, 2))


@program(args=(0.6,))
def next_of_an_object(x):
    steps = Steps(x, 2.0, 5)
    first = next(steps)
    return first * next(steps) + sum(steps)


class Shelf:
    def __init__(self, items):
        self.items = items

    def __getitem__(self, k):
        if k >= len(self.items):
            raise IndexError(k)
        return self.items[k]

    def __len__(self):
        return len(self.items)


@program(args=(0.6,))
def class_with_getitem_is_iterated(x):
    shelf = Shelf([x, x**2, 3.0])
    total = 1.0
    for v in shelf:
        total = total * v + x
    return total * len(shelf)


@program(args=(0.6,))
def chain_of_generators(x):
    total = 0.0
    for v in itertools.chain((x * k for k in range(3)), [x**2], (5.0,)):
        total = total * 0.5 + v
    return total


@program(args=(np.array([0.6, 0.1, 0.3]),))
def chain_from_iterable_of_arrays(x):
    total = 0.0
    for v in itertools.chain.from_iterable([x, 2 * x[:2]]):
        total = total * 0.5 + v**2
    return total


@program(args=(np.array([0.6, 0.1, 0.3]),))
def accumulate_in_three_ways(x):
    one = list(itertools.accumulate([x[0], x[1], x[2]]))
    two = list(itertools.accumulate([x[0], x[1], x[2]], operator.mul))
    total = 0.0
    for v in itertools.accumulate(x, lambda a, b: a * b + 1, initial=2.0):
        total += v
    return one[-1] * two[-1] + total


@program(args=(0.6,))
def islice_of_an_endless_generator(x):
    def powers():
        p = 1.0
        while True:
            yield p
            p = p * x

    return sum(itertools.islice(powers(), 1, 6, 2))


@program(args=(0.6,))
def takewhile_and_dropwhile(x):
    values = [x, 2 * x, 3 * x, x / 2]
    return sum(itertools.takewhile(lambda v: v < 1.5, values)) * sum(
        itertools.dropwhile(lambda v: v < 1.0, values)
    )


@program(args=(np.array([0.6, 0.1, 0.3]),))
def permutations_of_an_array(x):
    total = 0.0
    for a, b, c in itertools.permutations(x):
        total += a * b**2 * c**3
    return total


@program(args=(np.array([0.6, 0.1, 0.3]),))
def zip_longest_and_starmap(x):
    total = 0.0
    for a, b in itertools.zip_longest([x[0], x[1], x[2]], [2.0], fillvalue=1.5):
        total += a**2 * b
    return total + sum(itertools.starmap(lambda a, b: a * b, [(x[0], x[1]), (x[2], 2.0)]))


@program(args=(np.array([0.6, 0.1, 0.3]),))
def pairwise_of_an_array(x):
    return sum((b - a) ** 2 for a, b in itertools.pairwise(x))


@program(args=(np.array([0.6, 0.1, 0.3]),))
def zip_with_repeat_and_count(x):
    total = 0.0
    for v, c, k in zip(x, itertools.repeat(2.0), itertools.count(0.5, 0.25)):
        total += v**c * k
    return total


@program(args=(np.array([0.6, 0.1, 0.3]), np.array([1.0, 2.0])), argnums=(0, 1))
def map_of_two_arrays_stops_at_the_shorter(x, y):
    return sum(map(lambda a, b: a * b, x, y))


@program(args=(0.6,))
def reversed_of_several_kinds(x):
    total = 0.0
    for v in reversed([x, x**2, 2.0]):
        total = total * 0.5 + v
    for i in reversed(range(1, 6, 2)):
        total = total * 0.5 + x**i
    for v in reversed((x, 3.0)):
        total = total * x + v
    return total


@program(args=(np.array([0.6, 0.1, 0.3]),))
def reversed_enumeration(x):
    total = 0.0
    for k, v in reversed(list(enumerate(x))):
        total = total * 0.5 + k * v
    for v in reversed(x):
        total = total * x[0] + v
    return total


@program(args=(0.6,))
def list_changed_by_index_while_looped_over(x):
    values = [x, 1.0, 2.0]
    total = 0.0
    for k, v in enumerate(values):
        if k + 1 < len(values):
            values[k + 1] = values[k + 1] * v
        total += v
    return total


@program(args=(0.6,))
def unpacking_of_iterators(x):
    a, *rest = (x**k for k in range(1, 4))
    b, c = map(lambda v: v * 2, (x, 3.0))
    (d, e), f = zip([x, 2.0], [3.0, x]), 1.0
    return a + sum(rest) * b * c + d[0] * e[1] + f


@program(args=(np.array([0.6, 0.1, 0.3]),))
def min_and_max_of_generators_with_keys(x):
    a = max((v for v in x), key=lambda v: -v)
    b = min([x[0], x[1], x[2]], key=lambda v: (v - 0.25) ** 2)
    c = max(x[0], x[1], default=None) if False else max(x[0], x[1])
    return a * b + c**2


@program(args=(np.array([0.6, 0.1, 0.3]),))
def best_so_far_with_a_flag(x):
    first = True
    for v in x:
        if first or v < best:
            best = v
            first = False
    return best**2


@program(args=(np.array([0.6, 0.1, 0.3]),))
def best_so_far_with_none(x):
    best = None
    for v in x:
        if best is None or v < best:
            best = v
    return best**2


@program(args=(np.array([0.3, 0.8, 0.6, 0.4]),))
def a_calculator_over_named_elements(v):
    names = dict(zip("xyzw", v))
    operators = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b}  # fmt: skip
    stack = []
    for token in "x 2 * y + z w - /".split():
        if token in operators:
            right, left = stack.pop(), stack.pop()
            stack.append(operators[token](left, right))
        elif token in names:
            stack.append(names[token])
        else:
            stack.append(float(token))
    return stack[0]


@program(args=(np.array([0.6, 0.1, 0.3, 0.9, 0.4]),))
def one_iterator_given_to_zip_twice(x):
    it = iter(x)
    total = 0.0
    for k, (a, b) in enumerate(zip(it, it)):
        total += a * b**2 * (k + 1)
    return total


@program(args=([0.6, 0.1, 0.3, 0.9, 0.4, 0.2],))
def groups_of_an_iterator_that_was_begun(values):
    it = iter(values)
    first = next(it)
    return first * sum(a * b for a, b in zip(*[it] * 2))


@program(args=(np.array([[0.6, 0.1], [0.3, 0.9], [0.4, 0.2], [0.5, 0.8]]),))
def pairs_of_points(points):
    it = iter(points)
    return sum(np.sqrt(np.sum((a - b) ** 2)) for a, b in zip(it, it))


@program(args=(np.array([0.6, 0.1, 0.3, 0.9]),))
def last_item_of_a_generator(x):
    def running(values):
        mean, m2 = 0.0, 0.0
        for n, v in enumerate(values, start=1):
            delta = v - mean
            mean += delta / n
            m2 += delta * (v - mean)
            yield n, mean, m2 / n

    *_, (n, mean, variance) = running(x)
    first, *middle, last = (v**2 for v in x)
    return mean * variance * n + first * last * sum(middle)


class Asked:
    def __init__(self):
        self.times = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.times += 1
        return self.times


@program(args=(np.array([0.4, 1.3, 0.9]),))
def iterator_asked_no_more_than_what_stands_before_it(x):
    asked, total = Asked(), 0.0
    for _ in range(2):
        for v, k in zip(x, asked):
            total += k * v**2
    for v, k in zip(x[x > 9], asked):
        total += k * v
    return total + asked.times * x[0]


@program(args=(np.array([0.4, 1.3, 0.9]),))
def iterator_asked_before_what_stands_after_it(x):
    asked, total = Asked(), 0.0
    for v, k, w in zip(x, asked, x[:2]):
        total += k * v * w
    return total + sum(map(lambda k, v: k * v**2, asked, x)) + asked.times * x[0]


@program(args=(np.array([0.4, 1.3, 0.9]),))
def numbers_that_break_ties_in_a_queue(x):
    number, queue, total = itertools.count(), [], 0.0

    def push(time):
        heapq.heappush(queue, (time, next(number)))

    for v in x:
        push(v * v)
    while queue:
        time, k = heapq.heappop(queue)
        total += time * k
        if k == 1:
            push(total)
    return total


@program(args=(np.array([0.4, 1.3, 0.9]),))
def counter_that_several_loops_take_from(x):
    weights, total = itertools.count(0.5, 0.25), 0.0
    for _ in range(2):
        for v, w in zip(x, weights):
            total += w * v**2
    for v in x:
        if v > 0.5:
            total += next(weights) * v
    return total
