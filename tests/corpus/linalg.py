"""Linear algebra: products of every rank, solve, inv, det, cholesky, qr, eigh, svd, einsum."""

import warnings

import numpy as np

from tests.corpus.registry import program

_A = np.array([[0.6, 0.2, 0.9], [1.4, 0.7, 0.3]])
_S = np.array([[2.0, 0.3, 0.1], [0.3, 1.5, -0.2], [0.1, -0.2, 1.1]])
_V = np.array([0.7, -0.4, 1.2])


@program(args=(_A.copy(), _V.copy(), np.array([0.5, -0.8])), argnums=(0, 1, 2))
def products_of_ranks(a, v, w):
    return (a @ v) @ w + w @ a @ v + np.dot(w, a) @ v + np.sum(a @ a.T) + v @ v


@program(args=(_A.copy(), _V.copy()), argnums=(0, 1))
def dot_inner_outer_vdot(a, v):
    return np.sum(np.dot(a, v) ** 2) + np.inner(v, v) + np.sum(np.outer(v, a[0]) ** 2) + np.vdot(a[1], v)


@program(args=(np.arange(12.0).reshape(2, 2, 3) / 7, np.arange(12.0).reshape(2, 3, 2) / 5), argnums=(0, 1))
def batched_matmul(a, b):
    return np.sum((a @ b) ** 2) + np.sum(np.matmul(a, b[0]))


@program(args=(_S.copy(), _V.copy()), argnums=(0, 1))
def linear_solve(s, b):
    x = np.linalg.solve(s, b)
    return b @ x + np.sum(np.linalg.solve(s, s @ s))


@program(args=(_S.copy(),))
def inverse_and_determinant(s):
    return np.sum(np.linalg.inv(s) ** 2) + np.linalg.det(s) + np.linalg.slogdet(s)[1]


@program(args=(_S.copy(),))
def cholesky_log_determinant(s):
    low = np.linalg.cholesky((s + s.T) / 2)
    return 2 * np.sum(np.log(np.diag(low))) + low[1, 0]


@program(args=(_S.copy(),))
def symmetric_eigenvalues(s):
    values, vectors = np.linalg.eigh((s + s.T) / 2)
    return values[0] * values[2] ** 2 + np.sum(vectors[:, 0] ** 2 * _V)


@program(args=(_A.copy(),), tolerance=1e-7)
def singular_values(a):
    s = np.linalg.svd(a, compute_uv=False)
    return s[0] ** 3 + s[1]


@program(args=(_A.copy(), _S.copy()), argnums=(0, 1))
def einsum_forms(a, s):
    return (
        np.einsum("ij,jk->", a, s) + np.einsum("ii", s) ** 2
        + np.einsum("ij,ij->i", a, a) @ np.einsum("ij->i", a)
    )  # fmt: skip


@program(args=(_V.copy(), np.array([0.3, 0.9, -0.1])), argnums=(0, 1))
def cross_product(a, b):
    return np.sum(np.cross(a, b) ** 2) + np.cross(a, b)[0]


@program(args=(_A.copy(), _S.copy()), argnums=(0, 1))
def kron_and_tensordot(a, s):
    return np.sum(np.kron(a, s[:2, :2]) ** 2) + np.sum(np.tensordot(a, s, axes=1) ** 2)


@program(args=(_S.copy(), 3))
def matrix_power(s, n):
    return np.trace(np.linalg.matrix_power(s, n)) + np.sum(s @ s @ s)


@program(args=(_A.copy(), np.array([0.5, -0.8])), argnums=(0, 1))
def normal_equations(a, y):
    m = a.T
    beta = np.linalg.solve(m.T @ m + 0.1 * np.eye(2), m.T @ np.concatenate([y, [0.3]]))
    return np.sum(beta**2)


@program(args=(_S.copy(),))
def quadratic_form_by_loops(s):
    total = 0.0
    for i in range(3):
        for j in range(3):
            total += s[i, j] * _V[i] * _V[j] * s[j, i]
    return total


@program(args=(_A.copy(), _A.T.copy()), argnums=(0, 1))
def matmul_by_three_loops(a, b):
    n, k, m = a.shape[0], a.shape[1], b.shape[1]
    c = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            for p in range(k):
                c[i, j] += a[i, p] * b[p, j]
    return np.linalg.norm(c)


@program(args=(_S.copy(),))
def trace_and_triangles(s):
    return np.trace(s @ s) + np.sum(np.triu(s, 1) ** 2) + np.sum(np.tril(s) * s.T)


@program(args=(np.array([0.3, 0.5, -0.2]),))
def rotation_matrix(angles):
    def rot(axis, t):
        c, s = np.cos(t), np.sin(t)
        if axis == "z":
            return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
        return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])

    r = rot("z", angles[0]) @ rot("x", angles[1]) @ rot("z", angles[2])
    return (r @ _V)[0] * r[2, 2]


@program(args=(np.array([[2.0, 9.0, -9.0], [0.4, 3.0, 7.0], [-0.3, 0.5, 2.5]]),), argnums=(0,))
def factors_read_the_lower_triangle(A):
    L = np.linalg.cholesky(A)
    w, V = np.linalg.eigh(A)
    return L[2, 0] + np.sum(L**2) + w[0] * w[1] + np.sum(V[:, 2] ** 4) + np.linalg.eigvalsh(A)[-1]
_RANK_ONE = np.outer([1.3, 0.7], [0.37, -0.91])


@program(args=(_RANK_ONE.copy(),))
def nearest_rotation_of_a_singular_matrix(a):
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    if np.linalg.det(u @ vt) < 0:
        vt[-1] *= -1
    return (u @ vt)[0, 1]


@program(args=(_S[:2, :2].copy(),))
def all_singular_vectors_of_a_square_matrix(a):
    u, s, vt = np.linalg.svd(a)
    return u[0, 0] * s[0] * vt[0, 1] + u[1, 0] * vt[0, 1] * s[1] ** 2


@program(args=(_A.copy(),), tolerance=1e-7)
def null_vector_of_a_wide_matrix(a):
    u, s, vt = np.linalg.svd(a)
    null = vt[-1]
    return null[0] / null[2] + (u[0] * s) @ vt[:2, 1]


@program(args=(np.array([[0.6, 0.2], [1.4, 0.7], [-0.3, 0.9], [0.1, 0.5]]),), tolerance=1e-7)
def projection_beside_the_columns(a):
    u = np.linalg.svd(a, full_matrices=True)[0]
    beside = u[:, 2:]
    return (beside @ beside.T)[0, 2] + (beside @ beside.T)[1, 1] ** 2


@program(args=(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]),))
def determinant_of_a_singular_matrix(a):
    return np.linalg.det(a) + np.sin(np.linalg.det(a[:2, :2] - np.ones((2, 2))))


@program(args=(np.zeros((2, 3, 3)) + np.diag([1.0, 0.0, 2.0]),))
def determinants_of_singular_matrices(a):
    return np.linalg.det(a) @ np.array([1.0, 2.0]) + np.linalg.det(a[0]) ** 2
@program(args=(np.array([[0.3, -1.2], [0.8, 0.5]]),))
def einsum_of_lists_of_labels(m):
    trace = np.einsum(m, [0, 1], m, [1, 0])
    outer = np.einsum(m, [3, 5], m, [5, 4], [4, 3])
    return trace * np.sum(outer * m) + np.sum(np.einsum(m, [..., 1], [..., 1]) * m)


@program(args=(_V.copy(), np.array([0.3, 0.9, -0.1]), np.array([0.5, 0.2, 0.4])), argnums=(0, 1, 2))
def normal_of_a_triangle(a, b, c):
    n = np.cross(b - a, c - a)
    area = 0.5 * np.linalg.norm(n)
    n = n / np.linalg.norm(n)
    frame = np.column_stack([a, b, n])
    return area + n @ a + np.dot(n, b) ** 2 + np.linalg.det(frame)


@program(args=(np.array([[0.0, 0.1, 0.0], [1.0, 0.1, 0.0], [1.0, 1.0, 0.3], [0.0, 1.0, 1.1]]), 2))
def volume_of_tetrahedra(points, n):
    total = 0.0
    for k in range(n):
        total += np.dot(np.cross(points[k], points[k + 1]), points[k + 2]) / 6
    return total + np.sum(np.cross(points, [1.0, 2.0, 3.0], axisb=0) ** 2)
@program(args=(_V.copy(), np.array([[0.3, 0.9], [-0.1, 0.4]])), argnums=(0, 1))
def cross_products_in_a_plane(a, m):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        flat = np.cross(a[:2], m)
        mixed = np.cross(m, a)
        along = np.cross(m, m * m[0], axisa=0)
        return np.sum(flat**2) + np.sum(mixed * a) + np.sum(along) + np.cross(a[1:], m[0]) ** 2


@program(args=(np.array([1.0, 0.2, -0.3, 0.1, 0.9, 0.4]),))
def angular_momentum_of_a_state(state):
    r, v = state[:3], state[3:]
    h = np.cross(r, v)
    eccentricity = np.cross(v, h) - r / np.linalg.norm(r)
    return np.linalg.norm(h) + np.sum(eccentricity**2)


@program(args=(_S,))
def results_read_by_their_names(a):
    found = np.linalg.eigh(a)
    return np.linalg.slogdet(a).logabsdet + np.sum(found.eigenvalues**2 * found.eigenvectors[0] ** 2)


@program(args=(np.arange(6.0).reshape(2, 3) ** 2,))
def gradient_along_one_axis_in_a_tuple(a):
    return np.sum(np.gradient(a, 0.5, axis=(1,)) ** 2)


@program(args=(_S, _V.copy()), argnums=(0, 1))
def factors_of_the_upper_triangle(a, b):
    upper = np.linalg.cholesky(a, upper=True)
    root = np.linalg.qr(a, mode="r")
    waves = np.linalg.eigvalsh(a + np.outer(b, b), UPLO="U")
    return np.sum(upper**2 * b) + np.sum(np.abs(root)) + np.sum(waves**3)


@program(args=(_A.T.copy(), _V.copy()), argnums=(0, 1))
def least_squares_with_a_bound_of_rank(a, b):
    x, _, rank, _ = np.linalg.lstsq(a, b, rcond=1e-10)
    return np.sum(x**2) * rank + np.sum(np.linalg.pinv(a, 1e-12) ** 2)


@program(args=(np.sin(np.arange(6.0)), 0.4), argnums=(0, 1))
def gradients_with_a_computed_spacing(u, length):
    h = length / 5
    slope = np.gradient(u, h, edge_order=2)
    rows, columns = np.gradient(np.outer(u, u), h, 2 * h)
    return np.sum(np.gradient(slope, h) ** 2) * 1e-3 + np.sum(rows * columns)
