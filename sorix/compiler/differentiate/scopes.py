"""Regions of reverse code, and the cotangents known in each.

The reverse sweep mirrors the primal's nesting: to each primal block belongs a region of reverse
code with its own builder. A cotangent is an atom, replaced by a new one at each accumulation; a
variable without one has cotangent zero, and zero is never written down before it must be.

* In a branch, what is not found is looked up in the surrounding region; what is accumulated into
  outer variables leaves the reverse ``If`` as its results.
* In a loop body, the first look at an outer variable makes its cotangent a carried variable of
  the reverse loop.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from itertools import chain, count

from sorix.compiler.ir.builder import Builder
from sorix.compiler.ir.nodes import Atom, Block, Stmt, Var
from sorix.compiler.ir.types import Kind, ListOf, Num, Type
from sorix.compiler.ir.walk import defined, statements


class Scope:
    """The outermost region of a reverse sweep; also the base of the nested ones.

    ``own`` are the variables bound in the primal block itself, not in those nested in it, and
    ``depth`` is the number of loops around it.
    """

    def __init__(self, parent: Scope | None = None, own: Iterable[Var] = ()) -> None:
        self.parent = parent
        self.own = set(own)
        self.depth: int = 0 if parent is None else parent.depth
        self.builder = Builder()
        self.bars: dict[Var, Atom] = {}

    def bar(self, var: Var) -> Atom | None:
        """The cotangent of a primal variable here; None for zero."""
        found = self.bars.get(var)
        return found if found is not None else self._inherited(var)

    def _inherited(self, var: Var) -> Atom | None:
        return None

    def outer(self) -> list[Var]:
        """The variables bound outside whose cotangents this region changes."""
        return [var for var in self.bars if var not in self.own]


class BranchScope(Scope):
    """The reverse of a branch; `own` are the variables bound in the primal branch."""

    def __init__(self, parent: Scope, own: Iterable[Var]) -> None:
        super().__init__(parent, own)
        self.builder.origin = parent.builder.origin

    def _inherited(self, var: Var) -> Atom | None:
        assert self.parent is not None
        return None if var in self.own else self.parent.bar(var)


class LoopScope(Scope):
    """The reverse of a loop body; `own` are the variables bound in the primal body.

    ``carried`` maps outer variables to the parameters that carry their cotangents, ``heads``
    are the parameters that carry the cotangents of the primal's carried variables.
    """

    def __init__(self, parent: Scope, own: Iterable[Var]) -> None:
        super().__init__(parent, own)
        self.depth = parent.depth + 1
        self.carried: dict[Var, Var] = {}
        self.heads: list[Var] = []
        self.builder.origin = parent.builder.origin

    def _inherited(self, var: Var) -> Atom | None:
        if var in self.own:
            return None
        self.carried[var] = self.bars[var] = param = bar_var(var)
        return param


SUFFIXES = ("_bar", "_hat", "_tilde", "_check")
"""What cotangents are called by: those of the first reverse sweep ``x_bar``, of the second, in
which also ``x_bar`` has a cotangent, ``x_hat`` and ``x_bar_hat``, and so on."""

_suffix: ContextVar[str] = ContextVar("suffix of cotangents", default=SUFFIXES[0])


@contextmanager
def named_apart(stmts: Iterable[Stmt], given: Iterable[Var]) -> Iterator[None]:
    """Call cotangents by the first suffix that no variable of these has already."""
    assigned = (var for stmt in statements(Block(tuple(stmts))) for var in defined(stmt))
    known = {var.hint[at:] for var in (*given, *assigned) if (at := var.hint.rfind("_")) >= 0}
    more = (f"_bar{order}" for order in count(len(SUFFIXES) + 1))
    token = _suffix.set(next(suffix for suffix in chain(SUFFIXES, more) if suffix not in known))
    try:
        yield
    finally:
        _suffix.reset(token)


def bar_var(var: Var) -> Var:
    """A new variable for the cotangent of `var`."""
    return Var(bar_hint(var.hint), bar_type(var.type))


def bar_hint(hint: str) -> str:
    """The name of the cotangent of what has this name, in the sweep being written."""
    return hint + _suffix.get()


def bar_type(type_: Type) -> Type:
    """The type of a cotangent: of the same shape, but its own kind of number where it is one."""
    if isinstance(type_, ListOf):
        return ListOf(bar_type(type_.element))
    if not isinstance(type_, Num):
        return type_
    kind: Kind = "array" if type_.kind == "array" and type_.shape != () else "any"
    dtype = type_.dtype if type_.is_float else None
    return replace(type_, value=None, kind=kind, dtype=dtype)
