"""The whole order of passes on one screen.

    user function + kinds of arguments
      lower            source text -> gast -> abstract interpretation -> IR    frontend/lower
      differentiate    adjoint, tangent (of IR, as often as asked)             differentiate/
      optimize         simplify, share, prune, ..., plan_updates               optimize/
      emit             IR -> ast -> text with provenance comments              emit/
      cache, load      text on disk, keyed by content -> a module              cache, load

`build` is the way from IR to callables; `lower_call` the way from a call to IR.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sorix.compiler.cache import Cache, cache_key, default_cache
from sorix.compiler.differentiate.adjoint import adjoint_in_place
from sorix.compiler.differentiate.tangent import tangent_in_place
from sorix.compiler.emit import emit
from sorix.compiler.frontend.lower import Lowered, lower
from sorix.compiler.frontend.user_lines import line_at
from sorix.compiler.frontend.wrappers import wrappers
from sorix.compiler.graphs_kept import require_graphs_kept
from sorix.compiler.ir.nodes import Function, Origin
from sorix.compiler.ir.printer import show
from sorix.compiler.ir.routines import routines
from sorix.compiler.ir.walk import statements
from sorix.compiler.keep_guarded import keep_guarded
from sorix.compiler.load import Loaded, load
from sorix.compiler.named_calls import require_names
from sorix.compiler.optimize import optimize_module
from sorix.version import __version__


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """A generated module: its text, and the functions it was made for, in that order."""

    text: str
    functions: tuple[Callable[..., Any], ...]
    filename: str
    cached: bool


def lower_call(
    function: Callable[..., Any],
    arguments: dict[str, Any],
    independent: frozenset[str] = frozenset(),
) -> Lowered:
    """Lower a function for the kinds of these arguments; see `frontend.lower.lower`."""
    lowered = lower(
        function, arguments, wrappers(), adjoint_in_place, independent, tangent_in_place
    )
    require_graphs_kept(lowered)
    return keep_guarded(lowered)


def build(
    make: Callable[[], Sequence[Function]],
    identity: str,
    what: str,
    header: str,
    name: str,
    count: int = 1,
    cache: Cache | None = None,
) -> Built:
    """Optimise, print and load IR functions as one module, unless the cache has it.

    Parameters
    ----------
    make : callable
        Makes the functions; called only where the cache has no entry.
    identity : str
        What the functions are made from; see `identify`.
    what : str
        Which derivative they are.
    header, name : str
        The first line of the text, and what the module is called in tracebacks.
    cache : Cache, optional
        Where the module is looked for and kept; the default one unless given.
    count : int
        How many functions `make` makes. The routines that they call follow them in the text.
    """

    def text_of() -> str:
        functions = optimize_module(make())
        require_names(functions)
        return emit(functions, f"sorix {__version__} | {header}", source_line)

    loaded = load(text_of, name, cache_key(identity, what, header), cache or default_cache())
    return Built(loaded.text, _functions(loaded)[:count], loaded.filename, loaded.cached)


def identify(function: Function) -> str:
    """Everything that decides the text generated from a function: its IR, types and lines.

    With it the routines that it calls, numbered as they are first met.
    """
    called = {
        routine: f"{k}{' again' * routine.runs_again}"
        for k, routine in enumerate(routines(function))
    }
    functions = (function, *(routine.function for routine in called))
    origins = {s.origin for f in functions for s in statements(f.body) if s.origin is not None}
    lines = sorted({(o.file, o.line) for origin in origins for o in origin.way})
    quoted = (f"{file}:{line} {line_at(file, line)}" for file, line in lines)
    shown = (show(each, types=True, numbers=called) for each in functions)
    return "".join([*shown, *quoted])


def _functions(loaded: Loaded) -> tuple[Callable[..., Any], ...]:
    return tuple(
        value
        for value in loaded.namespace.values()
        if isinstance(value, types.FunctionType) and value.__code__.co_filename == loaded.filename
    )


def source_line(origin: Origin) -> str:
    """The user's line that a statement comes from."""
    return line_at(origin.file, origin.line).strip()
