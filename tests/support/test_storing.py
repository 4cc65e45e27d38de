"""Writes as functions of values: what NumPy would write, into a copy."""

from __future__ import annotations

import numpy as np
import pytest

from sorix import support

X = np.arange(12.0).reshape(3, 4)
INDICES = [
    1,
    -1,
    (0, 2),
    slice(1, None),
    (slice(None), -1),
    (Ellipsis, slice(None, None, 2)),
    (slice(None), None, 0),
    np.array([0, 2]),
    (np.array([0, 1, 1]), np.array([3, 0, 2])),
    X > 4,
    (np.array([True, False, True]), 1),
    [0, 2],
]


@pytest.mark.parametrize("idx", INDICES, ids=repr)
def test_store_writes_into_a_copy(idx):
    before, expected = X.copy(), X.copy()
    expected[idx] = -1.0
    np.testing.assert_array_equal(support.store(X, idx, -1.0), expected)
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize("idx", INDICES, ids=repr)
def test_scatter_is_the_transpose_of_reading(idx):
    v = np.random.default_rng(3).normal(size=np.shape(X[idx]))
    found = support.scatter(v, X, idx)
    assert found.shape == X.shape
    np.testing.assert_allclose(np.sum(found * X), np.sum(v * X[idx]))


@pytest.mark.parametrize("idx", INDICES, ids=repr)
def test_add_at_adds_to_a_copy(idx):
    v = np.random.default_rng(4).normal(size=np.shape(X[idx]))
    np.testing.assert_allclose(support.add_at(X, idx, v), X + support.scatter(v, X, idx))


def test_an_element_named_twice_receives_both():
    assert support.scatter(np.ones(3), np.zeros(2), np.array([1, 1, 0])).tolist() == [1.0, 2.0]
    assert support.scatter(np.ones(3), np.zeros(2), [1, 1, 0]).tolist() == [1.0, 2.0]
    assert support.add_at(np.zeros(2), [0, 0], 1.0).tolist() == [2.0, 0.0]


def test_take_last_is_the_transpose_of_writing():
    idx, v, x = np.array([1, 1, 0, -2]), np.array([2.0, 3.0, 5.0, 7.0]), np.array([1.0, 10.0])
    assert support.take_last(x, idx).tolist() == [0.0, 10.0, 0.0, 1.0]
    written = support.store(np.zeros(2), idx, v)
    assert np.dot(written, x) == np.dot(v, support.take_last(x, idx))
    assert support.take_last(x.astype(np.float32), idx).dtype == np.float32


def test_scatter_into_lists_and_tuples():
    assert support.scatter(5.0, [1.0, 2.0], 1) == [0.0, 5.0]
    assert support.scatter([5.0, 6.0], [1.0, 2.0, 3.0], slice(1, None)) == [0.0, 5.0, 6.0]
    assert support.scatter(5.0, (1.0, 2.0), -1) == (0.0, 5.0)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_scatter_along_is_the_transpose_of_take_along_axis(axis):
    rng = np.random.default_rng(5)
    indices = rng.integers(0, 3, size=(3, 2) if axis else (2, 4))
    v = rng.normal(size=indices.shape)
    found = support.scatter_along(v, X, indices, axis=axis)
    taken = np.take_along_axis(X, indices, axis=axis)
    np.testing.assert_allclose(np.sum(found * X), np.sum(v * taken))


def test_single_precision_is_kept():
    x = np.ones(3, np.float32)
    assert support.scatter(1.0, x, 0).dtype == np.float32
    assert support.store(x, 0, 1.0).dtype == np.float32


def test_a_list_function_leaves_its_list_alone():
    items = [1.0, 2.0]
    support.list_append(items, 3.0)
    support.list_set(items, 0, 9.0)
    support.list_add_at(items, 0, 9.0)
    support.list_pop(items)
    assert items == [1.0, 2.0]


def test_splitting_undoes_joining():
    xs = [X[:1], X[1:]]
    for parts in (support.split_like(np.concatenate(xs), tuple(xs)), support.split_like(X, xs)):
        for part, x in zip(parts, xs, strict=True):
            np.testing.assert_array_equal(part, x)
    assert type(support.split_like(X, xs)) is list
    assert type(support.split_like(X, tuple(xs))) is tuple
