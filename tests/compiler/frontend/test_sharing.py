"""Arrays that a branch made ambiguous: when they may be written again."""

import numpy as np
import pytest

import sorix
from sorix.compiler.frontend import sharing
from sorix.compiler.frontend.state import AMBIGUOUS, LostError, State
from sorix.compiler.frontend.values import Cell
from sorix.errors import AliasingError

X = np.array([0.4, 0.9, 0.2])


class Kept:
    def __init__(self, array):
        self.array = array


def read_after(x):
    a, b = x.copy(), 2.0 * x
    kept = Kept(a if x[0] > 0.0 else b)
    a[0] = x[1]
    return np.sum(kept.array) + np.sum(b)


def let_go(x):
    a, b = x.copy(), 2.0 * x
    kept = Kept(a if x[0] > 0.0 else b)
    kept.array = None
    a[0] = x[1]
    return np.sum(a**2) + np.sum(b)


def test_a_write_is_refused_as_long_as_the_chosen_array_can_be_read():
    with pytest.raises(AliasingError):
        sorix.func.grad(read_after, fallback="error")(X)


def test_a_write_is_right_once_nothing_leads_to_the_chosen_array():
    gradient = sorix.func.grad(let_go, fallback="error")(X)
    np.testing.assert_allclose(gradient, [2.0, 2.0 + 4.0 * X[1], 2.0 + 2.0 * X[2]])


def test_were_a_way_to_the_chosen_array_overlooked_reading_it_would_be_an_error(monkeypatch):
    monkeypatch.setattr(sharing, "within_reach", lambda *_: ([], ()))
    with pytest.raises(LostError, match="was lost at a merge"):
        sorix.func.grad(read_after, fallback="error")(X)


def test_who_shares_memory_with_what_is_frozen_for_good_is_frozen_for_good():
    state, one, other = State({}), Cell("one"), Cell("other")
    chosen = Cell("chosen")
    state.freeze_as_one_of(chosen, AMBIGUOUS, frozenset([one, other]))
    assert state.others == {
        one: frozenset([chosen]),
        other: frozenset([chosen]),
        chosen: frozenset([one, other]),
    }
    state.freeze(one, "a list has it")
    assert state.others == {other: frozenset([chosen])}
    assert set(state.frozen) == {one, other, chosen}


def test_one_of_arrays_of_which_one_is_frozen_for_good_is_frozen_for_good():
    state, one, other = State({}), Cell("one"), Cell("other")
    chosen = Cell("chosen")
    state.freeze(one, "a list has it")
    state.freeze_as_one_of(chosen, AMBIGUOUS, frozenset([one, other]))
    assert chosen in state.frozen
    assert chosen not in state.others
