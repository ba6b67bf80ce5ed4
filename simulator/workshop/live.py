"""One workshop as it runs: its file, its room, and every change through one door.

A form becomes a move; the move, its events, what agents answer at once, and the reply to the form are one transaction.
So an acknowledged form is on the disk, and a form that is sent twice counts once. Whatever goes wrong in between, the
room is made again from the log, which is the truth.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from simulator.errors import SimulatorError
from simulator.runner.loading import checked_document
from simulator.scenario.schema import Scenario
from simulator.workshop.automatic import pending
from simulator.workshop.events import Event
from simulator.workshop.moves import CLOCK, NEW, Refused, decide
from simulator.workshop.plan import Plan
from simulator.workshop.room import Room
from simulator.workshop.store import Folder, Reply, Store, digest

__all__ = ["Conflict", "Live", "opened", "started"]

MOST_AT_ONCE = 20_000  # agents' moves after one of a person: far above any room, and an end to a loop that never ends


class Conflict(Exception):
    """A form whose key was answered already, with another content; nothing changed."""


class Live:
    """A workshop that can be played.

    Parameters
    ----------
    code : str
        Its code.
    store : Store
        Its file, with the scenario and the plan among its facts.
    rng : Generator, optional
        For everything that is drawn; by default from the operating system's randomness.
    clock : callable
        Gives unix time.
    """

    def __init__(
        self,
        code: str,
        store: Store,
        *,
        rng: np.random.Generator | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.code, self.store, self.clock = code, store, clock
        self.rng = np.random.default_rng() if rng is None else rng
        self.scenario = checked_document(json.loads(store.fact("scenario")))
        self.plan = Plan(**json.loads(store.fact("plan")))
        self.title = store.fact("title") or self.scenario.title
        self.began = float(store.fact("began", "0"))
        self.seen: dict[str, float] = {}
        self.room = self._replayed()

    def _replayed(self) -> Room:
        return Room.replay(self.scenario, self.plan, self.store.events(), title=self.title)

    @contextlib.contextmanager
    def _change(self) -> Iterator[None]:
        """A transaction on file and room together; when it fails, the room is what the file says."""
        try:
            with self.store.transaction():
                if self.store.last != self.room.version:  # another program wrote into the file
                    for event in self.store.events(after=self.room.version):
                        self.room.apply(event)
                yield
        finally:
            if self.store.last != self.room.version:
                self.room = self._replayed()

    def _take(self, events: Iterable[Event]) -> list[Event]:
        found = list(events)
        self.store.append(found)
        for event in found:
            self.room.apply(event)
        return found

    def _agents(self) -> None:
        """Let agents do what they would do now, until they wait for people."""
        for _ in range(MOST_AT_ONCE):
            moves = pending(self.room)
            if not moves:
                return
            for move in moves:
                with contextlib.suppress(Refused):  # an earlier one of these changed what this one answers
                    self._take(decide(self.room, CLOCK, move, self.rng, self.clock()))
        raise SimulatorError(f"the agents of workshop {self.code} do not come to an end")

    def act(
        self,
        actor: str,
        move: Mapping[str, Any],
        *,
        key: str,
        location: str,
        device: str | None = None,
    ) -> str:
        """Make a move that a form asks for.

        Parameters
        ----------
        actor : str
            A seat, or the trainer.
        move : mapping
            What the form says.
        key : str
            The form's key.
        location : str
            Where its sender goes next.
        device : str, optional
            The device it comes from.

        Returns
        -------
        str
            Where to go: `location`, or what the same form was told before.

        Raises
        ------
        Refused
            When the room does not allow it.
        Conflict
            When another form with that key was answered.
        """
        own, form = digest(actor, key), digest(json.dumps(move, sort_keys=True))
        with self._change():
            known = self.store.reply(own)
            if known is not None:
                if known.form != form:
                    raise Conflict
                return known.location
            self._take(decide(self.room, actor, move, self.rng, self.clock(), device=device))
            self._agents()
            self.store.remember(own, Reply(form, location))
        return location

    def join(self, name: str, *, role: str, token: str, words: str, device: str) -> str:
        """Give somebody a new seat that the token and the words open; returns the seat."""
        move = {"kind": "join", "name": name, "role": role, "device": device}
        with self._change():
            events = self._take(decide(self.room, NEW, move, self.rng, self.clock()))
            seat = str(next(event.data["seat"] for event in events if event.kind == "joined"))
            self.store.give_token(token, seat)
            self.store.give_token(words, seat, kind="words")
            self._agents()
        return seat

    def join_team(self, seat: str, device: str) -> None:
        """Add a device to a seat."""
        with self._change():
            self._take(decide(self.room, seat, {"kind": "join-team", "device": device}, self.rng, self.clock()))

    def tick(self) -> bool:
        """Let the clock do what is due; returns whether something changed."""
        now = self.clock()
        with contextlib.suppress(Refused):
            if decide(self.room, CLOCK, {"kind": "tick"}, self.rng, now) or pending(self.room):
                with self._change():
                    self._take(decide(self.room, CLOCK, {"kind": "tick"}, self.rng, now))
                    self._agents()
                return True
        return False

    def backup(self, folder: Path) -> Path:
        """Copy the workshop's file while it is in use; returns the copy."""
        path = folder / f"{self.code}-{time.strftime('%Y%m%d-%H%M%S', time.localtime(self.clock()))}.sqlite"
        self.store.backup(path)
        return path


def started(
    folder: Folder, scenario: Scenario, plan: Plan, *, title: str = "", events: Iterable[Event] = (), now: float = 0.0
) -> Live:
    """A new workshop in a data folder; `events`: what has happened in it already (a rehearsal)."""
    code, store = folder.new()
    with store.transaction():
        store.note(
            scenario=json.dumps(scenario.document(), ensure_ascii=False),
            plan=json.dumps(asdict(plan)),
            title=title,
            began=repr(now or time.time()),
        )
        store.append(events)
    return Live(code, store)


def opened(folder: Folder, code: str) -> Live:
    """A workshop of a data folder, as it was left."""
    return Live(code, folder.open(code))
