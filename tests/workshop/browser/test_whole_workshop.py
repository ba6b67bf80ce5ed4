"""Six phones and an agent play a whole workshop in a real browser, from joining to the files at the end."""

import csv
import json

from simulator.workshop.words import words

t = words()


def exported(trainer, kind):
    trainer.look("/debrief")
    with trainer.page.expect_download() as waiting:
        trainer.page.locator(f"a[href$='/export/{kind}']").click()
    return waiting.value.path().read_text(encoding="utf-8-sig")


def bet_and_debrief(house, trainer, wall, phones, *, most=99):
    trainer.advance("predict")
    house.play_on(phones)
    trainer.advance("debrief")
    wall.until_h1(t("wall.debrief"))
    seen = []
    while trainer.page.locator("form:has(input[name=to][value=reveal])").count() and len(seen) < most:
        before = wall.step
        trainer.advance("reveal", ready=False)
        wall.until_new(before)
        seen.append(wall.h1)
    return seen


def test_in_talk_mode_with_one_who_leaves_and_is_replaced_by_an_agent(house):
    house = house(periods=2)
    phones = house.phones("Ann", "Bob", "Cid", "Dot", "Eve", "Fay")
    trainer, wall = house.trainer(), house.wall()
    assert "Ann" not in wall.page.inner_text("main")  # names are off by default
    wall.until("() => document.querySelector('main').innerText.includes('6')")
    trainer.advance("start")
    house.play_on(phones)
    trainer.advance("play")

    gone = phones.pop()
    gone.page.close()
    trainer.look("/people").page.get_by_role("link", name="Fay").click()
    trainer.page.get_by_label(t("console.seat.which")).select_option("tit-for-tat")
    trainer.page.get_by_role("button", name=t("console.seat.agent-do")).click()
    trainer.page.get_by_text(t("console.seat.agent-plays", agent="tit-for-tat")).wait_for()
    for period in ("next-period", None):
        house.play_on(phones)
        if period:
            trainer.look().advance(period)

    steps = bet_and_debrief(house, trainer, wall, phones)
    assert len(steps) == len(set(steps)) > 4
    for phone in phones:
        phone.until_h1(t("seat.debrief.title"))
        assert phone.page.locator(".own-sheet").is_visible()
    with phones[0].page.expect_download() as waiting:
        phones[0].page.get_by_role("link", name=t("seat.debrief.save")).click()
    assert "<h1" in waiting.value.path().read_text()

    record = json.loads(exported(trainer, "json"))
    assert sorted(len(pair["turns"]) for pair in record["pairs"]) == [2, 2, 2]
    assert [pair for pair in record["pairs"] if "tit-for-tat" in (pair["vendor_agent"], pair["client_agent"])]
    assert len(list(csv.DictReader(exported(trainer, "csv").splitlines()))) >= 6
    report = exported(trainer, "html")
    assert report.lstrip().lower().startswith("<!doctype html>")
    assert "http://" not in report.replace("http://www.w3.org/", "")


def test_in_type_mode_with_an_odd_one_who_plays_an_agent_and_an_observer(house):
    house = house(periods=2, mode="type")
    phones = house.phones("Ann", "", "Cid", "", "Eve")
    watcher = house.phone().join("Wat", role="observe")
    trainer, wall = house.trainer(), house.wall()
    trainer.advance("start")
    house.play_on(phones)
    trainer.advance("play")
    watcher.until_h1(t("seat.observe.title"))
    watcher.form("watch").locator("select").select_option(index=1)
    watcher.tap(watcher.form("watch"))
    watcher.form("observe").wait_for()
    watcher.form("observe").locator("input[type=number]").first.fill("3")
    watcher.tap(watcher.form("observe"))
    house.play_on(phones)
    trainer.advance("next-period")
    house.play_on(phones)
    assert len(bet_and_debrief(house, trainer, wall, [*phones, watcher], most=3)) == 3
    record = json.loads(exported(trainer, "json"))
    assert sorted(len(pair["turns"]) for pair in record["pairs"]) == [2, 2, 2]
    assert sum(bool(pair["vendor_agent"] or pair["client_agent"]) for pair in record["pairs"]) == 1
