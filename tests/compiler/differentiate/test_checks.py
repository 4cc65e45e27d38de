"""The checker itself: a derivative wrong by one part in a million does not pass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sorix.primitives import table
from tests.compiler.differentiate.checks import check
from tests.compiler.differentiate.programs import PROGRAMS


@pytest.mark.parametrize("name", ["wave", "recurrence", "branch_in_loop", "pushed_and_popped"])
def test_a_rule_off_by_one_in_a_million_is_caught(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = table._rules[np.sin]
    assert rule.derive is not None
    derive = rule.derive
    wrong = replace(rule, derive=lambda y, x: np.cos(x) * (1 + 1e-6))
    monkeypatch.setitem(table._rules, np.sin, wrong)
    case = PROGRAMS[name]
    with pytest.raises(AssertionError):
        check(case.function, *case.points[0], order=1)
    monkeypatch.setitem(table._rules, np.sin, replace(rule, derive=derive))
    check(case.function, *case.points[0], order=1)
