"""How tensors print, as in PyTorch: ``tensor([1., 2.], requires_grad=True)``."""

from __future__ import annotations

from typing import Any

import numpy as np

from sorix.runtime import dtypes


def show(tensor: Any) -> str:
    """The text of ``repr(tensor)``.

    Examples
    --------
    >>> import sorix
    >>> x = sorix.tensor([1.0, 2.0], requires_grad=True)
    >>> x
    tensor([1., 2.], requires_grad=True)
    >>> sorix.exp(x)
    tensor([2.7183, 7.3891], grad_fn=<ExpBackward>)
    >>> sorix.tensor([[1, 2], [3, 4]])
    tensor([[1, 2],
            [3, 4]])
    """
    data, node = tensor._data, tensor._node
    parts = [np.array2string(data, separator=", ", prefix="tensor(", precision=4)]
    if data.size == 0:
        parts.append(f"size={data.shape}")
    if data.dtype not in (dtypes.get_default_dtype(), dtypes.int64, dtypes.bool_):
        parts.append(f"dtype={data.dtype}")
    if node is not None:
        parts.append("requires_grad=True" if node.op is None else f"grad_fn=<{node.name()}>")
    return f"tensor({', '.join(parts)})"
