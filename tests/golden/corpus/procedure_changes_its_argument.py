# sorix 0.1.0 | checks.py:-122 weighed_change(args) | args0: float64[n], weights: float64[m] | adjoint w.r.t. args0
from sorix.support import expand


def weighed_change__adjoint(args0, weights, result_bar):
    # checks.py:-121  function(*args)
    #   arrays_inplace.py:3  x[1:] += x[:-1] ** 2
    t = args0[:-1]
    args0 = args0.copy()
    args0[1:] += t ** 2
    #   arrays_inplace.py:4  x *= x[0]
    t1 = args0[0]
    args0_1 = args0 * t1
    # checks.py:-120  return weigh(args[position], weights)
    #   checks.py:-137  return np.sum(value * weights)
    result = (args0_1 * weights).sum()
    # adjoint of checks.py:-120
    #   adjoint of checks.py:-137
    args0_bar = expand(result_bar, args0_1) * weights
    # adjoint of checks.py:-121
    #   adjoint of arrays_inplace.py:4
    args0_bar1 = args0_bar * t1
    args0_bar1[0] += args0_bar @ args0
    #   adjoint of arrays_inplace.py:3
    args0_bar1[:-1] += args0_bar1[1:] * (2 * t)
    return result, args0_1, args0_bar1
