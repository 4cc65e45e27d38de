"""A plain dump of IR for debugging: one statement a line, every variable under a unique name.

It shows the structure as it is (parameters, results, stacks); `sorix.compiler.emit` prints
Python that reads well and runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sorix.compiler.ir.nodes import (
    UNDEFINED,
    Assign,
    Atom,
    Block,
    Call,
    Const,
    Effect,
    For,
    Function,
    If,
    Method,
    Pop,
    Push,
    Raise,
    Routine,
    Slc,
    Stmt,
    Tup,
    Update,
    Var,
    While,
)

INDENT = "    "


def show(
    function: Function, types: bool = False, numbers: Mapping[Routine, str] | None = None
) -> str:
    """The whole function as text; with `types`, each variable's type where it is bound.

    With `numbers`, a routine that is called is shown with its own, as others may have its name.

    Examples
    --------
    >>> import numpy as np
    >>> from sorix.compiler.ir.nodes import Assign, Block, Call, Function, Var
    >>> x, y = Var("x"), Var("y")
    >>> body = Block((Assign((y,), Call(np.sin, (x,))),), (y,))
    >>> print(show(Function("f", (x,), body)))
    def f(x):
        y = sin(x)
        return y
    """
    return _Printer(types, numbers).function(function)


def show_stmt(stmt: Stmt) -> str:
    """One statement with the blocks nested in it."""
    return "\n".join(_Printer(types=False).stmt(stmt, ""))


class _Printer:
    """Hands out names while it prints: the hint, with a number from its second use on."""

    def __init__(self, types: bool, numbers: Mapping[Routine, str] | None = None) -> None:
        self.types, self.numbers = types, numbers or {}
        self.names: dict[Var, str] = {}
        self.taken: dict[str, int] = {}

    def name(self, var: Var) -> str:
        if var not in self.names:
            self.names[var] = self._unused(var.hint)
        return self.names[var]

    def _unused(self, hint: str) -> str:
        name = hint
        while name in self.taken:
            self.taken[hint] += 1
            name = f"{hint}_{self.taken[hint]}"
        self.taken[name] = 1
        return name

    def binder(self, var: Var) -> str:
        return f"{self.name(var)}: {var.type}" if self.types else self.name(var)

    # ---------------------------------------------------------------------------- atoms

    def atom(self, atom: Atom) -> str:
        match atom:
            case Var():
                return self.name(atom)
            case Const():
                return "UNDEFINED" if atom is UNDEFINED else _constant(atom.value)
            case Tup(is_list=True):
                return f"[{self.atoms(atom.items)}]"
            case Tup():
                return f"({self.atoms(atom.items)}{',' if len(atom.items) == 1 else ''})"
            case Slc():
                parts = (self._part(part) for part in (atom.start, atom.stop, atom.step))
                return ":".join(parts)
            case _:
                return repr(atom)

    def _part(self, atom: Atom) -> str:
        return "" if isinstance(atom, Const) and atom.value is None else self.atom(atom)

    def atoms(self, atoms: Iterable[Atom]) -> str:
        return ", ".join(map(self.atom, atoms))

    def binders(self, variables: Iterable[Var]) -> str:
        return ", ".join(map(self.binder, variables))

    def call(self, call: Call) -> str:
        args = [self.atom(arg) for arg in call.args]
        args += [f"{name}={self.atom(value)}" for name, value in call.kwargs]
        number = self.numbers.get(call.fn) if isinstance(call.fn, Routine) else None
        name = _callee(call) if number is None else f"{_callee(call)}#{number}"
        return f"{name}({', '.join(args)})"

    def value(self, value: Call | Atom) -> str:
        return self.call(value) if isinstance(value, Call) else self.atom(value)

    # ----------------------------------------------------------------------- statements

    def function(self, function: Function) -> str:
        head = f"def {function.name}({self.binders(function.params)}):"
        lines = [head, *self.block(function.body, INDENT)]
        return "\n".join([*lines, f"{INDENT}return {self.atoms(function.body.results)}".rstrip()])

    def block(self, block: Block, indent: str) -> Iterator[str]:
        for stmt in block.stmts:
            yield from self.stmt(stmt, indent)

    def nested(self, block: Block, indent: str, word: str) -> Iterator[str]:
        yield from self.block(block, indent + INDENT)
        if block.results or not block.stmts:
            yield f"{indent}{INDENT}{word} {self.atoms(block.results)}".rstrip()

    def stmt(self, stmt: Stmt, indent: str) -> Iterator[str]:
        match stmt:
            case If() | For() | While():
                yield from self.compound(stmt, indent)
            case _:
                yield indent + self.line(stmt)

    def line(self, stmt: Stmt) -> str:
        match stmt:
            case Assign():
                return f"{self.binders(stmt.targets)} = {self.value(stmt.value)}"
            case Push():
                return f"push {self.atom(stmt.value)} on {self.name(stmt.stack)}"
            case Pop():
                return f"{self.binder(stmt.target)} = pop {self.name(stmt.stack)}"
            case Effect():
                return f"do {self.call(stmt.call)}"
            case Raise():
                return f"raise {self.atom(stmt.kind)}({self.atoms(stmt.args)})"
            case Update():
                return f"{self.binder(stmt.target)} = in place {self.call(stmt.call)}"
            case _:
                raise TypeError(f"not a statement of one line: {stmt!r}")

    def compound(self, stmt: If | For | While, indent: str) -> Iterator[str]:
        match stmt:
            case If():
                yield f"{indent}if {self.atom(stmt.cond)}:"
                yield from self.nested(stmt.then, indent, "give")
                yield f"{indent}else:"
                yield from self.nested(stmt.orelse, indent, "give")
                yield from self.outs(stmt.outs, indent)
            case For():
                yield f"{indent}for {self.loop_head(stmt)}:"
                yield from self.nested(stmt.body, indent, "next")
                yield from self.outs(self.loop_outs(stmt), indent)
            case While():
                yield f"{indent}while with {self.carried(stmt)}:"
                yield from self.nested(stmt.test, indent, "test")
                yield f"{indent}do:"
                yield from self.nested(stmt.body, indent, "next")
                yield from self.outs(self.loop_outs(stmt), indent)

    def loop_head(self, stmt: For) -> str:
        steps = f"range({self.atoms((stmt.start, stmt.stop, stmt.step))})"
        indices = f"reversed({steps})" if stmt.backwards else steps
        until = " until the last" if stmt.until else ""
        return f"{self.binder(stmt.index)} in {indices} with {self.carried(stmt)}{until}".rstrip()

    def carried(self, stmt: For | While) -> str:
        inits = [self.atom(atom) for atom in stmt.inits]
        params = [self.binder(param) for param in stmt.params]
        return ", ".join(f"{param} = {init}" for param, init in zip(params, inits, strict=False))

    def loop_outs(self, stmt: For | While) -> tuple[Var, ...]:
        return stmt.outs if stmt.trips is None else (*stmt.outs, stmt.trips)

    def outs(self, outs: tuple[Var, ...], indent: str) -> Iterator[str]:
        if outs:
            yield f"{indent}-> {self.binders(outs)}"


def _callee(call: Call) -> str:
    if isinstance(call.fn, Method):
        return f".{call.fn.name}"
    if isinstance(call.fn, Routine):
        return call.fn.name
    return str(getattr(call.fn, "__name__", call.fn))


def _constant(value: object) -> str:
    if isinstance(value, type) or callable(value):
        return str(getattr(value, "__name__", value))
    return repr(value)
