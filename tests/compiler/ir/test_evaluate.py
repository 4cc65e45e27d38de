"""The reference evaluator gives each statement its meaning."""

from __future__ import annotations

import numpy as np
import pytest

from sorix.compiler.ir.nodes import UNDEFINED, Block, Const, Function, If, Var
from tests.compiler.ir import programs
from tests.compiler.ir.evaluate import evaluate


def test_tuples_slices_and_several_results():
    total, first = evaluate(programs.straight_line(), np.arange(3.0), np.ones(3))
    assert total.tolist() == first.tolist() == [1.0, 2.0, 3.0]


def test_a_branch_leaves_what_its_path_assigned():
    assert evaluate(programs.branch(), 3.0) == 6.0
    assert evaluate(programs.branch(), -3.0) == 3.0


def test_a_name_its_path_left_unassigned_cannot_be_read():
    out = Var("out")
    merge = If(Const(True), Block((), (UNDEFINED,)), Block((), (Const(1),)), (out,))
    with pytest.raises(UnboundLocalError):
        evaluate(Function("f", (), Block((merge,), (out,))))


def test_loops_count_their_trips_and_run_either_way():
    assert evaluate(programs.power(), 1.0, 4) == (10123.0, 4)
    assert evaluate(programs.power(backwards=True), 1.0, 4) == (13210.0, 4)
    assert evaluate(programs.power(), 1.0, 0) == (1.0, 0)


def test_until_leaves_after_the_iteration_that_makes_it_true():
    assert evaluate(programs.until(), 30.0, 9) == (120.0, 2)
    assert evaluate(programs.until(), 1.0, 3) == (8.0, 3)


def test_while_tests_before_each_iteration():
    assert evaluate(programs.halving(), 0.5) == (0.5, 0)
    assert evaluate(programs.halving(), 9.0) == (0.25, 3)


def test_stacks_give_back_in_reverse():
    assert evaluate(programs.recorded(), 2.0) == (9.0, 5.0)


def test_raise_raises():
    assert evaluate(programs.refusing(), 1.0) == 1.0
    with pytest.raises(ValueError, match="negative"):
        evaluate(programs.refusing(), -1.0)


def test_an_update_writes_into_the_buffer():
    x = np.arange(3.0)
    assert evaluate(programs.writing(), x).tolist() == [5.0, 1.0, 2.0]
    assert x.tolist() == [0.0, 1.0, 2.0]


def test_ir_functions_call_each_other():
    assert evaluate(programs.calling(), 3.0) == 7.0
