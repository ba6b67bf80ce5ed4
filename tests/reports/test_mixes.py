"""Several mixes side by side: sentences and table."""

import pytest
from rich.console import Console

import simulator as ns
from simulator.reports.market_files import mixes_document
from simulator.reports.mixes import mixes_sentences, mixes_tables

MIXES = {
    "builders": "vendors: tit-for-tat=1; clients: tit-for-tat=1",
    "half of them": "vendors: tit-for-tat=.5, always-compete=.5; clients: tit-for-tat=.5, always-compete=.5",
    "competitors": "vendors: always-compete=1; clients: always-compete=1",
}


@pytest.fixture(scope="module")
def found():
    return ns.compare_mixes(ns.load_scenario("saas-renewal"), MIXES, periods=40)


def rendered(comparison, width):
    console = Console(width=width, no_color=True)
    with console.capture() as said:
        for part in mixes_tables(comparison, width):
            console.print(part)
    return said.get()


def test_most_and_least_are_named(found):
    said = mixes_sentences(found)
    lack = found.joint_value[0] - found.joint_value.min()
    assert said[0].startswith(
        f"Most total value: “builders”, {found.joint_value[0]:.1f} k$ a year per client; least: “"
    )
    assert said[0].endswith(f"{lack:.1f} k$ less.")
    assert said[1].startswith("Longest relationships: “builders”, ")
    assert said[2].startswith("Most is burned in competing in “builders”")


def test_one_mix_has_nothing_to_be_compared_with():
    alone = ns.compare_mixes(ns.load_scenario("prisoners-dilemma"), ["vendors: grim=1; clients: grim=1"], periods=20)
    said = mixes_sentences(alone)
    assert len(said) == 1
    assert "grim=1" in said[0]
    assert "against" in rendered(alone, 80)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_table_fits_the_screen(found, width):
    said = rendered(found, width)
    assert max(len(line.rstrip()) for line in said.split("\n")) <= width
    assert "half of them" in said
    assert "burned" in said or width == 60


def test_differences_carry_their_error_where_simulated():
    scenario = ns.load_scenario("prisoners-dilemma").replace({"market.clients": 20, "market.vendors": 20})
    found = ns.compare_mixes(scenario, MIXES, periods=20, method="simulate", replicates=3)
    said = rendered(found, 120)
    assert "±" in said
    assert "± standard error over 3 markets" in said


def test_the_document_has_every_measure(found):
    document = mixes_document(found)
    assert list(document["mixes"]) == list(MIXES)
    assert document["joint_value"].shape == (3,)
    assert document["against_best"]["mean"][0] == 0
