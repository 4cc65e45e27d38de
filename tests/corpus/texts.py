"""Texts: strings and their methods, formatting, printing, parsing of text known beforehand."""

import collections
import dataclasses
import logging
import re
import sys
import warnings

import numpy as np

import sorix

from tests.corpus.registry import program


# -- join -----------------------------------------------------------------------------------


def _pieces():
    yield "ab"
    yield "c"


@program(args=(1.3,))
def joins_what_is_iterated(x):
    found = "-".join(c for c in "abc")
    found += "".join(map(str, [1, 2])) + "".join(reversed("xyz")) + " ".join(_pieces())
    found += "".join(filter(str.isdigit, "1,000"))
    digits = float("".join(c for c in "1,000" if c.isdigit()))
    return x * len(found) + x * x * digits + (x if found == "a-b-c12zyxab c1000" else 0.0)


@program(args=(1.3,))
def joins_texts_of_the_run(x):
    shown = ", ".join(f"{v:.2f}" for v in [x, 2 * x])
    rows = []
    for k in range(3):
        rows.append(f"{k}: {x * k:.1f}")
    table = "\n".join(rows)
    return x**2 * (len(shown) + len(table) + table.count("\n")) + (x if "1.30" in shown else 0.0)


@program(args=(1.3,))
def joins_a_list_that_a_branch_fills(x):
    names = []
    if x > 1:
        names.append("big")
    if x > 2:
        names.append("huge")
    return x**2 * len(", ".join(names))


@program(args=(1.3,))
def rewrites_a_text(x):
    rules = {"A": "AB", "B": "A"}
    word = "A"
    for _ in range(4):
        word = "".join(rules.get(c, c) for c in word)
    total = 0.0
    for c in word:
        total += x if c == "A" else x * x
    return total


# -- numbers and formats ----------------------------------------------------------------------


@program(args=(1.3,))
def integers_of_other_bases(x):
    found = int("11", 2) + int("1010", base=2) + int("ff", 16) + int("0x1f", 0)
    return x * found + x**2 * int(f"{5:b}", 2)


@program(args=(1.3,))
def formats_with_a_percent_sign(x):
    n = 3
    shown = "%.3f %d%%" % (x, n) + "%s-%5d|" % ("a", n) + "%(b)s%(a).2f" % {"a": x, "b": [n]}
    known = "%d of %*d" % (n, 5, 7)
    if x < 0:
        raise ValueError("%.3f is %s" % (x, {"x": x}))
    return x**2 * (len(shown) + len(known) + len("%.1f" % x)) + (x if "a-    3|" in shown else 0.0)


class _Quantity:
    def __init__(self, value, unit):
        self.value, self.unit = value, unit

    def __repr__(self):
        return f"Quantity({self.value!r}, {self.unit!r})"

    def __str__(self):
        return f"{self.value:.2f} {self.unit}"

    def __format__(self, spec):
        return f"{self.value:{spec}}{self.unit}"


Point = collections.namedtuple("Point", "x y")


@dataclasses.dataclass
class _Fit:
    loss: float
    name: str = "least squares"
    points: list = dataclasses.field(default_factory=list, repr=False)


@program(args=(1.3,))
def shows_objects(x):
    n = 2 if x > 0 else 3
    q = _Quantity(n, "m")
    shown = [str(q), repr(q), f"{q!s:>12}", f"{_Quantity(x, 's'):.1f}", "{} {!r}".format(q, [q])]
    shown += [f"{Point(n, 1)}", str(_Fit(n)), repr({"fit": _Fit(2.0), "at": (n, None)})]
    shown += [str(range(3)), f"{collections.OrderedDict(a=n)}", str({"a": 1}.items())]
    return x**2 * sum(len(s) for s in shown) + len("%s %r" % (q, q))


def _raised(k):
    if k == 0:
        raise ValueError("abc")
    if k == 1:
        raise KeyError("abc")
    if k == 2:
        raise RuntimeError
    raise IndexError("abc", k)


@program(args=(1.3,))
def shows_exceptions(x):
    total = 0
    for k in range(4):
        try:
            _raised(k)
        except (ValueError, LookupError, RuntimeError) as error:
            total += len(str(error)) + 2 * len(repr(error)) + 3 * len(f"{error!r}:{error}")
    return x**2 * total


@program(args=(1.3,))
def format_takes_parts_of_arguments(x):
    q = _Quantity(x, "m")
    shown = "{0.value:.{1}f} {0.unit} {d[k]} {p[0]:.1f}".format(q, 3, d={"k": 1}, p=Point(x, 2.0))
    return x**2 * len(shown) + len("{:>{w}}|{:<5}".format("a", "b", w=4))


@program(args=(1.3,))
def prints_structures(x):
    print({"loss": x}, [Point(x, 1)], (x, "a"), {"n": [x, {"m": None}]}, sep="; ", end=".\n")
    print(_Fit(x), f"{_Fit(x)!r}", type(x), file=sys.stderr)
    print("%s has %s" % (Point(x, 2), {"x": x}), True, None, [], set())
    return x**2


# -- parsing ----------------------------------------------------------------------------------


@program(args=(1.3, "3 x + 2 *"), argnums=0)
def evaluates_postfix_notation(x, text):
    tokens = text.split()
    stack = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token in ("+", "*"):
            b, a = stack.pop(), stack.pop()
            stack.append(a + b if token == "+" else a * b)
        elif token == "x":
            stack.append(x**2)
        else:
            stack.append(float(token))
        i += 1
    return stack[0]


@program(args=(1.3,))
def descends_recursively(x):
    tokens = list("(x+2)*(x-1)*x")

    def expression():
        value = term()
        while tokens and tokens[0] in "+-":
            value = value + term() if tokens.pop(0) == "+" else value - term()
        return value

    def term():
        value = factor()
        while tokens and tokens[0] == "*":
            tokens.pop(0)
            value = value * factor()
        return value

    def factor():
        token = tokens.pop(0)
        if token == "(":
            value = expression()
            assert tokens.pop(0) == ")"
            return value
        return x if token == "x" else float(token)

    return expression()


@program(args=(1.3,))
def translates_and_partitions(x):
    table = str.maketrans("abc", "xyz", "-")
    head, _, tail = "key=value=1".partition("=")
    total = len("a-bb-c".translate(table)) + len(head) + len(tail.rsplit("=", 1)[0])
    total += sum(len(line) for line in "a\nbb\n".splitlines()) + len("ab".encode())
    return x**2 * total + (x if "a-b".translate(table) == "xy" else 0.0)


_SETTING = re.compile(r"(?P<key>\w+)=(?P<value>[\d.]+)")


@program(args=(1.3,))
def finds_with_regular_expressions(x):
    total = 0.0
    for match in _SETTING.finditer("a=1.5, bc=2"):
        total += x * float(match.group("value")) + len(match[1])
    match = _SETTING.match("c=4")
    if match:
        total += x**2 * float(match["value"])
    if re.search(r"\d", "none") is None and (found := re.fullmatch(r"(\d)-(\d)", "1-2")):
        a, b = found.groups()
        total += int(a) + int(b) * x
    total += sum(float(v) * x for v in re.findall(r"\d+", "1 22 333"))
    words = re.split(r"[,;]\s*", "a, b;c") + [re.sub(r"\d", "", "a1b2")]
    spelled = re.sub(r"\d", lambda m: "<" + m[0] + ">", "a1b2")
    return total + x**2 * len(spelled) * len(words)


@program(args=(1.3,))
def parses_formulas_by_expressions(x):
    value, names = 0.0, {"x": x, "two": 2.0}
    for number, name, op in re.findall(r"(\d+(?:\.\d+)?)|(\w+)|([-+*])", "x*two*x+1.5*x"):
        if op:
            pending = op
            continue
        operand = float(number) if number else names[name]
        if value == 0.0:
            value = operand
        else:
            value = value * operand if pending == "*" else value + operand
    return value


# -- what Python itself says --------------------------------------------------------------------


def _failing(k, x, n, items):
    if k == 0:
        return x / (x - x)
    if k == 1:
        return x * (7 % (n - 1))
    if k == 2:
        return items[k + 7]
    if k == 3:
        a, b = items
        return a * b
    if k == 4:
        a, b, *rest = items[:1]
        return a * b
    if k == 5:
        return max([])
    if k == 6:
        return [].pop()
    if k == 7:
        return [1, 2].index(3)
    if k == 8:
        return (1.0, x)[4]
    return x * np.array([x, 1.0])[n + 4]


@program(args=(1.3,))
def texts_of_failing_operations(x):
    total, n = 0.0, int(x)
    for k in range(10):
        try:
            total += _failing(k, x, n, [x, 1.0, 2.0])
        except (ArithmeticError, ValueError, LookupError) as error:
            total += x**2 * len(str(error)) + x * len(error.args)
    return total


@program(args=(1.3,))
def texts_of_failing_loops(x):
    items = []
    for k in range(100):
        if x * k > 120:
            items.append(x * k)
    try:
        for k in range(20):
            items.pop()
    except IndexError as error:
        return x**2 * len(str(error))
    return x


# -- the names of a scope -----------------------------------------------------------------------


def _named(a, b=2):
    c = a * b
    return locals()


@program(args=(1.3,))
def names_of_a_scope(x):
    y = 2 * x
    found = _named(x)
    found["d"] = 1.0
    total = sum(v for v in found.values()) * len("{y:.1f}".format(**locals()))
    return total + x * len(vars()) + y * len("%(x).2f" % locals()) + len(sorted(locals()))


# -- raising ------------------------------------------------------------------------------------


class _Account:
    def __init__(self, balance):
        self.balance = balance


class _Insufficient(Exception):
    def __init__(self, account, needed):
        super().__init__(f"needs {needed}, has {account.balance:.2f}")
        self.account = account


@program(args=(1.3,))
def raises_with_objects(x):
    account = _Account(x**2)
    if x < -1:
        raise ValueError("bad", {"x": x}, Point(x, [x]))
    if x < 0:
        raise _Insufficient(account, 3.0)
    try:
        if account.balance > 1:
            raise _Insufficient(account, 4.0)
    except _Insufficient as error:
        return error.account.balance * len(str(error))
    return account.balance


# -- texts of the run ---------------------------------------------------------------------------


@program(args=(1.3,))
def text_that_may_be_none(x):
    label = None
    for k in range(5):
        if x * k > 3:
            label = "big"
    if label == "big":
        x = x * 2
    return x**2 * len(str(label) + f"{label}")


@program(args=(1.3,))
def parts_of_a_text_at_the_run(x):
    k = int(x)
    letter = "abc"[k]
    kind = "high" if x > 1 else "low"
    known = isinstance(kind, str) and kind.startswith(("h", "k")) and letter in "abc"
    return x**2 * len("abc"[k:] + letter * k) + (x * ord(letter) if known else 0.0)


@program(args=(1.3,))
def logs_structures(x):
    logger = logging.getLogger("sorix.tests.texts")
    logger.debug("%s of %r", x, {"x": x})
    logger.debug("%(x).2f", {"x": x})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.warn(f"at {x:.1f}", stacklevel=1)
    return x**2


# -- texts beside the result, and in derivatives that run the function again -----------------


@program(args=(np.array([0.3, 0.7, 1.1]), 4))
def texts_nobody_reads(x, n):
    label = "%s of %d" % (x[0], n)
    note = f"{x[1]:.3f} {n}"
    shown = "{} {!r}".format(x, label + note).upper()  # noqa: F841
    return np.sum(x**2) * n


@program(args=(np.array([0.31, 0.72, 1.13]), 2))
def ways_by_the_text_of_a_number(x, digits):
    total = 0.0
    for v in x:
        shown = f"<{v:.{digits}f}>".strip("<>")
        total += v**3 if shown.startswith("0.7") else v**2 * len(shown)
    return total


def _labelled(x, depth):
    label = "level {}".format(depth)
    if depth == 0 or f"{x[0]:.0f}" == "9":
        return np.sum(x**2) * len(label)
    return _labelled(x * 1.1, depth - 1) + x[0] ** 3


@program(args=(np.array([0.31, 0.72, 1.13]), 3))
def recursion_that_writes_texts(x, depth):
    return _labelled(x, depth)


def _gradient_of_labelled(x, depth):
    return sorix.func.grad(_labelled)(x, depth)


@program(args=(np.array([0.31, 0.72, 1.13]), 3))
def gradient_of_a_recursion_that_writes_texts(x, depth):
    return np.sum(_gradient_of_labelled(x, depth) ** 2)


@program(args=(np.array([0.31, 0.72, 1.13]),))
def text_of_an_array_before_it_is_written(x):
    a = x.round(1)
    before = f"{a}"
    a[0] = x[0] * 100.25
    after = f"{a}"
    return np.sum(a * x) * (len(before) if before != after else 1.0)


@program(args=(np.array([0.3, 0.7, 1.1]), 4))
def formats_that_may_fail(x, width):
    total = 0.0
    for v in x:
        try:
            label = f"{v:{width}.2f}"
            total += v**2
            label = label.rindex(".")
        except ValueError:
            total += v**3
    try:
        "{:>20}".format(str(x))
    except TypeError:
        total = total * 2
    return total
