"""A workshop's site in memory, and browsers without script that click through it."""

import asyncio
from html.parser import HTMLParser

import httpx
import pytest

import simulator as ns
from simulator.workshop.live import opened, started
from simulator.workshop.plan import Plan
from simulator.workshop.store import Folder
from simulator.workshop.web.app import create_app
from simulator.workshop.web.hall import Hall
from simulator.workshop.web.security import Limits

HOME = "http://127.0.0.1:8000"


class Form:
    """A form of a page: where it goes and what it would send."""

    def __init__(self, attributes):
        self.action, self.method = attributes.get("action", ""), attributes.get("method", "get")
        self.fields = {}
        self.choices = {}
        self.buttons = []

    @property
    def move(self):
        return self.fields.get("move", "")


class Html(HTMLParser):
    """What a reader without eyes or script gets: headings, forms, words, and how fields are labelled."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.forms, self.h1, self.text, self.labels, self.ids, self.links = [], [], "", [], [], []
        self.unlabelled, self.alerts, self.faulty = [], [], []
        self._form = self._select = self._h1 = None
        self._alert = 0
        self._inside_label = 0
        self._named = []
        self.feed(text)
        self.unlabelled = [one for one, own in self._named if not own and one not in self.labels]

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if "id" in a:
            self.ids.append(a["id"])
        if tag == "h1":
            self._h1 = ""
        elif tag == "a":
            self.links.append(a.get("href", ""))
        elif tag == "form":
            self._form = Form(a)
            self.forms.append(self._form)
        elif tag == "label":
            self._inside_label += 1
            self.labels.append(a.get("for"))
        if tag in ("input", "select", "textarea") and a.get("type") != "hidden":
            self._named.append((a.get("id"), self._inside_label > 0))
            if a.get("aria-invalid") == "true":
                self.faulty.append(a["name"])
        if self._form is not None and "name" in a:
            if tag == "input" and a.get("type") in ("radio", "checkbox"):
                self._form.choices.setdefault(a["name"], []).append(a.get("value"))
                if "checked" in a:
                    self._form.fields[a["name"]] = a.get("value")
            elif tag == "input":
                self._form.fields[a["name"]] = a.get("value", "")
            elif tag == "select":
                self._select = a["name"]
                self._form.choices[a["name"]] = []
            elif tag == "textarea":
                self._form.fields[a["name"]] = ""
            elif tag == "button":
                self._form.buttons.append((a["name"], a.get("value")))
        if tag == "option" and self._select and self._form:
            self._form.choices[self._select].append(a.get("value", ""))
            if "selected" in a or len(self._form.choices[self._select]) == 1:
                self._form.fields[self._select] = a.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "label":
            self._inside_label -= 1
        elif tag == "h1":
            self.h1.append(" ".join(self._h1.split()))
            self._h1 = None

    def handle_data(self, data):
        self.text += data
        if self._h1 is not None:
            self._h1 += data


class Browser:
    """A browser without script."""

    def __init__(self, site, **headers):
        self.site = site
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(site.app, client=(headers.pop("address", "10.0.0.1"), 5000)),
            base_url=HOME,
            headers={"origin": HOME, **headers},
        )

    def request(self, method, path, *, follow=True, **rest):
        return self.site.run(self.client.request(method, path, follow_redirects=follow, **rest))

    def get(self, path, **rest):
        return self.request("GET", path, **rest)

    def post(self, path, data, **rest):
        return self.request("POST", path, data=data, **rest)

    def page(self, path):
        return Html(self.get(path).text)

    def form(self, path, move, **wanted):
        found = self.page(path).forms
        for form in found:
            if form.move == move and all(form.fields.get(key) == value for key, value in wanted.items()):
                return form
        raise AssertionError(f"no form {move!r} on {path}; there are {[form.move for form in found]}")

    def send(self, path, move, follow=True, wanted=None, **fields):
        form = self.form(path, move, **(wanted or {}))
        return self.post(form.action, {**form.fields, **fields}, follow=follow)


class Site:
    """A server in memory over a data folder."""

    def __init__(self, tmp_path, scenario, *, plan=None, limits=None):
        self.runner = asyncio.Runner()
        self.folder = Folder(tmp_path / "data")
        self.live = started(self.folder, scenario, plan or Plan.of(scenario), title=scenario.title)
        self.limits = limits or Limits(delay=0.0)
        self.code = self.live.code
        self._serve(self.live)

    def _serve(self, live):
        self.live = live
        self.hall = Hall(self.folder, [HOME], present=self.code, limits=self.limits)
        self.stage = self.hall.add(live)
        self.app = create_app(self.hall)

    def restart(self):
        """As after kill -9: everything again from the file."""
        self.live.store.close()
        self._serve(opened(self.folder, self.code))

    def run(self, coroutine):
        return self.runner.run(coroutine)

    def close(self):
        self.hall.close()
        self.runner.close()

    @property
    def seat(self):
        return f"/w/{self.code}"

    @property
    def console(self):
        return f"/console/{self.code}"

    def browser(self, **headers):
        return Browser(self, **headers)

    def joined(self, name="", role="player", **headers):
        browser = self.browser(**headers)
        form = browser.page(self.seat).forms[0]
        answer = browser.post(form.action, {**form.fields, "name": name, "role": role})
        assert answer.status_code == 200
        return browser

    def trainer(self):
        browser = self.browser()
        answer = browser.post("/trainer", {"token": self.hall.trainer.token})
        assert answer.status_code == 200
        return browser

    def projector(self):
        browser = self.browser()
        assert browser.get(f"/projector/{self.code}/{self.hall.trainer.projector(self.code)}").status_code == 200
        return browser

    def play_on(self, browsers, moves=1000, stop=()):
        """Every browser does what its page asks for, until nobody is asked (or a page asks for one of `stop`)."""
        for _ in range(moves):
            acted = False
            for browser in browsers:
                page = browser.page(self.seat)
                asked = {form.move: form for form in reversed(page.forms)}
                if any(one in asked for one in stop):
                    return
                if one_step(browser, page, asked):
                    acted = True
            if not acted:
                return
        raise AssertionError("the workshop does not come to rest")

    def advance(self, trainer, to, *, force=False):
        """The trainer goes on."""
        answer = trainer.send(self.console, "advance", wanted={"to": to})
        assert answer.status_code == 200
        page = Html(answer.text)
        sure = [form for form in page.forms if form.fields.get("sure") == "yes"]
        assert bool(sure) == force
        if sure:
            answer = trainer.post(sure[0].action, sure[0].fields)
            assert answer.status_code == 200
        return answer

    @staticmethod
    def read(answer):
        """A page as it is read."""
        return Html(answer.text)


def one_step(browser, page, asked):
    """One answer to what a page asks; False where it asks nothing."""
    if "prepare" in asked and "Saved" not in page.text:
        answers = {"outside": "24", "target": "40", "first_offer": "60", "guess": "20"}
        kind = "prepare"
    elif "confirm" in asked:
        kind, answers = "confirm", {"agrees": "yes"}
    elif "accept" in asked:
        kind, answers = "accept", {}
    elif "enter" in asked:
        forms = [form for form in page.forms if form.move == "enter" and "agreed" not in form.fields]
        picked = {name: values[-1] for name, values in forms[0].choices.items() if name.startswith("option-")}
        return browser.post(forms[0].action, {**forms[0].fields, **picked}).status_code == 200
    elif "offer" in asked:
        values = asked["offer"].choices
        kind, answers = "offer", {name: options[-1] for name, options in values.items()}
    elif "choose" in asked:
        kind, answers = "choose", {"posture": asked["choose"].choices["posture"][-1]}
    elif "deliver" in asked:
        kind, answers = "deliver", {"effort": asked["deliver"].choices["effort"][0]}
    elif "again" in asked:
        kind, answers = "again", {"answer": "6"}
    elif "renew" in asked:
        kind, answers = "renew", {"stays": "yes"}
    elif "bid" in asked:
        kind, answers = "bid", {"bid": "2"}
    elif "go-on" in asked:
        kind, answers = "go-on", {"as": "agent"}
    elif "bet" in asked:
        kind, answers = "bet", {name: "30" for name in asked["bet"].fields if name.startswith("bet-")}
    else:
        return False
    answer = browser.post(asked[kind].action, {**asked[kind].fields, **answers})
    assert answer.status_code == 200, (kind, answer.text)
    return True


@pytest.fixture(scope="session")
def renewal():
    return ns.load_scenario("saas-renewal")


@pytest.fixture
def site_of(tmp_path):
    """Make a site for a scenario; closed afterwards."""
    made = []

    def make(scenario, **rest):
        made.append(Site(tmp_path, scenario, **rest))
        return made[-1]

    yield make
    for site in made:
        site.close()


@pytest.fixture
def site(site_of, renewal):
    """The reference scenario, two periods, two people who talk."""
    return site_of(renewal, plan=Plan.of(renewal, periods=2))
