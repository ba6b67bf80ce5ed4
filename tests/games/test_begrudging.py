"""The chance to leave over a share: by hand, and where nothing is created."""

import numpy as np
import pytest

import simulator as ns
from simulator.games.stages import begrudge_chances, compile_stages
from simulator.scenario.loading import build
from simulator.scenario.schema import Scenario


def game(**relationship: object) -> Scenario:
    """Outside options 1. Both compete: 0 each; one competes: 7 for it, 2 for the other; none: 6 each."""
    payoffs = {"postures": ["compete", "cooperate"], "vendor": [[0, 7], [2, 6]], "client": [[0, 2], [7, 6]]}
    outside = {"outside_option": 1.0}
    document = {"id": "x", "title": "X", "payoffs": payoffs, "vendor": outside, "client": outside}
    return build({**document, "relationship": relationship})


def test_by_hand():
    # Shares of the exploited side: (2 - 1) / (2 + 7 - 2) = 1/7; it leaves with .7 (.5 - 1/7) = .25.
    chances = begrudge_chances(compile_stages(game(begrudge=0.7)))
    np.testing.assert_allclose(chances["vendor"][0, 0], [[0, 0], [0.25, 0]])
    np.testing.assert_allclose(chances["client"][0, 0], [[0, 0.25], [0, 0]])


@pytest.mark.parametrize("begrudge", [0.0, 0.7, 1e9])
def test_nobody_begrudges_where_nothing_is_created(begrudge):
    for chance in begrudge_chances(compile_stages(game(begrudge=begrudge))).values():
        assert np.isfinite(chance).all()
        assert (chance[:, :, 0, 0] == 0).all()


def test_nobody_leaves_where_nobody_can():
    for chance in begrudge_chances(compile_stages(game(begrudge=0.7, can_leave=False))).values():
        assert (chance == 0).all()


@pytest.mark.parametrize("begrudge", [0.0, 0.7])
def test_a_relationship_that_creates_nothing_lasts_until_patience_ends(begrudge):
    # Both compete and have less than outside from the first period on: patience of 3 ends it after exactly 3 periods.
    scenario = game(begrudge=begrudge, patience=3)
    found = ns.relationship(scenario, vendor="always-compete", client="always-compete")
    assert found.expected_length == pytest.approx(3)
    assert found.end_reasons["vendor-patience"] == found.end_reasons["client-patience"] == pytest.approx(0.5)
