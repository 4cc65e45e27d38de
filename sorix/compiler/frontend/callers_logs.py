"""What a program appends to a list of the caller's that it does not read: ``LOG.append(loss)``.

Such a list is no input, of which facts would have to hold: to append to it is an effect, as to
print is, once, where the function itself runs. What is appended are numbers and texts, and tuples
of them, which nothing can change later. Where the program also reads a list of the caller's, it
could be this one in another call, so it is refused.
"""

from __future__ import annotations

from typing import Any

import gast

from sorix.compiler.frontend.inputs import Path
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import InstanceContent, Reference, Sequence, Static, Value
from sorix.compiler.ir.nodes import Atom, Call, Const, Effect, Method, Tup, Var
from sorix.compiler.ir.types import NUMBERS, TEXT, Num
from sorix.errors import UnsupportedSyntaxError


def append(it: Interpreter, node: Any) -> bool:
    """Whether an expression appends to such a list; it is carried out then."""
    call = _append_call(node)
    log = None if call is None or it.inputs.reads_lists else _log(it, call.func.value)
    if call is None or log is None:
        return False
    found = _kept(it, it.expr(call.args[0]))
    if found is None:
        raise UnsupportedSyntaxError(
            "what is appended to a list of the caller's is no number, text or tuple of them",
            "append float(v), or return the value and let the caller keep it",
        )
    it.inputs.appends = True
    owner = it.inputs.opaque(log)
    it.builder.add(Effect(Call(Method("append"), (owner, found)), it.builder.origin))
    return True


def _append_call(node: Any) -> Any:
    """``name.append(value)`` or ``name.field.append(value)``."""
    if not (isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute)):
        return None
    if node.func.attr != "append" or len(node.args) != 1 or node.keywords:
        return None
    owner = node.func.value
    owner = owner.value if isinstance(owner, gast.Attribute) else owner
    plain = isinstance(owner, gast.Name) and not isinstance(node.args[0], gast.Starred)
    return node if plain else None


def _log(it: Interpreter, node: Any) -> Static | None:
    """The list of the caller's that a name or a field is, with the path to it."""
    if isinstance(node, gast.Attribute):
        return _in_field(it, node)
    if it.frame.cell(node.id) is not None:
        return None
    found = it.outer_variable(node.id)
    return None if found is None else _static(*found)


def _in_field(it: Interpreter, node: Any) -> Static | None:
    cell = it.frame.cell(node.value.id)
    value = it.state.get(cell) if cell is not None and it.state.holds(cell) else None
    content = it.state.get(value.cell) if isinstance(value, Reference) else None
    if not isinstance(content, InstanceContent) or content.path is None:
        return None
    fields = getattr(content.external, "__dict__", {})
    if node.attr in content.fields or node.attr not in fields or hasattr(content.cls, node.attr):
        return None
    return _static(fields[node.attr], content.path.attr(node.attr))


def _static(value: Any, path: Path) -> Static | None:
    return Static(value, path) if type(value) is list else None


def _kept(it: Interpreter, value: Value) -> Atom | None:
    if isinstance(value, Sequence) and value.cls is tuple:
        items = [_kept(it, item) for item in value.items]
        return None if None in items else Tup(tuple(items))
    if isinstance(value, Static) and isinstance(value.value, str | None):
        return Const(value.value)
    if not isinstance(value, Var | Const):
        return None
    type_ = value.type
    is_number = isinstance(type_, Num) and type_.rank == 0 and type_.kind in NUMBERS
    return value if is_number or type_ == TEXT else None
