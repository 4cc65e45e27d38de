"""Which calls of a function would compute something else if it were run once more.

Requires nothing. Yields the calls that are neither pure nor draws from a generator that the
function itself makes from a seed: drawing from a generator that somebody else has too moves it on,
and what an unknown method does is not known.
"""

from __future__ import annotations

from collections.abc import Iterator

from sorix.compiler.analyses.effects import is_pure
from sorix.compiler.ir.nodes import Assign, Atom, Call, Const, Function, Method, Routine, Var
from sorix.compiler.ir.types import Num
from sorix.compiler.ir.walk import statements
from sorix.primitives.generators import GENERATOR_MAKERS, SOURCE_MAKERS

_MAKERS = (*GENERATOR_MAKERS, *SOURCE_MAKERS)


def unrepeatable(function: Function) -> Iterator[tuple[Assign, Call]]:
    """The statements, with their calls, that may do something else the second time."""
    seeded: set[Var] = set()
    for stmt in statements(function.body):
        if not (isinstance(stmt, Assign) and isinstance(stmt.value, Call)):
            continue
        call = stmt.value
        if call.fn in _MAKERS and _is_seeded(call, seeded):
            seeded.update(stmt.targets)
        elif not (isinstance(call.fn, Routine) or is_pure(call) or _is_draw(call, seeded)):
            yield stmt, call


def _is_seeded(call: Call, seeded: set[Var]) -> bool:
    given: list[Atom] = [*call.args, *(atom for _, atom in call.kwargs)]
    return bool(given) and all(
        isinstance(atom, Const)
        and atom.value is not None
        or isinstance(atom, Var)
        and (atom in seeded or isinstance(atom.type, Num))
        for atom in given
    )


def _is_draw(call: Call, seeded: set[Var]) -> bool:
    return isinstance(call.fn, Method) and call.args[0] in seeded
