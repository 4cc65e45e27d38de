"""Rows of reductions, reshaping, joining and indexing."""

from __future__ import annotations

import copy
import operator

import numpy as np

from sorix import support
from sorix.primitives.versions import numpy_functions
from tests.primitives.row import Row, each, positive, real

_axes = [{}, {"axis": 0}, {"axis": -1, "keepdims": True}, {"axis": (0, 2)}, {"keepdims": True}]
REDUCTIONS = [
    *[Row(f, (real(2, 3, 2),), o) for f in (np.sum, np.mean) for o in _axes],
    *[Row(np.prod, (real(2, 3, 2),), o) for o in _axes],
    Row(np.prod, (np.array([[2.0, 0.0, 3.0], [0.0, 0.0, 1.5]]),), {"axis": 1}),
    *[Row(f, (real(2, 3, 2),), o) for f in (np.max, np.min) for o in _axes],
    *each([np.amax, np.amin, np.ptp], real(2, 3), options={"axis": 1}),
    *[Row(f, (real(2, 3, 2),), o) for f in (np.var, np.std) for o in [*_axes, {"ddof": 1}]],
    *each([np.nanmax, np.nanmin, np.nanmean], real(2, 3), options={"axis": 1}),
    Row(np.nansum, (real(2, 3),), {"axis": 0}, oracle="fd5"),
    Row(np.nan_to_num, (real(3),)),
    Row(np.average, (real(2, 3), None, None)),
    Row(np.average, (real(2, 3), 1, positive(3))),
    Row(np.average, (real(2, 3), None, positive(2, 3))),
    Row(support.item, (real(1, 1),)),
    Row(support.real_number, (real(2),), oracle="fd5"),
    Row(np.median, (real(5),)),
    Row(np.median, (real(2, 4),), {"axis": 1}),
    Row(np.median, (real(4, 2),), {"axis": 0, "keepdims": True}),
    Row(np.quantile, (real(6), 0.3)),
    Row(np.percentile, (real(6, 2), 42.0), {"axis": 0}),
    Row(np.unique, (real(2, 3),), oracle="fd5"),
    Row(np.unique, (np.repeat(real(3), 2),), {"return_counts": True}, order=0),
]

SHAPING = [
    *each([np.reshape], real(2, 6), (3, 4)),
    Row(np.reshape, (real(2, 6), (3, -1)), {"order": "F"}),
    Row(np.ravel, (real(2, 3),)),
    Row(np.ravel, (real(2, 3),), {"order": "F"}),
    *each([np.squeeze, np.copy, np.ascontiguousarray, np.asfortranarray, copy.copy], real(2, 1, 3)),
    Row(np.squeeze, (real(2, 1, 3),), {"axis": 1}),
    *each([np.expand_dims], real(2, 3), (0, -1)),
    *each([np.atleast_1d, np.atleast_2d, np.atleast_3d], real(3)),
    Row(np.transpose, (real(2, 3, 4),)),
    Row(np.transpose, (real(2, 3, 4),), {"axes": (2, 0, 1)}),
    Row(np.transpose, (real(2, 3, 4),), {"axes": (-1, 0, -2)}),
    *each([np.matrix_transpose, np.linalg.matrix_transpose], real(2, 3, 4)),
    *each([np.swapaxes], real(2, 3, 4), 0, -1),
    Row(np.moveaxis, (real(2, 3, 4), 0, 2)),
    Row(np.moveaxis, (real(2, 3, 4), (0, 1), (-1, -2))),
    *[Row(np.rollaxis, (real(2, 3, 4, 5), i), {"start": j}) for i, j in [(2, 1), (0, 3), (-1, 0)]],
    *each([np.broadcast_to], real(3, 1), (2, 3, 4)),
    Row(np.conjugate, (real(3),), oracle="exact"),
    Row(support.cast, (real(3), np.float64)),
    *each(numpy_functions("astype"), real(3), np.float64),
    Row(np.flip, (real(2, 3),)),
    Row(np.flip, (real(2, 3),), {"axis": 1}),
    *each([np.fliplr, np.flipud, np.rot90], real(2, 3)),
    Row(np.rot90, (real(2, 3, 2),), {"k": 3, "axes": (0, 2)}),
    Row(np.roll, (real(2, 3), 2)),
    Row(np.roll, (real(2, 3), (1, -1)), {"axis": (0, 1)}),
    Row(support.reshape_like, (real(2, 3), np.zeros((3, 2), int))),
    Row(support.broadcast_like, (real(3, 1), np.zeros((2, 3, 4), int))),
    Row(support.unbroadcast, (real(2, 3, 4), np.zeros((3, 1), int))),
    Row(support.unbroadcast, (real(2, 3), 1)),
    Row(support.expand, (real(2), np.zeros((2, 3), int)), {"axis": 1}),
    Row(support.expand, (real(), np.zeros((2, 3), int))),
]

_pair = (real(2, 3), real(1, 3))
JOINING = [
    Row(np.concatenate, (_pair,)),
    Row(np.concatenate, ((real(2, 1), real(2, 2)),), {"axis": 1}),
    Row(np.concatenate, (_pair,), {"axis": None}),
    Row(support.split_like, (real(3, 2), (np.zeros((1, 2), int), np.zeros((2, 2), int)))),
    Row(support.split_like, (real(4), (np.zeros((1, 2), int), np.zeros(2, int))), {"axis": None}),
    Row(np.stack, ((real(2, 3), real(2, 3)),)),
    Row(np.stack, ((real(2, 3), real(2, 3)),), {"axis": -1}),
    Row(support.unstack, (real(2, 3),)),
    Row(support.unstack, (real(2, 3),), {"axis": 1}),
    Row(np.vstack, ((real(3), real(2, 3)),)),
    Row(np.hstack, ((real(3), real(2)),)),
    Row(np.hstack, ((real(2, 3), real(2, 1)),)),
    Row(np.dstack, ((real(2, 3), real(2, 3)),)),
    Row(np.column_stack, ((real(3), real(3, 2)),)),
    Row(np.append, (real(2, 2), real(3))),
    Row(np.append, (real(2, 2), real(1, 2)), {"axis": 0}),
    Row(np.split, (real(6, 2), 3)),
    Row(np.array_split, (real(2, 5), (1, 3)), {"axis": 1}),
    *each([np.hsplit, np.vsplit, np.dsplit], real(2, 2, 2), 2),
    Row(np.array, (real(2, 3),)),
    Row(np.array, ((real(), (real(), real())[0]),)),
    Row(np.array, (((real(), real()), (real(), real())),)),
    Row(np.asarray, ([real(), real()],)),
    Row(np.asanyarray, (real(2),)),
    Row(support.packed, ([real(2), real(2)],)),
    Row(support.entries, (real(2), [1, 2])),
    Row(np.full, ((2, 3), real(3))),
    Row(np.full_like, (np.zeros((2, 3)), real())),
    Row(np.meshgrid, (real(2), real(3), real(4))),
    Row(np.meshgrid, (real(2), real(3)), {"indexing": "ij"}),
    Row(np.broadcast_arrays, (real(3, 1), real(4))),
    Row(np.linspace, (real(), real()), {"num": 5}),
    Row(np.linspace, (real(2), real(2)), {"num": 4, "endpoint": False}),
    Row(support.list_append, ([real(2), real()], real(3))),
    Row(support.list_pop, ([real(2), real(3)],)),
    Row(support.list_repeat, (real(2), 3)),
    Row(support.list_repeat, (real(), [real(), real()])),
    Row(support.list_sum, ([real(2), real(2)], np.zeros(2))),
    Row(support.list_set, ([real(2), real(3)], 1, real(3))),
    Row(support.list_add, ([real(2), [real(3)]], [real(2), [real(3)]])),
    Row(support.list_add_at, ([real(2), real(3)], 0, real(2))),
]

_fancy = np.array([0, 2, 2])
_grid = (np.array([0, 1, 1]), np.array([2, 0, 0]))
_mask = np.array([True, False, True])
INDEXING = [
    *[
        Row(operator.getitem, (real(3, 4), idx))
        for idx in (
            1,
            -1,
            slice(1, None),
            (slice(None), 2),
            (Ellipsis, None, slice(None, None, -2)),
        )
    ],
    *[Row(operator.getitem, (real(3, 4), idx)) for idx in (_fancy, _grid, _mask, (_mask, 1))],
    Row(operator.getitem, ([real(2), real(3)], 1)),
    Row(operator.getitem, ([real(2), real(3), real()], slice(1, None))),
    Row(support.scatter, (real(3), np.zeros((3, 4), int), (slice(None), 1))),
    Row(support.scatter, (real(3), np.zeros(4, int), _fancy)),
    *each([support.add_at, support.store], real(3, 4), (slice(1, None), 1), real(2)),
    *each([support.add_at, support.store], real(3, 4), (0, slice(None)), real()),
    Row(support.add_at, (real(4), _fancy, real(3))),
    Row(support.store, (real(4), np.array([0, 2]), real(2))),
    Row(support.store, (real(4), np.array([0, 2, 0, -4]), real(4))),
    Row(support.store, (real(3, 4), ([0, 2, 0], slice(1, None)), real(3))),
    Row(support.take_last, (real(4), np.array([0, 2, 0, -4]))),
    Row(support.take_last, (real(3, 4), ([0, 2, 0], slice(1, None)))),
    Row(np.take, (real(3, 4), _fancy)),
    Row(np.take, (real(3, 4), _fancy), {"axis": -1}),
    Row(np.take_along_axis, (real(3, 4), np.array([[0], [3], [3]])), {"axis": 1}),
    Row(support.scatter_along, (real(3, 1), np.zeros((3, 4), int), np.array([[0], [3], [3]]))),
    Row(np.diagonal, (real(3, 4),)),
    Row(np.diagonal, (real(2, 3, 4),), {"offset": -1, "axis1": 1, "axis2": 2}),
    Row(np.diagonal, (real(3, 4, 2),), {"offset": 1, "axis1": 1, "axis2": 0}),
    Row(np.linalg.diagonal, (real(3, 4),)),
    Row(np.linalg.diagonal, (real(2, 3, 4),), {"offset": 1}),
    Row(np.trace, (real(3, 4),)),
    Row(np.trace, (real(3, 4),), {"offset": 1, "axis1": 1, "axis2": 0}),
    Row(np.trace, (real(2, 3, 4),), {"axis1": -2, "axis2": -1}),
    Row(np.linalg.trace, (real(2, 3, 4),), {"offset": 1}),
    Row(np.linalg.trace, (real(3, 4),)),
    Row(np.diag, (real(3),), {"k": -1}),
    Row(np.diag, (real(3, 4),), {"k": 1}),
    Row(np.diagflat, (real(2, 2),), {"k": 1}),
    *each([np.tril, np.triu], real(3, 3), options={"k": 1}),
    Row(np.compress, (_mask, real(3, 2)), {"axis": 0}),
    Row(np.compress, (_mask, real(3, 2))),
    Row(np.extract, (_mask, real(3))),
    Row(np.bincount, (np.array([0, 2, 2, 1]), real(4)), {"minlength": 6}),
]
