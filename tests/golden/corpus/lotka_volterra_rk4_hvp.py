# sorix 0.1.0 | simulations.py:2 lotka_volterra_rk4(z, a, b) | z: float64[2], a: float, b: float | adjoint w.r.t. z, a, b | tangent w.r.t. z, a, b
import numpy as np
from sorix.support import packed


def lotka_volterra_rk4__adjoint__tangent(z, a, b, result_bar, z_dot, a_dot, b_dot):
    z_stack = []
    z_stack_dot = []
    z_stack1 = []
    z_stack_dot1 = []
    z_stack2 = []
    z_stack_dot2 = []
    z_stack3 = []
    z_stack_dot3 = []
    # simulations.py:8  for _ in range(4):
    z_dot = z_dot.copy()
    z = z.copy()
    for _ in range(4):
        z_stack.append(z.copy())
        z_stack_dot.append(z_dot.copy())
        # simulations.py:9  k1 = rhs(z)
        #   simulations.py:4  x, y = z
        x = z[0]
        x_dot = z_dot[0]
        y = z[1]
        y_dot = z_dot[1]
        #   simulations.py:5  return np.array([a * x - b * x * y, -y + b * x * y])
        t = b * x
        t1 = t * y
        t_dot = (b_dot * x + x_dot * b) * y + y_dot * t
        k1 = np.array([a * x - t1, t1 - y])
        k1_dot = packed((a_dot * x + x_dot * a - t_dot, t_dot - y_dot))
        # simulations.py:10  k2 = rhs(z + h / 2 * k1)
        z1 = z + 0.05 * k1
        z_dot1 = z_dot + k1_dot * 0.05
        z_stack1.append(z1.copy())
        z_stack_dot1.append(z_dot1.copy())
        #   simulations.py:4  x, y = z
        x = z1[0]
        x_dot = z_dot1[0]
        y = z1[1]
        y_dot = z_dot1[1]
        #   simulations.py:5  return np.array([a * x - b * x * y, -y + b * x * y])
        t = b * x
        t1 = t * y
        t_dot = (b_dot * x + x_dot * b) * y + y_dot * t
        k2 = np.array([a * x - t1, t1 - y])
        k2_dot = packed((a_dot * x + x_dot * a - t_dot, t_dot - y_dot))
        # simulations.py:11  k3 = rhs(z + h / 2 * k2)
        z1 = z + 0.05 * k2
        z_dot1 = z_dot + k2_dot * 0.05
        z_stack2.append(z1.copy())
        z_stack_dot2.append(z_dot1.copy())
        #   simulations.py:4  x, y = z
        x = z1[0]
        x_dot = z_dot1[0]
        y = z1[1]
        y_dot = z_dot1[1]
        #   simulations.py:5  return np.array([a * x - b * x * y, -y + b * x * y])
        t = b * x
        t1 = t * y
        t_dot = (b_dot * x + x_dot * b) * y + y_dot * t
        k3 = np.array([a * x - t1, t1 - y])
        k3_dot = packed((a_dot * x + x_dot * a - t_dot, t_dot - y_dot))
        # simulations.py:12  k4 = rhs(z + h * k3)
        z1 = z + 0.1 * k3
        z_dot1 = z_dot + k3_dot * 0.1
        z_stack3.append(z1.copy())
        z_stack_dot3.append(z_dot1.copy())
        #   simulations.py:4  x, y = z
        x = z1[0]
        x_dot = z_dot1[0]
        y = z1[1]
        y_dot = z_dot1[1]
        #   simulations.py:5  return np.array([a * x - b * x * y, -y + b * x * y])
        t = b * x
        t1 = t * y
        t_dot = (b_dot * x + x_dot * b) * y + y_dot * t
        k4 = np.array([a * x - t1, t1 - y])
        k4_dot = packed((a_dot * x + x_dot * a - t_dot, t_dot - y_dot))
        # simulations.py:13  z = z + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        t_dot1 = k1_dot + k2_dot * 2 + k3_dot * 2 + k4_dot
        z += 0.016666666666666666 * (k1 + 2 * k2 + 2 * k3 + k4)
        z_dot += t_dot1 * 0.016666666666666666
    # adjoint of simulations.py:14
    z_bar = np.zeros_like(z)
    z_bar[1] = result_bar * z[0]
    z_bar_dot = np.zeros_like(z)
    z_bar_dot[1] = z_dot[0] * result_bar
    z_bar[0] += result_bar * z[1]
    z_bar_dot[0] += z_dot[1] * result_bar
    # adjoint of simulations.py:8
    b_bar_dot = 0.0
    a_bar_dot = 0.0
    b_bar = 0.0
    a_bar = 0.0
    for _ in reversed(range(4)):
        z = z_stack.pop()
        z_dot = z_stack_dot.pop()
        z1 = z_stack1.pop()
        z_dot1 = z_stack_dot1.pop()
        z2 = z_stack2.pop()
        z_dot2 = z_stack_dot2.pop()
        z3 = z_stack3.pop()
        z_dot3 = z_stack_dot3.pop()
        # adjoint of simulations.py:13
        t_bar = 0.016666666666666666 * z_bar
        t_bar_dot = 0.016666666666666666 * z_bar_dot
        k3_bar = 2 * t_bar
        k3_bar_dot = 2 * t_bar_dot
        # adjoint of simulations.py:12
        #   adjoint of simulations.py:5
        t = t_bar[0]
        t_dot = t_bar_dot[0]
        t1 = t_bar[1]
        t_dot2 = t_bar_dot[1]
        t_bar1 = t1 - t
        t_bar_dot1 = t_dot2 - t_dot
        y = z3[1]
        y_dot = z_dot3[1]
        t_bar2 = t_bar1 * y
        t_bar_dot2 = t_bar_dot1 * y + y_dot * t_bar1
        x = z3[0]
        x_dot = z_dot3[0]
        t2 = b * x
        y_bar = t_bar1 * t2 - t1
        y_bar_dot = t_bar_dot1 * t2 + (b_dot * x + x_dot * b) * t_bar1 - t_dot2
        b_bar += t_bar2 * x
        b_bar_dot += t_bar_dot2 * x + x_dot * t_bar2
        a_bar += t * x
        a_bar_dot += t_dot * x + x_dot * t
        x_bar = t_bar2 * b + t * a
        x_bar_dot = t_bar_dot2 * b + b_dot * t_bar2 + (t_dot * a + a_dot * t)
        #   adjoint of simulations.py:4
        z_bar1 = np.zeros_like(z3)
        z_bar1[1] = y_bar
        z_bar_dot1 = np.zeros_like(z3)
        z_bar_dot1[1] = y_bar_dot
        z_bar1[0] += x_bar
        z_bar_dot1[0] += x_bar_dot
        # adjoint of simulations.py:12
        z_bar += z_bar1
        z_bar_dot += z_bar_dot1
        k3_bar1 = k3_bar + 0.1 * z_bar1
        k3_bar_dot1 = k3_bar_dot + 0.1 * z_bar_dot1
        # adjoint of simulations.py:11
        #   adjoint of simulations.py:5
        t = k3_bar1[0]
        t_dot = k3_bar_dot1[0]
        t1 = k3_bar1[1]
        t_dot2 = k3_bar_dot1[1]
        t_bar1 = t1 - t
        t_bar_dot1 = t_dot2 - t_dot
        y = z2[1]
        y_dot = z_dot2[1]
        t_bar2 = t_bar1 * y
        t_bar_dot2 = t_bar_dot1 * y + y_dot * t_bar1
        x = z2[0]
        x_dot = z_dot2[0]
        t2 = b * x
        y_bar = t_bar1 * t2 - t1
        y_bar_dot = t_bar_dot1 * t2 + (b_dot * x + x_dot * b) * t_bar1 - t_dot2
        b_bar += t_bar2 * x
        b_bar_dot += t_bar_dot2 * x + x_dot * t_bar2
        a_bar += t * x
        a_bar_dot += t_dot * x + x_dot * t
        x_bar = t_bar2 * b + t * a
        x_bar_dot = t_bar_dot2 * b + b_dot * t_bar2 + (t_dot * a + a_dot * t)
        #   adjoint of simulations.py:4
        z_bar1 = np.zeros_like(z2)
        z_bar1[1] = y_bar
        z_bar_dot1 = np.zeros_like(z2)
        z_bar_dot1[1] = y_bar_dot
        z_bar1[0] += x_bar
        z_bar_dot1[0] += x_bar_dot
        # adjoint of simulations.py:11
        z_bar += z_bar1
        z_bar_dot += z_bar_dot1
        k2_bar = k3_bar + 0.05 * z_bar1
        k2_bar_dot = k3_bar_dot + 0.05 * z_bar_dot1
        # adjoint of simulations.py:10
        #   adjoint of simulations.py:5
        t = k2_bar[0]
        t_dot = k2_bar_dot[0]
        t1 = k2_bar[1]
        t_dot2 = k2_bar_dot[1]
        t_bar1 = t1 - t
        t_bar_dot1 = t_dot2 - t_dot
        y = z1[1]
        y_dot = z_dot1[1]
        t_bar2 = t_bar1 * y
        t_bar_dot2 = t_bar_dot1 * y + y_dot * t_bar1
        x = z1[0]
        x_dot = z_dot1[0]
        t2 = b * x
        y_bar = t_bar1 * t2 - t1
        y_bar_dot = t_bar_dot1 * t2 + (b_dot * x + x_dot * b) * t_bar1 - t_dot2
        b_bar += t_bar2 * x
        b_bar_dot += t_bar_dot2 * x + x_dot * t_bar2
        a_bar += t * x
        a_bar_dot += t_dot * x + x_dot * t
        x_bar = t_bar2 * b + t * a
        x_bar_dot = t_bar_dot2 * b + b_dot * t_bar2 + (t_dot * a + a_dot * t)
        #   adjoint of simulations.py:4
        z_bar1 = np.zeros_like(z1)
        z_bar1[1] = y_bar
        z_bar_dot1 = np.zeros_like(z1)
        z_bar_dot1[1] = y_bar_dot
        z_bar1[0] += x_bar
        z_bar_dot1[0] += x_bar_dot
        # adjoint of simulations.py:10
        z_bar += z_bar1
        z_bar_dot += z_bar_dot1
        k1_bar = t_bar + 0.05 * z_bar1
        k1_bar_dot = t_bar_dot + 0.05 * z_bar_dot1
        # adjoint of simulations.py:9
        #   adjoint of simulations.py:5
        t = k1_bar[0]
        t_dot = k1_bar_dot[0]
        t1 = k1_bar[1]
        t_dot2 = k1_bar_dot[1]
        t_bar1 = t1 - t
        t_bar_dot1 = t_dot2 - t_dot
        y = z[1]
        y_dot = z_dot[1]
        t_bar2 = t_bar1 * y
        t_bar_dot2 = t_bar_dot1 * y + y_dot * t_bar1
        x = z[0]
        x_dot = z_dot[0]
        t2 = b * x
        y_bar = t_bar1 * t2 - t1
        y_bar_dot = t_bar_dot1 * t2 + (b_dot * x + x_dot * b) * t_bar1 - t_dot2
        b_bar += t_bar2 * x
        b_bar_dot += t_bar_dot2 * x + x_dot * t_bar2
        a_bar += t * x
        a_bar_dot += t_dot * x + x_dot * t
        x_bar = t_bar2 * b + t * a
        x_bar_dot = t_bar_dot2 * b + b_dot * t_bar2 + (t_dot * a + a_dot * t)
        #   adjoint of simulations.py:4
        z_bar[1] += y_bar
        z_bar_dot[1] += y_bar_dot
        z_bar[0] += x_bar
        z_bar_dot[0] += x_bar_dot
    return z_bar, a_bar, b_bar, z_bar_dot, a_bar_dot, b_bar_dot
