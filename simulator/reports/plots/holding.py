"""Which pairs hold: for every pair whether a side gains by another plan, which one, and by how much."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulator.reports.plots import style
from simulator.reports.plots.matrix import CROWDED, cell_texts, column_labels, row_labels
from simulator.reports.plots.words import first_upper, money, pair_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from simulator.relationships.deviation import Holding
    from simulator.runner.holding import HoldingTable

__all__ = ["holding_headline", "holding_kinds", "plot_holding"]

# Each kind of pair: its mark, the colours of the cell and of the words in it, and what it means.
KINDS = {
    "holds": ("✓", "#00694c", "white", "holds"),
    "accident": ("≈", "#a9d8c6", "black", "holds until an accident"),
    "vendor": ("V", style.VENDOR, "white", "the vendor breaks it"),
    "client": ("C", style.CLIENT, "black", "the client breaks it"),
    "both": ("VC", "#e3e3e3", "#4a4a4a", "both break it"),
    "open": ("?", "#ffffff", "black", "not certain"),
}
NAMED = 3  # pairs that hold, named below the headline


def plot_holding(table: HoldingTable, ax: Axes | None = None) -> Axes:
    """Which pairs hold, which side breaks the others, and the gain of its best plan.

    Parameters
    ----------
    table : HoldingTable
        From `simulator.holding_table`.
    ax : matplotlib Axes, optional
        Where to draw; absent: a new figure for a slide.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import simulator as ns
    >>> ax = plot_holding(ns.holding_table(ns.load_scenario("saas-renewal"), vendors="grim, bully", clients="grim"))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['grim', 'bully']
    """
    from matplotlib.colors import ListedColormap

    kinds = holding_kinds(table)
    n_v, n_c = kinds.shape
    crowded = max(n_v, n_c) > CROWDED
    ax, alone = style.axes(ax, style.WIDE if crowded else style.SLIDE)
    colors = ListedColormap([color for _, color, _, _ in KINDS.values()])
    numbers = np.array([[list(KINDS).index(kind) for kind in row] for row in kinds])
    ax.imshow(numbers, cmap=colors, vmin=-0.5, vmax=len(KINDS) - 0.5, aspect="auto")
    small = 10 if not crowded else 9 if max(n_v, n_c) <= 16 else 7.5
    row_labels(ax, [str(agent) for agent in table.vendors], small)
    column_labels(ax, [str(agent) for agent in table.clients], small)
    ax.set_ylabel("vendor's strategy", fontsize=10, color=style.MUTED)
    ax.set_xlabel("client's strategy", fontsize=10, color=style.MUTED)
    ax.tick_params(length=0, pad=5)
    ax.set_xticks(np.arange(1, n_c) - 0.5, minor=True)
    ax.set_yticks(np.arange(1, n_v) - 0.5, minor=True)
    ax.grid(which="minor", color="white", linewidth=0.8 if crowded else 1.5)
    ax.tick_params(which="minor", length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    _legend(ax, kinds)
    style.title(ax, holding_headline(table), _under(table, crowded=crowded), alone=alone)
    _cells(ax, table, kinds, crowded)
    return ax


def holding_kinds(table: HoldingTable) -> NDArray[np.str_]:
    """The kind of each pair, (n_v, n_c).

    ``"holds"``; ``"accident"``: gains only after a slip or another accident; ``"vendor"``, ``"client"``, ``"both"``:
    who breaks it; ``"open"``: gains that are only upper bounds.

    Examples
    --------
    >>> import simulator as ns
    >>> table = ns.holding_table(ns.load_scenario("saas-renewal"), vendors="always-compete", clients="always-compete")
    >>> holding_kinds(table).tolist()
    [['holds']]
    """

    def kind(cell: Holding) -> str:
        if cell.holds:
            return "holds"
        return "accident" if cell.holds_until_accident else cell.breaker or "open"

    return np.array([[kind(cell) for cell in row] for row in table.cells])


def holding_headline(table: HoldingTable) -> str:
    """What the picture says, in a sentence.

    Examples
    --------
    >>> import simulator as ns
    >>> holding_headline(ns.holding_table(ns.load_scenario("saas-renewal")))
    '1 of 36 pairs holds, 16 more until an accident; another plan gains at most 95.9 k$'
    """
    kinds = holding_kinds(table)
    count, pairs = Counter(kinds.ravel().tolist()), kinds.size
    if count["holds"] == pairs:
        return "This pair holds" if pairs == 1 else f"All {pairs} pairs hold"
    if pairs == 1:
        said = f"{first_upper(pair_label(table.vendors[0], table.clients[0]))}: {KINDS[str(kinds[0, 0])][3]}"
    else:
        said = f"{count['holds'] or 'None'} of {pairs} pairs hold{'' if count['holds'] > 1 else 's'}"
        if count["accident"]:
            said += f", {count['accident']} {'more ' if count['holds'] else ''}until an accident"
    most = max(float(table.vendor_gain.max()), float(table.client_gain.max()))
    return f"{said}; another plan gains {'at most ' if pairs > 1 else ''}{money(most, table.scenario.currency)}"


def _under(table: HoldingTable, *, crowded: bool) -> list[str]:
    scenario = table.scenario
    judged = f"last {scenario.period} known" if not scenario.unlimited else f"nobody knows a last {scenario.period}"
    discount = "no discounting" if scenario.discount == 1 else f"discount {scenario.discount:g} per {scenario.period}"
    unit = f" in {scenario.currency}" if scenario.currency else ""
    which = "larger gain of the two sides" if crowded else "gain of vendor / client"
    bound = "" if table.exact else ", at most, as postures are misread"
    lines = [
        f"{scenario.title} · {judged} · {discount}" + (" · exact" if table.exact else ""),
        f"numbers: {which} from the best other plan{unit}{bound}",
        "an accident: a slip, a misreading, an unlikely draw",
    ]
    stable = [pair_label(cell.vendor, cell.client) for row in table.cells for cell in row if cell.holds]
    if 1 <= len(stable) <= NAMED and table.verdict.size > 1:
        lines[-1] += f" · hold{'s' if len(stable) == 1 else ''} for certain: {', '.join(stable)}"
    return lines


def _legend(ax: Axes, kinds: NDArray[np.str_]) -> None:
    from matplotlib.patches import Patch

    count = Counter(kinds.ravel().tolist())
    parts = [
        Patch(facecolor=color, edgecolor=style.MUTED, linewidth=0.6, label=f"{mark}  {meaning}: {count[kind]}")
        for kind, (mark, color, _, meaning) in KINDS.items()
        if count[kind]
    ]
    ax.legend(
        handles=parts, loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=9.5, handlelength=1.2,
        borderaxespad=0.0, labelspacing=0.8,
    )  # fmt: skip


def _cells(ax: Axes, table: HoldingTable, kinds: NDArray[np.str_], crowded: bool) -> None:
    """Write mark and gain in each cell, as large as the cells allow."""
    n_v, n_c = kinds.shape
    gains = np.stack([table.vendor_gain, table.client_gain])
    written = cell_texts(gains.reshape(2 * n_v, n_c), 4 if n_c > 16 else 6)
    texts = []
    for i in range(n_v):
        row = []
        for j in range(n_c):
            vendor, client = written[i][j], written[n_v + i][j]
            both = gains[0, i, j] > 0 and gains[1, i, j] > 0
            if crowded or not both:
                said = vendor if gains[0, i, j] >= gains[1, i, j] else client
            else:
                said = f"{vendor} / {client}"
            mark = KINDS[str(kinds[i, j])][0]
            row.append(mark if kinds[i, j] == "holds" else f"{mark}\n{said}")
        texts.append(row)
    point = style.figure_of(ax).dpi / 72
    wide, high = ax.bbox.width / n_c / point, ax.bbox.height / n_v / point
    longest = max(len(line) for row in texts for text in row for line in text.splitlines())
    size = max(4.0, min(12.0, 0.4 * high, 0.9 * wide / (0.62 * longest)))
    for i in range(n_v):
        for j in range(n_c):
            kind = str(kinds[i, j])
            ax.text(
                j, i, texts[i][j], ha="center", va="center", fontsize=size, color=KINDS[kind][2],
                fontweight="bold" if kind == "holds" else "normal", linespacing=1.05, parse_math=False,
            )  # fmt: skip
