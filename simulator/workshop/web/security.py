"""Who may do what: addresses that are answered, where forms may come from, tokens, and limits on wrong codes.

- A request must name one of the server's own addresses as its Host (else another site's name could be pointed here).
- A POST must come from a page of ours: its Origin is the host in use, or the browser says ``same-origin``.
- A seat's token is random, 128 bits; the words to come back with are made from it. The trainer's cookie is signed with
  the data folder's key, the projector's token is made from it: both outlive a restart.
- Wrong codes are slowed down per address, right ones are never refused: behind a hotspot a whole room is one address.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["HEADERS", "Guard", "Limits", "Trainer", "new_token", "resume_words"]

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
FORMS = "application/x-www-form-urlencoded"  # no page of ours sends anything else
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def new_token() -> str:
    """A token that nobody can guess: 128 random bits."""
    return secrets.token_urlsafe(16)


def resume_words(token: str, listed: list[str]) -> str:
    """Three words to come back with, made from a seat's token.

    Examples
    --------
    >>> resume_words("a token", ["apple", "bird", "cloud"])
    'apple cloud cloud'
    """
    number = int.from_bytes(hashlib.sha256(b"words\x1f" + token.encode()).digest()[:12])
    picked = []
    for _ in range(3):
        number, place = divmod(number, len(listed))
        picked.append(listed[place])
    return " ".join(picked)


class Trainer:
    """The trainer's keys: a token for the address that the terminal shows, cookies that it is changed into.

    Examples
    --------
    >>> trainer = Trainer(b"a key of the folder")
    >>> cookie = trainer.cookie()
    >>> trainer.knows(cookie), trainer.knows(cookie + "x"), trainer.admits("a guess")
    (True, False, False)
    """

    def __init__(self, key: bytes, token: str | None = None) -> None:
        self._key = key
        self.token = token or new_token()

    def admits(self, token: str) -> bool:
        """Whether this is the token that was printed at the start."""
        return hmac.compare_digest(self.token.encode(), token.encode())

    def cookie(self) -> str:
        """A new cookie for a trainer's browser."""
        name = new_token()
        return f"{name}.{self._sign('trainer', name)}"

    def knows(self, cookie: str) -> bool:
        """Whether a cookie is one of ours."""
        name, _, signature = cookie.partition(".")
        return hmac.compare_digest(self._sign("trainer", name).encode(), signature.encode())

    def projector(self, code: str) -> str:
        """The token that shows a workshop's projector view, and nothing else."""
        return self._sign("projector", code)[:32]

    def shows(self, code: str, token: str) -> bool:
        """Whether a token is that of the workshop's projector view."""
        return hmac.compare_digest(self.projector(code).encode(), token.encode())

    def _sign(self, kind: str, name: str) -> str:
        return hmac.new(self._key, f"{kind}\x1f{name}".encode(), hashlib.sha256).hexdigest()


class Limits:
    """Slows an address down that keeps on sending wrong codes.

    Parameters
    ----------
    free : int
        Wrong codes within `window` seconds that cost nothing.
    window : float
        Seconds after which a wrong code is forgotten.
    delay : float
        Seconds that every further try waits, one after the other; a right one is then answered as ever.
    """

    def __init__(self, *, free: int = 20, window: float = 120.0, delay: float = 1.0) -> None:
        self.free, self.window, self.delay = free, window, delay
        self._wrong: dict[str, deque[float]] = {}
        self._turn: dict[str, asyncio.Lock] = {}

    async def wait(self, address: str) -> None:
        """Wait for the address's turn, where it has sent too many wrong codes."""
        if self.exceeded(address):
            async with self._turn.setdefault(address, asyncio.Lock()):
                await asyncio.sleep(self.delay)

    def wrong(self, address: str) -> None:
        """Count a wrong code."""
        if len(self._wrong) > 10_000:  # a bound on memory; addresses are the local network's
            self._wrong.clear()
            self._turn.clear()
        self._wrong.setdefault(address, deque(maxlen=self.free + 1)).append(time.monotonic())

    def exceeded(self, address: str) -> bool:
        """Whether the address has sent too many wrong codes lately."""
        tries = self._wrong.get(address, deque())
        while tries and tries[0] < time.monotonic() - self.window:
            tries.popleft()
        return len(tries) > self.free


class Guard:
    """Refuses requests to names that are not ours and forms from elsewhere; sets the headers of every answer.

    Parameters
    ----------
    app : ASGI application
        What is guarded.
    answers_to : callable
        Whether a host, with its port as a browser sends it, is ours.
    most : int
        Largest body of a request in bytes.
    """

    def __init__(self, app: ASGIApp, answers_to: Callable[[str], bool], most: int = 64 * 1024) -> None:
        self.app, self.answers_to, self.most = app, answers_to, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        fault = self.fault(scope["method"], Headers(scope=scope))
        if fault:
            scope = {**scope, "path": "/refused", "raw_path": b"/refused", "refused": fault, "method": "GET"}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def fault(self, method: str, headers: Headers) -> str:
        """The key of what is wrong with a request; empty when nothing is."""
        host = headers.get("host", "").lower()
        if not self.answers_to(host):
            return "host"
        if method in ("GET", "HEAD"):
            return ""
        if method != "POST":
            return "method"
        length = headers.get("content-length", "")
        if not length.isdecimal():
            return "length"
        if int(length) > self.most:
            return "size"
        if int(length) and not headers.get("content-type", "").lower().startswith(FORMS):
            return "type"
        origin = headers.get("origin")
        if origin is not None and _place(origin) == host:
            return ""
        if headers.get("sec-fetch-site") == "same-origin" and origin in (None, "null"):
            return ""
        return "origin"


def _place(origin: str) -> str:
    """The host that an Origin names; empty when it names none."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return ""
    return parts.netloc.lower() if parts.scheme in ("http", "https") else ""
