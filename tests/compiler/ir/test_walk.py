"""Walking the IR: order, completeness, and copies that mean the same."""

from __future__ import annotations

import operator

import numpy as np
import pytest

from sorix.compiler.ir import walk
from sorix.compiler.ir.nodes import (
    Assign,
    Block,
    Call,
    Const,
    Function,
    If,
    Pop,
    Push,
    Slc,
    Tup,
    Var,
)
from sorix.compiler.ir.printer import show
from sorix.compiler.ir.types import FLOAT
from sorix.compiler.ir.verify import verify
from tests.compiler.ir import programs
from tests.compiler.ir.evaluate import evaluate_all

PROGRAMS = {make.__name__: make for make in programs.ALL}
each_program = pytest.mark.parametrize("name", PROGRAMS)


def values(function, name):
    args = [np.copy(a) if isinstance(a, np.ndarray) else a for a in programs.ARGUMENTS[name]]
    return [np.asarray(value).tolist() for value in evaluate_all(function, *args)]


def hints(variables):
    return [var.hint for var in variables]


def test_variables_of_an_atom_come_in_order():
    x, y = Var("x"), Var("y")
    atom = Tup((x, Slc(y, Const(None), x), Const(3), Tup((y,))))
    assert list(walk.atom_vars(atom)) == [x, y, x, y]


@each_program
def test_a_whole_function_reads_only_its_parameters(name):
    function = PROGRAMS[name]()
    assert set(walk.free_variables(function.body)) <= set(function.params)


@each_program
def test_every_variable_read_is_bound_somewhere(name):
    function = PROGRAMS[name]()
    bound = set(walk.variables(function))
    for stmt in walk.statements(function.body):
        assert set(walk.stmt_vars(stmt)) <= bound


def test_free_variables_of_a_loop_are_what_it_takes_from_outside():
    loop = programs.power().body.stmts[0]
    assert hints(walk.free_variables(loop)) == ["n", "x"]
    assert hints(walk.free_variables(loop.body)) == ["total", "i"]
    assert hints(walk.defined(loop)) == ["out", "trips"]
    assert hints(walk.bound_inside(loop)) == ["i", "total"]


def test_what_a_test_binds_is_not_free_in_the_loop():
    loop = programs.halving().body.stmts[0]
    assert hints(walk.free_variables(loop)) == ["x"]
    assert hints(walk.free_variables(loop.body)) == ["less"]
    assert hints(walk.free_variables(loop.test, loop.body)) == ["v"]


def test_stacks_are_read_by_push_and_pop():
    _, forward, backward = programs.recorded().body.stmts
    assert "stack" in hints(walk.free_variables(forward))
    assert "stack" in hints(walk.free_variables(backward))


def test_statements_come_in_program_order_through_all_blocks():
    kinds = [type(s).__name__ for s in walk.statements(programs.recorded().body)]
    assert kinds == ["Assign", "For", "Push", "Assign", "For", "Pop", "Assign"]


@each_program
def test_a_renamed_function_shares_no_variable_and_means_the_same(name):
    function = PROGRAMS[name]()
    copy = walk.rename(function)
    assert not set(walk.variables(copy)) & set(walk.variables(function))
    assert [v.type for v in walk.variables(copy)] == [v.type for v in walk.variables(function)]
    assert show(copy) == show(function)
    verify(copy, planned=True)
    assert values(copy, name) == values(function, name)


@each_program
def test_inlining_twice_keeps_single_binding(name):
    function = PROGRAMS[name]()
    args = tuple(Const(value) for value in programs.ARGUMENTS[name])
    blocks = [walk.inline(function, args) for _ in range(2)]
    stmts = (*blocks[0].stmts, *blocks[1].stmts)
    twice = Function("twice", (), Block(stmts, (*blocks[0].results, *blocks[1].results)))
    verify(twice, planned=True)
    results = [np.asarray(value).tolist() for value in evaluate_all(twice)]
    assert results == values(function, name) * 2


@each_program
def test_substituting_parameters_keeps_binders(name):
    function = PROGRAMS[name]()
    others = tuple(Var("other", p.type) for p in function.params)
    body = walk.substitute(function.body, dict(zip(function.params, others)))
    changed = Function(name, others, body)
    bound = [v for v in walk.variables(function) if v not in function.params]
    assert [v for v in walk.variables(changed) if v not in others] == bound
    assert values(changed, name) == values(function, name)


def test_substitution_reaches_tuples_slices_stacks_and_nested_blocks():
    x, y, stack, other, out = (Var(h) for h in ("x", "y", "stack", "other", "out"))
    inner = Block((Push(stack, Tup((x, Slc(x, Const(None), Const(None))))), Pop(out, stack)), (x,))
    block = Block((If(x, inner, Block((), (x,)), (Var("r"),)),), (x,))
    changed = walk.substitute(block, {x: y, stack: other})
    assert walk.free_variables(changed) == (y, other)
    with pytest.raises(TypeError, match="stack"):
        walk.substitute(block, {stack: Const(1)})


def test_substitution_is_done_once_not_followed():
    x, y, z = Var("x"), Var("y"), Var("z")
    assert walk.substitute_atom(Tup((x, y)), {x: y, y: z}).items == (y, z)


def test_atoms_without_a_replaced_variable_stay_the_same_object():
    x, y = Var("x"), Var("y")
    atom = Tup((x, Slc(x, x, x)))
    assert walk.substitute_atom(atom, {y: x}) is atom


def test_map_blocks_changes_nested_blocks_only():
    loop = programs.power().body.stmts[0]
    changed = walk.map_blocks(loop, lambda block: Block((), block.results))
    assert changed.body.stmts == ()
    assert (changed.index, changed.outs) == (loop.index, loop.outs)
    assign = Assign((Var("x"),), Const(1))
    assert walk.map_blocks(assign, lambda block: block) is assign


def test_ten_thousand_statements_are_no_problem():
    x = first = Var("x", FLOAT)
    stmts = []
    for _ in range(10_000):
        new = Var("x", FLOAT)
        stmts.append(Assign((new,), Call(operator.add, (x, Const(1.0)))))
        x = new
    function = Function("long", (first,), Block(tuple(stmts), (x,)))
    copy = walk.rename(function)
    verify(copy)
    assert len(list(walk.statements(copy.body))) == 10_000
    assert walk.free_variables(copy.body) == copy.params
    assert evaluate_all(copy, 0.0) == (10_000.0,)
    assert show(copy).count("\n") == 10_001
