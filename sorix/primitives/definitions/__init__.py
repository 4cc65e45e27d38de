"""NumPy's functions that amount to a few others, written out in terms of these.

A definition stands in for a function that has no rule, or for a call of one with options that
its rule does not take. The tape calls it; the compiler reads its text in place of the call, as it
reads a user's function. So it has no derivative of its own: what it calls has.

A definition has the parameters of the function it defines, under NumPy's names, and gives its
values. It may branch on what is known before the program runs (ranks, options, the kind of an
argument), and it writes only into arrays that it made.
"""

from sorix.primitives.definitions import (  # noqa: F401  (imported to fill the table)
    arrays,
    calling,
    choosing,
    grids,
    linalg,
    padding,
    polynomial_objects,
    polynomials,
    quantiles,
    reductions,
    series,
    sets,
    statistics,
)
from sorix.primitives.definitions.registry import arranged, definition_of, definitions

__all__ = ["arranged", "definition_of", "definitions"]
