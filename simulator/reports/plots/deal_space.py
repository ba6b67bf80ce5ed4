"""All deals of a negotiation in both sides' values, with frontier, outside options, solution points and the offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulator.bargaining.deals import DealSpace, Point
from simulator.bargaining.protocol import NegotiationResult
from simulator.reports.plots import style
from simulator.reports.plots.labels import place_labels
from simulator.reports.plots.words import decimals, first_upper, money, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulator.scenario.schema import Scenario

__all__ = ["frontier_points", "merged_points", "plot_deal_space"]

MOST_AVOIDED = 2_000  # deals that labels keep clear of
POINT_NAMES = {
    "nash": "Nash",
    "kalai_smorodinsky": "Kalai-Smorodinsky",
    "egalitarian": "egalitarian",
    "utilitarian": "utilitarian",
}


def merged_points(space: DealSpace) -> dict[str, Point]:
    """The solution points by name; those that coincide share one entry with joined names.

    Examples
    --------
    >>> import simulator as ns
    >>> list(merged_points(ns.deal_space(ns.load_scenario("saas-renewal"))))
    ['Nash = Kalai-Smorodinsky = egalitarian', 'utilitarian']
    """
    by_place: dict[tuple[float, float], tuple[list[str], Point]] = {}
    for name, point in space.points().items():
        if point is not None:
            place = (round(point.vendor, 9), round(point.client, 9))
            by_place.setdefault(place, ([], point))[0].append(POINT_NAMES[name])
    return {" = ".join(names): point for names, point in by_place.values()}


def frontier_points(space: DealSpace) -> NDArray[np.float64]:
    """Values of the deals on the frontier, (n, 2), by the vendor's value.

    Examples
    --------
    >>> import simulator as ns
    >>> bool(np.all(np.diff(frontier_points(ns.deal_space(ns.load_scenario("saas-renewal")))[:, 1]) <= 0))
    True
    """
    best = space.pareto()
    values = np.unique(np.column_stack([space.vendor[best], space.client[best]]), axis=0)
    return np.asarray(values, dtype=np.float64)


def plot_deal_space(
    space: DealSpace,
    result: NegotiationResult | None = None,
    ax: Axes | None = None,
    *,
    scenario: Scenario | None = None,
) -> Axes:
    """All deals, and how a negotiation went through them.

    Parameters
    ----------
    space : DealSpace
        From `simulator.deal_space`.
    result : NegotiationResult, optional
        A negotiation over these deals; its offers and outcome are drawn.
    ax : matplotlib Axes, optional
        Where to draw; absent: a new figure for a slide.
    scenario : Scenario, optional
        Gives the currency, the period and the title.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("saas-renewal")
    >>> plot_deal_space(ns.deal_space(s), scenario=s).get_xlabel()
    "vendor's value (k$ per year)"
    """
    ax, alone = style.axes(ax)
    unit = _unit(scenario)
    _limits(ax, space)
    ax.set_xlabel(f"vendor's value ({unit})", fontsize=10, color=style.MUTED)
    ax.set_ylabel(f"client's value ({unit})", fontsize=10, color=style.MUTED)
    style.tidy(ax)
    texts = _outside(ax, space)
    _deals(ax, space)
    points, labels = [], []
    for name, point in merged_points(space).items():
        ax.plot(point.vendor, point.client, "D", color=style.LINES[3], markersize=9, markeredgecolor="white", zorder=6)
        points.append((point.vendor, point.client))
        labels.append(name.replace(" = ", " =\n"))
    if result is not None:
        more = _offers(ax, space, result)
        points += [at for at, _ in more]
        labels += [text for _, text in more]
    ax.legend(
        loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=9, labelcolor=style.INK, borderaxespad=0
    )
    style.title(ax, deal_headline(space, result, scenario), _under(space, scenario), alone=alone)
    seen = np.vstack([frontier_points(space), np.column_stack([space.vendor, space.client])[:MOST_AVOIDED]])
    if result is not None:
        seen = np.vstack([seen, [(offer.vendor_value, offer.client_value) for offer in result.offers] or seen[:0]])
    place_labels(ax, points, labels, avoid=seen, taken=[text.get_window_extent() for text in texts])
    return ax


def _unit(scenario: Scenario | None) -> str:
    if scenario is None:
        return "per period"
    return f"{scenario.currency} per {scenario.period}".strip()


def _limits(ax: Axes, space: DealSpace) -> None:
    for values, outside, setter in (
        (space.vendor, space.vendor_outside, ax.set_xlim),
        (space.client, space.client_outside, ax.set_ylim),
    ):
        low, high = min(float(values.min()), outside), max(float(values.max()), outside)
        room = (high - low) or 1.0
        setter(low - 0.06 * room, high + 0.06 * room)


def _outside(ax: Axes, space: DealSpace) -> list[Any]:
    """Outside options as lines, the zone of possible agreement shaded where it holds a deal."""
    right, top = ax.get_xlim()[1], ax.get_ylim()[1]
    look: dict[str, Any] = {"color": style.INK, "linewidth": 1.2, "linestyle": (0, (4, 3)), "zorder": 1}
    ax.axvline(space.vendor_outside, **look)
    ax.axhline(space.client_outside, **look)
    # Each name stands where the other line is not.
    left = space.vendor_outside > np.mean(ax.get_xlim())
    words: dict[str, Any] = {"textcoords": "offset points", "va": "bottom", "fontsize": 8.5, "color": style.INK}
    texts = [
        ax.annotate(
            "vendor's outside option", (space.vendor_outside, 0), (-3 if left else 3, 6), rotation=90,
            xycoords=("data", "axes fraction"), ha="right" if left else "left", **words,
        ),
        ax.annotate(
            "client's outside option", (0 if left else 1, space.client_outside), (6 if left else -6, 3),
            xycoords=("axes fraction", "data"), ha="left" if left else "right", **words,
        ),
    ]  # fmt: skip
    if space.rational.any():
        ax.fill_between(
            [space.vendor_outside, right], space.client_outside, top, color="#e5f1e8", zorder=0, linewidth=0,
            label="zone of possible agreement",
        )  # fmt: skip
    return texts


def _deals(ax: Axes, space: DealSpace) -> None:
    size = float(np.clip(60 / np.sqrt(len(space)), 1.2, 6))
    for chosen, color, label in (
        (~space.rational, "#b5b5b5", "deal that one side refuses"),
        (space.rational, "#5d7f68", "deal that both can accept"),
    ):
        if chosen.any():
            ax.plot(
                space.vendor[chosen], space.client[chosen], "o", color=color, markersize=size, markeredgewidth=0,
                zorder=2, label=f"{label} ({np.count_nonzero(chosen):,})",
            )  # fmt: skip
    edge = frontier_points(space)
    ax.plot(edge[:, 0], edge[:, 1], "-", color=style.INK, linewidth=1.2, zorder=3, label="frontier")


def _offers(ax: Axes, space: DealSpace, result: NegotiationResult) -> list[tuple[tuple[float, float], str]]:
    """Draw the path of offers and the outcome; the points and words to label."""
    marks: list[tuple[tuple[float, float], str]] = []
    for side, color, marker, line in (("vendor", style.VENDOR, ">", "-"), ("client", "#b34700", "^", "--")):
        made = [offer for offer in result.offers if offer.side == side]
        if not made:
            continue
        ax.plot(
            [offer.vendor_value for offer in made], [offer.client_value for offer in made], color=color, marker=marker,
            linestyle=line, markersize=6.5, linewidth=1.5, markeredgecolor="white", markeredgewidth=0.6, zorder=4,
            label=f"{side}'s offers ({len(made)})",
        )  # fmt: skip
        marks.append(((made[0].vendor_value, made[0].client_value), f"{side} opens"))
    if result.deal is not None:
        agreed = space.point(space.index(result.deal))
        ax.plot(agreed.vendor, agreed.client, "*", color="black", markersize=17, markeredgecolor="white", zorder=7)
        marks.append(((agreed.vendor, agreed.client), f"agreed in round {result.rounds}"))
    return marks


def _under(space: DealSpace, scenario: Scenario | None) -> list[str]:
    counted = f"{len(space):,} deals, {len(space.pareto()):,} on the frontier; values before effort and rounds' cost"
    return [counted if scenario is None else f"{scenario.title} · {counted}"]


def deal_headline(space: DealSpace, result: NegotiationResult | None = None, scenario: Scenario | None = None) -> str:
    """What the picture says, in a sentence.

    Examples
    --------
    >>> import simulator as ns
    >>> s = ns.load_scenario("saas-renewal")
    >>> deal_headline(ns.deal_space(s), scenario=s)
    'Both sides can accept 10 of 57 deals; the best of them is worth 72.0 k$ per year in all'
    """
    unit = "" if scenario is None else _unit(scenario)
    if result is not None:
        return _result_headline(space, result, unit)
    both = int(np.count_nonzero(space.rational))
    if not both:
        return f"None of the {len(space):,} deals is acceptable to both sides: there is no zone of possible agreement"
    most = float((space.vendor + space.client)[space.rational].max())
    return (
        f"Both sides can accept {both:,} of {len(space):,} deals; the best of them is worth {money(most, unit)} in all"
    )


def _result_headline(space: DealSpace, result: NegotiationResult, unit: str) -> str:
    if result.deal is None:
        return first_upper(f"no agreement: {result.ending}; both are left with their outside options")
    agreed = space.point(space.index(result.deal))
    places = decimals([agreed.vendor, agreed.client])
    said = (
        f"Agreed in round {result.rounds}: {number(agreed.vendor, places)} for the vendor and "
        f"{money(agreed.client, unit, places)} for the client"
    )
    short = float((space.vendor + space.client)[space.rational].max(initial=-np.inf)) - agreed.vendor - agreed.client
    if np.isfinite(short) and short > 10.0**-places / 2:
        return f"{said}; {number(short, places)} less in all than the best deal"
    return f"{said}; no deal is worth more in all"
