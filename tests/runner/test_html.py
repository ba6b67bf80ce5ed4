"""The heat table: figures, marks, colours, and what it says of simulated cells."""

import dataclasses

import numpy as np
import pytest

import simulator as ns

HOSTILE = "<script>alert(1)</script>"


def read(read_html, comparison):
    page = read_html(comparison._repr_html_())
    page.check_harmless()
    return page


@pytest.fixture(scope="module")
def found():
    return ns.compare(ns.load_scenario("saas-renewal"))


def test_joint_value_and_length_of_every_pair(read_html, found):
    page = read(read_html, found)
    head, *rows = page.tables[0]
    assert head[1:] == [str(agent) for agent in found.clients]
    assert [row[0] for row in rows] == [str(agent) for agent in found.vendors]
    for i, row in enumerate(rows):
        for j, text in enumerate(row[1:]):
            assert text.startswith(f"{found.joint_value[i, j]:.1f} {found.length[i, j]:.2f} years")
    assert f"of a first best of {found.first_best:.1f}." in page.text


def test_best_and_worst_are_marked_once_and_lie_at_the_ends_of_the_scale(read_html, found):
    page = read(read_html, found)
    cells = [
        (text, style)
        for texts, styles in zip(page.tables[0][1:], page.styles[0][1:], strict=True)
        for text, style in zip(texts[1:], styles[1:], strict=True)
    ]
    best = [style for text, style in cells if "best" in text]
    worst = [style for text, style in cells if "worst" in text]
    assert len(best) == len(worst) == 1
    assert "background:#184286;color:#ffffff" in best[0]
    assert "background:#fff4cc;color:#000000" in worst[0]


def test_simulated_cells_carry_their_error_and_the_remark(read_html):
    scenario = ns.load_scenario("saas-renewal")
    found = ns.compare(scenario, vendors="grim", clients="bully", method="simulate", replicates=50)
    page = read(read_html, found)
    assert f"± {found.se_joint_value[0, 0]:.2f}" in page.tables[0][1][1]
    assert found.remarks[0] in page.text
    single = ns.compare(scenario, vendors="grim", clients="bully", method="simulate", replicates=1)
    assert "± undefined" in read(read_html, single).tables[0][1][1]


def test_lengths_without_end_and_undefined_values_are_words(read_html, found):
    endless = found.scenario.replace({"horizon": "unlimited", "relationship.churn": 0.0, "relationship.begrudge": 0.0})
    page = read(read_html, ns.compare(endless, vendors="always-cooperate", clients="always-cooperate"))
    assert page.tables[0][1][1].split()[1] == "infinite"
    values = found.joint_value.copy()
    values[2, 3] = np.nan
    holed = dataclasses.replace(found, cells={**found.cells, "joint_value": values})
    page = read(read_html, holed)
    assert page.tables[0][3][4].startswith("undefined")
    assert "background" not in page.styles[0][3][4]
    assert "nan" not in page.text


def test_hostile_titles_and_remarks_are_text(read_html, found):
    scenario = found.scenario.replace({"title": HOSTILE, "period": HOSTILE, "currency": HOSTILE})
    page = read(read_html, dataclasses.replace(found, scenario=scenario, remarks=(HOSTILE,)))
    assert page.text.count(HOSTILE) == 4 + found.joint_value.size
