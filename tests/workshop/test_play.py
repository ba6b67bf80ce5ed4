"""Whole workshops by moves alone, in talk and in type mode."""

import pytest

import simulator as ns
from simulator.games.stages import compile_stages
from simulator.workshop.record import record_of

BUILD = [6, 1]  # price 90, priority support


def test_a_whole_workshop_of_seven_people_in_talk_mode(workshop):
    w = workshop(periods=2)
    seats = w.join(7)
    assert w.step(seats[0]) == "lobby"
    w.advance("start")
    assert {w.step(seat) for seat in seats} == {"prepare"}
    w.do(seats[0], "prepare", outside="24", target="60", first_offer="", guess="30")
    w.advance("play")
    lone = next(pair for pair in w.room.of_round() if pair.has_agent)
    pairs = [pair.number for pair in w.room.of_round() if not pair.has_agent]
    assert len(pairs) == 3
    (person,) = lone.seats
    for period in range(2):
        for number in pairs:
            assert w.step(w.at("vendor", number)) == "talk"
            w.agree(BUILD, number, first_offer=[12, 1], first_offer_by="me")
            assert w.step(w.at("client", number)) == "deliver"
            w.deliver(number=number)
            assert w.room.view(w.at("client", number)).pair.result.payoff > 28
            w.answer(number)
            assert w.step(w.at("vendor", number)) == "done"
        play_an_agent(w, person)
        assert w.room.console(now=w.now).next.ready
        w.advance("next-period" if period == 0 else "predict")
    for seat in seats:
        w.do(seat, "bet", answers={"left-on-table": "30", "ended": "", "vendor-share": 50})
    w.advance("debrief")
    while any(way.key == "reveal" for way in (w.room.console(now=w.now).next,)):
        w.advance("reveal")
    assert w.room.revealed == list(w.room.revealable())
    record = record_of(w.room)
    assert {pair.reason for pair in record.pairs} == {"horizon"}
    assert {len(pair.turns) for pair in record.pairs} == {2}
    assert record.pairs[pairs[0] - 1].turns[0].first_offer == {"price": 120.0, "support": "priority"}
    assert record.pairs[pairs[0] - 1].turns[0].first_offer_by == "vendor"
    assert len(record.bets) == 14
    assert record.preparations[0].target == 60.0
    w.advance("close", force=True)
    assert w.refused(seats[0], "rename", name="late") == "closed"


def play_an_agent(w, person: str, *, options=BUILD) -> None:
    """A person's period against an agent: accepts whatever is worth it after a few offers."""
    for _ in range(100):
        view = w.room.view(person)
        if view.step != "offer":
            break
        standing = view.pair.standing
        if standing is not None and standing.deal.worth > view.sheet.outside:
            w.do(person, "accept", offer=standing.number)
        else:
            w.do(person, "offer", options=options)
    assert w.step(person) == "deliver"
    w.do(person, "deliver", effort="1.0")
    w.do(person, "again", answer="6")
    w.do(person, "renew", stays="yes")
    assert w.step(person) == "done"


def test_a_whole_workshop_of_six_people_in_type_mode(workshop):
    w = workshop(periods=2, mode="type")
    w.begin(6)
    for period in range(2):
        for number in (1, 2, 3):
            vendor, client = w.at("vendor", number), w.at("client", number)
            assert (w.step(vendor), w.step(client)) == ("offer", "offer-wait")  # the scenario lets the vendor open
            assert w.refused(client, "offer", options=BUILD) == "not-now"
            assert w.refused(vendor, "accept", offer=1) == "nothing-to-accept"
            w.do(vendor, "offer", options=[12, 1])
            assert w.room.view(client).pair.standing.deal.labels == ("120", "priority")
            w.do(client, "offer", options=[3, 1])
            assert w.refused(vendor, "accept", offer=1) == "stale-offer"
            w.do(vendor, "offer", options=BUILD)
            w.do(client, "accept", offer=3)
            w.deliver(number=number)
            w.answer(number)
        w.advance("next-period" if period == 0 else "debrief")
    turn = record_of(w.room).pairs[0].turns[0]
    assert turn.rounds == 2
    assert turn.first_offer == {"price": 120.0, "support": "priority"}
    # Two rounds of 0.15 each and full effort on both sides.
    assert turn.vendor_payoff + turn.invested == pytest.approx(90 - 45 - 9 - 0.3 - 6 + 9)


def test_people_who_play_two_postures_get_their_cell_of_the_stage_game(workshop, quiet):
    stages, space = compile_stages(quiet), ns.deal_space(quiet)
    efforts = [0.0, 1.0, 1.0]
    for i in range(3):
        for j in range(3):
            w = workshop(mode="type", periods=1)
            w.begin(2)
            deal, rounds = int(stages.deal[0, i, j]), int(stages.rounds[0, i, j])
            options = list(w.room.numbers.options(0, deal))
            turns = [w.at("vendor"), w.at("client")]
            for _ in range(rounds - 1):
                for seat in turns:
                    w.do(seat, "offer", options=[0, 0])
            w.do(turns[0], "offer", options=options)
            w.do(turns[1], "accept", offer=2 * rounds - 1)
            w.deliver(efforts[i], efforts[j])
            turn = w.pair().turns[0]
            assert space.deal(turn.deal) == space.deal(deal)
            assert turn.payoff["vendor"] + turn.invested == pytest.approx(stages.vendor[0, 0, i, j], abs=1e-12)
            assert turn.payoff["client"] == stages.client[0, 0, i, j]


def test_no_agreement_in_talk_mode_costs_one_round_and_nobody_delivers(workshop):
    w = workshop()
    w.begin(2)
    vendor, client = w.at("vendor"), w.at("client")
    w.do(client, "enter", agreed=False)
    assert w.room.view(vendor).pair.entered.deal is None
    w.do(vendor, "confirm", agrees="true")
    assert w.step(vendor) == "result"
    result = w.room.view(vendor).pair.result
    assert not result.agreed
    assert result.payoff == 24.0 - 0.15
    assert result.effort is None
    assert w.pair().turns[0].posture == {"vendor": 0, "client": 0}


def test_an_entry_can_be_taken_back_or_disputed(workshop):
    w = workshop()
    w.begin(2)
    vendor, client = w.at("vendor"), w.at("client")
    w.do(vendor, "enter", options=BUILD)
    assert (w.step(vendor), w.step(client)) == ("confirm-wait", "confirm")
    assert w.refused(vendor, "confirm", agrees=True) == "not-now"
    assert w.refused(client, "take-back") == "not-now"
    w.do(vendor, "take-back")
    w.do(client, "enter", options=[0, 0], first_offer=["", ""])
    w.do(vendor, "confirm", agrees=False)
    assert w.room.view(client).pair.disputed
    w.agree(BUILD)
    assert w.room.view(client).pair.deal.labels == ("90", "priority")


def test_the_identity_of_a_decision_changes_with_the_decision_and_only_then(workshop):
    w = workshop(mode="type")
    w.begin(2)
    vendor, client = w.at("vendor"), w.at("client")
    key = w.room.view(vendor).step_key
    waiting = w.room.view(client).step_key
    w.trainer("names", shown=True)
    assert w.room.view(vendor).step_key == key
    w.do(vendor, "offer", options=[12, 1], key=key)
    assert w.refused(vendor, "offer", options=[12, 1], key=key) == "stale"
    assert w.room.view(client).step_key != waiting
    w.do(client, "accept", offer="1")
    key = w.room.view(vendor).step_key
    w.do(client, "deliver", effort=1)
    assert w.room.view(vendor).step_key == key
    w.do(vendor, "deliver", effort=0, key=key)
    assert w.pair().turns[0].effort == {"vendor": 0.0, "client": 1.0}


def test_the_talks_fail_after_the_last_round(quiet, workshop):
    w = workshop(quiet.replace({"negotiation.rounds": 2}), mode="type")
    w.begin(2)
    for _ in range(2):
        w.do(w.at("vendor"), "offer", options=[12, 1])
        w.do(w.at("client"), "offer", options=[0, 1])
    assert w.step(w.at("vendor")) == "result"
    assert w.pair().turns[0].rounds == 2
    assert not w.pair().turns[0].agreed


def test_somebody_can_stop_the_talks(workshop):
    w = workshop(mode="type")
    w.begin(2)
    w.do(w.at("vendor"), "offer", options=[12, 1])
    assert w.refused(w.at("vendor"), "stop") == "not-now"
    w.do(w.at("client"), "stop")
    assert not w.pair().turns[0].agreed


def test_payoffs_given_directly_are_played_by_picking_a_posture(workshop):
    s = ns.load_scenario("prisoners-dilemma").replace({"relationship.churn": 0})
    w = workshop(s, periods=2)
    w.begin(2)
    vendor, client = w.at("vendor"), w.at("client")
    view = w.room.view(client)
    assert view.step == "choose"
    assert view.sheet.payoffs == ((1.0, 5.0), (0.0, 3.0))
    w.do(client, "choose", posture=1)
    assert w.step(client) == "choose-wait"
    assert w.refused(client, "choose", posture=0) == "not-now"
    assert w.refused(vendor, "choose", posture=2) == "out-of-range"
    assert w.refused(vendor, "enter", options=[]) == "not-now"
    w.do(vendor, "choose", posture="0")
    assert w.room.view(client).pair.result.payoff == 0.0
    assert w.room.view(client).pair.result.partner_posture == "compete"
    assert w.pair().turns[0].payoff == {"vendor": 5.0, "client": 0.0}


def test_the_last_period_asks_nobody_to_renew_when_it_is_known(workshop):
    w = workshop(periods=1, ends="known")
    w.begin(2)
    assert w.room.view("s1").periods == 1
    w.agree(BUILD)
    w.deliver()
    for side in ("vendor", "client"):
        w.do(w.at(side), "again", answer="")
        assert w.step(w.at(side)) in ("review-wait", "done")
    assert w.pair().step == "done"


def test_a_hidden_end_stays_hidden(workshop):
    w = workshop(periods=1)
    w.begin(2)
    assert w.room.view("s1").periods is None
    assert w.room.projector().periods is None
    w.agree(BUILD)
    w.deliver()
    w.do(w.at("vendor"), "again", answer=1)
    assert w.step(w.at("vendor")) == "renew"
    w.do(w.at("vendor"), "renew", stays=False)
    w.do(w.at("client"), "again", answer=7)
    w.do(w.at("client"), "renew", stays=True)
    assert w.pair().reason == "vendor-left"
    w.advance("debrief")
    # Decided in the last period that was played, it is not early.
    assert record_of(w.room).pairs[0].reason == "horizon"
