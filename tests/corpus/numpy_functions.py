"""NumPy's functions as scripts use them: elementwise, joining, shaping, selecting, creating."""

import math

import numpy as np

from sorix.errors import UnsupportedCallError
from tests.corpus.registry import program

_X = np.array([0.6, 0.2, 0.9])


@program(args=(_X.copy(),))
def exponentials_and_logarithms(x):
    y = np.exp(x) + np.log(x) + np.exp2(x) + np.log2(x) + np.log10(x) + np.expm1(x) + np.log1p(x)
    return np.sum(y**2)


@program(args=(_X.copy(),))
def trigonometry(x):
    y = np.sin(x) * np.cos(x) + np.tan(x) + np.arcsin(x) + np.arccos(x) * np.arctan(x)
    return np.sum(y + np.arctan2(x, 0.5) * np.hypot(x, 1.0)) + np.sum(np.deg2rad(x) + np.degrees(x))


@program(args=(_X.copy(),))
def hyperbolics(x):
    y = np.sinh(x) * np.cosh(x) + np.tanh(x) + np.arcsinh(x) + np.arccosh(1 + x) + np.arctanh(x)
    return np.sum(y)


@program(args=(_X.copy(),))
def roots_and_powers(x):
    return np.sum(np.sqrt(x) + np.cbrt(x) + np.square(x) + np.power(x, 2.5) + np.reciprocal(x))


@program(args=(_X.copy() - 0.5,))
def absolute_and_sign(x):
    return np.sum(np.abs(x) ** 1.5 + np.fabs(x) * np.sign(x) + np.heaviside(x, 0.5) * x)


@program(args=(_X.copy(),))
def concatenate_and_stack(x):
    y = np.concatenate([x, x**2, [1.0]])
    z = np.stack([x, y[:3]], axis=1)
    h, v = np.hstack([x, y]), np.vstack([x, x * 2])
    return np.sum(y[1:] * y[:-1]) + np.sum(z[:, 0] * z[:, 1] ** 2) + h[4] * np.sum(v[1])


@program(args=(np.arange(12.0) / 10 + 0.1,))
def reshape_transpose_swapaxes(x):
    a = x.reshape(3, 4)
    b = np.transpose(x.reshape((2, 3, 2)), (1, 0, 2))
    c = np.moveaxis(b, 0, -1)
    return np.sum(a[1:] * a[:-1]) + np.sum(b[0] * b[1] ** 2) + np.sum(c[..., 0] * a.T[0, 0])


@program(args=(_X.copy(),))
def tile_repeat_flip_roll(x):
    y = np.tile(x, 2) * np.repeat(x, 2)
    return np.sum(y**2 * np.arange(6)) + np.sum(np.flip(x) * x**2) + np.sum(np.roll(x, 1) ** x)


@program(args=(_X.copy(),))
def where_and_select(x):
    y = np.where(x > 0.5, x**2, np.sin(x))
    z = np.select([x < 0.3, x < 0.7], [x, x**2], x**3)
    return np.sum(y * z)


@program(args=(np.array([0.6, 0.0, 0.9]),), order=1)
def where_guards_a_singularity(x):
    safe = np.where(x == 0.0, 1.0, x)
    return np.sum(np.where(x == 0.0, 1.0, np.sin(safe) / safe))


@program(args=(_X.copy(), np.array([0.5, 0.5, 0.5])), argnums=(0, 1))
def maximum_minimum_clip(x, y):
    return np.sum(np.maximum(x, y) ** 2 + np.minimum(x, y) * x + np.clip(x, 0.3, 0.7) ** 2)


@program(args=(_X.copy(),))
def creation_functions_like(x):
    y = np.zeros_like(x) + np.ones_like(x) * x + np.full_like(x, 2.0)
    z = np.eye(3) * x + np.diag(x) + np.linspace(0.0, 1.0, 3)
    return np.sum(y @ z)


@program(args=(0.5, 2.0), argnums=(0, 1))
def linspace_of_variables(a, b):
    t = np.linspace(a, b, 4)
    return np.sum(t**2) + np.sum(np.array([a, b]) * t[:2])


@program(args=(_X.copy(),))
def split_and_array_split(x):
    a, b = np.split(np.concatenate([x, x[:1]]), 2)
    return np.sum(a * b**2) + sum(np.sum(p) ** 2 for p in np.array_split(x, 2))


@program(args=(_X.copy(),))
def pad_and_convolve(x):
    y = np.pad(x, 1)
    return np.sum(y[:-1] * y[1:]) + np.sum(np.convolve(x, np.array([1.0, -0.5])) ** 2)


@program(args=(_X.copy(), 0.45), argnums=(0, 1))
def interp(y, t):
    return np.interp(t, np.array([0.0, 0.4, 1.0]), y) ** 2


@program(args=(np.array([0.5, -0.2, 1.0]), 0.8), argnums=(0, 1))
def polyval(p, x):
    return np.polyval(p, x) * x


@program(args=(_X.copy(),))
def sinc_and_nan_to_num(x):
    return np.sum(np.sinc(x) + np.nan_to_num(x) ** 2)


@program(args=(_X.copy(),))
def ravel_size_shape(x):
    a = np.outer(x, x)
    n, m = a.shape
    return np.sum(a.ravel()[: a.size // 2] ** 2) / (n * m) + a.ndim * x[0]


@program(args=(_X.copy(),))
def logical_functions(x):
    mask = np.logical_and(x > 0.1, np.logical_not(x > 0.8)) | (x == 5.0)
    return np.sum(x**2 * mask) + np.count_nonzero(mask) * x[0]


@program(args=(_X.copy(),))
def asarray_and_astype(x):
    y = np.asarray(x, dtype=float).astype(np.float64)
    z = np.array(y, copy=True)
    z[0] = 1.0
    return np.sum(y**2 * z)


@program(args=(_X.copy(),))
def floor_ceil_and_mod(x):
    return np.sum((x * 3.3 - np.floor(x * 3.3)) ** 2 + np.mod(x * 3.3, 1.0) + np.ceil(x) * x)


@program(args=(_X.copy(),))
def array_of_rows(x):
    a = np.array([x, 2 * x, x**2])
    b = np.column_stack([x, x**3])
    return np.linalg.norm(a @ b)


@program(args=(_X.copy(), np.array([1.5, -0.3, 0.2])), argnums=(0, 1))
def ufunc_methods(x, y):
    return np.sum(np.multiply.outer(x, y) ** 2) + np.add.reduce(x * y) + np.maximum.reduce(x)


@program(args=(_X.copy(),))
def vander_and_meshes(x):
    v = np.vander(x, 3)
    return np.sum(v @ np.array([1.0, -2.0, 0.5])) ** 2


@program(args=(_X.copy(),))
def gradient_of_a_signal(x):
    return np.sum(np.gradient(x, 0.5) ** 2)


@program(args=(_X.copy(),))
def apply_along_rows(x):
    a = np.outer(x, x) + np.eye(3)
    return np.sum(np.apply_along_axis(lambda r: r / np.sum(r), 1, a)[:, 0])


@program(args=(_X.copy(),))
def vectorised_by_hand(x):
    f = np.vectorize(lambda v: v**2 if v > 0.5 else np.sin(v))
    return np.sum(f(x))


@program(args=(np.array([3.0, -4.0, 0.5]),))
def sigmoid_and_softplus(x):
    s = 1 / (1 + np.exp(-x))
    sp = np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)
    return np.sum(s * sp)


@program(args=(np.array([1.5, -0.7, 0.4, 2.0]),))
def counts_with_weights(x):
    return np.bincount([0, 1, 1, 2], weights=x)[1] ** 2 + np.sum(np.bincount([2, 0, 1, 1], x**2))


@program(args=(np.array([1.5, -0.7, 0.4]), 2.0), argnums=(0, 1))
def columns_and_rows_side_by_side(x, s):
    design = np.c_[np.ones(3), x, x**2]
    row = np.r_[x, s, 0:3, x[:2]]
    return design, row


@program(args=(0.3, 0.27), argnums=(0, 1))
def times_of_a_step_size(start, h):
    t = np.arange(start, 1.6, h)
    return np.sum(np.sin(t)) + np.arange(0, 1.0, step=h)[-1]


@program(args=(np.array([1.5, -0.7, 1.1, 0.4]),))
def distinct_values(x):
    values, counts = np.unique(np.round(x * 0) + x, return_counts=True)
    return np.sum(values**2 * counts[0]) + np.unique(x)[0]


@program(args=(np.array([1.5, -0.7, 0.4]),))
def lists_in_place_of_arrays(x):
    a = np.linalg.norm([x[0], x[1], 2.0]) + np.dot([x[0], x[1]], [1.0, 3.0])
    b = np.sum([t**2 for t in x]) + np.sqrt([x[0] ** 2 + 1, 2.0]).sum()
    return a + b + np.convolve(x, [1.0, 2.0], mode="valid").sum() + np.interp(0.5, [0, 1, 2], x)


@program(args=(np.array([1.5, -0.7, 0.4]),))
def grids_by_slices(x):
    i, j = np.mgrid[0:3, 0:2]
    u, v = np.ogrid[0:3, 0:1:2j]
    return np.sum(x[i] * j) + np.sum(x[:, None] * u * v) + np.mgrid[0:1:3j] @ x


@program(args=(np.array([1.5, -0.7, 0.4]), 0.5), argnums=(0, 1))
def reductions_of_a_part(x, s):
    a = np.sum(x, where=x > 0, initial=s) + np.mean(x, where=x > 0)
    return a + np.max(x, initial=s) ** 2 + np.diff(x, prepend=s)[0]


@program(args=(np.array([1.5, -0.7, 0.4, 0.9]),))
def windows_and_polynomials(x):
    w = np.lib.stride_tricks.sliding_window_view(x, 2)
    return np.sum(w.mean(axis=1) ** 2) + np.polyval(x, 1.3) + np.polyfit([0, 1, 2, 3], x, 1)[0]


@program(args=(np.array([0.6, 0.2, 0.9]), 0.7))
def outer_products_of_numbers_and_arrays(x, s):
    table = np.multiply.outer(s, x) + np.add.outer(x[0], x) * np.subtract.outer(x, s)
    return np.sum(table * table)


@program(args=(np.array([0.6, 0.2, 0.9]), 0.7))
def ufuncs_told_their_dtype(x, s):
    counts = np.array([1, 2, 3])
    total = np.multiply(counts, x, dtype=np.float64)
    return np.sum(total * np.add(x, s, dtype=float)) + np.dot(x, 2).sum()


@program(args=(np.array([0.6, 0.2, 0.9]),))
def angle_of_a_mask(x):
    return np.sum(np.arctan2(x > 0.5, x))
@program(args=(0.2, 1.7, 0.9), argnums=(0, 1, 2))
def gauss_legendre(a, b, w):
    points, weights = np.polynomial.legendre.leggauss(5)
    x = 0.5 * (b - a) * points + 0.5 * (b + a)
    return 0.5 * (b - a) * np.sum(weights * np.sqrt(1 + w * x**2)) * np.hanning(5)[1]


@program(args=(np.array([[0.3, 1.2], [0.8, -0.4], [1.1, 0.5]]), [1, 0, 1]))
def rows_by_a_range(scores, labels):
    e = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    probabilities = e / np.sum(e, axis=1, keepdims=True)
    loss = -np.mean(np.log(probabilities[range(3), labels]))
    probabilities[range(len(labels)), labels] -= 1
    return loss + np.sum(probabilities**2)


@program(args=(0.3, 0.1, np.array([0.99, 0.01, 0.0])), argnums=(0, 1, 2))
def rows_collected_as_tuples(beta, gamma, y0):
    s, i, r = y0
    rows, t = [], 0
    while t < 6:
        s, i, r = s - 0.5 * beta * s * i, i + 0.5 * (beta * s - gamma) * i, r + 0.5 * gamma * i
        rows.append((s, i, r))
        t += 0.5
    table = np.array(rows)
    return table[-1, 2] + np.max(table[:, 1]) + table[3] @ table[4]


@program(args=(np.linspace(0.0, 1.0, 5) ** 1.2, 2.0), argnums=(0, 1), tolerance=1e-7)
def bar_of_finite_elements(nodes, k):
    n = len(nodes)
    stiffness, load = np.zeros((n, n)), np.zeros(n)
    for e in range(n - 1):
        dofs = np.array([e, e + 1])
        length = nodes[dofs[1]] - nodes[dofs[0]]
        stiffness[np.ix_(dofs, dofs)] += k / length * np.array([[1, -1], [-1, 1]])
        load[dofs] += 0.5 * length
    free = np.setdiff1d(np.arange(n), [0, n - 1])
    u = np.zeros(n)
    u[free] = np.linalg.solve(stiffness[np.ix_(free, free)], load[free])
    return load @ u


@program(args=(0.3, 1.2, 5, 1), argnums=(0, 1))
def as_many_points_as_an_argument_says(a, b, n, m):
    closed, open_ = np.linspace(a, b, n), np.linspace(a, b, n, endpoint=False)
    values = [t * b for t in np.linspace(a, b, len(closed) + 1)]
    return np.trapezoid(values) + np.sum(closed**2) + open_[-1] ** 3 + np.linspace(a, b, m)[0]


@program(args=(np.array([[0.5, 1.2], [0.8, -0.4], [1.1, 0.3]]), 0.4), argnums=(0, 1))
def noise_on_the_diagonal(x, noise):
    kernel = np.exp(-((x[:, None, 0] - x[None, :, 1]) ** 2))
    kernel[np.diag_indices_from(kernel)] += noise**2
    return np.sum(kernel[np.tril_indices_from(kernel)] ** 2) + np.linalg.det(kernel)


@program(args=(_X.copy(),))
def limits_of_a_dtype(x):
    info = np.finfo(x.dtype)
    small = np.log(np.maximum(x - 0.1, np.finfo(float).tiny) + info.eps)
    count = np.iinfo(np.int64).max
    for v in x:
        if v > 0.5:
            count = min(count, 3)
    return np.sum(np.clip(small, -info.max, np.finfo(np.float32).max)) * count / (1 + info.eps)


@program(args=(0.4,))
def limits_of_a_number(t):
    eps = np.finfo(type(t)).eps
    x = 1.0 + t
    while True:
        y = 0.5 * (x + 2 * t / x)
        if abs(y - x) <= 8 * eps * abs(y):
            return y
        x = y


@program(args=(np.array([0.7, 2.2, 1.3]), 1.6), argnums=(0, 1))
def likelihood_of_a_gamma_distribution(x, shape):
    total = 0.0
    for v in x:
        total += (shape - 1) * math.log(v) - v - math.lgamma(shape)
    return total + math.gamma(shape + x[0]) + math.lgamma(-x[2]) + math.ulp(shape)


@program(args=(3.3,))
def mantissas_and_exponents(x):
    m, e = math.frexp(x)
    ms, es = np.frexp(x * np.array([1.0, -2.5]))
    return m**2 * e + np.sum(ms**3 * es)


@program(args=(np.array([0.7, -0.4, 1.2, 0.3, -0.9]), np.array([0.2, 0.5, -0.3, 0.9])), argnums=(0, 1))
def correlations_of_the_same_length(x, k):
    parts = [np.correlate(x, k, "same"), np.correlate(k, x, "same"), np.correlate(x, k[:3], mode="same")]
    return sum([np.sum(np.arange(1.0, len(p) + 1) * p**2) for p in parts])


@program(args=(_X.copy(),))
def select_without_a_default(x):
    return np.sum(np.select([x > 0.5], [x**2])) + np.sum(np.select([x < 0.3, x > 0.5], [x, x**3]))


@program(args=(_X.copy(), np.array([[0.3, 1.2], [0.8, -0.4]])), argnums=(0, 1))
def arrays_as_lists(x, m):
    a, *rest = x.tolist()
    rows = m.tolist()
    rest.append(a * 2)
    total = sum([v for v in (2 * x).tolist() if v > 0.5])
    return rest[-1] * rest[0] + rows[1][0] * rows[0][1] + max(rows[1]) + total + np.sum(x).tolist()


@program(args=(_X.copy(),))
def sizes_in_bytes(x):
    return np.sum(x) * x.nbytes / x.itemsize + x.astype(np.float32).itemsize


@program(args=(np.array([[0.3, 1.2, 0.5], [0.8, -0.4, 0.7]]),))
def differences_by_an_iterator(x):
    gradient = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        ix = it.multi_index
        gradient[ix] = (x[ix] + 0.1) ** 3 - x[ix] ** 3
        it.iternext()
    total = 0.0
    again = np.nditer(gradient, flags=["multi_index"])
    for v in again:
        i, j = again.multi_index
        total += v * (i + 2 * j)
    return total


@program(args=(np.array([[0.3, 1.2, 0.5], [0.8, -0.4, 0.7]]),))
def squares_by_an_iterator(x):
    y = x.copy()
    it = np.nditer(y, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        it[0] = it[0] ** 2 * (it.multi_index[0] + 1)
        it.iternext()
    total = 0.0
    for v in np.nditer(y):
        total = 0.5 * total + v
    return total


_POWER = np.vectorize(lambda t, n=2: t**n if t > 0 else -t * n)


@program(args=(np.array([0.7, -0.4, 1.2]), 1.5), argnums=(0, 1))
def vectorized_with_keywords(x, n):
    own = np.vectorize(lambda t, low=0.0: t if t > low else low * t)
    return np.sum(_POWER(x, n=n)) + np.sum(_POWER(x) ** 2) + np.sum(own(x, low=0.5 * n) ** 2)


@program(args=(np.array([[0.3, 1.2, 0.5], [0.8, -0.4, 0.7]]), np.array([0.2, 0.9])), argnums=(0, 1))
def values_put_along_an_axis(a, v):
    b = a.copy()
    np.put_along_axis(b, np.array([[1], [0]]), v[:, None], axis=1)
    np.put_along_axis(b, np.argmax(a, axis=0)[None, :], 2 * v[0], axis=0)
    np.put_along_axis(b, np.array([3]), 1.5, axis=None)
    return np.sum(b**3)


@program(args=(np.array([[0.3, 1.2, 0.5], [0.8, -0.4, 0.7]]), np.array([0.2, 0.9, 0.4])), argnums=(0, 1))
def averages_with_their_weights(a, w):
    rows, total = np.average(a, axis=1, weights=w, returned=True)
    mean, count = np.average(a, returned=True)
    return np.sum(rows * total) + mean * count


@program(args=(np.array([0.7, -0.4, 1.2, 0.3]),))
def changes_at_places(x):
    d, e = np.zeros(3), x.copy()
    np.subtract.at(d, [0, 0, 1], x[:3])
    np.add.at(d, [2, 2, 2, 0, 1], 0.5)
    np.negative.at(e, [0, 1])
    np.square.at(e, np.array([2, 3]))
    return np.sum(d**2) + np.sum(e**3)


@program(args=(np.array([[[0.3, 1.2], [0.8, -0.4]], [[1.1, 0.35], [-0.6, 0.9]]]), 1), tolerance=1e-7)
def norms_of_stacked_matrices(a, p):
    norms = [np.linalg.norm(a, ord=o, axis=(1, 2)) for o in (1, -1, 2, "nuc", np.inf)]
    flat = np.linalg.norm(a, p, axis=(0, 2), keepdims=True)
    return sum([np.sum(n**2) for n in norms]) + np.sum(flat**3)


@program(args=(np.array([[0.3, 1.2, 0.5], [0.8, -0.4, 0.7]]),))
def statistics_of_rows_with_gaps(a):
    gaps = np.where(a > 1, np.nan, a)
    total = np.sum(np.nanmedian(gaps, axis=1) ** 2) + np.sum(np.nanquantile(gaps, 0.3, axis=0) ** 2)
    return total + np.sum(np.nanstd(gaps, axis=0)) + np.sum(np.nanpercentile(a, 40, axis=1, keepdims=True))


@program(args=(np.array([[0.3, 1.2, 0.5], [0.8, -0.4, 0.7]]), np.array([0.2, 0.9, 0.4])), argnums=(0, 1))
def einsum_with_numbered_axes(a, v):
    return np.sum(np.einsum(a, [0, 1], v, [1]) ** 2) + np.sum(np.einsum(a, [0, 1], a, [2, 1], [2, 0]))


@program(args=(np.array([0.7, -0.4, 1.2]),))
def exact_sum_of_a_generator(x):
    return math.fsum(v * v for v in x) * math.fsum([x[0], 2.0])


@program(args=(_X.copy(), 0.3), argnums=(0, 1))
def padded_with_computed_values(x, end):
    inflow = np.pad(x, (1, 0), constant_values=end**2)
    ramp = np.pad(x, 2, mode="linear_ramp", end_values=(0.0, end))
    levels = np.pad(np.outer(x, x), 1, mode="mean")
    return np.sum(np.diff(inflow) ** 2) + np.sum(ramp**2) + levels[0] @ levels[-1]


@program(args=(_X.copy(), 2.0), argnums=(0, 1))
def integral_with_a_computed_spacing(y, length):
    h = length / (len(y) - 1)
    return np.trapezoid(y**2, dx=h) + np.trapezoid(np.outer(y, y), dx=h, axis=0)[1]


@program(args=(np.sin(np.arange(12.0)).reshape(4, 3),))
def quantiles_by_other_methods(a):
    spread = np.quantile(a, [0.25, 0.75], method="hazen")
    low = np.percentile(a, [10, 90], axis=0, method="lower")
    return (spread[1] - spread[0]) ** 2 + np.sum(low[0] * low[1]) + np.average(a, axis=(0, 1)) ** 2


@program(args=(np.array([0.6, 0.2, 0.9, 1.4]),))
def lists_of_integers_by_name(x):
    mean = np.average(x, weights=[1, 2, 3, 4]) * np.dot(x, b=[1, 0, 2, 1])
    area = np.trapezoid(x, x=[0, 1, 3, 4]) + np.einsum("i,i", x, [1, 2, 0, 1])
    bent = np.interp(x, xp=[0, 1, 3], fp=[2, 1, 3])
    return mean * area + np.sum(bent**2) + np.sum(np.clip(x, a_min=[0, 1, 0, 1], a_max=2) ** 2)


@program(args=(0.7,))
def columns_of_a_histogram_in_a_tuple(scale):
    x = np.sqrt(np.arange(4))
    counts, edges = np.histogramdd((x, x[::-1] ** 2), bins=2)
    columns = []
    for k in range(2):
        columns.append(x + k * x[0])
    grown, _ = np.histogramdd(columns, bins=3)
    return np.sum(scale ** (counts + 1)) + np.sum(grown[0]) * scale**2 + edges[1][2] * scale


@program(args=(np.array([0.3, 0.8, 1.9]), 0.7), argnums=1)
def edges_of_a_histogram_in_a_list(x, scale):
    counts, _, _ = np.histogram2d(x, x[::-1], bins=[x, np.linspace(0.0, 2.0, 5)])
    return np.sum(np.cumsum(counts) * scale**3)


@program(args=(0.7,))
def parts_of_what_returns_several(scale):
    x = np.sqrt(np.arange(4))
    counts, _ = np.histogramdd(np.stack([x, x[::-1]], axis=1), bins=2)
    counts[0][1] = 4 * scale
    quotient, rest = np.polydiv(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0]))
    return counts[0][1] * counts[1, 0] + quotient[1] * scale + rest[0]


@program(args=(np.array([[0.6, -0.2], [0.9, 0.3], [-0.5, 0.8]]), np.array([0.1, 0.4, -0.7])))
def columns_of_coefficients(c, x):
    several = np.polynomial.chebyshev.chebval(x, c)
    paired = np.polynomial.legendre.legval(x[:2], c, tensor=False)
    grid = np.polynomial.polynomial.polygrid2d(x, x[:2], c)
    return np.sum(several**2) + np.sum(paired * several[:, 0]) + np.sum(grid[:, 1] ** 3)


@program(args=(0.37, 0.3), argnums=(0, 1))
def ranges_told_their_end_by_name(start, step):
    times = np.arange(start, stop=2.0)
    return np.sum(times**2) + np.sum(np.arange(0.0, stop=2.0, step=step) ** 2)


@program(args=(np.array([0.6, -0.2, 0.9]), np.array([[0.5], [1.5], [-0.4]])), argnums=(0, 1))
def cross_product_along_a_first_axis(a, b):
    return np.sum(np.cos(np.cross(a, b, axis=0))) + np.sum(np.cross(b, a, axisa=0) ** 2)


@program(args=(np.array([[0.6, -0.2], [0.9, 0.3]]),))
def product_written_into_a_third_argument(a):
    c = np.ones((2, 2))
    np.dot(a, a.T, c)
    return np.sum(c**3) + np.sum(np.dot(a, a, out=None))


@program(args=(np.array([0.6, -0.2, 0.9]),))
def pieces_by_rows_of_conditions(x):
    rows = np.array([x < 0, x > 0.7])
    one = np.piecewise(x, [True, False, True], [lambda v: v**3, lambda v: -v])
    counts = np.piecewise(x, [np.array([1, 0, 0])], [lambda v: v * 2, lambda v: v**2])
    return np.sum(np.piecewise(x, rows, [np.sin, lambda v: v * v, 0.5]) + one * counts)


@program(args=(np.array([[0.6, -0.2, 0.9], [0.3, 0.8, 0.1]]), np.array([[0.0, 0.7, 1.9]])), argnums=(0, 1))
def areas_over_one_row_of_places(y, x):
    return np.sum(np.trapezoid(y, x) ** 2) + np.sum(np.trapezoid(x**2, y) * np.diff(y, n=0)[:, 0])


def _clipped_from_below(v):
    return 0 if v < 0 else v


@program(args=(np.array([-0.52, 0.31, 0.93, 0.71]),))
def results_in_the_dtype_of_the_first(x):
    truncated = np.vectorize(_clipped_from_below)(x) + np.vectorize(_clipped_from_below)(x[1:])[0]
    rows = np.apply_along_axis(lambda r: 1 if r[0] < 0 else r.sum(), 1, x.reshape(2, 2))
    said = np.vectorize(_clipped_from_below, otypes=[float])(x)
    kind = np.vectorize(lambda v: 2 * v)(x.astype(np.float32)).dtype
    return np.sum(truncated) + np.sum(rows) * x[0] + np.sum(said**2) * kind.itemsize


@program(args=(np.array([-0.52, 0.31, 0.93, 0.71]),))
def first_element_is_asked_twice(x):
    calls = []

    def counted(v):
        calls.append(v)
        return v * len(calls)

    once = np.vectorize(counted, cache=True)(x)
    return np.sum(np.vectorize(counted)(x) * once) + len(calls) * x[0]


@program(args=(np.array([-0.52, 0.31, 0.93, 0.71]),))
def vectorized_function_of_several_results(x):
    sines, squares = np.vectorize(lambda v: (np.sin(v), v * v))(x)
    whole, parts = np.vectorize(lambda v: (3 * v, v**3), otypes=[int, float])(x)
    return np.sum(sines * squares * x[0] + whole * parts)


@program(args=(np.array([0.5, -0.31, 0.9, 0.71]),))
def vectorized_function_of_numbers_of_pythons(x):
    try:
        return np.sum(np.vectorize(lambda v: 1 / v)(x * [1, 1, 0, 1]))
    except ZeroDivisionError:
        return np.sum(x**2)


@program(args=(np.array([-0.52, 0.31, 0.93, 0.71]),))
def pieces_in_the_dtype_of_the_places(x):
    k = np.arange(4)
    whole = np.piecewise(k, [k < 2, k == 3], [x[1] * 4, lambda v: v * x[3]])
    one = np.piecewise(2, [x[0] < 0], [lambda v: v * 0.7, 0.5])
    return np.sum(whole * x**2) + one * x[3]


@program(args=(np.array([-0.52, 0.31, 0.93, 0.71]),))
def pieces_are_made_in_order_where_there_are_any(x):
    calls = []

    def counted(v):
        calls.append(v)
        return len(calls) * v / np.max(v)

    pieces = np.piecewise(x, [x < -1, x < 0], [counted, counted, lambda v: len(calls) * v**2])
    return np.sum(pieces * x) + len(calls)


@program(args=(np.array([-0.52, 0.31, 0.93, 0.71]),))
def one_choice_for_all(x):
    k = int(x[2] * 2)
    return np.sum(np.choose(k, [x, x**2]) * np.choose(True, [x, x**3])) * np.choose(5, [x, x], mode="clip")[1]


@program(args=(np.array([-0.52, 0.31, 0.93, 0.71]),))
def products_of_trimmed_polynomials(x):
    highest_first = np.polymul(np.array([0.0, x[0]]), x)
    known = np.polymul([0, 1, 2], x[2:4]) * len(np.polymul([0, 0], x))
    lowest_first = np.polynomial.polynomial.polymul([x[1], 1.0, 0.0], x[:2])
    less = np.polynomial.polynomial.polysub(x, x * [2.0, 2.0, 1.0, 1.0])
    object_of_less = np.polynomial.Polynomial(x) - np.polynomial.Polynomial([0.0, *x[1:]])
    numbers = len(highest_first) * x[0] + len(lowest_first) * x[1] + object_of_less.degree() * x[2]
    return numbers + highest_first[0] * known[0] + np.sum(lowest_first**2) + np.sum(less**3)


@program(args=(np.array([0.6, 0.2]), 1, 2.5), order=2)
def options_that_an_argument_gives(x, axis, stop):
    pair = np.stack([x, 2.0 * x * x[0]], axis=axis)
    joined = np.concatenate([pair, pair.T], axis=axis)
    steps = np.arange(stop, dtype=np.float64)
    return np.tensordot(x, joined, axis)[1] ** 2 + np.sum(steps) * np.linalg.norm(pair, axis)
