"""A running workshop: what is acknowledged is kept, what fails changes nothing, two programs on one file agree."""

import sqlite3
import time

import numpy as np
import pytest

import simulator as ns
from simulator.workshop.live import Conflict, Live, opened, started
from simulator.workshop.moves import TRAINER, Refused
from simulator.workshop.plan import Plan
from simulator.workshop.room import Room
from simulator.workshop.store import Folder, StoreError


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.fixture
def live(folder):
    scenario = ns.load_scenario("saas-renewal")
    one = started(folder, scenario, Plan.of(scenario, periods=2), title="Ours", now=1000.0)
    yield one
    one.store.close()


def joined(live, *names):
    return [live.join(name, role="player", token=f"token {name}", words=f"words {name}", device=None) for name in names]


def views(room):
    return [room.view(seat) for seat in room.seats]


def advanced(live, to):
    return live.act(TRAINER, {"kind": "advance", "to": to}, key=to, location="/console")


def test_an_acknowledged_move_is_read_by_another_connection_at_once(live):
    joined(live, "Ann", "Bob")
    advanced(live, "start")
    with sqlite3.connect(live.store.path) as beside:
        kinds = [kind for (kind,) in beside.execute("SELECT kind FROM event ORDER BY seq")]
    beside.close()
    assert kinds[:2] == ["joined", "joined"]
    assert "moved" in kinds
    assert len(kinds) == live.room.version


def test_the_log_alone_gives_the_room_again(folder, live):
    joined(live, "Ann", "Bob", "Cat")
    advanced(live, "start")
    advanced(live, "play")
    again = opened(folder, live.code)
    assert again.title == "Ours"
    assert views(again.room) == views(live.room)
    assert again.store.seat_of("token Bob") == "s2"
    again.store.close()


def test_a_change_that_cannot_be_written_leaves_room_and_file_as_they_were(live, monkeypatch):
    joined(live, "Ann", "Bob")
    before, version = views(live.room), live.room.version

    def full(*arguments):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(live.store, "remember", full)
    with pytest.raises(StoreError, match="database or disk is full"):
        advanced(live, "start")
    assert (views(live.room), live.room.version, live.store.last) == (before, version, version)
    monkeypatch.undo()
    assert advanced(live, "start") == "/console"
    assert live.room.phase == "prepare"


def test_a_refused_move_changes_nothing_and_can_be_sent_again(live):
    joined(live, "Ann")
    version = live.room.version
    with pytest.raises(Refused):
        live.act("s1", {"kind": "offer", "options": ["1", "1"]}, key="k", location="/")
    assert (live.room.version, live.store.last) == (version, version)
    live.act("s1", {"kind": "rename", "name": "Anna"}, key="k", location="/")


def test_keys_belong_to_who_sent_them(live):
    joined(live, "Ann", "Bob")
    live.act("s1", {"kind": "rename", "name": "A"}, key="same", location="/a")
    assert live.act("s2", {"kind": "rename", "name": "B"}, key="same", location="/b") == "/b"
    assert live.act("s1", {"kind": "rename", "name": "A"}, key="same", location="/elsewhere") == "/a"
    with pytest.raises(Conflict):
        live.act("s1", {"kind": "rename", "name": "C"}, key="same", location="/a")


def test_two_programs_on_one_file_see_each_others_moves(folder, live):
    other = opened(folder, live.code)
    joined(live, "Ann")
    joined(other, "Bob")
    assert [seat.name for seat in other.room.seats.values()] == ["Ann", "Bob"]
    advanced(live, "start")
    with pytest.raises(Refused):
        other.act(TRAINER, {"kind": "plan", "mode": "type"}, key="late", location="/")
    assert views(other.room) == views(live.room)
    other.store.close()


def test_agents_answer_within_the_same_change(live):
    joined(live, "Ann")
    advanced(live, "start")
    advanced(live, "play")
    pair = next(iter(live.room.pairs.values()))
    side = next(side for side, chair in pair.chairs.items() if chair.seat == "s1")
    view = live.room.view("s1")
    assert view.step == "offer"  # an agent that opens has opened
    live.act("s1", {"kind": "offer", "options": [0 if side == "client" else 18, 0]}, key="o", location="/")
    assert live.room.view("s1").step in ("offer", "deliver")


def test_what_is_drawn_stands_in_the_log(folder):
    scenario = ns.load_scenario("saas-renewal")
    one = started(folder, scenario, Plan.of(scenario), now=1000.0)
    drawn = Live(one.code, one.store, rng=np.random.default_rng(3), clock=lambda: 5.0)
    joined(drawn, "", "", "")
    names = [seat.name for seat in drawn.room.seats.values()]
    replayed = Room.replay(drawn.scenario, drawn.plan, drawn.store.events())
    assert [seat.name for seat in replayed.seats.values()] == names
    assert {event.at for event in drawn.store.events()} == {5.0}
    one.store.close()


def test_the_clock_ends_open_talks_at_a_hard_limit_and_not_before(folder):
    scenario = ns.load_scenario("saas-renewal")
    now = [1000.0]
    one = started(folder, scenario, Plan.of(scenario), now=1000.0)
    live = Live(one.code, one.store, clock=lambda: now[0])
    joined(live, "Ann", "Bob")
    advanced(live, "start")
    advanced(live, "play")
    live.act(TRAINER, {"kind": "deadline", "minutes": 1, "hard": True}, key="d", location="/")
    assert not live.tick()
    now[0] += 61
    assert live.tick()
    assert {live.room.view(seat).step for seat in ("s1", "s2")} <= {"done", "ended"}
    assert not live.tick()
    one.store.close()


def test_a_backup_is_a_workshop_of_its_own(folder, live, tmp_path):
    joined(live, "Ann")
    copy = live.backup(tmp_path / "kept")
    assert copy.name.startswith(f"{live.code}-")
    joined(live, "Bob")
    other = Folder(tmp_path / "other")
    copy.rename(other.file("ABCDE"))
    restored = opened(other, "ABCDE")
    assert [seat.name for seat in restored.room.seats.values()] == ["Ann"]
    restored.store.close()


def test_the_workshop_last_written_to_comes_first(folder, live):
    scenario = ns.load_scenario("stag-hunt")
    time.sleep(0.05)  # a file system tells times apart by a few milliseconds
    second = started(folder, scenario, Plan.of(scenario))
    assert folder.codes() == [second.code, live.code]
    time.sleep(0.05)
    joined(live, "Ann")
    assert folder.codes() == [live.code, second.code]
    second.store.close()
