"""One step of the debrief: what it says, its number, its chart and the table behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.markup import Markup
from simulator.workshop.debrief.charts.look import Size

if TYPE_CHECKING:
    from simulator.workshop.debrief.reveal import Debrief

__all__ = ["Step", "Table", "table", "told"]

Table = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]


@dataclass(frozen=True, eq=False)
class Step:
    """What a step of the debrief shows; see `simulator.workshop.debrief.reveal.Shown`."""

    title: str
    sentences: Sequence[str]
    figure: tuple[str, str] | None
    chart: Callable[[Size], Markup]
    table: Table


def table(d: Debrief, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    """Heads of the columns by name, and the rows as texts."""
    head = tuple(d.say(f"debrief.table.{name}", period=d.record.scenario.period) for name in columns)
    return head, tuple(tuple(str(cell) for cell in row) for row in rows)


def told(sentences: Sequence[str]) -> str:
    """The sentences as the description of a chart."""
    return " ".join(sentences)
