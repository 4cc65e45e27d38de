"""Statements: assignments, branches, loops, exceptions, in any nesting."""

from __future__ import annotations

from tests.fuzz import containers, functions, loops, stores
from tests.fuzz.expressions import atom, condition, elementwise, number
from tests.fuzz.writer import Shape, Writer


def statements(w: Writer, most: int) -> None:
    """A few statements, as far as there are any left to write."""
    for _ in range(w.rng.randint(1, max(1, most))):
        if w.budget <= 0:
            break
        statement(w)


def statement(w: Writer) -> None:
    w.budget -= 1
    deep = w.nesting >= 3
    table = {
        assign: 3.0,
        rebind: 2.5,
        augment: 3.0,
        stores.store: 5.0,
        stores.view: 2.0,
        containers.containers: 3.0,
        functions.local_function: 0.0 if deep or w.in_helper else 1.2,
        functions.use: 1.2,
        swap: 0.6,
        unpack: 0.7,
        small: 1.0,
        branch: 0.0 if deep else 2.5,
        loops.for_loop: 0.0 if deep else 3.5,
        loops.while_loop: 0.0 if deep else 1.6,
        attempt: 0.0 if deep else 1.0,
        context: 0.0 if deep else 0.5,
        match: 0.0 if deep else 0.8,
        leave: 1.2 if w.in_loop else 0.0,
        early_return: 0.5 if w.may_return else 0.0,
    }
    w.weighed(table)(w)


# -- assignments


def assign(w: Writer) -> None:
    """A new name."""
    shape: Shape = w.pick(w.shapes())
    stem = w.pick(["s", "t", "u", "total", "h"] if not shape else ["b", "c", "vec", "work"])
    text = number(w, shape, 3)
    name = w.fresh(stem)
    w.line(f"{name}{': float' if not shape and w.chance(0.1) else ''} = {text}")
    # What is written must be an array of floats of its own or one that others see as well.
    w.add(name, shape, writable=not shape or is_writable(text))


def outliving(w: Writer) -> tuple[str, Shape, str]:
    """A name that is read after the block that assigns it: its shape, and a value for it."""
    shape: Shape = w.pick([(), (), (w.n,)])
    return w.fresh("kept"), shape, part_or_number(w, shape)


def part_or_number(w: Writer, shape: Shape) -> str:
    """A view of an array that is known, or any value of the shape."""
    wider = w.names((w.n, w.n), writable=True) if shape else []
    alike = w.names(shape, writable=True) if shape else []
    parts = [f"{name}[{w.pick('012')}]" for name in wider] + [f"{name}[:]" for name in alike]
    return w.pick(parts) if parts and w.chance(0.5) else number(w, shape, 2)


def is_writable(text: str) -> bool:
    """Whether an expression gives an array that NumPy lets one write to, of floats."""
    read_only = ("np.broadcast_to", "np.diagonal", "np.diag(", "np.arange", "np.float64", "if ")
    return not any(word in text for word in read_only)


def rebind(w: Writer) -> None:
    """A known name, to a value of the same shape."""
    names = w.names(writable=True)
    if not names:
        return assign(w)
    name = w.pick(names)
    shape = next(p.shape for p in w.scope.places if p.text == name)
    value = elementwise(w, shape, 2) if w.chance(0.5) else number(w, shape, 3)
    if shape and not is_writable(value):
        value = f"0.9 * ({value})"
    w.line(f"{name} = {value}")
    return None


def augment(w: Writer) -> None:
    """``+=`` and its kin on a name, an item, a field."""
    places = w.places(writable=True)
    if not places:
        return assign(w)
    place = w.pick(places)
    shape = w.pick([(), place.shape])
    value = number(w, shape, 2)
    forms = [
        f"+= 0.3 * {value}", f"-= 0.3 * {value}", f"*= 0.5 + 0.4 * np.sin({value})",
        f"/= 1.2 + np.square({value})", f"+= {w.literal()}", f"*= {w.literal()}", f"+= {value}",
    ]  # fmt: skip
    if not w.in_loop:
        forms += ["**= 2"]
    w.line(f"{place.text} {w.pick(forms)}")
    return None


def swap(w: Writer) -> None:
    shape = w.pick(w.shapes())
    places = w.places(shape, writable=True)
    if len(places) < 2:
        return assign(w)
    p, q = w.rng.sample(places, 2)
    if shape and not (p.is_name and q.is_name):
        return rebind(w)
    if w.chance(0.6):
        w.line(f"{p.text}, {q.text} = {q.text}, {p.text}")
    else:
        w.line(f"{p.text}, {q.text} = {number(w, shape, 1)} * 0.9, {p.text}")
    return None


def unpack(w: Writer) -> None:
    """Sequences taken apart."""
    first, second, rest = w.fresh("first"), w.fresh("second"), w.fresh("rest")
    v = atom(w, (w.n,))
    roll = w.rng.random()
    if roll < 0.35:
        w.line(f"{first}, *{rest} = {v}")
        w.add_box(rest, "list", (), w.n - 1)
    elif roll < 0.6:
        w.line(f"{first}, {second}, *{rest} = [{number(w)}, {number(w)}, {number(w)}]")
        w.add(second, ())
        w.add_box(rest, "list", (), 1)
    elif roll < 0.8:
        w.line(f"{first}, ({second}, {rest}) = {number(w)}, ({number(w)}, {number(w)})")
        w.add(second, ())
        w.add(rest, ())
    else:
        w.line(f"*{rest}, {first} = {v}")
        w.add_box(rest, "list", (), w.n - 1)
    w.add(first, ())


def small(w: Writer) -> None:
    """Statements that compute nothing, or nothing much."""
    roll = w.rng.random()
    if roll < 0.3:
        e = atom(w, ())
        w.line(
            f'assert abs({e}) < 1e12, f"large: {{{e}}}"' if w.chance(0.5) else f"assert {e} < 1e12"
        )
    elif roll < 0.5:
        name = w.fresh("label")
        w.line(f'{name} = f"{{{atom(w, ())}:.1f}}-{{len({atom(w, (w.n,))})}}"')
        with w.block(f'if {name} == "never":'):
            w.line("raise RuntimeError(" + name + ")")
    elif roll < 0.6 and w.nesting == 0 and not w.scope.callables:
        # No function may read it later, nor an iteration that comes after.
        names = w.names(writable=True)
        if len(names) > 2:
            name = w.pick(names)
            w.line(f"del {name}")
            w.forget(name)
    elif roll < 0.7:
        name = w.fresh("spare")
        w.line(f"{name} = {number(w, w.pick(w.shapes()), 1)}")
        w.line(f"del {name}")
    elif roll < 0.85:
        name = w.fresh("w")
        with w.block(f"if ({name} := {number(w)}) > {w.literal()}:"):
            rebind(w)
        w.add(name, ())
    else:
        a, b = w.fresh("one"), w.fresh("same")
        w.line(f"{a} = {b} = {number(w)}")
        w.add(a, ())
        w.add(b, ())


# -- branches


def branch(w: Writer) -> None:
    if w.chance(0.2):
        choice(w)
        return
    with w.block(f"if {condition(w)}:"):
        statements(w, 2)
    while w.chance(0.25):
        with w.block(f"elif {condition(w)}:"):
            statements(w, 2)
    if w.chance(0.55):
        with w.block("else:"):
            statements(w, 2)


def choice(w: Writer) -> None:
    """Both ways assign a name that is read later."""
    name, shape, value = outliving(w)
    other = part_or_number(w, shape)
    for header, text in ((f"if {condition(w)}:", value), ("else:", other)):
        with w.block(header):
            w.line(f"{name} = {text}")
            w.add(name, shape, is_writable(text))
            statements(w, 1)
    w.add(name, shape, is_writable(value) and is_writable(other))


def match(w: Writer) -> None:
    roll = w.rng.random()
    if roll < 0.4 and w.scope.counters:
        with w.block(f"match {w.pick(w.scope.counters)}:"):
            for pattern in w.pick((("0", "1 | 2", "_"), ("0", "_"), ("1", "k if k > 5", "_"))):
                with w.block(f"case {pattern}:"):
                    statements(w, 2)
    elif roll < 0.7:
        p, q = w.fresh("p"), w.fresh("q")
        with w.block(f"match ({number(w)}, {number(w)}):"):
            with w.block(f"case ({p}, {q}) if {p} > {q}:"):
                w.add(p, ())
                w.add(q, ())
                statements(w, 2)
            with w.block(f"case [{p}, {q}]:"):
                w.add(p, ())
                statements(w, 1)
    else:
        p = w.fresh("p")
        with w.block(f'match {{"kind": "{w.pick("uv")}", "size": {number(w)}}}:'):
            with w.block(f'case {{"kind": "u", "size": {p}}}:'):
                w.add(p, ())
                statements(w, 2)
            with w.block("case _:"):
                statements(w, 1)


# -- ways out


def leave(w: Writer) -> None:
    """``break`` or ``continue``, on a condition."""
    with w.block(f"if {condition(w)}:"):
        if w.chance(0.4):
            augment(w)
        w.line(w.pick(["break", "continue"]))


def early_return(w: Writer) -> None:
    with w.block(f"if {condition(w)}:"):
        w.line(f"return {number(w, (), 2)}")


# -- exceptions and contexts


def attempt(w: Writer) -> None:
    """``try`` whose body raises, sometimes or always or never."""
    error = w.pick(
        ["KeyError", "RuntimeError", "KeyError", "RuntimeError", "ZeroDivisionError", "ValueError"]
    )
    name, shape, value = outliving(w) if w.chance(0.5) else ("", (), "")
    with w.block("try:"):
        if name:
            w.line(f"{name} = {value}")
            w.add(name, shape, is_writable(value))
        statements(w, 2)
        if w.chance(0.6):
            with w.block(f"if {condition(w)}:"):
                w.line(f'raise {error}("no")' if w.chance(0.7) else f"raise {error}")
        statements(w, 1)
    if name:
        w.add(name, shape, is_writable(value))
    roll = w.rng.random()
    if roll < 0.75:
        caught = w.pick(
            [
                error,
                error,
                f"({error}, NameError)",
                f"{error} as problem",
                "Exception" if w.chance(0.2) else error,
            ]
        )
        with w.block(f"except {caught}:"):
            statements(w, 2)
        if w.chance(0.2):
            with w.block("else:"):
                statements(w, 1)
        if w.chance(0.3):
            with w.block("finally:"):
                statements(w, 1)
    else:
        with w.block(f"except {error}:"):
            w.line("pass")


def context(w: Writer) -> None:
    with w.block(
        w.pick(
            [
                'with np.errstate(all="ignore"):',
                'with np.errstate(divide="ignore"):',
                "with contextlib.nullcontext():",
                "with contextlib.suppress(KeyError):",
            ]
        )
    ):
        statements(w, 2)


def ending(w: Writer) -> None:
    """What is returned: a number that most of what was computed is part of."""
    parts = []
    for place in w.places():
        if place.shape:
            parts.append(
                w.pick(
                    [
                        f"np.sum({place.text})",
                        f"({place.text}).mean()",
                        f"np.sum(np.sin({place.text}))",
                    ]
                )
            )
        else:
            parts.append(place.text)
    for box in w.scope.boxes:
        if box.kind == "list":
            parts.append(
                f"0.1 * sum(np.sum(part) for part in {box.name})"
                if box.item
                else f"0.2 * sum({box.name})"
            )
    w.rng.shuffle(parts)
    kept = parts[: max(3, (2 * len(parts)) // 3)]
    weights = [f"{round(0.3 + 0.17 * k, 2)} * {part}" for k, part in enumerate(kept)]
    w.line("return " + (" + ".join(weights) or number(w)))
