"""Classes of the user's: plain ones, dataclasses, named tuples, inheritance, properties, calls."""

from __future__ import annotations

from tests.fuzz.expressions import number
from tests.fuzz.writer import Writer


def declare(w: Writer) -> str | None:
    """One class before the program, sometimes; its kind."""
    if w.chance(0.55):
        return None
    with w.at_module_level():
        kind: str = w.weighed({_plain: 3, _derived: 2, _dataclass: 2, _named: 1.5})(w)
    return kind


def _plain(w: Writer) -> str:
    w.lines += [
        "class Body:",
        f"    factor = {w.literal()}",
        "",
        "    def __init__(self, gain, trace):",
        "        self.gain = gain",
        f"        self.trace = {w.pick(['trace', 'trace.copy()', '0.5 * trace'])}",
        "",
        "    def step(self, q):",
        f"        self.gain = 0.6 * self.gain + {w.pick(['np.sin(q)', 'self.factor * q', '0.3 * q * q'])}",
        f"        {w.pick(['self.trace[0] += q * 0.3', 'self.trace *= 0.9', 'self.trace = self.trace + 0.1 * q'])}",
        f"        return {w.pick(['self.gain', 'self.size * 0.5', 'self.gain * q'])}",
        "",
        "    @property",
        "    def size(self):",
        "        return np.sum(self.trace) * 0.3 + self.gain",
        "",
        "    def __call__(self, z):",
        "        return np.tanh(z) * self.gain",
    ]
    return "Body"


def _derived(w: Writer) -> str:
    _plain(w)
    w.lines[0] = "class Base:"
    w.lines += [
        "",
        "",
        "class Body(Base):",
        "    def __init__(self, gain, trace):",
        f"        super().__init__(gain * {w.literal()}, trace)",
        "        self.extra = 0.2 * gain",
        "",
        "    def step(self, q):",
        f"        return super().step(q * 0.5) {w.pick(['+ self.extra', '* 0.9', '- 0.1 * q'])}",
    ]
    return "Body"


def _dataclass(w: Writer) -> str:
    w.lines += [
        "@dataclasses.dataclass",
        "class Body:",
        "    gain: float",
        "    trace: np.ndarray",
        f"    factor: float = {w.literal()}",
        "",
        "    def step(self, q):",
        f"        self.gain {w.pick(['+=', '-='])} 0.3 * q * self.factor",
        f"        self.trace[{w.pick(['0', '-1', '1:', ':'])}] {w.pick(['*= 0.8', '+= 0.2 * q', '= self.gain'])}",
        "        return self.gain",
        "",
        "    @property",
        "    def size(self):",
        "        return self.trace.sum() * 0.2",
        "",
        "    def __call__(self, z):",
        "        return np.sin(z * self.gain)",
    ]
    return "Body"


def _named(w: Writer) -> str:
    w.lines += [
        "class Point(NamedTuple):",
        "    gain: float",
        "    trace: Any",
        "    factor: float = 0.7",
        "",
        "    def moved(self, q):",
        f"        return self._replace(gain=self.gain + {w.pick(['q', '0.3 * np.sin(q)'])})",
        "",
        "    @property",
        "    def size(self):",
        "        return np.sum(self.trace) * self.factor * 0.4",
    ]
    return "Point"


def use(w: Writer) -> None:
    """Make an instance, or use one that is there."""
    kind = w.class_kind
    if kind is None:
        return
    owners = {p.text.split(".")[0] for p in w.scope.places if p.text.endswith(".gain")}
    if not owners or w.chance(0.25):
        return _make(w, kind)
    name = w.pick(sorted(owners))
    result = w.fresh("got")
    if kind == "Point":
        text = w.pick([
            f"{name}.moved({number(w)}).gain", f"{name}.size", f"0.3 * {name}[0]", f"{name}.gain * {name}.factor",
            f"np.sum({name}.trace)",
        ])  # fmt: skip
        if w.chance(0.4):
            w.line(f"{name} = {name}.moved({number(w)})")
    else:
        text = w.pick([
            f"{name}.step({number(w)})", f"{name}.step({number(w)})", f"{name}.size", f"{name}({number(w)})",
            f"{name}.gain * 0.5", f"np.sum({name}(0.2 * {name}.trace))",
        ])  # fmt: skip
    w.line(f"{result} = {text}")
    w.add(result, ())
    return None


def _make(w: Writer, kind: str) -> None:
    name = w.fresh(kind.lower())
    v = number(w, (w.n,), 1)
    gain = number(w)
    if not w.chance(0.3):
        v = f"np.array({v})" if w.chance(0.5) else f"0.5 * ({v})"
    else:
        names = w.names((w.n,), writable=True)
        v = w.pick(names) if names else f"1.0 * ({v})"
    arguments = w.pick([f"{gain}, {v}", f"gain={gain}, trace={v}", f"{gain}, trace={v}"])
    w.line(f"{name} = {kind}({arguments})")
    w.add(f"{name}.gain", (), writable=kind != "Point")
    w.add(f"{name}.trace", (w.n,), writable=kind != "Point")
    if w.chance(0.5):
        use(w)
