"""Plays a whole workshop against a real server over loopback, with many phones at once, and says how fast it answered.

``python tests/workshop/load.py`` drives 200 people through the plan of `saas-renewal`, each thinking 1 to 5 seconds
before an answer; some forms are sent twice, some long after their time, and a fifth of the phones is gone for 20
seconds and comes back. The server is a process of its own, on another core where there is one. It talks to 127.0.0.1
only and ends by itself. The figures to reach stand in DESIGN: 95% of the forms answered, and seen by the partner,
within 100 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections import Counter

from loopback import Line, Page, Server

TARGET = 0.1


def answer(page, rng, *, prepared, leave=0.02):
    """The form that a person would send from a page; None where nothing is asked."""
    if (found := page.form("prepare")) and page.step not in prepared:
        return found[0] | {"outside": "24", "target": "45.5", "first_offer": "1,250", "guess": "30%"}
    if found := page.form("confirm", agrees="yes"):
        return found[0] if rng.random() < 0.95 else page.form("confirm", agrees="no")[0]
    if (found := page.form("accept")) and rng.random() < 0.6:
        return found[0]
    if found := page.form("enter"):
        if page.side != "vendor":
            return None  # one of the two enters
        if rng.random() < 0.05:
            return page.form("enter", agreed="no")[0]
        options = {name: rng.choice(many) for name, many in found[1].items() if name.startswith("option-")}
        return found[0] | options
    if found := page.form("offer"):
        return found[0] | {name: rng.choice(many) for name, many in found[1].items()}
    for kind, name in (("deliver", "effort"), ("choose", "posture"), ("go-on", "as")):
        if found := page.form(kind):
            return found[0] | {name: rng.choice(found[1][name])}
    if found := page.form("again"):
        return found[0] | {"answer": str(rng.randint(1, 7))}
    if found := page.form("renew"):
        return found[0] | {"stays": "no" if rng.random() < leave else "yes"}
    if found := page.form("bid"):
        return found[0] | {"bid": "1"}
    if found := page.form("bet"):
        return found[0] | {name: "30" for name in found[1] if name.startswith("bet-")}
    return None


class Tally:
    """What was measured, and what was acknowledged."""

    def __init__(self):
        self.post, self.page, self.told, self.seen = [], [], [], []
        self.count = Counter()
        self.acknowledged = []
        self.wrong = []

    def said(self):
        """The figures in words."""
        lines = [", ".join(f"{count} {what}" for what, count in sorted(self.count.items()))]
        for what, took in (
            ("a form is answered", self.post),
            ("its sender has the next page", self.page),
            ("the partner's stream has told", self.told),
            ("the partner has the new page", self.seen),
        ):
            if len(took) > 20:
                p95 = statistics.quantiles(took, n=20)[-1]
                verdict = "within the target" if p95 < TARGET else "ABOVE THE TARGET"
                lines.append(
                    f"{what:32} {len(took):6} times: half within {1000 * statistics.median(took):6.1f} ms, "
                    f"95% within {1000 * p95:6.1f} ms, all within {1000 * max(took):6.1f} ms  {verdict}"
                )
        return "\n".join(lines + self.wrong[:10])


class Phone:
    """One person with a phone: listens to the stream, looks at the page, thinks, answers."""

    def __init__(self, room, number):
        self.room, self.name = room, f"P{number:03}"
        self.line, self.rng = Line(room.port), random.Random(f"{room.seed}/{number}")
        self.news, self.state, self.partner, self.away = asyncio.Event(), "new", None, False
        self.old, self.prepared, self.expecting, self.heard = [], set(), None, None
        self.step, self.cut, self.told_at = "", False, 0.0
        self.here = f"/w/{room.code}"

    async def join(self):
        """Two taps: the page, and the button."""
        _, _, text = await self._ask("GET", self.here)
        nonce = re.search(r'name="nonce" value="([^"]*)"', text).group(1)
        form = {"nonce": nonce, "name": self.name, "role": "player"}
        for _ in range(2 if self.rng.random() < self.room.twice else 1):
            status, _, _ = await self._ask("POST", f"{self.here}/join", form)
            self.room.check(status == 303, f"joining was answered {status}")

    async def _ask(self, *question):
        """Ask until it is answered: the server may be gone for a while."""
        while True:
            while self.away:
                await asyncio.sleep(0.05)
            try:
                return await self.line.ask(*question)
            except (OSError, EOFError):
                self.line.drop()
                self.cut = True
                self.room.tally.count["lost connections"] += 1
                await asyncio.sleep(0.05)

    async def listen(self):
        """Notice what the stream says; open it again whenever it ends."""
        while not self.room.over:
            if self.away:
                await asyncio.sleep(0.05)
                continue
            with contextlib.suppress(OSError, EOFError):
                async with contextlib.aclosing(self.line.listen(f"{self.here}/stream")) as heard:
                    async for version in heard:
                        if self.away:
                            break
                        if version != self.heard:
                            self.heard, self.told_at = version, time.perf_counter()
                            self.news.set()
            await asyncio.sleep(0.05)

    async def live(self):
        """Play until the room is over."""
        while not self.room.over:
            self.news.clear()
            before = self.step
            page = await self.look()
            form = answer(page, self.rng, prepared=self.prepared, leave=self.room.leave)
            if self.expecting is not None and page.step != before:
                since, self.expecting = self.expecting, None
                if self.told_at > since:
                    self.room.tally.told.append(self.told_at - since)
                    self.room.tally.seen.append(time.perf_counter() - since)
            if form is None:
                self.state = "waits"
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.news.wait(), 2)
                continue
            self.state = "thinks"
            await asyncio.sleep(self.rng.uniform(*self.room.thinking))
            await self.send(form)

    async def look(self):
        """Fetch the page."""
        status, _, text = await self._ask("GET", self.here)
        self.room.check(status == 200, f"{self.name} looked and got {status}")
        page = Page(text)
        self.step = page.step
        names = set(re.findall(r"\bP\d{3}\b", text)) - {self.name}
        self.partner = self.room.phones.get(names.pop()) if len(names) == 1 else None
        return page

    async def send(self, form):
        """Send a form, sometimes twice, sometimes an old one after it."""
        self.cut, began, partner = self.away, time.perf_counter(), self.partner
        if partner is not None and partner.state == "waits" and not partner.away:
            partner.expecting = began
        status, _, _ = await self._ask("POST", self.here, form)
        done = time.perf_counter()
        if self.cut and partner is not None:
            partner.expecting = None
        self.room.check(status in (303, 409), f"{self.name} sent {form['move']} and got {status}")
        self.room.tally.count[f"forms answered {status}"] += 1
        if status == 303:
            if not self.cut:  # what the line has cost is none of the server's time
                self.room.tally.post.append(done - began)
            self.room.tally.acknowledged.append((form["key"], form["move"]))
            self.prepared.add(self.step)
            page = await self.look()
            if form["move"] == "prepare":
                self.prepared.add(page.step)
            if not self.cut:
                self.room.tally.page.append(time.perf_counter() - began)
        if self.rng.random() < self.room.twice:
            again, _, _ = await self._ask("POST", self.here, form)
            self.room.check(again == status or status == 409, f"sent twice: {status}, then {again}")
            self.room.tally.count["sent twice"] += 1
        if self.old and self.rng.random() < self.room.twice / 2:
            old = self.rng.choice(self.old) | {"agrees": "no", "effort": "0", "stays": "no"}
            late, _, _ = await self._ask("POST", self.here, old)
            self.room.check(late in (303, 409, 422), f"a stale {old['move']} was answered {late}")
            self.room.tally.count["stale"] += 1
        self.old.append(form)

    async def vanish(self, seconds):
        """Be out of reach for a while."""
        self.away, self.cut, self.expecting = True, True, None
        self.line.drop()
        self.room.tally.count["phones gone and back"] += 1
        await asyncio.sleep(seconds)
        self.away = False


class Room:
    """A room of phones and its trainer, playing the shipped plan to the debrief."""

    def __init__(
        self, port, code, trainer, *, people, thinking, seed=1, twice=0.1, gone=0.2, gone_for=20.0, leave=0.02
    ):
        self.port, self.code, self.trainer_token = port, code, trainer.rpartition("/")[2]
        self.thinking, self.seed, self.twice, self.leave = thinking, seed, twice, leave
        self.gone, self.gone_for = gone, gone_for
        self.over, self.tally = False, Tally()
        self.phones = {phone.name: phone for phone in (Phone(self, number) for number in range(people))}

    def check(self, true, said):
        """Note what is wrong."""
        if not true:
            self.tally.wrong.append(f"WRONG: {said}")

    async def play(self, *, patience=600.0):
        """From joining to the debrief; the record as it is exported."""
        async with asyncio.timeout(patience):
            await asyncio.gather(*(phone.join() for phone in self.phones.values()))
            tasks = [
                asyncio.create_task(work()) for phone in self.phones.values() for work in (phone.listen, phone.live)
            ]
            tasks.append(asyncio.create_task(self._vanishing()))
            lead = asyncio.create_task(self._lead())
            running = {lead, *tasks}
            while not lead.done():
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            self.over = True
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for phone in self.phones.values():
                phone.away = False
                phone.line.drop()
                page = await phone.look()
                self.check('class="own-sheet"' in page.text, f"{phone.name} has no sheet at the end")
                phone.line.drop()
            await asyncio.sleep(0.1)  # for the connections to be closed
            return lead.result()

    async def _vanishing(self):
        rng = random.Random(f"{self.seed}/gone")
        picked = rng.sample(sorted(self.phones), round(self.gone * len(self.phones)))
        for name in picked:
            await asyncio.sleep(rng.uniform(0.0, 2 * self.thinking[1]) / 2)
            task = asyncio.create_task(self.phones[name].vanish(self.gone_for))
            self.phones[name].vanishing = task

    async def _lead(self):
        """The trainer: goes on whenever the console says that everybody is ready."""
        line, here = Line(self.port), f"/console/{self.code}"

        async def ask(*question):
            while True:
                try:
                    return await line.ask(*question)
                except (OSError, EOFError):
                    line.drop()
                    await asyncio.sleep(0.05)

        status, _, _ = await ask("POST", "/trainer", {"token": self.trainer_token})
        self.check(status == 303, f"the trainer was answered {status}")
        while True:
            status, _, text = await ask("GET", here)
            self.check(status == 200, f"the console was answered {status}")
            page = Page(text)
            form = page.form("advance")
            if form is None or form[0]["to"] in ("second-round", "reveal", "close"):
                break
            if 'class="good strong"' in text:
                status, _, _ = await ask("POST", here, form[0])
                self.check(status in (200, 303, 409), f"going on was answered {status}")
            await asyncio.sleep(min(1.0, self.thinking[0]))
        _, _, text = await ask("GET", f"{here}/export/json")
        line.drop()
        return json.loads(text)


def main():
    """Run it as a script."""
    says = argparse.ArgumentParser(description=__doc__)
    says.add_argument("--people", type=int, default=200)
    says.add_argument("--thinking", type=float, nargs=2, default=(1.0, 5.0), metavar=("LEAST", "MOST"))
    says.add_argument("--gone", type=float, default=20.0, help="seconds for which a fifth of the phones is gone")
    says.add_argument("--mode", choices=["talk", "type"], default="talk")
    says.add_argument("--seed", type=int, default=1)
    says.add_argument("--patience", type=float, default=1800.0, help="seconds after which it gives up")
    asked = says.parse_args()
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) > 1:
        os.sched_setaffinity(0, {cores[1]})
    with tempfile.TemporaryDirectory() as data:
        server = Server(
            data, "saas-renewal", "--set", f'workshop.mode="{asked.mode}"', core=cores[0] if cores else None
        )
        with server:
            room = Room(
                server.port,
                server.code,
                server.said["trainer"],
                people=min(asked.people, 1000),
                thinking=tuple(asked.thinking),
                seed=asked.seed,
                gone_for=asked.gone,
            )
            began = time.perf_counter()
            record = asyncio.run(room.play(patience=asked.patience))
            took = time.perf_counter() - began
            turns = sum(len(pair["turns"]) for pair in record["pairs"])
            print(f"{asked.people} people, {len(record['pairs'])} pairs, {turns} periods played in {took:.0f} s")
            print(room.tally.said())
            print(server.errors())
    return 1 if room.tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
