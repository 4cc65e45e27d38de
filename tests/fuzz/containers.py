"""Lists, tuples, dicts: made, changed, taken apart."""

from __future__ import annotations

from tests.fuzz.expressions import atom, condition, number
from tests.fuzz.writer import Shape, Writer


def containers(w: Writer) -> None:
    w.pick((make_list, change_list, comprehension, make_tuple, make_dict, change_dict, accumulate))(
        w
    )


def make_list(w: Writer) -> None:
    item: Shape = w.pick([(), (), (w.n,)])
    name, size = w.fresh(w.pick(["items", "parts"])), w.rng.randint(1, 3)
    w.line(f"{name} = [{', '.join(number(w, item, 1) for _ in range(size))}]")
    w.add_box(name, "list", item, size)


def change_list(w: Writer) -> None:
    boxes = w.boxes("list")
    if not boxes:
        return make_list(w)
    box = w.pick(boxes)
    name, value = box.name, number(w, box.item, 1)
    roll = w.rng.random()
    if roll < 0.35:
        w.line(f"{name}.append({value})")
        box.size += 1
    elif roll < 0.5:
        w.line(f"{name}.extend([{value}, {number(w, box.item, 1)}])")
        box.size += 2
    elif roll < 0.6:
        w.line(f"{name} += [{value}]")
        box.size += 1
    elif roll < 0.7:
        w.line(f"{name}.insert(0, {value})")
        box.size += 1
    elif roll < 0.85 and box.size > 1 and not w.in_loop:
        last = w.fresh("last")
        w.line(f"{last} = {name}.pop({w.pick(['', '0', '-1'])})")
        box.size -= 1
        w.add(last, box.item)
    elif box.size:
        w.line(f"{name}[{w.pick(['0', '-1'])}] = {value}")
    else:
        w.line(f"{name}.append({value})")
    return None


def comprehension(w: Writer) -> None:
    name = w.fresh("listed")
    v = number(w, (w.n,), 1)
    e, c = atom(w, ()), w.literal()
    roll = w.rng.random()
    if roll < 0.8:
        text, size = w.pick([
            (f"[np.sin(s) * {e} for s in {v}]", w.n), (f"[s for s in {v} if s > {c}]", 0),
            (f"[0.5 * i * {e} for i in range(3)]", 3), (f"[s * t for s in {v} for t in ({e}, 0.3)]", 2 * w.n),
            (f"[s if s > {c} else {e} for s in {v}]", w.n), (f"list({v})", w.n), (f"[*{v}, {e}]", w.n + 1),
            (f"[s * t for s, t in zip({v}, {v})]", w.n), (f"list(map(math.sin, {v}))", w.n),
            (f"[{e}] * 3", 3), (f"[0.0] * {w.n}", w.n),
        ])  # fmt: skip
        w.line(f"{name} = {text}")
        w.add_box(name, "list", (), size)
    else:
        m = atom(w, (w.n, w.n))
        w.line(f"{name} = [row * {e} for row in {m}]")
        w.add_box(name, "list", (w.n,), w.n)


def make_tuple(w: Writer) -> None:
    item: Shape = w.pick([(), (), (w.n,)])
    name = w.fresh("pair")
    w.line(f"{name} = ({number(w, item, 1)}, {number(w, item, 1)})")
    if w.chance(0.4):
        w.line(f"{name} += ({number(w, item, 1)},)")
    w.add_box(name, "tuple", item, 2)


def make_dict(w: Writer) -> None:
    item: Shape = w.pick([(), (), (w.n,)])
    name, size = w.fresh("state"), w.rng.randint(1, 3)
    values = [number(w, item, 1) for _ in range(size)]
    keys = ("p", "q", "r")[:size]
    roll = w.rng.random()
    if roll < 0.6:
        body = "{" + ", ".join(f'"{k}": {v}' for k, v in zip(keys, values)) + "}"
    elif roll < 0.8:
        body = "dict(" + ", ".join(f"{k}={v}" for k, v in zip(keys, values)) + ")"
    else:
        body = f"{{key: {values[0]} * {w.literal()} for key in {keys!r}}}"
    w.line(f"{name} = {body}")
    w.add_box(name, "dict", item, size)


def change_dict(w: Writer) -> None:
    boxes = w.boxes("dict")
    if not boxes:
        return make_dict(w)
    box = w.pick(boxes)
    name, value = box.name, number(w, box.item, 1)
    key = w.pick("pqr"[: box.size])
    form = w.pick([
        f'{name}["{key}"] = {value}', f'{name}.update({key}={value})', f'{name}.update({{"{key}": {value}}})',
        f'{name}["{key}"] += 0.3 * {value}', f'{name} = {{**{name}, "{key}": {value}}}',
        f'{name} = {{key: 0.5 * part for key, part in {name}.items()}}', f'{name}.setdefault("{key}", 0.3)',
        f'{name}["{key}"] = {name}.get("{key}", 0.0) * 0.5', f'{name} = {name} | {{"{key}": {value}}}',
    ])  # fmt: skip
    w.line(form)
    if box.size > 1 and not w.nesting and w.chance(0.15):
        last = w.fresh("gone")
        w.line(f'{last} = {name}.pop("{"pqr"[box.size - 1]}")')
        box.size -= 1
        w.add(last, box.item)
    return None


def accumulate(w: Writer) -> None:
    """A list that a loop fills, then used as an array or summed."""
    name, s = w.fresh("history"), w.fresh("s")
    level = w.fresh("level")
    v = atom(w, (w.n,))
    w.line(f"{name} = []")
    w.line(f"{level} = {number(w, (), 1)}")
    with w.block(f"for {s} in {v}:", loop=True):
        w.add(s, (), writable=False)
        w.add(level, (), writable=False)
        w.line(f"{level} = 0.6 * {level} + np.sin({s} * {number(w, (), 1)})")
        if w.chance(0.2):
            with w.block(f"if {condition(w)}:"):
                w.line(w.pick(["continue", "break"]))
        w.line(f"{name}.append({level})")
    total = w.fresh("total")
    w.line(
        f"{total} = "
        + w.pick(
            [
                f"sum({name})",
                f"np.sum({name})",
                f"np.max([0.1, *{name}])",
                f"np.mean([0.2] + {name})",
                f"np.array({name}).sum()",
                f"sum(q * q for q in {name})",
            ]
        )
    )
    w.add(total, ())
    w.add_box(name, "list", (), 0)
