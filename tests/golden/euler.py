# sorix 0.1.0 | written.py:113 euler(x, k, dt, steps) | x: float, k: float, dt: float, steps: int | primal
import numpy as np


def euler(x, k, dt, steps):
    # written.py:114  for _ in range(steps):
    for _ in range(steps):
        # written.py:115  x = x - dt * k * np.sin(x)
        x -= dt * k * np.sin(x)
    return x


# sorix 0.1.0 | written.py:113 euler(x, k, dt, steps) | x: float, k: float, dt: float, steps: int | adjoint w.r.t. x, k, dt
import numpy as np


def euler__adjoint(x, k, dt, steps, x_bar):
    x_stack = []
    sin_stack = []
    # written.py:114  for _ in range(steps):
    for _ in range(steps):
        x_stack.append(x)
        # written.py:115  x = x - dt * k * np.sin(x)
        sin = np.sin(x)
        sin_stack.append(sin)
        x -= dt * k * sin
    # adjoint of written.py:114
    dt_bar = 0.0
    k_bar = 0.0
    for _ in reversed(range(steps)):
        x1 = x_stack.pop()
        sin = sin_stack.pop()
        # adjoint of written.py:115
        t_bar = -x_bar
        t_bar1 = t_bar * sin
        x_bar = x_bar + t_bar * (dt * k) * np.cos(x1)
        dt_bar += t_bar1 * k
        k_bar += t_bar1 * dt
    return x, x_bar, k_bar, dt_bar


# sorix 0.1.0 | written.py:113 euler(x, k, dt, steps) | x: float, k: float, dt: float, steps: int | adjoint w.r.t. x, k, dt | adjoint w.r.t. x, k, dt
import numpy as np


def euler__adjoint__adjoint(x, k, dt, steps, x_bar, x_bar_hat, k_bar_hat, dt_bar_hat):
    x_stack = []
    sin_stack = []
    x_stack1 = []
    sin_stack1 = []
    # written.py:114  for _ in range(steps):
    for _ in range(steps):
        x_stack1.append(x)
        x_stack.append(x)
        # written.py:115  x = x - dt * k * np.sin(x)
        sin = np.sin(x)
        sin_stack1.append(sin)
        sin_stack.append(sin)
        x -= dt * k * sin
    x_stack2 = []
    t_stack = []
    t_bar_stack = []
    cos_stack = []
    # adjoint of written.py:114
    dt_bar = 0.0
    k_bar = 0.0
    for _ in reversed(range(steps)):
        x = x_stack.pop()
        x_stack2.append(x)
        sin = sin_stack.pop()
        t_stack.append(sin)
        # adjoint of written.py:115
        t_bar = -x_bar
        t_bar_stack.append(t_bar)
        t_bar1 = t_bar * sin
        cos = np.cos(x)
        cos_stack.append(cos)
        x_bar = x_bar + t_bar * (dt * k) * cos
        dt_bar += t_bar1 * k
        k_bar += t_bar1 * dt
    sin_stack_hat = []
    x_stack_hat = []
    # adjoint of written.py:114
    dt_hat = 0.0
    k_hat = 0.0
    for _ in range(steps):
        x = x_stack2.pop()
        t = t_stack.pop()
        t_bar = t_bar_stack.pop()
        cos = cos_stack.pop()
        # adjoint of written.py:115
        t_bar1 = t_bar * t
        dt_hat += k_bar_hat * t_bar1
        t_bar_hat = k_bar_hat * dt + dt_bar_hat * k
        k_hat += dt_bar_hat * t_bar1
        t_bar_hat1 = x_bar_hat * cos
        t1 = dt * k
        x_hat = -x_bar_hat * (t_bar * t1) * np.sin(x)
        t_hat = t_bar_hat1 * t_bar
        dt_hat += t_hat * k
        k_hat += t_hat * dt
        x_bar_hat = x_bar_hat - (t_bar_hat1 * t1 + t_bar_hat * t)
        sin_stack_hat.append(t_bar_hat * t_bar)
        x_stack_hat.append(x_hat)
    # adjoint of written.py:114
    x_hat = 0.0
    for _ in reversed(range(steps)):
        x = x_stack1.pop()
        sin = sin_stack1.pop()
        # adjoint of written.py:115
        t_hat = -x_hat
        t_hat1 = t_hat * sin
        t_hat2 = sin_stack_hat.pop()
        x_hat += (t_hat * (dt * k) + t_hat2) * np.cos(x)
        dt_hat += t_hat1 * k
        k_hat += t_hat1 * dt
        x_hat1 = x_stack_hat.pop()
        # adjoint of written.py:114
        x_hat += x_hat1
    return x_bar, k_bar, dt_bar, x_hat, k_hat, dt_hat
