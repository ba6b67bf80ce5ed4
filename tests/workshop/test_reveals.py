"""The steps that a room offers to reveal are those for which the debrief has something to show."""

import numpy as np
import pytest

import simulator as ns
from simulator.workshop.automatic import rehearse
from simulator.workshop.debrief.reveal import REVEALS as STEPS
from simulator.workshop.debrief.reveal import Debrief, shown
from simulator.workshop.plan import Plan
from simulator.workshop.record import record_of
from simulator.workshop.reveals import REVEALS

PLANS = [{}, {"mode": "type", "contest": "effort"}, {"partners": "new", "periods": 1}, {"after_leaving": "outside"}]


def test_both_list_the_same_steps_in_the_same_order():
    assert list(REVEALS) == [*STEPS, "sandbox"]


@pytest.mark.parametrize("name", ["saas-renewal", "prisoners-dilemma", "agency-retainer"])
@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("rounds", [1, 2])
def test_a_room_offers_what_can_be_shown(name, plan, rounds):
    scenario = ns.load_scenario(name)
    for people in (1, 6):
        room, _ = rehearse(
            scenario, Plan(**{"periods": 2} | plan), people=people, rng=np.random.default_rng(1), now=0.0, rounds=rounds
        )
        found = [step.key for step in shown(Debrief(record_of(room)))]
        assert [key for key in room.revealable() if key not in ("agents", "sandbox")] == found
