"""A small tape that knows nothing of sorix.runtime: the judge of rules at higher orders.

A ``Node`` holds a value of the level below it, an array or again a Node, so that `gradient` may
be nested. Everything is recorded by way of the rule table.
"""

from __future__ import annotations

import itertools
import operator

import numpy as np

from sorix.primitives import apply_adjoint, canonical, rule_of

_levels = itertools.count(1)


class Node:
    """A value and the record of how it was computed."""

    __hash__ = object.__hash__
    __array_priority__ = 1000

    def __init__(self, value, tape):
        self.value, self.tape, self.cotangent = value, tape, None

    shape = property(lambda self: np.shape(self.value))
    ndim = property(lambda self: np.ndim(self.value))
    size = property(lambda self: np.size(self.value))
    dtype = property(lambda self: self.value.dtype)
    T = property(lambda self: apply(np.transpose, self))

    def __array_ufunc__(self, ufunc, method, *args, **kwargs):
        assert method == "__call__"
        return apply(ufunc, *args, **kwargs)

    def __array_function__(self, function, types, args, kwargs):
        return apply(function, *args, **kwargs)

    def __sorix_function__(self, function, args, kwargs):
        return apply(function, *args, **kwargs)

    def __getitem__(self, idx):
        return apply(operator.getitem, self, idx)


def _define(name, function):
    setattr(Node, f"__{name}__", lambda self, *other: apply(function, self, *other))


def _define_reflected(name, function):
    setattr(Node, f"__r{name}__", lambda self, other: apply(function, other, self))


for _name in "add sub mul truediv pow matmul mod floordiv and or".split():
    _function = getattr(operator, _name, None) or getattr(operator, f"{_name}_")
    _define(_name, _function)
    _define_reflected(_name, _function)
for _name in "eq ne lt le gt ge neg abs invert".split():
    _define(_name, getattr(operator, _name))


class Tape:
    def __init__(self):
        self.level, self.records = next(_levels), []


def nodes_in(value):
    if isinstance(value, Node):
        return [value]
    if isinstance(value, tuple | list):
        return [node for item in value for node in nodes_in(item)]
    if isinstance(value, slice):
        return nodes_in((value.start, value.stop, value.step))
    return []


def lowered(value, tape):
    """`value` as the level below `tape` sees it."""
    if isinstance(value, Node):
        return value.value if value.tape is tape else value
    if isinstance(value, tuple | list):
        return type(value)(lowered(item, tape) for item in value)
    return value


def apply(function, *args, **kwargs):
    """Call a primitive; record it where an argument is a Node."""
    found = nodes_in(args)
    if not found:
        return function(*args, **kwargs)
    rule = rule_of(function)
    assert rule is not None, f"{function} is called on a differentiated value and has no rule"
    args, options = canonical(function, args, kwargs)
    tape = max((node.tape for node in found), key=lambda tape: tape.level)
    values = lowered(args, tape)
    y = apply(function, *values, **options)
    if rule.kind == "constant":
        return y
    out = _wrapped(y, tape)
    tape.records.append((rule, args, values, options, y, out))
    return out


def _wrapped(y, tape):
    if isinstance(y, tuple | list):
        return (list if isinstance(y, list) else tuple)(_wrapped(v, tape) for v in y)
    return Node(y, tape)


def _cotangent(out):
    """Of a result, in its structure; None where nothing depends on it."""
    if isinstance(out, Node):
        return out.cotangent
    bars = [_cotangent(item) for item in out]
    return None if all(bar is None for bar in bars) else type(out)(bars)


def gradient(function, args):
    """Cotangents of `args` for a scalar function of arrays (or of Nodes)."""
    tape = Tape()
    nodes = [Node(x, tape) for x in args]
    y = function(*nodes)
    if not isinstance(y, Node) or y.tape is not tape:
        return [np.zeros(np.shape(x)) for x in args]
    y.cotangent = 1.0
    for rule, given, values, options, value, out in reversed(tape.records):
        bars = _cotangent(out)
        if bars is not None:
            wanted = [any(n.tape is tape for n in nodes_in(x)) for x in given]
            _accumulate(given, apply_adjoint(rule, bars, value, values, options, wanted), tape)
    return [
        np.zeros(np.shape(x)) if node.cotangent is None else node.cotangent
        for node, x in zip(nodes, args, strict=True)
    ]


def _accumulate(given, bars, tape):
    for x, bar in zip(given, bars, strict=True):
        if bar is None:
            continue
        if isinstance(x, Node):
            if x.tape is tape:
                x.cotangent = bar if x.cotangent is None else x.cotangent + bar
        elif isinstance(x, tuple | list):
            _accumulate(x, bar, tape)
