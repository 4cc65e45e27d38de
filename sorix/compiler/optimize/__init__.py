"""The optimiser: pure passes from function to function, one a file, in this order.

``join_branches``   branches on one condition that follow each other are one
``complete_results``  a block that raises leaves as many results as its siblings
``forward_copies``  what is a copy is read at its source
``settle_conditions``  branches whose condition is known where they stand are decided
``simplify``        identities that keep value, shape and dtype
``share``           what is computed twice is computed once
``prune``           what nothing depends on is left out
``add_into_sum``    what is put into zeros is added to what these are added to
``write_out_scatters``  zeros with something added are made, then written to
``write_out_vectors``  products of vectors get their name
``carry_last``      what loops and branches hand on is computed after what it replaces is read
``read_before_write``  views are computed with before what they show is updated
``plan_updates``    pure updates become writes in place where nobody sees the difference

The last six are for functions about to be emitted (`optimize`); what the others leave can be
differentiated again. Both take the routines that are called along.
"""

from collections.abc import Sequence

from sorix.compiler.ir.nodes import Function
from sorix.compiler.ir.routines import map_functions
from sorix.compiler.optimize.add_into_sum import add_into_sum
from sorix.compiler.optimize.carry_last import carry_last
from sorix.compiler.optimize.complete_results import complete_results
from sorix.compiler.optimize.forward_copies import forward_copies
from sorix.compiler.optimize.join_branches import join_branches
from sorix.compiler.optimize.plan_updates import plan_updates
from sorix.compiler.optimize.prune import prune
from sorix.compiler.optimize.read_before_write import read_before_write
from sorix.compiler.optimize.settle_conditions import settle_conditions
from sorix.compiler.optimize.share import share
from sorix.compiler.optimize.simplify import simplify
from sorix.compiler.optimize.write_out_scatters import write_out_scatters
from sorix.compiler.optimize.write_out_vectors import write_out_vectors

__all__ = ["join_branches", "optimize", "optimize_alone", "optimize_module", "optimize_pure"]


def optimize_pure(function: Function) -> Function:
    """The function, and the routines it calls, with less to compute, still pure."""
    return map_functions((function,), optimize_alone)[0]


def optimize(function: Function) -> Function:
    """The function as it is emitted: less to compute, and written in place where it may be."""
    return optimize_module((function,))[0]


def optimize_module(functions: Sequence[Function]) -> tuple[Function, ...]:
    """The functions of one module, and the routines they call, as they are emitted."""
    return map_functions(functions, _written)


def _written(function: Function) -> Function:
    function = optimize_alone(join_branches(function))
    function = write_out_scatters(add_into_sum(function))
    function = carry_last(write_out_vectors(function))
    return plan_updates(read_before_write(function))


def optimize_alone(function: Function) -> Function:
    """The function with less to compute; the routines it calls stay as they are."""
    function = complete_results(function)
    function = forward_copies(function)
    function = settle_conditions(function)
    function = simplify(function)
    function = _shared(prune(function))
    function = simplify(function)  # what is shared may be the same twice: x + x
    copied = forward_copies(function)
    if copied is not function:  # what was a copy of a constant may decide a branch
        copied = forward_copies(simplify(copied))
    return prune(copied)


def _shared(function: Function) -> Function:
    """The function without repetitions; a condition asked twice is settled the second time."""
    shared = share(function)
    return function if shared is function else settle_conditions(shared)
