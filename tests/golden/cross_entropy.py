# sorix 0.1.0 | written.py:95 cross_entropy(logits, labels) | logits: float64[n, m], labels: int64[k] | primal
import numpy as np


def cross_entropy(logits, labels):
    # written.py:96  shifted = logits - np.max(logits, axis=1, keepdims=True)
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    # written.py:97  log_sum = np.log(np.sum(np.exp(shifted), axis=1))
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    # written.py:98  chosen = shifted[np.arange(len(labels)), labels]
    chosen = shifted[np.arange(labels.shape[0]), labels]
    # written.py:99  return np.mean(log_sum - chosen)
    return (log_sum - chosen).sum() / log_sum.size


# sorix 0.1.0 | written.py:95 cross_entropy(logits, labels) | logits: float64[n, m], labels: int64[k] | adjoint w.r.t. logits
import numpy as np


def cross_entropy__adjoint(logits, labels, result_bar):
    # written.py:96  shifted = logits - np.max(logits, axis=1, keepdims=True)
    t = np.max(logits, axis=1, keepdims=True)
    shifted = logits - t
    # written.py:97  log_sum = np.log(np.sum(np.exp(shifted), axis=1))
    exp = np.exp(shifted)
    t1 = exp.sum(axis=1)
    log_sum = np.log(t1)
    # written.py:98  chosen = shifted[np.arange(len(labels)), labels]
    t2 = np.arange(labels.shape[0])
    chosen = shifted[t2, labels]
    # written.py:99  return np.mean(log_sum - chosen)
    n = log_sum.size
    result = (log_sum - chosen).sum() / n
    # adjoint of written.py:99
    t_bar = result_bar / n
    # adjoint of written.py:97
    t1 = (t_bar / t1)[:, None] * exp
    np.add.at(t1, (t2, labels), -t_bar)
    # adjoint of written.py:96
    test = logits == t
    t = test.sum(axis=1, keepdims=True, dtype=np.float64)
    t = np.where(test, t1.sum(axis=1, keepdims=True) / t, 0.0)
    logits_bar = t1 - t
    return result, logits_bar
