"""The text of a module: header, imports, functions, and where each line comes from."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from sorix.compiler.emit.callees import support_names, users_functions
from sorix.compiler.emit.names import RESERVED, assign_names, candidates
from sorix.compiler.emit.nest import nest_temporaries
from sorix.compiler.emit.statements import Statements
from sorix.compiler.emit.unparse import unparse
from sorix.compiler.host import parse
from sorix.compiler.ir.marks import without_marks
from sorix.compiler.ir.nodes import Function, Origin
from sorix.compiler.ir.routines import routines
from sorix.compiler.optimize.complete_results import complete_results

SourceLine = Callable[[Origin], str]


def emit(
    functions: Sequence[Function], header: str = "", source_lines: SourceLine | None = None
) -> str:
    """The text of a module that defines `functions`, in that order, and the routines they call.

    `header` is its first line, a comment. Where a statement's origin differs from the one
    before, a comment names it: ``# train.py:12  u = model(x)``, with the text that
    `source_lines` gives for it, or ``# adjoint of train.py:12``.
    """
    called = routines(*functions)
    # A function may be an entry of the module and called there as well.
    defined = {routine: routine.function for routine in called}
    functions = tuple(dict.fromkeys((*functions, *defined.values())))
    imported = _imported_names(functions)
    named = function_names(functions, frozenset(imported.values()))
    callees = {routine: named[function] for routine, function in defined.items()} | imported
    reserved = RESERVED.union(named.values(), support_names(functions), imported.values())
    comments: list[Origin] = []
    modules: set[str] = set()
    support: set[str] = set()
    definitions: list[ast.stmt] = []
    for original in functions:
        function = _printed(complete_results(original))
        nested = nest_temporaries(function)
        names = assign_names(function, nested, reserved)
        printer = Statements(names, nested, comments, callees)
        definitions.append(printer.function(function, named[original]))
        modules |= printer.expressions.modules
        support |= printer.expressions.support
    imports = [*_imports(modules, support), *_imports_of(imported)]
    tree = ast.Module([*imports, *definitions], [])
    text = unparse(tree, [comment(origin, source_lines) for origin in comments])
    return (f"# {header}\n" if header else "") + text


def _printed(function: Function) -> Function:
    return replace(function, body=without_marks(function.body))


def _imported_names(functions: Sequence[Function]) -> dict[Any, str]:
    """A name for each function of the user's that these call: its own, where that is free."""
    names: dict[Any, str] = {}
    taken = RESERVED | support_names(functions)
    for function in users_functions(functions):
        free = candidates(function.__name__, taken)
        names[function] = next(name for name in free if name not in names.values())
    return names


def function_names(
    functions: Sequence[Function], taken: frozenset[str] = frozenset()
) -> dict[Function, str]:
    """A name for each; those given first keep theirs."""
    names: dict[Function, str] = {}
    for function in functions:
        free = candidates(function.name, taken)
        names[function] = next(name for name in free if name not in names.values())
    return names


def _imports(modules: set[str], support: set[str]) -> list[ast.stmt]:
    lines = [f"import {name}" for name in sorted(modules - {"np"})]
    if "np" in modules:
        lines.append("import numpy as np")
    if support:
        lines.append(f"from sorix.support import {', '.join(sorted(support))}")
    return parse("\n".join(lines)).body


def _imports_of(names: Mapping[Any, str]) -> list[ast.stmt]:
    """Bound when the module is loaded: what is replaced later is another function."""
    lines = []
    for function, name in names.items():
        renamed = "" if name == function.__name__ else f" as {name}"
        lines.append(f"from {function.__module__} import {function.__name__}{renamed}")
    return parse("\n".join(sorted(lines))).body


def comment(origin: Origin, source_lines: SourceLine | None) -> str:
    """The one-line comment that stands before the statements of an origin.

    A line of a function that was inlined is indented under the line that calls it.
    """
    indent = "  " * (len(origin.way) - 1)
    place = f"{PurePath(origin.file).name}:{origin.line}"
    note = f"  ({origin.note})" if origin.note else ""
    if origin.adjoint:
        return f"# {indent}adjoint of {place}{note}"
    source = source_lines(origin).strip() if source_lines is not None else ""
    return " ".join(f"# {indent}{place}  {source}{note}".rstrip().splitlines())
