"""The file of a workshop: an append-only log, each form answered once, nothing half written, all gone when deleted."""

import sqlite3
import subprocess
import sys

import pytest

from simulator.workshop import store as stores
from simulator.workshop.events import Event
from simulator.workshop.store import ALPHABET, Folder, Reply, Store, StoreError, tidy_code


@pytest.fixture
def path(tmp_path):
    return tmp_path / "QWERT.sqlite"


def named(*names):
    return [Event("renamed", float(i), {"seat": "s1", "name": name}) for i, name in enumerate(names)]


def test_the_log_comes_back_as_it_was_written(path):
    store = Store(path)
    with store.transaction():
        assert store.append(named("Otter", "Ünïcode ☕")) == 2
    with store.transaction():
        assert store.append(named("Fox")) == 3
    store.close()
    again = Store(path)
    assert [event.data["name"] for event in again.events()] == ["Otter", "Ünïcode ☕", "Fox"]
    assert [event.data["name"] for event in again.events(after=2)] == ["Fox"]
    assert again.last == 3


def test_a_failed_change_leaves_nothing(path):
    store = Store(path)
    with pytest.raises(RuntimeError), store.transaction():  # noqa: PT012 the change is what fails
        store.append(named("Otter"))
        store.remember("key", Reply("form", "/"))
        store.give_token("token", "s1")
        raise RuntimeError
    assert (store.last, store.reply("key"), store.seat_of("token")) == (0, None, None)


def test_a_form_is_answered_once(path):
    store = Store(path)
    with store.transaction():
        store.remember("key", Reply("form", "/w/QWERT"))
    assert store.reply("key") == Reply("form", "/w/QWERT")
    with pytest.raises(StoreError), store.transaction():
        store.remember("key", Reply("another", "/"))
    assert store.reply("key") == Reply("form", "/w/QWERT")


def test_a_token_is_kept_as_a_hash_and_opens_its_own_kind_only(path):
    store = Store(path)
    with store.transaction():
        store.give_token("a secret token", "s1")
        store.give_token("apple bird cloud", "s1", kind="words")
    assert store.seat_of("a secret token") == "s1"
    assert store.seat_of("apple bird cloud") is None
    assert store.seat_of("apple bird cloud", kind="words") == "s1"
    store.close()
    assert b"a secret token" not in path.read_bytes()


LATER = "CREATE TABLE later (x); INSERT INTO later VALUES (7);"
KILLED = """
import os, signal, sys
from pathlib import Path
from simulator.workshop.events import Event
from simulator.workshop.store import Store
store = Store(Path(sys.argv[1]))
for i in range(20):
    with store.transaction():
        store.append([Event("renamed", 0.0, {"name": str(i)})])
store._db.execute("BEGIN IMMEDIATE")
store.append([Event("renamed", 0.0, {"name": "never acknowledged"})])
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a matter of POSIX systems")
def test_a_program_killed_in_mid_change_loses_nothing_committed(path):
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert done.returncode == -9
    assert [event.data["name"] for event in Store(path).events()] == [str(i) for i in range(20)]


def test_a_change_waits_for_another_program_and_says_so_when_it_does_not_end(path, monkeypatch):
    store = Store(path)
    store._db.execute("PRAGMA busy_timeout=10")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="cannot write the workshop file: database is locked"), store.transaction():
        pass
    other.execute("ROLLBACK")
    with store.transaction():
        assert store.append(named("Otter")) == 1


def test_an_older_file_is_brought_to_the_present_version(path, monkeypatch):
    store = Store(path)
    with store.transaction():
        store.append(named("Otter"))
    store.close()
    monkeypatch.setattr(
        stores, "MIGRATIONS", (*stores.MIGRATIONS, "CREATE TABLE later (x); INSERT INTO later VALUES (7);")
    )
    newer = Store(path)
    assert newer.last == 1
    assert newer._db.execute("SELECT x FROM later").fetchone() == (7,)
    newer.close()
    Store(path).close()  # once only: a second CREATE TABLE would fail


def test_a_migration_that_fails_changes_nothing(path, monkeypatch):
    Store(path).close()
    monkeypatch.setattr(stores, "MIGRATIONS", (*stores.MIGRATIONS, "CREATE TABLE later (x); CREATE TABLE later (x);"))
    with pytest.raises(StoreError):
        Store(path)
    monkeypatch.undo()
    store = Store(path)
    assert store._db.execute("SELECT name FROM sqlite_master WHERE name = 'later'").fetchone() is None


def test_a_file_of_a_newer_program_is_left_alone(path, monkeypatch):
    Store(path).close()
    monkeypatch.setattr(stores, "MIGRATIONS", ())
    with pytest.raises(StoreError, match="made by a newer negsim"):
        Store(path)


def test_what_is_no_workshop_is_said_plainly(path):
    path.write_bytes(b"not a database, and long enough to be looked at" * 50)
    with pytest.raises(StoreError, match=r"cannot use the workshop file .*file is not a database"):
        Store(path)


def test_a_backup_is_whole_while_the_file_is_in_use(path, tmp_path):
    store = Store(path)
    with store.transaction():
        store.append(named("Otter", "Fox"))
    store.backup(tmp_path / "kept" / "copy.sqlite")
    with store.transaction():
        store.append(named("Later"))
    copy = Store(tmp_path / "kept" / "copy.sqlite")
    assert [event.data["name"] for event in copy.events()] == ["Otter", "Fox"]
    assert [one.name for one in (tmp_path / "kept").glob("*.part")] == []


def test_a_backup_that_cannot_be_written_is_said_plainly(path, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot write the backup"):
        Store(path).backup(tmp_path / "file" / "copy.sqlite")


def test_codes_are_short_and_never_read_wrongly(tmp_path):
    folder = Folder(tmp_path)
    codes = []
    for _ in range(20):
        code, store = folder.new()
        store.close()
        codes.append(code)
    assert len(set(codes)) == 20
    assert all(len(code) == 5 and set(code) <= set(ALPHABET) for code in codes)
    assert not set("0O1IL") & set(ALPHABET)
    assert sorted(folder.codes()) == sorted(codes)


def test_a_code_is_found_however_it_is_typed(tmp_path):
    assert tidy_code(" ab-2 c\t3") == "AB2C3"
    with pytest.raises(StoreError, match="no code of a workshop"):
        Folder(tmp_path).file("../x")


def test_deleting_leaves_nothing_of_one_workshop_and_all_of_another(tmp_path):
    folder = Folder(tmp_path)
    (first, store), (second, other) = folder.new(), folder.new()
    for one in (store, other):
        with one.transaction():
            one.append(named("Personal data"))
    store.backup(tmp_path / "backups" / f"{first}-1.sqlite")
    store.close()
    folder.delete(first)
    assert [one for one in tmp_path.rglob("*") if first in one.name] == []
    assert folder.codes() == [second]
    with pytest.raises(StoreError, match="there is no workshop"):
        folder.open(first)


def test_the_key_of_a_folder_stays_and_is_the_owners_alone(tmp_path):
    folder = Folder(tmp_path)
    assert Folder(tmp_path).key == folder.key
    assert len(folder.key) == 32
    if sys.platform != "win32":
        assert (tmp_path / "trainer.key").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_used_is_said_plainly(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot use the data folder"):
        Folder(tmp_path / "file")
