"""Deal spaces and negotiations in a notebook."""

import dataclasses

import simulator as ns

HOSTILE = "<script>alert(1)</script>"


def read(read_html, shown):
    page = read_html(shown._repr_html_())
    page.check_harmless()
    return page


def test_the_deals_that_solutions_single_out(read_html):
    page = read(read_html, ns.deal_space(ns.load_scenario("saas-renewal")))
    assert (
        "57 deals over price, support; 10 are at least as good as no deal for both sides, 40 are efficient" in page.text
    )
    assert page.tables[0][1:3] == [["no deal", "24", "28", ""], ["nash", "36", "36", "price 90, support priority"]]


def test_a_space_without_an_acceptable_deal_says_so(read_html):
    scenario = ns.load_scenario("saas-renewal").replace({"client.outside_option": 500.0})
    page = read(read_html, ns.deal_space(scenario))
    assert "No deal is acceptable to both sides." in page.text
    assert [row[0] for row in page.tables[0]] == ["worth per period", "no deal"]


def test_a_long_negotiation_shows_its_beginning_and_its_end(read_html):
    talk = ns.negotiate(ns.load_scenario("saas-renewal"), vendor="hard-bargainer", client="principled")
    page = read(read_html, talk)
    assert page.text.startswith("Deal: price 95, support priority")
    assert "the client accepted, 73 offers in 37 rounds; vendor 35.45, client 25.45 per period" in page.text
    rounds = [row[0] for row in page.tables[0][1:]]
    assert rounds == ["1", "1", "2", "2", "...", "35", "36", "36", "37"]
    assert page.tables[0][5] == ["...", "65 more"]


def test_short_and_failed_negotiations(read_html):
    scenario = ns.load_scenario("saas-renewal")
    page = read(read_html, ns.negotiate(scenario, vendor="principled", client="principled"))
    assert "in 1 round;" in page.text
    assert len(page.tables[0]) == 2
    short = scenario.replace({"negotiation.rounds": 2})
    page = read(read_html, ns.negotiate(short, vendor="hard-bargainer", client="boulware"))
    assert page.text.startswith("No deal")


def test_hostile_issues_are_text(read_html):
    talk = ns.negotiate(ns.load_scenario("saas-renewal"), vendor="principled", client="principled")
    page = read(read_html, dataclasses.replace(talk, deal={HOSTILE: HOSTILE}, ending=HOSTILE))
    assert page.text.count(HOSTILE) == 3
