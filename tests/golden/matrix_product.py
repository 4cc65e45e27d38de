# sorix 0.1.0 | written.py:150 matrix_product(A, B) | A: float64[n, m], B: float64[k, p] | primal
import numpy as np


def matrix_product(A, B):
    # written.py:151  C = np.zeros((A.shape[0], B.shape[1]))
    C = np.zeros((A.shape[0], B.shape[1]))
    # written.py:152  for i in range(A.shape[0]):
    for i in range(A.shape[0]):
        # written.py:153  for j in range(B.shape[1]):
        for j in range(B.shape[1]):
            # written.py:154  for k in range(A.shape[1]):
            for k in range(A.shape[1]):
                # written.py:155  C[i, j] += A[i, k] * B[k, j]
                C[i, j] += A[i, k] * B[k, j]
    # written.py:156  return np.sum(C * C)
    return (C * C).sum()


# sorix 0.1.0 | written.py:150 matrix_product(A, B) | A: float64[n, m], B: float64[k, p] | adjoint w.r.t. A, B
import numpy as np


def matrix_product__adjoint(A, B, result_bar):
    # written.py:151  C = np.zeros((A.shape[0], B.shape[1]))
    C = np.zeros((A.shape[0], B.shape[1]))
    # written.py:152  for i in range(A.shape[0]):
    n = A.shape[0]
    for i in range(n):
        # written.py:153  for j in range(B.shape[1]):
        for j in range(B.shape[1]):
            # written.py:154  for k in range(A.shape[1]):
            for k in range(A.shape[1]):
                # written.py:155  C[i, j] += A[i, k] * B[k, j]
                C[i, j] += A[i, k] * B[k, j]
    # written.py:156  return np.sum(C * C)
    result = (C * C).sum()
    # adjoint of written.py:156
    C_bar = 2 * result_bar * C
    # adjoint of written.py:152
    B_bar = np.zeros_like(B)
    A_bar = np.zeros_like(A)
    for i in reversed(range(n)):
        # adjoint of written.py:153
        for j in reversed(range(B.shape[1])):
            # adjoint of written.py:154
            for k in reversed(range(A.shape[1])):
                # adjoint of written.py:155
                t_bar = C_bar[i, j]
                B_bar[k, j] += t_bar * A[i, k]
                A_bar[i, k] += t_bar * B[k, j]
    return result, A_bar, B_bar
