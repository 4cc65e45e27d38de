"""Derivatives of IR functions, as IR functions.

``adjoint``   reverse mode: `differentiate`, and `adjoint_in_place` for statements that stand
              inside a larger function; ``split`` cuts an adjoint in two
``tangent``   forward mode

The reverse sweep lives in ``sweep`` (its state and walk), ``calls``, ``branches``, ``loops`` and
``stacks`` (one kind of statement each), ``scopes`` and ``accumulate`` (cotangents), ``record``
(primal values needed from inside loops) and ``prepare``. Both modes run derivative rules on
``symbols`` by way of ``trace``.
"""
