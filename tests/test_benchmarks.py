"""The benchmark compares before it times, and names the peers that are missing."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from benchmarks import __main__ as table
from benchmarks import checkpoint, penalty, timing

SMALL = penalty.Problem(points=4, hidden=3, dtype="float64")


def absent(problem):
    raise penalty.NotInstalled("nowhere")


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(table, "PROBLEMS", (SMALL,))
    monkeypatch.setattr(table, "interleaved_medians", lambda steps, *_: dict.fromkeys(steps, 1e-6))


def test_missing_peers_are_named_as_skipped(quick, monkeypatch, capsys):
    monkeypatch.setattr(table, "CONTESTANTS", (penalty.by_hand, penalty.eager, absent))
    assert table.main(["--quick"]) == 0
    out = capsys.readouterr().out
    assert "sorix, eager tape        1.0" in out
    assert "skipped: nowhere is not installed (pip install '.[bench]')" in out


def test_contestants_with_other_gradients_are_not_timed(quick, monkeypatch):
    def wrong(problem):
        right = penalty.by_hand(problem)
        doubled = [2 * w for w in problem.weights()]
        return penalty.Contestant("wrong", right.step, lambda: doubled)

    monkeypatch.setattr(table, "CONTESTANTS", (penalty.by_hand, wrong))
    with pytest.raises(SystemExit, match="wrong computes other gradients"):
        table.main(["--quick"])


def test_a_busy_machine_is_said_to_be_one(monkeypatch):
    monkeypatch.setattr("os.getloadavg", lambda: (3.9, 2.0, 1.0), raising=False)
    assert "load before the start 3.9; it is busy" in table.machine()
    monkeypatch.setattr("os.getloadavg", lambda: (0.1, 2.0, 1.0), raising=False)
    assert "busy" not in table.machine()


@pytest.mark.parametrize("make", [penalty.eager, penalty.compiled])
def test_sorix_computes_the_gradients_written_by_hand(make):
    contestants = [penalty.by_hand(SMALL), make(SMALL)]
    assert table.compare_gradients(contestants) < 1e-12


def test_the_learning_rate_leaves_the_network_where_it_is():
    contestant = penalty.by_hand(SMALL)
    contestant.step()
    first = [g.copy() for g in contestant.gradients()]
    for _ in range(50):
        contestant.step()
    for before, after in zip(first, contestant.gradients(), strict=True):
        np.testing.assert_allclose(after, before, rtol=1e-6, atol=1e-9)


def test_medians_are_of_interleaved_rounds():
    order = []
    steps = {"a": lambda: order.append("a"), "b": lambda: order.append("b")}
    medians = timing.interleaved_medians(steps, repeats=3, seconds=1e-5)
    assert set(medians) == {"a", "b"}
    assert all(seconds > 0 for seconds in medians.values())
    turns = [name for i, name in enumerate(order) if i == 0 or order[i - 1] != name]
    assert turns[-6:] == ["a", "b"] * 3


# -- the loop of many steps -----------------------------------------------------------------

FEW = checkpoint.Problem(steps=30, size=3)


def test_all_who_are_here_compute_the_same_gradient_of_the_loop():
    measured, missing = {}, []
    for name, make in checkpoint.CONTESTANTS.items():
        try:
            measured[name] = checkpoint.measure(make, FEW)
        except penalty.NotInstalled:
            missing.append(name)
    assert {"sorix", "sorix, checkpoint"} <= measured.keys()
    assert not {"sorix", "sorix, checkpoint"} & set(missing)
    assert checkpoint.compare(measured) < 1e-10


def test_the_loop_holds_less_with_checkpoints():
    def peak(make):
        gradient = make(checkpoint.Problem(steps=2_000, size=32))
        tracemalloc.start()
        gradient()
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(checkpoint.sorix_checkpoint) < peak(checkpoint.sorix_plain) / 8


def test_the_table_of_the_loop_has_a_row_for_each_and_names_who_is_missing(monkeypatch, capsys):
    def measured(name, problem):
        if name.startswith("JAX"):
            raise penalty.NotInstalled("jax")
        return checkpoint.Measured(2.0, 5_000_000, [np.ones(2)])

    monkeypatch.setattr(checkpoint, "in_a_process", measured)
    assert checkpoint.main(["--quick"]) == 0
    out = capsys.readouterr().out
    assert "sorix, checkpoint       2.00        5.0     1.00    1.000" in out
    assert "skipped: JAX, scan: jax is not installed" in out


def test_other_gradients_of_the_loop_end_the_comparison():
    right = checkpoint.Measured(1.0, 1, [np.ones(2)])
    wrong = checkpoint.Measured(1.0, 1, [np.array([1.0, 1.1])])
    with pytest.raises(SystemExit, match="wrong computes other gradients"):
        checkpoint.compare({"sorix": right, "wrong": wrong})


def test_a_contestant_is_measured_in_a_process_of_its_own():
    problem = checkpoint.Problem(steps=30)
    found = checkpoint.in_a_process("sorix, checkpoint", problem)
    here = checkpoint.measure(checkpoint.sorix_plain, problem)
    assert checkpoint.compare({"here": here, "there": found}) < 1e-12
    assert found.seconds > 0
