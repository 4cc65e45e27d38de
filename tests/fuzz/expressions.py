"""Expressions of a given shape: smooth, finite, and about one in size where their parts are.

Products are scaled, powers and roots are taken of what is away from zero, matrices that are
solved with have a strong diagonal. Comparisons and piecewise functions are allowed anywhere:
where they change sides is a set of measure zero.
"""

from __future__ import annotations

from tests.fuzz.writer import Shape, Writer

UNARY = (
    "np.sin({})", "np.cos({})", "np.tanh({})", "np.arctan({})", "np.exp(-np.square({}))",
    "np.log1p(np.square({}))", "np.sqrt(1.0 + np.square({}))", "0.3 * np.sinh(np.tanh({}))",
    "1.0 / (1.0 + np.exp(-{}))", "(-{})", "np.abs({})", "0.5 * ({}) ** 2", "np.square({}) * 0.4",
    "(1.7 + np.sin({})) ** 0.5", "np.expm1(0.3 * np.sin({}))", "np.log(2.0 + np.cos({}))",
    "np.negative({})", "np.arcsinh({})", "0.4 * np.exp(np.tanh({}))", "np.reciprocal(1.5 + np.square({}))",
    "(+{})", "np.power(1.5 + np.tanh({}), 1.3)", "2.0 ** -np.square({})", "np.cbrt(2.0 + np.sin({}))",
    "np.arcsin(0.8 * np.sin({}))", "np.sin({}) % 0.7", "np.float64(0.7) * ({})",
)  # fmt: skip
BINARY = (
    "{} + 0.4 * {}", "0.6 * {} - {}", "0.5 * {} * {}", "np.tanh({} * {})", "np.sin({} + {})",
    "{} / (1.3 + np.square({}))", "np.maximum({}, {})", "np.minimum({}, {})",
    "0.5 * np.hypot(1.0 + np.square({}), {})", "np.arctan2({}, 1.5 + np.square({}))",
    "0.5 * np.logaddexp({}, {})", "np.multiply({}, 0.5 * np.cos({}))", "np.add(0.5 * {}, {})",
    "np.subtract({}, np.sin({}))", "np.where({} > 0.21, {}, 0.35)", "({}) - -0.3 * {}",
    "np.divide({}, 2.0 + np.cos({}))", "(1.4 + np.tanh({})) ** np.sin({})",
)  # fmt: skip
PYTHON = (
    "math.sin({})", "math.cos({})", "math.tanh({})", "math.exp(-abs({}))", "math.sqrt(1.0 + ({}) ** 2)",
    "math.atan({})", "abs({})", "pow({}, 2) * 0.4", "float({})", "math.log(2.0 + math.sin({}))",
)  # fmt: skip
PYTHON2 = (
    "max({}, {})", "min({}, {})", "max({}, {}, -0.4)", "math.hypot(1.5, {} * {})",
    "math.atan2({}, 2.0 + abs({}))", "sum([{}, 0.5 * {}])", "min(0.9, {} + 0.2 * {})",
)  # fmt: skip


def number(w: Writer, shape: Shape = (), depth: int = 2) -> str:
    """An expression of this shape."""
    if depth <= 0 or w.chance(0.15):
        return atom(w, shape)
    if len(shape) == 0:
        text = scalar(w, depth)
    elif len(shape) == 1:
        text = vector(w, shape[0], depth)
    else:
        text = matrix(w, shape, depth)
    return text if is_closed(text) else f"({text})"


def is_closed(text: str) -> bool:
    """Whether an expression binds as one whole wherever it is put."""
    depth = 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        if depth == 0 and letter == " ":
            return False
    return text[0] not in "-+"


def atom(w: Writer, shape: Shape) -> str:
    """A place that can be read, or something made of literals."""
    places = w.places(shape)
    if places and not w.chance(0.08):
        return w.pick(places).text
    if not shape:
        return w.literal()
    return constant(w, shape)


def constant(w: Writer, shape: Shape) -> str:
    size = shape[0] if len(shape) == 1 else shape
    forms = [f"np.zeros({size})", f"np.ones({size})", f"np.full({size}, {atom(w, ())})"]
    if len(shape) == 1:
        items = ", ".join(w.literal() for _ in range(shape[0]))
        forms += [f"np.array([{items}])", f"np.linspace(-0.4, 0.9, {shape[0]})"]
        forms += [f"(0.2 * np.arange({shape[0]}))", f"(0.3 * np.arange({shape[0]}, dtype=float))"]
    elif shape[0] == shape[1]:
        forms += [f"np.eye({shape[0]})", f"(0.5 * np.identity({shape[0]}))"]
    return w.pick(forms)


def elementwise(w: Writer, shape: Shape, depth: int) -> str:
    """A ufunc of parts, one of which may be of a smaller shape that broadcasts."""
    if w.chance(0.5):
        return w.pick(UNARY).format(number(w, shape, depth - 1))
    other = w.pick([(), shape]) if shape else ()
    left, right = number(w, shape, depth - 1), number(w, other, depth - 1)
    form = w.pick(BINARY)
    if w.chance(0.5) and "where" not in form:
        left, right = right, left
    return f"({form.format(left, right)})"


def shared(w: Writer, shape: Shape, depth: int) -> str:
    """What is the same for every shape: ufuncs, choices, calls."""
    roll = w.rng.random()
    if roll < 0.72:
        return elementwise(w, shape, depth)
    if roll < 0.80:
        yes, no = number(w, shape, depth - 1), number(w, shape, depth - 1)
        return f"({yes} if {condition(w)} else {no})"
    if roll < 0.84:
        name = w.fresh("t")
        return f"(({name} := {number(w, shape, depth - 1)}) * 0.5 * np.sin({name}))"
    if roll < 0.93:
        return call(w, shape, depth)
    return f"np.clip({number(w, shape, depth - 1)}, -0.73, {w.literal(0.5, 1.2)})"


def call(w: Writer, shape: Shape, depth: int) -> str:
    """A call of a user's function that takes and gives any shape, if there is one."""
    same = [text for text, code in w.scope.callables if code == "any->any"]
    same += [text for text, code in w.scope.callables if code == "s->s" and not shape]
    if same:
        return f"{w.pick(same)}({number(w, shape, depth - 1)})"
    if w.chance(0.5):
        return f"(lambda z: 0.5 * z * z - np.sin(z))({number(w, shape, depth - 1)})"
    return f"(lambda z, s=0.4: np.tanh(z * s))({number(w, shape, depth - 1)})"


def scalar(w: Writer, depth: int) -> str:
    roll = w.rng.random()
    if roll < 0.42:
        return shared(w, (), depth)
    if roll < 0.5:
        return w.pick(PYTHON).format(number(w, (), depth - 1))
    if roll < 0.57:
        return w.pick(PYTHON2).format(number(w, (), depth - 1), number(w, (), depth - 1))
    if roll < 0.85:
        return reduced(w, depth)
    return composed(w, depth)


def reduced(w: Writer, depth: int) -> str:
    """A number from an array."""
    n = w.n
    v = number(w, (n,), depth - 1)
    u = number(w, (n,), depth - 1)
    m = number(w, (n, n), depth - 1)
    r = number(w, (n, w.k), depth - 1)
    i, j = index(w), index(w)
    forms = [
        f"0.3 * np.sum({v})", f"({v}).mean()", f"np.mean({r})", f"0.3 * ({v} @ {u})",
        f"0.3 * np.dot({v}, {u})", f"np.max({v})", f"np.min({r})", f"({v}).max()",
        f"({v})[{i}]", f"({m})[{i}, {j}]", f"({r})[{i}][1]", f"np.prod(np.cos({v}))",
        f"0.2 * np.trace({m})", f"0.1 * np.sum({m} * {m})", f"np.var({v})", f"0.2 * ({r}).sum()",
        f"np.sqrt(0.3 + np.sum(np.square({v})))", f"0.2 * np.inner({v}, {u})",
        f'0.2 * np.einsum("i,i->", {v}, {u})', f"0.3 * sum({v})", f"max({v})",
        f"0.2 * sum(s * 0.5 for s in {v})", f"0.3 * sum([np.sin(s) for s in {v}])",
        f"np.linalg.det(np.eye({n}) + 0.2 * np.tanh({m}))", f"0.3 * ({v})[({v}) > 0.17].sum()",
        f"0.3 * np.linalg.norm(1.5 + np.square({v}))", f"0.2 * sum(map(math.sin, {v}))",
        f"0.2 * functools.reduce(lambda p, q: p * 0.5 + np.sin(q), {v}, {w.literal()})",
        f"0.2 * np.std(np.arange({n}) + 0.2 * np.tanh({v}))", f"0.1 * np.vdot({v}, {u})",
        f"0.2 * ({v}).dot({u})", f"0.2 * sum(p * q for p, q in zip({v}, {u}))",
        f"np.sum(np.sort({v})[:2])", f"np.median({v})", f"np.ptp({v})", f"({v})[np.argmax({u})]",
        f"np.average({v}, weights=1.5 + np.square({u}))",
        f"0.2 * np.linalg.norm({m} + 3.0)", f"0.3 * float(np.sum({v}))",
        f"0.2 * math.fsum({v})", f"0.3 * np.add.reduce({v})", f"0.1 * np.tensordot({m}, {m})",
        f"0.3 * np.max(np.abs({m}), axis=1).sum()", f"np.ravel({r})[{i}]",
        f"0.2 * (np.cumsum({v}) * {u}).sum()", f"0.1 * np.sum(np.diff({v}) ** 2)",
        f"0.3 * np.sum([{number(w, (), 0)}, {number(w, (), 0)}])", f"0.3 * np.mean(list({v}))",
        f"0.2 * np.trapezoid({v})", f"0.2 * np.nansum({v})", f"np.amax({v})", f"({m})[-1, 0]",
        f"0.2 * np.sum({v}[1:] * {u}[:-1])", f"0.2 * np.interp({w.literal(0, 1)}, np.arange({n}), {v})",
    ]  # fmt: skip
    return w.pick(forms)


def composed(w: Writer, depth: int) -> str:
    """What Python alone has: powers, chains, counters."""
    e, f = number(w, (), depth - 1), number(w, (), depth - 1)
    forms = [
        f"0.1 * len({atom(w, (w.n,))}) * {e}", f"(0.5 * {e} - {f} / 2)", f"(-{e} * 0.5)",
        f"({e}) ** 3 * 0.1", f"(({e}) * ({f}) if {condition(w)} else 0.2)",
        f"({e} or {f})", f"(({condition(w)}) and {e} or {f})", f"0.5 * ({e}, {f})[{w.pick('01')}]",
        f"[{e}, {f}][-1]", f'{{"u": {e}, "v": {f}}}["{w.pick("uv")}"]', f"({e}) * True",
        f"({e}) / 2 if isinstance({f}, float) else 0.1", f"0.4 * ({e} + {w.pick('123')})",
    ]  # fmt: skip
    if w.scope.counters:
        counter = w.pick(w.scope.counters)
        forms += [f"0.1 * {counter} * {e}", f"({e}) / ({counter} + 1)", f"0.2 ** {counter} * {e}"]
    return w.pick(forms)


def index(w: Writer) -> str:
    """An int that is in bounds along every axis but the short one."""
    if w.scope.counters and w.chance(0.6):
        counter = w.pick(w.scope.counters)
        return w.pick(
            [counter, counter, f"-{counter} - 1", f"{counter} % 3", f"({counter} + 1) % 3"]
        )
    return w.pick(["0", "1", "2", "-1", "-2"])


def vector(w: Writer, n: int, depth: int) -> str:
    roll = w.rng.random()
    if roll < 0.5:
        return shared(w, (n,), depth)
    if n == w.n and roll < 0.78:
        return from_matrix(w, depth)
    return rearranged(w, n, depth)


def rearranged(w: Writer, n: int, depth: int) -> str:
    v, u = number(w, (n,), depth - 1), number(w, (n,), depth - 1)
    e = number(w, (), depth - 1)
    picked = ", ".join(str(w.rng.randrange(n)) for _ in range(n))
    items = ", ".join(number(w, (), depth - 2) for _ in range(n))
    forms = [
        f"({v})[::-1]", f"np.roll({v}, 1)", f"np.flip({v})", f"0.4 * np.cumsum({v})",
        f"np.where({v} > {w.literal()}, {v}, {u})", f"np.where({condition(w)}, {v}, {u})",
        f"np.sort({v})", f"np.concatenate([({v})[1:], ({u})[:1]])", f"np.append(({v})[:-1], {e})",
        f"np.array([{items}])", f"np.asarray([{items}])", f"np.hstack([({v})[:1], ({u})[1:]])",
        f"({v})[[{picked}]]", f"np.take({v}, [{picked}])", f"({v})[np.array([{picked}])]",
        f"np.cumprod(np.cos({v}))", f"({v}).copy()", f"np.array({v})", f"np.full({n}, {e})",
        f"np.array([0.5 * s for s in {v}])", f"np.array([s * q for s, q in zip({v}, {u})])",
        f"np.stack([{v}, {u}]).mean(axis=0)", f"np.stack([{v}, {u}], axis=1)[:, 1]",
        f"np.repeat({e}, {n})", f"np.concatenate(({v}, {u}))[{n}:]", f"np.zeros({n}) + {e}",
        f"np.tile({e}, {n})", f"np.zeros_like({v}) + {e}", f"np.full_like({v}, {e})",
        f"({v} - ({v}).mean())", f"({v}) / (1.0 + np.sum(np.square({v})))", f"np.outer({v}, {u})[0]",
        f"np.array([np.sin(s) if s > 0.13 else 0.3 * s for s in {v}])",
        f"np.exp({v}) / np.sum(np.exp({v}))", f"np.asarray({v})", f"np.array(list({v}))",
        f"np.array([t for t in {v}])",
        f"np.squeeze(({v})[:, None])", f"np.ravel({v})", f"np.reshape({v}, -1)", f"({v}).flatten()",
        f"np.array([s * {w.literal()} for k, s in enumerate({v}) if k < 9])", f"np.pad(({v})[1:], (0, 1))",
        f"np.convolve({v}, np.array([0.3, 0.5, 0.1]))[1:{n + 1}]", f"np.where(({v}) > ({u}), 0.2, {u})",
        f"np.select([({v}) > 0.4, ({v}) > -0.3], [{u}, 0.5 * ({v})], 0.1)",
        f"np.gradient({v})",
    ]  # fmt: skip
    if w.chance(0.01):
        forms = [
            f"np.diff({v}, append={e})", f"np.diff({v}, prepend=0.2)", f"np.delete(np.append({v}, {e}), 0)",
            f"np.maximum.accumulate({v})", f"np.apply_along_axis(np.sort, 0, {v})",
        ]  # fmt: skip
    return w.pick(forms)


def from_matrix(w: Writer, depth: int) -> str:
    n = w.n
    m, r = number(w, (n, n), depth - 1), number(w, (n, w.k), depth - 1)
    v, s = number(w, (n,), depth - 1), number(w, (w.k,), depth - 1)
    forms = [
        f"0.3 * ({m} @ {v})", f"0.3 * ({m}).sum(axis={w.pick('01')})", f"np.mean({m}, axis=0)",
        f"({m}).max(axis=1)", f"({m})[{index(w)}]", f"({m})[:, {index(w)}]", f"np.diag({m})",
        f'0.3 * np.einsum("ij,j->i", {m}, {v})', f"0.3 * ({r} @ {s})", f"({r})[:, {w.pick('01')}]",
        f"np.linalg.solve(2.5 * np.eye({n}) + 0.3 * np.tanh({m}), {v})", f"0.3 * ({v} @ {m})",
        f"np.sum(0.3 * ({r}), axis=-1)", f"0.3 * np.dot({m}, {v})", f"({m}).T[{index(w)}]",
        f"np.prod(np.cos({m}), axis=0)", f"np.min({r}, axis=1)", f"np.outer({v}, {s})[:, 0]",
        f"0.3 * np.sum({m}, axis=1, keepdims=True)[:, 0]", f"np.diagonal({m})",
        f"({m})[np.arange({n}), np.arange({n})[::-1]]", f"np.linalg.inv(2.5 * np.eye({n}) + 0.3 * np.sin({m}))[0]",
        f"np.array([0.3 * row.sum() for row in {m}])", f"np.array([row[1] for row in {r}])",
        f"np.sqrt(0.2 + np.square({r}).sum(axis=1))", f"({m}).ravel()[:{n}]",
        f"np.linalg.norm({r} + 3.0, axis=1) * 0.2", f"np.reshape({m}, -1)[1:{n + 1}]",
        f"0.2 * np.matmul({m}, {v})", f"0.3 * np.tensordot({m}, {v}, axes=1)", f"np.cumsum({r}, axis=1)[:, 1] * 0.3",
        f"np.var({m}, axis=1)", f"({r}).mean(-1)", f"np.take({m}, 1, axis=0)",
    ]  # fmt: skip
    return w.pick(forms)


def matrix(w: Writer, shape: Shape, depth: int) -> str:
    if w.chance(0.5):
        return shared(w, shape, depth)
    n, k = shape
    m, q = number(w, shape, depth - 1), number(w, shape, depth - 1)
    v, u = number(w, (n,), depth - 1), number(w, (k,), depth - 1)
    e = number(w, (), depth - 1)
    rows = ", ".join(number(w, (k,), depth - 2) for _ in range(n))
    forms = [
        f"0.5 * np.outer({v}, {u})", f"({v})[:, None] * ({u})[None, :]", f"({v})[:, None] + 0.5 * ({u})",
        f"({m} - np.mean({m}, axis=0))", f"({m}) / (1.0 + np.sum(np.square({m}), axis=1, keepdims=True))",
        f"np.tril({m})", f"np.triu({m}, 1)", f"np.where({m} > {w.literal()}, {m}, {q})", f"({m})[::-1]",
        f"np.roll({m}, 1, axis=0)", f"0.3 * np.cumsum({m}, axis=1)", f"np.stack([{rows}])",
        f"np.array([{rows}])", f"np.vstack([{rows}])", f"np.full({shape}, {e})", f"({m}) * ({u})",
        f"({m}).copy()", f"np.concatenate([({m})[:1], ({q})[1:]])", f"0.5 * ({m}) + ({v}).reshape({n}, 1)",
        f"np.concatenate([({m})[:, :1], ({q})[:, 1:]], axis=1)", f"np.broadcast_to({u}, {shape}) * {e}",
        f"({m})[:, ::-1]", f"np.sort({m}, axis=0)", f"np.clip({m}, -0.6, {e} + 2.0)", f"np.array({m})",
        f"np.expand_dims({v}, 1) * ({m})", f"({v})[:, np.newaxis] - ({m})", f"np.exp(-({m}) ** 2)",
        f"np.einsum('i,ij->ij', {v}, {m})", f"np.flipud({m})", f"np.zeros_like({m}) + {v}[:, None]",
        f"np.repeat(({v})[:, None], {k}, axis=1)", f"np.tile({u}, ({n}, 1))", f"np.hstack([({m})[:, :1], ({q})[:, 1:]])",
        f"({m})[[{', '.join(str(w.rng.randrange(n)) for _ in range(n))}]]", f"np.array([0.5 * row for row in {m}])",
        f"np.array([[0.5 * s for s in row] for row in {m}])", f"np.swapaxes(np.swapaxes({m}, 0, 1), 0, 1)",
        f"np.column_stack([{', '.join(number(w, (n,), depth - 2) for _ in range(k))}])",
    ]  # fmt: skip
    if n == k:
        forms += [
            f"({m}).T", f"0.3 * ({m} @ {q})", f"np.diag({v})", f"np.transpose({m})", f"0.3 * np.dot({m}, {q})",
            f"np.linalg.inv(2.5 * np.eye({n}) + 0.3 * np.tanh({m}))", f"({m} + ({q}).T) * 0.5",
            f"np.linalg.solve(2.5 * np.eye({n}) + 0.3 * np.tanh({m}), {q})", f"np.eye({n}) * {e}",
            f"0.3 * np.einsum('ij,kj->ik', {m}, {q})", f"np.linalg.cholesky(3.0 * np.eye({n}) + 0.2 * np.tanh({m} + ({m}).T))",
            f"0.3 * np.linalg.matrix_power(np.tanh({m}), 2)",
        ]  # fmt: skip
    else:
        square = number(w, (n, n), depth - 1)
        forms += [
            f"0.3 * ({square} @ {m})",
            f"({square})[:, :{k}]",
            f"0.3 * np.matmul({square}, {m})",
        ]
    return w.pick(forms)


# -- conditions


def condition(w: Writer, depth: int = 1) -> str:
    """A truth of the data, of counters, or of what is static."""
    roll = w.rng.random()
    e = atom(w, ()) if w.chance(0.7) else number(w, (), 1)
    c, d = w.literal(-0.6, 0.6), w.literal(0.6, 1.4)
    if depth > 0 and roll < 0.12:
        return f"{condition(w, 0)} {w.pick(['and', 'or'])} {condition(w, 0)}"
    if depth > 0 and roll < 0.16:
        return f"not ({condition(w, 0)})"
    v = atom(w, (w.n,))
    forms = [
        f"{e} {w.pick('<>')} {c}", f"{e} {w.pick(['<=', '>=', '<', '>'])} {c}", f"{c} < {e} < {d}",
        f"{e} > {number(w, (), 1)}", f"np.sum({v}) > {c}", f"np.any({v} > {d})", f"np.all({v} < {d})",
        f"({v})[{index(w)}] > {c}", f"any(s > {d} for s in {v})", f"({v}).max() > {c}",
        f"all(s < {d} for s in {v})", f"np.abs({e}) < {d}", f"{e} != {c}", f"-1 < {e}",
    ]  # fmt: skip
    if w.scope.counters:
        i = w.pick(w.scope.counters)
        forms += [
            f"{i} % 2 == 0",
            f"{i} > 0",
            f"{i} != 1",
            f"{i} in (0, 2)",
            f"{i} < {w.n} - 2",
        ] * 2
    if roll > 0.93:
        forms = [f"isinstance({e}, float)", f"len({v}) > 2", f"({v}).ndim == 1", f"{e} is not None"]
    return w.pick(forms)
