"""The trainer's console: what is next, who waits for whom, people, settings, debrief, and the list of workshops.

Only a browser with the trainer's cookie sees any of it. Acts that cut somebody short or delete something ask first and
copy the workshop's file before they do it.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from simulator.errors import SimulatorError
from simulator.workshop.live import Conflict
from simulator.workshop.moves import TRAINER, Refused
from simulator.workshop.views import ConsoleView
from simulator.workshop.web import debrief, library, sandbox
from simulator.workshop.web.forms import TRAINER_FORMS, posted_key, text
from simulator.workshop.web.hall import Hall, Stage
from simulator.workshop.web.joining import found
from simulator.workshop.web.pages import page
from simulator.workshop.web.stream import stream
from simulator.workshop.words import words

__all__ = ["routes"]

COOKIE = "trainer"
KEPT = 14 * 24 * 3600
ASK_FIRST = ("remove", "close")
Handler = Callable[[Request], Awaitable[Response]]


def trainers_only(handler: Handler) -> Handler:
    """Refuse whoever has no trainer's cookie."""

    @functools.wraps(handler)
    async def guarded(request: Request) -> Response:
        hall: Hall = request.app.state.hall
        if not hall.trainer.knows(request.cookies.get(COOKIE, "")):
            return page(request, "error.html", status=403, kind="trainer", code="")
        return await handler(request)

    return guarded


async def door(request: Request) -> Response:
    """The address that the terminal prints: a page of ours whose button changes the token into a cookie."""
    hall: Hall = request.app.state.hall
    token = request.path_params["token"]
    if not hall.trainer.admits(token):
        return page(request, "error.html", status=403, kind="trainer", code="")
    return page(request, "door.html", token=token)


async def enter(request: Request) -> Response:
    """Set the cookie. The form comes from our own page, so that a strict cookie is sent from here on."""
    hall: Hall = request.app.state.hall
    form = await request.form()
    if not hall.trainer.admits(text(form, "token", most=100)):
        return page(request, "error.html", status=403, kind="trainer", code="")
    answer = RedirectResponse(f"/console/{hall.present}" if hall.present else "/console", status_code=303)
    answer.set_cookie(COOKIE, hall.trainer.cookie(), max_age=KEPT, path="/console", httponly=True, samesite="strict")
    return answer


def view_of(stage: Stage) -> ConsoleView:
    """The trainer's view now."""
    return stage.live.room.console(now=stage.live.clock(), seen=stage.seen(), opened=stage.code_shown)


async def shown(
    request: Request,
    stage: Stage,
    template: str,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    notice: str = "",
    **values: Any,
) -> Response:
    """A page of the console."""
    hall: Hall = request.app.state.hall
    code = stage.live.code
    if stage.live.room.phase == "lobby" and stage.code_shown is None:
        stage.code_shown = stage.live.clock()
    return page(
        request,
        template,
        status=status,
        v=view_of(stage),
        seen=stage.version_of(TRAINER),
        room=stage.live.room,
        code=code,
        addresses=hall.addresses,
        local=[one for one in hall.addresses if "127.0.0.1" in one or "localhost" in one],
        join_link=f"{hall.addresses[0]}/w/{code}",
        projector=f"/projector/{code}/{hall.trainer.projector(code)}",
        nonce=secrets.token_urlsafe(6),
        errors=errors or {},
        notice=notice,
        **values,
    )


@trainers_only
async def look(request: Request) -> Response:
    """The main page, or one of its tabs."""
    stage = found(request)
    tab = request.path_params.get("tab", "room")
    if tab == "debrief":
        steps, observed = await debrief.steps(request, stage), debrief.observed(stage)
        return await shown(request, stage, "console-debrief.html", steps=steps, observed=observed)
    if tab not in ("room", "people", "settings"):
        return page(request, "error.html", status=404, kind="missing", code="")
    return await shown(request, stage, f"console-{tab}.html")


@trainers_only
async def look_at_seat(request: Request) -> Response:
    """One person, and what can be done for them."""
    stage = found(request)
    one = next((one for one in view_of(stage).seats if one.seat == request.path_params["seat"]), None)
    if one is None:
        return page(request, "error.html", status=404, kind="missing", code="")
    return await shown(request, stage, "console-seat.html", one=one)


async def pair_page(request: Request, stage: Stage, **values: Any) -> Response:
    """One pair: where it stands, and the form to enter its period on this laptop."""
    from simulator.bargaining.deals import issue_options
    from simulator.workshop.seat_view import INVEST, option_label

    number = request.path_params["number"]
    pair = next((pair for pair in view_of(stage).pairs if pair.number == number), None)
    if pair is None:
        return page(request, "error.html", status=404, kind="missing", code="")
    scenario = stage.live.scenario
    issues = [
        (issue.name, issue.unit, [option_label(option) for option in issue_options(issue)]) for issue in scenario.issue
    ]
    postures = {side: scenario.postures(side) for side in ("vendor", "client")}
    efforts = (
        {side: sorted({one.effort for one in scenario.posture_choices(side)}) for side in ("vendor", "client")}
        if scenario.payoffs is None
        else {}
    )
    room = stage.live.room
    invest = INVEST if room.pairs[number].asks_invest("vendor", room.numbers) else ()
    return await shown(
        request,
        stage,
        "console-pair.html",
        pair=pair,
        issues=issues,
        postures=postures,
        efforts=efforts,
        invest=invest,
        **values,
    )


@trainers_only
async def look_at_pair(request: Request) -> Response:
    """One pair."""
    return await pair_page(request, found(request))


@trainers_only
async def act(request: Request) -> Response:
    """A form of the trainer."""
    stage = found(request)
    hall: Hall = request.app.state.hall
    form = await request.form()
    kind = text(form, "move", most=20)
    back = _back(stage, text(form, "back", most=60))
    try:
        if kind not in TRAINER_FORMS:
            raise Refused("stale")
        key = posted_key(form)
        move = {"kind": kind, **TRAINER_FORMS[kind](form)}
        sure = text(form, "sure", most=5) == "yes"
        if (kind in ASK_FIRST or text(form, "confirm", most=5) == "yes") and not sure:
            return await _ask(request, stage, form, kind)
        if sure:
            await hall.work(stage.live.backup, hall.folder.path / "backups")
            if kind == "advance":
                move["force"] = True
        location = stage.live.act(TRAINER, move, key=key, location=back)
    except Conflict:
        return await _told(request, stage, back, words()("refused.twice"), 409)
    except Refused as refusal:
        if refusal.key == "still-open":
            return await _ask(request, stage, form, kind)
        said = words()(f"refused.{refusal.key}", **_counted(refusal))
        status = 409 if refusal.key == "stale" else 422
        if kind == "enter-period" and "number" in request.path_params:
            field = {"options": "option-0"}.get(refusal.field or "", refusal.field or "form")
            return await pair_page(request, stage, status=status, errors={field: said})
        return await _told(request, stage, back, said, status)
    except SimulatorError as error:
        return await _told(request, stage, back, str(error), 422)
    stage.changed()
    return RedirectResponse(location, status_code=303)


def _counted(refusal: Refused) -> dict[str, Any]:
    return {"count": refusal.values.get("waiting", 0), **refusal.values}


async def _told(request: Request, stage: Stage, back: str, said: str, status: int) -> Response:
    """The page that the form was on, with why it was not taken."""
    tab = back.rpartition("/")[2]
    template = f"console-{tab}.html" if tab in ("people", "settings") else "console-room.html"
    return await shown(request, stage, template, status=status, notice=said)


async def _ask(request: Request, stage: Stage, form: FormData, kind: str) -> Response:
    """Ask whether an act is meant; its fields come along."""
    fields = [
        (name, value) for name, value in form.multi_items()[:60] if isinstance(value, str) and name not in ("sure",)
    ]
    return await shown(request, stage, "console-sure.html", fields=fields, kind=kind, to=text(form, "to", most=40))


def _back(stage: Stage, to: str) -> str:
    """Where the trainer goes after a form: a page of this workshop's console."""
    here = f"/console/{stage.live.code}"
    tidy = "".join(letter for letter in to if letter.isalnum() or letter in "/-")
    return f"{here}/{tidy}" if tidy and not tidy.startswith("/") else here


@trainers_only
async def trainer_stream(request: Request) -> Response:
    """That there is something new."""
    stage = found(request)
    return stream(stage.hub, "trainer", lambda: stage.version_of("trainer"))


@trainers_only
async def say_version(request: Request) -> Response:
    """The same for browsers whose streams fail."""
    return PlainTextResponse(found(request).version_of("trainer"))


@trainers_only
async def backup(request: Request) -> Response:
    """Copy the workshop's file while it is in use, and hand the copy out."""
    stage = found(request)
    hall: Hall = request.app.state.hall
    path = await hall.work(stage.live.backup, hall.folder.path / "backups")
    return FileResponse(path, filename=path.name, media_type="application/vnd.sqlite3")


@trainers_only
async def delete(request: Request) -> Response:
    """Delete a workshop with all its data; asks first, and wants its code typed."""
    stage = found(request)
    hall: Hall = request.app.state.hall
    code, errors = stage.live.code, {}
    if request.method == "POST":
        form = await request.form()
        if text(form, "code", most=20).upper() == code:
            hall.delete(code)
            return RedirectResponse("/console", status_code=303)
        errors = {"code": words()("console.delete.wrong")}
    return await shown(request, stage, "console-delete.html", status=422 if errors else 200, errors=errors)


routes = [
    Route("/trainer/{token}", door),
    Route("/trainer", enter, methods=["POST"]),
    Route("/console", trainers_only(library.look)),
    Route("/console", trainers_only(library.begin), methods=["POST"]),
    Route("/console/{code}", look),
    Route("/console/{code}", act, methods=["POST"]),
    Route("/console/{code}/stream", trainer_stream),
    Route("/console/{code}/version", say_version),
    Route("/console/{code}/backup", backup, methods=["POST"]),
    Route("/console/{code}/delete", delete, methods=["GET", "POST"]),
    Route("/console/{code}/sandbox", trainers_only(sandbox.look)),
    Route("/console/{code}/export/{kind}", trainers_only(debrief.export)),
    Route("/console/{code}/people/{seat}", look_at_seat),
    Route("/console/{code}/pair/{number:int}", look_at_pair),
    Route("/console/{code}/pair/{number:int}", act, methods=["POST"]),
    Route("/console/{code}/{tab}", look),
]
