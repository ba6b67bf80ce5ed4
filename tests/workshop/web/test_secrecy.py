"""Nothing of the other side reaches a seat: a canary scenario is played, and every answer to every seat is searched.

Each number of a side is a prime of seven digits that the other side does not have; so is every sum that a side's worth
of a deal is made of. They are searched for as they are, with their thousands set apart, and encoded.
"""

import dataclasses
import itertools
import random
import re
from urllib.parse import quote

import pytest

from simulator.workshop.plan import Plan
from simulator.workshop.web.stream import Hub


def primes(count):
    """Primes of seven digits, far apart and in no order."""
    drawn, found = random.Random(7), []
    while len(found) < count:
        n = drawn.randrange(1_000_001, 9_999_999, 2)
        if all(n % d for d in range(3, int(n**0.5) + 1, 2)):
            found.append(n)
    return iter(found)


def canary():
    """The scenario's text, and the secrets of both sides."""
    draw = primes(40)
    side = {who: {name: next(draw) for name in ("outside", "base", "cost", "gain")} for who in ("vendor", "client")}
    worths = {who: [[next(draw) for _ in range(3)] for _ in range(2)] for who in side}
    needs, switching = next(draw), {who: next(draw) for who in side}
    own = side["vendor"]
    text = f"""
        id = "canary"
        title = "Canary"
        summary = "A public story."
        currency = "coins"
        horizon = 5
        [vendor]
        name = "Seller"
        outside_option = {side["vendor"]["outside"]}
        brief = "Only for the vendor: zanzibar-vendor."
        [client]
        name = "Buyer"
        outside_option = {side["client"]["outside"]}
        brief = "Only for the client: zanzibar-client."
        [base]
        vendor = {side["vendor"]["base"]}
        client = {side["client"]["base"]}
        [[issue]]
        name = "scope"
        options = ["small", "medium", "large"]
        vendor = {worths["vendor"][0]}
        client = {worths["client"][0]}
        [[issue]]
        name = "term"
        options = ["short", "middle", "long"]
        vendor = {worths["vendor"][1]}
        client = {worths["client"][1]}
        [delivery]
        vendor = {{ cost = {own["cost"]}, benefit = {side["client"]["gain"]}, needs = {needs}, starved = 0.5 }}
        client = {{ cost = {side["client"]["cost"]}, benefit = {side["vendor"]["gain"]} }}
        [relationship]
        switching_cost = {{ vendor = {switching["vendor"]}, client = {switching["client"]} }}
    """
    secrets = {}
    for who, own in side.items():
        sums = {own["base"] + a + b for a, b in itertools.product(*worths[who])}
        single = {*own.values(), *itertools.chain(*worths[who]), switching[who]} | (
            {needs} if who == "vendor" else set()
        )
        done = {total + sign * own["cost"] for total in sums for sign in (-1, 0)}
        paid = {total + own["gain"] for total in done}
        above = {total - own["outside"] for total in sums | done | paid}
        secrets[who] = {abs(value) for value in single | sums | done | paid | above if abs(value) >= 100_000}
    secrets["vendor"], secrets["client"] = secrets["vendor"] - secrets["client"], secrets["client"] - secrets["vendor"]
    return text, secrets


TEXT, SECRETS = canary()


# What may stand between the digits of one number: marks of thousands, spaces of all kinds, each also encoded.
APART = r"(?:[.,_'’\s\u00a0\u202f\u2009]|&nbsp;|&#160;|%2C|%20|%C2%A0|%E2%80%AF|\+)?"
NUMBER = re.compile(rf"\d(?:{APART}\d)+", re.IGNORECASE)


def leaks(text, side):
    """What a text holds of a side that it must not: whole, or rounded to hundreds as thousands with one decimal."""
    said = " ".join({re.sub(r"%[0-9A-F]{2}|&#160;|\D", "", run, flags=re.IGNORECASE) for run in NUMBER.findall(text)})
    found = [value for value in SECRETS[side] if str(value) in said or f" {round(value / 100)} " in f" {said} "]
    return found + ([f"zanzibar-{side}"] if f"zanzibar-{side}" in text else [])


def everything_told(browser):
    """All that a browser has been told: addresses, headers, bodies."""
    told = []
    original = browser.client.request

    async def request(method, path, **rest):
        answer = await original(method, path, **rest)
        for one in (*answer.history, answer):
            told.append(f"{one.url}\n{one.headers}\n{one.text}")
        return answer

    browser.client.request = request
    return told


def everything_of_a_workshop(site):
    """Play a whole workshop, reveals included; what each seat was told, by its side, and what the public was."""
    people = [site.joined(), site.joined(), site.joined()]
    watcher, wall, stranger = site.joined(role="observer"), site.projector(), site.browser()
    told = [everything_told(browser) for browser in people]
    public = [everything_told(browser) for browser in (watcher, wall, stranger)]
    trainer = site.trainer()

    def look():
        for browser in (*people, watcher, stranger):
            for path in ("", "/version", "/words", "/sheet.html", "/sandbox", "/qr.svg", "/nothing"):
                browser.get(site.seat + path)
        if not site.live.room.revealed:
            wall.get(f"/projector/{site.code}")
            wall.get(f"/projector/{site.code}/version")

    look()
    for to in ("start", "compete", "play", "next-period", "predict", "debrief"):
        if to == "compete" and not site.live.room.plan.compete:
            continue
        site.advance(trainer, to)
        look()
        site.play_on(people)
        look()
        people[0].send(site.seat, "rename", name="")  # a refused form, too
    while any(form.fields.get("to") == "reveal" for form in trainer.page(site.console).forms):
        site.advance(trainer, "reveal")
        look()
    assert len(site.live.room.revealed) > 4
    found = {"vendor": [], "client": [], "public": [text for texts in public for text in texts]}
    for number, texts in enumerate(told, 1):
        found[site.live.room.view(f"s{number}").sheet.side] += texts
    return {who: "\n".join(texts) for who, texts in found.items()}


@pytest.mark.parametrize("plan", [{}, {"mode": "type"}, {"contest": "price"}])
def test_no_seat_is_told_anything_of_the_other_side(site_of, scenario_from, plan):
    scenario = scenario_from(TEXT)
    told = everything_of_a_workshop(site_of(scenario, plan=Plan.of(scenario, periods=2, **plan)))
    for side, other in (("vendor", "client"), ("client", "vendor")):
        assert leaks(told[side], other) == []
        assert leaks(told[side], side) != []  # the search finds what is there
        assert leaks(told["public"], side) == []


def planted(monkeypatch, place):
    """Let the server tell a seat what the other side's outside option is, in one place."""
    from simulator.workshop import live
    from simulator.workshop.room import Room
    from simulator.workshop.web import pages, seat

    def secret(view):
        other = "client" if view.sheet.side == "vendor" else "vendor"
        return max(SECRETS[other])

    if place == "title":
        plain = Room.view

        def view(self, name, **rest):
            seen = plain(self, name, **rest)
            return seen if seen.sheet is None else dataclasses.replace(seen, title=f"{seen.title} {secret(seen):,}")

        monkeypatch.setattr(Room, "view", view)
    elif place == "header":
        plain = pages.page

        def page(request, template, /, **rest):
            answer = plain(request, template, **rest)
            if template == "seat.html" and rest["v"].sheet is not None:
                answer.headers["x-worth"] = str(secret(rest["v"]))
            return answer

        monkeypatch.setattr(seat, "page", page)
    elif place == "address":
        plain = live.Live.act

        def act(self, actor, move, **rest):
            to, seen = plain(self, actor, move, **rest), self.room.view(actor) if actor in self.room.seats else None
            return to if seen is None or seen.sheet is None else f"{to}?then={quote(f'{secret(seen):,}')}"

        monkeypatch.setattr(live.Live, "act", act)


@pytest.mark.parametrize("place", ["title", "header", "address"])
def test_the_search_fails_where_something_is_told(site_of, scenario_from, monkeypatch, place):
    scenario = scenario_from(TEXT)
    planted(monkeypatch, place)
    told = everything_of_a_workshop(site_of(scenario, plan=Plan.of(scenario, periods=2)))
    assert leaks(told["vendor"], "client") or leaks(told["client"], "vendor")


def test_the_search_finds_a_secret_however_it_is_written():
    secret = max(SECRETS["vendor"])
    apart = f"{secret:,}"
    for written in (f"{secret}", apart, quote(apart), apart.replace(",", "\u202f"), f"{secret / 1000:,.1f} k"):
        assert leaks(f"x {written} y", "vendor")
    assert not leaks("123", "vendor")


def test_a_stream_tells_numbers_of_versions_and_nothing_else(site):
    site.joined("Ann")

    async def heard():
        hub, version, lines = Hub(), ["1"], []
        listening = hub.listen("s1", lambda: version[0], ping=0.01)
        lines.append(await anext(listening))
        lines.append(await anext(listening))
        lines.append(await anext(listening))
        version[0] = "2"
        hub.ring(lambda name: version[0])
        lines.append(await anext(listening))
        hub.close()
        lines += [line async for line in listening]
        return lines, hub.open

    lines, still_open = site.run(heard())
    assert lines[0].startswith("retry: ")
    assert 1000 <= int(lines[0].split()[1]) < 4000
    assert lines[1] == "id: 1\ndata: 1\n\n"
    assert lines[2] == lines[1]  # a sign of life
    assert "id: 2\ndata: 2\n\n" in lines
    assert not still_open


def test_a_listener_hears_only_of_what_concerns_it(site):
    async def rung():
        hub, versions = Hub(), {"s1": "1", "s2": "1"}
        one, two = (hub.listen(name, lambda name=name: versions[name]) for name in versions)
        for listening in (one, two):
            await anext(listening)
            await anext(listening)
        import asyncio

        waiting = [asyncio.ensure_future(anext(listening)) for listening in (one, two)]
        await asyncio.sleep(0)
        hub.ring(versions.__getitem__)
        versions["s2"] = "2"
        hub.ring(versions.__getitem__)
        done, still = await asyncio.wait(waiting, timeout=0.05)
        for task in still:
            task.cancel()
        return [task.result() for task in done]

    assert site.run(rung()) == ["id: 2\ndata: 2\n\n"]


def test_a_whole_room_is_woken_one_after_the_other(site):
    import asyncio
    import time

    async def woken():
        hub, version, times = Hub(), ["1"], []

        async def page(n):
            async for line in hub.listen(f"s{n}", lambda: version[0]):
                if line.startswith("id: 2"):
                    times.append(time.monotonic() - begun)

        pages = [asyncio.create_task(page(n)) for n in range(100)]
        await asyncio.sleep(0.05)
        begun = time.monotonic()
        version[0] = "2"
        hub.ring(lambda name: version[0])
        await asyncio.sleep(0.6)
        hub.close()
        await asyncio.gather(*pages)
        return times

    times = site.run(woken())
    assert len(times) == 100
    assert max(times) > 0.15
