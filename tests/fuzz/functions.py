"""Functions of the user's: helpers, closures, generators, recursion, procedures; and their use."""

from __future__ import annotations

from tests.fuzz import classes
from tests.fuzz.expressions import atom, condition, number
from tests.fuzz.writer import Writer


def local_function(w: Writer) -> None:
    w.pick((closure, counter, curried, generator, decorated))(w)


def closure(w: Writer) -> None:
    """A nested function that reads what is around it, as it is when it is called."""
    name = w.fresh("inner")
    z = w.fresh("z")
    captured = atom(w, ())
    extra = w.pick(
        ["", ", scale=0.4", f", scale={captured}", ", *more", ", *, scale=0.3", ", **options"]
    )
    with w.function(f"def {name}({z}{extra}):"):
        w.scope.callables = []
        if w.chance(0.4):
            with w.block(f"if {condition(w)}:"):
                w.line(f"return {z} * 0.5")
        scale = "scale" if "scale" in extra else atom(w, ())
        w.line(f"return np.sin({z} * {scale}) + {w.pick([captured, z, '0.2'])}")
    w.scope.callables.append((name, "any->any"))


def counter(w: Writer) -> None:
    """A closure that changes a name around it."""
    state, name = w.fresh("held"), w.fresh("bump")
    w.line(f"{state} = {number(w)}")
    with w.function(f"def {name}(q):"):
        w.line(f"nonlocal {state}")
        w.line(f"{state} = {w.pick([f'0.7 * {state} + np.sin(q)', f'{state} * 0.5 + q'])}")
        if w.chance(0.3):
            with w.block(f"if {state} > {w.literal()}:"):
                w.line(f"{state} -= 0.2 * q")
        w.line(f"return {state} * 0.3")
    w.line(f"{name}({number(w)})")
    w.add(state, ())
    w.scope.callables.append((name, "s->s"))


def curried(w: Writer) -> None:
    name = w.fresh("given")
    text = w.pick([
        f"functools.partial(lambda k, z: k * np.sin(z), {number(w, (), 1)})",
        f"functools.partial(lambda z, k=1.0: np.cos(z) * k, k={number(w, (), 1)})",
        f"lambda z: np.tanh(z) * {atom(w, ())}", f"(lambda k: lambda z: z * k * 0.5)({number(w, (), 1)})",
        "lambda z, *rest, factor=0.5: z * factor", "np.tanh", "lambda z: (z if np.ndim(z) else z * 0.5)",
    ])  # fmt: skip
    w.line(f"{name} = {text}")
    w.scope.callables.append((name, "any->any"))


def generator(w: Writer) -> None:
    name, s, total = w.fresh("steps"), w.fresh("s"), w.fresh("total")
    v = atom(w, (w.n,))
    with w.function(f"def {name}(level):"):
        form = w.rng.random()
        if form < 0.5:
            with w.block(f"for {s} in {v}:", loop=True):
                w.line(f"level = 0.5 * level + np.sin({s})")
                w.line("yield level")
        elif form < 0.75:
            w.line("yield level")
            w.line(f"yield level * {w.literal()}")
        else:
            w.line(f"yield from (0.5 * q * level for q in {v})")
    w.line(f"{total} = 0.0")
    item = w.fresh("item")
    with w.block(f"for {item} in {name}({number(w)}):", loop=True):
        w.line(f"{total} += 0.3 * {item} * {item}")
        if w.chance(0.3):
            with w.block(f"if {total} > {w.positive()}:"):
                w.line("break")
    w.add(total, ())


def decorated(w: Writer) -> None:
    name, wrap = w.fresh("wrapped"), w.fresh("wrap")
    with w.function(f"def {wrap}(function):"):
        w.line("@functools.wraps(function)")
        with w.function("def call(*args, **options):"):
            w.line("return 0.7 * function(*args, **options)")
        w.line("return call")
    w.line(f"@{wrap}")
    with w.function(f"def {name}(z):"):
        w.line(f"return np.cos(z) * {atom(w, ())}")
    w.scope.callables.append((name, "any->any"))


# -- at module level


def helpers(w: Writer) -> list[tuple[str, str]]:
    """Some functions before the program; their text and kind."""
    made: list[tuple[str, str]] = []
    table = {
        smooth_helper: 3, recursive_helper: 1, writing_helper: 2.5, folding_helper: 1.5,
        early_helper: 1.5, array_helper: 1.5, generating_helper: 1,
    }  # fmt: skip
    for _ in range(w.pick((0, 0, 1, 1, 2))):
        with w.at_module_level():
            made.append(w.weighed(table)(w))
    return made


def smooth_helper(w: Writer) -> tuple[str, str]:
    name = w.fresh("helper")
    with w.function(f"def {name}(z, k={w.literal()}):"):
        w.line(w.pick(["k = k * 0.5", "q = np.tanh(z)", "z = z * 0.8"]))
        w.line(
            f"return {w.pick(['np.sin(z) * k', '0.5 * z * z + k', 'z / (1.0 + z * z) * k', 'np.where(z > 0.1, z, 0.2) * k'])}"
        )
    return name, "any->any"


def early_helper(w: Writer) -> tuple[str, str]:
    name = w.fresh("pick")
    with w.function(f"def {name}(z):"):
        with w.block(f"if np.sum(z) > {w.literal()}:"):
            w.line("return 0.4 * z")
        with w.block(f"for i in range({w.pick('234')}):", loop=True):
            w.line("z = np.sin(z) + 0.1 * i")
            with w.block(f"if np.max(z) > {w.literal()}:"):
                w.line("return z * 0.9")
        w.line("return 0.5 * z")
    return name, "any->any"


def recursive_helper(w: Writer) -> tuple[str, str]:
    name = w.fresh("descend")
    with w.function(f"def {name}(z, depth=3):"):
        with w.block("if depth == 0:"):
            w.line("return z")
        w.line(
            f"return 0.6 * {name}(np.sin(z) * {w.positive()}, depth - 1){w.pick(['', ' + 0.2 * z'])}"
        )
    return name, "any->any"


def folding_helper(w: Writer) -> tuple[str, str]:
    """Takes any number of numbers."""
    name = w.fresh("gather")
    with w.function(f"def {name}(*values, scale=0.5, **named):"):
        w.line("total = 0.0")
        with w.block("for value in values:", loop=True):
            w.line("total = total * 0.7 + value * scale")
        with w.block("for key, value in named.items():", loop=True):
            w.line("total += 0.3 * value")
        w.line("return total")
    return name, "many->s"


def writing_helper(w: Writer) -> tuple[str, str]:
    """A procedure: changes its argument, returns nothing, or returns it."""
    name = w.fresh("change")
    kind = w.pick(("vector!", "matrix!"))
    with w.function(f"def {name}(a, q):"):
        roll = w.rng.random()
        if roll < 0.3:
            w.line(f"a *= {w.positive()}")
            w.line("a[0] += q")
        elif roll < 0.6:
            with w.block("for i in range(1, len(a)):", loop=True):
                w.line(f"a[i] {w.pick(['+=', '-=', '='])} 0.4 * a[i - 1] * {w.pick(['q', '0.7'])}")
        elif roll < 0.8:
            with w.block(f"if q > {w.literal()}:"):
                w.line("a[1:] = 0.5 * a[:-1]")
                w.line("return a")
            w.line("a[-1] = q")
        else:
            w.line("np.sin(a, out=a)")
            w.line("b = a[1:]")
            w.line("b -= 0.3 * q")
        if w.chance(0.4):
            w.line("return a")
        elif roll >= 0.6:
            w.line("return a")
    return name, kind


def array_helper(w: Writer) -> tuple[str, str]:
    name = w.fresh("reduce")
    with w.function(f"def {name}(a, power=2):"):
        w.line(w.pick(["best = 0.0", "best = a[0] * 0.5"]))
        with w.block("for s in a:", loop=True):
            with w.block(f"if s > {w.literal()}:"):
                w.line("best = best + s ** power * 0.3")
            with w.block("else:"):
                w.line(w.pick(["continue", "best -= 0.1 * s", "break"]))
        w.line("return best")
    return name, "vector->s"


def generating_helper(w: Writer) -> tuple[str, str]:
    name = w.fresh("walk")
    with w.function(f"def {name}(a, start):"):
        w.line("for s in a:")
        w.line("    start = 0.5 * start + np.sin(s)")
        w.line("    yield start")
    return name, "walk"


# -- use


def use(w: Writer) -> None:
    """A statement around a call."""
    kinds = [c for c in w.scope.callables if c[1] != "np"]
    if not kinds or w.chance(0.25):
        return classes.use(w)
    text, code = w.pick(kinds)
    n, e, f = w.n, number(w), number(w)
    result = w.fresh("got")
    if code == "vector!" or code == "matrix!":
        shape = (n,) if code == "vector!" else (n, w.k)
        targets = [p.text for p in w.places(shape, writable=True)]
        if not targets:
            targets = [w.fresh("fresh")]
            w.line(f"{targets[0]} = 0.8 * {number(w, shape, 1)}")
            w.add(targets[0], shape)
        w.line(f"{text}({w.pick(targets)}, {e})")
        return None
    if code == "walk":
        v = number(w, (n,), 1)
        w.line(
            f"{result} = "
            + w.pick(
                [
                    f"0.2 * sum({text}({v}, {e}))",
                    f"list({text}({v}, {e}))[-1]",
                    f"max({text}({v}, {e}))",
                ]
            )
        )
    elif code == "many->s":
        w.line(
            f"{result} = {text}({w.pick([f'{e}, {f}', f'*{atom(w, (n,))}', f'{e}, scale={f}', f'{e}, extra={f}', ''])})"
        )
    elif code == "vector->s":
        w.line(f"{result} = {text}({number(w, (n,), 1)}{w.pick(['', ', 2', ', power=1'])})")
    else:
        w.line(f"{result} = {text}({e})")
    w.add(result, ())
    return None
