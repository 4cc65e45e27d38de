"""Names for variables: out of single assignment, with as few copies as possible.

Requires: a verified function and the variables that are printed nested. Yields a name for every
other variable, such that

* the parameters of the function keep their hints;
* an ``Update``'s target has the name of its buffer;
* two variables that interfere have different names;
* a loop's carried variable, its value after an iteration and after the loop share a name
  wherever they do not interfere, and so do a branch merge and the values merged;
* versions of one hint share the hint as name where their live ranges allow it; the others get
  digits: ``x``, ``x1``, ``x2`` (``W0``, ``W0_1``).

The names depend on the hints and on the program's order alone.
"""

from __future__ import annotations

import bisect
import builtins
import heapq
import itertools
import keyword
import operator
import re
from collections.abc import Iterator, Mapping

import numpy as np

from sorix.compiler.emit.ranges import Ranges, handed_on
from sorix.compiler.ir.nodes import (
    Assign,
    Atom,
    Call,
    For,
    Function,
    If,
    Pop,
    Stmt,
    Update,
    Var,
    While,
)
from sorix.compiler.ir.types import Num, Type
from sorix.compiler.ir.walk import statements
from sorix.compiler.optimize.updates import written_by_callee

RESERVED = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | {"np", "math", "operator"}


def identifier(hint: str, reserved: frozenset[str] = RESERVED) -> str:
    """`hint` as an identifier that is neither a keyword nor reserved.

    >>> identifier("x_bar"), identifier("net.0.W"), identifier("lambda"), identifier("2")
    ('x_bar', 'net_0_W', 'lambda_', '_2')
    """
    name = re.sub(r"\W", "_", hint, flags=re.ASCII) or "t"
    if name[0].isdigit() or (name.startswith("__") and name.endswith("__")):
        name = "_" + name.strip("_")
    return name + "_" if name in reserved else name


def spelled(hint: str, number: int, reserved: frozenset[str]) -> str:
    """The name of the `number`-th variable of this hint: ``x``, ``x1``; ``W0``, ``W0_1``."""
    base = identifier(hint, reserved)
    joint = "_" if base[-1].isdigit() else ""
    return f"{base}{joint}{number}" if number else base


def candidates(hint: str, reserved: frozenset[str]) -> Iterator[str]:
    """The names a variable of this hint may get, the most wanted one first."""
    names = (spelled(hint, number, reserved) for number in itertools.count())
    return (name for name in names if name not in reserved)


_UNARY = "sin cos tan exp log tanh sinh cosh sqrt sum mean max min prod sign"
_HELD: dict[object, str] = {
    **{getattr(np, name): name for name in _UNARY.split()},
    np.size: "n",
    len: "n",
    np.shape: "shape",
    operator.matmul: "product",
    np.linalg.norm: "norm",
    np.linalg.inv: "inverse",
    **dict.fromkeys((operator.gt, operator.ge, operator.lt, operator.le, operator.eq), "test"),
}


def wanted_names(function: Function) -> dict[Var, str]:
    """For temporaries, a name after what they hold: ``tanh = np.tanh(z)``, ``n = x.size``.

    What was recorded as ``tanh`` is ``tanh`` again: ``tanh = tanh_stack.pop()``.
    """
    wanted: dict[Var, str] = {}
    for stmt in statements(function.body):
        if isinstance(stmt, For) and stmt.index.hint == "t":
            wanted[stmt.index] = "i"
        if isinstance(stmt, Assign) and isinstance(stmt.value, Call) and len(stmt.targets) == 1:
            name = _HELD.get(stmt.value.fn)
            if name is not None and stmt.targets[0].hint == "t":
                # Names of builtins (sum, max) get an underscore, which tells nothing: not those.
                wanted[stmt.targets[0]] = name if name not in RESERVED else "t"
        if isinstance(stmt, Pop) and stmt.target.hint == "t":
            name = stmt.stack.hint.removesuffix("_stack")
            if name in _HELD.values() and name not in RESERVED:
                wanted[stmt.target] = name
    return wanted


def sort_of(type_: Type) -> object:
    """What has to be equal for two variables to take turns in one name.

    A name that holds now a number and then an array would be hard to follow, for readers as for
    compilers.
    """
    if isinstance(type_, Num):
        return "array" if type_.kind == "array" or type_.rank else "number"
    return type(type_)


class _Web:
    """Variables that share a name; `rank` tells whose hint it is (the least, then the first).

    They are kept in the order of their start, with the last point that those up to each of them
    reach: which of them are live with a variable is found without asking all.
    """

    __slots__ = ("_lasts", "_reach", "_starts", "hint", "members", "rank", "sort")

    def __init__(self, var: Var, rank: int, ranges: Ranges) -> None:
        self.members, self.hint, self.rank = [var], var.hint, rank
        self.sort = sort_of(var.type)
        self._starts, self._lasts = [ranges.start(var)], [ranges.last(var)]
        self._reach = [ranges.last(var)]

    @property
    def start(self) -> int:
        return self._starts[0]

    @property
    def last(self) -> int:
        return self._reach[-1]

    def absorb(self, other: _Web) -> None:
        if (other.rank, other.start) < (self.rank, self.start):
            self.hint, self.rank = other.hint, other.rank
        for start, last, var in zip(other._starts, other._lasts, other.members, strict=True):
            at = bisect.bisect_right(self._starts, start)
            self._starts.insert(at, start)
            self._lasts.insert(at, last)
            self.members.insert(at, var)
        at = bisect.bisect_left(self._starts, other.start)
        before = self._reach[at - 1] if at else 0
        reach = itertools.accumulate(self._lasts[at:], max, initial=before)
        self._reach[at:] = itertools.islice(reach, 1, None)

    def interferes(self, other: _Web, ranges: Ranges) -> bool:
        if len(self.members) == len(other.members) == 1:
            return ranges.interfere(self.members[0], other.members[0])
        few, many = (self, other) if len(self.members) < len(other.members) else (other, self)
        return any(
            ranges.interfere(u, v)
            for u, start, last in zip(few.members, few._starts, few._lasts, strict=True)
            for v in many._live_between(start, last)
        )

    def _live_between(self, start: int, last: int) -> Iterator[Var]:
        """The variables that may be live at some point between the two."""
        k = bisect.bisect_right(self._starts, last) - 1
        while k >= 0 and self._reach[k] >= start:
            if self._lasts[k] >= start:
                yield self.members[k]
            k -= 1


_TRIED = 6
_PARAMETER, _CARRIED, _MERGED, _PLAIN = range(4)


def assign_names(
    function: Function, nested: Mapping[Var, Call], reserved: frozenset[str] = RESERVED
) -> dict[Var, str]:
    """A name for every variable of `function` that is not in `nested`."""
    ranges = Ranges(function, nested)
    webs = {id(web): web for web in _webs(function, ranges).values()}
    chooser = _Chooser(ranges, reserved)
    names: dict[Var, str] = {}
    for web in sorted(webs.values(), key=lambda web: (web.rank > _PARAMETER, web.start)):
        names.update(dict.fromkeys(web.members, chooser.name_for(web)))
    return names


class _Numbers:
    """Which numbered versions of one hint are in use; asked in the order of the webs' start."""

    def __init__(self) -> None:
        self.size = 0
        self._busy: list[tuple[int, int]] = []
        self._free: list[int] = []

    def wanted(self, start: int) -> Iterator[int]:
        """Numbers to try: a few small ones that may be free in this branch, then free ones."""
        while self._busy and self._busy[0][0] < start:
            heapq.heappush(self._free, heapq.heappop(self._busy)[1])
        yield from range(min(self.size, _TRIED))
        yield from sorted(set(self._free))
        yield from itertools.count(self.size)

    def take(self, number: int, last: int) -> None:
        self.size = max(self.size, number + 1)
        self._free = [free for free in self._free if free != number]
        heapq.heappush(self._busy, (last, number))


class _Chooser:
    """Gives each web the first name that no web it interferes with holds."""

    def __init__(self, ranges: Ranges, reserved: frozenset[str]) -> None:
        self._ranges, self._reserved = ranges, reserved
        self._holders: dict[str, list[_Web]] = {}
        self._numbers: dict[str, _Numbers] = {}
        self._spelled: dict[tuple[str, int], str] = {}

    def name_for(self, web: _Web) -> str:
        numbers = self._numbers.setdefault(web.hint, _Numbers())
        for number in numbers.wanted(web.start):
            name = self._name(web.hint, number)
            if name not in self._reserved and self._is_free(name, web):
                numbers.take(number, web.last)
                self._holders[name].append(web)
                return name
        raise AssertionError("there is always another number")

    def _name(self, hint: str, number: int) -> str:
        key = hint, number
        if key not in self._spelled:
            self._spelled[key] = spelled(hint, number, self._reserved)
        return self._spelled[key]

    def _is_free(self, name: str, web: _Web) -> bool:
        # Webs come in the order of their start: of what ended before, one tells the sort.
        known = self._holders.get(name, [])
        held = self._holders[name] = [w for w in known if w.last >= web.start] or known[-1:]
        for other in held:
            if web.sort != other.sort or web.interferes(other, self._ranges):
                return False
        return True


def _webs(function: Function, ranges: Ranges) -> dict[Var, _Web]:
    ranks, wanted = _ranks(function), wanted_names(function)
    webs = {var: _Web(var, ranks.get(var, _PLAIN), ranges) for var in ranges}
    for var, name in wanted.items():
        if var in webs:
            webs[var].hint = name

    def join(a: Var, b: Var) -> None:
        first, second = webs[a], webs[b]
        if len(first.members) < len(second.members):
            first, second = second, first
        first.absorb(second)
        webs.update(dict.fromkeys(second.members, first))

    all_stmts = list(statements(function.body))
    for stmt in all_stmts:
        if isinstance(stmt, Update):
            buffer = stmt.call.args[0]
            assert isinstance(buffer, Var)
            join(buffer, stmt.target)
    for a, b in itertools.chain(*map(_wishes, all_stmts)):
        if isinstance(b, Var) and {a, b} <= webs.keys() and webs[a] is not webs[b]:
            if not webs[a].interferes(webs[b], ranges):
                join(a, b)
    return webs


def _ranks(function: Function) -> dict[Var, int]:
    ranks: dict[Var, int] = {}
    for stmt in statements(function.body):
        if isinstance(stmt, For | While):
            ranks.update(dict.fromkeys(stmt.params, _CARRIED))
        if isinstance(stmt, If | For | While):
            ranks.update(dict.fromkeys(stmt.outs, _MERGED))
    ranks.update(dict.fromkeys(function.params, _PARAMETER))
    return ranks


def _wishes(stmt: Stmt) -> Iterator[tuple[Var, Atom]]:
    """Pairs that would save a copy if they shared a name, the most wanted first."""
    inits: dict[Var, Atom] = {}
    for target, position in written_by_callee(stmt):
        yield target, stmt.value.args[position]  # type: ignore[union-attr]
    if isinstance(stmt, For | While):
        inits = dict(zip(stmt.params, stmt.inits, strict=True))
    for target, value in handed_on(stmt):
        # A value the user named otherwise keeps its name, at the price of a copy.
        if isinstance(value, Var) and value is inits.get(target) and value.hint != target.hint:
            continue
        yield target, value
