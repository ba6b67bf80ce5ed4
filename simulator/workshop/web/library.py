"""The trainer's list: workshops in the data folder, scenarios to begin a new one with, and the dress rehearsal."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache

import numpy as np
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from simulator.errors import SimulatorError
from simulator.runner.loading import load_scenario
from simulator.scenario.library import shipped_scenarios
from simulator.scenario.schema import Scenario
from simulator.workshop.automatic import rehearse
from simulator.workshop.live import Live, started
from simulator.workshop.plan import Plan
from simulator.workshop.store import Folder, StoreError
from simulator.workshop.web.forms import number, text
from simulator.workshop.web.hall import Hall
from simulator.workshop.web.pages import page
from simulator.workshop.words import words

__all__ = ["begin", "look", "rehearsed"]

MOST_REHEARSING = 200
USUAL = "saas-renewal"


@dataclass(frozen=True)
class Begun:
    """A workshop of the data folder, as the list shows it."""

    code: str
    title: str
    when: str


@cache
def _shipped() -> tuple[Scenario, ...]:
    return tuple(load_scenario(name) for name in shipped_scenarios())


def _begun(folder: Folder) -> list[Begun]:
    found = []
    for code in folder.codes():
        try:
            store = folder.open(code)
        except StoreError:
            continue  # a file of another version or a broken one: the command says so when it is resumed
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(float(store.fact("began", "0"))))
        found.append(Begun(code, store.fact("title"), when))
        store.close()
    return found


async def look(request: Request, *, status: int = 200, errors: dict[str, str] | None = None) -> Response:
    """The list."""
    hall: Hall = request.app.state.hall
    scenarios = list(await hall.work(_shipped))
    own = hall.stage(hall.present).live.scenario if hall.present else None
    if own is not None and own.id not in {one.id for one in scenarios}:
        scenarios.insert(0, own)
    listed = [(one, Plan.of(one).figures(30)) for one in scenarios]
    return page(
        request,
        "library.html",
        status=status,
        begun=_begun(hall.folder),
        scenarios=listed,
        chosen=USUAL if own is None else own.id,
        errors=errors or {},
    )


def rehearsed(folder: Folder, scenario: Scenario, plan: Plan, people: int) -> Live:
    """A workshop that agents have played up to its debrief."""
    now = time.time()
    _, events = rehearse(scenario, plan, people=people, rng=np.random.default_rng(), now=now)
    title = words()("library.rehearsal", title=scenario.title)
    return started(folder, scenario, plan, title=title, events=events, now=now)


async def begin(request: Request) -> Response:
    """Begin a new workshop, or a rehearsal of it."""
    hall: Hall = request.app.state.hall
    form = await request.form()
    try:
        scenario, plan = await _picked(hall, form)
        if text(form, "move") == "rehearse":
            people = max(2, min(MOST_REHEARSING, int(number(form, "people") or 12)))
            live = await hall.work(rehearsed, hall.folder, scenario, plan, people)
            hall.add(live, present=not hall.present)
            return RedirectResponse(f"/console/{live.code}/debrief", status_code=303)
        live = started(hall.folder, scenario, plan, title=scenario.title)
    except SimulatorError as error:
        return await look(request, status=422, errors={"scenario": str(error)})
    hall.add(live)
    return RedirectResponse(f"/console/{live.code}", status_code=303)


async def _picked(hall: Hall, form: FormData) -> tuple[Scenario, Plan]:
    """The scenario of a form and its plan; a workshop's code stands for its scenario and its plan as it is now."""
    code, name = text(form, "code", most=20), text(form, "scenario", most=100)
    if code:
        live = hall.stage(code).live
        return live.scenario, live.room.plan
    shipped: tuple[Scenario, ...] = await hall.work(_shipped)
    own = [hall.stage(hall.present).live.scenario] if hall.present else []
    for one in (*own, *shipped):
        if one.id == name:
            return one, Plan.of(one)
    raise SimulatorError(words()("refused.choose"))
