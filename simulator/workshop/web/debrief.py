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
from simulator.workshop.debrief.charts.look import PROJECTOR, REPORT, Size
from simulator.workshop.debrief.document import record_to_json
from simulator.workshop.debrief.observed import Noted, noted
from simulator.workshop.debrief.report import fields_of, report_html
from simulator.workshop.debrief.reveal import Debrief, shown
from simulator.workshop.debrief.sheet import sheet_html, sheet_of
from simulator.workshop.debrief.tidy import tidy_csv
from simulator.workshop.record import Record, record_of
from simulator.workshop.web.hall import Hall, Stage
from simulator.workshop.web.joining import found
from simulator.workshop.web.pages import page
from simulator.workshop.words import words

__all__ = ["Drawn", "export", "observed", "own_sheet", "saved_sheet", "step", "steps"]

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


def _mark(stage: Stage) -> tuple[Any, ...]:
    """What the figures depend on: a reveal or a phone that comes back changes none of them."""
    room = stage.live.room
    turns = sum(len(pair.turns) for pair in room.pairs.values())
    reviewed = sum(not pair.in_period for pair in room.pairs.values())  # answers to the thumb question, reasons
    names = tuple(seat.name for seat in room.seats.values())
    return room.plan, room.round, room.phase, room.period, turns, reviewed, len(room.bets), names


def _record(stage: Stage) -> Record:
    version = stage.live.room.version  # what people write changes the record, though the charts are not drawn anew
    known = stage.kept.get("record")
    if known is None or known[0] != version:
        known = stage.kept["record"] = version, record_of(stage.live.room)
    record: Record = known[1]
    return record


async def _kept(hall: Hall, stage: Stage, name: str, make: Callable[..., Any], *arguments: Any) -> Any:
    """What `make` gives for the record as it is now; made once until something else is to be shown."""
    mark = _mark(stage)
    known = stage.kept.get(name)
    if known is None or known[0] != mark:
        known = mark, await hall.work(make, *arguments)
        stage.kept[name] = known
    return known[1]


async def _steps(hall: Hall, stage: Stage, size: Size) -> list[Drawn]:
    record = _record(stage)
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


def observed(stage: Stage) -> list[Noted]:
    """What observers noted, for the trainer."""
    return noted(_record(stage), words())


def _sheet(record: Record, seat: str) -> Markup:
    return Markup(sheet_html(sheet_of(record, seat), record))


async def own_sheet(hall: Hall, stage: Stage, seat: str) -> Markup | None:
    """A seat's own sheet; None for who had no relationship."""
    record = _record(stage)
    sheet: Markup = await _kept(hall, stage, f"sheet {seat}", _sheet, record, seat)
    return sheet or None


async def saved_sheet(request: Request, stage: Stage, seat: str) -> Response:
    """A seat's own sheet as a file of its own."""
    sheet = await own_sheet(request.app.state.hall, stage, seat)
    name = stage.live.room.seats[seat].name
    answer = page(request, "sheet.html", sheet=sheet or "", title=stage.live.title, name=name)
    answer.headers["content-disposition"] = f'attachment; filename="workshop-{stage.live.code}-{seat}.html"'
    return answer


def _written(kind: str, record: Record) -> bytes:
    if kind == "csv":
        return tidy_csv(record).encode("utf-8-sig")  # so that spreadsheets take it for what it is
    if kind == "json":
        return record_to_json(record).encode()
    try:
        fields = fields_of(record)
    except SimulatorError:
        fields = {}
    return report_html(record, fields=fields).encode()


async def export(request: Request) -> Response:
    """The workshop as a file: report, table or everything."""
    stage, kind = found(request), request.path_params["kind"]
    if kind not in KINDS:
        return page(request, "error.html", status=404, kind="missing", code="")
    hall: Hall = request.app.state.hall
    content = await hall.work(_written, kind, _record(stage))
    name = f'attachment; filename="workshop-{stage.live.code}.{kind}"'
    return Response(content, media_type=KINDS[kind], headers={"content-disposition": name})
