"""All workshops of a data folder as this server runs them: rooms, who is connected, addresses, keys."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from simulator.errors import SimulatorError
from simulator.workshop.live import Live, opened
from simulator.workshop.store import Folder, StoreError, tidy_code
from simulator.workshop.web.security import Limits, Trainer
from simulator.workshop.web.stream import Hub

__all__ = ["Hall", "Stage"]

LOOK_AGAIN = 5  # seconds after which the addresses are asked for again


class Stage:
    """One workshop with those who look at it."""

    def __init__(self, live: Live) -> None:
        self.live, self.hub = live, Hub()
        self.code_shown: float | None = None
        self.kept: dict[Any, Any] = {}  # figures, until what they show changes
        self._presence = 0
        self._present: frozenset[str] = frozenset()

    def version_of(self, name: str) -> str:
        """What the stream of a listener says now; the trainer's also changes when phones come and go."""
        version = str(self.live.room.version_of(name))
        return f"{version}.{self._presence}" if name == "trainer" else version

    def changed(self) -> None:
        """Tell those for whom something is new."""
        present = frozenset(name for name in self.hub.open if name not in ("trainer", "projector"))
        if present != self._present:
            self._present = present
            self._presence += 1
        self.hub.ring(self.version_of)

    def heard(self, seat: str) -> None:
        """A seat's phone has given a sign."""
        self.live.seen[seat] = self.live.clock()

    def seen(self) -> dict[str, float]:
        """When each seat was last heard of; open streams count as now."""
        now = self.live.clock()
        for name in self.hub.open:
            if name not in ("trainer", "projector"):
                self.live.seen[name] = now
        return self.live.seen


class Hall:
    """The workshops, by code, opened when they are asked for.

    Parameters
    ----------
    folder : Folder
        Where they are kept.
    addresses : iterable of str
        ``http://host:port`` under which the server is reached, the one for phones first.
    present : str
        Code of the workshop that was started or resumed; empty for none.
    again : callable, optional
        Gives the addresses as they are later on: a hotspot may be switched on while the workshop runs.
    """

    def __init__(
        self,
        folder: Folder,
        addresses: Iterable[str],
        *,
        present: str = "",
        limits: Limits | None = None,
        again: Callable[[], Iterable[str]] | None = None,
    ) -> None:
        self.folder, self.addresses, self.present = folder, tuple(addresses), present
        self._again = again
        self.trainer = Trainer(folder.key)
        self.limits = limits or Limits()
        self.began = time.time()
        self.workers = ThreadPoolExecutor(max_workers=1, thread_name_prefix="figures")
        self._stages: dict[str, Stage] = {}

    def answers_to(self, host: str) -> bool:
        """Whether a host, as a browser names it, is one of our addresses."""
        return any(address.partition("://")[2].lower() == host for address in self.addresses)

    def stage(self, typed: str) -> Stage:
        """The workshop with that code.

        Raises
        ------
        StoreError
            When there is none.
        """
        code = tidy_code(typed)
        if code not in self._stages:
            try:
                self._stages[code] = Stage(opened(self.folder, code))
            except SimulatorError as error:  # a scenario or an event that this version does not know
                raise StoreError(str(error)) from None
        return self._stages[code]

    def add(self, live: Live, *, present: bool = True) -> Stage:
        """Take a new workshop in; `present`: it is the one that the console opens with."""
        self._stages[live.code] = Stage(live)
        if present:
            self.present = live.code
        return self._stages[live.code]

    def delete(self, code: str) -> None:
        """Delete a workshop with all its data; those who look at it are sent away."""
        stage = self._stages.pop(code, None)
        if stage is not None:
            stage.hub.close()
            stage.live.store.close()
        self.folder.delete(code)
        if self.present == code:
            self.present = ""

    def known(self, code: str) -> bool:
        """Whether there is a workshop with that code."""
        try:
            return code in self._stages or self.folder.file(code).is_file()
        except StoreError:
            return False

    async def work(self, function: Any, *arguments: Any) -> Any:
        """Do what takes long beside the loop: figures, reports, backups."""
        return await asyncio.get_running_loop().run_in_executor(self.workers, function, *arguments)

    async def run_clock(self) -> None:
        """Once a second: deadlines, agents' turns, who is here."""
        for second in itertools.count(1):
            await asyncio.sleep(1.0)
            if self._again is not None and second % LOOK_AGAIN == 0:
                self.addresses = tuple(await self.work(self._again))
            for stage in list(self._stages.values()):
                with contextlib.suppress(StoreError):  # a full disk: said to whoever posts, and tried again here
                    stage.live.tick()
                stage.changed()

    def stop(self) -> None:
        """End all streams, so that the server can stop."""
        for stage in self._stages.values():
            stage.hub.close()

    def close(self) -> None:
        """Close the files."""
        self.workers.shutdown(wait=False, cancel_futures=True)
        for stage in self._stages.values():
            stage.live.store.close()
