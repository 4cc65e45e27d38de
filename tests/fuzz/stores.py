"""Arrays in place: stores of every kind of index, views, ``out=``, and names that share memory."""

from __future__ import annotations

from tests.fuzz.expressions import condition, index, number
from tests.fuzz.writer import Place, Shape, Writer


def store(w: Writer) -> None:
    """A write into an array that is in scope; makes one if there is none."""
    arrays = [p for p in w.places(writable=True) if p.shape]
    if not arrays or w.chance(0.08):
        shape: Shape = w.pick([(w.n,), (w.n, w.n), (w.n, w.k)])
        name = w.fresh("out")
        size = shape[0] if len(shape) == 1 else shape
        w.line(f"{name} = {w.pick(['np.zeros', 'np.ones', 'np.empty'])}({size})")
        if "empty" in w.lines[-1]:
            w.line(f"{name}[:] = {number(w, w.pick([(), shape]), 2)}")
        w.add(name, shape)
        return
    array = w.pick(arrays)
    if len(array.shape) == 1:
        w.pick((into_element, into_element, into_slice, into_slice, special))(w, array)
    else:
        w.pick((into_cell, into_row, into_column, into_block, special))(w, array)


def put(w: Writer, target: str, shape: Shape, slight: bool = True) -> None:
    """``target = value`` or an augmented form; the value may broadcast."""
    given = w.pick([(), shape, shape]) if shape else ()
    value = number(w, given, 2)
    # Of overlapping vectors with different strides (a[::2] = a[:4]) NumPy 2.4 reads what it has written.
    whole = f"1.0 * ({value})" if len(given) == 1 else value
    forms = [
        f"= {whole}", f"= {whole}", f"+= 0.3 * {value}", f"-= 0.4 * {value}",
        f"*= 0.6 + 0.3 * np.cos({value})", f"/= 1.4 + np.square({value})", f"+= {w.literal()}", f"= {w.literal()}",
    ]  # fmt: skip
    if not w.in_loop:
        forms.append("**= 2")
    w.line(f"{target} {w.pick(forms)}")


def into_element(w: Writer, array: Place) -> None:
    i = index(w) if array.shape[0] >= 3 else w.pick(["0", "1", "-1"])
    put(w, f"{array.text}[{i}]", ())


def into_slice(w: Writer, array: Place) -> None:
    n = array.shape[0]
    targets: list[tuple[str, Shape]] = [
        ("[1:]", (n - 1,)), ("[:-1]", (n - 1,)), ("[:]", (n,)), ("[...]", (n,)), ("[::-1]", (n,)),
        ("[::2]", ((n + 1) // 2,)), ("[-2:]", (2,)), ("[:2]", (2,)), ("[[1, 0]]", (2,)),
        (f"[{array.text} > {w.literal()}]", ()), ("[np.array([0, 1])]", (2,)), ("[1:-1]", (n - 2,)),
        (f"[np.abs({array.text}) < {w.positive()}]", ()),
    ]  # fmt: skip
    target, shape = w.pick(targets)
    if shape and w.chance(0.35):
        stencil(w, array, target, shape)
    else:
        put(w, array.text + target, shape)


def stencil(w: Writer, array: Place, target: str, shape: Shape) -> None:
    """A slice, from other slices of the same or of another array."""
    sources = [p.text for p in w.places(array.shape)]
    n, size = array.shape[0], shape[0]
    parts = []
    for _ in range(2):
        start = w.rng.randint(0, n - size)
        parts.append(f"{w.pick(sources)}[{start}:{start + size}]")
    if w.chance(0.2) and ":" in target.replace("::", ""):
        start = w.rng.randint(0, n - size)
        w.line(f"{array.text}{target} = {array.text}[{start}:{start + size}]")
        return
    form = w.pick(
        [
            "= 0.5 * {} + 0.3 * {}",
            "+= 0.3 * {} - 0.2 * {}",
            "= np.sin({}) * {}",
            "-= 0.2 * ({} - {})",
        ]
    )
    w.line(f"{array.text}{target} {form.format(*parts)}")


def into_cell(w: Writer, array: Place) -> None:
    j = index(w) if array.shape[1] >= 3 else w.pick(["0", "1", "-1"])
    i = index(w)
    put(w, f"{array.text}[{i}, {j}]" if w.chance(0.7) else f"{array.text}[{i}][{j}]", ())


def into_row(w: Writer, array: Place) -> None:
    put(w, f"{array.text}[{index(w)}]", array.shape[1:])


def into_column(w: Writer, array: Place) -> None:
    put(w, f"{array.text}[:, {w.pick(['0', '1', '-1'])}]", array.shape[:1])


def into_block(w: Writer, array: Place) -> None:
    n, k = array.shape
    targets: list[tuple[str, Shape]] = [
        ("[1:, :1]", (n - 1, 1)), ("[:2, 1:]", (2, k - 1)), ("[...]", (n, k)), ("[::2]", ((n + 1) // 2, k)),
        ("[[0, 2]]", (2, k)), ("[[0, 1], [1, 0]]", (2,)), ("[..., 0]", (n,)), ("[1:-1, :]", (n - 2, k)),
        (f"[{array.text} > {w.literal()}]", ()), ("[:, ::-1]", (n, k)), ("[np.arange(2), 0]", (2,)),
    ]  # fmt: skip
    target, shape = w.pick(targets)
    put(w, array.text + target, shape if len(shape) < 2 or shape == (n, k) else ())


def special(w: Writer, array: Place) -> None:
    """Functions that write: ``out=``, ``np.add.at``, ``np.copyto``, ``fill``, ``np.put``."""
    a, shape = array.text, array.shape
    value, other = number(w, shape, 2), number(w, shape, 1)
    rows = number(w, (2, *shape[1:]), 1) if len(shape) == 1 else "0.2"
    forms = [
        f"np.add({value}, 0.4 * {other}, out={a})", f"np.multiply({value}, 0.5, out={a})",
        f"np.copyto({a}, {value})", f"{a}.fill({number(w, (), 2)})", f"np.add.at({a}, [0, 1, 0], 0.2)",
        f"np.add.at({a}, [1, 1], {rows})", f"np.sin({a}, out={a})", f"np.tanh({value}, out={a})",
        f"np.subtract({a}, 0.3 * {other}, {a})", f"np.copyto({a}, 0.3, where={a} > {w.literal()})",
        f"np.subtract.at({a}, 0, 0.1)", f"{a}.sort()" if w.chance(0.03) else f"np.exp(-np.abs({other}), out={a})",
        f"np.maximum({a}, {w.literal()}, out={a})", f"np.clip({value}, -0.7, 0.9, out={a})",
        f"np.put({a}, [0, 1], {number(w)})" if w.chance(0.03) else f"np.square({other}, out={a})",
        f"np.cos({other}, out={a}, where={other} > 0.1)" if w.chance(0.3) else f"np.negative({other}, out={a})",
    ]  # fmt: skip
    w.line(w.pick(forms))


def view(w: Writer) -> None:
    """A second name for an array or a part of it, which is then written or read."""
    arrays = [p for p in w.places(writable=True) if p.shape and p.is_name]
    if not arrays:
        return store(w)
    array = w.pick(arrays)
    a, shape = array.text, array.shape
    name = w.fresh(w.pick(["view", "part", "same"]))
    if len(shape) == 1:
        forms = [
            (a, shape), (f"{a}[:]", shape), (f"{a}[::-1]", shape), (f"{a}.ravel()", shape),
            (f"{a}.view()", shape), (f"{a}.reshape(-1)", shape), (f"np.asarray({a})", shape),
            (f"{a}[1:]", None), (f"{a}[1:-1]", None), (f"{a}[::2]", None), (f"{a}[:, None]", None),
        ]  # fmt: skip
    else:
        n, k = shape
        forms = [
            (a, shape), (f"{a}[0]", (k,)), (f"{a}[{index(w)}]", (k,)), (f"{a}[:, 1]", (n,)), (f"{a}[::-1]", shape),
            (f"{a}.T[1]", (n,)), (f"{a}.T", (n, n) if n == k else None), (f"{a}.ravel()", None),
            (f"{a}[1:]", None), (f"{a}.reshape(-1)", None), (f"np.transpose({a})", (n, n) if n == k else None),
            (f"{a}[..., 0]", (n,)), (f"{a}.swapaxes(0, 1)[0]", (n,)),
        ]  # fmt: skip
    text, given = w.pick(forms)
    w.line(f"{name} = {text}")
    if given is not None:
        w.add(name, given)
        if w.chance(0.6):
            put(w, w.pick([f"{name}[:]", name + "[0]"]) if w.chance(0.5) else name, ())
            if w.lines[-1].split()[1] == "=" and "[" not in w.lines[-1].split()[0]:
                w.lines[-1] = f"{'    ' * w.indent}{name} *= 0.7"
    else:
        w.line(
            f"{name}{w.pick(['', '[:]', '[...]'])} {w.pick(['+=', '*=', '-='])} {w.literal()} * np.cos({number(w)})"
        )
    if w.chance(0.3):
        with w.block(f"if {condition(w)}:"):
            w.line(
                f"{a}[{w.pick(['0', '1', '-1'])}] {w.pick(['+=', '='])} {w.literal() if len(shape) > 1 else number(w)}"
            )
    return None
