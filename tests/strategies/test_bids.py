"""How an agent bids for a client: a parameter that every agent has, and that changes nothing once a client is won.

Source: section 11 of the design (fair, hard or low-ball).
"""

import numpy as np
import pytest

import simulator as ns
from simulator.relationships.chain import automaton_of
from simulator.testing import check_agent


@pytest.mark.parametrize("agent", ns.agents(), ids=str)
def test_every_agent_takes_a_bid(agent):
    assert agent.bid == "fair"
    assert agent.once_won is agent
    hard = agent.with_parameters(bid="hard")
    assert (hard == agent, hash(hard) == hash(agent)) == (False, False)
    assert hard.once_won == agent
    assert ns.agent(str(hard)) == hard
    assert agent.with_parameters(bid="fair") == agent
    check_agent(hard)


def test_written_form():
    assert str(ns.agent("tit-for-tat", bid="low-ball", patience=2)) == "tit-for-tat(patience=2, bid=low-ball)"
    assert str(ns.agent("tit-for-tat", bid="fair")) == "tit-for-tat"
    assert ns.agent("walk-away(tolerance=1, bid=hard)").once_won == ns.agent("walk-away", tolerance=1)


@pytest.mark.parametrize("bid", ["lowball", "low", 3, None, True])
def test_what_is_refused(bid):
    with pytest.raises(ns.SimulatorError, match=r"agent 'grim': bid is .*; allowed: 'fair' or 'hard' or 'low-ball'"):
        ns.agent("grim", bid=bid)


def test_it_plays_no_part_in_a_relationship():
    s = ns.load_scenario("saas-renewal")
    fair = ns.relationship(s, vendor="tit-for-tat", client="grim")
    hard = ns.relationship(s, vendor="tit-for-tat(bid=hard)", client="grim")
    assert hard.joint_value == fair.joint_value
    assert np.array_equal(hard.survival, fair.survival)
    # Compiled once for both.
    assert automaton_of(s, "vendor", ns.agent("grim", bid="hard")) is automaton_of(s, "vendor", ns.agent("grim"))
