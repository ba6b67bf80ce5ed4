"""The picture of the pairs that hold: kinds, headline, and that no text is cut off or covers another."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import simulator as ns
from simulator.reports.plots import plot_holding
from simulator.reports.plots.holding import holding_headline, holding_kinds

SAAS = ns.load_scenario("saas-renewal")


@pytest.fixture(scope="module")
def table():
    return ns.holding_table(SAAS)


def check_readable(figure):
    """No text is cut off by the edge of the figure, and no two upright texts cover each other."""
    figure.draw_without_rendering()
    drawn = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    boxes = np.array([Text.get_window_extent(text).extents for text in drawn])
    outside = (boxes[:, :2] < -1).any(axis=1) | (boxes[:, 2:] > np.array(figure.bbox.size) + 1).any(axis=1)
    assert not [text.get_text() for text, cut in zip(drawn, outside, strict=True) if cut], "cut off"
    upright = np.array([text.get_rotation() in (0.0, 90.0) for text in drawn])
    boxes = boxes[upright] + (2, 2, -2, -2)
    shared = np.minimum(boxes[:, None, 2:], boxes[:, 2:]) - np.maximum(boxes[:, None, :2], boxes[:, :2])
    assert not len(np.argwhere(np.triu((shared > 0).all(axis=2), 1))), "covering"


def test_kinds_follow_from_the_verdicts(table):
    kinds = holding_kinds(table)
    for i, j in np.ndindex(kinds.shape):
        cell = table.cells[i][j]
        assert (kinds[i, j] == "holds") == cell.holds
        if kinds[i, j] in ("vendor", "client", "both"):
            assert kinds[i, j] == cell.breaker
            assert not cell.holds_until_accident
        if kinds[i, j] == "accident":
            assert cell.holds_until_accident


def test_what_the_headline_says(table):
    most = max(table.vendor_gain.max(), table.client_gain.max())
    assert holding_headline(table) == (
        f"1 of 36 pairs holds, 16 more until an accident; another plan gains at most {most:.1f} k$"
    )
    one = ns.holding_table(SAAS, vendors="always-compete", clients="always-compete")
    assert holding_headline(one) == "This pair holds"
    broken = ns.holding_table(SAAS, vendors="opportunist", clients="always-compete")
    assert holding_headline(broken).startswith("Opportunist with always-compete: both break it; another plan gains ")
    calm = ns.holding_table(SAAS.replace({"relationship.slip": 0.0}), vendors="tit-for-tat, grim", clients="grim")
    assert holding_headline(calm) == "All 2 pairs hold"
    none = ns.holding_table(SAAS, vendors="opportunist", clients="always-compete, hit-and-run")
    assert holding_headline(none).startswith("None of 2 pairs holds; another plan gains at most ")


def test_every_cell_has_a_mark_and_the_gains(table):
    ax = plot_holding(table)
    cells = {(text.get_position()[1], text.get_position()[0]): text.get_text() for text in ax.texts}
    assert len(cells) == 36
    assert cells[5, 5] == "✓"
    assert cells[4, 4].splitlines() == ["V", f"{table.vendor_gain[4, 4]:.1f}"]
    assert cells[0, 5].splitlines() == ["VC", f"{table.vendor_gain[0, 5]:.1f} / {table.client_gain[0, 5]:.1f}"]


@pytest.mark.parametrize(
    ("name", "agents"),
    [("saas-renewal", None), ("component-supply", None), ("prisoners-dilemma", "all"), ("demand-game", None),
     ("chicken", "grim"), ("prisoners-dilemma", "grim, generous-tit-for-tat(generosity=0.123), bully")],
)  # fmt: skip
def test_all_texts_can_be_read(name, agents):
    table = ns.holding_table(ns.load_scenario(name), vendors=agents, clients=agents)
    check_readable(plot_holding(table).figure)


def test_it_draws_on_the_axes_it_is_given(table):
    ax = Figure((16, 7), layout="constrained").subplots(1, 2)[0]
    assert plot_holding(table, ax=ax) is ax
    assert ax.get_title(loc="left").replace("\n", " ") == holding_headline(table)


def test_a_known_end_is_told():
    known = ns.holding_table(SAAS, vendors="grim", clients="grim", known_end=True)
    said = " ".join(text.get_text() for text in plot_holding(known).figure.findobj(Text))
    assert "last year known" in said
