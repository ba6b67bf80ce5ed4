"""The protocol of alternating offers, and the bulk run against the same talks step by step.

Source: "Alternating offers" and "Tactics" of the negotiation notes: rounds k = 0..n-1 at time (k+1)/(n+1); the last
offer of the second mover is never answered; each round begun costs each side the round cost; without agreement both
get their outside option; a side without an individually rational deal walks away at its first action.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simulator as ns
from simulator.bargaining.deals import DealSpace
from simulator.bargaining.protocol import SIDES, outcomes
from simulator.bargaining.tactics import TACTICS, knowledge_of

ROSTER = [
    *(ns.tactic(name) for name, cls in TACTICS.items() if cls.deterministic),
    *map(ns.tactic, ("hard-bargainer(floor=0.4)", "principled(share=0.7,floor=0.5)", "principled(share=0)")),
    *map(ns.tactic, ("logroller(exponent=3)", "boulware(exponent=0.5)", "principled(share=1,floor=1)")),
]


def space_of(vendor, client, outside=(0.0, 0.0), options=None, tolerance=None):
    """A deal space by hand: one issue, or the issues that `options` counts."""
    counts = options or (len(vendor),)
    return DealSpace(
        vendor=np.array(vendor, dtype=float),
        client=np.array(client, dtype=float),
        vendor_outside=outside[0],
        client_outside=outside[1],
        issues=tuple(f"issue {i}" for i in range(len(counts))),
        options=tuple(tuple(range(count)) for count in counts),
        tolerance=tolerance,
    )


@st.composite
def spaces(draw):
    """Small spaces with many ties; hopeless sides, empty agreement zones and single deals among them."""
    counts = draw(st.sampled_from([(1,), (4,), (2, 3), (3, 1, 2), (4, 4)]))
    n = int(np.prod(counts))
    worth = st.lists(st.integers(-5, 10).map(float), min_size=n, max_size=n)
    scale = draw(st.sampled_from([1.0, 0.1, 1e4]))
    vendor, client = (np.array(draw(worth)) * scale for _ in SIDES)
    outside = draw(st.tuples(st.integers(-6, 11), st.integers(-6, 11)))
    return space_of(vendor, client, tuple(o * scale for o in outside), counts, draw(st.sampled_from([None, 1e-4])))


def step_by_step(space, vendor, client, rounds, cost, first):
    talks = ns.Talks(space, rounds=rounds, round_cost=cost, first=first)
    players = {"vendor": vendor, "client": client}
    known = {side: knowledge_of(space, side, partner_open=vendor.discloses and client.discloses) for side in SIDES}
    while not talks.over:
        talks.act(players[talks.turn], known[talks.turn])
    return talks


@settings(max_examples=60, deadline=None)
@given(spaces(), st.integers(1, 7), st.sampled_from([0.0, 0.25]), st.sampled_from(SIDES))
def test_bulk_is_the_same_as_step_by_step(space, rounds, cost, first):
    bulk = outcomes(space, ROSTER, ROSTER, rounds=rounds, round_cost=cost, first=first)
    for i, vendor in enumerate(ROSTER):
        for j, client in enumerate(ROSTER):
            talks = step_by_step(space, vendor, client, rounds, cost, first)
            result = talks.result()
            assert bulk.deal[i, j] == (-1 if talks.agreed is None else talks.agreed), (str(vendor), str(client))
            assert bulk.rounds[i, j] == result.rounds
            assert bulk.vendor[i, j] == result.vendor_value
            assert bulk.client[i, j] == result.client_value
            if result.agreed:  # nobody agrees to a loss
                assert space.rational[talks.agreed]
            for _, side, deal in talks.made:
                assert space.worth(side)[deal] >= space.outside(side)


# -- a slow second implementation, written from the text -------------------------------------------------------------


class Slow:
    """One side of the talks: plain lists, no sorting ahead, one question at a time."""

    def __init__(self, spec, own, other, outside, other_outside, choices, rounds, together):
        self.name, self.p = spec.name, spec.parameters()
        self.own, self.u0, self.choices, self.rounds = own, outside, choices, rounds
        self.rational = [d for d in range(len(own)) if own[d] >= outside]
        self.other, self.other_u0 = (other, other_outside) if together else (None, None)
        self.tolerance = 1e-4 * (max(own) - min(own))
        self.target = self.fair() if self.name == "principled" and together else None

    def fair(self):
        """The deal with the largest weighted product of gains, then the lowest number."""
        a = self.p["share"]
        both = [d for d in self.rational if self.other[d] >= self.other_u0]
        # Dominated deals never win; among the rest, with a weight of 0 or 1, the best for the one that counts.
        keep = [
            d
            for d in both
            if not any(
                self.own[e] >= self.own[d]
                and self.other[e] >= self.other[d]
                and (self.own[e], self.other[e]) != (self.own[d], self.other[d])
                for e in both
            )
        ]
        if not keep:
            return None
        measure = {d: (self.own[d] - self.u0) ** a * (self.other[d] - self.other_u0) ** (1 - a) for d in keep}
        top = max(measure.values())
        return min(d for d in keep if measure[d] >= top * (1 - 1e-11))

    def gives_up(self):
        return not self.rational or (self.name == "principled" and self.other is not None and self.target is None)

    def least(self, t):
        best, worst = max(self.own), min(self.own)
        if self.name == "principled":
            fair = self.target is not None
            gain = self.own[self.target] - self.u0 if fair else self.p["share"] * (best - self.u0)
            return self.u0 + gain * (1 - t) + self.p["floor"] * gain * t - 1e-9
        low = max(worst, self.u0)
        if self.name == "hard-bargainer":
            low = self.u0 + self.p["floor"] * (best - self.u0)
        aspired = (1 - t ** self.p["exponent"]) * (best - low) + low - self.tolerance
        return min(max(aspired, low), best)

    def propose(self, t, standing):
        least = self.least(t)
        if self.name == "principled" and self.target is not None:
            return self.target
        enough = [d for d in self.rational if self.own[d] >= least - (1e-9 if self.name == "logroller" else 0)]

        def alike(d):
            return sum(a == b for a, b in zip(self.choices[d], self.choices[standing], strict=True))

        if self.name == "principled" and standing is not None:
            return min(enough, key=lambda d: (-alike(d), self.own[d], d))
        if self.name == "logroller":
            reach = least + 0.01 * (max(self.own) - self.u0) + 1e-9
            band = [d for d in enough if self.own[d] <= reach]
            if band and self.other is not None:
                return min(band, key=lambda d: (-self.other[d], d))
            if band and standing is not None:
                return min(band, key=lambda d: (-alike(d), self.own[d], d))
        return min(enough, key=lambda d: (self.own[d], d))


def slow_talks(space, vendor, client, rounds, first):
    choices = [tuple(np.unravel_index(d, space.shape)) for d in range(len(space))]
    together = vendor.discloses and client.discloses
    v, c = [float(x) for x in space.vendor], [float(x) for x in space.client]
    sides = {
        "vendor": Slow(vendor, v, c, space.vendor_outside, space.client_outside, choices, rounds, together),
        "client": Slow(client, c, v, space.client_outside, space.vendor_outside, choices, rounds, together),
    }
    order = [first, SIDES[1 - SIDES.index(first)]]
    standing = None
    for k in range(rounds):
        t = (k + 1) / (rounds + 1)
        for side in order:
            me = sides[side]
            if me.gives_up():
                return None, k + 1
            if standing is not None and me.own[standing] >= me.least(t):
                return standing, k + 1
            standing = me.propose(t, standing)
    return None, rounds


@settings(max_examples=60, deadline=None)
@given(spaces(), st.integers(1, 7), st.sampled_from(SIDES))
def test_same_as_a_slow_second_implementation(space, rounds, first):
    # Whole numbers only: the text says nothing on sums that differ in their last digits.
    whole = space_of(
        np.round(space.vendor),
        np.round(space.client),
        (round(space.vendor_outside), round(space.client_outside)),
        space.shape,
    )
    bulk = outcomes(whole, ROSTER, ROSTER, rounds=rounds, first=first)
    for i, vendor in enumerate(ROSTER):
        for j, client in enumerate(ROSTER):
            found = slow_talks(whole, vendor, client, rounds, first)
            assert (bulk.deal[i, j], bulk.rounds[i, j]) == (-1 if found[0] is None else found[0], found[1]), (
                str(vendor),
                str(client),
            )


# -- the rules one by one --------------------------------------------------------------------------------------------

PIE = space_of(range(11), range(10, -1, -1))  # deal i: i to the vendor, 10 - i to the client


def test_turns_rounds_and_time():
    talks = ns.Talks(PIE, rounds=3, first="client")
    seen = []
    for deal in (1, 9, 2, 8, 3, 7):
        seen.append((talks.turn, talks.round, talks.time, talks.standing))
        talks.propose(deal)
    assert seen == [
        *[("client", 0, 0.25, None), ("vendor", 0, 0.25, 1), ("client", 1, 0.5, 9)],
        *[("vendor", 1, 0.5, 2), ("client", 2, 0.75, 8), ("vendor", 2, 0.75, 3)],
    ]
    # The last offer of the second mover is never answered.
    assert talks.over
    result = talks.result()
    assert (result.agreed, result.deal, result.rounds, result.ending) == (False, None, 3, "the rounds ran out")
    assert len(result.offers) == 6


def test_first_mover_may_accept_in_the_last_round():
    talks = ns.Talks(PIE, rounds=2, round_cost=0.5)
    for deal in (9, 1, 8):
        talks.propose(deal)
    talks.accept()
    result = talks.result()
    assert (result.deal, result.vendor_value, result.client_value, result.rounds) == ({"issue 0": 8}, 7.0, 1.0, 2)


def test_failure_costs_every_round_begun():
    space = space_of([5, 6], [1, 2], outside=(3.0, 4.0))
    talks = ns.Talks(space, rounds=4, round_cost=0.25)
    talks.propose(0)
    talks.propose(1)
    talks.walk_away()
    result = talks.result()
    assert (result.vendor_value, result.client_value, result.rounds) == (2.5, 3.5, 2)
    assert result.ending == "the vendor walked away"


def test_nothing_after_the_end_and_nothing_to_accept_at_the_start():
    talks = ns.Talks(PIE, rounds=1)
    with pytest.raises(ns.SimulatorError, match="no offer to accept"):
        talks.accept()
    with pytest.raises(ns.SimulatorError, match="still going on"):
        talks.result()
    with pytest.raises(ns.SimulatorError, match="numbered from 0 to 10"):
        talks.propose(11)
    talks.walk_away()
    for action in (talks.accept, talks.walk_away, lambda: talks.propose(0)):
        with pytest.raises(ns.SimulatorError, match="the talks are over"):
            action()


def test_exact_point_never_closes_between_time_dependent_tactics():
    # "A deal space whose only mutually acceptable deal is one exact point never closes": an impasse inside the zone.
    # The pie without tolerance, where each side's limit is the deal in the middle.
    space = space_of(range(11), range(10, -1, -1), outside=(5.0, 5.0), tolerance=1e-12)
    assert space.rational.sum() == 1
    found = outcomes(space, [ns.tactic("boulware")], [ns.tactic("boulware")], rounds=50)
    assert found.deal[0, 0] == -1


def test_one_round_is_an_ultimatum():
    # t = 1/2: the conceder's threshold is (1 - .5**.25) 10 - .001 = 1.59; linear 4.999; boulware 9.374.
    for name, lowest in (("conceder", 2), ("linear", 5), ("boulware", 10)):
        bulk = outcomes(PIE, [ns.tactic("linear")], [ns.tactic(name)], rounds=1)
        assert bulk.deal[0, 0] == (5 if lowest <= 5 else -1)


def test_random_tactic_is_refused_in_bulk():
    with pytest.raises(ns.SimulatorError, match="random-offers"):
        outcomes(PIE, [ns.tactic("random-offers")], [ns.tactic("linear")], rounds=2)


def test_random_offers_follow_the_seed():
    scenario = ns.load_scenario("saas-renewal")
    runs = [ns.negotiate(scenario, vendor="random-offers", client="boulware", seed=seed) for seed in (1, 1, 2)]
    assert runs[0] == runs[1]
    assert runs[0].offers != runs[2].offers
    assert all(offer.vendor_value >= 24 for offer in runs[0].offers if offer.side == "vendor")
