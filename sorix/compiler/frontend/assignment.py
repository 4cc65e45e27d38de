"""Assignments: names, unpacking, elements, attributes, and the augmented forms."""

from __future__ import annotations

import operator
from typing import Any

import gast
import numpy as np

from sorix.compiler.frontend.arrays import augment, is_basic, index_atom, setitem
from sorix.compiler.frontend.containers import (
    content_of,
    element,
    new_list,
    static_items,
    store_item,
    subscript,
    writable,
)
from sorix.compiler.frontend.interpreter import STATEMENTS, Interpreter, describe
from sorix.compiler.frontend.values import (
    MISSING,
    Array,
    Cell,
    Const,
    GrownList,
    ListContent,
    Maybe,
    Reference,
    Sequence,
    Tensor,
    Value,
    Var,
)
from sorix.compiler.ir.types import Num
from sorix.errors import AliasingError, UnsupportedSyntaxError, UnsupportedTypeError


def assign(it: Interpreter, target: Any, value: Value) -> None:
    """Bind `value` to an assignment target."""
    match target:
        case gast.Name():
            it.store(target.id, value)
        case gast.Tuple() | gast.List():
            _unpack(it, target.elts, value)
        case gast.Starred():
            assign(it, target.value, value)
        case gast.Subscript():
            store_item(it, it.expr(target.value), it.expr(target.slice), value)
        case gast.Attribute():
            from sorix.compiler.frontend.objects import set_attribute

            set_attribute(it, it.expr(target.value), target.attr, value)
        case _:
            raise it.unsupported(target)


def _unpack(it: Interpreter, targets: list[Any], value: Value) -> None:
    star = next((k for k, t in enumerate(targets) if isinstance(t, gast.Starred)), None)
    items = unpacked(it, value, len(targets) if star is None else None)
    if star is None:
        if len(items) != len(targets):
            raise UnsupportedTypeError(f"{len(items)} values are unpacked into {len(targets)} names")
        for target, item in zip(targets, items, strict=True):
            assign(it, target, item)
        return
    after = len(targets) - star - 1
    middle = items[star : len(items) - after]
    for target, item in zip(targets[:star], items[:star], strict=True):
        assign(it, target, item)
    assign(it, targets[star], new_list(it, list(middle)))
    if after:
        for target, item in zip(targets[star + 1 :], items[-after:], strict=True):
            assign(it, target, item)


def unpacked(it: Interpreter, value: Value, count: int | None) -> tuple[Value, ...]:
    """The items of a value that is unpacked; the length of an array becomes a fact."""
    if isinstance(value, Maybe):
        return unpacked(it, value.value, count)
    items = static_items(it, value)
    if items is not None:
        return items
    from sorix.compiler.frontend.loops import iteration

    if not isinstance(value, Array | Tensor | Var):
        walk = iteration(it, value, None)
        if isinstance(walk, tuple):
            return walk
        length = it.demand(getattr(walk, "length", None) or Const(count), "the length unpacked")
        return tuple(walk.item(Const(k)) for k in range(length))  # type: ignore[union-attr]
    type_ = it.type_of(value)
    if isinstance(type_, Num) and type_.shape:
        size = it.atom(np.size, it.read(value), Const(0))
        if isinstance(size, Const) or it.inputs.sources.get(size):  # type: ignore[arg-type]
            count = it.demand(size, "the length of an array that is unpacked")
    if count is None:
        raise UnsupportedTypeError(f"{describe(value)} of unknown length is unpacked")
    return tuple(subscript(it, value, Const(k), "t") for k in range(count))


def exec_assign(it: Interpreter, node: Any) -> None:
    value = it.expr(node.value)
    for target in node.targets:
        assign(it, target, value)


def exec_ann_assign(it: Interpreter, node: Any) -> None:
    if node.value is not None:
        assign(it, node.target, it.expr(node.value))


def named_expr(it: Interpreter, node: Any) -> Value:
    value = it.expr(node.value)
    assign(it, node.target, value)
    return value


# -- augmented assignment -------------------------------------------------------------------


def exec_aug_assign(it: Interpreter, node: Any) -> None:
    from sorix.compiler.frontend.expressions import OPERATORS, binary

    fn = OPERATORS[type(node.op).__name__]
    target = node.target
    match target:
        case gast.Name():
            old = it.load(target.id)
            value = it.expr(node.value)
            new = _in_place(it, fn, old, value, target.id)
            it.store(target.id, new)
        case gast.Subscript():
            base, index = it.expr(target.value), it.expr(target.slice)
            _augment_item(it, fn, base, index, lambda: it.expr(node.value))
        case gast.Attribute():
            from sorix.compiler.frontend.objects import attribute, set_attribute

            owner = it.expr(target.value)
            old = attribute(it, owner, target.attr)
            value = it.expr(node.value)
            new = _in_place(it, fn, old, value, target.attr)
            set_attribute(it, owner, target.attr, new)
        case _:
            new = binary(it, fn, it.expr(target), it.expr(node.value))
            assign(it, target, new)


def _augment_item(it: Interpreter, fn: Any, base: Value, index: Value, get: Any) -> None:
    if isinstance(base, Array):
        atom = index_atom(it, index)
        if is_basic(atom):
            from sorix.compiler.frontend.arrays import compose

            value = it.read(get())
            augment(it, fn, compose(it, base, atom), value)
            return
        from sorix.compiler.frontend.arrays import write

        old = it.atom(operator.getitem, it.read(base), atom)
        write(it, base, atom, it.atom(fn, old, it.read(get())))
        return
    from sorix.compiler.frontend.expressions import binary

    if isinstance(base, Tensor):
        setitem(it, base, index, Const(0))
    old_item = subscript(it, base, index, "t")
    if isinstance(old_item, Array):
        store_item(it, base, index, _in_place(it, fn, old_item, get(), ""))
    else:
        store_item(it, base, index, binary(it, fn, old_item, get()))


def _in_place(it: Interpreter, fn: Any, old: Value, value: Value, name: str) -> Value:
    """``old op= value``: arrays and lists change, everything else is computed anew."""
    from sorix.compiler.frontend.expressions import binary

    if isinstance(old, Maybe):
        old = old.value
    if isinstance(old, Array) and not isinstance(value, Tensor):
        kind = getattr(it.type_of(old), "kind", "any")
        if kind == "array" or old.steps:
            augment(it, fn, old, it.read(value))
            return old
        _require_unshared(it, old.cell, name)
        return binary(it, fn, old, value)
    if isinstance(old, Tensor):
        if old.leaf is not None and old.requires_grad:
            raise UnsupportedSyntaxError(
                "a leaf tensor that requires grad is changed in place", "write t = t + v"
            )
        return binary(it, fn, old, value)
    content = content_of(it, old)
    if isinstance(content, ListContent | GrownList) and fn is operator.add:
        from sorix.compiler.frontend.methods import extend

        assert isinstance(old, Reference)
        extend(it, old, value)
        return old
    return binary(it, fn, old, value)


def _require_unshared(it: Interpreter, cell: Cell, name: str) -> None:
    """A value that is an array or a number, by the path taken: refuse where a name shares it."""
    holders = 0
    for root in it.roots():
        value = it.state.get(root)
        if isinstance(value, Maybe):
            value = value.value
        if isinstance(value, Array) and value.cell is cell:
            holders += 1
    if holders > 1 or cell in it.state.frozen:
        raise AliasingError(
            f"{name or 'a value'} may be an array that another name shares, or a number",
            "write a = a + v",
        )


def exec_delete(it: Interpreter, node: Any) -> None:
    for target in node.targets:
        match target:
            case gast.Name():
                cell = it.frame.cell(target.id)
                if cell is not None:
                    it.state.set(cell, MISSING)
            case gast.Subscript():
                base, index = it.expr(target.value), it.expr(target.slice)
                _delete_item(it, base, index)
            case _:
                raise it.unsupported(target)


def _delete_item(it: Interpreter, base: Value, index: Value) -> None:
    from sorix.compiler.frontend.values import DictContent

    content = content_of(it, base)
    assert isinstance(base, Reference)
    writable(it, base)
    if isinstance(content, DictContent):
        key = it.demand(index, "a key of a dict")
        items = tuple((k, v) for k, v in content.items if k != key)
        it.state.set(base.cell, DictContent(items, content.cls))
        return
    if isinstance(content, ListContent):
        items_left = list(content.items)
        del items_left[it.demand(index, "an index of a list")]
        it.state.set(base.cell, ListContent(tuple(items_left)))
        return
    raise UnsupportedTypeError(f"an element of {describe(base)} is deleted")


STATEMENTS["Assign"] = exec_assign
STATEMENTS["AnnAssign"] = exec_ann_assign
STATEMENTS["AugAssign"] = exec_aug_assign
STATEMENTS["Delete"] = exec_delete

__all__ = ["Sequence", "assign", "element"]
