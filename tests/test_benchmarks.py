"""The benchmark compares before it times, and names the peers that are missing."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import __main__ as table
from benchmarks import penalty, timing

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
    assert "skipped: nowhere is not installed (pip install 'sorix[bench]')" in out


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
