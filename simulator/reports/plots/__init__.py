"""Plots for people: one function for each picture, and the figures that go with a comparison.

Every plot is ``plot_x(result, ax=None) -> Axes`` over a data step that draws nothing. Without `ax` it makes a figure of
its own, sized for a slide, without pyplot and without a display: ``plot_matrix(table).figure.savefig("value.png")``.
"""

from simulator.reports.plots.answers import advice_figures, plot_answers
from simulator.reports.plots.deal_space import plot_deal_space
from simulator.reports.plots.evolution import evolution_figures, plot_arrows, plot_shares, plot_triangle, share_bands
from simulator.reports.plots.figures import figures
from simulator.reports.plots.holding import plot_holding
from simulator.reports.plots.loss import loss_parts, plot_loss
from simulator.reports.plots.map import plot_map
from simulator.reports.plots.market_figures import mixes_figures, town_figures, triangle_figures
from simulator.reports.plots.market_flow import flow_steps, plot_flow
from simulator.reports.plots.market_path import path_figure, plot_path
from simulator.reports.plots.market_simplex import Simplex, plot_simplex, simplex_of
from simulator.reports.plots.market_survival import mix_survival, plot_mix_survival
from simulator.reports.plots.market_takeover import plot_takeover, takeover_figure
from simulator.reports.plots.market_two_by_two import plot_win_and_agree, two_by_two
from simulator.reports.plots.matrix import plot_matrix
from simulator.reports.plots.pairs import notable_pairs
from simulator.reports.plots.survival import plot_survival, survival_curves
from simulator.reports.plots.tornado import plot_tornado, tornado_bars
from simulator.reports.plots.value_length import plot_value_against_length
from simulator.reports.plots.value_length_data import value_against_length
from simulator.reports.plots.zone import plot_zone
from simulator.reports.plots.zone_data import zone_curves

__all__ = [
    "Simplex",
    "advice_figures",
    "evolution_figures",
    "figures",
    "flow_steps",
    "loss_parts",
    "mix_survival",
    "mixes_figures",
    "notable_pairs",
    "path_figure",
    "plot_answers",
    "plot_arrows",
    "plot_deal_space",
    "plot_flow",
    "plot_holding",
    "plot_loss",
    "plot_map",
    "plot_matrix",
    "plot_mix_survival",
    "plot_path",
    "plot_shares",
    "plot_simplex",
    "plot_survival",
    "plot_takeover",
    "plot_tornado",
    "plot_triangle",
    "plot_value_against_length",
    "plot_win_and_agree",
    "plot_zone",
    "share_bands",
    "simplex_of",
    "survival_curves",
    "takeover_figure",
    "tornado_bars",
    "town_figures",
    "triangle_figures",
    "two_by_two",
    "value_against_length",
    "zone_curves",
]
