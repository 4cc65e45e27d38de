"""Dicts of lists whose keys the run decides.

The items of all lists are in one list, and beside each is the number of its own. So a list that is
put into such a dict is afterwards a row of it, by whatever name it is known.
"""

from __future__ import annotations

from sorix import support
from sorix.compiler.frontend import containers, open_dicts, prelude_dicts, prelude_steps, subscripts
from sorix.compiler.frontend.builtin_table import builtin
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.inputs import Demand
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.state import AMBIGUOUS
from sorix.compiler.frontend.values import (
    NONE,
    Cell,
    GrownList,
    InstanceContent,
    Kwargs,
    ListContent,
    Reference,
    Static,
    Value,
)
from sorix.compiler.ir.nodes import Const
from sorix.errors import UnsupportedTypeError


@builtin(prelude_steps.admitted)
def _admitted(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    owner, value = args
    if _is_list(it, value):
        place = containers.content_of(it, owner).fields["site"].value
        if place is not None and open_dicts.of_lists(place) not in it.inputs.demanded:
            raise Demand(frozenset([open_dicts.of_lists(place)]))
    return value


def _is_list(it: Interpreter, value: Value) -> bool:
    content = containers.content_of(it, value)
    return isinstance(content, ListContent | GrownList) and content.cls is list


@builtin(prelude_steps.is_row_of)
def _is_row_of(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    owner, value = args
    content = containers.content_of(it, value)
    if isinstance(content, InstanceContent) and content.cls is prelude_dicts.Row:
        if content.fields["owner"].cell is owner.cell:
            return Const(True)
    elif _is_list(it, value):
        return Const(False)
    raise UnsupportedTypeError(
        f"{describe(value, it)} is put into a dict of lists whose keys the run decides",
        "put in new lists only: [...], or list(...)",
    )


@builtin(prelude_steps.become_row)
def _become_row(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    value, owner, number = args
    assert isinstance(value, Reference)
    subscripts.writable(it, value)
    fields = {"owner": owner, "number": number}
    it.put(value.cell, InstanceContent(prelude_dicts.Row, fields))
    return NONE


def _row(it: Interpreter, cls: type, args: list[Value]) -> Value:
    cell = Cell("row")
    it.put(cell, InstanceContent(cls, dict(zip(("owner", "number"), args, strict=True))))
    # Whether two of them are one list is not asked: each time that it is read it is another cell.
    it.state.freeze(cell, AMBIGUOUS)
    return Reference(cell)


@builtin(prelude_steps.row)
def _row_of(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return _row(it, prelude_dicts.Row, args)


@builtin(prelude_steps.found_row)
def _found_row(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return _row(it, prelude_dicts.FoundRow, args)


@builtin(prelude_steps.places)
def _places(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    owners, number = args
    assert isinstance(owners, Reference)
    content = it.state.get(owners.cell)
    if isinstance(content, ListContent):
        if not content.items:
            return containers.new_list(it, [])
        content = containers.grow(it, owners)
    cell = Cell("places")
    atom = it.atom(support.places_of, content.atoms[0], it.read(number))
    it.put(cell, GrownList((atom,), content.template))
    return Reference(cell)


@builtin(prelude_steps.require_empty)
def _require_empty(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    if containers.static_items(it, args[0]) != () or isinstance(args[0], Static):
        raise UnsupportedTypeError(
            "get() of a dict of lists whose keys the run decides has a default that is not []",
            "write d.get(key, []), or test 'key in d' before",
        )
    return NONE


@builtin(prelude_steps.require_same)
def _require_same(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    one, other = (containers.content_of(it, v) for v in args)
    if isinstance(one, GrownList) and isinstance(other, GrownList):
        if one.atoms[0] is other.atoms[0]:
            return NONE
    elif one is other:
        return NONE
    raise UnsupportedTypeError(
        "a list in a dict whose keys the run decides is changed while a loop runs over one",
        "loop over a copy: for v in list(d[key])",
    )
