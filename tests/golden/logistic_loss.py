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
    w_bar = result_bar * 0.02 * w
    margins_bar = -result_bar / n / (1 + exp) * exp
    # adjoint of written.py:90
    y_bar = margins_bar * t
    t_bar = margins_bar * y
    b_bar = t_bar.sum()
    X_bar = np.outer(t_bar, w)
    w_bar += X.T @ t_bar
    return result, w_bar, b_bar, X_bar, y_bar


# sorix 0.1.0 | written.py:89 logistic_loss(w, b, X, y) | w: float64[n], b: float, X: float64[m, k], y: float64[p] | adjoint w.r.t. w, b, X, y | adjoint w.r.t. w, b, X, y
import numpy as np
from sorix.support import unbroadcast


def logistic_loss__adjoint__adjoint(w, b, X, y, result_bar, w_bar_hat, b_bar_hat, X_bar_hat, y_bar_hat):
    # written.py:90  margins = y * (X @ w + b)
    t = X @ w + b
    margins = y * t
    # written.py:91  return np.mean(np.log1p(np.exp(-margins))) + 0.01 * np.dot(w, w)
    exp = np.exp(-margins)
    n = margins.size
    # adjoint of written.py:91
    t1 = 0.02 * result_bar
    w_bar = t1 * w
    t2 = 1 + exp
    t_bar = result_bar / n / t2
    margins_bar = -t_bar * exp
    # adjoint of written.py:90
    y_bar = margins_bar * t
    t_bar1 = margins_bar * y
    b_bar = t_bar1.sum()
    X_bar = np.outer(t_bar1, w)
    w_bar += X.T @ t_bar1
    X_hat = np.outer(t_bar1, w_bar_hat)
    w_hat = unbroadcast(X_bar_hat * t_bar1[:, None], w)
    t_bar_hat = X @ w_bar_hat + (X_bar_hat * w).sum(axis=1) + b_bar_hat
    margins_bar_hat = t_bar_hat * y
    y_hat = t_bar_hat * margins_bar
    margins_bar_hat += y_bar_hat * t
    # adjoint of written.py:91
    w_hat = w_hat + w_bar_hat * t1
    t_hat = (margins_bar_hat * exp / t2 * t_bar - margins_bar_hat * t_bar) * exp
    # adjoint of written.py:90
    y_hat -= t_hat * t
    t_hat = y_bar_hat * margins_bar - t_hat * y
    b_hat = t_hat.sum()
    X_hat += np.outer(t_hat, w)
    w_hat += X.T @ t_hat
    return w_bar, b_bar, X_bar, y_bar, w_hat, b_hat, X_hat, y_hat
