"""Functions of random syntax: whatever the grammar of Python allows, sense or none.

Such a function mostly raises, or returns what is no number. What is asked of the compiler is that
it is right, or refuses with an error of its own, or lets the program raise what it raises.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.fuzz.generate import Program

NAMES = ("x", "a", "s", "t", "é", "_", "__private", "list", "match", "x", "a", "s")
CALLED = (
    "len", "abs", "min", "max", "range", "sum", "sorted", "enumerate", "zip", "float", "int", "str",
    "list", "dict", "tuple", "set", "isinstance", "type", "getattr", "hasattr", "iter", "next", "map",
    "filter", "any", "all", "repr", "id", "callable", "round", "divmod", "pow", "print", "reversed",
    "np.sin", "np.sum", "np.exp", "np.array", "np.where", "math.sin", "np.zeros", "np.dot", "super",
    "globals", "locals", "vars", "dir", "eval", "exec", "memoryview", "slice", "bytes", "object",
)  # fmt: skip
OPERATORS = ("+", "-", "*", "/", "//", "%", "**", "@", "&", "|", "^", "<<", ">>")
COMPARISONS = ("<", ">", "<=", ">=", "==", "!=", "is", "is not", "in", "not in")
CONSTANTS = (
    "0", "1", "2.5", "-0.0", "1e-3", "1j", "None", "True", "...", "'text'", "b'b'", "10**30", "float('nan')",
    "0.5", "1.5", "3", "''", "()", "[]", "{}", "0x1F", "1_000", "'a' 'b'", "r'\\d'",
)  # fmt: skip


class Scribe:
    """Writes a function of random syntax."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.lines: list[str] = []
        self.loops = self.depth = 0
        self.asynchronous = False

    def pick(self, items: Any) -> Any:
        return self.rng.choice(items)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def line(self, indent: int, text: str) -> None:
        self.lines.append("    " * indent + text)

    # -- expressions

    def expr(self, depth: int = 2) -> str:
        if depth <= 0 or self.chance(0.2):
            return self.pick(NAMES if self.chance(0.7) else CONSTANTS)
        forms: list[Callable[[int], str]] = [
            self.arithmetic, self.arithmetic, self.arithmetic, self.compared, self.called, self.called,
            self.display, self.subscript, self.attribute, self.chosen, self.lambda_, self.comprehension,
            self.formatted, self.starred, self.walrus,
        ]  # fmt: skip
        if self.chance(0.02):
            forms = [self.suspended]
        return str(self.pick(forms)(depth - 1))

    def arithmetic(self, d: int) -> str:
        if self.chance(0.15):
            return f"({self.pick(['-', '+', '~', 'not '])}{self.expr(d)})"
        operator = self.pick(OPERATORS[:4] if self.chance(0.75) else OPERATORS)
        return f"({self.expr(d)} {operator} {self.expr(d)})"

    def compared(self, d: int) -> str:
        if self.chance(0.3):
            return f"({self.expr(d)} {self.pick(['and', 'or'])} {self.expr(d)})"
        chain = "".join(
            f" {self.pick(COMPARISONS)} {self.expr(d)}" for _ in range(self.pick([1, 1, 2]))
        )
        return f"({self.expr(d)}{chain})"

    def called(self, d: int) -> str:
        arguments = [self.expr(d) for _ in range(self.pick([0, 1, 1, 2]))]
        if self.chance(0.1):
            arguments.append(f"*{self.expr(d)}")
        if self.chance(0.1):
            arguments.append(
                self.pick([f"key={self.expr(d)}", f"axis={self.expr(d)}", f"**{self.expr(d)}"])
            )
        target = self.pick(CALLED) if self.chance(0.85) else f"({self.expr(d)})"
        return f"{target}({', '.join(arguments)})"

    def display(self, d: int) -> str:
        items = [self.pick(["", "", "*"]) + self.expr(d) for _ in range(self.pick([1, 2, 3]))]
        kind = self.pick(["[]", "()", "{}", "dict"])
        if kind == "dict":
            return "{" + ", ".join(f"{self.expr(0)}: {i.lstrip('*')}" for i in items) + "}"
        return kind[0] + ", ".join(items) + ("," if kind == "()" else "") + kind[1]

    def subscript(self, d: int) -> str:
        index = self.pick([
            self.expr(d), "0", "-1", "1:", f"{self.expr(d)}:", "::2", "..., 0", "None", ":, None", f"{self.expr(0)}, 1",
            "[0, 1]", "a > 0.2",
        ])  # fmt: skip
        return f"{self.pick(['a', self.expr(d)])}[{index}]"

    def attribute(self, d: int) -> str:
        name = self.pick(
            [
                "T",
                "shape",
                "size",
                "real",
                "__class__",
                "append",
                "sum",
                "dtype",
                "__dict__",
                "mean",
                "é",
            ]
        )
        return f"({self.expr(d)}).{name}{self.pick(['', '()', ''])}"

    def chosen(self, d: int) -> str:
        return f"({self.expr(d)} if {self.expr(d)} else {self.expr(d)})"

    def lambda_(self, d: int) -> str:
        parameters = self.pick(
            ["", "z", "z, /, y=1", "*args", "**kw", "z=x, *, k=2", "_, *args, k, **kw"]
        )
        text = f"(lambda {parameters}: {self.expr(d)})"
        return f"{text}({self.expr(d)})" if self.chance(0.5) else text

    def comprehension(self, d: int) -> str:
        test = f" if {self.expr(d)}" if self.chance(0.3) else ""
        wait = "async " if self.asynchronous and self.chance(0.2) else ""
        loop = f"{wait}for {self.pick(['s', 't', '(s, t)', 's, *t', '_'])} in {self.expr(d)}{test}"
        key = f"{self.expr(0)}: " if self.chance(0.3) else ""
        body = f"{key}{self.expr(d)} {loop}"
        return (
            "{" + body + "}"
            if key
            else self.pick(["[{}]", "({})", "sum({})", "{{{}}}"]).format(body)
        )

    def formatted(self, d: int) -> str:
        return "f'{" + self.pick(["x", "a", "s", "x!r", "x:.2f", "x=}{a", "x:{s}"]) + "}'"

    def starred(self, d: int) -> str:
        return f"(*{self.expr(d)}, {self.expr(d)})"

    def walrus(self, d: int) -> str:
        return f"({self.pick(['s', 't', '_'])} := {self.expr(d)})"

    def suspended(self, d: int) -> str:
        if self.asynchronous:
            return f"(await {self.expr(d)})"
        return self.pick([f"(yield {self.expr(d)})", f"(yield from {self.expr(d)})", "(yield)"])

    def target(self) -> str:
        return self.pick([
            "s", "t", "x", "s", "t", "a[0]", "a[1:]", "s, t", "(s, *t)", "[s, t]", "a[a > 0]", "x.real", "é", "_",
            "s[0]", "a", "list",
        ])  # fmt: skip

    # -- statements

    def body(self, indent: int) -> None:
        start = len(self.lines)
        self.depth += 1
        for _ in range(self.pick([1, 1, 2, 3])):
            self.statement(indent)
        self.depth -= 1
        if len(self.lines) == start:
            self.line(indent, "pass")

    def statement(self, indent: int) -> None:
        simple = [
            self.assigned,
            self.assigned,
            self.assigned,
            self.augmented,
            self.bare,
            self.returned,
            self.odd,
        ]
        compound = [
            self.conditional, self.conditional, self.loop, self.loop, self.repeated, self.attempted, self.managed,
            self.defined, self.classed, self.matched,
        ]  # fmt: skip
        self.pick(simple if self.depth > 3 or self.chance(0.55) else compound)(indent)

    def assigned(self, i: int) -> None:
        text = self.pick([
            f"{self.target()} = {self.expr()}", f"s = t = {self.expr()}", f"s = {self.expr(3)}", f"t = {self.expr(3)}",
            f"s: {self.expr(1)} = {self.expr()}", "t: float", f"x = {self.expr()}", f"{self.target()} = {self.expr()}, {self.expr()}",
        ])  # fmt: skip
        self.line(i, text)

    def augmented(self, i: int) -> None:
        self.line(
            i,
            f"{self.pick(['s', 'x', 'a', 'a[0]', 'a[1:]', 't'])} {self.pick(OPERATORS[:4])}= {self.expr()}",
        )

    def bare(self, i: int) -> None:
        self.line(i, self.expr(3))

    def returned(self, i: int) -> None:
        self.line(
            i,
            self.pick(
                [
                    "return",
                    f"return {self.expr()}",
                    f"return {self.expr(3)}",
                    "return x * s",
                    "return np.sum(a) * x",
                ]
            ),
        )

    def odd(self, i: int) -> None:
        choices = [
            "pass", f"del {self.pick(['s', 'a[0]', 't, s', 'x'])}", f"assert {self.expr()}, {self.expr(1)}", "import math as m",
            "from math import sin, cos as t", f"raise {self.pick(['ValueError', 'KeyError(x)', self.expr(1)])}", "raise",
            "global G", "nonlocal s", "import numpy.linalg", f"raise ValueError from {self.expr(1)}", "'a docstring'",
            "print(x, end='')", "s, t = t, s",
        ]  # fmt: skip
        if self.loops:
            choices += ["break", "continue"] * 3
        self.line(i, self.pick(choices))

    def conditional(self, i: int) -> None:
        self.line(i, f"if {self.expr()}:")
        self.body(i + 1)
        if self.chance(0.5):
            self.line(i, self.pick(["else:", f"elif {self.expr()}:"]))
            self.body(i + 1)

    def loop(self, i: int) -> None:
        items = self.pick(
            [
                "a",
                "range(3)",
                "enumerate(a)",
                "[x, s]",
                self.expr(),
                "zip(a, a)",
                "range(len(a))",
                "(1, 2)",
            ]
        )
        wait = "async " if self.asynchronous and self.chance(0.3) else ""
        self.line(
            i, f"{wait}for {self.pick(['s', 't', 's', 's, t', '_', 'a[0]', '(s, *t)'])} in {items}:"
        )
        self.loops += 1
        self.body(i + 1)
        self.loops -= 1
        if self.chance(0.2):
            self.line(i, "else:")
            self.body(i + 1)

    def repeated(self, i: int) -> None:
        self.line(
            i, f"while {self.pick([self.expr(), 's < 3', 'x > 0.1', 'len(t) < 2', '0', 'True'])}:"
        )
        self.loops += 1
        self.body(i + 1)
        if self.chance(0.7):
            self.line(i + 1, self.pick(["break", "x -= 0.25", "s += 1", "return x"]))
        self.loops -= 1
        if self.chance(0.2):
            self.line(i, "else:")
            self.body(i + 1)

    def attempted(self, i: int) -> None:
        self.line(i, "try:")
        self.body(i + 1)
        star = "*" if self.chance(0.08) else ""
        loops, self.loops = self.loops, 0 if star else self.loops
        handled = self.chance(0.85)
        if handled:
            named = self.pick(["", " as s", " as t"])
            self.line(
                i,
                f"except{star} {self.pick(['ValueError', 'Exception', '(TypeError, KeyError)', 'x'])}{named}:",
            )
            self.body(i + 1)
            if not star and self.chance(0.2):
                self.line(i, "except:")
                self.body(i + 1)
            if self.chance(0.2):
                self.line(i, "else:")
                self.body(i + 1)
        if not handled or self.chance(0.25):
            self.line(i, "finally:")
            self.body(i + 1)
        self.loops = loops

    def managed(self, i: int) -> None:
        wait = "async " if self.asynchronous and self.chance(0.3) else ""
        manager = self.pick(
            ["np.errstate(all='ignore')", self.expr(1), "(np.errstate(), np.errstate() as t)"]
        )
        self.line(
            i, f"{wait}with {manager}{self.pick(['', ' as s']) if manager[0] != '(' else ''}:"
        )
        self.body(i + 1)

    def defined(self, i: int) -> None:
        name = self.pick(["inner", "s", "t", "é"])
        if self.chance(0.3):
            self.line(
                i,
                f"@{self.pick(['(lambda f: f)', 's', 'staticmethod', 'np.vectorize', self.expr(1)])}",
            )
        parameters = self.pick(
            ["", "z", "x", "z: float = 1", "*args, k=2", "z, /, *, w=x", "**kw", "z=s, *rest: int"]
        )
        wait, loops = self.chance(0.1), self.loops
        kept, self.asynchronous, self.loops = self.asynchronous, wait, 0
        self.line(
            i, f"{'async ' if wait else ''}def {name}({parameters}){self.pick(['', ' -> float'])}:"
        )
        if self.chance(0.15):
            self.line(i + 1, f"nonlocal {self.pick(['s', 't', 'x'])}")
        self.body(i + 1)
        self.line(i + 1, f"return {self.expr()}")
        self.asynchronous, self.loops = kept, loops
        if self.chance(0.8):
            self.line(i, f"s = {name}({self.pick(['', 'x', 's', '*a'])})")

    def classed(self, i: int) -> None:
        self.line(
            i,
            f"class {self.pick(['C', 's', 'É'])}{self.pick(['', '()', '(object)', '(dict)', '(x)', '(metaclass=type)'])}:",
        )
        loops, self.loops = self.loops, 0
        for _ in range(self.pick([1, 2])):
            form = self.pick(["field", "method", "property", "slots", "any"])
            if form == "field":
                self.line(
                    i + 1,
                    f"{self.pick(['s', 'k', '__private'])}{self.pick(['', ': float'])} = {self.expr(1)}",
                )
            elif form == "slots":
                self.line(i + 1, "__slots__ = ('s', 'k')")
            elif form == "any":
                self.body(i + 1)
            else:
                if form == "property":
                    self.line(i + 1, self.pick(["@property", "@staticmethod", "@classmethod"]))
                self.line(
                    i + 1,
                    f"def {self.pick(['k', '__init__', '__call__', '__add__', '__getattr__', '__iter__'])}(self, *z):",
                )
                self.line(
                    i + 2,
                    self.pick(
                        [
                            "self.s = x",
                            "return self",
                            f"return {self.expr()}",
                            "yield x",
                            "return super().k()",
                        ]
                    ),
                )
        self.loops = loops
        self.line(i, f"s = {self.pick(['C()', 'C', 'C(x)', 'C().k', 'C() + x', 'x'])}")

    def matched(self, i: int) -> None:
        self.line(i, f"match {self.expr()}:")
        for _ in range(self.pick([1, 2])):
            guard = f" if {self.expr(1)}" if self.chance(0.3) else ""
            pattern = self.pick([
                "0 | 1", "[s, t]", "(s, *t)", "{'k': s, **t}", "float()", "int(s)", "str() | None", "-1.5", "'a' as s", "[]",
                "np.ndarray(shape=s)", "s if s", "1 + 2j", "True", "{}", "[_, *_]", "C(x=s)", "math.pi",
            ])  # fmt: skip
            if pattern == "s if s" and guard:
                guard = ""
            self.line(i + 1, f"case {pattern}{guard}:")
            self.body(i + 2)
        if self.chance(0.4):
            self.line(i + 1, "case _:")
            self.body(i + 2)


def scribble(seed: int) -> Program:
    """The function of this seed: any valid Python."""
    for attempt in range(200):
        scribe = Scribe(random.Random(f"syntax {seed}/{attempt}"))
        asynchronous = scribe.chance(0.02)
        scribe.asynchronous = asynchronous
        if scribe.chance(0.05):
            scribe.line(0, f"@{scribe.pick(['(lambda f: f)', 'np.vectorize', 'staticmethod'])}")
        signature = scribe.pick(
            ["x, a", "x, a, /", "x, a, *args", "x: float, a: 'array' = None", "x, a, k=2, **kw"]
        )
        scribe.line(0, f"{'async ' if asynchronous else ''}def program({signature}):")
        scribe.line(1, "s = x * 0.5")
        scribe.line(1, "t = a")
        scribe.body(1)
        scribe.body(1)
        scribe.line(1, f"return {scribe.pick(['x', 's', 'x * s', 'np.sum(a) * x', scribe.expr()])}")
        text = "import math\n\nimport numpy as np\n\n\n" + "\n".join(scribe.lines) + "\n"
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(text, "<program>", "exec")
        except (SyntaxError, ValueError):
            continue
        return Program(seed, text, (0.7304, np.array([0.3104, -0.4504, 1.2504])))
    raise AssertionError(f"no function comes of seed {seed}")
