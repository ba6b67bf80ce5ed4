"""Leavers, the pool, odd seats, late comers, strangers, the second round."""

from collections import Counter

import pytest

from simulator.workshop.record import record_of

BUILD = [6, 1]


def play_period(w, *, leavers=()):
    """Every pair of two people agrees, delivers and answers; those in `leavers` leave."""
    for pair in list(w.room.of_round()):
        if pair.in_period and not pair.has_agent:
            w.agree(BUILD, pair.number)
            w.deliver(number=pair.number)
            stays = {side: w.at(side, pair.number) not in leavers for side in ("vendor", "client")}
            w.answer(pair.number, **stays)
        elif pair.in_period:
            (seat,) = pair.seats
            w.do(seat, "stop") if w.step(seat) == "offer" else None
            w.do(seat, "again")
            if w.step(seat) == "renew":
                w.do(seat, "renew", stays=seat not in leavers)


def partners(w) -> dict[str, str | None]:
    found = {}
    for pair in w.room.of_round():
        if pair.alive:
            vendor, client = pair.chairs["vendor"].seat, pair.chairs["client"].seat
            found |= {vendor: client, client: vendor}
    return found


def test_two_pairs_that_part_are_matched_crosswise(workshop):
    w = workshop()
    w.begin(4)
    before = partners(w)
    play_period(w, leavers={w.at("vendor", 1), w.at("client", 2)})
    assert [w.pair(k).reason for k in (1, 2)] == ["vendor-left", "client-left"]
    assert w.step(w.at("client", 1)) == "ended"
    assert w.room.view(w.at("client", 1)).pair.ended == "they-left"
    assert w.room.view(w.at("vendor", 1)).pair.ended == "you-left"
    w.advance("next-period")
    after = partners(w)
    assert set(after) - {None} == set(before)
    assert all(after[seat] not in (before[seat], None) for seat in before)
    assert {pair.begun for pair in w.room.of_round() if pair.alive} == {1}
    sides = {w.room.seats[seat].side for seat in after}
    assert sides == {"vendor", "client"}


def test_two_who_have_just_parted_play_agents_rather_than_each_other(workshop):
    w = workshop()
    w.begin(2)
    play_period(w, leavers={w.at("client")})
    w.advance("next-period")
    new = [pair for pair in w.room.of_round() if pair.alive]
    assert [pair.has_agent for pair in new] == [True, True]
    play_period(w, leavers={"s1", "s2"})
    w.advance("next-period")  # now they may meet again, or not
    assert all(w.step(seat) in ("talk", "offer") for seat in ("s1", "s2"))


def test_outside_the_pool_who_parted_observes(workshop):
    w = workshop(after_leaving="outside")
    w.begin(4)
    gone = w.at("client", 1)
    play_period(w, leavers={gone})
    w.advance("next-period")
    assert w.step(gone) == "observe"
    w.do(gone, "observe", pair=2, marks={"threat": 2, "trade": ""}, note="They traded support for price.")
    view = w.room.view(gone)
    assert view.checklist.marks == {"threat": 2}
    assert view.pairs == (2,)
    assert sum(pair.alive for pair in w.room.of_round()) == 1


def test_an_odd_seat_plays_an_agent_in_type_mode(workshop):
    w = workshop()
    w.begin(3)
    lone = next(pair for pair in w.room.of_round() if pair.has_agent)
    assert lone.mode == "type"
    view = w.room.view(lone.seats[0])
    assert view.pair.partner_is_agent
    assert view.pair.partner_name == ""
    record = record_of(w.room)
    found = next(pair for pair in record.pairs if None in (pair.vendor_seat, pair.client_seat))
    assert (found.vendor_agent or found.client_agent) == "tit-for-tat"


def test_the_trainer_picks_the_agent_that_fills_seats(workshop):
    w = workshop()
    w.trainer("filler", agent="always-compete")
    assert w.refused("trainer", "filler", agent="tit-for-tta") == "no-such-agent"
    w.begin(1)
    assert [chair.agent for chair in w.pair().chairs.values() if chair.agent] == ["always-compete"]


def test_who_joins_late_while_people_prepare_takes_the_agents_chair(workshop):
    w = workshop()
    w.join(3)
    w.advance("start")
    (late,) = w.join(1)
    assert w.step(late) == "prepare"
    assert not any(pair.has_agent for pair in w.room.of_round())
    (later,) = w.join(1)
    assert w.step(later) == "prepare"
    assert sum(pair.has_agent for pair in w.room.of_round()) == 1


def test_who_joins_late_during_play_is_matched_at_the_next_period(workshop):
    w = workshop()
    w.begin(2)
    late = w.join(3)
    assert {w.step(seat) for seat in late} == {"free"}
    play_period(w)
    w.advance("next-period")
    assert Counter(pair.has_agent for pair in w.room.of_round()) == {False: 2, True: 1}
    assert w.pair(1).alive  # the first pair goes on
    assert "free" not in {w.step(seat) for seat in late}


def test_strangers_meet_somebody_else_each_period(workshop):
    w = workshop(partners="new", periods=3)
    w.begin(6)
    seen = Counter()
    for period in range(3):
        met = partners(w)
        seen.update(frozenset(item) for item in met.items())
        play_period(w)
        if period < 2:
            w.advance("next-period")
            now = partners(w)
            assert all(now[seat] != met[seat] for seat in met)
    w.advance("debrief")
    assert {pair.reason for pair in record_of(w.room).pairs} == {"horizon"}
    assert {len(pair.turns) for pair in record_of(w.room).pairs} == {1}


def test_the_trainer_gives_a_vanished_seat_to_an_agent_in_the_middle_of_the_talks(workshop):
    w = workshop()
    w.begin(2)
    vendor, client = w.at("vendor"), w.at("client")
    w.do(vendor, "enter", options=BUILD)
    w.trainer("seat-agent", seat=vendor, agent="always-cooperate")
    assert w.step(vendor) == "replaced"
    assert w.refused(vendor, "enter", options=BUILD) == "replaced"
    view = w.room.view(client)
    assert (view.step, view.pair.mode) == ("offer", "type")  # the agent has opened already
    # The agent's tactic discloses: a ranking of issues, no numbers.
    assert view.pair.partner_priorities == ("price", "support")
    w.do(client, "accept", offer=view.pair.standing.number)
    w.do(client, "deliver", effort=1)
    w.do(client, "again", answer=4)
    w.do(client, "renew", stays=True)
    assert w.pair().turns[0].posture["vendor"] == 2
    w.do(vendor, "return")
    w.advance("next-period")
    assert w.step(vendor) == "talk"
    record = record_of(w.room)
    assert record.pairs[0].vendor_agent == "always-cooperate"
    assert record.pairs[0].vendor_seat == vendor


@pytest.mark.parametrize("step", ["deliver", "result", "renew"])
def test_an_agent_takes_over_at_any_step(workshop, step):
    w = workshop()
    w.begin(2)
    vendor, client = w.at("vendor"), w.at("client")
    w.agree(BUILD)
    if step != "deliver":
        w.do(vendor, "deliver", effort=0)
    if step == "renew":
        w.do(client, "deliver", effort=1)
        w.do(vendor, "again", answer=2)
    w.trainer("seat-agent", seat=vendor)
    if w.step(client) == "deliver":
        w.do(client, "deliver", effort=1)
    w.do(client, "again", answer=2)
    w.do(client, "renew", stays=True)
    assert w.pair().step == "done"
    assert w.pair().turns[0].effort["vendor"] == (1.0 if step == "deliver" else 0.0)


def test_who_left_for_good_is_not_matched_again(workshop):
    w = workshop()
    w.begin(2)
    vendor, client = w.at("vendor"), w.at("client")
    w.trainer("remove", seat=vendor)
    assert w.step(vendor) == "closed"
    assert w.refused(vendor, "return") == "closed"
    w.do(client, "stop") if w.step(client) == "offer" else None
    w.do(client, "again")
    w.do(client, "renew", stays=False)
    w.advance("next-period")
    assert w.pair().chairs["vendor"].seat == vendor
    assert w.refused("trainer", "seat-person", seat=client) == "plays-itself"
    w.trainer("seat-person", seat=vendor)  # it was not for good after all
    assert w.step(vendor) in ("ended", "free")
    assert [pair.seats for pair in w.room.of_round() if pair.alive] == [[client]]


def test_the_second_round_swaps_the_sides_of_the_same_pairs(workshop):
    w = workshop(periods=1)
    w.begin(5)
    first = {pair.number: (pair.chairs["vendor"].seat, pair.chairs["client"].seat) for pair in w.room.of_round()}
    sheet = w.room.view(first[1][0]).sheet
    play_period(w)
    w.advance("debrief")
    w.advance("reveal")
    w.advance("second-round")
    assert (w.room.phase, w.room.round, w.room.revealed) == ("prepare", 2, [])
    second = {(pair.chairs["client"].seat, pair.chairs["vendor"].seat) for pair in w.room.of_round()}
    assert second == set(first.values())
    assert w.room.view(first[1][0]).sheet.side != sheet.side
    assert w.room.view(first[1][0]).history == ()
    w.advance("play")
    play_period(w)
    w.advance("debrief")
    record = record_of(w.room)
    assert [pair.round for pair in record.pairs] == [1, 1, 1, 2, 2, 2]
    assert "rounds" in w.room.revealable()
    assert not any(way.key == "second-round" for way in w.room.console(now=w.now).other_steps)


def test_the_second_round_matches_anew_whose_partner_left_for_good(workshop):
    w = workshop(periods=1)
    w.begin(4)
    play_period(w)
    gone = w.at("client", 1)
    w.trainer("remove", seat=gone)
    w.advance("debrief")
    w.advance("second-round")
    seats = [seat for pair in w.room.of_round() for seat in pair.seats]
    assert sorted(seats) == sorted({"s1", "s2", "s3", "s4"} - {gone})
    lone = next(pair for pair in w.room.of_round() if pair.has_agent)
    assert lone.chairs["client"].seat == w.room.pairs[1].chairs["vendor"].seat  # it was the vendor
