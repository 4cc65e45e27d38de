"""Values in which variables are replaced, through all that values hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sorix.compiler.frontend.values import (
    Array,
    Bound,
    Choice,
    Closure,
    DictContent,
    GrownList,
    InstanceContent,
    ListContent,
    Maybe,
    MethodOf,
    Partial,
    RangeValue,
    Sequence,
    SliceValue,
    Storage,
    Tensor,
)
from sorix.compiler.ir.nodes import Atom, Var
from sorix.compiler.ir.walk import substitute_atom


def substitute(value: Any, outs: dict[Var, Atom]) -> Any:
    """The value or content with variables replaced."""

    def sub(v: Any) -> Any:
        return substitute(v, outs)

    def each(items: tuple[Any, ...]) -> tuple[Any, ...]:
        new = tuple(map(sub, items))
        return items if all(a is b for a, b in zip(items, new, strict=True)) else new

    match value:
        case Var():
            return outs.get(value, value)
        case Storage():
            new = sub(value.atom)
            return value if new is value.atom else Storage(new, value.contiguous)
        case Array():
            steps = tuple(_substitute_step(s, outs) for s in value.steps)
            same = all(a is b for a, b in zip(steps, value.steps, strict=True))
            return value if same else Array(value.cell, steps, value.hint)
        case Tensor():
            new = sub(value.value)
            return value if new is value.value else Tensor(new, value.requires_grad, value.leaf)
        case Maybe():
            new = sub(value.value)
            there, assigned = (
                None if flag is None else sub(flag) for flag in (value.present, value.assigned)
            )
            same = (new, there, assigned) == (value.value, value.present, value.assigned)
            return value if same else Maybe(new, value.none, there, assigned)
        case Sequence():
            items = each(value.items)
            return value if items is value.items else Sequence(items, value.cls)
        case ListContent():
            items = each(value.items)
            return value if items is value.items else value.with_items(items)
        case GrownList():
            atoms = each(value.atoms)
            return value if atoms is value.atoms else value.with_atoms(atoms)
        case DictContent():
            items = each(tuple(v for _, v in value.items))
            keys = (k for k, _ in value.items)
            pairs = tuple(zip(keys, items, strict=True))
            return DictContent(pairs, value.cls, value.uncertain, value.factory, value.site)
        case InstanceContent():
            fields = {k: sub(v) for k, v in value.fields.items()}
            return InstanceContent(value.cls, fields, value.external, value.path)
        case RangeValue():
            return RangeValue(*each((value.start, value.stop, value.step)))
        case SliceValue():
            return SliceValue(*each((value.start, value.stop, value.step)))
        case Bound():
            return Bound(sub(value.fn), sub(value.owner))
        case MethodOf():
            return MethodOf(sub(value.owner), value.name)
        case Partial():
            kwargs = tuple((k, sub(v)) for k, v in value.kwargs)
            return Partial(sub(value.fn), each(value.args), kwargs)
        case Choice():
            return replace(value, selector=sub(value.selector))
        case Closure():
            named = tuple(None if v is None else sub(v) for v in value.kw_defaults)
            return replace(value, defaults=each(value.defaults), kw_defaults=named)
    return value


def _substitute_step(step: Any, outs: dict[Var, Atom]) -> Any:

    args = tuple(substitute_atom(a, outs) for a in step.args)
    taken_of = None if step.taken_of is None else substitute_atom(step.taken_of, outs)
    same = all(a is b for a, b in zip(args, step.args, strict=True))
    if same and taken_of is step.taken_of:
        return step
    return replace(step, args=args, taken_of=taken_of)
