"""Which arrays a routine reads in parts: ``x[i]``, itself or in a routine that it calls.

Of such an array the cotangent is zero but for the parts. Requires a routine that is defined; one
that it calls and that is not defined yet counts as reading no parts.
"""

from __future__ import annotations

import operator

from sorix.compiler.ir.nodes import Call, Routine, Var
from sorix.compiler.ir.types import Num
from sorix.compiler.ir.walk import calls


def reads_parts(routine: Routine, position: int) -> bool:
    """Whether the parameter at the position is an array of floats that is read in parts."""
    return _is_array(routine.params[position]) and _reads(routine, position, set())


def _is_array(param: Var) -> bool:
    kind = param.type
    return isinstance(kind, Num) and kind.kind == "array" and bool(kind.rank and kind.is_float)


def _reads(routine: Routine, position: int, seen: set[tuple[Routine, int]]) -> bool:
    if not routine.is_defined or (routine, position) in seen:
        return False
    seen.add((routine, position))
    param = routine.function.params[position]
    return any(_hands_parts(call, param, seen) for call in calls(routine.function.body))


def _hands_parts(call: Call, param: Var, seen: set[tuple[Routine, int]]) -> bool:
    if isinstance(call.fn, Routine):
        callee = call.fn
        return any(arg is param and _reads(callee, k, seen) for k, arg in enumerate(call.args))
    return call.fn is operator.getitem and call.args[0] is param
