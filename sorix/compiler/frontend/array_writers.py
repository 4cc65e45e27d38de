"""NumPy's functions that write into what they are given: ``np.put()`` and its like, ``a.flat = v``.

They take of the values as many as there are places, and begin again where there are fewer: what is
given once for each place is written as it is.
"""

from __future__ import annotations

import numpy as np

from sorix.compiler.frontend import arrays, calls, prelude, writing
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.numpy_calls import plain, special
from sorix.compiler.frontend.values import NONE, Kwargs, Value
from sorix.compiler.ir.nodes import Const, Tup
from sorix.compiler.ir.types import constant


@special(np.copyto)
def _copyto(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    target, source = plain(args[0]), it.read(args[1])
    mask = kwargs.get("where")
    if mask is not None:
        source = it.atom(np.where, it.read(mask), source, it.read(target))
    arrays.write(it, target, Const(Ellipsis), source)
    return NONE


@special(np.put)
def _put(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    given = dict(zip(("a", "ind", "v"), args, strict=False)) | kwargs
    once = writing.once_each(it, given.get("v", NONE), given.get("ind", NONE))
    return calls.call_function(it, prelude.put if once else prelude.put_in_turn, args, kwargs)


@special(np.putmask)
def _putmask(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    given = dict(zip(("a", "mask", "values"), args, strict=False)) | kwargs
    once = writing.once_each(it, given.get("values", NONE), args[0])
    written = prelude.putmask if once else prelude.putmask_in_turn
    return calls.call_function(it, written, args, kwargs)


@special(np.place)
def _place(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    given = dict(zip(("arr", "mask", "vals"), args, strict=False)) | kwargs
    arrays.require_apart(plain(args[0]), given.get("vals", NONE))
    shape = writing.shape_of(it, given.get("vals", NONE))
    one = shape is not None and all(size == constant(1) for size in shape)
    return calls.call_function(it, prelude.place if one else prelude.place_in_turn, args, kwargs)


@special(np.put_along_axis)
def _put_along_axis(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    return calls.call_function(it, prelude.put_along_axis, args, kwargs)


@special(np.fill_diagonal)
def _fill_diagonal(it: Interpreter, args: list[Value], kwargs: Kwargs) -> Value:
    target = plain(args[0])
    base = it.read(target)
    sizes = [it.atom(np.size, base, Const(k)) for k in (0, 1)]
    index = it.atom(np.arange, it.atom(min, *sizes))
    arrays.write(it, target, Tup((index, index)), args[1])
    return NONE
