"""Where the value of a market comes from and where it goes: a waterfall from what is created to what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simulator.reports.market import flow_words
from simulator.reports.plots import style
from simulator.reports.plots.market_words import market_setting, method_words
from simulator.reports.plots.words import decimals, money, number
from simulator.runner.amounts import Amounts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulator.markets.result import Town

__all__ = ["Step", "flow_steps", "plot_flow"]

LOSSES = (
    ("burned", "burned in\ncompeting"),
    ("tendering", "costs of\nthe winners"),
    ("search", "lost in\nsearch"),
    ("switching", "lost in\nswitching"),
)
SMALL = 5e-4  # of what is created: a loss not worth a bar


class Step(NamedTuple):
    """A bar: from where to where, per client and period, above the outside options."""

    name: str
    start: float
    end: float

    @property
    def change(self) -> float:
        """What the bar adds."""
        return self.end - self.start


def flow_steps(town: Town) -> list[Step]:
    """The bars: captured by vendors, by clients, what is lost on the way, and what is left.

    Amounts are per client and period, above what everybody would have had from the outside options alone.
    """
    flow = town.flow
    steps = [Step("vendors\ncapture", 0.0, flow.vendor_captured)]
    steps.append(Step("clients\ncapture", flow.vendor_captured, flow.created))
    at, scale = flow.created, max(abs(flow.created), abs(flow.total - flow.outside))
    for key, name in LOSSES:
        lost = getattr(flow, key)
        if abs(lost) > SMALL * scale:
            steps.append(Step(name, at, at - lost))
            at -= lost
    steps.append(Step("left above the\noutside options", 0.0, flow.total - flow.outside))
    return steps


def plot_flow(town: Town, ax: Axes | None = None) -> Axes:
    """The flow of value as a waterfall, per client and period.

    Parameters
    ----------
    town : Town
        From `simulator.market`.
    ax : matplotlib Axes, optional
        Where to draw; absent: a new figure for a slide.

    Returns
    -------
    Axes
    """
    steps = flow_steps(town)
    ax, alone = style.axes(ax)
    colors = [style.VENDOR, style.CLIENT, *[style.LINES[1]] * (len(steps) - 3), style.LINES[2]]
    hatches = ["", "", *["///"] * (len(steps) - 3), ""]
    for k, (step, color, hatch) in enumerate(zip(steps, colors, hatches, strict=True)):
        ax.bar(k, step.change, bottom=step.start, width=0.62, color=color, hatch=hatch, edgecolor="white", zorder=3)
        if k < len(steps) - 1:
            ax.plot([k + 0.31, k + 0.69], [step.end] * 2, color=style.MUTED, linewidth=1, zorder=2)
    places = decimals([step.change for step in steps])
    low, high = min(0.0, *(min(s.start, s.end) for s in steps)), max(0.0, *(max(s.start, s.end) for s in steps))
    room = (high - low) or 1.0
    for k, step in enumerate(steps):
        top = max(step.start, step.end)
        sign = "+" if 0 < k < len(steps) - 1 and step.change > 0 else ""
        ax.annotate(
            sign + number(step.change, places), (k, top), (0, 4), textcoords="offset points", ha="center", va="bottom",
            fontsize=11, fontweight="bold", color=style.INK, parse_math=False,
        )  # fmt: skip
    ax.set_ylim(low - (0.04 * room if low < 0 else 0.0), high + 0.12 * room)
    ax.set_xlim(-0.6, len(steps) - 0.4)
    ax.set_xticks(range(len(steps)), [step.name for step in steps])
    ax.set_ylabel(f"above the outside options, per client ({Amounts(town.scenario, 1.0).unit})", fontsize=10)
    ax.yaxis.label.set_color(style.MUTED)
    style.tidy(ax, grid="y")
    ax.tick_params(axis="x", length=0, labelsize=11)
    if low < 0:
        ax.axhline(0, color=style.INK, linewidth=1, zorder=4)
    style.title(ax, flow_words(town).rstrip("."), _under(town, places), alone=alone)
    return ax


def _under(town: Town, places: int) -> list[str]:
    flow, unit = town.flow, town.scenario.currency
    outside = f"on top of outside options of {number(flow.outside, places)} {unit}".rstrip()
    lines = [
        market_setting(town.scenario, town.periods),
        f"{method_words(town.method, 1, town.seed)} · {outside}",
    ]
    apart = []
    if abs(flow.transferred) > 0:
        apart.append(f"low bids move {money(flow.transferred, unit, places)} from vendors to clients")
    if abs(flow.selected) > 0:
        better = "more" if flow.selected >= 0 else "less"
        amount = money(abs(flow.selected), unit, places)
        apart.append(f"winners are expected to create {amount} {better} than the average bidder")
    if apart:
        lines.append("no bars of their own: " + "; ".join(apart))
    return lines
