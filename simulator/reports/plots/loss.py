"""What pairs lose against the best one, split into shorter, poorer and switching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.errors import SimulatorError
from simulator.relationships.explain import loss_between
from simulator.reports.plots import style
from simulator.reports.plots.pairs import Pair, PairNames, as_pairs, notable_pairs, pair_of
from simulator.reports.plots.words import decimals, money, number, pair_clause, pair_label, setting

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulator.runner.compare import Comparison

__all__ = ["LossParts", "loss_parts", "plot_loss"]

PARTS = ("shorter", "poorer", "switching")
COLORS = {"shorter": "#0b4f8a", "poorer": "#f3b23e", "switching": "#b9b9b9"}
HATCHES = {"shorter": "", "poorer": "///", "switching": "..."}


@dataclass(frozen=True)
class LossParts:
    """The loss of one pair against the best pair; money, negative parts are gains."""

    pair: Pair
    loss: float
    shorter: float
    poorer: float
    switching: float


def loss_parts(comparison: Comparison, pairs: PairNames | None = None) -> list[LossParts]:
    """Split the loss of pairs against the pair with the largest joint value, the largest loss first.

    Parameters
    ----------
    comparison : Comparison
        From `simulator.compare`; the pairs and the best one must be exact.
    pairs : sequence of (vendor, client), optional
        By number or name; absent: the notable ones. The best pair itself is left out.

    Raises
    ------
    SimulatorError
        Where a pair was simulated, or none is left beside the best.

    Examples
    --------
    >>> import simulator as ns
    >>> table = ns.compare(ns.load_scenario("saas-renewal"), vendors="grim, bully", clients="grim")
    >>> [round(part.loss - part.shorter - part.poorer - part.switching, 9) + 0.0 for part in loss_parts(table)]
    [0.0]
    """
    best = _best(comparison)
    chosen = [pair for pair in as_pairs(comparison, pairs) if pair != best]
    if not chosen:
        raise SimulatorError("there is no pair beside the best one, so there is no loss to split")
    sampled = [pair for pair in (best, *chosen) if comparison.method[pair] != "exact"]
    if sampled:
        row, column = sampled[0]
        name = pair_label(comparison.vendors[row], comparison.clients[column])
        raise SimulatorError(f"{name} was simulated; only exact pairs can be split into shorter, poorer and switching")
    top = comparison.pair(*best)
    found = []
    for pair in chosen:
        why = loss_between(top, comparison.pair(*pair))
        found.append(LossParts(pair, why.loss, why.shorter, why.poorer, why.switching))
    return sorted(found, key=lambda parts: -parts.loss)


def can_split(comparison: Comparison) -> bool:
    """Whether the loss of the notable pairs can be split: all exact, and one beside the best."""
    named = notable_pairs(comparison)
    return len(named) > 1 and all(comparison.method[pair] == "exact" for pair in named)


def _best(comparison: Comparison) -> Pair:
    return comparison.best()


def plot_loss(comparison: Comparison, pairs: PairNames | None = None, ax: Axes | None = None) -> Axes:
    """Stacked bars of what each pair loses against the best one, and why.

    Parameters
    ----------
    comparison : Comparison
        From `simulator.compare`, exact.
    pairs : sequence of (vendor, client), optional
        By number or name; absent: the notable ones.
    ax : matplotlib Axes, optional
        Where to draw; absent: a new figure for a slide.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import simulator as ns
    >>> table = ns.compare(ns.load_scenario("saas-renewal"), vendors="grim, bully", clients="grim")
    >>> plot_loss(table).get_xlabel()
    'created value lost (k$)'
    """
    parts = loss_parts(comparison, pairs)
    ax, alone = style.axes(ax)
    scenario = comparison.scenario
    places = decimals([part.loss for part in parts])
    y = np.arange(len(parts))
    ends = _bars(ax, parts)
    unit = f" ({scenario.currency})" if scenario.currency else ""
    ax.set_xlabel(f"created value lost{unit}", fontsize=10, color=style.MUTED)
    names = [pair_label(comparison.vendors[row], comparison.clients[column]) for row, column in (p.pair for p in parts)]
    ax.set_yticks(y, [name.replace(" with ", "\nwith ") for name in names])
    ax.set_ylim(len(parts) - 0.4, -0.6)
    style.tidy(ax, grid="x")
    ax.tick_params(axis="y", length=0)
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    gained = low < -_negligible(comparison)
    room = high - low if high - low > _negligible(comparison) else 1.0
    ax.set_xlim(low - 0.05 * room if gained else 0.0, high + 0.28 * room)
    ax.axvline(0, color=style.INK, linewidth=1)
    _key(ax, gained=gained)
    style.title(ax, loss_headline(comparison, parts), _under(comparison), alone=alone)
    _numbers(ax, parts, ends, places, scenario.currency)
    return ax


def _negligible(comparison: Comparison) -> float:
    """Money that is nothing but rounding, by the scale of the values."""
    values = comparison.joint_value[np.isfinite(comparison.joint_value)]
    return 1e-9 * float(np.abs(values).max(initial=0.0))


def _bars(ax: Axes, parts: list[LossParts]) -> list[tuple[float, float]]:
    """Draw the parts, losses to the right of 0 and gains to the left; the ends of each bar."""
    ends = []
    for row, part in enumerate(parts):
        left = right = 0.0
        for name in PARTS:
            value = getattr(part, name)
            start = right if value >= 0 else left
            ax.barh(
                row,
                value,
                left=start,
                height=0.55,
                color=COLORS[name],
                hatch=HATCHES[name],
                edgecolor="white",
                linewidth=0.8,
            )
            left, right = left + min(value, 0.0), right + max(value, 0.0)
        ends.append((left, right))
    return ends


def _numbers(ax: Axes, parts: list[LossParts], ends: list[tuple[float, float]], places: int, unit: str) -> None:
    """Write each part in its bar where it fits, the others with the total behind it."""
    point = style.figure_of(ax).dpi / 72
    per_unit = ax.bbox.width / point / np.diff(ax.get_xlim())[0]
    for row, (part, (_, right)) in enumerate(zip(parts, ends, strict=True)):
        rest, up, down = [], 0.0, 0.0
        for name in PARTS:
            value = getattr(part, name)
            text = number(value, places)
            start, up, down = (up, up + value, down) if value >= 0 else (down, up, down + value)
            if abs(value) * per_unit > 6.5 * len(text) + 6:
                ax.text(
                    start + value / 2, row, text, ha="center", va="center", fontsize=9.5, zorder=5,
                    color="white" if name == "shorter" else "black", fontweight="bold",
                    bbox={"boxstyle": "round,pad=0.15", "facecolor": COLORS[name], "edgecolor": "none"},
                )  # fmt: skip
            elif text.strip("−0.,"):
                rest.append(f"{name} {text}")
        total = f"total {money(part.loss, unit, places)}"
        ax.annotate(
            "\n".join([total, *rest]), (right, row), (6, 0), textcoords="offset points", va="center", fontsize=9,
            color=style.INK, linespacing=1.25, parse_math=False,
        )  # fmt: skip


def _key(ax: Axes, *, gained: bool) -> None:
    from matplotlib.patches import Patch

    words = {"shorter": "shorter life", "poorer": "poorer periods", "switching": "switching costs"}
    handles = [
        Patch(facecolor=COLORS[name], hatch=HATCHES[name], edgecolor="white", label=words[name]) for name in PARTS
    ]
    note = " (left of 0: gained)" if gained else ""
    ax.legend(
        handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.11), ncols=3, frameon=False, fontsize=9.5,
        title=f"lost because of{note}", title_fontsize=9.5, labelcolor=style.INK, handleheight=1.1, columnspacing=1.8,
    )  # fmt: skip


def _under(comparison: Comparison) -> list[str]:
    row, column = _best(comparison)
    best = pair_clause(comparison.vendors[row], comparison.clients[column])
    return [setting(comparison), f"against the best pair: {best} · “a with b”: vendor's strategy first"]


def loss_headline(comparison: Comparison, parts: list[LossParts]) -> str:
    """What the bars say, in a sentence.

    Examples
    --------
    >>> import simulator as ns
    >>> table = ns.compare(ns.load_scenario("saas-renewal"))
    >>> loss_headline(table, loss_parts(table, [("always-compete", "always-compete")]))
    '128.3 k$ are lost if both play always-compete: 93.7 by poorer periods, 31.7 by a shorter life, 2.9 by switching'
    """
    unit = comparison.scenario.currency
    competing = pair_of(comparison, "always-compete", "always-compete")
    largest = parts[0]
    told = next((part for part in parts if part.pair == competing and part.loss > 0.01 * largest.loss), largest)
    if told.loss <= _negligible(comparison):
        return "No pair loses anything against the best one"
    row, column = told.pair
    places = decimals([told.loss])
    why = {"shorter": "by a shorter life", "poorer": "by poorer periods", "switching": "by switching"}
    causes = sorted((name for name in PARTS if getattr(told, name) > 0.02 * told.loss), key=lambda n: -getattr(told, n))
    said = ", ".join(f"{number(getattr(told, name), places)} {why[name]}" for name in causes)
    clause = pair_clause(comparison.vendors[row], comparison.clients[column])
    return f"{money(told.loss, unit, places)} are lost if {clause}: {said}"
