"""All figures of a comparison under the file names that the command line gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.reports.plots.loss import can_split, plot_loss
from simulator.reports.plots.matrix import plot_matrix
from simulator.reports.plots.style import figure_of
from simulator.reports.plots.survival import plot_survival
from simulator.reports.plots.value_length import plot_value_against_length

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from simulator.runner.compare import Comparison

__all__ = ["figures"]


def figures(comparison: Comparison) -> dict[str, Figure]:
    """The figures of a comparison by file name; ``loss.png`` only where its pairs are exact.

    Examples
    --------
    >>> import simulator as ns
    >>> list(figures(ns.compare(ns.load_scenario("saas-renewal"), vendors="grim", clients="grim")))
    ['joint_value.png', 'length.png', 'survival.png', 'value_against_length.png']
    """
    axes = {
        "joint_value.png": plot_matrix(comparison),
        "length.png": plot_matrix(comparison, "length"),
        "survival.png": plot_survival(comparison),
        "value_against_length.png": plot_value_against_length(comparison),
    }
    if can_split(comparison):
        axes["loss.png"] = plot_loss(comparison)
    return {name: figure_of(drawn) for name, drawn in axes.items()}
