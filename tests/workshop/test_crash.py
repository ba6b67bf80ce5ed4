"""A room full of phones over loopback: doubled and stale forms change nothing, kill -9 loses nothing acknowledged."""

import asyncio
import random
import sqlite3

import pytest
from load import Room
from loopback import Server

from simulator.workshop.store import digest


def told(server):
    """All replies and events in the workshop's file."""
    with sqlite3.connect(server.data / f"{server.code}.sqlite") as file:
        replies = {key for (key,) in file.execute("SELECT key FROM reply")}
        events = file.execute("SELECT seq, kind, body FROM event ORDER BY seq").fetchall()
    return replies, events


def checked(server, room, record):
    """Everything acknowledged is in the log, once; every relationship was played as far as it lived."""
    assert room.tally.wrong == []
    replies, events = told(server)
    assert room.tally.acknowledged
    lost = [one for one in room.tally.acknowledged if digest(one[0].partition(".")[0], one[0]) not in replies]
    assert lost == []
    assert [seq for seq, _, _ in events] == list(range(1, len(events) + 1))
    joined = [kind for _, kind, _ in events if kind == "joined"]
    assert len(joined) == len(room.phones)
    periods = record["plan"]["periods"]
    for pair in record["pairs"]:
        lasted = [turn["period"] for turn in pair["turns"]]
        assert lasted == list(range(pair["begun"], pair["begun"] + len(lasted)))
        assert lasted[-1] == periods - 1 or pair["reason"] != "horizon"
    assert "Traceback" not in server.errors()


def test_a_room_of_twenty_quick_people_plays_to_the_end(tmp_path):
    with Server(tmp_path / "data", "saas-renewal", "--set", "workshop.periods=3") as server:
        room = Room(
            server.port, server.code, server.said["trainer"], people=20, thinking=(0.02, 0.08), gone_for=0.5, twice=0.3
        )
        record = asyncio.run(room.play(patience=120))
    checked(server, room, record)
    assert room.tally.count["sent twice"] > 20
    assert room.tally.count["stale"] > 5
    assert room.tally.count["phones gone and back"] == 4


async def killed(server, room, times, gap, rng):
    """Play while the server is killed now and then, and started again."""
    playing = asyncio.create_task(room.play(patience=400))
    for _ in range(times):
        seen = len(room.tally.acknowledged)
        while len(room.tally.acknowledged) < seen + gap and not playing.done():
            await asyncio.sleep(0.01)
        await asyncio.sleep(rng.uniform(0.0, 0.2))
        if playing.done():
            break
        await asyncio.to_thread(server.kill)
        room.deaths += 1
        await asyncio.to_thread(server.start)
    return await playing


@pytest.mark.parametrize(
    ("people", "times", "gap", "thinking"),
    [
        pytest.param(12, 2, 40, (0.02, 0.1)),
        pytest.param(80, 5, 150, (0.1, 0.6), marks=pytest.mark.slow),
    ],
)
def test_kill_9_in_mid_play_loses_no_acknowledged_move_and_all_finish(tmp_path, people, times, gap, thinking):
    rng = random.Random(people)
    with Server(tmp_path / "data", "saas-renewal", "--set", "workshop.periods=3") as server:
        room = Room(server.port, server.code, server.said["trainer"], people=people, thinking=thinking, gone_for=0.5)
        room.deaths = 0
        record = asyncio.run(killed(server, room, times, gap, rng))
    assert room.deaths == times
    assert room.tally.count["lost connections"] >= times
    checked(server, room, record)
