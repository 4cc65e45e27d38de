# sorix 0.1.0 | written.py:66 penalty(model, x) | x: float32[n, 1], W0: float32[1, m], b0: float32[1, k], W2: float32[p, 1], b2: float32[1, 1] | primal
import numpy as np


def penalty(x, W0, b0, W2, b2):
    # written.py:67  u = model(x)
    h = np.tanh(x * W0 + b0)
    # written.py:68  du_dx = sorix.grad(u, x, grad_outputs=sorix.ones_like(u), create_graph=True)[0]
    du_dx = W2.T * (1 - h * h) @ W0.T
    # written.py:69  return (du_dx**2).mean()
    return (du_dx ** 2).sum() / du_dx.size


# sorix 0.1.0 | written.py:66 penalty(model, x) | x: float32[n, 1], W0: float32[1, m], b0: float32[1, k], W2: float32[p, 1], b2: float32[1, 1] | adjoint w.r.t. x, W0, b0, W2, b2
import numpy as np


def penalty__adjoint(x, W0, b0, W2, b2, result_hat):
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
    du_dx_hat = 2 * result_hat / n * du_dx
    # adjoint of written.py:68
    h_bar_hat = du_dx_hat * W0
    W0_hat = du_dx_hat.T @ h_bar
    h_hat = -2 * (h_bar_hat * W2.T * h)
    W2_hat = (h_bar_hat * t).sum(axis=0, keepdims=True).T
    # adjoint of written.py:67
    h_hat = h_hat * t
    b0_hat = h_hat.sum(axis=0, keepdims=True)
    x_hat = h_hat @ W0.T
    W0_hat += x.T @ h_hat
    # adjoint of written.py:66
    b2_hat = np.zeros_like(b2)
    return result, x_hat, W0_hat, b0_hat, W2_hat, b2_hat


# sorix 0.1.0 | written.py:66 penalty(model, x) | x: float32[n, 1], W0: float32[1, m], b0: float32[1, k], W2: float32[p, 1], b2: float32[1, 1] | adjoint w.r.t. x, W0, b0, W2, b2 | adjoint w.r.t. x, W0, b0, W2, b2
import numpy as np


def penalty__adjoint__adjoint(x, W0, b0, W2, b2, result_hat, x_hat_tilde, W0_hat_tilde, b0_hat_tilde, W2_hat_tilde, b2_hat_tilde):
    # written.py:67  u = model(x)
    h = np.tanh(x * W0 + b0)
    # written.py:68  du_dx = sorix.grad(u, x, grad_outputs=sorix.ones_like(u), create_graph=True)[0]
    t = 1 - h * h
    h_bar = W2.T * t
    du_dx = h_bar @ W0.T
    # written.py:69  return (du_dx**2).mean()
    n = du_dx.size
    # adjoint of written.py:69
    t1 = 2 * result_hat / n
    du_dx_hat = t1 * du_dx
    # adjoint of written.py:68
    h_bar_hat = du_dx_hat * W0
    W0_hat = du_dx_hat.T @ h_bar
    t_hat = h_bar_hat * W2.T
    h_hat = -2 * (t_hat * h)
    W2_hat = (h_bar_hat * t).sum(axis=0, keepdims=True).T
    # adjoint of written.py:67
    h_hat1 = h_hat * t
    b0_hat = h_hat1.sum(axis=0, keepdims=True)
    x_hat = h_hat1 @ W0.T
    W0_hat += x.T @ h_hat1
    # adjoint of written.py:66
    b2_hat = np.zeros_like(b2)
    # adjoint of written.py:67
    h_hat_tilde = x * W0_hat_tilde
    x_tilde = h_hat1 @ W0_hat_tilde.T
    h_hat_tilde += x_hat_tilde * W0
    W0_tilde = x_hat_tilde.T @ h_hat1
    h_hat_tilde += b0_hat_tilde
    h_hat_tilde1 = h_hat_tilde * t
    # adjoint of written.py:68
    t_tilde = -2 * h_hat_tilde1
    t_hat_tilde = t_tilde * h
    h_tilde = t_tilde * t_hat
    h_bar_hat_tilde = t_hat_tilde * W2.T
    h_bar_hat_tilde += W2_hat_tilde.T * t
    h_bar_tilde = du_dx_hat * W0_hat_tilde
    du_dx_hat_tilde = h_bar @ W0_hat_tilde.T
    du_dx_hat_tilde += h_bar_hat_tilde @ W0.T
    W0_tilde += du_dx_hat.T @ h_bar_hat_tilde
    # adjoint of written.py:69
    du_dx_tilde = du_dx_hat_tilde * t1
    # adjoint of written.py:68
    h_bar_tilde += du_dx_tilde * W0
    W0_tilde += du_dx_tilde.T @ h_bar
    t2 = (h_bar_tilde * t).sum(axis=0, keepdims=True)
    t3 = h_bar_tilde * W2.T
    t3 = 2 * ((h_hat_tilde * h_hat + W2_hat_tilde.T * h_bar_hat + t3) * h)
    h_tilde -= t3
    W2_tilde = ((t_hat_tilde * h_bar_hat).sum(axis=0, keepdims=True) + t2).T
    # adjoint of written.py:67
    h_tilde = h_tilde * t
    b0_tilde = h_tilde.sum(axis=0, keepdims=True)
    x_tilde += h_tilde @ W0.T
    W0_tilde += x.T @ h_tilde
    # adjoint of written.py:66
    b2_tilde = np.zeros_like(b2)
    return x_hat, W0_hat, b0_hat, W2_hat, b2_hat, x_tilde, W0_tilde, b0_tilde, W2_tilde, b2_tilde
