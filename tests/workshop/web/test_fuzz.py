"""Hostile requests of all kinds get an answer that a person can read, never a traceback, and break nothing.

Forms that the site itself shows are sent on with their fields spoilt, doubled, left out and made up; paths, cookies,
headers and bodies are made up. The seed is in the test's name, so that a failure comes again.
"""

import json
import random
from collections import Counter
from urllib.parse import quote, urlencode

import pytest
from load import answer
from loopback import Page

from simulator.workshop.plan import Plan

# What fields are spoilt with: numbers that are none, texts of every kind, other people's names, other forms' words.
SPOILT = [
    *("", " ", "0", "-1", "1e999", "-1e308", "nan", "inf", "9" * 400, "0x10", "1_000", "٣", "1,2,3", "½", "--5", "2.5"),
    *("null", "true", "[]", "{}", "\x00", "\x00" * 50, "\ud7ff\ufffe", "\u202eevil", "ＡＢＣ", "e\u0301" * 300),
    *("<script>alert(1)</script>", "{{ 7 * 7 }}", "{% raw %}", "%s%n", "{0.__class__}", "${x}", "../../etc/passwd"),
    *("'; DROP TABLE event; --", "\r\nset-cookie: a=b", "a" * 5000, "🤝" * 200, "99999999999999999999", "4.0000000001"),
    *("s1", "s2", "s999", "trainer", "vendor", "yes", "no", "talk", "1", "2", "3", "7", "8"),
    *("play", "debrief", "second-round", "close", "reveal"),
]
NAMES = [
    *("move", "key", "name", "role", "nonce", "outside", "target", "first_offer", "guess", "option-0", "option-1"),
    *("first-0", "agreed", "first_offer_by", "offer", "effort", "invest", "posture", "answer", "stays", "bid", "as"),
    *("pair", "note", "mark-questions", "bet-left", "bet-", "mark-", "to", "from", "minutes", "hard", "off", "periods"),
    *(
        "mode",
        "contest",
        "seat",
        "agent",
        "count",
        "step",
        "shown",
        "back",
        "sure",
        "confirm",
        "code",
        "words",
        "token",
    ),
    *("scenario", "people", "vendor_effort", "client_again", "vendor_stays", "\x00", "", "a" * 300, "é", "__proto__"),
]
PARTS = [
    *(
        "",
        ".",
        "..",
        "w",
        "console",
        "projector",
        "trainer",
        "static",
        "people",
        "pair",
        "export",
        "json",
        "csv",
        "back",
    ),
    *(
        "%00",
        "%2e%2e",
        "%ff%fe",
        "-1",
        "1e9",
        "99999999999999999999",
        "s1",
        "s2",
        "AAAAA",
        "A" * 2000,
        "join",
        "forget",
    ),
    *("words", "stream.", "version", "sheet.html", "sandbox", "qr.svg", "debrief", "settings", "delete.", "é", "<b>"),
]
FORM, PARTED = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
TYPES = [
    *(FORM, PARTED, "application/json", "text/plain", "multipart/form-data", "", "a/b; charset=\x7f"),
    *(f"{FORM}; charset=utf-16", "multipart/form-data; boundary=" + "y" * 500),
]
METHODS = ["HEAD", "PUT", "DELETE", "OPTIONS", "BREW", "PATCH", "TRACE"]


class Fuzzer:
    """Makes requests up, and sends them."""

    def __init__(self, site, seed):
        self.site, self.rng = site, random.Random(seed)
        self.people = [site.joined() for _ in range(4)] + [site.joined(role="observer")]
        self.trainer, self.wall = site.trainer(), site.projector()
        self.strangers = [site.browser(), site.browser(cookie="seat=x; trainer=y.z; projector=é".encode("latin-1"))]
        self.prepared = set()
        self.phases, self.statuses = set(), Counter()

    def text(self):
        r = self.rng
        if r.random() < 0.9:
            return r.choice(SPOILT)
        return "".join(chr(r.randrange(1, 0xD7FF)) for _ in range(r.randrange(60)))

    def fields(self):
        """A form that the site shows, spoilt in places; or one that nobody has shown."""
        r = self.rng
        fields = []
        who = r.choice([*self.people, self.trainer])
        path = self.site.seat
        if who is self.trainer:
            path = self.site.console + r.choice(["", "/settings", "/people/s1", "/pair/1", "/people/s2"])
        forms = who.page(path).forms if r.random() < 0.75 else []
        if forms:
            form = r.choice(forms)
            path = form.action
            for name, value in form.fields.items():
                chance = r.random()
                if chance < 0.7:
                    fields.append((name, r.choice(form.choices.get(name) or [value])))
                elif chance < 0.9:
                    fields.append((name, self.text()))
                if chance > 0.95:
                    fields.append((name, self.text()))
        for _ in range(r.randrange(0 if forms else 1, 4)):
            fields.append((r.choice(NAMES), self.text()))
        if r.random() < 0.02:
            fields += [(f"f{n}", "x") for n in range(2000)]
        if ("code", self.site.code) in fields or path.endswith("/delete"):
            fields = [(name, value) for name, value in fields if name != "code"]
        return who, path, fields

    def path(self):
        r = self.rng
        if r.random() < 0.5:
            start = r.choice([self.site.seat, self.site.console, f"/projector/{self.site.code}", "/w", "/console", ""])
            return start + "".join("/" + r.choice(PARTS) for _ in range(r.randrange(1, 4)))
        known = ["/people", "/debrief", "/sandbox", "/settings", "/delete", "/export/html", "/export/json"]
        asked = quote(self.text(), errors="replace")
        query = f"?{r.choice(['periods', 'slip', 'mix', 'vendor_outside', 'x'])}={asked}"
        return self.site.console + r.choice(known) + (query if r.random() < 0.5 else "")

    def body(self, fields):
        r, kind, chance = self.rng, self.rng.choice(TYPES), self.rng.random()
        if chance < 0.6:
            return urlencode(fields, errors="replace").encode(), FORM
        if chance < 0.7:
            return json.dumps(dict(fields)).encode(), kind
        if chance < 0.8:
            start = '--x\r\ncontent-disposition: form-data; name="'
            parts = [f'{start}{name}"{r.choice(["", "; filename=a"])}\r\n\r\n{value}\r\n' for name, value in fields]
            return ("".join(parts) + r.choice(["--x--\r\n", "--x", ""])).encode(errors="replace"), PARTED
        if chance < 0.9:
            return r.randbytes(r.randrange(400)), kind
        odd = [b"&" * 3000, b"=" * 50, b"a=%", b"a=%zz&%ff=%fe", b"[" * 5000, b"move=" + b"x" * 65000]
        return r.choice(odd), kind

    def headers(self):
        r = self.rng
        made = {}
        if r.random() < 0.1:
            made["host"] = r.choice(["127.0.0.1:8000", "evil.example", "", "[::1", "127.0.0.1:99999", "a" * 3000])
        if r.random() < 0.1:
            made["origin"] = r.choice(["null", "http://evil.example", "http://[", "127.0.0.1:8000", "http://127.0.0.1"])
        if r.random() < 0.1:
            token = r.choice(["", "x" * 4000, '"', ";;=", "a.b", "=", "seat=" * 50])
            made["cookie"] = f"{r.choice(['seat', 'trainer', 'projector', ''])}={token}"
        if r.random() < 0.05:
            made["accept-encoding"] = made["range"] = made["if-none-match"] = "bytes=0-,1-\x7f"
        return made

    def once(self):
        """One request, and its answer."""
        r = self.rng
        if r.random() < 0.65:
            who, path, fields = self.fields()
            if r.random() < 0.15:
                who = r.choice([*self.people, self.trainer, self.wall, *self.strangers])
            if r.random() < 0.1:
                path = self.path()
            if path.endswith("/delete"):
                fields = []
            content, kind = self.body(fields)
            headers = {"content-type": kind} | self.headers()
            if r.random() < 0.03:
                headers["content-length"] = r.choice(["-1", "abc", "1e3", "", "99999999999", "٣"]).encode()
            return who.request("POST", path, content=content, headers=headers, follow=r.random() < 0.3)
        who = r.choice([*self.people, self.trainer, self.trainer, self.wall, *self.strangers])
        method = "GET" if r.random() < 0.85 else r.choice(METHODS)
        return who.request(method, self.path(), headers=self.headers(), follow=r.random() < 0.3)

    def run(self, count):
        """So many requests; each answered well."""
        for number in range(count):
            answer = self.once()
            said = f"request {number}: {answer.request.method} {answer.request.url!s:.99}: {answer.status_code}"
            assert 200 <= answer.status_code < 500, said
            assert "Traceback" not in answer.text, said
            if answer.status_code >= 400 and answer.request.method != "HEAD":
                assert "<h1" in answer.text, said
            self.phases.add(self.site.live.room.phase)
            self.statuses[answer.status_code] += 1
            if number % max(40, count // 40) == 39:
                self.move_on()

    def move_on(self):
        """Now and then people answer as they should, and the trainer goes on, so that every stage is met."""
        for _ in range(4):
            for person in self.people[:4]:
                page = Page(person.get(self.site.seat).text)
                form = answer(page, self.rng, prepared=self.prepared)
                if form is not None:
                    self.prepared.add(page.step)
                    person.post(self.site.seat, form)
        form = next((one for one in self.trainer.page(self.site.console).forms if one.move == "advance"), None)
        if form is not None and form.fields["to"] != "close":
            self.trainer.post(form.action, {**form.fields, "sure": "yes"})


@pytest.mark.parametrize(
    ("count", "seed", "plan"),
    [
        (250, 1, {"contest": "effort"}),
        (250, 2, {"mode": "type"}),
        pytest.param(5000, 3, {"contest": "price", "partners": "new"}, marks=pytest.mark.slow),
        pytest.param(5000, 4, {"mode": "type", "after_leaving": "outside"}, marks=pytest.mark.slow),
    ],
)
def test_hostile_requests_are_answered_well(site_of, renewal, count, seed, plan):
    site = site_of(renewal, plan=Plan.of(renewal, periods=3, **plan))
    fuzzer = Fuzzer(site, seed)
    fuzzer.run(count)
    assert len(fuzzer.phases) >= 4
    assert fuzzer.statuses[303] > count / 50  # some of it does something
    site.restart()  # what was written can be read again
    assert site.live.room.phase in fuzzer.phases
