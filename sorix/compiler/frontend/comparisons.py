"""Comparisons: numbers by the run, structures item by item, objects by their methods, identity."""

from __future__ import annotations

import collections
import dataclasses
import functools
import operator
import types
from typing import Any, NoReturn

import numpy as np

from sorix.compiler.frontend import (
    absent,
    array_likes,
    beside_objects,
    calls,
    classes,
    conditions,
    containers,
    exceptions,
    failing,
    grown_tuples,
    likeness,
    numpy_calls,
    objects,
    open_dicts,
    prelude,
    prelude_lists,
    subscripts,
    texts,
    unassigned,
)
from sorix.compiler.frontend.builtin_table import BUILTINS
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.inputs import Guard
from sorix.compiler.frontend.interpreter import EXPRESSIONS, Interpreter
from sorix.compiler.frontend.values import (
    Array,
    Choice,
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
from sorix.compiler.ir.nodes import Atom, Const, Var
from sorix.compiler.ir.types import TEXT, Num, Opaque
from sorix.errors import UnsupportedTypeError

_COMPARE: dict[str, Any] = {
    "Lt": operator.lt, "LtE": operator.le, "Gt": operator.gt, "GtE": operator.ge,
    "Eq": operator.eq, "NotEq": operator.ne, "Is": operator.is_, "IsNot": operator.is_not,
    "In": operator.contains, "NotIn": operator.contains,
}  # fmt: skip

_SIGNS = {"Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">="}
_SWAPPED = {"Lt": "Gt", "LtE": "GtE", "Gt": "Lt", "GtE": "LtE", "Eq": "Eq", "NotEq": "NotEq"}


def compare(it: Interpreter, node: Any) -> Value:
    left = it.expr(node.left)
    return _compare_chain(it, left, list(zip(node.ops, node.comparators, strict=True)))


def _compare_chain(it: Interpreter, left: Value, parts: list[Any]) -> Value:
    (op, right_node), rest = parts[0], parts[1:]
    held = it.hold(left)
    right = it.expr(right_node)
    held_right = it.hold(right)
    value = compare_values(it, type(op).__name__, it.release(held), right)
    right = it.release(held_right)
    if not rest:
        return value
    cond = conditions.truth(it, value)
    if isinstance(cond, Var) and conditions.is_bool(cond):
        other = conditions.if_harmless(it, lambda: _compare_chain(it, right, rest))
        if other is not None:
            return it.atom(operator.and_, cond, other)
    return conditions.either(
        it, cond, lambda: _compare_chain(it, right, rest), lambda: Const(False)
    )


def compare_values(it: Interpreter, op: str, left: Value, right: Value) -> Value:
    """``left op right`` for any kinds of value."""
    fn = _COMPARE[op]
    if op not in ("Is", "IsNot", "In", "NotIn"):
        left, right = containers.as_number(left), containers.as_number(right)
    if op in ("Is", "IsNot"):
        return identity(it, fn, left, right)
    if op in ("In", "NotIn"):
        found = _contains(it, left, right)
        return found if op == "In" else it.atom(operator.not_, conditions.truth(it, found))
    for one, other in ((left, right), (right, left)):
        if _is_none(one) and isinstance(other, Maybe) and op in ("Eq", "NotEq"):
            return identity(it, operator.is_ if op == "Eq" else operator.is_not, other, one)
    left, right = _beside(it, left, right), _beside(it, right, left)
    if it.is_numeric(left) and it.is_numeric(right):
        result = it.emit(fn, it.read(left), it.read(right))
        if isinstance(left, Tensor) or isinstance(right, Tensor):
            return Tensor(result, False)
        return result
    left, right = _present(left), _present(right)
    if op in ("Eq", "NotEq"):
        left, right = _perhaps_none(left), _perhaps_none(right)
    objects_among = [_is_object(it, v, op) for v in (left, right)]
    if any(objects_among):
        return _by_method(it, op, left, right)
    return _compare_structures(it, op, fn, left, right)


def _beside(it: Interpreter, value: Value, other: Value) -> Value:
    """An operand; of a list or tuple, arrays and numbers of NumPy's beside it make an array."""
    if not isinstance(other, Var) or not array_likes.is_list(it, value):
        return array_likes.beside(it, value, other)
    type_ = it.type_of(other)
    if not isinstance(type_, Num) or not beside_objects.may_be_numpys(it, other):
        return value
    if type_.kind == "scalar" and other not in it.mixed:
        return numpy_calls.call_primitive(it, np.array, [value], {})
    raise UnsupportedTypeError(
        f"{describe(other, it)} is compared with {describe(value, it)}",
        "compare numbers, or the items one by one",
    )


def _present(value: Value) -> Value:
    return value.value if isinstance(value, Maybe) and not value.none else value


def _perhaps_none(value: Value) -> Value:
    """A text that may be None is a variable that may be either, which the run compares."""
    inner = value.value if isinstance(value, Maybe) else None
    return inner if isinstance(inner, Var) and isinstance(inner.type, Opaque) else value


def _is_none(value: Value) -> bool:
    return isinstance(value, Static) and value.value is None


def _truth_of(it: Interpreter, op: str, left: Value, right: Value) -> Atom:
    return conditions.truth(it, compare_values(it, op, left, right))


# -- structures -----------------------------------------------------------------------------


def _compare_structures(it: Interpreter, op: str, fn: Any, left: Value, right: Value) -> Value:
    if isinstance(left, Static | Const) and isinstance(right, Static | Const):
        return Const(containers.computed(it, lambda: bool(fn(left.value, right.value))))
    kinds = _kind(it, left), _kind(it, right)
    if None not in kinds:
        if kinds[0] is not kinds[1]:
            return _unlike(it, op, left, right)
        return _alike(it, op, kinds[0], left, right)
    _require_order(it, op, left, right)
    if isinstance(left, Static | Var) and isinstance(right, Static | Var):
        return it.emit(fn, it.read(left), it.read(right))
    if op in ("Eq", "NotEq") and not any(isinstance(v, Array | Maybe) for v in (left, right)):
        if any(k is not None for k in kinds) and any(_is_plain(v) for v in (left, right)):
            return Const(op == "NotEq")
    raise UnsupportedTypeError(
        f"{describe(left, it)} is compared with {describe(right, it)}",
        "compare numbers, or the items one by one",
    )


def _require_order(it: Interpreter, op: str, left: Value, right: Value) -> None:
    """Refuse to order a number beside None or a text, or raise what Python does."""
    numbers = [it.is_numeric(v) and isinstance(it.type_of(v), Num) for v in (left, right)]
    others = [v for v, n in zip((left, right), numbers, strict=True) if not n]
    if op in ("Eq", "NotEq") or len(others) != 1:
        return
    other = others[0]
    if isinstance(other, Static) and isinstance(other.value, str | None):
        raise failing.not_possible(
            it,
            other,
            f"a number and {{}} are not ordered by {op}",
            f"{describe(left, it)} is ordered beside {describe(right, it)}",
            "compare numbers, and test for None before",
        )


def _is_plain(value: Value) -> bool:
    """Whether it is a number, a string or None, which equals no container."""
    if isinstance(value, Var):
        return isinstance(value.type, Num) and value.type.rank == 0
    return isinstance(value, Static | Const)


def _unlike(it: Interpreter, op: str, left: Value, right: Value) -> Value:
    if op not in ("Eq", "NotEq"):
        _refuse_order(it, op, left, right)
    return Const(op == "NotEq")


def _refuse_order(it: Interpreter, op: str, left: Value, right: Value) -> NoReturn:
    refusal = UnsupportedTypeError(
        f"{describe(left, it)} is ordered beside {describe(right, it)}",
        "compare numbers, or the items one by one",
    )
    found = [failing.class_of(it, v) for v in (left, right)]
    one, other = (repr("object" if cls is None else cls.__name__) for cls in found)
    message = f"{_SIGNS[op]!r} not supported between instances of {one} and {other}"
    exceptions.may_fail(it, TypeError, message, refusal)


_SIGNS = {"Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">="}


def _kind(it: Interpreter, value: Value) -> type | None:
    """The kind of container a value is; None where it is none whose items are known."""
    content = containers.content_of(it, value)
    if isinstance(content, DictContent):
        return dict
    if isinstance(content, ListContent):
        return set if content.is_set else content.cls
    if isinstance(content, GrownList):
        return content.cls
    if isinstance(value, Sequence):
        return tuple
    if isinstance(value, Static) and isinstance(value.value, tuple | list | dict | set):
        return type(value.value)
    return None


def _alike(it: Interpreter, op: str, kind: Any, left: Value, right: Value) -> Value:
    if kind is dict:
        return _compare_dicts(it, op, left, right)
    one, two = containers.static_items(it, left), containers.static_items(it, right)
    if one is None or two is None:
        return _compared_by_the_run(it, op, left, right)
    if kind is set:
        facts = [{it.demand(v, "an element of a set") for v in items} for items in (one, two)]
        return Const(_COMPARE[op](*facts))
    if op in ("Eq", "NotEq"):
        equal: Atom = _all_equal(it, one, two)
        return equal if op == "Eq" else it.atom(operator.not_, equal)
    return _ordered(it, op, one, two)


def _compared_by_the_run(it: Interpreter, op: str, left: Value, right: Value) -> Value:
    """Lists or tuples, of which one is of a length that the run decides."""
    if op in ("Eq", "NotEq"):
        if () in (containers.static_items(it, v) for v in (left, right)):
            counts = (BUILTINS[len](it, [v], {}) for v in (left, right))
            return compare_values(it, op, *counts)
        equal = conditions.truth(
            it, calls.call_function(it, prelude_lists.equal, [left, right], {})
        )
        return equal if op == "Eq" else it.atom(operator.not_, equal)
    return calls.call_function(it, prelude_lists.ordered, [left, right, Static(_COMPARE[op])], {})


def _all_equal(it: Interpreter, one: tuple[Value, ...], two: tuple[Value, ...]) -> Atom:
    if len(one) != len(two):
        return Const(False)
    equal: Atom = Const(True)
    for k, (a, b) in enumerate(zip(one, two, strict=True)):
        compared = functools.partial(equal_items, it, a, b)
        settled = isinstance(equal, Const)
        found = compared() if settled else conditions.if_harmless(it, compared)
        if found is None:  # What comes after items that differ is not compared.
            rest = functools.partial(_all_equal, it, one[k:], two[k:])
            return it.read(conditions.either(it, equal, rest, lambda: Const(False)))
        equal = it.atom(operator.and_, equal, found)
        if isinstance(equal, Const) and not equal.value:
            return equal
    return equal


def equal_items(it: Interpreter, a: Value, b: Value) -> Atom:
    """Whether two items of containers are one, or equal: one bool, also of arrays."""
    if _one_array(a, b) and not a.steps:  # Each ``m[0]`` is another array.
        return Const(True)
    if _one_object(a, b):
        return Const(True)
    return it.read(conditions.as_bool(it, compare_values(it, "Eq", a, b)))


def _one_object(a: Value, b: Value) -> bool:
    """Whether two values certainly are one: a NaN, which is not equal to itself, is in the list
    that holds it."""
    if isinstance(a, Const) and isinstance(b, Const):
        return a.value is b.value
    if isinstance(a, Reference) and isinstance(b, Reference):
        return a.cell is b.cell
    return isinstance(a, Var) and a is b


def _compare_dicts(it: Interpreter, op: str, left: Value, right: Value) -> Value:
    if op not in ("Eq", "NotEq"):
        raise UnsupportedTypeError("dicts are ordered", "compare their items")
    contents = [containers.content_of(it, v) for v in (left, right)]
    one, two = (dict(containers.dict_items(content)) for content in contents)
    in_order = all(issubclass(content.cls, collections.OrderedDict) for content in contents)
    equal: Atom = Const(list(one) == list(two) if in_order else one.keys() == two.keys())
    if equal.value:
        equal = _all_equal(it, tuple(one.values()), tuple(two[k] for k in one))
    return equal if op == "Eq" else it.atom(operator.not_, equal)


def _ordered(it: Interpreter, op: str, one: tuple[Value, ...], two: tuple[Value, ...]) -> Value:
    """Tuples and lists are ordered by their first items that differ."""
    if not one or not two:
        return Const(_COMPARE[op](len(one), len(two)))
    same = equal_items(it, one[0], two[0])
    return conditions.either(
        it,
        same,
        lambda: _ordered(it, op, one[1:], two[1:]),
        lambda: compare_values(it, op, one[0], two[0]),
    )


# -- objects --------------------------------------------------------------------------------

_METHODS = {
    "Lt": "__lt__", "LtE": "__le__", "Gt": "__gt__", "GtE": "__ge__", "Eq": "__eq__",
    "NotEq": "__ne__",
}  # fmt: skip


def _is_object(it: Interpreter, value: Value, op: str) -> bool:
    """Whether the class of a value says how it is compared."""
    content = containers.content_of(it, value)
    return (
        isinstance(content, InstanceContent)
        or classes.special(it, value, _METHODS[op]) is not None
        or classes.special(it, value, _METHODS[_SWAPPED[op]]) is not None
    )


def _by_method(it: Interpreter, op: str, left: Value, right: Value) -> Value:
    sides = [(left, right, op), (right, left, _SWAPPED[op])]
    one, two = (classes.class_of_object(it, v) for v in (left, right))
    if one is not None and two is not None and one is not two and issubclass(two, one):
        sides.reverse()
    for owner, other, name in sides:
        cls = classes.class_of_object(it, owner)
        if cls is None:
            answer = classes.special(it, other, _METHODS[_SWAPPED[name]])
            asked = answer is not None or name in ("Eq", "NotEq")
            beside_objects.require_left(it, _COMPARE[name], owner, other, asked)
            continue
        if classes.from_dataclass(cls, _METHODS[name]):
            return _as_dataclasses(it, name, owner, other)
        if cls is types.SimpleNamespace and name in ("Eq", "NotEq"):
            return _as_namespaces(it, name, owner, other)
        if classes.is_method(it, cls, _METHODS[name]):
            found = calls.call_method(it, owner, _METHODS[name], [other], {})
            if not (isinstance(found, Static) and found.value is NotImplemented):
                return found
            continue
        if name == "NotEq" and _has_equality(it, cls):
            equal = _truth_of(it, "Eq", owner, other)
            return it.atom(operator.not_, equal)
    if op in ("Eq", "NotEq"):
        return identity(it, operator.is_ if op == "Eq" else operator.is_not, left, right)
    names = [getattr(failing.class_of(it, v), "__name__", "number") for v in (left, right)]
    raise failing.not_possible(
        it,
        left,
        f"{_SIGNS[op]!r} not supported between instances of {names[0]!r} and {names[1]!r}",
        f"{describe(left, it)} is compared with {describe(right, it)}",
        "compare numbers, or the items one by one",
    )


def _has_equality(it: Interpreter, cls: type) -> bool:
    return classes.from_dataclass(cls, "__eq__") or classes.is_method(it, cls, "__eq__")


def _as_dataclasses(it: Interpreter, op: str, left: Value, right: Value) -> Value:
    """What the comparison methods of a dataclass do: compare the fields as tuples."""
    one, two = containers.content_of(it, left), containers.content_of(it, right)
    if not isinstance(two, InstanceContent) or one.cls is not two.cls:
        return _unlike(it, op, left, right)
    names = [f.name for f in dataclasses.fields(one.cls) if f.compare]
    rows = [tuple(objects.attribute(it, v, n) for n in names) for v in (left, right)]
    return compare_values(it, op, Sequence(rows[0]), Sequence(rows[1]))


def _as_namespaces(it: Interpreter, op: str, left: Value, right: Value) -> Value:
    """Of ``SimpleNamespace``, the fields are compared, in whatever order they were set."""
    one, two = containers.content_of(it, left), containers.content_of(it, right)
    if not isinstance(two, InstanceContent) or two.cls is not one.cls:
        return _unlike(it, op, left, right)
    fields, others = objects.fields_of(it, one), objects.fields_of(it, two)
    if fields.keys() != others.keys():
        return Const(op == "NotEq")
    named = [name for name in fields if not _one_array(fields[name], others[name])]
    rows = [Sequence(tuple(row[name] for name in named)) for row in (fields, others)]
    return compare_values(it, op, *rows)


def _one_array(a: Value, b: Value) -> bool:
    """Whether it is one array twice, of which Python does not ask whether it equals itself."""
    return isinstance(a, Array) and isinstance(b, Array) and a.cell is b.cell and a.steps == b.steps


# -- identity -------------------------------------------------------------------------------


def identity(it: Interpreter, fn: Any, left: Value, right: Value) -> Value:
    left, right = _present(left), _present(right)
    for one, other in ((left, right), (right, left)):
        if _is_none(one):
            return _is_nothing(it, fn, other)
    if isinstance(left, Maybe) or isinstance(right, Maybe):
        raise _undecided()
    it.inputs.tells_apart = True
    if isinstance(left, Static | Const) and isinstance(right, Static | Const):
        return Const(_is_one(it, left, right) == (fn is operator.is_))
    if any(grown_tuples.is_tuple(it, v) for v in (left, right)):
        return _same_tuple(it, fn, left, right)
    if isinstance(left, Array | Reference) and type(left) is type(right):
        return _same_cell(it, fn, left, right)
    if any(_is_unknown(v) for v in (left, right)) and all(
        isinstance(v, Var | Const | Static) for v in (left, right)
    ):
        return it.atom(fn, it.read(left), it.read(right))
    if isinstance(left, Choice) or isinstance(right, Choice):
        return _same_choice(it, fn, left, right)
    for value, constant in ((left, right), (right, left)):
        if isinstance(constant, Const) and not isinstance(value, Const) and it.is_numeric(value):
            return _is_constant(it, fn, value, constant)
    if type(left) is not type(right):
        return Const(fn is operator.is_not)
    if left is right:
        return Const(fn is operator.is_)
    if _distinct(it, left, right):
        return Const(fn is operator.is_not)
    raise _undecided()


def _undecided() -> UnsupportedTypeError:
    return UnsupportedTypeError(
        "it cannot be decided whether these are one object", "compare with ==, or keep a flag"
    )


def _is_one(it: Interpreter, left: Static | Const, right: Static | Const) -> bool:
    """Whether two facts are one object; of equal texts and numbers, the caller may pass either."""
    one, other = left.value, right.value
    if type(one) is not type(other) or not isinstance(one, str | bytes | int | float):
        return one is other
    if one != other or isinstance(one, int) and (isinstance(one, bool) or one in _SMALL):
        return bool(one == other)
    paths = tuple(getattr(value, "path", None) for value in (left, right))
    if None in paths:
        raise _undecided()
    guard = Guard(paths[0], "same", paths[1]) if one is other else Guard(paths[0], "apart", paths)
    it.inputs.guards.append(guard)
    return one is other


_SMALL = range(-5, 257)
"""The integers of which Python has one object each."""


def _is_constant(it: Interpreter, fn: Any, value: Value, constant: Const) -> Value:
    """Whether a number that the run decides is ``True``, say: there is one object of each truth,
    of NumPy's, too; and NumPy's numbers and arrays are none of Python's."""
    kind = getattr(it.type_of(value), "kind", "array")
    if kind == "array" or kind == "scalar" and not isinstance(constant.value, np.generic):
        return Const(fn is operator.is_not)
    if isinstance(constant.value, bool):
        return it.atom(fn, it.read(value), constant)
    raise UnsupportedTypeError(
        "it cannot be decided whether these numbers are one object", "compare with =="
    )


def _is_unknown(value: Value) -> bool:
    """Whether it is an object, as a string or a member of an enumeration, that the run chooses."""
    return isinstance(value, Var) and isinstance(value.type, Opaque)


def _same_choice(it: Interpreter, fn: Any, left: Value, right: Value) -> Value:
    """Whether a function that the run chooses is a certain one."""
    chosen, other = (left, right) if isinstance(left, Choice) else (right, left)
    if not isinstance(chosen, Choice) or isinstance(other, Choice):
        raise UnsupportedTypeError(
            "it cannot be decided whether these are one function",
            "compare the condition that chooses them",
        )
    found: Atom = Const(False)
    for k, option in chosen.options:
        if likeness.same_function(option, other):
            found = it.atom(operator.eq, chosen.selector, Const(k))
    return found if fn is operator.is_ else it.atom(operator.not_, found)


def _distinct(it: Interpreter, left: Value, right: Value) -> bool:
    """Whether two tuples hold different arrays or objects, and so are not one tuple."""
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        if left.cls is not right.cls or len(left.items) != len(right.items):
            return True
        pairs = zip(left.items, right.items, strict=True)
        return any(_distinct(it, a, b) for a, b in pairs)
    if isinstance(left, Const) and isinstance(right, Const):
        return not likeness.same_constant(left, right)  # One tuple has one number in a place.
    if isinstance(left, Array | Reference) and isinstance(right, Array | Reference):
        cells = (left.cell, right.cell)
        return cells[0] is not cells[1] and not any(c in it.state.frozen for c in cells)
    return False


def _same_cell(it: Interpreter, fn: Any, left: Any, right: Any) -> Value:
    known = not any(v.cell in it.state.frozen for v in (left, right))
    if left.cell is not right.cell and known:
        return Const(fn is operator.is_not)
    if left.cell is right.cell and not any(getattr(v, "steps", ()) for v in (left, right)):
        return Const(fn is operator.is_)
    raise _undecided()


def _same_tuple(it: Interpreter, fn: Any, left: Value, right: Value) -> Value:
    """Of tuples whose length the run decides: Python keeps one for some that are equal."""
    if isinstance(left, Reference) and isinstance(right, Reference) and left.cell is right.cell:
        return Const(fn is operator.is_)
    if _kind(it, left) is not _kind(it, right):
        return Const(fn is operator.is_not)
    raise UnsupportedTypeError(
        "it cannot be decided whether these are one tuple", "compare with ==, or keep a flag"
    )


def _is_nothing(it: Interpreter, fn: Any, value: Value) -> Value:
    """``value is None``, or ``is not``."""
    if isinstance(value, Maybe):
        if value.present is not None:
            if fn is operator.is_not:
                assert isinstance(value.present, Var | Const)
                return value.present
            return it.atom(operator.not_, value.present)
        return it.atom(fn, it.read(value), Const(None))
    if isinstance(value, Var) and not isinstance(value.type, Num) and value.type != TEXT:
        return it.atom(fn, value, Const(None))
    return Const(_is_none(value) == (fn is operator.is_))


# -- membership -----------------------------------------------------------------------------


def _contains(it: Interpreter, item: Value, container: Value) -> Value:
    if isinstance(container, Maybe):
        fn, always = operator.contains, container.present is not None
        container = absent.value_of(it, container, TypeError, fn, None, 0, always=always)
    if isinstance(container, Static) and isinstance(item, Static | Const):
        texts.require_exact(container)
        return Const(containers.computed(it, lambda: item.value in container.value))
    if texts.is_text(container) and texts.is_text(item):
        return it.atom(operator.contains, it.read(container), it.read(item))
    if array_likes.has_dimensions(it, container) and it.is_numeric(item):
        equal = it.atom(operator.eq, it.read(container), it.read(item))
        return it.atom(bool, it.atom(np.any, equal))
    content = containers.content_of(it, container)
    if not isinstance(content, InstanceContent):
        method = classes.special(it, container, "__contains__")
        if method is not None:
            found = conditions.truth(it, calls.call(it, method, [item], {}))
            return found if isinstance(found, Const) else it.atom(bool, found)
    if isinstance(content, DictContent):
        if content.items and not content.uncertain and subscripts.is_unknown_key(it, item):
            yes, no = Const(True), Const(False)
            return subscripts.at_each_key(it, content, item, lambda k: yes, lambda: no)
        open_dicts.demand(it, content, item)
        key = it.demand(item, "a key of a dict")
        return unassigned.decided(it, container, key, lambda d: _has_key(it, d, key))
    if isinstance(content, InstanceContent):
        if hasattr(content.cls, "__contains__"):
            found = conditions.truth(
                it, calls.call_method(it, container, "__contains__", [item], {})
            )
            return found if isinstance(found, Const) else it.atom(bool, found)
        return _looked_for(it, item, container)
    if isinstance(container, Lazy) and container.kind not in containers.VIEWS:
        return _looked_for(it, item, container)
    if isinstance(container, RangeValue):
        return _in_range(it, item, container)
    if isinstance(content, GrownList):
        return _looked_for(it, item, container)
    if isinstance(content, ListContent) and content.is_set:
        open_dicts.demand(it, content, item)
    items = containers.static_items(it, container)
    if items is None:
        raise failing.not_iterable(
            it,
            container,
            "argument of type {} is not iterable",
            f"'in' looks into {describe(container, it)}",
            "compare with the items one by one",
        )
    return _equals_one(it, item, items)


def _equals_one(it: Interpreter, item: Value, items: tuple[Value, ...]) -> Value:
    inside: Atom = Const(False)
    for k, other in enumerate(items):
        if isinstance(inside, Const) and inside.value:
            return inside
        compared = functools.partial(equal_items, it, item, other)
        settled = isinstance(inside, Const)
        found = compared() if settled else conditions.if_harmless(it, compared)
        if found is None:  # What comes after the one that is found is not compared.
            rest = functools.partial(_equals_one, it, item, items[k:])
            return conditions.either(it, inside, lambda: Const(True), rest)
        inside = it.atom(operator.or_, inside, found)
    return inside


def _looked_for(it: Interpreter, item: Value, container: Value) -> Value:
    """Whether an iterable yields the item, or what is equal to it."""
    found = prelude.contains_equal if _equals_itself(it, item) else prelude.contains
    return calls.call_function(it, found, [container, item], {})


def _equals_itself(it: Interpreter, value: Value) -> bool:
    """Whether a value is certainly equal to itself, as a NaN is not."""
    if isinstance(value, Sequence):
        return value.cls is tuple and all(_equals_itself(it, item) for item in value.items)
    if isinstance(value, Static):
        return isinstance(value.value, str)
    type_ = it.type_of(value) if isinstance(value, Var | Const) else None
    return isinstance(type_, Num) and type_.rank == 0 and type_.is_float is False


def _has_key(it: Interpreter, container: Value, key: Any) -> Value:
    content = containers.content_of(it, container)
    return Const(containers.dict_get(content, key) is not None)


def _in_range(it: Interpreter, item: Value, container: RangeValue) -> Value:
    if not (isinstance(container.step, Const) and container.step.value == 1):
        raise UnsupportedTypeError("'in' looks into a range with a step", "compare its bounds")
    at = it.read(item)
    type_ = getattr(at, "type", None)
    if not (isinstance(type_, Num) and type_.dtype == "int64" and type_.rank == 0):
        raise UnsupportedTypeError("'in' looks for a float in a range", "compare its bounds")
    above = it.atom(operator.ge, at, container.start)
    below = it.atom(operator.lt, at, container.stop)
    return it.atom(operator.and_, above, below)


EXPRESSIONS["Compare"] = compare
