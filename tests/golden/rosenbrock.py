# sorix 0.1.0 | written.py:84 rosenbrock(x) | x: float64[n] | primal
def rosenbrock(x):
    # written.py:85  return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)
    t = 100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2
    return t.sum()


# sorix 0.1.0 | written.py:84 rosenbrock(x) | x: float64[n] | adjoint w.r.t. x
import numpy as np


def rosenbrock__adjoint(x, result_bar):
    # written.py:85  return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)
    t = x[:-1]
    t1 = x[1:] - t ** 2
    t2 = 1.0 - x[:-1]
    result = (100.0 * t1 ** 2 + t2 ** 2).sum()
    # adjoint of written.py:85
    x_bar = np.zeros_like(x)
    x_bar[:-1] = -2 * result_bar * t2
    t_bar = 200.0 * result_bar * t1
    x_bar[1:] += t_bar
    x_bar[:-1] -= t_bar * (2 * t)
    return result, x_bar


# sorix 0.1.0 | written.py:84 rosenbrock(x) | x: float64[n] | adjoint w.r.t. x | adjoint w.r.t. x
import numpy as np


def rosenbrock__adjoint__adjoint(x, result_bar, x_bar_hat):
    # written.py:85  return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)
    t = x[:-1]
    # adjoint of written.py:85
    t1 = 2 * result_bar
    x_bar = np.zeros_like(x)
    x_bar[:-1] = -t1 * (1.0 - x[:-1])
    t2 = 200.0 * result_bar
    t_bar = t2 * (x[1:] - t ** 2)
    x_bar[1:] += t_bar
    t = 2 * t
    x_bar[:-1] -= t_bar * t
    t_bar_hat = x_bar_hat[:-1]
    t_hat = (x_bar_hat[1:] - t_bar_hat * t) * t2
    x_hat = np.zeros_like(x)
    x_hat[:-1] = x_bar_hat[:-1] * t1
    x_hat[1:] += t_hat
    x_hat[:-1] -= 2 * (t_bar_hat * t_bar) + t_hat * t
    return x_bar, x_hat
