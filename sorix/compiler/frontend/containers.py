"""Tuples, lists, dicts and sets of the interpreted program."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import numpy as np

from sorix.compiler.frontend import (
    exceptions,
    likeness,
    objects,
    unassigned,
)
from sorix.compiler.frontend.atoms import atom_type
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.state import KEPT_APART, SHARED_ELEMENT
from sorix.compiler.frontend.values import (
    Array,
    Cell,
    DictContent,
    GrownList,
    InstanceContent,
    Lazy,
    ListContent,
    Maybe,
    RangeValue,
    Reference,
    Sequence,
    Static,
    Tensor,
    Value,
)
from sorix.compiler.ir.nodes import Assign, Atom, Const, Tup, Var
from sorix.compiler.ir.types import Num
from sorix.errors import StructureError, UnsupportedTypeError

FEW = 8
"""Of so many items that are no numbers, the run may choose one."""


def new_list(it: Interpreter, items: list[Value], cls: type = list) -> Reference:
    cell = Cell("list")
    it.put(cell, ListContent(tuple(items), cls))
    return Reference(cell)


def new_set(it: Interpreter, items: Iterable[Value], cls: type = set) -> Reference:
    """A set of facts and objects; what the run computes cannot be compared here."""
    unique = {member(it, v): v for v in items}
    return new_list(it, list(unique.values()), cls)


def member(it: Interpreter, value: Value) -> Any:
    """What tells an element of a set from others: a fact, or of an object which one it is."""
    content = content_of(it, value)
    if isinstance(content, InstanceContent) and isinstance(value, Reference):
        cls: Any = content.cls
        if cls.__hash__ is object.__hash__ and cls.__eq__ is object.__eq__:
            return value.cell
    return it.demand(value, "an element of a set")


def new_dict(it: Interpreter, items: list[tuple[Any, Value]], cls: type = dict) -> Reference:
    cell = Cell("dict")
    it.put(cell, DictContent(tuple(dict(items).items()), cls))
    return Reference(cell)


def content_of(it: Interpreter, value: Value) -> Any:
    if isinstance(value, Maybe):
        return content_of(it, value.value)
    if isinstance(value, Lazy) and value.kind == "fields":
        return fields_of(it, value)
    return it.state.get(value.cell) if isinstance(value, Reference) else None


def fields_of(it: Interpreter, value: Lazy) -> DictContent:
    """What the ``__dict__`` of an object holds now."""
    content = content_of(it, value.parts[0])
    uncertain = {k for k, v in content.fields.items() if unassigned.possibly(v)}
    items = objects.fields_of(it, content)
    return DictContent(tuple(items.items()), dict, frozenset(uncertain))


def change_fields(it: Interpreter, value: Lazy, change: Callable[[Reference], Value]) -> Value:
    """Change the ``__dict__`` of an object as `change` changes a dict."""
    before = fields_of(it, value)
    copy = new_dict(it, list(before.items))
    held, held_owner = it.hold(copy), it.hold(value.parts[0])
    result = change(copy)
    after = content_of(it, it.release(held))
    owner = it.release(held_owner)
    for name, item in after.items:
        if before.get(name) is not item:
            objects.set_field(it, owner, name, item)
    for name, _ in before.items:
        if after.get(name) is None:
            objects.delete_attribute(it, owner, name)
    return result


def static_items(it: Interpreter, value: Value) -> tuple[Value, ...] | None:
    """The items of a container of known length, or None."""
    if isinstance(value, Maybe):
        return static_items(it, value.value)
    if isinstance(value, Sequence):
        return value.items
    if isinstance(value, Static) and isinstance(value.value, tuple | list | frozenset | str):
        return tuple(lift_constant(v) for v in value.value)
    if isinstance(value, Static) and isinstance(value.value, enum.EnumType):
        return tuple(Static(member) for member in value.value)  # type: ignore[var-annotated]
    if isinstance(value, Lazy) and value.kind in VIEWS:
        return _view_items(it, value)
    content = content_of(it, value)
    if isinstance(content, ListContent):
        return content.items
    if isinstance(content, DictContent):
        return tuple(lift_constant(k) for k, _ in dict_items(content))
    return None


VIEWS = ("keys", "values", "items", "fields")
"""The kinds of `Lazy` that are views: what they show is what a dict or an object holds now."""


def _view_items(it: Interpreter, value: Lazy) -> tuple[Value, ...]:
    pairs = dict_items(content_of(it, value if value.kind == "fields" else value.parts[0]))
    if value.kind == "values":
        return tuple(v for _, v in pairs)
    if value.kind in ("keys", "fields"):
        return tuple(lift_constant(k) for k, _ in pairs)
    return tuple(Sequence((lift_constant(k), v)) for k, v in pairs)


def dict_get(content: DictContent, key: Any) -> Value | None:
    """What the dict holds under the key; None where it surely holds nothing."""
    found = content.get(key)
    if unassigned.possibly(found):
        _refuse_uncertain(key)
    return found


def _refuse_uncertain(key: Any) -> NoReturn:
    raise StructureError(
        f"whether the dict has the key {key!r} depends on a branch or an iteration",
        "give it the key on every path, with None or 0.0 where there is no value",
    )


def dict_items(content: DictContent) -> tuple[tuple[Any, Value], ...]:
    """All keys with their values."""
    for key in content.uncertain:
        _refuse_uncertain(key)
    return content.items


def computed(
    it: Interpreter,
    compute: Callable[[], Any],
    hint: str = "write an operation that these values have",
) -> Any:
    """What Python makes of what is known here and now; it raises where the program would."""
    try:
        return compute()
    except RecursionError:
        raise
    except Exception as error:  # As it would where the program runs.
        refusal = UnsupportedTypeError(
            f"{type(error).__name__} is raised here: {error}",
            hint,
        )
        own = error.args[0] if len(error.args) == 1 else str(error)
        message = own if isinstance(own, str | int | float) else str(error)
        exceptions.may_fail(it, type(error), message, refusal)


def lift_constant(value: Any) -> Value:
    """The abstract value of a constant of the program text."""
    if isinstance(value, enum.Enum):
        return Static(value)
    if isinstance(value, bool | int | float | complex | np.number | np.bool_):
        return Const(value)
    if isinstance(value, tuple):
        return Sequence(tuple(lift_constant(v) for v in value), type(value))
    return Static(value)


def lifted(it: Interpreter, value: Any) -> Value:
    """The abstract value of an object just made, whose containers the program may change."""
    if isinstance(value, list):
        return new_list(it, [lifted(it, v) for v in value])
    if isinstance(value, dict):
        return new_dict(it, [(k, lifted(it, v)) for k, v in value.items()])
    if isinstance(value, set | frozenset):
        return new_set(it, map(lift_constant, value), type(value))
    if isinstance(value, tuple):
        return Sequence(tuple(lifted(it, v) for v in value), type(value))
    return lift_constant(value)


def python_object(it: Interpreter, value: Value) -> tuple[bool, Any]:
    """Whether a value is known when the function is compiled, with all it contains, and it."""
    if isinstance(value, Static | Const):
        return True, value.value
    content = content_of(it, value)
    if isinstance(content, DictContent) and content.cls is dict and not content.uncertain:
        parts = [python_object(it, v) for _, v in content.items]
        keys = [k for k, _ in content.items]
        known = all(known for known, _ in parts)
        return known, dict(zip(keys, (v for _, v in parts), strict=True)) if known else None
    if isinstance(content, ListContent) and content.cls is list:
        items, cls = content.items, list
    elif isinstance(value, Sequence):
        items, cls = value.items, getattr(value.cls, "_make", value.cls)
    else:
        return False, None
    parts = [python_object(it, v) for v in items]
    known = all(known for known, _ in parts)
    return known, cls([v for _, v in parts]) if known else None


def is_none(value: Value) -> bool:
    return isinstance(value, Static) and value.value is None


def as_number(value: Value) -> Value:
    """A member of an IntEnum as the number it is; other values as they are."""
    if isinstance(value, Static) and isinstance(value.value, int):
        return Const(int(value.value))
    return value


def nested_atom(it: Interpreter, value: Value) -> Atom:
    """A number, array, or nested list of them as one atom, as np.array() takes it."""
    if it.is_numeric(value):
        return it.read(value)
    if isinstance(value, Static) and isinstance(value.value, str):
        return it.static_atom(value)
    items = static_items(it, value)
    if items is not None and not isinstance(content_of(it, value), DictContent):
        return Tup(
            tuple(nested_atom(it, v) for v in items), is_list=not isinstance(value, Sequence)
        )
    content = content_of(it, value)
    if isinstance(content, GrownList) and len(content.atoms) == 1:
        return content.atoms[0]
    if isinstance(content, GrownList) and _is_flat(content.template):
        columns = tuple(it.atom(np.array, atom) for atom in content.atoms)
        return it.atom(np.stack, Tup(columns), axis=Const(1))
    if isinstance(value, RangeValue):
        return it.atom(np.arange, value.start, value.stop, value.step)
    if isinstance(value, Static):
        return it.static_atom(value)
    raise UnsupportedTypeError(
        f"{describe(value, it)} is used as an array",
        "make an array of its numbers: np.array([...])",
    )


def _is_flat(template: Value) -> bool:
    """Whether the elements of a list are tuples of numbers or arrays: rows of an array."""
    return isinstance(template, Sequence) and all(
        isinstance(item, Var | Const | Array) for item in template.items
    )


def element(it: Interpreter, template: Value, atoms: list[Atom]) -> Value:
    """An element of a grown list: the template with these atoms for its leaves."""
    match template:
        case Sequence():
            items = []
            for item in template.items:
                items.append(element(it, item, atoms))
            return Sequence(tuple(items), template.cls)
        case Tensor():
            return Tensor(element(it, template.value, atoms), template.requires_grad)
        case Static() if template.value is None:
            return template
    value = it.wrap(atoms.pop(0))
    if isinstance(value, Array):
        it.state.freeze(value.cell, SHARED_ELEMENT)
    return value


def element_atoms(it: Interpreter, value: Value) -> list[Atom]:
    """The leaves of a value put into a grown list; its arrays are shared with the list."""
    _freeze(it, value)
    return likeness.leaves(value, it.read)


def written(
    it: Interpreter, grown: GrownList, value: Value, write: Callable[[Atom, Atom], Atom]
) -> GrownList:
    """This list after an item is written into the list of each leaf of its own."""
    leaves = element_atoms(it, value)
    template = likeness.joined(grown.template, value)
    atoms = tuple(write(a, leaf) for a, leaf in zip(grown.atoms, leaves, strict=True))
    return GrownList(atoms, template, grown.cls)


def _freeze(it: Interpreter, value: Value) -> None:
    match value:
        case Array():
            it.state.freeze(value.cell, SHARED_ELEMENT)
            it.growing |= it.short_loops_around()
        case Tensor():
            _freeze(it, value.value)
        case Sequence():
            for item in value.items:
                _freeze(it, item)


def grow(it: Interpreter, reference: Reference) -> GrownList:
    """Turn a list of known length into one whose length and indices the run decides."""
    content = it.state.get(reference.cell)
    if isinstance(content, GrownList):
        return content
    assert regular(it, content.items)
    rows = [element_atoms(it, item) for item in content.items]
    atoms = []
    for column in zip(*rows, strict=True):
        display = Tup(tuple(column), is_list=True)
        atoms.append(_named_list(it, display))
    grown = GrownList(tuple(atoms), content.items[0], content.cls)
    it.put(reference.cell, grown)
    return grown


def _named_list(it: Interpreter, display: Tup) -> Var:

    var = Var("items", atom_type(display))
    it.builder.add(Assign((var,), display, it.builder.origin))
    return var


def uniform(it: Interpreter, items: tuple[Value, ...]) -> bool:
    """Whether the items are numbers or arrays of one rank, so that a run may choose among them."""
    ranks = set()
    for item in items:
        if not isinstance(item, Var | Const | Array):
            return False
        type_ = it.type_of(item)
        if not isinstance(type_, Num) or type_.rank is None:
            return False
        ranks.add(type_.rank)
    return len(ranks) == 1


def is_kept_apart(it: Interpreter, items: tuple[Value, ...]) -> bool:
    """Whether these items of a list are few numbers or arrays, where arrays are to be written."""
    return KEPT_APART in it.inputs.demanded and _are_few(it, items)


def _are_few(it: Interpreter, items: tuple[Value, ...]) -> bool:
    return 0 < len(items) <= FEW and all(map(it.is_numeric, items))


def grown_to_choose(it: Interpreter, reference: Reference) -> GrownList:
    """Turn a list into one of unknown length since the run chooses among its items."""
    content = it.state.get(reference.cell)
    if isinstance(content, ListContent) and _are_few(it, content.items):
        it.chose_from_lists = True
    return grow(it, reference)


def regular(it: Interpreter, items: tuple[Value, ...]) -> bool:
    """Whether the items are numbers, or tuples of numbers and texts alike in structure."""
    if not items or not all(isinstance(v, Sequence) for v in items):
        return uniform(it, items) if items else False
    kinds = {(v.cls, len(v.items)) for v in items if isinstance(v, Sequence)}
    if len(kinds) != 1:
        return False
    columns = list(zip(*(v.items for v in items if isinstance(v, Sequence)), strict=True))
    return all(_are_texts(column) or regular(it, column) for column in columns)


def _are_texts(items: tuple[Value, ...]) -> bool:
    return all(isinstance(v, Static) and isinstance(v.value, str) for v in items)
