"""Write IR by hand as one writes NumPy: symbols for expressions, functions for blocks.

def body(w, i, s):
    return s * x[i]
s = w.loop(0, n, [1.0], body)
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sorix.compiler.differentiate.symbols import Symbol, lower
from sorix.compiler.ir.builder import Builder
from sorix.compiler.ir.nodes import (
    UNDEFINED,
    Assign,
    Atom,
    Block,
    Call,
    Const,
    For,
    Function,
    If,
    Origin,
    Pop,
    Push,
    Raise,
    Tup,
    Var,
    While,
    routine_of,
)
from sorix.compiler.ir.shapes import fresh_dim
from sorix.compiler.ir.types import (
    BOOL,
    FLOAT,
    INT,
    Dim,
    ListOf,
    Num,
    Opaque,
    Type,
    constant,
    join,
)


def array(*dims: int | str, dtype: str = "float64") -> Num:
    """The type of an array; a dimension is a size or a symbol."""
    shape = tuple(constant(d) if isinstance(d, int) else Dim(d) for d in dims)
    return Num(dtype, shape, "array")


class Writer(Builder):
    """A builder whose nested blocks are written by functions."""

    def atom(self, value: Any) -> Atom:
        return lower(value)

    def symbol(self, var: Var) -> Any:
        return Symbol(self, var)

    def define(self, value: Any, hint: str, type_: Type | None = None) -> Any:
        """A variable for any value: a constant, or a list written out."""
        atom = lower(value)
        var = Var(hint, type_ or atom_type(atom))
        self.add(Assign((var,), atom, self.origin))
        return self.symbol(var)

    def nested(self, write: Callable[[], Any]) -> Block:
        saved, self.stmts = self.stmts, []
        results = write()
        done = self.block(*(lower(r) if r is not UNDEFINED else r for r in _tuple(results)))
        self.stmts = saved
        return done

    def branch(
        self,
        cond: Any,
        then: Callable[[], Any],
        orelse: Callable[[], Any],
        left: str | None = None,
    ) -> Any:
        """An ``If``; each branch returns the values it leaves (only `left` does, if given)."""
        blocks = self.nested(then), self.nested(orelse)
        kept = blocks if left is None else (blocks[left == "orelse"],) * 2
        pairs = zip(kept[0].results, kept[1].results, strict=True)
        outs = tuple(Var("b", joined(a, b)) for a, b in pairs)
        self.add(If(lower(cond), *blocks, outs, self.origin))
        return self._unpacked(outs)

    def loop(
        self,
        start: Any,
        stop: Any,
        inits: Sequence[Any],
        body: Callable[..., Any],
        step: Any = 1,
        types: Sequence[Type | None] | None = None,
        **options: Any,
    ) -> Any:
        """A ``For``; the body gets the index and the carried values and returns the next."""
        atoms = tuple(lower(init) if init is not UNDEFINED else UNDEFINED for init in inits)
        index, params = Var("i", INT), self._params(atoms, types)
        symbols = [self.symbol(var) for var in (index, *params)]
        block = self.nested(lambda: body(*symbols))
        outs = tuple(Var(p.hint, p.type) for p in params)
        bounds = (lower(start), lower(stop), lower(step))
        self.add(For(index, *bounds, params, atoms, block, outs, origin=self.origin, **options))
        return self._unpacked(outs)

    def repeat(
        self, inits: Sequence[Any], test: Callable[..., Any], body: Callable[..., Any]
    ) -> Any:
        """A ``While``; the test returns the condition and what else it hands to the body."""
        atoms = tuple(map(lower, inits))
        params = self._params(atoms, None)
        symbols = [self.symbol(var) for var in params]
        extra: list[Any] = []

        def write_test() -> Any:
            cond, *rest = _tuple(test(*symbols))
            extra.extend(rest)
            return cond

        tested = self.nested(write_test)
        block = self.nested(lambda: body(*symbols, *extra))
        outs = tuple(Var(p.hint, p.type) for p in params)
        self.add(While(params, atoms, tested, block, outs, origin=self.origin))
        return self._unpacked(outs)

    def stack(self, type_: Type) -> Var:
        var = Var("s", ListOf(type_))
        self.add(Assign((var,), Call(list, ()), self.origin))
        return var

    def push(self, stack: Var, value: Any) -> None:
        self.add(Push(stack, lower(value), self.origin))

    def pop(self, stack: Var) -> Any:
        assert isinstance(stack.type, ListOf)
        var = Var("v", stack.type.element)
        self.add(Pop(var, stack, self.origin))
        return self.symbol(var)

    def run(self, function: Function, *args: Any, hints: tuple[str, ...]) -> Any:
        """Call a function of the IR."""
        types = [atom_type(atom) for atom in function.body.results]
        targets = tuple(Var(hint, type_) for hint, type_ in zip(hints, types, strict=True))
        call = Call(_called(function), tuple(map(lower, args)))
        self.add(Assign(targets, call, self.origin))
        return self._unpacked(targets)

    def unpack(self, value: Any, *types: Type) -> Any:
        targets = tuple(Var("u", type_) for type_ in types)
        self.add(Assign(targets, lower(value), self.origin))
        return self._unpacked(targets)

    def fail(self, kind: type[Exception]) -> None:
        self.add(Raise(Const(kind), (), self.origin))

    def _params(
        self, atoms: Sequence[Atom], types: Sequence[Type | None] | None
    ) -> tuple[Var, ...]:
        given = types or (None,) * len(atoms)
        return tuple(
            Var("abcdefgh"[k], type_ or plain(atom_type(atom)))
            for k, (atom, type_) in enumerate(zip(atoms, given, strict=True))
        )

    def _unpacked(self, outs: tuple[Var, ...]) -> Any:
        found = tuple(self.symbol(out) for out in outs)
        return found[0] if len(found) == 1 else found


def _tuple(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def atom_type(atom: Atom) -> Type:
    if isinstance(atom, Tup):
        element = atom_type(atom.items[0]) if atom.items else FLOAT
        return ListOf(plain(element)) if atom.is_list else Opaque()
    return atom.type if isinstance(atom, Var | Const) else Opaque()


def plain(type_: Type) -> Type:
    return replace(type_, value=None) if isinstance(type_, Num) else type_


def joined(a: Atom, b: Atom) -> Type:
    if UNDEFINED in (a, b):
        return plain(atom_type(b if a is UNDEFINED else a))
    return join(plain(atom_type(a)), plain(atom_type(b)), fresh_dim) or Opaque()


def write(body: Callable[..., Any], *types: Type, name: str = "f") -> Function:
    """The function whose body `body` writes, given a writer and a symbol for each parameter."""
    writer = Writer(Origin("program.py", 1))
    names = body.__code__.co_varnames[1 : 1 + len(types)]
    params = tuple(Var(name, type_) for name, type_ in zip(names, types, strict=True))
    results = _tuple(body(writer, *(writer.symbol(param) for param in params)))
    return Function(name, params, writer.block(*map(lower, results)), Origin("program.py", 1))


__all__ = ["BOOL", "FLOAT", "INT", "UNDEFINED", "Writer", "array", "np", "write"]


_called = functools.cache(routine_of)
