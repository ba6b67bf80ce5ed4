"""Alternating offers against reference answers on real domains, every offer included.

Source: oracles/negotiation_oracle.json (results) and negotiation_traces.json (every offer), by NegMAS 0.16 on domains
in GENIUS format; Travel has values of its points only.
"""

import itertools
import json

import pytest

import simulator as ns

DOMAINS = ("ItexvsCypress", "LaptopC_2012", "EnglandZimbabwe")
PAIRS = [f"{one} vs {two}" for one, two in itertools.product(("Boulware", "Linear", "Conceder"), repeat=2)]


@pytest.fixture(scope="session")
def oracle(shared):
    return json.loads((shared / "oracles" / "negotiation_oracle.json").read_text())


@pytest.fixture(scope="session")
def traces(shared):
    return json.loads((shared / "oracles" / "negotiation_traces.json").read_text())["traces"]


@pytest.fixture(scope="session")
def imported(shared, oracle):
    """Each domain as a scenario, the first profile as the vendor, which opens."""
    scenarios = {}
    for name in DOMAINS:
        reference = oracle["domains"][name]
        folder = shared / "genius" / reference["folder"]
        profiles = [folder / profile["profile"] for profile in reference["profiles"]]
        scenarios[name] = ns.import_genius(folder / reference["domain_file"], *profiles)
    return scenarios


@pytest.fixture(scope="session")
def travel(shared):
    folder = shared / "genius" / "Travel"
    return ns.deal_space(ns.import_genius(*(folder / f"travel_{name}.xml" for name in ("domain", "chox", "fanny"))))


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("name", DOMAINS)
def test_every_offer_and_the_agreement(oracle, traces, imported, name, pair):
    one, two = pair.lower().split(" vs ")
    talk = ns.negotiate(imported[name], vendor=one, client=two)
    reference = oracle["domains"][name]["alternating_offers"][pair]
    assert talk.agreed
    assert list(talk.deal.values()) == reference["agreement"]
    assert [talk.vendor_value, talk.client_value] == pytest.approx(reference["utilities"], abs=1e-12)
    assert talk.rounds == reference["round_of_agreement"] + 1
    assert talk.ending == f"the {('vendor', 'client')[reference['accepted_by']]} accepted"
    assert len(talk.offers) == reference["n_offers"]
    made = [[offer.round, int(offer.side == "client"), list(offer.deal.values())] for offer in talk.offers]
    assert made == [row[:3] for row in traces[name][pair]]
    for offer, row in zip(talk.offers, traces[name][pair], strict=True):
        assert (offer.vendor_value, offer.client_value) == pytest.approx(tuple(row[3:]), abs=1e-11)


def check_points(space, reference, names):
    frontier = sorted((float(space.vendor[i]), float(space.client[i])) for i in space.pareto())
    assert len(frontier) == reference["pareto"]["exact_pareto_outcomes_all"]
    expected = sorted(map(tuple, reference["pareto"]["utilities"]))
    assert [x for point in frontier for x in point] == pytest.approx([x for p in expected for x in p], abs=1e-12)
    points = space.points()
    for ours, theirs in names.items():
        assert list(points[ours].deal.values()) == reference[theirs][0]["outcome"]
        assert [points[ours].vendor, points[ours].client] == pytest.approx(reference[theirs][0]["utilities"], abs=1e-12)


@pytest.mark.parametrize("name", DOMAINS)
def test_frontier_and_points(oracle, imported, name):
    names = {"nash": "nash", "egalitarian": "egalitarian_above_disagreement", "utilitarian": "utilitarian"}
    check_points(ns.deal_space(imported[name]), oracle["domains"][name], names)


def test_frontier_and_points_of_travel(oracle, travel):
    reference = oracle["travel_points_only"]
    assert len(travel) == reference["n_outcomes"] == 188_160
    check_points(travel, reference, {"nash": "nash", "utilitarian": "max_welfare"})
