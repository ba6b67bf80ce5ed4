"""Evolution over the strategies of a scenario, a comparison, or a stage game."""

import pickle

import numpy as np
import pytest

import simulator as ns

PAIR = "tit-for-tat, always-compete"


@pytest.fixture(scope="module")
def freight():
    return ns.load_scenario("freight")


@pytest.fixture(scope="module")
def evolution(freight):
    return ns.evolve(freight, starts=300)


def test_basins_add_up_and_lie_in_their_intervals(evolution):
    assert sum(point.starts for point in evolution.rest_points) == 300
    assert sum(point.share for point in evolution.rest_points) == pytest.approx(1)
    assert all(point.low <= point.share <= point.high for point in evolution.rest_points)


def test_rest_points_are_equilibria_of_the_meta_game(evolution):
    known = [np.concatenate([e.row, e.column]) for e in evolution.game.equilibria()]
    for point in evolution.rest_points:
        assert min(np.abs(np.concatenate([point.row, point.column]) - e).max() for e in known) < 1e-4


def test_the_path_leads_into_the_largest_basin(evolution):
    assert evolution.path.row[-1] == pytest.approx(evolution.rest_points[0].row, abs=1e-3)


def test_a_comparison_and_its_scenario_evolve_alike(freight, evolution):
    again = ns.evolve(ns.compare(freight), starts=300)
    assert again.rows() == evolution.rows()


def test_the_seed_decides(freight):
    one, same, other = (ns.evolve(freight, vendors=PAIR, clients=PAIR, starts=50, seed=s) for s in (1, 1, 2))
    assert one.rows() == same.rows()
    assert not np.array_equal(one.rest_points[0].start, other.rest_points[0].start)


def test_a_scenario_is_not_symmetric_and_one_population_is_refused(freight):
    with pytest.raises(ns.SimulatorError, match="symmetric game"):
        ns.evolve(freight, populations=1)
    with pytest.raises(ns.SimulatorError, match="same strategies on both sides"):
        ns.evolve(freight, vendors="grim", clients="bully", populations=1)


def test_a_symmetric_dilemma_takes_one_population(dilemma):
    found = ns.evolve(dilemma, vendors=PAIR, clients=PAIR, populations=1, starts=100)
    assert [point.row.tolist() for point in found.rest_points] == [[1, 0], [0, 1]]
    assert len(found.residents) == 2


def test_postures_of_the_shipped_demand_game_evolve_in_generations():
    game = ns.stage_game(ns.load_scenario("demand-game"))
    found = ns.evolve(game, populations=1, dynamics="generations", starts=500)
    half = max(found.rest_points, key=lambda point: point.starts)
    assert dict(zip(game.vendor_postures, half.row.tolist(), strict=True))["50"] == 1


def test_what_cannot_be_asked(freight):
    with pytest.raises(ns.SimulatorError, match="starts is 0"):
        ns.evolve(freight, starts=0)
    with pytest.raises(ns.SimulatorError, match="seed is -1"):
        ns.evolve(freight, seed=-1)
    with pytest.raises(ns.SimulatorError, match="for a scenario only"):
        ns.evolve(ns.stage_game(freight), vendors="grim")


def test_progress_and_rows(freight):
    seen = []
    found = ns.evolve(
        freight, vendors=PAIR, clients="grim", starts=40, progress=lambda done, total: seen.append((done, total))
    )
    assert seen[-1] == (40, 40)
    assert {row["side"] for row in found.rows()} == {"vendor", "client"}
    assert sum(row["share"] for row in found.rows() if row["side"] == "client") == len(found.rest_points)
    assert pickle.loads(pickle.dumps(found)).rows() == found.rows()
