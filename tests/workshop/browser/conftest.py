"""Real phones for the tests: the system's Chromium, one context per participant, a server of its own per test file.

Without a browser these tests are skipped and say why; where NEGSIM_REQUIRE_BROWSER is set they fail instead.
"""

import os
import re
import shutil

import pytest
from loopback import Server

from simulator.workshop.words import words

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000  # milliseconds for what takes one: a bound, not a measure
STEADY = ("relationship.churn=0", "relationship.begrudge=0")  # nobody leaves but by a choice of their own
t = words()
PHONE = {"width": 390, "height": 844}


def lacking(said):
    """Skip, or fail where a browser has to be there."""
    if os.environ.get("NEGSIM_REQUIRE_BROWSER"):
        pytest.fail(f"NEGSIM_REQUIRE_BROWSER is set, but {said}", pytrace=False)
    pytest.skip(said)


@pytest.fixture(scope="module")
def chromium():
    """The browser; started once for each file, since its event loop would be in the way of other tests."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        lacking("there is no chromium on this machine")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        lacking("playwright is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def serve(tmp_path):
    """Start servers, each with a workshop of its own; they end with the test."""
    started = []

    def start(scenario="saas-renewal", *changes, options=(), **plan):
        said = [f"workshop.{key}={value!r}".replace("'", '"') for key, value in plan.items()]
        changed = [one for change in (*STEADY, *said, *changes) for one in ("--set", change)]
        started.append(Server(tmp_path / f"data{len(started)}", scenario, *changed, *options).start())
        return started[-1]

    yield start
    for server in started:
        if server.process is not None:
            assert server.stop() == 0
        assert "Traceback" not in server.errors(), server.errors()


class Visitor:
    """One browser context with one page: nobody shares a cookie with anybody."""

    def __init__(self, chromium, server, *, home=None, **context):
        self.server, self.home = server, home or server.home
        self.context = chromium.new_context(**({"viewport": PHONE, "locale": "en-GB"} | context))
        self.script = context.get("java_script_enabled", True)
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.asked, self.faults = [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._said)

    def _said(self, message):
        # A friendly page has a status of its own, and a server that is away is what some tests are about.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def go(self, path):
        self.page.goto(f"{self.home}{path}")
        return self

    @property
    def h1(self):
        return self.page.locator("h1").inner_text()

    @property
    def step(self):
        return self.page.locator("main").get_attribute("data-step")

    def settle(self):
        """Wait until the page shows what the server has: it has been told of it, or is about to be."""
        self.page.wait_for_function(
            """async () => {
                const seen = document.body.dataset.seen;
                const now = (await (await fetch(document.body.dataset.version)).text()).trim();
                return seen === now && document.body.dataset.seen === now;
            }""",
            polling=50,
        )

    def until(self, condition, argument=None):
        """Wait for a condition on the page, written in its own language."""
        self.page.wait_for_function(condition, arg=argument)
        return self

    def until_h1(self, words):
        return self.until("words => document.querySelector('h1').innerText.includes(words)", words)

    def until_new(self, step):
        """Wait for another step than this one."""
        return self.until("step => document.querySelector('main').dataset.step !== step", step)

    def form(self, move, more=""):
        """The form that makes a move."""
        return self.page.locator(f"main form:has(input[name=move][value={move}]){more}")

    def tap(self, form, label=None):
        """Press a form's button and wait until it was answered."""
        button = form.get_by_role("button", name=label) if label else form.get_by_role("button").first
        if self.script:
            button.click()  # the script marks the button until the answer is there
            self.until("() => !document.querySelector('main [aria-disabled=true]')")
        else:
            with self.page.expect_navigation():
                button.click()


class Phone(Visitor):
    """A participant."""

    def join(self, name="", role="join"):
        self.go(f"/w/{self.server.code}")
        if name:
            self.page.get_by_label(t("join.name")).fill(name)
        self.page.get_by_role("button", name=t(f"join.{role}")).click()
        self.page.wait_for_selector("body.seat")
        return self

    @property
    def side(self):
        sides = self.page.locator(".bar .strong")
        return sides.get_attribute("class").split()[0] if sides.count() else ""

    @property
    def moves(self):
        """What the page asks for or allows."""
        return self.page.eval_on_selector_all("main form input[name=move]", "all => all.map(one => one.value)")

    def act(self, *, last=True):
        """Do what the page asks for, as a person would; False where it asks for nothing."""
        if self.script:
            self.settle()
        moves = set(self.moves)
        pick = -1 if last else 1
        if "prepare" in moves and not self.page.get_by_text(t("seat.prepare.saved")).count():
            form = self.form("prepare")
            for name, value in (("outside", "24"), ("target", "40"), ("first_offer", "60.5"), ("guess", "20")):
                form.locator(f"[name={name}]").fill(value)
            self.tap(form)
        elif "confirm" in moves:
            self.tap(self.form("confirm", ":has(input[name=agrees][value=yes])"))
        elif "accept" in moves:
            self.tap(self.form("accept"))
        elif "offer" in moves or ("enter" in moves and self.side == "vendor"):  # one of the two enters
            form = self.form("offer" if "offer" in moves else "enter").first
            for one in form.locator("select[data-issue]").all():
                one.select_option(index=one.locator("option").count() - 1 if pick < 0 else pick)
            self.tap(form)
        elif moves & {"deliver", "choose", "renew", "go-on"}:
            form = self.form((moves & {"deliver", "choose", "renew", "go-on"}).pop())
            form.locator("input[type=radio]").first.check()
            self.tap(form)
        elif "again" in moves:
            form = self.form("again")
            form.locator("input[type=radio]").nth(5).check()
            self.tap(form)
        elif "bid" in moves:
            form = self.form("bid")
            most = re.findall(r"\d[\d,.]*\d|\d", form.locator("#hint-bid").inner_text())[-1]
            form.locator("[name=bid]").fill(most)
            self.tap(form)
        elif "bet" in moves:
            form = self.form("bet")
            for one in form.locator("input[type=text]").all():
                one.fill("30")
            self.tap(form)
        else:
            return False
        return True


class Trainer(Visitor):
    """The console, entered by the address that the terminal prints."""

    def enter(self):
        self.page.goto(self.server.said["trainer"])
        self.page.get_by_role("button").click()
        self.page.wait_for_url("**/console/*")
        return self

    def look(self, tab=""):
        return self.go(f"/console/{self.server.code}{tab}")

    def advance(self, to, *, ready=True):
        """Press the way on; by default once the console says that everybody is ready."""
        if re.sub(".*/console/[^/]*", "", self.page.url):
            self.look()
        if ready:
            self.page.get_by_text(t("console.ready")).wait_for()
        form = self.page.locator(f"form:has(input[name=to][value={to}])")
        if not form.is_visible():
            self.page.locator("#others summary").click()
        self.tap(form)
        sure = self.page.locator("form:has(input[name=sure])")
        if sure.count():
            self.tap(sure)
        return self


class House:
    """A server with its visitors."""

    def __init__(self, chromium, server):
        self.chromium, self.server, self.visitors = chromium, server, []

    def _came(self, visitor):
        self.visitors.append(visitor)
        return visitor

    def phone(self, **context):
        return self._came(Phone(self.chromium, self.server, **context))

    def phones(self, *names):
        return [self.phone().join(name) for name in names]

    def trainer(self, **context):
        wide = {"viewport": {"width": 1280, "height": 720}}
        return self._came(Trainer(self.chromium, self.server, **(wide | context))).enter()

    def wall(self, **context):
        wide = {"viewport": {"width": 1920, "height": 1080}}
        one = self._came(Visitor(self.chromium, self.server, **(wide | context)))
        one.page.goto(self.server.said["projector"])
        return one

    def play_on(self, phones, *, until=lambda phone: False):
        """Everybody does what the page asks for, until nobody is asked (or a page is as wanted)."""
        acted = True
        while acted:
            acted = False
            for phone in phones:
                phone.settle()  # one after the other: what a page shows now, it shows until its turn is over
                if until(phone):
                    return
                if phone.act():
                    acted = True
                    if until(phone):
                        return

    def close(self):
        for visitor in self.visitors:
            visitor.context.close()
            assert visitor.faults == []


@pytest.fixture
def house(chromium, serve):
    """Make a server with visitors; closed with the test."""
    made = []

    def make(scenario="saas-renewal", *changes, options=(), **plan):
        made.append(House(chromium, serve(scenario, *changes, options=options, **plan)))
        return made[-1]

    yield make
    for one in made:
        one.close()
