"""The structure of a value apart from its numbers: what a routine takes and returns.

`taken_apart` gives a value's numbers and arrays and its `Form`; `put_together` makes such a value
of other ones. Lists, tuples and dicts are taken apart; what is known when the function is
compiled, a function or an object stands in the form as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sorix.compiler.frontend import containers
from sorix.compiler.frontend.atoms import atom_type
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    Array,
    Bound,
    Cell,
    Closure,
    DictContent,
    GrownList,
    InstanceContent,
    ListContent,
    Maybe,
    MethodOf,
    Partial,
    Reference,
    Sequence,
    Static,
    Tensor,
    Value,
)
from sorix.compiler.ir.nodes import Assign, Atom, Const, Tup, Var
from sorix.errors import UnsupportedTypeError


@dataclass(frozen=True, slots=True)
class Form:
    """``kind`` "leaf", "same" (`extra` tells one from another, `value` is it), or a container's.

    Of a list whose length the run decides ("grown") the one part is the form of an element, of
    which `value` is an example.
    """

    kind: str
    parts: tuple[Form, ...] = ()
    extra: Any = None
    value: Any = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Form) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((self.kind, len(self.parts)))

    def _key(self) -> Any:
        return self.kind, self.parts, self.extra


LEAF = Form("leaf")


def taken_apart(it: Interpreter, value: Value, leaves: list[Value]) -> Form:
    """The form of a value, its numbers and arrays appended to `leaves`."""

    def parts(items: Any) -> tuple[Form, ...]:
        return tuple(taken_apart(it, item, leaves) for item in items)

    match value:
        case Var() | Const() | Array():
            leaves.append(value)
            return LEAF
        case Tensor():
            return Form("tensor", parts((value.value,)), value.requires_grad)
        case Sequence():
            return Form("tuple", parts(value.items), value.cls)
        case Maybe(none=False):
            return taken_apart(it, value.value, leaves)
        case Static():
            return Form("same", (), _identity(value.value), value)
        case Closure():
            held = (*value.defaults, *value.kw_defaults)
            return Form("same", (), (id(value.node), id(value.frame), *map(id, held)), value)
        case Bound():
            return Form("bound", parts((value.fn, value.owner)))
        case MethodOf():
            return Form("method", parts((value.owner,)), value.name)
        case Partial():
            names = tuple(name for name, _ in value.kwargs)
            held = (value.fn, *value.args, *(v for _, v in value.kwargs))
            return Form("partial", parts(held), names)
        case Reference():
            return _content_apart(it, value, leaves)
    raise UnsupportedTypeError(
        f"{describe(value, it)} is handed on by a function that calls itself",
        "pass numbers and arrays, and containers of them",
    )


def _content_apart(it: Interpreter, value: Reference, leaves: list[Value]) -> Form:
    content = containers.content_of(it, value)
    match content:
        case ListContent(cls=cls, longest=None) if cls is list:
            return Form("list", tuple(taken_apart(it, v, leaves) for v in content.items))
        case GrownList():
            leaves.extend(_named(it, atom) for atom in content.atoms)
            part = taken_apart(it, content.template, [])
            return Form("grown", (part,), content.cls, content.template)
        case DictContent(factory=None) if content.cls is dict and not content.uncertain:
            keys = tuple(key for key, _ in content.items)
            return Form("dict", tuple(taken_apart(it, v, leaves) for _, v in content.items), keys)
        case InstanceContent(external=None):
            names = tuple(content.fields)
            fields = tuple(taken_apart(it, v, leaves) for v in content.fields.values())
            return Form("object", fields, (content.cls, names))
    return Form("same", (), id(value.cell), value)


def _named(it: Interpreter, atom: Atom) -> Value:
    """A list as a variable."""
    if isinstance(atom, Var | Const):
        return atom
    var = Var("items", atom_type(atom))
    it.builder.add(Assign((var,), atom, it.builder.origin))
    return var


def fitted(it: Interpreter, value: Value, form: Form) -> Value:
    """The value, its lists of known length such as grow where those of the form do.

    What has another form all the same is handed back as it is.
    """
    match value:
        case Sequence() if form.kind == "grown" and value.cls is form.extra is tuple:
            return _grown(it, ListContent(value.items, tuple), form) or value
        case Sequence() if form.kind == "tuple" and len(form.parts) == len(value.items):
            pairs = zip(value.items, form.parts, strict=True)
            items = [fitted(it, item, part) for item, part in pairs]
            if all(a is b for a, b in zip(items, value.items, strict=True)):
                return value
            return Sequence(tuple(items), value.cls)
        case Reference() if form.kind == "grown":
            content = containers.content_of(it, value)
            if not (isinstance(content, ListContent) and content.cls is form.extra):
                return value
            return _grown(it, content, form) or value
    return value


def _grown(it: Interpreter, content: ListContent, form: Form) -> Value | None:
    cell = Cell("list")
    it.put(cell, content)
    if content.items:
        if not containers.regular(it, content.items):
            return None
        containers.grow(it, Reference(cell))
        return Reference(cell)
    width = len(leaves_of(it, form.value))
    empty = Tup((), is_list=True)
    it.put(cell, GrownList((empty,) * width, form.value, form.extra))
    return Reference(cell)


def leaves_of(it: Interpreter, value: Value) -> list[Value]:
    """The numbers and arrays of a value."""
    found: list[Value] = []
    taken_apart(it, value, found)
    return found


def _identity(value: Any) -> Any:
    if isinstance(value, str | bytes | int | float | type | None):
        return type(value), value
    return id(value)


def put_together(it: Interpreter, form: Form, leaves: Iterator[Value], cells: list[Cell]) -> Value:
    """A value of this form with other numbers and arrays; the cells it is made of in `cells`."""

    def parts() -> list[Value]:
        return [put_together(it, part, leaves, cells) for part in form.parts]

    def reference(content: Any) -> Reference:
        cell = Cell(form.kind)
        it.put(cell, content)
        cells.append(cell)
        return Reference(cell)

    match form.kind:
        case "leaf":
            leaf = next(leaves)
            if isinstance(leaf, Array):
                cells.append(leaf.cell)
            return leaf
        case "tensor":
            return Tensor(parts()[0], form.extra)
        case "tuple":
            return Sequence(tuple(parts()), form.extra)
        case "bound":
            fn, owner = parts()
            return Bound(fn, owner)
        case "method":
            return MethodOf(parts()[0], form.extra)
        case "partial":
            fn, *held = parts()
            count = len(held) - len(form.extra)
            named = zip(form.extra, held[count:], strict=True)
            return Partial(fn, tuple(held[:count]), tuple(named))
        case "list":
            return reference(ListContent(tuple(parts())))
        case "grown":
            atoms = [next(leaves) for _ in leaves_of(it, form.value)]
            return reference(GrownList(tuple(atoms), form.value, form.extra))
        case "dict":
            return reference(DictContent(tuple(zip(form.extra, parts(), strict=True))))
        case "object":
            cls, names = form.extra
            return reference(InstanceContent(cls, dict(zip(names, parts(), strict=True))))
    found: Value = form.value
    return found
