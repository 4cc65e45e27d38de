"""The disk cache of generated modules: text and code, keyed by content.

Only code that this user wrote is ever executed. The directory is refused unless it is a real
directory, owned by us and writable by nobody else; then entries live in memory, after one
`CacheWarning`. An entry is executed only if the open descriptor is a regular file of ours that
nobody else can write, and its digest, which covers the key, fits. Everything is done relative to
the directory's descriptor, so that swapping the directory between check and use gains nothing.

One file is one entry: magic, digest, length of the text, text, marshalled code. It is written
under a temporary name and renamed, so readers see all of it or nothing; two writers write the
same bytes, so there are no locks. The least recently used entries go when all together exceed
`MAX_BYTES`.

No failure here is an error of the program: the worst is that a module is compiled again.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
import platform
import re
import secrets
import stat
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache as memoized
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import CodeType

import numpy as np

from sorix.errors import CacheWarning

MAGIC = b"sorix module 1\n"
MAX_BYTES = 256 * 1024 * 1024
MAX_ENTRY = 64 * 1024 * 1024
_DIGEST = hashlib.sha256().digest_size
_ENTRY = re.compile(r"[0-9a-f]{64}\.sorix")
_LEFT_OVER = re.compile(r"\.[0-9a-f]{64}\.[0-9a-f]{16}\.tmp")
_SWEEP_EVERY = 16
_STALE_SECONDS = 3600.0
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_READ = os.O_RDONLY | _NO_FOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class CacheInfo:
    """What the cache did in this process, and what lies on disk.

    Attributes
    ----------
    hits, misses : int
        Modules found, modules that had to be compiled.
    stores : int
        Modules written.
    corrupt : int
        Entries found but not executed: damaged, foreign-owned, or writable by others.
    entries, bytes : int
        What lies on disk now (in memory, where `directory` is None).
    directory : str or None
    """

    hits: int
    misses: int
    stores: int
    corrupt: int
    entries: int
    bytes: int
    directory: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A generated module: its text and the code compiled from it."""

    text: str
    code: CodeType


class _Refused(Exception):
    """A file or directory that is not to be trusted; the message says why."""


# ------------------------------------------------------------------------------- keys


def cache_key(*parts: str) -> str:
    """The name of the entry made from these parts, and from sorix, Python, NumPy and gast.

    Examples
    --------
    >>> cache_key("a", "bc") == cache_key("ab", "c")
    False
    """
    digest = hashlib.sha256(fingerprint().encode())
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()


@memoized
def fingerprint() -> str:
    """A digest of what compiles: sorix's own sources and the versions below it."""
    digest = hashlib.sha256()
    for line in (sys.version, platform.machine(), np.__version__, _version("gast")):
        digest.update(f"{line}\n".encode())
    root = Path(__file__).resolve().parent.parent
    for path in sorted(root.rglob("*.py")):
        digest.update(f"{path.relative_to(root).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "none"


# ------------------------------------------------------------------------------- directory


class _Directory:
    """A directory that was checked, held open while it is used."""

    def __init__(self, path: Path, fd: int | None) -> None:
        self._path, self._fd = path, fd

    def _at(self, name: str) -> str:
        return name if self._fd is not None else str(self._path / name)

    def open(self, name: str, flags: int) -> int:
        return os.open(self._at(name), flags, 0o600, dir_fd=self._fd)

    def rename(self, old: str, new: str) -> None:
        os.replace(self._at(old), self._at(new), src_dir_fd=self._fd, dst_dir_fd=self._fd)

    def remove(self, name: str) -> None:
        with contextlib.suppress(OSError):
            os.unlink(self._at(name), dir_fd=self._fd)

    def files(self, pattern: re.Pattern[str]) -> Iterator[tuple[str, os.stat_result]]:
        with os.scandir(self._path if self._fd is None else self._fd) as found:
            for item in found:
                if pattern.fullmatch(item.name):
                    with contextlib.suppress(OSError):
                        yield item.name, item.stat(follow_symlinks=False)


@contextlib.contextmanager
def _opened(path: Path, create: bool) -> Iterator[_Directory]:
    """The directory, checked; raises OSError or _Refused where it cannot be used."""
    if create:
        os.makedirs(path, mode=0o700, exist_ok=True)
    if os.open not in os.supports_dir_fd:
        # No owners and modes to look at either; a user's cache directory is his own there.
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            raise _Refused("it is not a directory")
        yield _Directory(path, None)
        return
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | _NO_FOLLOW)
    try:
        _check_owned(os.fstat(fd))
        yield _Directory(path, fd)
    finally:
        os.close(fd)


def _check_owned(found: os.stat_result) -> None:
    if hasattr(os, "geteuid") and found.st_uid != os.geteuid():
        raise _Refused("it belongs to another user")
    if os.name == "posix" and found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise _Refused("others may write to it")


# ------------------------------------------------------------------------------- cache


class Cache:
    """Generated modules on disk, or in memory where `directory` is None or cannot be used.

    Examples
    --------
    >>> cache = Cache(None)
    >>> cache.put("0" * 64, Entry("x = 1", compile("x = 1", "m.py", "exec")))
    >>> cache.get("0" * 64).text
    'x = 1'
    """

    def __init__(
        self, directory: str | os.PathLike[str] | None, max_bytes: int = MAX_BYTES
    ) -> None:
        self._path = None if directory is None else Path(directory)
        self._max_bytes = max_bytes
        self._memory: dict[str, Entry] = {}
        self._hits = self._misses = self._stores = self._corrupt = 0

    @property
    def directory(self) -> Path | None:
        """Where entries lie; None where they are kept in memory only."""
        return self._path

    def get(self, key: str) -> Entry | None:
        """The entry, or None where there is none that may be executed."""
        entry = self._memory.get(key) or self._read(key)
        if entry is None:
            self._misses += 1
        else:
            self._hits += 1
        return entry

    def put(self, key: str, entry: Entry) -> None:
        """Store an entry; where that fails, it is simply not there the next time."""
        self._stores += 1
        if self._path is not None:
            try:
                with _opened(self._path, create=True) as directory:
                    self._write(directory, key, entry)
                    if self._stores % _SWEEP_EVERY == 1:
                        self._sweep(directory)
                return
            except (_Refused, PermissionError, NotADirectoryError) as error:
                self._use_memory(error)
            except OSError as error:
                if _is_symlink(self._path) or not self._path.is_dir():
                    self._use_memory(error)
                else:  # A full disk, say.
                    return
        self._memory[key] = entry

    def clear(self) -> int:
        """Remove all entries; returns how many there were."""
        removed = len(self._memory)
        self._memory.clear()
        if self._path is not None:
            with contextlib.suppress(OSError, _Refused), _opened(self._path, False) as directory:
                for name, _ in [*directory.files(_ENTRY)]:
                    directory.remove(name)
                    removed += 1
                for name, _ in [*directory.files(_LEFT_OVER)]:
                    directory.remove(name)
        return removed

    def info(self) -> CacheInfo:
        """Counters of this process, and what is stored now."""
        sizes = [len(entry.text) for entry in self._memory.values()]
        if self._path is not None:
            with contextlib.suppress(OSError, _Refused), _opened(self._path, False) as directory:
                sizes += [found.st_size for _, found in directory.files(_ENTRY)]
        counters = (self._hits, self._misses, self._stores, self._corrupt)
        where = None if self._path is None else str(self._path)
        return CacheInfo(*counters, len(sizes), sum(sizes), where)

    # -- reading

    def _read(self, key: str) -> Entry | None:
        if self._path is None:
            return None
        name = f"{key}.sorix"
        try:
            with _opened(self._path, create=False) as directory:
                try:
                    return _decode(key, _read_own(directory, name))
                except _Refused:
                    self._corrupt += 1
                    directory.remove(name)
        except FileNotFoundError:
            pass
        except (_Refused, PermissionError, NotADirectoryError) as error:
            self._use_memory(error)
        except OSError as error:
            if _is_symlink(self._path):
                self._use_memory(error)
            else:  # The entry is a symlink, or the disk fails: not to be executed.
                self._corrupt += 1
        return None

    def _use_memory(self, error: Exception) -> None:
        warnings.warn(
            f"the cache directory {self._path} cannot be used ({error}); generated code is kept "
            "in memory only. Set SORIX_CACHE_DIR to a directory of your own",
            CacheWarning,
            stacklevel=2,
        )
        self._path = None

    # -- writing

    def _write(self, directory: _Directory, key: str, entry: Entry) -> None:
        temporary = f".{key}.{secrets.token_hex(8)}.tmp"
        try:
            with open(directory.open(temporary, _CREATE), "wb") as file:
                file.write(_encode(key, entry))
            directory.rename(temporary, f"{key}.sorix")
        except BaseException:
            directory.remove(temporary)
            raise

    def _sweep(self, directory: _Directory) -> None:
        """Remove the least recently used entries above the bound, and writers' left-overs."""
        oldest_kept = time.time() - _STALE_SECONDS
        for name, found in [*directory.files(_LEFT_OVER)]:
            if found.st_mtime < oldest_kept:
                directory.remove(name)
        entries = sorted(directory.files(_ENTRY), key=lambda item: item[1].st_mtime)
        excess = sum(found.st_size for _, found in entries) - self._max_bytes
        for name, found in entries:
            if excess <= 0:
                return
            directory.remove(name)
            excess -= found.st_size


def _is_symlink(path: Path) -> bool:
    try:
        return path.is_symlink()
    except OSError:
        return False


def _read_own(directory: _Directory, name: str) -> bytes:
    """The bytes of a file of ours; they are what was checked, whatever happens to the name."""
    with open(directory.open(name, _READ), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_ENTRY:
            raise _Refused("it is not a regular file of a sensible size")
        _check_owned(found)
        data = file.read(MAX_ENTRY + 1)
        if os.utime in os.supports_fd:
            with contextlib.suppress(OSError):
                os.utime(file.fileno())  # What is used last is removed last.
        return data


def _encode(key: str, entry: Entry) -> bytes:
    text = entry.text.encode()
    body = len(text).to_bytes(8, "little") + text + marshal.dumps(entry.code)
    return MAGIC + hashlib.sha256(key.encode() + body).digest() + body


def _decode(key: str, data: bytes) -> Entry:
    """The entry in these bytes; raises _Refused unless they are exactly what was written."""
    start = len(MAGIC) + _DIGEST
    if not data.startswith(MAGIC):
        raise _Refused("it does not begin as an entry does")
    digest, body = data[len(MAGIC) : start], data[start:]
    if not secrets.compare_digest(digest, hashlib.sha256(key.encode() + body).digest()):
        raise _Refused("its digest does not fit")
    end = 8 + int.from_bytes(body[:8], "little")
    try:
        code = marshal.loads(body[end:])
        text = body[8:end].decode()
    except (ValueError, EOFError, TypeError) as error:
        raise _Refused("it cannot be read") from error
    if not isinstance(code, CodeType):
        raise _Refused("it holds no code")
    return Entry(text, code)


# ------------------------------------------------------------------------------- default


@memoized
def default_cache() -> Cache:
    """The cache of this process: ``SORIX_CACHE_DIR``, else the user's cache directory.

    An empty ``SORIX_CACHE_DIR`` keeps generated code in memory.
    """
    chosen = os.environ.get("SORIX_CACHE_DIR")
    if chosen is not None:
        return Cache(Path(chosen).expanduser() if chosen else None)
    from platformdirs import user_cache_path  # Not imported where the directory is given.

    return Cache(user_cache_path("sorix", appauthor=False))
