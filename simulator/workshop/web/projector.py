"""The wall: how to join, what to do now, how far the room is, and the debrief as the trainer reveals it.

It has a read-only token of its own and shows nothing of anybody's numbers before a reveal.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from simulator.workshop.web import debrief
from simulator.workshop.web.hall import Hall, Stage
from simulator.workshop.web.joining import found
from simulator.workshop.web.pages import page
from simulator.workshop.web.stream import stream

__all__ = ["routes"]

COOKIE = "projector"
KEPT = 14 * 24 * 3600


def _admitted(request: Request, stage: Stage) -> bool:
    hall: Hall = request.app.state.hall
    return hall.trainer.shows(stage.live.code, request.cookies.get(COOKIE, ""))


def _turned_away(request: Request) -> Response:
    return page(request, "error.html", status=403, kind="projector", code="")


async def enter(request: Request) -> Response:
    """Change the token of the address into a cookie, so that it is not on the wall."""
    stage, token = found(request), request.path_params["token"]
    hall: Hall = request.app.state.hall
    if not hall.trainer.shows(stage.live.code, token):
        return _turned_away(request)
    answer = RedirectResponse(f"/projector/{stage.live.code}", status_code=303)
    answer.set_cookie(COOKIE, token, max_age=KEPT, path=f"/projector/{stage.live.code}", httponly=True, samesite="lax")
    return answer


async def look(request: Request) -> Response:
    """The wall's page."""
    stage = found(request)
    if not _admitted(request, stage):
        return _turned_away(request)
    hall: Hall = request.app.state.hall
    view = stage.live.room.projector()
    if view.phase == "lobby" and stage.code_shown is None:
        stage.code_shown = stage.live.clock()
    return page(
        request,
        "projector.html",
        v=view,
        seen=stage.version_of("projector"),
        code=stage.live.code,
        issues=stage.live.scenario.payoffs is None,
        period_word=stage.live.scenario.period,
        address=hall.addresses[0].partition("://")[2],
        join_link=f"{hall.addresses[0]}/w/{stage.live.code}",
        step=await debrief.step(hall, stage, view.reveal) if view.reveal else None,
    )


async def wall_stream(request: Request) -> Response:
    """That there is something new."""
    stage = found(request)
    if not _admitted(request, stage):
        return PlainTextResponse("", status_code=204)
    return stream(stage.hub, "projector", lambda: stage.version_of("projector"))


async def say_version(request: Request) -> Response:
    """The same for browsers whose streams fail."""
    stage = found(request)
    return PlainTextResponse(stage.version_of("projector") if _admitted(request, stage) else "0")


routes = [
    Route("/projector/{code}", look),
    Route("/projector/{code}/stream", wall_stream),
    Route("/projector/{code}/version", say_version),
    Route("/projector/{code}/{token}", enter),
]
