"""Every definition gives NumPy's values, compiled and on the tape, and has its derivatives."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import sorix
from sorix.errors import UnsupportedCallError
from sorix.primitives import rule_of
from sorix.primitives.definitions import definition_of, definitions
from sorix.primitives.definitions.quantiles import PLOTTING
from sorix.primitives.definitions.ufunc_methods import DEFINED
from sorix.primitives.versions import numpy_functions
from tests.corpus import checks
from tests.corpus.registry import Program

_rng = np.random.default_rng(8)
V = _rng.permutation(np.linspace(-1.4, 1.7, 6))
W = _rng.permutation(np.linspace(0.5, 1.9, 6))
M = _rng.normal(size=(5, 3))
SQUARE = _rng.normal(size=(3, 3)) + 3.0 * np.eye(3)
GAPS = np.append(V, np.nan)
MASK = np.array([True, False, True, True, False, True])


def double(t):
    return t * t if t > 0 else -t


def scaled(t, s):
    return t * s


vectorized = np.vectorize(double)
series = np.polynomial.polynomial
quadratic = np.poly1d([1.0, -2.0, 0.5])
line = np.polynomial.Polynomial([0.5, 2.0], domain=[0.0, 1.0])


def crossed(x):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy would rather have three components.
        return np.cross(x[:2], x[1:])


def series_rows(module, name):
    """Programs of the functions that each family of polynomials has."""
    val, vander, fit, der, integral, added, subtracted = (
        getattr(module, name + what)
        for what in ("val", "vander", "fit", "der", "int", "add", "sub")
    )
    return {
        val: [
            (lambda x, c: val(x, c), (W, V)),
            (lambda c: val(0.4, c), (V,)),
            (lambda x, c: val(x, c), (W[:2], M)),
            (lambda x, c: val(x, c, tensor=False), (W[: M.shape[1]], M)),
            (lambda x: val(x, [1.0, 2.0]), (M,)),
        ],
        vander: [(lambda x: vander(x, 3), (V,)), (lambda x: vander(x, 0) * x, (M[:1, :1],))],
        fit: [
            (lambda x, y: fit(x, y, 2), (W, V)),
            (lambda y, w: fit(W, y, 1, w=w), (np.stack([V, W], axis=1), W)),
        ],
        der: [
            (lambda c: der(c), (V,)),
            (lambda c: der(c, 2, 0.5), (M,)),
            (lambda c: der(c, 7), (V,)),
        ],
        integral: [
            (lambda c: integral(c), (V,)),
            (lambda c: integral(c, 2, [1.0, 2.0], lbnd=0.5, scl=2.0), (V,)),
            (lambda c: integral(c, k=1.0), (M,)),
        ],
        added: [(lambda a, b: added(a, b), (V, W[:3]))],
        subtracted: [(lambda a, b: subtracted(a[:2], b), (V, W))],
    }


def rows_stacked(arrays):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy would rather have it called vstack.
        return np.row_stack(arrays)  # noqa: NPY201


ROWS = {
    **{
        function: [
            (lambda x: rows_stacked([x, 2 * x, x**2]), (V,)),
            (lambda x, y: rows_stacked((x, y)), (M, M[0])),
        ]
        for function in numpy_functions("row_stack")
    },
    np.polyval: [
        (lambda p, x: np.polyval(p, x), (V, W)),
        (lambda x: np.polyval([1, 2, 3], x), (0.3,)),
    ],
    np.vander: [(lambda x: np.vander(x), (V,)), (lambda x: np.vander(x, 3, increasing=True), (V,))],
    np.polyder: [(lambda p: np.polyder(p), (V,)), (lambda p: np.polyder(p, 2), (V,))],
    np.polyint: [(lambda p: np.polyint(p), (V,)), (lambda p: np.polyint(p, 2, [1, 2]), (V,))],
    np.polyadd: [(lambda p, q: np.polyadd(p, q), (V, W[:2]))],
    np.polysub: [(lambda p, q: np.polysub(p[:2], q), (V, W))],
    np.polymul: [(lambda p, q: np.polymul(p, q), (V, W[:2]))],
    np.poly: [(lambda z: np.poly(z), (V,))],
    np.polyfit: [
        (lambda x, y: np.polyfit(x, y, 2), (W, V)),
        (lambda x, y, w: np.polyfit(x, y, 1, w=w), (V, W, W[::-1])),
        (lambda x, y: np.polyfit(x, y, 1, cov=True), (W, V)),
        (lambda x, y, w: np.polyfit(x, y, 1, w=w, cov="unscaled")[1], (V, W, W[::-1])),
    ],
    np.poly1d: [
        (lambda c, x: np.poly1d(c)(x), (V, W)),
        (lambda z: np.poly1d(z, True)(0.3), (V,)),
        (lambda c, x: (2 * np.poly1d(c) ** 2 - np.poly1d([1.0, 2.0]) / 3.0 + 1)(x), (V[:3], W)),
        (lambda c, x: (1.0 - np.poly1d(c).deriv(2) * np.poly1d(c).integ(k=2.0))(x), (V, W)),
        (lambda c: -np.poly1d(c)[1] + np.poly1d(c).order * np.poly1d(c).coeffs[2], (V,)),
        (lambda c, x: np.polyval(np.poly1d(c), x), (V, W)),
        (lambda x: quadratic(x), (V,)),
    ],
    np.polynomial.Polynomial: [
        (lambda c, x: np.polynomial.Polynomial(c)(x), (V, W)),
        (lambda c, x: np.polynomial.Polynomial(c, [0, 2]).deriv(2)(x), (V, W)),
        (lambda c, x: np.polynomial.Polynomial(c, [0, 2], [1, 2]).integ()(x), (V, W)),
        (lambda c: np.polynomial.Polynomial(c, domain=[0, 3]).convert().coef, (V,)),
        (lambda c: (2.0 - series.Polynomial([1.0, 2.0]) ** 2 * series.Polynomial(c))(0.3), (V,)),
        (lambda x: line(x), (V,)),
    ],
    np.polynomial.Polynomial.fit: [
        (lambda x, y: np.polynomial.Polynomial.fit(x, y, 2)(0.7), (W, V)),
        (lambda y: np.polynomial.Polynomial.fit(W, y, 1, domain=[]).coef, (V,)),
    ],
    **series_rows(np.polynomial.polynomial, "poly"),
    **series_rows(np.polynomial.chebyshev, "cheb"),
    **series_rows(np.polynomial.legendre, "leg"),
    **series_rows(np.polynomial.hermite, "herm"),
    **series_rows(np.polynomial.hermite_e, "herme"),
    **series_rows(np.polynomial.laguerre, "lag"),
    series.polymul: [(lambda a, b: series.polymul(a, b), (V, W[:3]))],
    series.polypow: [(lambda c: series.polypow(c, 3), (V[:3],))],
    series.polyfromroots: [(lambda z: series.polyfromroots(z), (V,))],
    **{
        val: [
            (lambda x, y, c, val=val: val(x, y, c), (W, V / 3, M)),
            (lambda c, val=val: val(0.3, [0.1, 0.2], c), (M,)),
        ][:pairs]
        for val, pairs in (
            (series.polyval2d, 1),
            (series.polygrid2d, 2),
            (np.polynomial.chebyshev.chebval2d, 1),
            (np.polynomial.chebyshev.chebgrid2d, 2),
            (np.polynomial.legendre.legval2d, 1),
            (np.polynomial.legendre.leggrid2d, 2),
        )
    },
    np.tril_indices_from: [(lambda m: m[np.tril_indices_from(m, -1)] ** 2, (M,))],
    np.triu_indices_from: [(lambda m: m[np.triu_indices_from(m, k=1)] ** 2, (M,))],
    np.diag_indices_from: [
        (lambda m: (m @ m.T)[np.diag_indices_from(m @ m.T)], (M,)),
        (lambda v: v[np.diag_indices_from(np.ones((3, 3, 3)))[0]], (V,)),
    ],
    np.cov: [
        (lambda m: np.cov(m), (M,)),
        (lambda x, y: np.cov([x, y], ddof=0), (V, W)),
        (lambda m: np.cov(m, rowvar=False, ddof=0), (M,)),
        (lambda x, y: np.cov(x, y), (V, W)),
        (lambda x: np.cov(x, bias=True), (V,)),
        (lambda x, w: np.cov(x, aweights=w), (V, W)),
        (lambda x: np.cov(x, fweights=[1, 2, 1, 1, 3, 1]), (V,)),
    ],
    np.average: [
        (lambda x, w: np.average(x, axis=1, weights=w, returned=True), (M, W[:3])),
        (lambda x: np.average(x, returned=True), (M,)),
    ],
    np.corrcoef: [(lambda m: np.corrcoef(m.T)[0, 1:], (M,))],
    np.histogram2d: [
        (lambda x, y: np.histogram2d(x, y, 2, [[-2, 2], [0, 2]], weights=x * y)[0], (V, W)),
        (lambda x, y: np.histogram2d(x, y, bins=(2, 3), density=True, weights=y), (V, W)),
    ],
    np.histogram: [
        (lambda x: np.histogram(x, 4)[1], (V,)),
        (lambda w: np.histogram([1.0, 2.5, 4.0, 2.0, 1.5, 1.1], bins=3, weights=w)[0], (W,)),
        (lambda w: np.histogram(V, bins=[-2, 0, 1], weights=w, density=True)[0], (W,)),
    ],
    np.histogram_bin_edges: [(lambda x: np.histogram_bin_edges(x, 3), (V,))],
    np.nanvar: [(lambda x: np.nanvar(np.append(x, np.nan)), (V,))],
    np.nanstd: [(lambda x: np.nanstd(np.append(x, np.nan), ddof=1), (V,))],
    np.nanprod: [(lambda x: np.nanprod(np.append(x, np.nan)), (V,))],
    np.nancumsum: [(lambda x: np.nancumsum(np.append(x, np.nan)), (V,))],
    np.nancumprod: [(lambda x: np.nancumprod(np.append(x, np.nan)), (V,))],
    np.nanmedian: [(lambda x: np.nanmedian(np.append(x, np.nan)), (V,))],
    np.nanquantile: [(lambda x: np.nanquantile(np.append(x, np.nan), 0.3), (V,))],
    np.nanpercentile: [
        (lambda x: np.nanpercentile(np.append(x, np.nan), 30), (V,)),
        (lambda x: np.nanpercentile(np.where(x > -0.5, x, np.nan), [30, 60], axis=1), (M,)),
        (lambda x: np.nanpercentile(np.where(x > -0.5, x, np.nan), 30, axis=(0, 1)), (M,)),
    ],
    np.quantile: [
        (lambda x: np.quantile(x, [0.2, 0.7]), (V,)),
        (lambda x: np.quantile(x, [0.2, 0.7], axis=0), (M,)),
        (lambda x: np.quantile(x, 0.7, axis=(1, 0)), (M,)),
        (lambda x: np.quantile(x, 0.7, method="lower"), (V,)),
        (lambda x: np.quantile(x, 0.7, method="higher"), (V,)),
        (lambda x: np.quantile(x, 0.7, method="midpoint"), (V,)),
        (lambda x: np.quantile(x, 0.7, method="nearest"), (V,)),
        (lambda x: np.quantile(x, 0.4, 1, None, False, "inverted_cdf"), (M,)),
        (lambda x: np.quantile(x, [0.0, 0.4, 1.0], method="averaged_inverted_cdf"), (V,)),
        *[
            (lambda x, m=method: np.quantile(x, [0.01, 0.3, 0.5, 0.99], axis=0, method=m), (M,))
            for method in PLOTTING
        ],
    ],
    np.percentile: [
        (lambda x: np.percentile(x, [25, 50, 75]), (V,)),
        (lambda x: np.percentile(x, [20, 80], axis=0, method="weibull", keepdims=True), (M,)),
        (lambda x: np.percentile(x, [[20, 80], [5, 95]], axis=(0, 1)), (M,)),
    ],
    np.pad: [
        (lambda x, s: np.pad(x, (1, 2), constant_values=s), (V, 2.0)),
        (lambda x, s: np.pad(x, ((0, 2), (1, 1)), constant_values=((s, 1.0), (2.0, s))), (M, 3.0)),
        (lambda x: np.pad(x, 2, "linear_ramp"), (M,)),
        (lambda x, s: np.pad(x, [1, 3], "linear_ramp", end_values=(1.0, s)), (V, 2.0)),
        (lambda x: np.pad(x, ((1, 2), (0, 1)), "mean"), (M,)),
        (lambda x: np.pad(x, (1, 2), "maximum", stat_length=2), (M,)),
        (lambda x: np.pad(x, 2, "minimum", stat_length=(2, 9)), (V,)),
        (lambda x: np.pad(x, 1, mode="median"), (V[:5],)),
    ],
    np.trapezoid: [
        (lambda y, h: np.trapezoid(y, dx=h), (V, 0.3)),
        (lambda y, h: np.trapezoid(y, None, h * h, 0), (M, 0.3)),
    ],
    np.cumulative_sum: [(lambda x: np.cumulative_sum(x, axis=1, include_initial=True), (M,))],
    np.cumulative_prod: [(lambda x: np.cumulative_prod(x, include_initial=True), (V,))],
    np.sum: [
        (lambda x, s: np.sum(x, where=MASK, initial=s), (V, 2.0)),
        (lambda x: np.sum(x, axis=1, initial=1.0), (M,)),
    ],
    np.prod: [(lambda x: np.prod(x, where=MASK, initial=2.0), (V,))],
    np.max: [(lambda x: np.max(x, where=MASK, initial=-9.0), (V,))],
    np.amax: [(lambda x: np.amax(x, initial=0.3), (M,))],
    np.min: [(lambda x: np.min(x, where=MASK, initial=9.0), (V,))],
    np.amin: [(lambda x, s: np.amin(x, initial=s), (M, -4.0))],
    np.mean: [(lambda x: np.mean(x, where=MASK), (V,))],
    np.var: [(lambda x: np.var(x, where=MASK, ddof=1), (V,))],
    np.std: [(lambda x: np.std(x, where=MASK), (V,))],
    np.apply_over_axes: [(lambda x: np.apply_over_axes(np.sum, x, [0, 1]), (M,))],
    np.setdiff1d: [
        (lambda x: x[np.setdiff1d(np.arange(6), [1, 2])], (V,)),
        (lambda x: np.setdiff1d(x, [7.0]), (V,)),
    ],
    np.union1d: [(lambda x, y: np.union1d(x, y), (V, W[:2]))],
    np.intersect1d: [(lambda x: x[np.intersect1d([0, 1, 4], [4, 1, 2])], (V,))],
    np.setxor1d: [(lambda x: x[np.setxor1d([0, 1], [1, 2])], (V,))],
    np.unique_values: [(lambda x: np.unique_values(x), (V,))],
    np.block: [
        (lambda x, y: np.block([[x, np.ones((5, 1))], [np.zeros((3, 1)), y]]), (M, SQUARE)),
        (lambda x: np.block([x, 1.0, x[:2]]), (V,)),
        (lambda x: np.block(x), (V,)),
        (lambda x: np.block([[[x], [2 * x]], [[x], [x]]]), (M,)),
    ],
    np.unstack: [(lambda x: np.unstack(x)[1], (M,))],
    np.delete: [
        (lambda x: np.delete(x, 2), (V,)),
        (lambda x: np.delete(x, [0, -1], axis=0), (M,)),
        (lambda x: np.delete(x, MASK), (V,)),
        (lambda x: np.delete(x, slice(1, 3)), (V,)),
    ],
    np.insert: [
        (lambda x, v: np.insert(x, 2, v), (V, 5.0)),
        (lambda x, v: np.insert(x, -1, v[:2]), (V, W)),
        (lambda x, v: np.insert(x, 1, v, axis=1), (M, 2.0)),
        (lambda x, v: np.insert(x, [1, 4], v[:2]), (V, W)),
        (lambda x, v: np.insert(x, [2], v[:2]), (V, W)),
        (lambda x, v: np.insert(x, np.array([2, 0, 2]), v, axis=1), (M, 2.0)),
        (lambda x, v: np.insert(x, [0, -1], [v, 2 * v], axis=0), (M, M[0])),
        (lambda x, v: np.insert(x, slice(1, 4), v), (V, 5.0)),
    ],
    np.ediff1d: [
        (lambda x: np.ediff1d(x, to_begin=x[0] ** 2), (V,)),
        (lambda x: np.ediff1d(x, [1.0, 2.0], x[:2] * x[2]), (M[0],)),
    ],
    np.average: [
        (lambda x: np.average(x, weights=x * x, returned=True)[1], (V,)),
        (lambda x, w: np.average(x, axis=1, weights=w * w, returned=True)[1], (M, M[0])),
        (lambda x: np.average(x, axis=0, returned=True)[0], (M,)),
        (lambda x: np.average(x, axis=(0, 1)), (M,)),
        (lambda x: np.average(x, axis=(1, 0), weights=x * x, keepdims=True), (M,)),
    ],
    np.median: [
        (lambda x: np.median(x, axis=(0, 1)), (M,)),
        (lambda x: np.median(x, axis=(-1,), keepdims=True) * x, (M,)),
        (lambda x: np.median(x, 0, overwrite_input=True), (M,)),
    ],
    np.resize: [(lambda x: np.resize(x, (3, 4)), (V,))],
    np.diff: [
        (lambda x, s: np.diff(x, prepend=s), (V, 2.0)),
        (lambda x: np.diff(x, axis=0, append=[[1.0, 2.0, 3.0]]), (M,)),
    ],
    np.take: [
        (lambda x: np.take(x, [1, 7, -1], mode="wrap"), (V,)),
        (lambda x: np.take(x, [1, 7], axis=1, mode="clip"), (M,)),
    ],
    np.lib.stride_tricks.sliding_window_view: [
        (lambda x: np.lib.stride_tricks.sliding_window_view(x, 3), (V,)),
        (lambda x: np.lib.stride_tricks.sliding_window_view(x, (2, 2)), (M,)),
        (lambda x: np.lib.stride_tricks.sliding_window_view(x, 2, axis=0), (M,)),
    ],
    np.fft.fftshift: [(lambda x: np.fft.fftshift(x), (M,))],
    np.fft.ifftshift: [(lambda x: np.fft.ifftshift(x, axes=0), (M,))],
    np.real: [(lambda x: np.real(x), (V,))],
    np.real_if_close: [(lambda x: np.real_if_close(x), (V,))],
    np.asarray_chkfinite: [(lambda x: np.asarray_chkfinite(x), (V,))],
    np.cross: [(crossed, (V[:3],))],
    np.around: [(lambda x: x * np.around(x, 1), (V,)), (lambda x: x * np.around(list(x)), (V,))],
    np.imag: [(lambda x: x * np.imag(x), (V,))],
    np.angle: [(lambda x: x * np.angle(x), (V,))],
    np.arange: [
        (lambda a, h: np.arange(a, a + 3.0, h), (0.3, 0.4)),
        (lambda h: np.arange(0, 2, step=h), (0.3,)),
        (lambda a: np.arange(a, 2.5), (0.3,)),
    ],
    np.linspace: [(lambda a, b: np.linspace(a, b, 5, retstep=True)[1], (0.3, 2.0))],
    np.logspace: [(lambda a, b: np.logspace(a, b, 5), (0.3, 2.0))],
    np.geomspace: [(lambda a, b: np.geomspace(a, b, 5), (0.3, 2.0))],
    np.meshgrid: [(lambda x, y: np.meshgrid(x, y, sparse=True), (V, W[:2]))],
    np.ix_: [
        (lambda x: x[np.ix_([0, 2], [1, 0])], (M,)),
        (lambda x: x[np.ix_(np.array([True, False, True]), [1])], (SQUARE,)),
    ],
    np.diag_indices_from: [(lambda x: x[np.diag_indices_from(x)], (SQUARE,))],
    np.tril_indices_from: [(lambda x: x[np.tril_indices_from(x)], (M,))],
    np.triu_indices_from: [(lambda x: x[np.triu_indices_from(x, 1)], (M,))],
    np.fft.fftfreq: [
        (lambda d: np.fft.fftfreq(6, d), (0.3,)),
        (lambda d: np.fft.fftfreq(5, d), (0.3,)),
    ],
    np.fft.rfftfreq: [(lambda d: np.fft.rfftfreq(7, d), (0.3,))],
    np.fromfunction: [(lambda a: np.fromfunction(lambda i, j: a * i + j, (2, 3)), (0.3,))],
    np.interp: [
        (lambda x, f, s: np.interp(x, [0.1, 0.8, 1.2], f, left=s, right=0.0), (V, W[:3], 2.0)),
        (lambda x, f: np.interp(x, [0.1, 0.8, 1.2], f, period=1.45), (V, W[:3])),
    ],
    np.unwrap: [
        (lambda x: np.unwrap(4.0 * x), (V,)),
        (lambda x, p: np.unwrap(x, period=p), (V, 1.0)),
    ],
    np.correlate: [
        (lambda a, v: np.correlate(a, v, "same"), (V, W[:4])),
        (lambda a, v: np.correlate(a, v, "same"), (W[:4], V)),
        (lambda a, v: np.correlate(a, v, mode="same"), (V[:4], W[:4])),
    ],
    np.choose: [
        (lambda x, y: np.choose([0, 1, 1, 0, 1, 0], [x, y]), (V, W)),
        (lambda x, y: np.choose([0, 3, 1, 0, 1, 0], (x, y), mode="wrap"), (V, W)),
    ],
    np.piecewise: [
        (lambda x: np.piecewise(x, [x < 0, x >= 0], [lambda t: -t, lambda t: t**2]), (V,)),
        (lambda x: np.piecewise(x, [x < 0], [0.0, lambda t: np.log(t)]), (V,)),
        (lambda x, s: np.piecewise(x, [x < 0], [np.add, scaled], s), (0.4, 3.0)),
    ],
    np.apply_along_axis: [
        (lambda x: np.apply_along_axis(np.sum, 0, x), (M,)),
        (lambda x: np.apply_along_axis(lambda r: r / np.linalg.norm(r), 0, x), (M,)),
        (lambda x: np.apply_along_axis(lambda r, s: s * r[1], 1, x, 2.0), (M,)),
    ],
    np.vectorize: [
        (lambda x: np.vectorize(double)(x), (M,)),
        (lambda x, s: np.vectorize(scaled, otypes=[float])(x, s), (M, 2.0)),
        (lambda x: vectorized(x), (V,)),
        (lambda x: vectorized(x), (0.7,)),
    ],
    np.fromiter: [(lambda x: np.fromiter((t * t for t in x), float), (V,))],
    np.ndindex: [(lambda x: sum(x[i] ** 2 for i in np.ndindex(x.shape)), (M,))],
    np.ndenumerate: [(lambda x: sum(i[0] * v**2 for i, v in np.ndenumerate(x)), (M,))],
    np.nditer: [(lambda x: sum(v**2 for v in np.nditer(x)), (M,))],
    np.linalg.lstsq: [
        (lambda a, b: np.linalg.lstsq(a, b, rcond=None)[:2], (M, W[:5])),
        (lambda a, b: np.linalg.lstsq(a, b, rcond=None)[0], (SQUARE, M[:3])),
    ],
    np.linalg.pinv: [(lambda a: np.linalg.pinv(a, 1e-9), (M,))],
    np.linalg.qr: [
        (lambda a: np.abs(np.linalg.qr(a, mode="r")), (M,)),
        (lambda a: np.linalg.qr(a, mode="complete"), (SQUARE,)),
    ],
    np.linalg.cholesky: [(lambda a: np.linalg.cholesky(a @ a.T, upper=True) ** 2, (SQUARE,))],
    np.linalg.eigh: [(lambda a: np.linalg.eigh(a @ a.T, "l")[0], (SQUARE,))],
    np.linalg.eigvalsh: [(lambda a: np.linalg.eigvalsh(a, UPLO="U"), (SQUARE,))],
    np.linalg.tensorinv: [(lambda a: np.linalg.tensorinv(a, ind=1), (SQUARE,))],
    np.linalg.svdvals: [(lambda a: np.linalg.svdvals(a), (M,))],
    np.linalg.cond: [
        (lambda a: np.linalg.cond(a), (SQUARE,)),
        (lambda a: np.linalg.cond(a, "fro"), (SQUARE,)),
    ],
    np.linalg.matrix_norm: [(lambda a: np.linalg.matrix_norm(a), (M,))],
    np.matvec: [(lambda a, b: np.matvec(a, b), (M, W[:3]))],
    np.vecmat: [(lambda a, b: np.vecmat(b, a), (M, W[:5]))],
    np.linalg.tensorsolve: [(lambda a, b: np.linalg.tensorsolve(a, b), (SQUARE, W[:3]))],
    "reduce": [
        (lambda x: np.logaddexp.reduce(x), (V,)),
        (lambda x: np.subtract.reduce(x, axis=1), (M,)),
        (lambda x: np.logaddexp.reduce(x, axis=None, keepdims=True), (M,)),
    ],
    "accumulate": [
        (lambda x: np.maximum.accumulate(x), (V,)),
        (lambda x: np.minimum.accumulate(x, axis=1), (M,)),
    ],
    "reduceat": [(lambda x: np.add.reduceat(x, [0, 2, 4]), (V,))],
}
"""For each function, calls with their arguments; all floats of these are differentiated."""

CASES = [
    Program(call, "definitions", args, tuple(range(len(args))), tolerance=1e-7)
    for calls in ROWS.values()
    for call, args in calls
]
IDS = [
    f"{getattr(fn, '__name__', fn)}-{k}" for fn, calls in ROWS.items() for k in range(len(calls))
]


@pytest.mark.parametrize("program", CASES, ids=IDS)
def test_a_definition_is_right_in_both_modes(program):
    checks.check_gradient(program)
    checks.check_forward(program)


@pytest.mark.parametrize("program", CASES, ids=IDS)
def test_a_definition_is_right_on_the_tape_or_refused(program):
    assert checks.check_tape(program)


NARROW = {
    "cov": lambda x: np.cov(x),
    "corrcoef": lambda x: np.corrcoef(x[0], x[1]),
    "histogram": lambda x: np.histogram(x[0], bins=2, range=(-9, 9), weights=x[0])[0],
    "diff": lambda x: np.diff(x, prepend=0.0),
    "diff, an integer": lambda x: np.diff(x[0], append=1),
    "nanstd": lambda x: np.nanstd(x),
    "nanvar": lambda x: np.nanvar(x, axis=0),
    "nanmedian": lambda x: np.nanmedian(x, axis=0),
    "quantile": lambda x: np.quantile(x, 0.3, method="hazen"),
    "pad": lambda x: np.pad(x, 1, "linear_ramp"),
}


@pytest.mark.parametrize("name", NARROW)
def test_the_dtype_is_that_of_numpy_for_single_precision(name):
    x = M.astype(np.float32)
    made, wanted = sorix.compile(NARROW[name])(x), NARROW[name](x)
    assert made.dtype == wanted.dtype
    assert np.allclose(made, wanted, rtol=1e-6)


BOUNDED = [lambda a: np.linalg.lstsq(a, W[:5], 0.5), lambda a: np.linalg.pinv(a, 0.5)]


@pytest.mark.parametrize("solve", BOUNDED)
def test_a_bound_that_leaves_out_singular_values_is_refused_in_the_run(solve):
    with pytest.raises(np.linalg.LinAlgError, match="leaves out no singular value"):
        sorix.func.grad(lambda a: np.sum(solve(a)[0]), fallback="error")(M * [1.0, 1.0, 0.01])


def test_an_option_that_a_definition_does_not_take_is_refused_by_name():
    weighed = sorix.func.grad(
        lambda x: np.quantile(x, 0.3, weights=[1, 2], method="inverted_cdf"), fallback="error"
    )
    with pytest.raises(UnsupportedCallError, match="option weights="):
        weighed(np.array([1.0, 2.0]))


def test_every_definition_has_a_row():
    aliases = {definition_of(fn) for fn in ROWS}
    missing = [fn for fn, body in definitions().items() if body not in aliases]
    assert missing == []
    assert DEFINED.keys() <= ROWS.keys()


def test_a_definition_is_used_only_where_there_is_no_rule_for_the_call():
    both = [fn for fn in definitions() if rule_of(fn) is not None]
    assert np.sum in both
    assert np.polyval not in both
