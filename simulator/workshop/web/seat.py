"""A seat on a phone: its page, its forms, its stream. The page shows the seat's own view and nothing else."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from simulator.errors import SimulatorError
from simulator.workshop.live import Conflict
from simulator.workshop.moves import Refused
from simulator.workshop.web import debrief, joining
from simulator.workshop.web.forms import SEAT_FORMS, posted_key, step_of, text
from simulator.workshop.web.hall import Stage
from simulator.workshop.web.pages import page, qr_picture
from simulator.workshop.web.stream import stream
from simulator.workshop.words import words

__all__ = ["act", "look", "own_code", "save_sheet", "say_version", "seat_stream"]

# Where the page shows what was wrong: the fields of each form that it has a place for.
PLACES = {
    "rename": ("name",),
    "prepare": ("outside", "target", "first_offer", "guess"),
    "bid": ("bid",),
    "choose": ("posture", "invest"),
    "deliver": ("effort", "invest"),
    "again": ("answer",),
    "renew": ("stays",),
    "watch": ("pair",),
    "observe": ("pair", "note"),
    "enter": ("first_offer_by",),
}
STARTS = ("option-", "first-", "bet-", "mark-")
ANY_TIME = ("rename", "take-over", "return")  # not tied to the decision asked now


async def look(request: Request) -> Response:
    """The seat's page; who has no seat here yet may take one."""
    stage = joining.found(request)
    if request.path_params["code"] != stage.live.code:
        return RedirectResponse(f"/w/{stage.live.code}", status_code=303)
    own = joining.seat_of(request, stage)
    if own is None:
        return joining.join_page(request, stage)
    stage.heard(own[0])
    return await shown(request, stage, *own)


async def shown(
    request: Request,
    stage: Stage,
    seat: str,
    token: str,
    *,
    status: int = 200,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, Any] | None = None,
    notice: str = "",
) -> Response:
    """The page of a seat, with what was wrong with the form it has sent."""
    view = stage.live.room.view(seat, device=joining.device_of(token))
    code = stage.live.code
    hall = request.app.state.hall
    return page(
        request,
        "seat.html",
        status=status,
        v=view,
        seen=stage.version_of(seat),
        code=code,
        errors=errors or {},
        typed=typed or {},
        notice=notice,
        nonce=secrets.token_urlsafe(6),
        words=joining.words_of(token),
        sheet=await debrief.own_sheet(hall, stage, seat) if view.phase in ("debrief", "closed") else None,
    )


async def act(request: Request) -> Response:
    """A form of a seat: it becomes a move, is answered by 303, and counts once."""
    stage = joining.found(request)
    own = joining.seat_of(request, stage)
    if own is None:
        return joining.join_page(request, stage, status=403, errors={"name": words()("join.no-seat-here")})
    seat, token = own
    stage.heard(seat)
    form = await request.form()
    kind = text(form, "move", most=20)
    typed = {name: value for name, value in list(form.items())[:200] if isinstance(value, str)}
    try:
        if kind not in SEAT_FORMS:
            raise Refused("stale")
        key = posted_key(form)
        move = {"kind": kind, **SEAT_FORMS[kind](form)}
        if kind not in ANY_TIME:
            move["key"] = step_of(key)
        location = stage.live.act(
            seat,
            move,
            key=f"{kind if kind in ANY_TIME else ''}{key}",
            location=f"/w/{stage.live.code}",
            device=joining.device_of(token),
        )
    except Conflict:
        return await shown(request, stage, seat, token, status=409, notice=words()("refused.twice"))
    except Refused as refusal:
        return await refused(request, stage, own, kind, refusal, typed)
    except SimulatorError as error:
        return await shown(request, stage, seat, token, status=422, notice=str(error))
    stage.changed()
    return RedirectResponse(location, status_code=303)


def place_of(kind: str, field: str | None) -> str | None:
    """Where on the page a fault of a field is shown; None: above everything."""
    if field is None:
        return None
    if field == "options":
        field = "option-0"
    elif field == "first_offer" and kind == "enter":
        field = "first-0"
    elif kind in ("bet", "observe") and field not in PLACES.get(kind, ()):
        field = field if field.startswith(STARTS) else f"{'bet' if kind == 'bet' else 'mark'}-{field}"
    return field if field in PLACES.get(kind, ()) or field.startswith(STARTS) else None


async def refused(
    request: Request, stage: Stage, own: tuple[str, str], kind: str, refusal: Refused, typed: Mapping[str, Any]
) -> Response:
    """The page as it is now, with why the form was not taken."""
    said = words()(f"refused.{refusal.key}", **refusal.values)
    if refusal.key in ("stale", "stale-offer", "not-now"):
        return await shown(request, stage, *own, status=409, notice=said)
    place = place_of(kind, refusal.field)
    errors = {} if place is None else {place: said}
    return await shown(request, stage, *own, status=422, errors=errors, typed=typed, notice="" if errors else said)


async def seat_stream(request: Request) -> Response:
    """That there is something new for this seat."""
    stage = joining.found(request)
    own = joining.seat_of(request, stage)
    if own is None:
        return PlainTextResponse("", status_code=204)  # tells the browser not to try again
    return stream(stage.hub, own[0], lambda: stage.version_of(own[0]))


async def say_version(request: Request) -> Response:
    """The same as one number, for browsers whose streams fail."""
    stage = joining.found(request)
    own = joining.seat_of(request, stage)
    if own is None:
        return PlainTextResponse("0")
    stage.heard(own[0])
    return PlainTextResponse(stage.version_of(own[0]))


async def own_code(request: Request) -> Response:
    """The QR code of the link that leads back to this seat, for a further phone."""
    stage = joining.found(request)
    own = joining.seat_of(request, stage)
    if own is None:
        return RedirectResponse(f"/w/{stage.live.code}", status_code=303)
    link = f"{request.app.state.hall.addresses[0]}/w/{stage.live.code}/back/{own[1]}"
    picture = qr_picture(link).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return Response(picture, media_type="image/svg+xml")


async def save_sheet(request: Request) -> Response:
    """The seat's own sheet as one file to keep."""
    stage = joining.found(request)
    own = joining.seat_of(request, stage)
    if own is None or stage.live.room.phase not in ("debrief", "closed"):
        return RedirectResponse(f"/w/{stage.live.code}", status_code=303)
    return await debrief.saved_sheet(request, stage, own[0])
