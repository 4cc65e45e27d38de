# sorix 0.1.0 | written.py:73 third_derivative(model, x) | x: float32[n, 1], W0: float32[1, m], b0: float32[1, k], W2: float32[p, 1], b2: float32[1, 1] | primal
import numpy as np


def third_derivative(x, W0, b0, W2, b2):
    # written.py:74  u = model(x)
    h = np.tanh(x * W0 + b0)
    u = h @ W2 + b2
    # written.py:76  u = derivative(u, x)
    t_hat = -W0 * (np.ones_like(u) * W2.T)
    h_hat = t_hat * h
    h_hat += h_hat
    t = 1 - h * h
    h_tilde = -W0 * h_hat * h
    h_tilde += h_tilde
    t1 = W0 * t * t_hat
    h_tilde += t1
    h_tilde += t1
    u = h_tilde * t @ W0.T
    # written.py:77  return (u**2).mean()
    return (u ** 2).sum() / u.size


# sorix 0.1.0 | written.py:73 third_derivative(model, x) | x: float32[n, 1], W0: float32[1, m], b0: float32[1, k], W2: float32[p, 1], b2: float32[1, 1] | adjoint w.r.t. x, W0, b0, W2, b2
import numpy as np


def third_derivative__adjoint(x, W0, b0, W2, b2, result_check):
    # written.py:74  u = model(x)
    h = np.tanh(x * W0 + b0)
    u = h @ W2 + b2
    # written.py:76  u = derivative(u, x)
    t_hat = -W0 * (np.ones_like(u) * W2.T)
    h_hat = t_hat * h
    h_hat += h_hat
    t = 1 - h * h
    h_hat_tilde = W0 * t
    t_tilde = -W0 * h_hat
    h_tilde = t_tilde * h
    h_tilde += h_tilde
    t1 = h_hat_tilde * t_hat
    h_tilde += t1
    h_tilde += t1
    h_tilde1 = h_tilde * t
    u = h_tilde1 @ W0.T
    # written.py:77  return (u**2).mean()
    n = u.size
    result = (u ** 2).sum() / n
    # adjoint of written.py:77
    u_check = 2 * result_check / n * u
    # adjoint of written.py:76
    h_tilde_check = u_check * W0
    W0_check = u_check.T @ h_tilde1
    h_tilde_check1 = h_tilde_check * t
    t_check = 2 * h_tilde_check1
    h_hat_tilde_check = t_check * t_hat
    h_check = t_check * t_tilde
    t_tilde_check = -t_check * h
    W0_check += (t_tilde_check * h_hat).sum(axis=0, keepdims=True)
    W0_check += (h_hat_tilde_check * t).sum(axis=0, keepdims=True)
    h_check -= 2 * ((h_tilde_check * h_tilde + h_hat_tilde_check * W0) * h)
    h_hat_check = 2 * (t_tilde_check * W0)
    h_check += h_hat_check * t_hat
    t_hat_check = -(t_check * h_hat_tilde + h_hat_check * h)
    h_bar_check = t_hat_check * W0
    W0_check += (t_hat_check * W2.T).sum(axis=0, keepdims=True)
    W2_check = h_bar_check.sum(axis=0, keepdims=True).T
    # adjoint of written.py:74
    h_check = h_check * t
    b0_check = h_check.sum(axis=0, keepdims=True)
    x_check = h_check @ W0.T
    W0_check += x.T @ h_check
    # adjoint of written.py:73
    b2_check = np.zeros_like(b2)
    return result, x_check, W0_check, b0_check, W2_check, b2_check
