"""Arguments of a differentiated call: their floats as variables of their own, and back.

`independent` copies an argument, whatever its structure, so that every number in it is a new
variable; `rebuilt` puts the cotangents of these variables into the same structure. Both walk in the
same order. Objects of dataclasses come back as such, others as a dict of their float fields.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

from sorix import support
from sorix.compiler.frontend import containers, objects, open_dicts
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    Cell,
    DictContent,
    GrownList,
    InstanceContent,
    ListContent,
    Maybe,
    Reference,
    Sequence,
    Static,
    Tensor,
    Value,
)
from sorix.compiler.ir.nodes import Assign, Atom, Var
from sorix.compiler.ir.types import Num
from sorix.errors import UnsupportedTypeError

Each = Callable[[Value], Value]


def independent(
    it: Interpreter, value: Value, found: list[Var], floats_only: bool = False
) -> Value:
    """A copy of an argument whose numbers are variables of their own, appended to `found`.

    With `floats_only`, integers stay what they are, and what is no number or container, too.
    """

    def variable(atom: Atom) -> Var:
        var = Var(getattr(atom, "hint", "x"), atom.type)
        it.builder.add(Assign((var,), atom, it.builder.origin))
        found.append(var)
        return var

    def leaf(number: Value) -> Value:
        atom = it.read(number)
        if floats_only and not may_move(it, number):
            return it.wrap(atom, contiguous=atom in it.in_order)
        wrapped = it.wrap(variable(atom), contiguous=atom in it.in_order)
        return Tensor(wrapped, True) if isinstance(number, Tensor) else wrapped

    def instance(content: InstanceContent, each: Each) -> Value:
        fields = {name: each(v) for name, v in objects.parts_of(it, content).items()}
        return _new_instance(it, content.cls, fields)

    def grown(content: GrownList) -> GrownList:
        return content.with_atoms(map(variable, content.atoms))

    return mapped(it, value, Visitor(leaf, instance, grown, tolerant=floats_only))


def may_move(it: Interpreter, number: Value) -> bool:
    """Whether a number or array can have a derivative."""
    type_ = it.type_of(number)
    return isinstance(type_, Num) and type_.is_float is not False


def rebuilt(
    it: Interpreter,
    value: Value,
    bars: Iterator[Atom | None],
    sources: Iterator[Var],
    floats_only: bool = False,
) -> Value:
    """The cotangents, zero where there is none, in the structure of the argument."""

    def cotangent() -> Atom:
        bar, source = next(bars), next(sources)
        return it.atom(support.zeros_like, source) if bar is None else bar

    def leaf(number: Value) -> Value:
        if floats_only and not may_move(it, number):
            return it.wrap(it.atom(support.zeros_like, it.read(number)))
        wrapped = it.wrap(cotangent())
        return Tensor(wrapped, number.requires_grad) if isinstance(number, Tensor) else wrapped

    def instance(content: InstanceContent, each: Each) -> Value:
        given = objects.parts_of(it, content)
        fields = {name: each(v) for name, v in given.items()}
        if dataclasses.is_dataclass(content.cls):
            others = {n: v for n, v in given.items() if not holds_floats(it, v)}
            return _new_instance(it, content.cls, fields | others)
        return containers.new_dict(
            it, [(n, v) for n, v in fields.items() if holds_floats(it, given[n])]
        )

    def grown(content: GrownList) -> GrownList:
        return content.with_atoms(cotangent() for _ in content.atoms)

    return mapped(it, value, Visitor(leaf, instance, grown, tolerant=floats_only))


@dataclasses.dataclass(frozen=True, slots=True)
class Visitor:
    """What becomes of a number, an object, and a list whose length only the run knows."""

    leaf: Each
    instance: Callable[[InstanceContent, Each], Value]
    grown: Callable[[GrownList], GrownList]
    tolerant: bool = False
    """Whether what is none of these stays as it is."""


def mapped(it: Interpreter, value: Value, visitor: Visitor) -> Value:
    def each(part: Value) -> Value:
        return mapped(it, part, visitor)

    if isinstance(value, Maybe):
        return each(value.value)
    if it.is_numeric(value):
        return visitor.leaf(value)
    if isinstance(value, Sequence):
        return Sequence(tuple(each(v) for v in value.items), value.cls)
    if isinstance(value, Static):
        return value
    content = containers.content_of(it, value)
    if isinstance(content, DictContent):
        return containers.new_dict(it, [(k, each(v)) for k, v in content.items])
    if isinstance(content, InstanceContent) and not open_dicts.is_open_class(content.cls):
        return visitor.instance(content, each)
    if isinstance(content, GrownList):
        cell = Cell("list")
        it.put(cell, visitor.grown(content))
        return Reference(cell)
    if isinstance(content, ListContent) and not content.is_set:
        cell = Cell("list")
        it.put(cell, dataclasses.replace(content, items=tuple(map(each, content.items))))
        return Reference(cell)
    items = containers.static_items(it, value)
    if items is not None and not isinstance(content, ListContent):
        return containers.new_list(it, [each(v) for v in items])
    if visitor.tolerant or isinstance(content, ListContent) and not holds_floats(it, value):
        return value
    raise UnsupportedTypeError(
        f"a gradient is taken with respect to {describe(value, it)}",
        "take it with respect to a number or an array",
    )


def _new_instance(it: Interpreter, cls: type, fields: dict[str, Value]) -> Value:
    cell = Cell(cls.__name__.lower())
    it.put(cell, InstanceContent(cls, fields))
    return Reference(cell)


def holds_floats(it: Interpreter, value: Value) -> bool:
    """Whether a field can have a gradient."""
    if isinstance(value, Maybe):
        return holds_floats(it, value.value)
    if it.is_numeric(value):
        type_ = it.type_of(value)
        return isinstance(type_, Num) and type_.is_float is not False
    content = containers.content_of(it, value)
    if isinstance(content, DictContent):
        return any(holds_floats(it, v) for _, v in content.items)
    if isinstance(content, GrownList):
        return content.template is not None and holds_floats(it, content.template)
    if isinstance(content, InstanceContent):
        return any(holds_floats(it, v) for v in objects.parts_of(it, content).values())
    items = None if isinstance(value, Static) else containers.static_items(it, value)
    return items is not None and any(holds_floats(it, v) for v in items)
