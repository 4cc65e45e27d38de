"""Building blocks of statements: every call that is emitted gets its type here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sorix.compiler.ir.infer import infer
from sorix.compiler.ir.nodes import Assign, Atom, Block, Call, Method, Origin, Stmt, Var
from sorix.compiler.ir.types import Opaque, Type

Callee = Callable[..., object] | Method


class Builder:
    """A growing list of statements, with the origin that the next ones get."""

    def __init__(self, origin: Origin | None = None) -> None:
        self.stmts: list[Stmt] = []
        self.origin = origin

    def add(self, stmt: Stmt) -> None:
        self.stmts.append(stmt)

    def call(self, fn: Callee, *args: Atom, hint: str = "t", **kwargs: Atom) -> Var:
        """Emit ``hint = fn(*args, **kwargs)`` and return the new variable, typed by `infer`."""
        types = infer(fn, args, kwargs)
        if isinstance(types, tuple):
            raise TypeError(f"{fn} returns {len(types)} values; use call_many")
        return self._assign(types, Call(fn, args, tuple(kwargs.items())), hint)

    def call_as(self, type_: Type, fn: Callee, *args: Atom, hint: str = "t", **kwargs: Atom) -> Var:
        """`call`, of something whose type the caller knows."""
        return self._assign(type_, Call(fn, args, tuple(kwargs.items())), hint)

    def call_many(
        self, fn: Callee, *args: Atom, hints: tuple[str, ...], **kwargs: Atom
    ) -> tuple[Var, ...]:
        """Emit a call that returns as many values as there are hints."""
        types = infer(fn, args, kwargs)
        if not isinstance(types, tuple):
            types = (Opaque(),) * len(hints)
        targets = tuple(Var(h, t) for h, t in zip(hints, types, strict=True))
        self.add(Assign(targets, Call(fn, args, tuple(kwargs.items())), self.origin))
        return targets

    def _assign(self, type_: Type, call: Call, hint: str) -> Var:
        target = Var(hint, type_)
        self.add(Assign((target,), call, self.origin))
        return target

    def block(self, *results: Atom) -> Block:
        return Block(tuple(self.stmts), results)

    @contextmanager
    def at(self, origin: Origin | None) -> Iterator[None]:
        """Give the statements emitted inside the ``with`` this origin."""
        saved, self.origin = self.origin, origin
        try:
            yield
        finally:
            self.origin = saved
