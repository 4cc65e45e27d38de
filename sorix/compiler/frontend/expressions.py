"""Expressions: names, constants, operators, displays, comprehensions, f-strings."""

from __future__ import annotations

import enum
import operator
from collections.abc import Iterator
from typing import Any, NoReturn

import gast

from sorix import support
from sorix.compiler.frontend import (
    absent,
    array_likes,
    arrays,
    assignment,
    beside_objects,
    branching,
    calls,
    chosen_items,
    classes,
    conditions,
    containers,
    exceptions,
    failing,
    formatting,
    grown_tuples,
    iterables,
    likeness,
    list_methods,
    loops,
    objects,
    open_dicts,
    open_sets,
    operands,
    prelude_lists,
    subscripts,
    texts,
    trials,
    unassigned,
    wording,
)
from sorix.compiler.frontend.builtin_table import BUILTINS
from sorix.compiler.frontend.describing import describe
from sorix.compiler.frontend.exits import assigned_names
from sorix.compiler.frontend.frames import Frame
from sorix.compiler.frontend.interpreter import EXPRESSIONS, Interpreter
from sorix.compiler.frontend.values import (
    SENT,
    Array,
    Cell,
    Closure,
    DictContent,
    GrownList,
    InstanceContent,
    Lazy,
    ListContent,
    Maybe,
    Reference,
    Sequence,
    SliceValue,
    Static,
    Tensor,
    Value,
    computed_with,
)
from sorix.compiler.ir.nodes import Const, Var
from sorix.errors import UnsupportedTypeError

OPERATORS: dict[str, Any] = {
    "Add": operator.add, "Sub": operator.sub, "Mult": operator.mul, "Div": operator.truediv,
    "FloorDiv": operator.floordiv, "Mod": operator.mod, "Pow": operator.pow,
    "MatMult": operator.matmul, "BitAnd": operator.and_, "BitOr": operator.or_,
    "BitXor": operator.xor, "LShift": operator.lshift, "RShift": operator.rshift,
}  # fmt: skip

SETS = {
    operator.or_: "union", operator.and_: "intersection", operator.sub: "difference",
    operator.xor: "symmetric_difference",
}  # fmt: skip

DUNDER = {
    operator.add: "add", operator.sub: "sub", operator.mul: "mul", operator.truediv: "truediv",
    operator.floordiv: "floordiv", operator.mod: "mod", operator.pow: "pow",
    operator.matmul: "matmul", operator.and_: "and", operator.or_: "or", operator.xor: "xor",
    operator.lshift: "lshift", operator.rshift: "rshift",
}  # fmt: skip


def name(it: Interpreter, node: Any) -> Value:
    return unassigned.load(it, node.id)


def constant(it: Interpreter, node: Any) -> Value:
    value = node.value
    if isinstance(value, bool | int | float):
        return Const(value)
    if isinstance(value, complex):
        raise UnsupportedTypeError("a complex constant", "compute real and imaginary parts")
    return Static(value)


def bin_op(it: Interpreter, node: Any) -> Value:
    """Left-nested chains are walked, not recursed into: a + b + c + ... may be long."""
    chain = []
    while isinstance(node, gast.BinOp):
        chain.append(node)
        node = node.left
    value = operands.left_operand(it, node, chain[-1].right)
    for link in reversed(chain):
        it.position = link
        held = it.hold(value)
        right = operands.right_operand(it, link.right, value)
        value = binary(it, OPERATORS[type(link.op).__name__], it.release(held), right)
    return value


def binary(it: Interpreter, fn: Any, left: Value, right: Value) -> Value:
    """``left op right`` for any kinds of value."""
    if all(isinstance(v, Static) and isinstance(v.value, enum.Flag) for v in (left, right)):
        return containers.lift_constant(fn(left.value, right.value))
    if fn is operator.mod and texts.is_text(left):
        return formatting.percent(it, left, right)
    left, right = (containers.as_number(computed_with(v)) for v in (left, right))
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        return tensor_call(it, fn, left, right)
    if fn not in _OF_ALL_NUMBERS or not (it.is_numeric(left) and it.is_numeric(right)):
        trials.require_possible(it, fn, [left, right])
    if it.is_numeric(left) and it.is_numeric(right):
        return it.emit(fn, it.read(left), it.read(right))
    left, right = _beside_array(it, left, right), _beside_array(it, right, left)
    if it.is_numeric(left) and it.is_numeric(right):
        return it.emit(fn, it.read(left), it.read(right))
    found = _by_method(it, fn, left, right)
    if found is None:
        found = _structural(it, fn, *_both_there(it, fn, left, right))
    if found is None:
        _refuse_operands(it, fn, left, right)
    return found


def _refuse_operands(it: Interpreter, fn: Any, left: Value, right: Value) -> NoReturn:
    """Raise where Python has no such operator for a number and None or a text."""
    sign = _SIGNS.get(fn, fn.__name__)
    refusal = UnsupportedTypeError(
        f"the operator {sign} is applied to {describe(left, it)} and {describe(right, it)}",
        _instead_of(left, right),
    )
    numbers = [it.is_numeric(v) and not isinstance(v, Maybe) for v in (left, right)]
    others = [v for v, n in zip((left, right), numbers, strict=True) if not n]
    asked = all(isinstance(containers.content_of(it, v), InstanceContent) for v in others)
    if asked or any(numbers) and all(_lacks_operator(fn, v, v is left) for v in others):
        names = [getattr(failing.class_of(it, v), "__name__", "number") for v in (left, right)]
        message = f"unsupported operand type(s) for {sign}: '{names[0]}' and '{names[1]}'"
        exceptions.may_fail(it, TypeError, message, refusal)
    raise refusal


def _both_there(it: Interpreter, fn: Any, left: Value, right: Value) -> tuple[Value, Value]:
    """The operands, of which a structure may be None on some paths."""
    names = [getattr(failing.class_of(it, v), "__name__", "object") for v in (left, right)]
    for k, value in enumerate((left, right)):
        if isinstance(value, Maybe) and value.none and value.present is not None:
            one, other = ("NoneType", names[1]) if k == 0 else (names[0], "NoneType")
            sign = _SIGNS.get(fn, fn.__name__)
            said = f"unsupported operand type(s) for {sign}: '{one}' and '{other}'"
            there = absent.required(it, value, TypeError, wording.Approximate(said))
            return _both_there(it, fn, *((there, right) if k == 0 else (left, there)))
    return left, right


def _lacks_operator(fn: Any, value: Value, is_left: bool) -> bool:
    """Whether None or a text has no such operator with a number."""
    if containers.is_none(value):
        return value is not SENT
    formats = fn is operator.mod and is_left
    is_known_text = isinstance(value, Static) and isinstance(value.value, str)
    return is_known_text and fn is not operator.mul and not formats


_SIGNS = {
    operator.add: "+", operator.sub: "-", operator.mul: "*", operator.truediv: "/",
    operator.floordiv: "//", operator.mod: "%", operator.pow: "**", operator.matmul: "@",
}  # fmt: skip


_OF_ALL_NUMBERS = set(_SIGNS) - {operator.matmul}


def _instead_of(left: Value, right: Value) -> str:
    if left is SENT or right is SENT:
        return "give the generator what it needs as arguments, or write a class with a method"
    return "apply it to numbers and arrays"


def _beside_array(it: Interpreter, value: Value, other: Value) -> Value:
    """A list beside an array is an array; one of floats also beside a number of NumPy's."""
    value = array_likes.beside(it, value, other)
    return array_likes.array_of(it, value) if isinstance(other, Array) else value


def tensor_call(it: Interpreter, fn: Any, *args: Value, **options: Any) -> Tensor:
    """A primitive of tensors: its result requires grad where an argument does."""
    atoms = [it.read(a) for a in args]
    value = it.emit(fn, *atoms, **options)
    grad = it.grad_enabled and any(isinstance(a, Tensor) and a.requires_grad for a in args)
    if not it.grad_enabled:
        value = stopped(it, value)
    return Tensor(value, grad)


def stopped(it: Interpreter, value: Value) -> Value:
    """The value as a constant of differentiation; for a tensor's it is the same memory."""
    it.exposed.add(it.read(value))
    constant = it.emit(support.detach, it.read(value))
    arrays.share(it, value, constant)
    return constant


def _structural(it: Interpreter, fn: Any, left: Value, right: Value) -> Value | None:
    """Operators of tuples, lists, strings and dicts; None where the operands are none of these."""
    if isinstance(left, Static | Const) and isinstance(right, Static | Const):
        result = containers.computed(it, lambda: fn(left.value, right.value))
        return containers.lift_constant(result)
    if isinstance(left, Sequence) and isinstance(right, Sequence) and fn is operator.add:
        return Sequence((*left.items, *right.items))
    if any(grown_tuples.is_tuple(it, v) for v in (left, right)) and fn in _OF_SEQUENCES:
        return _of_tuples(it, fn, left, right)
    if fn is operator.mul:
        for one, other in ((left, right), (right, left)):
            items = containers.static_items(it, one) if not isinstance(one, Static) else None
            if array_likes.has_dimensions(it, other):
                continue
            if items is not None and it.is_numeric(other):
                return _repeated(it, one, items, other)
            if isinstance(containers.content_of(it, one), GrownList) and it.is_numeric(other):
                return calls.call_function(it, prelude_lists.repeated, [one, other], {})
    contents = containers.content_of(it, left), containers.content_of(it, right)
    if fn is operator.add:
        grown_tuples.require_one_kind(it, left, right)
    if fn is operator.add and all(isinstance(c, ListContent | GrownList) for c in contents):
        return _joined(it, left, right)
    if fn in SETS and _are_sets(it, left, right):
        return list_methods.set_operation(it, SETS[fn], left, (right,))
    if fn is operator.or_ and all(isinstance(c, DictContent) for c in contents):
        merged = [*containers.dict_items(contents[0]), *containers.dict_items(contents[1])]
        return containers.new_dict(it, merged)
    if fn is operator.add and all(likeness.is_text(v) for v in (left, right)):
        return it.atom(fn, it.read(left), it.read(right))
    if fn is operator.mul and any(map(texts.is_text, (left, right))):
        return it.atom(fn, it.read(left), it.read(right))
    return None


_OF_SEQUENCES = (operator.add, operator.mul)


def _of_tuples(it: Interpreter, fn: Any, left: Value, right: Value) -> Value | None:
    """An operator of tuples whose length the run decides: what lists make of it, as a tuple."""
    if fn is operator.add:
        grown_tuples.require_one_kind(it, left, right)
    one, other = (grown_tuples.as_list(it, v) for v in (left, right))
    found = _structural(it, fn, one, other)
    return None if found is None else grown_tuples.as_tuple(it, found)


def _are_sets(it: Interpreter, *values: Value) -> bool:
    """Whether these are sets, or views of dicts that set operators take."""
    contents = [containers.content_of(it, v) for v in values]
    return all(
        (isinstance(c, ListContent) and c.is_set)
        or (isinstance(v, Lazy) and v.kind in ("keys", "items"))
        for v, c in zip(values, contents, strict=True)
    )


def _repeated(it: Interpreter, one: Value, items: tuple[Value, ...], count: Value) -> Value:
    if isinstance(count, Var) and len(items) == 1 and not isinstance(one, Sequence):
        if it.is_numeric(items[0]):
            return _filled_list(it, items[0], count)
    many = items * it.demand(count, "the number of repetitions of a list")
    return Sequence(many) if isinstance(one, Sequence) else containers.new_list(it, list(many))


def _filled_list(it: Interpreter, item: Value, count: Var) -> Value:
    """``[0.0] * n``: a list whose length the run decides."""

    (atom,) = containers.element_atoms(it, item)
    items = it.atom(support.list_repeat, atom, count, hint="items")
    cell = Cell("list")
    it.put(cell, GrownList((items,), item))
    return Reference(cell)


def _joined(it: Interpreter, left: Value, right: Value) -> Value:

    one = containers.static_items(it, left)
    if one is not None:
        copy = containers.new_list(it, list(one))
    else:
        cell = Cell("list")
        it.put(cell, containers.content_of(it, left))
        copy = Reference(cell)
    held = it.hold(copy)
    list_methods.extend(it, copy, right)
    return it.release(held)


def _by_method(it: Interpreter, fn: Any, left: Value, right: Value) -> Value | None:
    """What the class of an operand says; None where neither says anything."""
    suffix = DUNDER.get(fn, "")
    names = f"__{suffix}__", f"__r{suffix}__"
    sides = [(left, right, names[0]), (right, left, names[1])]
    one, two = (classes.class_of_object(it, v) for v in (left, right))
    if one is not None and one is two:
        sides.pop()
    elif one is not None and two is not None and issubclass(two, one):
        if getattr(one, names[1], None) is not getattr(two, names[1], None):
            sides.reverse()
    for owner, other, name in sides:
        method = classes.special(it, owner, name)
        if method is None:
            answer = classes.special(it, other, names[other is right])
            beside_objects.require_left(it, fn, owner, other, answer is not None)
            continue
        found = calls.call(it, method, [other], {})
        if not (isinstance(found, Static) and found.value is NotImplemented):
            return found
    return None


_UNARY = {"USub": operator.neg, "UAdd": operator.pos, "Invert": operator.invert}


def unary_op(it: Interpreter, node: Any) -> Value:
    if isinstance(node.op, gast.Not):
        return conditions.unary_not(it, node)
    return unary(it, _UNARY[type(node.op).__name__], operands.only_operand(it, node.operand))


def unary(it: Interpreter, fn: Any, value: Value) -> Value:
    """``op value`` for any kind of value."""
    value = computed_with(value)
    if isinstance(value, Tensor):
        return tensor_call(it, fn, value)
    trials.require_possible(it, fn, [value])
    method = classes.special(it, value, f"__{fn.__name__}__")
    if method is not None:
        return calls.call(it, method, [], {})
    if isinstance(value, Static) and isinstance(value.value, enum.Flag):
        return containers.lift_constant(fn(value.value))
    if isinstance(value, Static) and not containers.is_none(value):
        return containers.lift_constant(containers.computed(it, lambda: fn(value.value)))
    return it.emit(fn, it.read(value))


def if_exp(it: Interpreter, node: Any) -> Value:
    cond = conditions.condition(it, node.test)
    return conditions.either(it, cond, lambda: it.expr(node.body), lambda: it.expr(node.orelse))


def tuple_display(it: Interpreter, node: Any) -> Value:
    held: list[tuple[bool, Any]] = []
    for starred, value in _parts(it, node.elts):
        if starred and grown_tuples.is_grown(it, value):
            held.append((True, it.hold(BUILTINS[list](it, [value], {}))))
        else:
            items = assignment.unpacked(it, value, None) if starred else [value]
            held += [(False, it.hold(item)) for item in items]
    parts = ((grows, it.release(item)) for grows, item in held)
    if any(grows for grows, _ in held):
        return grown_tuples.as_tuple(it, _list_of(it, parts))
    return Sequence(tuple(item for _, item in parts))


def list_display(it: Interpreter, node: Any) -> Value:
    if any(isinstance(element, gast.Starred) for element in node.elts):
        return _starred_list(it, node.elts)
    return containers.new_list(it, _display(it, node.elts))


def _starred_list(it: Interpreter, nodes: list[Any]) -> Value:
    """``[a, *xs, b]``, where `xs` may be of a length that the run decides."""
    return _list_of(it, _parts(it, nodes))


def _parts(it: Interpreter, nodes: list[Any]) -> Iterator[tuple[bool, Value]]:
    """The parts of a display in their order, and whether each is unpacked."""
    for element in nodes:
        if isinstance(element, gast.Starred):
            yield True, failing.after_star(it, it.expr(element.value))
        else:
            yield False, it.expr(element)


def _list_of(it: Interpreter, parts: Iterator[tuple[bool, Value]]) -> Value:
    held = it.hold(containers.new_list(it, []))
    for starred, value in parts:
        (list_methods.extend if starred else list_methods.append)(it, it.held(held), value)
    return it.release(held)


def set_display(it: Interpreter, node: Any) -> Value:
    items = Sequence(tuple(_display(it, node.elts)))
    return open_sets.made_of(it, items, open_dicts.site(it, node), "a set")


def _display(it: Interpreter, nodes: list[Any]) -> list[Value]:

    items: list[Any] = []
    for element in nodes:
        if isinstance(element, gast.Starred):
            value = failing.after_star(it, it.expr(element.value))
            items += map(it.hold, assignment.unpacked(it, value, None))
        else:
            items.append(it.hold(it.expr(element)))
    return [it.release(item) for item in items]


def dict_display(it: Interpreter, node: Any) -> Value:
    place = open_dicts.site(it, node)
    if place in it.inputs.demanded and None not in node.keys:
        return _filled(it, node, place)
    items: list[tuple[Any, Any]] = []
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            content = containers.content_of(it, it.expr(value))
            if not isinstance(content, DictContent):
                raise UnsupportedTypeError(
                    "** unpacks something that is not a dict", "give a dict after **"
                )
            items += ((known, it.hold(item)) for known, item in containers.dict_items(content))
        else:
            found = it.expr(key)
            open_dicts.demand_at(it, place, found)
            known = it.demand(found, "a key of a dict")
            items.append((known, it.hold(it.expr(value))))
    values = [(known, it.release(item)) for known, item in items]
    return open_dicts.opened(it, containers.new_dict(it, values), place)


def _filled(it: Interpreter, node: Any, place: open_dicts.Site) -> Value:
    """A dict whose keys the run decides, which is given its items one by one."""
    held = it.hold(open_dicts.opened(it, containers.new_dict(it, []), place))
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        key = it.hold(it.expr(key_node))
        value = it.expr(value_node)
        made = it.release(held)
        held = it.hold(made)
        subscripts.store_item(it, made, it.release(key), value)
    return it.release(held)


def subscript_expr(it: Interpreter, node: Any) -> Value:
    if not isinstance(node.value, gast.Subscript):
        base, index = it.evaluated([node.value, node.slice])
        return subscripts.subscript(it, base, index, "t")
    root, slices = chosen_items.path_to(node)
    base, *indices = it.evaluated([root, *slices])
    read = lambda owner, index: subscripts.subscript(it, owner, index, "t")  # noqa: E731
    return chosen_items.at(it, base, indices, read)


def slice_expr(it: Interpreter, node: Any) -> Value:
    def part(inner: Any) -> Value:
        if isinstance(inner, gast.Constant) and isinstance(inner.value, complex):
            return Const(inner.value)  # np.r_[0:1:5j]: the number of steps
        return Static(None) if inner is None else it.expr(inner)

    return SliceValue(part(node.lower), part(node.upper), part(node.step))


def attribute_expr(it: Interpreter, node: Any) -> Value:

    return objects.attribute(it, it.expr(node.value), node.attr)


def call_expr(it: Interpreter, node: Any) -> Value:

    return calls.call_node(it, node)


def lambda_expr(it: Interpreter, node: Any) -> Value:
    return closure(it, node, "<lambda>")


def closure(it: Interpreter, node: Any, label: str) -> Closure:
    """A function value over the variables visible here; a method does not see its class's."""
    around: Frame = it.frame
    while around.is_class and around.parent is not None:
        around = around.parent
    frame: Frame | None = around
    while frame is not None:
        frame.escapes = True
        frame = frame.parent
    given, named = node.args.defaults, [d for d in node.args.kw_defaults if d is not None]
    values = it.evaluated([*given, *named])
    defaults, rest = tuple(values[: len(given)]), iter(values[len(given) :])
    kw_defaults = tuple(None if d is None else next(rest) for d in node.args.kw_defaults)
    if (node, around) in it.attributes:
        it.attributes[node, around] = None
    return Closure(node, around, defaults, kw_defaults, label)


def joined_str(it: Interpreter, node: Any) -> Value:
    """An f-string: a constant where its parts are, else ``"...{}...".format(...)``."""
    collected = formatting.Collected(it)
    for part in node.values:
        if isinstance(part, gast.Constant):
            collected.literal(str(part.value))
            continue
        value = it.hold(it.expr(part.value))
        spec = [
            str(piece.value) if isinstance(piece, gast.Constant) else it.expr(piece.value)
            for piece in (part.format_spec.values if part.format_spec else ())
        ]
        conversion = chr(part.conversion) if part.conversion not in (-1, None) else ""
        collected.field(it.release(value), conversion, spec)
    return collected.text()


# -- comprehensions -------------------------------------------------------------------------


def list_comp(it: Interpreter, node: Any) -> Value:

    held = it.hold(containers.new_list(it, []))

    def leaf() -> None:
        item = it.expr(node.elt)
        list_methods.append(it, it.held(held), item)

    _comprehend(it, node, leaf)
    return it.release(held)


def set_comp(it: Interpreter, node: Any) -> Value:
    return open_sets.made_of(it, list_comp(it, node), open_dicts.site(it, node), "a set")


def dict_comp(it: Interpreter, node: Any) -> Value:

    found = open_dicts.opened(it, containers.new_dict(it, []), open_dicts.site(it, node))
    held = it.hold(found)

    def leaf() -> None:
        key = it.hold(it.expr(node.key))
        value = it.expr(node.value)
        subscripts.store_item(it, it.held(held), it.release(key), value)

    _comprehend(it, node, leaf)
    return it.release(held)


def generator_exp(it: Interpreter, node: Any) -> Value:
    """Its first iterable is evaluated here, all else where it is consumed."""
    inner = _comprehension_frame(it, node)
    frame: Frame | None = it.frame
    while frame is not None:
        frame.escapes = True
        frame = frame.parent
    first = it.expr(node.generators[0].iter)
    return iterables.lazy(it, "expression", (), (inner, first))


def run_generator(it: Interpreter, value: Lazy) -> None:
    """Run a generator expression in its own frame, which is the current one."""
    frame, first = value.extra
    node = frame.node

    def leaf() -> None:
        frame.on_yield(it.expr(node.elt))

    _comprehend_from(it, node.generators, 0, first, leaf)


def _comprehension_frame(it: Interpreter, node: Any) -> Frame:
    frame = it.frame
    while frame.is_class and frame.parent is not None:
        frame = frame.parent  # What a comprehension computes does not see the class around it.
    names = frozenset(assigned_names([g.target for g in node.generators]))
    inner = Frame(frame.name, frame.source, frame.module, names, frame)
    inner.node = node
    return inner


def _comprehend(it: Interpreter, node: Any, leaf: Any) -> None:
    """Run the loops of a comprehension in a scope of their own."""

    inner = _comprehension_frame(it, node)
    first = it.expr(node.generators[0].iter)
    it.frames.append(inner)
    it.put(inner.returned, Const(False))
    inner.escapes = False
    try:
        _comprehend_from(it, node.generators, 0, first, leaf)
    finally:
        it.leave()


def _comprehend_from(
    it: Interpreter, generators: list[Any], k: int, iterable: Value | None, leaf: Any
) -> None:

    if k == len(generators):
        leaf()
        return
    generator = generators[k]

    def body() -> None:
        conds = [conditions.condition(it, test) for test in generator.ifs]
        _guarded(it, conds, lambda: _comprehend_from(it, generators, k + 1, None, leaf))

    loops.loop_over(
        it,
        it.expr(generator.iter) if iterable is None else iterable,
        key=(it.frame.source.file, generator.target.lineno, generator.target.col_offset),
        bind=lambda value: assignment.assign(it, generator.target, value),
        body=body,
        syntax=[],
        orelse=[],
        at_once=True,
    )


def _guarded(it: Interpreter, conds: list[Any], run: Any) -> None:
    if not conds:
        run()
        return
    branching.branch(it, conds[0], lambda: _guarded(it, conds[1:], run), lambda: None)


EXPRESSIONS.update(
    {
        "Name": name,
        "Constant": constant,
        "BinOp": bin_op,
        "UnaryOp": unary_op,
        "IfExp": if_exp,
        "Tuple": tuple_display,
        "List": list_display,
        "Set": set_display,
        "Dict": dict_display,
        "Subscript": subscript_expr,
        "Slice": slice_expr,
        "Attribute": attribute_expr,
        "Call": call_expr,
        "Lambda": lambda_expr,
        "JoinedStr": joined_str,
        "ListComp": list_comp,
        "SetComp": set_comp,
        "DictComp": dict_comp,
        "GeneratorExp": generator_exp,
    }
)
