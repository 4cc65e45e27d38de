"""What takes the place of a variable is computed after the last use of that, in code."""

from __future__ import annotations

from sorix.compiler.optimize.carry_last import carry_last
from sorix.compiler.optimize.forward_copies import forward_copies
from sorix.compiler.optimize.prune import prune
from tests.compiler.optimize.test_passes import after, expect


def carried_last(text: str) -> str:
    return after([forward_copies, prune, carry_last], text)


def test_in_a_loop() -> None:
    text = """
        def f(a: float, b: float, n: int):
            c = 0.0
            for i in range(n):
                t = a * b
                c = c + a
                a = t
            return a, c
    """
    expected = """
        c = 0.0
        for i in range(n):
            c += a
            a *= b
        return a, c
    """
    expect(carried_last(text), expected)


def test_in_a_branch_of_which_the_other_leaves_it_as_it_is() -> None:
    text = """
        def f(a: float, b: float, c: float):
            if b > 0.0:
                t = a * b
                c = c + a
            else:
                t = a
            return t, c
    """
    expected = """
        if b > 0.0:
            c += a
            a *= b
        return a, c
    """
    expect(carried_last(text), expected)


def test_in_a_branch_of_a_loop_that_carries_it() -> None:
    text = """
        def f(a: float, b: float, n: int):
            c = 0.0
            for i in range(n):
                if b > 0.0:
                    t = a * b
                    c = c + a
                else:
                    t = a - b
                    c = c - a
                a = t
            return a, c
    """
    expected = """
        c = 0.0
        for i in range(n):
            if b > 0.0:
                c += a
                a *= b
            else:
                c -= a
                a -= b
        return a, c
    """
    expect(carried_last(text), expected)


def test_what_is_updated_before_is_read_before() -> None:
    text = """
        def f(a: "n", b: float, n: int):
            c = 0.0
            for i in range(n):
                t = a * b
                a = store(a, i, c)
                c = c + a[0]
                a = t
            return a, c
    """
    result = carried_last(text)
    assert result.index("a * b") < result.index("store(")
