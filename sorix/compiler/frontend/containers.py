"""Tuples, lists, dicts and sets of the interpreted program."""

from __future__ import annotations

import collections
import enum
import operator
import re
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import numpy as np

from sorix import support
from sorix.compiler.frontend import (
    arrays,
    calls,
    classes,
    conditions,
    exceptions,
    failing,
    grown_lists,
    grown_tuples,
    index_tricks,
    iterables,
    objects,
    preconditions,
    ranges,
    unassigned,
    wording,
)
from sorix.compiler.frontend.builtin_table import BUILTINS
from sorix.compiler.frontend.interpreter import Interpreter, atom_type, describe
from sorix.compiler.frontend.state import SHARED_ELEMENT, leaves
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
    SliceValue,
    Static,
    Tensor,
    Value,
)
from sorix.compiler.ir.nodes import Assign, Atom, Const, Tup, Var
from sorix.compiler.ir.types import Num, Opaque
from sorix.errors import AliasingError, StructureError, UnsupportedSyntaxError, UnsupportedTypeError

FEW = 8
"""Of so many items that are no numbers, the run may choose one."""

CHOSEN_ELEMENT = "it is also an element of a list or tuple, at an index that the run decides"


def new_list(it: Interpreter, items: list[Value], cls: type = list) -> Reference:
    cell = Cell("list")
    it.state.set(cell, ListContent(tuple(items), cls))
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
    it.state.set(cell, DictContent(tuple(dict(items).items()), cls))
    return Reference(cell)


def content_of(it: Interpreter, value: Value) -> Any:
    if isinstance(value, Maybe):
        return content_of(it, value.value)
    if isinstance(value, Lazy) and value.kind == "fields":
        return _fields(it, value)
    return it.state.get(value.cell) if isinstance(value, Reference) else None


def _fields(it: Interpreter, value: Lazy) -> DictContent:
    """What the ``__dict__`` of an object holds now."""
    content = content_of(it, value.parts[0])
    uncertain = {k for k, v in content.fields.items() if unassigned.possibly(v)}
    items = objects.fields_of(it, content)
    return DictContent(tuple(items.items()), dict, frozenset(uncertain))


def change_fields(it: Interpreter, value: Lazy, change: Callable[[Reference], Value]) -> Value:
    """Change the ``__dict__`` of an object as `change` changes a dict."""
    before = _fields(it, value)
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


def computed(it: Interpreter, compute: Callable[[], Any]) -> Any:
    """What Python makes of what is known here and now; it raises where the program would."""
    try:
        return compute()
    except RecursionError:
        raise
    except Exception as error:  # As it would where the program runs.
        refusal = UnsupportedTypeError(
            f"{type(error).__name__} is raised here: {error}",
            "write an operation that these values have",
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
        it.state.frozen[value.cell] = SHARED_ELEMENT
    return value


def element_atoms(it: Interpreter, value: Value) -> list[Atom]:
    """The leaves of a value put into a grown list; its arrays are shared with the list."""
    _freeze(it, value)
    return leaves(value, it.read)


def atoms_like(it: Interpreter, grown: GrownList, value: Value) -> list[Atom]:
    """The leaves of a value put into this list, whose elements are of one structure."""
    atoms = element_atoms(it, value)
    if len(atoms) != len(grown.atoms):
        raise StructureError(
            "the elements of a list differ in structure",
            "keep elements of one structure in one list, and the others in a list of their own",
        )
    return atoms


def _freeze(it: Interpreter, value: Value) -> None:
    match value:
        case Array():
            it.state.frozen[value.cell] = SHARED_ELEMENT
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
    it.state.set(reference.cell, grown)
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


def subscript(it: Interpreter, base: Value, index: Value, hint: str) -> Value:
    """``base[index]`` for any kind of base."""
    if isinstance(base, Maybe):
        return subscript(it, base.value, index, hint)
    method = None if isinstance(base, Array) else classes.special(it, base, "__getitem__")
    if method is not None:
        return calls.call(it, method, [index], {})
    if isinstance(base, Lazy) and base.kind == "fields":
        copy = new_dict(it, list(_fields(it, base).items))
        return _from_reference(it, copy, index)
    if isinstance(base, Sequence):
        return _from_items(it, base, base.items, index, base.cls)
    if isinstance(base, Reference):
        return _from_reference(it, base, index)
    if isinstance(base, RangeValue):
        return ranges.subscript(it, base, index)
    if isinstance(base, Static):
        return _of_constant(it, base, index)
    _require_items(it, base)
    return arrays.getitem(it, base, index, hint)


def _require_items(it: Interpreter, base: Value) -> None:
    """A number has none, and is indexed with ``()`` or the like at most."""
    found = failing.class_of(it, base) if isinstance(base, Var | Const) else None
    if found in (bool, int, float):
        raise failing.not_possible(
            it,
            base,
            "{} object is not subscriptable",
            "a number is indexed",
            "index arrays, lists, tuples and dicts",
        )


def _of_constant(it: Interpreter, base: Static, index: Value) -> Value:
    """``base[index]`` of an object known when the function is compiled."""
    found = index_tricks.indexed(it, base.value, index)
    if found is not None:
        return found
    if isinstance(base.value, enum.EnumType):
        key = it.demand(index, "the name of a member")
        return Static(computed(it, lambda: base.value[key]))
    if isinstance(base.value, type) and hasattr(base.value, "__class_getitem__"):
        return base  # Stack[float]
    if isinstance(base.value, re.Match):
        key = it.demand(index, "the group of a match")
        return lift_constant(computed(it, lambda: base.value[key]))
    if not isinstance(base.value, str | bytes | tuple | list | dict | range):
        reason = f"{describe(base, it)} is indexed"
        hint = "index arrays, lists, tuples and dicts"
        if not hasattr(type(base.value), "__getitem__"):
            raise failing.not_possible(it, base, "{} object is not subscriptable", reason, hint)
        raise UnsupportedTypeError(reason, hint)
    if isinstance(base.value, str) and _decided_by_the_run(it, index):
        return arrays.getitem(it, base, index)
    if isinstance(index, SliceValue):
        return lift_constant(base.value[static_slice(it, index)])
    at = it.demand(index, "an index of a constant")
    return lift_constant(computed(it, lambda: base.value[at]))


def _decided_by_the_run(it: Interpreter, index: Value) -> bool:
    """Whether an index, or a bound of a slice, cannot become a fact."""
    parts = (index.start, index.stop, index.step) if isinstance(index, SliceValue) else (index,)
    return any(isinstance(p, Var) and not it.inputs.sources.get(p) for p in parts)


def _from_items(
    it: Interpreter, base: Value, items: tuple[Value, ...], index: Value, cls: type
) -> Value:
    if isinstance(index, SliceValue):
        part = items[static_slice(it, index)]
        return Sequence(part) if isinstance(base, Sequence) else new_list(it, list(part))
    if isinstance(index, Var) and regular(it, items) and not it.inputs.sources.get(index):
        if isinstance(items[0], Sequence):
            return _from_grown(it, grow(it, new_list(it, list(items))), index)
        return chosen(it, displayed(it, items), index)
    if isinstance(index, Var) and not it.inputs.sources.get(index) and len(items) <= FEW:
        if isinstance(index.type, Num) and index.type.rank == 0:
            return _chosen(it, items, index, cls)
    position = it.demand(index, "an index of a tuple or list")
    try:
        return it.present((items if isinstance(base, Sequence) else list(items))[position])
    except (IndexError, TypeError) as error:
        what = "test the length before" if isinstance(error, IndexError) else "use an integer"
        refusal = UnsupportedTypeError(f"{error} (length {len(items)}, index {position!r})", what)
        message = wording.said_of_index(cls, len(items), position)
        exceptions.may_fail(it, type(error), message, refusal)


def displayed(it: Interpreter, items: tuple[Value, ...]) -> Tup:
    """Numbers or arrays as one list, of which the run takes one: they are read here and now."""
    _share(it, items)
    return Tup(tuple(it.read(item) for item in items), is_list=True)


def chosen(it: Interpreter, display: Tup, index: Any) -> Value:
    """The element of a display at an index of the run's; no write may reach one alone."""
    value = it.emit(operator.getitem, display, index)
    _share(it, (value,))
    return value


def _share(it: Interpreter, items: tuple[Value, ...]) -> None:
    for item in items:
        if isinstance(item, Tensor):
            item = item.value
        if isinstance(item, Array):
            it.state.frozen.setdefault(item.cell, CHOSEN_ELEMENT)


def static_slice(it: Interpreter, index: SliceValue) -> slice:
    parts = (index.start, index.stop, index.step)
    return slice(*(it.demand(p, "a bound of a slice of a tuple or list") for p in parts))


def _from_reference(it: Interpreter, base: Reference, index: Value) -> Value:
    content = it.state.get(base.cell)
    match content:
        case DictContent():
            if is_unknown_key(it, index):
                return _at_unknown_key(it, content, index)  # type: ignore[arg-type]
            key = it.demand(index, "a key of a dict")
            return unassigned.decided(it, base, key, lambda d: _at_key(it, d, key))
        case ListContent():
            if _is_of_run(it, index) and regular(it, content.items):
                return _from_grown(it, grow(it, base), index)
            if is_slice_of_run(it, index) and regular(it, content.items):
                copy = grown_lists.as_grown(it, base)
                return _from_grown(it, it.state.get(copy.cell), index)
            return _from_items(it, base, content.items, index, content.cls)
        case GrownList():
            return _from_grown(it, content, index)
        case InstanceContent():
            raise UnsupportedTypeError(
                f"an object of class {content.cls.__name__} is indexed",
                "give its class __getitem__, or index a field",
            )
    raise UnsupportedTypeError(
        f"{describe(base, it)} is indexed", "index arrays, lists, tuples and dicts"
    )


def _at_key(it: Interpreter, base: Value, key: Any) -> Value:
    assert isinstance(base, Reference)
    content = it.state.get(base.cell)
    found = dict_get(content, key)
    return missing(it, base, content, key) if found is None else found


def is_unknown_key(it: Interpreter, key: Value) -> bool:
    """Whether a key of a dict is a text or an integer that the run chooses."""
    if not isinstance(key, Var) or it.inputs.sources.get(key):
        return False
    type_ = key.type
    is_integer = isinstance(type_, Num) and type_.rank == 0 and type_.dtype == "int64"
    return isinstance(type_, Opaque) or is_integer


def keys_for(it: Interpreter, content: DictContent, key: Var) -> list[Any]:
    """The keys of a dict that an unknown one can be equal to."""
    wanted = int | np.integer if isinstance(key.type, Num) else str | enum.Enum
    options = it.options_of(key)
    return [
        known
        for known, _ in content.items
        if isinstance(known, wanted) and (not options or known in options)
    ]


def at_each_key(
    it: Interpreter,
    content: DictContent,
    key: Var,
    act: Callable[[Any], Value],
    otherwise: Callable[[], Value],
) -> Value:
    """What `act` gives for the key of the dict that an unknown one is; `otherwise`, for none."""
    keys, options = keys_for(it, content, key), it.options_of(key)
    surely = bool(options) and all(option in keys for option in options)

    def among(k: int) -> Value:
        if k == len(keys):
            return otherwise()
        if surely and k == len(keys) - 1:
            return act(keys[k])
        same = it.atom(operator.eq, key, it.read(lift_constant(keys[k])))
        return conditions.either(it, same, lambda: act(keys[k]), lambda: among(k + 1))

    return among(0)


def _at_unknown_key(it: Interpreter, content: DictContent, key: Var) -> Value:
    """The value under a key that the run chooses."""
    require_certain(content)
    items = dict(content.items)

    def none() -> Value:
        if content.cls is not collections.Counter:
            exceptions.raise_error(it, KeyError, ())
        return Const(0)

    return at_each_key(it, content, key, items.__getitem__, none)


def require_certain(content: DictContent) -> None:
    """Refuse a dict of which it is not known what it holds under an unknown key."""
    counts = content.cls is collections.Counter and not content.items
    if content.factory is not None or content.uncertain or counts:
        raise UnsupportedTypeError(
            "a dict that makes its values is read at a key of the run's",
            "fill an ordinary dict with all keys first",
        )


def _store_at_unknown_key(it: Interpreter, base: Reference, key: Var, value: Value) -> None:
    """``d[key] = value`` at a key that the run chooses among those of the dict."""
    content = it.state.get(base.cell)
    options, known = it.options_of(key), [k for k, _ in content.items]
    if content.uncertain or not options or any(option not in known for option in options):
        raise UnsupportedTypeError(
            "a dict is given a key that only the run knows",
            "give it all keys before, and choose among them with if; or keep the values in a list"
            " or an array, at the place of a number",
        )

    def store(known: Any) -> Value:
        it.state.set(base.cell, it.state.get(base.cell).with_item(known, value))
        return Const(None)

    at_each_key(it, content, key, store, lambda: Const(None))


def _chosen(it: Interpreter, items: tuple[Value, ...], index: Var, cls: type) -> Value:
    """The item at an index of the run's, of a few that are no numbers."""

    def among(k: int) -> Value:
        if k == len(items):
            message = wording.said_of_index(cls, 0, 0)
            exceptions.raise_error(it, IndexError, (Static(message),))
        there = it.atom(operator.eq, index, Const(k))
        behind = it.atom(operator.eq, index, Const(k - len(items)))
        here = it.atom(operator.or_, there, behind)
        return conditions.either(it, here, lambda: items[k], lambda: among(k + 1))

    return among(0)


def missing(it: Interpreter, base: Reference, content: DictContent, key: Any) -> Value:
    """What reading a dict at a key that it lacks gives."""
    if content.cls is collections.Counter:
        return Const(0)
    method = classes.special(it, base, "__missing__")
    if method is not None:
        return calls.call(it, method, [lift_constant(key)], {})
    if content.factory is not None:
        held = it.hold(base)
        value = calls.call(it, content.factory, [], {})
        store_item(it, it.release(held), lift_constant(key), value)
        return value
    refusal = UnsupportedTypeError(
        f"the dict has no key {key!r}", "use d.get(key, default), or add the key before"
    )
    exceptions.may_fail(it, KeyError, key, refusal)
    return None


def _from_grown(it: Interpreter, content: GrownList, index: Value) -> Value:
    if isinstance(index, SliceValue):
        part = arrays.index_atom(it, index)
        atoms = tuple(it.atom(operator.getitem, a, part) for a in content.atoms)
        cell = Cell("list")
        cls = tuple if content.cls is tuple else list
        it.state.set(cell, GrownList(atoms, content.template, cls))
        return Reference(cell)
    at = it.read(index)
    if content.cls is not list:
        message = wording.said_of_index(content.cls, 0, 0)
        preconditions.check_bounds(it, at, it.atom(len, content.atoms[0], hint="n"), message)
    return element(it, content.template, [it.atom(operator.getitem, a, at) for a in content.atoms])


def store_item(it: Interpreter, base: Value, index: Value, value: Value) -> None:
    """``base[index] = value`` for any kind of base."""
    if isinstance(base, Maybe):
        base = base.value
    if isinstance(base, Lazy) and base.kind == "fields":
        objects.set_field(it, base.parts[0], it.demand(index, "the name of a field"), value)
        return None
    grown_tuples.require_changeable(
        it, base, "assigned", "{} object does not support item assignment"
    )
    if not isinstance(base, Reference):
        return arrays.setitem(it, base, index, value)
    method = classes.special(it, base, "__setitem__")
    if method is not None:
        calls.call(it, method, [index, value], {})
        return None
    store_builtin_item(it, base, index, value)
    return None


def store_builtin_item(it: Interpreter, base: Reference, index: Value, value: Value) -> None:
    """What the ``__setitem__`` of a list or dict does."""
    writable(it, base)
    content = it.state.get(base.cell)
    match content:
        case DictContent() if is_unknown_key(it, index):
            _store_at_unknown_key(it, base, index, value)  # type: ignore[arg-type]
        case DictContent():
            key = it.demand(index, "a key of a dict")
            it.state.set(base.cell, content.with_item(key, value))
        case ListContent() | GrownList():
            _store_element(it, base, content, index, value)
        case InstanceContent():
            raise UnsupportedTypeError(
                f"an item of an object of class {content.cls.__name__} is assigned",
                "give its class __setitem__, or assign a field",
            )


def _is_of_run(it: Interpreter, value: Value) -> bool:
    """Whether only the run knows a number."""
    return isinstance(value, Var) and not it.inputs.sources.get(value)


def is_slice_of_run(it: Interpreter, index: Value) -> bool:
    """Whether it is a slice of which only the run knows a bound."""
    if not isinstance(index, SliceValue):
        return False
    return any(_is_of_run(it, part) for part in (index.start, index.stop))


def _store_element(
    it: Interpreter, base: Reference, content: Any, index: Value, value: Value
) -> None:
    if isinstance(content, ListContent):
        if isinstance(index, SliceValue):
            _store_slice(it, base, index, value)
            return
        if not (isinstance(index, Var) and regular(it, content.items)):
            items = list(content.items)
            position = it.demand(index, "an index of a list")
            whole = isinstance(position, int | np.integer)
            if not whole or not -len(items) <= position < len(items):
                refusal = UnsupportedTypeError(
                    f"{position!r} is no index of a list of {len(items)}",
                    "append, or make the list longer before",
                )
                exceptions.may_fail(it, IndexError, "list assignment index out of range", refusal)
            items[position] = value
            it.state.set(base.cell, content.with_items(items))
            return
        content = grow(it, base)
    if isinstance(index, SliceValue):
        _store_slice(it, base, index, value)
        return
    at = it.read(index)
    pairs = zip(content.atoms, atoms_like(it, content, value), strict=True)
    atoms = tuple(it.atom(support.list_set, a, at, v) for a, v in pairs)
    it.state.set(base.cell, content.with_atoms(atoms))


def _store_slice(it: Interpreter, base: Reference, index: SliceValue, value: Value) -> None:
    held = it.hold(base)
    if grown_lists.is_grown(it, base) or is_slice_of_run(it, index):
        new_items = BUILTINS[list](it, [value], {})
        grown_lists.set_slice(it, it.release(held), index, new_items)  # type: ignore[arg-type]
        return
    new = iterables.known_items(it, value, "what is assigned to a slice of a list")
    base = it.release(held)  # type: ignore[assignment]
    content = it.state.get(base.cell)
    items = list(content.items)
    try:
        items[static_slice(it, index)] = new
    except ValueError as error:
        exceptions.may_fail(
            it,
            ValueError,
            str(error),
            UnsupportedTypeError(str(error), "assign as many elements as the slice has"),
        )
    it.state.set(base.cell, content.with_items(items))


def writable(it: Interpreter, reference: Reference) -> None:
    """Refuse to change an object of the caller's, or one that several names may stand for."""

    why = it.state.frozen.get(reference.cell)
    if why:
        arrays.require_parted(it, reference.cell)
        raise AliasingError(
            f"a list, dict or object is changed while {why}",
            "change a copy, or change it in each branch",
        )
    content = it.inputs.initial.get(reference.cell)
    if content is not None and not isinstance(content, InstanceContent):
        raise UnsupportedSyntaxError(
            "a list or dict of the caller's is changed",
            "change a copy (list(xs), dict(d)) and return it",
        )
