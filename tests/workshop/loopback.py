"""What the tests over loopback share: a server as a process of its own, and a reader that speaks a little HTTP."""

from __future__ import annotations

import asyncio
import html
import itertools
import json
import os
import re
import select
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode, urlsplit

COMMAND = [sys.executable, "-c", "from simulator.cli import main; main()", "workshop"]


class Server:
    """``negsim workshop`` as a process of its own, which can be killed and started again on the same port and data."""

    def __init__(self, data, scenario="saas-renewal", *options, core=None):
        self.data, self.options, self.core = Path(data), [*options], core
        self.scenario, self.port, self.process, self.said = scenario, 0, None, {}

    def start(self):
        """Start it, or go on with its workshop; returns when it can be reached."""
        again = ["--resume", self.said["code"]] if self.said else [self.scenario, *self.options]
        kept = [one for pair in itertools.pairwise(self.options) if pair[0] == "--address" for one in pair]
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / "errors.txt").open("a") as errors:
            self.process = subprocess.Popen(
                [
                    *COMMAND,
                    *again,
                    *(kept if self.said else []),
                    "--port",
                    str(self.port),
                    "--data",
                    self.data,
                    "--json",
                ],
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=self.data,
            )
        if self.core is not None and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(self.process.pid, {self.core})
        if not select.select([self.process.stdout], [], [], 60)[0]:
            raise TimeoutError("the server has said nothing for a minute")
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the server did not start: {self.errors()}")
        self.said = json.loads(line)
        self.port = urlsplit(self.said["trainer"]).port
        return self

    def kill(self):
        """End it at once, as a power cut would."""
        self.process.kill()
        self._ended()

    def stop(self):
        """Stop it with Ctrl-C; gives its exit status."""
        self.process.send_signal(signal.SIGINT)
        return self._ended()

    def _ended(self):
        status = self.process.wait(10)
        self.process.stdout.close()
        self.process = None
        return status

    def errors(self):
        """What it has written to standard error."""
        return (self.data / "errors.txt").read_text()

    @property
    def home(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def code(self):
        return self.said["code"]

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.process is not None:
            self.kill()


class Line:
    """A connection that is kept open, speaking just enough HTTP/1.1."""

    def __init__(self, port):
        self.port, self.cookies, self._streams = port, {}, None

    async def _open(self):
        return await asyncio.open_connection("127.0.0.1", self.port)

    def _head(self, method, path, more):
        said = {"host": f"127.0.0.1:{self.port}", "cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if method == "POST":
            said["origin"] = f"http://127.0.0.1:{self.port}"
        lines = "".join(f"{name}: {value}\r\n" for name, value in (said | more).items() if value)
        return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode()

    async def ask(self, method, path, form=None):
        """Status, headers and text of an answer; a lost connection raises ConnectionError."""
        body = b"" if form is None else urlencode(form).encode()
        more = {} if form is None else {"content-type": "application/x-www-form-urlencoded"}
        if method == "POST":
            more["content-length"] = str(len(body))
        if self._streams is None:
            self._streams = await self._open()
        reader, writer = self._streams
        try:
            writer.write(self._head(method, path, more) + body)
            status, headers = await self._read_head(reader)
            text = (await reader.readexactly(int(headers.get("content-length", 0)))).decode()
        except (OSError, EOFError):
            self.drop()
            raise ConnectionError("the line was cut") from None
        if "set-cookie" in headers:
            name, _, value = headers["set-cookie"].partition(";")[0].partition("=")
            self.cookies[name] = value
        if headers.get("connection") == "close":
            self.drop()
        return status, headers, text

    @staticmethod
    async def _read_head(reader):
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        pairs = (line.partition(":") for line in lines[1:] if line)
        return int(lines[0].split()[1]), {name.lower(): value.strip() for name, _, value in pairs}

    async def listen(self, path):
        """The version numbers of a stream, on a connection of its own, until it ends."""
        reader, writer = await self._open()
        try:
            writer.write(self._head("GET", path, {"accept": "text/event-stream"}))
            await self._read_head(reader)
            while line := await reader.readline():
                if line.startswith(b"data:"):
                    yield line[5:].strip().decode()
        finally:
            writer.close()

    def drop(self):
        """Close the connection; the next question opens another."""
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None


class Page:
    """What a script-less reader needs of a page: its step and its forms."""

    def __init__(self, text):
        self.text = text
        found = re.search(r'data-step="([^"]*)"', text)
        self.step = html.unescape(found.group(1)) if found else ""
        side = re.search(r'<span class="(vendor|client) strong">', text)
        self.side = side.group(1) if side else ""
        self.forms = {}
        for form in re.findall(r"<form .*?</form>", text, re.DOTALL):
            hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form)
            fields = {name: html.unescape(value) for name, value in hidden}
            selects = re.findall(r'<select [^>]*name="([^"]*)".*?</select>', form, re.DOTALL)
            parts = re.split(r"<select ", form)[1:]
            choices = {
                name: [value for value in re.findall(r'<option value="([^"]*)"', part) if value]
                for name, part in zip(selects, parts, strict=True)
            }
            for name, value in re.findall(r'<input type="radio" name="([^"]*)" value="([^"]*)"', form):
                choices.setdefault(name, []).append(value)
            for name in re.findall(r'<input type="text"[^>]* name="([^"]*)"', form):
                choices.setdefault(name, [])
            self.forms.setdefault(fields.get("move", ""), []).append((fields, choices))

    def form(self, move, **wanted):
        """Hidden fields and choices of the first form that makes a move."""
        for fields, choices in self.forms.get(move, ()):
            if all(fields.get(name) == value for name, value in wanted.items()):
                return fields, choices
        return None
