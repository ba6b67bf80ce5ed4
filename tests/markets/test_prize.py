"""What winning is worth: closed forms, the life of a place followed period by period, and when there is no answer."""

from dataclasses import replace

import numpy as np
import pytest

import simulator as ns
from simulator.errors import SimulatorError
from simulator.markets.contests.bidders import BidderKinds
from simulator.markets.contests.prize import PrizeProblem, solve_prize

WORTH = np.array([0.1, 0.5, 1.0])
EVERY_PERIOD = 500


def a_market(gain=10.0, end=1.0, ages=1, clients=1, gossip=0.0, recognition=1.0, **changes):
    """One kind of vendor for each gain per period; relationships that end with the same chance at every age.

    Odd kinds of vendors compete in their last period, the others cooperate.
    """
    gains = np.atleast_1d(np.asarray(gain, dtype=float))
    vendors = len(gains)
    alive = (1 - end) ** np.arange(ages)
    ends, stays = np.zeros((2, vendors, clients, ages, 4))
    for v in range(vendors):
        ends[v, :, :, 1 if v % 2 else 3] = end * alive
        stays[v, :, :, 3] = (1 - end) * alive
    records = 3 if gossip else 1
    update = np.tile((1 - gossip) * np.eye(records), (4, 1, 1))
    if gossip:
        update[:2, :, 0] += gossip
        update[2:, :, 2] += gossip
    seen = np.array([[recognition, 1 - recognition, 0], [0, 1, 0], [0, 0, 1]]) if gossip else [[0, 1, 0]]
    kinds = BidderKinds.of(vendors, seen)
    values = {
        "vendor_gain": gains[:, None, None] * np.ones((1, clients, 1)) * alive,
        "ends": ends,
        "stays": stays,
        "update": update,
        "switching_cost": np.zeros(clients),
        "segment": np.zeros(clients, dtype=np.intp),
        "invitations": np.full(clients, 0.5 / clients),
        "places": np.ones((vendors, records)),
        "kinds": kinds,
        "weights": kinds.weights(np.ones(vendors), WORTH, 1.0),
        "accepted": np.ones(kinds.count, dtype=bool),
        "bids": ("fair",) * vendors,
        "bidders": 3,
        "discount": 0.9,
    }
    return PrizeProblem(**{**values, **changes})


@pytest.mark.parametrize(("bidders", "effort", "profit"), [(2, 25, 25), (3, 22.222222, 11.111111), (5, 16, 4)])
def test_without_limit_winning_is_worth_the_relationship(bidders, effort, profit):
    # Source: VALIDATION f, with a prize of 100 that is 10 per period for ever at discount .9.
    found = solve_prize(a_market(10, end=0.0, ages=EVERY_PERIOD, unlimited=True, bidders=bidders))
    assert found.prizes.item() == pytest.approx(100)
    assert found.rates.efforts.item() == pytest.approx(effort, abs=1e-6)
    assert 100 * found.rates.wins.item() - found.rates.efforts.item() == pytest.approx(profit, abs=1e-6)
    assert found.places.item() == 0
    assert (found.method, found.converged, found.remark) == ("linear equations", True, "")


def test_unequal_prizes_without_limit():
    # Source: VALIDATION f: 100 and 60; each alone in the pool of the other's rivals.
    gains = np.array([10.0, 6.0])
    market = a_market(gains, end=0.0, ages=EVERY_PERIOD, unlimited=True, bidders=2)
    for own, effort, chance in ((0, 23.4375, 0.625), (1, 14.0625, 0.375)):
        rivals = np.zeros((2, 1))
        rivals[1 - own] = 1.0
        found = solve_prize(replace(market, places=rivals))
        assert found.prizes.ravel() == pytest.approx([100, 60])
        assert found.rates.efforts[own].item() == pytest.approx(effort)
        assert found.rates.wins[own].item() == pytest.approx(chance)


def test_relationships_of_one_period():
    # A place that serves is free again in the next period, as one that does not: winning is worth just the gain.
    # W = m (10/9) + d W; a bidder's profit in a contest of three is 1/9 of the prize.
    found = solve_prize(a_market(10))
    assert found.prizes.item() == pytest.approx(10, rel=1e-9)
    assert found.places.item() == pytest.approx(0.5 * (10 / 9) / (1 - 0.9), rel=1e-9)
    assert not found.several


@pytest.mark.parametrize("search", [1, 2, 5])
def test_relationships_of_one_period_and_a_search(search):
    # V = 10 - d (1 - d^search) W and W = m V/9 / (1 - d), solved by hand.
    d, m = 0.9, 0.5
    found = solve_prize(a_market(10, search_time=search))
    prize = 10 / (1 + d * (1 - d**search) * m / 9 / (1 - d))
    assert found.prizes.item() == pytest.approx(prize, rel=1e-8)
    assert found.places.item() == pytest.approx(m * prize / 9 / (1 - d), rel=1e-8)


@pytest.mark.parametrize(("end", "turnover"), [(0.1, 0.0), (0.3, 0.05), (0.0, 0.1)])
def test_relationships_of_many_periods(end, turnover):
    # By hand: with D = d (1 - turnover)^2 (1 - end) a relationship gains G = 10/(1 - D), and leaves its place free
    # with weight C = d (1 - turnover) (end + turnover (1 - end))/(1 - D); W = m (p (G + C W) - e) + (1 - m p) d' W.
    d, m, stay = 0.9, 0.5, 1 - turnover
    shrinks = d * stay**2 * (1 - end)
    gain = (10 - 2 * (end + (1 - end) * (1 - stay**2))) / (1 - shrinks) - 3
    again = d * stay * (end + turnover * (1 - end)) / (1 - shrinks)
    market = a_market(10, end, EVERY_PERIOD, turnover=turnover, search_cost=3.0, switching_cost=np.array([2.0]))
    found = solve_prize(market)
    # V = gain - (d' - again) W and (1 - d') W = m V/9.
    rest = d * stay
    prize = gain / (1 + (rest - again) * m / 9 / (1 - rest))
    assert found.prizes.item() == pytest.approx(prize, rel=1e-8)
    assert found.relationships.item() == pytest.approx(prize + rest * found.places.item(), rel=1e-9)


def test_random_matching():
    # W = m (10 + d W) + (1 - m) d W.
    found = solve_prize(a_market(10, bidders=0))
    assert found.places.item() == pytest.approx(0.5 * 10 / (1 - 0.9))
    assert found.method == "linear equations"


def test_more_invitations_than_a_place_can_use():
    # Four contests of three per place and period: it wins one, and pays for three.
    found = solve_prize(a_market(10, invitations=np.array([4.0])))
    assert found.places.item() == pytest.approx(3 * (10 / 9) / (1 - 0.9))


def test_nothing_is_discounted():
    # Relationships of one period, 20 periods: a place wins 10 in each with chance m.
    found = solve_prize(a_market(10, bidders=0, discount=1.0, periods=20))
    assert found.places.item() == pytest.approx(20 * 0.5 * 10)
    assert found.prizes.item() == pytest.approx(10)
    # A relationship lasts for ever: after k periods without one, 20 - k periods of 10 are left.
    found = solve_prize(a_market(10, end=0.0, ages=20, bidders=0, discount=1.0, periods=20))
    assert found.places.item() == pytest.approx(sum(0.5 ** (k + 1) * 10 * (20 - k) for k in range(20)))
    # A search of one period: one relationship every other period, where every free place is taken.
    found = solve_prize(a_market(10, bidders=0, discount=1.0, periods=9, search_time=1, invitations=np.array([1.0])))
    assert found.places.item() == pytest.approx(50)


def test_the_long_undiscounted_market_is_near_the_barely_discounted_one():
    rules = {"bidders": 2, "end": 0.2, "ages": 100, "search_time": 1}
    counted = solve_prize(a_market([10, 6], discount=1.0, periods=1000, **rules))
    lasting = solve_prize(a_market([10, 6], discount=1 - 1e-7, **rules))
    assert counted.prizes == pytest.approx(lasting.prizes, rel=3e-3)


def followed(market, found, vendor, record, begin=None):
    """Present value of one place, from its distribution over all it may be doing, period by period."""
    stay, records = 1 - market.turnover, market.update.shape[1]
    clients, ages = market.vendor_gain.shape[1:3]
    rates, segment = found.rates, market.segment
    common = market.invitations / np.bincount(segment, market.invitations)[segment]
    often = market.invitations * rates.wins[vendor][:, segment] + common * rates.review_wins[vendor][:, segment]
    profit = (market.invitations * rates.profits[vendor][:, segment]).sum(axis=1)
    profit += rates.review_profits[vendor].sum(axis=1)
    if market.tender_cost is None and not market.review_every:
        assert profit == pytest.approx(-(market.invitations * rates.efforts[vendor][:, segment]).sum(axis=1))
    assert (often.sum(axis=1) <= 1).all()
    free = np.zeros((market.search_time + 1, records))  # by periods still to wait
    busy = np.zeros((clients, records, ages))
    if begin is None:
        free[0, record] = 1.0
    else:
        busy[:, record, 0] = begin
    value = -market.search_cost * busy.sum()
    for t in range(300):
        if market.review_every:
            due = np.arange(market.review_every, ages, market.review_every)
            tendered, keeps = busy[..., due], rates.keeps[vendor][:, segment].T[..., None]
            lost = tendered * (1 - keeps)
            busy[..., due] = tendered * keeps
            free[-1] += lost.sum(axis=(0, 2)) @ market.update[3]
            value += market.discount**t * np.einsum("crd,rc->", tendered, rates.defences[vendor][:, segment])
            value -= market.discount**t * lost.sum(axis=(1, 2)) @ market.switching_cost
        look = free[0].copy()
        if t or begin is None:
            value += market.discount**t * (look @ profit)
            won = (look[:, None] * often).T
            busy[:, :, 0] += won
            value -= market.discount**t * market.search_cost * won.sum()
            free[0] -= won.sum(axis=0)
        alive = market.ends[vendor].sum(axis=2) + market.stays[vendor].sum(axis=2)
        share = np.divide(1.0, alive, out=np.zeros_like(alive), where=alive > 0)
        value += market.discount**t * np.einsum("cra,ca->", busy, market.vendor_gain[vendor] * share)
        ending = busy[..., None] * (market.ends[vendor] * share[..., None])[:, None]
        staying = busy[..., None] * (market.stays[vendor] * share[..., None])[:, None]
        gone = ending.sum(axis=(1, 2, 3)) + (1 - stay**2) * staying.sum(axis=(1, 2, 3))
        value -= market.discount**t * gone @ market.switching_cost
        freed = np.einsum("crak,krs->s", stay * (ending + market.turnover * staying), market.update)
        busy[..., 1:] = stay**2 * staying.sum(axis=3)[..., :-1]
        busy[..., 0] = 0.0
        free[0] *= stay
        if market.search_time:
            free[0] += stay * free[1]
            free[1:-1] = stay * free[2:]
            free[-1] = freed
        else:
            free[0] += freed
    return value


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"search_time": 2, "search_cost": 1.0, "turnover": 0.03},
        {"bids": ("fair", "hard", "fair")},
        {"exponent": 0.7, "switching_cost": np.array([2.0, 0.0])},
        {"segment": np.array([0, 1]), "invitations": np.array([0.9, 0.3])},
        {"review_every": 2, "edge": 1.5, "switching_cost": np.array([2.0, 1.0]), "search_time": 1, "turnover": 0.02},
        {"review_every": 3, "segment": np.array([0, 1]), "incumbents": np.full((3, 3, 2), 0.02)},
        {"review_every": 1, "tender_cost": (0.0, 9.0), "incumbents": np.full((3, 3, 1), 0.03)},
    ],
)
def test_the_life_of_a_place_followed_period_by_period(changes):
    market = a_market([10, 14, 6], end=0.2, ages=60, clients=2, gossip=0.4, recognition=0.6, **changes)
    market.vendor_gain[:, 1] *= 0.5
    found = solve_prize(market)
    assert found.converged
    for vendor in range(3):
        for record in range(3):
            place = followed(market, found, vendor, record)
            assert found.places[vendor, record] == pytest.approx(place, rel=1e-7)
            for segment in range(found.prizes.shape[2]):
                common = market.invitations * (market.segment == segment)
                worth = followed(market, found, vendor, record, common / common.sum())
                assert found.relationships[vendor, record, segment] == pytest.approx(worth, rel=1e-7)
                prize = worth - market.discount * (1 - market.turnover) * place
                assert found.prizes[vendor, record, segment] == pytest.approx(prize, rel=1e-6)


def test_a_better_record_is_worth_more_and_gossip_makes_it_so():
    found = solve_prize(a_market([10, 10], end=0.2, ages=100, gossip=0.5))
    assert (np.diff(found.places, axis=1) > 0).all()
    # The first kind leaves good records behind, the second bad ones.
    assert found.places[0, 1] > found.places[1, 1]


@pytest.mark.parametrize("limit", [False, True])
def test_reviews_in_every_period(limit):
    # One kind, relationships that never end by themselves, reviewed in every period among three equals: won with 1/3
    # at an effort of 2/9 V. Without limit: U = 10 + d (U/3 - 2/9 V), V = U. With one place, which loses to a challenger
    # of its kind and is free at once, U = 10 + d (W + (U - W)/3 - 2/9 V), V = U - d W, W = m V/9 + d W.
    d, m = 0.9, 0.5
    market = a_market(10, end=0.0, ages=EVERY_PERIOD, review_every=1, unlimited=not limit)
    found = solve_prize(market)
    assert found.converged
    assert found.rates.keeps.item() == pytest.approx(1 / 3)
    prize, place = found.prizes.item(), found.places.item()
    worth = prize + d * place
    assert found.relationships.item() == pytest.approx(worth)
    # What a lost review frees can be invited in the same period.
    assert worth == pytest.approx(10 + d * (2 / 3 * place + worth / 3 - 2 / 9 * prize), rel=1e-8)
    assert place == pytest.approx(m * prize / 9 / (1 - d) if limit else 0, rel=1e-8)


def test_reviews_make_winning_worth_less():
    market = a_market([10, 14], end=0.05, ages=EVERY_PERIOD)
    prizes = [solve_prize(replace(market, review_every=every, edge=1.5)).prizes for every in (1, 3, 10, 0)]
    assert (np.diff(np.array(prizes), axis=0) > 0).all()


def test_reviews_where_nothing_is_discounted():
    counted = a_market(10, end=0.1, ages=150, review_every=2, search_time=1, discount=1.0, periods=1000)
    lasting = replace(counted, discount=1 - 1e-7)
    assert solve_prize(counted).prizes == pytest.approx(solve_prize(lasting).prizes, rel=3e-3)


def test_starting_near_the_answer():
    market = a_market([10, 14], end=0.2, ages=60, gossip=0.4)
    far = solve_prize(market)
    near = solve_prize(replace(market, discount=0.901), start=far.prizes)
    assert near.prizes == pytest.approx(solve_prize(replace(market, discount=0.901)).prizes, rel=1e-7)
    assert near.iterations < far.iterations / 2


def test_tenders():
    # Equal fair bidders, n = 2 on [20, 100]: the winner's price less its cost is 80/3 on average, for each bidder half.
    found = solve_prize(a_market(10, bidders=2, tender_cost=(20.0, 100.0)))
    assert found.prizes.item() == pytest.approx(10)
    assert found.places.item() == pytest.approx(0.5 * (10 + 80 / 3) / 2 / (1 - 0.9))
    # What a low-ball bid gives away comes back in the first period: only the margin is lost.
    found = solve_prize(a_market(10, bidders=2, tender_cost=(20.0, 100.0), bids=("low-ball",)))
    assert found.places.item() == pytest.approx(0.5 * 10 / 2 / (1 - 0.9))


def test_who_is_refused_wins_nothing():
    market = a_market([10, 10], end=0.2, ages=100, gossip=0.5)
    found = solve_prize(replace(market, accepted=market.kinds.seen > 0))
    assert (found.rates.wins[:, 0] == 0).all()
    assert found.places[:, 0] == pytest.approx([0, 0], abs=1e-12)
    found = solve_prize(replace(market, accepted=market.kinds.seen > 0, bidders=0))
    assert (found.places[:, 0] == 0).all()


def test_who_loses_by_serving_does_not_bid():
    found = solve_prize(a_market([10, -5]))
    assert found.prizes[1].item() < 0
    assert found.rates.wins[1].item() == found.rates.efforts[1].item() == 0
    assert found.places[1].item() == 0


def test_bidding_hard_can_make_a_free_place_worth_less_than_nothing():
    # Three hard bidders spend 2 x 2/9 each for a chance of 1/3.
    found = solve_prize(a_market(10, bids=("hard",)))
    assert found.places.item() == pytest.approx(0.5 * (10 / 3 - 40 / 9) / (1 - 0.9))


def test_losing_by_competing_does_not_make_winning_look_worth_more_and_more():
    market = a_market([10, 10], end=0.1, ages=EVERY_PERIOD, bids=("hard", "hard"), bidders=4, search_time=2)
    found = solve_prize(market)
    assert found.converged
    assert (found.places < 0).all()
    assert found.prizes.ravel() == pytest.approx([10 / (1 - 0.9 * 0.9)] * 2)


def test_several_answers_are_told():
    # Found by search. A place of the last kind of vendor, which bids hard, is worth little more than idle or clearly
    # more, depending on how hard the others find it to live with; each agrees with itself.
    market = a_market(
        [32.09, 11.38, 10.91, 15.51],
        end=0.84,
        ages=80,
        gossip=0.5,
        invitations=np.array([2.82]),
        bidders=2,
        search_time=2,
        discount=0.99,
        bids=("fair", "hard", "fair", "hard"),
    )
    found = solve_prize(market)
    assert found.converged
    assert found.several
    apart = np.abs(found.other - found.prizes).max()
    assert apart > 1  # against prizes of 3 to 31
    assert found.remark.startswith(
        f"winning has several worths that agree with themselves, up to {apart:.3g} apart; used is"
    )


def test_an_answer_that_does_not_settle_says_so():
    # A worth that hangs on bidding exactly at a prize of 0: bidding pays for the margin alone, and so makes a free
    # place worth so much that winning is worth less than nothing, upon which nobody bids.
    market = a_market(1.0, bidders=2, tender_cost=(0.0, 100.0), end=0.0, ages=EVERY_PERIOD)
    found = solve_prize(replace(market, invitations=np.array([1.0])))
    assert not found.converged
    assert "did not settle" in found.remark
    assert not found.several


def test_wrong_shapes_are_refused():
    with pytest.raises(SimulatorError, match=r"ends must have the shape \(1, 1, 1, 4\); got \(1, 1, 2, 4\)"):
        a_market(ends=np.zeros((1, 1, 2, 4)))
    with pytest.raises(SimulatorError, match=r"kinds and bids must be of 1 kinds of vendors with 1 records"):
        a_market(bids=("fair", "hard"))


def test_a_market_too_short_to_settle_says_so():
    mix = "vendors: tit-for-tat; clients: tit-for-tat"
    town = ns.market(ns.load_scenario("saas-renewal"), mix=mix, periods=9)
    assert any(remark.startswith("in fewer than 10 periods nothing settles") for remark in town.remarks)
    assert not any("inf" in remark.split() for remark in town.remarks)
