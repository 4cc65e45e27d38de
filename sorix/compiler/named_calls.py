"""Calls that cannot be printed: of functions that have a rule, but no name in generated code.

A rule can be registered for any function; generated code imports NumPy, `math`, sorix's own, and
the modules of users that define a function with a rule at their top. Of another function a
derivative that does not need the value is printed, the value itself is not.
"""

from __future__ import annotations

from collections.abc import Sequence

from sorix.compiler.differentiate.errors import at_origin, callee_name
from sorix.compiler.ir.nodes import Assign, Call, Effect, Function, Stmt, Update
from sorix.compiler.ir.public_names import has_name
from sorix.compiler.ir.routines import routines
from sorix.compiler.ir.walk import statements
from sorix.errors import UnsupportedCallError
from sorix.primitives.table import rule_of


def require_names(functions: Sequence[Function]) -> None:
    """Refuse such a call at the user's line."""
    for function in (*functions, *(routine.function for routine in routines(*functions))):
        for stmt in statements(function.body):
            _require_name(stmt)


def _require_name(stmt: Stmt) -> None:
    match stmt:
        case Assign(value=Call() as call) | Effect(call=call) | Update(call=call):
            if has_name(call.fn) or rule_of(call.fn) is None:
                return
            with at_origin(stmt.origin):
                raise UnsupportedCallError(
                    f"{callee_name(call)}() has a rule, but generated code has no name to call it"
                    " by",
                    "define the function at the top of a module, under its own name, where"
                    " generated code can import it",
                )
