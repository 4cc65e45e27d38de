"""Replacing variables by atoms that hold the same value, names of the user's kept.

Where a variable the user named is replaced by a temporary, the temporary takes over the name.
"""

from __future__ import annotations

import functools
import re
from dataclasses import replace

from sorix.compiler.ir.nodes import (
    TEMPORARY,
    Assign,
    Atom,
    Block,
    Call,
    Const,
    Function,
    Slc,
    Stmt,
    Tup,
    Var,
)
from sorix.compiler.ir.walk import call_atoms, map_atom, map_call, rebuild

_TEMPORARIES = re.compile(r"|_.*|t(_(bar\d*|hat|tilde|check|dot))*")


def is_temporary(var: Var) -> bool:
    """Whether the variable's hint names nothing of the user's."""
    return _names_nothing(var.hint)


@functools.lru_cache(maxsize=4096)
def _names_nothing(hint: str) -> bool:
    return _TEMPORARIES.fullmatch(hint) is not None


class Replacements:
    """What stands for which variable; `resolve` follows chains of replacements."""

    def __init__(self, function: Function) -> None:
        self._function = function
        self._atoms: dict[Var, Atom] = {}
        self._renamed: dict[Var, Var] = {}

    def __bool__(self) -> bool:
        return bool(self._atoms)

    def __contains__(self, var: Var) -> bool:
        return var in self._atoms

    def put(self, var: Var, atom: Atom) -> None:
        """Let `atom` stand for `var` everywhere."""
        atom = self.resolve(atom)
        self._atoms[var] = atom
        if isinstance(atom, Var) and atom.hint == TEMPORARY != var.hint:
            self._renamed.setdefault(atom, Var(var.hint, atom.type))

    def resolve(self, atom: Atom) -> Atom:
        """The atom with all replacements made."""
        return map_atom(atom, self._leaf)

    def resolve_call(self, call: Call) -> Call:
        """The call with all replacements made, itself where there are none."""
        return map_call(call, self._leaf) if self._concerns(call) else call

    def _concerns(self, call: Call) -> bool:
        """Whether the call reads what was replaced, perhaps within a tuple or slice."""
        known = self._atoms
        for atom in call_atoms(call):
            if atom in known if isinstance(atom, Var) else not isinstance(atom, Const):
                return True
        return False

    def _is_renamed_in(self, call: Call) -> bool:
        renamed = self._renamed
        return bool(renamed) and any(atom in renamed for atom in call_atoms(call))

    def _leaf(self, atom: Atom) -> Atom:
        while isinstance(atom, Var):
            found = self._atoms.get(atom)
            if found is None:
                return atom
            atom = found
        return self.resolve(atom) if isinstance(atom, (Tup, Slc)) else atom

    def apply(self, function: Function) -> Function:
        """The function with replacements made, and without assignments of what was replaced."""
        if not self:
            return function
        params = frozenset(function.params)

        def binder(var: Var) -> Var:
            return self._renamed.get(var, var)

        def leaf(atom: Atom) -> Atom:
            resolved = self._leaf(atom)
            if isinstance(resolved, Var):
                return resolved if resolved in params else self._renamed.get(resolved, resolved)
            return map_atom(resolved, leaf) if isinstance(resolved, (Tup, Slc)) else resolved

        def keeps(stmt: Stmt) -> bool:
            return not (isinstance(stmt, Assign) and all(var in self for var in stmt.targets))

        def changed(stmt: Stmt) -> Stmt:
            if isinstance(stmt, Assign) and isinstance(stmt.value, Call):
                same = not (self._renamed and any(var in self._renamed for var in stmt.targets))
                if same and not self._is_renamed_in(stmt.value) and not self._concerns(stmt.value):
                    return stmt
            return rebuild(stmt, leaf, binder, block)

        def block(old: Block) -> Block:
            stmts = tuple([changed(stmt) for stmt in old.stmts if keeps(stmt)])
            return Block(stmts, tuple(map_atom(atom, leaf) for atom in old.results))

        return replace(function, body=block(function.body))


def same_atom(a: Atom, b: Atom) -> bool:
    """Whether two atoms surely are one value."""
    return atom_key(a) == atom_key(b)


def atom_key(atom: Atom) -> object:
    """Equal for atoms that are surely the same value; ``0.0``, ``-0.0`` and ``0`` differ."""
    if isinstance(atom, Var):
        return id(atom)
    if isinstance(atom, Const):
        value = atom.value
        if value is None or value is Ellipsis or isinstance(value, bool | int | float | str):
            return (type(value), repr(value))
        return ("object", id(value))
    if isinstance(atom, Tup):
        return ("tuple", atom.is_list, *map(atom_key, atom.items))
    return ("slice", *map(atom_key, (atom.start, atom.stop, atom.step)))
