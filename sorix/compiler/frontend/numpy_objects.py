"""Objects of NumPy's that were made outside the program, and are called in it."""

from __future__ import annotations

import numpy as np

from sorix.compiler.frontend import calls, containers
from sorix.compiler.frontend.interpreter import Interpreter
from sorix.compiler.frontend.values import Kwargs, Sequence, Static, Value
from sorix.compiler.ir.nodes import Const
from sorix.errors import UnsupportedCallError
from sorix.primitives.definitions.calling import on_every_element


def made_again(it: Interpreter, fn: Static) -> Value:
    """A polynomial that was made outside the program, of its fields."""
    target, path = fn.value, fn.path or calls.object_path(fn.value)
    names = ("coeffs",) if isinstance(target, np.poly1d) else ("coef", "domain", "window")
    fields = [it.inputs.lift(getattr(target, name), path.attr(name)) for name in names]
    return calls.call(it, Static(type(target)), fields, {})


def call_vectorized(it: Interpreter, fn: Static, args: list[Value], kwargs: Kwargs) -> Value:
    """Call what ``np.vectorize`` made outside of the program."""
    vectorized = fn.value
    if vectorized.excluded or vectorized.signature is not None:
        raise UnsupportedCallError(
            "a function made by np.vectorize with excluded= or signature= is called",
            "call the function itself in a loop over the elements, or rows",
        )
    path = (fn.path or calls.object_path(vectorized)).attr("pyfunc")
    pyfunc = it.inputs.lift(vectorized.pyfunc, path)
    named = containers.new_dict(it, list(kwargs.items()))
    options = [Static(vectorized.otypes), Const(bool(vectorized.cache))]
    given = [pyfunc, *options, Sequence(tuple(args)), named]
    return calls.call_function(it, on_every_element, given, {})
