"""Keyboard alone, readers, first visits, and finding what matters at a glance."""

from urllib.parse import urlsplit

import pytest

from simulator.workshop.words import words

t = words()
FOCUS = "document.activeElement.matches(wanted)"


def tab_to(phone, wanted):
    """Press Tab until an element has the focus, which has to be seen there."""
    for _ in range(60):
        phone.page.keyboard.press("Tab")
        if phone.page.evaluate(f"wanted => {FOCUS}", wanted):
            break
    else:
        raise AssertionError(f"no way to {wanted} with the keyboard on {phone.h1!r}")
    seen = phone.page.evaluate(
        """() => {
            const one = document.activeElement, around = one.closest(".choice") || one, next = one.nextElementSibling;
            return [one, around, next].some((box) => box && getComputedStyle(box).outlineStyle !== "none");
        }"""
    )
    assert seen, f"the focus on {wanted} is not to be seen"


def answered(phone):
    phone.page.keyboard.press("Enter")
    phone.until("() => !document.querySelector('main [aria-disabled=true]')")


def test_a_whole_period_with_the_keyboard_alone(house):
    house = house(periods=2)
    ann, bob = house.phone(), house.phone()
    for phone, name in ((ann, "Ann"), (bob, "Bob")):
        phone.go(f"/w/{house.server.code}")
        tab_to(phone, "input[name=name]")
        phone.page.keyboard.type(name)
        tab_to(phone, "button.primary")
        phone.page.keyboard.press("Enter")
        phone.page.wait_for_selector("body.seat")
    trainer = house.trainer()
    tab_to(trainer, ".primary")
    answered(trainer)
    for phone in (ann, bob):
        phone.form("prepare").wait_for()
        tab_to(phone, "details.sheet > summary")
        phone.page.keyboard.press("Enter")
        assert phone.page.locator("details.sheet").get_attribute("open") is not None
        tab_to(phone, "#outside")
        phone.page.keyboard.type("24")
        tab_to(phone, "main form .primary")
        answered(phone)
    trainer.page.get_by_text(t("console.ready")).wait_for()
    trainer.page.locator("h1").wait_for()
    tab_to(trainer, ".primary")
    answered(trainer)
    for phone in (ann, bob):
        phone.form("enter").first.wait_for()
    seller, buyer = sorted((ann, bob), key=lambda phone: phone.side, reverse=True)
    for number in range(seller.page.locator("select[data-issue]").count()):
        tab_to(seller, f"#option-{number}")
        seller.page.keyboard.press("ArrowDown")
    tab_to(seller, "main .primary")
    answered(seller)
    buyer.form("confirm").first.wait_for()
    tab_to(buyer, "main .primary")
    answered(buyer)
    for phone in (seller, buyer):
        phone.form("deliver").wait_for()
        tab_to(phone, "input[name=effort]")
        phone.page.keyboard.press("Space")
        tab_to(phone, "main .primary")
        answered(phone)
    for phone in (seller, buyer):
        phone.form("again").wait_for()
        tab_to(phone, "input[name=answer]")
        phone.page.keyboard.press("ArrowRight")
        tab_to(phone, "main .primary")
        answered(phone)
        tab_to(phone, "input[name=stays]")
        phone.page.keyboard.press("Space")
        tab_to(phone, "main .primary")
        answered(phone)
    for phone in (seller, buyer):
        phone.until(
            "said => document.querySelector('h1').innerText.includes(said)", t("seat.done.title", word="Year", number=1)
        )


def test_joining_takes_two_taps(house):
    house = house()
    phone = house.phone()
    phone.go(f"/w/{house.server.code}")  # the first: the camera's link
    phone.page.get_by_role("button", name=t("join.join")).click()  # the second
    phone.page.wait_for_selector("body.seat")
    assert phone.form("rename").count() == 1


def test_a_new_step_moves_the_focus_to_its_heading_and_is_announced(house):
    house = house()
    ann, bob = house.phones("Ann", "Bob")
    trainer = house.trainer()

    def moved(said):
        ann.until("() => document.activeElement.tagName === 'H1'")
        ann.until("said => document.querySelector('[role=status]').textContent === said", t(said))

    trainer.advance("start")  # by what the trainer did
    ann.form("prepare").wait_for()
    moved("live.asked")
    ann.page.locator("#outside").fill("24")
    trainer.advance("play", ready=False)
    ann.form("enter").first.wait_for()
    moved("live.asked")
    ann.tap(ann.form("enter", ":has(input[value=no])"))  # by what she did herself
    ann.form("take-back").wait_for()
    moved("live.changed")
    bob.form("confirm").first.wait_for()
    bob.act()  # by what her partner did
    ann.form("again").wait_for()
    moved("live.asked")


def refreshed(visitor):
    """As when something is new that does not change the step: the page is fetched and put in place."""
    old = visitor.page.locator("main").element_handle()
    visitor.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    visitor.page.wait_for_function("old => !old.isConnected", arg=old)


def test_what_is_being_typed_and_the_focus_stay_when_the_page_around_them_changes(house):
    house = house()
    ann, bob = house.phones("Ann", "Bob")
    trainer = house.trainer()
    trainer.advance("start")
    ann.form("prepare").wait_for()
    ann.page.locator("#target").focus()
    ann.page.keyboard.type("12")
    refreshed(ann)
    assert ann.page.evaluate("document.activeElement.id") == "target"
    ann.page.keyboard.type("34")
    assert ann.page.locator("#target").input_value() == "1234"

    house.play_on([ann, bob])
    trainer.advance("play")
    house.play_on([ann, bob], until=lambda phone: phone.form("deliver").count() > 0)
    giver = ann if ann.form("deliver").count() else bob
    for wanted in ("input[name=effort]:not(:checked)", "main button.primary", "details.sheet > summary"):
        giver.page.locator(wanted).last.focus()
        about = "[document.activeElement.tagName, document.activeElement.value]"
        before = giver.page.evaluate(about)
        refreshed(giver)
        assert giver.page.evaluate(about) == before
    for wanted in (".tabs a:nth-child(3)", ".pairs a"):
        trainer.page.locator(wanted).first.focus()
        before = trainer.page.evaluate("document.activeElement.textContent")
        refreshed(trainer)
        assert trainer.page.evaluate("document.activeElement.textContent") == before


def test_a_first_visit_is_light_and_asks_no_other_host(house):
    house = house()
    phone = house.phone()
    phone.go(f"/w/{house.server.code}")
    phone.page.wait_for_load_state("networkidle")
    assert len(phone.asked) <= 8
    assert {urlsplit(url).netloc for url in phone.asked if not url.startswith("data:")} == {
        urlsplit(house.server.home).netloc
    }
    phone.page.get_by_role("button", name=t("join.join")).click()
    phone.page.wait_for_selector("body.seat")
    phone.until("() => document.readyState === 'complete'")
    bytes_ = phone.page.evaluate(
        """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
            .reduce((sum, one) => sum + Math.max(one.transferSize, one.encodedBodySize), 0)"""
    )
    assert bytes_ <= 100_000
    assert all(urlsplit(url).netloc == urlsplit(house.server.home).netloc for url in phone.asked if ":" in url[:6])


def test_the_sheet_is_shown_while_it_is_held(house):
    house = house()
    ann, _ = house.phones("Ann", "Bob")
    house.trainer().advance("start")
    ann.form("prepare").wait_for()
    summary, sheet = ann.page.locator("details.sheet > summary"), ann.page.locator("details.sheet")
    box = summary.bounding_box()
    ann.page.mouse.move(box["x"] + 20, box["y"] + 20)
    ann.page.mouse.down()
    assert sheet.evaluate("one => one.open")
    ann.page.wait_for_timeout(500)  # longer than a tap: that is what is tested
    ann.page.mouse.up()
    assert not sheet.evaluate("one => one.open")
    summary.click()  # a tap leaves it open
    assert sheet.evaluate("one => one.open")
    summary.click()
    assert not sheet.evaluate("one => one.open")


@pytest.mark.parametrize("pairs", [1, 60])
def test_the_console_shows_numbers_and_the_next_step_without_scrolling(house, pairs):
    house = house()
    trainer = house.trainer()
    trainer.look("/settings")
    trainer.page.locator("#count").fill(str(2 * pairs))
    trainer.tap(trainer.page.locator("form:has(input[value=expect])"))
    phones = house.phones("Ann", "Bob")
    if pairs > 1:
        trainer.look("/settings")
        trainer.page.locator("#seats").fill(str(2 * pairs - 2))
        trainer.tap(trainer.page.locator("form:has(input[value=add-seats])"))
    trainer.look()
    assert f"{2 * pairs}/{2 * pairs}" in trainer.page.locator(".tiles").inner_text()
    trainer.advance("start")
    trainer.advance("play", ready=False)
    trainer.page.locator("form:has(input[name=to][value=next-period])").wait_for()
    assert trainer.page.locator(".pairs > li").count() == pairs
    for phone in phones:
        phone.form("enter").first.wait_for()
    button = trainer.page.locator(".primary:visible")
    assert button.count() == 1
    for one in (button, *trainer.page.locator(".tile").all()):
        place = one.bounding_box()
        assert place["y"] + place["height"] <= 720
    assert f"0/{pairs}" in trainer.page.locator(".tiles").inner_text()
