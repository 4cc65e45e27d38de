"""A tensor that is written into an array of NumPy's: as on the tape, or refused."""

from __future__ import annotations

import operator
import warnings

import numpy as np
import pytest

import sorix
from sorix.errors import NoGradientError, UnsupportedFunctionError
from sorix.errors import UnsupportedSyntaxError as Refused
from tests.runtime.engines import compiled, leaf

ENDS = np.array([True, False, True])


def added_to_a_helpers_argument(a, b):
    a[1:] += b


IN_PLACE = {
    "a slice": lambda a, x: operator.setitem(a, slice(1, None), x[1:] * 3),
    "all of it": lambda a, x: a.fill(x[1]),
    "an element": lambda a, x: operator.setitem(a, 1, x[1]),
    "a list": lambda a, x: operator.setitem(a, slice(None), [x[0], x[1], 2.0]),
    "flat": lambda a, x: setattr(a, "flat", x),
    "flat, of a list": lambda a, x: setattr(a, "flat", [x[0], x[1], x[2]]),
    "flat, in turn": lambda a, x: setattr(a, "flat", x[:2]),
    "flat, an element": lambda a, x: operator.setitem(a.flat, 1, x[0]),
    "real": lambda a, x: setattr(a, "real", x),
    "a helper": lambda a, x: added_to_a_helpers_argument(a, x[1:]),
    "out": lambda a, x: np.multiply(x, 3, out=a),
    "out by position": lambda a, x: np.sin(x, a),
    "out of a list": lambda a, x: np.multiply([x[0], x[1], x[2]], 3, out=a),
    "out where": lambda a, x: np.multiply(x, 3, out=a, where=ENDS),
    "out where a tensor is": lambda a, x: np.add(a, 3, out=a, where=x > 1),
    "out of a sum": lambda a, x: np.cumsum(x, out=a),
    "out of a product": lambda a, x: np.dot(np.eye(3), x, out=a),
    "out of einsum": lambda a, x: np.einsum("ij,j->i", np.eye(3), x, out=a),
    "out of a method": lambda a, x: x.cumsum(out=a),
    "out of accumulate": lambda a, x: np.add.accumulate(x, out=a),
    "out of outer": lambda a, x: np.add.outer(x[:1], x, out=a[None]),
    "add.at": lambda a, x: np.add.at(a, np.array([0, 0, 1]), x),
    "multiply.at": lambda a, x: np.multiply.at(a, np.array([0, 0, 1]), x),
    "copyto": lambda a, x: np.copyto(a, x),
    "copyto of a list": lambda a, x: np.copyto(a, [x[0], x[1], x[2]]),
    "copyto where": lambda a, x: np.copyto(a, x, where=ENDS),
    "put": lambda a, x: np.put(a, [0, 1], x[:2]),
    "put in turn": lambda a, x: np.put(a, [0, 1, 2], x[:2]),
    "the method put": lambda a, x: a.put([0, 1], x[:2]),
    "putmask": lambda a, x: np.putmask(a, ENDS, x),
    "place": lambda a, x: np.place(a, ENDS, x),
    "put_along_axis": lambda a, x: np.put_along_axis(a, np.array([1]), x[:1], 0),
    "fill_diagonal": lambda a, x: np.fill_diagonal(np.diag(a), x[0]),
    "nan_to_num": lambda a, x: np.nan_to_num(a, copy=False, nan=x[0]),
}  # fmt: skip


def adds_to_a_slice(x):
    a = np.zeros(3)
    a[1:] += x[1:] * 3
    return np.sum(a**2)


def adds_to_the_whole(x):
    a = np.zeros(3)
    a += x
    return np.sum(a**2)


def subtracts_from_a_slice(x):
    a = np.zeros(3)
    a[:2] -= x[:2]
    return np.sum(a**2)


def multiplies_a_view(x):
    a = np.ones((3, 3))
    row = a[1]
    row *= x
    return np.sum(a**2)


def adds_to_chosen_elements(x):
    a = np.zeros(3)
    a[np.array([0, 2])] += x[:2]
    return np.sum(a**2)


def adds_to_elements_in_a_loop(x):
    a = np.zeros(3)
    for k in range(len(x)):
        a[k] += x[k] ** 2
    return np.sum(a**2)


def adds_to_an_element_of_a_list(x):
    arrays = [np.zeros(3)]
    arrays[0][1] += x[0]
    return np.sum(arrays[0] ** 2)


def adds_to_arrays_of_a_list(x):
    arrays = [np.zeros(3), np.zeros(3)]
    for a in arrays:
        a += x
    return np.sum(arrays[0] ** 2)


def adds_to_a_field(x):
    kept = {"a": np.zeros(3)}
    kept["a"] += x
    return np.sum(kept["a"] ** 2)


def writes_what_may_be_none(x):
    given = None
    if x[0] > 0:
        given = x
    a = np.zeros(3)
    a[:] = given
    return np.sum(a**2)


def writes_a_list_that_grew(x):
    kept, total, k = [], 0.0, 0
    while total < 1.5:
        kept.append(x[k] * 2.0)
        total += float(x[k])
        k += 1
    a = np.zeros(len(kept))
    a[:] = kept
    return np.sum(a**2)


AUGMENTED = [
    adds_to_a_slice, adds_to_the_whole, subtracts_from_a_slice, multiplies_a_view,
    adds_to_chosen_elements, adds_to_elements_in_a_loop, adds_to_an_element_of_a_list,
    adds_to_arrays_of_a_list, adds_to_a_field, writes_what_may_be_none, writes_a_list_that_grew,
]  # fmt: skip


def writing(change):
    def program(x):
        a = np.zeros(3)
        change(a, x)
        return np.sum(a**2)

    return program


PROGRAMS = AUGMENTED + [pytest.param(writing(f), id=name) for name, f in IN_PLACE.items()]


@pytest.mark.parametrize("function", PROGRAMS)
def test_a_tensor_that_requires_grad_is_not_written(function):
    with pytest.raises(Refused, match="NumPy array"):
        compiled(function)(leaf([1.0, 2.0, 3.0]))


@pytest.mark.parametrize("function", PROGRAMS)
def test_a_constant_tensor_is_written_as_on_the_tape(function):
    found = []
    for engine in (function, sorix.compile(function)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", sorix.errors.FallbackWarning)
            try:
                found.append(float(engine(sorix.tensor([1.0, 2.0, 3.0]))))
            except (NoGradientError, UnsupportedFunctionError, ValueError, TypeError) as error:
                found.append(type(error))
    assert found[0] == found[1]


def test_numbers_are_written_beside_tensors():
    def program(x):
        a = np.zeros(3)
        a += x.detach().numpy()
        a[1:] += len(x)
        a[0] = x[1].item()
        np.multiply(a, 2.0, out=a)
        return np.sum(a) * x.sum()

    found = []
    for engine in (program, compiled(program)):
        x = leaf([1.0, 2.0, 3.0])
        result = engine(x)
        found.append([result.item(), *sorix.grad(result, x)[0].tolist()])
    np.testing.assert_allclose(found[1], found[0], rtol=1e-13)


def test_a_number_of_numpys_becomes_a_tensor():
    def program(x):
        total = np.sum(np.ones(3))
        total += x[0]
        return total * total

    x = leaf([1.0, 2.0])
    assert sorix.grad(compiled(program)(x), x)[0].tolist() == [8.0, 0.0]


@pytest.mark.parametrize(
    "change",
    [
        lambda t: np.copyto(t, np.ones(3)),
        lambda t: np.put(t, [0], 1.0),
        lambda t: np.add.at(t, np.array([0, 0]), 1.0),
    ],
)
def test_functions_that_write_do_not_write_into_tensors(change):
    def program(x):
        t = x * 1.0
        change(t)
        return np.sum(t**2)

    with pytest.raises(Refused, match="a tensor is written in place"):
        compiled(program)(leaf([1.0, 2.0, 3.0]))
