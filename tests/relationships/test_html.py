"""The result of a pair in a notebook: the right figures, and words where there are none."""

import pytest

import simulator as ns

HOSTILE = "<script>alert(1)</script>"


def read(read_html, rel):
    page = read_html(rel._repr_html_())
    page.check_harmless()
    return page


def test_values_shares_length_and_ends(read_html):
    rel = ns.relationship(ns.load_scenario("saas-renewal"), vendor="tit-for-tat", client="walk-away")
    page = read(read_html, rel)
    vendor, client, both = page.tables[0][1:]
    assert vendor[0] == "vendor"
    assert float(vendor[1]) == pytest.approx(rel.vendor_value, abs=0.05)
    assert float(vendor[2]) == pytest.approx(rel.vendor_value_sd, abs=0.05)
    assert float(client[3]) == pytest.approx(rel.client_captured, abs=0.05)
    assert float(both[1]) == pytest.approx(rel.joint_value, abs=0.05)
    assert float(both[3]) == pytest.approx(rel.created_value, abs=0.05)
    assert float(vendor[4].rstrip("%")) + float(client[4].rstrip("%")) == pytest.approx(100, abs=0.11)
    assert f"Length {rel.expected_length:.2f} years" in page.text
    assert f"first best is {rel.first_best:.1f}" in page.text
    chances = {row[0]: row[1] for row in page.tables[1][1:]}
    assert chances["outside event"] == f"{100 * rel.end_reasons['churn']:.1f}%"
    assert "vendor patience" not in chances
    assert sum(float(chance.rstrip("%")) for chance in chances.values()) == pytest.approx(100, abs=0.3)


def test_a_length_without_end_is_a_word(read_html):
    endless = ns.load_scenario("saas-renewal").replace(
        {"horizon": "unlimited", "relationship.churn": 0.0, "relationship.begrudge": 0.0}
    )
    page = read(read_html, ns.relationship(endless, vendor="always-cooperate", client="always-cooperate"))
    assert "Length infinite expected (standard deviation infinite)" in page.text
    assert page.tables[1][1][:2] == ["never ends", "100%"]
    assert "nan" not in page.text
    assert "inf " not in page.text


def test_shares_of_nothing_are_said_in_words(read_html):
    poor = ns.load_scenario("saas-renewal").replace({"relationship.switching_cost": 50.0})
    page = read(read_html, ns.relationship(poor, vendor="hit-and-run", client="always-cooperate"))
    assert [row[4] for row in page.tables[0][1:]] == ["nothing was created"] * 3


def test_a_hostile_title_is_text(read_html):
    scenario = ns.load_scenario("saas-renewal").replace({"title": HOSTILE, "period": HOSTILE, "currency": HOSTILE})
    page = read(read_html, ns.relationship(scenario, vendor="grim", client="grim"))
    assert page.text.count(HOSTILE) == 5
