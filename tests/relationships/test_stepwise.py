"""One relationship in full, and agents that are no automata."""

import json
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

import simulator as ns
from simulator.strategies.contract import Agent

# Names of the reference in the words of the catalogue.
AXELROD = {
    "Cooperator": "always-cooperate",
    "Defector": "always-compete",
    "TitForTat": "tit-for-tat",
    "TitFor2Tats": "tit-for-two-tats",
    "Grudger": "grim",
    "WinStayLoseShift": "win-stay-lose-shift",
    "SuspiciousTitForTat": "suspicious-tit-for-tat",
}
LETTER = {"cooperate": "C", "compete": "D"}


def test_noiseless_matches_are_those_of_the_reference_move_by_move(shared, dilemma):
    """49 matches of 50 turns (Axelrod's classic strategies, payoffs 5, 3, 1, 0)."""
    oracle = json.loads((shared / "oracles" / "axelrod_oracle.json").read_text())
    assert len(oracle["matches"]) == 49
    for names, match in oracle["matches"].items():
        vendor, client = (AXELROD[name] for name in names.split("|"))
        story = ns.play(dilemma, vendor=vendor, client=client, periods=50)
        moves = ["".join(LETTER[p] for p in side) for side in (story.vendor_postures, story.client_postures)]
        assert moves == match["moves"], names
        assert [story.vendor_payoffs.sum(), story.client_payoffs.sum()] == match["score"], names
        assert [story.vendor_value, story.client_value] == match["score"], names
    scores = ns.compare(
        dilemma.replace({"horizon": 50}),
        vendors=[AXELROD[name] for name in oracle["order"]],
        clients=[AXELROD[name] for name in oracle["order"]],
    ).vendor_value
    np.testing.assert_allclose(scores, oracle["score_matrix"], rtol=0, atol=1e-10)


def test_a_story_tells_each_period():
    s = ns.load_scenario("saas-renewal").replace({"relationship.misread": 0.3, "horizon": 30})
    story = ns.play(s, vendor="tit-for-tat", client="generous-tit-for-tat", seed=4)
    postures = set(s.postures("vendor"))
    for column in (story.vendor_postures, story.client_postures, story.vendor_seen, story.client_seen):
        assert len(column) == story.length
        assert set(column.tolist()) <= postures
    assert (story.vendor_seen != story.client_postures).any(), "some postures are misread"
    assert story.levels[0] == "transactional"
    assert not story.starved[0], "the first period is fed"
    weights = 0.92 ** np.arange(story.length)
    gone = story.length < 30
    outside = 24 * (0.92 ** np.arange(story.length, 30)).sum()
    cost = 5 * weights[-1] if gone else 0
    assert story.vendor_value == pytest.approx((weights * story.vendor_payoffs).sum() + outside - cost, abs=1e-9)


def test_the_same_seed_tells_the_same_story_and_another_seed_another():
    s = ns.load_scenario("saas-renewal").replace({"relationship.slip": 0.3})
    one, two, three = (ns.play(s, vendor="grim", client="grim", seed=seed) for seed in (1, 1, 2))
    assert one.vendor_postures.tolist() == two.vendor_postures.tolist()
    assert one.vendor_postures.tolist() != three.vendor_postures.tolist()


def test_periods_and_seeds_that_are_none_are_refused(dilemma):
    with pytest.raises(ns.SimulatorError, match="periods is 0; allowed: a whole number of at least 1"):
        ns.play(dilemma, vendor="grim", client="grim", periods=0)
    with pytest.raises(ns.SimulatorError, match="seed is -1"):
        ns.play(dilemma, vendor="grim", client="grim", seed=-1)


@dataclass(frozen=True, kw_only=True)
class Copycat(Agent):
    """Tit-for-tat written as a step-by-step agent, to be held against the automaton."""

    name: ClassVar[str] = "copycat"
    rule: ClassVar[str] = "Copies."
    source: ClassVar[str] = "this test"

    def player(self, setting, count):
        return CopycatPlayer(setting, count)


class CopycatPlayer:
    def __init__(self, setting, count):
        self.last = np.full(count, setting.n_own - 1)

    def choose(self, starved, rng):
        return self.last

    def observe(self, own, perceived, payoff):
        self.last = perceived

    def leaving(self):
        return np.zeros(len(self.last))

    def keep(self, alive):
        self.last = self.last[alive]


@pytest.mark.parametrize("partner", ["generous-tit-for-tat", "walk-away", "steward"])
def test_a_step_by_step_agent_gets_what_its_automaton_would(partner):
    s = ns.load_scenario("saas-renewal").replace({"relationship.misread": 0.05, "relationship.patience": 3})
    runs = ns.simulate(s, vendor=Copycat(), client=partner, replicates=30_000, seed=5)
    exact = ns.relationship(s, vendor="tit-for-tat", client=partner)
    assert "copycat" in runs.method
    for values, mean in (
        (runs.vendor_value, exact.vendor_value),
        (runs.client_value, exact.client_value),
        (runs.length, exact.expected_length),
        (runs.healthy_length, exact.healthy_length),
    ):
        assert abs(values.mean() - mean) < 4 * values.std() / np.sqrt(len(values))


def test_an_agent_that_chooses_what_it_does_not_have_is_refused(dilemma):
    class Wild(CopycatPlayer):
        def choose(self, starved, rng):
            return self.last + 1

    class Loose(CopycatPlayer):
        def choose(self, starved, rng):
            return self.last[:1] * 0.5

    for player, message in ((Wild, "allowed: 0 to 1"), (Loose, "one whole number for each")):
        cls = type("Odd", (Copycat,), {"player": lambda self, setting, count, p=player: p(setting, count)})
        with pytest.raises(ns.SimulatorError, match=message):
            ns.simulate(dilemma, vendor=cls(), client="grim", replicates=10)


def test_best_reply_reinvestment_needs_automata():
    s = ns.load_scenario("saas-renewal").replace({"maturity.reinvest": "best-reply"})
    with pytest.raises(ns.SimulatorError, match="copycat"):
        ns.simulate(s, vendor=Copycat(), client="grim", replicates=10)
    assert ns.play(s, vendor="grim", client="grim").length >= 1
