"""Same seat, same state, whatever happens to the page, the phone, the line or the server."""

import contextlib
import re
import socket
import threading

import pytest

from simulator.workshop.words import words

t = words()


@pytest.fixture
def table(house):
    """Two people who talk, Ann on the vendor's chair, and the house they are in."""

    def make(**rest):
        one = house(periods=2, **rest)
        phones = one.phones("Ann", "Bob")
        trainer = one.trainer()
        trainer.advance("start")
        one.play_on(phones)
        trainer.advance("play")
        for phone in phones:
            phone.form("enter").first.wait_for()
        phones.sort(key=lambda phone: phone.side, reverse=True)
        return one, *phones, trainer

    return make


def half_written(phone):
    """A package that is put together but for one issue; what it looks like."""
    for one in phone.form("enter").first.locator("select[data-issue]").all()[:-1]:
        one.select_option(index=2)
    return written(phone)


def written(phone):
    return phone.form("enter").first.locator("select[data-issue]").evaluate_all("all => all.map(one => one.value)")


def state(phone):
    said = re.sub(r"[−\d]+:\d\d", "clock", phone.page.inner_text("header"))
    return phone.step, phone.h1, phone.page.title(), said


def test_reload_back_and_a_second_tab_show_the_same_seat_and_keep_the_draft(table):
    _, ann, _, _ = table()
    draft, before = half_written(ann), state(ann)
    ann.page.reload()
    assert (state(ann), written(ann)) == (before, draft)

    ann.go(f"/w/{ann.server.code}/words")
    ann.page.go_back()
    assert (state(ann), written(ann)) == (before, draft)

    second = ann.context.new_page()
    second.goto(ann.page.url)
    assert second.locator("main").get_attribute("data-step") == before[0]
    second.locator("form[data-draft]").first.locator("select[data-issue]").last.select_option(index=1)
    second.get_by_role("button", name=t("seat.talk.enter")).click()
    for page in (second, ann.page):  # the first tab follows the second
        page.get_by_role("button", name=t("seat.confirm.take-back")).wait_for()

    ann.tap(ann.form("take-back"))
    second.wait_for_selector("main form[data-draft]")
    ann.page.go_back()
    assert ann.step == second.locator("main").get_attribute("data-step")


def test_an_old_tab_that_sends_late_gets_a_friendly_page_and_changes_nothing(table):
    _, ann, bob, _ = table()
    late = ann.context.new_page()
    late.route("**/stream", lambda route: route.abort())  # a tab that has slept
    late.route("**/version", lambda route: route.abort())
    late.goto(ann.page.url)
    ann.act()
    bob.act()
    bob.until_h1(t("seat.deliver.title"))
    for one in late.locator("select[data-issue]").all():
        one.select_option(index=1)
    late.get_by_role("button", name=t("seat.talk.enter")).click()
    late.get_by_role("alert").wait_for()
    assert late.locator("h1").inner_text() == t("seat.deliver.title")
    assert bob.h1 == t("seat.deliver.title")


def test_two_quick_taps_count_once(table):
    _, ann, bob, _ = table()
    for one in ann.form("enter").first.locator("select[data-issue]").all():
        one.select_option(index=1)
    ann.page.get_by_role("button", name=t("seat.talk.enter")).dblclick()
    bob.form("confirm").first.wait_for()
    assert ann.faults == []


def test_after_a_restart_of_the_server_everybody_goes_on_where_they_were(table):
    one, ann, bob, trainer = table()
    draft, before = half_written(ann), (state(ann), state(bob))
    one.server.kill()
    ann.until("() => document.body.classList.contains('offline')")
    one.server.start()
    for phone in (ann, bob):
        phone.until("() => !document.body.classList.contains('offline')")
    assert (state(ann), state(bob)) == before
    assert written(ann) == draft
    ann.act()
    bob.form("confirm").first.wait_for()  # told by the stream of the new server

    one.server.kill()
    bob.form("confirm").first.get_by_role("button").click()  # sent while nobody listens: kept, and sent again
    bob.page.get_by_text(t("live.unsent")).wait_for()
    one.server.start()
    for phone in (bob, ann):
        phone.until_h1(t("seat.deliver.title"))
    one.play_on([ann, bob])
    trainer.look().advance("next-period")
    ann.form("enter").first.wait_for()


def test_what_the_trainer_is_asked_or_told_stays_while_the_room_moves(table):
    _, ann, bob, trainer = table()
    trainer.look("/settings")
    trainer.page.locator("#count").evaluate("one => { one.type = 'text'; one.value = 'many'; }")
    trainer.page.locator("#count").press("Enter")
    trainer.page.get_by_role("alert").wait_for()
    seen = trainer.page.locator("body").get_attribute("data-seen")
    ann.act()
    trainer.until("seen => document.body.dataset.seen !== seen", seen)
    assert trainer.page.get_by_role("alert").count() == 1
    assert trainer.h1 == t("console.tab.settings")

    trainer.look()
    trainer.tap(trainer.page.locator("form:has(input[name=to][value=next-period])"))
    sure = trainer.page.locator("form:has(input[name=sure])")
    sure.wait_for()
    bob.act()
    ann.until_h1(t("seat.deliver.title"))
    trainer.page.wait_for_timeout(1500)  # longer than the console waits between two looks at the room
    trainer.tap(sure)
    ann.form("enter").first.wait_for()
    bob.form("enter").first.wait_for()


def test_what_was_wrong_with_a_form_stays_said_while_others_act(house):
    one = house(periods=2)
    ann, bob = one.phones("Ann", "Bob")
    one.trainer().advance("start")
    ann.form("prepare").wait_for()
    ann.page.locator("#target").fill("a lot")
    ann.tap(ann.form("prepare"))
    wrong = ann.page.locator("#target[aria-invalid=true]")
    wrong.wait_for()
    ann.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")  # it looks again
    ann.settle()
    ann.page.wait_for_timeout(300)
    assert (wrong.count(), wrong.input_value()) == (1, "a lot")
    assert ann.page.locator("#error-target").is_visible()
    assert bob.faults == ann.faults == []
    ann.page.locator("#target").fill("40")
    ann.tap(ann.form("prepare"))
    ann.page.get_by_text(t("seat.prepare.saved")).wait_for()
    assert ann.page.locator("[aria-invalid]").count() == 0


class Proxy:
    """A line between a phone and the server that can be cut, or stay silent, as in a room with bad Wi-Fi."""

    def __init__(self):
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port, self.to, self.shut, self.open, self.dead = self.door.getsockname()[1], None, False, set(), set()
        threading.Thread(target=self._let_in, daemon=True).start()

    def _let_in(self):
        while True:
            try:
                inside, _ = self.door.accept()
            except OSError:
                return
            if self.shut:
                inside.close()
                continue
            try:
                outside = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                inside.close()
                continue
            self.open |= {inside, outside}
            for pair in ((inside, outside), (outside, inside)):
                threading.Thread(target=self._pass, args=pair, daemon=True).start()

    def _pass(self, source, target):
        try:
            while data := source.recv(65536):
                if source in self.dead:
                    continue  # swallowed: neither side learns that the other is gone
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            self._end(end)

    def _end(self, one):
        self.open.discard(one)
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()

    def cut(self):
        """End every connection and let none in."""
        self.shut = True
        for one in list(self.open):
            self._end(one)

    def deaden(self):
        """Let nothing more through the connections that there are, without ending them."""
        self.dead |= self.open

    def close(self):
        self.cut()
        self.door.close()


@pytest.fixture
def proxy():
    one = Proxy()
    yield one
    one.close()


def test_a_phone_that_vanishes_and_comes_back_is_told_what_it_has_missed(house, proxy):
    home = f"http://localhost:{proxy.port}"  # a name of its own: the trainer goes straight to the server
    one = house(periods=2, options=["--address", home])
    proxy.to = one.server.port
    ann, bob = one.phone(home=home).join("Ann"), one.phone().join("Bob")
    trainer = one.trainer()
    trainer.advance("start")
    one.play_on([ann, bob])
    trainer.advance("play")
    for phone in (ann, bob):
        phone.form("enter").first.wait_for()

    proxy.cut()
    ann.until("() => document.body.classList.contains('offline')")
    assert ann.page.get_by_role("status").first.inner_text() == t("live.lost")
    trainer.page.get_by_text(t("console.tile.gone")).wait_for()
    for one_select in bob.form("enter").first.locator("select[data-issue]").all():
        one_select.select_option(index=1)
    bob.page.get_by_role("button", name=t("seat.talk.enter")).click()
    bob.form("take-back").wait_for()

    proxy.shut = False
    ann.form("confirm").first.wait_for()
    ann.until("() => !document.body.classList.contains('offline')")
    ann.act()
    bob.until_h1(t("seat.deliver.title"))


def hurry(phone, wanted):
    """Let the page's time run fast until something is so; a browser may try several dead connections first."""
    for _ in range(20):
        phone.page.clock.fast_forward(16_000)
        for _ in range(20):
            if phone.page.evaluate(f"() => Boolean({wanted})"):
                return
            phone.page.wait_for_timeout(50)
    raise AssertionError(f"never: {wanted}")


def test_a_phone_whose_line_went_dead_without_a_word_finds_out(house, proxy):
    home = f"http://localhost:{proxy.port}"
    one = house(periods=2, options=["--address", home])
    proxy.to = one.server.port
    ann, bob = one.phone(home=home), one.phone()
    ann.page.clock.install()
    ann.join("Ann"), bob.join("Bob")
    trainer = one.trainer()
    trainer.advance("start")
    one.play_on([ann, bob])
    trainer.advance("play")
    for phone in (ann, bob):
        phone.form("enter").first.wait_for()

    proxy.deaden()
    for number in range(bob.page.locator("select[data-issue]").count()):
        bob.page.locator(f"#option-{number}").select_option(index=1)
    bob.tap(bob.form("enter").first)
    bob.form("take-back").wait_for()
    assert ann.form("enter").first.is_visible()  # she was not told
    hurry(ann, "document.querySelector('main input[value=confirm]')")  # the signs of life have failed to come

    proxy.deaden()
    ann.form("confirm").first.get_by_role("button").click()
    hurry(ann, "!document.querySelector('main [aria-disabled=true]')")  # given up, kept, and sent on another line
    bob.until_h1(t("seat.deliver.title"))


def test_a_page_that_could_not_be_fetched_is_tried_again(table):
    _, ann, bob, _ = table()
    fails = ["error", "500"]

    def fail(route):
        if not fails or route.request.resource_type == "document":
            route.fallback()
        elif fails.pop() == "500":
            route.fulfill(status=500, body="<h1>not now</h1>")
        else:
            route.abort()

    bob.page.route(f"**/w/{bob.server.code}", fail)
    ann.act()
    bob.until("() => document.body.classList.contains('offline')")
    bob.form("confirm").first.wait_for()
    bob.until("() => !document.body.classList.contains('offline')")
    assert fails == []
