"""Tables for a terminal, readable at 80 columns and narrower: a wide matrix is cut into blocks of columns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from simulator.bargaining.deals import DealSpace
from simulator.bargaining.protocol import NegotiationResult
from simulator.games.kinds import Incentives
from simulator.games.stage import StageGame
from simulator.runner.compare import Comparison

__all__ = ["comparison_tables", "folded", "game_table", "incentives_table", "offers_table", "points_table"]


def folded(name: str, width: int) -> str:
    """A long name in lines of at most `width`, cut after hyphens and brackets where possible.

    Examples
    --------
    >>> folded("generous-tit-for-tat", 9).split(chr(10))
    ['generous-', 'tit-for-', 'tat']
    """
    lines = [""]
    for piece in _pieces(name):
        for part in [piece[i : i + width] for i in range(0, len(piece), width)]:
            if len(lines[-1]) + len(part) > width:
                lines.append("")
            lines[-1] += part
    return "\n".join(line.rstrip() for line in lines)


def _pieces(name: str) -> list[str]:
    """A name cut after its hyphens and brackets."""
    pieces, current = [], ""
    for character in name:
        current += character
        if character in "-(, =":
            pieces.append(current)
            current = ""
    return [*pieces, current]


def number(value: float, digits: int = 1) -> str:
    """A number for a table; infinity and missing values as signs that read well."""
    if math.isnan(value):
        return "–"
    return f"{value:,.{digits}f}" if math.isfinite(value) else "∞"


def digits_for(values: NDArray[np.float64]) -> int:
    """Decimals with which numbers of this size can be told apart in a table: one for tens, more below.

    Examples
    --------
    >>> digits_for(np.array([521.8, 370.7])), digits_for(np.array([0.72, 0.36]))
    (1, 3)
    """
    finite = np.abs(values[np.isfinite(values)])
    top = float(finite.max(initial=0.0))
    return 1 if top >= 10 or top == 0 else 2 if top >= 2 else 3


def comparison_tables(comparison: Comparison, width: int) -> Iterator[RenderableType]:
    """Joint value and length of every pair; best and worst pair are marked."""
    scenario = comparison.scenario
    unit = scenario.currency or "money"
    yield Text(f"Joint value ({unit}); rows: vendor, columns: client; ▲ best, ▼ worst", style="bold")
    marks = {comparison.best(): "▲", comparison.worst(): "▼"}
    if comparison.best() == comparison.worst():
        marks = {}
    yield from _blocks(comparison, comparison.joint_value, comparison.cells["se_joint_value"], marks, width)
    yield Text(f"Expected length ({scenario.period}s)", style="bold")
    yield from _blocks(comparison, comparison.length, comparison.cells["se_length"], {}, width)


def _blocks(
    comparison: Comparison,
    values: NDArray[np.float64],
    errors: NDArray[np.float64],
    marks: dict[tuple[int, int], str],
    width: int,
) -> Iterator[RenderableType]:
    rows, columns = [str(a) for a in comparison.vendors], [str(a) for a in comparison.clients]
    label = min(max(len(name) for name in rows), max(12, width // 3))
    digits = digits_for(values)
    shown = [
        [
            number(values[i, j], digits)
            + (f"\n±{number(errors[i, j], digits + 1)}" if errors[i, j] > 0 else "")
            + marks.get((i, j), "")
            for j in range(len(columns))
        ]
        for i in range(len(rows))
    ]
    widths = [
        max(
            7,
            *(len(piece) for piece in _pieces(columns[j])),
            *(len(line) for row in shown for line in row[j].split("\n")),
        )
        for j in range(len(columns))
    ]
    for block in _fitting(widths, width - label):
        table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=0, show_edge=False)
        table.add_column("", min_width=label)
        for j in block:
            heading = folded(columns[j], widths[j])
            table.add_column(heading, justify="right", min_width=widths[j], no_wrap=True, vertical="bottom")
        for i, name in enumerate(rows):
            style = {"▲": "bold green", "▼": "bold red"}
            cells = [Text(shown[i][j], style=style.get(marks.get((i, j), ""), "")) for j in block]
            table.add_row(folded(name, label), *cells)
        yield table
        yield Text()


def _fitting(widths: Sequence[int], room: int) -> Iterator[range]:
    """Consecutive columns that fit side by side, at least one at a time."""
    first, used = 0, 0
    for j, width in enumerate(widths):
        if j > first and used + width + 1 > room:
            yield range(first, j)
            first, used = j, 0
        used += width + 1
    yield range(first, len(widths))


def game_table(game: StageGame) -> Table:
    """A stage game: each cell holds the vendor's and the client's payoff, best replies marked by a star."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False)
    table.add_column("vendor \\ client")
    for name in game.client_postures:
        table.add_column(folded(name, 15), justify="right", no_wrap=True)
    vendor_best, client_best = game.vendor_best_replies, game.client_best_replies
    digits = digits_for(np.concatenate([game.vendor_payoffs, game.client_payoffs]))
    for i, name in enumerate(game.vendor_postures):
        cells = []
        for j in range(len(game.client_postures)):
            both = vendor_best[i, j] and client_best[i, j]
            cell = (
                f"{number(game.vendor_payoffs[i, j], digits)}{'*' if vendor_best[i, j] else ' '} "
                f"{number(game.client_payoffs[i, j], digits)}{'*' if client_best[i, j] else ' '}"
            )
            cells.append(Text(cell, style="bold" if both else ""))
        table.add_row(name, *cells)
    return table


def incentives_table(vendor: Incentives, client: Incentives, kinds: tuple[str, str]) -> Table:
    """T, R, P and S of both sides and the game they make."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False)
    digits = digits_for(np.array([*vendor, *client]))
    for heading in ("", "T tempted", "R both build", "P compete", "S exploited", "game"):
        table.add_column(heading, justify="left" if heading in ("", "game") else "right")
    for side, own, kind in (("vendor", vendor, kinds[0]), ("client", client, kinds[1])):
        table.add_row(side, *(number(value, digits) for value in own), kind)
    return table


def said_deal(deal: dict[str, Any] | None) -> str:
    """A deal in one line, ``price 95, support priority``."""
    if deal is None:
        return "no deal"
    return ", ".join(
        f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}" for name, value in deal.items()
    )


POINT_NAMES = {
    "nash": "Nash (largest product of gains)",
    "kalai_smorodinsky": "Kalai-Smorodinsky (equal in relation)",
    "egalitarian": "egalitarian (equal gains)",
    "utilitarian": "utilitarian (largest sum)",
}


def points_table(space: DealSpace) -> Table:
    """The solution points of a deal space; points that are the same deal share a row."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False)
    for heading in ("best deals", "deal", "vendor", "client"):
        table.add_column(heading, justify="right" if heading in ("vendor", "client") else "left")
    digits = digits_for(np.concatenate([space.vendor[space.rational], space.client[space.rational]]))
    rows: dict[int, tuple[list[str], Any]] = {}
    for name, point in space.points().items():
        if point is not None:
            rows.setdefault(point.index, ([], point))[0].append(POINT_NAMES[name])
    for names, point in rows.values():
        table.add_row(
            "\n".join(names), said_deal(point.deal), number(point.vendor, digits), number(point.client, digits)
        )
    if not rows:
        table.add_row("none", "no deal suits both sides", "", "")
    return table


def offers_table(result: NegotiationResult) -> Table:
    """The offers of a negotiation; runs of equal offers of a side are drawn together."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False)
    for heading in ("round", "side", "offer", "vendor", "client"):
        table.add_column(heading, justify="left" if heading in ("side", "offer") else "right")
    for first, last, offer in _runs(result):
        span = str(first + 1) if first == last else f"{first + 1}–{last + 1}"
        values = (number(offer.vendor_value, 2), number(offer.client_value, 2))
        table.add_row(span, offer.side, said_deal(offer.deal), *values)
    return table


def _runs(result: NegotiationResult) -> Sequence[tuple[int, int, Any]]:
    """Each side's runs of equal offers as (first round, last round, offer), in order of their first round."""
    runs: list[list[Any]] = []
    latest: dict[str, list[Any]] = {}
    for offer in result.offers:
        run = latest.get(offer.side)
        if run is not None and run[2].deal == offer.deal and run[1] == offer.round - 1:
            run[1] = offer.round
            continue
        run = [offer.round, offer.round, offer]
        runs.append(run)
        latest[offer.side] = run
    return [(first, last, offer) for first, last, offer in runs]
