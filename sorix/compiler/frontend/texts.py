"""How values are shown as text: ``str``, ``repr``, ``format``, f-strings, ``%`` and ``print``.

What is known when the function is compiled is a text then. Of all else, Python itself writes the
text of a structure in which a `Mark` stands for each number, array and text of the run; it becomes
``"...{!r}...".format(...)``.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from sorix.compiler.frontend import (
    classes,
    containers,
    grown_tuples,
    objects,
    special_results,
)
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.interpreter import Interpreter
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
from sorix.compiler.frontend.wording import Approximate
from sorix.compiler.ir.nodes import Atom, Const, Method, Var
from sorix.compiler.ir.types import TEXT
from sorix.errors import CompileError, UnsupportedCallError, UnsupportedTypeError


def require_exact(value: Value) -> None:
    """Refuse to look into the text of an exception that this text only stands for."""
    if isinstance(value, Static) and isinstance(value.value, Approximate):
        raise UnsupportedTypeError(
            "the text of an exception that Python itself raises is used, and is not known before"
            " the run",
            "write a text of your own",
        )


def is_text(value: Value) -> bool:
    """Whether it is a string, known or of the run."""
    if isinstance(value, Static):
        return isinstance(value.value, str)
    return isinstance(value, Var) and value.type == TEXT


# -- atoms ----------------------------------------------------------------------------------


def shown(it: Interpreter, value: Value) -> Atom:
    """A value as ``print()`` and ``str()`` show it: itself where the run can, else its text."""
    value = grown_tuples.shown(it, value)
    if isinstance(value, Maybe) and not value.none:
        value = value.value
    return containers.nested_atom(it, value if is_plain(it, value) else str_of(it, value))


def is_plain(it: Interpreter, value: Value) -> bool:
    """Whether generated code has the value as an object that shows itself."""
    match value:
        case Var() | Const() | Array():
            return True
        case Static():
            require_exact(value)
            if isinstance(value.value, np.dtype):  # Generated code says np.float64 for it.
                return False
            return not (isinstance(value.value, type) and classes.is_local(value.value))
        case Maybe():
            return it.is_numeric(value)
        case Sequence():
            return value.cls is tuple and all(is_plain(it, v) for v in value.items)
    content = containers.content_of(it, value)
    if isinstance(content, ListContent):
        return content.cls is list and all(is_plain(it, v) for v in content.items)
    return isinstance(content, GrownList) and content.cls is list and is_list_of_atoms(content)


def is_list_of_atoms(content: GrownList) -> bool:
    """Whether generated code has a list of unknown length as one list."""
    return len(content.atoms) == 1 and not isinstance(content.template, Sequence)


# -- structures -----------------------------------------------------------------------------


class Mark:
    """Stands in a structure for what the run computes; `raw` where it is a text already."""

    def __init__(self, number: int, raw: bool = False) -> None:
        self.number, self.raw = number, raw

    def __repr__(self) -> str:
        return f"\0{self.number}\0" if self.raw else f"\0{self.number}!r\0"

    def __str__(self) -> str:
        return f"\0{self.number}\0"


class Written:
    """Stands in a structure for what a text known already shows."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


class Structure:
    """A value as an object that Python can write, and the atoms that its marks stand for."""

    def __init__(self, it: Interpreter) -> None:
        self.it = it
        self.atoms: list[Atom] = []
        self._around: list[Cell] = []

    def text(self, value: Value, write: Callable[[Any], str]) -> Value:
        """What `write` (str or repr) makes of the value."""
        template = _template(write(self.object(value, write is str)))
        if not self.atoms:
            return Static(template.format())
        return filled(self.it, template, self.atoms)

    def mark(self, value: Value, raw: bool = False) -> Mark:
        self.atoms.append(self.it.read(value))
        return Mark(len(self.atoms) - 1, raw)

    def object(self, value: Value, outermost: bool = False) -> Any:
        it = self.it
        match value:
            case Const():
                return value.value
            case Static():
                return self._constant(value)
            case Var() | Array():
                return self.mark(value)
            case Maybe() if not value.none:
                return self.object(value.value, outermost)
            case Maybe() if it.is_numeric(value):
                return self.mark(value)
            case RangeValue():
                return self._range(value)
            case SliceValue():
                return slice(*map(self.object, (value.start, value.stop, value.step)))
            case Lazy() if value.kind in containers.VIEWS:
                return self._view(value)
            case Sequence():
                return self._written(value, value.cls, outermost, lambda: self._tuple(value))
            case Reference() if grown_tuples.is_tuple(it, value):
                return self._grown_tuple(value)
            case Reference():
                return self._content(value, outermost)
        raise _unknown(describe(value, it))

    def _constant(self, value: Static) -> Any:
        require_exact(value)
        item = value.value
        if isinstance(item, type) and classes.is_local(item):
            raise _unknown("a class that the function defines")
        if isinstance(item, str | bytes | int | float | None | np.dtype) or item is Ellipsis:
            return item
        return self.mark(value)

    def _tuple(self, value: Sequence) -> Any:
        items = self._items(value.items)
        return tuple(items) if value.cls is tuple else value.cls._make(items)  # type: ignore[attr-defined]

    def _grown_tuple(self, value: Value) -> Mark:
        found = grown_tuples.shown(self.it, value)
        if found is value:
            raise _unknown("a tuple of tuples whose length the run decides")
        return self.mark(found)

    def _items(self, items: Any) -> list[Any]:
        """Showing one item may call methods, which may branch: the others are held."""
        held = [self.it.hold(item) for item in items]
        return [self.object(self.it.release(h)) for h in held]

    def _range(self, value: RangeValue) -> Any:
        ends = [self.object(a) for a in (value.start, value.stop, value.step)]
        text = f"range({ends[0]}, {ends[1]}" + ("" if ends[2] == 1 else f", {ends[2]}") + ")"
        return Written(text)

    def _view(self, value: Lazy) -> Any:
        if value.kind == "fields":
            return self._dict(containers.content_of(self.it, value))
        shown = self._dict(containers.content_of(self.it, value.parts[0]))
        return getattr(shown, value.kind)()

    def _dict(self, content: DictContent) -> Any:
        pairs = containers.dict_items(content)
        items = dict(zip((k for k, _ in pairs), self._items(v for _, v in pairs), strict=True))
        if content.cls is collections.Counter and self.atoms:
            raise _unknown("a Counter whose counts the run decides")
        if content.cls is collections.defaultdict:
            return self._default_dict(content, items)
        return content.cls(items) if content.cls.__module__ == "collections" else items

    def _default_dict(self, content: DictContent, items: dict[Any, Any]) -> Any:
        factory = content.factory
        if factory is not None and not (
            isinstance(factory, Static) and isinstance(factory.value, type)
        ):
            raise _unknown("a defaultdict made with a function")
        return collections.defaultdict(None if factory is None else factory.value, items)

    def _content(self, value: Reference, outermost: bool) -> Any:
        if value.cell in self._around:
            raise _unknown("an object that contains itself")
        self._around.append(value.cell)
        try:
            return self._content_of(value, self.it.state.get(value.cell), outermost)
        finally:
            self._around.pop()

    def _content_of(self, value: Reference, content: Any, outermost: bool) -> Any:
        match content:
            case ListContent() if content.is_set and len(content.items) > 1:
                raise UnsupportedCallError(
                    "a set is printed, whose order is another in every run",
                    "print sorted(...) of it",
                )
            case ListContent() if content.longest is not None:
                return collections.deque(self._items(content.items), content.longest)
            case ListContent():
                return content.cls(self._items(content.items))
            case GrownList() if is_list_of_atoms(content):
                return self.mark(content.atoms[0])
            case DictContent():
                return self._written(value, content.cls, outermost, lambda: self._dict(content))
            case InstanceContent():
                made = lambda: self._instance(value, content)  # noqa: E731
                return self._written(value, content.cls, outermost, made)
        raise _unknown("a list of tuples whose length the run decides")

    def _written(
        self, value: Value, cls: type, outermost: bool, otherwise: Callable[[], Any]
    ) -> Any:
        """What the class of an object writes of it, where it says so in Python."""
        for name in ("__str__", "__repr__") if outermost else ("__repr__",):
            method = classes.written(self.it, cls, name)
            if method is not None and not _of_named_tuples(method):
                found = special_results.of(self.it, value, name)
                if isinstance(found, Static) and isinstance(found.value, str):
                    return Written(found.value)
                return self.mark(found, raw=True)
            if name == "__str__" and name in vars(cls):
                break
        return otherwise()

    def _instance(self, value: Reference, content: InstanceContent) -> Any:
        cls = content.cls
        if issubclass(cls, BaseException):
            return self._exception(content)
        if classes.from_dataclass(cls, "__repr__"):
            return self._dataclass(value, cls)
        raise UnsupportedCallError(
            f"an object of class {cls.__name__} is printed", "print its fields"
        )

    def _exception(self, content: InstanceContent) -> Any:
        args = content.fields.get("args")
        if not isinstance(args, Sequence) or classes.is_local(content.cls):
            raise _unknown(f"an object of class {content.cls.__name__}")
        try:
            return content.cls.__new__(content.cls, *self._items(args.items))
        except CompileError:
            raise
        except Exception:
            raise _unknown(f"an object of class {content.cls.__name__}") from None

    def _dataclass(self, value: Reference, cls: Any) -> Any:
        names = [f.name for f in dataclasses.fields(cls) if f.repr]
        parts = self._items([objects.attribute(self.it, value, name) for name in names])
        inner = ", ".join(f"{n}={p!r}" for n, p in zip(names, parts, strict=True))
        return Written(f"{cls.__qualname__}({inner})")


def _of_named_tuples(method: Value) -> bool:
    """Whether it is the ``__repr__`` that every named tuple has."""
    code = getattr(method.value, "__code__", None) if isinstance(method, Static) else None
    return code is not None and code.co_filename == collections.__file__


def _unknown(what: str) -> UnsupportedCallError:
    return UnsupportedCallError(
        f"the text that shows {what} is not known", "make a text of its parts"
    )


_MARKS = re.compile("\0(\\d+(?:!r)?)\0")


def _template(text: str) -> str:
    """The text with braces in the place of marks, as ``format`` takes it.

    In order, each once, they need no numbers.
    """
    parts = _MARKS.split(text)
    plain = [part.replace("{", "{{").replace("}", "}}") for part in parts[::2]]
    marks = parts[1::2]
    in_order = [m.partition("!")[0] for m in marks] == [str(k) for k in range(len(marks))]
    fields = ["{" + (m.lstrip("0123456789") if in_order else m) + "}" for m in marks]
    return "".join(a + b for a, b in zip(plain, [*fields, ""], strict=True))


def str_of(it: Interpreter, value: Value) -> Value:
    """``str(value)``."""
    return _text_of(it, value, str)


def repr_of(it: Interpreter, value: Value) -> Value:
    """``repr(value)``."""
    return _text_of(it, value, repr)


def _text_of(it: Interpreter, value: Value, write: Callable[[Any], str]) -> Value:
    if isinstance(value, Tensor):
        raise UnsupportedCallError("a tensor is printed", "print t.item(), or t.detach().numpy()")
    if isinstance(value, Maybe) and not value.none:
        value = value.value
    require_exact(value)
    known, found = known_object(it, value)
    if known:
        return Static(write(found))
    if is_plain(it, value):
        template = "{}" if write is str else "{!r}"
        return filled(it, template, [containers.nested_atom(it, value)])
    return Structure(it).text(value, write)


def filled(it: Interpreter, template: str, atoms: list[Atom]) -> Var:
    """``template.format(*atoms)``; a text alone is what it is."""
    if template == "{}" and isinstance(atoms[0], Var) and atoms[0].type == TEXT:
        return atoms[0]
    return it.builder.call(Method("format"), Const(template), *atoms)


def known_object(it: Interpreter, value: Value) -> tuple[bool, Any]:
    """Whether a value is known, with all it contains, and shows the same in every run; and it."""
    require_exact(value)
    known, found = containers.python_object(it, value)
    return (True, found) if known and _writes_itself(found) else (False, None)


def _writes_itself(value: Any) -> bool:
    """Whether its text is the same in every process: no address stands in it."""
    if isinstance(value, list | tuple):
        return all(map(_writes_itself, value))
    if isinstance(value, dict):
        return all(map(_writes_itself, (*value, *value.values())))
    return value is None or isinstance(value, _FACTS)


_FACTS = (
    str, bytes, int, float, complex, np.integer, np.bool_, enum.Enum, range, type(...),
    datetime.date, datetime.time, datetime.timedelta, decimal.Decimal, fractions.Fraction,
    np.dtype,
)  # fmt: skip
