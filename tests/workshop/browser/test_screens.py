"""Every screen, on small phones and large, light and dark: nothing cut off, unnamed, too small or too faint."""

from pathlib import Path

import pytest

from simulator.workshop.words import words

t = words()
AUDIT = Path(__file__).with_name("audit.js").read_text(encoding="utf-8")
SMALL = [(320, 568), (360, 640), (390, 844)]
WIDE = [(1280, 720), (1920, 1080)]
ASKED = {"bid", "talk", "confirm", "offer", "choose", "deliver", "result", "renew", "prepare", "predict"}
OPEN = "open => document.querySelectorAll('main details').forEach(one => { one.open = open; })"


class Auditor:
    """Looks at each screen the first time it is met."""

    def __init__(self):
        self.seen, self.faults = set(), []

    def look(self, visitor, name, *, surface="phone", sizes=(*SMALL, *WIDE), primary=1):
        """All sizes in light, one in dark; then as it was."""
        if name in self.seen:
            return
        self.seen.add(name)
        page, before = visitor.page, visitor.page.viewport_size
        opened = page.locator("main details[open]").count()
        page.evaluate(OPEN, True)
        for number, (width, height) in enumerate([*sizes, sizes[-1]]):
            page.set_viewport_size({"width": width, "height": height})
            dark = number == len(sizes)
            page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
            asked = {"surface": surface, "primary": primary}
            where = f"{name} at {width} x {height}{' in the dark' if dark else ''}"
            self.faults += [f"{where}: {fault}" for fault in page.evaluate(AUDIT, asked)]
        if name in ASKED and page.locator(".primary:visible").count() != 1:
            self.faults.append(f"{name}: no primary button")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(before)
        if not opened:
            page.evaluate(OPEN, False)

    def step(self, phone):
        """Look at a seat's page under the name of its step; for `play_on`."""
        self.look(phone, phone.step.rpartition("/")[2])
        return False

    def done(self, *wanted):
        assert set(wanted) <= self.seen, set(wanted) - self.seen
        assert self.faults == [], "\n" + "\n".join(self.faults)


@pytest.fixture
def auditor():
    return Auditor()


def play(house, phones, auditor, *stages):
    for to in stages:
        house.trainers[0].advance(to)
        house.play_on(phones, until=auditor.step)


def test_the_audit_finds_what_it_looks_for(house):
    phone = house().phone().go("/")
    assert phone.page.evaluate(AUDIT, {"surface": "phone"}) == []
    phone.page.evaluate(
        """() => {
            const main = document.querySelector("main"), add = (tag, look, text) => {
                const one = main.appendChild(document.createElement(tag));
                Object.assign(one.style, look); one.textContent = text; return one;
            };
            add("p", { fontSize: "12px" }, "small");
            add("p", { color: "rgb(150, 150, 150)" }, "faint");
            add("p", { opacity: "0.5" }, "half seen");
            add("p", { width: "3000px" }, "wide");
            add("button", { minHeight: "20px", height: "20px", padding: "0" }, "low");
            add("button", {}, "");
            add("input", {}, "").setAttribute("aria-invalid", "true");
            add("h1", {}, "second");
            add("h4", {}, "deep");
            add("button", {}, "first").className = "primary";
        }"""
    )
    found = "\n".join(phone.page.evaluate(AUDIT, {"surface": "phone"}))
    for said in ("text of 12", "contrast of", "half seen", "sideways", "target of", "no name", "no label", "not tied"):
        assert said in found
    for said in ("2 h1", "level 4", "2 primary"):
        assert said in found


def test_screens_of_joining_and_of_what_can_go_wrong(house, auditor):
    house = house()
    phone = house.phone()
    for name, path in (
        ("code", "/"),
        ("join", f"/w/{house.server.code}"),
        ("words", f"/w/{house.server.code}/words"),
        ("missing", "/nothing"),
        ("no workshop", "/w/AAAAA"),
        ("not a trainer", "/console"),
        ("not the wall", f"/projector/{house.server.code}"),
        ("no seat", f"/w/{house.server.code}/back/nothing"),
    ):
        auditor.look(phone.go(path), name)
    phone.go("/").page.locator("#code").fill("AAAAA")
    phone.page.locator("#code").press("Enter")
    phone.page.locator("[aria-invalid=true]").wait_for()
    auditor.look(phone, "wrong code")
    assert phone.page.evaluate("document.activeElement.id") == "code"
    auditor.done()


def test_screens_of_a_workshop_in_talk_mode(house, auditor):
    house = house(periods=2)
    phones = house.phones("A" * 40, "B" * 40, "Cid", "Dot")  # the longest names, with nowhere to break them
    watcher = house.phone().join("Wat", role="observe")
    house.trainers = [house.trainer()]
    everybody = [*phones, watcher]
    auditor.step(phones[0])
    house.trainers[0].advance("start")
    phones[0].form("prepare").wait_for()
    phones[0].page.locator("#target").fill("a lot")
    phones[0].tap(phones[0].form("prepare"))
    auditor.look(phones[0], "prepare, with a fault")
    house.play_on(everybody, until=auditor.step)
    play(house, everybody, auditor, "play", "next-period", "predict", "debrief")
    house.trainers[0].advance("close", ready=False)
    phones[0].until_h1(t("seat.debrief.closed"))
    auditor.step(phones[0])
    auditor.done(
        *("lobby", "prepare", "talk", "confirm", "confirm-wait", "deliver", "deliver-wait", "result", "renew"),
        *("review-wait", "done", "observe", "predict", "predict-wait", "debrief", "closed"),
    )


def test_screens_of_a_contest(house, auditor):
    house = house("saas-renewal", contest="price")
    phones = house.phones("Ann", "Bob", "Cid", "Dot", "Eve", "Fay")
    house.trainers = [house.trainer()]
    play(house, phones, auditor, "start", "compete")
    auditor.done("bid", "bid-wait", "lost", "won", "client-wait")


def test_screens_of_type_mode_of_given_payoffs_and_of_a_seat_that_an_agent_plays(house, auditor):
    typed = house(periods=2, mode="type")
    phones = typed.phones("Ann", "Bob", "Cid")
    typed.trainers = [typed.trainer()]
    play(typed, phones, auditor, "start", "play")
    trainer = typed.trainers[0]
    trainer.look("/people/s1")
    trainer.tap(trainer.page.locator("form:has(input[value=seat-agent])"))
    phones[0].until_h1(t("seat.replaced.title"))
    auditor.step(phones[0])

    given = house("prisoners-dilemma", periods=2)
    players = given.phones("Ann", "Bob")
    given.trainers = [given.trainer()]
    play(given, players, auditor, "start", "play")
    auditor.done("offer", "offer-wait", "choose", "choose-wait", "replaced")


def test_screens_of_the_console(house, auditor):
    house = house(periods=2)
    trainer = house.trainer()
    sizes = [(360, 640), (1280, 720), (1920, 1080)]

    def look(name, path="", primary=1):
        trainer.look(path)
        auditor.look(trainer, f"console {name}", surface="console", sizes=sizes, primary=primary)

    trainer.go("/console")
    auditor.look(trainer, "library", surface="console", sizes=sizes)
    look("lobby")
    look("settings", "/settings")
    phones = house.phones("Ann", "Bob", "Cid", "Dot", "Eve")
    look("people", "/people")
    look("one person", "/people/s1")
    trainer.look().advance("start")
    look("prepare")
    house.play_on(phones)
    trainer.look().advance("play")
    look("play")
    look("pair", "/pair/1")
    trainer.look()
    others = trainer.page.locator("form:has(input[name=to][value=next-period])")
    others.get_by_role("button").click()
    trainer.page.locator("form:has(input[name=sure])").wait_for()
    auditor.look(trainer, "console sure", surface="console", sizes=sizes)
    house.play_on(phones)
    for to in ("next-period", "debrief"):
        trainer.look().advance(to)
        house.play_on(phones)
    look("after", "")
    look("debrief", "/debrief")
    look("sandbox", "/sandbox")
    look("delete", "/delete")
    auditor.done()


def test_screens_of_the_projector(house, auditor):
    house = house(periods=2)
    trainer, wall = house.trainer(), house.wall()

    def look(name):
        wall.until("name => document.querySelector('main').dataset.step.startsWith(name)", name.split()[0])
        auditor.look(wall, f"wall {name}", surface="projector", sizes=WIDE, primary=0)

    look("lobby")
    for width, height in WIDE:
        wall.page.set_viewport_size({"width": width, "height": height})
        code = wall.page.locator(".qr svg").bounding_box()
        assert code["height"] >= height / 4
        assert code["y"] + code["height"] <= height
    phones = house.phones("Ann", "Bob", "Cid", "Dot", "Eve")
    trainer.look().advance("start")
    look("prepare")
    house.play_on(phones)
    for to, name in (("play", "play"), ("next-period", None), ("predict", "predict"), ("debrief", "debrief")):
        trainer.look().advance(to)
        if name:
            look(name)
        house.play_on(phones)
    while trainer.page.locator("form:has(input[name=to][value=reveal])").count():
        before = wall.step
        trainer.advance("reveal", ready=False)
        wall.until_new(before)
        look(f"debrief {wall.step.rpartition('/')[2]}")
    auditor.look(phones[0].go(f"/w/{house.server.code}/sandbox"), "sandbox on a phone")
    trainer.advance("close", ready=False)
    look("closed")
    auditor.done()
