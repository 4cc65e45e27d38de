"""The disk cache: what is found, what is refused, and that nothing here ever fails a program."""

from __future__ import annotations

import errno
import marshal
import os
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sorix.compiler import cache as caching
from sorix.compiler.cache import MAGIC, Cache, Entry, cache_key
from sorix.errors import CacheWarning

KEY, OTHER = "a" * 64, "b" * 64
posix = pytest.mark.skipif(os.name != "posix", reason="owners and modes are POSIX")


def entry(text: str = "x = 1\n") -> Entry:
    return Entry(text, compile(text, "module.py", "exec"))


def run(found: Entry | None) -> dict[str, object]:
    assert found is not None
    namespace: dict[str, object] = {}
    exec(found.code, namespace)
    return namespace


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


def path_of(cache: Cache, key: str = KEY) -> Path:
    return cache.directory / f"{key}.sorix"


def test_what_was_put_is_found_again_by_another_cache_of_the_directory(cache):
    cache.put(KEY, entry("x = 42\n"))
    again = Cache(cache.directory)
    found = again.get(KEY)
    assert run(found)["x"] == 42 and found.text == "x = 42\n"
    assert (again.info().hits, again.info().misses) == (1, 0)
    assert (cache.info().stores, cache.info().entries) == (1, 1)
    assert cache.info().bytes == path_of(cache).stat().st_size


def test_what_is_not_there_is_a_miss(cache):
    assert cache.get(KEY) is None
    cache.put(KEY, entry())
    assert cache.get(OTHER) is None
    assert (cache.info().misses, cache.info().corrupt) == (2, 0)


@posix
def test_directory_and_entries_are_for_their_owner_only(cache):
    cache.put(KEY, entry())
    assert stat.S_IMODE(cache.directory.stat().st_mode) == 0o700
    assert stat.S_IMODE(path_of(cache).stat().st_mode) == 0o600
    assert os.listdir(cache.directory) == [f"{KEY}.sorix"]


# ------------------------------------------------------------------------ damaged entries


def damaged(data: bytes) -> list[bytes]:
    half = len(data) // 2
    flipped = [
        data[:k] + bytes([data[k] ^ 1]) + data[k + 1 :]
        for k in (0, len(MAGIC), half, -1 % len(data))
    ]
    foreign = (
        MAGIC + data[len(MAGIC) :][:32] + marshal.dumps(compile("raise SystemExit", "m", "exec"))
    )
    return [b"", data[:5], data[:half], data[:-1], data + b"x", *flipped, foreign]


@pytest.mark.parametrize("kind", range(10))
def test_a_damaged_entry_is_not_executed_and_is_written_anew(cache, kind):
    cache.put(KEY, entry())
    path = path_of(cache)
    path.write_bytes(damaged(path.read_bytes())[kind])
    assert cache.get(KEY) is None
    assert cache.info().corrupt == 1
    cache.put(KEY, entry("x = 2\n"))
    assert run(cache.get(KEY))["x"] == 2


def test_an_entry_under_another_key_is_not_executed(cache):
    cache.put(KEY, entry())
    path_of(cache).rename(path_of(cache, OTHER))
    assert cache.get(OTHER) is None
    assert cache.info().corrupt == 1


def test_marshalled_data_that_is_not_code_is_refused(cache, monkeypatch):
    class NoCode:
        text = "x = 1\n"
        code = ("not", "code")

    cache.put(KEY, NoCode())
    assert cache.get(KEY) is None
    assert cache.info().corrupt == 1


@posix
def test_a_link_in_the_place_of_an_entry_is_not_followed(cache, tmp_path):
    cache.put(KEY, entry())
    elsewhere = tmp_path / "elsewhere"
    path_of(cache).rename(elsewhere)
    path_of(cache).symlink_to(elsewhere)
    assert cache.get(KEY) is None
    assert cache.info().corrupt == 1


@posix
def test_a_pipe_in_the_place_of_an_entry_does_not_block(cache):
    cache.put(OTHER, entry())
    os.mkfifo(path_of(cache))
    assert cache.get(KEY) is None


@posix
def test_an_entry_that_others_may_write_is_refused(cache):
    cache.put(KEY, entry())
    path_of(cache).chmod(0o666)
    assert cache.get(KEY) is None
    assert cache.info().corrupt == 1


@posix
def test_an_entry_of_another_user_is_refused(cache, monkeypatch):
    cache.put(KEY, entry())
    check, me = caching._check_owned, os.geteuid()

    def check_as_if_owned(found):
        """Files, but not the directory, belong to somebody else."""
        owner = me + stat.S_ISREG(found.st_mode)
        check(os.stat_result((*found[:4], owner, *found[5:])))

    monkeypatch.setattr(caching, "_check_owned", check_as_if_owned)
    assert cache.get(KEY) is None
    assert cache.info().corrupt == 1


# ------------------------------------------------------------------------ unsafe directories


def open_to_all(path: Path) -> None:
    path.mkdir()
    path.chmod(0o777)


def a_file(path: Path) -> None:
    path.write_text("")


def a_link(path: Path) -> None:
    path.with_name("real").mkdir()
    path.symlink_to(path.with_name("real"))


@posix
@pytest.mark.parametrize("spoil", [open_to_all, a_file, a_link])
def test_an_unsafe_directory_means_memory_only_and_one_warning(tmp_path, spoil, recwarn):
    path = tmp_path / "cache"
    spoil(path)
    cache = Cache(path)
    cache.put(KEY, entry())
    cache.put(OTHER, entry())
    assert run(cache.get(KEY)) and run(cache.get(OTHER))
    assert [w.category for w in recwarn.list] == [CacheWarning]
    assert "SORIX_CACHE_DIR" in str(recwarn.list[0].message)
    assert cache.info().directory is None and cache.info().entries == 2
    assert not list(tmp_path.rglob("*.sorix"))


@posix
def test_a_directory_of_another_user_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "cache"
    path.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    with pytest.warns(CacheWarning, match="another user"):
        assert Cache(path).get(KEY) is None


def test_a_full_disk_only_means_that_nothing_is_stored(cache, monkeypatch):
    cache.put(OTHER, entry())

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(caching._Directory, "rename", full)
    cache.put(KEY, entry())
    monkeypatch.undo()
    assert cache.get(KEY) is None and cache.get(OTHER) is not None
    assert os.listdir(cache.directory) == [f"{OTHER}.sorix"]


def test_memory_only_keeps_what_was_put():
    cache = Cache(None)
    cache.put(KEY, entry())
    assert run(cache.get(KEY))["x"] == 1
    assert cache.info().entries == 1 and cache.clear() == 1
    assert cache.get(KEY) is None


# ------------------------------------------------------------------------ size and clearing


def test_the_least_recently_used_entries_go_first(tmp_path, monkeypatch):
    monkeypatch.setattr(caching, "_SWEEP_EVERY", 1)
    cache = Cache(tmp_path / "cache", max_bytes=10**9)
    keys = [f"{k:064x}" for k in range(4)]
    for age, key in enumerate(reversed(keys[:3])):
        cache.put(key, entry())
        past = time.time() - 100 * (3 - age)
        os.utime(path_of(cache, key), (past, past))
    assert cache.get(keys[2]) is not None  # the oldest, but used just now
    size = path_of(cache, keys[0]).stat().st_size
    smaller = Cache(cache.directory, max_bytes=3 * size)
    monkeypatch.setattr(caching, "_SWEEP_EVERY", 2)
    smaller.put(keys[3], entry())
    assert {name[:64] for name in os.listdir(cache.directory)} == {keys[0], keys[2], keys[3]}


def test_left_overs_of_interrupted_writers_are_removed(cache, monkeypatch):
    cache.put(KEY, entry())
    left = cache.directory / f".{KEY}.{'0' * 16}.tmp"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    Cache(cache.directory).put(OTHER, entry())
    assert not left.exists()


def test_clearing_removes_entries_and_nothing_else(cache):
    cache.put(KEY, entry())
    cache.put(OTHER, entry())
    mine = cache.directory / "notes.txt"
    mine.write_text("keep")
    assert cache.clear() == 2
    assert os.listdir(cache.directory) == ["notes.txt"]


# ------------------------------------------------------------------------ keys, concurrency


def test_the_key_depends_on_every_part_and_on_where_it_ends():
    keys = {cache_key(*parts) for parts in [("ab", "c"), ("a", "bc"), ("abc",), ("ab", "c", "")]}
    assert len(keys) == 4
    assert all(len(key) == 64 for key in keys)


def test_the_key_is_the_same_in_another_process():
    program = "from sorix.compiler.cache import cache_key; print(cache_key('part', 'ü'))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == cache_key("part", "ü")


def test_the_key_changes_with_the_version_of_numpy(monkeypatch):
    before = cache_key("part")
    caching.fingerprint.cache_clear()
    monkeypatch.setattr(caching.np, "__version__", "0.0")
    after = cache_key("part")
    caching.fingerprint.cache_clear()
    assert before != after


def test_many_threads_write_and_read_whole_entries(cache):
    text = "x = " + repr("long" * 50_000) + "\n"

    def work(_: int) -> bool:
        mine = Cache(cache.directory)
        mine.put(KEY, entry(text))
        found = mine.get(KEY)
        return found is not None and found.text == text and mine.info().corrupt == 0

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(40)))
    assert os.listdir(cache.directory) == [f"{KEY}.sorix"]


def test_the_directory_is_the_environments(monkeypatch, tmp_path):
    caching.default_cache.cache_clear()
    monkeypatch.setenv("SORIX_CACHE_DIR", str(tmp_path / "mine"))
    assert caching.default_cache().directory == tmp_path / "mine"
    caching.default_cache.cache_clear()
    monkeypatch.setenv("SORIX_CACHE_DIR", "")
    assert caching.default_cache().directory is None
    caching.default_cache.cache_clear()
