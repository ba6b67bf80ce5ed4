"""The stream of a page: that there is something new, and nothing else.

Only version numbers travel; a page that hears of a new one fetches its own view again, so a broadcast cannot leak. The
number is said again each 15 seconds, by which a page knows that the line is alive; the time to reconnect differs from
page to page so that a room does not come back all at once, and everything ends when the server stops.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable

from starlette.responses import Response, StreamingResponse

__all__ = ["Hub", "stream"]

PING = 15.0
AT_ONCE, APART = 24, 0.003  # pages woken together; seconds between the further ones
MOST_OPEN = 40  # streams of one seat: a team with a few tabs each


class Hub:
    """Who is looking, and a bell for each of them.

    Listeners are named by what they look at (a seat, the console, the projector); a change rings only those whose
    version moved.
    """

    def __init__(self) -> None:
        self.closed = False
        self.open: Counter[str] = Counter()
        self._bells: dict[str, set[asyncio.Event]] = {}
        self._last: dict[str, str] = {}

    def ring(self, version_of: Callable[[str], str]) -> None:
        """Wake the listeners for whom something changed.

        Where it is the whole room, one after the other: two hundred pages asked for at once would hold up everybody
        who is just sending something.
        """
        woken: list[asyncio.Event] = []
        for name, bells in self._bells.items():
            version = version_of(name)
            if self._last.get(name) != version:
                self._last[name] = version
                woken += bells
        for place, bell in enumerate(woken):
            if place < AT_ONCE:
                bell.set()
            else:
                asyncio.get_running_loop().call_later((place - AT_ONCE) * APART, bell.set)

    def close(self) -> None:
        """End all streams: the server stops, or the workshop is deleted."""
        self.closed = True
        for bells in self._bells.values():
            for bell in bells:
                bell.set()

    async def listen(self, name: str, version: Callable[[], str], *, ping: float = PING) -> AsyncIterator[str]:
        """The lines of one stream."""
        bell = asyncio.Event()
        self._bells.setdefault(name, set()).add(bell)
        self.open[name] += 1
        sent: str | None = None
        try:
            yield f"retry: {1000 + secrets.randbelow(3000)}\n\n"
            while not self.closed:
                bell.clear()  # before looking, so that no change falls between looking and waiting
                now = version()
                if now != sent:
                    yield f"id: {now}\ndata: {now}\n\n"
                    sent = now
                try:
                    await asyncio.wait_for(bell.wait(), ping)
                except TimeoutError:
                    sent = None  # the number again: a sign of life that a page can hear, unlike a comment
        finally:
            self.open[name] -= 1
            if not self.open[name]:
                del self.open[name]
            self._bells[name].discard(bell)
            if not self._bells[name]:
                del self._bells[name]


def stream(hub: Hub, name: str, version: Callable[[], str]) -> Response:
    """The stream of a page as a response; who opens too many is told to ask now and then instead."""
    if hub.closed or hub.open[name] >= MOST_OPEN:
        return Response(status_code=204)  # tells a browser not to try again: its page polls
    return StreamingResponse(
        hub.listen(name, version), media_type="text/event-stream", headers={"x-accel-buffering": "no"}
    )
