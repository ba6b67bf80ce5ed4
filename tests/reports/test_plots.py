"""The plots: their data without drawing, what they say, and that no text is cut off or covers another."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import simulator as ns
from simulator.reports.plots import (
    figures,
    loss_parts,
    notable_pairs,
    plot_deal_space,
    plot_loss,
    plot_matrix,
    plot_survival,
    plot_value_against_length,
    survival_curves,
    value_against_length,
)
from simulator.reports.plots.deal_space import deal_headline, frontier_points, merged_points
from simulator.reports.plots.labels import apart
from simulator.reports.plots.loss import loss_headline
from simulator.reports.plots.matrix_data import matrix_data, matrix_headline
from simulator.reports.plots.pairs import extreme
from simulator.reports.plots.survival import survival_headline
from simulator.reports.plots.value_length_data import value_headline

SAAS = ns.load_scenario("saas-renewal")
EXTREME_FIELD = "always-cooperate, tit-for-tat, always-compete"


def texts(figure):
    """Every text that is drawn."""
    drawn = []
    with pytest.MonkeyPatch.context() as patch:
        draw = Text.draw
        patch.setattr(Text, "draw", lambda text, renderer: (drawn.append(text), draw(text, renderer)))
        figure.draw_without_rendering()
    return [text for text in drawn if text.get_visible() and text.get_text().strip()]


def said(figure):
    return " ".join(text.get_text() for text in texts(figure)).replace("\n", " ")


def check_readable(figure):
    """No text is cut off by the edge of the figure, and none covers another; slanted texts have no box to compare."""
    drawn = texts(figure)
    boxes = np.array([Text.get_window_extent(text).extents for text in drawn])
    outside = (boxes[:, :2].min(axis=1) < -1) | (boxes[:, 2:] > np.array(figure.bbox.size) + 1).any(axis=1)
    assert not [text.get_text() for text, cut in zip(drawn, outside, strict=True) if cut], "cut off"
    upright = np.array([text.get_rotation() in (0.0, 90.0) for text in drawn])
    boxes = boxes[upright] + (2, 2, -2, -2)
    shared = np.minimum(boxes[:, None, 2:], boxes[:, 2:]) - np.maximum(boxes[:, None, :2], boxes[:, :2])
    covering = np.argwhere(np.triu((shared > 0).all(axis=2), 1))
    names = [text.get_text() for text, up in zip(drawn, upright, strict=True) if up]
    assert not [(names[i], names[j]) for i, j in covering], "covering"


@pytest.fixture(scope="module")
def table():
    return ns.compare(SAAS)


@pytest.fixture(scope="module")
def dilemma(tmp_path_factory):
    path = tmp_path_factory.mktemp("scenario") / "dilemma.toml"
    path.write_text(
        'id = "dilemma"\ntitle = "Prisoner\'s dilemma"\nhorizon = 40\n[payoffs]\n'
        'postures = ["compete", "cooperate"]\nvendor = [[1, 5], [0, 3]]\nclient = [[1, 0], [5, 3]]\n'
        "[relationship]\nslip = 0.02\nchurn = 0.03\n"
    )
    return ns.load_scenario(path)


def changed(table, **cells):
    """The comparison with other numbers in its cells."""
    return replace(table, cells={**table.cells, **cells})


# -- data -----------------------------------------------------------------------------------------------------------


def test_notable_pairs_start_with_best_and_worst(table):
    pairs = notable_pairs(table)
    assert pairs[:2] == [table.best(), table.worst()]
    assert len(pairs) == len(set(pairs)) == 5


def test_a_tie_up_to_rounding_goes_to_the_first_pair():
    assert extreme(np.array([[1.0, 1.0 + 1e-12]]), largest=True) == (0, 0)
    assert extreme(np.array([[np.nan, 2.0], [np.inf, 1.0]]), largest=True) == (1, 0)
    assert extreme(np.array([[np.nan]]), largest=False) is None


def test_pairs_by_name_and_number(table):
    by_name = survival_curves(table, [("walk-away", "tit-for-tat")])
    by_number = survival_curves(table, [(3, 2)])
    assert by_name[0].pairs == by_number[0].pairs == ((3, 2),)
    with pytest.raises(ns.UnknownNameError, match="did you mean 'walk-away'"):
        survival_curves(table, [("walkaway", "tit-for-tat")])
    with pytest.raises(ns.SimulatorError, match="numbered from 0 to 5"):
        survival_curves(table, [(6, 0)])
    with pytest.raises(ns.SimulatorError, match="pairs is empty"):
        survival_curves(table, [])


def test_matrix_data_has_unit_and_extremes(table):
    length = matrix_data(table, "length")
    assert (length.unit, length.words) == ("years", ("longest", "shortest"))
    assert length.values[length.highest] == table.length.max()
    with pytest.raises(ns.UnknownNameError, match="did you mean 'joint_value'"):
        matrix_data(table, "joint_valeu")


def test_survival_is_the_exact_one(table):
    (curve,) = survival_curves(table, [(2, 2)])
    np.testing.assert_array_equal(curve.alive, table.survival(2, 2))
    assert not curve.error.any()


def test_pairs_with_one_curve_are_joined(table):
    curves = survival_curves(table, [("always-compete", "walk-away"), ("walk-away", "always-compete")])
    assert [curve.pairs for curve in curves] == [((5, 3), (3, 5))]


def test_simulated_survival_has_its_sampling_error():
    sampled = ns.compare(SAAS, vendors="grim", clients="grim", method="simulate", replicates=500)
    (curve,) = survival_curves(sampled)
    np.testing.assert_allclose(curve.error, np.sqrt(curve.alive * (1 - curve.alive) / 500))


def test_parts_of_a_loss_add_up_and_are_sorted(table):
    parts = loss_parts(table)
    best = table.created_value[table.best()]
    for part in parts:
        assert part.shorter + part.poorer + part.switching == pytest.approx(part.loss)
        assert part.loss == pytest.approx(best - table.created_value[part.pair])
    assert np.all(np.diff([part.loss for part in parts]) <= 0)


def test_no_loss_to_split_is_said():
    with pytest.raises(ns.SimulatorError, match="no pair beside the best"):
        loss_parts(ns.compare(SAAS, vendors="grim", clients="grim"))
    with pytest.raises(ns.SimulatorError, match="was simulated"):
        loss_parts(ns.compare(SAAS, vendors="grim, bully", clients="grim", method="simulate", replicates=100))


def test_points_of_value_against_length(table):
    data = value_against_length(table)
    shared = ~data.one_sided
    np.testing.assert_allclose(data.vendor_share[shared], (table.vendor_captured / table.created_value)[shared])
    assert data.first_best == pytest.approx(table.first_best - (table.joint_value - table.created_value)[0, 0])
    assert data.created.max() <= data.first_best


def test_nothing_created_has_no_shares(table):
    data = value_against_length(changed(table, vendor_captured=-table.client_captured - 1))
    assert np.isnan(data.vendor_share).all()
    assert not data.one_sided.any()


def test_frontier_and_merged_points_of_the_deals():
    space = ns.deal_space(SAAS)
    assert np.all(np.diff(frontier_points(space), axis=0) * (1, -1) >= 0)
    assert " = ".join(merged_points(space)).count("=") == 3


def test_labels_are_spread_and_stay_inside():
    placed = apart([5.0, 5.0, 5.0, 0.0], 2.0, 0.0, 10.0)
    assert np.all(np.diff(np.sort(placed)) >= 2.0 - 1e-12)
    assert placed[3] == 0.0
    np.testing.assert_allclose(np.sort(apart([1.0] * 9, 2.0, 0.0, 10.0)), np.linspace(0, 10, 9))


# -- headlines ------------------------------------------------------------------------------------------------------


def test_headlines_say_the_numbers(table):
    assert (
        matrix_headline(table) == "Cooperating on both sides is worth 521.8 k$; competing on both sides costs 25% of it"
    )
    assert matrix_headline(table, "length") == (
        "Relationships last 7.1 years on average if both play always-cooperate, "
        "1 year if a walk-away vendor meets an always-compete client"
    )
    assert matrix_headline(table, "churned").startswith("Probability that outside events end it runs from 0% to 32%")
    assert survival_headline(table, survival_curves(table)).startswith(
        "46% of relationships reach year 10 if both play"
    )
    assert loss_headline(table, loss_parts(table)).startswith("128.3 k$ are lost if both play always-compete: 93.7 by")
    assert (
        deal_headline(ns.deal_space(SAAS))
        == "Both sides can accept 10 of 57 deals; the best of them is worth 72.0 in all"
    )


def test_headlines_do_not_claim_what_is_not_there(table):
    alike = changed(table, joint_value=np.full(table.shape, 3.0))
    assert matrix_headline(alike) == "All 36 pairs are alike: joint value 3.00 k$"
    losing = changed(table, created_value=-1 - table.created_value)
    assert value_headline(losing, value_against_length(losing)).startswith("No pair creates value")
    negative = changed(table, joint_value=table.joint_value - 1000)
    assert matrix_headline(negative).endswith("costs 128.3 k$ against it")
    far = SAAS.replace({"vendor.outside_option": 500.0})
    assert "no zone of possible agreement" in deal_headline(ns.deal_space(far))
    talk = ns.negotiate(far, vendor="hard-bargainer", client="hard-bargainer")
    assert deal_headline(ns.deal_space(far), talk).startswith("No agreement")


def test_unlimited_horizon_is_told_by_medians_or_by_those_alive():
    unlimited = ns.compare(SAAS.replace({"horizon": "unlimited"}), vendors=EXTREME_FIELD, clients=EXTREME_FIELD)
    assert survival_headline(unlimited, survival_curves(unlimited)).startswith("Half of all relationships end within")
    lasting = SAAS.replace({"horizon": "unlimited", "relationship.churn": 0.0, "relationship.begrudge": 0.0})
    forever = ns.compare(lasting, vendors="always-cooperate, walk-away", clients="always-cooperate")
    assert matrix_headline(forever, "length").startswith("1 of 2 pairs may last for ever")
    assert survival_headline(forever, survival_curves(forever)).startswith("100% of relationships are alive after")


# -- pictures -------------------------------------------------------------------------------------------------------


def test_figures_have_the_file_names_of_the_command_line(table):
    drawn = figures(table)
    assert list(drawn) == ["joint_value.png", "length.png", "survival.png", "value_against_length.png", "loss.png"]
    for name, figure in drawn.items():
        check_readable(figure)
        assert "Enterprise SaaS renewal · horizon 10 years · discount 0.92 per year · exact" in said(figure), name
        assert tuple(figure.get_size_inches()) == (10.0, 6.0)


@pytest.mark.parametrize(
    ("vendors", "clients"), [("grim", "grim"), ("generous-tit-for-tat(generosity=0.3)", None), (None, "grim")]
)
def test_small_fields_are_readable(vendors, clients):
    for figure in figures(ns.compare(SAAS, vendors=vendors, clients=clients)).values():
        check_readable(figure)


def test_the_whole_catalogue_is_readable():
    catalogue = ns.compare(SAAS, vendors="all", clients="all")
    check_readable(plot_matrix(catalogue).figure)
    check_readable(plot_value_against_length(catalogue).figure)


def test_payoff_scenario_and_long_names_are_readable(dilemma):
    field = [f"generous-tit-for-tat(generosity={k / 25})" for k in range(1, 25)]
    check_readable(plot_matrix(ns.compare(dilemma, vendors=field, clients=field[:2])).figure)
    check_readable(plot_matrix(ns.compare(dilemma, vendors=field[:2], clients=field)).figure)
    for figure in figures(ns.compare(dilemma, vendors=EXTREME_FIELD, clients=EXTREME_FIELD)).values():
        check_readable(figure)


def test_replicates_and_errors_are_told():
    sampled = ns.compare(SAAS, vendors=EXTREME_FIELD, clients="grim", method="simulate", replicates=2000)
    drawn = figures(sampled)
    assert "loss.png" not in drawn
    for figure in drawn.values():
        assert "2,000 simulated relationships per pair" in said(figure)
        check_readable(figure)
    assert "standard error up to" in said(drawn["joint_value.png"])
    assert "Kaplan-Meier" in said(drawn["survival.png"])


def test_simulation_without_a_last_period_can_be_drawn():
    scenario = SAAS.replace({"horizon": "unlimited", "relationship.churn": 0.0, "relationship.begrudge": 0.0})
    sampled = ns.compare(scenario, vendors="grim, walk-away", clients="grim", method="simulate", replicates=50)
    check_readable(plot_survival(sampled).figure)


def test_infinite_missing_equal_and_negative_values_are_drawn(table):
    values = table.joint_value.copy()
    values[0, 0], values[1, 1], values[2, 2] = np.nan, np.inf, -50.0
    lengths = np.full(table.shape, np.inf)
    odd = changed(table, joint_value=values, length=lengths, created_value=values - 400)
    for ax in (plot_matrix(odd), plot_matrix(odd, "length"), plot_value_against_length(odd)):
        check_readable(ax.figure)
    drawn = said(plot_matrix(odd).figure)
    assert "n/a" in drawn
    assert "∞" in drawn
    assert "−50" in drawn
    nothing = changed(table, joint_value=np.full(table.shape, np.nan), created_value=np.full(table.shape, np.nan))
    check_readable(plot_matrix(nothing).figure)
    assert matrix_headline(nothing) == "Joint value is not known for any pair"
    check_readable(plot_value_against_length(nothing).figure)


def test_two_amounts_in_dollars_are_not_a_formula():
    scenario = SAAS.replace({"currency": "$"})
    for figure in figures(ns.compare(scenario, vendors=EXTREME_FIELD, clients=EXTREME_FIELD)).values():
        assert not any(text.get_parse_math() for text in texts(figure) if "$" in text.get_text())


def test_gains_are_drawn_to_the_left_of_zero():
    ill_matched = SAAS.replace({"vendor.outside_option": 60.0, "client.outside_option": 70.0})
    ax = plot_loss(ns.compare(ill_matched))
    assert "gained" in said(ax.figure)
    assert ax.get_xlim()[0] < 0
    assert any(bar.get_x() + bar.get_width() < -1 or bar.get_width() < -1 for bar in ax.patches)


def test_best_and_worst_are_outlined_and_named(table):
    ax = plot_matrix(table)
    outlines = {(patch.get_x() + 0.5, patch.get_y() + 0.5): patch.get_linestyle() for patch in ax.patches}
    assert set(outlines) == {(c, r) for r, c in (table.best(), table.worst())}
    words = said(ax.figure)
    assert "best 521.8" in words
    assert "worst 370.7" in words


def test_deal_space_shows_offers_and_outcome(shared):
    talk = ns.negotiate(SAAS, vendor="hard-bargainer", client="principled")
    ax = plot_deal_space(ns.deal_space(SAAS), talk, scenario=SAAS)
    check_readable(ax.figure)
    words = said(ax.figure)
    assert f"agreed in round {talk.rounds}" in words
    assert "vendor's offers" in words
    assert "Nash = Kalai-Smorodinsky = egalitarian" in words
    folder = shared / "genius" / "ItexvsCypress"
    names = (folder / f"ItexvsCypress_{part}.xml" for part in ("domain", "Itex", "Cypress"))
    check_readable(plot_deal_space(ns.deal_space(ns.import_genius(*names))).figure)


def test_deal_space_without_agreement():
    far = SAAS.replace({"vendor.outside_option": 500.0})
    talk = ns.negotiate(far, vendor="hard-bargainer", client="hard-bargainer")
    check_readable(plot_deal_space(ns.deal_space(far), talk, scenario=far).figure)


def test_given_axes_are_drawn_on(table):
    figure = Figure((8, 5))
    ax = figure.subplots()
    assert plot_survival(table, ax=ax) is ax
    check_readable(figure)
    pair = Figure((18, 7), layout="constrained")
    left, right = pair.subplots(1, 2)
    assert plot_matrix(table, ax=left) is left
    assert plot_loss(table, ax=right) is right
    assert "Cooperating on both sides" in left.get_title("left").replace("\n", " ")
