"""The debrief on screens and as files: the charts of what happened, made beside the loop and kept until it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from simulator.errors import SimulatorError
from simulator.scenario.schema import Scenario
from simulator.workshop.debrief.agents import Field, field_of
from simulator.workshop.debrief.charts.look import PHONE, PROJECTOR, REPORT, Size
from simulator.workshop.debrief.reveal import Debrief, shown
from simulator.workshop.record import Record, record_of
from simulator.workshop.web.hall import Hall, Stage
from simulator.workshop.web.joining import found
from simulator.workshop.web.pages import page

__all__ = ["Drawn", "export", "own_sheet", "saved_sheet", "step", "steps"]

SANDBOX = "sandbox"  # a step of its own: it has sliders instead of a chart
KINDS = {"html": "text/html; charset=utf-8", "csv": "text/csv; charset=utf-8", "json": "application/json"}


@dataclass(frozen=True)
class Drawn:
    """A step of the debrief, ready for a page."""

    key: str
    title: str
    lines: tuple[str, ...]
    figure: tuple[str, str] | None
    svg: Markup
    table: tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]


def _field(scenario: Scenario, periods: int) -> Field | None:
    try:
        return field_of(scenario, periods)
    except SimulatorError:
        return None  # a scenario that admits none of the agents: the class stands alone


def _periods(record: Record) -> int:
    return Debrief(record).account.periods


def _drawn(record: Record, size: Size, field: Field | None) -> list[Drawn]:
    return [
        Drawn(one.key, one.title, one.sentences, one.figure, Markup(one.chart(size)), one.table)
        for one in shown(Debrief(record, field=field))
    ]


async def _kept(hall: Hall, stage: Stage, name: str, make: Callable[..., Any], *arguments: Any) -> Any:
    """What `make` gives for the record as it is now; made once for each state of the room."""
    version = stage.live.room.version
    known = stage.kept.get(name)
    if known is None or known[0] != version:
        known = version, await hall.work(make, *arguments)
        stage.kept[name] = known
    return known[1]


async def _steps(hall: Hall, stage: Stage, size: Size) -> list[Drawn]:
    record = record_of(stage.live.room)
    periods: int = await _kept(hall, stage, "periods", _periods, record)
    if ("field", periods) not in stage.kept:
        field = await hall.work(_field, stage.live.scenario, periods) if periods else None
        stage.kept["field", periods] = field
    field = stage.kept["field", periods]
    drawn: list[Drawn] = await _kept(hall, stage, size.name, _drawn, record, size, field)
    return drawn


async def step(hall: Hall, stage: Stage, name: str) -> Drawn | None:
    """One step for the wall; None where there is no chart of that name."""
    return next((one for one in await _steps(hall, stage, PROJECTOR) if one.key == name), None)


async def steps(request: Request, stage: Stage) -> list[Drawn]:
    """All steps for the trainer."""
    return await _steps(request.app.state.hall, stage, REPORT)


async def own_sheet(hall: Hall, stage: Stage, seat: str) -> Markup | None:
    """A seat's own sheet."""
    return None


async def saved_sheet(request: Request, stage: Stage, seat: str) -> Response:
    """A seat's own sheet as a file of its own."""
    sheet = await own_sheet(request.app.state.hall, stage, seat)
    answer = page(request, "sheet.html", sheet=sheet or "", title=stage.live.title)
    answer.headers["content-disposition"] = f'attachment; filename="{stage.live.code}-{seat}.html"'
    return answer


async def export(request: Request) -> Response:
    """The workshop as a file: report, table or everything."""
    found(request)
    return page(request, "error.html", status=404, kind="missing", code="")
