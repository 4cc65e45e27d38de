"""Loops over everything that can be looped over, and with every kind of end."""

from __future__ import annotations

from tests.fuzz import statements
from tests.fuzz.expressions import atom, condition, number
from tests.fuzz.writer import Writer


def for_loop(w: Writer) -> None:
    """A loop over anything, and perhaps its ``else``."""
    form = w.pick((over_range, over_range, over_array, over_pairs, over_rows, over_box))
    form(w)
    if w.chance(0.12):
        with w.block("else:"):
            statements.statements(w, 1)


def loop_body(w: Writer, most: int = 3) -> None:
    statements.statements(w, most)


def over_range(w: Writer) -> None:
    i = w.fresh(w.pick("ij"))
    v = atom(w, (w.n,))
    span = w.pick([
        "range(3)", f"range(len({v}))", "range(1, 3)", "range(2, -1, -1)", f"range(0, {w.n}, 2)",
        f"range({v}.shape[0] - 1)", "reversed(range(3))", f"range({w.n} - 1, 0, -1)", "range(2)",
        f"range(0, {w.n} - 1)", "(0, 2, 1)", "range(1)", "range(0)", "range(2, 2)",
    ])  # fmt: skip
    if ").shape" in span:
        span = "range(2)"
    # What the body assigns first is there after the loop, unless it does not run.
    lasts = w.chance(0.3) and span not in ("range(0)", "range(2, 2)")
    with w.block(f"for {i} in {span}:", loop=True):
        w.scope.counters.append(i)
        if lasts:
            name, shape, value = statements.outliving(w)
            w.line(f"{name} = {value}")
            w.add(name, shape, statements.is_writable(value))
        loop_body(w)
    if lasts:
        w.add(name, shape, statements.is_writable(value))


def over_array(w: Writer) -> None:
    s = w.fresh(w.pick(["s", "value"]))
    v = number(w, (w.n,), 1)
    text = w.pick(
        [v, f"reversed({v})" if w.chance(0.4) else v, f"list({v})", f"({v})[::-1]", f"({v})[1:]"]
    )
    with w.block(f"for {s} in {text}:", loop=True):
        w.add(s, (), writable=w.chance(0.5))
        loop_body(w)


def over_pairs(w: Writer) -> None:
    i, s, t = w.fresh("i"), w.fresh("s"), w.fresh("t")
    v, u = number(w, (w.n,), 1), number(w, (w.n,), 1)
    roll = w.rng.random()
    if roll < 0.5:
        start = w.pick(["", "", ", 1", ", start=0"]) if w.n == 4 else ""
        with w.block(f"for {i}, {s} in enumerate({v}{start}):", loop=True):
            if "1" not in start:
                w.scope.counters.append(i)
            w.add(s, ())
            loop_body(w)
    elif roll < 0.85:
        with w.block(f"for {s}, {t} in zip({v}, {u}):", loop=True):
            w.add(s, ())
            w.add(t, ())
            loop_body(w)
    else:
        with w.block(f"for {i}, ({s}, {t}) in enumerate(zip({v}, {u})):", loop=True):
            w.scope.counters.append(i)
            w.add(s, ())
            w.add(t, ())
            loop_body(w)


def over_rows(w: Writer) -> None:
    """Rows are views: what is written into one is written into the matrix."""
    row, i = w.fresh("row"), w.fresh("i")
    shape = w.pick([(w.n, w.n), (w.n, w.k)])
    places = [p for p in w.places(shape, writable=True) if p.is_name]
    m = w.pick(places).text if places else number(w, shape, 1)
    roll = w.rng.random()
    if roll < 0.6:
        header, counter = f"for {row} in {m}:", None
    elif roll < 0.85:
        header, counter = f"for {i}, {row} in enumerate({m}):", i
    else:
        header, counter = (
            f"for {row} in {m}.T:" if shape[0] == shape[1] else f"for {row} in {m}:",
            None,
        )
    with w.block(header, loop=True):
        if counter:
            w.scope.counters.append(counter)
        w.add(row, shape[1:], writable=bool(places))
        loop_body(w)


def over_box(w: Writer) -> None:
    """A list, a tuple, or the items of a dict."""
    s, key = w.fresh("item"), w.fresh("key")
    boxes = w.boxes("list") + w.boxes("tuple") + w.boxes("dict")
    if not boxes:
        return over_array(w)
    box = w.pick(boxes)
    # A list that its own loop makes longer need not end.
    hidden = [b for b in w.scope.boxes if b is box]
    if box.kind == "dict":
        header = w.pick([
            f"for {key}, {s} in {box.name}.items():", f"for {s} in {box.name}.values():",
            f"for {key} in {box.name}:",
        ])  # fmt: skip
    else:
        header = w.pick(
            [
                f"for {s} in {box.name}:",
                f"for {s} in {box.name}[:2]:",
                f"for {s} in reversed({box.name}):",
            ]
        )
    with w.block(header, loop=True):
        w.scope.boxes = [b for b in w.scope.boxes if b not in hidden]
        if f" {s} in" in header:
            w.add(s, box.item)
        loop_body(w)
    w.scope.boxes += [b for b in hidden if b not in w.scope.boxes]
    return None


def while_loop(w: Writer) -> None:
    """Ends by its counter, whatever else it asks."""
    roll = w.rng.random()
    name = w.fresh("count")
    if roll < 0.35:
        w.line(f"{name} = 0")
        with w.block(f"while {name} < {w.pick('23')}:", loop=True):
            w.scope.counters.append(name)
            # First, as `continue` would leave it out below.
            with w.block("if True:") if w.chance(0.05) else w.block(f"if {name} >= 0:"):
                w.line(f"{name} += 1")
            w.scope.counters.remove(name)
            loop_body(w)
    elif roll < 0.7:
        level = w.fresh("level")
        w.line(f"{level} = 1.0 + 0.4 * np.tanh({number(w)})")
        with w.block(f"while {level} > {w.pick(['0.3', '0.45', '0.17'])}:", loop=True):
            w.line(f"{level} *= 0.5 + 0.1 * np.tanh({number(w)})")
            w.add(level, (), writable=False)
            loop_body(w)
        w.add(level, ())
    else:
        w.line(f"{name} = {w.pick('234')}")
        with w.block(w.pick(["while True:", f"while {name}:", f"while {name} > 0:"]), loop=True):
            w.line(f"{name} -= 1")
            with w.block(f"if {name} <= 0{' or ' + condition(w) if w.chance(0.5) else ''}:"):
                w.line("break")
            loop_body(w)
        return
    if w.chance(0.15):
        with w.block("else:"):
            statements.statements(w, 1)
