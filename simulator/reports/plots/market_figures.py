"""All figures of a market, of several mixes, or of a triangle under the file names that the command line gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.reports.plots.market_flow import plot_flow
from simulator.reports.plots.market_path import path_figure
from simulator.reports.plots.market_simplex import plot_simplex, simplex_of
from simulator.reports.plots.market_survival import plot_mix_survival
from simulator.reports.plots.style import figure_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from simulator.markets.result import Town
    from simulator.runner.mix_comparison import MixComparison

__all__ = ["mixes_figures", "town_figures", "triangle_figures"]


def town_figures(town: Town) -> dict[str, Figure]:
    """The figures of one market by file name."""
    return {"flow.png": figure_of(plot_flow(town)), "path.png": path_figure(town)}


def mixes_figures(comparison: MixComparison) -> dict[str, Figure]:
    """The figures of several mixes by file name."""
    return {"survival.png": figure_of(plot_mix_survival(comparison))}


def triangle_figures(comparison: MixComparison) -> dict[str, Figure]:
    """Total value and length over all mixes of three agents."""
    return {
        "triangle_value.png": figure_of(plot_simplex(simplex_of(comparison))),
        "triangle_length.png": figure_of(plot_simplex(simplex_of(comparison, "length"))),
    }
