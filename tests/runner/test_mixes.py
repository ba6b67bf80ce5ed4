"""Comparing mixes: independence of the other mixes, paired differences, bands, the tidy table, and what is refused.

Source: sections 5 and 11 of the design (common random numbers: adding or reordering mixes leaves every other result
bit-identical).
"""

import math
import pickle
import re

import numpy as np
import pytest

import simulator as ns
from simulator.runner.compare import COLUMNS
from simulator.runner.mix_measures import ERRORS, HOUSE, MARKET, MEASURES

TOGETHER = "vendors: tit-for-tat; clients: tit-for-tat"
HALF = "vendors: tit-for-tat=.5, always-compete=.5; clients: tit-for-tat=.5, always-compete=.5"
APART = "vendors: always-compete; clients: always-compete"
PERIODS = 40


@pytest.fixture(scope="module")
def saas():
    return ns.load_scenario("saas-renewal")


@pytest.fixture(scope="module")
def fluid(saas):
    return ns.compare_mixes(saas, {"all cooperate": TOGETHER, "half": HALF, "all compete": APART}, periods=PERIODS)


def test_it_is_the_market_of_each_mix(saas, fluid):
    for i, mix in enumerate((TOGETHER, HALF, APART)):
        town = ns.market(saas, mix=mix, periods=PERIODS, method="fluid")
        assert fluid.joint_value[i] == town.value
        assert fluid.length[i] == town.length
        assert fluid.total_value[i] == town.total_value
        assert fluid.created_value[i] == town.flow.created
        assert np.array_equal(fluid.paths["joint_value"][i], town.value_path)
        assert np.array_equal(fluid.survival[i], town.survival(), equal_nan=True)
    assert fluid.joint_value == pytest.approx(fluid.vendor_value + fluid.client_value)
    assert fluid.created_value == pytest.approx(fluid.vendor_captured + fluid.client_captured)
    lost = fluid.burned + fluid.tendering + fluid.search + fluid.switching
    assert fluid.joint_value == pytest.approx(fluid.outside + fluid.created_value - lost)
    ends = ("ended_by_vendor", "ended_by_client", "churned", "reviewed", "replaced", "alive")
    assert sum(getattr(fluid, name) for name in ends) == pytest.approx(1)
    assert fluid.competitive == pytest.approx([0, 0.5, 1])


def same(one, other):
    """Whether two results are the same to the last bit."""
    return all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)


def picked(found, place):
    kept = {name: values[place] for name, values in found.samples.items()}
    return kept | {f"path {name}": values[place] for name, values in found.paths.items()} | {"s": found.survival[place]}


CONTEST = {"market.matching": "contest", "market.gossip": 0.5, "market.turnover": 0.1, "market.clients": 30}


@pytest.mark.parametrize("changes", [{}, CONTEST], ids=["random", "contest"])
@pytest.mark.parametrize("method", ["fluid", "simulate"])
def test_other_mixes_change_nothing(saas, method, changes):
    s, options = saas.replace(changes), {"method": method, "periods": 20, "replicates": 2, "seed": 3}
    several = ns.compare_mixes(s, [TOGETHER, HALF, APART], **options)
    fewer = ns.compare_mixes(s, [APART, TOGETHER], **options)
    assert same(picked(several, 2), picked(fewer, 0))
    assert same(picked(several, 0), picked(fewer, 1))


def test_replicates_and_seeds(saas):
    options = {"method": "simulate", "periods": 20}
    three = ns.compare_mixes(saas, [HALF], replicates=3, seed=1, **options)
    two = ns.compare_mixes(saas, [HALF], replicates=2, seed=1, **options)
    # More replicates leave the earlier ones as they were; another seed does not.
    assert np.array_equal(three.samples["joint_value"][:, :2], two.samples["joint_value"])
    other = ns.compare_mixes(saas, [HALF], replicates=2, seed=2, **options)
    assert not np.array_equal(other.samples["joint_value"], two.samples["joint_value"])
    assert len(set(three.samples["joint_value"][0])) == 3
    town = three.town(0, replicate=2)
    assert town.value == three.samples["joint_value"][0, 2]


def test_errors_and_bands_of_a_simulation(saas):
    found = ns.compare_mixes(saas, [TOGETHER, HALF], method="simulate", periods=20, replicates=4)
    samples = found.samples["joint_value"]
    assert found.joint_value == pytest.approx(samples.mean(axis=1))
    assert found.se_joint_value == pytest.approx(samples.std(axis=1, ddof=1) / 2)
    low, high = found.band("joint_value")
    # Student's distribution with 3 degrees of freedom: 3.182 standard errors to each side.
    assert (high - low) / 2 == pytest.approx(3.182446 * found.se_joint_value)
    narrow = found.band("joint_value", cover=0.5)
    assert np.all(narrow[1] - narrow[0] < high - low)
    gap = found.differences("joint_value", base="vendors: tit-for-tat=1; clients: tit-for-tat=1")
    paired = samples - samples[0]
    assert gap.mean == pytest.approx(paired.mean(axis=1))
    assert gap.se == pytest.approx(paired.std(axis=1, ddof=1) / 2)
    assert gap.mean[0] == gap.se[0] == gap.low[0] == gap.high[0] == 0
    alone = ns.compare_mixes(saas, [HALF], method="simulate", periods=20, replicates=1)
    assert math.isnan(alone.se_joint_value[0])
    assert math.isnan(alone.band("length")[0][0])


def test_the_simulation_agrees_with_the_fluid_market(saas):
    large = saas.replace({"market.clients": 1000, "market.vendors": 1000})
    fluid = ns.compare_mixes(large, [TOGETHER, HALF], periods=40)
    found = ns.compare_mixes(large, [TOGETHER, HALF], method="simulate", periods=40, replicates=6)
    for name in ("joint_value", "created_value", "length", "both_cooperate", "switching", "ended_by_client"):
        gap = getattr(found, name) - getattr(fluid, name)
        # Six replicates: five standard errors, and what is left of the finite number of parties.
        assert np.all(np.abs(gap) < 5 * getattr(found, f"se_{name}") + 0.005 * np.abs(getattr(fluid, name))), name


def test_a_fluid_market_has_no_error(fluid):
    assert not fluid.se_length.any()
    low, high = fluid.band("length")
    assert np.array_equal(low, fluid.length)
    assert np.array_equal(high, fluid.length)
    gap = fluid.differences("length", base="half")
    assert gap.mean == pytest.approx(fluid.length - fluid.length[1])
    assert not gap.se.any()
    with pytest.raises(ValueError, match="read-only"):
        fluid.samples["length"][0] = 1


def test_the_tidy_table(saas, fluid):
    rows = fluid.rows(parameters={"market.bidders": 2})
    assert [row["mix"] for row in rows] == ["all cooperate", "half", "all compete"]
    assert rows[1]["vendor"] == rows[1]["client"] == "tit-for-tat=0.5, always-compete=0.5"
    expected = ("run_id", "scenario", "method", "mix", "vendor", "client", "param.market.bidders")
    assert tuple(rows[0]) == (*expected, *MEASURES, *ERRORS, "periods", "replicates", "seed")
    # The columns that all comparisons share come by the same names and in the same order.
    assert [name for name in COLUMNS if name in HOUSE] == list(HOUSE)
    assert not set(MARKET) & set(COLUMNS)
    assert {row["run_id"] for row in rows} == {fluid.run_id}
    again = ns.compare_mixes(saas, {"all cooperate": TOGETHER, "half": HALF, "all compete": APART}, periods=PERIODS)
    assert again.run_id == fluid.run_id
    assert ns.compare_mixes(saas, [TOGETHER], periods=PERIODS).run_id != fluid.run_id


def test_as_a_frame(fluid):
    pytest.importorskip("pandas")
    frame = fluid.to_frame()
    assert list(frame.columns) == list(fluid.rows()[0])
    assert frame["joint_value"].to_numpy() == pytest.approx(fluid.joint_value)


def test_it_can_be_pickled_and_asked_by_name(fluid):
    copy = pickle.loads(pickle.dumps(fluid))
    assert copy.run_id == fluid.run_id
    assert fluid.index("half") == fluid.index(1) == fluid.index(-2) == fluid.index(fluid.mixes[1]) == 1
    assert fluid.best() == 0
    assert fluid.share("always-compete").tolist() == [0, 0.5, 1]
    assert fluid.share("tit-for-tat", "vendors").tolist() == [1, 0.5, 0]
    with pytest.raises(AttributeError):
        fluid.joint_valeu  # noqa: B018
    with pytest.raises(ns.UnknownNameError, match="unknown mix 'hal'; did you mean 'half'"):
        fluid.index("hal")
    with pytest.raises(ns.UnknownNameError, match="unknown measure 'lenght'; did you mean 'length'"):
        fluid.band("lenght")
    with pytest.raises(ns.SimulatorError, match="cover is 95; allowed: a number between 0 and 1"):
        fluid.band("length", cover=95)


def test_one_role(scenario_from, dilemma):
    s = dilemma.replace({"market.roles": "one", "relationship.churn": 0.1})
    found = ns.compare_mixes(s, ns.mix_grid("tit-for-tat, always-compete", steps=2, side="population"), periods=30)
    assert found.competitive == pytest.approx([0, 0.5, 1])
    assert found.joint_value[0] == pytest.approx(3)
    assert found.joint_value[2] == pytest.approx(1)
    assert np.isnan(found.vendor_value).all()
    assert found.rows()[0]["vendor"] == found.rows()[0]["client"] == "tit-for-tat=1, always-compete=0"


def test_progress(saas):
    seen = []
    ns.compare_mixes(saas, [TOGETHER, HALF], periods=5, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


def test_in_a_notebook(saas, read_html):
    hostile = "<script>alert(1)</script>"
    found = ns.compare_mixes(saas, {hostile: TOGETHER, "half": HALF}, periods=20)
    page = read_html(found._repr_html_())
    page.check_harmless()
    first, second = page.tables[0][1:]
    assert first[0] == hostile
    assert second[1].strip() == f"{found.joint_value[1]:.2f}"
    assert second[4] == f"{found.length[1]:.2f}"
    assert f"Most joint value: {hostile}." in page.text
    sampled = ns.compare_mixes(saas, [TOGETHER], periods=10, method="simulate", replicates=2)
    assert re.search(r"\d to \d", read_html(sampled._repr_html_()).tables[0][1][1])


@pytest.mark.parametrize(
    ("mixes", "options", "message"),
    [
        ([], {}, "there are no mixes to compare"),
        ([TOGETHER, TOGETHER], {}, "is there twice; name each once"),
        ({"": TOGETHER}, {}, "a mix is called ''"),
        ([3], {}, "a mix is 3; write"),
        ("population: grim", {}, "the mix names population, and 'saas-renewal' has two roles"),
        ([TOGETHER], {"method": "fluids"}, "method is 'fluids'; allowed: 'fluid' or 'simulate'; did you mean 'fluid'"),
        ([TOGETHER], {"method": "simulate", "replicates": 0}, "replicates is 0; allowed: a whole number of at least 1"),
        ([TOGETHER], {"periods": 0}, "periods is 0; allowed: a whole number of at least 1"),
        ([TOGETHER], {"seed": -1}, "seed is -1"),
    ],
)
def test_what_is_refused(saas, mixes, options, message):
    with pytest.raises(ns.SimulatorError) as refused:
        ns.compare_mixes(saas, mixes, **options)
    assert message in str(refused.value)


def test_all_mixes_are_checked_before_any_work(saas):
    seen = []
    with pytest.raises(ns.SimulatorError, match="only vendors bid"):
        ns.compare_mixes(
            saas, [TOGETHER, "vendors: grim; clients: grim(bid=hard)"], progress=lambda *done: seen.append(done)
        )
    assert not seen
