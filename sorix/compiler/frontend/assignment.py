"""Assignments: names, unpacking, elements, attributes, and the augmented forms."""

from __future__ import annotations

import functools
import operator
from typing import Any, NoReturn

import gast
import numpy as np

from sorix.compiler.frontend import (
    absent,
    array_likes,
    arrays,
    branching,
    calls,
    chosen_items,
    classes,
    conditions,
    containers,
    dict_methods,
    exceptions,
    expressions,
    failing,
    formatting,
    grown_lists,
    grown_tuples,
    iterables,
    list_methods,
    objects,
    sharing,
    subscripts,
    unassigned,
    wording,
    written_tensors,
)
from sorix.compiler.frontend.builtin_table import BUILTINS
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.interpreter import EXPRESSIONS, STATEMENTS, Interpreter, statement
from sorix.compiler.frontend.remaining import Nodes
from sorix.compiler.frontend.values import (
    NONE,
    Array,
    Cell,
    DictContent,
    GrownList,
    InstanceContent,
    ListContent,
    Maybe,
    Reference,
    Sequence,
    SliceValue,
    Static,
    Tensor,
    Value,
)
from sorix.compiler.ir.nodes import Atom, Const, Var
from sorix.compiler.ir.types import NUMBERS, Num
from sorix.errors import AliasingError, UnsupportedSyntaxError, UnsupportedTypeError


def assign(it: Interpreter, target: Any, value: Value, statement: Any = None) -> None:
    """Bind `value` to an assignment target, the one thing that is left to do of a `statement`."""
    match target:
        case gast.Name():
            it.store(target.id, value)
        case gast.Tuple() | gast.List():
            _unpack(it, target.elts, value)
        case gast.Starred():
            assign(it, target.value, value)
        case gast.Subscript():
            held = it.hold(value)
            root, slices = chosen_items.path_to(target)
            base, *indices = it.evaluated([root, *slices])
            value = it.release(held)
            stored = functools.partial(_stored, it, statement, value)
            chosen_items.at(it, base, indices, stored, "store")
        case gast.Attribute():
            held = it.hold(value)
            owner = it.expr(target.value)
            objects.set_attribute(it, owner, target.attr, it.release(held))
        case _:
            raise it.unsupported(target)


def _stored(it: Interpreter, statement: Any, value: Value, base: Value, index: Value) -> Value:
    with sharing.ending(it, statement):
        subscripts.store_item(it, base, index, value)
    return NONE


def _unpack(it: Interpreter, targets: list[Any], value: Value) -> None:
    star = next((k for k, t in enumerate(targets) if isinstance(t, gast.Starred)), None)
    value = _drawn(it, value)
    grown = containers.content_of(it, value)
    if star is not None and isinstance(grown, GrownList):
        _unpack_grown(it, targets, star, value, grown)
        return
    if isinstance(grown, GrownList):
        _unpack_exactly(it, targets, value, grown)
        return
    items = unpacked(it, value, len(targets) if star is None else None)
    if star is None:
        if len(items) != len(targets):
            _refuse_count(it, value, len(items), len(targets), None)
        _assign_each(it, targets, items)
        return
    if len(items) < len(targets) - 1:
        _refuse_count(it, value, len(items), len(targets), star)
    end = len(items) - (len(targets) - star - 1)
    middle = containers.new_list(it, list(items[star:end]))
    _assign_each(it, targets, (*items[:star], middle, *items[end:]))


def _assign_each(it: Interpreter, targets: list[Any], items: tuple[Value, ...]) -> None:
    """Bind each item to its target; what is bound first may write into what is bound later."""
    held = [it.hold(item) for item in items]
    for target, item in zip(targets, held, strict=True):
        assign(it, target, it.release(item))


def _drawn(it: Interpreter, value: Value) -> Value:
    """What a generator yields, as a list; of other iterables, what is iterated over."""
    if isinstance(value, Maybe):
        return value
    found = iterables.resolve(it, value)
    return BUILTINS[list](it, [found], {}) if iterables.is_generator(found) else found


def _unpack_grown(
    it: Interpreter, targets: list[Any], star: int, value: Value, content: GrownList
) -> None:
    """``first, *rest = xs`` of a list whose length the run decides."""
    after = len(targets) - star - 1
    wanted = star + after
    length = it.atom(len, content.atoms[0], hint="n")

    def too_few() -> None:
        parts = [f"not enough values to unpack (expected at least {wanted}, got ", length, ")"]
        exceptions.raise_error(it, ValueError, (formatting.made_of(it, parts),))

    branching.branch(it, it.atom(operator.lt, length, Const(wanted)), too_few, _nothing)
    last = NONE if after == 0 else Const(-after)
    held = it.hold(value)
    rest = SliceValue(Const(star), last, NONE)
    keys = [*map(Const, range(star)), rest, *(Const(k - after) for k in range(after))]
    for target, key in zip(targets, keys, strict=True):
        found = subscripts.subscript(it, value, key, "t")
        found = grown_tuples.as_list(it, found) if key is rest else found
        assign(it, target.value if isinstance(target, gast.Starred) else target, found)
    it.release(held)


def _unpack_exactly(it: Interpreter, targets: list[Any], value: Value, content: GrownList) -> None:
    """``a, b = xs`` of a list whose length the run decides."""
    _check_count(it, it.atom(len, content.atoms[0], hint="n"), len(targets))
    held = it.hold(value)
    for k, target in enumerate(targets):
        assign(it, target, subscripts.subscript(it, _peek(it, held), Const(k), "t"))
    it.release(held)


def _check_count(it: Interpreter, count: Atom, names: int) -> None:
    """Raise where the run has another number of items."""
    other = it.atom(operator.ne, count, Const(names))
    branching.branch(it, other, lambda: _refuse_other_count(it, count, names), _nothing)


def _refuse_other_count(it: Interpreter, count: Atom, names: int) -> None:
    def few() -> None:
        parts = [f"not enough values to unpack (expected {names}, got ", count, ")"]
        exceptions.raise_error(it, ValueError, (formatting.made_of(it, parts),))

    def many() -> None:
        said = wording.said_of_unpacking([None] * (names + 1), names, None)
        before, got, after = said.partition(f"got {names + 1}")
        parts = [before, "got ", count, after] if got else [said]
        exceptions.raise_error(it, ValueError, (formatting.made_of(it, parts),))

    branching.branch(it, it.atom(operator.lt, count, Const(names)), few, many)


def _peek(it: Interpreter, held: Any) -> Value:
    """A held value, without releasing it."""
    value: Value = it.state.get(held.cell)
    return value


def _nothing() -> None:
    """Go on."""


def _refuse_count(
    it: Interpreter, value: Value, count: int, names: int, star: int | None
) -> NoReturn:
    known = isinstance(value, Sequence) and value.cls is tuple
    sample = (None,) * count if known else [None] * count
    wanted = names if star is None else names - 1
    message = f"{count} values are unpacked into {wanted} names"
    exceptions.may_fail(
        it,
        ValueError,
        wording.said_of_unpacking(sample, names, star),
        UnsupportedTypeError(message, "give as many names as there are values"),
    )


def _unpack_none() -> None:
    () = None


def unpacked(it: Interpreter, value: Value, count: int | None) -> tuple[Value, ...]:
    """The items of a value that is unpacked; the length of an array becomes a fact, or is asked of
    the run."""
    if isinstance(value, Maybe):
        there = absent.value_of(it, value, TypeError, _unpack_none, always=True)
        return unpacked(it, there, count)
    items = containers.static_items(it, value)
    if items is not None:
        return items

    if failing.has_no_items(it, value):
        raise failing.not_possible(
            it,
            value,
            "cannot unpack non-iterable {name} object",
            f"{describe(value, it)} is unpacked",
            "unpack a tuple, a list or an array",
        )
    if not isinstance(value, Array | Tensor | Var):
        return iterables.known_items(it, value, "what is unpacked")
    size = _length(it, value)
    if isinstance(size, Const) or it.inputs.sources.get(size):
        count = it.demand(size, "the length of an array that is unpacked")
    elif count is not None:
        _check_count(it, size, count)
    if count is None:
        raise UnsupportedTypeError(
            f"{describe(value, it)} of unknown length is unpacked",
            "index it, or slice off a known number of elements",
        )
    return tuple(subscripts.subscript(it, value, Const(k), "t") for k in range(count))


def _length(it: Interpreter, value: Value) -> Var | Const:
    """How many items an array has, or what may be one."""
    atom, type_ = it.read(value), it.type_of(value)
    if isinstance(type_, Num) and type_.shape is not None:
        return it.atom(np.size, atom, Const(0))
    if isinstance(type_, Num) and exceptions.handled(it, TypeError):
        no_array = it.atom(operator.eq, it.atom(np.ndim, atom), Const(0))
        branching.branch(it, no_array, lambda: _refuse_number(it), _nothing)
    return it.atom(len, atom, hint="n")


def _refuse_number(it: Interpreter) -> None:
    said = wording.said_of_unpacking(0.0, 2, None)
    exceptions.raise_error(it, TypeError, (Static(wording.Approximate(said)),))


def exec_assign(it: Interpreter, node: Any, rest: Nodes) -> bool:
    """Interpret an assignment; True where the rest of the block was interpreted with it."""
    key = conditions.parting(it, node)
    if not isinstance(node.value, gast.IfExp):
        _assign_all(it, node, it.expr(node.value))
        return False
    if key in it.inputs.demanded:
        chosen = (_with_value(node, v) for v in (node.value.body, node.value.orelse))
        then, orelse = ([way] for way in chosen)
        whole = gast.If(node.value.test, then, orelse)
        return STATEMENTS["If"](it, gast.copy_location(whole, node), rest)
    with conditions.noting_ambiguous(it, key):
        value = it.expr(node.value)
    _assign_all(it, node, value)
    return False


def _with_value(node: Any, value: Any) -> Any:
    return gast.copy_location(gast.Assign(node.targets, value, None), node)


def _assign_all(it: Interpreter, node: Any, value: Value) -> None:
    if len(node.targets) == 1:
        assign(it, node.targets[0], value, node)
        return
    for target in node.targets:
        held = it.hold(value)
        assign(it, target, value)
        value = it.release(held)


def exec_ann_assign(it: Interpreter, node: Any) -> None:
    if node.value is not None:
        assign(it, node.target, it.expr(node.value))


def named_expr(it: Interpreter, node: Any) -> Value:
    value = it.expr(node.value)
    assign(it, node.target, value)
    return value


# -- augmented assignment -------------------------------------------------------------------


def exec_aug_assign(it: Interpreter, node: Any) -> None:

    fn = expressions.OPERATORS[type(node.op).__name__]
    target = node.target
    match target:
        case gast.Name():
            held = it.hold(unassigned.load(it, target.id))
            value = it.expr(node.value)
            with sharing.ending(it, node):
                new = in_place(it, fn, it.release(held), value, target.id)
            it.store(target.id, new)
        case gast.Subscript():
            root, slices = chosen_items.path_to(target)
            base, *indices = it.evaluated([root, *slices])
            augment = functools.partial(_augment, it, fn, node)
            chosen_items.at(it, base, indices, augment, "augment")
        case gast.Attribute():
            owner = it.expr(target.value)
            held_owner = it.hold(owner)
            held = it.hold(objects.attribute(it, owner, target.attr))
            value = it.expr(node.value)
            new = in_place(it, fn, it.release(held), value, target.attr)
            objects.set_attribute(it, it.release(held_owner), target.attr, new)
        case _:
            new = expressions.binary(it, fn, it.expr(target), it.expr(node.value))
            assign(it, target, new)


def _augment(it: Interpreter, fn: Any, node: Any, base: Value, index: Value) -> Value:
    """``base[index] op= value``."""
    if isinstance(base, Array | Tensor):
        _augment_element(it, fn, base, index, node)
    else:
        _augment_item(it, fn, base, index, node.value)
    return NONE


def _augment_element(
    it: Interpreter, fn: Any, base: Array | Tensor, index: Value, node: Any
) -> None:
    """``a[index] op= value`` of an array."""
    if isinstance(base, Tensor):
        arrays.setitem(it, base, index, Const(0))
        return
    held, held_index = it.hold(base), it.hold(index)
    before = it.state.get(base.cell)
    value = it.expr(node.value)
    base, index = it.release(held), it.release(held_index)
    if it.state.get(base.cell) is not before:
        raise AliasingError(
            "an element of an array is changed while what is added to it is computed",
            "compute the value before",
        )
    assert isinstance(base, Array)
    atom = arrays.index_atom(it, index)
    with sharing.ending(it, node):
        if arrays.is_basic(atom):
            part = arrays.compose(it, base, atom)
            arrays.augment(it, fn, part, array_likes.beside(it, value, part))
            return
        old = it.atom(operator.getitem, it.read(base), atom)
        value = array_likes.beside(it, value, it.wrap(old))
        new = it.atom(fn, old, written_tensors.operand(it, it.type_of(old), value))
        arrays.require_fits(getattr(old, "type", None), getattr(new, "type", None))
        arrays.write(it, base, atom, new)


def _augment_item(it: Interpreter, fn: Any, base: Value, index: Value, node: Any) -> None:
    """``xs[index] op= value`` of a list, dict or object: the old item is read first."""
    content = containers.content_of(it, base)
    if isinstance(content, DictContent) and subscripts.is_unknown_key(it, index):
        _augment_unknown(it, fn, base, content, index, node)
        return
    held, held_index = it.hold(base), it.hold(index)
    held_old = it.hold(subscripts.subscript(it, base, index, "t"))
    value = it.expr(node)
    new = in_place(it, fn, it.release(held_old), value, "")
    base, index = it.release(held), it.release(held_index)
    subscripts.store_item(it, base, index, new)


def _augment_unknown(
    it: Interpreter, fn: Any, base: Value, content: DictContent, index: Var, node: Any
) -> None:
    """``d[key] op= value`` at a key that the run chooses: there must be such an item."""
    subscripts.require_certain(it, content, index)

    def augment(key: Any) -> Value:
        _augment_item(it, fn, base, containers.lift_constant(key), node)
        return NONE

    def none() -> Value:
        exceptions.raise_error(it, KeyError, (index,))

    subscripts.at_each_key(it, content, index, augment, none)


def in_place(it: Interpreter, fn: Any, old: Value, value: Value, name: str) -> Value:
    """``old op= value``: arrays and lists change, everything else is computed anew."""

    if isinstance(old, Maybe):
        old = old.value
    if isinstance(old, Array):
        kind = getattr(it.type_of(old), "kind", "any")
        if kind == "array" or old.steps or isinstance(value, Tensor) and kind not in NUMBERS:
            arrays.augment(it, fn, old, array_likes.beside(it, value, old))
            return old
        _require_unshared(it, old.cell, name)
        return expressions.binary(it, fn, old, value)
    if isinstance(old, Tensor):
        _require_unseen(it, old, name)
        return expressions.binary(it, fn, old, value)
    content = containers.content_of(it, old)
    if isinstance(content, InstanceContent):
        method = f"__i{expressions.DUNDER[fn]}__"
        if classes.is_method(it, content.cls, method):
            found = calls.call_method(it, old, method, [value], {})
            if not (isinstance(found, Static) and found.value is NotImplemented):
                return found
    if isinstance(content, DictContent) and fn is operator.or_:
        dict_methods.update(it, old, value)
        return old
    if isinstance(content, ListContent) and issubclass(content.cls, frozenset):
        return expressions.binary(it, fn, old, value)
    if isinstance(content, ListContent) and content.is_set and fn in expressions.SETS:
        found = expressions.binary(it, fn, old, value)
        it.put(old.cell, containers.content_of(it, found))
        return old
    if grown_tuples.is_tuple(it, old):
        return expressions.binary(it, fn, old, value)
    if _is_left_to_array(it, fn, value):
        return expressions.binary(it, fn, old, value)
    if isinstance(content, ListContent | GrownList) and fn is operator.add:
        assert isinstance(old, Reference)
        list_methods.extend(it, old, value)
        return old
    if isinstance(content, ListContent | GrownList) and fn is operator.mul:
        assert isinstance(old, Reference)
        subscripts.writable(it, old)
        held = it.hold(old)
        made = expressions.binary(it, fn, old, value)
        old = it.release(held)
        grown_lists.take_over(it, old, made)
        return old
    return expressions.binary(it, fn, old, value)


def _is_left_to_array(it: Interpreter, fn: Any, value: Value) -> bool:
    """Whether ``old op= value`` of a list is NumPy's: its operators are asked first, of numbers of
    its own, too, unless they repeat."""
    value = value.value if isinstance(value, Maybe) else value
    return array_likes.has_dimensions(it, value) or fn is operator.add and isinstance(value, Array)


def _require_unseen(it: Interpreter, old: Tensor, name: str) -> None:
    """``t op= v`` changes the tensor for whoever sees it: computing a new one is right only for a
    number that this name alone holds."""
    type_ = it.type_of(old)
    is_number = isinstance(type_, Num) and type_.rank == 0 and isinstance(old.value, Var)
    if old.leaf is None and is_number and old.value not in it.exposed:
        holders = sum(_holds(it, it.state.get(root), old.value) for root in it.roots())
        if holders <= 1:
            return
    raise UnsupportedSyntaxError(
        f"the tensor {name or 't'} is changed in place", "write t = t + v, a new tensor"
    )


def _holds(it: Interpreter, value: Value, atom: Any) -> int:
    """How many times a number is kept in a value, in containers and objects too."""
    match value:
        case Maybe() | Tensor():
            return _holds(it, value.value, atom)
        case Var():
            return int(value is atom)
        case Sequence():
            return sum(_holds(it, item, atom) for item in value.items)
        case Reference():
            content = it.state.get(value.cell)
            parts = getattr(content, "items", ())
            if isinstance(content, DictContent):
                parts = tuple(v for _, v in content.items)
            if isinstance(content, InstanceContent):
                parts = tuple(content.fields.values())
            return sum(_holds(it, item, atom) for item in parts)
    return 0


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
                unassigned.delete(it, target.id)
            case gast.Attribute():
                objects.delete_attribute(it, it.expr(target.value), target.attr)
            case gast.Subscript():
                base, index = it.expr(target.value), it.expr(target.slice)
                delete_item(it, base, index)
            case _:
                raise it.unsupported(target)


def delete_item(it: Interpreter, base: Value, index: Value) -> None:
    method = classes.special(it, base, "__delitem__")
    if method is not None:
        calls.call(it, method, [index], {})
        return
    grown_tuples.require_changeable(it, base, "deleted", "{} object doesn't support item deletion")
    content = containers.content_of(it, base)
    if isinstance(content, DictContent | ListContent | GrownList):
        assert isinstance(base, Reference)
        subscripts.writable(it, base)
    if isinstance(content, DictContent):
        key = it.demand(index, "a key of a dict")
        unassigned.decided(it, base, key, lambda d: _delete_key(it, d, key))
        return
    if isinstance(content, GrownList) or list_methods.is_at_unknown(it, content, index):
        grown_lists.delete(it, base, index)
        return
    if isinstance(content, ListContent):
        items_left = list(content.items)
        _delete_of_list(it, items_left, index)
        it.put(base.cell, content.with_items(items_left))
        return
    raise UnsupportedTypeError(
        f"an element of {describe(base, it)} is deleted",
        "build a new list without it, or use np.delete outside the function",
    )


def _delete_key(it: Interpreter, base: Value, key: Any) -> Value:
    assert isinstance(base, Reference)
    content = it.state.get(base.cell)
    if containers.dict_get(content, key) is None:
        refusal = UnsupportedTypeError(
            f"the key {key!r} is deleted, which the dict has not", "use d.pop(key, None)"
        )
        exceptions.may_fail(it, KeyError, key, refusal)
    it.put(base.cell, content.with_items((k, v) for k, v in content.items if k != key))
    return NONE


def _delete_of_list(it: Interpreter, items: list[Value], index: Value) -> None:
    if isinstance(index, SliceValue):
        del items[subscripts.static_slice(it, index)]
        return
    position = it.demand(index, "an index of a list")
    containers.computed(it, lambda: items.__delitem__(position))


STATEMENTS["Assign"] = chosen_items.apart(exec_assign)
statement("AnnAssign")(exec_ann_assign)
statement("AugAssign")(exec_aug_assign)
STATEMENTS["AugAssign"] = chosen_items.apart(STATEMENTS["AugAssign"])
statement("Delete")(exec_delete)
EXPRESSIONS["NamedExpr"] = named_expr
