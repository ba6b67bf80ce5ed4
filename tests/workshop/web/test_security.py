"""Who may do what: a seat opens nothing of another, the trainer's and the wall's pages refuse seats, forgeries fail."""

import pytest

from simulator.workshop.web.security import Limits, Trainer, new_token, resume_words

HOST = "127.0.0.1:8000"


@pytest.fixture
def playing(site):
    """Two people at a table and the trainer."""
    ann, bob, trainer = site.joined("Ann"), site.joined("Bob"), site.trainer()
    site.advance(trainer, "start")
    site.play_on([ann, bob])
    site.advance(trainer, "play")
    return ann, bob, trainer


def test_a_seats_token_is_random_kept_from_script_and_sent_to_its_own_workshop_only(site):
    browser = site.browser()
    form = browser.page(site.seat).forms[0]
    cookie = browser.post(form.action, {**form.fields, "role": "player"}, follow=False).headers["set-cookie"]
    assert f"Path=/w/{site.code}" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert len({new_token() for _ in range(100)}) == 100
    assert len(new_token()) >= 22  # 128 bits


def test_the_trainers_cookie_is_strict_and_the_token_leaves_the_address(site):
    browser = site.browser()
    door = browser.get(f"/trainer/{site.hall.trainer.token}", follow=False)
    assert (door.status_code, "set-cookie" in door.headers) == (200, False)
    entered = browser.post("/trainer", {"token": site.hall.trainer.token}, follow=False)
    assert entered.headers["location"] == site.console
    assert "SameSite=strict" in entered.headers["set-cookie"]
    assert "HttpOnly" in entered.headers["set-cookie"]
    assert site.hall.trainer.token not in browser.get(site.console).text


def test_seats_and_strangers_are_refused_by_console_and_projector(site, playing):
    ann, _, _ = playing
    token = ann.client.cookies["seat"]
    stranger = site.browser(cookie=f"seat={token}; trainer={token}; projector={token}")
    paths = ["", "/people", "/people/s1", "/pair/1", "/debrief", "/sandbox", "/settings", "/delete", "/export/json"]
    paths += ["/stream", "/version"]
    for browser in (ann, stranger, site.browser()):
        for path in paths:
            assert browser.get(site.console + path).status_code == 403, path
        assert browser.get("/console").status_code == 403
        assert browser.get(f"/trainer/{token}").status_code == 403
        assert browser.post("/trainer", {"token": token}).status_code == 403
        assert browser.post(site.console, {"move": "names", "shown": "yes", "key": "~x"}).status_code == 403
        assert browser.post(f"{site.console}/backup", {}).status_code == 403
        assert browser.post(f"{site.console}/delete", {"code": site.code}).status_code == 403
        assert browser.post("/console", {"scenario": "stag-hunt"}).status_code == 403
        assert browser.get(f"/projector/{site.code}").status_code == 403
        assert browser.get(f"/projector/{site.code}/{token}").status_code == 403
        assert browser.get(f"/projector/{site.code}/stream").status_code == 204
        assert browser.get(f"/projector/{site.code}/version").text == "0"


def test_the_projectors_token_reads_the_wall_and_nothing_else(site, playing):
    wall = site.projector()
    token = wall.client.cookies["projector"]
    assert wall.get(f"/projector/{site.code}").status_code == 200
    thief = site.browser(cookie=f"trainer={token}; seat={token}")
    assert thief.get(site.console).status_code == 403
    assert thief.page(site.seat).h1 == [site.live.title]  # the page to join, nobody's seat
    assert wall.post(f"/projector/{site.code}", {"move": "names"}).status_code == 405


def test_a_seats_token_opens_nothing_of_another(site, playing):
    ann, bob, _ = playing
    mine = bob.get(site.seat).text
    form = next(one for one in site.read(bob.get(site.seat)).forms if one.move == "enter" and "agreed" in one.fields)
    before = site.live.room.view("s2").step
    answer = ann.post(form.action, {**form.fields, "seat": "s2", "actor": "s2", "device": "x"})
    assert answer.status_code == 409  # the key of another's decision is none of mine
    assert site.live.room.view("s2").step == before
    assert bob.get(site.seat).text.split("<main")[0].split("data-now")[0] == mine.split("<main")[0].split("data-now")[0]


def test_the_token_of_another_workshop_opens_nothing(site, playing):
    ann, _, trainer = playing
    other = trainer.post("/console", {"scenario": "stag-hunt", "move": "begin"}).url.path.rpartition("/")[2]
    thief = site.browser(cookie=f"seat={ann.client.cookies['seat']}")
    assert thief.page(f"/w/{other}").h1 == ["Stag hunt: the joint platform"]
    assert thief.get(f"/projector/{other}/{site.hall.trainer.projector(site.code)}").status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1", "127.0.0.1:8000.evil.example", ""])
def test_a_foreign_host_is_refused(site, host):
    answer = site.browser().get(site.seat, headers={"host": host})
    assert answer.status_code == 421
    assert site.code not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": f"http://{HOST}.evil.example"},
        {"origin": f"ftp://{HOST}"},
        {"origin": "http://[::bad"},
        {"origin": "http://evil.example", "sec-fetch-site": "same-origin"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {},
    ],
)
def test_a_form_from_elsewhere_is_refused(site, headers):
    trainer = site.trainer()
    key = {"move": "names", "shown": "yes", "key": "~x"}
    del trainer.client.headers["origin"]
    answer = trainer.post(site.console, key, headers=headers)
    assert answer.status_code == 403
    assert not site.live.room.names_shown


@pytest.mark.parametrize("headers", [{"origin": f"http://{HOST}"}, {"sec-fetch-site": "same-origin"}])
def test_a_form_of_our_own_is_taken(site, headers):
    trainer = site.trainer()
    del trainer.client.headers["origin"]
    assert (
        trainer.post(site.console, {"move": "names", "shown": "yes", "key": "~x"}, headers=headers).status_code == 200
    )
    assert site.live.room.names_shown


def test_other_methods_and_large_bodies_are_refused(site):
    browser = site.joined()
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert browser.request(method, site.seat).status_code == 405
    assert browser.post(site.seat, {"move": "rename", "key": "~x", "name": "x" * 70_000}).status_code == 413
    unknown = browser.request("POST", site.seat, content=iter_bytes(), headers={"transfer-encoding": "chunked"})
    assert unknown.status_code == 411


async def iter_bytes():
    yield b"move=rename"


def test_every_answer_carries_the_headers_that_keep_it_to_itself(site):
    browser = site.joined()
    for path in ("/", site.seat, "/nothing", "/static/x/workshop.css", f"{site.seat}/version"):
        headers = browser.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"


def test_pages_hold_nothing_that_the_policy_forbids(site, playing):
    ann, _, trainer = playing
    pages = [ann.get(site.seat), trainer.get(site.console), trainer.get(f"{site.console}/settings")]
    pages += [site.browser().get(path) for path in ("/", site.seat, f"{site.seat}/words")]
    for page in pages:
        for forbidden in ("<script>", "<style", " style=", " onclick", "javascript:", "https://"):
            assert forbidden not in page.text, forbidden


def test_wrong_codes_are_limited_by_address_and_right_ones_never(site_of, renewal):
    site = site_of(renewal, limits=Limits(free=5, delay=0.0))
    guesser, beside, elsewhere = site.browser(), site.browser(), site.browser(address="10.0.0.2")
    assert [guesser.post("/", {"code": f"AAAA{n}"}).status_code for n in range(2, 9)] == [422] * 5 + [429] * 2
    assert guesser.get("/w/AAAAA").status_code == 429
    assert beside.post("/", {"code": site.code}).status_code == 200
    assert beside.get(site.seat).status_code == 200
    assert elsewhere.post("/", {"code": "AAAAA"}).status_code == 422
    assert [guesser.post(f"{site.seat}/words", {"words": "a b c"}).status_code for _ in range(2)] == [429] * 2


def test_after_too_many_wrong_words_each_further_try_waits_its_turn():
    import asyncio
    import time

    async def tries():
        limits = Limits(free=2, delay=0.05)
        for _ in range(3):
            limits.wrong("here")
        begun = time.monotonic()
        await asyncio.gather(*(limits.wait("here") for _ in range(4)))
        slow = time.monotonic() - begun
        await limits.wait("there")
        return slow, time.monotonic() - begun - slow

    slow, free = asyncio.run(tries())
    assert slow >= 0.19
    assert free < 0.05


def test_wrong_codes_are_forgotten_after_a_while():
    limits = Limits(free=1, window=0.0)
    limits.wrong("here")
    limits.wrong("here")
    assert not limits.exceeded("here")


def test_the_trainers_cookie_outlives_a_restart_and_no_other_folders():
    first, again, other = Trainer(b"k" * 32), Trainer(b"k" * 32), Trainer(b"o" * 32)
    cookie = first.cookie()
    assert again.knows(cookie)
    assert not other.knows(cookie)
    assert not again.admits(first.token)
    for forged in ("", ".", cookie[:-1], "ünïcode.x", cookie.partition(".")[0]):
        assert not again.knows(forged)


def test_three_words_follow_from_the_token_alone():
    listed = [f"word{n}" for n in range(500)]
    assert resume_words("token", listed) == resume_words("token", listed)
    assert len({resume_words(str(n), listed) for n in range(1000)}) == 1000


def test_an_address_that_comes_later_is_answered_from_then_on(site):
    headers = {"host": "192.168.137.1:8000", "origin": "http://192.168.137.1:8000"}
    assert site.browser().get(site.seat, headers=headers).status_code == 421
    site.hall.addresses = ("http://192.168.137.1:8000", *site.hall.addresses)
    answer = site.browser().get(site.seat, headers=headers)
    assert answer.status_code == 200
    assert f"http://192.168.137.1:8000/w/{site.code}" in site.trainer().get(f"{site.console}/settings").text
