"""What goes into a compiled call and comes out of it."""

from __future__ import annotations

import functools
import inspect
from typing import NamedTuple

import numpy as np
import pytest

import sorix
from sorix import nn
from sorix.errors import FallbackWarning, UnsupportedTypeError
from tests.runtime.engines import agree, compiled, leaf, network

FACTOR = 3.0
TABLE = {"a": 2.0}
WEIGHTS = np.array([1.0, 2.0, 3.0])


def energy(x):
    """The sum of squares."""
    return (x * x).sum()


# -- the decorator --------------------------------------------------------------------------


def test_bare_and_with_options():
    @sorix.compile
    def bare(x):
        return (x * x).sum()

    @sorix.compile(backend="numpy", fallback="error")
    def chosen(x):
        return (x * x).sum()

    for function in (bare, chosen, sorix.compile(energy), sorix.compile()(energy)):
        x = leaf([1.0, 2.0])
        function(x).backward()
        assert x.grad.tolist() == [2.0, 4.0]


def test_the_compiled_function_is_still_called_as_it_was():
    through = compiled(energy)
    assert through.__name__ == "energy"
    assert through.__doc__ == "The sum of squares."
    assert str(inspect.signature(through)) == "(x)"
    with pytest.raises(TypeError, match="missing a required argument"):
        through()
    with pytest.raises(TypeError, match="too many positional"):
        through(leaf(1.0), 2)


def test_options_that_do_not_exist_are_refused_at_once():
    with pytest.raises(ValueError, match="backend='fortran' is not known: the only one is 'numpy'"):
        sorix.compile(backend="fortran")(energy)
    with pytest.raises(ValueError, match="fallback='maybe' is neither 'tape' nor 'error'"):
        sorix.compile(fallback="maybe")(energy)


# -- arguments ------------------------------------------------------------------------------


def test_a_module_is_followed_to_its_parameters():
    def loss(model, x):
        return (model(x) ** 2).mean()

    agree(loss, network(), sorix.tensor(np.linspace(-1, 1, 4)[:, None]))


class Mix(nn.Module):
    """A module with a parameter of its own, a list of layers, a buffer-like array and a flag."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(np.array([1.5, -0.5]))
        self.layers = nn.Sequential(nn.Linear(2, 3, dtype=np.float64), nn.Sin())
        self.offset = np.array([0.1, 0.2, 0.3])
        self.squared = True

    def forward(self, x):
        h = self.layers(x * self.scale) + self.offset
        return h * h if self.squared else h


def test_a_module_with_fields_of_every_kind():
    def loss(model, x):
        return model(x).sum()

    sorix.manual_seed(0)
    model, x = Mix(), leaf([[0.3, 0.7], [1.0, -1.0]])
    through = agree(loss, model, x)
    model.squared = False
    model.offset = np.array([3.0, 2.0, 1.0])
    assert through(model, x).item() == loss(model, x).item()


def test_a_tensor_argument_without_grad_stays_a_tensor():
    def double(x):
        return x * 2

    result = compiled(double)(sorix.tensor(np.array([1.0, 2.0])))
    assert isinstance(result, sorix.Tensor)
    assert not result.requires_grad
    assert result.tolist() == [2.0, 4.0]


def test_plain_arrays_give_plain_arrays():
    def double(x, y):
        return x * 2 + y

    result = compiled(double)(np.array([1.0, 2.0]), np.float32([1, 2]))
    assert type(result) is np.ndarray
    assert result.tolist() == [3.0, 6.0]


def test_python_numbers_stay_python_numbers():
    def polynomial(x, n):
        return x**n + n

    result = compiled(polynomial)(2.0, 3)
    assert type(result) is float
    assert result == 11.0
    assert type(compiled(polynomial)(2, 3)) is int


def test_one_specialisation_serves_all_floats_and_integers():
    @functools.partial(sorix.compile, fallback="error")
    def scaled(x, a, n):
        return (x * a + n).sum()

    x = leaf([1.0, 2.0])
    assert scaled(x, 2.0, 1).item() == 8.0
    assert scaled(x, 3.0, 5).item() == 19.0
    assert len(scaled._dispatcher.entries) == 1


def test_an_integer_that_must_be_known_is_specialised():
    def reduced(x, axis):
        return (x.sum(axis=axis) ** 2).sum()

    x = leaf([[1.0, 2.0], [3.0, 5.0]])
    through = agree(reduced, x, 0)
    assert through(x, 1).item() == reduced(x, 1).item()


def test_keyword_arguments_and_defaults():
    def scaled(x, a=2.0, *, b=1.0, power=2):
        return ((a * x + b) ** power).sum()

    x = leaf([1.0, 2.0])
    agree(scaled, x)
    agree(scaled, x, 3.0, b=5.0)
    agree(scaled, x=x, power=3)
    with pytest.raises(TypeError, match="unexpected keyword argument 'c'"):
        compiled(scaled)(x, c=1)


def test_star_arguments():
    def total(*parts, **named):
        return sum((p * p).sum() for p in parts) + named["extra"].sum()

    agree(total, leaf([1.0, 2.0]), leaf(3.0), extra=leaf([4.0]))


def test_structures_of_tensors_as_arguments():
    def weighed(pair, params):
        x, y = pair
        return (x * params["w"] + y * params["layers"][0]).sum()

    agree(weighed, (leaf([1.0, 2.0]), leaf([0.5, 0.1])), {"w": leaf(3.0), "layers": [leaf(2.0)]})


class Point(NamedTuple):
    x: sorix.Tensor
    y: sorix.Tensor


def test_named_tuples_keep_their_class():
    def swapped(p):
        return Point(p.y * 2, p.x * p.y)

    through = agree(swapped, Point(leaf([1.0, 2.0]), leaf([0.5, 0.1])))
    assert type(through(Point(leaf([1.0, 2.0]), leaf([0.5, 0.1])))) is Point


def test_the_same_tensor_given_twice_gets_both_gradients():
    def product(x, y):
        return (x * y * y).sum()

    x = leaf([1.0, 2.0])
    through = agree(product, x, x)
    y = leaf([3.0, 4.0])
    assert through(x, y).item() == product(x, y).item()
    assert through(x, x).item() == product(x, x).item()


# -- what is not an argument ----------------------------------------------------------------


def test_closures_are_live():
    scale = leaf(2.0)

    def scaled(x):
        return (x * scale).sum()

    through, x = compiled(scaled), leaf([1.0, 2.0])
    through(x).backward()
    assert scale.grad.item() == 3.0
    scale = leaf(5.0)
    assert through(x).item() == 15.0
    scale = 4
    assert through(x).item() == 12.0


def test_rebinding_a_global_is_seen(monkeypatch):
    def scaled(x):
        return (x * FACTOR + TABLE["a"] * WEIGHTS).sum()

    through, x = compiled(scaled), leaf([1.0, 1.0, 1.0])
    assert through(x).item() == 9.0 + 12.0
    monkeypatch.setitem(globals(), "FACTOR", 10.0)
    assert through(x).item() == 30.0 + 12.0
    monkeypatch.setitem(TABLE, "a", 1.0)
    assert through(x).item() == 30.0 + 6.0
    monkeypatch.setitem(globals(), "WEIGHTS", leaf([1.0, 0.0, 0.0]))
    loss = through(x)
    assert loss.item() == 31.0
    loss.backward()
    assert WEIGHTS.grad.tolist() == [1.0, 1.0, 1.0]


def square(x):
    return x * x


def cube(x):
    return x * x * x


def test_rebinding_a_called_function_is_seen(monkeypatch):
    def total(x):
        return square(x).sum()

    through, x = compiled(total), leaf([2.0])
    assert through(x).item() == 4.0
    monkeypatch.setitem(globals(), "square", cube)
    assert through(x).item() == 8.0


def test_a_compiled_function_called_by_a_compiled_one_is_inlined():
    inner = compiled(square)

    def outer(x):
        return inner(inner(x)).sum()

    through = agree(outer, leaf([1.0, 2.0]), order=3)
    code = [line for line in through.source.splitlines() if "#" not in line]
    assert not any("inner" in line for line in code)


class Model:
    """A plain class whose method is compiled."""

    def __init__(self, scale):
        self.scale = scale

    @functools.partial(sorix.compile, fallback="error")
    def energy(self, x):
        return (self.scale * x * x).sum()

    def plain(self, x):
        return (self.scale * x * x).sum()


def test_methods():
    x = leaf([1.0, 2.0])
    model, other = Model(leaf(3.0)), Model(2.0)
    model.energy(x).backward()
    assert model.scale.grad.item() == 5.0
    assert other.energy(x).item() == 10.0
    assert len(Model.energy._dispatcher.entries) == 2


def test_a_bound_method_shows_its_text():
    model = Model(2.0)
    model.energy(np.ones(2))
    assert "scale * x * x" in model.energy.source
    assert "specialised for" in str(model.energy.explain())
    assert model.energy.__name__ == "energy"


def test_bound_methods_partials_and_callable_objects():
    x = leaf([[0.5], [1.5]])
    model = network()
    for function in (
        Model(3.0).plain,
        functools.partial(Model.plain, Model(3.0)),
        functools.partial(Model(3.0).plain, x=x),
        model,
    ):
        arguments = () if isinstance(function, functools.partial) and function.keywords else (x,)
        want = function(*arguments)
        got = compiled(function)(*arguments)
        np.testing.assert_allclose(got.data, want.data, rtol=1e-14)


# -- results --------------------------------------------------------------------------------


def test_structures_of_results():
    def several(x, n):
        y = np.sin(x)
        return {"y": y, "pair": (y.sum(), n), "list": [x * 2, None, "name"], "flag": True}

    agree(several, leaf([1.0, 2.0]), 3)


def test_results_that_are_constants_of_the_tape():
    def detached(x):
        return x.detach() * 2, (x > 1.0), x * 3

    agree(detached, leaf([1.0, 2.0]))


def test_an_argument_returned_as_it_is():
    def both(x, y):
        return x, x * y

    agree(both, leaf([1.0, 2.0]), leaf([3.0, 4.0]))


def test_a_function_without_a_result():
    def fill(a, v):
        a[:] = v

    a = np.zeros(3)
    assert compiled(fill)(a, 2.0) is None
    assert a.tolist() == [2.0, 2.0, 2.0]


# -- arrays that are written ----------------------------------------------------------------


def test_written_arrays_are_the_callers():
    def smooth(a, steps):
        for _ in range(steps):
            a[1:-1] = 0.5 * (a[:-2] + a[2:])
        return a.sum()

    got, want = np.arange(6.0) ** 2, np.arange(6.0) ** 2
    assert compiled(smooth)(got, 3) == smooth(want, 3)
    np.testing.assert_array_equal(got, want)


def test_written_array_also_returned():
    def scaled(a):
        a *= 2.0
        return a

    a = np.arange(3.0)
    result = compiled(scaled)(a)
    assert a.tolist() == [0.0, 2.0, 4.0]
    assert result.tolist() == a.tolist()
    assert result is a


def test_two_written_arrays_that_may_be_one():
    def shift(a, b):
        a += 1.0
        b *= 2.0
        return a.sum() + b.sum()

    through = compiled(shift)
    for make in (lambda: (np.ones(4), np.ones(4)), lambda: (a := np.ones(4), a)):
        got, want = make(), make()
        assert through(*got) == shift(*want)
        np.testing.assert_array_equal(got[0], want[0])
        np.testing.assert_array_equal(got[1], want[1])


def test_overlapping_views_run_on_the_tape_and_only_they():
    def shift(a, b):
        a[:] = a + 1.0
        return (a * b).sum()

    through = sorix.compile(shift)
    got, want = np.arange(6.0), np.arange(6.0)
    with pytest.warns(FallbackWarning, match="shares memory"):
        result = through(got[:4], got[2:])
    assert result == shift(want[:4], want[2:])
    np.testing.assert_array_equal(got, want)
    assert through(np.ones(4), np.ones(4)) == 8.0
    assert "def shift" in through.source


def test_a_tensor_that_a_path_leaves_none_is_computed_with_as_a_tensor():
    def damped(x):
        for _ in range(3):
            if x > 1:
                return x
            x = x * 1.4
        return x * x

    def product(x):
        return damped(x) * damped(x * 0.1) + (-damped(x)).exp()

    compiled = sorix.compile(product, fallback="error")
    found = []
    for function in (product, compiled):
        x = sorix.tensor(0.7, dtype=sorix.float64, requires_grad=True)
        y = function(x)
        y.backward()
        found.append((y.item(), x.grad.item()))
    np.testing.assert_allclose(found[1], found[0], rtol=1e-12)


def test_the_source_of_a_gradient_by_an_unknown_argument_names_those_there_are():
    compiled = sorix.compile(lambda x, name: x * x, fallback="error")
    compiled.prepare(0.5, "a")
    with pytest.raises(ValueError, match="'y' is no argument of <lambda>\\(\\): there is x, name"):
        compiled.grad_source(wrt=["x", "y"])
    with pytest.raises(ValueError, match="the argument name holds no floats"):
        compiled.grad_source(wrt=["name"])
    assert "adjoint w.r.t. x\n" in compiled.grad_source(wrt=["x"])


def test_the_text_of_forward_mode():
    compiled = sorix.compile(lambda x, k: (k * x * x).sum(), fallback="error")
    compiled(np.ones(2), 3.0)
    text = compiled.grad_source(wrt=["x"], mode="forward")
    assert "tangent w.r.t. x\n" in text
    assert "def function__tangent(x, k, x_dot):" in text
    assert "k_dot" in compiled.grad_source(mode="forward")
    second = compiled.grad_source(2, wrt=["x"], mode="forward")
    assert "adjoint w.r.t. x | tangent w.r.t. x\n" in second
    with pytest.raises(ValueError, match="did you mean mode='forward'"):
        compiled.grad_source(mode="foward")


def test_attributes_of_a_tensor_that_are_no_methods():
    def sized(x):
        t = sorix.tensor([1.0, 2.0])
        return (x * t).sum() * t.size

    def asked(x):
        y = x * 2.0
        return y.sum() * (2.0 if y.is_leaf else 3.0)

    x = leaf([0.3, 0.4])
    assert np.allclose(sorix.compile(sized, fallback="error")(x).data, sized(x).data)
    with pytest.raises(UnsupportedTypeError, match="'is_leaf' of a tensor is not followed"):
        sorix.compile(asked, fallback="error")(x)
    with pytest.warns(FallbackWarning):
        assert np.allclose(sorix.compile(asked)(x).data, asked(x).data)
