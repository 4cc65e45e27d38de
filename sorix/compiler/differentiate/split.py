"""Cut a function that computes results and cotangents in two: now, and when seeds are known.

Requires a function whose last parameters are the seeds and whose last results the cotangents,
such as an adjoint, before or after optimisation. Yields

* ``forward``: the other parameters to the primal results and, last, a tuple of residuals;
* ``backward``: the residuals, then the seeds, to the cotangents.

The forward part is what the primal results need; everything else waits for the backward, so a
forward without a backward costs the primal and its recording only. A residual is saved once,
even if it is a parameter; a constant is not saved. The backward copies the stacks it pops from,
so that it may run twice on the same residuals.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sorix.compiler.analyses.effects import acts
from sorix.compiler.analyses.liveness import needed_statements, stacks_of
from sorix.compiler.analyses.recording import dim_symbols
from sorix.compiler.differentiate.prepare import settle
from sorix.compiler.ir.nodes import Assign, Block, Call, Function, Tup, Var
from sorix.compiler.ir.shapes import fresh_dim
from sorix.compiler.ir.types import ListOf, Num, Type
from sorix.compiler.ir.walk import atom_vars, clone, free_variables


@dataclass(frozen=True, slots=True)
class Split:
    """The two functions; ``residuals`` are the variables that pass between them."""

    forward: Function
    backward: Function
    residuals: tuple[Var, ...]


def split(function: Function, results: int, seeds: int) -> Split:
    """Cut a function at its seeds.

    Parameters
    ----------
    results
        How many of its results, the first, are the primal's.
    seeds
        How many of its parameters, the last, are seeds.
    """
    count = len(function.params) - seeds
    params, given = function.params[:count], function.params[count:]
    primal, cotangents = function.body.results[:results], function.body.results[results:]
    stmts = function.body.stmts
    needed = [var for atom in primal for var in atom_vars(atom)]
    ours = needed_statements(stmts, needed, keep=lambda stmt: acts((stmt,)))
    kept = {id(stmt) for stmt in ours}
    rest = needed_statements(
        [stmt for stmt in stmts if id(stmt) not in kept],
        [var for atom in cotangents for var in atom_vars(atom)],
    )
    body = Block(tuple(rest), cotangents)
    residuals = tuple(var for var in free_variables(body) if var not in given)
    forward = replace(
        function,
        name=f"{function.name}__forward",
        params=params,
        body=Block(settle(ours, residuals), (*primal, Tup(residuals))),
        own=(),
    )
    backward = replace(
        function,
        name=f"{function.name}__backward",
        params=(*residuals, *given),
        body=_with_copies(body, residuals),
    )
    known = frozenset(symbol for param in params for symbol in dim_symbols(param.type))
    return Split(forward, _renamed(backward, known), residuals)


def _with_copies(body: Block, residuals: tuple[Var, ...]) -> Block:
    """The body on copies of the stacks among the residuals."""
    popped = {stack for stmt in body.stmts for stack in stacks_of(stmt)}
    copies = {var: Var(var.hint, var.type) for var in residuals if var in popped}
    made = tuple(Assign((copy,), Call(list, (var,))) for var, copy in copies.items())
    changed = clone(body, copies)
    return Block((*made, *changed.stmts), changed.results)


def _renamed(function: Function, known: frozenset[str]) -> Function:
    """The function with variables of its own.

    Dimensions whose symbols are not `known` may have been other numbers in each iteration of
    the loop that named them; as parameters side by side they are all different.
    """
    mapping = {param: Var(param.hint, _apart(param.type, known)) for param in function.params}
    params = tuple(mapping.values())
    own = tuple(mapping[param] for param in function.own)
    return replace(function, params=params, body=clone(function.body, mapping), own=own)


def _apart(type_: Type, known: frozenset[str]) -> Type:
    if isinstance(type_, ListOf):
        return ListOf(_apart(type_.element, known))
    if not isinstance(type_, Num) or known.issuperset(dim_symbols(type_)):
        return type_
    assert type_.shape is not None
    shape = (fresh_dim() if (d.symbol or "").startswith("_") else d for d in type_.shape)
    return replace(type_, shape=tuple(shape))
