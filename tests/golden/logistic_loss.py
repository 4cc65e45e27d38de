# sorix 0.1.0 | written.py:89 logistic_loss(w, b, X, y) | w: float64[n], b: float, X: float64[m, k], y: float64[p] | primal
import numpy as np


def logistic_loss(w, b, X, y):
    # written.py:90  margins = y * (X @ w + b)
    margins = y * (X @ w + b)
    # written.py:91  return np.mean(np.log1p(np.exp(-margins))) + 0.01 * np.dot(w, w)
    t = 0.01 * (w @ w)
    result = np.log1p(np.exp(-margins)).sum() / margins.size + t
    return result


# sorix 0.1.0 | written.py:89 logistic_loss(w, b, X, y) | w: float64[n], b: float, X: float64[m, k], y: float64[p] | adjoint w.r.t. w, b, X, y
import numpy as np


def logistic_loss__adjoint(w, b, X, y, result_bar):
    # written.py:90  margins = y * (X @ w + b)
    t = X @ w + b
    margins = y * t
    # written.py:91  return np.mean(np.log1p(np.exp(-margins))) + 0.01 * np.dot(w, w)
    exp = np.exp(-margins)
    n = margins.size
    result = np.log1p(exp).sum() / n + 0.01 * (w @ w)
    # adjoint of written.py:91
    t_bar = result_bar * 0.01
    w_bar = t_bar * w
    w_bar1 = w * t_bar
    w_bar += w_bar1
    margins_bar = -(result_bar / n * (1 / (1 + exp)) * exp)
    # adjoint of written.py:90
    y_bar = margins_bar * t
    t_bar1 = margins_bar * y
    b_bar = t_bar1.sum()
    X_bar = t_bar1[..., None] * w
    w_bar += X.T @ t_bar1
    return result, w_bar, b_bar, X_bar, y_bar


# sorix 0.1.0 | written.py:89 logistic_loss(w, b, X, y) | w: float64[n], b: float, X: float64[m, k], y: float64[p] | adjoint w.r.t. w, b, X, y | adjoint w.r.t. w, b, X, y
import numpy as np
from sorix.support import unbroadcast


def logistic_loss__adjoint__adjoint(w, b, X, y, result_bar, w_bar_bar, b_bar_bar, X_bar_bar, y_bar_bar):
    # written.py:90  margins = y * (X @ w + b)
    t = X @ w + b
    margins = y * t
    # written.py:91  return np.mean(np.log1p(np.exp(-margins))) + 0.01 * np.dot(w, w)
    exp = np.exp(-margins)
    n = margins.size
    # adjoint of written.py:91
    t_bar = result_bar * 0.01
    w_bar = t_bar * w
    w_bar1 = w * t_bar
    w_bar += w_bar1
    t_bar1 = result_bar / n
    t1 = 1 + exp
    t2 = 1 / t1
    t_bar2 = t_bar1 * t2
    margins_bar = -(t_bar2 * exp)
    # adjoint of written.py:90
    y_bar = margins_bar * t
    t_bar3 = margins_bar * y
    b_bar = t_bar3.sum()
    t3 = t_bar3[..., None]
    X_bar = t3 * w
    w_bar += X.T @ t_bar3
    t_bar_bar = X @ w_bar_bar
    X_bar1 = (w_bar_bar[..., None] * t_bar3).T
    w_bar1 = unbroadcast(X_bar_bar * t3, w)
    t_bar_bar[..., None] += (X_bar_bar * w).sum(axis=1, keepdims=True)
    t_bar_bar = t_bar_bar + b_bar_bar
    margins_bar_bar = t_bar_bar * y
    y_bar1 = t_bar_bar * margins_bar
    margins_bar_bar += y_bar_bar * t
    # adjoint of written.py:91
    t_bar_bar = -margins_bar_bar
    t3 = w_bar_bar * t_bar
    w_bar1 = w_bar1 + t3
    w_bar1 += t3
    t_bar2 = (t_bar_bar * t_bar2 - t_bar_bar * exp * t_bar1 / t1 * t2) * exp
    margins_bar1 = -t_bar2
    # adjoint of written.py:90
    y_bar1 += margins_bar1 * t
    t_bar2 = y_bar_bar * margins_bar + margins_bar1 * y
    b_bar1 = t_bar2.sum()
    X_bar1 += t_bar2[..., None] * w
    w_bar1 += X.T @ t_bar2
    return w_bar, b_bar, X_bar, y_bar, w_bar1, b_bar1, X_bar1, y_bar1
