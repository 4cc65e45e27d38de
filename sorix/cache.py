"""The cache of generated modules: what it holds, and emptying it."""

from __future__ import annotations

from sorix.compiler.cache import CacheInfo, default_cache

__all__ = ["CacheInfo", "clear", "info"]


def info() -> CacheInfo:
    """Counters of this process, and what is stored.

    Examples
    --------
    >>> import sorix
    >>> sorix.cache.info().hits >= 0
    True
    """
    return default_cache().info()


def clear() -> int:
    """Remove all entries; returns how many there were."""
    return default_cache().clear()
