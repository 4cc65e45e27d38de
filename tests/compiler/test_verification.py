"""The verify switch: right derivatives pass, a wrong one is reported with a reproducer."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import sorix
from sorix.compiler import pipeline
from sorix.compiler.cache import Cache
from sorix.compiler.ir.nodes import Assign, Call
from sorix.compiler.reproducer import written
from sorix.errors import VerificationError
from sorix.primitives import table


def cubes(x, w):
    total = 0.0
    for v in x:
        total += w * v**3
    return total


def loss(x):
    return (np.tanh(x) ** 2).sum()


def test_right_derivatives_pass():
    compiled = sorix.compile(verify=True, fallback="error")(loss)
    x = sorix.tensor([0.3, -0.2], requires_grad=True)
    compiled(x).backward()
    np.testing.assert_allclose(
        x.grad.data, 2 * np.tanh(x.data) * (1 - np.tanh(x.data) ** 2), rtol=1e-6
    )


def test_the_environment_asks_for_it(monkeypatch):
    monkeypatch.setenv("SORIX_VERIFY", "1")
    gradient = sorix.func.grad(cubes, (0, 1), fallback="error")
    x_bar, w_bar = gradient(np.array([0.5, 2.0]), 3.0)
    np.testing.assert_allclose(x_bar, 9.0 * np.array([0.25, 4.0]))
    assert w_bar == pytest.approx(8.125)


@pytest.fixture
def wrong_tanh(monkeypatch):
    """A rule that is wrong by a ten-thousandth, and every derivative checked."""
    monkeypatch.setenv("SORIX_VERIFY", "1")
    monkeypatch.setattr(pipeline, "default_cache", lambda: Cache(None))
    rule = table.rule_of(np.tanh)
    monkeypatch.setitem(
        table._rules, np.tanh, replace(rule, derive=lambda y, x: 1.0001 * (1 - y * y))
    )


def saturated():
    """A function that nothing is known of yet."""

    def program(x, w):
        y = x.copy()
        for k in range(len(x)):
            y[k] = w * np.tanh(y[k])
        return np.sum(y)

    return program


POINT = np.array([0.5, -0.1])


def by_jvp():
    return sorix.func.jvp(saturated(), (POINT, 3.0), (POINT, 1.0))


def by_vjp():
    return sorix.func.vjp(saturated(), POINT, 3.0)


def by_hvp():
    return sorix.func.hvp(saturated(), (POINT, 3.0), (POINT, 1.0))


def by_grad():
    return sorix.func.grad(saturated(), (0, 1), fallback="error")(POINT, 3.0)


def by_rows():
    return sorix.func.jacrev(lambda x: np.tanh(x) * x)(POINT)


def by_columns():
    return sorix.func.jacfwd(lambda x: np.tanh(x) * x)(POINT)


def by_all_products():
    return sorix.func.hessian(lambda x: np.sum(np.tanh(x)))(POINT)


def by_tensors():
    x = sorix.tensor(POINT, requires_grad=True)
    return sorix.compile(lambda x: np.tanh(x).sum(), fallback="error")(x)


WAYS = (by_grad, by_jvp, by_vjp, by_hvp, by_rows, by_columns, by_all_products, by_tensors)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_wrong_derivative_is_reported_by_every_transform(way, wrong_tanh):
    with pytest.raises(VerificationError, match="disagrees with differences"):
        way()


@pytest.mark.parametrize(
    "transform",
    [
        lambda f: sorix.func.grad(f)(POINT),
        lambda f: sorix.func.jvp(f, (POINT,), (POINT,)),
        lambda f: sorix.func.hvp(f, (POINT,), (POINT,)),
        lambda f: sorix.func.hessian(f)(POINT),
    ],
    ids=["grad", "jvp", "hvp", "hessian"],
)
def test_transforms_check_what_was_compiled_to_be_verified(transform, wrong_tanh, monkeypatch):
    monkeypatch.delenv("SORIX_VERIFY")
    with pytest.raises(VerificationError, match="disagrees with differences"):
        transform(sorix.compile(lambda x: np.sum(np.tanh(x)), verify=True))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_right_derivative_passes_every_transform(way, monkeypatch):
    monkeypatch.setenv("SORIX_VERIFY", "1")
    way()


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_the_reproducer_runs_alone_and_shows_the_disagreement(way, wrong_tanh, tmp_path):
    with pytest.raises(VerificationError) as caught:
        way()
    assert caught.value.reproducer in str(caught.value)
    script = tmp_path / "again.py"
    script.write_text(caught.value.reproducer)
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    claimed, *measured = [float(line.split(":")[-1]) for line in ran.stdout.splitlines()]
    assert repr(claimed) in str(caught.value)
    assert len(measured) == 5
    assert all(abs(m / claimed - 1) > 1e-7 for m in measured[:4])


def test_what_the_function_prints_is_printed_once(monkeypatch, capsys):
    monkeypatch.setenv("SORIX_VERIFY", "1")

    def talks(x):
        print("x is", x)  # noqa: T201
        return x * x

    assert sorix.func.grad(talks, fallback="error")(3.0) == 6.0
    assert capsys.readouterr().out == "x is 3.0\n"


def test_inputs_are_written_to_the_last_bit():
    columns = np.asfortranarray(np.array([[0.1, np.nan], [np.inf, -0.0]]))
    for value in (columns, np.zeros((0, 3)), np.float32(0.1), 3, 0.1, np.arange(3), [0.1, 0.2]):
        again = eval(written(value), {"np": np, "nan": np.nan, "inf": np.inf})
        np.testing.assert_array_equal(again, value, strict=isinstance(value, np.ndarray))
        assert type(again) is type(value)
    again = eval(written(columns), {"np": np, "nan": np.nan, "inf": np.inf})
    assert again.flags.f_contiguous
    assert np.signbit(again[1, 1])


def entropy(p):
    return -np.sum(p * np.log(p))


def guarded(p):
    if not 0 <= p <= 1:
        raise ValueError("p must be a probability")
    return p * p


def factor(A):
    return np.linalg.cholesky(A)[1, 0] + np.linalg.eigvalsh(A)[0]


@pytest.mark.parametrize(
    "function, point",
    [
        (entropy, np.array([0.999, 0.0009, 0.0001])),
        (guarded, 1.0),
        (guarded, 0.9999),
        (lambda p: -p * math.log(p), 1e-3),
        (lambda c: math.acos(c), 0.9999),
        (lambda x: x**1.5, 1e-3),
        (lambda r: 2.3e-28 / r, 1e-10),
        (lambda x: np.log(x), 1e-9),
        (lambda x: x**2, 1e150),
        (lambda x: np.sum(x**2), np.ones(3, np.float16)),
        (lambda x: np.sum(x), np.array([1.0, np.nan])),
        (lambda x: np.sum(x), np.array([1.0, np.inf])),
        (factor, np.array([[2.0, 1.0], [1.0, 3.0]])),
        (lambda x: np.sum(np.where(x > 0, x, 0.0 * x)), np.array([0.0, 0.0, 1.0])),
        (lambda x: np.sum(np.clip(x, 0.0, 1.0)), np.array([0.0, 1.0, 0.5])),
        (lambda x: np.sum(np.sort(x) * np.arange(3)), np.array([1.0, 1.0, 0.5])),
    ],
)
def test_no_alarm_is_false(function, point, monkeypatch):
    monkeypatch.setenv("SORIX_VERIFY", "1")
    sorix.func.grad(function, fallback="error")(point)
    sorix.func.jvp(function, (point,), (point,))


@pytest.fixture
def wrong_lowering(monkeypatch):
    """A frontend that takes sines for cosines, and everything checked."""
    monkeypatch.setenv("SORIX_VERIFY", "1")
    monkeypatch.setattr(pipeline, "default_cache", lambda: Cache(None))
    right = pipeline.lower

    def confused(call):
        return replace(call, fn=np.cos) if call.fn is np.sin else call

    def lower(*args):
        lowered = right(*args)
        stmts = tuple(
            replace(s, value=confused(s.value))
            if isinstance(s, Assign) and isinstance(s.value, Call)
            else s
            for s in lowered.function.body.stmts
        )
        body = replace(lowered.function.body, stmts=stmts)
        return replace(lowered, function=replace(lowered.function, body=body))

    monkeypatch.setattr(pipeline, "lower", lower)


def of_sines():
    def program(x, w):
        return {"sum": np.sum(np.sin(x) * w), "parts": [w, (x, "name")]}["sum"]

    return program


def sines_by_tensors():
    x = sorix.tensor(POINT, requires_grad=True)
    return sorix.compile(lambda x: np.sin(x).sum(), fallback="error")(x)


SINES = {
    "grad": lambda: sorix.func.grad(of_sines(), (0, 1), fallback="error")(POINT, 3.0),
    "jvp": lambda: sorix.func.jvp(of_sines(), (POINT, 3.0), (POINT, 1.0)),
    "vjp": lambda: sorix.func.vjp(of_sines(), POINT, 3.0),
    "hvp": lambda: sorix.func.hvp(of_sines(), (POINT, 3.0), (POINT, 1.0)),
    "jacrev": lambda: sorix.func.jacrev(of_sines())(POINT, 3.0),
    "jacfwd": lambda: sorix.func.jacfwd(of_sines())(POINT, 3.0),
    "hessian": lambda: sorix.func.hessian(of_sines())(POINT, 3.0),
    "compile": sines_by_tensors,
}


@pytest.mark.parametrize("way", SINES.values(), ids=SINES)
def test_code_that_computes_something_else_is_reported_by_every_transform(way, wrong_lowering):
    with pytest.raises(VerificationError, match="does not compute what the function does") as e:
        way()
    script = e.value.reproducer
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    generated, own = ran.stdout.splitlines()
    assert "the generated code:" in generated
    assert "the function gives" in own


def test_the_check_leaves_no_trace(monkeypatch, capsys):
    monkeypatch.setenv("SORIX_VERIFY", "1")

    class Model:
        def __init__(self):
            self.weights = [np.array([0.2, 0.4]), 0.5]

    def program(model, x):
        x[0] = x[0] * model.weights[1]
        model.weights[0][1] = x[0]
        print("at", x[0])  # noqa: T201
        return np.sum(x * model.weights[0])

    model, x = Model(), np.array([0.3, 0.7])
    drawn = np.random.get_state()[1].tolist()
    gradient = sorix.func.value_and_grad(program, (0, 1), fallback="error")
    value, (bars, x_bar) = gradient(model, x)
    assert capsys.readouterr().out == "at 0.15\n"
    assert x.tolist() == [0.3, 0.7]
    assert model.weights[0].tolist() == [0.2, 0.4]
    assert np.random.get_state()[1].tolist() == drawn
    assert value == pytest.approx(0.15 * 0.2 + 0.7 * 0.15)
    assert bars["weights"][1] == pytest.approx(0.3 * 0.2 + 0.3 * 0.7)
    assert x_bar.tolist() == pytest.approx([0.5 * 0.9, 0.15])


def test_tensors_hold_their_own_values_again(monkeypatch):
    x = sorix.tensor([0.3, -0.2], requires_grad=True)
    data = x.data
    held = data.tolist()
    sorix.compile(verify=True, fallback="error")(loss)(x).backward()
    assert x.tolist() == held


def test_the_value_of_a_call_without_tensors_is_checked(wrong_lowering):
    compiled = sorix.compile(verify=True, fallback="error")(lambda x: np.sin(x))
    with pytest.raises(VerificationError, match="does not compute what the function does"):
        compiled(0.5)


def test_what_is_detached_is_compared_by_its_value_alone(wrong_tanh):
    x = sorix.tensor(POINT, requires_grad=True)
    sorix.compile(lambda x: (x.detach() * x).sum(), fallback="error")(x).backward()
    assert x.grad.tolist() == POINT.tolist()


def test_a_function_that_draws_from_what_others_draw_from_is_let_pass(monkeypatch):
    monkeypatch.setenv("SORIX_VERIFY", "1")
    rng, again = np.random.default_rng(3), np.random.default_rng(3)
    slope = sorix.func.grad(lambda x: x * rng.normal(), fallback="error")(0.5)
    assert slope == again.normal()
    assert rng.bit_generator.state == again.bit_generator.state


def test_the_check_warns_of_nothing(monkeypatch):
    monkeypatch.setenv("SORIX_VERIFY", "1")
    with pytest.warns(RuntimeWarning) as given:
        sorix.func.value_and_grad(lambda x: np.sum(np.sqrt(x)), fallback="error")(np.array([-1.0]))
    monkeypatch.delenv("SORIX_VERIFY")
    with pytest.warns(RuntimeWarning) as without:
        sorix.func.value_and_grad(lambda x: np.sum(np.sqrt(x)), fallback="error")(np.array([-1.0]))
    assert len(given) == len(without)


def test_a_wrong_derivative_beside_a_kink_is_reported(wrong_tanh, monkeypatch):
    monkeypatch.setenv("SORIX_VERIFY", "1")
    with pytest.raises(VerificationError):
        sorix.func.grad(lambda x: np.sum(np.abs(x)) + np.sum(np.tanh(x)), fallback="error")(POINT)
