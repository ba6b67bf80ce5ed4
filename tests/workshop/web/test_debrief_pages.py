"""The debrief on its screens: nothing on the wall before the reveal, own sheets on phones, exports, the sandbox."""

import csv
import io
import json
import time

import numpy as np
import pytest

from simulator.workshop.automatic import rehearse
from simulator.workshop.live import Live
from simulator.workshop.plan import Plan
from simulator.workshop.web.sandbox import BOUNDS, Question, answer

ME = "the-token-of-the-first-seat"


@pytest.fixture
def played(site, renewal):
    """A workshop that has been played up to its debrief; the first seat's phone opens with ME."""
    now = time.time()
    _, events = rehearse(renewal, Plan.of(renewal, periods=2), people=8, rng=np.random.default_rng(5), now=now)
    with site.live.store.transaction():
        site.live.store.append(events)
        site.live.store.give_token(ME, "s1")
    site.stage.live = Live(site.code, site.live.store)
    site.live = site.stage.live
    assert site.live.room.phase == "debrief"
    return site


def first_phone(site):
    browser = site.browser()
    browser.client.cookies.set("seat", ME)
    return browser


def test_the_wall_shows_a_chart_only_once_it_is_revealed(played):
    trainer, wall = played.trainer(), played.projector()
    path = f"/projector/{played.code}"
    before = wall.get(path).text
    assert "<svg" not in before
    assert "what happened" in before
    trainer.send(f"{played.console}/debrief", "reveal", wanted={"step": "captured"})
    shown = wall.get(path).text
    assert shown.count("<svg") == 1
    assert played.read(wall.get(path)).h1 == ["Who captured what, and what stayed on the table"]
    assert "debrief-captured-projector" in shown


def test_every_step_can_be_revealed_one_by_one_with_the_one_big_button(played):
    trainer, wall = played.trainer(), played.projector()
    titles = []
    for step in played.live.room.revealable():
        played.advance(trainer, "reveal")
        assert played.live.room.revealed[-1] == step
        titles.append(wall.page(f"/projector/{played.code}").h1[0])
    assert len(set(titles)) == len(titles) > 8


def test_each_phone_has_its_own_sheet_to_save(played):
    phone = first_phone(played)
    page = phone.page(played.seat)
    assert page.h1 == ["Your own sheet"]
    assert "you were the" in page.text
    saved = phone.get(f"{played.seat}/sheet.html")
    assert saved.headers["content-disposition"].startswith("attachment")
    assert played.live.room.seats["s1"].name in saved.text


def test_what_is_taken_home_is_whole(played):
    trainer = played.trainer()
    rows = list(csv.DictReader(io.StringIO(trainer.get(f"{played.console}/export/csv").content.decode("utf-8-sig"))))
    assert len(rows) == sum(len(pair.turns) for pair in played.live.room.pairs.values())
    record = json.loads(trainer.get(f"{played.console}/export/json").text)
    assert record["title"] == played.live.title
    report = trainer.get(f"{played.console}/export/html").text
    assert report.count("<svg") > 5
    assert "<script" not in report
    assert trainer.get(f"{played.console}/export/xml").status_code == 404


HOSTILE = "<script>alert('x')</script>{{ 7 * 7 }}"


def test_what_observers_noted_reaches_the_trainer_escaped_and_nobody_else(site):
    people = [site.joined(), site.joined()]
    watcher, other, wall, trainer = (
        site.joined(HOSTILE[:30], role="observer"),
        site.joined(role="observer"),
        site.projector(),
        site.trainer(),
    )
    site.advance(trainer, "start")
    site.play_on(people)
    site.advance(trainer, "play")
    assert "What observers noted" not in trainer.get(f"{site.console}/debrief").text
    site.play_on(people)
    for browser in (watcher, other):
        browser.send(site.seat, "watch", pair="1")
    for count in ("6", "7"):  # also when something was noted after the trainer has looked
        watcher.send(site.seat, "observe", **{"mark-threat": count}, note=HOSTILE)
        page = trainer.get(f"{site.console}/debrief").text
        noted = page.split('id="observed"')[1].split("</section>")[0]
        assert "<td>Threatened to leave</td>" in noted
        assert f"<td>{count}</td>" in noted
        assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;{{ 7 * 7 }}" in noted
        assert "<script" not in noted
    assert trainer.page(f"{site.console}/debrief").h1 == ["Debrief"]
    record = json.loads(trainer.get(f"{site.console}/export/json").text)
    assert record["observations"] == [{"seat": "s3", "round": 1, "pair": 1, "marks": {"threat": 7}, "note": HOSTILE}]
    assert "What observers noted" in trainer.get(f"{site.console}/export/html").text
    assert HOSTILE not in trainer.get(f"{site.console}/export/csv").text
    for to in ("next-period", "predict", "debrief", "reveal"):
        site.advance(trainer, to)
        for browser in (*people, other):
            for path in (site.seat, f"{site.seat}/sheet.html"):
                assert "alert(" not in browser.get(path).text
        assert "alert(" not in wall.get(f"/projector/{site.code}").text
        site.play_on(people)


def test_a_phone_gets_the_sandbox_after_its_reveal_and_no_amounts(played):
    trainer, phone = played.trainer(), first_phone(played)
    assert phone.page(f"{played.seat}/sandbox").h1 == ["Your own sheet"]
    trainer.post(played.console, {"move": "reveal", "step": "sandbox", "key": "~any"})
    page = phone.page(f"{played.seat}/sandbox")
    assert page.h1 == ["Sandbox"]
    assert page.unlabelled == []
    assert "k$" not in page.text


def test_the_sandbox_answers_by_the_exact_engine(played, renewal):
    trainer = played.trainer()
    best = trainer.get(f"{played.console}/sandbox?vendors=100&clients=100&slip=0&horizon=10").text
    worst = trainer.get(f"{played.console}/sandbox?vendors=0&clients=0&slip=0&horizon=10").text
    assert best != worst
    assert answer(renewal, Question(100, 100, 0)).length > answer(renewal, Question(0, 100, 0)).length
    mixed = answer(renewal, Question(50, 100, 0)).created
    ends = [answer(renewal, Question(share, 100, 0)).created for share in (0, 100)]
    assert mixed == pytest.approx(sum(ends) / 2)


@pytest.mark.parametrize(
    "query", ["vendors=x", "vendors=1e9&clients=-5", "horizon=0", "slip=nan", "vendor_outside=-100"]
)
def test_the_sandbox_takes_whatever_is_asked(played, query):
    page = played.trainer().get(f"{played.console}/sandbox?{query}")
    assert page.status_code == 200
    for name, (low, high) in BOUNDS.items():
        value = int(page.text.split(f'name="{name}"')[1].split('value="')[1].split('"')[0])
        assert low <= value <= high


def test_the_sandbox_of_every_shipped_scenario_answers():
    import simulator as ns

    for name in ns.scenarios():
        found = answer(ns.load_scenario(name), Question())
        assert np.isfinite([found.created, found.first_best, found.length]).all(), name
