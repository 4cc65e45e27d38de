"""The type of a call's result, from the types of its arguments.

Unknown in, unknown out: what cannot be told is left unknown, and the code generated for it is
the general one. Shapes that can never fit raise ShapeError.

The table is filled by the modules of `sorix.compiler.ir.inference`, one a family.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.compiler.ir.inference import (  # noqa: F401 - importing them fills the table
    creation,
    helpers,
    indexing,
    joining,
    layout,
    linalg,
    picking,
    products,
    reductions,
    resizing,
    scalars,
    texts,
)
from sorix.compiler.ir.inference.elementwise import broadcast_shapes, ufunc
from sorix.compiler.ir.inference.operands import atom_type, num, promoted, type_of_atom
from sorix.compiler.ir.inference.registry import Types, type_rule
from sorix.compiler.ir.nodes import Atom, Call, Method, Routine, Tup, Var
from sorix.compiler.ir.shapes import anywhere, fresh_dim, needs_unbroadcast
from sorix.compiler.ir.types import Num, Opaque, Type
from sorix.errors import ShapeError
from sorix.primitives.table import Rule, rule_of

__all__ = ["Misfit", "atom_type", "fresh_dim", "infer", "infer_call", "needs_unbroadcast", "num"]


class Misfit(ShapeError):
    """Of a call that certainly raises, as the shapes of its arguments do not fit."""

    def __init__(self, call: Call, reason: ShapeError) -> None:
        super().__init__(f"{_name(call.fn)}({', '.join(map(_shown, call.args))}): {reason}")
        self.call = call


def infer(fn: Any, args: tuple[Atom, ...], kwargs: dict[str, Atom] | None = None) -> Types:
    """The type of ``fn(*args, **kwargs)``; a tuple of types where it returns several values."""
    options = kwargs or {}
    if isinstance(fn, Routine):
        types = tuple(anywhere(type_) for type_ in fn.results)
        return types[0] if len(types) == 1 else types
    if isinstance(fn, Method):
        return texts.method(args[0], fn.name) if args else Opaque()
    try:
        return _from_table(fn, args, options)
    except ShapeError as error:
        raise Misfit(Call(fn, args, tuple(options.items())), error) from None
    except (TypeError, ValueError, LookupError, ArithmeticError, AttributeError):
        # An argument that no such call takes (an axis the array does not have, an option
        # misspelled): the run reports it, in NumPy's words.
        return _unknown(fn, args)


def infer_call(call: Call) -> Types:
    """The type of a call's result."""
    return infer(call.fn, call.args, dict(call.kwargs))


def _from_table(fn: Any, args: tuple[Atom, ...], kwargs: dict[str, Atom]) -> Types:
    rule = type_rule(fn)
    if rule is not None:
        return rule.function(fn, *args, **kwargs) if rule.accepts(args, kwargs) else Num()
    if isinstance(fn, np.ufunc) and fn.signature is None:
        return ufunc(fn, *args) if not kwargs and len(args) == fn.nin else Num()
    return _unknown(fn, args)


def _unknown(fn: Any, args: tuple[Atom, ...]) -> Type:
    """What differentiation can go through is a number or array; anything else an object."""
    rule = rule_of(fn)
    if rule is not None and rule.kind == "elementwise":
        return _of_elementwise_rule(rule, args)
    known = rule is not None and rule.kind != "constant"
    return Num() if known or isinstance(fn, np.ufunc) or type_rule(fn) is not None else Opaque()


def _of_elementwise_rule(rule: Rule, args: tuple[Atom, ...]) -> Type:
    """The result of a user's primitive, which is not called to find out."""
    operands = [num(atom) for atom in args]
    dtype = promoted(*operands) if operands else None
    floating = dtype is not None and np.dtype(dtype).kind in "fc"
    return Num(dtype if floating else None, broadcast_shapes(*operands))


def _name(fn: Any) -> str:
    return str(getattr(fn, "__name__", fn))


def _shown(atom: Atom) -> str:
    if isinstance(atom, Tup):
        ends = "[]" if atom.is_list else "()"
        return ends[0] + ", ".join(map(_shown, atom.items)) + ends[1]
    return str(type_of_atom(atom)) if isinstance(atom, Var) else repr(getattr(atom, "value", ":"))
