"""Texts with values in them: f-strings, ``str.format``, ``format()`` and ``%``."""

from __future__ import annotations

import operator
import re
import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sorix.compiler.frontend import (
    calls,
    classes,
    containers,
    grown_tuples,
    objects,
    special_results,
    subscripts,
    texts,
    trials,
)
from sorix.compiler.frontend.frames import Held
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import DictContent, Kwargs, Sequence, Static, Value
from sorix.compiler.ir.nodes import Atom, Const, Tup, Var
from sorix.compiler.ir.types import Num
from sorix.errors import UnsupportedCallError


@dataclass(frozen=True)
class Field:
    """A value in a text; `conversion` is "", "s", "r" or "a", `spec` texts and values."""

    value: Value
    conversion: str = ""
    spec: tuple[str | Value, ...] = ()


Part = str | Field


class Collected:
    """The parts of a text while they are evaluated: values are held, as others may branch."""

    def __init__(self, it: Interpreter) -> None:
        self._it = it
        self._parts: list[Any] = []

    def literal(self, text: str) -> None:
        self._parts.append(text)

    def field(self, value: Value, conversion: str, spec: list[str | Value]) -> None:
        held = [s if isinstance(s, str) else self._it.hold(s) for s in spec]
        self._parts.append((self._it.hold(value), conversion, held))

    def text(self) -> Value:
        return formatted(self._it, [self._released(p) for p in self._parts])

    def _released(self, part: Any) -> Part:
        if isinstance(part, str):
            return part
        value, conversion, spec = part
        parts = tuple(s if isinstance(s, str) else self._it.release(s) for s in spec)
        return Field(self._it.release(value), conversion, parts)


def formatted(it: Interpreter, parts: list[Part]) -> Value:
    """The text that the parts make: a constant where all are known."""
    fields = [p for p in parts if isinstance(p, Field)]
    known = [_known(it, f) for f in fields]
    if all(k is not None for k in known):
        found = iter(known)
        written = lambda: "".join(p if isinstance(p, str) else next(found)() for p in parts)  # noqa: E731
        return Static(containers.computed(it, written))
    template, atoms = "", []
    for part in parts:
        if isinstance(part, str):
            template += part.replace("{", "{{").replace("}", "}}")
        else:
            piece, found_atoms = _piece(it, part)
            template += piece
            atoms += found_atoms
    return texts.filled(it, template, atoms)


def made_of(it: Interpreter, parts: list[Any]) -> Value:
    """A text of texts and numbers."""
    return formatted(it, [p if isinstance(p, str) else Field(p) for p in parts])


_CONVERT: dict[str, Callable[[Any], Any]] = {"": lambda v: v, "s": str, "r": repr, "a": ascii}


def _known(it: Interpreter, field: Field) -> Callable[[], str] | None:
    """What writes a field of known values; None where a value is the run's."""
    known, value = texts.known_object(it, field.value)
    specs = [(True, s) if isinstance(s, str) else texts.known_object(it, s) for s in field.spec]
    if not known or not all(k for k, _ in specs):
        return None
    spec = "".join(str(s) for _, s in specs)
    return lambda: format(_CONVERT[field.conversion](value), spec)


def _piece(it: Interpreter, field: Field) -> tuple[str, list[Atom]]:
    """What stands in the template for a field, and the atoms it takes."""
    spec = "".join(s.replace("{", "{{") if isinstance(s, str) else "{}" for s in field.spec)
    inner = [it.read(s) for s in field.spec if not isinstance(s, str)]
    value, conversion = grown_tuples.shown(it, field.value), field.conversion
    if not conversion and not inner:
        trials.require_computable(it, format, [value, Static(spec)], {}, TypeError, ValueError)
    if not texts.is_plain(it, value):
        value, spec = _as_text(it, field, spec)
        conversion = ""
    atom = containers.nested_atom(it, value)
    ending = (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
    return "{" + ending + "}", [atom, *(inner if spec else [])]


def _as_text(it: Interpreter, field: Field, spec: str) -> tuple[Value, str]:
    """The text of a value that generated code does not have, and what remains of its format."""
    if field.conversion == "a":
        raise UnsupportedCallError("the conversion !a of an object", "use !r")
    if field.conversion == "r":
        return texts.repr_of(it, field.value), spec
    method = classes.special(it, field.value, "__format__")
    if field.conversion == "" and method is not None:
        if any(not isinstance(s, str) for s in field.spec):
            raise UnsupportedCallError(
                "an object is formatted as the run decides", "call a method of it"
            )
        found = calls.call(it, method, [Static("".join(map(str, field.spec)))], {})
        return special_results.required(it, "__format__", found), ""
    if field.conversion == "" and spec:
        raise UnsupportedCallError(
            "a format is given for an object that has none", "format its str(), or its numbers"
        )
    return texts.str_of(it, field.value), spec


# -- str.format -----------------------------------------------------------------------------


def str_format(it: Interpreter, template: str, args: list[Value], kwargs: Kwargs) -> Value:
    """``template.format(*args, **kwargs)``."""
    collected = Collected(it)
    _Template(it, args, kwargs).collect(template, collected)
    return collected.text()


class _Template:
    """The fields of a template for ``str.format``, with the arguments they name."""

    def __init__(self, it: Interpreter, args: list[Value], kwargs: Kwargs) -> None:
        self.it, self.args, self.kwargs = it, args, kwargs
        self._next = 0

    def collect(self, template: str, into: Collected) -> None:
        for literal, name, spec, conversion in self._parsed(template):
            into.literal(literal)
            if name is not None:
                value = self.it.hold(self._named(name))
                parts = self._spec(spec or "")
                into.field(self.it.release(value), conversion or "", parts)

    def _parsed(self, template: str) -> list[Any]:
        return containers.computed(self.it, lambda: list(string.Formatter().parse(template)))

    def _spec(self, spec: str) -> list[str | Value]:
        parts: list[str | Value] = []
        for literal, name, _, _ in self._parsed(spec):
            parts += [literal] if literal else []
            parts += [] if name is None else [self._named(name)]
        return parts

    def _named(self, name: str) -> Value:
        root, path = re.match(r"([^.\[]*)(.*)", name, re.DOTALL).groups()
        value = self._argument(root)
        for attribute, key in re.findall(r"\.([^.\[]+)|\[([^\]]+)\]", path):
            if attribute:
                value = objects.attribute(self.it, value, attribute)
            else:
                at: Value = Const(int(key)) if key.isdigit() else Static(key)
                value = subscripts.subscript(self.it, value, at, "t")
        return value

    def _argument(self, root: str) -> Value:
        if root == "":
            root = str(self._next)
            self._next += 1
        given = self.args[int(root) : int(root) + 1] if root.isdigit() else []
        if root in self.kwargs:
            given = [self.kwargs[root]]
        if not given:
            values = [None] * len(self.args)
            containers.computed(self.it, lambda: f"{{{root}}}".format(*values))
        return given[0]


# -- % --------------------------------------------------------------------------------------


_PERCENT = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?(?P<flags>[#0\- +]*(?:\*|\d+)?(?:\.(?:\*|\d+)?)?)[hlL]?(?P<kind>.)",
    re.DOTALL,
)


def percent(it: Interpreter, template: Value, right: Value) -> Value:
    """``template % right`` of a text."""
    texts.require_exact(template)
    trials.require_computable(it, operator.mod, [template, right], {}, TypeError, ValueError)
    known, values = texts.known_object(it, right)
    if isinstance(template, Static) and known:
        return containers.lift_constant(containers.computed(it, lambda: template.value % values))
    if not isinstance(template, Static):
        return _at_the_run(it, it.read(template), _operands(right))
    content = containers.content_of(it, right)
    if isinstance(content, DictContent) and "%(" in template.value:
        named = dict(containers.dict_items(content))
        return _substituted(it, template.value, [], named)
    return _substituted(it, template.value, _operands(right), None)


def _operands(right: Value) -> list[Value]:
    return list(right.items) if isinstance(right, Sequence) else [right]


def _substituted(
    it: Interpreter, template: str, values: list[Value], named: dict[Any, Value] | None
) -> Value:
    """The template without keys, and the values in their order; objects as their texts."""
    held: list[Value | Held] = [it.hold(v) for v in values]
    taken: list[Value | Held] = []

    def replaced(match: re.Match[str]) -> str:
        key, flags, kind = match["key"], match["flags"], match["kind"]
        if kind == "%":
            return match[0]
        for _ in range(flags.count("*")):
            taken.append(_next(it, template, held))
        if named is not None and key not in named:
            containers.computed(it, lambda: named[key])
        value = named[key] if named is not None else it.release(_next(it, template, held))
        text = kind in "sr" and not texts.is_plain(it, value)
        if text:
            value = texts.repr_of(it, value) if kind == "r" else texts.str_of(it, value)
        taken.append(it.hold(value))
        return f"%{flags}{'s' if text else kind}"

    found = _PERCENT.sub(replaced, template)
    if held:
        containers.computed(it, lambda: operator.mod("", (1,)))
    return _at_the_run(it, Const(found), [it.release(t) for t in taken])


def _next(it: Interpreter, template: str, held: list[Value | Held]) -> Value | Held:
    if not held:
        containers.computed(it, lambda: operator.mod("%s", ()))
    return held.pop(0)


def _at_the_run(it: Interpreter, template: Atom, values: list[Value]) -> Value:
    atoms = tuple(texts.shown(it, v) for v in values)
    single = len(atoms) == 1 and isinstance(atoms[0], Var) and isinstance(atoms[0].type, Num)
    operand = atoms[0] if single and atoms[0].type.rank == 0 else Tup(atoms)
    return it.builder.call(operator.mod, template, operand)
