"""Programs found by rewriting others, and by reading generated text again."""

import numpy as np

from tests.corpus.registry import program


@program(args=(np.array([0.6, 0.2, 0.9]),))
def name_used_again_in_a_nested_loop(x):
    t = len(x) - 1
    y = np.zeros(3)
    for i in range(t, -1, -1):
        y[i] = x[i] ** 2
    for k in reversed(range(t)):
        for i in reversed(range(k + 1, 3)):
            t = x[i]
            m = t * y[k]
            t = m * x[k]
            y[i] += t
        if x[k] > 0.5:
            t = y[k] * 2
            y[0] = t
    return np.sum(y**2)
