"""Vendors compete for a client before the play."""

import pytest

from simulator.workshop.matching import award
from simulator.workshop.record import record_of


def bids(w, amounts):
    """Everybody bids what stands in `amounts` by seat, 0 where nothing does."""
    for seat in list(w.room.seats):
        if w.step(seat) == "bid":
            w.do(seat, "bid", bid=amounts.get(seat, 0))


def begin(w, people):
    w.join(people)
    w.advance("start")
    w.advance("compete")
    return w.room.groups


@pytest.mark.parametrize("people", range(1, 14))
def test_every_group_has_a_client_and_three_bidders(workshop, people):
    w = workshop(contest="effort")
    groups = begin(w, people)
    seats = [group.client for group in groups] + [b.seat for g in groups for b in g.bidders if b.seat]
    assert sorted(seats) == sorted(w.room.seats)
    assert {len(group.bidders) for group in groups} == {3}


def test_a_contest_of_effort_burns_every_bid(workshop):
    w = workshop(contest="effort")
    (group,) = begin(w, 4)
    vendors = [bidder.seat for bidder in group.bidders]
    assert w.step(group.client) == "client-wait"
    view = w.room.view(vendors[0])
    assert (view.step, view.contest.kind, view.contest.bidders) == ("bid", "effort", 3)
    assert w.refused(vendors[0], "bid", bid=-1) == "out-of-range"
    assert w.refused(vendors[0], "bid", bid=view.contest.limit * 1.01) == "out-of-range"
    w.do(vendors[0], "bid", bid="10")
    assert w.step(vendors[0]) == "bid-wait"
    assert w.refused(vendors[0], "bid", bid=20) == "not-now"
    w.do(vendors[1], "bid", bid=30)
    w.do(vendors[2], "bid", bid=0)
    assert group.chances == (0.25, 0.75, 0.0)
    losers = [k for k in range(3) if k != group.winner]
    assert w.step(vendors[group.winner]) == "won"
    lost = w.room.view(vendors[losers[0]])
    assert lost.step == "lost"
    assert lost.contest.burned == lost.contest.bid
    w.do(vendors[losers[0]], "go-on", **{"as": "adviser"})
    w.do(vendors[losers[1]], "go-on", **{"as": "agent"})
    w.advance("play")
    assert partner_of(w, group.client) == vendors[group.winner]
    assert w.step(vendors[losers[1]]) == "offer" or w.step(vendors[losers[1]]) == "offer-wait"
    adviser, winner = w.room.view(vendors[losers[0]]), w.room.view(vendors[group.winner])
    assert (adviser.role, adviser.step, adviser.acts) == ("adviser", winner.step, False)
    assert adviser.sheet == winner.sheet
    assert w.refused(vendors[losers[0]], "enter", options=[6, 1], key=adviser.step_key) == "advises"
    w.advance("predict", force=True)
    assert w.step(vendors[losers[0]]) == "predict"
    w.do(vendors[losers[0]], "bet", answers={"ended": 10})
    record = record_of(w.room)
    assert sorted(bid.bid for bid in record.bids) == [0, 10, 30]
    assert [bid.won for bid in record.bids].count(True) == 1


def partner_of(w, seat):
    pair = w.room.pair_of(w.room.seats[seat])
    return next(other for other in pair.seats if other != seat)


def test_a_contest_of_price_goes_to_the_largest_cut_and_only_the_winner_pays(workshop):
    w = workshop(contest="price")
    (group,) = begin(w, 4)
    vendors = [bidder.seat for bidder in group.bidders]
    bids(w, {vendors[0]: 5, vendors[1]: 40, vendors[2]: 39})
    assert group.winner == 1
    assert w.room.view(vendors[1]).contest.burned == 40
    assert w.room.view(vendors[2]).contest.burned == 0
    assert w.refused(vendors[1], "go-on", **{"as": "agent"}) == "not-now"


def test_nobody_can_advise_an_agent_that_has_won(workshop):
    w = workshop(contest="price")
    (group,) = begin(w, 2)
    (vendor,) = [bidder.seat for bidder in group.bidders if bidder.seat is not None]
    w.do(vendor, "bid", bid=0)
    assert (w.step(vendor), w.room.view(vendor).contest.advisable) == ("lost", False)
    assert w.refused(vendor, "go-on", **{"as": "adviser"}) == "no-one-to-advise"


def test_who_advised_somebody_that_left_for_good_takes_notes(workshop):
    w = workshop(contest="price")
    (group,) = begin(w, 4)
    vendors = [bidder.seat for bidder in group.bidders]
    bids(w, {vendors[0]: 5, vendors[1]: 40, vendors[2]: 39})
    assert w.room.view(vendors[0]).contest.advisable
    w.do(vendors[0], "go-on", **{"as": "adviser"})
    w.advance("play", force=True)
    w.trainer("remove", seat=vendors[1])
    view = w.room.view(vendors[0])
    assert (view.step, view.checklist.pair) == ("observe", None)
    w.do(vendors[0], "observe", pair=view.pairs[0], note="Quiet")
    assert w.room.view(vendors[0]).checklist.note == "Quiet"


def test_a_missing_bid_is_none_when_the_trainer_goes_on(workshop):
    w = workshop(contest="effort")
    (group,) = begin(w, 4)
    assert w.refused("trainer", "advance", to="play") == "still-open"
    w.do(group.bidders[2].seat, "bid", bid=1)
    w.advance("play", force=True)
    assert group.winner == 2
    assert partner_of(w, group.client) == group.bidders[2].seat


def test_an_agent_that_fills_a_vanished_bidders_seat_bids(workshop):
    w = workshop(contest="effort")
    (group,) = begin(w, 4)
    w.trainer("seat-agent", seat=group.bidders[0].seat)
    assert group.bidders[0].bid > 0


def test_the_second_round_has_no_contest(workshop):
    w = workshop(contest="effort", periods=1)
    (group,) = begin(w, 4)
    bids(w, {})
    w.do(next(s for s in w.room.seats if w.step(s) == "lost"), "go-on", **{"as": "adviser"})
    w.advance("play", force=True)
    w.advance("debrief", force=True)
    w.advance("second-round")
    assert {seat.role for seat in w.room.seats.values()} == {"player"}
    assert sorted(seat for pair in w.room.of_round() for seat in pair.seats) == ["s1", "s2", "s3", "s4"]
    assert w.room.console(now=0).next.key == "play"
    assert w.room.seats[group.client].side == "vendor"


def test_equal_bids_have_equal_chances():
    import numpy as np

    rng = np.random.default_rng(0)
    winners = {award([0.0, 0.0, 0.0], kind, rng)[0] for kind in ("effort", "price") for _ in range(40)}
    assert winners == {0, 1, 2}
    assert award([2.0, 2.0, 1.0], "price", rng)[1] == [0.5, 0.5, 0.0]


def test_the_limit_of_a_bid_tells_nothing_of_the_client(workshop, quiet):
    def limit(scenario):
        w = workshop(scenario, contest="effort")
        (group,) = begin(w, 4)
        return w.room.view(group.bidders[0].seat).contest.limit

    assert limit(quiet) == limit(quiet.replace({"client.outside_option": 3.0, "base.client": 70.0}))
