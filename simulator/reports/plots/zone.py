"""The zone of partnership as a picture: how far both sides are from leaving, and where the deal lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.relationships.partnership import issue_of
from simulator.reports.plots import style
from simulator.reports.plots.labels import place_labels
from simulator.reports.plots.words import decimals, number
from simulator.reports.plots.zone_data import ZoneCurves, zone_curves
from simulator.runner.amounts import Amounts, said_deal, said_value
from simulator.runner.questions import end_words, zone_range

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulator.relationships.partnership import PartnershipZone
    from simulator.scenario.schema import Issue

__all__ = ["plot_zone", "zone_headline"]

ZONE, GOOD, BAD = "#e5f1e8", "#00694c", "#b34700"


def plot_zone(zone: PartnershipZone, ax: Axes | None = None) -> Axes:
    """Where a deal must lie to keep both sides at the table.

    With an issue that moves money from side to side: what going on is worth to each side more than breaking the deal
    off, along that issue. Without one: the listed deals in both sides' values, those that last filled.

    Parameters
    ----------
    zone : PartnershipZone
        From `simulator.partnership_zone`.
    ax : matplotlib Axes, optional
        Where to draw; absent: a new figure for a slide.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import simulator as ns
    >>> plot_zone(ns.partnership_zone(ns.load_scenario("saas-renewal"))).get_xlabel()
    'price (k$/year)'
    """
    ax, alone = style.axes(ax)
    if zone.issue is None:
        _listed(ax, zone, alone=alone)
    else:
        _along(ax, zone, zone.issue, alone=alone)
    return ax


def zone_headline(zone: PartnershipZone) -> str:
    """What the plot says, in a sentence.

    Examples
    --------
    >>> import simulator as ns
    >>> zone_headline(ns.partnership_zone(ns.load_scenario("saas-renewal")))
    'Both sides stay with the price between 84 and 104 k$/year; it is 90'
    """
    if zone.issue is None:
        count, total = len(zone.deals), len(zone.listed)
        if not total:
            return "No listed deal suits both sides"
        own = "lasts" if zone.current.holds else "does not last"
        return f"{count} of the {total:,} tested deals that suit both sides last; the current one {own}"
    words = zone_range(zone)
    if words is None:
        rest = " as long as the other terms are as they are" if len(zone.current.deal) > 1 else ""
        return f"No {zone.issue} keeps both sides at the table{rest}"
    own = _value_words(zone, float(zone.current.deal[zone.issue]))
    if not zone.current.holds:
        return f"At {own} the {zone.current.weaker.side} would leave; both sides stay with the {words}"
    return f"Both sides stay with the {words}; it is {own}"


def _value_words(zone: PartnershipZone, value: float) -> str:
    issue = issue_of(zone.scenario, zone.issue or "")
    text = said_value(issue, value, unit=False)
    return text if float(text.replace(",", "")) == value else f"{value:,g}"


def _under(zone: PartnershipZone) -> list[str]:
    scenario = zone.scenario
    rest = {name: option for name, option in zone.current.deal.items() if name != zone.issue}
    terms = f" · {said_deal(rest)}" if rest and zone.issue is not None else ""
    lines = [f"{scenario.title}{terms}"]
    if zone.issue is not None:
        lines.append(
            "gain from going on instead of the best way of breaking the deal off, in today's money; whoever is below 0 "
            "would do better to break it off"
        )
    else:
        lines.append("values at the lowest level when both deliver, beyond what each would have elsewhere")
    return lines


def _along(ax: Axes, zone: PartnershipZone, name: str, *, alone: bool) -> None:
    issue = issue_of(zone.scenario, name)
    curves = zone_curves(zone)
    ax.set_xlabel(f"{name}" + (f" ({issue.unit})" if issue.unit else ""), fontsize=10, color=style.MUTED)
    currency = zone.scenario.currency or "money"
    ax.set_ylabel(f"gain from going on ({currency})", fontsize=10, color=style.MUTED)
    low, high = _view(zone, curves)
    ax.set_xlim(low, high)
    ax.set_ylim(*_heights(curves, low, high))
    style.tidy(ax, grid="y")
    ax.axhline(0, color=style.INK, linewidth=1.2, zorder=2)
    if zone.interval is not None:
        ax.axvspan(*zone.interval, color=ZONE, zorder=0, linewidth=0)
    looks: dict[str, dict[str, Any]] = {
        "vendor": {"color": style.VENDOR, "linestyle": "-"},
        "client": {"color": "#9a6200", "linestyle": "--"},
    }
    for side, look in looks.items():
        ax.plot(curves.value, getattr(curves, side), linewidth=2.4, zorder=3, **look)
    style.title(ax, zone_headline(zone), _under(zone), alone=alone)
    _marks(ax, zone, issue, curves, looks)


def _view(zone: PartnershipZone, curves: ZoneCurves) -> tuple[float, float]:
    """The part of the axis that is shown: the zone and the current value with room on both sides."""
    first, last = float(curves.value[0]), float(curves.value[-1])
    if zone.issue is None or zone.interval is None:
        return first, last
    own = float(zone.current.deal[zone.issue])
    low, high = min(zone.interval[0], own), max(zone.interval[1], own)
    room = 0.45 * (high - low) or 0.1 * (last - first)
    return max(first, low - room), min(last, high + room)


def _heights(curves: ZoneCurves, low: float, high: float) -> tuple[float, float]:
    """Limits for money: all that is seen, but not what lies far below 0."""
    seen = (curves.value >= low) & (curves.value <= high)
    values = np.concatenate([curves.vendor[seen], curves.client[seen]])
    values = values[np.isfinite(values)]
    if not len(values):
        return -1.0, 1.0
    top = max(float(values.max()), 0.0)
    least = max(float(values.min()), -0.7 * top) if top > 0 else float(values.min())
    room = (top - min(least, 0.0)) or 1.0
    return min(least, 0.0) - 0.12 * room, top + 0.22 * room


def _marks(ax: Axes, zone: PartnershipZone, issue: Issue, curves: ZoneCurves, looks: dict[str, Any]) -> None:
    """The current deal, the ends of the zone, and whose line is whose."""
    bottom, top = ax.get_ylim()
    low, high = ax.get_xlim()
    own = float(zone.current.deal[issue.name])
    ax.plot([own, own], [bottom, top], color=style.INK, linewidth=1.4, linestyle=(0, (2, 2)), zorder=4)
    ax.annotate(
        f"now {_value_words(zone, own)}", (own, 1), (4 if own < (low + high) / 2 else -4, -4),
        xycoords=("data", "axes fraction"), textcoords="offset points", fontsize=10, fontweight="bold", va="top",
        ha="left" if own < (low + high) / 2 else "right", color=style.INK, zorder=9, parse_math=False,
        bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.9},
    )  # fmt: skip
    points, texts = [], []
    ends = zip(zone.interval or (), end_words(zone), zone.breakers, ("below", "above"), strict=False)
    for end, said, breaker, way in ends:
        whose = f"{way}, the {breaker} leaves" if breaker else "end of the range"
        ax.plot(end, 0, "o", color=style.INK, markersize=7, markeredgecolor="white", zorder=6)
        points.append((end, 0.0))
        texts.append(f"{said}\n{whose}")
    for side in looks:
        money = getattr(zone.current, side).money
        if bottom <= money <= top:
            ax.plot(own, money, "D", color=looks[side]["color"], markersize=8, markeredgecolor="white", zorder=6)
            digits = decimals([money])
            points.append((own, money))
            texts.append(f"{side}: {number(money, digits)} {zone.scenario.currency}".strip())
    fine = np.linspace(low, high, 161)
    heights = [np.interp(fine, curves.value, getattr(curves, side)) for side in looks]
    line = np.concatenate([np.column_stack([fine, height]) for height in heights])
    inside = (line[:, 0] > low) & (line[:, 0] < high) & (line[:, 1] > bottom) & (line[:, 1] < top)
    for side, look in looks.items():
        _name(ax, curves, side, look["color"])
    taken = [text.get_window_extent() for text in ax.texts]
    place_labels(ax, points, texts, avoid=line[inside], taken=taken)


def _name(ax: Axes, curves: ZoneCurves, side: str, color: str) -> None:
    """The name of a side beside the visible end of its line."""
    (low, high), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    values = getattr(curves, side)
    x = np.linspace(low, high, 201)
    y = np.interp(x, curves.value, values)
    visible = np.flatnonzero((y > bottom) & (y < bottom + 0.9 * (top - bottom)))
    if not len(visible):
        return
    near = visible[-30:] if side == "vendor" else visible[:30]
    at, shift, align = (near[-1], -6, "right") if side == "vendor" else (near[0], 6, "left")
    ax.annotate(
        side, (x[at], y[near].max()), (shift, 5), textcoords="offset points", fontsize=11, color=color,
        fontweight="bold", ha=align, va="bottom", zorder=8,
    )  # fmt: skip


def _listed(ax: Axes, zone: PartnershipZone, *, alone: bool) -> None:
    """Listed deals in both sides' gains, those that last filled."""
    unit = Amounts(zone.scenario, 1.0).unit
    ax.set_xlabel(f"vendor's gain ({unit})", fontsize=10, color=style.MUTED)
    ax.set_ylabel(f"client's gain ({unit})", fontsize=10, color=style.MUTED)
    style.tidy(ax, grid="both")
    for holds, label in ((False, "would be broken off"), (True, "lasts")):
        chosen = [one for one in zone.listed if one.holds == holds]
        face = GOOD if holds else "white"
        ax.plot(
            [one.vendor_gain for one in chosen], [one.client_gain for one in chosen], "o", markersize=9 if holds else 8,
            markerfacecolor=face, markeredgecolor=GOOD if holds else BAD, markeredgewidth=1.4, zorder=3,
            label=f"{label} ({len(chosen)})",
        )  # fmt: skip
    now = zone.current
    ax.plot(now.vendor_gain, now.client_gain, "*", color="black", markersize=18, markeredgecolor="white", zorder=6)
    for line in (ax.axvline, ax.axhline):
        line(0, color=style.INK, linewidth=1.2, linestyle=(0, (4, 3)), zorder=1)
    ax.margins(0.1)
    ax.legend(
        loc="upper center", bbox_to_anchor=(0.5, -0.11), ncols=2, frameon=False, fontsize=9.5, labelcolor=style.INK
    )
    style.title(ax, zone_headline(zone), _under(zone), alone=alone)
    every = np.array([(one.vendor_gain, one.client_gain) for one in zone.listed]).reshape(-1, 2)
    place_labels(ax, [(now.vendor_gain, now.client_gain)], ["the current deal"], avoid=every)
