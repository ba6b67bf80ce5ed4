"""A whole workshop through plain forms, without script: join, prepare, play, bet, debrief; and forms sent wrongly."""

import re

import pytest

import simulator as ns
from simulator.workshop.plan import Plan


@pytest.fixture
def pair(site):
    """Two people who sit at the same table, ready to talk, and the trainer."""
    ann, bob = site.joined("Ann"), site.joined("Bob")
    trainer = site.trainer()
    site.advance(trainer, "start")
    site.play_on([ann, bob])
    site.advance(trainer, "play")
    return ann, bob, trainer


def played_through(site, people):
    trainer = site.trainer()
    site.advance(trainer, "start")
    site.play_on(people)
    if site.live.room.plan.compete:
        site.advance(trainer, "compete")
        site.play_on(people)
    site.advance(trainer, "play")
    site.play_on(people)
    site.advance(trainer, "next-period")
    site.play_on(people)
    site.advance(trainer, "predict")
    site.play_on(people)
    site.advance(trainer, "debrief")
    return trainer


@pytest.mark.parametrize("plan", [{}, {"mode": "type"}, {"contest": "effort"}, {"contest": "price", "partners": "new"}])
def test_three_people_play_from_joining_to_the_debrief(site_of, renewal, plan):
    site = site_of(renewal, plan=Plan.of(renewal, periods=2, **plan))
    people = [site.joined(), site.joined("Bob"), site.joined()]
    trainer = played_through(site, people)
    assert site.live.room.phase == "debrief"
    assert sum(len(pair.turns) for pair in site.live.room.pairs.values()) >= 3
    for person in people:
        assert person.page(site.seat).h1 == ["Your own sheet"]
    assert trainer.get(f"{site.console}/debrief").status_code == 200


def test_a_scenario_of_given_payoffs_is_played_by_choosing(site_of, dilemma):
    site = site_of(dilemma, plan=Plan.of(dilemma, periods=2))
    people = [site.joined(), site.joined()]
    played_through(site, people)
    assert [len(pair.turns) for pair in site.live.room.pairs.values()] == [2]


def test_every_page_has_one_heading_and_a_label_for_every_field(site_of, renewal):
    site = site_of(renewal, plan=Plan.of(renewal, periods=2, contest="effort"))
    people = [site.joined(), site.joined(), site.joined(), site.joined()]
    observer = site.joined(role="observer")
    seen = set()

    def look():
        for browser in (*people, observer):
            page = browser.page(site.seat)
            seen.add(page.h1[0])
            assert (len(page.h1), page.unlabelled) == (1, []), page.h1
            assert len(page.ids) == len(set(page.ids)), page.h1

    look()
    original = site.play_on

    def play_on(browsers, **rest):
        look()
        original(browsers, **rest)
        look()

    site.play_on = play_on
    trainer = played_through(site, people)
    for path in ("", "/people", "/people/s1", "/pair/1", "/debrief", "/sandbox", "/settings", "/delete"):
        page = trainer.page(site.console + path)
        assert (len(page.h1), page.unlabelled) == (1, []), path
        assert len(page.ids) == len(set(page.ids)), path
    assert len(seen) > 8


def test_the_other_confirms_what_one_has_entered(site, pair):
    ann, bob, _ = pair
    site.play_on([ann], stop=("never",))
    assert bob.page(site.seat).h1 == ["Is this what you agreed on?"]
    assert bob.send(site.seat, "confirm", wanted={"agrees": "no"}).status_code == 200
    assert "did not confirm" in ann.page(site.seat).text
    site.play_on([ann])
    bob.send(site.seat, "confirm", wanted={"agrees": "yes"})
    assert ann.page(site.seat).h1 == ["How do you deliver?"]


def test_a_form_sent_twice_counts_once_and_gets_the_same_answer(site, pair):
    ann, _, _ = pair
    form = ann.form(site.seat, "enter")
    sent = {**form.fields, **{name: "1" for name in form.choices if name.startswith("option-")}}
    first = ann.post(form.action, sent, follow=False)
    before = site.live.room.version
    again = ann.post(form.action, sent, follow=False)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["location"] == again.headers["location"] == site.seat
    assert site.live.room.version == before


def test_another_form_with_the_same_key_is_refused_kindly_with_the_present_state(site, pair):
    ann, _, _ = pair
    form = ann.form(site.seat, "enter")
    picked = [name for name in form.choices if name.startswith("option-")]
    ann.post(form.action, {**form.fields, **dict.fromkeys(picked, "1")})
    before = site.live.room.version
    other = ann.post(form.action, {**form.fields, **dict.fromkeys(picked, "2")})
    assert other.status_code == 409
    page = site.read(other)
    assert page.h1 == ["Waiting for Bob"]
    assert "answered this already" in page.text
    assert site.live.room.version == before


def test_a_page_that_is_out_of_date_changes_nothing(site, pair):
    ann, bob, trainer = pair
    stale = bob.form(site.seat, "enter")
    site.play_on([ann, bob])
    site.advance(trainer, "next-period")
    before = site.live.room.version
    late = bob.post(stale.action, {**stale.fields, "agreed": "no"})
    assert late.status_code == 409
    assert "moved on" in late.text or "not asked" in late.text
    assert site.live.room.version == before


def test_a_missing_choice_is_said_at_its_field_and_what_was_picked_is_kept(site, pair):
    ann, _, _ = pair
    form = ann.form(site.seat, "enter")
    answer = ann.post(form.action, {**form.fields, "option-0": "3", "option-1": ""})
    page = site.read(answer)
    assert (answer.status_code, page.faulty) == (422, ["option-1"])
    again = next(one for one in page.forms if one.move == "enter" and "option-0" in one.fields)
    assert again.fields["option-0"] == "3"
    assert "error-option-1" in page.ids


def test_a_number_that_is_none_is_said_at_its_field(site):
    ann = site.joined("Ann")
    site.joined("Bob")
    site.advance(site.trainer(), "start")
    answer = ann.send(site.seat, "prepare", outside="a lot", target="1,250.5")
    page = site.read(answer)
    assert (answer.status_code, page.faulty) == (422, ["outside"])
    form = next(one for one in page.forms if one.move == "prepare")
    assert (form.fields["outside"], form.fields["target"]) == ("a lot", "1,250.5")
    assert ann.send(site.seat, "prepare", outside="−3", target="1,250.5").status_code == 200
    assert site.live.room.view("s1").preparation.target == 1250.5


def test_two_taps_on_join_give_one_seat(site):
    browser = site.browser()
    form = browser.page(site.seat).forms[0]
    for _ in range(3):
        assert browser.post(form.action, {**form.fields, "name": "Ann", "role": "player"}).status_code == 200
    assert len(site.live.room.seats) == 1


def test_a_typed_name_never_makes_anybody_somebody_else(site):
    site.joined("Ann")
    site.joined("Ann")
    assert len(site.live.room.seats) == 2
    assert len({seat.name for seat in site.live.room.seats.values()}) == 2


def test_a_name_cannot_become_markup(site):
    ann, bob = site.joined("<script>alert(1)</script>"), site.joined('"><img src=x>')
    trainer, wall = site.trainer(), site.projector()
    trainer.send(f"{site.console}/settings", "names", shown="yes")
    site.advance(trainer, "start")
    site.play_on([ann, bob])
    site.advance(trainer, "play")
    pages = [ann.get(site.seat), bob.get(site.seat), wall.get(f"/projector/{site.code}")]
    pages += [trainer.get(site.console + path) for path in ("", "/people", "/pair/1")]
    for page in pages:
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


def test_a_restart_keeps_every_seat_and_its_place(site, pair):
    ann, bob, trainer = pair
    site.play_on([ann])
    before = [browser.page(site.seat).h1 for browser in (ann, bob)]
    site.restart()
    for browser in (ann, bob, trainer):
        browser.client._transport.app = site.app
    assert [browser.page(site.seat).h1 for browser in (ann, bob)] == before
    assert trainer.get(site.console).status_code == 200
    bob.send(site.seat, "confirm", wanted={"agrees": "yes"})
    assert ann.page(site.seat).h1 == ["How do you deliver?"]


def test_come_back_by_three_words(site):
    ann = site.joined("Ann")
    page = ann.get(site.seat).text
    said = page.split('<p class="note code">')[1].split("<")[0]
    other = site.browser()
    form = other.page(f"{site.seat}/words").forms[0]
    assert other.post(form.action, {"words": said.upper().replace(" ", "-")}).status_code == 200
    assert other.page(site.seat).h1 == ["You are in, Ann"]
    assert len(site.live.room.seats) == 1
    assert len(site.live.room.seats["s1"].devices) == 2


def test_a_seats_own_link_opens_it_on_another_phone_once(site):
    ann = site.joined("Ann")
    assert ann.get(f"{site.seat}/qr.svg").headers["content-type"] == "image/svg+xml"
    link = f"{site.seat}/back/{ann.client.cookies['seat']}"
    other = site.browser()
    for _ in range(2):
        assert site.read(other.get(link)).h1 == ["You are in, Ann"]
    assert len(site.live.room.seats["s1"].devices) == 2
    assert other.client.cookies["seat"] != ann.client.cookies["seat"]
    assert site.browser().get(f"{site.seat}/back/{'x' * 22}").status_code == 404
    assert site.browser().page(f"{site.seat}/qr.svg").h1 == [site.live.title]


def test_an_observer_counts_what_it_hears(site):
    people, observer = [site.joined("Ann"), site.joined("Bob")], site.joined(role="observer")
    trainer = site.trainer()
    site.advance(trainer, "start")
    site.play_on(people)
    site.advance(trainer, "play")
    assert observer.page(site.seat).h1 == ["Watch a pair"]
    observer.send(site.seat, "watch", pair="1")
    assert observer.send(site.seat, "observe", **{"mark-question": "3"}, note="Good start").status_code == 200
    observer.send(site.seat, "observe", **{"mark-question": "4"}, note="Good start")
    noted = site.live.room.view("s3").checklist
    assert (noted.pair, noted.marks["question"], noted.note) == (1, 4, "Good start")
    wrong = observer.send(site.seat, "observe", **{"mark-question": "lots"})
    assert (wrong.status_code, site.read(wrong).faulty) == (422, ["mark-question"])


def test_an_observer_goes_from_pair_to_pair_and_takes_no_counts_along(site):
    people, observer = [site.joined() for _ in range(4)], site.joined(role="observer")
    trainer = site.trainer()
    site.advance(trainer, "start")
    site.play_on(people)
    site.advance(trainer, "play")

    def page():
        found = observer.page(site.seat)
        assert (len(found.h1), found.unlabelled, len(found.ids)) == (1, [], len(set(found.ids)))
        assert len(re.findall(r'<button class="[^"]*primary', observer.get(site.seat).text)) == 1
        return {form.move: form for form in found.forms}

    assert "observe" not in page()  # first the pair, then the notes
    assert page()["watch"].choices["pair"] == ["1", "2", ""]
    observer.send(site.seat, "watch", pair="1")
    old = page()["observe"]
    observer.send(site.seat, "observe", **{"mark-threat": "3"}, note="First pair")
    assert page()["observe"].fields["mark-threat"] == "3"
    assert page()["watch"].choices["pair"] == ["2", ""]
    observer.send(site.seat, "watch", pair="2")
    second = page()["observe"].fields
    assert (second["pair"], second["mark-threat"]) == ("2", "0")
    assert "First pair" not in observer.page(site.seat).text
    assert page()["watch"].choices["pair"] == ["1", ""]
    assert "Pair 1 (noted)" in observer.page(site.seat).text
    wrong = site.read(observer.send(site.seat, "observe", pair="1", **{"mark-threat": "lots"}, note="Of the first"))
    fields = next(form for form in wrong.forms if form.move == "observe").fields
    assert (fields["pair"], fields["mark-threat"]) == ("2", "0")
    assert "Of the first" not in wrong.text
    observer.send(site.seat, "watch", pair="1")
    first = page()["observe"].fields
    assert (first["pair"], first["mark-threat"]) == ("1", "3")
    assert "First pair" in observer.page(site.seat).text
    assert observer.post(old.action, {**old.fields, "mark-threat": "9"}).status_code == 409  # was saved since
    assert site.read(observer.send(site.seat, "watch", pair="99")).faulty == ["pair"]
    assert len(site.live.room.seats["s5"].notes) == 1


def test_who_is_replaced_can_take_the_seat_back_and_who_is_removed_is_told(site, pair):
    ann, bob, trainer = pair
    assert trainer.send(f"{site.console}/people/s1", "seat-agent").status_code == 200
    assert ann.page(site.seat).h1 == ["The computer plays for you"]
    ann.send(site.seat, "return")
    assert ann.page(site.seat).h1 != ["The computer plays for you"]
    asked = site.read(trainer.send(f"{site.console}/people/s2", "remove"))
    assert asked.h1 == ["Are you sure?"]
    assert site.live.room.seats["s2"].status == "here"
    trainer.post(asked.forms[0].action, asked.forms[0].fields)
    assert bob.page(site.seat).h1 == ["You have left this workshop"]


def test_a_second_phone_follows_and_can_take_over(site, pair):
    ann, _, _ = pair
    said = ann.get(site.seat).text.split('<p class="note code">')[1].split("<")[0]
    second = site.browser()
    second.post(f"{site.seat}/words", {"words": said})
    assert "Another phone acts" in second.page(site.seat).text
    answer = second.send(site.seat, "enter", wanted={"agreed": "no"})
    assert answer.status_code == 422
    assert "Take over first" in answer.text
    second.send(site.seat, "take-over")
    assert second.send(site.seat, "enter", wanted={"agreed": "no"}).status_code == 200
    assert "Another phone acts" not in ann.page(site.seat).text or not site.live.room.view("s1").asked


def test_leaving_a_phone_keeps_the_seat(site):
    ann = site.joined("Ann")
    ann.post(f"{site.seat}/forget", {})
    assert ann.page(site.seat).h1 == [site.live.title]
    assert len(site.live.room.seats) == 1


def test_pairs_without_phones_are_entered_on_the_trainers_laptop(site):
    trainer = site.trainer()
    trainer.send(f"{site.console}/settings", "add-seats", count="2")
    site.advance(trainer, "start")
    site.advance(trainer, "play", force=False)
    form = trainer.form(f"{site.console}/pair/1", "enter-period")
    missing = trainer.post(form.action, form.fields)
    assert (missing.status_code, site.read(missing).faulty) == (422, ["option-0"])
    picked = {name: "2" for name in form.choices if name.startswith("option-")}
    assert trainer.post(form.action, {**form.fields, **picked, "vendor_again": "7"}).status_code == 200
    turn = next(iter(site.live.room.pairs.values())).turns[0]
    assert (turn.agreed, turn.again["vendor"]) == (True, 7)


def test_the_trainer_enters_what_a_vendor_puts_back_where_it_decides_that(site_of):
    scenario = ns.load_scenario("agency-retainer")
    site = site_of(scenario, plan=Plan.of(scenario, partners="new"))
    trainer = site.trainer()
    trainer.send(f"{site.console}/settings", "add-seats", count="2")
    site.advance(trainer, "start")
    site.advance(trainer, "play")
    form = trainer.form(f"{site.console}/pair/1", "enter-period")
    assert "vendor_stays" not in form.choices  # everybody gets a new partner: nobody is asked
    deal = {name: values[-1] for name, values in form.choices.items() if name.startswith("option-")}
    assert trainer.post(form.action, {**form.fields, **deal, "vendor_invest": "0.5"}).status_code == 200
    vendor = next(one.data for one in site.live.store.events() if one.kind == "delivering")
    assert (vendor["side"], vendor["invest"]) == ("vendor", 0.5)


def test_an_export_in_the_middle_of_a_period_holds_the_latest_answers(site, pair):
    ann, bob, trainer = pair
    site.play_on([ann, bob], stop=("again",))

    def answers():
        record = trainer.get(f"{site.console}/export/json").json()
        return [record["pairs"][0]["turns"][0][f"{side}_again"] for side in ("vendor", "client")]

    while None in answers():  # asking for the export each time: it is never that of before
        known = answers()
        one, form = next(
            (one, form) for one in (ann, bob) for form in one.page(site.seat).forms if form.move == "again"
        )
        one.post(form.action, {**form.fields, "answer": "6"})
        assert answers() != known
    assert answers() == [6, 6]


def test_who_was_removed_can_join_again(site):
    ann, trainer = site.joined("Ann"), site.trainer()
    sure = site.read(trainer.send(f"{site.console}/people/s1", "remove")).forms
    trainer.post(site.console, next(form.fields for form in sure if form.fields.get("sure") == "yes"))
    page = ann.page(site.seat)
    assert page.h1 == ["You have left this workshop"]
    assert page.forms[0].action.endswith("/forget")
    site.joined("Bob")
    for to in ("start", "play", "debrief"):
        form = trainer.form(site.console, "advance", to=to)
        trainer.post(form.action, {**form.fields, "sure": "yes"})
    assert ann.page(site.seat).h1 == ["Your own sheet"]  # not "the workshop is over"
    assert site.read(ann.post(page.forms[0].action, {})).forms[0].action.endswith("/join")


def test_who_has_parted_and_observes_is_told_why(site_of, renewal):
    site = site_of(renewal, plan=Plan.of(renewal, periods=3, after_leaving="outside"))
    people = [site.joined("Ann"), site.joined("Bob")]
    trainer = site.trainer()
    site.advance(trainer, "start")
    site.play_on(people)
    site.advance(trainer, "play")
    site.play_on(people, stop=("renew",))
    while forms := [(one, form) for one in people for form in one.page(site.seat).forms if form.move in ANSWERS]:
        one, form = forms[0]
        assert one.post(form.action, {**form.fields, **ANSWERS[form.move]}).status_code == 200
    said = [one.page(site.seat) for one in people]
    assert [page.h1 for page in said] == [["Watch a pair"]] * 2
    assert all("have left" in page.text or "has left you" in page.text for page in said)


ANSWERS = {"again": {"answer": "1"}, "renew": {"stays": "no"}}


def test_going_on_over_open_talks_asks_first_and_keeps_a_copy(site, pair):
    _, _, trainer = pair
    site.advance(trainer, "next-period", force=True)
    assert site.live.room.period == 1
    assert len(list((site.folder.path / "backups").glob(f"{site.code}-*.sqlite"))) == 1


def test_a_workshop_is_deleted_only_with_its_code_typed(site):
    trainer, ann = site.trainer(), site.joined("Ann")
    trainer.post(f"{site.console}/backup", {})
    wrong = trainer.post(f"{site.console}/delete", {"code": "WRONG"})
    assert wrong.status_code == 422
    assert trainer.post(f"{site.console}/delete", {"code": site.code.lower()}).status_code == 200
    assert [one for one in site.folder.path.rglob("*") if site.code in one.name] == []
    assert ann.get(site.seat).status_code == 404


def test_several_workshops_in_one_folder_do_not_meet(site):
    trainer, ann = site.trainer(), site.joined("Ann")
    answer = trainer.post("/console", {"scenario": "stag-hunt", "move": "begin"})
    other = answer.url.path.rpartition("/")[2]
    assert other != site.code
    assert ann.page(f"/w/{other}").h1 == ["Stag hunt: the joint platform"]  # no seat there
    listed = trainer.get("/console").text
    assert site.code in listed
    assert other in listed


def test_a_rehearsal_shows_the_debrief_before_anybody_has_come(site):
    trainer = site.trainer()
    answer = trainer.post("/console", {"scenario": "saas-renewal", "move": "rehearse", "people": "6"})
    assert answer.status_code == 200
    page = site.read(answer)
    assert page.h1 == ["Debrief"]
    assert answer.text.count("<svg") > 5


def test_the_plan_that_was_changed_in_the_lobby_is_rehearsed(site):
    trainer = site.trainer()
    trainer.send(f"{site.console}/settings", "plan", periods="3", mode="type")
    assert (site.live.room.plan.periods, site.live.room.plan.mode) == (3, "type")
    answer = trainer.send(f"{site.console}/settings", "rehearse", people="4")
    code = answer.url.path.split("/")[2]
    other = site.hall.stage(code).live.room
    assert (code != site.code, other.plan.periods, other.phase) == (True, 3, "debrief")


def test_the_four_ways_out_are_shown_when_nobody_has_joined_for_a_minute(site):
    trainer = site.trainer()
    assert "travel router" not in trainer.get(site.console).text
    site.stage.code_shown -= 61
    told = trainer.get(site.console).text
    for way in ("Your own hotspot", "A travel router", "One laptop", "A remote address"):
        assert way in told
    site.joined("Ann")
    assert "travel router" not in trainer.get(site.console).text
