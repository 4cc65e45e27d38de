# sorix 0.1.0 | written.py:66 penalty(model, x) | x: float32[n, 1], W0: float32[1, m], b0: float32[1, k], W2: float32[p, 1], b2: float32[1, 1] | primal
import numpy as np


def penalty(x, W0, b0, W2, b2):
    # written.py:67  u = model(x)
    h = np.tanh(x * W0 + b0)
    # written.py:68  du_dx = sorix.grad(u, x, grad_outputs=sorix.ones_like(u), create_graph=True)[0]
    du_dx = W2.T * (1 - h * h) @ W0.T
    return (du_dx ** 2).sum() / du_dx.size


# sorix 0.1.0 | written.py:66 penalty(model, x) | x: float32[n, 1], W0: float32[1, m], b0: float32[1, k], W2: float32[p, 1], b2: float32[1, 1] | adjoint w.r.t. x, W0, b0, W2, b2
import numpy as np


def penalty__adjoint(x, W0, b0, W2, b2, result_bar):
    # written.py:67  u = model(x)
    h = np.tanh(x * W0 + b0)
    # written.py:68  du_dx = sorix.grad(u, x, grad_outputs=sorix.ones_like(u), create_graph=True)[0]
    t = 1 - h * h
    h_bar = W2.T * t
    du_dx = h_bar @ W0.T
    # written.py:69  return (du_dx**2).mean()
    n = du_dx.size
    result = (du_dx ** 2).sum() / n
    # adjoint of written.py:69
    du_dx_bar = result_bar / n * 2 * du_dx
    # adjoint of written.py:68
    h_bar_bar = du_dx_bar * W0
    W0_bar = du_dx_bar.T @ h_bar
    h_bar = -2 * (h_bar_bar * W2.T * h)
    W2_bar = (h_bar_bar * t).sum(axis=0, keepdims=True).T
    # adjoint of written.py:67
    h_bar = h_bar * t
    b0_bar = h_bar.sum(axis=0, keepdims=True)
    x_bar = h_bar @ W0.T
    W0_bar += x.T @ h_bar
    # adjoint of written.py:66
    b2_bar = np.zeros_like(b2)
    return result, x_bar, W0_bar, b0_bar, W2_bar, b2_bar


# sorix 0.1.0 | written.py:66 penalty(model, x) | x: float32[n, 1], W0: float32[1, m], b0: float32[1, k], W2: float32[p, 1], b2: float32[1, 1] | adjoint w.r.t. x, W0, b0, W2, b2 | adjoint w.r.t. x, W0, b0, W2, b2
import numpy as np


def penalty__adjoint__adjoint(x, W0, b0, W2, b2, result_bar, x_bar_bar, W0_bar_bar, b0_bar_bar, W2_bar_bar, b2_bar_bar):
    # written.py:67  u = model(x)
    h = np.tanh(x * W0 + b0)
    # written.py:68  du_dx = sorix.grad(u, x, grad_outputs=sorix.ones_like(u), create_graph=True)[0]
    t = 1 - h * h
    h_bar = W2.T * t
    du_dx = h_bar @ W0.T
    # written.py:69  return (du_dx**2).mean()
    n = du_dx.size
    # adjoint of written.py:69
    t1 = result_bar / n * 2
    du_dx_bar = t1 * du_dx
    # adjoint of written.py:68
    h_bar_bar = du_dx_bar * W0
    W0_bar = du_dx_bar.T @ h_bar
    t_bar = h_bar_bar * W2.T
    h_bar1 = -2 * (t_bar * h)
    W2_bar = (h_bar_bar * t).sum(axis=0, keepdims=True).T
    # adjoint of written.py:67
    h_bar2 = h_bar1 * t
    b0_bar = h_bar2.sum(axis=0, keepdims=True)
    x_bar = h_bar2 @ W0.T
    W0_bar += x.T @ h_bar2
    # adjoint of written.py:66
    b2_bar = np.zeros_like(b2)
    # adjoint of written.py:67
    h_bar_bar1 = x * W0_bar_bar
    x_bar1 = h_bar2 @ W0_bar_bar.T
    h_bar_bar1 += x_bar_bar * W0
    W0_bar1 = x_bar_bar.T @ h_bar2
    h_bar_bar1 += b0_bar_bar
    h_bar_bar2 = h_bar_bar1 * t
    # adjoint of written.py:68
    t_bar1 = h_bar_bar2 * -2
    t_bar_bar = t_bar1 * h
    h_bar2 = t_bar1 * t_bar
    h_bar_bar_bar = t_bar_bar * W2.T
    h_bar_bar_bar += W2_bar_bar.T * t
    h_bar_bar2 = du_dx_bar * W0_bar_bar
    du_dx_bar_bar = h_bar @ W0_bar_bar.T
    du_dx_bar_bar += h_bar_bar_bar @ W0.T
    W0_bar1 += du_dx_bar.T @ h_bar_bar_bar
    # adjoint of written.py:69
    du_dx_bar = du_dx_bar_bar * t1
    # adjoint of written.py:68
    h_bar_bar2 += du_dx_bar * W0
    W0_bar1 += du_dx_bar.T @ h_bar
    t2 = (h_bar_bar2 * t).sum(axis=0, keepdims=True)
    t3 = (h_bar_bar1 * h_bar1 + W2_bar_bar.T * h_bar_bar + h_bar_bar2 * W2.T) * h
    h_bar2 -= 2 * t3
    W2_bar1 = ((t_bar_bar * h_bar_bar).sum(axis=0, keepdims=True) + t2).T
    # adjoint of written.py:67
    h_bar = h_bar2 * t
    b0_bar1 = h_bar.sum(axis=0, keepdims=True)
    x_bar1 += h_bar @ W0.T
    W0_bar1 += x.T @ h_bar
    # adjoint of written.py:66
    b2_bar1 = np.zeros_like(b2)
    return x_bar, W0_bar, b0_bar, W2_bar, b2_bar, x_bar1, W0_bar1, b0_bar1, W2_bar1, b2_bar1
