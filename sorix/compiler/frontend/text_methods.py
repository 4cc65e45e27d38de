"""Methods of strings, and operators and built-in functions on them.

Of a known string and known arguments the result is computed then; what the run makes is passed to
the method of the run's text.
"""

from __future__ import annotations

from typing import Any

from sorix.compiler.frontend import builtin_functions, containers, formatting, texts
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import (
    DictContent,
    GrownList,
    Kwargs,
    ListContent,
    Sequence,
    Static,
    Value,
)
from sorix.compiler.ir.inference.texts import METHODS
from sorix.compiler.ir.nodes import Atom, Const, Method, Tup, Var
from sorix.errors import UnsupportedCallError, UnsupportedTypeError


def call(it: Interpreter, owner: Value, name: str, args: list[Value], kwargs: Kwargs) -> Value:
    """``owner.name(*args, **kwargs)`` of a string."""
    texts.require_exact(owner)
    if name == "join" and len(args) == 1:
        return _joined(it, owner, args[0])
    if name in ("format", "format_map") and isinstance(owner, Static):
        return _formatted(it, owner.value, name, args, kwargs)
    given = [texts.known_object(it, a) for a in args]
    named = {k: texts.known_object(it, v) for k, v in kwargs.items()}
    if isinstance(owner, Static) and all(known for known, _ in (*given, *named.values())):
        plain = [value for _, value in given]
        options = {k: value for k, (_, value) in named.items()}
        found = containers.computed(it, lambda: getattr(owner.value, name)(*plain, **options))
        return containers.lifted(it, found)
    return _of_the_run(it, owner, name, args, kwargs)


def _formatted(
    it: Interpreter, template: str, name: str, args: list[Value], kwargs: Kwargs
) -> Value:
    if name == "format":
        return formatting.str_format(it, template, args, kwargs)
    content = containers.content_of(it, args[0])
    if not isinstance(content, DictContent):
        raise UnsupportedCallError("format_map() of what is no dict", "call format(**values)")
    return formatting.str_format(it, template, [], dict(containers.dict_items(content)))


def _of_the_run(
    it: Interpreter, owner: Value, name: str, args: list[Value], kwargs: Kwargs
) -> Value:
    if name not in METHODS or (isinstance(owner, Static) and isinstance(owner.value, bytes)):
        raise UnsupportedCallError(
            f"the string method {name}() of values computed by the run",
            "make the text outside the function",
        )
    atoms = [_argument(it, name, a) for a in args]
    options: dict[str, Any] = {k: _argument(it, name, v) for k, v in kwargs.items()}
    return it.builder.call(Method(name), it.read(owner), *atoms, **options)


def _argument(it: Interpreter, name: str, value: Value) -> Atom:
    if isinstance(value, Static | Const | Var):
        return it.read(value)
    if isinstance(value, Sequence) and value.cls is tuple:
        return Tup(tuple(_argument(it, name, v) for v in value.items))
    raise UnsupportedCallError(
        f"the string method {name}() of a text that the run makes is given {describe(value, it)}",
        "pass it texts and numbers only, or call it outside the function",
    )


# -- join -----------------------------------------------------------------------------------


def _joined(it: Interpreter, separator: Value, iterable: Value) -> Value:
    """``separator.join(iterable)``."""
    items = containers.static_items(it, iterable)
    if items is None:
        held = it.hold(separator)
        iterable = builtin_functions.collected(it, iterable)
        separator = it.release(held)
    content = containers.content_of(it, iterable)
    if isinstance(content, GrownList):
        return _joined_by_the_run(it, separator, content)
    if isinstance(content, ListContent):
        items = content.items
    if items is None:
        raise UnsupportedTypeError(f"join() of {describe(iterable, it)}", "give it a list of texts")
    return _joined_items(it, separator, items)


def _joined_items(it: Interpreter, separator: Value, items: tuple[Value, ...]) -> Value:
    known = [texts.known_object(it, v) for v in items]
    if isinstance(separator, Static) and all(k for k, _ in known):
        values = [value for _, value in known]
        return Static(containers.computed(it, lambda: separator.value.join(values)))
    for k, item in enumerate(items):
        if not texts.is_text(item):
            cls = builtin_functions.class_of(it, item)
            message = f"sequence item {k}: expected str instance, {cls.__name__} found"
            containers.computed(it, lambda message=message: _refuse(message))
    display = Tup(tuple(it.read(v) for v in items), is_list=True)
    return it.builder.call(Method("join"), it.read(separator), display)


def _refuse(message: str) -> None:
    raise TypeError(message)


def _joined_by_the_run(it: Interpreter, separator: Value, content: GrownList) -> Value:
    if len(content.atoms) != 1 or not texts.is_text(content.template):
        raise UnsupportedTypeError(
            "join() of a list whose items are no texts", "make texts of the items: str(v)"
        )
    return it.builder.call(Method("join"), it.read(separator), content.atoms[0])
