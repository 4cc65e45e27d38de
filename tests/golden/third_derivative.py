# sorix 0.1.0 | written.py:73 third_derivative(model, x) | x: float32[n, 1], W0: float32[1, m], b0: float32[1, k], W2: float32[p, 1], b2: float32[1, 1] | primal
import numpy as np


def third_derivative(x, W0, b0, W2, b2):
    # written.py:74  u = model(x)
    h = np.tanh(x * W0 + b0)
    u = h @ W2 + b2
    # written.py:76  u = derivative(u, x)
    t_bar = -(W0 * (np.ones_like(u) * W2.T))
    h_bar = t_bar * h
    h_bar += h_bar
    t = 1 - h * h
    h_bar = -(W0 * h_bar) * h
    h_bar += h_bar
    t1 = W0 * t * t_bar
    h_bar += t1
    h_bar += t1
    u = h_bar * t @ W0.T
    return (u ** 2).sum() / u.size


# sorix 0.1.0 | written.py:73 third_derivative(model, x) | x: float32[n, 1], W0: float32[1, m], b0: float32[1, k], W2: float32[p, 1], b2: float32[1, 1] | adjoint w.r.t. x, W0, b0, W2, b2
import numpy as np


def third_derivative__adjoint(x, W0, b0, W2, b2, result_bar):
    # written.py:74  u = model(x)
    h = np.tanh(x * W0 + b0)
    u = h @ W2 + b2
    # written.py:76  u = derivative(u, x)
    t_bar = -(W0 * (np.ones_like(u) * W2.T))
    h_bar = t_bar * h
    h_bar += h_bar
    t = 1 - h * h
    h_bar_bar = W0 * t
    t_bar1 = -(W0 * h_bar)
    h_bar1 = t_bar1 * h
    h_bar1 += h_bar1
    t1 = h_bar_bar * t_bar
    h_bar1 += t1
    h_bar1 += t1
    h_bar2 = h_bar1 * t
    u = h_bar2 @ W0.T
    # written.py:77  return (u**2).mean()
    n = u.size
    result = (u ** 2).sum() / n
    # adjoint of written.py:77
    u_bar = result_bar / n * 2 * u
    # adjoint of written.py:76
    h_bar_bar1 = u_bar * W0
    W0_bar = u_bar.T @ h_bar2
    h_bar_bar2 = h_bar_bar1 * t
    t_bar2 = 2 * h_bar_bar2
    h_bar_bar_bar = t_bar2 * t_bar
    h_bar2 = t_bar2 * t_bar1
    t_bar_bar = -(t_bar2 * h)
    W0_bar += (t_bar_bar * h_bar).sum(axis=0, keepdims=True)
    W0_bar += (h_bar_bar_bar * t).sum(axis=0, keepdims=True)
    h_bar2 -= 2 * ((h_bar_bar1 * h_bar1 + h_bar_bar_bar * W0) * h)
    h_bar_bar1 = 2 * (t_bar_bar * W0)
    h_bar2 += h_bar_bar1 * t_bar
    t_bar_bar = -(t_bar2 * h_bar_bar + h_bar_bar1 * h)
    h_bar_bar = t_bar_bar * W0
    W0_bar += (t_bar_bar * W2.T).sum(axis=0, keepdims=True)
    W2_bar = h_bar_bar.sum(axis=0, keepdims=True).T
    # adjoint of written.py:74
    h_bar = h_bar2 * t
    b0_bar = h_bar.sum(axis=0, keepdims=True)
    x_bar = h_bar @ W0.T
    W0_bar += x.T @ h_bar
    # adjoint of written.py:73
    b2_bar = np.zeros_like(b2)
    return result, x_bar, W0_bar, b0_bar, W2_bar, b2_bar
